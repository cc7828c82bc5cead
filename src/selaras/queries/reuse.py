"""Photos that were used before, or whose camera says another place or day: signals that explain themselves.

A signal is no verdict: it says what was found, and whoever vouches for the evidence looks. Pictures are compared in
the worker (actions/looking.py), within one city, over all its years.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from selaras.access import (
    arrivals_for,
    demand,
    evidence_for,
    may_open_desk,
    may_open_evidence,
    may_see_household,
    the_cycle,
)
from selaras.models import (
    Cycle,
    Evidence,
    EvidenceKind,
    EvidenceState,
    LokusPoint,
    PictureLook,
    PictureMatch,
    Reused,
    User,
)
from selaras.queries.photo_uses import uses_of_files
from selaras.queries.programme import cycle_ref
from selaras.queries.refs import CycleRef

PAGE_SIZE: Final = 20
FAR, OTHER_DAY, AHEAD = "far", "other_day", "time_ahead"
#: The codes of signals: how a picture was used again, then what a camera says.
CODES: Final[tuple[str, ...]] = (*Reused.values, FAR, OTHER_DAY, AHEAD)


@dataclass(frozen=True, slots=True)
class Side:
    """One of two pictures. `evidence` or (`arrival`, `file`) lead to it where she may see it; else both are None.

    `where` is the lokus, or the city where it is of the whole year; `title` is '' where it is not hers to read.
    """

    evidence: UUID | None
    arrival: UUID | None
    file: int
    year: str
    title: str
    where: str
    received_at: datetime
    sender: str
    opens: bool


@dataclass(frozen=True, slots=True)
class Signal:
    """What was found of one photo. `other` is the picture that it shows too; of a place: metres, and the lokus's
    radius; of a day: what the camera says, and the activity's.
    """

    code: str
    other: Side | None = None
    closeness: float | None = None
    metres: int | None = None
    radius: int | None = None
    taken: date | None = None
    on: date | None = None

    @property
    def days(self) -> int | None:
        """How many days after the activity it was taken; before it where negative."""
        return None if self.taken is None or self.on is None else (self.taken - self.on).days


@dataclass(frozen=True, slots=True)
class Suspect:
    """One photo with all that was found of it, and how it stands (`state` of EvidenceState)."""

    mine: Side
    state: str
    signals: tuple[Signal, ...]


@dataclass(frozen=True, slots=True)
class ReusePage:
    """The photos of a year that something was found of, the newest first."""

    cycle: CycleRef
    rows: tuple[Suspect, ...]
    total: int
    page: int
    pages: int
    looked_at: int
    unseen: int


def reuse_page(user: User, slug: str, *, page: int = 1) -> ReusePage:
    """What was found in a year, for who vouches for its evidence. Raises Missing, Forbidden."""
    cycle = the_cycle(user, slug)
    demand(may_open_desk, user, cycle)
    photos = evidence_for(user).filter(cycle=cycle, kind=EvidenceKind.PHOTO).exclude(state=EvidenceState.REFUSED)
    rows = list(photos.select_related("activity", "lokus__place").order_by("-received_at", "-pk"))
    found = signals_of(user, cycle, rows)
    told = [row for row in rows if row.pk in found]
    pages = max(1, -(-len(told) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = told[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    sides = _Sides(user, evidence=shown)
    return ReusePage(
        cycle=cycle_ref(cycle),
        rows=tuple(Suspect(sides.of_evidence(row), row.state, found[row.pk]) for row in shown),
        total=len(told),
        page=page,
        pages=pages,
        looked_at=photos.filter(look__isnull=False).count(),
        unseen=photos.filter(look__isnull=True).count(),
    )


def signals_of(user: User, cycle: Cycle, rows: Collection[Evidence]) -> Mapping[int, tuple[Signal, ...]]:
    """Evidence (its primary key) -> what was found of it; who has nothing is not in it. Six statements.

    Of two photos that are one shot, the one that came later is told of, whatever was looked at first. The rows need
    their activity at hand.
    """
    points = dict(LokusPoint.objects.filter(lokus__cycle=cycle).values_list("lokus", "radius"))
    zone = cycle.place.zone
    found: dict[int, list[Signal]] = {}
    # By their year and not one by one: of many photos their keys would be more than a statement takes.
    of_year = Q(later__evidence__cycle=cycle) | Q(earlier__evidence__cycle=cycle)
    for pk, signal in _matched(user, rows, of_year):
        found.setdefault(pk, []).append(signal)
    for row in rows:
        day = None if row.taken_at is None else row.taken_at.astimezone(zone).date()
        said = [
            place_signal(row.metres, None if row.lokus_id is None else points.get(row.lokus_id)),
            day_signal(day, None if row.activity is None else row.activity.on),
            Signal(AHEAD) if AHEAD in row.doubts else None,
        ]
        for each in said:
            if each is not None:
                found.setdefault(row.pk, []).append(each)
    return {pk: tuple(signals) for pk, signals in found.items()}


def again_of(user: User, slug: str, evidence_id: UUID) -> tuple[Signal, ...]:
    """Where that photo was used before, for who vouches for it; nothing of what is no photo."""
    rows = evidence_for(user).filter(cycle__slug=slug, kind=EvidenceKind.PHOTO)
    row = rows.select_related("activity").filter(uuid=evidence_id).first()
    if row is None:
        return ()
    return tuple(signal for _pk, signal in _matched(user, [row], Q(later__evidence=row) | Q(earlier__evidence=row)))


def place_signal(metres: int | None, radius: int | None) -> Signal | None:
    """That a photo was taken outside its lokus; None where either place is not known."""
    if metres is None or radius is None or metres <= radius:
        return None
    return Signal(FAR, metres=metres, radius=radius)


def day_signal(taken: date | None, on: date | None) -> Signal | None:
    """That a photo of an activity was taken on another day; None where either day is not known."""
    if taken is None or on is None or taken == on:
        return None
    return Signal(OTHER_DAY, taken=taken, on=on)


# --- the same shot ----------------------------------------------------------------------------------------------------
def _matched(user: User, rows: Collection[Evidence], among: Q) -> Iterable[tuple[int, Signal]]:
    wanted = {row.pk for row in rows}
    pairs = list(PictureMatch.objects.filter(among).order_by("-closeness", "pk")) if wanted else []
    if not pairs:
        return
    looks = _looks({each for pair in pairs for each in (pair.later_id, pair.earlier_id)})
    sides = _Sides(user, looks=looks.values())
    for pair in pairs:
        one, two = sorted((looks[pair.later_id], looks[pair.earlier_id]), key=_came)
        if one.evidence is not None and not _counts(one.evidence):
            continue
        # A phone's photo is a survey's answer: of the two it is the evidence that is told of.
        later, earlier = (two, one) if two.evidence_id is not None else (one, two)
        if later.evidence_id in wanted:
            yield later.evidence_id, Signal(pair.how, sides.of_look(earlier), pair.closeness)


def _looks(ids: Collection[int]) -> dict[int, PictureLook]:
    rows = PictureLook.objects.filter(pk__in=ids).select_related(
        "evidence__cycle__place",
        "evidence__lokus__place",
        "evidence__uploaded_by",
        "evidence__activity",
        "evidence__agency",
        "file__arrival__cycle__place",
        "file__arrival__by",
        "file__arrival__submission__household__lokus__place",
        "file__arrival__submission__household__lokus__cycle",
    )
    return {row.pk: row for row in rows.defer("views", "file__arrival__raw")}


def _came(look: PictureLook) -> tuple[datetime, int]:
    if look.evidence is not None:
        return look.evidence.received_at, look.pk
    return (look.file.received_at if look.file is not None else look.made_at), look.pk


def _counts(evidence: Evidence) -> bool:
    """Whether it is still there: what was taken back, or refused, takes nothing from a later photo."""
    gone = evidence.deleted_at is not None or evidence.state == EvidenceState.REFUSED
    return not gone and (evidence.activity is None or evidence.activity.deleted_at is None)


class _Sides:
    """What may be said to her of each picture: three statements, however many."""

    def __init__(self, user: User, *, looks: Collection[PictureLook] = (), evidence: Collection[Evidence] = ()) -> None:
        self._user = user
        ids = {*(look.evidence_id for look in looks if look.evidence_id), *(row.pk for row in evidence)}
        self._hers = set(evidence_for(user).filter(pk__in=ids).values_list("pk", flat=True))
        files = [look.file for look in looks if look.file is not None]
        self._arrivals: set[int] = set()
        for cycle in {file.arrival.cycle for file in files}:
            asked = [file.arrival_id for file in files]
            self._arrivals |= set(arrivals_for(user, cycle).filter(pk__in=asked).values_list("pk", flat=True))
        self._uses = uses_of_files([file.pk for file in files]) if files else {}

    def of_look(self, look: PictureLook) -> Side:
        """Of a picture that another is like."""
        if look.evidence is not None:
            return self.of_evidence(look.evidence)
        file = look.file
        if file is None:
            raise ValueError(f"look {look.pk} of nothing")
        arrival = file.arrival
        household = None if arrival.submission is None else arrival.submission.household
        sees = arrival.pk in self._arrivals and household is not None and may_see_household(self._user, household)
        return Side(
            evidence=None,
            arrival=arrival.uuid if sees else None,
            file=file.pk,
            year=str(arrival.cycle),
            title=household.code if sees and household is not None else "",
            where="" if household is None else household.lokus.place.name,
            received_at=file.received_at,
            sender=arrival.by.get_full_name() if sees else "",
            opens=sees and bool(self._uses.get(file.pk)),
        )

    def of_evidence(self, row: Evidence) -> Side:
        """Of evidence; what is not hers to see is told by place and year."""
        hers = row.pk in self._hers
        return Side(
            evidence=row.uuid if hers else None,
            arrival=None,
            file=0,
            year=str(row.cycle),
            title=(row.caption or row.filename) if hers else "",
            where=row.cycle.place.name if row.lokus is None else row.lokus.place.name,
            received_at=row.received_at,
            sender=row.uploaded_by.get_full_name() if hers and row.uploaded_by is not None else "",
            opens=hers and may_open_evidence(self._user, row),
        )
