"""What families let their photos be used for: the newest word of the family, narrowed by the newest of the photo.

Until a family has said anything a photo may be shown to jurors and to nobody else. Who keeps the records may look at
what came, to check it, as long as one use is left: of a photo that may be used for nothing nobody is shown anything.
Source: UU 27/2022 art. 20-22 (consent is explicit, for a purpose) and 9 (it can be withdrawn).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from selaras.models import ArrivalFile, Household, PhotoConsent, PhotoUse

#: What holds while nobody has been asked.
DEFAULT = frozenset({PhotoUse.JURY.value})
EVERY = frozenset(PhotoUse.values)


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One word of a family: about one photo where `photo` is its name. `via_form`: said in a form."""

    uses: tuple[str, ...]
    photo: str
    by: str
    at: datetime
    via_form: bool


@dataclass(frozen=True, slots=True)
class PhotoConsents:
    """How it stands for a family: `uses` in order, `asked` whether it ever was, the history with the newest first."""

    uses: tuple[str, ...]
    asked: bool
    photos: int
    history: tuple[ConsentLine, ...]


def uses_of(household: Household) -> frozenset[str]:
    """What that family lets its photos be used for."""
    newest = PhotoConsent.objects.filter(household=household, file__isnull=True).order_by("-at", "-pk").first()
    return DEFAULT if newest is None else frozenset(newest.uses)


def uses_of_files(files: Collection[int]) -> Mapping[int, frozenset[str]]:
    """The same of photos, each narrowed by what was said of it; of a form without a known family, the default."""
    families = dict(ArrivalFile.objects.filter(pk__in=files).values_list("pk", "arrival__household"))
    rows = PhotoConsent.objects.filter(household__in={each for each in families.values() if each is not None})
    of_family: dict[int, frozenset[str]] = {}
    of_file: dict[int, frozenset[str]] = {}
    for household, file, uses in rows.order_by("at", "pk").values_list("household_id", "file_id", "uses"):
        if file is None:
            of_family[household] = frozenset(uses)
        else:
            of_file[file] = frozenset(uses)
    return {file: of_family.get(family or 0, DEFAULT) & of_file.get(file, EVERY) for file, family in families.items()}


def may_be_used(file: int, use: PhotoUse) -> bool:
    """Whether that photo may be used so: what every place asks that shows one to more than who keeps the records."""
    return use in uses_of_files([file]).get(file, frozenset())


def ordered(uses: Collection[str]) -> tuple[str, ...]:
    """In the order in which they are asked."""
    return tuple(use for use in PhotoUse.values if use in uses)


def consents_of(household: Household) -> PhotoConsents:
    """How it stands for that family, and how it came so. Three statements."""
    rows = PhotoConsent.objects.filter(household=household).select_related("by", "file").order_by("-at", "-pk")
    history = tuple(
        ConsentLine(
            ordered(row.uses),
            row.file.name if row.file else "",
            row.by.get_full_name(),
            row.at,
            row.arrival_id is not None,
        )
        for row in rows
    )
    return PhotoConsents(
        uses=ordered(uses_of(household)),
        asked=any(not line.photo for line in history),
        photos=ArrivalFile.objects.filter(arrival__household=household, named=True).count(),
        history=history,
    )
