"""Pages need the browser's files under their hashed names, as in production."""

from collections.abc import Iterator

import pytest

from tests.web.statics import collected


@pytest.fixture(scope="session", autouse=True)
def statics() -> Iterator[None]:
    """For the whole session."""
    with collected():
        yield
