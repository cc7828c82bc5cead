"""Every door × role × area × method: who is let in, who is refused, and for whom nothing is there."""

import re
from collections import Counter

import pytest

from selaras.models import AuditEntry
from tests.web.doors.asking import EACH, asked, daily, left, places, said
from tests.web.doors.table import LOCAL, NOT_SO, PROGRAMS, TABLE, Asked
from tests.web.doors.world import CAST, CITY, OWN, PATHS, PROVINCE, World, paths

pytestmark = pytest.mark.django_db
SIGN_IN = "/masuk/?next="
#: Doors at which many are refused: what is not there for her, and what she sees but may not do.
REFUSING = [("GET", "lokus", PROVINCE), ("GET", "lokus", CITY), ("POST", "freeze", OWN), ("GET", "imports", OWN)]


def test_every_door_has_a_row_and_its_own_name() -> None:
    names = [name for name, _path in paths()]

    assert sorted(names) == sorted(TABLE)
    assert len(PATHS) == len(names)


@pytest.mark.parametrize(("method", "who"), EACH)
def test_each_person_is_answered_as_the_table_says(planted: World, method: str, who: str) -> None:
    """In her own area, and in one of the three others, by turns; tests/soak asks in the two that are left."""
    where = daily(method, who)
    got, expected = asked(planted, method, who, where), said(method, who, where)

    assert {key: status for key, status in got.items() if status != expected[key]} == {}
    assert got == expected


def test_daily_and_in_the_long_run_everybody_asks_everywhere_and_daily_each_area_is_asked_by_many() -> None:
    for method, who in EACH:
        assert sorted(daily(method, who) + left(method, who)) == sorted(places(method))
    askers = Counter(place for method, who in EACH if method == "GET" for place in daily(method, who))

    assert {count for (_name, area), count in askers.items() if area == OWN} == {len(CAST)}
    assert {count // 4 for (_name, area), count in askers.items() if area != OWN} == {1}
    assert len(askers) == len(places("GET"))


@pytest.mark.parametrize("who", [who for who in CAST if who != "stranger"])
def test_each_person_reads_a_whole_page_where_she_is_refused(planted: World, who: str) -> None:
    """Nothing is there for her in a city that is not hers; in her own she may not do all that she sees."""
    found = {}
    for method, name, area in REFUSING:
        expected = said(method, who, [(name, area)])[name, area]
        if expected in {403, 404}:
            response = getattr(planted.client(who), method.lower())(planted.address(name, area), TABLE[name].data)
            text = response.content.decode()
            found[name, area] = (response.status_code - expected, text.count("<h1"), text.count("</html>"))

    assert set(found.values()) == {(0, 1, 1)}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_no_other_method_changes_or_shows_anything(planted: World, method: str) -> None:
    entries = AuditEntry.objects.count()
    ours = {name for name in TABLE if not name.startswith(("account_", "mfa_", "cases:"))} | {"account_home"}
    # A queue sends its items so: tests/web/test_sending.py.
    ours -= {"sending"} if method == "PUT" else set()
    found = {}
    # The door looks at the method before it looks at her.
    for who in ("secretariat", "juror", "idle") if method == "DELETE" else ("secretariat",):
        client = planted.client(who)
        found |= {(who, name): client.generic(method, planted.address(name)).status_code for name in ours}

    assert {key: status for key, status in found.items() if status != 405} == {}
    assert AuditEntry.objects.count() == entries


def test_a_stranger_is_led_to_sign_in_and_back(planted: World) -> None:
    client = planted.client("stranger")
    asked = {name for name in LOCAL if isinstance(TABLE[name].get, Asked)}
    closed = {"home", *LOCAL, "instrument", "account_home", "mfa_index", "account_change_password"} - asked
    found = {name: client.get(planted.address(name)).headers.get("Location") for name in closed}

    assert found == {name: SIGN_IN + planted.address(name) for name in closed}


def test_a_form_without_its_token_is_refused_at_every_door(planted: World) -> None:
    entries = AuditEntry.objects.count()
    found = {}
    for who in ("secretariat", "stranger"):
        client = planted.client(who, checks=True)
        for name, door in TABLE.items():
            if name in PROGRAMS:
                continue
            response = client.post(planted.address(name), door.data)
            found[who, name] = (response.status_code, "kedaluwarsa" in response.content.decode())

    assert {key: seen for key, seen in found.items() if seen != (403, True)} == {}
    assert AuditEntry.objects.count() == entries


def plain(text: str) -> str:
    """A page without what differs by request: the form's token and the address itself."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r'name="next" value="[^"]*"', "", text)


@pytest.mark.parametrize(("area", "names"), [(CITY, sorted(LOCAL)[::2]), (PROVINCE, sorted(LOCAL)[1::2])])
def test_what_is_another_citys_looks_exactly_like_what_is_not_there(
    planted: World, area: str, names: list[str]
) -> None:
    absent = {"36-73-2024": "36-73-1999", "32-73-2024": "32-73-1999"}
    client = planted.client("secretariat")
    cookies = client.cookies.output().replace("Set-Cookie: ", "")
    for name in names:
        method = "post" if TABLE[name].get is NOT_SO else "get"
        theirs = planted.address(name, area)
        none = re.sub("|".join(absent), lambda found: absent[found[0]], theirs)
        client.cookies.clear()
        client.cookies.load(cookies)
        there, missing = (getattr(client, method)(url, TABLE[name].data) for url in (theirs, none))

        assert none != theirs
        assert (there.status_code, plain(there.content.decode())) == (404, plain(missing.content.decode())), name


def test_an_import_is_found_only_in_its_own_lokus(planted: World) -> None:
    """An id that exists, under an address that she may open."""
    here, there = planted.areas[OWN], planted.areas[CITY]
    client = planted.client("secretariat")
    url = f"{here.base}impor/{there.waiting}/"

    assert (client.get(url).status_code, client.post(f"{url}simpan/").status_code) == (404, 404)
    assert client.post(f"{url}batalkan/").status_code == 404


def test_the_table_names_every_role_and_area() -> None:
    """A rule that names nobody, or somebody who is not in the cast, would never be asked."""
    named = set()
    for door in TABLE.values():
        for rule in (door.get, door.post):
            groups = rule.may.values() if hasattr(rule, "may") else [rule.but]
            named |= {who for group in groups for who in group}

    assert named <= set(CAST)
    assert set(CAST) - named == set()
