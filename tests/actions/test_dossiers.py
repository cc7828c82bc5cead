"""A dossier is frozen whole, says the same everywhere, names nobody, and stays as it was whatever is erased later."""

import hashlib
import io
import json
import re
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from pptx import Presentation
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions import dossiers, erasure
from selaras.actions.jobs import Progress, work_off
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import (
    AuditEntry,
    CannotUnsealError,
    DataKey,
    Dossier,
    DossierAnnex,
    Household,
    Job,
    Role,
    StoredFile,
)
from selaras.models.files import path_of
from selaras.queries.dossiers import annex_of, dossiers_page, kept_dossier
from selaras.reports.dossier_package import check
from tests import build, build_blurs
from tests.build_dossiers import NAMES, NUMBER, World, freeze, packed, unpacked, world
from tests.build_programme import bring, families_file, family, programme
from tests.pdf import pdf_text

pytestmark = pytest.mark.django_db

#: What a camera wrote into the photo; a PDF has words of its own about itself.
CAMERA = (*(mark for mark in build_blurs.PLANTED if mark not in {b"Exif", b"GPS", b"http://ns.adobe.com"}), b"Exif\x00")


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def words_of(name: str, content: bytes) -> str:
    """All that a reader of that file reads, on one line."""
    if name.endswith(".pdf"):
        text = pdf_text(content)
    elif name.endswith(".pptx"):
        shapes = [shape for slide in Presentation(io.BytesIO(content)).slides for shape in slide.shapes]
        cells = [cell.text for each in shapes if each.has_table for row in each.table.rows for cell in row.cells]
        text = "\n".join([*(each.text_frame.text for each in shapes if each.has_text_frame), *cells])
    elif name.endswith(".docx"):
        document = Document(io.BytesIO(content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        text = "\n".join([*(each.text for each in document.paragraphs), *cells])
    else:
        text = content.decode("utf-8", "replace")
    return " ".join(text.replace("\u200b", "").split())


def test_a_package_is_there_with_one_row_and_every_hash_of_its_manifest_is_that_of_its_file() -> None:
    there, made = packed()
    files = {name: content for name, content in unpacked(made).items() if "/" not in name}
    assert sorted(files) == [
        "angka.json", "laporan.pdf", "manifest.json", "paparan.pdf", "paparan.pptx", "siaran-pers.docx",
    ]  # fmt: skip
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest == made.manifest
    assert manifest["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert made.sha256 == hashlib.sha256(made.file.content()).hexdigest()
    entry = AuditEntry.objects.get(action="dossiers.freeze")
    assert (entry.actor, entry.object_id, entry.details["sha256"]) == (there.by, str(made.uuid), made.sha256)
    assert Job.objects.get(kind="dossiers.freeze").state == "done"


def test_it_says_the_same_numbers_in_every_paper() -> None:
    _there, made = packed()
    files = unpacked(made)
    said = {label: f"{value} {note}".strip() for _key, label, value, note in made.figures}
    internal = {label for key, label, _value, _note in made.figures if key == "ready"}
    assert set(said) >= {"Keluarga binaan", "Komitmen", "Anggaran yang dicatat", "Kehadiran", "Nilai terukur"}
    for name in ("laporan.pdf", "paparan.pptx", "paparan.pdf", "siaran-pers.docx"):
        text = words_of(name, files[name])
        lacking = {label for label, rest in said.items() if re.sub(r"[()]", "", f"{label} {rest}") not in _flat(text)}
        # A newspaper is not told how far claims are proved.
        assert (name, lacking) == (name, internal if name == "siaran-pers.docx" else set())
    figures = [[each["key"], each["label"], each["value"], each["note"]] for each in json.loads(files["angka.json"])]
    assert figures == made.figures


def _flat(text: str) -> str:
    """Without what sets a label and its number apart in one paper or the other."""
    return re.sub(r"[():]", "", text).replace("  ", " ").replace("  ", " ")


def test_no_file_of_it_names_a_family_or_holds_a_number_a_place_or_what_a_camera_wrote() -> None:
    there, made = packed()
    forbidden = [
        *NAMES,
        "Rohayati",
        "Jubaedah",
        "Marsinah",
        NUMBER,
        "Steve Canny",
        "python-docx",
        there.by.get_full_name(),
    ]
    for name, content in unpacked(made).items():
        text = words_of(name, content).casefold()
        assert [(name, word) for word in forbidden if word.casefold() in text] == []
        # Pictures lie in a PDF as they are, so that what a camera writes would be found.
        assert [(name, mark) for mark in CAMERA if mark in content] == []
    # What was typed without a name is there, and that something was left out is said.
    report = words_of("laporan.pdf", unpacked(made)["laporan.pdf"])
    assert "Membangun jamban" in report
    assert "Gotong royong" in report
    assert "tulisan tidak dimuat karena menyebut nama atau nomor" in report
    assert dict(made.lacks)["named"] == 4


def test_the_photo_that_is_in_it_is_the_public_copy_made_small_and_none_that_nobody_has_confirmed() -> None:
    there = world()
    build_blurs.of_people(there.by, there.of.lokus, seed=2, caption="Belum dipastikan")
    files = unpacked(freeze(there.of, there.by))
    report = words_of("laporan.pdf", files["laporan.pdf"])
    assert "Jamban baru di RT 02" in report
    assert "Belum dipastikan" not in report
    assert files["laporan.pdf"].count(b"/DCTDecode") == 1


def test_the_report_is_tagged_has_an_outline_and_says_its_language() -> None:
    there = world()
    report = unpacked(freeze(there.of, there.by))["laporan.pdf"]
    document = pypdfium2.PdfDocument(report)
    titles = [each.get_title() for each in document.get_toc() if each.level == 0]
    assert document.is_tagged()
    assert titles[1:9] == [
        "Bab I. Pendahuluan", "Bab II. Lokus dan sasaran", "Bab III. Perencanaan: siapa berbuat apa",
        "Bab IV. Pelaksanaan", "Bab V. Reaksi", "Bab VI. Hasil",
        "Bab VII. Kesiapan per aspek", "Bab VIII. Tindak lanjut",
    ]  # fmt: skip
    assert any(each.startswith("Lampiran 1.") for each in titles)
    document.close()


# --- it does not change -----------------------------------------------------------------------------------------------
def intact(there: World, made: Dossier) -> bool:
    kept = kept_dossier(there.by, there.of.cycle.slug, there.of.lokus.area, made.uuid)
    return check(kept.content, kept.sha256, kept.manifest).intact and kept.audited == kept.sha256


def test_a_later_freezing_is_another_row_and_the_first_stays_as_it_was() -> None:
    there = world()
    first = freeze(there.of, there.by)
    second = freeze(there.of, there.by)
    assert (first.number, second.number) == (1, 2)
    assert intact(there, first)
    assert intact(there, second)
    with pytest.raises(TypeError, match="does not change"):
        first.save()


def test_a_byte_that_was_changed_and_a_row_that_was_rewritten_with_it_are_both_found() -> None:
    there, made = packed()
    assert intact(there, made)
    path = path_of(made.file.sha256)
    whole = path.read_bytes()
    path.write_bytes(whole[:-40] + bytes([whole[-40] ^ 1]) + whole[-39:])
    assert not intact(there, made)
    # Whoever owns the database writes the new hash over the old one: the audit still knows.
    Dossier.objects.filter(pk=made.pk).update(sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    assert not intact(there, Dossier.objects.get(pk=made.pk))
    path.unlink()
    assert not intact(there, made)


def test_an_erasure_rewrites_the_names_alone_and_the_package_keeps_its_hash() -> None:
    there, made = packed()
    slug, area = there.of.cycle.slug, there.of.lokus.area
    _row, names, _name = annex_of(there.by, slug, area, made.uuid)
    assert [name in pdf_text(names) for name in NAMES] == [True, True, True]
    old = made.annex.file
    before = made.file.content()
    gone = Household.objects.get(head_name=NAMES[0])
    erasure.erase_household(by=there.by, household=gone, reason="permintaan")
    # At once: neither file nor key; the worker writes what is left.
    annex = DossierAnnex.objects.get(dossier=made)
    assert (annex.file, annex.key, annex.sha256) == (None, None, "")
    assert not DataKey.objects.filter(pk=old.key_id).exists()
    assert not StoredFile.objects.filter(pk=old.pk).exists()
    with pytest.raises(InputError):
        annex_of(there.by, slug, area, made.uuid)
    work_off()
    _row, names, _name = annex_of(there.by, slug, area, made.uuid)
    assert [name in pdf_text(names) for name in NAMES] == [False, True, True]
    annex.refresh_from_db()
    assert (annex.version, annex.families) == (2, 7)
    assert made.file.content() == before
    assert intact(there, made)


class Meanwhile(Progress):
    """A freezing in which a family is erased after its name was written and before anything is published."""

    def say(self, done: int, total: int | None = None, *, note: str | None = None, now: bool = False) -> None:
        del total, note, now
        gone = Household.objects.filter(head_name=NAMES[0]).first()
        if done == dossiers.STEPS - 1 and gone is not None:
            erasure.erase_household(by=CONSOLE, household=gone, reason="permintaan")


def test_a_family_that_is_erased_while_its_names_are_made_is_in_no_annex_and_done_twice_it_is_one_dossier() -> None:
    there = world()
    params = {"lokus": there.of.lokus.pk}
    job = Job.objects.create(kind="dossiers.freeze", params=params, created_by=there.by)
    # The second time as after a lease that was lost between the commit and its end.
    for _ in range(2):
        dossiers.make(Meanwhile(job))
    (annex,) = DossierAnnex.objects.all()
    words = pdf_text(annex.file.content())
    assert [name in words for name in NAMES] == [False, True, True]
    assert (annex.families, annex.households.count(), Dossier.objects.get().job) == (7, 7, job.uuid)
    assert AuditEntry.objects.filter(action="dossiers.freeze").count() == 1


def test_the_names_lie_sealed_under_a_key_of_their_own() -> None:
    there, made = packed()
    stored = made.annex.file
    assert stored.key.purpose == "dossier"
    assert not stored.path.read_bytes().startswith(b"%PDF")
    stored.key.destroy(made.made_at)
    with pytest.raises(CannotUnsealError):
        StoredFile.objects.get(pk=stored.pk).content()
    assert intact(there, made)


# --- who --------------------------------------------------------------------------------------------------------------
def test_a_juror_and_the_province_read_what_was_frozen_and_never_the_names_or_what_is_lacking() -> None:
    there = world()
    slug, area = there.of.cycle.slug, there.of.lokus.area
    juror, province = build.member(Role.JUROR, "36.72", cycle=there.of.cycle), build.member(Role.PROVINCE, "36")
    assert [dossiers_page(who, slug, area).lines for who in (juror, province)] == [(), ()]
    made = freeze(there.of, there.by)
    for who in (juror, province):
        page = dossiers_page(who, slug, area)
        assert ([line.id for line in page.lines], page.lacks, page.lines[0].annex, page.lines[0].by) == (
            [made.uuid],
            (),
            None,
            "",
        )
        assert kept_dossier(who, slug, area, made.uuid).sha256 == made.sha256
        with pytest.raises(Forbidden):
            dossiers.take_annex(by=who, cycle_slug=slug, code=area, dossier=made.uuid)
        with pytest.raises(Forbidden):
            dossiers.freeze(by=who, cycle_slug=slug, code=area)
    with pytest.raises(Missing):
        dossiers_page(build.member(Role.JUROR, "36.73"), slug, area)


def test_each_taking_of_the_names_is_written_down() -> None:
    there, made = packed()
    dossiers.take_annex(by=there.by, cycle_slug=there.of.cycle.slug, code=there.of.lokus.area, dossier=made.uuid)
    entry = AuditEntry.objects.get(action="dossiers.take_annex")
    assert (entry.actor, entry.object_id) == (there.by, str(made.uuid))


def test_without_anything_measured_nothing_is_frozen_and_asking_twice_is_once() -> None:
    of = programme()
    by = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    with pytest.raises(InputError, match="belum punya pendataan"):
        dossiers.freeze(by=by, cycle_slug=of.cycle.slug, code=of.lokus.area)
    bring(of, families_file([family("GD-001", 4, "cemplung", 2000)]))
    first = dossiers.freeze(by=by, cycle_slug=of.cycle.slug, code=of.lokus.area)
    assert dossiers.freeze(by=by, cycle_slug=of.cycle.slug, code=of.lokus.area) == first
