"""What waited for a person is decided: let in, told whose it is, or set aside with a reason; never thrown away."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, arrivals_for, demand, may_decide_arrival, one, the_cycle
from selaras.actions import audit
from selaras.actions.field.edits import resolve
from selaras.actions.field.taking import Let, take
from selaras.errors import InputError, Problem
from selaras.models import Arrival, ArrivalState, FieldForm, Household, HouseholdEdit, Reason, SearchHashes, User

#: Doubts that a person may settle by saying so; the others need a form, a family or other bytes.
SETTLED = frozenset({Reason.LATE, Reason.OTHER_BYTES, Reason.FOREIGN, Reason.NO_ORIGINAL, Reason.TWICE})


def let_in(
    *, by: Actor, cycle_slug: str, arrival_id: UUID, household: str = "", form: tuple[str, str] | None = None
) -> Arrival:
    """Take a held arrival in: as it is, as that family's (its code), or as filled on that form (id, version).

    Raises Missing, Forbidden, InputError where it was decided meanwhile or is still held.
    """
    arrival = _open(by, cycle_slug, arrival_id)
    if arrival.reason in {Reason.BROKEN, Reason.NO_ID} and not arrival.instance_id:
        raise InputError(Problem("arrival.broken"))
    handed, family = arrival.field_form, None
    if form is not None:
        forms = FieldForm.objects.filter(round__cycle=arrival.cycle_id, form_id=form[0], form_version=form[1])
        handed = forms.select_related("round", "version__workbook").first()
        if handed is None:
            raise InputError(Problem("arrival.form"))
    if household:
        rows = Household.objects.filter(lokus__cycle=arrival.cycle_id, erased_at__isnull=True, pending__isnull=True)
        family = rows.filter(code=household.strip().upper()).first()
        if family is None:
            raise InputError(Problem("arrival.household", values={"code": household}))
    reason = take(arrival.pk, let=Let(by=by, form=handed, household=family, despite=frozenset(SETTLED)))
    if reason:
        label = Reason(reason).label if reason in Reason.values else reason
        raise InputError(Problem("arrival.still", values={"reason": label}))
    arrival.refresh_from_db()
    return arrival


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
    cycle = the_cycle(by, cycle_slug)
    arrival = one(arrivals_for(by, cycle), uuid=arrival_id)
    demand(may_decide_arrival, by, arrival)
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
    rows = HouseholdEdit.objects.filter(household__lokus__cycle=cycle, arrival__in=arrivals_for(by, cycle))
    edit = one(rows.select_related("arrival__cycle"), uuid=edit_id)
    assert edit.arrival is not None  # noqa: S101  (the filter above)
    demand(may_decide_arrival, by, edit.arrival)
    with transaction.atomic():
        families = Household.objects.select_for_update(of=("self",)).select_related("lokus__place", "key")
        edit.household = families.get(pk=edit.household_id)
        number = resolve(by=by, edit=edit, chosen=chosen, hashes=SearchHashes.load(), now=timezone.now())
        audit.record(
            by=by,
            action="arrivals.decide_edit",
            object_type="household",
            object_id=edit.household.uuid,
            place_code=edit.household.area,
            version=number,
            chosen=sorted(chosen),
        )
    edit.refresh_from_db()
    return edit


def _open(by: Actor, cycle_slug: str, arrival_id: UUID) -> Arrival:
    cycle = the_cycle(by, cycle_slug)
    arrival = one(arrivals_for(by, cycle), uuid=arrival_id)
    demand(may_decide_arrival, by, arrival)
    if arrival.state != ArrivalState.QUARANTINED:
        raise InputError(Problem("arrival.decided"))
    return arrival
