"""/tahun/<slug>/orang/undang/ and /undangan/: made and shown once, opened by link or code, closed with a reason."""

import re
from datetime import timedelta
from urllib.parse import unquote
from uuid import uuid4

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from selaras.actions import invitations as actions
from selaras.models import AuditEntry, Cycle, Invitation, Role, User
from tests import build
from tests.build_asks import asking, link
from tests.web.cast import inside

pytestmark = pytest.mark.django_db

INVITE = "/tahun/36-72-2024/orang/undang/"
STRONG = "kopi-pahit-di-teras-42"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Tries of one test are not tries of the next."""
    cache.clear()


def year() -> tuple[Cycle, User]:
    build.place("36.72.05.1005")
    cycle = build.cycle()
    return cycle, build.member(Role.SECRETARIAT, "36.72", cycle=cycle)


def asked(name: str = "Ani Uji", **more: str) -> dict[str, str]:
    task = {"t0-role": "cadre", "t0-place": "36.72.05.1005", "t0-rw": "3"}
    return {"full_name": name, "key": str(uuid4()), **task, **more}


def made(secretary: User, where: str = INVITE, **more: str) -> tuple[str, str]:
    """Link and code, as the page shows them."""
    text = inside(secretary).post(where, asked(**more)).content.decode()
    link = re.findall(r"<code>(http[^<]+/undangan/[\w-]{43}/)</code>", text)
    code = re.findall(r'class="typed">([A-Z2-7 ]+)<', text)
    assert (len(link), len(code)) == (1, 1)
    return link[0].removeprefix("http://127.0.0.1:8000"), code[0]


def test_the_page_shows_link_message_and_slip_and_only_this_once() -> None:
    _, secretary = year()
    client, given = inside(secretary), asked()
    response = client.post(INVITE, given)
    text = response.content.decode()
    link = re.findall(r"<code>(http[^<]+/undangan/[\w-]{43}/)</code>", text)[0]
    message = unquote(re.findall(r'href="https://wa.me/\?text=([^"]+)"', text)[0])

    assert (response.status_code, "no-store" in response.headers["Cache-Control"]) == (200, True)
    assert message == (
        "Halo Ani Uji, Anda diundang memakai Selaras untuk P2WKSS Kota Cilegon 2024. Buka tautan ini, lalu pilih nama "
        f"pengguna dan kata sandi:\n{link}\nTautan hanya untuk Anda dan hanya sekali pakai."
    )
    assert re.findall(r'class="typed">((?:[A-Z2-7]{4} ){3}[A-Z2-7]{4})<', text) != []
    assert re.findall(r'<path d="M2 2h1v1h-1z', text) != []
    again = client.post(INVITE, given)
    assert (again.status_code, "hanya ditampilkan sekali" in again.content.decode()) == (422, True)
    assert [link.split("/")[-2] in page for page in (client.get(INVITE[:-7]).content.decode(), text)] == [False, True]
    assert Invitation.objects.count() == 1


def test_several_tasks_come_in_one_invitation_and_clashing_ones_are_refused() -> None:
    _, secretary = year()
    client = inside(secretary)
    second = {"t1-role": "protection", "t1-place": "", "t1-rw": ""}
    fine = client.post(INVITE, asked(**second))
    clash = client.post(INVITE, asked(**{**second, "t1-role": "juror"}))
    half = client.post(INVITE, asked(name=" "))
    no_place = client.post(INVITE, asked(**{**second, "t1-role": "supervisor"}))

    assert [page.status_code for page in (fine, clash, half, no_place)] == [200, 422, 422, 422]
    assert re.findall(r'<select name="([\w-]+)"[^>]* aria-invalid="true"', no_place.content.decode()) == ["t1-place"]
    assert "yang dinilai tidak menilai" in clash.content.decode()
    assert [role["role"] for role in Invitation.objects.get().roles] == ["cadre", "protection"]


def test_the_link_says_what_it_is_for_and_leads_in() -> None:
    cycle, secretary = year()
    build.lokus(cycle)
    link, _ = made(secretary)
    client = Client()
    text = client.get(link).content.decode()
    response = client.post(link, {"username": "ani", "password": STRONG})

    assert [
        piece
        for piece in (
            "Selamat datang, Ani Uji",
            "<b>Kader</b>, Kelurahan Gedong Dalem, RW 03 (P2WKSS 2024)",
            "10 karakter",
        )
        if piece not in text
    ] == []
    assert (response.headers["Location"], client.get("/", follow=True).redirect_chain) == (
        "/",
        [("/kader/", 302)],
    )
    last = AuditEntry.objects.order_by("-id").values_list("action", flat=True)[:2]
    assert list(last) == ["people.sign_in", "invitations.open"]


def test_the_code_from_paper_leads_to_the_same_page() -> None:
    _, secretary = year()
    _, code = made(secretary)
    client = Client()
    response = client.post("/undangan/", {"code": code.lower()})

    assert (response.status_code, response.headers["Location"]) == (302, f"/undangan/{code.lower().replace(' ', '')}/")
    assert "Selamat datang, Ani Uji" in client.get(response.headers["Location"]).content.decode()
    wrong = client.post("/undangan/", {"code": "ABCD EFGH"})
    assert (wrong.status_code, "kode ini tidak dikenal" in wrong.content.decode()) == (422, True)
    empty = client.post("/undangan/", {"code": ""})
    assert (empty.status_code, "Ketik kodenya" in empty.content.decode()) == (422, True)


def test_a_closed_one_says_why_and_what_to_do() -> None:
    _, secretary = year()
    links = [made(secretary)[0] for _ in range(3)]
    used, revoked, expired = Invitation.objects.order_by("pk")
    Client().post(links[0], {"username": "ani", "password": STRONG})
    actions.revoke(by=secretary, cycle_slug="36-72-2024", invitation=revoked.uuid)
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    pages = [Client().get(link) for link in (*links, "/undangan/tidak-ada/")]
    posts = [Client().post(link, {"username": "lain", "password": STRONG}).status_code for link in links]

    headings = [re.findall(r"<h1>([^<]+)</h1>", page.content.decode())[0] for page in pages]
    assert headings == [
        "Undangan ini sudah dipakai",
        "Undangan ini sudah dibatalkan",
        "Masa berlaku undangan ini sudah lewat",
        "Undangan ini tidak dikenal",
    ]
    assert [page.status_code for page in pages] == [410, 410, 410, 404]
    assert posts == [410, 410, 410]
    assert f"Minta yang baru kepada {secretary.full_name}" in pages[2].content.decode()
    assert used.full_name not in "".join(page.content.decode() for page in pages)


def test_a_taken_name_and_a_weak_password_are_said_beside_their_fields() -> None:
    _, secretary = year()
    link, _ = made(secretary)
    response = Client().post(link, {"username": secretary.username, "password": "12345"})
    text = response.content.decode()

    assert (response.status_code, len(re.findall(r'aria-invalid="true"', text))) == (422, 2)
    assert "Nama pengguna itu sudah dipakai" in text
    assert Invitation.objects.get().used_at is None


def test_who_is_signed_in_takes_the_task_with_her_account_and_a_juror_does_not() -> None:
    cycle, secretary = year()
    link, _ = made(secretary)
    nurse, juror = (build.member(role, "36.72", cycle=cycle) for role in (Role.PROTECTION, Role.JUROR))
    refused = inside(juror).post(link)
    assert "Tugas ini ditambahkan ke akun itu" in inside(nurse).get(link).content.decode()
    taken = inside(nurse).post(link)

    assert (refused.status_code, "yang dinilai tidak menilai" in refused.content.decode()) == (422, True)
    assert (taken.headers["Location"], nurse.memberships.count(), juror.memberships.count()) == ("/", 2, 1)


def test_a_way_back_keeps_the_name_and_asks_for_the_second_step() -> None:
    cycle, secretary = year()
    ani = build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle)
    TOTP.activate(ani, "JBSWY3DPEHPK3PXP")
    given = actions.invite_again(by=secretary, cycle_slug=cycle.slug, person=ani.uuid, key=uuid4())
    client, link = Client(), f"/undangan/{given.token}/"
    text = client.get(link).content.decode()
    response = client.post(link, {"username": "lain", "password": STRONG})

    assert ('name="username" autocomplete="username" value="' + ani.username in text, "Buat akun" in text) == (
        True,
        False,
    )
    assert (response.headers["Location"], client.get("/akun/").status_code) == ("/masuk/", 302)
    assert User.objects.get(pk=ani.pk).check_password(STRONG)
    other = actions.invite_again(by=secretary, cycle_slug=cycle.slug, person=ani.uuid, key=uuid4())
    refused = inside(secretary).post(f"/undangan/{other.token}/")
    assert (refused.status_code, "milik akun lain" in refused.content.decode()) == (422, True)


def test_changing_her_password_shuts_every_other_way_into_her_account() -> None:
    cycle, secretary = year()
    ani = build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle)
    ani.set_password(STRONG)
    ani.save()
    hers = actions.invite_again(by=secretary, cycle_slug=cycle.slug, person=ani.uuid, key=uuid4())
    another, _code = made(secretary)
    new = "teh-tawar-di-beranda-17"
    given = {"oldpassword": STRONG, "password1": new, "password2": new}
    assert inside(ani).post("/akun/sandi/", given).status_code == 302

    pages = {link: Client().get(link).status_code for link in (f"/undangan/{hers.token}/", another)}
    assert pages == {f"/undangan/{hers.token}/": 410, another: 200}
    Client().post(f"/undangan/{hers.token}/", {"username": "lain", "password": STRONG})
    assert User.objects.get(pk=ani.pk).check_password(new)


def test_an_account_opened_in_a_browser_of_a_link_is_signed_in_no_longer_than_any() -> None:
    of = asking()
    given = link(of)
    invited, _code = made(of.secretary, where=f"/tahun/{of.slug}/orang/undang/")
    client = Client()
    client.post(f"/opd/{given.token}/kode/", {"kode": given.code})
    longer = client.session.get_expiry_age()
    client.post(invited, {"username": "ani", "password": STRONG})

    assert (longer > settings.SESSION_COOKIE_AGE, client.get("/akun/").status_code) == (True, 200)
    assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE


def test_guessing_is_slowed_down_by_code_and_by_password() -> None:
    _, secretary = year()
    link, _ = made(secretary)
    client = Client()
    by_code = [client.post("/undangan/", {"code": f"abcd{n}"}).status_code for n in range(21)]
    by_link = client.post(link, {"username": "ani", "password": STRONG}).status_code
    cache.clear()
    after = client.post(link, {"username": "ani", "password": STRONG}).status_code

    assert by_code == [422] * 20 + [429]
    assert (by_link, after) == (429, 302)


def test_only_whoever_gives_tasks_there_may_invite_or_revoke() -> None:
    cycle, secretary = year()
    made(secretary)
    uuid = Invitation.objects.get().uuid
    revoke = f"/tahun/36-72-2024/orang/undangan/{uuid}/batalkan/"
    build.place("36.73")
    build.place("36.72.05.1001")
    others = [
        build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle),
        build.member(Role.SUPERVISOR, "36.72.05.1001", cycle=cycle),
        build.member(Role.SECRETARIAT, "36.73"),
    ]

    assert [inside(user).get(INVITE).status_code for user in others] == [403, 200, 404]
    refused = inside(others[1]).post(INVITE, asked())
    assert (refused.status_code, Invitation.objects.count()) == (422, 1)
    assert [inside(user).post(revoke).status_code for user in others] == [403, 404, 404]
    assert inside(secretary).post(revoke).headers["Location"] == "/tahun/36-72-2024/orang/"
    assert "dibatalkan" in inside(secretary).get("/tahun/36-72-2024/orang/").content.decode()


def test_who_may_give_no_cadres_task_is_asked_for_no_rw_and_told_nothing_of_officers() -> None:
    _, secretary = year()
    pages = [inside(user).get(INVITE).content.decode() for user in (secretary, build.member(Role.PROVINCE, "36"))]

    assert [[words in page for words in ('name="t0-rw"', "dikenali orang", "Tugasnya")] for page in pages] == [
        [True, True, True],
        [False, False, True],
    ]


def test_sign_in_leads_to_the_page_for_a_paper_invitation() -> None:
    assert 'href="/undangan/"' in Client().get("/masuk/").content.decode()


def test_an_administrator_finds_the_invitations_of_province_and_server_in_the_list_too() -> None:
    _, secretary = year()
    admin = build.member(Role.ADMINISTRATOR)
    for name, role in (("Sari Uji", "administrator"), ("Dian Uji", "province")):
        inside(admin).post(INVITE, {"full_name": name, "key": str(uuid4()), "t0-role": role, "t0-years": "all"})
    lists = [inside(user).get("/tahun/36-72-2024/orang/").content.decode() for user in (admin, secretary)]

    assert [[name for name in ("Sari Uji", "Dian Uji") if name in text] for text in lists] == [
        ["Sari Uji", "Dian Uji"],
        [],
    ]
