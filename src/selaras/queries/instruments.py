"""A published instrument as a table that an official can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from selaras.access import instruments_for, one
from selaras.models import User
from selaras.odk.types import SILENT
from selaras.queries.programme import instrument_ref
from selaras.queries.refs import InstrumentRef
from selaras.queries.rules import instrument_of, words_of
from selaras.queries.spoken import rule_words, shown
from selaras.scoring.expressions.words import condition
from selaras.scoring.instrument import Aspect, Indicator, Instrument, Origin, Rule, Stage


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One indicator: weight, rule in words (`rule_words`), how points are given (`points_words`), and its text."""

    name: str
    label: str
    weight: Decimal
    origin: Origin
    rule: Rule
    stage: Stage | None
    rule_words: str
    points_words: str
    expression: str
    agency: str
    source: str


@dataclass(frozen=True, slots=True)
class RuleAspect:
    """One aspect; `share` is its weight over the sum of its siblings' weights (aspects and indicators), 0…1."""

    name: str
    label: str
    weight: Decimal
    share: Decimal
    source: str
    indicators: tuple[RuleLine, ...]
    aspects: tuple[RuleAspect, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One household class, in the order in which they are tried."""

    name: str
    label: str
    rule_words: str
    expression: str


@dataclass(frozen=True, slots=True)
class InstrumentPage:
    """The whole page. `versions` are all published ones, newest first; `questions` counts what is asked."""

    instrument: InstrumentRef
    scale: Decimal
    valid_from: date | None
    valid_to: date | None
    source: str
    published_at: datetime
    questions: int
    aspects: tuple[RuleAspect, ...]
    classes: tuple[ClassLine, ...]
    versions: tuple[InstrumentRef, ...]


def published(user: User) -> tuple[InstrumentRef, ...]:
    """Every published version that she may read, newest first."""
    return tuple(instrument_ref(row) for row in instruments_for(user).order_by("-published_at", "-pk"))


def instrument_page(user: User, instrument_id: str, version: str) -> InstrumentPage:
    """One published version; any signed-in person may read it. Raises Missing where it is not there."""
    versions = instruments_for(user).select_related("workbook").filter(instrument=instrument_id)
    row = one(versions, version=version)
    instrument = instrument_of(row)
    lexicon = words_of(row)
    top = [aspect for aspect in instrument.aspects.values() if aspect.parent is None]
    asked = [field for field in instrument.form.fields.values() if field.kind != "other" and field.type not in SILENT]
    return InstrumentPage(
        instrument=instrument_ref(row),
        scale=instrument.scale,
        valid_from=instrument.valid_from,
        valid_to=instrument.valid_to,
        source=instrument.source,
        published_at=row.published_at,
        questions=len(asked),
        aspects=tuple(_aspect(instrument, aspect, sum((row.weight for row in top), Decimal(0))) for aspect in top),
        classes=tuple(
            ClassLine(
                name,
                shown(rule.labels, instrument) or name,
                str(condition(rule.expression.tree, lexicon)),
                rule.expression.text,
            )
            for name, rule in instrument.classes.items()
        ),
        versions=tuple(instrument_ref(each) for each in versions.order_by("-published_at", "-pk")),
    )


def _aspect(instrument: Instrument, aspect: Aspect, beside: Decimal) -> RuleAspect:
    """`beside` is the weight of everything under its parent, itself included."""
    below = [row for row in instrument.aspects.values() if row.parent == aspect.name]
    own = [row for row in instrument.indicators.values() if row.aspect == aspect.name]
    inside = sum([row.weight for row in below] + [row.weight for row in own], Decimal(0))
    return RuleAspect(
        name=aspect.name,
        label=shown(aspect.labels, instrument) or aspect.name,
        weight=aspect.weight,
        share=aspect.weight / beside,
        source=aspect.source,
        indicators=tuple(_line(instrument, row) for row in own),
        aspects=tuple(_aspect(instrument, row, inside) for row in below),
    )


def _line(instrument: Instrument, indicator: Indicator) -> RuleLine:
    words = rule_words(instrument, indicator)
    return RuleLine(
        name=indicator.name,
        label=shown(indicator.labels, instrument) or indicator.name,
        weight=indicator.weight,
        origin=indicator.origin,
        rule=indicator.rule,
        stage=indicator.stage,
        rule_words=str(words.rule),
        points_words=str(words.points),
        expression=indicator.expression.text if indicator.expression else "",
        agency=indicator.agency,
        source=indicator.source,
    )
