"""Photos for those outside the office: who says what is hidden."""

from selaras.access.scopes import KEEPERS, Actor, is_one
from selaras.models import Evidence, User


def may_blur(user: Actor, evidence: Evidence) -> bool:
    """Say what a public copy hides, and take it back: a person who keeps the records of its area, never a program."""
    return isinstance(user, User) and is_one(user, KEEPERS, evidence.area, evidence.cycle_id)
