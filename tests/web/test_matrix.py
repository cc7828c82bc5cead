"""/tahun/<slug>/matriks/ and /kebutuhan/: the answer first, then the table; no small group of health is told."""

import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from selaras.models import Agency, AuditEntry, Need, Role, SavedView
from tests import build
from tests.build_plans import agency, ask, commitment
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.kept import kept
from tests.sample_workbook import rows as sample_rows
from tests.sample_workbook import sample
from tests.web.cast import ani, budi, citra, dewi, eka, inside, secretary

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = ["kode", "nama kepala", "rw", "rt", "jumlah", "jamban", "iuran", "batuk"]


def workbook() -> bytes:
    """The sample, with a question of health that is Dinkes'."""
    survey, indicators = sample_rows("survey"), sample_rows("indicators")
    survey.insert(1, ["select_one ya_tidak", "batuk", "Apakah ada yang batuk lama?"])
    rule = ["survey", "linear", None, None, "${batuk} = 'tidak'", "share", 0, 1, None, None, "Dinkes"]
    indicators.append(["batuk", "kesehatan", "Tanpa batuk lama", 1, *rule])
    indicators[0] = [*indicators[0], "agency"]
    privacy = [*sample_rows("privacy"), ["batuk", "kesehatan", "menemukan TBC"]]
    return sample(survey=survey, indicators=indicators, privacy=privacy)


@kept
def year(coughing: int = 3, families: int = 12) -> Programme:
    """Twelve families; every third has no latrine, `coughing` cough."""
    of = programme(workbook())
    rows = [
        [
            *family(f"GD-{n:03}", 4, "leher_angsa" if n % 3 else "cemplung", 1, rw=f"0{1 + n % 2 * 2}"),
            "ya" if n <= coughing else "tidak",
        ]
        for n in range(1, families + 1)
    ]
    bring(of, families_file(rows, header=HEADER))
    return of


def address(of: Programme, page: str = "matriks") -> str:
    return f"/tahun/{of.cycle.slug}/{page}/"


def text_of(client: Client, url: str) -> str:
    """The page as a reader hears it: tags gone, blanks single."""
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_everybody_who_sees_the_year_sees_the_matrix_and_nobody_else() -> None:
    of = year()
    seen = {who.__name__: inside(who(of)).get(address(of)).status_code for who in (secretary, ani, budi, citra, eka)}

    assert seen == dict.fromkeys(("secretary", "ani", "budi", "citra", "eka"), 200)
    assert inside(dewi()).get(address(of)).status_code == 404
    assert inside(secretary(of)).post(address(of)).status_code == 405


def test_the_answer_comes_first_then_what_to_do_then_the_table() -> None:
    of = year()
    needs = list(Need.objects.filter(indicator="jamban").order_by("pk"))
    commitment(of.lokus, needs=needs[:2])
    commitment(of.lokus, of="BAZNAS", needs=needs[:1], fund="baznas")
    text = text_of(inside(secretary(of)), address(of))

    order = [
        "Dari 4 kebutuhan, 2 belum ada yang melayani ; 1 dilayani lebih dari satu pihak.",
        "Carikan pelayan bagi 2 kebutuhan “Jamban sehat”.",
        "Kebutuhan dan siapa yang melayani",
    ]
    assert [piece for piece in order if piece not in text] == []
    assert sorted(order, key=text.index) == order


def test_cells_lead_to_the_needs_behind_them() -> None:
    of = year()
    needs = list(Need.objects.filter(indicator="jamban").order_by("pk"))
    made = commitment(of.lokus, needs=needs[:2])
    client = inside(secretary(of))
    page = client.get(address(of)).content.decode()
    link = f"/tahun/{of.cycle.slug}/kebutuhan/?indikator=jamban&amp;lokus={of.lokus.area}&amp;opd={made.agency_id}"

    assert link in page
    behind = text_of(client, link.replace("&amp;", "&"))
    assert [code in behind for code in ("GD-003", "GD-006", "GD-009", "GD-012")] == [True, True, False, False]


def test_a_group_of_health_under_five_is_told_to_its_agency_alone() -> None:
    of = year(coughing=3)
    needs = list(Need.objects.filter(indicator="batuk"))
    commitment(of.lokus, of="Dinkes", needs=needs)
    dinkes = inside(build.member(Role.LIAISON, agency=agency("Dinkes")))
    dinsos = inside(build.member(Role.LIAISON, agency=agency("Dinsos")))
    listed = address(of, "kebutuhan") + "?indikator=batuk"

    assert "Dari 7 kebutuhan" in text_of(dinkes, address(of))
    assert [code in text_of(dinkes, listed) for code in ("GD-001", "GD-003", "GD-004")] == [True, True, False]
    for client in (inside(secretary(of)), inside(citra(of)), inside(ani(of)), dinsos):
        page = text_of(client, address(of))
        assert ("Dari 4 kebutuhan" in page, "1 baris kesehatan tidak ikut dijumlah" in page) == (True, True)
        assert "GD-0" not in text_of(client, listed)
        assert "0 kebutuhan terbuka" in text_of(client, listed)


def test_of_a_larger_group_of_health_the_whole_is_told_and_no_small_part() -> None:
    of = year(coughing=6)
    needs = list(Need.objects.filter(indicator="batuk").order_by("pk"))
    made = commitment(of.lokus, of="Dinkes", needs=needs[:2])
    client = inside(secretary(of))
    row = re.search(r"Tanpa batuk lama</a>.*?</tr>", client.get(address(of)).content.decode(), re.DOTALL)
    assert row is not None
    told = " ".join(re.sub(r"<[^>]+>", " ", row[0]).split())

    # Two of the six are served: then neither two nor four is said, and no total holds them.
    assert re.findall(r"\d+", told) == ["6"]
    assert "Dari 4 kebutuhan" in text_of(client, address(of))
    assert "beberapa keluarga" in text_of(client, f"/tahun/{of.cycle.slug}/komitmen/{made.number}/")
    assert "GD-00" not in text_of(client, f"/tahun/{of.cycle.slug}/komitmen/{made.number}/")
    for query in ("?indikator=batuk", f"?indikator=batuk&opd={made.agency_id}", f"?rt={of.lokus.area}.RW01.RT02"):
        counts = re.findall(r"Semua <b>(\d+)</b>", client.get(address(of, "kebutuhan") + query).content.decode())
        assert counts == ["0" if "batuk" in query else "2"], query


def test_told_in_whole_where_every_part_is_large_enough() -> None:
    of = year(coughing=10, families=20)
    commitment(of.lokus, of="Dinkes", needs=list(Need.objects.filter(indicator="batuk").order_by("pk"))[:5])

    assert "Dari 16 kebutuhan, 11 belum ada yang melayani" in text_of(inside(secretary(of)), address(of))


def test_codes_of_the_needs_page_are_of_families_that_she_works_with() -> None:
    of = year()
    found = {
        who.__name__: set(re.findall(r"GD-\d{3}", text_of(inside(who(of)), address(of, "kebutuhan"))))
        for who in (secretary, ani, citra, budi)
    }
    # Odd families live in RW 03, the cadre's; the lurah next door sees the year and not this lokus.
    assert found == {
        "secretary": {"GD-003", "GD-006", "GD-009", "GD-012"},
        "ani": {"GD-003", "GD-009"},
        "citra": set(),
        "budi": set(),
    }


def test_names_are_shown_on_request_and_written_down() -> None:
    of = year()
    client = inside(secretary(of))
    url = address(of, "kebutuhan") + f"?lokus={of.lokus.area}"
    assert "Uji" not in text_of(client, url).replace("Uji secretariat", "")
    client.post(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/nama/", {"nama": "tampil", "kembali": url})
    assert "Uji" in text_of(client, url).replace("Uji secretariat", "")
    entry = AuditEntry.objects.get(action="households.reveal_names")
    assert entry.details["codes"] == ["GD-003", "GD-006", "GD-009", "GD-012"]


def test_each_need_says_what_it_weighs() -> None:
    """Four of twelve latrines are lacking: a share of 0,67 earns 50 of 100 points. All of that aspect's known weight
    is the latrine's, with the contribution beside it: 2 of the children's 1."""
    of = year()
    page = text_of(inside(secretary(of)), address(of, "kebutuhan"))
    points = {float(found.replace(",", ".")) for found in re.findall(r"([\d,]+) poin", page)}
    assert len(points) == 1
    before = float(points.pop())
    Need.objects.filter(household__code="GD-003").delete()
    page = text_of(inside(secretary(of)), address(of, "kebutuhan"))
    after = {float(found.replace(",", ".")) for found in re.findall(r"([\d,]+) poin", page)}
    # The loss is the lokus': shared by three instead of four, each weighs a third more.
    assert [round(each / before, 2) for each in after] == [1.33]


def test_the_workbook_says_the_same_and_its_taking_is_written_down() -> None:
    of = year()
    commitment(of.lokus, needs=list(Need.objects.filter(indicator="jamban"))[:1], title="=cmd|' /C calc'!A0")
    content = inside(citra(of)).get(address(of) + "matriks.xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = {row[0]: row[2:7] for row in book["matriks"].iter_rows(values_only=True)}

    assert rows["Jamban sehat"] == (4, 1, 3, 0, 0)
    assert rows["Tanpa batuk lama"][0] == "…"
    assert book["komitmen"]["D2"].value == "'=cmd|' /C calc'!A0"
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.place_code, entry.details) == ("plans.export_matrix", "36.72", {"commitments": 1})


@pytest.mark.parametrize("view", ["opd", "rt", "lokus"])
def test_the_number_of_statements_does_not_grow(view: str) -> None:
    of = year()
    client = inside(secretary(of))
    counts = []
    for _ in range(2):
        commitment(of.lokus, needs=list(Need.objects.filter(indicator="jamban"))[:2])
        ask(of.lokus, of=f"OPD {len(counts)}")
        client.get(address(of))
        with CaptureQueriesContext(connection) as caught:
            client.get(address(of) + f"?lihat={view}")
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 12


def test_other_years_of_the_place_are_one_press_away() -> None:
    of = year()
    past = build.cycle(year=2023)
    build.lokus(past)
    client = inside(build.member(Role.SECRETARIAT, "36.72"))

    assert f'href="/tahun/{past.slug}/matriks/"' in client.get(address(of)).content.decode()
    assert "Belum ada kebutuhan yang terbuka" in text_of(client, f"/tahun/{past.slug}/matriks/")


def test_what_is_not_there_filters_to_nothing() -> None:
    of = year()
    client = inside(secretary(of))
    for query in ("indikator=tidak_ada", "opd=999999", "rt=36.72.05.1005.RW99", "opd=²", "hal=99", "keadaan=x&lokus=y"):
        assert client.get(f"{address(of, 'kebutuhan')}?{query}").status_code == 200


# --- filters and kept views -------------------------------------------------------------------------------------------
def rows_of(client: Client, url: str) -> list[str]:
    """The lines of the table, by what stands in front."""
    return re.findall(r'<tr[^>]*><th scope="row"><a [^>]*>([^<]*)</a>', client.get(url).content.decode())


def test_lines_are_narrowed_to_gaps_to_overlaps_or_to_an_agency_and_sums_stay() -> None:
    of = year(coughing=6)
    latrines, coughs = (list(Need.objects.filter(indicator=name).order_by("pk")) for name in ("jamban", "batuk"))
    made = commitment(of.lokus, needs=latrines)
    commitment(of.lokus, of="BAZNAS", needs=latrines[:1])
    commitment(of.lokus, of="Dinkes", needs=coughs)
    client = inside(build.member(Role.LIAISON, agency=agency("Dinkes")))
    commitment(of.lokus, of="Dinkes", needs=[Need.objects.filter(indicator="batuk").latest("pk")])
    url = address(of)

    assert rows_of(client, url) == ["Tanpa batuk lama", "Jamban sehat"]
    assert rows_of(client, f"{url}?saring=overlap") == ["Jamban sehat"]
    assert rows_of(client, f"{url}?opd={made.agency_id}") == ["Jamban sehat"]
    assert rows_of(client, f"{url}?saring=tidak_ada&opd=999999") == ["Tanpa batuk lama", "Jamban sehat"]
    narrowed = text_of(client, f"{url}?saring=gap")
    assert (rows_of(client, f"{url}?saring=gap"), "Tidak ada baris yang cocok" in narrowed) == ([], True)
    assert "Dari 10 kebutuhan, 0 belum ada yang melayani" in narrowed
    assert 'href="?lihat=rt&amp;saring=gap"' in client.get(f"{url}?saring=gap").content.decode()


def test_a_view_is_kept_under_a_name_opened_and_deleted() -> None:
    of = year()
    client = inside(secretary(of))
    asked = f"lihat=rt&lokus={of.lokus.area}&saring=gap"
    kept = client.post(address(of, "matriks/tampilan"), {"nama": "RT tanpa jamban", "saringan": f"{asked}&cari=x"})

    assert kept.headers["Location"] == f"{address(of)}?{asked}"
    page = client.get(kept.headers["Location"]).content.decode()
    link = f'<a class="follow" href="?{asked.replace("&", "&amp;")}" aria-current="true">RT tanpa jamban</a>'
    assert link in page
    assert "RT tanpa jamban" not in inside(ani(of)).get(address(of)).content.decode()
    client.post(address(of, "matriks/tampilan/hapus"), {"tampilan": str(SavedView.objects.get().pk)})
    assert "RT tanpa jamban" not in client.get(address(of)).content.decode().replace("“RT tanpa jamban”", "")


def test_a_view_that_cannot_be_kept_is_told_beside_its_name() -> None:
    of = year()
    response = inside(secretary(of)).post(
        address(of, "matriks/tampilan"), {"nama": "x" * 81, "saringan": "saring=overlap"}
    )
    text = response.content.decode()
    assert (response.status_code, "terlalu panjang" in text, 'value="saring=overlap"' in text) == (422, True, True)


def test_an_agency_that_was_renamed_is_said_with_its_name_before() -> None:
    of = year()
    made = commitment(of.lokus, of="DTK", needs=list(Need.objects.filter(indicator="jamban"))[:1])
    Agency.objects.create(place=made.agency.place, short_name="Disperkim", name="Dinas Baru", replaces=made.agency)
    page = text_of(inside(secretary(of)), address(of))
    assert ("Disperkim dahulu DTK." in page, page.count("DTK")) == (True, 1)
