"""Tokens of the API: made and shown once, used, revoked."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import API_SCOPES, demand, may_hold_token
from selaras.actions import audit
from selaras.errors import InputError, Missing, Problem
from selaras.models import ApiToken, User

#: So that a token in a log or a mail is known for what it is.
PREFIX = "selaras_"
#: The longest that one may live.
LONGEST = timedelta(days=366)
#: How often a use is written down.
USED_EVERY = timedelta(hours=1)


def make_token(*, by: User, name: str, scopes: Sequence[str], days: int) -> tuple[ApiToken, str]:
    """A new token of one's own and its secret, which is nowhere else afterwards.

    Raises Forbidden without a task; InputError for no name, no known scope, or more than 366 days.
    """
    demand(may_hold_token, by)
    known = [scope for scope in API_SCOPES if scope in scopes]
    problems = [
        *([] if name.strip() else [Problem("token.no_name")]),
        *([] if known and len(known) == len(set(scopes)) else [Problem("token.no_scope")]),
        *([] if 1 <= days <= LONGEST.days else [Problem("token.days", values={"limit": LONGEST.days})]),
    ]
    if problems:
        raise InputError(problems)
    secret, now = PREFIX + secrets.token_urlsafe(32), timezone.now()
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=by,
            name=name.strip()[:80],
            token_hash=digest(secret),
            scopes=known,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        audit.record(by=by, action="tokens.make", object_type="token", object_id=token.uuid, scopes=known, days=days)
    return token, secret


def revoke_token(*, by: User, token: UUID) -> None:
    """End a token of one's own. Twice is once. Raises Missing for another's."""
    with transaction.atomic():
        found = ApiToken.objects.select_for_update().filter(uuid=token, user=by).first()
        if found is None:
            raise Missing(Problem("access.missing"))
        if found.revoked_at is None:
            found.revoked_at = timezone.now()
            found.save(update_fields=["revoked_at"])
            audit.record(by=by, action="tokens.revoke", object_type="token", object_id=found.uuid)


def open_with(secret: str, *, now: datetime | None = None) -> ApiToken | None:
    """The token behind a secret, its owner with it; None where it is unknown, over, or hers no more to use."""
    now = now or timezone.now()
    found = ApiToken.objects.select_related("user").filter(token_hash=digest(secret)).first()
    if found is None or not found.is_open(now) or not found.user.is_active:
        return None
    if found.last_used_at is None or now - found.last_used_at > USED_EVERY:
        with transaction.atomic():
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
            audit.record(by=found.user, action="tokens.use", object_type="token", object_id=found.uuid)
    return found


def digest(secret: str) -> str:
    """What is kept of a secret: it has 256 random bits, so that a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()
