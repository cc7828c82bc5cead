"""An instrument as frozen data: what a workbook says once it has passed every check.

Expressions are kept twice: as the author's text (to show) and as a tree (to compile). Numbers are Decimal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from selaras.odk.forms import Form, Labels
from selaras.scoring.expressions.tree import Node

HOUSEHOLD = "household"

#: Static types of the expression language. `blank` is the type of '' and na(): it fits any other.
Kind = Literal["boolean", "number", "text", "date", "choice", "choices", "blank"]
Origin = Literal["survey", "record", "activity", "protection", "judged"]
Rule = Literal["linear", "bands", "options", "yes_no"]
Stage = Literal["input", "proses", "output", "outcome"]
Aggregate = Literal["share", "mean", "sum", "count", "median", "min", "max"]
MissingPolicy = Literal["exclude", "zero", "fail"]
PrivacyClass = Literal["umum", "pribadi", "kesehatan"]


@dataclass(frozen=True, slots=True)
class Expression:
    """An author's text, its tree, its static type and the cell where it stands."""

    text: str
    tree: Node
    kind: Kind
    cell: str


@dataclass(frozen=True, slots=True)
class Calculation:
    """A named value. `over` is HOUSEHOLD or a repeat's name."""

    name: str
    over: str
    expression: Expression
    labels: Labels
    unit: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class HouseholdClass:
    """One row of `classes`; the first true row wins."""

    name: str
    labels: Labels
    expression: Expression


@dataclass(frozen=True, slots=True)
class Aspect:
    """A node of the tree of weights; `parent` is None at the top."""

    name: str
    parent: str | None
    labels: Labels
    weight: Decimal
    source: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """`points` where low ≤ value < high; None is an open end."""

    low: Decimal | None
    high: Decimal | None
    points: Decimal
    labels: Labels


@dataclass(frozen=True, slots=True)
class Option:
    """What a person ticks: the a/b/c/d of Indonesian scoring sheets."""

    name: str
    labels: Labels
    points: Decimal


@dataclass(frozen=True, slots=True)
class Indicator:
    """One scored line. `origin` is the workbook's column `from`.

    For origin `survey`, `expression` is present and `over` is HOUSEHOLD or a repeat; for the others values or
    options come as facts and `expression` is None.
    """

    name: str
    aspect: str
    labels: Labels
    weight: Decimal
    origin: Origin
    rule: Rule
    stage: Stage | None = None
    over: str = HOUSEHOLD
    applies_to: Expression | None = None
    expression: Expression | None = None
    aggregate: Aggregate = "share"
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    missing: MissingPolicy = "exclude"
    min_n: int = 0
    measure: str = ""
    agency: str = ""
    evidence: str = ""
    source: str = ""
    bands: tuple[Band, ...] = ()
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Privacy:
    """One row of `privacy`. A field that is not listed is `pribadi`."""

    field: str
    privacy_class: PrivacyClass
    purpose: str = ""
    basis: str = ""
    retention: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A whole published instrument.

    `calculations`, `classes`, `aspects` and `indicators` keep the order of the workbook's rows, which is also the
    order in which calculations may use one another. `relevants` maps a field's name to the parsed `relevant`
    expressions that decide whether it is asked (its own and those of the groups around it): only for fields that a
    score uses, and read as the phone reads them (a blank is '' or NaN). `sha256` is of the canonical content.
    """

    id: str
    version: str
    title: str
    scale: Decimal
    valid_from: date | None
    valid_to: date | None
    source: str
    form: Form
    relevants: Mapping[str, tuple[Expression, ...]]
    calculations: Mapping[str, Calculation]
    classes: Mapping[str, HouseholdClass]
    aspects: Mapping[str, Aspect]
    indicators: Mapping[str, Indicator]
    privacy: Mapping[str, Privacy]
    sha256: str
