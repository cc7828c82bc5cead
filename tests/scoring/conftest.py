"""A PostgreSQL for the scoring tests: the one that the run has, or one of our own for this run."""

import os
from collections.abc import Iterator

import pytest

from tests.postgres import cluster


@pytest.fixture(scope="session")
def dsn() -> Iterator[str]:
    """The URL of an empty database for the scoring engine."""
    given = os.environ.get("SELARAS_TEST_DSN")
    if given:
        yield given
        return
    with cluster() as own:
        yield own
