"""Whoever gives tasks and ways in does not get into the room by them: somebody else must have heard the officer."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from selaras.access import CONSOLE, hands_in, leader_tasks_for, officer_changes_for, officer_tasks_for
from selaras.actions import invitations
from selaras.actions import people as actions
from selaras.cases import vouching, watch
from selaras.cases.demo import load_demo
from selaras.cases.health import examine
from selaras.cases.models import RoomKey, Vouch
from selaras.cases.rows import in_the_room, lines
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, Cycle, Membership, Role, User
from tests import build
from tests.build_programme import programme
from tests.cases.known import known, with_step
from tests.cases.people import CITY, eka, places, signed_in

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROOM = "/ruang/"


def officer(area: str = CITY, name: str = "Gita") -> User:
    """With a second step of her own, which nobody has heard of."""
    user = with_step(build.member(Role.PROTECTION, area))
    User.objects.filter(pk=user.pk).update(full_name=name)
    return User.objects.get(pk=user.pk)


def member(role: Role, name: str, area: str = CITY) -> User:
    user = with_step(build.member(role, area))
    User.objects.filter(pk=user.pk).update(full_name=name)
    return User.objects.get(pk=user.pk)


def say(by: User, of: User, **more: Any) -> bool:
    code = vouching.code_of(of, now=more.get("now"))
    return vouching.vouch(by=by, officer=of.uuid, code=code, heard=True, **more)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_who_makes_an_officers_way_in_and_puts_up_her_own_phone_stays_outside() -> None:
    """The way of an administrator: a new way in, a password, a second step, the code of it; and still nothing."""
    cycle = programme().cycle
    administrator, gita, colleague = build.member(Role.ADMINISTRATOR), build.user(), known(with_step(eka()))
    gita.set_password("kenanga-lumbung-9174")
    gita.save()
    actions.assign(by=administrator, user=gita, role=Role.PROTECTION, place_code=CITY)
    made = invitations.invite_again(by=administrator, cycle_slug=cycle.slug, person=gita.uuid, key=uuid4())
    invitations.open_account(secret=made.token, username=gita.username, password="melati-ruang-5512")
    gita = with_step(fresh(gita))
    session = signed_in(gita)
    Vouch.objects.exclude(about=in_the_room(vouching.abouts)([colleague])[0]).delete()
    pages = {path: session.get(f"{ROOM}{path}") for path in ("", "tiket/", "jejak/", "berdua/", "petugas/")}

    assert {path: page.status_code for path, page in pages.items()} == dict.fromkeys(pages, 403)
    code = vouching.code_of(gita)
    assert f"{code[:3]}-{code[3:]}" in pages[""].content.decode()
    assert "Tiket yang menunggu" not in pages[""].content.decode()
    assert session.post(f"{ROOM}petugas/", {"petugas": str(gita.uuid), "kode": code, "dengar": "1"}).status_code == 403
    assert hands_in(gita) == {administrator.pk}
    assert [(each.who, each.what, each.by) for each in watch.changes(colleague)] == [
        (str(gita), "invitations.make_again", str(administrator)),
        (str(gita), "task", ""),
    ]
    assert say(colleague, gita)
    assert session.get(ROOM).status_code == 200
    actions.end_task(by=administrator, membership=Membership.objects.get(user=gita))
    assert next((each.who, each.what) for each in watch.changes(colleague)) == (str(gita), "ended")


def test_a_colleague_of_all_her_area_who_is_known_and_gave_her_nothing_is_enough() -> None:
    places()
    gita, colleague = officer(), known(officer(name="Eka"))
    below, unknown = known(officer("36.72.05", "Kec")), officer(name="Tari")
    elsewhere, secretary = known(officer("36.73", "Jauh")), member(Role.SECRETARIAT, "Sari")

    for by, why in ((below, "lebih luas"), (unknown, "belum dikenali")):
        with pytest.raises((InputError, Missing)) as error:
            say(by, gita)
        assert isinstance(error.value, Missing) or why in str(error.value)
    for by in (elsewhere, build.member(Role.ADMINISTRATOR), build.member(Role.CADRE, "36.72.05.1005"), gita):
        with pytest.raises((Missing, Forbidden)):
            say(by, gita)
    with pytest.raises(InputError, match="sudah ada petugas"):
        say(secretary, gita)
    with pytest.raises(InputError, match="tidak cocok"):
        vouching.vouch(by=colleague, officer=gita.uuid, code="AAAAAA", heard=True)
    yesterday = vouching.code_of(gita, now=timezone.now() - DAY)
    with pytest.raises(InputError, match="tidak cocok"):
        vouching.vouch(by=colleague, officer=gita.uuid, code=yesterday, heard=True)
    with pytest.raises(InputError, match="belum dinyatakan"):
        vouching.vouch(by=colleague, officer=gita.uuid, code=vouching.code_of(gita), heard=False)
    assert not vouching.is_known(gita)
    assert say(colleague, gita)
    assert vouching.is_known(fresh(gita))
    with pytest.raises(InputError, match="sudah dikenali"):
        say(colleague, gita)
    said = in_the_room(lambda: [(line.action, line.who, line.more["officer"]) for line in lines()])()
    assert said == [("vouch", str(colleague.uuid), str(gita.uuid))]


def test_the_first_of_an_area_is_known_by_two_of_different_tasks_who_gave_her_nothing(settings: Any) -> None:
    places()
    now, gita = timezone.now(), officer()
    giver, secretary = member(Role.SECRETARIAT, "Sinta"), member(Role.SECRETARIAT, "Sari")
    leader, twin, new = member(Role.LEADER, "Lina"), member(Role.LEADER, "sari"), build.member(Role.LEADER, CITY)
    with_step(new, ago=6 * DAY)
    actions.assign(by=giver, user=gita, role=Role.PROTECTION, place_code="36.72.05")

    with pytest.raises(InputError, match="memberi petugas ini"):
        say(giver, gita)
    with pytest.raises(InputError, match="7 hari"):
        say(new, gita)
    assert say(secretary, gita, now=now) is False
    assert not vouching.is_known(fresh(gita))
    other = member(Role.SECRETARIAT, "Sita")
    for by, why in ((secretary, "orang lain"), (other, "orang lain"), (twin, "satu orang")):
        with pytest.raises(InputError, match=why):
            say(by, gita, now=now + HOUR)
    with pytest.raises(InputError, match="satu orang"):
        say(leader, gita, marks=(vouching.mark_of(secretary),), now=now + HOUR)
    settings.SELARAS_EMAIL_URL = {"EMAIL_HOST": "x"}
    User.objects.filter(pk=twin.pk).update(email="pimpinan@contoh.go.id")
    assert say(leader, gita, now=now + HOUR) is True
    assert [letter.bcc for letter in mail.outbox] == [["pimpinan@contoh.go.id"]]
    assert vouching.is_known(fresh(gita))


def given(by: User, role: Role, name: str) -> User:
    """Somebody of `by`'s making, whose account and second step lay about for a week."""
    user = with_step(build.user())
    User.objects.filter(pk=user.pk).update(full_name=name)
    actions.assign(by=by, user=user, role=role, place_code=CITY)
    return User.objects.get(pk=user.pk)


def test_one_person_behind_all_three_accounts_stays_outside_a_secretary_or_an_administrator() -> None:
    places()
    sari, administrator = member(Role.SECRETARIAT, "Sari"), member(Role.ADMINISTRATOR, "Adi", "")
    lena, sita, susi = (
        given(sari, role, name)
        for role, name in ((Role.LEADER, "Lena"), (Role.SECRETARIAT, "Sita"), (Role.SECRETARIAT, "Susi"))
    )
    oki, later = given(susi, Role.PROTECTION, "Oki"), timezone.now() + 8 * DAY

    with pytest.raises(InputError, match="7 hari"):
        say(lena, oki)
    for by in (sari, susi):
        with pytest.raises(InputError, match="memberi petugas ini"):
            say(by, oki, now=later)
    assert say(lena, oki, now=later) is False
    with pytest.raises(InputError, match="satu orang memberi"):
        say(sita, oki, now=later)
    assert vouching.pairs_of(oki, now=later) == ()
    # An administrator made both; and the officer is another's.
    gita, now = officer(), later + 2 * DAY
    lina, sinta = given(administrator, Role.LEADER, "Lina"), given(administrator, Role.SECRETARIAT, "Sinta")
    assert say(lina, gita, now=now) is False
    with pytest.raises(InputError, match="satu orang memberi"):
        say(sinta, gita, now=now)
    # Of two whom different people made, each is one.
    assert set(vouching.pairs_of(gita, now=now)) == {lena, lina, sari, sinta, sita, susi}
    assert say(sari, gita, now=now) is True


def test_where_nobody_may_the_owner_of_the_server_says_it_and_all_are_told(
    settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The ordinary small city: one secretary, who gave the officer her task, one leader, one administrator."""
    places()
    administrator = member(Role.ADMINISTRATOR, "Adi", "")
    sari, lina = given(administrator, Role.SECRETARIAT, "Sari"), given(administrator, Role.LEADER, "Lina")
    gita = given(sari, Role.PROTECTION, "Gita")
    settings.SELARAS_EMAIL_URL = {"EMAIL_HOST": "x"}
    User.objects.filter(pk=lina.pk).update(email="lina@contoh.go.id")
    session = signed_in(gita)
    Vouch.objects.all().delete()
    waits = session.get(ROOM)
    assert (waits.status_code, f"selaras know_officer {gita.username}" in waits.content.decode()) == (403, True)
    monkeypatch.setattr("builtins.input", lambda _asked: "AAA-AAA")
    for name, why in ((gita.username, "tidak cocok"), (lina.username, "tidak ada petugas")):
        with pytest.raises(SystemExit):
            call_command("know_officer", name)
        assert why in capsys.readouterr().out
    assert (vouching.is_known(gita), AuditEntry.objects.filter(action="people.known_by_console").count()) == (False, 0)
    monkeypatch.setattr("builtins.input", lambda _asked: vouching.code_of(gita))
    call_command("know_officer", gita.username)

    assert session.get(ROOM).status_code == 200
    entry = AuditEntry.objects.get(action="people.known_by_console")
    assert (entry.actor, entry.object_id, entry.place_code) == (None, str(gita.uuid), CITY)
    assert [letter.bcc for letter in mail.outbox] == [["lina@contoh.go.id"]]
    page = signed_in(lina).get(f"{ROOM}petugas/").content.decode()
    assert ("Dikenali pemilik server" in page, "Dikenali oleh pemilik server" in page) == (True, True)


def test_the_doctor_names_officers_whom_nobody_has_known_and_the_command_it_says_lets_them_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As after an upgrade from before officers were known. Looking leaves nothing in the room."""
    places()
    hana = officer(name="Hana")

    def said() -> list[tuple[str, str]]:
        return [(what, remedy) for _level, what, remedy in examine(timezone.now()) if "petugas belum" in what]

    before = RoomKey.objects.count()
    name = hana.username
    assert said() == [
        (
            f"ruang perlindungan: petugas belum dikenali, dan tidak ada yang boleh mengenalinya: {name}",
            "dengar kode di layarnya (/ruang/) langsung dari orangnya, lalu jalankan"
            f" `selaras know_officer {name}`; tiap petugas sendiri-sendiri",
        )
    ]
    assert RoomKey.objects.count() == before
    monkeypatch.setattr("builtins.input", lambda _asked: vouching.code_of(hana))
    call_command("know_officer", name)
    assert said() == []

    # Whom a colleague may know needs no owner.
    gita = officer()
    assert said() == [
        (
            f"ruang perlindungan: petugas belum dikenali rekannya: {gita.username}",
            "layarnya (/ruang/) menyebut siapa yang boleh; mereka mengetik kodenya di /ruang/petugas/",
        )
    ]


def test_an_officer_of_two_cities_is_told_where_she_waits_that_the_owner_of_the_server_lets_her_in() -> None:
    places()
    build.place("36.73")
    known(officer(name="Eka"))
    both = officer(name="Hana")
    build.member(Role.PROTECTION, "36.73", user=both)
    session = signed_in(both)
    Vouch.objects.filter(about=in_the_room(vouching.abouts)([both])[0]).delete()
    page = session.get(ROOM).content.decode()
    assert "Tugas Anda meliputi Kota Cilegon, Kota Serang, dan tidak ada yang boleh mengenali" in page
    assert (f"selaras know_officer {both.username}" in page, "Tanpa pemilik server: minta tugas" in page) == (
        True,
        True,
    )
    assert "Di kota Anda belum ada" not in page


def test_hands_that_are_gone_or_lie_before_she_was_heard_shut_nobody_out() -> None:
    places()
    sari, lina = member(Role.SECRETARIAT, "Sari"), member(Role.LEADER, "Lina")
    administrator, gita = member(Role.ADMINISTRATOR, "Adi", ""), given(sari, Role.PROTECTION, "Gita")
    actions.end_task(by=sari, membership=Membership.objects.get(user=gita))
    actions.assign(by=administrator, user=gita, role=Role.PROTECTION, place_code=CITY)
    assert hands_in(gita) == {administrator.pk}
    # One of two that were given is ended: whoever gave what is left still did.
    lani = given(sari, Role.LEADER, "Lani")
    row = actions.assign(by=sari, user=lani, role=Role.LEADER, place_code=CITY, cycle=Cycle.objects.get())
    actions.end_task(by=sari, membership=row)
    assert hands_in(lani) == {sari.pk}
    actions.set_password(by=sari, user=gita, password="kenanga-lumbung-9174")
    assert hands_in(gita) == {administrator.pk, sari.pk}
    assert vouching.pairs_of(fresh(gita)) == ()
    # The only officer's phone is lost; but two have heard her since.
    known(gita)
    Authenticator.objects.filter(user=gita).update(created_at=timezone.now())
    assert set(vouching.pairs_of(fresh(gita))) == {sari, lina}
    assert (say(sari, fresh(gita)), say(lina, fresh(gita))) == (False, True)
    # A way in of after that counts again.
    actions.set_password(by=sari, user=gita, password="melati-ruang-5512")
    Authenticator.objects.filter(user=gita).update(created_at=timezone.now() + HOUR)
    with pytest.raises(InputError, match="memberi petugas ini"):
        say(sari, fresh(gita))


def test_a_first_who_waits_too_long_begins_anew() -> None:
    places()
    gita, now = officer(), timezone.now().replace(hour=3)
    say(member(Role.SECRETARIAT, "Sari"), gita, now=now)
    later = now + 25 * HOUR
    code = vouching.code_of(gita, now=later)
    leader = member(Role.LEADER, "Lina")
    assert vouching.vouch(by=leader, officer=gita.uuid, code=code, heard=True, now=later) is False


def test_what_the_first_said_of_a_smaller_area_is_no_half_of_a_wider_one() -> None:
    places()
    gita = officer("36.72.05")
    assert say(member(Role.SECRETARIAT, "Sari"), gita) is False
    build.member(Role.PROTECTION, CITY, user=gita)
    assert say(member(Role.LEADER, "Lina"), fresh(gita)) is False
    assert not vouching.is_known(fresh(gita))


def test_the_list_of_officers_costs_one_statement_for_each_of_them(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    places()
    colleague = known(officer(name="Eka"))
    for number in range(20):
        known(officer("36.72.05", f"Petugas {number}"))
    with django_assert_max_num_queries(20 + 12):
        found = vouching.officers(fresh(colleague))
    assert [each.known for each in found] == [True] * 21


def test_another_phone_a_wider_area_or_a_task_given_anew_are_said_anew() -> None:
    places()
    gita = officer("36.72.05")
    known(gita)
    assert vouching.is_known(fresh(gita))
    build.member(Role.PROTECTION, CITY, user=gita)
    assert not vouching.is_known(fresh(gita))
    Membership.objects.filter(user=gita, place_code=CITY).update(ends=timezone.now())
    assert vouching.is_known(fresh(gita))
    Authenticator.objects.filter(user=gita).update(created_at=timezone.now())
    assert not vouching.is_known(fresh(gita))
    known(gita)
    assert vouching.lapse_due() == 0
    Membership.objects.filter(user=gita).update(ends=timezone.now())
    assert (vouching.lapse_due(), Vouch.objects.count()) == (1, 0)


def test_the_page_shows_who_waits_and_takes_the_code_that_was_heard() -> None:
    places()
    cache.clear()
    gita, client = officer(), signed_in(with_step(eka()))
    code = vouching.code_of(gita)
    page = client.get(f"{ROOM}petugas/").content.decode()
    before = client.get(ROOM).content.decode()
    wrong = client.post(f"{ROOM}petugas/", {"petugas": str(gita.uuid), "kode": "AAA-AAA", "dengar": "1"})
    none = client.post(f"{ROOM}petugas/", {"petugas": "x", "kode": code})
    done = client.post(f"{ROOM}petugas/", {"petugas": str(gita.uuid), "kode": f"{code[:3]}-{code[3:]}", "dengar": "1"})
    after = client.get(f"{ROOM}petugas/").content.decode()
    cache.clear()

    assert ("belum dikenali" in page, "Kode yang dibacakannya" in page, code in page) == (True, True, False)
    assert "1 petugas menunggu Anda kenali." in before
    assert (wrong.status_code, "AAA-AAA" in wrong.content.decode()) == (422, True)
    assert "kodenya tidak cocok" in wrong.content.decode()
    assert (none.status_code, done.status_code) == (404, 302)
    assert ("Kode yang dibacakannya" in after, "Dikenali Eka" in after) == (False, False)
    assert vouching.is_known(gita)


def test_the_demos_officer_is_known_by_whatever_phone_she_puts_up_and_nobody_is_outside_the_demo(settings: Any) -> None:
    places()
    build.member(Role.CADRE, "36.72.05.1005", user=build.user("kader"))
    gita = officer()
    load_demo()
    known_there = vouching.is_known(gita)
    settings.SELARAS_DEMO = True
    assert (known_there, vouching.is_known(gita)) == (False, True)
    Authenticator.objects.filter(user=gita).delete()
    assert vouching.is_known(gita)


def test_without_the_key_no_row_says_whose_second_step_it_is() -> None:
    gita = known(officer())
    row = Vouch.objects.get()
    everything = f"{row.about} {bytes(row.sealed)!r} {row.key.wrapped!r}"
    assert [word for word in (str(gita.uuid), gita.username, CITY) if word in everything] == []


def test_officers_are_told_of_each_other_and_of_nobody_elsewhere() -> None:
    places()
    here, above, below = officer("36.72.05", "Sini"), officer(CITY, "Kota"), officer("36.72.05.1005", "Bawah")
    beside, elsewhere = officer("36.72.06", "Sebelah"), officer("36.73", "Jauh")
    cadre, administrator = build.member(Role.CADRE, "36.72.05.1005"), build.member(Role.ADMINISTRATOR)
    wali, far = member(Role.LEADER, "Wali"), build.member(Role.LEADER, "36.73")
    build.member(Role.LEADER, "36")
    for each in (here, above, below, beside, elsewhere, wali):
        with actions.own_change(by=each, what="second_step_on"):
            pass

    def told(user: User) -> tuple[set[str], set[str]]:
        rows = {row.user.full_name for row in officer_tasks_for(user)}
        assert {row.user for row in leader_tasks_for(user)} == leaders(user)
        people = {str(each.uuid): each.full_name for each in User.objects.all()}
        return rows, {people[entry.object_id] for entry in officer_changes_for(user)}

    def leaders(user: User) -> set[User]:
        if user in (cadre, administrator):
            return set()
        return {far} if user == elsewhere else {wali}

    around = {"Sini", "Kota", "Bawah"}
    assert told(here) == (around, around | {"Wali"})
    assert told(above) == told(wali) == (around | {"Sebelah"}, around | {"Sebelah", "Wali"})
    assert told(below)[0] == around
    assert told(elsewhere) == ({"Jauh"}, {"Jauh"})
    assert (told(cadre), told(administrator)) == ((set(), set()), (set(), set()))


def test_nothing_that_became_of_an_officer_or_a_leader_hides_behind_what_was_done_to_others_later() -> None:
    places()
    eka, wali, secretary = officer(name="Eka"), member(Role.LEADER, "Wali"), member(Role.SECRETARIAT, "Sari")
    Membership.objects.update(starts=timezone.now() - timedelta(days=60))
    actions.set_password(by=CONSOLE, user=wali, password="melati-ruang-5512")
    for _ in range(watch.MOST + 1):
        with actions.own_change(by=wali, what="new_recovery_codes"):
            pass
    for number in range(13):
        other = member(Role.PROTECTION, f"Lain {number}")
        actions.end_task(by=CONSOLE, membership=Membership.objects.get(user=other))

    lines = watch.changes(eka)
    assert len(lines) == 2 + 13
    assert [(each.who, each.what, each.times, each.leader) for each in lines if each.who == "Wali"] == [
        ("Wali", "people.new_recovery_codes", watch.MOST + 1, True),
        ("Wali", "people.set_password", 1, True),
    ]
    assert watch.changes(secretary) == lines
    page = signed_in(known(with_step(eka))).get(ROOM).content.decode()
    assert "3 perubahan lain" in page
    whole = " ".join(signed_in(eka).get(f"{ROOM}petugas/").content.decode().split())
    assert "<b>Wali</b> (pimpinan): Kata sandinya diganti orang lain <p" in whole
    assert "<b>Wali</b> (pimpinan): Kode cadangan dibuat baru <p" in whole
