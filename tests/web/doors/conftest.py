"""The world that is looked at: planted once for this folder, and given back to each test as it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import DjangoDbBlocker

if TYPE_CHECKING:
    from tests.web.doors.world import World

# Models can be imported only once Django is up, and this file is read before: hence the imports inside.


@pytest.fixture(autouse=True)
def _django_db_marker() -> None:
    """pytest-django's own, which opens a transaction a test and closes the connection: here the folder's is enough."""


@pytest.fixture(scope="package")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world's own files: elsewhere tests sweep what stands in no row of theirs."""
    return tmp_path_factory.mktemp("world-media")


@pytest.fixture(scope="package")
def grown(django_db_setup: None, django_db_blocker: DjangoDbBlocker, media: Path) -> Iterator["World"]:
    """Everything that could leak, and everybody who might look, in a transaction that is never committed."""
    from django.db import transaction
    from django.test import override_settings

    from tests.web.doors.world import world

    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(MEDIA_ROOT=str(media)):
            made = world()
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def planted(grown: "World", django_db_blocker: DjangoDbBlocker, media: Path) -> Iterator["World"]:
    """That world; what a test does to it is undone. Tries of one test are not tries of the next."""
    from django.core.cache import cache
    from django.db import transaction
    from django.test import override_settings

    cache.clear()
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=str(media)), transaction.atomic():
        yield grown
        transaction.set_rollback(True)
