"""The room's own keys: SELARAS_CASES_KEY wraps a random key for each ticket, and one each for codes, log and sums.

Of the cryptography itself (AES-256-GCM, HKDF) the server has one file, models/sealing.py, which holds no row.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from django.conf import settings

from selaras.models import sealing
from selaras.models.sealing import CannotUnsealError

__all__ = [
    "CannotUnsealError",
    "ShutError",
    "current_version",
    "seal_pass",
    "unseal_pass",
    "unwrap",
    "versions",
    "wrap",
]
#: A pass is filled up to this, so that its length tells nothing.
_PASS = 256


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


def _master(version: int, purpose: str = "cases wrapping") -> bytes:
    try:
        return sealing.derive(versions()[version], purpose)
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


def seal_pass(said: dict[str, Any], context: str) -> str:
    """What an officer's browser keeps for the room, as a cookie may hold it. Raises ShutError."""
    version = current_version()
    text = json.dumps(said, sort_keys=True).encode().ljust(_PASS)
    return f"{version}.{urlsafe_b64encode(sealing.seal(_master(version, 'cases pass'), text, context)).decode()}"


def unseal_pass(given: str, context: str) -> dict[str, Any] | None:
    """What `seal_pass` was given; None for whatever else a browser may send. Raises ShutError where there is no key."""
    current_version()
    version, _, text = given.partition(".")
    try:
        sealed = urlsafe_b64decode(text.encode())
        said: dict[str, Any] = json.loads(sealing.unseal(_master(int(version), "cases pass"), sealed, context))
    except (ValueError, ShutError, CannotUnsealError):
        return None
    return said
