"""Groups of women and children in a year's place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from selaras.access import groups_for, loci_for, one
from selaras.models import Group, GroupKind, User
from selaras.models.places import within
from selaras.queries.programme import cycle_ref
from selaras.queries.refs import CycleRef
from selaras.queries.seen import group_seen
from selaras.queries.setup import PlaceChoice, kelurahan_of, managed
from selaras.queries.words import told


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group; `women` and `children` are None where nobody has counted. `in_lokus`: of a lokus of this year."""

    id: int
    kind: str
    kind_label: str
    name: str
    place: str
    rw: str
    women: int | None
    children: int | None
    in_lokus: bool
    seen: str


@dataclass(frozen=True, slots=True)
class GroupsPage:
    """The groups that there are, those of the loci first, and the kelurahan to choose from."""

    cycle: CycleRef
    closed_at: datetime | None
    groups: tuple[GroupLine, ...]
    choices: tuple[tuple[str, tuple[PlaceChoice, ...]], ...]


def groups_page(user: User, slug: str) -> GroupsPage:
    """The groups of the year's place. Raises Missing, Forbidden."""
    cycle = managed(user, slug)
    loci = list(loci_for(user).filter(cycle=cycle).order_by("area"))
    rows = groups_for(user, cycle).filter(valid_to__isnull=True).order_by("area", "kind", "name")
    lines = [_line(group, [lokus.place.code for lokus in loci]) for group in rows]
    own = tuple({lokus.place.code: PlaceChoice(lokus.place.code, lokus.place.name) for lokus in loci}.values())
    rest = kelurahan_of(cycle.place.code)
    return GroupsPage(
        cycle=cycle_ref(cycle),
        closed_at=cycle.closed_at,
        groups=tuple(sorted(lines, key=lambda line: not line.in_lokus)),
        choices=(("Lokus tahun ini", own), *rest) if own else rest,
    )


def _line(group: Group, loci: list[str]) -> GroupLine:
    rw = group.area.partition(".RW")[2]
    return GroupLine(
        id=group.pk,
        kind=group.kind,
        kind_label=told(GroupKind(group.kind).label),
        name=group.name,
        place=group.place.name,
        rw=rw,
        women=group.women,
        children=group.children,
        in_lokus=any(within(group.area, code) for code in loci),
        seen=group_seen(group),
    )


def find_group(user: User, slug: str, group_id: int) -> Group:
    """That group. Raises Missing, Forbidden."""
    return one(groups_for(user, managed(user, slug)), pk=group_id)
