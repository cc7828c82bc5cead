"""Activities as pages show them: the list, one of them, what a form may choose from, and the photo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from selaras.access import (
    SMALLEST_COUNT,
    Actor,
    activities_for,
    commitments_for,
    households_for,
    loci_for,
    may_change_activity,
    may_change_commitment,
    may_report_activity,
    may_report_for,
    may_see_photo,
    one,
    the_cycle,
)
from selaras.errors import Forbidden, Missing, Problem
from selaras.models import Activity, Agency, CannotUnsealError, Commitment, CommitmentState, Cycle, Lokus, User
from selaras.models.places import within_q
from selaras.queries.apart import apart_from
from selaras.queries.photos import TYPES, kind_of, without_metadata
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of, today_in
from selaras.queries.public_photos import public_copy_of
from selaras.queries.refs import CycleRef, LokusRef

SEXES: Final = ("P", "L")
BANDS: Final = ("anak", "dewasa", "lansia")
PAGE_SIZE: Final = 50
#: States in which a commitment can be served.
_SERVED = (CommitmentState.RUNNING, CommitmentState.PLANNED, CommitmentState.BLOCKED, CommitmentState.PROPOSED)


@dataclass(frozen=True, slots=True)
class Attended:
    """Who came, by counts. `disabled` is None where it is a group of one to four, told to nobody but who counted."""

    women: int
    men: int
    children: int
    total: int
    disabled: int | None
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class CommitmentChoice:
    """A commitment that an activity may serve: `K-014`, whose, what, and how much it promises."""

    number: int
    code: str
    agency: str
    agency_id: int
    title: str
    volume: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One activity of the list. `commitments` are their codes."""

    id: UUID
    title: str
    on: date
    lokus: LokusRef
    agency: str
    venue: str
    quantity: Decimal | None
    unit: str
    attended: Attended
    has_photo: bool
    commitments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """A report that was deleted lately and can be brought back by this person."""

    id: UUID
    title: str
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class ActivitiesPage:
    """The list as filtered. `months` are first days, newest first; `loci` those that have activities or take them."""

    cycle: CycleRef
    rows: tuple[ActivityLine, ...]
    total: int
    people: int
    page: int
    pages: int
    loci: tuple[LokusRef, ...]
    agencies: tuple[str, ...]
    months: tuple[date, ...]
    lokus: str
    agency: str
    month: str
    removed: tuple[Removed, ...]
    may_report: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What the state of a served commitment could be next, once somebody says so: `running` or `done`.

    `done` of `volume` is what all its activities together report.
    """

    commitment: CommitmentChoice
    state: str
    version: int
    done: Decimal | None


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """One activity. `families` are the codes of those that this person may see by name."""

    cycle: CycleRef
    lokus: LokusRef
    line: ActivityLine
    reported_by: str
    reported_at: datetime
    version: int
    serves: tuple[CommitmentChoice, ...]
    families: tuple[str, ...]
    hidden_families: int
    photo_kind: str
    offers: tuple[Offer, ...]
    may_change: bool


@dataclass(frozen=True, slots=True)
class FamilyChoice:
    """A family that she may see by name, by its code."""

    id: UUID
    code: str
    area: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What the form for a report may choose from. `agencies` are (id, short name); `free` whether none may be named.

    `chosen` is the commitment that she came from.
    """

    cycle: CycleRef
    lokus: LokusRef
    loci: tuple[LokusRef, ...]
    agencies: tuple[tuple[int, str], ...]
    free: bool
    commitments: tuple[CommitmentChoice, ...]
    families: tuple[FamilyChoice, ...]
    today: date
    chosen: CommitmentChoice | None


def attended_in(counts: Mapping[str, Mapping[str, int]], disabled: int) -> dict[str, Any]:
    """As an activity stores it; nothing where nobody was counted."""
    if not disabled and not any(number for bands in counts.values() for number in bands.values()):
        return {}
    return {**{sex: dict(counts[sex]) for sex in SEXES}, "difabel": disabled}


def attended(stored: Mapping[str, Any], *, exact: bool) -> Attended:
    """Who came; `exact` also where so few are disabled that one might be recognised."""
    counts = {sex: {band: int((stored.get(sex) or {}).get(band) or 0) for band in BANDS} for sex in SEXES}
    disabled = int(stored.get("difabel") or 0)
    children = sum(counts[sex]["anak"] for sex in SEXES)
    women, men = (counts[sex]["dewasa"] + counts[sex]["lansia"] for sex in SEXES)
    few = 0 < disabled < SMALLEST_COUNT and not exact
    return Attended(women, men, children, women + men + children, None if few else disabled, counts)


def deleted_for(user: Actor) -> QuerySet[Activity]:
    """The reports that were deleted and are not gone yet, of the loci that she sees."""
    rows = Activity.objects.filter(deleted_at__isnull=False, lokus__in=loci_for(user))
    return rows.select_related("lokus__place", "lokus__cycle__place", "agency")


def activities_page(
    user: User, slug: str, *, lokus: str = "", agency: str = "", month: str = "", page: int = 1
) -> ActivitiesPage:
    """The activities of a year, newest first. `month` is `2024-08`. Raises Missing; its statements do not grow."""
    cycle = the_cycle(user, slug)
    loci = list(loci_for(user).filter(cycle=cycle).select_related("place__parent").order_by("area"))
    mine = activities_for(user).filter(cycle=cycle)
    found = _filtered(mine, lokus, agency, month)
    total = found.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = found.prefetch_related("commitments").select_related("lokus__place__parent")
    rows = rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    lately = deleted_for(user).filter(cycle=cycle).order_by("-deleted_at")[:5]
    return ActivitiesPage(
        cycle=cycle_ref(cycle),
        rows=tuple(_line(user, row) for row in rows),
        total=total,
        people=sum(attended(stored, exact=True).total for stored in found.values_list("attended", flat=True)),
        page=page,
        pages=pages,
        loci=tuple(lokus_ref(each) for each in loci),
        agencies=tuple(
            mine.exclude(agency=None)
            .values_list("agency__short_name", flat=True)
            .distinct()
            .order_by("agency__short_name")
        ),
        months=tuple(mine.dates("on", "month", order="DESC")),
        lokus=lokus,
        agency=agency,
        month=month,
        removed=tuple(
            Removed(row.uuid, row.title, row.deleted_at)
            for row in lately
            if row.deleted_at is not None and may_change_activity(user, row)
        ),
        may_report=any(may_report_activity(user, each) for each in loci),
    )


def _filtered(rows: QuerySet[Activity], lokus: str, agency: str, month: str) -> QuerySet[Activity]:
    if lokus:
        rows = rows.filter(lokus__area=lokus)
    if agency:
        rows = rows.filter(agency__short_name=agency)
    year, _, number = month.partition("-")
    if year.isdigit() and number.isdigit() and len(month) == 7:
        rows = rows.filter(on__year=int(year), on__month=int(number))
    return rows.order_by("-on", "-id")


def _line(user: Actor, row: Activity) -> ActivityLine:
    return ActivityLine(
        id=row.uuid,
        title=row.title,
        on=row.on,
        lokus=lokus_ref(row.lokus),
        agency="" if row.agency is None else row.agency.short_name,
        venue=row.venue,
        quantity=row.quantity,
        unit=row.unit,
        attended=attended(row.attended, exact=may_change_activity(user, row)),
        has_photo=row.photo_id is not None,
        commitments=tuple(str(each) for each in row.commitments.all()),
    )


def latest_activities(user: User, slug: str, code: str = "", *, most: int = 3) -> tuple[ActivityLine, ...]:
    """The newest of a year, or of one lokus of it. Two statements."""
    rows = activities_for(user).filter(cycle__slug=slug)
    rows = rows.filter(lokus__area=code) if code else rows
    rows = rows.select_related("lokus__place__parent").prefetch_related("commitments").order_by("-on", "-id")
    return tuple(_line(user, row) for row in rows[:most])


def activity_page(user: User, slug: str, activity_id: UUID) -> ActivityPage:
    """One activity. Raises Missing."""
    row = _row(user, slug, activity_id)
    served = list(commitments_for(user).filter(activities=row).order_by("number"))
    known = households_for(user).filter(activities=row).order_by("code")
    if _tells_health(user, row):
        known = known.none()
    families = tuple(known.values_list("code", flat=True))
    return ActivityPage(
        cycle=cycle_ref(row.cycle),
        lokus=lokus_ref(row.lokus),
        line=_line(user, row),
        reported_by=str(row.reported_by) if row.reported_by else "",
        reported_at=row.reported_at,
        version=row.version,
        serves=tuple(_choice(each) for each in served),
        families=families,
        hidden_families=row.households.filter(erased_at__isnull=True, pending__isnull=True).count() - len(families),
        photo_kind=_photo_kind(user, row),
        offers=tuple(_offers(user, served)),
        may_change=may_change_activity(user, row),
    )


def _row(user: User, slug: str, activity_id: UUID) -> Activity:
    rows = activities_for(user).select_related("lokus__place__parent", "cycle__place", "photo__key")
    return one(rows.prefetch_related("commitments"), uuid=activity_id, cycle__slug=slug)


def _offers(user: User, served: Iterable[Commitment]) -> Iterable[Offer]:
    """Never by itself: somebody who may says that it runs, or that it is done."""
    for each in served:
        if not may_change_commitment(user, each):
            continue
        same = Activity.objects.filter(commitments=each, deleted_at__isnull=True, unit__iexact=each.unit)
        done = same.aggregate(sum=Sum("quantity"))["sum"] if each.unit else None
        reached = done is not None and each.volume is not None and done >= each.volume
        if reached and each.state in {CommitmentState.PLANNED, CommitmentState.RUNNING}:
            yield Offer(_choice(each), CommitmentState.DONE, each.version, done)
        elif each.state == CommitmentState.PLANNED:
            yield Offer(_choice(each), CommitmentState.RUNNING, each.version, done)


def _choice(row: Commitment) -> CommitmentChoice:
    return CommitmentChoice(row.number, str(row), row.agency.short_name, row.agency_id, row.title, row.volume, row.unit)


def report_page(user: User, slug: str, *, code: str = "", commitment: int | None = None) -> ReportPage:
    """What a new report may name. `code` is the lokus, her first one where it is ''.

    Raises Missing, or Forbidden where she may report nowhere in this year.
    """
    cycle = the_cycle(user, slug)
    loci = list(loci_for(user).filter(cycle=cycle).select_related("place__parent").order_by("area"))
    open_ = [each for each in loci if may_report_activity(user, each)]
    if not open_:
        raise Forbidden(Problem("access.forbidden", values={"what": "melaporkan kegiatan di tahun program ini"}))
    chosen = None if commitment is None else commitments_for(user).filter(cycle=cycle, number=commitment).first()
    wanted = code or (chosen.lokus.area if chosen is not None and chosen.lokus is not None else "")
    lokus = next((each for each in open_ if each.area == wanted), None) if wanted else open_[0]
    if lokus is None:
        raise Missing(Problem("access.missing"))
    return _choices(user, cycle, lokus, open_, chosen)


def change_page(user: User, slug: str, activity_id: UUID) -> tuple[ReportPage, Activity]:
    """What a correction may choose from, and what stands there now. Raises Missing, Forbidden."""
    row = _row(user, slug, activity_id)
    if not may_change_activity(user, row):
        raise Forbidden(Problem("access.forbidden", values={"what": "mengubah laporan kegiatan ini"}))
    page = _choices(user, row.cycle, row.lokus, [row.lokus], None)
    return (replace(page, families=()) if _tells_health(user, row) else page), row


def _tells_health(user: User, row: Activity) -> bool:
    """Whether it was done for a need of health that is kept from this person: then whom it reached would tell it."""
    version = primary_of(row.cycle)
    if version is None:
        return False
    apart = apart_from(user, row.lokus, version).indicators
    about = Q(commitments__indicator__in=apart) | Q(commitments__served__need__indicator__in=apart)
    return Activity.objects.filter(about, pk=row.pk).exists()


def _choices(user: User, cycle: Cycle, lokus: Lokus, loci: Sequence[Lokus], chosen: Commitment | None) -> ReportPage:
    rows = Agency.objects.filter(within_q("place__code", cycle.place.code), valid_to=None).order_by("short_name", "pk")
    agencies = [row for row in rows if may_report_for(user, lokus, row)]
    own = {row.pk for row in agencies}
    served = commitments_for(user).filter(cycle=cycle, state__in=_SERVED).order_by("number")
    families = households_for(user).filter(lokus=lokus).order_by("code")
    return ReportPage(
        cycle=cycle_ref(cycle),
        lokus=lokus_ref(lokus),
        loci=tuple(lokus_ref(each) for each in loci),
        agencies=tuple((row.pk, row.short_name) for row in agencies),
        free=may_report_for(user, lokus, None),
        commitments=tuple(_choice(row) for row in served if row.lokus_id in {None, lokus.pk} and row.agency_id in own),
        families=tuple(FamilyChoice(row.uuid, row.code, f"RT {row.rt}/RW {row.rw}") for row in families),
        today=today_in(cycle),
        chosen=None if chosen is None else _choice(chosen),
    )


def photo_of(user: User, slug: str, activity_id: UUID) -> tuple[bytes, str]:
    """The photo without what the camera wrote into it, and its type; to those outside its public copy.

    Raises Missing where there is none for her.
    """
    row = _row(user, slug, activity_id)
    own = row.photo is not None and may_see_photo(user, row)
    stored = row.photo if own else public_copy_of(row)
    if stored is None:
        raise Missing(Problem("access.missing"))
    try:
        content = stored.content()
    except (CannotUnsealError, OSError) as error:
        raise Missing(Problem("access.missing")) from error
    return (without_metadata(content), TYPES[kind_of(content)]) if own else (content, stored.content_type)


def _photo_kind(user: User, row: Activity) -> str:
    if row.photo is not None and may_see_photo(user, row):
        return row.photo.content_type
    copy = public_copy_of(row)
    return "" if copy is None else copy.content_type
