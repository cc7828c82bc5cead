"""The family's own voice: who asks it, who prints its sheet, and who sees what families said, counted."""

from django.db.models import QuerySet

from selaras.access.families import may_see_household, may_see_names
from selaras.access.programme import is_open
from selaras.access.scopes import CONSOLE, INSIDE, KEEPERS, NAMES, Actor, condition, is_one, is_own
from selaras.models import Confirmation, Household, Lokus


def may_hear_families(user: Actor, lokus: Lokus) -> bool:
    """Read, counted, what families of a lokus said: the city's own people who work in it, around it or above it.

    No juror and nobody of more than the city, until it hands its dossier over: it is for its own people to act on.
    """
    return user is CONSOLE or is_own(user, INSIDE, lokus.cycle.place.code, lokus.area, lokus.cycle_id)


def may_ask_family(user: Actor, household: Household) -> bool:
    """Write down what a family says, and give it another code: who works with it by name, while the year is open."""
    return is_open(household.lokus) and may_see_household(user, household)


def may_print_sheets(user: Actor, lokus: Lokus) -> bool:
    """Print sheets of the families that she sees by name, while the year is open."""
    return is_open(lokus) and may_see_names(user, lokus)


def may_set_sheet_contact(user: Actor, lokus: Lokus) -> bool:
    """Say whom the families of a lokus call: who keeps its records, while the year is open."""
    return is_open(lokus) and (user is CONSOLE or is_one(user, KEEPERS, lokus.area, lokus.cycle_id))


def confirmations_for(user: Actor) -> QuerySet[Confirmation]:
    """What the families said that she may see by name."""
    rows = Confirmation.objects.filter(household__erased_at__isnull=True, household__pending__isnull=True)
    return rows.filter(condition(user, "household__area", "household__lokus__cycle_id", roles=NAMES, around=False))
