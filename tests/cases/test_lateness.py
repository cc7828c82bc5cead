"""A code that was lost, or pressed by mistake, and a ticket that counts for nothing: as it goes on the pages."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from selaras.cases import rows, tickets
from selaras.cases.facts import State, Void
from selaras.cases.keys import ShutError
from selaras.cases.models import Ticket
from selaras.cases.router import room
from selaras.cases.steps import Done, Step
from selaras.cases.tickets import Reason
from selaras.errors import InputError, Missing
from selaras.models import Role
from tests import build
from tests.cases.build import OTHER, ticket
from tests.cases.people import LOKUS, eka, places, signed_in

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FRONT = "/ruang/serahkan/"
TICKET = "/ruang/tiket/"


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def said(kept: Ticket) -> Any:
    return rows.unsealed(Ticket.objects.select_related("key").get(pk=kept.pk))


def test_who_pressed_by_mistake_takes_the_code_back_on_the_same_page() -> None:
    places()
    ani, press = build.member(Role.CADRE, f"{LOKUS}.RW03"), str(uuid4())
    client, other = signed_in(ani, second=False), signed_in(build.member(Role.CADRE, LOKUS), second=False)
    handed = client.post(FRONT, {"wilayah": LOKUS, "tekan": press}).content.decode()
    kept = Ticket.objects.get()
    assert ('name="batal"' in handed, press in handed) == (True, True)

    assert other.post(FRONT, {"tekan": press, "batal": "1"}).status_code == 422
    assert client.post(FRONT, {"tekan": str(uuid4()), "batal": "1"}).status_code == 422
    assert client.post(FRONT, {"tekan": "x", "batal": "1"}).status_code == 422
    assert said(kept).state() is State.OPEN
    back = client.post(FRONT, {"tekan": press, "batal": "1"})
    assert (back.status_code, "sudah dibatalkan" in back.content.decode()) == (200, True)
    assert (said(kept).state(), said(kept).void_by) == (State.VOID, str(ani.uuid))
    # Sent again by "Back" the dead code is told to nobody; the page has a press of its own, and so a code that counts.
    dead = client.post(FRONT, {"wilayah": LOKUS, "tekan": press})
    fresh = re.findall(r'name="tekan" value="([^"]+)"', dead.content.decode())
    assert (dead.status_code, Ticket.objects.count(), len(fresh), press in fresh) == (422, 1, 1, False)
    assert client.post(FRONT, {"wilayah": LOKUS, "tekan": fresh[0]}).status_code == 200
    again = client.post(FRONT, {"tekan": press, "batal": "1"})
    assert (again.status_code, "telepon UPTD PPA" in again.content.decode()) == (422, True)


def test_a_press_that_is_sent_again_for_another_kelurahan_does_not_show_the_code_of_the_first() -> None:
    places()
    ani, press = build.member(Role.CADRE, "36.72.05"), str(uuid4())
    code = tickets.hand_over(by=ani, place=LOKUS, press=press)
    with pytest.raises(InputError, match="tekan tombolnya sekali lagi"):
        tickets.hand_over(by=ani, place="36.72.05.1001", press=press)
    assert (tickets.hand_over(by=ani, place=LOKUS, press=press), Ticket.objects.count()) == (code, 1)


def test_a_code_that_an_officer_makes_is_marked_and_measured_by_nothing() -> None:
    places()
    officer, ani = eka(), build.member(Role.CADRE, LOKUS)
    codes = {who: tickets.hand_over(by=who, place=LOKUS, press=str(uuid4())) for who in (officer, ani)}
    inside = {who: said(Ticket.objects.get(code=code)).inside for who, code in codes.items()}
    client = signed_in(officer, reason=Reason.HANDLE)
    pages = [client.post(TICKET, {"buka": code}, follow=True).content.decode() for code in codes.values()]
    told = ["tidak masuk ukuran" in signed_in(who).get(FRONT).content.decode() for who in (officer, ani)]
    assert (inside, told) == ({officer: True, ani: False}, [True, False])
    assert ["oleh petugas sendiri" in page for page in pages] == [True, False]


def test_of_a_lost_code_the_new_one_is_named_and_nothing_is_late_for_ever() -> None:
    places()
    now = timezone.now()
    lost, used = ticket(ago=30 * HOUR, now=now), ticket(ago=28 * HOUR, now=now)
    elsewhere, third = ticket(ago=28 * HOUR, now=now, place=OTHER), ticket(ago=29 * HOUR, now=now)
    officer, before = eka(), said(lost)
    client = signed_in(officer, reason=Reason.HANDLE)

    def void(kept: Ticket, why: str, twin: str) -> Any:
        return client.post(TICKET, {"kode": kept.code, "langkah": "void", "why": why, "twin": twin})

    unknown = [void(lost, "twice", twin).content.decode() for twin in ("", "AAAABBBBCC", lost.code, elsewhere.code)]
    assert ["tiket yang satunya tidak dikenal" in text for text in unknown] == [True] * 4
    grouped = f"{used.code[:4]}-{used.code[4:8]}-{used.code[8:]}".lower()
    assert void(lost, "twice", grouped).status_code == 302
    assert (said(lost).state(), said(lost).twin) == (State.VOID, used.code)
    # The same code says nothing of a third ticket: two have to say so.
    assert void(third, "twice", used.code).status_code == 302
    assert (said(third).state(), said(third).void_waits, said(third).void) == (State.OPEN, True, Void.TWICE)
    assert "tidak cocok" in client.post(TICKET, {"kode": third.code, "langkah": "agree"}).content.decode()
    page = client.post(TICKET, {"buka": third.code}, follow=True).content.decode()
    assert ("Anda meminta tiket ini tidak dihitung" in page, 'value="agree"' in page) == (True, False)

    second = signed_in(eka(), reason=Reason.HANDLE)
    listed = second.get("/ruang/").content.decode()
    assert listed.count("diminta tidak dihitung") == 1
    page = second.post(TICKET, {"buka": third.code}, follow=True).content.decode()
    assert ("Petugas lain meminta tiket ini tidak dihitung" in page, 'value="agree"' in page) == (True, True)
    assert second.post(TICKET, {"kode": third.code, "langkah": "agree"}).status_code == 302
    assert [said(kept).state() for kept in (third, used)] == [State.VOID, State.OPEN]

    # It was another woman's code: hers counts again as if that had never been said, and is late again.
    mistaken = second.post(TICKET, {"buka": lost.code}, follow=True).content.decode()
    assert 'value="keep"' in mistaken
    assert second.post(TICKET, {"kode": lost.code, "langkah": "keep"}).status_code == 302
    assert said(lost) == before


def test_what_the_office_opened_and_two_left_out_by_a_slip_counts_again() -> None:
    places()
    officer, now = eka(), timezone.now()
    code = tickets.hand_over(by=officer, place=LOKUS, press=str(uuid4()), now=now)
    before = said(Ticket.objects.get())
    for by, done in (
        (officer, Done(Step.VOID, why=Void.MISTAKE)),
        (eka(), Done(Step.AGREE)),
        (officer, Done(Step.KEEP)),
    ):
        tickets.carry_on(by=by, code=code, done=done, reason=Reason.REVIEW, now=now)
    assert said(Ticket.objects.get()) == before


def test_a_ticket_that_is_done_and_asked_to_be_void_waits_still() -> None:
    places()
    now, officer = timezone.now(), eka()
    at = now - timedelta(days=200)
    moments = {"received_at": at, "followed_at": at + timedelta(days=90)}
    kept = ticket(ago=timedelta(days=200), now=now, must_pass=False, **moments)
    done = Done(Step.VOID, why=Void.MISTAKE)
    tickets.carry_on(by=officer, code=kept.code, done=done, reason=Reason.REVIEW, now=now)
    found = tickets.read_list(by=officer, reason=Reason.REVIEW, now=now)
    assert ([each.code for each in found], found[0].state) == ([kept.code], State.DONE)


def test_a_page_counts_down_and_says_what_is_not_answered() -> None:
    places()
    now = timezone.now()
    late = ticket(ago=80 * HOUR, now=now, received_at=now - 79 * HOUR)
    young = ticket(ago=80 * HOUR, now=now, received_at=now - 11 * HOUR - timedelta(minutes=30))
    client = signed_in(eka(), reason=Reason.CLOCKS)
    pages = [client.post(TICKET, {"buka": kept.code}, follow=True).content.decode() for kept in (late, young)]
    assert ["sudah dihitung wajib dan terlambat" in page for page in pages] == [True, False]
    assert ["lewat 7 jam" in page for page in pages] == [True, False]
    assert ["sisa 60 jam" in page for page in pages] == [False, True]


def test_no_code_is_told_of_a_ticket_that_could_not_be_written() -> None:
    places()
    ani = build.member(Role.CADRE, f"{LOKUS}.RW03")
    connection = connections[room()]
    refuse = "CREATE TRIGGER refuse BEFORE INSERT ON cases_entry BEGIN SELECT RAISE(ABORT, 'no'); END"
    if connection.vendor == "postgresql":
        refuse = "ALTER TABLE cases_entry ADD CONSTRAINT refuse CHECK (number < 0) NOT VALID"
    with connection.cursor() as cursor:
        cursor.execute(refuse)

    with pytest.raises(ShutError):
        tickets.hand_over(by=ani, place=LOKUS, press=str(uuid4()))
    said_503 = signed_in(ani, second=False).post(FRONT, {"wilayah": LOKUS, "tekan": str(uuid4())})
    assert (said_503.status_code, Ticket.objects.count()) == (503, 0)


def test_who_keeps_no_ticket_of_that_place_agrees_to_nothing() -> None:
    places()
    kept = ticket(void=Void.MISTAKE, void_waits=True, void_by=str(uuid4()))
    stranger = build.member(Role.PROTECTION, "36.73")
    with pytest.raises(Missing):
        tickets.carry_on(by=stranger, code=kept.code, done=Done(Step.AGREE), reason=Reason.HANDLE)
    with pytest.raises(InputError, match="tidak cocok"):
        tickets.carry_on(by=eka(), code=kept.code, done=Done(Step.VOID, why=Void.MISTAKE), reason=Reason.HANDLE)
