"""Looking at a lokus again after the year: who sees it, who says whose it is, who writes down what was found.

All of it in a closed year too: that is when it matters. It is the city's own: what jurors and the province read of it
stands in a dossier, without the names that were typed.
"""

from django.db.models import QuerySet

from selaras.access.scopes import CONSOLE, INSIDE, KEEPERS, Actor, is_one, is_own, own_condition
from selaras.models import FollowUp, Lokus, Role, User

#: Who can look at a lokus again, and so take a follow-up on.
LOOKS = frozenset({Role.SECRETARIAT, Role.SUPERVISOR, Role.CADRE, Role.PROTECTION})


def may_see_follow_ups(user: Actor, lokus: Lokus) -> bool:
    """Read whose they are and what was found: the city's own people who work in it, around it or above it."""
    return user is CONSOLE or is_own(user, INSIDE, lokus.cycle.place.code, lokus.area, lokus.cycle_id)


def may_follow_up(user: Actor, lokus: Lokus) -> bool:
    """Say whose a follow-up is and until when: the secretariat, and the lurah or camat of the lokus."""
    return user is CONSOLE or is_one(user, KEEPERS, lokus.area, lokus.cycle_id)


def may_report_follow_up(user: Actor, followup: FollowUp) -> bool:
    """Write down what was found: who has taken it on, as long as she has a task there, and who says whose it is."""
    lokus = followup.lokus
    hers = isinstance(user, User) and followup.owner_id == user.pk
    own = hers and is_own(user, LOOKS, lokus.cycle.place.code, lokus.area, lokus.cycle_id)
    return own or may_follow_up(user, lokus)


def followups_for(user: Actor) -> QuerySet[FollowUp]:
    """The follow-ups of the loci of her own city that she sees."""
    rows = FollowUp.objects.select_related("lokus__place__parent", "lokus__cycle__place", "owner", "done_by")
    return rows if user is CONSOLE else rows.filter(own_condition(user, "lokus__"))
