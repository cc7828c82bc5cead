"""A programme year: open it, date it, name its loci and representative, close it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_manage_cycle, may_open_cycle, may_record_achievement
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import Achievement, Confidence, Cycle, Lokus, Place, PlaceLevel, Round, RoundKind, Stage
from selaras.models.places import area_code, within


@dataclass(frozen=True, slots=True)
class Dated:
    """A stage as it is given: both days belong to it."""

    name: str
    starts: date
    ends: date
    source: str = ""


def open_cycle(*, by: Actor, place: Place, year: int, programme: str = "P2WKSS", synthetic: bool = False) -> Cycle:
    """Begin a programme year of a city or province; its slug is `kota-cilegon-2024`.

    Raises Forbidden, or InputError for a place of another level or a year that has been opened.
    """
    demand(may_open_cycle, by, place)
    if place.level not in {PlaceLevel.PROVINCE, PlaceLevel.CITY}:
        raise InputError(Problem("cycle.place", values={"place": place.full_name}))
    slug = _slug(f"{place.full_name} {year}" if programme == "P2WKSS" else f"{programme} {place.full_name} {year}")
    with transaction.atomic():
        if Cycle.objects.filter(slug=slug).exists():
            raise InputError(Problem("cycle.exists", values={"cycle": slug}))
        cycle = Cycle.objects.create(slug=slug, programme=programme, year=year, place=place, synthetic=synthetic)
        _record(by, "cycles.open", cycle, year=year)
    return cycle


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:60]


def set_stages(*, by: Actor, cycle: Cycle, stages: Sequence[Dated]) -> None:
    """The year's dated stages, in order, in place of those it had. Raises Forbidden, InputError for a wrong date."""
    demand(may_manage_cycle, by, cycle)
    _still_open(cycle)
    wrong = [stage.name for stage in stages if stage.ends < stage.starts]
    if wrong:
        raise InputError([Problem("cycle.dates", values={"what": name}) for name in wrong])
    with transaction.atomic():
        cycle.stages.all().delete()
        Stage.objects.bulk_create(
            Stage(cycle=cycle, position=i, name=s.name, starts=s.starts, ends=s.ends, source=s.source)
            for i, s in enumerate(stages, start=1)
        )
        _record(by, "cycles.set_stages", cycle, stages=[[s.name, str(s.starts), str(s.ends)] for s in stages])


def add_lokus(*, by: Actor, cycle: Cycle, place: Place, prefix: str, rw: str = "", target_size: int = 100) -> Lokus:
    """Name a lokus: a kelurahan or desa of the cycle's place, or one RW of it. `prefix` begins its families' codes.

    Raises Forbidden, or InputError for a place elsewhere, a malformed or taken prefix, or one that is a lokus already.
    """
    demand(may_manage_cycle, by, cycle)
    _still_open(cycle)
    problems = []
    if place.level != PlaceLevel.KELURAHAN or not within(place.code, cycle.place.code):
        problems.append(Problem("lokus.place", values={"place": place.full_name, "city": cycle.place.full_name}))
    if not re.fullmatch(r"[A-Z]{2,6}", prefix):
        problems.append(Problem("lokus.prefix", values={"prefix": prefix}))
    if cycle.loci.filter(prefix=prefix).exists() or cycle.loci.filter(area=area_code(place.code, rw)).exists():
        problems.append(Problem("lokus.exists", values={"place": place.full_name, "prefix": prefix}))
    if problems:
        raise InputError(problems)
    with transaction.atomic():
        lokus = Lokus.objects.create(cycle=cycle, place=place, rw=rw, prefix=prefix, target_size=target_size)
        _record(by, "cycles.add_lokus", cycle, lokus=lokus.area, prefix=prefix, target=target_size)
    return lokus


def name_representative(*, by: Actor, cycle: Cycle, lokus: Lokus | None) -> None:
    """Which lokus stands before the jury; None takes it back to *belum ditetapkan*. Raises Forbidden, InputError."""
    demand(may_manage_cycle, by, cycle)
    _still_open(cycle)
    if lokus is not None and lokus.cycle_id != cycle.pk:
        raise InputError(Problem("lokus.elsewhere"))
    with transaction.atomic():
        cycle.loci.update(representative=None if lokus is None else False)
        if lokus is not None:
            cycle.loci.filter(pk=lokus.pk).update(representative=True)
        _record(by, "cycles.name_representative", cycle, lokus=None if lokus is None else lokus.area)


def add_round(*, by: Actor, cycle: Cycle, kind: RoundKind, opens: date, closes: date, number: int = 1) -> Round:
    """A round of data taking; `closes` is what `today()` means in it. Raises Forbidden, InputError."""
    demand(may_manage_cycle, by, cycle)
    _still_open(cycle)
    if closes < opens:
        raise InputError(Problem("cycle.dates", values={"what": RoundKind(kind).label}))
    if cycle.rounds.filter(kind=kind, number=number).exists():
        raise InputError(Problem("cycle.round_exists", values={"round": RoundKind(kind).label}))
    with transaction.atomic():
        made = Round.objects.create(cycle=cycle, kind=kind, number=number, opens=opens, closes=closes)
        _record(by, "cycles.add_round", cycle, kind=str(kind), number=number, opens=str(opens), closes=str(closes))
    return made


def close_cycle(*, by: Actor, cycle: Cycle) -> None:
    """End the year: nothing more is brought in, and tasks given for it alone end. Closed already, nothing changes."""
    demand(may_manage_cycle, by, cycle)
    if cycle.closed_at is not None:
        return
    now = timezone.now()
    with transaction.atomic():
        cycle.closed_at = now
        cycle.save(update_fields=["closed_at"])
        ended = cycle.memberships.filter(ends__isnull=True).update(ends=now)
        _record(by, "cycles.close", cycle, tasks_ended=ended)


def record_achievement(
    *, by: Actor, place: Place, year: int, title: str, level: str, source: str, confidence: Confidence
) -> Achievement:
    """What a place won, with its source; the same once. Raises Forbidden, InputError where the source is blank."""
    demand(may_record_achievement, by, place)
    if not source.strip():
        raise InputError(Problem("achievement.source"))
    with transaction.atomic():
        made, new = Achievement.objects.update_or_create(
            place=place, year=year, title=title, level=level, defaults={"source": source, "confidence": confidence}
        )
        audit.record(
            by=by, action="achievements.record", object_type="place", object_id=place.code, place_code=place.code,
            year=year, title=title, level=level, source=source, new=new,
        )  # fmt: skip
    return made


def _still_open(cycle: Cycle) -> None:
    if cycle.closed_at is not None:
        raise InputError(Problem("cycle.closed", values={"cycle": str(cycle)}))


def _record(by: Actor, action: str, cycle: Cycle, **details: object) -> None:
    audit.record(
        by=by, action=action, object_type="cycle", object_id=cycle.slug, place_code=cycle.place.code, **details
    )
