"""/tahun/<slug>/lokus/<code>/impor/: give, look, repair or confirm, done."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from selaras.actions.jobs import work_off
from selaras.models import Household
from tests.build_programme import Programme, families_file, family, programme
from tests.web.cast import ROWS, budi, citra, inside, secretary

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
        ("a.pdf", b"%PDF", "bukan .xlsx atau .csv"),
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
        piece for piece in ("perlu diperbaiki dulu", "keluarga!A2", "Unggah yang sudah diperbaiki") if piece not in text
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
