"""An emergency: two people, both long here, both really two, and always a third who learns of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from selaras.actions import people as actions
from selaras.cases import breaking, rows
from selaras.cases.breaking import Emergency
from selaras.cases.models import Break
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import Membership, Role, User
from tests import build
from tests.cases.build import PLACE, ticket
from tests.cases.known import known, with_step
from tests.cases.people import CITY, LOKUS, eka, places, signed_in

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ROOM = "/ruang/berdua/"


def member(role: Role, name: str, area: str = CITY) -> User:
    user = with_step(build.member(role, area))
    User.objects.filter(pk=user.pk).update(full_name=name)
    return User.objects.get(pk=user.pk)


def log() -> list[str]:
    return rows.in_the_room(lambda: [line.action for line in rows.lines()][::-1])()


def test_an_emergency_takes_two_of_different_tasks_is_told_and_ends(settings: Any) -> None:
    places()
    kept, now = ticket(), timezone.now()
    officer = known(with_step(eka()))
    User.objects.filter(pk=officer.pk).update(email="eka@contoh.go.id")
    settings.SELARAS_EMAIL_URL = {"EMAIL_HOST": "x"}
    asker, second = member(Role.SECRETARIAT, "Sari"), member(Role.SECRETARIAT, "Sinta")
    leader, governor = member(Role.LEADER, "Lina"), member(Role.LEADER, "Gita", "36")
    administrator, lurah = member(Role.ADMINISTRATOR, "Adi", ""), member(Role.SUPERVISOR, "Budi", LOKUS)
    elsewhere = member(Role.PROTECTION, "Jauh", "36.73")

    for who in (administrator, lurah, officer, governor):
        with pytest.raises((Forbidden, InputError)):
            breaking.ask(by=who, code=kept.code, emergency=Emergency.DANGER)
    with pytest.raises(InputError, match="tidak dikenal"):
        breaking.ask(by=asker, code="AAAABBBBCC", emergency=Emergency.DANGER)
    asked = breaking.ask(by=asker, code=f"{kept.code[:4]}-{kept.code[4:]}".lower(), emergency=Emergency.DANGER, now=now)
    with pytest.raises(InputError, match="lewat"):
        breaking.read(by=asker, break_id=asked, now=now)
    for who in (asker, second, administrator, lurah, elsewhere):
        with pytest.raises((Missing, Forbidden)):
            breaking.agree(by=who, break_id=asked, now=now)
    with pytest.raises(InputError, match="lewat"):
        breaking.agree(by=leader, break_id=asked, now=now + 25 * HOUR)
    breaking.agree(by=leader, break_id=asked, now=now + HOUR)
    with pytest.raises(InputError, match="sudah dijawab"):
        breaking.agree(by=officer, break_id=asked, now=now + HOUR)

    assert breaking.read(by=asker, break_id=asked, now=now + 119 * MINUTE).code == kept.code
    for who in (leader, second, administrator):
        with pytest.raises(Missing):
            breaking.read(by=who, break_id=asked, now=now + HOUR)
    with pytest.raises(InputError, match="lewat"):
        breaking.read(by=asker, break_id=asked, now=now + 2 * HOUR)
    assert log() == ["refused", "ask_break", "agree_break", "break_read"]
    assert [each.id for each in breaking.seen_by(officer, now=now)] == [asked]
    assert breaking.seen_by(elsewhere, now=now) == ()
    assert log()[4:] == ["breaks"]
    # A mailbox does not learn what it was, nor who.
    assert [letter.bcc for letter in mail.outbox] == [["eka@contoh.go.id"]] * 2
    said = " ".join(f"{letter.subject} {letter.body}" for letter in mail.outbox).lower()
    assert [word for word in (kept.code, PLACE, "sari", "lina", "darurat", "ruang", "tiket") if word in said] == []
    page = signed_in(officer).get("/ruang/").content.decode()
    assert ("Ada bahaya yang mendesak" in page, kept.code[:4] in page) == (True, False)


def test_a_leader_who_asks_is_answered_by_an_officer() -> None:
    places()
    kept, one, other = ticket(), member(Role.LEADER, "Lina"), member(Role.LEADER, "Lani")
    known(with_step(eka()))
    asked = breaking.ask(by=one, code=kept.code, emergency=Emergency.COURT)

    with pytest.raises(Missing):
        breaking.agree(by=other, break_id=asked)
    breaking.agree(by=with_step(eka()), break_id=asked)
    assert breaking.read(by=one, break_id=asked).code == kept.code


def test_whoever_came_this_week_or_has_no_second_step_neither_asks_nor_agrees() -> None:
    places()
    kept, asker = ticket(), member(Role.SECRETARIAT, "Sari")
    known(with_step(eka()))
    bare = build.member(Role.SECRETARIAT, CITY)
    for user in (bare, with_step(build.member(Role.SECRETARIAT, CITY), ago=6 * DAY)):
        with pytest.raises(InputError, match="7 hari"):
            breaking.ask(by=user, code=kept.code, emergency=Emergency.DANGER)
    assert Break.objects.count() == 0
    asked = breaking.ask(by=asker, code=kept.code, emergency=Emergency.DANGER)
    new = member(Role.LEADER, "Lina")
    User.objects.filter(pk=new.pk).update(date_joined=timezone.now() - 6 * DAY)
    new_step = with_step(build.member(Role.LEADER, CITY), ago=6 * DAY)
    User.objects.filter(pk=new_step.pk).update(date_joined=timezone.now() - 60 * DAY)
    for pk in (new.pk, new_step.pk):
        with pytest.raises(InputError, match="7 hari"):
            breaking.agree(by=User.objects.get(pk=pk), break_id=asked)


def test_whom_the_other_made_or_one_colleague_made_both_of_are_not_two_people() -> None:
    places()
    kept, sari = ticket(), member(Role.SECRETARIAT, "Sari")
    officer = known(with_step(eka()))
    later = timezone.now() + 8 * DAY

    def given(by: User, role: Role, name: str) -> User:
        user = with_step(build.user())
        User.objects.filter(pk=user.pk).update(full_name=name)
        actions.assign(by=by, user=user, role=role, place_code=CITY)
        return User.objects.get(pk=user.pk)

    lena, susi = given(sari, Role.LEADER, "Lena"), given(sari, Role.SECRETARIAT, "Susi")
    administrator = member(Role.ADMINISTRATOR, "Adi", "")
    lina, sinta = given(administrator, Role.LEADER, "Lina"), given(administrator, Role.SECRETARIAT, "Sinta")
    asked = breaking.ask(by=sari, code=kept.code, emergency=Emergency.DANGER)
    with pytest.raises(InputError, match="7 hari"):
        breaking.agree(by=lena, break_id=asked)
    with pytest.raises(InputError, match="7 hari"):
        breaking.ask(by=susi, code=kept.code, emergency=Emergency.DANGER)
    for asker in (sari, susi):
        asked = breaking.ask(by=asker, code=kept.code, emergency=Emergency.DANGER, now=later)
        with pytest.raises(InputError, match="bukan dua orang"):
            breaking.agree(by=lena, break_id=asked, now=later)
    # By office an administrator gives tasks to many; and whom colleagues have heard is nobody's making.
    asked = breaking.ask(by=sinta, code=kept.code, emergency=Emergency.DANGER, now=later)
    breaking.agree(by=lina, break_id=asked, now=later)
    assert breaking.read(by=sinta, break_id=asked, now=later).code == kept.code
    actions.set_password(by=sari, user=officer, password="kenanga-lumbung-9174")
    asked = breaking.ask(by=sari, code=kept.code, emergency=Emergency.DANGER, now=later)
    with pytest.raises(InputError, match="bukan dua orang"):
        breaking.agree(by=officer, break_id=asked, now=later)
    known(officer)
    breaking.agree(by=officer, break_id=asked, now=later)


def test_two_accounts_of_one_person_are_not_two_people() -> None:
    places()
    kept, asker = ticket(), member(Role.SECRETARIAT, "Sari Dewi")
    known(with_step(eka()))
    User.objects.filter(pk=asker.pk).update(email="sari@contoh.go.id")
    asked = breaking.ask(by=asker, code=kept.code, emergency=Emergency.DANGER)
    same_name, same_mail = member(Role.LEADER, "sari  dewi"), member(Role.LEADER, "Lina")
    User.objects.filter(pk=same_mail.pk).update(email="Sari@Contoh.go.id")
    for user in (same_name, User.objects.get(pk=same_mail.pk)):
        with pytest.raises(InputError, match="satu orang"):
            breaking.agree(by=user, break_id=asked)
    # The browser in which it was asked is not the one in which it is agreed to.
    cache.clear()
    browser = signed_in(asker)
    asked_here = browser.post(ROOM, {"kode": kept.code, "alasan": "danger"})
    cookie = browser.cookies["ruang-orang"]
    assert (asked_here.status_code, cookie["path"], cookie["httponly"]) == (302, "/ruang/", True)
    leader = member(Role.LEADER, "Lani")
    theirs = signed_in(leader)
    theirs.cookies["ruang-orang"] = cookie.value
    here = theirs.post(f"{ROOM}{asked}/setujui/", follow=True).content.decode()
    assert ("satu orang" in here, breaking.seen_by(leader)[0].agreer) == (True, "")
    del theirs.cookies["ruang-orang"]
    theirs.post(f"{ROOM}{asked}/setujui/")
    assert {each.id: each.agreer for each in breaking.seen_by(leader)}[asked] == str(leader.uuid)
    cache.clear()


def test_nothing_is_opened_of_which_only_the_two_would_know() -> None:
    places()
    kept, asker, leader = ticket(), member(Role.SECRETARIAT, "Sari"), member(Role.LEADER, "Lina")
    officer = known(with_step(eka()))
    # Nobody knows the phone of this one: she is not let in, and learns of nothing.
    with_step(eka())
    asked = breaking.ask(by=asker, code=kept.code, emergency=Emergency.OFFICER_ABSENT)
    # The only officer is one of the two: somebody else must be there to learn of it, and sees it on her page.
    breaking.agree(by=officer, break_id=asked)
    assert [each.told for each in breaking.seen_by(leader)] == [(str(leader.uuid),)]
    Membership.objects.filter(user=officer).update(ends=timezone.now())
    later = breaking.ask(by=asker, code=kept.code, emergency=Emergency.OFFICER_ABSENT)
    with pytest.raises(InputError, match="orang ketiga"):
        breaking.agree(by=leader, break_id=later)
    third = member(Role.LEADER, "Lani")
    breaking.agree(by=leader, break_id=later)
    assert [each.id for each in breaking.seen_by(third) if each.agreed_at] == [later]
    Membership.objects.filter(user__in=[third, leader]).update(ends=timezone.now())
    with pytest.raises(InputError, match="orang ketiga"):
        breaking.ask(by=asker, code=kept.code, emergency=Emergency.OFFICER_ABSENT)
