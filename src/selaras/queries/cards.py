"""A lokus's scorecard from what has been counted: no engine runs, and the cost does not grow with families."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from selaras.models import Counter, Fact, InstrumentVersion, Lokus, Round, UnitCounter
from selaras.queries.refs import Score
from selaras.queries.rules import instrument_of
from selaras.scoring.card import UnitScore
from selaras.scoring.facts import Fact as Given
from selaras.scoring.instrument import Instrument
from selaras.scoring.numbers import half_up
from selaras.scoring.points import aspect_scores, scorecard, total_of
from selaras.scoring.ranges import UnitRanges, possible_range
from selaras.scoring.tally import Tallies, Tally, UnitTally


@dataclass(frozen=True, slots=True)
class Card:
    """One lokus in one round. `unit` is the scored card, `tally` the counts behind it, `gaps` blanks by question.

    `low` and `high` are aspect and total scores with every owed answer at its worst and best and every unmeasured
    indicator at nothing and everything. `as_of` is None before the first count.
    """

    instrument: Instrument
    tally: UnitTally
    unit: UnitScore
    ranges: UnitRanges
    low: Ends
    high: Ends
    engine: str
    as_of: datetime | None
    gaps: tuple[tuple[str, int, int], ...]
    facts: Mapping[str, Fact]

    def total(self, before: Card | None = None) -> Score:
        """The total on the instrument's scale, with its range, and what it was in the card before."""
        return _score(self.unit.total, self.low.total, self.high.total, before.unit.total if before else None)

    def aspect(self, name: str, before: Card | None = None) -> Score:
        """One aspect's score, as `total`."""
        earlier = before.unit.aspects.get(name) if before else None
        return _score(
            self.unit.aspects[name].score,
            self.low.aspects[name],
            self.high.aspects[name],
            earlier.score if earlier else None,
        )

    def indicator(self, name: str, before: Card | None = None) -> Score:
        """One indicator's share of points on the instrument's scale, as `total`."""
        scale = Fraction(self.instrument.scale)
        earlier = before.unit.indicators.get(name) if before else None
        return _score(
            _times(self.unit.indicators[name].points, scale),
            _times(self.low.points[name], scale),
            _times(self.high.points[name], scale),
            _times(earlier.points, scale) if earlier else None,
        )


@dataclass(frozen=True, slots=True)
class Ends:
    """One end of everything: shares of points by indicator, aspect scores, the total."""

    points: Mapping[str, Fraction]
    aspects: Mapping[str, Fraction | None]
    total: Fraction | None


def card_of(lokus: Lokus, round_: Round, version: InstrumentVersion) -> Card:
    """The card of a lokus in a round. Three statements: counters, their head, facts."""
    return cards_of([(lokus, round_)], version)[(lokus.pk, round_.pk)]


def cards_of(wanted: Iterable[tuple[Lokus, Round]], version: InstrumentVersion) -> dict[tuple[int, int], Card]:
    """Cards by (lokus id, round id); three statements however many are wanted."""
    pairs = {(lokus.pk, round_.pk): lokus for lokus, round_ in wanted}
    instrument = instrument_of(version)
    loci, rounds = {lokus for lokus, _ in pairs}, {round_ for _, round_ in pairs}
    counters: dict[tuple[int, int], dict[str, Tally]] = {}
    rows = Counter.objects.filter(lokus__in=loci, round__in=rounds, indicator__version=version)
    for row in rows.select_related("indicator"):
        counters.setdefault((row.lokus_id, row.round_id), {})[row.indicator.name] = tally_of(row)
    heads = {
        (head.lokus_id, head.round_id): head
        for head in UnitCounter.objects.filter(lokus__in=loci, round__in=rounds, version=version)
    }
    facts: dict[int, list[Fact]] = {}
    given = Fact.objects.filter(lokus__in=loci, indicator__version=version)
    for fact in given.select_related("indicator", "entered_by").order_by("entered_at"):
        facts.setdefault(fact.lokus_id, []).append(fact)
    return {
        (lokus_id, round_id): _card(
            instrument,
            lokus.area,
            counters.get((lokus_id, round_id), {}),
            heads.get((lokus_id, round_id)),
            _facts_of(facts.get(lokus_id, ()), round_id),
        )
        for (lokus_id, round_id), lokus in pairs.items()
    }


def tally_of(row: Counter) -> Tally:
    """A counter as the engine's tally."""
    middles = (row.middle_low, row.middle_high)
    return Tally(
        n=row.n,
        true=row.true,
        missing=row.missing,
        not_applicable=row.not_applicable,
        total=row.total or Decimal(0),
        low=row.low,
        high=row.high,
        middles=None if middles[0] is None or middles[1] is None else (middles[0], middles[1]),
    )


def _facts_of(facts: Iterable[Fact], round_id: int) -> dict[str, Fact]:
    """By indicator: a fact of the whole cycle counts in every round that has none of its own."""
    whole = {fact.indicator.name: fact for fact in facts if fact.round_id is None}
    return whole | {fact.indicator.name: fact for fact in facts if fact.round_id == round_id}


def given_facts(facts: Mapping[str, Fact], unit: str) -> list[Given]:
    """Stored facts as scoring takes them."""
    return [Given(unit, name, fact.value, fact.option or None) for name, fact in facts.items()]


def _card(
    instrument: Instrument,
    unit: str,
    counted: Mapping[str, Tally],
    head: UnitCounter | None,
    facts: Mapping[str, Fact],
) -> Card:
    engine = head.engine if head else ""
    classes = dict(head.classes) if head else {}
    tally = UnitTally(unit, head.households if head else 0, classes, head.unclassified if head else 0, counted)
    tallies = Tallies(engine, (tally,))
    card = scorecard(instrument, tallies, given_facts(facts, unit))
    ranges = possible_range(instrument, tallies, card)[unit]
    points = {name: ranges.points.get(name) for name in instrument.indicators}
    low = {name: Fraction(0) if found is None else Fraction(found.low or 0) for name, found in points.items()}
    high = {name: Fraction(1) if found is None else _best(found.high) for name, found in points.items()}
    return Card(
        instrument=instrument,
        tally=tally,
        unit=card.units[0],
        ranges=ranges,
        low=_ends(instrument, low),
        high=_ends(instrument, high),
        engine=engine,
        as_of=head.as_of if head else None,
        gaps=tuple((str(field), int(blank), int(asked)) for field, blank, asked in head.gaps) if head else (),
        facts=facts,
    )


def _best(share: Fraction | None) -> Fraction:
    return Fraction(1) if share is None else share


def _ends(instrument: Instrument, points: Mapping[str, Fraction]) -> Ends:
    aspects = aspect_scores(instrument, points)
    total, _ = total_of(instrument, aspects)
    return Ends(points, {name: aspect.score for name, aspect in aspects.items()}, total)


def _times(share: Fraction | None, scale: Fraction) -> Fraction | None:
    return None if share is None else share * scale


def _score(value: Fraction | None, low: Fraction | None, high: Fraction | None, before: Fraction | None) -> Score:
    return Score(exact(value), exact(low), exact(high), exact(before))


def exact(value: Fraction | None) -> Decimal | None:
    """Half up to the twelve places that cards carry."""
    return None if value is None else half_up(value)
