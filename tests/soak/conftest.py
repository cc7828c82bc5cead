"""The same PostgreSQL as the scoring tests use."""

from tests.scoring.conftest import dsn

__all__ = ["dsn"]
