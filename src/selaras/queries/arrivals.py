"""What phones and browsers sent in a year, for who keeps the records: what waits for a person first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from selaras.access import (
    Actor,
    arrivals_for,
    demand,
    households_for,
    households_to_settle_for,
    loci_for,
    may_decide_arrival,
    may_see_arrivals,
    may_see_household,
    may_settle_household,
    the_cycle,
)
from selaras.models import (
    Arrival,
    ArrivalFile,
    ArrivalState,
    Cycle,
    EditState,
    Household,
    HouseholdEdit,
    Lokus,
    Reason,
    User,
)
from selaras.models.places import within_q
from selaras.queries.foreseen import originals, touching
from selaras.queries.programme import cycle_ref
from selaras.queries.refs import CycleRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.unwilling import arrivals_told

PAGE_SIZE = 50
#: Pages that an address may name.
MOST_PAGES = 10_000
#: Late ones let in by one press.
MOST_LATE = 100
#: Families with open conflicts on one page; the next come up when these are decided.
MOST_CONFLICTS = 20
#: In place of a Reason, where that is not hers to know: the secretariat looks at it.
OFFICE = "office"
#: So long a change may wait for the one before it, as ODK Central has it; then a person may decide without it.
PATIENCE = timedelta(days=5)
#: So long what belongs to no family is kept: nobody could find it when a family asks to be erased.
UNCLAIMED_FOR = timedelta(days=2 * 365)
#: Doubts that a person may settle by saying so; the others need a form, a family or other bytes.
SETTLED = frozenset(
    {
        Reason.LATE,
        Reason.CLOSED,
        Reason.OTHER_BYTES,
        Reason.FOREIGN,
        Reason.NO_ORIGINAL,
        Reason.TWICE,
        Reason.OTHER_FAMILY,
        Reason.CARRIED,
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to show: an ArrivalState, a sender, a lokus by its area code; all where blank. `page` counts from 1."""

    state: str = ""
    by: UUID | None = None
    lokus: str = ""
    page: int = 1

    @classmethod
    def read(cls, said: Mapping[str, str]) -> Asked:
        """From an address; nonsense is left out."""
        state, page = said.get("keadaan", ""), said.get("halaman", "")
        return cls(
            state if state in ArrivalState.values else "",
            uuid_of(said.get("oleh", "")),
            said.get("lokus", "")[:40],
            min(max(int(page), 1), MOST_PAGES) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        )

    def query(self, **changed: object) -> str:
        """The same as an address, with these changed; without the page where something else changes."""
        asked = replace(self, **{"page": 1, **changed})  # type: ignore[arg-type]
        parts = {"keadaan": asked.state, "oleh": asked.by, "lokus": asked.lokus}
        if asked.page > 1:
            parts["halaman"] = str(asked.page)
        return urlencode({name: str(value) for name, value in parts.items() if value})


@dataclass(frozen=True, slots=True)
class FamilyRef:
    """A family by the code of its lokus and its own."""

    lokus: str
    code: str


@dataclass(frozen=True, slots=True)
class ArrivalLine:
    """One filled form: an ArrivalState, and while it is held a Reason, or OFFICE. `family` is None where it is unknown
    or not hers to see; `round` where the form is unknown; `files` counts what came with it."""

    id: UUID
    received_at: datetime
    by: str
    mode: str
    state: str
    reason: str
    round: RoundRef | None
    practice: bool
    family: FamilyRef | None
    files: int


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A family with changes that wait for a decision, the oldest since."""

    family: FamilyRef
    edits: int
    since: datetime


@dataclass(frozen=True, slots=True)
class ArrivalsPage:
    """One page. `counts` by ArrivalState, '' for all; `late` are held for nothing but coming late and hers to decide,
    and `late_shown` are those of them that one press lets in, at most MOST_LATE."""

    cycle: CycleRef
    counts: Mapping[str, int]
    late: int
    late_shown: tuple[UUID, ...]
    lines: tuple[ArrivalLine, ...]
    asked: Asked
    pages: int
    senders: tuple[tuple[UUID, str], ...]
    loci: tuple[tuple[str, str], ...]
    conflicts: tuple[ConflictLine, ...]


def arrivals_page(user: User, cycle_slug: str, asked: Asked) -> ArrivalsPage:
    """What was sent, what waits for a person first, then the newest. Nine statements beside her scopes for any number.

    Raises Missing, and Forbidden for who keeps no records there.
    """
    cycle = the_cycle(user, cycle_slug)
    demand(may_see_arrivals, user, cycle)
    rows = arrivals_for(user, cycle)
    states = list(rows.order_by().values_list("state", "reason").annotate(n=Count("pk")))
    counts = {state: sum(n for each, _reason, n in states if each == state) for state in ArrivalState.values}
    loci = list(loci_for(user).filter(cycle=cycle).order_by("area"))
    wanted = _narrowed(rows, asked, loci)
    total = wanted.count()
    pages = max(1, -(-total // PAGE_SIZE))
    asked = replace(asked, page=min(asked.page, pages))
    begin, late = (asked.page - 1) * PAGE_SIZE, late_alone(rows, user)
    found = list(ordered(wanted)[begin : begin + PAGE_SIZE])
    return ArrivalsPage(
        cycle=cycle_ref(cycle),
        counts={**counts, "": sum(counts.values())},
        late=len(late),
        late_shown=tuple(late.values())[:MOST_LATE],
        lines=lines_of(user, found),
        asked=asked,
        pages=pages,
        senders=tuple(rows.order_by("by__full_name").values_list("by__uuid", "by__full_name").distinct()),
        loci=tuple((one.area, one.place.name) for one in loci),
        conflicts=conflicts_of(user, cycle),
    )


def late_alone(rows: QuerySet[Arrival], by: Actor) -> dict[int, UUID]:
    """Those that she may decide on, that are held for coming late and show no other reason beside it, as
    `arrival.beside_of` tells: what is late came in an open year from who had a task. A correction counts where what it
    corrects was taken or is one of them too, through any number of corrections. What is of a family that is not hers
    to settle is left to who keeps that. `rows` are of one cycle: an instance's id names one form of a cycle.

    Key -> id, in the order in which they can be let in: the oldest first, what corrects one of them after it. One
    statement beside her scopes.
    """
    twin = Q(first=False) & ~Q(instance_id="")
    late = rows.filter(state=ArrivalState.QUARANTINED, reason=Reason.LATE).exclude(twin).order_by("pk")
    late = to_settle(late, by).annotate(of_taken=Exists(originals()))
    ready: list[tuple[int, UUID, str]] = []
    corrections: dict[str, list[tuple[int, UUID, str]]] = {}
    for row in late.select_related(None).only("uuid", "instance_id", "deprecated_id", "area", "cycle"):
        if may_decide_arrival(by, row):
            first = not row.deprecated_id or row.of_taken
            after = ready if first else corrections.setdefault(row.deprecated_id, [])
            after.append((row.pk, row.uuid, row.instance_id))
    found: dict[int, UUID] = {}
    while ready:
        found |= {pk: uuid for pk, uuid, _name in ready}
        ready = sorted(each for _pk, _uuid, name in ready for each in corrections.pop(name, ()))
    return found


def to_settle(rows: QuerySet[Arrival], by: Actor) -> QuerySet[Arrival]:
    """Without those that touch a family that is not hers to settle, as `touched` tells."""
    if not isinstance(by, User):
        return rows
    hers = households_to_settle_for(by).values("pk")
    named = Q(family__isnull=True) | Q(family__in=hers)
    return touching(rows, "id").filter(named, Q(before__isnull=True) | Q(before__in=hers))


def unread_in(cycle: Cycle) -> int:
    """Forms of that year that were received and not read yet: the worker's, in a moment."""
    return Arrival.objects.filter(cycle=cycle, state=ArrivalState.WAITING).count()


def held_in(cycle: Cycle) -> int:
    """Forms and changes of families of that year that wait for a person."""
    edits = HouseholdEdit.objects.filter(
        household__lokus__cycle=cycle, state__in=[EditState.CONFLICT, EditState.BACKLOG]
    )
    return Arrival.objects.filter(cycle=cycle, state=ArrivalState.QUARANTINED).count() + edits.count()


def _narrowed(rows: QuerySet[Arrival], asked: Asked, loci: Sequence[Lokus]) -> QuerySet[Arrival]:
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.by is not None:
        rows = rows.filter(by__uuid=asked.by)
    if asked.lokus:
        rows = rows.filter(within_q("area", asked.lokus)) if asked.lokus in {one.area for one in loci} else rows.none()
    return rows


def unclaimed(rows: QuerySet[Arrival]) -> QuerySet[Arrival]:
    """Those that are held or set aside and name no family of the registry: broken ones, nameless ones, strays."""
    known = Household.objects.filter(uuid=OuterRef("about"))
    nobody = Q(about__isnull=True) | ~Exists(known)
    return rows.filter(nobody, household__isnull=True, state__in=[ArrivalState.QUARANTINED, ArrivalState.SET_ASIDE])


def ordered(rows: QuerySet[Arrival]) -> QuerySet[Arrival]:
    """Held ones first, then what waits to be read, then the newest; without their bytes."""
    first = {ArrivalState.QUARANTINED: 0, ArrivalState.WAITING: 1}
    whens = [When(state=state, then=Value(place)) for state, place in first.items()]
    rows = rows.annotate(place=Case(*whens, default=Value(2), output_field=IntegerField()))
    return rows.select_related("by", "household__lokus", "field_form__round").defer("raw").order_by(
        "place", "-received_at", "-pk"
    )  # fmt: skip


def lines_of(user: User, rows: Sequence[Arrival]) -> tuple[ArrivalLine, ...]:
    """Arrivals of one year as a list says them. One statement, for their files, and those of `arrivals_told`."""
    files = ArrivalFile.objects.filter(arrival__in=[row.pk for row in rows]).order_by()
    counted = dict(files.values_list("arrival").annotate(n=Count("pk")))
    away = [row for row in rows if row.reason == Reason.RESTRICTED]
    told = arrivals_told(user, away[0].cycle, away) if away else frozenset()
    kept = {row.pk for row in away if row.pk not in told}
    return tuple(_line(user, row, counted.get(row.pk, 0), OFFICE if row.pk in kept else row.reason) for row in rows)


def _line(user: User, row: Arrival, files: int, reason: str) -> ArrivalLine:
    family, form = row.household, row.field_form
    seen = family is not None and may_see_household(user, family)
    return ArrivalLine(
        id=row.uuid,
        received_at=row.received_at,
        by=row.by.get_full_name() or row.by.username,
        mode=row.mode,
        state=row.state,
        reason=reason,
        round=None if form is None else round_ref(form.round),
        practice=form is not None and form.practice,
        family=FamilyRef(family.lokus.area, family.code) if family is not None and seen else None,
        files=files,
    )


def undecided(now: datetime) -> Q:
    """The edits that a person may decide: conflicts, and what has waited PATIENCE for the change before it."""
    return Q(state=EditState.CONFLICT) | Q(state=EditState.BACKLOG, at__lte=now - PATIENCE)


def conflicts_of(user: User, cycle: Cycle) -> tuple[ConflictLine, ...]:
    """The families of that year with changes for her to decide, the oldest first, at most MOST_CONFLICTS. One
    statement."""
    families = households_for(user).filter(lokus__cycle=cycle)
    rows = HouseholdEdit.objects.filter(undecided(timezone.now()), household__in=families)
    rows = rows.select_related("household__lokus__cycle").defer("sealed").order_by("at", "pk")
    found: dict[FamilyRef, ConflictLine] = {}
    for edit in rows[: MOST_CONFLICTS * 10]:
        if not may_settle_household(user, edit.household):
            continue
        family = FamilyRef(edit.household.lokus.area, edit.household.code)
        known = found.get(family)
        found[family] = ConflictLine(family, known.edits + 1 if known else 1, known.since if known else edit.at)
    return tuple(found.values())[:MOST_CONFLICTS]


def may_take(user: User, arrival: Arrival) -> bool:
    """Whether "let it in as it is" can be offered."""
    return arrival.reason in SETTLED and arrival.field_form_id is not None and may_decide_arrival(user, arrival)


def uuid_of(text: str) -> UUID | None:
    """None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
