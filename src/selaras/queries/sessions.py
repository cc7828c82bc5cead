"""The browsers in which a person is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from selaras.access import sessions_for
from selaras.models import User
from selaras.models.sessions import kept


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One browser: `number` names it, `device` is what it says of itself, `here`: the one that asks."""

    number: str
    device: str
    since: datetime | None
    seen: datetime | None
    here: bool


def session_lines(user: User, cookie: str | None) -> tuple[SessionLine, ...]:
    """Her browsers, the one with that cookie first, then the latest used. One statement."""
    lines = [
        SessionLine(row.number, row.device, row.started_at, row.seen_at, row.session_key == kept(cookie))
        for row in sessions_for(user, timezone.now())
    ]
    return tuple(sorted(lines, key=lambda line: not line.here))
