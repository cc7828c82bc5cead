"""Groups of women and children in the kelurahan of a year's place."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_manage_cycle
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import Cycle, Group, GroupKind, Place, PlaceLevel
from selaras.models.places import area_code, within
from selaras.queries.seen import group_seen


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a group: `women` and `children` are None where nobody has counted."""

    kind: GroupKind
    name: str
    women: int | None = None
    children: int | None = None


def add_group(*, by: Actor, cycle: Cycle, place: Place, rw: str, told: Told) -> Group:
    """A group of that kelurahan, or of one RW in it.

    Raises Forbidden, or InputError for a place elsewhere or a name twice.
    """
    demand(may_manage_cycle, by, cycle)
    if place.level != PlaceLevel.KELURAHAN or not within(place.code, cycle.place.code):
        raise InputError(Problem("group.place", values={"place": place.full_name, "city": cycle.place.full_name}))
    area, name = area_code(place.code, rw), told.name.strip()
    with transaction.atomic():
        _refuse(area, name)
        group = Group.objects.create(
            place=place,
            area=area,
            kind=told.kind,
            name=name,
            women=told.women,
            children=told.children,
            valid_from=timezone.localdate(),
        )
        _record(by, "groups.add", group)
    return group


def change_group(*, by: Actor, cycle: Cycle, group: Group, told: Told, seen: str | None = None) -> Group:
    """Kind, name and numbers of a group. Raises Forbidden, InputError for a name twice or where another was faster."""
    demand(may_manage_cycle, by, cycle)
    _inside(cycle, group)
    with transaction.atomic():
        fresh = Group.objects.select_for_update(of=("self",), no_key=True).get(pk=group.pk)
        if seen is not None and seen != group_seen(fresh):
            raise InputError(Problem("setup.changed"))
        _refuse(fresh.area, told.name.strip(), fresh)
        fresh.kind, fresh.name = told.kind, told.name.strip()
        fresh.women, fresh.children = told.women, told.children
        fresh.save()
        _record(by, "groups.change", fresh)
    return fresh


def end_group(*, by: Actor, cycle: Cycle, group: Group) -> None:
    """The group is no more; what it did stays. Ended already, nothing changes. Raises Forbidden."""
    demand(may_manage_cycle, by, cycle)
    _inside(cycle, group)
    if group.valid_to is not None:
        return
    with transaction.atomic():
        Group.objects.filter(pk=group.pk).update(valid_to=timezone.localdate())
        _record(by, "groups.end", group)


def _inside(cycle: Cycle, group: Group) -> None:
    if not within(group.area, cycle.place.code):
        raise InputError(Problem("group.place", values={"place": group.name, "city": cycle.place.full_name}))


def _refuse(area: str, name: str, group: Group | None = None) -> None:
    same = Group.objects.filter(area=area, name__iexact=name, valid_to__isnull=True)
    if (same if group is None else same.exclude(pk=group.pk)).exists():
        raise InputError(Problem("group.name", values={"name": name}))


def _record(by: Actor, action: str, group: Group) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="group",
        object_id=group.pk,
        place_code=group.area,
        kind=str(group.kind),
        women=group.women,
        children=group.children,
    )
