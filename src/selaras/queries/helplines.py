"""Whom to call: a city's own numbers, or those of the country where it has none yet. Public, without any account."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

from selaras.access import has_role, may_keep_helplines, the_cycle
from selaras.errors import Missing, Problem
from selaras.models import Helpline, HelplineKind, Place, PlaceLevel, Role, User
from selaras.models.places import zone_of
from selaras.queries.programme import cycle_ref
from selaras.queries.refs import CycleRef

#: A number that nobody has tried for so long may not answer any more.
STALE: Final = timedelta(days=180)
_NATIONAL: Final = Path(__file__).with_name("helplines.toml")


@dataclass(frozen=True, slots=True)
class HelplineLine:
    """One number. `number` is called, `messages` written to; either may be ''."""

    kind: str
    name: str
    number: str
    messages: str
    hours: str
    source: str
    checked_on: date

    @property
    def dial(self) -> str:
        """As a phone dials it: `08111129129`."""
        return re.sub(r"[^0-9+]", "", self.number)

    @property
    def write(self) -> str:
        """As WhatsApp addresses it: `628111129129`."""
        digits = re.sub(r"[^0-9]", "", self.messages)
        return f"62{digits[1:]}" if digits.startswith("0") else digits


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a place: its code and name ('' for the whole country), and the day there.

    `own`: whether the city wrote them down; else they are the country's, and its UPTD PPA is not among them.
    """

    code: str
    place: str
    lines: tuple[HelplineLine, ...]
    own: bool
    today: date

    @property
    def uptd(self) -> bool:
        """Whether the city's own service is among them."""
        return any(line.kind == HelplineKind.UPTD for line in self.lines)

    @property
    def stale(self) -> bool:
        """Whether nobody has tried one of them for half a year."""
        return any(line.checked_on < self.today - STALE for line in self.lines)

    @property
    def mark(self) -> str:
        """Another after any change: who saves over an older list is told."""
        said = json.dumps([astuple(line) for line in self.lines], default=str)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class CardPage:
    """The card of a year's city. `keeps`: she may write down its numbers; `hands_over`: she stands nearest."""

    cycle: CycleRef
    numbers: Numbers
    keeps: bool
    hands_over: bool


def national() -> tuple[HelplineLine, ...]:
    """The numbers that come with Selaras, each with its source."""
    rows: list[dict[str, Any]] = tomllib.loads(_NATIONAL.read_text(encoding="utf-8"))["line"]
    return tuple(HelplineLine(**row) for row in rows)


def numbers_of(place: Place) -> Numbers:
    """The numbers of a city or province: one statement."""
    rows = Helpline.objects.filter(place=place).order_by("position")
    own = tuple(
        HelplineLine(each.kind, each.name, each.number, each.messages, each.hours, each.source, each.checked_on)
        for each in rows
    )
    return Numbers(place.code, place.full_name, own or national(), bool(own), _today(place.code))


def public_numbers(code: str) -> Numbers:
    """For anybody: of that city, or of the country for ''. Raises Missing where there is no such city."""
    if not code:
        return Numbers("", "", national(), own=False, today=_today(""))
    rows = Place.objects.filter(code=code, valid_to__isnull=True, level=PlaceLevel.CITY)
    place = rows.first()
    if place is None:
        raise Missing(Problem("access.missing"))
    return numbers_of(place)


def card_page(user: User, cycle_slug: str) -> CardPage:
    """The card of that year's place. Raises Missing."""
    cycle = the_cycle(user, cycle_slug)
    near = has_role(user, Role.CADRE) or has_role(user, Role.SUPERVISOR)
    return CardPage(cycle_ref(cycle), numbers_of(cycle.place), may_keep_helplines(user, cycle.place), near)


def _today(code: str) -> date:
    return timezone.now().astimezone(zone_of(code)).date()
