"""A published instrument as a table that an official can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from selaras.queries.frame import InstrumentRef
from selaras.scoring.instrument import Origin, Rule, Stage

if TYPE_CHECKING:
    from selaras.models.people import User


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
    """One aspect; `share` is its weight over the sum of its siblings' weights, 0…1."""

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


def instrument_page(user: User, instrument_id: str, version: str) -> InstrumentPage:
    """One published version; any signed-in person may read it. Raises Missing where it is not there."""
    raise NotImplementedError
