"""Two databases that differ in one ticket of the locked room: what each person is answered in both.

The clock stands still wherever it is read, and chance is drawn from one seed a request: so whole answers are compared,
byte by byte, drawn files too, and nothing of them has to be left out.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import time
from typing import Any
from uuid import UUID

import time_machine
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from selaras.access import API_SCOPES
from selaras.actions.tokens import make_token
from selaras.cases.models import Break, Ticket
from selaras.cases.web import gate
from selaras.models import Membership, User
from tests.cases.build import NUMBER, PLACE
from tests.cases.known import with_step
from tests.cases.people import signed_in
from tests.chance import chance
from tests.web.doors.forms import Form, whole
from tests.web.doors.table import NOT_SO, TABLE
from tests.web.doors.world import CAST, OWN, World

#: Numbered by Django itself, in one process.
_SAVEPOINT = re.compile(r'"?s\d+_x\d+"?')
NOBODY = "00000000-0000-4000-8000-000000000000"
#: The room's own doors are not outside of it.
OUTSIDE = tuple(name for name in TABLE if not name.startswith("cases:"))
#: What is otherwise in the other world, while it is asked.
Other = Callable[[], AbstractContextManager[object]]
#: How long a browser was signed in when its owner hands something over: its session would be noted anew by then.
LATER = timedelta(minutes=20)
#: The officer's second step.
SECRET = "JBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class Call:
    """One request: at which door, in which area, or where else."""

    name: str
    method: str
    area: str
    address: str
    data: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Answer:
    """Headers, cookies and body in one; the statements that the database was sent; lines of the server's log."""

    status: int
    body: bytes
    asked: tuple[str, ...]
    written: tuple[str, ...]


class Listener:
    """The statements that a request sends to the database."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        self.asked.append(_SAVEPOINT.sub("s", sql))
        return execute(sql, *given)


class Asking:
    """Asks doors as each of the cast would: with her browser, at the doors of programs with a token of hers, at those
    of phones with the phone of the area's helper."""

    def __init__(self, planted: World) -> None:
        self.planted = planted
        self.phones = {area: here.programme.lokus.area for area, here in planted.areas.items()}
        self.tokens = {
            who: make_token(by=user, name="uji", scopes=tuple(API_SCOPES), days=30)[1]
            for who, user in planted.people.items()
            if who not in ("idle", "ended")
        }
        self.sequences = sequences()

    def calls(self, area: str = OWN) -> tuple[Call, ...]:
        """Every door outside the room by each way in that it has."""
        return tuple(
            Call(name, method, area, self.address(name, area), TABLE[name].data if method == "POST" else {})
            for name in OUTSIDE
            for method, rule in (("GET", TABLE[name].get), ("POST", TABLE[name].post))
            if rule is not NOT_SO
        )

    def address(self, name: str, area: str) -> str:
        address = self.planted.address(name, area)
        return address.replace(NOBODY, self.phones[area], 1) if name.startswith("odk_") else address

    def answers(self, who: str, calls: Sequence[Call]) -> dict[Call, Answer]:
        """What she is answered by each; what a request changes is undone before the next."""
        with transaction.atomic():
            with chance(who):
                client = self.planted.client(who)
            cookies = client.cookies.output().replace("Set-Cookie: ", "")
            found = {}
            for call in calls:
                client.cookies.clear()
                client.cookies.load(cookies)
                cache.clear()
                found[call] = self._answer(who, client, call)
            transaction.set_rollback(True)
        return found

    def _answer(self, who: str, client: Client, call: Call) -> Answer:
        headers = {}
        if call.name.startswith("api") and who in self.tokens:
            headers["authorization"] = f"Bearer {self.tokens[who]}"
        with transaction.atomic(), heard(f"{who} {call}", self.sequences) as (asked, lines):
            send = client.post if call.method == "POST" else client.get
            response = send(call.address, call.data or None, headers=headers)
            body = b"".join(response) if response.streaming else response.content
            transaction.set_rollback(True)
        head = "\n".join(f"{key}: {value}" for key, value in sorted(response.items()))
        cookies = response.cookies.output()
        return Answer(response.status_code, f"{head}\n{cookies}\n\n".encode() + body, tuple(asked), tuple(lines))


def as_call(form: Form) -> Call:
    """A form of a page, sent as it stands there."""
    return Call(form.door, "POST", "", form.action, whole(form))


# --- what stands still, and what is heard -----------------------------------------------------------------------------
@contextmanager
def one_moment() -> Iterator[time_machine.Traveller]:
    """The clock stands still until it is moved on."""
    with time_machine.travel(datetime.now().astimezone(), tick=False) as clock:
        yield clock


@contextmanager
def heard(seed: str, sequences: dict[str, int]) -> Iterator[tuple[list[str], list[str]]]:
    """(statements, lines of the log) of what is done inside, with chance and the database's numbers as before."""
    begin_from(sequences)
    with chance(seed), written() as lines, connection.execute_wrapper(listener := Listener()):
        yield listener.asked, lines


@contextmanager
def written() -> Iterator[list[str]]:
    """The lines of the server's log, its own and those of its libraries, before anything is hidden in them."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(f"{record.levelname} {record.name} {record.getMessage()}")  # type: ignore[method-assign]
    # Ours do not reach the root.
    loggers = (logging.getLogger(), logging.getLogger("selaras"))
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield lines
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


def sequences() -> dict[str, int]:
    """PostgreSQL's next numbers outside of the room: a transaction that is undone does not give them back; else {}."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, coalesce(last_value, 1) + 1000 FROM pg_sequences WHERE sequencename NOT LIKE %s",
            ["cases_%"],
        )
        return dict(cursor.fetchall())


def begin_from(numbers: dict[str, int]) -> None:
    """Count on from there."""
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(quote_ident(name)::regclass, number)"
                " FROM unnest(%s::text[], %s::bigint[]) AS each(name, number)",
                [list(numbers), list(numbers.values())],
            )


def main_tables() -> dict[str, list[str]]:
    """Every row of every table that is not the room's."""
    room = {model._meta.db_table for model in apps.get_app_config("cases").get_models()}
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - room):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


# --- the ticket -------------------------------------------------------------------------------------------------------
class Hour:
    """A cadre and an officer who signed in some minutes ago, and what they may do now."""

    def __init__(self, planted: World, clock: time_machine.Traveller) -> None:
        self.room = planted.address("cases:room")
        with chance("hour"):
            self.cadre = planted.client("cadre")
            TOTP.activate(planted.people["protection"], SECRET)
            # What she typed when she signed in opens the room no more.
            self.officer = signed_in(planted.people["protection"], code_at=time() - gate.FRESH)
            self.signed_in = deepcopy(self.officer.cookies)
        clock.shift(LATER)

    @contextmanager
    def ticket(self) -> Iterator[None]:
        """A world in which all this was done."""
        self.one_ticket_more()
        yield

    def one_ticket_more(self) -> None:
        """The cadre opens the page and presses the button; the officer types a code, says what for, reads, receives."""
        address = f"{self.room}serahkan/"
        self.officer.cookies = deepcopy(self.signed_in)  # of an earlier world she has no pass
        with chance("ticket"):
            pressed = {"tekan": str(UUID(int=7)), "wilayah": PLACE}
            assert (self.cadre.get(address).status_code, self.cadre.post(address, pressed).status_code) == (200, 200)
            code, at = Ticket.objects.get().code, timezone.localtime().strftime("%Y-%m-%dT%H:%M")
            cache.clear()  # a code opens once; here it is typed in many worlds at one moment
            code_now = format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))
            typed = self.officer.post(self.room, {"masuk-code": code_now, "masuk-lihat": "1"})
            self.officer.post(self.room, {"masuk-keperluan": "handle", "masuk-lihat": "1"})
            read = self.officer.post(f"{self.room}tiket/", {"buka": code}, follow=True)
            said = {"kode": code, "langkah": "receive", "at": at, "wajib": "ya", "simfoni": NUMBER}
            received = self.officer.post(f"{self.room}tiket/", said)
            self.officer.get(f"{self.room}jejak/")
        assert (typed.status_code, read.status_code, received.status_code) == (200, 200, 302)


class Emergency:
    """The secretary and the leader of the city, who signed in before that hour began, and may open one ticket.

    Made before `Hour`, which lets the time go on.
    """

    def __init__(self, planted: World) -> None:
        self.address = f"{planted.address('cases:room')}berdua/"
        pair = [with_step(User.objects.get(pk=planted.people[who].pk)) for who in ("secretariat", "leader")]
        Membership.objects.filter(user__in=pair).update(starts=timezone.now() - timedelta(days=30))
        with chance("emergency"):
            self.secretary, self.leader = (signed_in(user) for user in pair)

    @contextmanager
    def opened(self) -> Iterator[None]:
        """A world in which all this was done."""
        self.one_emergency_more()
        yield

    def one_emergency_more(self) -> None:
        """One asks for the ticket that is there, the other agrees, the first reads it."""
        with chance("opened"):
            said = {"kode": Ticket.objects.get().code, "alasan": "danger"}
            asked = self.secretary.post(self.address, said)
            where = f"{self.address}{Break.objects.get().pk}/"
            agreed = self.leader.post(f"{where}setujui/")
            read = self.secretary.get(where)
        assert (asked.status_code, agreed.status_code, read.status_code) == (302, 302, 200)
        assert Break.objects.count() == 1


# --- what differs -----------------------------------------------------------------------------------------------------
def compared(asking: Asking, calls: Mapping[str, Sequence[Call]], other: Other) -> list[str]:
    """Each answer that is another in the `other` world: everybody asks in both, in one process.

    What that remembers once it was asked it may leave out the second time: whatever differs is asked in both again.
    """
    before = {who: asking.answers(who, each) for who, each in calls.items()}
    after, left = _with(asking, calls, other), {}
    for who, each in calls.items():
        if again := [call for call in each if before[who][call] != after[who][call]]:
            left[who] = again
    if not left:
        return []
    before = {who: asking.answers(who, each) for who, each in left.items()}
    after = _with(asking, left, other)
    return [
        f"{who} {call.method} {call.name}: {_first_difference(before[who][call], after[who][call])}"
        for who, each in left.items()
        for call in each
        if before[who][call] != after[who][call]
    ]


def _with(asking: Asking, calls: Mapping[str, Sequence[Call]], other: Other) -> dict[str, dict[Call, Answer]]:
    with transaction.atomic(), other():
        found = {who: asking.answers(who, each) for who, each in calls.items()}
        transaction.set_rollback(True)
    return found


def _first_difference(one: Answer, other: Answer) -> str:
    for name, these, those in (
        ("status", [one.status], [other.status]),
        ("body", one.body.splitlines(), other.body.splitlines()),
        ("statements", one.asked, other.asked),
        ("log", one.written, other.written),
    ):
        if these == those:
            continue
        first = next((f"{str(a)[:300]} | {str(b)[:300]}" for a, b in zip(these, those, strict=False) if a != b), "")
        return f"{name}, {len(these)} and {len(those)}: {first}"
    return ""


def by_turns(calls: Sequence[Call], every: int) -> dict[str, Sequence[Call]]:
    """Each of the cast at one of so many calls, so that each is made by several of them."""
    return {who: calls[turn % every :: every] for turn, who in enumerate(CAST)}
