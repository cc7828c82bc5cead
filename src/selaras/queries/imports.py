"""An import from upload to done: what was read, what is wrong with it, how far it is.

The door tells `actions.imports`: `receive_file(*, by, cycle_slug, code, round_slug, filename, file) -> UUID` (keeps
the bytes, enqueues the check), `confirm_import(*, by, cycle_slug, code, import_id)`, `discard_import(...)` likewise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from selaras.errors import Problem
from selaras.queries.frame import CycleRef, InstrumentRef, LokusRef, RoundRef

if TYPE_CHECKING:
    from selaras.models.people import User

#: received → checking → ready or refused; ready → importing → done or failed; ready, refused → discarded.
ImportState = Literal["received", "checking", "ready", "refused", "importing", "done", "failed", "discarded"]


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column that the file may have: its name, the question, what it takes, whether it must be there."""

    name: str
    label: str
    takes: str
    needed: bool


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import in the list of the lokus."""

    id: UUID
    filename: str
    state: ImportState
    received_at: datetime
    by: str
    households: int
    problems: int


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """The page where a file is given. `rounds` may receive answers; `columns` are those of the instrument."""

    cycle: CycleRef
    lokus: LokusRef
    instrument: InstrumentRef
    rounds: tuple[RoundRef, ...]
    columns: tuple[ColumnLine, ...]
    recent: tuple[ImportLine, ...]


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One import.

    `done` of `total` rows in the running step. `new`/`known` families, `answers` filled cells, `members` rows.
    `problems` are the first 200 of `problem_count`, `errors` of them forbid the import; `where` of a problem is
    `FILE!CELL` or `SHEET!CELL`. `ignored` columns are not the instrument's. `header` and `preview` show the first
    rows as they will be read, personal columns masked. Nothing of it is in the registry before `done`.
    """

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef
    id: UUID
    filename: str
    state: ImportState
    received_at: datetime
    by: str
    done: int
    total: int
    new: int
    known: int
    members: int
    answers: int
    problems: tuple[Problem, ...]
    problem_count: int
    errors: int
    ignored: tuple[str, ...]
    header: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]


def imports_page(user: User, cycle_slug: str, code: str) -> ImportsPage:
    """Where a file is given for this lokus. Raises Missing, or Forbidden for who may see it but not import."""
    raise NotImplementedError


def import_page(user: User, cycle_slug: str, code: str, import_id: UUID) -> ImportPage:
    """One import of this lokus. Raises Missing, or Forbidden for who may see the lokus but not import."""
    raise NotImplementedError
