"""A NIK beside what is said of its person: doubts, in no case an error."""

from datetime import date

import pytest

from selaras.odk.nik import NikSays, doubts, read_nik

CILEGON = "36.72.05.1005"


def test_a_womans_day_carries_forty_and_a_mans_does_not() -> None:
    assert read_nik("3672054503850001") == NikSays("36.72.05", "1985-03-05", "P")
    assert read_nik("3672 0505 0385 0001") == NikSays("36.72.05", "1985-03-05", "L")


@pytest.mark.parametrize(
    "number",
    ["367205450385000", "3672054503850000", "3672053213850001", "3672057203850001", "9872054503850001", "abcd"],
)
def test_what_cannot_be_a_nik_is_none(number: str) -> None:
    assert (read_nik(number), doubts(number, area=CILEGON, sex="P")) == (None, ("shape",))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, ()),
        ({"sex": "P", "born": "1985-03-05"}, ()),
        ({"sex": "L"}, ("sex",)),
        ({"born": "1985-05-03"}, ("born",)),
        ({"born": "1885-03-05"}, ()),
        ({"area": "32.73.01.1001", "sex": "L", "born": "1990-01-01"}, ("region", "sex", "born")),
    ],
)
def test_each_thing_that_does_not_fit_is_a_doubt_of_its_own(said: dict[str, str], found: tuple[str, ...]) -> None:
    assert doubts("3672054503850001", **{"area": CILEGON, **said}, today=date(2024, 6, 1)) == found


def test_no_number_is_no_doubt_and_an_invented_one_pretends_to_nothing() -> None:
    assert doubts("", area=CILEGON, sex="P") == doubts("9972054503850001", area=CILEGON) == ()
