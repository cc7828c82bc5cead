"""A city that has only its province's year publishes no hand-overs: pages say why and what to do, nothing comes out."""

import re
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.facts import Entry, record_facts
from selaras.actions.hand_overs import keep_back, publish_due
from selaras.actions.published_measures import take_all
from selaras.models import Cycle, Fact, Publication, PublicationKind, Role
from selaras.queries.cards import card_of
from selaras.queries.protection import Silence
from selaras.queries.silences import Reasons, silent_card
from tests import build
from tests.build_programme import Programme, publish
from tests.cases.build import ticket
from tests.sample_workbook import changed
from tests.web.cast import inside

pytestmark = pytest.mark.django_db
#: What counts for the next year can still come out, whichever day it is.
YEAR = timezone.localdate().year + 1
FIRST_DAY = datetime(2024, 7, 15, 3, tzinfo=UTC)
WORKBOOK = changed(
    ("indicators", "N6", "handover_24h"), ("indicators", "F6", "linear"),
    ("indicators", "K6", 0), ("indicators", "L6", 1),
)  # fmt: skip
REMEDY = (
    f"Tidak terbit: kota atau kabupaten ini belum punya tahun program {YEAR} sendiri. Angkanya terbit hanya bila "
    "sekretariatnya membuka tahun itu dan menugaskan petugas perlindungan paling lambat 30 hari sebelum hari "
    "terbitnya. Angkanya hanya dari rekap rujukan yang terbit."
)


def page(year: int = YEAR) -> str:
    return f"/tahun/36-{year}/lokus/36.72.05.1005/"


def banten(year: int = YEAR) -> Programme:
    """The province's own year, with a lokus in Cilegon and one in Serang, and something that has a score."""
    cycle = build.cycle("36", year)
    here = build.lokus(cycle, "36.72.05.1005")
    build.lokus(cycle, "36.73.01.1001", "SR")
    of = Programme(cycle, here, build.baseline(cycle), publish(WORKBOOK, cycle))
    facts = [Entry("sk", option="a", source="SK Gubernur")]
    record_facts(by=CONSOLE, lokus=here, round_=None, version=of.version, facts=facts)
    return of


def told(of: Programme, area: str = "36.72.05.1005") -> Silence:
    return Reasons(of.cycle).of(area)["handover_24h"]


def out(city: str = "36.72") -> None:
    """A half-year of that city."""
    cells = [[city, "h1", name, "", "", count] for name, count in (("received_in_time", 30), ("received_due", 40))]
    Publication.objects.create(
        kind=PublicationKind.HAND_OVERS, place_code=city, year=YEAR, number=1, period="h1", cells=cells,
        source="Ruang perlindungan", as_of=date(2024, 11, 1), threshold=5,
    )  # fmt: skip


def test_where_nothing_can_come_out_the_pages_say_so_and_what_to_do() -> None:
    of = banten()
    lurah = build.member(Role.SUPERVISOR, of.lokus.area, cycle=of.cycle)
    # Another year of its own is none of those that count.
    build.in_time(build.cycle("36.72", YEAR + 1))
    assert REMEDY in inside(lurah).get(f"{page()}indikator/saluran/").content.decode()
    item = inside(lurah).get(f"{page()}kesiapan/contoh/saluran/").content.decode()
    assert REMEDY.partition(" Angkanya")[0] in item
    silent = silent_card(card_of(of.lokus, of.round, of.version), Reasons(of.cycle))
    assert silent is not None
    assert [why for _label, why in silent.lines] == [Silence.NO_YEAR]
    # A year that was typed in from before publishes nothing, nor does another city's.
    past = Cycle.objects.create(
        slug="lalu", programme="P2WKSS", year=YEAR - 1, place=build.place("36.72"), source="Buku lama"
    )
    build.cycle("36.73", YEAR)
    assert (told(of), told(of, "36.73.01.1001")) == (Silence.NO_YEAR, Silence.NOT_YET)
    # What comes out in the second half of the year before counts too, so that year is enough.
    past.source = ""
    past.save()
    build.in_time(past)
    assert told(of) == Silence.NOT_YET


def test_where_it_is_too_late_to_open_a_year_no_page_says_that_opening_one_helps() -> None:
    of = banten(2024)
    lurah = build.member(Role.SUPERVISOR, of.lokus.area, cycle=of.cycle)

    def said() -> str:
        return inside(lurah).get(f"{page(2024)}kesiapan/contoh/saluran/").content.decode()

    never = "Tidak akan terbit: sebelum hari terbitnya tahun program kota atau kabupaten ini dibuka"
    assert (told(of), never in said(), "belum punya tahun program" in said()) == (Silence.UNREFUSED, True, False)
    build.cycle("36.72")
    assert (told(of), never in said()) == (Silence.UNREFUSED, True)


def test_by_its_citys_own_year_a_lokus_has_the_share_or_the_reason_of_the_city() -> None:
    of = banten()
    build.cycle("36.72", YEAR)
    officer = build.member(Role.PROTECTION, "36.72")
    assert told(of) == Silence.NOT_YET
    out()
    assert (take_all(timezone.now()), take_all(timezone.now())) == (1, 0)
    found = Fact.objects.get(indicator__name="saluran")
    assert (found.lokus, found.value) == (of.lokus, pytest.approx(0.75))
    # A choice of the city is said of its loci in the province's year too, and never of another city's.
    keep_back(by=officer, cycle_slug=f"36-72-{YEAR}", year=str(YEAR - 1), period="h2", reason="choice")
    assert (told(of), told(of, "36.73.01.1001")) == (Silence.CHOICE, Silence.NO_YEAR)
    silent = silent_card(card_of(of.lokus, of.round, of.version), Reasons(of.cycle))
    assert silent is not None
    assert [why for _label, why in silent.lines] == [Silence.CHOICE]


def test_no_report_changes_what_a_provinces_year_says_and_nothing_comes_out_that_nobody_could_keep_back() -> None:
    """Somebody who reads the pages every day, and knows who might have reported, learns nothing from them: with reports
    of the city and without any they are the same to the byte, before and after the day on which a city's come out."""
    of = banten(2024)
    lurah = build.member(Role.SUPERVISOR, of.lokus.area, cycle=of.cycle)

    def pages() -> list[tuple[int, str]]:
        client = inside(lurah)
        found = [client.get(f"{page(2024)}{path}") for path in ("", "indikator/saluran/", "kesiapan/contoh/saluran/")]
        return [(each.status_code, without_tokens(each.content)) for each in found]

    without = pages()
    march = datetime(2024, 3, 4, 3, tzinfo=UTC)
    for number in range(12):
        ticket(now=march, place="36.72.05.1005", received_at=march.replace(hour=5 + number % 3), must_pass=False)
    assert (publish_due(FIRST_DAY), publish_due(timezone.now()), Publication.objects.count()) == (0, 0, 0)
    assert (pages(), [status for status, _text in without]) == (without, [200] * 3)
    # Nor when the city opens that year afterwards, with or without an officer: nobody had time to keep it back.
    city = build.cycle("36.72")
    assert (publish_due(FIRST_DAY), publish_due(timezone.now())) == (0, 0)
    build.member(Role.PROTECTION, "36.72")
    assert (publish_due(FIRST_DAY), publish_due(timezone.now()), Publication.objects.count()) == (0, 0, 0)
    # The control: in the city's own year it comes out on its day.
    build.in_time(city)
    assert publish_due(FIRST_DAY) == 1


def without_tokens(page: bytes) -> str:
    """Without what is drawn anew for each page."""
    return re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page.decode())
