"""What the matrix is laid out of: the loci of a year, its open needs, commitments and asks, and who acts.

Read without models, and counted in the database: a year has thousands of needs, and few ways of serving them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db import connection
from django.db.models import BooleanField, Count, DecimalField, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from selaras.access import loci_for, the_cycle
from selaras.models import Agency, Answer, Ask, Commitment, CommitmentNeed, Cycle, Lokus, Need, User
from selaras.queries.matching import LotRow, NeedRow, Promise


@dataclass(frozen=True, slots=True)
class Office:
    """An agency under the name that holds now; `formerly` are its earlier short names, the last one first.

    `named`: the id of each of its rows → the short name there.
    """

    id: int
    short_name: str
    name: str
    formerly: tuple[str, ...]
    named: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class AskRow:
    """An ask without an answer, as far as the matrix reads it."""

    lokus: int
    agency: int
    indicator: str
    due: date | None


def loci_of(user: User, cycle_slug: str) -> tuple[Cycle, list[Lokus], list[Lokus]]:
    """The year, all loci of its place in any year, and those of this year, as she may open them."""
    place = Cycle.objects.filter(slug=cycle_slug).values("place__code")
    rows = loci_for(user).select_related("place__parent", "cycle__place").filter(cycle__place__code__in=place)
    found = list(rows.order_by("-cycle__year", "-cycle_id", "area"))
    own = [lokus for lokus in found if lokus.cycle.slug == cycle_slug]
    return own[0].cycle if own else the_cycle(user, cycle_slug), found, own


# --- needs ------------------------------------------------------------------------------------------------------------
def need_rows(loci: Sequence[Lokus]) -> list[NeedRow]:
    """The open needs of these loci, each as often as commitments name it. One statement, read without models."""
    if not loci:
        return []
    rows = Need.objects.filter(lokus__in=loci, closed_at__isnull=True)
    rows = rows.filter(household__erased_at__isnull=True, household__pending__isnull=True)
    query = rows.values_list(
        "pk", "lokus_id", "indicator", "household_id", "household__area", "served_by__commitment_id"
    ).query
    sql, params = query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cast(list[NeedRow], cursor.fetchall())


#: Needs with the commitments that name them, as `3,17`, counted; in the last row, the families that have any.
_LOTS = """WITH standing AS (
  SELECT need.lokus_id, need.indicator, need.household_id, {area} AS area, {joined} AS named
  FROM selaras_need need
  JOIN selaras_household household ON household.id = need.household_id
  LEFT JOIN selaras_commitmentneed served ON served.need_id = need.id
  WHERE need.lokus_id IN ({loci}) AND need.closed_at IS NULL
    AND household.erased_at IS NULL AND household.pending IS NULL
  GROUP BY need.id, household.id)
SELECT lokus_id, indicator, area, named, COUNT(*) FROM standing GROUP BY lokus_id, indicator, area, named
UNION ALL SELECT 0, '', '', NULL, COUNT(DISTINCT household_id) FROM standing"""
_JOINED = {
    "sqlite": "GROUP_CONCAT(served.commitment_id)",
    "postgresql": "STRING_AGG(served.commitment_id::text, ',')",
}


def lot_rows(loci: Sequence[Lokus], apart: Collection[str] | None) -> tuple[list[LotRow], int]:
    """The same needs counted by lokus, indicator, area and the commitments that name them; and of how many families.

    Only the indicators `apart` are counted area by area (None: all are); of the others the area is ''. One statement.
    """
    if not loci:
        return [], 0
    names = sorted(apart or ())
    area = "household.area"
    if apart is not None:
        listed = ", ".join(["%s"] * len(names))
        area = f"CASE WHEN need.indicator IN ({listed}) THEN household.area ELSE '' END" if names else "''"
    sql = _LOTS.format(area=area, joined=_JOINED[connection.vendor], loci=", ".join(["%s"] * len(loci)))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*names, *(lokus.pk for lokus in loci)])
        *lots, (_lokus, _indicator, _area, _named, families) = cursor.fetchall()
    return cast(list[LotRow], lots), int(families)


# --- commitments and asks ---------------------------------------------------------------------------------------------
def with_families(rows: QuerySet[Commitment]) -> Any:
    """Commitments with `families` that they name (the erased are none, two that were found to be one are one) and
    `named`: whether they ever named any."""
    served = CommitmentNeed.objects.filter(commitment=OuterRef("pk"))
    seen = served.filter(need__household__erased_at__isnull=True, need__household__pending__isnull=True)
    counted = seen.order_by().values("commitment").annotate(count=Count("pk")).values("count")
    return rows.annotate(families=Coalesce(Subquery(counted), 0), named=Exists(served))


_READ = ("pk", "number", "agency_id", "state", "fund", "indicator", "lokus_id", "area", "volume", "ends")
_COUNTED = ("families", "named", "lokus__area")
#: In place of a commitment's state.
_ASKED = "asked"


def promises_of(cycle: Cycle) -> list[tuple[Promise, str]]:
    """Every commitment of the year, called off ones too, by number; each with its lokus' area or ''. One statement."""
    rows = with_families(Commitment.objects.filter(cycle=cycle)).order_by("number")
    return [(Promise(*values), area or "") for *values, area in rows.values_list(*_READ, *_COUNTED)]


def promises_and_asks(cycle: Cycle, loci: Sequence[Lokus]) -> tuple[list[tuple[Promise, str]], list[AskRow]]:
    """The commitments of the year as `promises_of` has them, and what agencies were asked for these loci and have not
    answered. One statement: an ask has a place, an indicator, an agency and a last day as a commitment has.
    """
    promised = with_families(Commitment.objects.filter(cycle=cycle)).order_by().values_list(*_READ, *_COUNTED)
    asked = Ask.objects.filter(lokus__in=loci, answer=Answer.NONE).order_by().values_list(
        "pk", Value(0), "agency_id", Value(_ASKED), Value(""), "indicator", "lokus_id", Value(""),
        Value(None, DecimalField()), "due", Value(0), Value(False, BooleanField()), Value(""),
    )  # fmt: skip
    promises, asks = [], []
    for *values, area in promised.union(asked, all=True).order_by("number", "pk"):
        promise = Promise(*values)
        if promise.state == _ASKED:
            asks.append(AskRow(promise.lokus or 0, promise.agency, promise.indicator, promise.ends))
        else:
            promises.append((promise, area or ""))
    return promises, asks


# --- who acts ---------------------------------------------------------------------------------------------------------
def offices_of(agencies: set[int], today: date) -> dict[int, Office]:
    """Id of each of these agencies → what it is called on that day: renamed ones are one office. One statement.

    An agency that several replace was parted, and remains itself.
    """
    places = Agency.objects.filter(pk__in=agencies).values("place")
    values = ("pk", "short_name", "name", "replaces_id", "valid_from")
    rows = {pk: rest for pk, *rest in Agency.objects.filter(place__in=places).values_list(*values)}
    later: dict[int, list[int]] = {}
    for pk, (_short, _name, replaces, since) in rows.items():
        if replaces in rows and (since is None or since <= today):
            later.setdefault(replaces, []).append(pk)
    return {agency: _office(_now(agency, later), rows) for agency in agencies if agency in rows}


def _now(agency: int, later: dict[int, list[int]]) -> int:
    seen = {agency}
    while len(later.get(agency, ())) == 1 and later[agency][0] not in seen:
        agency = later[agency][0]
        seen.add(agency)
    return agency


def _office(agency: int, rows: dict[int, list[Any]]) -> Office:
    short_name, name, before, _since = rows[agency]
    named = {agency: short_name}
    while before in rows and before not in named:
        named[before] = rows[before][0]
        before = rows[before][2]
    return Office(agency, short_name, name, tuple(named.values())[1:], named)
