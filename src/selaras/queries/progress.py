"""How far a round of data taking is, by RT and by cadre. Codes, never names of families."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Literal

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from selaras.access import arrivals_for, registry_for, sees_whole_registry
from selaras.models import (
    ArrivalState,
    CurrentAnswers,
    Cycle,
    Household,
    Lokus,
    Membership,
    Outcome,
    Role,
    Round,
    Target,
    TargetState,
    User,
    Visit,
)
from selaras.models.places import within, within_q, zone_of
from selaras.queries.households import lokus_of_families
from selaras.queries.invitations import place_names
from selaras.queries.programme import cycle_ref, lokus_ref, today_in
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import find_round, round_ref
from selaras.queries.statements import outcome_in

#: Families that a page lists of those who were not met yet; nobody reads on.
LISTED = 200
#: How a family stands in a round where nobody has been at its door; else one of Outcome.
NOT_YET = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """Families of a round by how they stand. `met` have answers, whoever brought them."""

    met: int = 0
    out: int = 0
    moved: int = 0
    refused: int = 0
    not_found: int = 0
    died: int = 0
    not_yet: int = 0

    @property
    def families(self) -> int:
        """All of them."""
        return sum(getattr(self, each.name) for each in fields(self))

    @property
    def left(self) -> int:
        """Those to whom somebody still has to go: never visited, or nobody was at home."""
        return self.not_yet + self.out

    @property
    def away(self) -> int:
        """Moved or died: nobody lives there any more."""
        return self.moved + self.died

    @property
    def closed(self) -> int:
        """Visited, and not to be visited again without the office: moved, refused, not found, died."""
        return self.moved + self.refused + self.not_found + self.died


_PART = {
    Outcome.MET: "met",
    Outcome.OUT: "out",
    Outcome.MOVED: "moved",
    Outcome.REFUSED: "refused",
    Outcome.NOT_FOUND: "not_found",
    Outcome.DIED: "died",
    NOT_YET: "not_yet",
}


@dataclass(frozen=True, slots=True)
class Block:
    """One RT of an RW."""

    rw: str
    rt: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class CadreLine:
    """One cadre in a round: her area and how its families stand, and what she did herself.

    `visits` and `met` are hers, wherever they were; `last` is the latest day of them; `held` waits for a decision;
    `filled_by` are those who stand in for her now.
    """

    name: str
    where: str
    tally: Tally
    visits: int
    met: int
    last: date | None
    held: int
    filled_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family in a round: `state` is one of Outcome or NOT_YET, `at` the day of its last visit (`Visit.day`)."""

    code: str
    rw: str
    rt: str
    state: str
    at: date | None

    @property
    def block(self) -> tuple[str, str]:
        """The RT and RW that it lives in."""
        return self.rt, self.rw


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """A round in a lokus. `listed`: only the families on the list of 100 count. `whole`: she sees every family.

    `left` are the first LISTED of those to whom somebody has to go, by RT; `more` are not shown.
    """

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef | None
    rounds: tuple[RoundRef, ...]
    open_now: bool
    listed: bool
    whole: bool
    tally: Tally
    blocks: tuple[Block, ...]
    cadres: tuple[CadreLine, ...]
    left: tuple[FamilyLine, ...]
    more: int
    held: int


def progress_page(user: User, cycle_slug: str, code: str, round_slug: str = "") -> ProgressPage:
    """That round of that lokus; '' is the one that is open today, else the last to have opened.

    Raises Missing, or Forbidden for who sees the lokus without names. Statements do not grow with families or cadres.
    """
    lokus = lokus_of_families(user, cycle_slug, code)
    rounds, round_ = rounds_of(lokus.cycle, round_slug)
    listed, families = counted_families(user, lokus)
    whole = sees_whole_registry(user, lokus)
    counted = _counted(families, round_)
    left, more = _left(families, round_)
    return ProgressPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        round=None if round_ is None else round_ref(round_),
        rounds=tuple(round_ref(each) for each in rounds),
        open_now=is_open(lokus.cycle, round_),
        listed=listed,
        whole=whole,
        tally=_tally(counted),
        blocks=_blocks(counted),
        cadres=_cadres(user, lokus, round_, counted) if whole else (),
        left=left,
        more=more,
        held=arrivals_for(user, lokus.cycle)
        .filter(within_q("area", lokus.area), state=ArrivalState.QUARANTINED)
        .count(),
    )


def counted_families(user: User, lokus: Lokus) -> tuple[bool, QuerySet[Household]]:
    """Whether the list of 100 has been begun, and the families that are to be met: those on it, else all registered."""
    families = registry_for(user, lokus)
    listed = Target.objects.filter(lokus=lokus, state=TargetState.TARGET).exists()
    return listed, families.filter(target__state=TargetState.TARGET) if listed else families


def rounds_of(cycle: Cycle, slug: str = "") -> tuple[list[Round], Round | None]:
    """The year's rounds, and the one asked for; '' is the one that is open today, else the last to have opened."""
    rounds = list(Round.objects.filter(cycle=cycle).order_by("opens", "pk"))
    for each in rounds:
        each.cycle = cycle
    if slug:
        chosen = find_round(cycle, slug)
        return rounds, chosen
    today = today_in(cycle)
    begun = [each for each in rounds if each.opens <= today]
    open_now = [each for each in begun if today <= each.closes]
    return rounds, next(iter(open_now or begun[::-1] or rounds), None)


def is_open(cycle: Cycle, round_: Round | None) -> bool:
    """Whether forms of that round are taken today without anybody's decision."""
    today = today_in(cycle)
    return cycle.closed_at is None and round_ is not None and round_.opens <= today <= round_.closes


# --- how families stand ----------------------------------------------------------------------------------------------
#: area, RW, RT, whether there are answers, how the last visit ended, how many families.
_Row = tuple[str, str, str, bool, str | None, int]


def answered_in(round_: Round | None) -> Exists:
    """Whether a family has answers in that round."""
    return Exists(CurrentAnswers.objects.filter(household=OuterRef("pk"), round=round_))


def last_in(round_: Round | None, column: Literal["outcome", "day"]) -> Case | Subquery:
    """`outcome` or `day` of the newest visit to a family in that round; NULL where nobody has been there.

    The outcome is also what the office has been told since, and that a family had moved away or died before.
    """
    if column == "outcome":
        return outcome_in(round_)
    visits = Visit.objects.filter(household=OuterRef("pk"), round=round_).order_by("-at", "-pk")
    return Subquery(visits.annotate(made_on=_day(round_)).values("made_on")[:1])


def _day(round_: Round | None) -> Coalesce:
    """`Visit.day`, as the database reckons it."""
    zone = None if round_ is None else zone_of(round_.cycle.place.code)
    return Coalesce("on", TruncDate("at", tzinfo=zone))


def _counted(families: QuerySet[Household], round_: Round | None) -> list[_Row]:
    rows = families.annotate(done=answered_in(round_), last=last_in(round_, "outcome"))
    grouped = rows.order_by().values_list("area", "rw", "rt", "done", "last")
    return list(grouped.annotate(n=Count("pk")))


def state_of(done: bool, last: str | None) -> str:
    """One of Outcome or NOT_YET: answers count as met, whichever way they came."""
    return Outcome.MET if done else (last or NOT_YET)


def part_of(state: str) -> str:
    """The part of a Tally that counts a family in that state: met, out, moved, …, not_yet."""
    return _PART[state]


def tally_of(counted: Iterable[tuple[str, int]]) -> Tally:
    """(state, how many families) in one."""
    counts = dict.fromkeys(_PART.values(), 0)
    for state, n in counted:
        counts[_PART[state]] += n
    return Tally(**counts)


def _tally(rows: Iterable[_Row]) -> Tally:
    return tally_of((state_of(done, last), n) for _area, _rw, _rt, done, last, n in rows)


def _blocks(rows: list[_Row]) -> tuple[Block, ...]:
    by_block: dict[tuple[str, str], list[_Row]] = {}
    for row in rows:
        by_block.setdefault((row[1], row[2]), []).append(row)
    return tuple(Block(rw, rt, _tally(here)) for (rw, rt), here in sorted(by_block.items()))


def _left(families: QuerySet[Household], round_: Round | None) -> tuple[tuple[FamilyLine, ...], int]:
    """Those to whom somebody has to go, by RT: in each the never visited first, then where nobody was at home."""
    rows = families.annotate(
        done=answered_in(round_), last=last_in(round_, "outcome"), last_at=last_in(round_, "day")
    ).filter(Q(last__isnull=True) | Q(last=Outcome.OUT), done=False)
    ordered = rows.order_by("rw", "rt", F("last").asc(nulls_first=True), "code")
    found = list(ordered.values_list("code", "rw", "rt", "last", "last_at")[: LISTED + 1])
    more = rows.count() - LISTED if len(found) > LISTED else 0
    return tuple(FamilyLine(code, rw, rt, last or NOT_YET, at) for code, rw, rt, last, at in found[:LISTED]), more


# --- cadres ----------------------------------------------------------------------------------------------------------
def _cadres(user: User, lokus: Lokus, round_: Round | None, rows: list[_Row]) -> tuple[CadreLine, ...]:
    """The cadres of that lokus, by area: who has a task there now, and who was there in this round."""
    done = {
        by: (visits, met, last)
        for by, visits, met, last in Visit.objects.filter(round=round_, household__lokus=lokus)
        .order_by()
        .values_list("by")
        .annotate(n=Count("pk"), met=Count("pk", filter=Q(outcome=Outcome.MET)), last=Max(_day(round_)))
    }
    now = timezone.now()
    given = Membership.objects.filter(Q(cycle=lokus.cycle_id) | Q(cycle__isnull=True), role=Role.CADRE)
    given = given.filter(within_q("place_code", lokus.place.code)).select_related("user").order_by("place_code", "pk")
    tasks, stand_ins = _parted(given, now)
    here = [
        task
        for task in tasks
        if (within(task.place_code, lokus.area) or within(lokus.area, task.place_code))
        and (task.user_id in done or (task.holds(now) and task.user.is_active))
    ]
    names = place_names(task.place_code for task in here)
    held = dict(
        arrivals_for(user, lokus.cycle)
        .filter(state=ArrivalState.QUARANTINED, by__in=[task.user_id for task in here])
        .order_by()
        .values_list("by")
        .annotate(n=Count("pk"))
    )
    found = []
    for task in here:
        visits, met, last = done.get(task.user_id, (0, 0, None))
        found.append(
            CadreLine(
                name=task.user.get_full_name() or task.user.username,
                where=names.get(task.place_code, task.place_code),
                tally=_tally(row for row in rows if within(row[0], task.place_code)),
                visits=visits,
                met=met,
                last=last,
                held=held.get(task.user_id, 0),
                filled_by=tuple(stand_ins.get(task.pk, ())),
            )
        )
    return tuple(found)


def _parted(rows: Iterable[Membership], now: datetime) -> tuple[list[Membership], dict[int, list[str]]]:
    """Tasks by which a person is listed, and who does a task for another now: she is listed by her own where it is
    here too."""
    every = list(rows)
    own = {task.user_id for task in every if task.stands_in_for_id is None}
    names: dict[int, list[str]] = {}
    for task in every:
        if task.stands_in_for_id is not None and task.holds(now):
            names.setdefault(task.stands_in_for_id, []).append(task.user.get_full_name() or task.user.username)
    return [task for task in every if task.stands_in_for_id is None or task.user_id not in own], names
