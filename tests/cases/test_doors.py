"""The matrix of the room: who × page, the second step, the purpose, the emergency of two, expiry, and the log."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import timedelta
from time import time
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from selaras.access import handing_places_for
from selaras.cases import breaking, rows, tickets
from selaras.cases.breaking import Emergency
from selaras.cases.facts import State, Void
from selaras.cases.models import Break, Entry, Ticket
from selaras.cases.tickets import Done, Reason, Step
from selaras.cases.web import gate
from selaras.errors import InputError, Missing
from selaras.models import AuditEntry, BrowserSession, Membership, Role, User
from selaras.web.accounts import MfaAdapter
from tests import build
from tests.cases.build import NUMBER, OTHER, ticket
from tests.cases.known import known, with_step
from tests.cases.people import CITY, LOKUS, eka, places, signed_in
from tests.second_step import code_for
from tests.web.doors.asking import brief
from tests.web.doors.forms import WORST

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ROOM = "/ruang/"


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def cast() -> dict[str, User]:
    """Dewi has no task; the administrator has given herself the officer's task too."""
    both = build.member(Role.ADMINISTRATOR)
    return {
        "administrator": build.member(Role.ADMINISTRATOR),
        "administrator_and_officer": build.member(Role.PROTECTION, CITY, user=both),
        "secretariat": with_step(build.member(Role.SECRETARIAT, CITY)),
        "leader": with_step(build.member(Role.LEADER, CITY)),
        "governor": build.member(Role.LEADER, "36"),
        "province": build.member(Role.PROVINCE, "36"),
        "lurah": build.member(Role.SUPERVISOR, LOKUS),
        "cadre": build.member(Role.CADRE, f"{LOKUS}.RW03"),
        "juror": build.member(Role.JUROR, CITY),
        "liaison": build.member(Role.LIAISON, agency=build.agency()),
        "officer": eka(),
        "officer_of_kecamatan": build.member(Role.PROTECTION, "36.72.05"),
        "officer_elsewhere": build.member(Role.PROTECTION, "36.73"),
        "dewi": build.user(),
    }


HERE = {"officer": 200, "officer_of_kecamatan": 200}
ENTER = {**HERE, "officer_elsewhere": 200}
FRONT = dict.fromkeys((*ENTER, "lurah", "cadre"), 200)
BREAKS = {**ENTER, "secretariat": 200, "leader": 200}
#: Who says whose second step an officer's is; above a city nobody does.
VOUCHES = BREAKS


def test_each_page_is_there_for_its_people_and_for_nobody_else() -> None:
    places()
    kept = ticket()
    people = cast()
    known(with_step(people["officer"]))
    asked = breaking.ask(by=people["secretariat"], code=kept.code, emergency=Emergency.DANGER)
    breaking.agree(by=people["leader"], break_id=asked)
    doors: dict[tuple[str, ...], dict[str, int]] = {
        ("get", ROOM): ENTER,
        ("get", f"{ROOM}tiket/"): dict.fromkeys(ENTER, 302),
        ("post", f"{ROOM}tiket/", "kode", kept.code): dict.fromkeys(HERE, 422),
        ("post", f"{ROOM}tiket/", "kode", "AAAA"): {},
        ("post", f"{ROOM}tiket/", "buka", kept.code): dict.fromkeys(ENTER, 302),
        ("get", f"{ROOM}tiket/", "of", kept.code): HERE,
        ("post", f"{ROOM}tiket/", "buka", "AAAA"): dict.fromkeys(ENTER, 302),
        ("get", f"{ROOM}tiket/", "of", "AAAA"): {},
        ("get", f"{ROOM}jejak/"): ENTER,
        ("get", f"{ROOM}serahkan/"): FRONT,
        ("post", f"{ROOM}serahkan/"): dict.fromkeys(FRONT, 422),
        ("get", f"{ROOM}berdua/"): BREAKS,
        ("get", f"{ROOM}petugas/"): VOUCHES,
        ("post", f"{ROOM}petugas/", "petugas", str(people["officer"].uuid)): {"secretariat": 422, "leader": 422},
        ("get", f"{ROOM}berdua/{asked}/"): {"secretariat": 200},
        ("post", f"{ROOM}berdua/{asked}/setujui/"): {"leader": 302, **dict.fromkeys(HERE, 302)},
        ("put", ROOM): dict.fromkeys(ENTER, 405),
        ("delete", f"{ROOM}tiket/"): dict.fromkeys(ENTER, 405),
        ("post", f"{ROOM}tutup/"): dict.fromkeys(ENTER, 302),
    }
    clients = {who: signed_in(user, reason=Reason.HANDLE) for who, user in people.items()}
    stranger = Client()
    entries = AuditEntry.objects.count()

    with brief():
        found = {
            door: {who: status for who, client in clients.items() if (status := ask(client, door).status_code) != 404}
            for door in doors
        }
    assert found == doors
    assert {ask(stranger, door).headers.get("Location", "").partition("?")[0] for door in doors} == {"/masuk/"}
    assert AuditEntry.objects.count() == entries


def ask(client: Client, door: tuple[str, ...]) -> Any:
    method, path, *field = door
    return getattr(client, method)(path, dict([field]) if field else None)


def opened(client: Client, code: str) -> Any:
    """The page of that ticket."""
    return client.post(f"{ROOM}tiket/", {"buka": code}, follow=True)


def test_a_page_leaves_nothing_in_a_browser_and_its_title_says_nothing() -> None:
    places()
    kept = ticket()
    client = signed_in(eka(), reason=Reason.HANDLE)
    opened(client, kept.code)
    for path in ("", "tiket/", "jejak/", "serahkan/", "berdua/"):
        response = client.get(f"{ROOM}{path}")
        title = response.content.decode().partition("<title>")[2].partition("</title>")[0].lower()

        assert "no-store" in response.headers["Cache-Control"]
        assert [word for word in ("kekerasan", "korban", "kdrt", "kasus", "ppa") if word in title] == []
        assert "data-leave" in response.content.decode()


def test_without_a_code_of_just_now_nothing_opens() -> None:
    officer = eka()
    none = signed_in(officer, second=False, reason=Reason.HANDLE).get(ROOM)
    old = signed_in(officer, code_at=time() - 31 * 60, reason=Reason.HANDLE)
    fresh = signed_in(officer, code_at=time() - 20 * 60, reason=Reason.HANDLE)

    assert (none.status_code, "/akun/keamanan/pasang/" in none.content.decode()) == (403, True)
    for answer in (old.get(ROOM), old.post(f"{ROOM}tiket/", {"buka": "AAAA"}), old.get(f"{ROOM}jejak/")):
        assert (answer.status_code, "Kode dari HP Anda" in answer.content.decode()) == (200, True)
    assert fresh.get(ROOM).status_code == 200
    assert [line.action for line in read_log()] == ["list"]


def read_log() -> list[rows.Line]:
    return rows.in_the_room(lambda: list(rows.lines()))()


def test_a_code_of_her_phone_opens_the_room() -> None:
    """As it goes in a browser: signed in with a password alone, a code set up, typed, and back to where she was."""
    officer, password = eka(), "kenanga-lumbung-9174"
    officer.set_password(password)
    officer.save()
    client = Client()
    client.post("/masuk/", {"login": officer.username, "password": password})
    assert client.get(ROOM).status_code == 403
    client.post("/akun/pastikan/", {"password": password})
    client.get("/akun/keamanan/pasang/")
    secret = client.session["mfa.totp.secret"]
    client.post("/akun/keamanan/pasang/", {"code": code_for(secret)})
    cache.clear()
    kept, used = session_row(officer), list(Authenticator.objects.values_list("last_used_at", flat=True))
    unknown = client.get(ROOM)
    assert (unknown.status_code, "Rekan Anda harus mengenali" in unknown.content.decode()) == (403, True)
    known(officer)
    asked = client.get(ROOM).content.decode()
    assert ("masuk-code" in asked, "masuk-lihat" in asked) == (True, True)
    wrong = client.post(ROOM, {"masuk-code": "000000", "masuk-lihat": "1"})
    assert (wrong.status_code, "masuk-code" in wrong.content.decode()) == (422, True)
    what_for = client.post(ROOM, {"masuk-code": code_for(secret), "masuk-lihat": "1"})
    assert (what_for.status_code, "masuk-keperluan" in what_for.content.decode()) == (200, True)
    answered = client.post(ROOM, {"masuk-keperluan": "clocks", "masuk-lihat": "1"})

    assert (answered.status_code, answered.headers["Location"]) == (302, ROOM)
    assert "Tidak ada yang menunggu" in client.get(ROOM).content.decode()
    # Who reads the main database does not learn that she was here.
    assert (session_row(officer), list(Authenticator.objects.values_list("last_used_at", flat=True))) == (kept, used)


def test_a_recovery_code_opens_nothing_of_the_room_and_writes_no_row() -> None:
    """It is struck off in the main database: whoever reads that would learn that she came."""
    officer, secret = eka(), "JBSWY3DPEHPK3PXP"
    TOTP.activate(officer, secret)
    paper = RecoveryCodes.activate(officer)
    codes = paper.get_unused_codes()
    signed = signed_in(officer, code_at=time() - 31 * 60, reason=Reason.HANDLE)
    typed = signed.post(ROOM, {"masuk-code": codes[0], "masuk-lihat": "1"})
    by_paper = signed_in(officer, reason=Reason.HANDLE)
    session = by_paper.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time(), "type": "recovery_codes"}]
    session.save()

    assert (typed.status_code, "Kode cadangan tidak membuka" in typed.content.decode()) == (422, True)
    assert "Kode dari HP Anda" in by_paper.get(ROOM).content.decode()
    assert RecoveryCodes.activate(officer).get_unused_codes() == codes
    assert signed.post(ROOM, {"masuk-code": code_for(secret), "masuk-lihat": "1"}).status_code == 302


def session_row(user: User) -> list[dict[str, Any]]:
    return list(BrowserSession.objects.filter(user=user).values())


def test_the_browsers_pass_is_of_one_person_and_one_sign_in_and_says_nothing() -> None:
    places()
    kept, officer = ticket(), eka()
    client = signed_in(officer, reason=Reason.HANDLE)
    assert opened(client, kept.code).status_code == 200
    cookie = client.cookies["ruang"]
    other, again, late = signed_in(eka()), signed_in(officer), signed_in(officer)
    value = gate.sealed(officer, late.session.session_key, gate.Pass(reason="handle", until=time() - 1))
    for browser, said in ((other, cookie.value), (again, cookie.value), (late, value), (late, "1.AAAA"), (late, "x")):
        browser.cookies["ruang"] = said
        assert "masuk-keperluan" in browser.get(ROOM).content.decode()

    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (ROOM, True, "Strict")
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert [word for word in (kept.code, "handle") if word.encode() in urlsafe_b64decode(cookie.value[2:])] == []
    client.post(f"{ROOM}tutup/")
    assert "masuk-keperluan" in client.get(ROOM).content.decode()


def test_of_the_room_no_row_says_when_a_browser_was_used_and_no_address_says_of_which_ticket() -> None:
    places()
    kept, officer, cadre = ticket(ago=DAY), eka(), build.member(Role.CADRE, f"{LOKUS}.RW03")
    browsers = {officer: signed_in(officer), cadre: signed_in(cadre, second=False)}
    for browser in browsers.values():
        session = browser.session
        session["seen"] = (timezone.now() - DAY).isoformat()
        session.save()
    before = {user.pk: session_row(user) for user in browsers}
    client = browsers[officer]
    client.post(ROOM, {"masuk-keperluan": "clocks", "masuk-lihat": "1"})
    asked = [client.get(ROOM), opened(client, kept.code), client.get(f"{ROOM}jejak/")]
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    done = {"kode": kept.code, "langkah": "receive", "at": at, "wajib": "ya"}
    asked.append(client.post(f"{ROOM}tiket/", done, follow=True))
    browsers[cadre].post(f"{ROOM}serahkan/", {"wilayah": LOKUS, "tekan": str(uuid4())})

    assert [answer.status_code for answer in asked] == [200] * 4
    assert {user.pk: session_row(user) for user in browsers} == before
    paths = [answer.request["PATH_INFO"] + answer.request["QUERY_STRING"] for answer in asked]
    links = re.findall(r'(?:href|action|src)="([^"]*)"', "".join(answer.content.decode() for answer in asked))
    assert [path for path in (*paths, *links) if kept.code in path.upper()] == []


def test_what_was_typed_outlives_the_code_the_purpose_and_too_many() -> None:
    places()
    kept, officer = ticket(ago=DAY), eka()
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    said = {"kode": kept.code, "langkah": "receive", "at": at, "wajib": "tidak", "simfoni": NUMBER}
    client = signed_in(officer, code_at=time() - 31 * 60)
    Authenticator.objects.update(data={"secret": MfaAdapter().encrypt("JBSWY3DPEHPK3PXP")})

    def sent(page: Any, **more: str) -> Any:
        form = page.content.decode().partition('<form class="card')[2]
        carried = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
        del carried["csrfmiddlewaretoken"]
        assert carried == said
        return client.post(page.request["PATH_INFO"], {**carried, **more})

    asked = client.post(f"{ROOM}tiket/", said)
    what_for = sent(asked, **{"masuk-code": code_for("JBSWY3DPEHPK3PXP")})
    done = sent(what_for, **{"masuk-keperluan": "handle"})
    assert (done.status_code, done.headers["Location"]) == (302, f"{ROOM}tiket/")
    assert rows.unsealed(Ticket.objects.select_related("key").get()).simfoni == NUMBER
    with override_settings(ACCOUNT_RATE_LIMITS={"ruang": "1/h/user"}):
        cache.clear()
        said = {"kode": kept.code, "langkah": "number", "simfoni": "418/PPA/2026"}
        client.get(ROOM)
        refused = client.post(f"{ROOM}tiket/", said)
        assert refused.status_code == 429
        cache.clear()
        assert sent(refused).status_code == 302


def test_nothing_is_read_without_a_purpose_and_each_reading_is_in_the_log() -> None:
    places()
    kept, officer = ticket(), eka()
    client = signed_in(officer)

    for page in (client.get(f"{ROOM}tiket/"), client.get(f"{ROOM}jejak/"), client.get(ROOM)):
        assert ("masuk-keperluan" in page.content.decode(), kept.code in page.content.decode()) == (True, False)
    assert "Nomor SIMFONI PPA" not in opened(client, kept.code).content.decode()
    assert Entry.objects.count() == 0
    assert client.post(ROOM, {"masuk-keperluan": "curious"}).status_code == 422
    assert client.post(ROOM, {"masuk-keperluan": "clocks", "masuk-lihat": "1"}).headers["Location"] == ROOM
    assert kept.code in client.get(ROOM).content.decode()
    assert opened(client, kept.code.lower()).status_code == 200
    log = client.get(f"{ROOM}jejak/").content.decode()

    seen = [(line.action, line.purpose, line.about, line.who) for line in reversed(read_log())]
    me = str(officer.uuid)
    assert seen == [
        ("list", "clocks", "", me),
        ("read", "clocks", kept.code, me),
        ("trail", "clocks", "", me),
    ]
    assert ("Memeriksa tenggat" in log, "Rantai catatan utuh" in log) == (True, True)


def test_the_front_line_gets_a_code_and_pressing_twice_is_one_ticket() -> None:
    places()
    ani = build.member(Role.CADRE, f"{LOKUS}.RW03")
    client, press = signed_in(ani, second=False), str(uuid4())
    page = client.get(f"{ROOM}serahkan/").content.decode()
    first = client.post(f"{ROOM}serahkan/", {"wilayah": LOKUS, "tekan": press}).content.decode()
    again = client.post(f"{ROOM}serahkan/", {"wilayah": LOKUS, "tekan": press}).content.decode()
    kept = Ticket.objects.get()
    shown = "-".join([kept.code[:4], kept.code[4:8], kept.code[8:]])

    assert (shown in first, shown in again, shown in page) == (True, True, False)
    assert "<textarea" not in page
    assert page.count("<input") - page.count('type="hidden"') == 0
    assert client.post(f"{ROOM}serahkan/", {"wilayah": OTHER, "tekan": press}).status_code == 422
    assert client.post(f"{ROOM}serahkan/", {"wilayah": LOKUS, "tekan": "1"}).status_code == 422
    assert [line.action for line in read_log()] == ["hand_over"]
    facts = rows.unsealed(kept)
    assert (facts.place, facts.opened_by, facts.state()) == (LOKUS, str(ani.uuid), State.OPEN)


def test_one_hands_over_out_of_ones_own_kelurahan_only() -> None:
    places()
    build.place("36.73.01.1001")
    people = cast()
    found = {who: sorted(handing_places_for(user).values_list("code", flat=True)) for who, user in people.items()}
    two = [OTHER, LOKUS]

    assert {who: codes for who, codes in found.items() if codes} == {
        "lurah": [LOKUS],
        "cadre": [LOKUS],
        "officer": two,
        "officer_of_kecamatan": two,
        "officer_elsewhere": ["36.73.01.1001"],
    }


def test_a_ticket_is_carried_on_step_by_step_and_says_only_what_it_may() -> None:
    places()
    officer, now = eka(), timezone.now()
    kept = ticket(ago=100 * DAY)

    def do(step: Step, **said: Any) -> State:
        moment = said.pop("now", now)
        tickets.carry_on(by=officer, code=kept.code, done=Done(step, **said), reason=Reason.HANDLE, now=moment)
        return rows.unsealed(Ticket.objects.select_related("key").get()).state()

    received = now - 100 * DAY + HOUR
    for number in ("3672051234567890", "081234567890", "anak ibu Sari", "-", "36 7205 1234 5678 90"):
        with pytest.raises(InputError, match="bukan nomor SIMFONI"):
            do(Step.RECEIVE, at=received, simfoni=number, now=received)
    for moment in (None, now + MINUTE, now - 101 * DAY):
        with pytest.raises(InputError, match="waktunya kosong"):
            do(Step.RECEIVE, at=moment)
    with pytest.raises(InputError, match="tidak cocok"):
        do(Step.FOLLOW_UP, at=now)
    assert do(Step.RECEIVE, at=received, simfoni="417/ppa/2026", now=received) is State.RECEIVED
    with pytest.raises(InputError, match="wajib diteruskan"):
        do(Step.LAW)
    assert do(Step.LAW, must_pass=True) is State.HAND_ON
    assert do(Step.HAND_ON, at=received + DAY, now=received + DAY) is State.FOLLOW_UP
    with pytest.raises(InputError, match="75 hari"):
        do(Step.FOLLOW_UP, at=received + 20 * DAY, now=received + 20 * DAY)
    assert do(Step.FOLLOW_UP, at=now - DAY) is State.DONE
    assert do(Step.NUMBER, simfoni="418/PPA/2026") is State.DONE
    assert [line.more.get("before") for line in read_log() if line.action == "number"] == [NUMBER]
    with pytest.raises(InputError, match="alasannya"):
        do(Step.VOID)
    with pytest.raises(InputError, match="tiket yang satunya"):
        do(Step.VOID, why=Void.TWICE, twin=kept.code)
    assert do(Step.VOID, why=Void.MISTAKE) is State.DONE
    with pytest.raises(InputError, match="tidak cocok"):
        do(Step.AGREE)
    assert do(Step.KEEP) is State.DONE
    assert do(Step.VOID, why=Void.MISTAKE) is State.DONE
    officer = eka()
    assert do(Step.AGREE) is State.VOID
    with pytest.raises(Missing):
        tickets.read_ticket(by=build.member(Role.PROTECTION, "36.73"), code=kept.code, reason=Reason.HANDLE)


def test_a_step_on_the_page_is_told_what_is_wrong_and_keeps_what_was_typed() -> None:
    places()
    kept = ticket(ago=DAY)
    client = signed_in(eka(), reason=Reason.HANDLE)
    at = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    url = f"{ROOM}tiket/"
    wrong = client.post(
        url, {"kode": kept.code, "langkah": "receive", "at": at, "simfoni": "3672051234567890", "wajib": "ya"}
    )
    right = client.post(url, {"kode": kept.code, "langkah": "receive", "at": at, "simfoni": NUMBER, "wajib": "tidak"})

    assert (wrong.status_code, "3672051234567890" in wrong.content.decode()) == (422, True)
    assert "bukan NIK" in wrong.content.decode()
    assert (right.status_code, right.headers["Location"]) == (302, url)
    assert rows.unsealed(Ticket.objects.select_related("key").get()).state() is State.FOLLOW_UP
    assert NUMBER in client.get(url).content.decode()


def test_whatever_is_typed_into_a_form_of_the_room_is_answered_and_changes_nothing() -> None:
    places()
    kept = ticket(ago=DAY)
    officer = signed_in(eka(), reason=Reason.HANDLE)
    secretary = signed_in(build.member(Role.SECRETARIAT, CITY))
    found = set()
    for value in (*WORST[::2], "<b>"):
        said = dict.fromkeys(("langkah", "at", "simfoni", "wajib", "why", "keperluan", "kode", "alasan"), value)
        url, said["kode"] = f"{ROOM}tiket/", kept.code
        found |= {
            officer.post(url, said).status_code,
            officer.post(url, {**said, "langkah": "receive"}).status_code,
            officer.post(url, {**said, "langkah": "void", "why": "twice", "twin": value}).status_code,
            officer.post(f"{ROOM}serahkan/", {"tekan": value, "batal": value}).status_code,
            signed_in(eka()).post(ROOM, {f"masuk-{name}": value for name in ("keperluan", "code")}).status_code,
        }
        cache.clear()
        found |= {secretary.post(f"{ROOM}berdua/", {**said, "kode": value}).status_code}

    assert (found, Break.objects.count()) == ({422}, 0)
    assert rows.unsealed(Ticket.objects.select_related("key").get()).state() is State.OPEN


def test_whose_task_has_ended_finds_nothing() -> None:
    places()
    kept, officer = ticket(), eka()
    client = signed_in(officer, reason=Reason.HANDLE)
    assert opened(client, kept.code).status_code == 200
    Membership.objects.filter(user=officer).update(ends=timezone.now())

    assert {client.get(f"{ROOM}{path}").status_code for path in ("", "tiket/", "jejak/")} == {404}


def test_too_many_codes_too_fast_are_refused() -> None:
    places()
    client = signed_in(build.member(Role.CADRE, LOKUS), second=False)
    for _ in range(20):
        client.post(f"{ROOM}serahkan/", {"wilayah": LOKUS, "tekan": str(uuid4())})

    assert client.post(f"{ROOM}serahkan/", {"wilayah": LOKUS, "tekan": str(uuid4())}).status_code == 429
    assert Ticket.objects.count() == 20


def test_a_room_without_its_key_says_so_and_the_rest_goes_on() -> None:
    places()
    kept, officer = ticket(), eka()
    client = signed_in(officer, reason=Reason.HANDLE)
    opened(client, kept.code)
    pages = ("", "jejak/")
    for key in (
        "",
        "1:" + "bm90LXRoaXMtbm90LXRoaXMtbm90LXRoaXMtbm90LXQ=",
        "2:" + "bm90LXRoaXMtbm90LXRoaXMtbm90LXRoaXMtbm90LXQ=",
    ):
        with override_settings(SELARAS_CASES_KEY=key):
            browser = signed_in(officer, reason=Reason.HANDLE) if key else client
            client.post(f"{ROOM}serahkan/", {"wilayah": LOKUS, "tekan": str(uuid4())})
            found = {path: browser.get(f"{ROOM}{path}").status_code for path in pages}
            found["tiket/"] = opened(browser, kept.code).status_code
            said = client.post(f"{ROOM}serahkan/", {"wilayah": LOKUS, "tekan": str(uuid4())})
            elsewhere = client.get("/akun/").status_code

        assert (found, said.status_code, elsewhere) == (dict.fromkeys(found, 503), 503, 200)
        assert "Telepon UPTD PPA langsung" in said.content.decode()
    assert (client.get(f"{ROOM}tiket/").status_code, Ticket.objects.count(), Break.objects.count()) == (
        200,
        1,
        0,
    )
