"""Mengapa angka ini? Everything that stands behind one indicator of one lokus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from selaras.access import may_see_health, may_see_names, may_see_readiness
from selaras.errors import Missing, Problem
from selaras.models import Fact, InstrumentVersion, Lokus, Membership, User
from selaras.queries.cards import Card, exact
from selaras.queries.coverage import newest_result
from selaras.queries.health import hidden_from
from selaras.queries.invitations import role_words
from selaras.queries.programme import cycle_ref, instrument_ref, lokus_in, lokus_ref
from selaras.queries.protection import Silence
from selaras.queries.refs import HIDDEN, CycleRef, InstrumentRef, LokusRef, ResultRef, RoundRef, Score
from selaras.queries.rounds import round_ref
from selaras.queries.rules import health_indicators, instrument_of
from selaras.queries.showing import Shown, shown_of
from selaras.queries.sides import Side, SideFamily, SideKind, Subject, sides_of
from selaras.queries.silences import Reasons
from selaras.queries.spoken import over_words, rule_words, shown
from selaras.scoring.handovers import MEASURED
from selaras.scoring.instrument import Aggregate, Indicator, MissingPolicy, Origin, Rule, Stage
from selaras.scoring.rules import band_at
from selaras.scoring.trace import statement_of, trace

__all__ = [
    "BandStep",
    "FactLine",
    "IndicatorPage",
    "Neighbour",
    "OptionStep",
    "Side",
    "SideFamily",
    "SideKind",
    "TraceStep",
    "indicator_page",
]


@dataclass(frozen=True, slots=True)
class BandStep:
    """`points` (on the scale) where low ≤ value < high; None is an open end. `current`: the value lies here."""

    low: Decimal | None
    high: Decimal | None
    points: Decimal
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class OptionStep:
    """What can be ticked and its points on the scale. `current`: this one was ticked."""

    label: str
    points: Decimal
    current: bool


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact that was given and not surveyed: by whom (role or agency), when, from what source."""

    value: Decimal | None
    option: str
    given_by: str
    given_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of the way from form to total: `54 dari 93`, `aturan di atas`."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another indicator of the same aspect, to walk on."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """The whole page.

    `over` is what is counted, in words (`keluarga`, `anggota keluarga`). `value` is as the rule reads it;
    `value_low`/`value_high` with every missing answer a no and a yes. `points` is the share 0…1, `score` = points ×
    weight, `score_if_yes` the score with the missing ones answered yes. `rule_words`/`applies_words` say the rule in
    plain Indonesian with choice labels (`scoring` writes them); `expression`/`applies_to` are the author's texts.
    `low`/`high` are the ends of a linear rule. `hidden` is True where counts under 5 of a health field may not be
    shown to this person, or could be worked out from this one: then value, counts, sides are empty.
    `fact` is None for surveys. `sql` is the statement. `silence`: its value is taken from what was published, and that
    is why there is none. Whether somebody claimed it is not told here: jurors and the province read this page too.
    """

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef | None
    before_round: RoundRef | None
    instrument: InstrumentRef
    scale: Decimal
    aspects: tuple[tuple[str, str], ...]
    name: str
    label: str
    origin: Origin
    rule: Rule
    aggregate: Aggregate
    stage: Stage | None
    unit: str
    over: str
    weight: Decimal
    missing_policy: MissingPolicy
    min_n: int
    agency: str
    evidence: str
    source: str
    rule_words: str
    applies_words: str
    expression: str
    applies_to: str
    value: Decimal | None
    value_low: Decimal | None
    value_high: Decimal | None
    value_before: Decimal | None
    n: int | None
    true: int | None
    missing: int | None
    not_applicable: int | None
    points: Decimal | None
    score: Score
    low: Decimal | None
    high: Decimal | None
    bands: tuple[BandStep, ...]
    options: tuple[OptionStep, ...]
    fact: FactLine | None
    sides: tuple[Side, ...]
    trace: tuple[TraceStep, ...]
    sql: str
    engine: str
    data_sha256: str
    as_of: datetime | None
    result: ResultRef | None
    previous: Neighbour | None
    next: Neighbour | None
    hidden: bool
    may_see_families: bool
    may_see_names: bool
    may_see_readiness: bool = False
    silence: Silence | None = None
    silence_year: int = 0


def indicator_page(user: User, cycle_slug: str, code: str, name: str, *, limit: int = 8) -> IndicatorPage:
    """The page of one indicator in one lokus, with at most `limit` families a side (all of them: limit=0).

    Carries codes, never names: names are asked of `actions.households.reveal_names`, which writes the audit.
    Raises Missing where cycle, lokus or indicator is not there or not hers. Counts come from counters, families from
    the states kept per household; an engine runs for neither.
    """
    lokus = lokus_in(user, cycle_slug, code)
    found = shown_of(lokus)
    if name not in found.card.instrument.indicators:
        raise Missing(Problem("access.missing"))
    return _Page(user, lokus, found, name).made(limit)


class _Page:
    """Gathers the page of one indicator."""

    def __init__(self, user: User, lokus: Lokus, found: Shown, name: str) -> None:
        self.user, self.lokus = user, lokus
        self.version, self.card, self.round = found.version, found.card, found.round
        self.before, self.earlier = found.before, found.earlier
        version, card = found.version, found.card
        self.instrument = card.instrument
        self.indicator = card.instrument.indicators[name]
        self.score = card.unit.indicators[name]
        self.tally = card.tally.indicators.get(name)
        health = name in health_indicators(version)
        entitled = may_see_health(user, lokus, self.indicator.agency)
        self.families = entitled if health else may_see_names(user, lokus)
        self.hidden = name in hidden_from(user, lokus, version, (card, found.earlier)).indicators

    def made(self, limit: int) -> IndicatorPage:
        previous, following = self._neighbours()
        result = newest_result(self.lokus, self.round, self.version)
        return IndicatorPage(
            **self._rule(),
            **self._figures(self.earlier),
            cycle=cycle_ref(self.lokus.cycle),
            lokus=lokus_ref(self.lokus),
            round=round_ref(self.round),
            before_round=None if self.before is None else round_ref(self.before),
            instrument=instrument_ref(self.version),
            scale=self.instrument.scale,
            aspects=self._aspects(),
            bands=self._bands(),
            options=self._options(),
            fact=self._fact(),
            sides=() if self.hidden else self._sides(limit),
            trace=() if self.hidden else self._trace(),
            sql=_sql(self.version.workbook.sha256, self.version.pk, self.indicator.name, self.round.closes),
            engine=self.card.engine,
            data_sha256=result.data_sha256 if result else "",
            as_of=self.card.as_of,
            result=result,
            previous=previous,
            next=following,
            hidden=self.hidden,
            may_see_families=self.families,
            may_see_names=may_see_names(self.user, self.lokus),
            may_see_readiness=may_see_readiness(self.user, self.lokus),
            **self._silence(),
        )

    def _rule(self) -> dict[str, Any]:
        """What the workbook says of the indicator, and that in words."""
        indicator = self.indicator
        words = rule_words(self.instrument, indicator)
        same = (
            "name",
            "origin",
            "rule",
            "aggregate",
            "stage",
            "unit",
            "weight",
            "min_n",
            "agency",
            "evidence",
            "source",
        )
        return {
            **{name: getattr(indicator, name) for name in (*same, "low", "high")},
            "label": shown(indicator.labels, self.instrument) or indicator.name,
            "over": over_words(self.instrument, indicator.over),
            "missing_policy": indicator.missing,
            "rule_words": "\n".join(str(part) for part in (words.rule, *words.definitions)),
            "applies_words": str(words.skipped) if words.skipped else "",
            "expression": indicator.expression.text if indicator.expression else "",
            "applies_to": indicator.applies_to.text if indicator.applies_to else "",
        }

    def _figures(self, earlier: Card | None) -> dict[str, Any]:
        """Its numbers; none of them where they would tell of a group of one to four."""
        score = self.score
        possible = self.card.ranges.values.get(self.indicator.name)
        was = earlier.unit.indicators.get(self.indicator.name) if earlier else None
        figures: dict[str, Any] = {
            "value": exact(score.value),
            "value_low": exact(possible.low) if possible else None,
            "value_high": exact(possible.high) if possible else None,
            "value_before": exact(was.value) if was else None,
            "n": score.n,
            "true": score.true,
            "missing": score.missing,
            "not_applicable": score.not_applicable,
            "points": exact(score.points),
        }
        if self.hidden:
            return {**dict.fromkeys(figures), "score": HIDDEN}
        return {**figures, "score": self._weighed(earlier)}

    def _weighed(self, earlier: Card | None) -> Score:
        """Points × weight, with its range."""
        name, weight = self.indicator.name, Fraction(self.indicator.weight)
        was = earlier.unit.indicators.get(name) if earlier else None
        return Score(
            exact(self.score.score),
            exact(self.card.low.points[name] * weight),
            exact(self.card.high.points[name] * weight),
            exact(was.score) if was else None,
        )

    def _aspects(self) -> tuple[tuple[str, str], ...]:
        """Name and label of the aspects around it, outermost first."""
        found: list[tuple[str, str]] = []
        name: str | None = self.indicator.aspect
        while name is not None:
            aspect = self.instrument.aspects[name]
            found.insert(0, (name, shown(aspect.labels, self.instrument) or name))
            name = aspect.parent
        return tuple(found)

    def _bands(self) -> tuple[BandStep, ...]:
        value = None if self.hidden else self.score.value
        current = band_at(self.indicator, value) if value is not None and self.indicator.bands else None
        return tuple(
            BandStep(band.low, band.high, band.points, shown(band.labels, self.instrument), band is current)
            for band in self.indicator.bands
        )

    def _options(self) -> tuple[OptionStep, ...]:
        return tuple(
            OptionStep(
                shown(option.labels, self.instrument) or option.name, option.points, option.name == self.score.option
            )
            for option in self.indicator.options
        )

    def _fact(self) -> FactLine | None:
        fact = self.card.facts.get(self.indicator.name)
        if fact is None:
            return None
        option = next((row for row in self.indicator.options if row.name == fact.option), None)
        label = shown(option.labels, self.instrument) or option.name if option else fact.option
        return FactLine(fact.value, label, _giver(fact), fact.entered_at, fact.source)

    def _silence(self) -> dict[str, Any]:
        measure, told = self.indicator.measure, self.indicator.name in self.card.facts
        if told or measure not in MEASURED:
            return {}
        why = Reasons(self.lokus.cycle).of(self.lokus.area)
        return {"silence": why[measure], "silence_year": why.year(measure)}

    def _sides(self, limit: int) -> tuple[Side, ...]:
        if self.tally is None:
            return ()
        return sides_of(
            self.user if self.families else None,
            Subject(self.lokus, self.round, self.version, self.indicator, self.tally),
            everyone=not may_see_names(self.user, self.lokus),
            limit=limit,
        )

    def _trace(self) -> tuple[TraceStep, ...]:
        steps = trace(self.instrument, self.card.unit, self.indicator.name).steps
        return tuple(TraceStep(step.title, step.detail) for step in steps)

    def _neighbours(self) -> tuple[Neighbour | None, Neighbour | None]:
        beside = [row for row in self.instrument.indicators.values() if row.aspect == self.indicator.aspect]
        place = beside.index(self.indicator)
        return (
            self._neighbour(beside[place - 1]) if place else None,
            self._neighbour(beside[place + 1]) if place + 1 < len(beside) else None,
        )

    def _neighbour(self, indicator: Indicator) -> Neighbour:
        return Neighbour(indicator.name, shown(indicator.labels, self.instrument) or indicator.name)


@lru_cache(maxsize=512)
def _sql(_sha256: str, version_id: int, name: str, today: date) -> str:
    """The statement never changes for a published version and a round; writing it costs a tenth of a second."""
    version = InstrumentVersion.objects.select_related("workbook").get(pk=version_id)
    instrument = instrument_of(version)
    return statement_of(instrument, instrument.indicators[name], today=today)


def _giver(fact: Fact) -> str:
    """The agency or the role of whoever gave a fact, not her name."""
    if fact.entered_by is None:
        return "server"
    task = Membership.objects.filter(user=fact.entered_by).select_related("agency").order_by("-starts").first()
    if task is None:
        return ""
    return task.agency.short_name if task.agency else role_words(task.role)
