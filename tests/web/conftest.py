"""Pages need the browser's files under their hashed names, as in production."""

from collections.abc import Iterator

import pytest

from tests.web.statics import collected


@pytest.fixture(scope="session", autouse=True)
def statics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Collect them once a session, into a folder of this worker's own."""
    with collected(tmp_path_factory.mktemp("static")):
        yield
