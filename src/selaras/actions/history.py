"""Years that were before Selaras: their loci and what was published of them, each with who says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from selaras.access import Actor, demand, may_manage_cycle, may_record_achievement
from selaras.actions import audit
from selaras.actions.cycles import free_slug, refuse_place, refuse_programme, year_there
from selaras.errors import InputError, Problem
from selaras.models import Achievement, Cycle, Lokus, Place
from selaras.models.places import area_code
from selaras.queries.history import cities_with_figures
from selaras.queries.usual import prefix_for


@dataclass(frozen=True, slots=True)
class PastLokus:
    """A lokus of an earlier year; `total` of `scale` is what was published, with its `source`, None where nothing."""

    place: Place
    rw: str = ""
    total: Decimal | None = None
    scale: Decimal | None = None
    source: str = ""


def record_past_year(
    *, by: Actor, cycle: Cycle, year: int, programme: str, source: str, loci: Sequence[PastLokus]
) -> Cycle:
    """A closed year of the same place as `cycle`, with its loci; nothing of it without a source.

    One that was recorded so before gets these loci too, and their source beside its own. Raises Forbidden, or
    InputError with everything that is wrong: no source, a year that is not past or was kept here, no lokus, one
    elsewhere or twice, a total outside its scale or without a source.
    """
    demand(may_manage_cycle, by, cycle)
    place, programme = cycle.place, programme.strip()
    problems = _wrong(cycle, year, programme, source)
    problems += [problem for each in loci for problem in _wrong_lokus(cycle, each)]
    areas = [area_code(each.place.code, each.rw) for each in loci]
    if not loci:
        problems.append(Problem("history.loci"))
    there = year_there(place, year, programme) if year < cycle.year else None
    known = set(there.loci.values_list("area", flat=True)) if there else set()
    if len(set(areas) | known) < len(areas) + len(known):
        problems.append(Problem("lokus.exists", values={"place": place.full_name, "prefix": ""}))
    if there is not None and not (there.closed_at and there.source):
        problems.append(Problem("cycle.exists", values={"cycle": there.slug}))
    if problems:
        raise InputError(problems)
    now = timezone.now()
    with transaction.atomic():
        slug = there.slug if there is not None else free_slug(place, year, programme)
        past = there or Cycle(slug=slug, programme=programme, year=year, place=place, closed_at=now)
        if source.strip() not in past.source:
            past.source = "; ".join(filter(None, [past.source, source.strip()]))[:300]
        past.save()
        for each in loci:
            _write(past, each)
        audit.record(
            by=by, action="history.record_year", object_type="cycle", object_id=slug, place_code=place.code,
            year=year, loci=areas, source=source.strip(),
        )  # fmt: skip
    return past


def _wrong(cycle: Cycle, year: int, programme: str, source: str) -> list[Problem]:
    found = []
    if not source.strip():
        found.append(Problem("history.source"))
    if not programme.strip():
        found.append(Problem("cycle.programme"))
    if not 1978 <= year < cycle.year:
        found.append(Problem("history.year", values={"year": year, "before": cycle.year}))
    return found


def _wrong_lokus(cycle: Cycle, given: PastLokus) -> list[Problem]:
    found = refuse_place(cycle, given.place)
    if given.total is None:
        return found
    scale = Decimal(100) if given.scale is None else given.scale
    if not 0 <= given.total <= scale or scale <= 0:
        found.append(Problem("history.total", values={"total": given.total, "scale": scale}))
    if not given.source.strip():
        found.append(Problem("history.source"))
    return found


def _write(past: Cycle, given: PastLokus) -> None:
    taken = past.loci.values_list("prefix", flat=True)
    Lokus.objects.create(
        cycle=past,
        place=given.place,
        rw=given.rw,
        prefix=prefix_for(given.place.name, taken),
        reported_total=given.total,
        reported_scale=None if given.total is None else given.scale or Decimal(100),
        reported_source="" if given.total is None else given.source.strip(),
    )


def tell_programme(*, by: Actor, cycle: Cycle, achievement: Achievement, programme: str) -> None:
    """Of which programme it was, a key of PROGRAMMES or '' (not known after all); its figures stay with it.

    Raises Forbidden, also to who may not record it (what a city won, its province's year only shows); InputError where
    its own words name another.
    """
    demand(may_manage_cycle, by, cycle)
    demand(may_record_achievement, by, achievement.place)
    if problems := refuse_programme(programme, achievement.title, achievement.level):
        raise InputError(problems)
    if programme == achievement.programme:
        return
    before, achievement.programme = achievement.programme, programme
    with transaction.atomic():
        achievement.save(update_fields=["programme"])
        audit.record(
            by=by, action="achievements.tell_programme", object_type="place", object_id=achievement.place.code,
            place_code=achievement.place.code, year=achievement.year, title=achievement.title,
            level=achievement.level, before=before, programme=programme,
        )  # fmt: skip


def remove_achievement(*, by: Actor, cycle: Cycle, achievement: Achievement) -> None:
    """Take back what was recorded by mistake; the audit keeps that it was.

    Raises Forbidden, also to who may not record it; InputError while figures of a rehearsal hang on it.
    """
    demand(may_manage_cycle, by, cycle)
    demand(may_record_achievement, by, achievement.place)
    try:
        with transaction.atomic():
            audit.record(
                by=by, action="achievements.remove", object_type="place", object_id=achievement.place.code,
                place_code=achievement.place.code, year=achievement.year, title=achievement.title,
                level=achievement.level, programme=achievement.programme,
            )  # fmt: skip
            achievement.delete()
    except ProtectedError as error:
        said = {"title": achievement.title, "next": achievement.year + 1, "cities": cities_with_figures(achievement)}
        raise InputError(Problem("achievement.figures", values=said)) from error
