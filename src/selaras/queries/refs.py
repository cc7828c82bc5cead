"""The small references that several pages share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CycleRef:
    """A programme year as a page names it: `kota-cilegon-2024`, `P2WKSS`, `Kota Cilegon`, 2024."""

    slug: str
    programme: str
    place: str
    year: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class LokusRef:
    """A coached kelurahan: `36.72.05.1005`, `Gedong Dalem`, `Jombang`; `area` is its RW or lingkungan, or ''.

    `representative`: True (named for the jury), False (another one was named), None (not yet decided).
    """

    code: str
    name: str
    kecamatan: str
    area: str
    representative: bool | None


@dataclass(frozen=True, slots=True)
class RoundRef:
    """A round of data taking: its label (`Data awal`), first and closing day."""

    slug: str
    label: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class InstrumentRef:
    """A published workbook version. `official` is False for our own example; then pages say so."""

    id: str
    version: str
    title: str
    sha256: str
    official: bool


@dataclass(frozen=True, slots=True)
class Score:
    """A score on the instrument's scale, unrounded.

    `value` is None where nothing has been measured. `low`/`high` enclose what it can still become: with every
    missing answer a no and every missing answer a yes, and every unmeasured weight at 0 and at the full scale;
    equal to `value` where nothing is missing. `before` is the same score in the round before, or None. `hidden`: it is
    not told to this person, and all are None.
    """

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    before: Decimal | None = None
    hidden: bool = False


#: A score that this person is not told (`queries.health`).
HIDDEN = Score(None, None, None, hidden=True)


@dataclass(frozen=True, slots=True)
class ResultRef:
    """A frozen card: what a printed number can be checked against (`selaras verify-result ID`)."""

    id: UUID
    frozen_at: datetime
    data_sha256: str
    engine: str
