"""The families behind a change, by code, and a kelurahan that was not coached beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from selaras.access import demand, may_enter_facts, may_see_health, may_see_names
from selaras.errors import Missing, Problem
from selaras.models import Comparison, InstrumentVersion, State, User
from selaras.queries.change import (
    ChangeLine,
    change_lines,
    chosen,
    is_better,
    is_boolean,
    place_of,
    rounds_with_answers,
    told_names,
)
from selaras.queries.change_pairs import FamilyShift, Rounds, amount_families, changed_families, families_of
from selaras.queries.needs import falling_indicators
from selaras.queries.programme import cycle_ref, lokus_ref
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import health_indicators, instrument_of
from selaras.queries.spoken import shown
from selaras.scoring.change import Interval, beside, paired_interval, unpaired_interval

Group = Literal["lost", "lacking", "gained", "kept", "fell", "rose", "same", "unknown", "not_applicable", "left"]
GROUPS: tuple[Group, ...] = (
    "lost",
    "lacking",
    "gained",
    "kept",
    "fell",
    "rose",
    "same",
    "unknown",
    "not_applicable",
    "left",
)
#: Families that a page lists: nobody reads on.
LISTED = 500


@dataclass(frozen=True, slots=True)
class ChangedFamily:
    """A family by its code."""

    code: str
    rt: str
    rw: str


@dataclass(frozen=True, slots=True)
class FamilyGroup:
    """Families to whom the same happened: an amount `fell`, `rose`, is the `same`; `left` were not asked again."""

    kind: Group
    families: tuple[ChangedFamily, ...]


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """The same question in a kelurahan that is not coached: `before` of `n_before`, and who says so.

    `there` is how it changed there, among other families each time; `beside` how much more changed here.
    """

    uuid: UUID
    place: str
    n_before: int
    true_before: int
    n_after: int
    true_after: int
    before: Decimal
    after: Decimal
    there: Interval
    beside: Interval | None
    source: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class IndicatorChangePage:
    """One indicator between two rounds. `groups` are empty where families are not hers to see."""

    cycle: CycleRef
    lokus: LokusRef
    before: RoundRef
    after: RoundRef
    line: ChangeLine
    groups: tuple[FamilyGroup, ...]
    more: int
    comparisons: tuple[ComparisonLine, ...]
    may_see_families: bool
    may_see_names: bool
    may_compare: bool


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """What one family gained and lost, by label."""

    code: str
    rt: str
    rw: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedFamiliesPage:
    """The families of which something changed, those that lost most first; `only` those that lost, or gained."""

    cycle: CycleRef
    lokus: LokusRef
    before: RoundRef
    after: RoundRef
    only: str
    worse: int
    better: int
    families: tuple[FamilyLine, ...]
    more: int


def indicator_change_page(
    user: User, cycle_slug: str, code: str, name: str, *, before: str = "", after: str = ""
) -> IndicatorChangePage:
    """One indicator of one lokus. Raises Missing where there are not two rounds, or it was not surveyed."""
    lokus, version = place_of(user, cycle_slug, code)
    rounds = _two(user, cycle_slug, code, before, after)
    line = next((one for one in change_lines(user, rounds, version) if one.name == name), None)
    if line is None:
        raise Missing(Problem("access.missing"))
    indicator = instrument_of(version).indicators[name]
    health = name in health_indicators(version)
    knows = may_see_names(user, lokus)
    sees = may_see_health(user, lokus, indicator.agency) if health else knows
    behind = families_of if is_boolean(indicator) else amount_families
    families = behind(rounds, version, name, None if health else user) if sees and not line.hidden else []
    return IndicatorChangePage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        before=round_ref(rounds.before),
        after=round_ref(rounds.after),
        line=line,
        groups=tuple(_groups(families[:LISTED], line.falls)),
        more=max(0, len(families) - LISTED),
        comparisons=() if line.hidden or not is_boolean(indicator) else tuple(_comparisons(rounds, line)),
        may_see_families=sees,
        may_see_names=knows,
        may_compare=may_enter_facts(user, lokus) and is_boolean(indicator) and not health,
    )


def _two(user: User, cycle_slug: str, code: str, before: str, after: str) -> Rounds:
    lokus, version = place_of(user, cycle_slug, code)
    rounds = chosen(lokus, version, rounds_with_answers(lokus, version), before, after)
    if rounds is None:
        raise Missing(Problem("access.missing"))
    return rounds


def _groups(families: Iterable[FamilyShift], falls: bool) -> Iterable[FamilyGroup]:
    found: dict[Group, list[ChangedFamily]] = {kind: [] for kind in GROUPS}
    for one in families:
        found[_kind(one, falls)].append(ChangedFamily(one.code, one.rt, one.rw))
    yield from (FamilyGroup(kind, tuple(there)) for kind, there in found.items() if there)


def _kind(one: FamilyShift, falls: bool) -> Group:
    if not one.after:
        return "left"
    moved: dict[str, Group] = {"-": "fell", "+": "rose", "=": "same"}
    if one.after in moved:
        return moved[one.after]
    if State.NOT_APPLICABLE in (one.before, one.after):
        return "not_applicable"
    if State.MISSING in (one.before, one.after) or State.VALUE in (one.before, one.after):
        return "unknown"
    good = State.NO if falls else State.YES
    had, has = one.before == good, one.after == good
    kinds: dict[tuple[bool, bool], Group] = {
        (True, True): "kept",
        (True, False): "lost",
        (False, True): "gained",
        (False, False): "lacking",
    }
    return kinds[had, has]


def _comparisons(rounds: Rounds, line: ChangeLine) -> Iterable[ComparisonLine]:
    rows = Comparison.objects.filter(lokus=rounds.lokus, indicator=line.name, before=rounds.before, after=rounds.after)
    here = paired_interval(line.pairs) if line.pairs.n else None
    for row in rows.select_related("entered_by"):
        there = unpaired_interval(row.true_before, row.n_before, row.true_after, row.n_after)
        yield ComparisonLine(
            uuid=row.uuid,
            place=row.place_name,
            n_before=row.n_before,
            true_before=row.true_before,
            n_after=row.n_after,
            true_after=row.true_after,
            before=Decimal(row.true_before) / row.n_before,
            after=Decimal(row.true_after) / row.n_after,
            there=there,
            beside=None if here is None else beside(here, there),
            source=row.source,
            by=row.entered_by.get_full_name() if row.entered_by else "",
            at=row.entered_at,
        )


def changed_families_page(
    user: User, cycle_slug: str, code: str, *, before: str = "", after: str = "", only: str = ""
) -> ChangedFamiliesPage:
    """The families she works with, by what they gained and lost; nothing of health. Raises Missing, Forbidden."""
    lokus, version = place_of(user, cycle_slug, code)
    demand(may_see_names, user, lokus)
    rounds = _two(user, cycle_slug, code, before, after)
    lines = sorted(_lines(user, rounds, version), key=lambda line: (-len(line.lost), -len(line.gained), line.code))
    kept = [line for line in lines if (line.lost if only == "lost" else line.gained if only == "gained" else True)]
    return ChangedFamiliesPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        before=round_ref(rounds.before),
        after=round_ref(rounds.after),
        only=only,
        worse=sum(bool(line.lost) for line in lines),
        better=sum(bool(line.gained) for line in lines),
        families=tuple(kept[:LISTED]),
        more=max(0, len(kept) - LISTED),
    )


def _lines(user: User, rounds: Rounds, version: InstrumentVersion) -> Iterable[FamilyLine]:
    instrument = instrument_of(version)
    falling = falling_indicators(version)
    names = told_names(user, rounds.lokus, version)
    labels = {name: shown(instrument.indicators[name].labels, instrument) or name for name in names}
    for (_pk, code, rt, rw), moves in changed_families(rounds, version, names, user).items():
        gained = tuple(labels[name] for name, now in moves.items() if is_better(name, now, falling))
        lost = tuple(labels[name] for name, now in moves.items() if not is_better(name, now, falling))
        yield FamilyLine(code, rt, rw, gained, lost)
