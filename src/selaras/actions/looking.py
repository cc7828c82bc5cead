"""Photos are looked at after they have come, by the worker: what to hide is proposed, the same shot is found again.

Here a picture that somebody sent is decoded, and nowhere that a person waits. Each is drawn once: its copy to look at
is kept under the key of its evidence, faces are proposed on it, how it looks is written down, and it is laid over
those photos of the same city that look alike. Photos that phones sent with the survey are compared with evidence
alone; among themselves actions/photos.py compares them.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from django.db import DatabaseError, transaction
from django.db.models import Max, QuerySet

from selaras.actions.jobs import Progress, enqueue_once
from selaras.models import (
    ArrivalFile,
    ArrivalState,
    Blur,
    CannotUnsealError,
    Evidence,
    EvidenceKind,
    PictureLook,
    PictureMatch,
    Reused,
    SearchHashes,
    StoredFile,
)
from selaras.reports.faces import detector, faces
from selaras.reports.likeness import Gallery, fit, mirrored_views, views
from selaras.reports.photos import Drawn, drawn, work_copy

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

#: Photos between two looks for newer ones.
BATCH: Final = 20
KIND: Final = "blurring.look"
log = logging.getLogger("selaras")
_Told = TypeVar("_Told")


def ask() -> bool:
    """Enqueue the job where a photo has come since the last one; whether there was any. Four look-ups by key."""
    newest = _evidence().aggregate(last=Max("pk"))["last"] or 0
    seen = PictureLook.objects.aggregate(evidence=Max("evidence"), file=Max("file"))
    sent = ArrivalFile.objects.aggregate(last=Max("pk"))["last"] or 0
    if newest <= (seen["evidence"] or 0) and sent <= (seen["file"] or 0):
        return False
    enqueue_once(by=None, kind=KIND)
    return True


def ask_missed(now: datetime | None = None) -> None:
    """Enqueue the job where any photo was not looked at. Called hourly."""
    del now
    if _evidence().filter(look=None).exists() or ArrivalFile.objects.filter(look=None).exists():
        enqueue_once(by=None, kind=KIND)


def look(progress: Progress) -> None:
    """Look at each new photo. Idempotent."""
    done, city = 0, _Cities()
    while True:
        waiting = _evidence().filter(look=None).select_related("file__key", "key", "cycle")
        evidence = list(waiting.order_by("pk")[:BATCH])
        sent = ArrivalFile.objects.filter(look=None).select_related("file__key", "arrival__cycle").order_by("pk")
        files = [] if evidence else list(sent.defer("arrival__raw")[:BATCH])
        if not evidence and not files:
            return
        for each in evidence:
            _look_at_evidence(each, city)
        for file in files:
            _look_at_file(file, city)
        done += len(evidence) + len(files)
        progress.say(done, note="melihat foto")


def _evidence() -> QuerySet[Evidence]:
    return Evidence.objects.filter(kind=EvidenceKind.PHOTO, deleted_at__isnull=True)


# --- one photo --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Seen:
    """A picture as it was drawn; `picture` and `looks` are None where it could not be, or is too plain."""

    picture: "Image | None"
    looks: bytes | None
    mirrored: bytes | None
    hash: str


def _seen(stored: StoredFile | None) -> _Seen:
    try:
        content = b"" if stored is None else stored.content()
    except (CannotUnsealError, OSError):
        return _Seen(None, None, None, "")
    picture = drawn(content)
    known = SearchHashes.load().content(content)
    if picture is None:
        return _Seen(None, None, None, known)
    looks = _or_none(picture, views)
    mirrored = None if looks is None else _or_none(picture, mirrored_views)
    return _Seen(picture, looks, mirrored, known)


def _or_none(picture: "Image", ask_of: "Callable[[Image], _Told | None]") -> "_Told | None":
    """None where it fails: one strange picture must not keep all that came after it waiting."""
    try:
        return ask_of(picture)
    except DatabaseError:
        raise
    except Exception:
        log.exception("satu foto tidak dapat dilihat")
        return None


def _look_at_evidence(evidence: Evidence, city: "_Cities") -> None:
    seen = _seen(evidence.file)
    work = None if seen.picture is None or evidence.key is None else _or_none(seen.picture, work_copy)
    proposed = None if seen.picture is None else _or_none(seen.picture, faces)
    matches = city.matches(evidence.cycle.place_id, seen, sha256=evidence.sha256)
    with transaction.atomic():
        # Taken back or gone meanwhile: nothing is kept of it.
        if not Evidence.objects.select_for_update().filter(pk=evidence.pk).exists():
            return
        blur = Blur(evidence=evidence, detector="" if proposed is None else detector())
        if work is not None:
            _keep(blur, work, evidence)
            blur.proposed = [[face.left, face.top, face.width, face.height, face.sure] for face in proposed or ()]
        blur.save(force_insert=True)
        made = PictureLook.objects.create(evidence=evidence, place_id=evidence.cycle.place_id, views=seen.looks)
        _keep_matches(made, matches)
    city.add(made)


def _keep(blur: Blur, work: Drawn, evidence: Evidence) -> None:
    blur.work = StoredFile.store(work.content, "image/jpeg", evidence.key)
    blur.width, blur.height = work.width, work.height


def _look_at_file(file: ArrivalFile, city: "_Cities") -> None:
    place = file.arrival.cycle.place_id
    practice = file.arrival.state == ArrivalState.PRACTICE
    seen = _Seen(None, None, None, "") if practice else _seen(file.file)
    matches = city.matches(place, seen)
    with transaction.atomic():
        if not ArrivalFile.objects.select_for_update().filter(pk=file.pk).exists():
            return
        made = PictureLook.objects.create(file=file, place_id=place, views=seen.looks)
        _keep_matches(made, matches)
    city.add(made)


# --- the same shot again ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Match:
    look: int
    how: str
    closeness: float


def _keep_matches(made: PictureLook, matches: list[_Match]) -> None:
    there = set(PictureLook.objects.filter(pk__in=[each.look for each in matches]).values_list("pk", flat=True))
    PictureMatch.objects.bulk_create(
        PictureMatch(later=made, earlier_id=each.look, how=each.how, closeness=round(each.closeness, 3))
        for each in matches
        if each.look in there
    )


class _Cities:
    """How all pictures of a city look, read once and then kept up to date while one job runs."""

    def __init__(self) -> None:
        self._rows: dict[int, list[tuple[int, bool, bytes]]] = {}

    def add(self, look: PictureLook) -> None:
        """A picture that was just looked at."""
        if look.views is not None:
            self._of(look.place_id).append((look.pk, look.evidence_id is not None, bytes(look.views)))

    def _of(self, place: int) -> list[tuple[int, bool, bytes]]:
        if place not in self._rows:
            rows = PictureLook.objects.filter(place=place, views__isnull=False).order_by("pk")
            found = rows.values_list("pk", "evidence", "views").iterator(500)
            self._rows[place] = [(pk, evidence is not None, bytes(looks or b"")) for pk, evidence, looks in found]
        return self._rows[place]

    def matches(self, place: int, seen: _Seen, *, sha256: str = "") -> list[_Match]:
        """The pictures of that city that are the same shot. `sha256` is of evidence, whose copies are found by it.

        What phones sent is compared with evidence alone.
        """
        copies = _copies(place, seen, sha256)
        if seen.picture is None or seen.looks is None or seen.mirrored is None:
            return copies
        rows = [(pk, looks) for pk, is_evidence, looks in self._of(place) if sha256 or is_evidence]
        known = {copy.look for copy in copies}
        found = copies
        for near in Gallery([looks for _pk, looks in rows]).nearest(seen.looks, seen.mirrored):
            look_id = rows[near.index][0]
            other = None if look_id in known else _picture_of(look_id)
            if other is None:
                continue
            laid = _or_none(seen.picture, partial(fit, other=other, mirrored=near.mirrored))
            if laid is not None and laid.same:
                found.append(_Match(look_id, laid.how, laid.closeness))
        return found


def _copies(place: int, seen: _Seen, sha256: str) -> list[_Match]:
    """Pictures of that city whose bytes are the same."""
    rows = PictureLook.objects.filter(place=place)
    found: set[int] = set()
    if sha256:
        found |= set(rows.filter(evidence__sha256=sha256).values_list("pk", flat=True))
    if sha256 and seen.hash:
        found |= set(rows.filter(file__content_hash=seen.hash).values_list("pk", flat=True))
    return [_Match(pk, Reused.COPY, 1.0) for pk in sorted(found)]


def _picture_of(look_id: int) -> "Image | None":
    """The picture drawn again; None where it is gone."""
    row = PictureLook.objects.select_related("evidence__blur__work__key", "file__file__key").filter(pk=look_id).first()
    if row is None:
        return None
    blur = None if row.evidence is None else getattr(row.evidence, "blur", None)
    stored = row.file.file if row.file is not None else None if blur is None else blur.work
    try:
        return None if stored is None else drawn(stored.content())
    except (CannotUnsealError, OSError):
        log.info("gambar %s tidak dapat dibuka", look_id)
        return None
