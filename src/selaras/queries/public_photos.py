"""Photos that may leave the office: the one source for juries, dossiers and the public.

A photo is here only while a person's word stands that what is to be hidden is hidden, or that nobody is on it
(actions/blurring.py), and only as that copy. What was refused, or taken back, is not here; nor is the photo of an
activity for a family that does not let its photos be used so: until it has said anything, for jurors alone. Whoever
makes a page or a package for those outside asks here, and never the evidence itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, QuerySet

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
from selaras.queries.photo_uses import DEFAULT, uses_of_families


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

    Four statements.
    """
    rows = _public(user).filter(cycle=cycle)
    rows = rows if lokus is None else rows.filter(lokus=lokus)
    rows = rows.filter(state=EvidenceState.VERIFIED) if verified else rows
    unwilling = unwilling_activities(Activity.objects.filter(pk__in=rows.order_by().values("activity")), use)
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
        if row.activity_id not in unwilling
    )


def public_bytes(user: Actor, photo_id: UUID, *, use: PhotoUse = PhotoUse.REPORT) -> bytes:
    """The copy, as JPEG without a word of the camera. Raises Missing for any photo that nobody has confirmed, or of a
    family that does not let it be used so."""
    row = one(_public(user).select_related("blur__public__key"), uuid=photo_id)
    if row.activity is not None and unwilling_activities(Activity.objects.filter(pk=row.activity.pk), use):
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
    if unwilling_activities(Activity.objects.filter(pk=activity.pk), PhotoUse.JURY):
        return None
    rows = Blur.objects.filter(evidence__activity=activity, evidence__deleted_at__isnull=True)
    rows = rows.filter(confirmed_at__isnull=False).exclude(evidence__state=EvidenceState.REFUSED)
    found = rows.select_related("public__key").first()
    return None if found is None else found.public


def unwilling_activities(activities: QuerySet[Activity], use: PhotoUse) -> frozenset[int]:
    """Those that served a family which does not let its photos be used so. Two statements.

    Who was never asked lets jurors see them (`photo_uses.DEFAULT`). Who was forgotten or asked to be left alone lets
    them be used for nothing: its word went with it, and nobody can show that it had allowed any. For a family that was
    found to be another, that one speaks.
    """
    said = uses_of_families(Household.objects.filter(activities__in=activities.order_by().values("pk")))
    served = Activity.households.through.objects.filter(activity__in=activities.order_by().values("pk"))
    counted = ExpressionWrapper(Household.counted("household__"), output_field=BooleanField())
    rows = served.values_list("activity", "household", "household__erased_at", "household__restricted_at", counted)
    return frozenset(
        activity
        for activity, family, erased_at, restricted_at, counts in rows
        if erased_at or restricted_at or use not in said.get(family, DEFAULT if counts else frozenset({use}))
    )


def _public(user: Actor) -> QuerySet[Evidence]:
    rows = evidence_for(user).filter(kind=EvidenceKind.PHOTO, blur__confirmed_at__isnull=False)
    return rows.exclude(state=EvidenceState.REFUSED).select_related("activity", "blur")
