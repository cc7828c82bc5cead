"""A programme year on one page: its dated stages, its loci and what was won before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from selaras.queries.frame import CycleRef, InstrumentRef, LokusRef, RoundRef, Score

if TYPE_CHECKING:
    from selaras.models.people import User


@dataclass(frozen=True, slots=True)
class StageLine:
    """One dated stage. `ends` is None for a single day. `state` is as of today in the place's zone."""

    label: str
    starts: date
    ends: date | None
    state: Literal["past", "now", "ahead"]
    source: str


@dataclass(frozen=True, slots=True)
class LokusCard:
    """A lokus on the cycle page.

    `target` families are named on the list, `registered` are in the registry, `answered` have answers in `round`.
    `weight_missing` of `weight` has no value. `as_of` is when the score was counted (None: never). `pending`
    submissions are not counted yet. `may_open` is False where the person sees the name only.
    """

    lokus: LokusRef
    round: RoundRef | None
    score: Score
    scale: Decimal
    weight: Decimal
    weight_missing: Decimal
    target: int
    registered: int
    answered: int
    pending: int
    as_of: datetime | None
    may_open: bool


@dataclass(frozen=True, slots=True)
class AchievementLine:
    """What a place won: `Juara I`, `Ciwedus`, `Provinsi Banten`, 2023, and who says so."""

    title: str
    place: str
    level: str
    year: int
    source: str
    source_url: str


@dataclass(frozen=True, slots=True)
class CyclePage:
    """The whole page. `representative` is None while it is *belum ditetapkan*. `today` is the place's date."""

    cycle: CycleRef
    today: date
    stages: tuple[StageLine, ...]
    loci: tuple[LokusCard, ...]
    representative: LokusRef | None
    achievements: tuple[AchievementLine, ...]
    instrument: InstrumentRef | None
    may_import: bool


def cycle_page(user: User, cycle_slug: str) -> CyclePage:
    """The page of one programme year; loci in order of place code, achievements newest first.

    Raises Missing for a cycle that is not there or not hers. Scores come from the counters, not from answers;
    the number of SQL statements does not grow with loci.
    """
    raise NotImplementedError
