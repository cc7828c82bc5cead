"""Tickets as tests want them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from selaras.cases import rows
from selaras.cases.facts import Facts
from selaras.cases.models import Ticket

PLACE = "36.72.05.1005"
OTHER = "36.72.05.1001"
OPENER = "0d9f7a52-5a3c-4f3b-9c1d-6a3f0b9f7e11"
NUMBER = "417/PPA/2026"


def ticket(*, ago: timedelta = timedelta(0), place: str = PLACE, now: datetime | None = None, **said: Any) -> Ticket:
    """One, reported so long ago; `said` are the other facts."""
    at = (now or timezone.now()) - ago
    facts = Facts(place=place, opened_by=OPENER, reported_at=at, **said)
    made = Ticket(code=rows.code_for(OPENER, str(uuid4())))
    rows.in_the_room(rows.write)(made, facts)
    return made
