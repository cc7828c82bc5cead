"""The score of one lokus: the answer, why by aspect, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from selaras.access import may_import, may_see_names, shown_count
from selaras.models import InstrumentVersion, Lokus, User
from selaras.queries.cards import Card, exact
from selaras.queries.coverage import Waiting, newest_result, waiting_answers
from selaras.queries.health import hidden_from
from selaras.queries.programme import cycle_ref, instrument_ref, lokus_in, lokus_ref
from selaras.queries.refs import HIDDEN, CycleRef, InstrumentRef, LokusRef, ResultRef, RoundRef, Score
from selaras.queries.rounds import round_ref
from selaras.queries.showing import shown_of
from selaras.queries.silences import Reasons, Silent, silent_card
from selaras.queries.spoken import shown
from selaras.scoring.expressions.words import label_of
from selaras.scoring.instrument import Aggregate, Aspect, Indicator, Origin

#: How many questions with blanks a page names.
WORST = 10


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator under its aspect.

    `score` is on the instrument's scale (share of points × scale). `value` is as the rule reads it (a share is
    0…1). Counts are None for facts. `hidden` is True where a count under 5 of a health field must not be shown,
    or could be worked out from this one: then value, counts and score are None.
    """

    name: str
    label: str
    weight: Decimal
    origin: Origin
    aggregate: Aggregate
    unit: str
    value: Decimal | None
    n: int | None
    true: int | None
    missing: int | None
    not_applicable: int | None
    option: str
    score: Score
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class AspectLine:
    """One aspect: its score on the scale, its own weight, and how much weight below it has no value."""

    name: str
    label: str
    weight: Decimal
    weight_missing: Decimal
    weight_below: Decimal
    score: Score
    indicators: tuple[IndicatorLine, ...]
    aspects: tuple[AspectLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of `target` families, how many are registered, answered in this round, refused, still to be visited."""

    target: int
    registered: int
    answered: int
    refused: int


@dataclass(frozen=True, slots=True)
class FieldGap:
    """A question whose blanks cost most: `blank` of `asked` families (or members) left it empty."""

    field: str
    label: str
    blank: int
    asked: int


@dataclass(frozen=True, slots=True)
class ClassCount:
    """Households of one class; `count` is None where it is under 5 and must not be shown."""

    name: str
    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class LokusPage:
    """The whole page.

    `weight_missing` of `weight` has no value at the top. `blank_answers` counts missing (indicator, unit) pairs over
    `blank_aspects` aspects; `gaps` are the worst ten questions. `unmeasured` are indicators without any value
    (facts not given yet, too few answers). `classes` is empty for who may not see them. `pending` submissions are
    not in the score yet; `as_of` is when it was counted, None before the first count.
    """

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef | None
    before_round: RoundRef | None
    instrument: InstrumentRef
    scale: Decimal
    weight: Decimal
    weight_missing: Decimal
    total: Score
    aspects: tuple[AspectLine, ...]
    coverage: Coverage
    blank_answers: int
    blank_aspects: int
    gaps: tuple[FieldGap, ...]
    unmeasured: tuple[IndicatorLine, ...]
    classes: tuple[ClassCount, ...]
    unclassified: int
    pending: int
    as_of: datetime | None
    result: ResultRef | None
    may_import: bool
    may_see_households: bool
    silent: Silent | None = None


def lokus_page(user: User, cycle_slug: str, code: str) -> LokusPage:
    """The page of one lokus (place code `36.72.05.1005`); aspects in the workbook's order.

    Raises Missing where cycle or lokus is not there or not hers. Reads counters only: its cost does not grow with
    the number of households.
    """
    lokus = lokus_in(user, cycle_slug, code)
    found = shown_of(lokus)
    version, round_, card, before, earlier = found.version, found.round, found.card, found.before, found.earlier
    lines = _Lines(user, lokus, version, card, earlier)
    top = [aspect for aspect in card.instrument.aspects.values() if aspect.parent is None]
    waiting = waiting_answers([lokus]).get((lokus.pk, round_.pk), Waiting())
    knows = may_see_names(user, lokus)
    return LokusPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        round=round_ref(round_),
        before_round=None if before is None else round_ref(before),
        instrument=instrument_ref(version),
        scale=card.instrument.scale,
        weight=sum((aspect.weight for aspect in top), Decimal(0)),
        weight_missing=card.unit.weight_missing,
        total=lines.total(),
        aspects=tuple(lines.aspect(aspect) for aspect in top),
        coverage=Coverage(
            target=lokus.target_size,
            registered=lokus.registered,
            answered=card.tally.households + waiting.fresh,
            refused=0,
        ),
        blank_answers=sum(tally.missing for tally in card.tally.indicators.values()),
        blank_aspects=len(lines.blank_aspects()),
        gaps=tuple(_gaps(card)),
        unmeasured=tuple(lines.unmeasured()),
        classes=tuple(_classes(card, all_told=knows)),
        unclassified=card.tally.unclassified,
        pending=waiting.dirty,
        as_of=card.as_of,
        result=newest_result(lokus, round_, version),
        may_import=may_import(user, lokus),
        may_see_households=knows,
        silent=None if lines.total().value is None else silent_card(card, Reasons(lokus.cycle)),
    )


class _Lines:
    """Indicators and aspects of a card as the page shows them to this person."""

    def __init__(self, user: User, lokus: Lokus, version: InstrumentVersion, card: Card, before: Card | None) -> None:
        self._card = card
        self._before = before
        self._instrument = card.instrument
        self._hidden = hidden_from(user, lokus, version, (card, before))

    def total(self) -> Score:
        return HIDDEN if self._hidden.total else self._card.total(self._before)

    def indicator(self, indicator: Indicator) -> IndicatorLine:
        score = self._card.unit.indicators[indicator.name]
        hidden = indicator.name in self._hidden.indicators
        return IndicatorLine(
            name=indicator.name,
            label=shown(indicator.labels, self._instrument) or indicator.name,
            weight=indicator.weight,
            origin=indicator.origin,
            aggregate=indicator.aggregate,
            unit=indicator.unit,
            value=None if hidden else exact(score.value),
            n=None if hidden else score.n,
            true=None if hidden else score.true,
            missing=None if hidden else score.missing,
            not_applicable=None if hidden else score.not_applicable,
            option=self._option(indicator, score.option),
            score=HIDDEN if hidden else self._card.indicator(indicator.name, self._before),
            hidden=hidden,
        )

    def _option(self, indicator: Indicator, name: str | None) -> str:
        option = next((one for one in indicator.options if one.name == name), None)
        return "" if option is None else shown(option.labels, self._instrument) or option.name

    def aspect(self, aspect: Aspect) -> AspectLine:
        own = [one for one in self._instrument.indicators.values() if one.aspect == aspect.name]
        below = [one for one in self._instrument.aspects.values() if one.parent == aspect.name]
        scored = self._card.unit.aspects[aspect.name]
        return AspectLine(
            name=aspect.name,
            label=shown(aspect.labels, self._instrument) or aspect.name,
            weight=aspect.weight,
            weight_missing=scored.weight_missing,
            weight_below=sum([one.weight for one in own] + [one.weight for one in below], Decimal(0)),
            score=HIDDEN if aspect.name in self._hidden.aspects else self._card.aspect(aspect.name, self._before),
            indicators=tuple(self.indicator(one) for one in own),
            aspects=tuple(self.aspect(one) for one in below),
        )

    def blank_aspects(self) -> set[str]:
        """The aspects in which an answer is owed."""
        tallies = self._card.tally.indicators
        return {
            one.aspect
            for one in self._instrument.indicators.values()
            if one.name in tallies and tallies[one.name].missing
        }

    def unmeasured(self) -> Iterator[IndicatorLine]:
        """The indicators that have no value at all."""
        for indicator in self._instrument.indicators.values():
            if self._card.unit.indicators[indicator.name].points is None:
                yield self.indicator(indicator)


def _gaps(card: Card) -> Iterator[FieldGap]:
    form = card.instrument.form
    worst = sorted((gap for gap in card.gaps if gap[1] and gap[0] in form.fields), key=lambda gap: (-gap[1], gap[0]))
    for name, blank, asked in worst[:WORST]:
        yield FieldGap(name, label_of(shown(form.fields[name].labels, card.instrument)) or name, blank, asked)


def _classes(card: Card, *, all_told: bool) -> Iterator[ClassCount]:
    """Families by class. To who does not work with them, a group of one to four is not told, nor what would tell it."""
    counts = {name: card.tally.classes.get(name, 0) for name in card.instrument.classes}
    hidden: set[str] = set()
    if not all_told:
        hidden = {name for name, count in counts.items() if shown_count(count, card.tally.households) is None}
        rest = sorted((name for name in counts if counts[name] and name not in hidden), key=lambda name: counts[name])
        # One hidden count alone is the total less the others.
        hidden |= set(rest[:1]) if len(hidden) == 1 else set()
    for name, row in card.instrument.classes.items():
        label = shown(row.labels, card.instrument) or name
        yield ClassCount(name, label, None if name in hidden else counts[name])
