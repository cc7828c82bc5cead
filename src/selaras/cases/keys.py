"""The room's own keys: SELARAS_CASES_KEY wraps a random key for each ticket, and one each for codes, log and sums.

Of the cryptography itself (AES-256-GCM, HKDF) the server has one file, models/sealing.py, which holds no row.
"""

from django.conf import settings

from selaras.models import sealing
from selaras.models.sealing import CannotUnsealError

__all__ = ["CannotUnsealError", "ShutError", "current_version", "unwrap", "versions", "wrap"]


class ShutError(Exception):
    """The room cannot be opened now: its key is not there, or its database is not. The rest of Selaras goes on."""


def versions() -> dict[int, bytes]:
    """Version → 32 bytes of SELARAS_CASES_KEY; {} where it is not set."""
    text: str = settings.SELARAS_CASES_KEY
    return sealing.parse_keys(text, "SELARAS_CASES_KEY") if text else {}


def current_version() -> int:
    """The highest version: it wraps what is new. Raises ShutError where there is none."""
    if not versions():
        raise ShutError("SELARAS_CASES_KEY is not set")
    return max(versions())


def _master(version: int) -> bytes:
    try:
        return sealing.derive(versions()[version], "cases wrapping")
    except KeyError:
        raise ShutError(f"SELARAS_CASES_KEY lacks version {version}") from None


def wrap(secret: bytes, version: int, context: str) -> bytes:
    """A key of the room's table, sealed by that version. Raises ShutError."""
    return sealing.seal(_master(version), secret, context)


def unwrap(wrapped: bytes, version: int, context: str) -> bytes:
    """What `wrap` was given. Raises ShutError where the setting lacks that version or is another key."""
    try:
        return sealing.unseal(_master(version), wrapped, context)
    except CannotUnsealError:
        raise ShutError(f"SELARAS_CASES_KEY version {version} is another key") from None
