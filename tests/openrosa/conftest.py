"""Answers pass through the same middleware as pages, which wants the browser's files."""

from tests.web.conftest import statics

__all__ = ["statics"]
