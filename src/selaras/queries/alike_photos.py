"""Photos that look like one of another home or of another round: how many, and the pairs side by side.

Alike are photos whose prints differ in NEAR bits of 64 at most. Calibrated on 300 drawn scenes: saved anew, halved,
lightened or cropped by 2.5 % a photo stays within 10 (97 of 100 within 8); of 44,850 pairs of different scenes one came
as near. A mirrored photo is not found. Copies byte for byte are found whatever is on them.
Source: imagehash.phash (Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from selaras.access import arrivals_for, checks_for, demand, may_see_checks, may_see_household, one
from selaras.models import ArrivalState, CheckKind, PhotoPrint, Submission, User
from selaras.queries.photo_uses import uses_of_files
from selaras.queries.programme import cycle_ref, lokus_in, lokus_ref
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref

#: Bits in which two prints may differ.
NEAR = 10
#: Photos of others that one page shows beside one of a form.
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Alike:
    """A photo (ids of ArrivalFile, Submission, Household, Round) and how far it is from the one it is like.

    `distance` is in bits; `exact` where it is a copy byte for byte.
    """

    file: int
    submission: int
    household: int
    round: int
    distance: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a form with all that it is like, the nearest first."""

    file: int
    name: str
    others: tuple[Alike, ...]


@dataclass(frozen=True, slots=True)
class _Print:
    file: int
    phash: int | None
    content: str
    submission: int
    household: int
    round: int
    name: str

    def told(self, distance: int, *, exact: bool) -> Alike:
        return Alike(self.file, self.submission, self.household, self.round, distance, exact)

    def is_other(self, other: _Print) -> bool:
        """Whether it is of another home or another round."""
        return (self.household, self.round) != (other.household, other.round)


def alike(cycle: int, submissions: Collection[int]) -> dict[int, tuple[Photo, ...]]:
    """Submission -> those photos of it that look like one of another home or round of the year.

    Photos of the same family in the same round are left out: a correction brings its photo along. Two statements; who
    has no photo costs one.
    """
    wanted = set(submissions)
    rows = PhotoPrint.objects.filter(cycle=cycle, file__arrival__state=ArrivalState.TAKEN)
    rows = rows.filter(file__arrival__submission__isnull=False)
    if not rows.filter(file__arrival__submission__in=wanted).exists():
        return {}
    everything = [
        _Print(*values)
        for values in rows.order_by("file_id").values_list(
            "file_id",
            "phash",
            "file__content_hash",
            "file__arrival__submission",
            "file__arrival__submission__household",
            "file__arrival__submission__round",
            "file__name",
        )
    ]
    near = _Near(everything)
    found: dict[int, list[Photo]] = {}
    for mine in everything:
        if mine.submission in wanted and (others := near.to(mine)):
            found.setdefault(mine.submission, []).append(Photo(mine.file, mine.name, others))
    return {submission: tuple(photos) for submission, photos in found.items()}


class _Near:
    """All prints of a year, to be compared with one at a time."""

    def __init__(self, everything: Sequence[_Print]) -> None:
        import numpy as np

        self._drawn = [each for each in everything if each.phash is not None]
        self._bits = np.array([each.phash for each in self._drawn], dtype=np.int64).view(np.uint64)
        self._copies: dict[str, list[_Print]] = defaultdict(list)
        for each in everything:
            self._copies[each.content].append(each)

    def to(self, mine: _Print) -> tuple[Alike, ...]:
        """What is like it: copies first, then by distance."""
        import numpy as np

        found = {each.file: each.told(0, exact=True) for each in self._copies[mine.content] if mine.is_other(each)}
        if mine.phash is not None:
            distances = np.bitwise_count(self._bits ^ np.int64(mine.phash).view(np.uint64))
            for place in np.flatnonzero(distances <= NEAR):
                each = self._drawn[place]
                if mine.is_other(each) and each.file not in found:
                    found[each.file] = each.told(int(distances[place]), exact=False)
        return tuple(sorted(found.values(), key=lambda one_: (not one_.exact, one_.distance, one_.file)))


# --- side by side -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PhotoSide:
    """A photo of a form. `arrival` and `file` lead to it; None where it is not hers to see, and `code` is ''.

    `barred`: its family lets it be used for nothing.
    """

    arrival: UUID | None
    file: int
    code: str
    lokus: str
    round: RoundRef
    sender: str
    received_at: datetime
    barred: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """One photo of the form beside one that it is like."""

    mine: PhotoSide
    other: PhotoSide
    distance: int
    exact: bool


@dataclass(frozen=True, slots=True)
class PhotoPairs:
    """The page of one signal: its family's code, the pairs, and how many more there are."""

    cycle: CycleRef
    lokus: LokusRef
    check: UUID
    code: str
    seen: bool
    pairs: tuple[Pair, ...]
    more: int


def photo_pairs(user: User, cycle_slug: str, code: str, check_id: UUID) -> PhotoPairs:
    """The photos behind a signal. Raises Missing, Forbidden for who does not keep the lokus."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_see_checks, user, lokus)
    check = one(checks_for(user).filter(lokus=lokus, kind=CheckKind.PHOTO), uuid=check_id)
    found = alike(lokus.cycle_id, [check.submission_id]).get(check.submission_id, ())
    pairs = [(photo.file, other) for photo in found for other in photo.others]
    shown = pairs[:SHOWN]
    sides = _sides(user, lokus.cycle_id, {file for pair in shown for file in (pair[0], pair[1].file)})
    return PhotoPairs(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        check=check.uuid,
        code=check.submission.household.code,
        seen=check.seen_at is not None,
        pairs=tuple(Pair(sides[file], sides[other.file], other.distance, other.exact) for file, other in shown),
        more=len(pairs) - len(shown),
    )


def _sides(user: User, cycle: int, files: Collection[int]) -> Mapping[int, PhotoSide]:
    rows = PhotoPrint.objects.filter(cycle=cycle, file__in=files)
    rows = rows.select_related(
        "file__arrival__by",
        "file__arrival__cycle__place",
        "file__arrival__submission__household__lokus__place",
        "file__arrival__submission__household__lokus__cycle",
        "file__arrival__submission__round",
    ).defer("file__arrival__raw", "file__arrival__submission__private", "file__arrival__submission__raw")
    prints = list(rows)
    cycle_of = prints[0].file.arrival.cycle if prints else None
    hers: set[int] = set()
    if cycle_of is not None:
        asked = [each.file.arrival_id for each in prints]
        hers = set(arrivals_for(user, cycle_of).filter(pk__in=asked).values_list("pk", flat=True))
    uses = uses_of_files(files)
    found = {}
    for each in prints:
        arrival, submission = each.file.arrival, _submission(each)
        sees = arrival.pk in hers and may_see_household(user, submission.household)
        found[each.file_id] = PhotoSide(
            arrival=arrival.uuid if sees else None,
            file=each.file_id,
            code=submission.household.code if sees else "",
            lokus=submission.household.lokus.place.name,
            round=round_ref(submission.round),
            sender=arrival.by.get_full_name() if sees else "",
            received_at=arrival.received_at,
            barred=not uses[each.file_id],
        )
    return found


def _submission(each: PhotoPrint) -> Submission:
    found = each.file.arrival.submission
    if found is None:
        raise ValueError(f"photo {each.file_id} of no submission")
    return found
