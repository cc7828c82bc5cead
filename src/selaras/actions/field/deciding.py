"""What waited for a person is decided: let in, told whose it is, or set aside with a reason; never thrown away."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from selaras.access import (
    Actor,
    arrivals_for,
    demand,
    households_for,
    may_decide_arrival,
    may_see_arrivals,
    may_settle_household,
    one,
    the_cycle,
)
from selaras.actions import audit
from selaras.actions.field.edits import resolve
from selaras.actions.field.taking import BUSY, Let, demand_touched, take
from selaras.errors import Forbidden, InputError, Problem
from selaras.models import Arrival, ArrivalState, Household, HouseholdEdit, Lokus, Reason, SearchHashes, User
from selaras.queries.arrival import (
    Opened,
    Typed,
    beside_of,
    family_typed,
    form_named,
    is_away,
    opened,
    shown_beside,
    touched_by,
    typed_of,
)
from selaras.queries.arrivals import MOST_LATE, SETTLED, late_alone, to_settle, uuid_of
from selaras.queries.foreseen import OF_FAMILY
from selaras.queries.household import household_of
from selaras.queries.unwilling import arrivals_told


def let_in(
    *,
    by: Actor,
    cycle_slug: str,
    arrival_id: UUID,
    household: str = "",
    form: tuple[str, str] | None = None,
    seen: Collection[str] | None = None,
) -> Arrival:
    """Take a held arrival in: as it is, as that family's (its code), or as filled on that form (id, version).

    In place of a family's code its lokus' prefix (`GD`) says where a new one belongs.
    The doubt that it is held for, those that its page shows beside, and those settled before are settled by this:
    another one holds it again. `seen` are the Reasons that the page showed her when she pressed: where there is one by
    now that it did not show, nothing is decided, so that nobody agrees to what she was not shown; None for a caller
    that has no page. What is doubted of the family that the form names is settled for no other family: of one that she
    types the page must have shown what is doubted of that, and it is not kept as what holds of the form. Raises
    Missing, Forbidden, InputError where it was decided meanwhile, is doubted otherwise by now or is still held.
    """
    arrival = _open(by, cycle_slug, arrival_id)
    if arrival.reason in {Reason.BROKEN, Reason.NO_ID} and not arrival.instance_id:
        raise InputError(Problem("arrival.broken"))
    read = opened(arrival, arrival.field_form)
    if is_away(arrival, read):
        # Nobody was shown what it says: whose it is says the form alone.
        household = ""
    if isinstance(by, User):
        demand_touched(by, touched_by(arrival, read))
    handed = arrival.field_form if form is None else form_named(arrival, form)
    if form is not None and handed is None:
        raise InputError(Problem("arrival.form"))
    code = household.strip().upper()
    lokus = _lokus(by, arrival, code) if code else None
    family = _family(by, arrival, code) if code and lokus is None else None
    typed = typed_of(arrival, handed, family) if family is not None else None
    if typed is None:
        family, settled = None, _settled(arrival, read, seen)
        kept = settled
    else:
        kept = _settled_apart(arrival, seen)
        settled = kept | _settled_of(typed, seen)
    reason = take(arrival.pk, let=Let(by=by, form=handed, household=family, lokus=lokus, despite=settled))
    if reason == BUSY:
        raise InputError(Problem("arrival.busy"))
    if reason:
        held = Arrival.objects.filter(pk=arrival.pk, state=ArrivalState.QUARANTINED, reason=reason)
        held.update(confirmed=sorted(kept))
        raise InputError(Problem("arrival.still", values={"reason": _held_for(by, arrival, reason)}))
    arrival.refresh_from_db()
    return arrival


def _held_for(by: Actor, arrival: Arrival, reason: str) -> str:
    """The reason in words; that its family is away at its wish is not told to everybody."""
    if reason == Reason.RESTRICTED and not arrivals_told(by, arrival.cycle, [arrival]):
        return "sekretariat perlu melihatnya dahulu"
    return Reason(reason).label


def _settled(arrival: Arrival, read: Opened | None, seen: Collection[str] | None) -> frozenset[str]:
    """The doubts that her press settles, of the form as it can be read. Raises InputError where her page did not show
    one of them."""
    doubts = {arrival.reason, *beside_of(arrival)}
    if seen is not None:
        doubts.update(shown_beside(arrival, read))
        if not doubts.issubset(seen):
            raise InputError(Problem("arrival.unseen"))
    return frozenset(doubts.union(arrival.confirmed)) & SETTLED


def _settled_apart(arrival: Arrival, seen: Collection[str] | None) -> frozenset[str]:
    """The same without what is said of the family that the form names, where she names another."""
    doubts = {arrival.reason, *beside_of(arrival)}
    if seen is not None and not doubts.issubset(seen):
        raise InputError(Problem("arrival.unseen"))
    return frozenset(doubts.union(arrival.confirmed)) & (SETTLED - OF_FAMILY)


def _settled_of(typed: Typed, seen: Collection[str] | None) -> frozenset[str]:
    """What is doubted of the family that she typed. Raises InputError where her page did not show it of that one."""
    if seen is None:
        return frozenset()
    if not set(typed.seen).issubset(seen):
        raise InputError(Problem("arrival.typed", values={"code": typed.code}))
    return frozenset(typed.reasons)


def _lokus(by: Actor, arrival: Arrival, code: str) -> Lokus | None:
    """The lokus of that prefix in the year, None where it is none. Raises Forbidden where a new family there would not
    be hers to settle: asked before any doubt is, which would be written down as hers."""
    rows = Lokus.objects.filter(cycle=arrival.cycle_id, prefix__iexact=code).select_related("cycle__place", "place")
    found = rows.first()
    if found is not None and isinstance(by, User):
        demand_touched(by, [Household(lokus=found, area=found.area)])
    return found


def _family(by: Actor, arrival: Arrival, code: str) -> Household:
    """That family of the year, where its records are hers to keep."""
    found = family_typed(by, arrival, code)
    if found is None:
        raise InputError(Problem("arrival.household", values={"code": code[:40]}))
    return found


#: What became of one late form.
_Late = Literal["taken", "held", "busy", "elsewhere", "decided"]


@dataclass(frozen=True, slots=True)
class LetIn:
    """How many late ones were let in, how many wait still for another reason, and how many were not asked about.

    `apart` of what the page showed were held already for more than coming late. `busy` met others who wrote the same,
    or correct one that did: they can be let in a moment later. `elsewhere` are by now of a family that is not hers to
    settle.
    """

    taken: int
    held: int
    more: int
    apart: int
    busy: int
    elsewhere: int


def let_late_in(*, by: Actor, cycle_slug: str, seen: Collection[str] | None = None) -> LetIn:
    """Take in what is held for nothing but coming late, what is corrected before its correction, at most MOST_LATE.

    `seen` are the ids of those that the page showed her when she pressed: what has come since is not let in; None for a
    caller that has no page. What somebody else decides on meanwhile is left to that, and what is of a family that is
    not hers to settle by then waits: neither stops the others. What corrects one that was not taken is not asked about:
    held without its original, it would be taken with that, and nobody would have settled that it came late. Raises
    Missing, Forbidden.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_see_arrivals, by, cycle)
    alone = late_alone(arrivals_for(by, cycle), by)
    shown = None if seen is None else frozenset(seen)
    order = [pk for pk, uuid in alone.items() if shown is None or str(uuid) in shown][:MOST_LATE]
    rows = arrivals_for(by, cycle).defer("raw").in_bulk(order)
    others = arrivals_for(by, cycle).filter(state=ArrivalState.QUARANTINED).exclude(pk__in=alone)
    apart, elsewhere = _no_longer_late(by, others, shown) if shown else (0, 0)
    done = Counter[_Late]()
    left: dict[str, _Late] = {}
    for row in (rows[pk] for pk in order if pk in rows):
        # What corrects one that was not taken waits for what that waits for.
        how = left.get(row.deprecated_id, "held") if _is_early(row) else _late_one(by, row)
        if how == "decided":
            continue
        done[how] += 1
        if how != "taken":
            left[row.instance_id] = how
    more, elsewhere = len(alone) - len(order), elsewhere + done["elsewhere"]
    return LetIn(done["taken"], done["held"], more, apart, done["busy"], elsewhere)


def _no_longer_late(by: Actor, others: QuerySet[Arrival], shown: Collection[str]) -> tuple[int, int]:
    """Of those that a page showed as late: how many she may still decide on, and how many are others' by now."""
    ids = [uuid for text in shown if (uuid := uuid_of(text)) is not None]
    found = [row for row in others.filter(uuid__in=ids).defer("raw") if may_decide_arrival(by, row)]
    hers = to_settle(others, by).filter(pk__in=[row.pk for row in found]).count() if found else 0
    return hers, len(found) - hers


def _late_one(by: Actor, row: Arrival) -> _Late:
    try:
        reason = take(row.pk, let=Let(by=by, form=row.field_form, despite=frozenset({Reason.LATE})))
    except Forbidden:
        return "elsewhere"
    except InputError:
        # Somebody else has decided on it.
        return "decided"
    if reason == BUSY:
        return "busy"
    return "held" if reason else "taken"


def _is_early(row: Arrival) -> bool:
    """Whether it corrects what is not taken."""
    known = Arrival.objects.filter(cycle=row.cycle_id, instance_id=row.deprecated_id, first=True)
    return row.deprecated_id != "" and not known.filter(state=ArrivalState.TAKEN).exists()


def set_aside(*, by: Actor, cycle_slug: str, arrival_id: UUID, why: str) -> Arrival:
    """Leave a held arrival out, with its bytes and the reason; it can still be let in later. Raises as `let_in`."""
    arrival = _open(by, cycle_slug, arrival_id)
    why = " ".join(why.split())
    if not why:
        raise InputError(Problem("arrival.why"))
    with transaction.atomic():
        held = Arrival.objects.filter(pk=arrival.pk, state=ArrivalState.QUARANTINED)
        decided = by if isinstance(by, User) else None
        now = timezone.now()
        if not held.update(state=ArrivalState.SET_ASIDE, note=why[:300], decided_by=decided, decided_at=now):
            raise InputError(Problem("arrival.decided"))
        audit.record(
            by=by,
            action="arrivals.set_aside",
            object_type="arrival",
            object_id=arrival.uuid,
            place_code=arrival.area,
            reason=arrival.reason,
        )
    arrival.refresh_from_db()
    return arrival


def take_back(*, by: Actor, cycle_slug: str, arrival_id: UUID) -> Arrival:
    """A set-aside arrival waits for a decision again. Raises as `let_in`."""
    arrival = _decidable(by, cycle_slug, arrival_id)
    with transaction.atomic():
        aside = Arrival.objects.filter(pk=arrival.pk, state=ArrivalState.SET_ASIDE)
        if not aside.update(state=ArrivalState.QUARANTINED, note=""):
            raise InputError(Problem("arrival.decided"))
        audit.record(
            by=by,
            action="arrivals.take_back",
            object_type="arrival",
            object_id=arrival.uuid,
            place_code=arrival.area,
        )
    arrival.refresh_from_db()
    return arrival


def decide_edit(*, by: User, cycle_slug: str, edit_id: UUID, chosen: Iterable[str]) -> HouseholdEdit:
    """Settle a conflict: the named properties as the phone said, the others as they stand.

    Raises Missing, Forbidden, InputError where it was decided meanwhile.
    """
    cycle = the_cycle(by, cycle_slug)
    rows = HouseholdEdit.objects.filter(household__in=households_for(by).filter(lokus__cycle=cycle))
    edit = one(rows.select_related("household__lokus__cycle"), uuid=edit_id)
    demand(may_settle_household, by, edit.household)
    _decide(by, edit.household, {edit.uuid: set(chosen)}, version=None)
    edit.refresh_from_db()
    return edit


def decide_family(
    *, by: User, cycle_slug: str, code: str, household: str, version: int, chosen: Mapping[UUID, Iterable[str]]
) -> int:
    """Settle all that waits of one family: edit -> the properties that hold as it says, none for one that loses.

    `version` is what she was shown. Returns the version afterwards. Raises Missing, Forbidden, InputError where
    somebody decided or corrected the family meanwhile; then nothing is written.
    """
    family = household_of(by, cycle_slug, code, household)
    demand(may_settle_household, by, family)
    if not chosen:
        raise InputError(Problem("edit.none"))
    return _decide(by, family, {edit: set(names) for edit, names in chosen.items()}, version=version)


def _decide(by: User, family: Household, chosen: Mapping[UUID, set[str]], *, version: int | None) -> int:
    """In one transaction: each of these edits, oldest first, and one entry of the audit."""
    hashes, now = SearchHashes.load(), timezone.now()
    with transaction.atomic():
        families = Household.objects.select_for_update(of=("self",)).select_related("lokus__place", "key")
        locked = families.get(pk=family.pk)
        if version is not None and locked.version != version:
            raise InputError(Problem("household.changed"))
        edits = list(HouseholdEdit.objects.filter(household=locked, uuid__in=chosen).order_by("pk"))
        if len(edits) != len(chosen):
            raise InputError(Problem("edit.decided"))
        number = locked.version
        for edit in edits:
            edit.household = locked
            number = resolve(by=by, edit=edit, chosen=chosen[edit.uuid], hashes=hashes, now=now)
        audit.record(
            by=by,
            action="arrivals.decide_edit",
            object_type="household",
            object_id=locked.uuid,
            place_code=locked.area,
            version=number,
            chosen=sorted({name for names in chosen.values() for name in names}),
        )
    return number


def _decidable(by: Actor, cycle_slug: str, arrival_id: UUID) -> Arrival:
    """That arrival, where it is hers to decide."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_see_arrivals, by, cycle)
    arrival = one(arrivals_for(by, cycle), uuid=arrival_id)
    demand(may_decide_arrival, by, arrival)
    return arrival


def _open(by: Actor, cycle_slug: str, arrival_id: UUID) -> Arrival:
    arrival = _decidable(by, cycle_slug, arrival_id)
    if arrival.state != ArrivalState.QUARANTINED:
        raise InputError(Problem("arrival.decided"))
    return arrival
