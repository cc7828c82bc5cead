"""Safety walks: what women and children of an RT found unsafe, by choices alone; and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from selaras.access import (
    demand,
    may_change_walk,
    may_commit,
    may_see_walks,
    may_walk,
    one,
    walks_for,
)
from selaras.models import Household, SafetyWalk, Unsafe, User, WalkFinding
from selaras.queries.plans import AgencyRef, agencies_of
from selaras.queries.programme import cycle_ref, lokus_in, lokus_ref, today_in
from selaras.queries.refs import CycleRef, LokusRef


@dataclass(frozen=True, slots=True)
class WalkLine:
    """One walk: where in the lokus (`RT 02/RW 03`), when, who walked by counts, what it found and proposed."""

    id: UUID
    where: str
    on: date
    women: int
    children: int
    found: int
    proposed: int


@dataclass(frozen=True, slots=True)
class Spot:
    """What was found somewhere, by how many walks; `numbers` are the commitments that it became (K-014)."""

    where: str
    what: str
    near: str
    when: str
    walks: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WalksPage:
    """The walks of a lokus, newest first, and everything they found, unanswered first. `blocks`: its (RW, RT)."""

    cycle: CycleRef
    lokus: LokusRef
    lines: tuple[WalkLine, ...]
    spots: tuple[Spot, ...]
    blocks: tuple[tuple[str, str], ...]
    today: date
    may_walk: bool


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One finding; `number` is the commitment that it became, or None."""

    id: int
    what: str
    near: str
    when: str
    number: int | None


@dataclass(frozen=True, slots=True)
class WalkPage:
    """One walk. `agencies`: those in whose name she may make a finding a proposal."""

    cycle: CycleRef
    lokus: LokusRef
    line: WalkLine
    findings: tuple[FindingLine, ...]
    agencies: tuple[AgencyRef, ...]
    may_change: bool


def walks_page(user: User, cycle_slug: str, code: str) -> WalksPage:
    """The walks of that lokus: statements do not grow with walks. Raises Missing, Forbidden."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_see_walks, user, lokus)
    families = Household.objects.filter(lokus=lokus, erased_at__isnull=True, pending__isnull=True).exclude(rt="")
    blocks = families.order_by("rw", "rt").values_list("rw", "rt").distinct()
    return WalksPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        lines=tuple(_line(walk) for walk in _counted(user).filter(lokus=lokus)),
        spots=_spots(WalkFinding.objects.filter(walk__lokus=lokus).select_related("walk", "commitment")),
        blocks=tuple(blocks),
        today=today_in(lokus.cycle),
        may_walk=may_walk(user, lokus),
    )


def walk_page(user: User, cycle_slug: str, code: str, walk_id: UUID) -> WalkPage:
    """One walk of that lokus. Raises Missing, Forbidden."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_see_walks, user, lokus)
    walk = one(_counted(user), lokus=lokus, uuid=walk_id)
    rows = walk.findings.select_related("commitment")
    found = tuple(
        FindingLine(row.pk, row.what, row.near, row.when, row.commitment.number if row.commitment else None)
        for row in rows
    )
    offices = agencies_of(lokus.cycle).filter(valid_to__isnull=True)
    return WalkPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        line=_line(walk),
        findings=found,
        agencies=tuple(
            AgencyRef(row.pk, row.short_name, row.name) for row in offices if may_commit(user, lokus.cycle, row)
        ),
        may_change=may_change_walk(user, walk),
    )


def where_of(area: str) -> str:
    """`RT 02/RW 03` of `36.72.05.1005.RW03.RT02`; '' of a whole kelurahan."""
    parts = {part[:2]: part[2:] for part in area.split(".") if part[:2] in {"RW", "RT"}}
    return "/".join(f"{word} {parts[word]}" for word in ("RT", "RW") if word in parts)


def _counted(user: User) -> QuerySet[Any]:
    proposed = Count("findings", filter=Q(findings__commitment__isnull=False))
    return walks_for(user).annotate(found=Count("findings"), proposed=proposed)


def _line(walk: SafetyWalk) -> WalkLine:
    counts = walk.__dict__
    return WalkLine(
        walk.uuid, where_of(walk.area), walk.on, walk.women, walk.children, counts["found"], counts["proposed"]
    )


def _spots(rows: Iterable[WalkFinding]) -> tuple[Spot, ...]:
    alike: dict[tuple[str, str, str, str], list[WalkFinding]] = {}
    for row in rows:
        alike.setdefault((where_of(row.walk.area), row.what, row.near, row.when), []).append(row)
    return tuple(sorted((_spot(key, found) for key, found in alike.items()), key=_order))


def _spot(key: tuple[str, str, str, str], rows: Sequence[WalkFinding]) -> Spot:
    numbers = {row.commitment.number for row in rows if row.commitment is not None}
    return Spot(*key, walks=len(rows), numbers=tuple(sorted(numbers)))


def _order(spot: Spot) -> tuple[bool, int, str, int]:
    return bool(spot.numbers), -spot.walks, spot.where, Unsafe.values.index(spot.what)
