"""All tables at once, as models describe them: what some sixty migrations arrive at one by one, in a tenth of the time.

    python tests/tables.py      # a process of its own, on the empty database of SELARAS_DATABASE_URL

That both make the same is asked in tests/soak/test_tables.py; that every migration runs, of an older release's data, in
tests/actions/test_old_releases.py.
"""

import os


def make() -> None:
    """The tables, and a word for each migration that nothing of it is left to do."""
    import django
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selaras.settings")
    django.setup()
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    settings.MIGRATION_MODULES = {}
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for (app, name), migration in MigrationLoader(connection).graph.nodes.items():
        recorder.record_applied(app, name)
        if "_no_samples_" in name:
            # What PostgreSQL is told of a column, no model says.
            with connection.schema_editor() as editor:
                for operation in migration.operations:
                    operation.code(apps, editor)


if __name__ == "__main__":
    make()
