"""/tahun/…/angka-layanan/: published counts for the city's own, recaps for its protection officer alone."""

import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags
from python_calamine import CalamineWorkbook

from selaras.access import CONSOLE
from selaras.actions.facts import Entry, record_facts
from selaras.models import AuditEntry, Cycle, Publication, PublicationRule, Recap, Role, User
from tests import build
from tests.build_programme import programme
from tests.build_recaps import AGES, book, kecamatan, women
from tests.build_workbook import workbook
from tests.cases import people
from tests.sample_workbook import changed

pytestmark = pytest.mark.django_db
HERE = "/tahun/36-72-2024/angka-layanan/"
NEVER = "no-cache, no-store, must-revalidate, private"


@pytest.fixture
def cycle() -> Cycle:
    made = build.cycle()
    kecamatan()
    return made


def signed_in(user: User) -> Client:
    """With a second step of just now; an officer's is known."""
    return people.signed_in(user)


@pytest.fixture
def eka(cycle: Cycle) -> Client:
    return signed_in(build.member(Role.PROTECTION, "36.72", cycle=cycle))


def brought(client: Client, content: bytes | None = None, **said: str) -> Recap:
    file = SimpleUploadedFile("rekap.xlsx", content or book())
    typed = {"tahun": "2023", "sumber": "SIMFONI PPA", "per": "2024-01-31", "penduduk": "BPS", "berkas": file, **said}
    answer = client.post(f"{HERE}rekap/baru/", typed)
    assert answer.status_code == 302, answer.content.decode()
    recap = Recap.objects.get(state="waiting")
    assert answer.headers["Location"] == f"{HERE}rekap/{recap.uuid}/"
    return recap


def test_a_recap_goes_from_the_file_to_the_published_page(eka: Client) -> None:
    recap = brought(eka)
    waiting = eka.get(f"{HERE}rekap/{recap.uuid}/")
    assert (waiting.status_code, waiting.headers["Cache-Control"].split(", ").sort()) == (200, NEVER.split(", ").sort())
    page = waiting.content.decode()
    assert "Terbitkan rekap 2023?" in page
    assert "Tidak menerbitkan selalu boleh" in page
    secretary = signed_in(build.member(Role.SECRETARIAT, "36.72"))
    assert "Belum ada angka yang diterbitkan" in secretary.get(HERE).content.decode()

    answer = eka.post(f"{HERE}rekap/{recap.uuid}/terbit/")
    assert (answer.status_code, answer.headers["Location"]) == (302, HERE)
    shown = secretary.get(HERE).content.decode()
    assert "Laporan per 1.000 perempuan" in shown
    assert "Laporan yang banyak tidak pernah mengurangi nilai" in shown
    # The two small counts of the recap are on no page; the wholes are.
    assert "Impor rekap" not in shown
    names = [entry.action for entry in AuditEntry.objects.filter(action__startswith="recaps.").order_by("pk")]
    assert names == ["recaps.bring_in", "recaps.publish"]


def test_the_workbook_withholds_what_the_page_withholds(eka: Client) -> None:
    recap = brought(eka)
    eka.post(f"{HERE}rekap/{recap.uuid}/terbit/", {})
    made = Publication.objects.get()
    answer = eka.get(f"{HERE}angka.xlsx?dari=2023")
    assert answer.headers["Content-Disposition"].endswith('filename="angka-layanan-36-72-2024-2023.xlsx"')
    read = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert read.sheet_names == ["sumber", "1 victims-sex", "2 victims-age"]
    rows = read.get_sheet_by_name("2 victims-age").to_python(skip_empty_area=False)[3:]
    counts = {(key[0], key[4]): count for *key, count in made.cells if key[3] in {"", "age"}}
    places = sorted({area for area, _category in counts})
    wanted = [[counts[place, category] for category in ("", "0-17", "18-24", "25-59", "60+")] for place in places]
    found = [[None if cell == "…" else int(cell) for cell in row[1:6]] for row in rows]
    assert found == wanted
    assert any(None in row for row in found)


def test_a_recap_is_refused_with_the_cell_and_the_remedy(eka: Client) -> None:
    counts = dict(AGES) | {"Cilegon": (22, -1, 30, 8)}
    file = SimpleUploadedFile("rekap.xlsx", book(counts))
    typed = {"tahun": "2023", "sumber": "SIMFONI PPA", "per": "2024-01-31", "berkas": file}
    answer = eka.post(f"{HERE}rekap/baru/", typed)
    assert answer.status_code == 422
    assert "korban usia!C3" in answer.content.decode()
    nothing = eka.post(f"{HERE}rekap/baru/", {"tahun": "2023"})
    assert (nothing.status_code, "berkasnya belum dipilih" in nothing.content.decode()) == (422, True)
    assert not Recap.objects.exists()


def test_a_recap_that_is_not_published_is_gone_and_is_no_reason_for_anything(eka: Client) -> None:
    recap = brought(eka)
    answer = eka.post(f"{HERE}rekap/{recap.uuid}/tolak/", {"alasan": "too_few"})
    assert (answer.status_code, "alasannya belum dipilih" in answer.content.decode()) == (422, True)
    answer = eka.post(f"{HERE}rekap/{recap.uuid}/tolak/", {"alasan": "choice"})
    assert (answer.status_code, Publication.objects.count()) == (302, 0)
    again = eka.post(f"{HERE}rekap/{recap.uuid}/terbit/", {})
    assert (again.status_code, Publication.objects.count()) == (302, 0)
    assert eka.get(f"{HERE}rekap/{recap.uuid}/").status_code == 404
    assert AuditEntry.objects.filter(action="recaps.decline").count() == 1


def test_the_officer_sees_on_which_day_what_comes_out_and_may_keep_it_back() -> None:
    year = timezone.localdate().year
    here = f"/tahun/{build.cycle(year=year).slug}/angka-layanan/"
    eka = signed_in(build.member(Role.PROTECTION, "36.72"))
    page = eka.get(f"{here}?dari={year}&pratinjau=h2").content.decode().replace("\xa0", " ")
    assert f"terbit 15 Januari {year + 1}" in page
    assert "Pratinjau: yang akan terbaca bila terbit hari ini" in page
    assert "Semua angkanya di bawah ambang" in page
    wrong = eka.post(f"{here}rujukan/", {"tahun": year, "masa": "q9", "alasan": "choice"})
    assert (wrong.status_code, "q9 bukan masa terbitan tahun itu" in wrong.content.decode()) == (422, True)
    answer = eka.post(f"{here}rujukan/", {"tahun": year, "masa": "h2", "alasan": "choice"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{here}?dari={year}")
    assert "tidak diterbitkan atas pilihan kota" in eka.get(f"{here}?dari={year}").content.decode()
    # Others read neither what is to come nor a preview of it.
    reader = signed_in(build.member(Role.SECRETARIAT, "36.72"))
    assert "Pratinjau" not in reader.get(f"{here}?dari={year}&pratinjau=h1").content.decode()


def test_the_officer_sets_the_rule_of_the_next_year(eka: Client) -> None:
    assert eka.post(f"{HERE}aturan/", {"ambang": "4", "panjang": "half"}).status_code == 422
    assert eka.post(f"{HERE}aturan/", {"ambang": "7", "panjang": "quarter"}).status_code == 302
    rule = PublicationRule.objects.get()
    assert (rule.year, rule.threshold, rule.every) == (timezone.localdate().year + 1, 7, "quarter")


def test_nobody_but_the_officer_sees_a_count_before_it_is_published(eka: Client) -> None:
    recap = brought(eka)
    for role in (Role.ADMINISTRATOR, Role.SECRETARIAT, Role.LEADER, Role.PROVINCE, Role.JUROR):
        area = {Role.ADMINISTRATOR: "", Role.PROVINCE: "36"}.get(role, "36.72")
        other = signed_in(build.member(role, area))
        assert other.get(f"{HERE}rekap/{recap.uuid}/").status_code == 403
        # In what is read: three digits stand in what a form carries along by chance.
        said = re.findall(r"[\d.]+", strip_tags(other.get(HERE).content.decode()))
        assert str(sum(map(sum, AGES.values()))) not in said


def test_the_example_is_a_workbook_that_the_import_reads(eka: Client) -> None:
    answer = eka.get(f"{HERE}contoh.xlsx")
    read = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    sheet = read.get_sheet_by_name("korban usia").to_python()
    assert sheet[0] == ["Kecamatan", "0–17", "18–24", "25–59", "60 tahun ke atas", "Jumlah"]
    assert [row[0] for row in sheet[1:]] == ["Cibeber", "Cilegon", "Pulomerak", "Ciwandan", "Jombang"]
    # Unfilled it is refused for its blanks alone: names of sheets, columns and places are all known.
    file = SimpleUploadedFile("rekap.xlsx", answer.content)
    refused = eka.post(f"{HERE}rekap/baru/", {"tahun": "2023", "sumber": "S", "per": "2024-01-31", "berkas": file})
    page = refused.content.decode()
    assert "bukan bilangan cacah" in page
    assert "tidak dikenal" not in page


def test_two_years_are_read_as_more_reports_and_not_as_more_violence(eka: Client) -> None:
    fewer = {name: tuple(max(6, count // 2) for count in row) for name, row in AGES.items()}
    for year, counts in (("2022", fewer), ("2023", AGES)):
        recap = brought(eka, book(counts), tahun=year)
        eka.post(f"{HERE}rekap/{recap.uuid}/terbit/", {})
    with CaptureQueriesContext(connection) as two_years:
        page = eka.get(HERE).content.decode()
    Publication.objects.filter(year=2022).delete()
    with CaptureQueriesContext(connection) as one_year:
        eka.get(HERE)
    assert len(one_year) == len(two_years)
    assert "lebih banyak yang melapor; belum tentu lebih banyak kekerasan" in page
    assert "Belum dicatat berapa warga yang tahu ke mana melapor" in page


def test_half_a_year_that_came_out_before_it_was_refused_is_compared_with_no_year_and_the_page_says_why(
    eka: Client,
) -> None:
    fewer = {name: tuple(max(6, count // 2) for count in row) for name, row in AGES.items()}
    for year, counts in (("2022", fewer), ("2023", AGES)):
        recap = brought(eka, book(counts), tahun=year)
        eka.post(f"{HERE}rekap/{recap.uuid}/terbit/", {})
    said = "Laporan 2022 tidak dibandingkan dengan tahun lain: dihitung per 30 Juni 2022, sebelum masanya berakhir"

    def told(year: int) -> tuple[bool, ...]:
        page = strip_tags(eka.get(f"{HERE}?dari={year}").content.decode()).replace("\xa0", " ")
        return tuple(words in page for words in (said, "lebih banyak yang melapor", "Dari tahun ke tahun"))

    assert told(2023) == (False, True, True)
    Publication.objects.filter(year=2022).update(as_of=date(2022, 6, 30))
    assert [told(year) for year in (2022, 2023)] == [(True, False, False)] * 2
    # On the day that the year ends it has not ended.
    Publication.objects.filter(year=2022).update(as_of=date(2022, 12, 31))
    assert told(2023)[1:] == (False, False)


def test_of_a_year_by_quarters_only_those_are_not_whole_that_were_counted_before_their_end(eka: Client) -> None:
    for halves, day in (((1, 2), "2022-07-01"), ((3, 4), "2023-01-31")):
        rows = [["Kecamatan", "Triwulan", "0-17", "18-24"]]
        rows += [[name, number, *row[:2]] for number in halves for name, row in AGES.items()]
        recap = brought(eka, workbook({"korban usia": rows, "penduduk": women()}), tahun="2022", per=day)
        eka.post(f"{HERE}rekap/{recap.uuid}/terbit/", {})
    eka.post(f"{HERE}rekap/{brought(eka).uuid}/terbit/", {})

    def told(year: int) -> tuple[list[str], bool]:
        page = eka.get(f"{HERE}?dari={year}").content.decode()
        notice = re.search(r'<div class="notice needs">.*?</div></div>', page, re.DOTALL)
        said = re.findall(r"<p>(.*?)</p>", notice.group(), re.DOTALL) if notice else []
        return [strip_tags(each).replace("\xa0", " ") for each in said], "Dari tahun ke tahun" in page

    def sources(year: int) -> list[list[str]]:
        read = CalamineWorkbook.from_filelike(io.BytesIO(eka.get(f"{HERE}angka.xlsx?dari={year}").content))
        return [row for row in read.get_sheet_by_name("sumber").to_python() if row[0] == "tidak penuh"]

    assert (told(2022), told(2023), sources(2022)) == (([], True), ([], True), [])
    # On the day that a quarter ends it has not ended.
    Publication.objects.filter(year=2022, number=2).update(as_of=date(2022, 12, 31))
    last = (
        "Laporan triwulan 4 tahun 2022 tidak penuh: dihitung per 31 Desember 2022, sebelum masanya berakhir. "
        "Karena itu jumlah 2022 tidak dibandingkan dengan tahun lain."
    )
    assert [told(2022), told(2023)] == [([last], False)] * 2
    fourth = ["tidak penuh", "triwulan 4: dihitung per 2022-12-31, sebelum masanya berakhir"]
    assert (sources(2022), sources(2023)) == ([fourth], [])
    Publication.objects.filter(year=2022, number=1).update(as_of=date(2022, 5, 31))
    first = last.replace("triwulan 4", "triwulan 2").replace("31 Desember", "31 Mei")
    assert told(2022) == ([first, last], False)


def test_a_rise_is_read_with_what_the_year_knows_of_its_channels() -> None:
    of = programme(changed(("indicators", "N6", "channel_known"), ("indicators", "F6", "linear"),
                           ("indicators", "K6", 0), ("indicators", "L6", 1)))  # fmt: skip
    kecamatan()
    facts = [Entry("saluran", value=Decimal("0.62"), source="pendataan akhir")]
    record_facts(by=CONSOLE, lokus=of.lokus, round_=None, version=of.version, facts=facts)
    officer = signed_in(build.member(Role.PROTECTION, "36.72"))
    recap = brought(officer)
    officer.post(f"{HERE}rekap/{recap.uuid}/terbit/", {})
    page = officer.get(HERE).content.decode()
    assert "<b>Gedong Dalem</b>, bagian warga yang tahu ke mana melapor: <b>62 %</b>" in page
    assert "Belum dicatat berapa warga" not in page
