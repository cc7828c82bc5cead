"""The score of one lokus: the answer, why by aspect, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from selaras.queries.frame import CycleRef, InstrumentRef, LokusRef, ResultRef, RoundRef, Score
from selaras.scoring.instrument import Aggregate, Origin

if TYPE_CHECKING:
    from selaras.models.people import User


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator under its aspect.

    `score` is on the instrument's scale (share of points × scale). `value` is as the rule reads it (a share is
    0…1). Counts are None for facts. `hidden` is True where a count under 5 of a health field must not be shown:
    then value, counts and score are None.
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


def lokus_page(user: User, cycle_slug: str, code: str) -> LokusPage:
    """The page of one lokus (place code `36.72.05.1005`); aspects in the workbook's order.

    Raises Missing where cycle or lokus is not there or not hers. Reads counters only: its cost does not grow with
    the number of households.
    """
    raise NotImplementedError
