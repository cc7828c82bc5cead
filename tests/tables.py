"""All tables at once, as the demo makes them (management/demo/tables.py).

    python tests/tables.py      # a process of its own, on the empty database of SELARAS_DATABASE_URL

That both ways make the same is asked in tests/soak/test_tables.py; that every migration runs, of older data, in
tests/actions/test_old_releases.py.
"""

import os


def make() -> None:
    """The tables, and a word for each migration that nothing of it is left to do."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selaras.settings")
    django.setup()
    from selaras.management.demo.tables import at_once

    at_once()


if __name__ == "__main__":
    make()
