"""/tahun/<slug>/orang/: who does what, one more task, one less, everything handed over."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions import people as actions
from selaras.models import AgencyLink, BrowserSession, Cycle, Invitation, Membership, Role, User
from tests import build
from tests.web.cast import inside

pytestmark = pytest.mark.django_db

BASE = "/tahun/36-72-2024/orang/"
STRONG = "kopi-pahit-di-teras-42"


def year() -> tuple[Cycle, User]:
    build.place("36.72.05.1005")
    build.place("36.72.05.1001")
    cycle = build.cycle()
    return cycle, build.member(Role.SECRETARIAT, "36.72", cycle=cycle)


def cadre(cycle: Cycle, name: str, rw: str = "03") -> User:
    user = build.member(Role.CADRE, f"36.72.05.1005.RW{rw}", cycle=cycle)
    User.objects.filter(pk=user.pk).update(full_name=name)
    return User.objects.get(pk=user.pk)


def seen(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def links(text: str) -> list[str]:
    """What stands there to copy."""
    return re.findall(r"<code>http[^<]+/undangan/([\w-]{43})/</code>", text)


def names(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', text)


def test_the_list_says_who_does_what_where_since_when() -> None:
    cycle, secretary = year()
    ani = cadre(cycle, "Ani Uji")
    dinkes = build.agency()
    build.member(Role.LIAISON, agency=dinkes, user=ani)
    text = seen(inside(secretary), BASE)

    assert names(text) == ["Ani Uji", "Uji secretariat"]
    assert re.findall(r"<li><b>([^<]+)</b>, ([^<]+)<br><small>([^·]+) · ([^<]+)</small>\s*</li>", text) == [
        ("Kader", "Kelurahan Gedong Dalem, RW 03", "sejak 1\xa0Januari\xa02024", "P2WKSS 2024"),
        ("Penghubung OPD", "Dinas DINKES", "sejak 1\xa0Januari\xa02024", "semua tahun"),
        ("Sekretariat kota", "Kota Cilegon", "sejak 1\xa0Januari\xa02024", "P2WKSS 2024"),
    ]


def test_beside_an_officer_stands_what_lets_her_into_the_room_and_beside_nobody_else() -> None:
    cycle, secretary = year()
    ani, client = cadre(cycle, "Ani Uji"), inside(secretary)
    assert [f"{BASE}{ani.uuid}/" in seen(client, BASE), "know_officer" in seen(client, BASE)] == [True, False]
    gita = build.member(Role.PROTECTION, "36.72")
    command = r"<code>selaras know_officer ([^<]+)</code>"
    found = [re.findall(command, seen(client, page)) for page in (BASE, f"{BASE}{gita.uuid}/", f"{BASE}{ani.uuid}/")]
    assert found == [["NAMA_PENGGUNA"], [gita.username], []]


def test_each_giver_sees_her_own_part_and_nobody_else_opens_it() -> None:
    cycle, secretary = year()
    cadre(cycle, "Ani")
    next_door = build.member(Role.CADRE, "36.72.05.1001.RW01", cycle=cycle)
    build.place("36.73")
    build.member(Role.SECRETARIAT, "36.73")
    lurah = build.member(Role.SUPERVISOR, "36.72.05.1005", cycle=cycle)
    other_year = build.member(Role.CADRE, "36.72.05.1005.RW09", cycle=build.cycle(year=2023))

    assert names(seen(inside(secretary), BASE)) == ["Ani", next_door.full_name, secretary.full_name, lurah.full_name]
    assert names(seen(inside(lurah), BASE)) == ["Ani", lurah.full_name]
    assert str(other_year.uuid) not in seen(inside(secretary), BASE)
    statuses = {
        role: inside(build.member(role, area)).get(BASE).status_code
        for role, area in ((Role.CADRE, "36.72.05.1005.RW03"), (Role.JUROR, "36.72"), (Role.SECRETARIAT, "36.73"))
    }
    assert statuses == {Role.CADRE: 403, Role.JUROR: 403, Role.SECRETARIAT: 404}


def test_one_searches_by_name_and_asks_for_the_past() -> None:
    cycle, secretary = year()
    gone = cadre(cycle, "Budi Santosa")
    cadre(cycle, "Ani Lestari", "04")
    Membership.objects.filter(user=gone).update(ends=timezone.now() - timedelta(days=1))
    client = inside(secretary)

    assert names(seen(client, f"{BASE}?cari=lestari+ANI")) == ["Ani Lestari"]
    assert names(seen(client, f"{BASE}?cari=budi")) == []
    assert names(seen(client, f"{BASE}?cari=budi&lalu=1")) == ["Budi Santosa"]
    assert "Tidak ada nama yang cocok dengan “&lt;b&gt;”" in seen(client, f"{BASE}?cari=<b>")
    assert names(seen(client, f"{BASE}?hal=999&cari=%00")) == ["Ani Lestari", secretary.full_name]


def test_the_list_costs_the_same_for_one_person_and_three() -> None:
    cycle, secretary = year()
    client = inside(secretary)
    counts = []
    for number in (1, 2, 3):
        made = cadre(cycle, f"Ani {number}", f"0{number}")
        build.invitation("36.72.05.1005", by=made)
        with CaptureQueriesContext(connection) as captured:
            seen(client, BASE)
        counts.append(len(captured))

    assert counts[0] == counts[2] == counts[1]
    with CaptureQueriesContext(connection) as captured:
        seen(client, f"{BASE}{made.uuid}/")
    one_task = len(captured)
    build.member(Role.PROTECTION, "36.72", user=made)
    build.member(Role.LEADER, "36.72", user=made)
    with CaptureQueriesContext(connection) as captured:
        seen(client, f"{BASE}{made.uuid}/")
    assert len(captured) == one_task


def test_a_task_is_added_and_what_does_not_fit_is_said_beside_its_field() -> None:
    cycle, secretary = year()
    ani = cadre(cycle, "Ani")
    client, address = inside(secretary), f"{BASE}{ani.uuid}/"
    given = {"role": "supervisor", "place": "", "rw": "", "agency": "", "starts": "", "ends": ""}
    refused = client.post(address, given)
    whole_city = client.post(address, {**given, "place": "36.72"})
    juror = client.post(address, {**given, "role": "juror"})
    foreign = client.post(address, {**given, "role": "province"})
    done = client.post(address, {**given, "place": "36.72.05.1005", "ends": "2099-12-31"})

    assert [page.status_code for page in (refused, whole_city, juror, foreign)] == [422] * 4
    texts = [page.content.decode() for page in (refused, whole_city, juror)]
    assert [re.findall(r'<select name="(?:place|role)"[^>]*aria-invalid="true"', text) != [] for text in texts] == [
        True,
        True,
        False,
    ]
    assert "yang dinilai tidak menilai" in texts[2]
    assert done.headers["Location"] == address
    made = Membership.objects.get(user=ani, role="supervisor")
    assert (made.place_code, made.cycle, f"{made.ends:%Y-%m-%d %H:%M}") == ("36.72.05.1005", cycle, "2099-12-31 17:00")
    assert "sampai 31\xa0Desember\xa02099" in seen(client, address)


def test_a_lurah_gives_only_what_she_may_give() -> None:
    cycle, _ = year()
    lurah = build.member(Role.SUPERVISOR, "36.72.05.1005", cycle=cycle)
    text = seen(inside(lurah), f"{BASE}undang/")

    assert set(re.findall(r'<option value="([\w.]+)"', text)) == {"cadre", "36.72.05.1005"}
    assert 'name="t0-years"' not in text
    assert 'name="t0-agency"' not in text


def test_a_task_ends_by_a_form_alone() -> None:
    cycle, secretary = year()
    ani = cadre(cycle, "Ani")
    client = inside(secretary)
    address = f"{BASE}{ani.uuid}/tugas/{ani.memberships.get().pk}/akhiri/"

    assert client.get(address).status_code == 405
    assert client.post(address).headers["Location"] == f"{BASE}{ani.uuid}/"
    assert "berakhir" in seen(client, f"{BASE}{ani.uuid}/")
    assert names(seen(client, BASE)) == [secretary.full_name]
    other = secretary.memberships.get().pk
    assert client.post(f"{BASE}{ani.uuid}/tugas/{other}/akhiri/").status_code == 404


def test_whoever_ends_her_own_task_lands_at_home() -> None:
    _, secretary = year()
    address = f"{BASE}{secretary.uuid}/tugas/{secretary.memberships.get().pk}/akhiri/"

    assert inside(secretary).post(address).headers["Location"] == "/"


def test_an_account_is_switched_off_and_on_and_its_browsers_are_out() -> None:
    cycle, secretary = year()
    ani = cadre(cycle, "Ani")
    hers, client = inside(ani), inside(secretary)
    address = f"{BASE}{ani.uuid}/"
    client.post(f"{address}akun/")

    assert (hers.get("/akun/").status_code, User.objects.get(pk=ani.pk).is_active) == (302, False)
    assert "Aktifkan lagi" in seen(client, address)
    client.post(f"{address}akun/", {"aktif": "1"})
    assert User.objects.get(pk=ani.pk).is_active
    assert client.post(f"{BASE}{secretary.uuid}/akun/").status_code == 403


def test_a_new_way_in_is_shown_once() -> None:
    cycle, secretary = year()
    ani = cadre(cycle, "Ani")
    client, address, key = inside(secretary), f"{BASE}{ani.uuid}/jalan-masuk/", str(uuid4())
    made = client.post(address, {"key": key})

    assert (made.status_code, made.headers["Cache-Control"].split(",")[-3]) == (200, " no-store")
    assert len(links(made.content.decode())) == 1
    assert client.post(address, {"key": key}).status_code == 422
    assert client.post(address, {"key": "x"}).headers["Location"] == f"{BASE}{ani.uuid}/"
    assert Invitation.objects.get().user == ani


def test_everything_is_listed_before_it_is_handed_over() -> None:
    cycle, secretary = year()
    old, new = cadre(cycle, "Ani"), cadre(cycle, "Budi", "04")
    build.member(Role.PROTECTION, "36.72", cycle=cycle, user=old)
    client, address = inside(secretary), f"{BASE}{old.uuid}/serah-terima/"
    text = seen(client, address)
    listed = re.findall(r'name="listed" value="([\d-]+)"', text)
    given = {"to": str(new.uuid), "full_name": "", "listed": listed[0], "key": str(uuid4())}
    response = client.post(address, given)

    assert "2 tugas yang berpindah" in text
    assert listed == ["-".join(str(row.pk) for row in old.memberships.order_by("pk"))]
    assert response.headers["Location"] == BASE
    assert new.memberships.count() == 3
    again = client.post(address, given)
    assert (again.status_code, "tidak memegang tugas" in again.content.decode()) == (422, False)
    assert "Tidak ada tugas yang dapat Anda serahkan" in again.content.decode()


def test_a_hand_over_of_a_changed_list_keeps_what_was_chosen_and_shows_the_list_of_now() -> None:
    cycle, secretary = year()
    old, new = cadre(cycle, "Ani"), cadre(cycle, "Budi", "04")
    client, address = inside(secretary), f"{BASE}{old.uuid}/serah-terima/"
    first = re.findall(r'name="listed" value="([\d-]+)"', seen(client, address))[0]
    build.member(Role.PROTECTION, "36.72", cycle=cycle, user=old)
    refused = client.post(address, {"to": str(new.uuid), "full_name": "", "listed": first, "key": str(uuid4())})
    text = refused.content.decode()
    shown = re.findall(r'name="listed" value="([\d-]+)"', text)[0]

    assert (refused.status_code, "berubah sejak halaman ini dibuka" in text) == (422, True)
    assert f'<option value="{new.uuid}" selected>' in text
    assert shown == "-".join(str(row.pk) for row in old.memberships.order_by("pk"))
    client.post(address, {"to": str(new.uuid), "full_name": "", "listed": shown, "key": str(uuid4())})
    assert new.memberships.count() == 3


def test_a_hand_over_asks_for_one_successor_and_not_two() -> None:
    cycle, secretary = year()
    old, new = cadre(cycle, "Ani"), cadre(cycle, "Budi", "04")
    client, address = inside(secretary), f"{BASE}{old.uuid}/serah-terima/"
    for to, name in (("", ""), (str(new.uuid), "Sri"), (str(uuid4()), "")):
        refused = client.post(address, {"to": to, "full_name": name, "listed": "1", "key": str(uuid4())})
        assert refused.status_code == 422
    assert new.memberships.count() == old.memberships.count() == 1


def test_who_hands_over_her_own_is_signed_out_and_reads_the_invitation_first() -> None:
    _, secretary = year()
    client, address = inside(secretary), f"{BASE}{secretary.uuid}/serah-terima/"
    listed = str(secretary.memberships.get().pk)
    made = client.post(address, {"to": "", "full_name": "Sri Uji", "listed": listed, "key": str(uuid4())})

    assert (made.status_code, len(links(made.content.decode()))) == (200, 1)
    assert client.get("/akun/").status_code == 302
    assert BrowserSession.objects.filter(user=secretary).count() == 0


def test_neither_the_inactive_nor_who_came_by_link_can_be_chosen_and_a_link_is_nobody_in_the_list() -> None:
    cycle, secretary = year()
    old, off = cadre(cycle, "Ani"), cadre(cycle, "Budi", "04")
    actions.set_active(by=CONSOLE, user=off, active=False)
    dinkes = build.agency()
    linked = build.member(Role.LIAISON, agency=dinkes, cycle=cycle)
    AgencyLink.objects.create(
        cycle=cycle, agency=dinkes, user=linked, holder="U", token_hash="a", feed_hash="b", code_hash="c",
        expires_at=timezone.now() + timedelta(days=9),
    )  # fmt: skip
    text = seen(inside(secretary), f"{BASE}{old.uuid}/serah-terima/")

    assert set(re.findall(r'<option value="([\w-]{36})"', text)) == {str(secretary.uuid)}
    for address in (BASE, f"{BASE}?lalu=1", f"{BASE}?cari=uji", f"{BASE}?lalu=1&cari={linked.username}"):
        assert linked.username not in names(seen(inside(secretary), address))
        assert str(linked.uuid) not in seen(inside(secretary), address)
    assert names(seen(inside(secretary), BASE)) == ["Ani", "Budi", "Uji secretariat"]
    assert "Tambah tugas" not in seen(inside(secretary), f"{BASE}{linked.uuid}/")


def test_the_menu_leads_there_only_whoever_may() -> None:
    cycle, secretary = year()
    build.lokus(cycle)
    juror = build.member(Role.JUROR, "36.72", cycle=cycle)
    pages = [seen(inside(user), "/tahun/36-72-2024/") for user in (secretary, juror)]

    assert [(f'href="{BASE}"' in page, 'href="/jejak/"' in page) for page in pages] == [(True, True), (False, False)]
