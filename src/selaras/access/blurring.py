"""Photos for those outside the office: who says what is hidden."""

from selaras.access.scopes import CONSOLE, KEEPERS, Actor, is_one, scopes_of
from selaras.models import Cycle, Evidence, User


def may_blur(user: Actor, evidence: Evidence) -> bool:
    """Say what a public copy hides, and take it back: a person who keeps the records of its area, never a program."""
    return isinstance(user, User) and is_one(user, KEEPERS, evidence.area, evidence.cycle_id)


def may_prepare_photos(user: Actor, cycle: Cycle) -> bool:
    """See which photos of the year wait for that: who keeps the records of some lokus of it."""
    keeps = any(scope.role in KEEPERS and scope.touches(cycle.place.code, cycle.pk) for scope in scopes_of(user))
    return user is CONSOLE or keeps
