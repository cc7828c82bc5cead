"""Programs: what a token of the API opens. It reads as its owner, so nothing that she may not; scopes only narrow."""

from typing import Final

from selaras.access.scopes import Actor, scopes_of
from selaras.models import ApiToken

#: What a token can be made for, and how its owner reads it.
API_SCOPES: Final[dict[str, str]] = {
    "programme": "tahun program, tahap, dan lokus",
    "scores": "nilai, indikator, dan hasil beku",
    "instruments": "instrumen yang diterbitkan",
}


def may_hold_token(user: Actor) -> bool:
    """Make tokens of one's own: everybody with a task."""
    return bool(scopes_of(user))


def token_opens(token: ApiToken, scope: str) -> bool:
    """Whether resources of that scope can be read with it: it was made for that, and its owner still has a task."""
    return scope in token.scopes and bool(scopes_of(token.user))
