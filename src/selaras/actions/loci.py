"""A lokus after it was named: its families' prefix, its RW, how many are to be coached; or not a lokus after all."""

import re

from django.db import transaction
from django.db.models import ProtectedError

from selaras.access import Actor, demand, may_manage_cycle
from selaras.actions import audit
from selaras.actions.cycles import LARGEST_TARGET, still_open
from selaras.errors import InputError, Problem
from selaras.models import Lokus
from selaras.models.places import area_code
from selaras.queries.seen import lokus_seen


def change_lokus(*, by: Actor, lokus: Lokus, prefix: str, rw: str, target_size: int, seen: str | None = None) -> Lokus:
    """Prefix, RW and target of a lokus; prefix and RW stand fast once it holds families or anything else.

    `seen` is `lokus_seen` of when the form was made. Raises Forbidden, or InputError for what
    `add_lokus` would refuse, a lokus in use, and where somebody else has changed it meanwhile.
    """
    demand(may_manage_cycle, by, lokus.cycle)
    still_open(lokus.cycle)
    with transaction.atomic():
        row = Lokus.objects.select_for_update(of=("self",), no_key=True).select_related("place", "cycle__place")
        fresh = row.get(pk=lokus.pk)
        if seen is not None and seen != lokus_seen(fresh):
            raise InputError(Problem("setup.changed"))
        problems = _problems(fresh, prefix, rw, target_size)
        if problems:
            raise InputError(problems)
        fresh.prefix, fresh.rw, fresh.target_size = prefix, rw, target_size
        fresh.save(update_fields=["prefix", "rw", "target_size", "area"])
        _record(by, "cycles.change_lokus", fresh, prefix=prefix, target=target_size)
    return fresh


def _problems(lokus: Lokus, prefix: str, rw: str, target_size: int) -> list[Problem]:
    found = []
    others = Lokus.objects.filter(cycle=lokus.cycle_id).exclude(pk=lokus.pk)
    area = area_code(lokus.place.code, rw)
    if not re.fullmatch(r"[A-Z]{2,6}", prefix):
        found.append(Problem("lokus.prefix", values={"prefix": prefix}))
    if not 1 <= target_size <= LARGEST_TARGET:
        found.append(Problem("lokus.target", values={"target": target_size}))
    if others.filter(prefix=prefix).exists() or others.filter(area=area).exists():
        found.append(Problem("lokus.exists", values={"place": lokus.place.full_name, "prefix": prefix}))
    if (prefix, area) != (lokus.prefix, lokus.area) and in_use(lokus):
        what = "awalan kode" if prefix != lokus.prefix else "RW"
        found.append(Problem("lokus.used", values={"lokus": lokus.place.name, "what": what}))
    return found


def in_use(lokus: Lokus) -> bool:
    """Whether codes with its prefix are in the world already: families were entered or a file was given."""
    return lokus.households.exists() or lokus.batches.exists()


def remove_lokus(*, by: Actor, lokus: Lokus) -> None:
    """Take back a lokus that holds nothing yet. Raises Forbidden, InputError."""
    demand(may_manage_cycle, by, lokus.cycle)
    still_open(lokus.cycle)
    try:
        with transaction.atomic():
            _record(by, "cycles.remove_lokus", lokus, prefix=lokus.prefix)
            lokus.delete()
    except ProtectedError as error:
        raise InputError(Problem("lokus.used_remove", values={"lokus": lokus.place.name})) from error


def _record(by: Actor, action: str, lokus: Lokus, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="cycle",
        object_id=lokus.cycle.slug,
        place_code=lokus.area,
        lokus=lokus.area,
        **details,
    )
