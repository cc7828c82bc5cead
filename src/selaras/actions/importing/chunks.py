"""A stream, some at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_chunks(things: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """`size` things at a time, the rest at last."""
    stream = iter(things)
    while chunk := tuple(islice(stream, size)):
        yield chunk
