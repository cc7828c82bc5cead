"""/berkas/: the check list, the freezing, the ZIP, whether it is whole, and the names apart."""

import hashlib
import re
from pathlib import Path

import pytest
from django.utils.html import strip_tags
from pytest_django import Settings

from selaras.actions.jobs import work_off
from selaras.models import AuditEntry, Dossier, Role
from selaras.models.files import path_of
from tests import build
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.web.cast import inside

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))  # type: ignore[attr-defined]


def measured() -> Programme:
    of = programme()
    bring(of, families_file([family(f"GD-{i:03d}", 4, "cemplung", 2000, name=f"Warga {i}") for i in range(1, 7)]))
    return of


def address(of: Programme, more: str = "") -> str:
    return f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/berkas/{more}"


def test_from_the_check_list_to_a_package_that_is_whole_and_its_names() -> None:
    of = measured()
    client = inside(build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle))
    before = text_of(client.get(address(of)))
    assert "Belum ada yang dibekukan. Sebelum itu kesiapan hanya terlihat di kota ini." in before
    assert "Kop surat belum diatur. Sampul memakai nama kota saja." in before

    answer = client.post(address(of))
    assert (answer.status_code, answer.headers["Location"]) == (302, address(of))
    waiting = client.get(address(of))
    assert (waiting.headers["Refresh"], "Sedang dibekukan" in text_of(waiting)) == ("2", True)
    work_off()
    made = Dossier.objects.get()
    page = client.get(address(of))
    assert "Refresh" not in page.headers
    assert "Berkas ke-1 dibekukan" in text_of(page)

    taken = client.get(address(of, f"{made.uuid}.zip"))
    assert (taken.headers["Content-Type"], hashlib.sha256(taken.content).hexdigest()) == (
        "application/zip",
        made.sha256,
    )
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert "Utuh. Berkas, daftar isinya, dan catatan di jejak audit cocok." in text_of(
        client.get(address(of, f"?periksa={made.uuid}"))
    )
    names = client.post(address(of, f"{made.uuid}/nama/"))
    assert (names.headers["Content-Type"], names.content[:5]) == ("application/pdf", b"%PDF-")
    written = AuditEntry.objects.filter(action__startswith="dossiers.").order_by("id").values_list("action", flat=True)
    assert list(written) == ["dossiers.ask", "dossiers.freeze", "dossiers.take_annex"]


def test_a_file_that_was_changed_is_said_to_be() -> None:
    of = measured()
    client = inside(build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle))
    client.post(address(of))
    work_off()
    made = Dossier.objects.get()
    path = path_of(made.file.sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert "Tidak cocok." in text_of(client.get(address(of, f"?periksa={made.uuid}")))


def test_a_juror_sees_what_was_frozen_and_nothing_that_prepares_it() -> None:
    of = measured()
    juror = inside(build.member(Role.JUROR, "36.72", cycle=of.cycle))
    assert "Kota belum membekukan berkas untuk lokus ini." in text_of(juror.get(address(of)))
    office = inside(build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle))
    office.post(address(of))
    work_off()
    made = Dossier.objects.get()
    page = text_of(juror.get(address(of)))
    said = ("Yang masih kurang", "Bekukan", "Lampiran nama:", "Ambil lampiran nama")
    assert [words in page for words in said] == [False, False, False, False]
    assert "Unduh ZIP" in page
    assert juror.get(address(of, f"{made.uuid}.zip")).status_code == 200
    assert juror.post(address(of)).status_code == 403
    assert juror.post(address(of, f"{made.uuid}/nama/")).status_code == 403


def test_nothing_measured_cannot_be_frozen_and_the_page_says_why() -> None:
    of = programme()
    client = inside(build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle))
    answer = client.post(address(of))
    assert answer.status_code == 422
    assert "lokus ini belum punya pendataan yang dihitung" in text_of(answer)
    assert not Dossier.objects.exists()
