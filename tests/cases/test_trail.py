"""The room's log: what it says of a ticket goes with it, nobody drowns it, and what was refused stands in it."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings
from django.utils import timezone

from selaras.cases import breaking, counts, keeping, rows, tickets, trail
from selaras.cases.breaking import Emergency
from selaras.cases.models import Break, Entry, Purpose, RoomKey
from selaras.cases.steps import Done, Step
from selaras.cases.tickets import Reason
from selaras.errors import InputError, Missing
from selaras.models import Role, User
from tests import build
from tests.cases.build import NUMBER, OTHER, PLACE, ticket
from tests.cases.people import CITY, LOKUS, eka, places, signed_in

pytestmark = pytest.mark.django_db
DAY, YEARS = timedelta(days=1), timedelta(days=731)


def read(user: User, **said: Any) -> list[tuple[str, str]]:
    found = trail.read_trail(by=user, reason=Reason.REVIEW, **said)
    return [(each.line.action, each.line.about) for each in found.told if each.line.action != "trail"]


def test_with_a_ticket_goes_what_the_log_says_of_it_and_the_chain_stays_whole() -> None:
    places()
    ani, officer, now = build.member(Role.CADRE, f"{LOKUS}.RW03"), eka(), timezone.now()
    then = now - YEARS
    code = tickets.hand_over(by=ani, place=PLACE, press=str(UUID(int=7)), now=then)
    for step in (
        Done(Step.RECEIVE, at=then + DAY, simfoni=NUMBER, must_pass=False),
        Done(Step.NUMBER, simfoni="418/PPA/2026"),
    ):
        tickets.carry_on(by=officer, code=code, done=step, reason=Reason.HANDLE, now=then + DAY)
    tickets.read_ticket(by=officer, code=code, reason=Reason.ASKED, now=now - 2 * DAY)
    young = tickets.hand_over(by=ani, place=PLACE, press=str(UUID(int=8)), now=now)
    whole = [line.action for line in rows.lines()]
    assert keeping.destroy_due(now=now) == 1

    log = RoomKey.only(Purpose.LOG)
    said = [json.dumps(log.unseal(entry.sealed, f"entry {entry.number}")) for entry in Entry.objects.order_by("number")]
    hidden = (code, PLACE, NUMBER, "418/PPA", str(ani.uuid), then.isoformat()[:13])
    assert [word for word in hidden if word in " ".join(said)] == []
    assert whole == ["hand_over", "read", "number", "receive", "hand_over"]
    lines = list(rows.lines())
    assert [(line.action, line.who, line.about, line.gone) for line in lines] == [
        ("destroy", "", "", False),
        ("hand_over", str(ani.uuid), young, False),
        ("read", str(officer.uuid), "", True),
        ("number", str(officer.uuid), "", True),
        ("receive", str(officer.uuid), "", True),
        ("", "", "", True),
    ]
    assert (rows.broken_links(), {len(bytes(entry.sealed)) for entry in Entry.objects.all()}) == ([], {1053})
    assert timezone.localdate(lines[-1].at) == timezone.localdate(then)
    # It is a sum still, and officers see that somebody read something.
    assert counts.total(counts.cells(CITY, timezone.localdate(then), timezone.localdate(now)) or ()).handed_over == 2
    page = signed_in(officer, reason=Reason.REVIEW).get("/ruang/jejak/").content.decode()
    assert (page.count("sudah dihapus"), "catatan tentang tiket yang sudah dihapus" in page) == (5, True)


def test_an_emergency_of_a_destroyed_ticket_goes_with_it() -> None:
    places()
    officer, now = build.member(Role.PROTECTION, CITY), timezone.now()
    kept = [ticket(ago=YEARS, now=now), ticket(ago=DAY, now=now)]
    for each in kept:
        row = Break(key=RoomKey.fresh(Purpose.BREAK), asked_on=timezone.localdate(now - DAY))
        breaking._write(row, breaking.Asked(row.id, each.code, PLACE, Emergency.DANGER, "", now - DAY))
    assert len(breaking.seen_by(officer, now=now)) == 2
    assert keeping.destroy_due(now=now) == 1

    log = RoomKey.only(Purpose.LOG)
    said = " ".join(json.dumps(log.unseal(each.sealed, f"entry {each.number}")) for each in Entry.objects.all())
    assert ("breaks" in said, PLACE in said) == (True, False)
    assert [breaking.Asked.of(row).code for row in Break.objects.select_related("key")] == [kept[1].code]
    assert RoomKey.objects.filter(purpose=Purpose.BREAK).count() == 1


def test_no_number_of_readings_hides_one_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a busy city nor whoever loads the page again and again."""
    places()
    mine, theirs = eka(), build.member(Role.PROTECTION, "36.73")
    kept, now = ticket(), timezone.now().replace(minute=30)
    monkeypatch.setattr(trail, "PAGE", 3)
    nosy = eka()
    tickets.read_ticket(by=nosy, code=kept.code, reason=Reason.HANDLE, now=now - 3 * DAY)
    for minute in range(6):
        tickets.read_list(by=theirs, reason=Reason.CLOCKS, now=now)
        tickets.read_list(by=nosy, reason=Reason.CLOCKS, now=now + timedelta(minutes=minute))
        trail.read_trail(by=nosy, reason=Reason.CLOCKS, now=now + timedelta(minutes=minute))
        trail.read_trail(by=nosy, reason=Reason.CLOCKS, now=now + timedelta(minutes=minute))

    first = trail.read_trail(by=mine, reason=Reason.REVIEW)
    assert [(each.line.action, each.line.who, each.times) for each in first.told] == [
        ("trail", str(mine.uuid), 1),
        ("trail", str(nosy.uuid), 6),
        ("list", str(nosy.uuid), 6),
    ]
    second = trail.read_trail(by=mine, reason=Reason.REVIEW, before=first.older)
    found = [(each.line.action, each.line.about, each.times, each.first) for each in second.told]
    assert found == [("read", kept.code, 1, now - 3 * DAY)]
    assert (second.older, len([line for line in rows.lines() if line.who == str(mine.uuid)])) == (None, 1)
    monkeypatch.setattr(trail, "LOOKED_THROUGH", 3)
    seen, before = set(), None
    while True:
        page = trail.read_trail(by=mine, reason=Reason.REVIEW, before=before)
        seen |= {each.line.action for each in page.told}
        if (before := page.older) is None:
            break
    assert seen == {"trail", "list", "read"}


def test_who_reads_around_a_kecamatan_is_seen_there_and_what_was_refused_is_seen_on_both_sides() -> None:
    places()
    city, kecamatan = eka(), build.member(Role.PROTECTION, "36.72.05")
    elsewhere = build.member(Role.PROTECTION, "36.73")
    kept = ticket()
    tickets.read_list(by=city, reason=Reason.CLOCKS)
    for code in (kept.code.lower(), "AAAABBBBCC"):
        with pytest.raises(Missing):
            tickets.read_ticket(by=elsewhere, code=code, reason=Reason.HANDLE)
    done = Done(Step.RECEIVE, at=timezone.now(), must_pass=True)
    with pytest.raises(Missing):
        tickets.carry_on(by=elsewhere, code=kept.code, done=done, reason=Reason.HANDLE)
    with pytest.raises(InputError):
        tickets.carry_on(by=city, code=kept.code, done=Done(Step.FOLLOW_UP), reason=Reason.HANDLE)

    assert read(kecamatan) == [("refused", kept.code), ("list", "")]
    # Hers say what was refused, and do not tell which of the codes is one.
    assert read(elsewhere) == [("refused", "")]
    assert [line.action for line in rows.lines()].count("refused") == 3
    assert tickets.read_ticket(by=city, code=kept.code, reason=Reason.HANDLE).facts.received_at is None


def test_who_keeps_one_kelurahan_reads_nothing_of_a_hand_over_in_the_next() -> None:
    """Neither that there was one, nor which cadre it was or that somebody read it."""
    places()
    ani, city, now = build.member(Role.CADRE, f"{LOKUS}.RW03"), eka(), timezone.now()
    here, beside = build.member(Role.PROTECTION, PLACE), build.member(Role.PROTECTION, OTHER)
    code = tickets.hand_over(by=ani, place=PLACE, press=str(UUID(int=7)), now=now - YEARS)
    tickets.read_ticket(by=here, code=code, reason=Reason.HANDLE)
    tickets.read_ticket(by=city, code=code, reason=Reason.HANDLE)
    assert read(beside) == []
    assert read(here) == read(city) == [("read", code), ("read", code), ("hand_over", code)]
    # That somebody looked at emergencies tells that there is one somewhere in the city.
    rows.in_the_room(rows.note)(who=str(here.uuid), action="breaks", places=(CITY,), breaks=1)
    assert [line[0] for each in (beside, here, city) for line in read(each)[:1]] == ["breaks", "breaks"]
    # Once it is gone nobody can tell any more where it was.
    keeping.destroy_due()
    gone = [("read", ""), ("read", ""), ("", "")]
    assert read(beside) == [("destroy", ""), *gone]
    assert read(here) == read(city) == [("destroy", ""), ("breaks", ""), *gone]


def test_older_pages_are_read_by_their_number_and_are_limited() -> None:
    places()
    kept, officer = ticket(place=OTHER), eka()
    for day in range(60):
        rows.in_the_room(rows.note)(
            who=str(officer.uuid), action="read", purpose="handle", about=kept.code, place=OTHER,
            now=timezone.now() - (60 - day) * DAY,
        )  # fmt: skip
    client = signed_in(officer, reason=Reason.REVIEW)
    newest = client.get("/ruang/jejak/").content.decode()
    older = client.get("/ruang/jejak/?sebelum=12").content.decode()
    assert ("sebelum=12" in newest, newest.count("<tr>"), older.count("<tr>")) == (True, 51, 12)
    assert [client.get(f"/ruang/jejak/?sebelum={text}").status_code for text in ("x", "-1", "9" * 40)] == [200] * 3
    with override_settings(ACCOUNT_RATE_LIMITS={"ruang": "1/h/user"}):
        found = [client.get("/ruang/jejak/").status_code for _ in range(2)]
    assert found[-1] == 429
