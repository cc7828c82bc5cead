"""Recaps of reports, and what is published of them.

A recap's figures are the protection officer's alone until they are published: small counts of few places tell. What
was published is the city's own; jurors and the province read of it what a dossier says.
"""

from django.db.models import QuerySet

from selaras.access.scopes import CONSOLE, INSIDE, Actor, condition, is_one, is_own
from selaras.models import Cycle, Publication, Recap, Role


def may_see_publications(user: Actor, cycle: Cycle) -> bool:
    """Read the published tables of the city: whoever has a task in it."""
    return user is CONSOLE or is_own(user, INSIDE, cycle.place.code, cycle.place.code, cycle.pk)


def may_keep_recaps(user: Actor, cycle: Cycle) -> bool:
    """Bring recaps in, see all their figures, publish them or not: the protection officer of the whole city."""
    return user is CONSOLE or is_one(user, {Role.PROTECTION}, cycle.place.code, cycle.pk)


def recaps_for(user: Actor) -> QuerySet[Recap]:
    """The recaps of the cities whose protection officer she is."""
    rows = Recap.objects.select_related("key", "imported_by", "decided_by")
    if user is CONSOLE:
        return rows
    return rows.filter(condition(user, "place_code", "", roles=frozenset({Role.PROTECTION}), around=False))


def publications_for(user: Actor) -> QuerySet[Publication]:
    """What was published of her own city."""
    rows = Publication.objects.select_related("published_by", "recap")
    if user is CONSOLE:
        return rows
    return rows.filter(condition(user, "place_code", "", roles=INSIDE, around=True, city="place_code"))
