"""What surrounds a page, and the small references that several pages share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal
from uuid import UUID

if TYPE_CHECKING:
    from selaras.models.people import User


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
    equal to `value` where nothing is missing. `before` is the same score in the round before, or None.
    """

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    before: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ResultRef:
    """A frozen card: what a printed number can be checked against (`selaras verify-result ID`)."""

    id: UUID
    frozen_at: datetime
    data_sha256: str
    engine: str


#: One entry of the side bar, in order. Only what the person may open is in a Frame.
Place = Literal["cycle", "lokus", "households", "imports", "instrument"]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page of a signed-in person.

    `role` is in words (`Sekretariat kota`), `office` her agency or kelurahan, or ''. `cycle` is the programme year
    in view, or her newest; None where she has none. `loci` are those she may open. `lokus` is the one in view, or
    her only one. `places` are the entries of the menu that she may open.
    """

    person: str
    role: str
    office: str
    cycle: CycleRef | None
    loci: tuple[LokusRef, ...]
    lokus: LokusRef | None
    instrument: InstrumentRef | None
    places: frozenset[Place]


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a person lands after signing in: a cycle, one of its loci, or neither (nothing assigned yet)."""

    cycle_slug: str | None
    code: str | None


def frame(user: User, cycle_slug: str | None = None, code: str | None = None) -> Frame:
    """The surroundings of a page about this cycle and lokus (place code), as this person may see them.

    Never raises for a cycle that she may not see: the page itself does. At most three SQL statements.
    """
    raise NotImplementedError


def landing(user: User) -> Landing:
    """Where this person's role lands: one lokus if she has only one, else her newest cycle."""
    raise NotImplementedError


def health() -> dict[str, str]:
    """`{"database": "ok", "migrations": "ok", "jobs": "ok", "version": "0.1.0"}`; any other word is a fault.

    Names no path, address or secret: a stranger may read it.
    """
    raise NotImplementedError
