"""Who asks at which door, in which area; and what she is answered."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.template import engines
from django.test import override_settings

from tests.web.doors.answers import Answer
from tests.web.doors.table import LOCAL, TABLE
from tests.web.doors.world import CAST, CITY, CODES, OWN, World
from tests.web.hardened import FORMS, POLICY, unhardened

#: A door and an area.
At = tuple[str, str]
#: Who asks in which way.
ASKING = {"GET": CAST, "POST": CAST, "HEAD": ("secretariat", "juror", "ended", "stranger")}
EACH = [(method, who) for method, cast in ASKING.items() for who in cast]
#: A body is left out of an answer door by door: asked in her own area, and where nothing is there for her.
AREAS = {"HEAD": (OWN, CITY)}


def places(method: str) -> list[At]:
    """Each door in each area; where areas do not differ, once."""
    return [(name, area) for name in TABLE for area in (AREAS.get(method, tuple(CODES)) if name in LOCAL else (OWN,))]


def daily(method: str, who: str) -> list[At]:
    """Of those: her own area, and by turns one of the others. Which, changes from door to door and person to person, so
    that each door is asked in each area by four or five of the cast: a door that forgets an area opens to all of them.
    Whether a body is left out, is asked in one area."""
    always = set() if method == "HEAD" else {OWN}
    others = [area for area in AREAS.get(method, CODES) if area not in always]
    turn = {name: others[(CAST.index(who) + number) % len(others)] for number, name in enumerate(TABLE)}
    return [(name, area) for name, area in places(method) if name not in LOCAL or area in {*always, turn[name]}]


def left(method: str, who: str) -> list[At]:
    """What `daily` leaves out."""
    done = set(daily(method, who))
    return [place for place in places(method) if place not in done]


def asked(planted: World, method: str, who: str, where: Sequence[At]) -> dict[At, int]:
    """(door, area) → status, in the world as it was planted: what a request changes is undone before the next. A door
    of a year stands at the same address for both its lokus and is asked the same: once."""
    found, bare = {}, {}
    before: dict[At, At] = {}
    client = planted.client(who)
    cookies = client.cookies.output()
    with brief(), only_in_the_room() as at:
        for name, area in where:
            at.append(name)
            address = planted.address(name, area)
            if (name, address) in before:
                found[name, area] = found[before[name, address]]
                continue
            before[name, address] = (name, area)
            client.cookies.clear()
            client.cookies.load(cookies.replace("Set-Cookie: ", ""))
            with transaction.atomic():
                response = (
                    client.post(address, TABLE[name].data) if method == "POST" else (client.generic(method, address))
                )
                if response.streaming:
                    b"".join(response)  # read to its end a file is closed
                transaction.set_rollback(True)
            found[name, area] = response.status_code
            # Who is sent to sign in is not answered by the page of forms.
            forms = name == "filling" and who != "stranger"
            if lacking := unhardened(response, FORMS if forms else POLICY):
                bare[name, area] = lacking
            assert method != "HEAD" or response.content == b"", name
            if method == "GET" and not response.streaming:
                planted.answers[who, address] = Answer.of(response)
    assert bare == {}, bare
    return found


def said(method: str, who: str, where: Sequence[At]) -> dict[At, int]:
    """What the table says."""
    rules = {name: door.post if method == "POST" else door.get for name, door in TABLE.items()}
    return {(name, area): rules[name].status_for(who, area) for name, area in where}


@contextmanager
def only_in_the_room() -> Iterator[list[str]]:
    """No door outside the locked room asks a table of it anything, so none can answer otherwise, or with more queries,
    because of a ticket. The caller says at which door it asks: the last of the list."""
    at: list[str] = [""]
    touched = set()

    def look(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "cases_" in sql and not at[-1].startswith("cases:"):
            touched.add(at[-1])
        return execute(sql, *rest)

    with connection.execute_wrapper(look):
        yield at
    assert touched == set()


#: What was compiled for `brief`, so that two hundred templates are not compiled anew for each test, nor after it.
_ENGINES: dict[str, Any] = {}
#: What a refusal is answered with there says nothing of the page that others are given.
BRIEF = {403, 404}


@contextmanager
def brief() -> Iterator[None]:
    """Refusals of a word: thousands are asked for, each with a frame of its own. How they look to each person is asked
    once, in tests/web/doors/test_doors.py."""
    (engine,) = settings.TEMPLATES
    others = dict(vars(engines)["_engines"])
    with override_settings(TEMPLATES=[{**engine, "DIRS": [Path(__file__).parent / "brief", *engine["DIRS"]]}]):
        vars(engines)["_engines"].update(_ENGINES)
        yield
        _ENGINES.update(vars(engines)["_engines"])
    vars(engines)["_engines"].update(others)
