"""The areas that tests/web/doors/test_doors.py leaves out: with it, everybody at every door in every area."""

import pytest
from django.core.cache import cache

from tests.web.doors.asking import EACH, asked, left, said
from tests.web.doors.world import world
from tests.web.statics import collected

pytestmark = pytest.mark.django_db


def test_everybody_is_answered_as_the_table_says_in_the_areas_that_are_left() -> None:
    with collected():
        planted = world()
        wrong = {}
        for method, who in EACH:
            cache.clear()
            where = left(method, who)
            expected = said(method, who, where)
            for at, status in asked(planted, method, who, where).items():
                if status != expected[at]:
                    wrong[method, who, *at] = (status, expected[at])

    assert wrong == {}
