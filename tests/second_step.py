"""What the app on a phone shows for the second step of signing in."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

#: Seconds that a code stands on the screen.
_STANDS = 30


def code_for(secret: str) -> str:
    """The six digits that the app shows now. They are good for one more while (tests/conftest.py)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // _STANDS))
