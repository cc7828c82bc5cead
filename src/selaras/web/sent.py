"""Numbers and ids as a form sent them: what is none is 0, or None."""

from uuid import UUID


def whole(text: str) -> int:
    """A number of up to nine digits; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def uuid_of(text: str) -> UUID | None:
    """An id; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
