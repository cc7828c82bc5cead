"""Agencies: taken from the usual ones, and under a new name with what was theirs under the old."""

import pytest

from selaras.access import CONSOLE, may_see_health, scopes_of
from selaras.actions import agencies
from selaras.errors import Forbidden, InputError
from selaras.models import Agency, AuditEntry, Role, User
from selaras.queries.seen import agency_seen
from tests import build

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_several_are_added_at_once_and_those_that_are_there_stay() -> None:
    build.agency("DINKES")
    city = build.place("36.72")
    made = agencies.add_agencies(by=CONSOLE, place=city, names={"Dinkes": "Dinas Kesehatan", "DLH": "Dinas LH"})

    assert [row.short_name for row in made] == ["DLH"]
    assert agencies.add_agencies(by=CONSOLE, place=city, names={"DLH": "x"}) == []
    assert AuditEntry.objects.filter(action="agencies.add").count() == 1
    with pytest.raises(Forbidden):
        agencies.add_agencies(by=build.member(Role.LEADER, "36.72"), place=city, names={"PA": "x"})


def test_a_renamed_agency_is_a_new_row_and_its_liaison_keeps_what_was_hers() -> None:
    old = build.agency("DP3AKB")
    liaison, lokus = build.member(Role.LIAISON, agency=old), build.lokus(build.cycle())
    mid = agencies.rename_agency(by=CONSOLE, agency=old, short_name="DP3A", name="Dinas P3A", seen=agency_seen(old))
    new = agencies.rename_agency(by=CONSOLE, agency=mid, short_name=" DP3AP2KB ", name="Dinas P3AP2KB")

    old.refresh_from_db()
    assert (old.valid_to is None, new.replaces, new.short_name, new.valid_to) == (False, mid, "DP3AP2KB", None)
    assert liaison.memberships.get().agency == new
    liaison = User.objects.get(pk=liaison.pk)
    assert scopes_of(liaison)[0].agencies == {"dp3ap2kb", "dp3a", "dp3akb"}
    assert [may_see_health(liaison, lokus, name) for name in ("DP3AP2KB", "DP3AKB; Dinkes", "Dinkes")] == [
        True,
        True,
        False,
    ]
    assert AuditEntry.objects.filter(action="agencies.rename").last().details["tasks"] == 1


def test_a_name_that_is_taken_unchanged_or_former_is_refused_and_the_second_of_two_is_told() -> None:
    one = build.agency("DLH")
    build.agency("DKPP")
    seen = agency_seen(one)
    wrong = [("dkpp", "Dinas", ["agency.exists"]), ("DLH", one.name, ["agency.same"])]
    for short, name, expected in wrong:
        with pytest.raises(InputError) as refused:
            agencies.rename_agency(by=CONSOLE, agency=one, short_name=short, name=name)
        assert codes(refused) == expected
    agencies.rename_agency(by=CONSOLE, agency=one, short_name="DLHK", name="Dinas LHK", seen=seen)
    for was, expected in ((seen, ["setup.changed"]), (None, ["agency.former"])):
        with pytest.raises(InputError) as refused:
            agencies.rename_agency(by=CONSOLE, agency=one, short_name="DLHX", name="x", seen=was)
        assert codes(refused) == expected
    assert Agency.objects.filter(valid_to__isnull=True).count() == 2
