"""Who may be given a phone, and whose phones are seen: exactly where the records are hers to keep."""

from datetime import timedelta

import pytest
from django.utils import timezone

from selaras import access
from selaras.models import Cycle, Membership, PhoneToken, Role
from tests import build
from tests.access.test_table import CODES, cast, ground

pytestmark = pytest.mark.django_db


def planted() -> None:
    """In each area a cadre with a phone, one whose task has ended, and somebody without families."""
    for area in CODES:
        there = ground(area)
        place = there.lokus.place.code
        for role, where, cycle in (
            (Role.CADRE, f"{place}.RW03", there.cycle),
            (Role.CADRE, f"{place}.RW04", None),
            (Role.SUPERVISOR, place, there.cycle),
            (Role.JUROR, there.cycle.place.code, there.cycle),
        ):
            build.member(role, where, cycle=cycle)
        ended = build.member(Role.CADRE, f"{place}.RW05", cycle=there.cycle)
        ended.memberships.update(ends=timezone.now() - timedelta(days=1))
        for task in Membership.objects.filter(place_code__startswith=f"{place}.RW"):
            PhoneToken.objects.get_or_create(
                cycle=there.cycle, membership=task, user=task.user, token_hash=f"{there.cycle.pk} {task.pk}"
            )


def test_the_people_of_the_page_of_phones_are_those_to_whom_she_may_give_one() -> None:
    planted()
    for who, user in {**cast(), "console": access.CONSOLE}.items():
        for cycle in Cycle.objects.filter(closed_at__isnull=True):
            found = set(access.holders_for(user, cycle).values_list("pk", flat=True))
            city = cycle.place.code
            near = [row for row in Membership.objects.all() if row.place_code.startswith(city)]
            assert (who, found) == (who, {row.pk for row in near if access.may_give_phone(user, row, cycle)})


def test_phones_are_seen_of_exactly_those_people() -> None:
    planted()
    for who, user in cast().items():
        for cycle in Cycle.objects.all():
            holders = access.holders_for(user, cycle)
            phones = access.phones_for(user, cycle)
            expected = set(PhoneToken.objects.filter(cycle=cycle, membership__in=holders).values_list("pk", flat=True))
            assert (who, set(phones.values_list("pk", flat=True))) == (who, expected)
