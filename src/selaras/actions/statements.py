"""The office says what became of a family, and takes it back. Nothing is deleted: each is a dated row."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, households_for, may_correct_household, one, the_lokus
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import FamilyState, Household, Statement, User
from selaras.queries.programme import today_in


def say_state(*, by: Actor, cycle_slug: str, code: str, household: str, state: str, on: date | None) -> Statement:
    """Write down that a family moved away, died, is not willing, was not found, or is there again, since that day.

    Raises Missing and Forbidden; InputError for another word, and for a day that is to come or none.
    """
    if state not in FamilyState.values:
        raise InputError(Problem("state.word", "keadaan"))
    family = _family(by, cycle_slug, code, household)
    if on is None or on > today_in(family.lokus.cycle) or on.year < family.lokus.cycle.year - 5:
        raise InputError(Problem("state.day", "sejak"))
    with transaction.atomic():
        person = by if isinstance(by, User) else None
        said = Statement.objects.create(household=family, state=state, on=on, by=person)
        _written(by, "households.state", family, state=state, on=on.isoformat())
    return said


def take_state_back(*, by: Actor, cycle_slug: str, code: str, household: str, statement: UUID) -> None:
    """What the office had said holds no more; what was said before it does again. Raises Missing and Forbidden."""
    family = _family(by, cycle_slug, code, household)
    with transaction.atomic():
        rows = Statement.objects.select_for_update().filter(household=family, taken_back_at__isnull=True)
        said = one(rows, uuid=statement)
        said.taken_back_at, said.taken_back_by = timezone.now(), by if isinstance(by, User) else None
        said.save(update_fields=["taken_back_at", "taken_back_by"])
        _written(by, "households.state_back", family, state=said.state)


def _family(by: Actor, cycle_slug: str, code: str, household: str) -> Household:
    lokus = the_lokus(by, cycle_slug, code)
    found = one(households_for(by).select_related("lokus__cycle__place", "lokus__place"), lokus=lokus, code=household)
    demand(may_correct_household, by, found)
    return found


def _written(by: Actor, action: str, family: Household, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="household",
        object_id=family.uuid,
        place_code=family.lokus.area,
        **details,
    )
