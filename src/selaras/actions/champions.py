"""What a champion scored, as it was published: never without who says so."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from selaras.access import Actor, demand, may_hold_gladi, one, the_cycle
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import Achievement, ChampionFigure, Cycle, User
from selaras.queries.gladi_beside import figures_here, won_before
from selaras.queries.programme import primary_of
from selaras.queries.rules import instrument_of

#: No instrument's scale is larger.
_LARGEST = Decimal(100_000)


def record_figure(
    *, by: Actor, cycle_slug: str, achievement: int, aspect: str, score: Decimal, scale: Decimal, source: str
) -> ChampionFigure:
    """What that champion scored in that aspect ('' the total), in place of an earlier figure of the same aspect.

    Raises Missing, Forbidden, InputError with all that does not fit.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_hold_gladi, by, cycle)
    won = one(_won(cycle), pk=achievement)
    version = primary_of(cycle)
    problems = []
    if aspect and (version is None or aspect not in instrument_of(version).aspects):
        problems.append(Problem("champion.aspect", "aspect", {"found": aspect}))
    if not 0 <= score <= scale or not 0 < scale <= _LARGEST:
        problems.append(Problem("champion.score", "score", {"found": score, "scale": scale}))
    if not source.strip():
        problems.append(Problem("champion.source", "source"))
    if problems:
        raise InputError(problems)
    with transaction.atomic():
        said = {"score": score, "scale": scale, "source": source.strip()[:300], "version": version}
        made, _new = ChampionFigure.objects.update_or_create(
            achievement=won, aspect=aspect, defaults={**said, "entered_by": by if isinstance(by, User) else None}
        )
        _record(by, "gladi.champion", cycle, made)
    return made


def remove_figure(*, by: Actor, cycle_slug: str, figure: int) -> None:
    """It was wrong: of who stands beside, or of its own place, of whatever programme. Raises Missing, Forbidden."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_hold_gladi, by, cycle)
    mine = Q(achievement__in=_won(cycle)) | Q(pk__in=figures_here(cycle))
    found = one(ChampionFigure.objects.filter(mine).select_related("achievement"), pk=figure)
    with transaction.atomic():
        _record(by, "gladi.remove_champion", cycle, found)
        found.delete()


def _won(cycle: Cycle) -> QuerySet[Achievement]:
    """Who won in the year before in the same province and programme."""
    version = primary_of(cycle)
    won = won_before(cycle, None if version is None else instrument_of(version)).own
    return Achievement.objects.filter(pk__in=[row.pk for row in won])


def _record(by: Actor, action: str, cycle: Cycle, figure: ChampionFigure) -> None:
    """With what it said: a figure that was removed or replaced can be told again."""
    audit.record(
        by=by, action=action, object_type="achievement", object_id=figure.achievement_id,
        place_code=cycle.place.code, aspect=figure.aspect, score=str(figure.score), scale=str(figure.scale),
        source=figure.source,
    )  # fmt: skip
