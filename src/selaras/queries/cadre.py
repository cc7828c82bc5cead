"""A cadre's own work: her families of the round that is open, what of hers waits, and a record of what she did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import reduce
from operator import itemgetter, or_

from django.db.models import Q
from django.utils import timezone

from selaras.access import arrivals_for, has_role, loci_for, registry_for
from selaras.errors import Missing, Problem
from selaras.models import ArrivalState, Cycle, Lokus, Membership, Outcome, PhoneToken, Role, User, Visit
from selaras.models.places import within, within_q, zone_of
from selaras.queries.invitations import place_names
from selaras.queries.phone_holders import PhoneLine, Sent, own_sent, phone_line
from selaras.queries.programme import cycle_ref, lokus_ref
from selaras.queries.progress import (
    NOT_YET,
    FamilyLine,
    Tally,
    answered_in,
    counted_families,
    is_open,
    last_in,
    rounds_of,
    state_of,
    tally_of,
)
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.stand_ins import StandIn, standing_in

#: Held forms that the page lists.
HELD = 30


@dataclass(frozen=True, slots=True)
class OwnBlock:
    """Her families of one RT, those to whom she still has to go first."""

    rw: str
    rt: str
    left: int
    families: tuple[FamilyLine, ...]


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A form of hers that waits for the office: when it came, why it waits (Reason); its family's code, or ''."""

    received_at: datetime
    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A cadre's families in the round. `loci` are all those of her areas in the year; `where` are her areas."""

    cycle: CycleRef
    lokus: LokusRef
    loci: tuple[LokusRef, ...]
    name: str
    where: tuple[str, ...]
    round: RoundRef | None
    open_year: bool
    open_now: bool
    listed: bool
    tally: Tally
    blocks: tuple[OwnBlock, ...]
    held: tuple[HeldLine, ...]
    sent: Sent
    phone: PhoneLine | None
    standing_in: tuple[StandIn, ...] = ()


@dataclass(frozen=True, slots=True)
class DayLine:
    """What she did on one day, in one round: visits, and how many of them met a family.

    `received` says of how many the form came on another day, and on which.
    """

    day: date
    round: RoundRef
    visits: int
    met: int
    received: tuple[tuple[date, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A year's record of one cadre's work: days and counts, no family."""

    cycle: CycleRef
    lokus: LokusRef
    name: str
    where: tuple[str, ...]
    days: tuple[DayLine, ...]
    visits: int
    met: int
    on: date


@dataclass(frozen=True, slots=True)
class _Own:
    """Her tasks of now, and the loci of her newest year in which they are."""

    tasks: tuple[Membership, ...]
    loci: tuple[Lokus, ...]

    @property
    def where(self) -> tuple[str, ...]:
        names = place_names(task.place_code for task in self.tasks)
        return tuple(dict.fromkeys(names.get(task.place_code, task.place_code) for task in self.tasks))

    def areas(self) -> Q:
        return reduce(or_, (within_q("area", task.place_code) for task in self.tasks))


def own_page(user: User, code: str = "") -> OwnPage:
    """What a cadre sees of her own work, in the lokus with that code ('': the first of hers).

    Raises Missing for everybody else. Statements do not grow with families.
    """
    own = _own(user)
    lokus = _chosen(own, code)
    _every, round_ = rounds_of(lokus.cycle)
    listed, families = counted_families(user, lokus)
    rows = families.filter(own.areas()).annotate(
        done=answered_in(round_), last=last_in(round_, "outcome"), last_at=last_in(round_, "day")
    )
    lines = [
        FamilyLine(code_, rw, rt, state_of(done, last), at)
        for code_, rw, rt, done, last, at in rows.order_by("rw", "rt", "code").values_list(
            "code", "rw", "rt", "done", "last", "last_at"
        )
    ]
    return OwnPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        loci=tuple(lokus_ref(each) for each in own.loci),
        name=user.get_full_name() or user.username,
        where=own.where,
        round=None if round_ is None else round_ref(round_),
        open_year=lokus.cycle.closed_at is None,
        open_now=is_open(lokus.cycle, round_),
        listed=listed,
        tally=tally_of((line.state, 1) for line in lines),
        blocks=_blocks(lines),
        held=_held(user, lokus),
        sent=own_sent(user, lokus.cycle),
        phone=_phone(user, lokus.cycle),
        standing_in=standing_in(own.tasks, lokus.cycle.place.code),
    )


def record_page(user: User, code: str = "") -> RecordPage:
    """The days on which she was at families' doors, in that year, the earliest first: as her forms say, else as they
    came. Raises Missing as `own_page`."""
    own = _own(user)
    lokus = _chosen(own, code)
    zone = zone_of(lokus.cycle.place.code)
    rounds, _now = rounds_of(lokus.cycle)
    refs = {each.pk: round_ref(each) for each in rounds}
    visits: dict[tuple[date, int], list[Visit]] = {}
    for visit in Visit.objects.filter(by=user, round__in=list(refs)).order_by("at", "pk"):
        visits.setdefault((visit.day(zone), visit.round_id), []).append(visit)
    days = tuple(
        _day(day, refs[round_id], made, zone) for (day, round_id), made in sorted(visits.items(), key=itemgetter(0))
    )
    return RecordPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        name=user.get_full_name() or user.username,
        where=own.where,
        days=days,
        visits=sum(line.visits for line in days),
        met=sum(line.met for line in days),
        on=timezone.now().astimezone(zone).date(),
    )


def _day(day: date, round_: RoundRef, visits: Sequence[Visit], zone: tzinfo) -> DayLine:
    came = Counter(visit.at.astimezone(zone).date() for visit in visits)
    met = sum(visit.outcome == Outcome.MET for visit in visits)
    others = tuple((other, n) for other, n in sorted(came.items()) if other != day)
    return DayLine(day, round_, len(visits), met, others)


def _own(user: User) -> _Own:
    """Raises Missing for who is no cadre now, or of no lokus."""
    now = timezone.now()
    rows = Membership.objects.filter(user=user, role=Role.CADRE).order_by("place_code", "pk")
    tasks = tuple(row for row in rows if row.holds(now)) if has_role(user, Role.CADRE) else ()
    areas = [task.place_code for task in tasks]
    loci = loci_for(user).select_related("place__parent", "cycle__place").order_by("-cycle__year", "-cycle_id", "area")
    mine = [each for each in loci if any(within(area, each.area) or within(each.area, area) for area in areas)]
    if not mine:
        raise Missing(Problem("access.missing"))
    return _Own(tasks, tuple(each for each in mine if each.cycle_id == mine[0].cycle_id))


def _chosen(own: _Own, code: str) -> Lokus:
    found = next((lokus for lokus in own.loci if not code or lokus.area == code), None)
    if found is None:
        raise Missing(Problem("access.missing"))
    return found


def _blocks(lines: Iterable[FamilyLine]) -> tuple[OwnBlock, ...]:
    by_block: dict[tuple[str, str], list[FamilyLine]] = {}
    for line in lines:
        by_block.setdefault((line.rw, line.rt), []).append(line)
    order = {NOT_YET: 0, Outcome.OUT: 1, Outcome.MET: 3}
    return tuple(
        OwnBlock(
            rw=rw,
            rt=rt,
            left=sum(line.state in {NOT_YET, Outcome.OUT} for line in here),
            families=tuple(sorted(here, key=lambda line: order.get(line.state, 2))),
        )
        for (rw, rt), here in by_block.items()
    )


def _held(user: User, lokus: Lokus) -> tuple[HeldLine, ...]:
    """The newest of them; a family that is not hers to see has no code here."""
    rows = arrivals_for(user, lokus.cycle).filter(by=user, state=ArrivalState.QUARANTINED)
    found = list(rows.order_by("-received_at", "-pk").values_list("received_at", "reason", "about")[:HELD])
    seen = registry_for(user, lokus).filter(uuid__in=[about for _at, _why, about in found if about is not None])
    codes = dict(seen.values_list("uuid", "code"))
    return tuple(HeldLine(at, why, codes.get(about, "") if about else "") for at, why, about in found)


def _phone(user: User, cycle: Cycle) -> PhoneLine | None:
    """Of her phones the one that opens and that she uses; the newest of several."""
    now = timezone.now()
    rows = PhoneToken.objects.filter(cycle=cycle, user=user).select_related("user", "membership", "created_by")
    phones = sorted(
        rows.order_by("-created_at", "-pk")[:20], key=lambda phone: (not phone.is_open(now), phone.seen_at is None)
    )
    return phone_line(phones[0], Sent(), now) if phones else None
