"""/tahun/<slug>/lokus/<code>/impor/: give, look, repair or confirm, done."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from selaras.actions.jobs import work_off
from selaras.models import Household
from tests.build_programme import Programme, families_file, family, programme
from tests.build_sheets import untidy
from tests.web.cast import ROWS, budi, citra, dewi, inside, secretary

pytestmark = pytest.mark.django_db(transaction=True)


def address(of: Programme) -> str:
    return f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/impor/"


def give(client: Client, of: Programme, content: bytes, name: str = "keluarga.xlsx") -> str:
    """The address of the import."""
    response = client.post(address(of), {"round": "baseline", "file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302
    return response.headers["Location"]


def test_only_its_keepers_may_import() -> None:
    of = programme()
    seen = {who.__name__: inside(who(of)).get(address(of)).status_code for who in (secretary, citra, budi)}

    assert seen == {"secretary": 200, "citra": 403, "budi": 404}
    response = inside(citra(of)).post(
        address(of), {"round": "baseline", "file": SimpleUploadedFile("a.csv", b"kode\n")}
    )
    assert response.status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("", b"", "Pilih dulu berkasnya"),
        ("a.xlsx", b"", "Berkas ini kosong"),
        ("a.pdf", b"%PDF", "bukan .xlsx, .ods, atau .csv"),
    ],
)
def test_a_file_that_cannot_be_one_is_refused_at_the_door(name: str, content: bytes, said: str) -> None:
    of = programme()
    data: dict[str, object] = {"round": "baseline"}
    if name:
        data["file"] = SimpleUploadedFile(name, content)
    response = inside(secretary(of)).post(address(of), data)

    assert (response.status_code, said in response.content.decode()) == (422, True)


def test_the_page_comes_back_by_itself_while_the_server_works() -> None:
    of = programme()
    client = inside(secretary(of))
    waiting = client.get(give(client, of, families_file(ROWS)))

    assert (waiting.headers["Refresh"], "Sedang diperiksa" in waiting.content.decode()) == ("2", True)


def test_nothing_is_visible_before_it_is_confirmed_and_all_after() -> None:
    of = programme()
    client = inside(secretary(of))
    url = give(client, of, families_file(ROWS))
    work_off()
    ready = client.get(url)

    assert ("Refresh" in ready.headers, "Siap disimpan" in ready.content.decode()) == (False, True)
    assert "GD-001" not in client.get(address(of).replace("impor", "keluarga")).content.decode()
    client.post(f"{url}simpan/")
    work_off()
    assert "Sudah tersimpan" in client.get(url).content.decode()
    assert "GD-001" in client.get(address(of).replace("impor", "keluarga")).content.decode()


def test_problems_name_their_cell_and_remedy_and_forbid_the_saving() -> None:
    of = programme()
    client = inside(secretary(of))
    url = give(client, of, families_file([family("", 4, "leher_angsa", 1)]))
    work_off()
    text = client.get(url).content.decode()

    assert [
        piece
        for piece in (
            "perlu diperbaiki dulu",
            "keluarga!A2",
            "Unggah yang sudah diperbaiki",
            "Unduh dengan kolom masalah",
        )
        if piece not in text
    ] == []
    assert client.post(f"{url}simpan/").status_code == 422
    assert Household.objects.count() == 0


def test_what_is_cancelled_leaves_nothing() -> None:
    of = programme()
    client = inside(secretary(of))
    url = give(client, of, families_file(ROWS))
    work_off()
    client.post(f"{url}batalkan/")
    work_off()

    assert (Household.objects.count(), "Dibatalkan" in client.get(url).content.decode()) == (0, True)


def test_another_lokus_import_is_not_there() -> None:
    of = programme()
    url = give(inside(secretary(of)), of, families_file(ROWS))

    assert [inside(budi(of)).get(url).status_code, inside(budi(of)).post(f"{url}simpan/").status_code] == [404, 404]


def test_confirming_by_a_link_is_refused() -> None:
    of = programme()
    client = inside(secretary(of))
    url = give(client, of, families_file(ROWS))

    assert [client.get(f"{url}{verb}/").status_code for verb in ("simpan", "batalkan")] == [405, 405]


def test_an_untidy_sheet_comes_to_the_registry_by_web_pages_alone() -> None:
    of = programme()
    client = inside(secretary(of))
    url = give(client, of, untidy(), "Data Keluarga 2024.xlsx")
    work_off()
    assert "3 kolom perlu Anda pastikan" in client.get(url).content.decode()

    columns = client.get(f"{url}kolom/").content.decode()
    # What is personal is shown by its shape alone.
    assert [word for word in ("Ani Uji", "9900000000000001", "Jl. Uji") if word in columns] == []
    assert ("Xxx Xxx" in columns, "Leher angsa" in columns, 'value="umur"' in columns) == (True, True, False)
    response = client.post(f"{url}kolom/", {"kolom-0-7": "jumlah", "kolom-0-10": "", "kolom-0-11": ""})
    assert (response.status_code, response.headers["Location"]) == (302, url)
    work_off()

    text = client.get(url).content.decode()
    assert ("perlu Anda pastikan" in text, "DATA 2024!B10" in text) == (False, True)
    sheet = client.get(f"{url}masalah.xlsx")
    assert sheet.headers["Content-Disposition"] == 'attachment; filename="Data Keluarga 2024-masalah.xlsx"'
    book = load_workbook(io.BytesIO(sheet.content))
    book["DATA 2024"]["C10"] = "9900000000000004"
    fixed = io.BytesIO()
    book.save(fixed)

    url = give(client, of, fixed.getvalue())
    work_off()
    assert "Siap disimpan" in client.get(url).content.decode()
    client.post(f"{url}simpan/")
    work_off()
    assert list(Household.objects.order_by("code").values_list("head_name", "rw", "rt", "pending")) == [
        ("Ani Uji", "05", "03", None),
        ("Budi Uji", "05", "03", None),
        ("Citra Uji", "05", "04", None),
        ("Dewi Uji", "05", "04", None),
    ]


def test_right_families_are_saved_without_the_wrong_ones_at_a_press() -> None:
    of = programme()
    client = inside(secretary(of))
    url = give(client, of, untidy())
    work_off()
    assert "Simpan 3 keluarga yang benar, lewati yang salah" in client.get(url).content.decode()
    client.post(f"{url}simpan/", {"lewati": "1"})
    work_off()
    assert Household.objects.count() == 3


def test_a_row_of_titles_that_is_not_there_is_refused_with_what_was_typed() -> None:
    of = programme()
    client = inside(secretary(of))
    url = give(client, of, families_file(ROWS))
    work_off()
    response = client.post(f"{url}kolom/", {"baris-0": "satu", "kolom-0-5": "iuran"})
    assert (response.status_code, 'value="satu"' in response.content.decode()) == (422, True)
    assert '<option value="iuran" selected>' in response.content.decode()
    response = client.post(f"{url}kolom/", {"kolom-0-5": "tidak_ada_itu"})
    assert (response.status_code, "tidak dikenal" in response.content.decode()) == (422, True)


def test_a_saved_import_is_taken_back_at_a_press() -> None:
    of = programme()
    client = inside(secretary(of))
    url = give(client, of, families_file(ROWS))
    work_off()
    assert client.post(f"{url}urungkan/").status_code == 422
    client.post(f"{url}simpan/")
    work_off()
    assert "Urungkan impor ini" in client.get(url).content.decode()
    client.post(f"{url}urungkan/")
    work_off()
    assert ("Sudah diurungkan" in client.get(url).content.decode(), Household.objects.count()) == (True, 0)


@pytest.mark.parametrize("end", ["kolom/", "masalah.xlsx", "urungkan/", ""])
def test_neither_a_juror_nor_a_stranger_nor_next_door_opens_an_import(end: str) -> None:
    of = programme()
    url = give(inside(secretary(of)), of, families_file(ROWS))
    verb = "post" if end == "urungkan/" else "get"
    seen = [getattr(inside(who), verb)(f"{url}{end}").status_code for who in (citra(of), budi(of), dewi())]
    assert [*seen, getattr(Client(), verb)(f"{url}{end}").status_code] == [403, 404, 404, 302]


def test_an_empty_workbook_is_given_to_keepers_alone() -> None:
    of = programme()
    found = inside(secretary(of)).get(f"{address(of)}contoh.xlsx")
    assert (found.status_code, load_workbook(io.BytesIO(found.content)).sheetnames) == (
        200,
        ["keluarga", "anggota", "petunjuk", "pilihan"],
    )
    assert [inside(who).get(f"{address(of)}contoh.xlsx").status_code for who in (citra(of), budi(of))] == [403, 404]
