"""/hadir/<token>/ without an account, and the secretariat's list of who came."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from selaras.actions.meetings import attend
from selaras.errors import InputError
from selaras.models import Attendance, AuditEntry, Cycle, Meeting
from tests import build
from tests.build_meetings import meeting, soon
from tests.build_programme import programme
from tests.web.cast import ani, citra, dewi, inside, secretary

pytestmark = pytest.mark.django_db
WHO = {"name": "Siti  Uji", "office": "Kabid, Dinas Uji", "sex": "P"}


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Tries of one test are not tries of the next."""
    cache.clear()


def address(of: Meeting) -> str:
    return f"/hadir/{of.attend_token}/"


def rows() -> list[tuple[str, str, str, bool]]:
    return list(Attendance.objects.order_by("id").values_list("name", "office", "sex", "by_qr"))


def test_whoever_is_there_writes_herself_down_once_without_an_account() -> None:
    held = soon(build.cycle(), timezone.now())
    client = Client()
    page = client.get(address(held)).content.decode()
    first = client.post(address(held), WHO)
    again = client.post(address(held), {**WHO, "name": "SITI UJI"})

    assert ("Rapat Uji" in page, "Saya hadir" in page) == (True, True)
    assert (first.status_code, again.status_code) == (302, 302)
    assert "sudah tercatat" in client.get(first.headers["Location"]).content.decode()
    assert rows() == [("Siti Uji", "Kabid, Dinas Uji", "P", True)]
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.actor, "Siti" in str(entry.details)) == ("meetings.attend", None, False)


@pytest.mark.parametrize(
    ("hours", "said"),
    [(2.1, "Daftar hadir dibuka"), (1.9, "Saya hadir"), (-11.9, "Saya hadir"), (-12.1, "Daftar hadir sudah ditutup")],
)
def test_the_list_is_open_from_two_hours_before_until_twelve_after(hours: float, said: str) -> None:
    held = soon(build.cycle(), timezone.now(), hours=hours)
    client = Client()
    page, answer = client.get(address(held)), client.post(address(held), WHO)

    assert (page.status_code, said in page.content.decode()) == (200, True)
    takes = said == "Saya hadir"
    assert (answer.status_code, len(rows())) == ((302, 1) if takes else (422, 0))


def test_in_a_closed_year_nobody_is_written_down_and_the_page_says_why() -> None:
    held = soon(build.cycle(), timezone.now())
    Cycle.objects.update(closed_at=timezone.now())
    page, answer = (ask(address(held)) for ask in (Client().get, lambda url: Client().post(url, WHO)))

    for response, status in ((page, 200), (answer, 422)):
        text = response.content.decode()
        told = ("Tahun program ini sudah ditutup" in text, "Saya hadir" in text)
        assert (response.status_code, told) == (status, (True, False))
    assert rows() == []
    with pytest.raises(InputError) as refused:
        attend(by=AnonymousUser(), token=held.attend_token, **WHO)
    assert [problem.code for problem in refused.value.problems] == ["attendance.closed"]


def test_a_cancelled_meeting_says_so_and_an_unknown_token_is_not_there() -> None:
    held = soon(build.cycle(), timezone.now())
    Meeting.objects.update(cancelled_at=timezone.now())
    client = Client()

    assert "dibatalkan" in client.get(address(held)).content.decode()
    assert client.post(address(held), WHO).status_code == 422
    assert [client.get("/hadir/lain/").status_code, client.post("/hadir/lain/", WHO).status_code] == [404, 404]
    assert rows() == []


@pytest.mark.parametrize("changes", [{"name": ""}, {"office": " "}, {"sex": ""}, {"sex": "X"}, {"name": "a" * 151}])
def test_what_is_left_out_is_asked_for_and_the_rest_kept(changes: dict[str, str]) -> None:
    held = soon(build.cycle(), timezone.now())
    response = Client().post(address(held), {**WHO, **changes})
    page = response.content.decode()

    assert (response.status_code, 'class="errorlist"' in page, rows()) == (422, True, [])
    assert ("Siti  Uji" in page or "name" in changes) is True


def test_a_flood_is_slowed_down() -> None:
    held = soon(build.cycle(), timezone.now())
    client = Client()
    statuses = [client.post(address(held), {**WHO, "name": ""}).status_code for _ in range(61)]

    assert statuses == [422] * 60 + [429]


def test_the_secretariat_sees_adds_corrects_and_deletes_and_women_are_counted() -> None:
    of = programme()
    held = soon(of.cycle, timezone.now())
    Client().post(address(held), WHO)
    client, url = inside(secretary(of)), f"/tahun/{of.cycle.slug}/rapat/{held.uuid}/hadir/"
    client.post(url, {"name": "Budi Uji", "office": "", "sex": "L"})
    client.post(url, {"name": "Tanpa Keterangan", "office": "", "sex": ""})
    page = client.get(url).content.decode()
    assert "<b>3 orang</b>: 1 perempuan, 1 laki-laki, 1 tidak tertulis." in page
    _first, second, third = Attendance.objects.order_by("id")
    client.post(f"{url}{second.pk}/", {"name": "Budi Santoso Uji", "office": "Bappeda", "sex": "L"})
    client.post(f"{url}{third.pk}/", {"hapus": "1"})

    assert rows() == [("Siti Uji", "Kabid, Dinas Uji", "P", True), ("Budi Santoso Uji", "Bappeda", "L", False)]
    actions = ["attend", "add_attendee", "add_attendee", "correct_attendee", "remove_attendee"]
    written = AuditEntry.objects.filter(action__startswith="meetings.").order_by("id").values_list("action", flat=True)
    assert list(written)[1:] == [f"meetings.{action}" for action in actions]
    assert client.post(url, {"name": "", "office": "", "sex": ""}).status_code == 422
    assert client.get(f"{url}{third.pk}/").status_code == 404


def test_the_list_is_nobody_elses_to_see() -> None:
    of = programme()
    held = soon(of.cycle, timezone.now())
    Client().post(address(held), WHO)
    row = Attendance.objects.get()
    url = f"/tahun/{of.cycle.slug}/rapat/{held.uuid}/hadir/"
    seen = {
        who.username: [inside(who).get(url + more).status_code for more in ("", f"{row.pk}/", "qr.svg")]
        for who in (citra(of), ani(of), dewi())
    }

    assert list(seen.values()) == [[403] * 3, [403] * 3, [404] * 3]
    assert Client().get(url).status_code == 302


def test_a_line_of_another_meeting_is_not_found_under_this_one() -> None:
    of = programme()
    here, there = soon(of.cycle, timezone.now()), soon(of.cycle, timezone.now())
    Client().post(address(there), WHO)
    url = f"/tahun/{of.cycle.slug}/rapat/{here.uuid}/hadir/{Attendance.objects.get().pk}/"
    client = inside(secretary(of))

    assert (client.get(url).status_code, client.post(url, {"hapus": "1"}).status_code) == (404, 404)
    assert len(rows()) == 1


def test_hours_are_those_of_the_place() -> None:
    """02.00 in UTC is 09.00 in Cilegon; the list opens at 07.00 there."""
    held = meeting(build.cycle(), starts=datetime(2030, 4, 25, 2, tzinfo=UTC), ends=None)
    page = Client().get(address(held)).content.decode()

    assert "pukul 07.00 WIB" in page
    assert "09.00 WIB" in page
