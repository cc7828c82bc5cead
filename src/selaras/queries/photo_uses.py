"""What families let their photos be used for: the newest word of the family, narrowed by the newest of the photo.

Until a family has said anything a photo may be shown to jurors and to nobody else. Who keeps the records may look at
what came, to check it, as long as one use is left: of a photo that may be used for nothing nobody is shown anything.
Source: UU 27/2022 art. 20-22 (consent is explicit, for a purpose) and 9 (it can be withdrawn).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from selaras.access import arrivals_for, demand, may_see_arrivals, may_set_photo_consent
from selaras.models import ArrivalFile, Household, PhotoConsent, PhotoUse, User
from selaras.queries.household import household_of
from selaras.queries.programme import cycle_ref, lokus_ref
from selaras.queries.refs import CycleRef, LokusRef

#: Photos that one page lists.
MOST_PHOTOS = 60
#: What holds while nobody has been asked.
DEFAULT = frozenset({PhotoUse.JURY.value})
EVERY = frozenset(PhotoUse.values)


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One word of a family: about one photo where `photo` is its name. `via_form`: said in a form. `by` is '' where the
    word was brought back after an older backup."""

    uses: tuple[str, ...]
    photo: str
    by: str
    at: datetime
    via_form: bool


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """One photo of a family and what it may be used for; `arrival` leads to it, None where it is not hers to open."""

    file: int
    name: str
    received_at: datetime
    arrival: UUID | None
    uses: tuple[str, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class PhotoConsentsPage:
    """How it stands for a family: `uses` in order, `asked` whether it ever was, its photos, and the history, the newest
    first. `own` of a photo: something was said of it alone."""

    cycle: CycleRef
    lokus: LokusRef
    code: str
    uses: tuple[str, ...]
    asked: bool
    photos: tuple[PhotoLine, ...]
    history: tuple[ConsentLine, ...]


def uses_of(household: Household) -> frozenset[str]:
    """What that family lets its photos be used for."""
    newest = PhotoConsent.objects.filter(household=household, file__isnull=True).order_by("-at", "-pk").first()
    return DEFAULT if newest is None else frozenset(newest.uses)


def uses_of_families(families: QuerySet[Household]) -> Mapping[int, frozenset[str]]:
    """The same of many, those that have said anything. One statement."""
    rows = PhotoConsent.objects.filter(household__in=families.order_by().values("pk"), file__isnull=True)
    return {family: frozenset(uses) for family, uses in rows.order_by("at", "pk").values_list("household_id", "uses")}


def uses_of_files(files: Collection[int]) -> Mapping[int, frozenset[str]]:
    """The same of photos, each narrowed by what was said of it. A form that waits goes by the family that it names; of
    one that names none, the default."""
    families = _families_of(files)
    rows = PhotoConsent.objects.filter(household__in={each for each in families.values() if each is not None})
    of_family: dict[int, frozenset[str]] = {}
    of_file: dict[int, frozenset[str]] = {}
    for household, file, uses in rows.order_by("at", "pk").values_list("household_id", "file_id", "uses"):
        if file is None:
            of_family[household] = frozenset(uses)
        else:
            of_file[file] = frozenset(uses)
    return {file: of_family.get(family or 0, DEFAULT) & of_file.get(file, EVERY) for file, family in families.items()}


def _families_of(files: Collection[int]) -> dict[int, int | None]:
    """Photo -> its family, also where the form was not let in yet."""
    rows = list(ArrivalFile.objects.filter(pk__in=files).values_list("pk", "arrival__household", "arrival__about"))
    named = {str(about) for _, household, about in rows if household is None and about is not None}
    waiting = dict(Household.objects.filter(uuid__in=named).values_list("uuid", "pk")) if named else {}
    return {file: household if household is not None else waiting.get(about) for file, household, about in rows}


def may_be_used(file: int, use: PhotoUse) -> bool:
    """Whether that photo may be used so: what every place asks that shows one to more than who keeps the records."""
    return use in uses_of_files([file]).get(file, frozenset())


def ordered(uses: Collection[str]) -> tuple[str, ...]:
    """In the order in which they are asked."""
    return tuple(use for use in PhotoUse.values if use in uses)


def photo_consents_page(user: User, cycle_slug: str, code: str, household: str) -> PhotoConsentsPage:
    """The whole page. Statements do not grow with photos. Raises as `queries.household.household_of`, Forbidden."""
    family = household_of(user, cycle_slug, code, household)
    demand(may_set_photo_consent, user, family)
    rows = PhotoConsent.objects.filter(household=family).select_related("by", "file").order_by("-at", "-pk")
    history = tuple(
        ConsentLine(
            ordered(row.uses),
            row.file.name if row.file else "",
            "" if row.by is None else row.by.get_full_name() or row.by.username,
            row.at,
            row.arrival_id is not None,
        )
        for row in rows
    )
    return PhotoConsentsPage(
        cycle=cycle_ref(family.lokus.cycle),
        lokus=lokus_ref(family.lokus),
        code=family.code,
        uses=ordered(uses_of(family)),
        asked=any(not line.photo for line in history),
        photos=_photos(user, family, {row.file_id for row in rows}),
        history=history,
    )


def _photos(user: User, family: Household, said: Collection[int | None]) -> tuple[PhotoLine, ...]:
    rows = ArrivalFile.objects.filter(arrival__household=family, file__content_type__startswith="image/")
    files = list(rows.select_related("arrival").defer("arrival__raw").order_by("-received_at", "-pk")[:MOST_PHOTOS])
    opens = arrivals_for(user, family.lokus.cycle).filter(pk__in={file.arrival_id for file in files})
    hers = set(opens.values_list("pk", flat=True)) if may_see_arrivals(user, family.lokus.cycle) else set()
    uses = uses_of_files([file.pk for file in files])
    return tuple(
        PhotoLine(
            file.pk,
            file.name,
            file.received_at,
            file.arrival.uuid if file.arrival_id in hers and uses[file.pk] else None,
            ordered(uses[file.pk]),
            file.pk in said,
        )
        for file in files
    )
