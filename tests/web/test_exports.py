"""/tahun/<slug>/ekspor/: what may be chosen, the file itself or a place in the queue, and whose it is."""

import html
import io
import re
import zipfile

import openpyxl
import pytest
from django.db import connection
from django.http import FileResponse
from django.http import HttpResponse as Response
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import Settings

from selaras.actions import exports
from selaras.actions.jobs import work_off
from selaras.models import AuditEntry, Export, Job
from tests.build_programme import Programme
from tests.web.cast import ani, budi, citra, dewi, eka, inside, scored, secretary

pytestmark = pytest.mark.django_db
SENT = {"putaran": "baseline", "bentuk": "csv", "isi": "kode", "untuk": "laporan triwulan"}


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.MEDIA_ROOT = settings.MEDIA_ROOT or str(tmp_path_factory.mktemp("media"))


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two families are many."""
    monkeypatch.setattr(exports, "AT_ONCE", 1)


def address(of: Programme, rest: str = "") -> str:
    return f"/tahun/{of.cycle.slug}/ekspor/{rest}"


def words(response: Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def body(response: Response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]


def test_only_who_works_with_families_by_name_has_the_page_and_only_keepers_are_offered_identities() -> None:
    of = scored()
    people = {who.__name__: who(of) for who in (secretary, ani, citra, eka, budi)} | {"dewi": dewi()}
    answers = {who: inside(user).get(address(of)) for who, user in people.items()}

    assert {who: answer.status_code for who, answer in answers.items()} == {
        "secretary": 200, "ani": 200, "citra": 403, "eka": 403, "budi": 200, "dewi": 404,
    }  # fmt: skip
    offered = {who: 'name="identitas"' in answers[who].content.decode() for who in ("secretary", "ani")}
    assert offered == {"secretary": True, "ani": False}
    assert Client().get(address(of)).status_code == 302


def test_a_few_families_come_at_once_as_a_file_with_its_name() -> None:
    of = scored()
    response = inside(secretary(of)).post(address(of), {**SENT, "bentuk": "xlsx", "isi": "label"})

    assert isinstance(response, FileResponse)
    assert (response.status_code, response.headers["Content-Disposition"]) == (
        200, f'attachment; filename="jawaban-{of.cycle.slug}-baseline-label.xlsx"',
    )  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(body(response)))
    assert [row[0].value for row in book["keluarga"].iter_rows()] == ["Kode keluarga", "GD-001", "GD-002", "GD-003"]
    assert Export.objects.count() == 0


def test_a_form_that_says_too_little_comes_back_with_what_is_missing_and_what_was_chosen() -> None:
    of = scored()
    client = inside(secretary(of))
    nothing = client.post(address(of))
    short = client.post(address(of), {**SENT, "untuk": "uji", "semua": "on"})
    strange = client.post(address(of), {**SENT, "putaran": "entah", "bentuk": "exe"})

    assert [response.status_code for response in (nothing, short, strange)] == [422, 422, 422]
    assert "Tulis singkat untuk apa berkas ini dipakai." in words(nothing)
    assert "tujuan ekspor belum ditulis; tulis singkat untuk apa" in words(short)
    text = short.content.decode()
    assert re.search(r'value="csv"[^>]*checked', text) is not None
    assert re.search(r'name="semua"[^>]*checked', text) is not None
    assert AuditEntry.objects.filter(action__startswith="exports.").count() == 0


def test_a_cadre_who_sends_the_box_of_identities_anyway_gets_none() -> None:
    of = scored()
    response = inside(ani(of)).post(address(of), {**SENT, "identitas": "on"})

    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(body(response))) as packed:
        said = "".join(packed.read(name).decode() for name in packed.namelist())
    assert [name for name in ("Rohayati", "Sumiyati", "Eni Uji") if name in said] == []
    assert re.findall(r"GD-\d+", said) == ["GD-003"]


@pytest.mark.usefixtures("large")
def test_many_families_wait_in_the_queue_and_the_page_comes_back_until_the_file_is_there() -> None:
    of = scored()
    client = inside(secretary(of))
    sent = client.post(address(of), SENT)
    waiting = client.get(address(of))
    assert (sent.status_code, sent.headers["Location"]) == (302, address(of))
    assert (waiting.headers["Refresh"], "Menunggu giliran." in words(waiting)) == ("3", True)
    work_off()
    made = Export.objects.get()
    ready = client.get(address(of))
    assert ("Refresh" in ready.headers, "3 keluarga" in words(ready)) == (False, True)
    taken = client.get(address(of, f"{made.uuid}/"))

    assert taken.headers["Content-Disposition"] == f'attachment; filename="jawaban-{of.cycle.slug}-baseline.zip"'
    content = body(taken)
    assert int(taken.headers["Content-Length"]) == len(content)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.namelist() == ["petunjuk.txt", "keluarga.csv", "member.csv"]
    assert inside(secretary(of)).get(address(of, f"{made.uuid}/")).status_code == 404
    assert client.post(address(of, f"{made.uuid}/hapus/")).status_code == 302
    assert client.get(address(of, f"{made.uuid}/")).status_code == 404


@pytest.mark.usefixtures("large")
def test_one_that_failed_says_so_and_can_be_deleted() -> None:
    of = scored()
    client = inside(secretary(of))
    client.post(address(of), SENT)
    Job.objects.filter(kind="exports.make").update(state="failed", note="cakram penuh")
    page = client.get(address(of))

    assert "Gagal dibuat. Hapus, lalu coba lagi. cakram penuh" in words(page)
    assert "Refresh" not in page.headers


@pytest.mark.usefixtures("large")
def test_three_files_cost_the_page_no_more_statements_than_one() -> None:
    of = scored()
    client = inside(secretary(of))
    costs = []
    for _ in range(3):
        client.post(address(of), SENT)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address(of))
        costs.append(len(asked))

    assert costs == [costs[0]] * 3


def test_the_page_is_english_in_english() -> None:
    of = scored()
    client = inside(secretary(of))
    client.post("/bahasa/", {"language": "en", "next": "/"})
    with translation.override("en"):
        text = words(client.get(address(of)))

    assert "Export answers" in text
    assert "Untuk apa" not in text
