"""What agencies are asked: open needs by lokus and indicator, whom the instrument names for them, their answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _

from selaras.access import Actor, asks_for, demand, may_ask, may_manage_cycle, may_see_health, shown_count, the_cycle
from selaras.models import Agency, Answer, Ask, Cycle, Fund, InstrumentVersion, Lokus, Need, User
from selaras.queries.links import AgencyChoice
from selaras.queries.plans import agencies_of
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of, today_in
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rules import health_indicators, instrument_of
from selaras.queries.spoken import shown
from selaras.queries.words import told
from selaras.scoring.expressions.words import label_of

#: Days until an answer is due where nobody says otherwise: two weeks, from one rakor's invitation to the rakor.
USUAL_DAYS = 14


@dataclass(frozen=True, slots=True)
class Ground:
    """What a year's needs are read against. `health` has the agencies of each indicator of health, by its name."""

    cycle: Cycle
    version: InstrumentVersion | None
    loci: Mapping[int, Lokus]
    labels: Mapping[str, str]
    agencies: Mapping[str, str]
    health: Mapping[str, str]

    def label(self, indicator: str) -> str:
        """The indicator in the reader's words."""
        return self.labels.get(indicator, indicator)

    def told(self, user: Actor, lokus: Lokus, indicator: str, count: int) -> int | None:
        """The number of families, None where this person must not know it: few, and of their health."""
        # One that the instrument does not know any more may have been of health, and names nobody.
        named = self.health.get(indicator, None if indicator in self.agencies else "")
        if named is None or may_see_health(user, lokus, named):
            return count
        return shown_count(count, max(lokus.registered, count))


@dataclass(frozen=True, slots=True)
class Unserved:
    """A lokus and an indicator with that many families, of which nobody was asked."""

    lokus: Lokus
    indicator: str
    families: int


@dataclass(frozen=True, slots=True)
class Wanted(Unserved):
    """What an agency could be asked."""

    agency: Agency


@dataclass(frozen=True, slots=True)
class AskLine:
    """What nobody has been asked yet. `families` is None where so few may not be told; `agency` '' where none fits."""

    lokus: LokusRef
    indicator: str
    label: str
    agency: str
    families: int | None


@dataclass(frozen=True, slots=True)
class AskedLine:
    """What an agency was asked. `answer` is a value of Answer, `said` its words; `changes` counts earlier answers."""

    id: UUID
    lokus: LokusRef
    label: str
    families: int | None
    asked_at: datetime
    due: date | None
    late: bool
    answer: str
    said: str
    fund: str
    reason: str
    answered_at: datetime | None
    answered_by: str
    changes: int


@dataclass(frozen=True, slots=True)
class AskedGroup:
    """All that one agency was asked; `waiting` of it without an answer."""

    agency: str
    name: str
    lines: tuple[AskedLine, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class AsksPage:
    """The asking of a year.

    `ready` would go out with one press, `unnamed` have no agency of ours; `unknown` are the instrument's names that no
    agency of the place bears. `today` and `due` are local dates.
    """

    cycle: CycleRef
    may_change: bool
    instrument: bool
    ready: tuple[AskLine, ...]
    unnamed: tuple[AskLine, ...]
    unknown: tuple[str, ...]
    asked: tuple[AskedGroup, ...]
    agencies: tuple[AgencyChoice, ...]
    today: date
    due: date

    @property
    def waiting(self) -> int:
        """How many asks have no answer."""
        return sum(group.waiting for group in self.asked)

    @property
    def total(self) -> int:
        """How many asks there are."""
        return sum(len(group.lines) for group in self.asked)


def ground_of(cycle: Cycle) -> Ground:
    """Loci, labels and agencies of that year: three statements; its place must be at hand."""
    version = primary_of(cycle)
    loci = Lokus.objects.filter(cycle=cycle).select_related("place__parent", "cycle__place")
    labels: dict[str, str] = {}
    agencies: dict[str, str] = {}
    health: dict[str, str] = {}
    if version is not None:
        instrument = instrument_of(version)
        for one in instrument.indicators.values():
            labels[one.name] = label_of(shown(one.labels, instrument)) or one.name
            agencies[one.name] = one.agency
        health = {name: agencies[name] for name in health_indicators(version)}
    return Ground(cycle, version, {lokus.pk: lokus for lokus in loci}, labels, agencies, health)


def names_in(text: str) -> tuple[str, ...]:
    """The short names in the workbook's column `agency`, as written: parted by comma, semicolon or slash."""
    return tuple(part.strip() for part in re.split(r"[,;/]", text) if part.strip())


def open_counts(cycle: Cycle) -> dict[tuple[int, str], int]:
    """(lokus, indicator) -> families with that open need. One statement."""
    rows = Need.objects.filter(lokus__cycle=cycle, closed_at__isnull=True)
    rows = rows.filter(household__erased_at__isnull=True, household__pending__isnull=True)
    counted = rows.values("lokus", "indicator").annotate(n=Count("pk")).order_by("lokus", "indicator")
    return {(row["lokus"], row["indicator"]): row["n"] for row in counted}


def wanted_of(ground: Ground) -> tuple[list[Wanted], list[Unserved], set[str]]:
    """What was not asked yet: with its agency; without one (and asked of nobody); names that no agency bears.

    Three statements.
    """
    current = {agency.short_name.casefold(): agency for agency in current_agencies(ground.cycle)}
    asked = set(Ask.objects.filter(cycle=ground.cycle).values_list("lokus", "indicator", "agency"))
    somebody = {(lokus, indicator) for lokus, indicator, _agency in asked}
    ready, unnamed, unknown = [], [], set()
    for (lokus, indicator), count in open_counts(ground.cycle).items():
        names = names_in(ground.agencies.get(indicator, ""))
        found = [current[name.casefold()] for name in names if name.casefold() in current]
        unknown |= {name for name in names if name.casefold() not in current}
        here = ground.loci[lokus]
        ready += [Wanted(here, indicator, count, one) for one in found if (lokus, indicator, one.pk) not in asked]
        if not found and (lokus, indicator) not in somebody:
            unnamed.append(Unserved(here, indicator, count))
    return ready, unnamed, unknown


def current_agencies(cycle: Cycle) -> list[Agency]:
    """The agencies of now that may be asked."""
    return [agency for agency in agencies_of(cycle) if agency.valid_to is None]


def agencies_asked(cycle: Cycle) -> bool:
    """Whether any agency has been asked for anything that year."""
    return Ask.objects.filter(cycle=cycle).exists()


def asks_page(user: User, slug: str) -> AsksPage:
    """The asking of that year. Raises Missing, Forbidden."""
    cycle = the_cycle(user, slug)
    demand(may_manage_cycle, user, cycle)
    ground = ground_of(cycle)
    ready, unnamed, unknown = wanted_of(ground)
    today = today_in(cycle)
    lines = [_line(user, ground, one, one.agency.short_name) for one in ready]
    lines.sort(key=lambda line: (line.agency, line.lokus.code, line.label))
    return AsksPage(
        cycle=cycle_ref(cycle),
        may_change=may_ask(user, cycle),
        instrument=ground.version is not None,
        ready=tuple(lines),
        unnamed=tuple(_line(user, ground, one) for one in unnamed),
        unknown=tuple(sorted(unknown, key=str.casefold)),
        asked=tuple(_groups(user, ground, today)),
        agencies=tuple(AgencyChoice(row.pk, row.short_name, row.name) for row in current_agencies(cycle)),
        today=today,
        due=today + timedelta(days=USUAL_DAYS),
    )


def _line(user: User, ground: Ground, one: Unserved, agency: str = "") -> AskLine:
    told = ground.told(user, one.lokus, one.indicator, one.families)
    return AskLine(lokus_ref(one.lokus), one.indicator, ground.label(one.indicator), agency, told)


def _groups(user: User, ground: Ground, today: date) -> Iterable[AskedGroup]:
    rows = asks_for(user, ground.cycle).select_related(
        "lokus__place__parent", "agency__place", "answered_by", "commitment"
    )
    rows = rows.annotate(answers=Count("versions")).order_by("agency__short_name", "agency", "lokus__area", "id")
    for _agency, group in groupby(rows, key=lambda ask: ask.agency_id):
        asks = list(group)
        lines = tuple(_asked(user, ground, ask, today) for ask in asks)
        agency = asks[0].agency
        yield AskedGroup(agency.short_name, agency.name, lines, sum(not line.answer for line in lines))


def _asked(user: User, ground: Ground, ask: Ask, today: date) -> AskedLine:
    fund = ask.commitment.fund if ask.commitment is not None and ask.answer != Answer.DECLINE else ""
    return AskedLine(
        id=ask.uuid,
        lokus=lokus_ref(ask.lokus),
        label=ground.label(ask.indicator),
        families=ground.told(user, ask.lokus, ask.indicator, ask.families),
        asked_at=ask.asked_at,
        due=ask.due,
        late=not ask.answer and ask.due is not None and ask.due < today,
        answer=ask.answer,
        said=told(Answer(ask.answer).label),
        fund=fund_name(fund, ground.cycle.year),
        reason=ask.reason,
        answered_at=ask.answered_at,
        answered_by=str(ask.answered_by) if ask.answered_by else "",
        changes=max(0, getattr(ask, "answers", 0) - 1),
    )


def fund_name(fund: str, year: int) -> str:
    """`DPA 2024`, `Renja 2025`: a fund with its window in years."""
    dated = {
        Fund.DPA: _("DPA %(year)s") % {"year": year},
        Fund.PERUBAHAN: _("APBD Perubahan %(year)s") % {"year": year},
        Fund.RENJA: _("Renja %(year)s") % {"year": year + 1},
    }
    return dated.get(Fund(fund), told(Fund(fund).label)) if fund else ""
