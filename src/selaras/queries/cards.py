"""A lokus's scorecard from what has been counted: no engine runs, and the cost does not grow with families."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from selaras.models import Counter, Fact, InstrumentVersion, Lokus, Round, UnitCounter
from selaras.queries.refs import Score
from selaras.queries.rules import instrument_of, read_published
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
    loci, rounds = {lokus for lokus, _ in pairs}, {round_ for _, round_ in pairs}
    counters: dict[tuple[int, int], dict[str, _Counted]] = {}
    rows = Counter.objects.filter(lokus__in=loci, round__in=rounds, indicator__version=version)
    for lokus_id, round_id, name, *counted in rows.values_list("lokus_id", "round_id", "indicator__name", *_COLUMNS):
        counters.setdefault((lokus_id, round_id), {})[name] = tuple(counted)
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
            version,
            lokus.area,
            counters.get((lokus_id, round_id), {}),
            heads.get((lokus_id, round_id)),
            _facts_of(facts.get(lokus_id, ()), round_id),
        )
        for (lokus_id, round_id), lokus in pairs.items()
    }


#: A counter's columns, in the order in which a tally takes them.
_COLUMNS = ("n", "true", "missing", "not_applicable", "total", "low", "high", "middle_low", "middle_high")
_Counted = tuple[int, int, int, int, Decimal | None, Decimal | None, Decimal | None, Decimal | None, Decimal | None]


def _tally(counted: _Counted) -> Tally:
    n, true, missing, not_applicable, total, low, high, *middles = counted
    pair = None if middles[0] is None or middles[1] is None else (middles[0], middles[1])
    return Tally(n, true, missing, not_applicable, total or Decimal(0), low, high, pair)


def _facts_of(facts: Iterable[Fact], round_id: int) -> dict[str, Fact]:
    """By indicator: a fact of the whole cycle counts in every round that has none of its own."""
    whole = {fact.indicator.name: fact for fact in facts if fact.round_id is None}
    return whole | {fact.indicator.name: fact for fact in facts if fact.round_id == round_id}


def _card(
    version: InstrumentVersion,
    unit: str,
    counted: Mapping[str, _Counted],
    head: UnitCounter | None,
    facts: Mapping[str, Fact],
) -> Card:
    scored = _scored(
        _Inputs(
            workbook=version.workbook.sha256,
            name=f"{version.instrument}-{version.version}.xlsx",
            unit=unit,
            counted=tuple(sorted(counted.items())),
            households=head.households if head else 0,
            classes=tuple(sorted(head.classes.items())) if head else (),
            unclassified=head.unclassified if head else 0,
            engine=head.engine if head else "",
            facts=tuple(sorted((name, fact.value, fact.option or None) for name, fact in facts.items())),
        )
    )
    return Card(
        instrument=instrument_of(version),
        tally=scored.tally,
        unit=scored.unit,
        ranges=scored.ranges,
        low=scored.low,
        high=scored.high,
        engine=head.engine if head else "",
        as_of=head.as_of if head else None,
        gaps=tuple((str(field), int(blank), int(asked)) for field, blank, asked in head.gaps) if head else (),
        facts=facts,
    )


@dataclass(frozen=True, slots=True)
class _Inputs:
    """Everything that a card depends on: equal inputs, equal card."""

    workbook: str
    name: str
    unit: str
    counted: tuple[tuple[str, _Counted], ...]
    households: int
    classes: tuple[tuple[str, int], ...]
    unclassified: int
    engine: str
    facts: tuple[tuple[str, Decimal | None, str | None], ...]


@dataclass(frozen=True, slots=True)
class _Scored:
    tally: UnitTally
    unit: UnitScore
    ranges: UnitRanges
    low: Ends
    high: Ends


@lru_cache(maxsize=256)
def _scored(inputs: _Inputs) -> _Scored:
    """The card and its ranges. Remembered by content, so that nothing stale can be shown: it costs ten milliseconds."""
    instrument = read_published(inputs.workbook, inputs.name)
    counted = {name: _tally(row) for name, row in inputs.counted}
    tally = UnitTally(inputs.unit, inputs.households, dict(inputs.classes), inputs.unclassified, counted)
    tallies = Tallies(inputs.engine, (tally,))
    given = [Given(inputs.unit, name, value, option) for name, value, option in inputs.facts]
    card = scorecard(instrument, tallies, given)
    ranges = possible_range(instrument, tallies, card)[inputs.unit]
    points = {name: ranges.points.get(name) for name in instrument.indicators}
    low = {name: Fraction(0) if found is None else Fraction(found.low or 0) for name, found in points.items()}
    high = {name: Fraction(1) if found is None else _best(found.high) for name, found in points.items()}
    return _Scored(tally, card.units[0], ranges, _ends(instrument, low), _ends(instrument, high))


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
