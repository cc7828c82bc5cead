"""Families: names, answers, imports, and how small a group may be told of."""

from django.db.models import Q, QuerySet

from selaras.access.programme import is_open
from selaras.access.scopes import (
    CONSOLE,
    KEEPERS,
    NAMES,
    SMALLEST_COUNT,
    Actor,
    condition,
    is_one,
    named_in,
    scopes_of,
)
from selaras.models import AgreedImport, Household, HouseholdScore, ImportBatch, Lokus, Role, Submission, User


def may_see_names(user: Actor, lokus: Lokus) -> bool:
    """Whether there may be families of this lokus she sees by name: which ones, `households_for` says."""
    scopes = [scope for scope in scopes_of(user) if scope.role in NAMES]
    return any(scope.touches(lokus.area, lokus.cycle_id) for scope in scopes)


def may_see_household(user: Actor, household: Household) -> bool:
    """A family's name, address and answers: secretariat, lurah or camat of the lokus, cadre of her RW."""
    there = household.erased_at is None and household.pending is None
    return there and is_one(user, NAMES, household.area, household.lokus.cycle_id)


def may_see_class(user: Actor, household: Household) -> bool:
    """A family's welfare class: those who work with the family. No poverty label leaves the office."""
    return may_see_household(user, household)


def may_see_health(user: Actor, lokus: Lokus, agency: str) -> bool:
    """Which families stand on which side of a `kesehatan` indicator: only the agency that the indicator names.

    `agency` is the workbook's column: one short name, or several parted by comma, semicolon or slash.
    By a link, only in the browser that has used its one-time code: whoever was forwarded it is not her.
    """
    if isinstance(user, User) and user.link is not None and not user.link.names_unlocked:
        return False
    named = named_in(agency)
    scopes = [scope for scope in scopes_of(user) if scope.role == Role.LIAISON and scope.agencies & named]
    return any(scope.covers(lokus.area, lokus.cycle_id) for scope in scopes)


def may_set_photo_consent(user: Actor, household: Household) -> bool:
    """Write down what a family lets its photos be used for: who works with it by name, in a closed year too."""
    return may_see_household(user, household)


def may_import(user: Actor, lokus: Lokus) -> bool:
    """Bring in families and answers of an open cycle: the secretariat, and the lurah or camat of the lokus."""
    return is_open(lokus) and (user is CONSOLE or is_one(user, KEEPERS, lokus.area, lokus.cycle_id))


def may_see_batch(user: Actor, batch: ImportBatch) -> bool:
    """An import and what is wrong in it: who may bring in its lokus; without one, the city's secretariat."""
    if batch.lokus is not None:
        return user is CONSOLE or is_one(user, KEEPERS, batch.lokus.area, batch.lokus.cycle_id)
    cycle = batch.round.cycle
    return user is CONSOLE or is_one(user, {Role.SECRETARIAT}, cycle.place.code, cycle.id)


def may_erase_household(user: Actor, household: Household) -> bool:
    """Destroy a family's values, at its request (UU 27/2022 art. 8): the secretariat."""
    area, cycle = household.area, household.lokus.cycle_id
    return user is CONSOLE or is_one(user, {Role.SECRETARIAT}, area, cycle)


def shown_count(count: int, of: int) -> int | None:
    """`count` where neither it nor the rest of `of` is a group of 1 to 4; None where it must not be shown."""
    return None if any(0 < part < SMALLEST_COUNT for part in (count, of - count)) else count


def households_for(user: Actor) -> QuerySet[Household]:
    """The families that she may see by name; the erased and the not yet published are nobody's, nor the console's."""
    rows = Household.objects.filter(erased_at__isnull=True, pending__isnull=True).select_related("lokus__place", "key")
    return rows.filter(condition(user, "area", "lokus__cycle_id", roles=NAMES, around=False))


def restricted_for(user: Actor) -> QuerySet[Household]:
    """The families that are in nobody's view at their wish, where she works with families by name. Of them no more is
    told than that they are there."""
    rows = Household.objects.filter(erased_at__isnull=True, pending__isnull=False, restricted_at__isnull=False)
    return rows.filter(condition(user, "area", "lokus__cycle_id", roles=NAMES, around=False))


def scores_for(user: Actor, lokus: Lokus) -> QuerySet[HouseholdScore]:
    """The states of the families of this lokus that she may see by name; who sees them all pays for no comparison."""
    rows = HouseholdScore.objects.filter(
        lokus=lokus, household__erased_at__isnull=True, household__pending__isnull=True
    )
    if is_one(user, NAMES, lokus.area, lokus.cycle_id):
        return rows
    return rows.filter(condition(user, "household__area", "household__lokus__cycle_id", roles=NAMES, around=False))


def submissions_for(user: Actor) -> QuerySet[Submission]:
    """The answer sheets of the families that she may see by name."""
    rows = Submission.objects.filter(household__erased_at__isnull=True, household__pending__isnull=True)
    return rows.filter(condition(user, "household__area", "household__lokus__cycle_id", roles=NAMES, around=False))


def imports_for(user: Actor) -> QuerySet[ImportBatch]:
    """The imports that she may open."""
    rows = ImportBatch.objects.select_related("round__cycle__place", "lokus__place", "lokus__cycle")
    if user is CONSOLE:
        return rows
    named = condition(user, "lokus__area", "lokus__cycle_id", roles=KEEPERS, around=False)
    whole = condition(
        user,
        "round__cycle__place__code",
        "round__cycle_id",
        roles=frozenset({Role.SECRETARIAT}),
        around=False,
    )
    return rows.filter(Q(lokus__isnull=False) & named | Q(lokus__isnull=True) & whole)


def agreed_imports_for(user: Actor) -> QuerySet[AgreedImport]:
    """The lists from elsewhere for loci whose records she keeps."""
    rows = AgreedImport.objects.select_related("lokus__place", "lokus__cycle", "round__cycle", "created_by")
    return rows.filter(condition(user, "lokus__area", "lokus__cycle_id", roles=KEEPERS, around=False))
