"""The list of 100: who is coached, who waits, who was replaced, and who could be chosen. Codes, never names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from selaras.access import demand, may_decide_targets, one, registry_for, targets_for
from selaras.models import (
    Household,
    HouseholdClass,
    HouseholdScore,
    InstrumentVersion,
    Lokus,
    Round,
    Target,
    TargetDecision,
    TargetState,
    User,
)
from selaras.queries.apart import apart_from
from selaras.queries.households import NO_FILTERS, Filters, lokus_of_families, narrowed, round_shown
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of, today_in
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown
from selaras.queries.standing import standing_q
from selaras.queries.statements import states_of
from selaras.scoring.expressions.words import label_of

Part = Literal["target", "reserve", "undecided", "replaced"]
What = Literal["target", "reserve", "removed", "replaced", "moved"]
PARTS: tuple[Part, ...] = ("target", "reserve", "undecided", "replaced")
#: Families without a decision that a page shows: those with most indicators unmet.
PROPOSED = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """How many indicators of a family are unmet, unknown and met in the round; its class where that may be said."""

    unmet: int
    missing: int
    met: int
    class_label: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A family on the list, or one that could be. `standing` is why it is proposed; None without answers.

    `rank` counts from 1 in its part. `reason` and `replaced_by` are of one that was replaced; a code is '' where the
    family is not hers to see.
    """

    rank: int
    code: str
    rt: str
    rw: str
    standing: Standing | None
    reason: str
    replaced_by: str
    decided_at: datetime | None
    decided_by: str
    became: str = ""


@dataclass(frozen=True, slots=True)
class LastDecision:
    """What was decided last and can be taken back: what, about how many families, by whom, when."""

    uuid: UUID
    what: What
    families: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TargetsPage:
    """One part of the list. `counts` are of the families that she sees; `coached` and `waiting` of the whole lokus,
    where `size` are to be coached.

    `health` is True where indicators of health are left out of every standing. `more` families without a decision
    are not shown.
    """

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef | None
    part: Part
    rows: tuple[TargetRow, ...]
    counts: dict[Part, int]
    size: int
    coached: int
    waiting: int
    more: int
    filters: Filters
    health: bool
    last: LastDecision | None
    may_decide: bool


def targets_page(
    user: User, cycle_slug: str, code: str, *, part: Part = "target", filters: Filters = NO_FILTERS
) -> TargetsPage:
    """That part of the list, in its order; of the undecided the PROPOSED with most unmet indicators, as `filters` say.

    Raises Missing, or Forbidden for who sees the lokus without names. Statements do not grow with families.
    """
    lokus = lokus_of_families(user, cycle_slug, code)
    version = primary_of(lokus.cycle)
    round_ = round_shown(lokus, version)
    counts, coached, waiting = _counts(user, lokus)
    standings = _Standings(user, lokus, version, round_)
    if part == "undecided":
        found = _undecided(user, lokus, filters)
        rows = tuple(standings.proposed(found))
        more = (counts[part] if filters == NO_FILTERS else found.count()) - len(rows)
    else:
        listed = targets_for(user, lokus).filter(state=part)
        rows, more = tuple(_listed(listed, registry_for(user, lokus), standings)), 0
    may_decide = may_decide_targets(user, lokus)
    return TargetsPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        round=None if round_ is None else round_ref(round_),
        part=part,
        rows=rows,
        counts=counts,
        size=lokus.target_size,
        coached=coached,
        waiting=waiting,
        more=max(more, 0),
        filters=filters,
        health=standings.health,
        last=last_decision(lokus) if may_decide else None,
        may_decide=may_decide,
    )


def last_decision(lokus: Lokus) -> LastDecision | None:
    """The newest decision that has not been taken back, and that is not part of a merge of families."""
    rows = TargetDecision.objects.filter(lokus=lokus, undone_at__isnull=True, merge__isnull=True).select_related("by")
    found = rows.order_by("-pk").first()
    changes = [] if found is None else list(found.changes.values_list("before_state", "state"))
    if found is None or not changes:
        return None
    return LastDecision(
        found.uuid, _what(changes), len(changes), found.by.get_full_name() if found.by else "", found.at
    )


def _what(changes: list[tuple[str, str]]) -> What:
    """What a decision did, by the states before and after."""
    if all(before == after for before, after in changes):
        return "moved"
    after = {state for before, state in changes if before != state}
    if TargetState.REPLACED in after:
        return "replaced"
    if after == {TargetState.TARGET}:
        return "target"
    return "reserve" if after == {TargetState.RESERVE} else "removed"


def _counts(user: User, lokus: Lokus) -> tuple[dict[Part, int], int, int]:
    """Families she sees in each part; and of the whole lokus how many are coached and how many wait."""
    listed = dict(targets_for(user, lokus).order_by().values_list("state").annotate(n=Count("pk")))
    found = {part: int(listed.get(part, 0)) for part in PARTS}
    found["undecided"] = registry_for(user, lokus).count() - sum(listed.values())
    whole = Target.objects.filter(lokus=lokus).aggregate(
        coached=Count("pk", filter=Q(state=TargetState.TARGET)),
        waiting=Count("pk", filter=Q(state=TargetState.RESERVE)),
    )
    return found, whole["coached"], whole["waiting"]


def _undecided(user: User, lokus: Lokus, filters: Filters) -> QuerySet[Household]:
    return narrowed(registry_for(user, lokus).filter(target__isnull=True), lokus, filters)


def _listed(rows: QuerySet[Target], mine: QuerySet[Household], standings: _Standings) -> Iterable[TargetRow]:
    found = list(rows.select_related("household", "replaced_by", "decided_by").order_by("position", "pk"))
    known = standings.of([target.household_id for target in found])
    states = states_of([target.household_id for target in found])
    seen = set(mine.filter(pk__in=[target.replaced_by_id for target in found]).values_list("pk", flat=True))
    for rank, target in enumerate(found, start=1):
        family = target.household
        yield TargetRow(
            rank=rank,
            code=family.code,
            rt=family.rt,
            rw=family.rw,
            standing=known.get(family.pk),
            reason=target.reason,
            replaced_by=target.replaced_by.code if target.replaced_by_id in seen and target.replaced_by else "",
            decided_at=target.decided_at,
            decided_by=target.decided_by.get_full_name() if target.decided_by else "",
            became=states.get(family.pk, ""),
        )


class _Standings:
    """Counts states, without those of health that are kept apart from this person."""

    def __init__(self, user: User, lokus: Lokus, version: InstrumentVersion | None, round_: Round | None) -> None:
        self._lokus = lokus
        self._version = version
        self._round = round_
        apart = None if version is None else apart_from(user, lokus, version)
        self._apart = frozenset() if apart is None else apart.indicators
        self._classes = apart is not None and not apart.classes
        self.health = bool(self._apart)

    def _counted(self) -> QuerySet[HouseholdScore]:
        rows = HouseholdScore.objects.filter(lokus=self._lokus, round=self._round, indicator__version=self._version)
        return rows.exclude(indicator__name__in=self._apart)

    def of(self, households: list[int]) -> dict[int, Standing]:
        """Family → how it stands; those without states are left out."""
        if self._version is None:
            return {}
        rows = self._counted().filter(household__in=households).order_by().values("household")
        counted = rows.annotate(
            are_unmet=Count("state", filter=standing_q(self._version, "unmet")),
            are_missing=Count("state", filter=standing_q(self._version, "missing")),
            are_met=Count("state", filter=standing_q(self._version, "met")),
        ).values_list("household", "are_unmet", "are_missing", "are_met")
        classes = self._class_labels(households)
        return {key: Standing(unmet, missing, met, classes.get(key, "")) for key, unmet, missing, met in counted}

    def _class_labels(self, households: list[int]) -> dict[int, str]:
        if self._version is None or not self._classes:
            return {}
        known = instrument_of(self._version)
        labels = {name: label_of(shown(row.labels, known)) or name for name, row in known.classes.items()}
        rows = HouseholdClass.objects.filter(round=self._round, version=self._version, household__in=households)
        return {family: labels.get(name, "") for family, name in rows.values_list("household_id", "name")}

    def proposed(self, found: QuerySet[Household]) -> Iterable[TargetRow]:
        """The families with most unmet indicators first, then by code; those without answers at the end."""
        ids: list[int] = []
        if self._version is not None:
            unmet = self._counted().filter(standing_q(self._version, "unmet"), household__in=found.values("pk"))
            first = unmet.order_by().values("household").annotate(unmet=Count("state"))
            ordered = first.order_by("-unmet", "household__code")
            ids = list(ordered.values_list("household", flat=True)[:PROPOSED])
        rest = found.exclude(pk__in=ids).order_by("code")[: PROPOSED - len(ids)].values_list("pk", flat=True)
        order = [*ids, *rest]
        rows = Household.objects.only("code", "rt", "rw").in_bulk(order)
        known = self.of(order)
        for rank, pk in enumerate(order, start=1):
            family = rows[pk]
            yield TargetRow(rank, family.code, family.rt, family.rw, known.get(pk), "", "", None, "")


def part_of(text: str) -> Part:
    """The part that an address names; the list itself where it names none."""
    return text if text in PARTS else "target"


@dataclass(frozen=True, slots=True)
class ReplacingPage:
    """A coached family that is to be replaced, and who would come in: '' where nobody waits."""

    cycle: CycleRef
    lokus: LokusRef
    code: str
    rt: str
    rw: str
    coached: bool
    coming: str
    coming_rt: str
    coming_rw: str


def replacing_page(user: User, cycle_slug: str, code: str, household: str) -> ReplacingPage:
    """Before a family is replaced. Raises Missing where it is not hers, Forbidden for who may not decide."""
    lokus = lokus_of_families(user, cycle_slug, code)
    demand(may_decide_targets, user, lokus)
    family = one(registry_for(user, lokus), code=household)
    coached = Target.objects.filter(household=family, state=TargetState.TARGET).exists()
    waiting = Target.objects.filter(lokus=lokus, state=TargetState.RESERVE).select_related("household")
    first = waiting.order_by("position", "pk").first()
    coming = None if first is None else first.household
    return ReplacingPage(
        cycle_ref(lokus.cycle),
        lokus_ref(lokus),
        family.code,
        family.rt,
        family.rw,
        coached,
        coming.code if coming else "",
        coming.rt if coming else "",
        coming.rw if coming else "",
    )


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A line on paper or in a sheet: nothing that says what a family lacks. `name` is '' where it was not asked for."""

    rank: int
    code: str
    rt: str
    rw: str
    state: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PaperList:
    """The coached families and those in reserve, each in its order."""

    cycle: CycleRef
    lokus: LokusRef
    size: int
    coached: tuple[PaperRow, ...]
    waiting: tuple[PaperRow, ...]
    on: date


def paper_list(user: User, cycle_slug: str, code: str) -> PaperList:
    """The list to take along, of the families that she sees. Raises as `targets_page`."""
    lokus = lokus_of_families(user, cycle_slug, code)
    parts: dict[str, list[PaperRow]] = {TargetState.TARGET: [], TargetState.RESERVE: []}
    rows = targets_for(user, lokus).filter(state__in=parts).order_by("position", "pk")
    for state, code_, rt, rw in rows.values_list("state", "household__code", "household__rt", "household__rw"):
        parts[state].append(PaperRow(len(parts[state]) + 1, code_, rt, rw, state))
    coached, waiting = (tuple(part) for part in parts.values())
    return PaperList(
        cycle_ref(lokus.cycle), lokus_ref(lokus), lokus.target_size, coached, waiting, today_in(lokus.cycle)
    )
