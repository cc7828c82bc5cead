"""A kelurahan that is not coached, written beside an indicator: counts with their source, never a family."""

from dataclasses import dataclass

from django.db import transaction

from selaras.access import Actor, demand, may_enter_facts, one, the_lokus
from selaras.actions import audit
from selaras.errors import InputError, Missing, Problem
from selaras.models import Comparison, Lokus, Place, PlaceLevel, User
from selaras.models.places import within_q
from selaras.queries.change import is_boolean
from selaras.queries.programme import primary_of
from selaras.queries.rounds import find_round
from selaras.queries.rules import health_indicators, instrument_of

#: More families than a kelurahan has.
MOST = 100_000


@dataclass(frozen=True, slots=True)
class Said:
    """What was typed: the kelurahan's name or code, two rounds, and families: asked and true, then and now."""

    place: str
    before: str
    after: str
    counts: tuple[str, ...]
    source: str


def write(*, by: Actor, cycle_slug: str, code: str, indicator: str, said: Said) -> Comparison:
    """Keep the counts of that kelurahan for that indicator and those rounds, in place of what was there.

    Raises Missing, Forbidden; InputError for a kelurahan that is not of the city or is coached, counts that do not fit,
    no source, and an indicator of health.
    """
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_enter_facts, by, lokus)
    version = primary_of(lokus.cycle)
    known = None if version is None else instrument_of(version).indicators.get(indicator)
    if version is None or known is None or known.origin != "survey" or not is_boolean(known):
        raise Missing(Problem("access.missing"))
    if indicator in health_indicators(version):
        raise InputError(Problem("comparison.health"))
    before, after = find_round(lokus.cycle, said.before), find_round(lokus.cycle, said.after)
    place = _place(lokus, said.place)
    n_before, true_before, n_after, true_after = _counts(said.counts)
    if not said.source.strip():
        raise InputError(Problem("comparison.source", "sumber"))
    with transaction.atomic():
        made, _new = Comparison.objects.update_or_create(
            lokus=lokus,
            indicator=indicator,
            place_code=place.code,
            before=before,
            after=after,
            defaults={
                "place_name": place.name,
                "n_before": n_before,
                "true_before": true_before,
                "n_after": n_after,
                "true_after": true_after,
                "source": said.source.strip(),
                "entered_by": by if isinstance(by, User) else None,
            },
        )
        counts = {"before": [true_before, n_before], "after": [true_after, n_after]}
        # Not the source: it is typed freely, and no erasure reaches the audit.
        _record(by, "comparisons.write", made, place=place.code, **counts)
    return made


def take_away(*, by: Actor, cycle_slug: str, code: str, comparison: str) -> None:
    """It is shown no more. Raises Missing, Forbidden."""
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_enter_facts, by, lokus)
    with transaction.atomic():
        row = one(Comparison.objects.filter(lokus=lokus), pk__in=_pk(lokus, comparison))
        _record(by, "comparisons.take_away", row, place=row.place_code)
        row.delete()


def _pk(lokus: Lokus, uuid: str) -> list[int]:
    return [pk for pk, known in Comparison.objects.filter(lokus=lokus).values_list("pk", "uuid") if str(known) == uuid]


def _place(lokus: Lokus, text: str) -> Place:
    """The kelurahan of the city by its code or its name alone."""
    wanted = text.strip()
    there = Place.objects.filter(within_q("code", lokus.cycle.place.code), level=PlaceLevel.KELURAHAN)
    found = list(there.filter(code=wanted) or there.filter(name__iexact=wanted))
    if len(found) != 1:
        raise InputError(Problem("comparison.place", "kelurahan", values={"place": wanted}))
    if lokus.cycle.loci.filter(place=found[0]).exists():
        raise InputError(Problem("comparison.coached", "kelurahan", values={"place": found[0].name}))
    return found[0]


def _counts(texts: tuple[str, ...]) -> tuple[int, int, int, int]:
    numbers = [int(text) if text.strip().isascii() and text.strip().isdigit() else -1 for text in texts]
    n_before, true_before, n_after, true_after = numbers
    fits = 0 <= true_before <= n_before <= MOST and 0 <= true_after <= n_after <= MOST and n_before and n_after
    if not fits:
        raise InputError(Problem("comparison.counts", "n_dari"))
    return n_before, true_before, n_after, true_after


def _record(by: Actor, action: str, row: Comparison, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="comparison",
        object_id=row.uuid,
        place_code=row.lokus.area,
        indicator=row.indicator,
        **details,
    )
