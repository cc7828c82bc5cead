"""Two officers print the sheets of the same families at the same moment: each family has one code."""

import threading

import pytest
from django.db import connection, transaction

from selaras.actions.family_sheets import _coded as coded
from selaras.models import FamilySheet, Role, SearchHashes, User
from tests import build

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="on SQLite one writes at a time"),
]


def test_of_two_officers_who_print_at_once_the_second_finds_the_codes_of_the_first() -> None:
    lokus = build.lokus(build.cycle())
    families = [build.household(lokus) for _ in range(2)]
    told: dict[object, list[int]] = {family.uuid: [] for family in families}
    officers = [build.member(Role.SECRETARIAT, "36.72", cycle=lokus.cycle) for _ in range(2)]
    SearchHashes.load()
    printed: list[object] = []

    def other(by: User) -> None:
        try:
            with transaction.atomic():
                printed.append(coded(by, families, told))
        except BaseException as error:
            printed.append(error)
        finally:
            connection.close()

    second = threading.Thread(target=other, args=officers[1:])
    with transaction.atomic():
        first = coded(officers[0], families, told)
        second.start()
        # It stands before the lokus by now, or before a row that is already there.
        second.join(0.5)
    second.join(120)
    assert printed == [first]
    assert FamilySheet.objects.count() == 2
