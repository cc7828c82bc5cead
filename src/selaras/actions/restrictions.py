"""A family is used no further by name, at its wish, until it lets it be: in nobody's view, in figures alone.

Each restriction and its end is a line of ids in a register beside the media, so that a restored older backup does not
show the family again. Source: UU 27/2022 art. 10 (objection) and 11 (restriction).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from selaras.access import Actor
from selaras.actions import audit
from selaras.actions.dossiers import forget_in_annexes
from selaras.actions.erasure import empty_batch, found_to_be
from selaras.actions.exports import forget_of
from selaras.actions.registers import Register
from selaras.errors import InputError, Problem
from selaras.models import (
    BatchState,
    DataKey,
    Deed,
    Household,
    ImportBatch,
    KeyPurpose,
    Lokus,
    RequestKind,
    RequestState,
    RightsRequest,
)
from selaras.queries.legal_clocks import clocks


@dataclass(frozen=True, slots=True)
class Restriction:
    """One line: by which request which families (one, and those found to be it) are restricted since `at`; or that
    it ended (`lifted`), which is never taken back. Ids and moments; of whom says the database alone."""

    request: str
    households: tuple[str, ...]
    kind: str
    number: int
    received: str
    at: str
    lifted: str | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """Of how many requests the families are away again or seen again; how many are of families that are not there."""

    restricted: int
    lifted: int
    unknown: int


def _line(said: Any) -> Restriction:
    households = tuple(str(UUID(each)) for each in said["households"])
    lifted = None if said["lifted"] is None else _moment(said["lifted"])
    moments = {name: _moment(said[name]) for name in ("received", "at")}
    kind = RequestKind(said["kind"]).value
    return Restriction(str(UUID(said["request"])), households, kind, int(said["number"]), lifted=lifted, **moments)


def _moment(text: str) -> str:
    return datetime.fromisoformat(text).isoformat()


REGISTER: Final = Register("restrictions.jsonl", _line)


def restrict(*, row: RightsRequest, family: Household, now: datetime) -> None:
    """In nobody's view from now on, in the caller's transaction; what was made with its name goes.

    Raises InputError where it is in nobody's view already, or gone.
    """
    if not _take_away([family], row.uuid, now):
        raise InputError(Problem("rights.stale"))
    REGISTER.note(_said(row, [family, *found_to_be(family)], at=now))


def lift(*, row: RightsRequest, now: datetime) -> None:
    """The family is seen and used by name again, in the caller's transaction. Raises InputError where it is not away.

    Photos stay without consent: it is asked again.
    """
    away = list(Household.objects.filter(pending=row.uuid, restricted_at__isnull=False))
    if not _bring_again(row.uuid):
        raise InputError(Problem("rights.not_restricted"))
    REGISTER.note(_said(row, away, at=row.answered_at or now, lifted=now))


def complete(_now: datetime) -> int:
    """Add what the register lacks: what was restricted before there was one, or while nothing could be written; how
    many lines. Called hourly."""
    known = {(line.request, line.lifted is not None) for line in REGISTER.known()}
    rows = RightsRequest.objects.filter(deed=Deed.RESTRICTED, answered_at__isnull=False, household__isnull=False)
    lines = []
    for row in rows.select_related("household").order_by("answered_at", "pk"):
        if row.household is None or row.answered_at is None or (str(row.uuid), row.lifted_at is not None) in known:
            continue
        away = list(Household.objects.filter(pending=row.uuid, restricted_at__isnull=False)) or [row.household]
        lines.append(_said(row, away, at=row.answered_at, lifted=row.lifted_at))
    return REGISTER.keep(lines)


def replay(*, by: Actor, lines: Iterable[Restriction]) -> Replayed:
    """Restrict again, and let be seen again, what an older backup does not know of; done twice, the second is nothing.

    A request that a backup has not is made again, without who asked: by it the restriction can be ended. Families that
    are there only in an import on its way go with it: its sheet can be uploaded again.
    """
    last: dict[str, Restriction] = {}
    for line in lines:
        if line.request not in last or line.lifted is not None:
            last[line.request] = line
    ended = [line for line in last.values() if line.lifted is not None]
    lifted = sum(_lifted_again(by, line) for line in ended)
    # After what ended: a family may have asked once more.
    done = [_restricted_again(by, line) for line in last.values() if line.lifted is None]
    return Replayed(restricted=done.count(True), lifted=lifted, unknown=done.count(None))


def _said(
    row: RightsRequest, families: Sequence[Household], *, at: datetime, lifted: datetime | None = None
) -> Restriction:
    return Restriction(
        request=str(row.uuid),
        households=tuple(str(each.uuid) for each in families),
        kind=row.kind,
        number=row.number,
        received=row.received_at.isoformat(),
        at=at.isoformat(),
        lifted=None if lifted is None else lifted.isoformat(),
    )


def _take_away(families: Sequence[Household], request: UUID, at: datetime) -> int:
    """How many of them were to be seen until now."""
    for lokus in sorted({family.lokus_id for family in families}):
        Lokus.objects.select_for_update(no_key=True).get(pk=lokus)
    ids = [family.pk for family in families]
    rows = Household.objects.select_for_update(no_key=True).filter(pk__in=ids, pending__isnull=True)
    count = rows.filter(erased_at__isnull=True).update(pending=request, restricted_at=at)
    for family in families if count else ():
        forget_of(family.lokus.cycle)
        forget_in_annexes(family)
    return count


def _bring_again(request: UUID) -> int:
    rows = Household.objects.filter(pending=request, restricted_at__isnull=False)
    return rows.update(pending=None, restricted_at=None)


def _lifted_again(by: Actor, line: Restriction) -> bool:
    with transaction.atomic():
        row = RightsRequest.objects.select_for_update().filter(uuid=line.request, lifted_at__isnull=True).first()
        if row is None or line.lifted is None:
            return False
        _answered(row, line)
        row.lifted_at = datetime.fromisoformat(line.lifted)
        row.save()
        _bring_again(row.uuid)
        _record(by, "rights.lift", row)
    return True


def _restricted_again(by: Actor, line: Restriction) -> bool | None:
    """Whether anything changed; None where none of its families is there, or each was found to be another one."""
    at = datetime.fromisoformat(line.at)
    with transaction.atomic():
        row = RightsRequest.objects.select_for_update().filter(uuid=line.request).first()
        if row is not None and row.lifted_at is not None:
            return False
        families = _there(line)
        if any(family.restricted_at is not None for family in families):
            return False
        seen = [family for family in families if family.pending is None]
        if not seen:
            erased = Household.objects.filter(uuid__in=line.households, erased_at__isnull=False)
            return False if erased.exists() else None
        _take_away(seen, UUID(line.request), at)
        row = row or _made_again(line, seen[0])
        _answered(row, line)
        row.save()
        _record(by, "rights.answer", row, state=RequestState.DONE, ground="", deed=Deed.RESTRICTED)
    return True


def _there(line: Restriction) -> list[Household]:
    """The families of that line, in its order; an import that is bringing one is discarded."""
    rows = Household.objects.filter(uuid__in=line.households, erased_at__isnull=True)
    pending = rows.filter(pending__isnull=False, restricted_at__isnull=True).values("pending")
    batches = ImportBatch.objects.filter(uuid__in=pending).exclude(state=BatchState.PUBLISHED)
    for batch in batches.select_related("key", "file"):
        empty_batch(batch=batch, now=timezone.now())
    found = {str(family.uuid): family for family in rows.select_related("lokus__cycle__place", "lokus__place")}
    return [found[uuid] for uuid in line.households if uuid in found]


def _made_again(line: Restriction, family: Household) -> RightsRequest:
    cycle, at = family.lokus.cycle, datetime.fromisoformat(line.at)
    key = DataKey.fresh(KeyPurpose.RIGHTS)
    key.save()
    key.destroy(timezone.now())
    numbers = RightsRequest.objects.filter(cycle=cycle)
    taken = numbers.filter(number=line.number).exists()
    return RightsRequest(
        uuid=UUID(line.request),
        cycle=cycle,
        number=(numbers.aggregate(n=Max("number"))["n"] or 0) + 1 if taken else line.number,
        area=family.area,
        household=family,
        kind=line.kind,
        key=key,
        received_at=datetime.fromisoformat(line.received),
        due_at=clocks()[line.kind].ends(datetime.fromisoformat(line.received)),
        entered_at=at,
        forgotten_at=timezone.now(),
    )


def _answered(row: RightsRequest, line: Restriction) -> None:
    """What it became, where the backup still has it waiting."""
    if row.state == RequestState.DONE:
        return
    at = datetime.fromisoformat(line.at)
    row.state, row.deed, row.ground, row.answered_at, row.answered_by = RequestState.DONE, Deed.RESTRICTED, "", at, None
    row.known_at = row.known_at or at
    row.version += 1


def _record(by: Actor, action: str, row: RightsRequest, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="rights_request",
        object_id=row.uuid,
        place_code=row.area,
        via="restore",
        **details,
    )
