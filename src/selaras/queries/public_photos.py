"""Photos that may leave the office: the one source for juries, dossiers and the public.

A photo is here only while a person's word stands that what is to be hidden is hidden, or that nobody is on it
(actions/blurring.py), and only as that copy. What was refused, or taken back, is not here; nor is the photo of an
activity for a family that said of its photos what they may be used for, and not for this. Whoever makes a page or a
package for those outside asks here, and never the evidence itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from selaras.access import Actor, evidence_for, one
from selaras.errors import Missing, Problem
from selaras.models import (
    Activity,
    Blur,
    CannotUnsealError,
    Cycle,
    Evidence,
    EvidenceKind,
    EvidenceState,
    Household,
    Lokus,
    PhotoUse,
    StoredFile,
)
from selaras.queries.photo_uses import uses_of_families


@dataclass(frozen=True, slots=True)
class PublicPhoto:
    """What may be said of it outside. `on` is the day of the activity that it shows, None where it shows none.

    `uses` are (instrument, indicator) whose citation somebody has vouched for.
    """

    id: UUID
    caption: str
    lokus: str
    area: str
    on: date | None
    width: int
    height: int
    nobody: bool
    uses: tuple[tuple[str, str], ...]


def public_photos(
    user: Actor, cycle: Cycle, lokus: Lokus | None = None, *, verified: bool = True, use: PhotoUse = PhotoUse.REPORT
) -> tuple[PublicPhoto, ...]:
    """Those of a year, or of one lokus, that she sees, by lokus and day. `verified`: only what somebody vouched for.

    Three statements.
    """
    rows = _public(user).filter(cycle=cycle)
    if unwilling := _unwilling(Household.objects.filter(activities__cycle=cycle), use):
        rows = rows.exclude(activity__in=Activity.objects.filter(households__in=unwilling))
    rows = rows if lokus is None else rows.filter(lokus=lokus)
    rows = rows.filter(state=EvidenceState.VERIFIED) if verified else rows
    return tuple(
        PublicPhoto(
            id=row.uuid,
            caption=row.caption,
            lokus="" if row.lokus is None else row.lokus.place.name,
            area=row.area,
            on=None if row.activity is None else row.activity.on,
            width=row.blur.width,
            height=row.blur.height,
            nobody=row.blur.nobody,
            uses=tuple(
                (use.instrument, use.indicator)
                for use in row.uses.all()
                if use.state == EvidenceState.VERIFIED and use.indicator
            ),
        )
        for row in rows.prefetch_related("uses").order_by("area", "activity__on", "received_at", "pk")
    )


def public_bytes(user: Actor, photo_id: UUID, *, use: PhotoUse = PhotoUse.REPORT) -> bytes:
    """The copy, as JPEG without a word of the camera. Raises Missing for any photo that nobody has confirmed, or of a
    family that does not let it be used so."""
    row = one(_public(user).select_related("blur__public__key"), uuid=photo_id)
    if row.activity is not None and _unwilling(row.activity.households.all(), use):
        raise Missing(Problem("access.missing"))
    try:
        if row.blur.public is None:
            raise Missing(Problem("access.missing"))
        return row.blur.public.content()
    except (CannotUnsealError, OSError) as error:
        raise Missing(Problem("access.missing")) from error


def public_copy_of(activity: Activity) -> StoredFile | None:
    """The public copy of that activity's photo, for jurors who may see the activity; None where there is none, or where
    a family that it served does not want to be seen by them."""
    if _unwilling(activity.households.all(), PhotoUse.JURY):
        return None
    rows = Blur.objects.filter(evidence__activity=activity, evidence__deleted_at__isnull=True)
    rows = rows.filter(confirmed_at__isnull=False).exclude(evidence__state=EvidenceState.REFUSED)
    found = rows.select_related("public__key").first()
    return None if found is None else found.public


def _unwilling(families: QuerySet[Household], use: PhotoUse) -> list[int]:
    """Those that have said what their photos may be used for, and not for this. Who was never asked is not among them:
    what leaves is a copy on which nobody is to be known. One statement.
    """
    return [family for family, uses in uses_of_families(families).items() if use not in uses]


def _public(user: Actor) -> QuerySet[Evidence]:
    rows = evidence_for(user).filter(kind=EvidenceKind.PHOTO, blur__confirmed_at__isnull=False)
    return rows.exclude(state=EvidenceState.REFUSED).select_related("activity", "blur")
