"""How photos look is written down after they have come, by the worker: receipt never waits for it.

Only here is a picture decoded on the server: JPEG and PNG alone, of a bounded size, in the worker, whose trouble stops
neither receipt nor anything but this job. Of any other file only copies byte for byte are found.
"""

import io
import logging
from datetime import datetime
from itertools import groupby

from django.db.models import Max
from django.utils import timezone

from selaras.actions.checks import look_again
from selaras.actions.jobs import Progress, enqueue_once
from selaras.models import ArrivalFile, ArrivalState, CannotUnsealError, PhotoPrint, Round, Submission
from selaras.queries.alike_photos import alike

#: Photos between two signs of life.
BATCH = 20
#: A picture with more points is no phone's, and not decoded.
MOST_POINTS = 80_000_000
#: Less contrast than this (of 255) is a covered lens or a blank wall: they all look alike.
LEAST_CONTRAST = 6.0
log = logging.getLogger("selaras")


def ask_for_prints() -> bool:
    """Enqueue the job where a photo has come since the last one; whether there was any. Two look-ups by key.

    One that was committed out of its turn is found by the hourly `ask_for_missed`.
    """
    newest = ArrivalFile.objects.aggregate(last=Max("pk"))["last"] or 0
    if newest <= (PhotoPrint.objects.aggregate(last=Max("file"))["last"] or 0):
        return False
    enqueue_once(by=None, kind="photos.look")
    return True


def ask_for_missed(now: datetime | None = None) -> None:
    """Enqueue the job where any photo has no print. Called hourly."""
    del now
    if ArrivalFile.objects.filter(print__isnull=True).exists():
        enqueue_once(by=None, kind="photos.look")


def look_at_photos(progress: Progress) -> None:
    """Write down how each new photo looks, then look again at the forms of those that are alike. Idempotent."""
    done = 0
    while files := list(_new()):
        for file in files:
            _look(file)
            done += 1
            progress.say(done, note="melihat foto")
        _tell(files)


def _new() -> list[ArrivalFile]:
    rows = ArrivalFile.objects.filter(print__isnull=True).select_related("arrival", "file__key").order_by("pk")
    return list(rows.defer("arrival__raw")[:BATCH])


def _look(file: ArrivalFile) -> None:
    phash = None
    if file.arrival.state != ArrivalState.PRACTICE:
        try:
            phash = look_of(file.file.content())
        except (CannotUnsealError, OSError):
            log.info("foto %s tidak dapat dibuka", file.pk)
    PhotoPrint.objects.get_or_create(file=file, defaults={"cycle_id": file.arrival.cycle_id, "phash": phash})


def look_of(content: bytes) -> int | None:
    """64 bits of how a picture looks, as a signed number; None for what is not a JPEG or PNG that can be drawn."""
    import imagehash
    from PIL import Image, ImageStat

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MOST_POINTS:
                return None
            picture.draft("L", (256, 256))
            if ImageStat.Stat(picture.convert("L").resize((32, 32))).stddev[0] < LEAST_CONTRAST:
                return None
            bits = str(imagehash.phash(picture))
    except Exception:
        # Whatever a decoder meets in what somebody sent: it is no picture then, and the next is looked at.
        return None
    number = int(bits, 16)
    return number - (1 << 64) if number >> 63 else number


def _tell(files: list[ArrivalFile]) -> None:
    """The forms of these photos, and those of the photos that they are like, are looked at again."""
    forms: dict[int, set[int]] = {}
    for file in files:
        if file.arrival.submission_id is not None:
            forms.setdefault(file.arrival.cycle_id, set()).add(file.arrival.submission_id)
    for cycle, mine in forms.items():
        found = alike(cycle, mine)
        others = {other.submission for photos in found.values() for photo in photos for other in photo.others}
        rows = Submission.objects.filter(pk__in={*found, *others}, current__isnull=False)
        pairs = sorted(rows.values_list("round", "pk"))
        for round_, group in groupby(pairs, key=lambda pair: pair[0]):
            look_again(Round.objects.get(pk=round_), [pk for _round, pk in group], now=timezone.now())
