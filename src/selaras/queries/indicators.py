"""Mengapa angka ini? Everything that stands behind one indicator of one lokus."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from selaras.queries.frame import CycleRef, InstrumentRef, LokusRef, ResultRef, RoundRef, Score
from selaras.scoring.instrument import Aggregate, MissingPolicy, Origin, Rule, Stage

if TYPE_CHECKING:
    from selaras.models.people import User

SideKind = Literal["true", "false", "known", "missing", "not_applicable"]


@dataclass(frozen=True, slots=True)
class SideFamily:
    """A family by its code (`GD-014`), `RT 02/RW 01` in parts, and what it answered, in words.

    `answer` joins the labels of the answers that decided (`Jamban: cemplung`), or the number, or why it is unknown.
    `member` names the row of a repeat (`anggota 3`) where the indicator is over one, else ''.
    """

    household: str
    rt: str
    rw: str
    member: str
    answer: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side: `true` and `false` for shares, `known` for numbers, `missing`, `not_applicable`.

    `families` are the first ones by code, at most `limit` of the call; `count` is all of them. Empty where
    the person may not see families.
    """

    kind: SideKind
    count: int
    families: tuple[SideFamily, ...]


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
    shown to this person: then value, counts, sides are empty. `fact` is None for surveys. `sql` is the statement.
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


def indicator_page(user: User, cycle_slug: str, code: str, name: str, *, limit: int = 8) -> IndicatorPage:
    """The page of one indicator in one lokus, with at most `limit` families a side (all of them: limit=0).

    Carries codes, never names: names are asked of `actions.households.reveal_names`, which writes the audit.
    Raises Missing where cycle, lokus or indicator is not there or not hers. Counts come from counters, families from
    the states kept per household; an engine runs for neither.
    """
    raise NotImplementedError
