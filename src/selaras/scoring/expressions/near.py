"""The name that a person most likely meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate closest to `word`, or None where none is close. Upper and lower case count as equal.

    The cutoff 0.7 lets one slip pass in a word of four letters and refuses words that merely share an ending.
    """
    lowered = {candidate.lower(): candidate for candidate in sorted(candidates, reverse=True)}
    found = get_close_matches(word.lower()[:64], lowered, n=1, cutoff=0.7)
    return lowered[found[0]] if found else None
