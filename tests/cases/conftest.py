"""Pages need the browser's files, as those of tests/web do."""

from tests.web.conftest import statics

__all__ = ["statics"]
