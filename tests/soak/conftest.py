"""The same PostgreSQL as the scoring tests use; and in which order they are asked."""

from pathlib import Path

import pytest

from tests.scoring.conftest import dsn

__all__ = ["dsn"]

#: A third of the time: of two processes, one would sit and wait for them at the end.
LONGEST = {Path(__file__).parent / name for name in ("test_doors.py", "test_forms.py", "test_two_worlds.py")}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first."""
    items.sort(key=lambda item: item.path not in LONGEST)
