"""What the API answers. Names and meaning never change within v1; new ones may be added."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import PlainSerializer, WithJsonSchema

from selaras.scoring.numbers import half_up

#: A JSON number, half up to 12 places.
Number = Annotated[
    Decimal,
    PlainSerializer(lambda value: float(half_up(value)), return_type=float),
    WithJsonSchema({"type": "number"}),
]


class Cycle(Schema):
    """A programme year. `synthetic`: its families are invented."""

    slug: str
    programme: str
    place: str
    year: int
    synthetic: bool


class Stage(Schema):
    """A dated step; local dates of the place, both included."""

    name: str
    starts: date
    ends: date


class Lokus(Schema):
    """A coached kelurahan (or an RW of it). `representative` is null while nobody has been named."""

    code: str
    name: str
    kecamatan: str
    area: str
    representative: bool | None


class Score(Schema):
    """On the instrument's scale. `low`…`high`: what it can still become while answers are missing. `hidden`: withheld,
    because it would tell of a group of fewer than five."""

    value: Number | None
    low: Number | None
    high: Number | None
    before: Number | None
    hidden: bool


class LokusOfCycle(Schema):
    """A lokus of a year and where it stands; `may_open` is false for one that is not the reader's to open."""

    lokus: Lokus
    score: Score
    scale: Number
    target: int
    registered: int
    answered: int
    as_of: datetime | None
    may_open: bool


class CycleDetail(Schema):
    """One year: its stages and loci."""

    cycle: Cycle
    stages: list[Stage]
    loci: list[LokusOfCycle]


class Instrument(Schema):
    """A published version. `official` is false for our own example."""

    id: str
    version: str
    title: str
    sha256: str
    official: bool


class IndicatorScore(Schema):
    """One indicator: counts are null for facts, and where they are hidden."""

    name: str
    label: str
    weight: Number
    origin: str
    aggregate: str
    unit: str
    value: Number | None
    n: int | None
    true: int | None
    missing: int | None
    not_applicable: int | None
    option: str
    score: Score
    hidden: bool


class AspectScore(Schema):
    """One aspect with its indicators and sub-aspects."""

    name: str
    label: str
    weight: Number
    weight_missing: Number
    score: Score
    indicators: list[IndicatorScore]
    aspects: list["AspectScore"]


class Round(Schema):
    """A time of asking."""

    slug: str
    label: str
    starts: date
    ends: date


class Card(Schema):
    """The score of a lokus in its newest round, from the answers counted as of `as_of`."""

    cycle: Cycle
    lokus: Lokus
    round: Round | None
    instrument: Instrument
    scale: Number
    weight: Number
    weight_missing: Number
    total: Score
    aspects: list[AspectScore]
    pending: int
    as_of: datetime | None


class Rule(Schema):
    """One line of an instrument, in words and as its author wrote it."""

    name: str
    label: str
    weight: Number
    origin: str
    rule: str
    stage: str | None
    rule_words: str
    points_words: str
    expression: str
    agency: str
    source: str


class RuleAspect(Schema):
    """One aspect of an instrument."""

    name: str
    label: str
    weight: Number
    source: str
    indicators: list[Rule]
    aspects: list["RuleAspect"]


class InstrumentDetail(Schema):
    """One published version, whole."""

    instrument: Instrument
    scale: Number
    valid_from: date | None
    valid_to: date | None
    source: str
    published_at: datetime
    aspects: list[RuleAspect]


class Frozen(Schema):
    """A frozen card: what `selaras verify-result` computes again. `card` is as `selaras score --json` prints it."""

    uuid: UUID
    lokus: str
    round: str
    instrument_sha256: str
    data_hash: str
    engine: str
    created_at: datetime
