"""Photos on their way to those outside the office: which wait for a person, one to decide on, and its two pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from selaras.access import (
    Actor,
    demand,
    evidence_for,
    may_blur,
    may_open_evidence,
    may_prepare_photos,
    one,
    the_cycle,
)
from selaras.errors import Missing, Problem
from selaras.models import (
    Activity,
    Blur,
    CannotUnsealError,
    Evidence,
    EvidenceKind,
    EvidenceState,
    PhotoUse,
    StoredFile,
    User,
)
from selaras.queries.programme import cycle_ref, lokus_ref
from selaras.queries.public_photos import unwilling_activities
from selaras.queries.refs import CycleRef, LokusRef

PAGE_SIZE: Final = 24
#: What waits for a person; what has a public copy; what cannot go out.
Stand = Literal["waiting", "ready", "closed"]
STANDS: Final[tuple[Stand, ...]] = ("waiting", "ready", "closed")


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the picture, in its points. `sure` is what the detector says of 100; None where a person drew it."""

    left: int
    top: int
    width: int
    height: int
    sure: int | None = None


@dataclass(frozen=True, slots=True)
class BlurLine:
    """One photo. `marked` is how many boxes the detector proposed, `hidden` how many are filled in the public copy.

    `state` is what whoever vouches says of the evidence; `decides`: she may say what is hidden. `unwilling`: it has a
    copy, and a family that its activity served has not allowed that reports show it.
    """

    id: UUID
    title: str
    lokus: LokusRef | None
    received_at: datetime
    stand: Stand
    state: str
    drawn: bool
    marked: int
    hidden: int
    nobody: bool
    confirmed_by: str
    confirmed_at: datetime | None
    decides: bool
    unwilling: bool = False


@dataclass(frozen=True, slots=True)
class BlursPage:
    """The photos of a year that she sees and that stand so. `first` is where she may begin."""

    cycle: CycleRef
    stand: Stand
    counts: Mapping[str, int]
    rows: tuple[BlurLine, ...]
    page: int
    pages: int
    first: UUID | None
    unseen: int


@dataclass(frozen=True, slots=True)
class BlurPage:
    """One photo to decide on: its sides in points, what was proposed, what stands drawn, and which comes next."""

    cycle: CycleRef
    line: BlurLine
    version: int
    width: int
    height: int
    detector: bool
    proposed: tuple[Box, ...]
    boxes: tuple[Box, ...]
    left: int
    next: UUID | None


def _photos(user: Actor, slug: str) -> QuerySet[Evidence]:
    """What was refused goes nowhere."""
    rows = evidence_for(user).filter(cycle__slug=slug, kind=EvidenceKind.PHOTO).exclude(state=EvidenceState.REFUSED)
    return rows.select_related("cycle__place", "lokus__place__parent", "blur__confirmed_by", "blur__work")


def _standing(stand: Stand) -> Q:
    if stand == "waiting":
        return Q(blur__work__isnull=False, blur__confirmed_at__isnull=True)
    return Q(blur__confirmed_at__isnull=False) if stand == "ready" else Q(blur__isnull=False, blur__work__isnull=True)


def blurs_page(user: User, slug: str, stand: Stand = "waiting", *, page: int = 1) -> BlursPage:
    """The photos of a year; those that wait oldest first, the others newest first. Raises Missing, Forbidden."""
    cycle = the_cycle(user, slug)
    demand(may_prepare_photos, user, cycle)
    rows = _photos(user, slug)
    counted = rows.order_by().aggregate(**{name: Count("pk", filter=_standing(name)) for name in STANDS})
    order = ("received_at", "pk") if stand == "waiting" else ("-received_at", "-pk")
    found = rows.filter(_standing(stand)).order_by(*order)
    pages = max(1, -(-counted[stand] // PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = list(found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    held = _held(shown)
    return BlursPage(
        cycle=cycle_ref(cycle),
        stand=stand,
        counts=counted,
        rows=tuple(_line(user, row, held) for row in shown),
        page=page,
        pages=pages,
        first=_next(user, slug, None),
        unseen=rows.filter(blur__isnull=True).count(),
    )


def blur_page(user: User, slug: str, evidence_id: UUID) -> BlurPage:
    """One of them. Raises Missing, where the worker has not come to it too; Forbidden."""
    cycle = the_cycle(user, slug)
    row = one(_photos(user, slug).filter(blur__isnull=False), uuid=evidence_id)
    demand(may_blur, user, row)
    blur = row.blur
    proposed = tuple(Box(*box) for box in blur.proposed)
    decided = blur.version > 1
    return BlurPage(
        cycle=cycle_ref(cycle),
        line=_line(user, row, _held([row])),
        version=blur.version,
        width=blur.width,
        height=blur.height,
        detector=bool(blur.detector),
        proposed=proposed,
        boxes=tuple(Box(*box) for box in blur.regions) if decided else proposed,
        left=_waiting_for(user, slug).count(),
        next=_next(user, slug, evidence_id),
    )


def prepares(user: User, slug: str) -> bool:
    """Whether the list of that year is hers to open. Raises Missing."""
    return may_prepare_photos(user, the_cycle(user, slug))


def stand_of(user: User, slug: str, evidence_id: UUID) -> Stand | None:
    """How that photo stands, where she may decide on it and the worker has drawn it."""
    row = _photos(user, slug).filter(blur__work__isnull=False, uuid=evidence_id).first()
    return _line(user, row).stand if row is not None and may_blur(user, row) else None


def _waiting_for(user: User, slug: str) -> QuerySet[Evidence]:
    return _photos(user, slug).filter(_standing("waiting"))


def _next(user: User, slug: str, other_than: UUID | None) -> UUID | None:
    """The oldest that waits and that she may decide on."""
    for row in _waiting_for(user, slug).order_by("received_at", "pk").iterator(50):
        if row.uuid != other_than and may_blur(user, row):
            return row.uuid
    return None


def _held(rows: Sequence[Evidence]) -> frozenset[int]:
    """The activities of those with a copy that no report shows yet, at the word of a family."""
    ready = [row.activity_id for row in rows if row.activity_id and row.blur.confirmed_at is not None]
    return unwilling_activities(Activity.objects.filter(pk__in=ready), PhotoUse.REPORT)


def _line(user: User, row: Evidence, held: frozenset[int] = frozenset()) -> BlurLine:
    blur: Blur | None = getattr(row, "blur", None)
    drawn = blur is not None and blur.work_id is not None
    ready = blur is not None and blur.confirmed_at is not None
    return BlurLine(
        id=row.uuid,
        title=row.caption or row.filename,
        lokus=None if row.lokus is None else lokus_ref(row.lokus),
        received_at=row.received_at,
        stand="ready" if ready else "waiting" if drawn else "closed",
        state=row.state,
        drawn=drawn,
        marked=0 if blur is None else len(blur.proposed),
        hidden=len(blur.regions) if blur is not None and ready else 0,
        nobody=blur is not None and blur.nobody,
        confirmed_by="" if blur is None or blur.confirmed_by is None else blur.confirmed_by.get_full_name(),
        confirmed_at=None if blur is None else blur.confirmed_at,
        decides=may_blur(user, row),
        unwilling=ready and row.activity_id in held,
    )


# --- its pictures -----------------------------------------------------------------------------------------------------
def work_of(user: User, slug: str, evidence_id: UUID) -> bytes:
    """The photo as it is looked at, with all who are on it: for who may open it. JPEG. Raises Missing, Forbidden."""
    row = one(_photos(user, slug).select_related("blur__work__key"), uuid=evidence_id)
    demand(may_open_evidence, user, row)
    blur: Blur | None = getattr(row, "blur", None)
    return _bytes(None if blur is None else blur.work)


def copy_of(user: User, slug: str, evidence_id: UUID) -> bytes:
    """The public copy, for who sees the evidence. JPEG. Raises Missing where nobody has confirmed one."""
    row = one(_photos(user, slug).select_related("blur__public__key"), uuid=evidence_id)
    blur: Blur | None = getattr(row, "blur", None)
    return _bytes(None if blur is None or blur.confirmed_at is None else blur.public)


def _bytes(stored: StoredFile | None) -> bytes:
    if stored is None:
        raise Missing(Problem("access.missing"))
    try:
        return stored.content()
    except (CannotUnsealError, OSError) as error:
        raise Missing(Problem("access.missing")) from error
