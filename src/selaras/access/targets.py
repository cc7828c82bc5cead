"""The registry of a lokus and its list of 100: who reads it, who corrects it, who decides."""

from django.db.models import QuerySet

from selaras.access.families import households_for, may_see_household
from selaras.access.programme import is_open
from selaras.access.scopes import CONSOLE, KEEPERS, NAMES, Actor, condition, is_one
from selaras.models import Household, Lokus, SavedView, Target, User


def may_decide_targets(user: Actor, lokus: Lokus) -> bool:
    """Put families on the list of 100, in reserve, or replace them: the keepers of an open year's lokus."""
    return is_open(lokus) and (user is CONSOLE or is_one(user, KEEPERS, lokus.area, lokus.cycle_id))


def may_correct_household(user: Actor, household: Household) -> bool:
    """Correct a family's name, address, numbers and members: the secretariat, lurah and camat, in an open year."""
    keeps = is_one(user, KEEPERS, household.area, household.lokus.cycle_id)
    return is_open(household.lokus) and keeps and may_see_household(user, household)


def may_settle_household(user: Actor, household: Household) -> bool:
    """Decide on what was sent of a family: whose a form is, and of two words which holds; who corrects it, and in a
    closed year too, so that nothing that was acknowledged is stranded there."""
    return is_one(user, KEEPERS, household.area, household.lokus.cycle_id) and may_see_household(user, household)


def households_to_settle_for(user: Actor) -> QuerySet[Household]:
    """The families on which she decides what was sent of them, as `may_settle_household` says of each."""
    return households_for(user).filter(condition(user, "area", "lokus__cycle_id", roles=KEEPERS, around=False))


def sees_whole_registry(user: Actor, lokus: Lokus) -> bool:
    """Whether every family of the lokus is hers to see: then its counters are what she would count."""
    return is_one(user, NAMES, lokus.area, lokus.cycle_id)


def registry_for(user: Actor, lokus: Lokus) -> QuerySet[Household]:
    """The families of this lokus that she sees by name; who sees them all pays for no comparison of areas."""
    if sees_whole_registry(user, lokus):
        return Household.objects.filter(lokus=lokus, erased_at__isnull=True, pending__isnull=True)
    return households_for(user).filter(lokus=lokus).select_related(None)


def targets_for(user: Actor, lokus: Lokus) -> QuerySet[Target]:
    """The places on the list of this lokus of families that she sees by name."""
    rows = Target.objects.filter(lokus=lokus, household__erased_at__isnull=True)
    if sees_whole_registry(user, lokus):
        return rows
    return rows.filter(condition(user, "household__area", "lokus__cycle_id", roles=NAMES, around=False))


def views_for(user: Actor) -> QuerySet[SavedView]:
    """The searches that she has kept: nobody else's."""
    return SavedView.objects.filter(user=user.pk) if isinstance(user, User) else SavedView.objects.none()
