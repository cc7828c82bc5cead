"""What one line of the catalogue holds."""

from typing import NamedTuple


class Entry(NamedTuple):
    """`message` says what is wrong, `remedy` what to do about it."""

    message: str
    remedy: str
