"""Where the homes of a round are, as far as a form noted it: points beside each other, no street and no boundary.

A point is sealed with the other answers; it is opened for who works with its family by name, and each showing is
written down (actions/points.py). Nothing leaves but places relative to one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from selaras.models import CannotUnsealError, Submission, User
from selaras.odk.forms import Field
from selaras.queries.households import lokus_of_families
from selaras.queries.programme import cycle_ref, lokus_ref
from selaras.queries.progress import FamilyLine, answered_in, counted_families, last_in, rounds_of, state_of
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import instrument_of

#: Families that one page opens: a lokus coaches a hundred.
MOST = 400
#: Metres of a degree of latitude (WGS 84, at the equator); the error over a kelurahan is less than a house.
DEGREE = 110_574.0
#: A point that the phone was less sure of than this (m) is not drawn.
EXACT = 100.0


@dataclass(frozen=True, slots=True)
class HomePoint:
    """A home: how it stands in the round, and how many metres east and north of the most western and southern."""

    line: FamilyLine
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class PointsPage:
    """The homes of a round with a point, by RT, and those without one. `asked`: whether the survey asks for a point."""

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef | None
    rounds: tuple[RoundRef, ...]
    points: tuple[HomePoint, ...]
    without: tuple[FamilyLine, ...]
    asked: bool


def points_page(user: User, cycle_slug: str, code: str, round_slug: str = "") -> PointsPage:
    """The families of that round that she sees by name. Statements do not grow with families.

    Raises as `queries.progress.progress_page`. Each showing must be written down: ask actions.points instead.
    """
    lokus = lokus_of_families(user, cycle_slug, code)
    rounds, round_ = rounds_of(lokus.cycle, round_slug)
    _listed, families = counted_families(user, lokus)
    rows = families.annotate(
        done=answered_in(round_), last=last_in(round_, "outcome"), last_at=last_in(round_, "day")
    ).order_by("rw", "rt", "code")
    lines = {
        pk: FamilyLine(code_, rw, rt, state_of(done, last), at)
        for pk, code_, rw, rt, done, last, at in rows.values_list("pk", "code", "rw", "rt", "done", "last", "last_at")[
            :MOST
        ]
    }
    places, asked = _places(lokus.cycle_id, lines)
    return PointsPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        round=None if round_ is None else round_ref(round_),
        rounds=tuple(round_ref(each) for each in rounds),
        points=_beside(lines, places),
        without=tuple(line for pk, line in lines.items() if pk not in places),
        asked=asked,
    )


def _places(cycle: int, lines: Mapping[int, FamilyLine]) -> tuple[dict[int, tuple[float, float]], bool]:
    """Family -> its newest point of the year (latitude, longitude); and whether any of its surveys asks for one."""
    rows = Submission.objects.filter(household__in=lines, round__cycle=cycle, current__isnull=False)
    rows = rows.select_related("household__key", "version__workbook").defer("answers", "raw")
    found: dict[int, tuple[float, float]] = {}
    asked = False
    for row in rows.order_by("-received_at", "-pk"):
        form = instrument_of(row.version).form
        fields = [field for field in form.fields.values() if field.kind == "geo" and field.repeat is None]
        asked = asked or bool(fields)
        if fields and row.household_id not in found and (place := _place(row, fields)) is not None:
            found[row.household_id] = place
    return found, asked


def _place(row: Submission, fields: Iterable[Field]) -> tuple[float, float] | None:
    try:
        said: Mapping[str, Any] = row.private_values()
    except CannotUnsealError:
        return None
    for field in fields:
        parts = str(said.get(field.name) or "").split(";")[0].split()
        try:
            latitude, longitude, *more = map(float, parts)
        except ValueError:
            continue
        if abs(latitude) <= 90 and abs(longitude) <= 180 and (len(more) < 2 or more[1] <= EXACT):
            return latitude, longitude
    return None


def _beside(lines: Mapping[int, FamilyLine], places: Mapping[int, tuple[float, float]]) -> tuple[HomePoint, ...]:
    if not places:
        return ()
    south = min(latitude for latitude, _ in places.values())
    west = min(longitude for _, longitude in places.values())
    wide = DEGREE * cos(radians(south))
    return tuple(
        HomePoint(line, (places[pk][1] - west) * wide, (places[pk][0] - south) * DEGREE)
        for pk, line in lines.items()
        if pk in places
    )
