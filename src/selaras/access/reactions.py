"""Reactions: who asks for them after an activity, who types a box of papers, who reads what was written freely.

Who answers is never asked who she is: no predicate here speaks of her. Numbers are seen by who sees the activity.
"""

from selaras.access.activities import may_change_activity
from selaras.access.programme import is_open
from selaras.access.scopes import CONSOLE, KEEPERS, Actor, is_one
from selaras.models import Activity, Role


def may_ask_reactions(user: Actor, activity: Activity) -> bool:
    """Print slips: whoever reported the activity, as long as she still might, and who keeps the lokus."""
    return may_change_activity(user, activity) or may_type_reactions(user, activity)


def may_type_reactions(user: Actor, activity: Activity) -> bool:
    """Count a box of papers: the office, that is who keeps the lokus, in an open year."""
    lokus = activity.lokus
    return is_open(lokus) and (user is CONSOLE or is_one(user, KEEPERS, lokus.area, lokus.cycle_id))


def may_read_reactions(user: Actor, activity: Activity) -> bool:
    """Look whether free words name somebody, before anybody else sees them: the secretariat.

    Not the lurah: who lives next door knows people by how they speak.
    """
    lokus = activity.lokus
    return is_open(lokus) and (user is CONSOLE or is_one(user, {Role.SECRETARIAT}, lokus.area, lokus.cycle_id))
