"""Where a lokus is on a map, and how far from there each photo was taken."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_set_point, the_lokus
from selaras.actions import audit
from selaras.actions.jobs import Progress, enqueue
from selaras.errors import InputError, Problem
from selaras.models import CannotUnsealError, Evidence, Lokus, LokusPoint, User
from selaras.queries.evidence_files import metres_between

#: How far from the point still is the lokus, in metres.
RADIUS: Final = (50, 50_000)
_POINT = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
#: Photos that are written at once: a hundredth of a second on SQLite, where everybody who writes waits for it.
_PIECE: Final = 200


def set_point(*, by: Actor, cycle_slug: str, lokus_code: str, point: str, radius: int) -> LokusPoint:
    """Say where the lokus is: `point` as maps copy it (`-5.9981, 106.0312`), `radius` in metres.

    How far each photo was taken is measured anew by the worker. Raises Missing, Forbidden, InputError.
    """
    lokus = the_lokus(by, cycle_slug, lokus_code)
    demand(may_set_point, by, lokus)
    problems = []
    found = _POINT.fullmatch(point)
    north, east = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    if found is None or abs(north) > 90 or abs(east) > 180 or (north, east) == (0.0, 0.0):
        problems.append(Problem("point.degrees", "point"))
    if not RADIUS[0] <= radius <= RADIUS[1]:
        problems.append(Problem("point.radius", "radius"))
    if problems:
        raise InputError(problems)
    with transaction.atomic():
        said = {"north": north, "east": east, "radius": radius, "by": by if isinstance(by, User) else None}
        kept, _made = LokusPoint.objects.update_or_create(lokus=lokus, defaults={**said, "at": timezone.now()})
        audit.record(
            by=by, action="evidence.set_point", object_type="lokus", object_id=lokus.pk, place_code=lokus.area,
            radius=radius,
        )  # fmt: skip
        enqueue(by=by, kind="evidence.measure", lokus=lokus.pk)
    return kept


def point_of(lokus: Lokus | None) -> LokusPoint | None:
    """Where the lokus is on a map, where the office has said it."""
    return None if lokus is None else LokusPoint.objects.filter(lokus=lokus).first()


def measure(of: Evidence, place: tuple[float, float] | None, point: LokusPoint | None) -> None:
    """Set how far from the lokus it was taken; not saved."""
    of.metres = None if place is None or point is None else metres_between(place, (point.north, point.east))


def measure_again(progress: Progress) -> None:
    """The job `evidence.measure`: every photo of a lokus against the point of now, piece by piece.

    A point that is set meanwhile has a job of its own. Done twice, the second changes nothing.
    """
    lokus = Lokus.objects.get(pk=progress.job.params["lokus"])
    done = 0
    for piece in _pieces(lokus):
        # Unsealed before anything is locked, and by the point of this moment.
        point = point_of(lokus)
        moved = [row for row in piece if _moved(row, point)]
        with transaction.atomic():
            Evidence.objects.bulk_update(moved, ["metres"])
        done += len(piece)
        progress.say(done)


def _pieces(lokus: Lokus) -> Iterator[Sequence[Evidence]]:
    rows = Evidence.objects.filter(lokus=lokus, place__isnull=False).select_related("key").order_by("pk")
    last = 0
    while piece := list(rows.filter(pk__gt=last)[:_PIECE]):
        yield piece
        last = piece[-1].pk


def _moved(row: Evidence, point: LokusPoint | None) -> bool:
    """Whether it is measured otherwise now; what cannot be unsealed any more stays as it was."""
    before = row.metres
    try:
        measure(row, row.the_place(), point)
    except CannotUnsealError:
        return False
    return row.metres != before
