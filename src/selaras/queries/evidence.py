"""Evidence as pages show it: the list of a year, one piece with its passport, and what its files are served as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from selaras.access import (
    Actor,
    demand,
    desk_for,
    evidence_for,
    loci_for,
    may_add_evidence,
    may_add_year_evidence,
    may_change_evidence,
    may_keep_codes,
    may_open_desk,
    may_open_evidence,
    may_see_year_evidence,
    may_set_point,
    may_take_original,
    may_verify_evidence,
    one,
    the_cycle,
)
from selaras.errors import Forbidden, Missing, Problem
from selaras.models import (
    Cycle,
    Evidence,
    EvidenceKind,
    EvidenceState,
    EvidenceUse,
    Lokus,
    LokusPoint,
    User,
)
from selaras.queries.evidence_labels import Group, Labels, code_groups, labels_of
from selaras.queries.photos import without_metadata
from selaras.queries.plans import agencies_of
from selaras.queries.programme import cycle_ref, lokus_ref
from selaras.queries.refs import CycleRef, LokusRef

PAGE_SIZE: Final = 30


@dataclass(frozen=True, slots=True)
class UseLine:
    """One citation: for the indicator `label` of `source` in `lokus`, or for a code. `mine`: she cited it herself."""

    id: int
    value: str
    label: str
    source: str
    lokus: str
    state: str
    reason: str
    mine: bool


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One piece with its passport. `doubts` are codes; `metres` and `taken_at` what a camera said, never where.

    `opens`: she may open the file; `activity` is (id, title) of the report that it is the photo of.
    """

    id: UUID
    version: int
    kind: str
    caption: str
    filename: str
    media_type: str
    size: int
    url: str
    sha256: str
    lokus: LokusRef | None
    agency: str
    activity: tuple[UUID, str] | None
    received_at: datetime
    taken_at: datetime | None
    metres: int | None
    points: str
    uploaded_by: str
    state: str
    decided_by: str
    decided_at: datetime | None
    reason: str
    doubts: tuple[str, ...]
    uses: tuple[UseLine, ...]
    opens: bool

    @property
    def shown(self) -> bool:
        """Whether a browser can draw it on a page."""
        return self.opens and self.media_type in {"image/jpeg", "image/png"}

    @property
    def title(self) -> str:
        """What it is called on a page."""
        return self.caption or self.filename or self.url


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is filtered by; '' is all. `use` is `instrument:indicator`."""

    lokus: str = ""
    state: str = ""
    kind: str = ""
    use: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """What she may bring back that was taken back lately."""

    id: UUID
    title: str
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list as filtered. `counts` has each state's number before filtering by it; `desk` what waits for her;
    `may_point`: she may say where the lokus is that was asked for."""

    cycle: CycleRef
    asked: Asked
    use_label: str
    rows: tuple[EvidenceLine, ...]
    total: int
    counts: Mapping[str, int]
    page: int
    pages: int
    loci: tuple[LokusRef, ...]
    removed: tuple[Removed, ...]
    may_add: bool
    may_decide: bool
    may_codes: bool
    may_point: bool
    desk: int


@dataclass(frozen=True, slots=True)
class AddPage:
    """What new evidence may say. `lokus` is None for what is of the whole year; `year`: she may bring such."""

    cycle: CycleRef
    lokus: LokusRef | None
    loci: tuple[LokusRef, ...]
    year: bool
    agencies: tuple[tuple[int, str], ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class OnePage:
    """One piece, and what she may do with it."""

    cycle: CycleRef
    line: EvidenceLine
    may_change: bool
    may_verify: bool
    may_original: bool


def decided_uses() -> Prefetch[str, QuerySet[EvidenceUse], str]:
    """The citations of evidence with all that a line says of them, in one statement."""
    rows = EvidenceUse.objects.select_related("lokus__place", "item__list").order_by("id")
    return Prefetch("uses", queryset=rows)


def with_lines(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Rows of a scope with all that `Reader.line` reads."""
    found = rows.select_related(
        "cycle__place", "lokus__place__parent", "agency", "activity", "uploaded_by", "decided_by"
    )
    return found.prefetch_related(decided_uses())


class Reader:
    """Turns rows into lines for one person: two statements, however many rows."""

    def __init__(self, user: Actor, cycle: Cycle, labels: Labels | None = None) -> None:
        self._user = user
        self._zone = cycle.place.zone
        self.labels = labels or labels_of(cycle)
        points = LokusPoint.objects.filter(lokus__cycle=cycle)
        self._radius = dict(points.values_list("lokus_id", "radius"))

    def line(self, row: Evidence) -> EvidenceLine:
        """One piece; it must come from `with_lines`."""
        return EvidenceLine(
            id=row.uuid,
            version=row.version,
            kind=row.kind,
            caption=row.caption,
            filename=row.filename,
            media_type=row.media_type,
            size=row.size,
            url=row.url,
            sha256=row.sha256,
            lokus=None if row.lokus is None else lokus_ref(row.lokus),
            agency="" if row.agency is None else row.agency.short_name,
            activity=None if row.activity is None else (row.activity.uuid, row.activity.title),
            received_at=row.received_at,
            taken_at=row.taken_at,
            metres=row.metres,
            points=f"{row.width} × {row.height}" if row.width and row.height else "",
            uploaded_by=str(row.uploaded_by) if row.uploaded_by else "",
            state=row.state,
            decided_by=str(row.decided_by) if row.decided_by else "",
            decided_at=row.decided_at,
            reason=row.reason,
            doubts=self._doubts(row),
            uses=tuple(self._use(use) for use in row.uses.all()),
            opens=may_open_evidence(self._user, row),
        )

    def _doubts(self, row: Evidence) -> tuple[str, ...]:
        """What was found when it was read, and what is known by now: the lokus's point, the report's day."""
        found = [str(doubt) for doubt in row.doubts]
        if row.metres is not None and row.lokus_id is not None and row.metres > self._radius.get(row.lokus_id, 0):
            found.append("far")
        if row.activity is not None and row.taken_at is not None:
            found += ["other_day"] if row.taken_at.astimezone(self._zone).date() != row.activity.on else []
        return tuple(found)

    def _use(self, use: EvidenceUse) -> UseLine:
        mine = isinstance(self._user, User) and use.by_id == self._user.pk
        if use.item is not None:
            value, label = f"kode:{use.item_id}", f"{use.item.code} {use.item.text}"
            return UseLine(use.pk, value, label, use.item.list.title, "", use.state, use.reason, mine)
        value = f"{use.instrument}:{use.indicator}"
        source = self.labels.instruments.get(use.instrument, use.instrument)
        lokus = "" if use.lokus is None else use.lokus.place.name
        label = self.labels.label(use.instrument, use.indicator)
        return UseLine(use.pk, value, label, source, lokus, use.state, use.reason, mine)


def waiting_q() -> Q:
    """What somebody has to look at: it, or one of its citations."""
    waits = EvidenceUse.objects.filter(state=EvidenceState.WAITING).values("evidence")
    return Q(state=EvidenceState.WAITING) | Q(pk__in=waits)


# --- the list ---------------------------------------------------------------------------------------------------------
def list_page(user: User, slug: str, asked: Asked, *, page: int = 1) -> ListPage:
    """The evidence of a year that she sees and that fits, newest first. Its statements do not grow.

    Raises Missing, or Forbidden for who is not the city's own.
    """
    cycle = the_cycle(user, slug)
    demand(may_see_year_evidence, user, cycle)
    loci = _loci(user, cycle)
    reader = Reader(user, cycle)
    rows = _filtered(evidence_for(user).filter(cycle=cycle), asked)
    counts: dict[str, int] = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    found = rows.filter(state=asked.state) if asked.state in EvidenceState.values else rows
    total = found.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = with_lines(found).order_by("-received_at", "-pk")[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    decides = may_open_desk(user, cycle)
    instrument, _, indicator = asked.use.partition(":")
    return ListPage(
        cycle=cycle_ref(cycle),
        asked=asked,
        use_label=reader.labels.label(instrument, indicator) if asked.use else "",
        rows=tuple(reader.line(row) for row in shown),
        total=total,
        counts=counts,
        page=page,
        pages=pages,
        loci=tuple(lokus_ref(each) for each in loci),
        removed=_removed(user, cycle),
        may_add=may_add_year_evidence(user, cycle) or any(may_add_evidence(user, each) for each in loci),
        may_decide=decides,
        may_codes=may_keep_codes(user, cycle),
        may_point=any(each.area == asked.lokus and may_set_point(user, each) for each in loci),
        desk=desk_for(user, cycle).filter(waiting_q()).count() if decides else 0,
    )


def _loci(user: User, cycle: Cycle) -> list[Lokus]:
    return list(loci_for(user).filter(cycle=cycle).select_related("place__parent", "cycle__place").order_by("area"))


def _filtered(rows: QuerySet[Evidence], asked: Asked) -> QuerySet[Evidence]:
    if asked.lokus:
        rows = rows.filter(lokus__area=asked.lokus)
    if asked.kind in EvidenceKind.values:
        rows = rows.filter(kind=asked.kind)
    instrument, _, indicator = asked.use.partition(":")
    if instrument and indicator:
        uses = EvidenceUse.objects.filter(instrument=instrument, indicator=indicator)
        uses = uses.filter(lokus__area=asked.lokus) if asked.lokus else uses
        rows = rows.filter(pk__in=uses.values("evidence"))
    return rows


def _removed(user: User, cycle: Cycle) -> tuple[Removed, ...]:
    rows = Evidence.objects.filter(cycle=cycle, deleted_at__isnull=False).select_related("cycle__place", "lokus__place")
    found = [row for row in rows.order_by("-deleted_at")[:20] if may_change_evidence(user, row)]
    return tuple(Removed(row.uuid, str(row), row.deleted_at) for row in found[:5] if row.deleted_at is not None)


# --- one, and a new one -----------------------------------------------------------------------------------------------
def one_page(user: User, slug: str, evidence_id: UUID) -> OnePage:
    """One piece. Raises Missing."""
    row = _row(user, slug, evidence_id)
    return OnePage(
        cycle=cycle_ref(row.cycle),
        line=Reader(user, row.cycle).line(row),
        may_change=may_change_evidence(user, row),
        may_verify=may_verify_evidence(user, row),
        may_original=row.file_id is not None and may_take_original(user, row),
    )


def _row(user: User, slug: str, evidence_id: UUID) -> Evidence:
    rows = with_lines(evidence_for(user)).select_related("file__key", "key")
    return one(rows, uuid=evidence_id, cycle__slug=slug)


def add_page(user: User, slug: str, code: str | None) -> AddPage:
    """What new evidence may say. `code` is the lokus, '' the whole year, None her first lokus.

    Raises Missing, or Forbidden where she may bring evidence nowhere in this year.
    """
    cycle = the_cycle(user, slug)
    loci = [each for each in _loci(user, cycle) if may_add_evidence(user, each)]
    year = may_add_year_evidence(user, cycle)
    if not loci and not year:
        raise Forbidden(Problem("access.forbidden", values={"what": "mengirim bukti dukung di tahun program ini"}))
    lokus = next((each for each in loci if code is None or each.area == code), None)
    if lokus is None and not (year and not code):
        raise Missing(Problem("access.missing"))
    return _choices(user, cycle, lokus, loci, year=year)


def change_page(user: User, slug: str, evidence_id: UUID) -> tuple[AddPage, EvidenceLine, int | None]:
    """What a piece may be cited for instead, how it stands, and its agency. Raises Missing, Forbidden."""
    row = _row(user, slug, evidence_id)
    if not may_change_evidence(user, row):
        raise Forbidden(Problem("access.forbidden", values={"what": "mengubah bukti dukung ini"}))
    page = _choices(user, row.cycle, row.lokus, (), year=row.lokus is None)
    return page, Reader(user, row.cycle).line(row), row.agency_id


def _choices(user: User, cycle: Cycle, lokus: Lokus | None, loci: Iterable[Lokus], *, year: bool) -> AddPage:
    return AddPage(
        cycle=cycle_ref(cycle),
        lokus=None if lokus is None else lokus_ref(lokus),
        loci=tuple(lokus_ref(each) for each in loci),
        year=year,
        agencies=tuple(agencies_of(cycle).filter(valid_to=None).values_list("pk", "short_name")),
        groups=(*labels_of(cycle).groups, *code_groups(user, cycle)),
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """What a phone may send evidence of: loci as (code, name), and what for as (heading, ((value, label), …))."""

    loci: tuple[tuple[str, str], ...]
    uses: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def offered(user: User, slug: str) -> Offered:
    """For a browser to keep: it names no family. Nothing where she may bring none. Raises Missing."""
    cycle = the_cycle(user, slug)
    loci = tuple((each.area, each.place.name) for each in _loci(user, cycle) if may_add_evidence(user, each))
    groups = (*labels_of(cycle).groups, *code_groups(user, cycle)) if loci else ()
    return Offered(
        loci, tuple((each.title, tuple((choice.value, choice.label) for choice in each.choices)) for each in groups)
    )


# --- files ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Served:
    """Bytes for a browser: a photo without what its camera wrote, a document as it came."""

    content: bytes
    media_type: str
    filename: str


def file_of(user: User, slug: str, evidence_id: UUID) -> Served:
    """The file that she may open. Raises Missing where there is none, Forbidden where it is not hers to open."""
    row = _row(user, slug, evidence_id)
    if row.file is None:
        raise Missing(Problem("access.missing"))
    if not may_open_evidence(user, row):
        raise Forbidden(Problem("access.forbidden", values={"what": "membuka berkas bukti dukung ini"}))
    content = row.file.content()
    if row.kind == EvidenceKind.PHOTO:
        content = without_metadata(content)
    return Served(content, row.media_type, row.filename)


# --- where a lokus is -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PointPage:
    """Where a lokus is, as the office said it; None where nobody has. `photos` have a place, `far` of them are not."""

    cycle: CycleRef
    lokus: LokusRef
    point: tuple[float, float] | None
    radius: int
    photos: int
    far: int


def point_page(user: User, slug: str, code: str) -> PointPage:
    """Raises Missing, Forbidden for who does not keep the lokus."""
    rows = loci_for(user).select_related("place__parent", "cycle__place")
    lokus = one(rows, cycle__slug=slug, area=code)
    if not may_set_point(user, lokus):
        raise Forbidden(Problem("access.forbidden", values={"what": "menentukan titik lokus ini"}))
    point = LokusPoint.objects.filter(lokus=lokus).first()
    photos = evidence_for(user).filter(lokus=lokus, place__isnull=False)
    return PointPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        point=None if point is None else (point.north, point.east),
        radius=1500 if point is None else point.radius,
        photos=photos.count(),
        far=0 if point is None else photos.filter(metres__gt=point.radius).count(),
    )
