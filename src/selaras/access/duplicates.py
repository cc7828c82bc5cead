"""Families that may stand twice: who is asked, and who says so."""

from django.db.models import Q, QuerySet

from selaras.access.programme import is_open
from selaras.access.scopes import KEEPERS, Actor, condition, is_one
from selaras.models import Duplicate, DuplicateAnswer, Lokus


def may_see_duplicates(user: Actor, lokus: Lokus) -> bool:
    """Which families of a lokus look like one: its secretariat, lurah or camat."""
    return is_one(user, KEEPERS, lokus.area, lokus.cycle_id)


def may_judge_duplicates(user: Actor, lokus: Lokus) -> bool:
    """Say that two families are one, or two, and take it back: who is asked, while the year is open."""
    return is_open(lokus) and may_see_duplicates(user, lokus)


def duplicates_for(user: Actor) -> QuerySet[Duplicate]:
    """The pairs of which she keeps both families; one that was merged is in nobody's view but this."""
    rows = Duplicate.objects.filter(one__erased_at__isnull=True, other__erased_at__isnull=True)
    rows = rows.filter(
        Q(one__pending__isnull=True, other__pending__isnull=True) | Q(answer=DuplicateAnswer.ONE)
    ).select_related("one__lokus__place", "one__lokus__cycle", "other__lokus", "answered_by", "proposed_by")
    hers = condition(user, "one__area", "one__lokus__cycle_id", roles=KEEPERS, around=False)
    return rows.filter(hers, condition(user, "other__area", "other__lokus__cycle_id", roles=KEEPERS, around=False))
