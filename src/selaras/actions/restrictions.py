"""A family is used no further by name, at its wish, until it lets it be: in nobody's view, in figures alone.

Each restriction and its end is a line of ids in a register beside the media, so that a restored older backup does not
show the family again; and one that comes in anew, by a sheet or a phone, is known by its fingerprints there
(`restriction_marks`). Source: UU 27/2022 art. 10 (objection) and 11 (restriction).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from selaras.access import Actor
from selaras.actions import audit
from selaras.actions.dossiers import forget_in_annexes
from selaras.actions.erasure import empty_batch
from selaras.actions.exports import forget_of
from selaras.actions.photo_consents import no_photo_uses
from selaras.actions.restriction_marks import (
    REGISTER,
    Recognised,
    Restriction,
    forget_marks,
    in_force,
    marked,
    recognised,
    standing,
)
from selaras.actions.same_family import found_to_be
from selaras.errors import InputError, Problem
from selaras.models import (
    BatchState,
    DataKey,
    Deed,
    Household,
    ImportBatch,
    KeyPurpose,
    Lokus,
    RequestState,
    RightsRequest,
)
from selaras.queries.legal_clocks import clocks


@dataclass(frozen=True, slots=True)
class Replayed:
    """Of how many requests the families are away again or seen again; how many are of families that are not there, and
    of how many of those nothing is known by which one that comes in anew could be told (`unmarked`)."""

    restricted: int
    lifted: int
    unknown: int
    unmarked: int = 0


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
    # Behind that line: whatever breaks off between the two, it has ended.
    transaction.on_commit(forget_marks)


def again(*, by: Actor | None, found: Mapping[int, Recognised], via: str) -> list[Household]:
    """Families that came in anew (`via`: import, form, register) are away again, in the caller's transaction, which
    let them be seen; those that were. `found` says by which restriction each is known (`recognised`).

    What ended meanwhile is left. None of their photos is used for anything: that was taken back with the restriction.
    """
    return [family for pk in sorted(found) if (family := _away_again(by, pk, found[pk], via)) is not None]


def again_if_known(*, by: Actor, family: Household, via: str) -> None:
    """A family that has just been registered may be one that this database lost: then `again`, before anybody has seen
    it; its answers count without a name."""
    found = recognised(Household.objects.filter(pk=family.pk), in_force(REGISTER.known()))
    if again(by=by, found=found, via=via):
        family.refresh_from_db(fields=["pending", "restricted_at"])


def complete(_now: datetime) -> int:
    """Add what the register lacks: what was restricted before there was one, before it knew fingerprints, or while
    nothing could be written; how many lines. Called hourly."""
    known = {line.request: line for line in standing(REGISTER.known())}
    rows = RightsRequest.objects.filter(deed=Deed.RESTRICTED, answered_at__isnull=False, household__isnull=False)
    lines = []
    for row in rows.select_related("household__lokus__cycle", "household__key").order_by("answered_at", "pk"):
        there = known.get(str(row.uuid))
        if row.household is None or row.answered_at is None or (there is not None and there.lifted is not None):
            continue
        rows_away = Household.objects.filter(pending=row.uuid, restricted_at__isnull=False)
        away = list(rows_away.select_related("lokus__cycle", "key")) or [row.household]
        line = _said(row, away, at=row.answered_at, lifted=row.lifted_at, beside=there)
        if there is None or line.lifted is not None or _more(line, there):
            lines.append(line)
    added = REGISTER.keep(lines)
    forget_marks()
    return added


def _more(line: Restriction, there: Restriction) -> bool:
    """Whether it tells of families, or fingerprints, that the register has not."""
    return not (set(line.households) <= set(there.households) and set(line.marks) <= set(there.marks))


def replay(*, by: Actor, lines: Iterable[Restriction]) -> Replayed:
    """Restrict again, and let be seen again, what an older backup does not know of; done twice, the second is nothing.

    A request that a backup has not is made again, without who asked: by it the restriction can be ended. Families that
    are there only in an import on its way go with it: its sheet can be uploaded again. Where none of its families is
    there by its id, whoever is known by their numbers is meant.
    """
    last = standing(lines)
    lifted = sum(_lifted_again(by, line) for line in last if line.lifted is not None)
    # After what ended: a family may have asked once more.
    done = {line.request: (line, _restricted_again(by, line)) for line in last if line.lifted is None}
    absent = [line for line, changed in done.values() if changed is None]
    met = _recognised_again(by, in_force(absent))
    forget_marks()
    unknown = [line for line in absent if line.request not in met]
    return Replayed(
        restricted=sum(changed is True for _line, changed in done.values()) + len(met),
        lifted=lifted,
        unknown=len(unknown),
        unmarked=sum(not line.numbers() for line in unknown),
    )


def _recognised_again(by: Actor, lines: Sequence[Restriction]) -> set[str]:
    """The requests of which a family that is seen was known by its numbers, and is away now. No statement where none
    of them knows a number."""
    lines = [line for line in lines if line.numbers()]
    if not lines:
        return set()
    seen = Household.objects.filter(pending__isnull=True, erased_at__isnull=True)
    met: set[str] = set()
    for pk, known in recognised(seen, lines).items():
        with transaction.atomic():
            met.update(known.request for _family in again(by=by, found={pk: known}, via="register"))
    return met


def _said(
    row: RightsRequest,
    families: Sequence[Household],
    *,
    at: datetime,
    lifted: datetime | None = None,
    beside: Restriction | None = None,
) -> Restriction:
    """The line of it. `beside`: what the register says of that request already."""
    line = Restriction(
        request=str(row.uuid),
        households=tuple(str(each.uuid) for each in families),
        kind=row.kind,
        number=row.number,
        received=row.received_at.isoformat(),
        at=at.isoformat(),
        lifted=None if lifted is None else lifted.isoformat(),
    )
    return marked(line, families, beside) if lifted is None else line


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


def _away_again(by: Actor | None, pk: int, known: Recognised, via: str) -> Household | None:
    line = known.line
    at = datetime.fromisoformat(line.at)
    row = RightsRequest.objects.select_for_update(of=("self",)).filter(uuid=line.request).first()
    family = Household.objects.select_related("lokus__cycle__place", "lokus__place", "key").get(pk=pk)
    if (row is not None and row.lifted_at is not None) or not _take_away([family], UUID(line.request), at):
        return None
    row = row or _made_again(line, family)
    if row.household is None:
        # The import that had brought it anew was taken back.
        row.household, row.area = family, family.area
    _answered(row, line)
    row.save()
    no_photo_uses(by=by, household=family, now=timezone.now())
    REGISTER.note(_said(row, [family], at=at, beside=line))
    codes = {"codes": [family.code], **({} if known.surely else {"other_kk": [family.code]})}
    _record(by, "rights.again", row, via=via, **codes)
    return family


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
        _record(by, "rights.lift", row, via="restore")
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
        told = {"state": RequestState.DONE, "ground": "", "deed": Deed.RESTRICTED}
        _record(by, "rights.answer", row, **told, via="restore")
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


def _record(by: Actor | None, action: str, row: RightsRequest, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="rights_request",
        object_id=row.uuid,
        place_code=row.area,
        **details,
    )
