"""What a dossier says, as plain values: read once, and the only source of its report, slides and press release.

Whoever may read it is a stranger to the families: no name, no code, no group of one to four in matters of health.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from selaras.queries.change import ChangeLine, ClassTable
from selaras.queries.meetings import LetterheadView
from selaras.queries.reactions import Tally
from selaras.queries.readiness import ReadinessPage
from selaras.queries.refs import CycleRef, LokusRef, RoundRef, Score
from selaras.queries.silences import Silent


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage of the year."""

    name: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class ServedLine:
    """Open needs of an aspect, and how many of them somebody has taken on; None where it must not be told."""

    label: str
    open: int | None
    promised: int | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Pledge:
    """One commitment for the lokus. `title` is '' where it would name somebody; `aspect` its indicator's, or ''.

    `everywhere`: it is for all loci of the year together, and so are its volume and its money.
    """

    code: str
    agency: str
    title: str
    what_for: str
    aspect: str
    volume: Decimal | None
    unit: str
    budget: Decimal | None
    fund: str
    ends: date | None
    state: str
    received: int | None
    asked: int | None
    everywhere: bool


@dataclass(frozen=True, slots=True)
class Deed:
    """One activity. Counts are None where they must not be told; `useful` where fewer than 5 answered."""

    id: UUID
    on: date
    title: str
    agency: str
    venue: str
    women: int | None
    men: int | None
    children: int | None
    came: int | None
    useful: Tally | None
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Photo:
    """A public photo: `aspects` are the labels of what it is cited for, `items` those items' labels."""

    id: UUID
    caption: str
    on: date | None
    width: int
    height: int
    aspects: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemProofs:
    """One item with the layers of its points and its verified evidence, by caption and the beginning of its hash."""

    aspect: str
    label: str
    worth: Decimal
    claim: Decimal | None
    evidenced: Decimal | None
    received: Decimal | None
    verified: Decimal | None
    hidden: bool
    proofs: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One code of a list that the city entered, and how many verified proofs of this lokus it has."""

    code: str
    text: str
    proofs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeGroup:
    """One list of codes."""

    title: str
    source: str
    lines: tuple[CodeLine, ...]


@dataclass(frozen=True, slots=True)
class Learnt:
    """A strategy: what was found, what was changed for it."""

    audience: str
    finding: str
    change: str
    agency: str
    lesson: str


@dataclass(frozen=True, slots=True)
class Later:
    """A follow-up that is set: which, until when, how it stands, and whether somebody has it."""

    label: str
    due: date
    standing: str
    owned: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything. `before` and `after` are the two rounds of `changes`, None without two; `total` is the score.

    `named` counts texts that were left out because they would name somebody. `head` is of the audit's chain.
    """

    cycle: CycleRef
    city: str
    province: str
    lokus: LokusRef
    number: int
    made_on: date
    made_clock: str
    head_of_letter: LetterheadView | None
    instrument: str
    official: bool
    scale: Decimal
    families: int | None
    asked: int
    stages: tuple[StageLine, ...]
    teams: int
    members: int
    women_members: int
    meetings: int
    served: tuple[ServedLine, ...]
    pledges: tuple[Pledge, ...]
    deeds: tuple[Deed, ...]
    photos: tuple[Photo, ...]
    before: RoundRef | None
    after: RoundRef | None
    total: Score
    aspects: tuple[tuple[str, Score], ...]
    changes: tuple[ChangeLine, ...]
    classes: tuple[ClassTable, ...]
    readiness: ReadinessPage | None
    items: tuple[ItemProofs, ...]
    codes: tuple[CodeGroup, ...]
    learnt: tuple[Learnt, ...]
    later: tuple[Later, ...]
    named: int
    head: str
    silent: Silent | None = None
