"""The browser's files as `selaras serve` offers them: collected, hashed, compressed."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.core.management import call_command
from django.test import override_settings
from whitenoise.base import WhiteNoise

from tests.conftest import VAR, first_come

#: Folder → what WhiteNoise found in it: every Client of Django's begins by asking what there is.
_FOUND: dict[tuple[str, str], dict[str, object]] = {}
_look = WhiteNoise.update_files_dictionary


def _look_once(self: WhiteNoise, root: str, prefix: str) -> None:
    if (root, prefix) not in _FOUND:
        _look(self, root, prefix)
        _FOUND[root, prefix] = dict(self.files)
    self.files.update(_FOUND[root, prefix])


@contextmanager
def collected() -> Iterator[None]:
    """Collected once a run, looked through once a worker, and served from there."""
    folder, ready = VAR / "collected", VAR / "collected.ready"
    with override_settings(STATIC_ROOT=str(folder)), patch.object(WhiteNoise, "update_files_dictionary", _look_once):
        with first_come():
            if not ready.exists():
                call_command("collectstatic", interactive=False, verbosity=0)
                ready.touch()
        yield
