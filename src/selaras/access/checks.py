"""What should be looked at again in filled forms: who is told of it."""

from django.db.models import QuerySet

from selaras.access.programme import is_open
from selaras.access.scopes import KEEPERS, Actor, condition, is_one
from selaras.models import Check, Lokus, Recheck, RecheckFamily, User


def may_see_checks(user: Actor, lokus: Lokus) -> bool:
    """Signals about the forms of a lokus: its secretariat, lurah or camat; not whoever filled them in."""
    return is_one(user, KEEPERS, lokus.area, lokus.cycle_id)


def may_settle_check(user: Actor, check: Check) -> bool:
    """Say that one has been looked at: who sees it, while the year is open."""
    return is_open(check.lokus) and may_see_checks(user, check.lokus)


def may_draw_recheck(user: Actor, lokus: Lokus) -> bool:
    """Draw families of a round who are asked again: who is told of signals, while the year is open."""
    return is_open(lokus) and may_see_checks(user, lokus)


def may_fill_recheck(user: Actor, again: RecheckFamily) -> bool:
    """Write down what a drawn family says when asked again: who keeps the lokus and did not ask the first time."""
    there = may_draw_recheck(user, again.recheck.lokus)
    return there and isinstance(user, User) and again.surveyor_id != user.pk


def rechecks_for(user: Actor) -> QuerySet[Recheck]:
    """The draws of the loci that she keeps."""
    rows = Recheck.objects.select_related("lokus__place__parent", "lokus__cycle__place", "round", "drawn_by")
    return rows.filter(condition(user, "lokus__area", "lokus__cycle_id", roles=KEEPERS, around=False))


def checks_for(user: Actor) -> QuerySet[Check]:
    """The signals that she is told of, about forms that count now."""
    rows = Check.objects.filter(submission__current__isnull=False).select_related(
        "lokus__place", "lokus__cycle", "submission__household", "submission__version__workbook", "seen_by"
    )
    return rows.filter(condition(user, "lokus__area", "lokus__cycle_id", roles=KEEPERS, around=False))
