"""/tahun/<slug>/komitmen/impor/: give a DPA, see what each cell was taken for, confirm; twice is once."""

import re
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from selaras.models import AuditEntry, Commitment
from tests.build_plans import agency
from tests.build_programme import Programme, programme
from tests.web.cast import inside, secretary

pytestmark = pytest.mark.django_db(transaction=True)
TITLES = (
    "No|OPD|Kode Rekening|Uraian Kegiatan|Volume|Satuan|Pagu (Rp)|Sumber Dana|Lokasi|Jadwal|Penanggung Jawab".split("|")
)
#: No, agency and code; then activity, volume, unit and money; then source, place, time and person.
ROWS: list[list[object]] = [
    [
        *(1, "Dinas Disperkim", "1.04.03.2.01.0005", "Pembangunan jamban sehat", 12, "unit", "Rp 60.000.000,-"),
        *("DAU", "Kel. Gedong Dalem RW 03", "April–Oktober 2024", "Kabid Perumahan"),
    ],
    [
        *(2, "", "1.04.03.2.01.0006", "Sumur bor", "3 titik", None, 75000000),
        *("APBD Perubahan", "Kota Cilegon", "", ""),
    ],
    [
        *(3, "BAZNAS", "", "Bantuan modal", 20, "orang", "50 juta"),
        *("zakat", "Gedong Dalem", "1/6/2024 s.d. 30/6/2024", ""),
    ],
]


def dpa(rows: list[list[object]] | None = None, money: str = "Pagu (Rp)") -> bytes:
    """A sheet as offices make them: two merged titles, a blank row, titles, numbers of columns, rows, a sum."""
    import io

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["DOKUMEN PELAKSANAAN ANGGARAN"])
    sheet.append(["TAHUN ANGGARAN 2024"])
    sheet.merge_cells("A1:K1")
    sheet.merge_cells("A2:K2")
    sheet.append([])
    sheet.append([money if title == "Pagu (Rp)" else title for title in TITLES])
    sheet.append([f"({n})" for n in range(1, 12)])
    for row in ROWS if rows is None else rows:
        sheet.append(row)
    sheet.append(["Jumlah", None, None, None, None, None, 185000000])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def address(of: Programme) -> str:
    return f"/tahun/{of.cycle.slug}/komitmen/impor/"


def year() -> Programme:
    of = programme()
    agency("Disperkim")
    agency("BAZNAS")
    return of


def look(client: Client, of: Programme, content: bytes) -> tuple[str, dict[str, str]]:
    """The preview, and what its form would send."""
    response = client.post(address(of), {"file": SimpleUploadedFile("dpa.xlsx", content)})
    page = response.content.decode()
    assert response.status_code == 200, page[-2000:]
    form = {"lembar": re.findall(r'name="lembar" value="([^"]+)"', page)[0]}
    for name, options in re.findall(r'<select id="(kolom-\d+)".*?>(.*?)</select>', page, re.DOTALL):
        form[name] = next(iter(re.findall(r'value="(\w+)" selected', options)), "")
    return page, form


def test_a_dpa_is_read_as_it_is_and_nothing_is_kept_before_it_is_confirmed() -> None:
    of = year()
    client = inside(secretary(of))
    page, form = look(client, of, dpa())

    assert "3 komitmen baru" in page
    fields = [form[f"kolom-{index}"] for index in range(11)]
    assert fields == [
        "",
        "agency",
        "activity_code",
        "title",
        "volume",
        "unit",
        "budget",
        "fund",
        "place",
        "time",
        "person",
    ]
    assert Commitment.objects.count() == 0
    assert client.post(address(of), {**form, "simpan": "1"}).status_code == 302
    found = [
        (
            c.agency.short_name,
            c.title,
            str(c.volume),
            c.unit,
            str(c.budget),
            c.fund,
            c.area or (c.lokus and c.lokus.area) or "",
            str(c.ends),
        )
        for c in Commitment.objects.order_by("number")
    ]
    gd = of.lokus.area
    assert found == [
        ("Disperkim", "Pembangunan jamban sehat", "12.00", "unit", "60000000.00", "dpa", f"{gd}.RW03", "2024-10-31"),
        ("Disperkim", "Sumur bor", "3.00", "titik", "75000000.00", "perubahan", "", "None"),
        ("BAZNAS", "Bantuan modal", "20.00", "orang", "50000000.00", "baznas", gd, "2024-06-30"),
    ]
    entry = AuditEntry.objects.get(action="plans.bring")
    assert entry.details == {"new": 3, "changed": 0, "same": 0}


def test_the_same_sheet_again_changes_nothing_and_another_figure_changes_its_row() -> None:
    of = year()
    client = inside(secretary(of))
    for rows, said in (
        (ROWS, "3 komitmen baru</b>, 0 berubah, 0 sudah sama"),
        (ROWS, "0 komitmen baru</b>, 0 berubah, 3 sudah sama"),
        ([[*ROWS[0][:6], "Rp70.000.000", *ROWS[0][7:]], *ROWS[1:]], "0 komitmen baru</b>, 1 berubah, 2 sudah sama"),
    ):
        page, form = look(client, of, dpa(rows))
        assert said in page
        assert client.post(address(of), {**form, "simpan": "1"}).status_code == 302
    found = [(c.version, str(c.budget)) for c in Commitment.objects.order_by("number")]
    assert found == [(2, "70000000.00"), (1, "75000000.00"), (1, "50000000.00")]


@pytest.mark.parametrize(
    ("title", "times"),
    [
        *[("Pagu (juta rupiah)", 6), ("Pagu (Rp juta)", 6), ("Anggaran (jt)", 6), ("Pagu dalam jutaan Rp", 6)],
        *[("Anggaran (000)", 3), ("Pagu (Rp 000,-)", 3), ("pagu_juta_rupiah", 6), ("Pagu (Rp 000.000)", 6)],
        *[("Pagu (ribu rupiah)", 3), ("Pagu (Rp 000)", 3), ("Nilai (Rp1.000)", 3), ("Pagu (miliar rupiah)", 9)],
    ],
)
def test_money_below_a_title_that_names_thousands_or_millions_is_of_those(title: str, times: int) -> None:
    of = year()
    client = inside(secretary(of))
    cells = [60, 7.5, "Rp 12,25", "2 juta"]
    _page, form = look(
        client, of, dpa([[*ROWS[0][:3], f"Uji {n}", *ROWS[0][4:6], cell] for n, cell in enumerate(cells)], title)
    )
    assert (form["kolom-6"], client.post(address(of), {**form, "simpan": "1"}).status_code) == ("budget", 302)
    found = list(Commitment.objects.order_by("number").values_list("budget", flat=True))
    assert found == [*(Decimal(each) * 10**times for each in ("60", "7.5", "12.25")), Decimal(2_000_000)]


def test_what_may_be_rupiah_below_a_title_of_millions_is_asked_about() -> None:
    of = year()
    client = inside(secretary(of))
    rows = [[*ROWS[0][:6], cell] for cell in ("Rp 60.000.000", "1.250", "Rp 75,-")]
    page, form = look(client, of, dpa(rows, "Pagu (juta rupiah)"))
    said = re.findall(r"<code>Sheet!(G\d+)</code>", page)

    told = "Rp 60.000.000 juta dapat dibaca lebih dari satu macam"
    assert (said, told in page, "misalnya 75 juta atau 1250 juta" in page) == (["G6", "G7", "G8"], True, True)
    assert (client.post(address(of), {**form, "simpan": "1"}).status_code, Commitment.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("title", "unit", "cells"),
    [
        ("Pagu (juta rupiah)", "juta", [60_000_000, "60000000", "Rp 1000000", 1_000_000.5, "1 000 000"]),
        ("Pagu (ribu rupiah)", "ribu", [60_000_000, 10_000_000, "Rp10000000,-"]),
        ("Pagu (miliar rupiah)", "miliar", [60_000_000, 1000, "1000,5"]),
        ("Pagu (triliun rupiah)", "triliun", [60_000_000, 1]),
    ],
)
def test_so_much_below_a_title_of_millions_is_asked_about_as_it_may_be_rupiah(
    title: str, unit: str, cells: list[object]
) -> None:
    of = year()
    client = inside(secretary(of))
    rows = [[*ROWS[0][:3], f"Uji {n}", *ROWS[0][4:6], cell] for n, cell in enumerate(cells)]
    page, form = look(client, of, dpa(rows, title))

    assert re.findall(r"<code>Sheet!(G\d+)</code>", page) == [f"G{6 + n}" for n in range(len(cells))]
    assert f"60000000 {unit} dapat dibaca lebih dari satu macam" in page
    assert (client.post(address(of), {**form, "simpan": "1"}).status_code, Commitment.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("title", "cell"), [("Pagu (juta)", 999_999), ("Pagu (ribu)", 9_999_999), ("Pagu (miliar)", 999)]
)
def test_less_than_that_is_taken_and_so_is_what_says_its_unit(title: str, cell: int) -> None:
    of = year()
    client = inside(secretary(of))
    cells = [cell, "1500000 ribu"]
    rows = [[*ROWS[0][:3], f"Uji {n}", *ROWS[0][4:6], each] for n, each in enumerate(cells)]
    _page, form = look(client, of, dpa(rows, title))
    noughts = {"Pagu (juta)": 6, "Pagu (ribu)": 3, "Pagu (miliar)": 9}[title]

    assert client.post(address(of), {**form, "simpan": "1"}).status_code == 302
    found = list(Commitment.objects.order_by("number").values_list("budget", flat=True))
    assert found == [Decimal(cell) * 10**noughts, Decimal(1_500_000_000)]


@pytest.mark.parametrize("title", ["Pagu (ribu juta)", "Pagu ribu Rp 000.000", "Anggaran juta/ribu Rp"])
def test_below_a_title_whose_unit_is_not_known_an_amount_without_one_is_asked_about(title: str) -> None:
    of = year()
    client = inside(secretary(of))
    rows = [[*ROWS[0][:3], f"Uji {n}", *ROWS[0][4:6], cell] for n, cell in enumerate((60, "60 juta", "Rp 75,-"))]
    page, form = look(client, of, dpa(rows, title))

    assert (form["kolom-6"], re.findall(r"<code>Sheet!(G\d+)</code>", page)) == ("budget", ["G6", "G8"])
    assert "judul kolom tidak mengatakan 60 itu berapa rupiah" in page
    assert (client.post(address(of), {**form, "simpan": "1"}).status_code, Commitment.objects.count()) == (422, 0)


def test_problems_name_their_cell_and_forbid_the_keeping() -> None:
    of = year()
    client = inside(secretary(of))
    wrong = [[1, "Dinas Antariksa", "", "Roket", "sepuluh", "", "banyak", "emas", "Bulan", "kapan-kapan", ""]]
    page, form = look(client, of, dpa(wrong))
    cells = re.findall(r"<code>Sheet!([A-Z]+\d+)</code>", page)

    assert sorted(cells) == ["B6", "E6", "G6", "H6", "I6", "J6"]
    assert ('name="simpan"' in page, client.post(address(of), {**form, "simpan": "1"}).status_code) == (False, 422)
    assert Commitment.objects.count() == 0


def test_a_column_can_be_pointed_out_by_hand() -> None:
    of = year()
    client = inside(secretary(of))
    _page, form = look(client, of, dpa())
    again = client.post(address(of), {**form, "kolom-2": "", "kolom-10": "legal_basis"}).content.decode()

    assert re.search(r'id="kolom-10".*?value="legal_basis" selected', again, re.DOTALL)
    assert (
        client.post(address(of), {**form, "kolom-2": "", "kolom-10": "legal_basis", "simpan": "1"}).status_code == 302
    )
    first = Commitment.objects.order_by("number")[0]
    assert (first.activity_code, first.legal_basis, first.person) == ("", "Kabid Perumahan", "")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("", b"", "Pilih dulu berkasnya"),
        ("a.pdf", b"%PDF", "a.pdf"),
        ("a.csv", b"satu;dua\n1;2\n", "tidak ada baris judul"),
        ("a.csv", b"OPD;Kegiatan\n", "tidak ada baris kegiatan"),
    ],
)
def test_a_file_that_cannot_be_one_is_refused_at_the_door(name: str, content: bytes, said: str) -> None:
    of = year()
    data = {"file": SimpleUploadedFile(name, content)} if name else {}
    response = inside(secretary(of)).post(address(of), data)

    assert (response.status_code, said in response.content.decode()) == (422, True)


def test_a_form_that_is_not_ours_or_anothers_brings_nothing_in() -> None:
    of = year()
    client, other = inside(secretary(of)), inside(secretary(of))
    _page, form = look(client, of, dpa())

    assert other.post(address(of), {**form, "simpan": "1"}).status_code == 422
    assert client.post(address(of), {**form, "lembar": form["lembar"] + "x", "simpan": "1"}).status_code == 422
    assert Commitment.objects.count() == 0


def test_what_was_taken_along_can_be_brought_back() -> None:
    of = year()
    client = inside(secretary(of))
    _page, form = look(client, of, dpa())
    client.post(address(of), {**form, "simpan": "1"})
    taken = client.get(f"/tahun/{of.cycle.slug}/komitmen/?unduh=xlsx").content
    page, _form = look(client, of, taken)

    assert "0 komitmen baru</b>, 0 berubah, 3 sudah sama" in page
