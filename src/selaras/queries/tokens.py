"""Tokens of the API, as their owner sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from selaras.access import API_SCOPES
from selaras.models import ApiToken, User


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token: `scopes` in words; `state` is `open`, `revoked` or `expired`."""

    uuid: UUID
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str


def tokens_page(user: User) -> tuple[TokenLine, ...]:
    """Her own tokens, newest first."""
    now = timezone.now()
    return tuple(_line(token, now) for token in ApiToken.objects.filter(user=user).order_by("-created_at", "-pk"))


def _line(token: ApiToken, now: datetime) -> TokenLine:
    state = "revoked" if token.revoked_at else "open" if token.is_open(now) else "expired"
    words = tuple(API_SCOPES[scope] for scope in token.scopes)
    return TokenLine(token.uuid, token.name, words, token.created_at, token.expires_at, token.last_used_at, state)
