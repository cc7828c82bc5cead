"""What changed of somebody's tasks is said where she lands, until she closes it or for two weeks."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from selaras.access import CONSOLE
from selaras.actions import people as actions
from selaras.actions.handover import hand_over_all
from selaras.models import AuditEntry, Cycle, Membership, Role, User
from selaras.queries.task_news import task_news
from tests import build
from tests.build_programme import programme
from tests.web.cast import inside

pytestmark = pytest.mark.django_db
NEWS = re.compile(r'aria-labelledby="penugasan-berubah".*?</section>', re.DOTALL)
STRONG = "kopi-pahit-di-teras-42"
TODAY = r"\d+\s\w+\s\d{4}"


def year() -> tuple[Cycle, User]:
    cycle = programme().cycle
    return cycle, told(build.member(Role.SECRETARIAT, "36.72", cycle=cycle))


def told(user: User, days: int = 30) -> User:
    """She has signed in, and read everything so many days ago."""
    User.objects.filter(pk=user.pk).update(tasks_told_at=timezone.now() - timedelta(days=days))
    return User.objects.get(pk=user.pk)


def cadre(cycle: Cycle, name: str, rw: str = "03") -> User:
    user = build.member(Role.CADRE, f"36.72.05.1005.RW{rw}", cycle=cycle)
    User.objects.filter(pk=user.pk).update(full_name=name)
    return told(user)


def news(client: Client) -> list[str]:
    """What her landing page says, line by line, without days."""
    found = NEWS.search(client.get("/", follow=True).content.decode())
    lines = re.findall(r"<li>(.*?)</li>", found[0], re.DOTALL) if found else []
    return [re.sub(rf"sejak {TODAY}", "sejak HARI", unescape(re.sub(r"<[^>]+>", " ", line))) for line in lines]


def squeezed(lines: list[str]) -> list[str]:
    return [" ".join(line.split()).replace(" ,", ",") for line in lines]


def test_a_task_given_ended_or_handed_over_is_said_with_what_and_since_when() -> None:
    cycle, secretary = year()
    ani, budi = cadre(cycle, "Ani"), cadre(cycle, "Budi", "04")
    assert (news(inside(ani)), news(inside(budi))) == ([], [])
    actions.assign(by=CONSOLE, user=budi, role=Role.PROTECTION, place_code="36.72", starts=timezone.now())
    ids = [row.pk for row in ani.memberships.all()]
    hand_over_all(by=secretary, cycle_slug=cycle.slug, person=ani.uuid, to=budi.uuid, listed=ids)
    actions.end_task(by=CONSOLE, membership=budi.memberships.get(place_code__endswith="RW04"))

    there = "Kelurahan Gedong Dalem, RW {} · P2WKSS 2024"
    assert squeezed(news(inside(ani))) == [f"Berakhir: Kader, sejak HARI, diserahkan kepada Budi {there.format('03')}"]
    assert squeezed(news(inside(budi))) == [
        f"Berakhir: Kader, sejak HARI {there.format('04')}",
        f"Baru: Kader, sejak HARI, diterima dari Ani {there.format('03')}",
        "Baru: Petugas perlindungan, sejak HARI Kota Cilegon · semua tahun",
    ]
    assert news(inside(secretary)) == []


def test_it_is_said_until_she_closes_it_and_what_comes_later_is_said_again() -> None:
    cycle, _secretary = year()
    ani = cadre(cycle, "Ani")
    actions.assign(by=CONSOLE, user=ani, role=Role.PROTECTION, place_code="36.72")
    client = inside(ani)
    page = client.get("/", follow=True).content.decode()
    shown = unescape(re.findall(r'name="sampai" value="([^"]+)"', page)[0])
    actions.end_task(by=CONSOLE, membership=ani.memberships.get(role=Role.PROTECTION))
    for _ in range(2):
        assert client.post("/akun/penugasan/dibaca/", {"sampai": shown}).headers["Location"] == "/"

    assert squeezed(news(client)) == ["Berakhir: Petugas perlindungan, sejak HARI Kota Cilegon · semua tahun"]
    entries = AuditEntry.objects.filter(action="people.read_task_news").values_list("actor", "object_id")
    assert list(entries) == [(ani.pk, str(ani.uuid))]
    for wrong in ("", "x", "2024-01-01", "9999-12-31T00:00:00", "0001-01-01T00:00:00+14:00", "\0"):
        assert client.post("/akun/penugasan/dibaca/", {"sampai": wrong}).status_code == 302
    assert len(news(client)) == 1
    client.post("/akun/penugasan/dibaca/", {"sampai": "2999-01-01T00:00:00+00:00"})
    later = build.agency()
    assert news(client) == []
    actions.assign(by=CONSOLE, user=ani, role=Role.LIAISON, agency=later)
    assert len(news(client)) == 1


def test_after_two_weeks_it_is_no_news() -> None:
    cycle, _secretary = year()
    ani = cadre(cycle, "Ani")
    now = timezone.now()
    Membership.objects.filter(user=ani).update(starts=now - timedelta(days=20), ends=now - timedelta(days=13))
    found = {days: task_news(ani, now=now + timedelta(days=days)) for days in (0, 2)}

    assert {days: page and len(page.changes) for days, page in found.items()} == {0: 1, 2: None}


def test_a_task_that_begins_later_is_said_when_it_begins_and_one_that_never_was_is_not() -> None:
    cycle, _secretary = year()
    ani, now = cadre(cycle, "Ani"), timezone.now()
    later = now + timedelta(days=3)
    actions.assign(by=CONSOLE, user=ani, role=Role.PROTECTION, place_code="36.72", starts=later)
    budi = cadre(cycle, "Budi", "04")
    Membership.objects.filter(user=budi).update(starts=now, ends=now)

    assert task_news(ani, now=now) is None
    after = task_news(ani, now=now + timedelta(days=4))
    assert after is not None
    assert [(change.kind, change.at) for change in after.changes] == [("begun", later)]
    assert task_news(budi, now=now + timedelta(days=1)) is None


def test_what_she_was_given_with_her_account_is_no_change() -> None:
    cycle, secretary = year()
    ani = actions.create_user(by=secretary, area="36.72", username="ani", full_name="Ani", password=STRONG)
    actions.assign(by=secretary, user=ani, role=Role.CADRE, place_code="36.72.05.1005", cycle=cycle)
    client = Client()
    client.post("/masuk/", {"login": "ani", "password": STRONG})

    assert (news(client), User.objects.get(pk=ani.pk).tasks_told_at is None) == ([], False)
    actions.assign(by=secretary, user=ani, role=Role.PROTECTION, place_code="36.72", cycle=cycle)
    assert len(news(client)) == 1


def test_it_stands_where_she_lands_and_on_no_other_page() -> None:
    cycle, _secretary = year()
    ani = cadre(cycle, "Ani")
    actions.assign(by=CONSOLE, user=ani, role=Role.PROTECTION, place_code="36.72")
    client, base = inside(ani), f"/tahun/{cycle.slug}/"
    pages = (base, f"{base}lokus/36.72.05.1005/", f"{base}kegiatan/", "/akun/")

    assert [bool(NEWS.search(client.get(page).content.decode())) for page in pages] == [True, True, False, False]
    Membership.objects.filter(user=ani).update(ends=datetime(2024, 1, 2, tzinfo=UTC))
    actions.assign(by=CONSOLE, user=ani, role=Role.JUROR, place_code="36.72", cycle=cycle)
    actions.end_task(by=CONSOLE, membership=ani.memberships.get(role=Role.JUROR))
    assert "Anda belum ditugaskan" in client.get("/").content.decode()
    assert len(news(client)) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_the_news_cost_the_same_for_one_change_and_for_many(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cycle, _secretary = year()
    ani = cadre(cycle, "Ani")
    for role in (Role.PROTECTION, Role.LEADER, Role.SECRETARIAT)[:count]:
        Membership.objects.create(user=ani, role=role, place_code="36.72", cycle=cycle)
    with django_assert_num_queries(3):
        found = task_news(ani)
    assert found is not None
    assert len(found.changes) == count
