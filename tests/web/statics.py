"""The browser's files as `selaras serve` offers them: collected, hashed, compressed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.test import override_settings


@contextmanager
def collected(folder: Path) -> Iterator[None]:
    """Collect into `folder` and serve from there."""
    with override_settings(STATIC_ROOT=str(folder)):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield
