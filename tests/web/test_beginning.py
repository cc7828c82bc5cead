"""From an empty database to a year with two loci, by pages alone: a city that is not in the demo."""

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from selaras.access import has_role
from selaras.actions.jobs import work_off
from selaras.actions.people import first_code
from selaras.models import AuditEntry, Cycle, InstrumentVersion, Job, Lokus, Place, Role, User
from selaras.queries.usual import usual_rounds, usual_stages
from tests import build
from tests.web.cast import inside
from tests.web.sent import fields_of

pytestmark = pytest.mark.django_db(transaction=True)
SAID = {"full_name": "Ani Uji", "username": "ani", "password": "kenanga-lumbung-9174"}


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    """Tries of one test are not tries of the next."""
    cache.clear()
    yield
    cache.clear()


def first_administrator() -> Client:
    """Made at /mulai/ and signed in at /masuk/, as on a new server."""
    client = Client()
    client.post("/mulai/", {**SAID, "code": first_code()})
    signed_in = client.post("/masuk/", {"login": "ani", "password": SAID["password"]})
    assert signed_in.headers["Location"] == "/"
    return client


def follow(client: Client, page: str, words: str) -> str:
    """The address behind the link of these words on that page."""
    text = client.get(page).content.decode()
    links = re.findall(r'<a[^>]* href="([^"]*)"[^>]*>(.*?)</a>', text, re.DOTALL)
    return next(url for url, label in links if words in re.sub(r"<[^>]*>", "", label))


def test_a_city_that_is_not_in_the_demo_gets_its_first_year_by_pages_alone() -> None:
    client = first_administrator()
    places = follow(client, "/", "Pilih provinsi")
    assert client.post(places, {"provinsi": "36"}).headers["Location"] == places
    waiting = client.get(places)
    assert (waiting.headers["Refresh"], "Menunggu giliran." in waiting.content.decode()) == ("2", True)
    work_off()
    loaded = client.get(places)
    assert ("Refresh" in loaded.headers, Place.objects.filter(code="36.73.01.1007").exists()) == (False, True)

    opening = follow(client, places, "Buka tahun program")
    choices = client.get(opening).content.decode()
    assert '<option value="36.73">Kota Serang</option>' in choices
    proposal = f"{opening}?wilayah=36.73&tahun=2027"
    typed = fields_of(client.get(proposal))
    published = fields_of(client.post(opening, {**typed, "programme": "P2WKSS Serang", "terbitkan": "p2wkss"}))
    assert (published["programme"], len(published["versions"])) == ("P2WKSS Serang", 3)
    begun = client.post(opening, {**published, "programme": "P2WKSS"})
    assert begun.headers["Location"] == "/tahun/kota-serang-2027/atur/"

    loci = follow(client, "/tahun/kota-serang-2027/atur/", "Tetapkan lokus")
    for code, rw in (("36.73.01.1007", "3"), ("36.73.01.1002", "")):
        given = {"bagian": "tambah", "place": code, "rw": rw, "letters": "", "target_size": "100"}
        assert client.post(loci, given).headers["Location"] == loci
    assert client.get("/").headers["Location"] == "/tahun/kota-serang-2027/"

    as_proposed(Cycle.objects.get())
    by_ani(User.objects.get(username="ani"))


def test_a_year_of_another_programme_begins_with_its_own_instruments_and_name() -> None:
    client = first_administrator()
    build.place("36.73")
    opening = "/tahun/baru/?wilayah=36.73&tahun=2027"
    typed = fields_of(client.get(opening))
    client.post("/tahun/baru/", {**typed, "terbitkan": "p2wkss"})
    published = fields_of(client.post("/tahun/baru/", {**typed, "terbitkan": "krppa"}))
    chosen = InstrumentVersion.objects.filter(pk__in=published["versions"]).order_by("pk")
    assert [version.instrument for version in chosen] == ["krppa", "ibangga", "phbs"]
    assert (published["programme"], published["primary"]) == ("KRPPA", str(chosen[0].pk))
    assert client.post("/tahun/baru/", published).headers["Location"] == "/tahun/krppa-kota-serang-2027/atur/"
    # Both sets are published by now: a year that begins from nothing is proposed with one of them, not with all.
    afresh = fields_of(client.get(f"{opening}&dari="))
    proposed = InstrumentVersion.objects.filter(pk__in=afresh["versions"]).order_by("pk")
    assert [version.instrument for version in proposed] == ["p2wkss", "keluarga-sejahtera", "iks"]
    assert "P2WKSS" not in client.get("/tahun/krppa-kota-serang-2027/atur/").content.decode().replace(
        "P2WKSS (contoh", ""
    )


def as_proposed(cycle: Cycle) -> None:
    """The year has what the page proposed, and the two loci."""
    stages = [(stage.name, stage.starts, stage.ends) for stage in cycle.stages.all()]
    assert stages == [(stage.name, stage.starts, stage.ends) for stage in usual_stages(2027)]
    rounds = [(row.kind, row.opens, row.closes) for row in cycle.rounds.all()]
    assert rounds == [(row.kind, row.opens, row.closes) for row in usual_rounds(2027)]
    used = {row.version.instrument: row.primary for row in cycle.cycle_instruments.select_related("version")}
    assert used == {"p2wkss": True, "keluarga-sejahtera": False, "iks": False}
    assert list(cycle.loci.values_list("area", "prefix", "representative")) == [
        ("36.73.01.1002", "CP", None),
        ("36.73.01.1007.RW03", "UN", None),
    ]


def by_ani(ani: User) -> None:
    """She is administrator and secretariat, and each of her steps was written down."""
    assert (has_role(ani, Role.ADMINISTRATOR), has_role(ani, Role.SECRETARIAT)) == (True, True)
    actions = AuditEntry.objects.filter(actor=ani).order_by("id").values_list("action", flat=True)
    assert [each for each in actions if not each.startswith(("people.sign", "people.first"))] == [
        "places.request_load",
        "places.load",
        "instruments.publish",
        "instruments.publish",
        "instruments.publish",
        "cycles.open",
        "people.assign",
        "cycles.plan",
        "cycles.add_lokus",
        "cycles.add_lokus",
    ]


def test_places_are_the_administrators() -> None:
    secretary, administrator = build.member(Role.SECRETARIAT, "36.72"), build.member(Role.ADMINISTRATOR)

    assert Client().get("/wilayah/").status_code == 302
    assert inside(secretary).get("/wilayah/").status_code == 403
    assert inside(secretary).post("/wilayah/", {"provinsi": "36"}).status_code == 403
    assert inside(administrator).post("/wilayah/", {"provinsi": "99"}).status_code == 422
    assert Job.objects.count() == 0


def test_a_province_is_loaded_once_at_a_time_and_says_how_far_it_is() -> None:
    client = inside(build.member(Role.ADMINISTRATOR))
    for _ in range(2):
        client.post("/wilayah/", {"provinsi": "36"})
    job = Job.objects.get()
    Job.objects.filter(pk=job.pk).update(
        state="running", done=1000, total=1716, leased_by="lain:1", heartbeat_at=timezone.now()
    )
    client.post("/wilayah/", {"provinsi": "36"})
    page = client.get("/wilayah/").content.decode()

    assert (Job.objects.count(), "1.000 dari 1.716 wilayah dimuat" in page) == (1, True)
    Job.objects.filter(pk=job.pk).update(state="failed", note="listrik padam")
    failed = client.get("/wilayah/")
    assert ("listrik padam" in failed.content.decode(), "Refresh" in failed.headers) == (True, False)
    client.post("/wilayah/", {"provinsi": "36"})
    work_off()
    assert "kelurahan dan desa" in client.get("/wilayah/").content.decode()


def test_whoever_waits_for_a_task_is_not_led_on() -> None:
    people = {"idle": build.user(), "secretary": build.member(Role.SECRETARIAT, build.place("36.72").code)}
    pages = {who: inside(user).get("/").content.decode() for who, user in people.items()}

    assert {who: ("Anda belum ditugaskan" in page, 'href="/tahun/baru/"' in page) for who, page in pages.items()} == {
        "idle": (True, False),
        "secretary": (False, True),
    }
    assert Lokus.objects.count() == 0
