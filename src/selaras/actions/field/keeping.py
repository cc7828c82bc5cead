"""What came at the same time is stored by one transaction: a disk that must be sure of each takes its time once.

A database that is durable waits for the disk at every commit, and SQLite lets one commit after the other. So who comes
while one is being written waits in a line; the next to write takes the whole line along. Nobody is answered before the
transaction that holds her form has been committed. Where one's own row is the trouble each is tried alone, so that
nobody pays for another's; where the database or its disk is, all have failed at once, and their phones send again.
PostgreSQL does that by itself: there each form goes by one statement.
Source: group commit (DeWitt et al. 1984).
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.db.models import Model

from selaras.actions import audit
from selaras.actions.turns import at_door, in_turn
from selaras.models import Arrival, ArrivalFile, AuditEntry, DataKey, StoredFile, User
from selaras.models.ready import Ready, Rows, Value

#: As many forms in one transaction.
MOST = 16
#: A form with so many photos at most goes by one statement to PostgreSQL; phones send them one by one.
FEW = 3
#: What one's own rows bring about; anything else is the database's own trouble, and would only be met again.
OWN = (IntegrityError, DataError, ValueError, TypeError, OverflowError)

# Keys of rows may point at rows that come after them: they are looked at when the transaction ends.
_ARRIVALS, _FILES = Rows(Arrival, quietly=True), Rows(ArrivalFile, quietly=True)
_KEYS, _STORED = Rows(DataKey), Rows(StoredFile)


def _closed() -> threading.Lock:
    """Whoever waits at it waits until another thread opens it."""
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(eq=False, slots=True)
class Keeping:
    """One request's rows: `fresh`, the arrival is new; `files` what came with it, whose bytes are on disk already.

    Afterwards `kept` says whether the arrival is there by this, and `stored` how many of the files are; False and 0
    where another request was quicker with the same, or `given` (PostgreSQL alone) is a query that has no row.
    """

    by: User
    arrival: Arrival
    files: Sequence[ArrivalFile]
    fresh: bool
    given: tuple[Ready, dict[str, Value]] | None = None
    kept: bool = False
    stored: int = 0
    _over: bool = False
    _error: Exception | None = field(default=None, repr=False)
    _since: float = field(default_factory=time.monotonic, repr=False)
    _woken: threading.Lock = field(default_factory=_closed, repr=False)

    def entry(self) -> AuditEntry | None:
        """What is written down of it; None where nothing is new."""
        if not self.kept or not (self.fresh or self.stored):
            return None
        return audit.entry_of(
            by=self.by,
            action="arrivals.receive" if self.fresh else "arrivals.complete",
            object_type="arrival",
            object_id=self.arrival.uuid,
            place_code=self.arrival.area,
            files=self.stored,
            reason=self.arrival.reason,
        )


class _Line:
    """Who waits to be written, in one process. The first of them writes for all, and wakes the first of the next."""

    def __init__(self) -> None:
        self._changing, self._waiting, self._led = threading.Lock(), list[Keeping](), False

    def keep(self, one: Keeping) -> None:
        """Return when it has been committed, or raise what hindered that."""
        if connection.vendor == "postgresql" and one.fresh and len(one.files) <= FEW:
            _written_at_once(one)
        elif connection.vendor == "postgresql" or connection.in_atomic_block:
            # Its caller's transaction decides; and to wait for others would be to wait for oneself.
            with in_turn(one._since):
                _written([one])
        else:
            with self._changing:
                self._waiting.append(one)
                leads, self._led = not self._led, True
            if not leads:
                one._woken.acquire()
            if not one._over:
                self._lead()
        if one._error is not None:
            raise one._error

    def _lead(self) -> None:
        """Write the line of this thread. Whoever comes while it waits for its turn is taken along."""
        batch = list[Keeping]()
        try:
            with self._changing:
                since = min(one._since for one in self._waiting)
            with at_door(since):
                batch = self._taken()
                _settled(batch)
        except BaseException as error:
            if batch:
                raise
            # It has not come in: nobody of the line has.
            batch = self._taken()
            _failed(batch, _as_trouble(error))
            if not isinstance(error, Exception):
                raise
        finally:
            for one in batch:
                one._over = True
                one._woken.release()
            self._hand_on()

    def _taken(self) -> list[Keeping]:
        with self._changing:
            batch = self._waiting[:MOST]
            # By its length: others may have come to the line's end since.
            del self._waiting[: len(batch)]
        return batch

    def _hand_on(self) -> None:
        with self._changing:
            self._led = bool(self._waiting)
            if self._led:
                self._waiting[0]._woken.release()


def _written_at_once(one: Keeping) -> None:
    """A new form by one statement, which is its own transaction: PostgreSQL commits those of one moment together."""
    one.kept, one.stored = True, len(one.files)
    entry = one.entry()
    assert entry is not None  # noqa: S101  (of a new form there is always one)
    entry.finish()
    stored = [row.file for row in one.files] + ([one.arrival.file] if one.arrival.file is not None else [])
    others: list[tuple[Rows, Model]] = [(_KEYS, one.arrival.key), (audit.ENTRIES, entry)]
    others += [(_STORED, file) for file in stored] + [(_FILES, row) for row in one.files]
    one.kept = _ARRIVALS.add_with(one.arrival, others, "arrival_id", one.given)
    one.stored = one.stored if one.kept else 0


def _settled(batch: Sequence[Keeping]) -> None:
    """Write them together; where a row of theirs is refused each alone. Whoever is not stored has an error after it."""
    try:
        _written(batch)
    except OWN as error:
        if len(batch) > 1:
            _settled_alone(batch)
        else:
            _failed(batch, error)
    except Exception as error:
        _failed(batch, error)
    except BaseException as error:
        # This thread ends; the others of the line must not take what was rolled back for stored.
        _failed(batch, _as_trouble(error))
        raise


def _settled_alone(batch: Sequence[Keeping]) -> None:
    """One by one, until the database itself fails: it would fail the others too, each after the same long wait."""
    _failed(batch, OperationalError("not tried"))
    for number, one in enumerate(batch):
        one._error = None
        _settled([one])
        if one._error is not None and not isinstance(one._error, OWN):
            _failed(batch[number:], one._error)
            return


def _as_trouble(error: BaseException) -> Exception:
    """The error as others of the line have it: what ended one thread is to them a database that did not store."""
    return error if isinstance(error, Exception) else OperationalError(f"interrupted: {error!r}")


def _failed(batch: Sequence[Keeping], error: Exception) -> None:
    for one in batch:
        one.kept, one.stored, one._error = False, 0, error


def _written(batch: Sequence[Keeping]) -> None:
    with transaction.atomic():
        fresh = [one for one in batch if one.fresh]
        for one in batch:
            one.kept, one.stored = not one.fresh, 0
        for one, there in zip(fresh, _ARRIVALS.add([one.arrival for one in fresh]), strict=True):
            one.kept = there
        new = [one.arrival for one in fresh if one.kept]
        stored = [arrival.file for arrival in new if arrival.file is not None]
        stored += _with_files([one for one in batch if one.kept])
        _KEYS.add_all([arrival.key for arrival in new])
        _STORED.add_all(stored)
        audit.write([entry for one in batch if (entry := one.entry()) is not None])


def _with_files(batch: Sequence[Keeping]) -> list[StoredFile]:
    """Rows of what came with these; the stored files that have none yet."""
    rows = [(one, row) for one in batch for row in one.files]
    for one, row in rows:
        row.arrival_id = one.arrival.pk
    stored = []
    for (one, row), there in zip(rows, _FILES.add([row for _, row in rows]), strict=True):
        if there:
            one.stored += 1
            stored.append(row.file)
    return stored


_LINE = _Line()


def keep(one: Keeping) -> None:
    """Store it durably before this returns. Raises what the database raises."""
    _LINE.keep(one)
