"""Browsers in which somebody is signed in: Django's sessions, with whose they are in a column that can be asked.

Source of the shape: Django's documentation, "Extending database-backed session engines".
"""

import hashlib
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from selaras.models.people import User

#: What a session says of itself, beside Django's own.
SINCE, SEEN, DEVICE = "since", "seen", "device"
LONGEST_DEVICE = 250


class BrowserSession(AbstractBaseSession):
    """One browser. Its cookie is not here: `session_key` is a hash, so that a copy of the database opens nothing.

    `device` is what the browser says of itself.
    """

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="browser_sessions")
    device = models.CharField(max_length=LONGEST_DEVICE, blank=True)
    started_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        return SessionStore

    @property
    def number(self) -> str:
        """How a page names it."""
        return self.session_key[:16]


class SessionStore(DatabaseStore):
    """Settings name this module as the engine."""

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        return BrowserSession

    def _get_session_from_db(self) -> BrowserSession | None:
        rows = BrowserSession.objects.filter(session_key=kept(self.session_key), expire_date__gt=timezone.now())
        found = rows.first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str | None) -> bool:
        return super().exists(kept(session_key))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(kept(key))

    def create_model_instance(self, data: dict[str, Any]) -> BrowserSession:
        """The row of this session; a signed-in one knows since when from its first saving on."""
        user = data.get(SESSION_KEY)
        if user is not None:
            now = timezone.now().isoformat()
            data.setdefault(SINCE, now)
            data.setdefault(SEEN, now)
        return BrowserSession(
            # The stubs do not know Django's own method.
            session_key=kept(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=None if user is None else int(user),
            device=str(data.get(DEVICE, ""))[:LONGEST_DEVICE],
            started_at=None if user is None else parse_datetime(data[SINCE]),
            seen_at=None if user is None else parse_datetime(data[SEEN]),
        )


def kept(session_key: str | None) -> str:
    """What is stored of a cookie: 160 bits of its SHA-256."""
    return hashlib.sha256((session_key or "").encode()).hexdigest()[:40]


def seen_at(session: SessionBase) -> datetime | None:
    """When a request of this browser was last noted."""
    return parse_datetime(session.get(SEEN, ""))
