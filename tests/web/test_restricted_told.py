"""Who hears that a row of a sheet is of a family that is hidden at its wish, and what of that import can be undone."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions.imports import confirm_import, export_problems, undo_import
from selaras.actions.jobs import work_off
from selaras.actions.rights import ask_about_data
from selaras.errors import InputError
from selaras.models import DataKey, Household, ImportBatch, RightsRequest, Role, User
from selaras.queries.imports import ImportPage, import_page
from selaras.queries.rights import desk_page, request_page
from selaras.queries.undoing import _HANDLED, _WORDS
from tests import build
from tests.actions.test_restricted_anew import (
    ENI,
    HEADER,
    KK,
    NIK,
    bring,
    known_anew,
    lifted,
    restricted,
    secretary,
    seen,
    stored_marks,
    warned,
)
from tests.build_programme import Programme, families_file, programme
from tests.build_programme import confirm as published
from tests.build_programme import receive as uploaded
from tests.cases.people import signed_in

ANI = ["", "Ani Uji", "", "", "01", "02", 2]
HERE, THERE = "36.72.05.1005", "36.72.05.1001"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def elsewhere(of: Programme) -> Programme:
    """Lokus SJ of the same year."""
    return Programme(of.cycle, build.lokus(of.cycle, THERE, "SJ"), of.round, of.version)


def lurah(of: Programme) -> User:
    return build.member(Role.SUPERVISOR, of.lokus.place.code, cycle=of.cycle)


def given(of: Programme, by: User, *rows: Sequence[Any]) -> UUID:
    return uploaded(of, families_file(rows, header=HEADER), by=by)


def page_of(of: Programme, by: User, which: UUID) -> ImportPage:
    return import_page(by, of.cycle.slug, of.lokus.area, which)


def text_of(of: Programme, by: User, which: UUID) -> str:
    return signed_in(by).get(reverse("import", args=[of.cycle.slug, of.lokus.area, which])).content.decode()


def cells(of: Programme, by: User, which: UUID) -> str:
    """All that the sheet with problems says to her."""
    content, _name = export_problems(by=by, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=which)
    sheets = load_workbook(io.BytesIO(content)).worksheets
    return " ".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row if cell)


# --- before it is saved -----------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_who_may_not_see_the_request_finds_out_nothing_by_uploading_the_familys_numbers() -> None:
    of = programme()
    bring(of, ENI)
    row = restricted(of)
    there = elsewhere(of)
    budi = lurah(there)
    asked = given(there, budi, ENI, ANI)
    # As a family of which nobody has ever heard.
    nobodys = given(there, budi, [KK[:-1] + "1", "Ina Uji", NIK[:-1] + "9", "Gang Sunyi 7", "03", "02", 4], ANI)
    pages = [page_of(there, budi, each) for each in (asked, nobodys)]
    told = [
        (page.state, page.new, page.known, [str(one) for one in page.problems], page.problem_count, page.restricted)
        for page in pages
    ]
    assert told[0] == told[1]
    batches = [ImportBatch.objects.get(uuid=each) for each in (asked, nobodys)]
    assert batches[0].problems == batches[1].problems
    assert "Siap disimpan" in text_of(there, budi, asked)
    for words in ("dibatasi", "atas nama", "permintaan nomor"):
        assert (words in text_of(there, budi, asked), words in cells(there, budi, asked)) == (False, False)
    # The secretary, whose desk has it, is told of the same import; in its page, its count and its sheet.
    by = secretary(of)
    page = page_of(there, by, asked)
    assert (len(warned(page)), page.problem_count) == (1, pages[0].problem_count + 1)
    assert "permintaan nomor 1" in cells(there, by, asked)
    # And whoever keeps the lokus in which it asked: her own upload there is another's sheet to the first.
    published(there, asked, by=budi)
    done = page_of(there, budi, asked)
    assert (done.restricted, done.restricted_told, warned(done)) == (("SJ-001",), False, [])
    text = text_of(there, budi, asked)
    assert "SJ-001: tidak tampak di daftar atas permintaan yang bersangkutan" in text
    told_after = ("Sekretariat yang dapat menjelaskannya", "nomor 1", "GD-001", "Gedong", "/permintaan/", str(row.uuid))
    assert [words in text for words in told_after] == [True, False, False, False, False, False]
    assert page_of(there, by, asked).restricted_told


@pytest.mark.django_db(transaction=True)
def test_of_a_request_that_the_server_lost_only_who_answers_requests_is_told() -> None:
    of = programme()
    known_anew(of, bring(of, ENI))
    ani = lurah(of)
    upload = given(of, ani, ENI)
    assert [len(warned(page_of(of, who, upload))) for who in (ani, secretary(of))] == [0, 1]
    published(of, upload, by=ani)
    # It is about a family of hers again: she is sent to the desk, which tells her.
    done = page_of(of, ani, upload)
    assert (done.restricted, done.restricted_told) == (("GD-001",), True)
    assert [one.code for one in desk_page(ani, of.cycle.slug).again] == ["GD-001"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("header", [["kode", *HEADER[1:]], HEADER])
def test_a_row_of_a_hidden_family_is_refused_at_the_check_for_who_may_know_and_at_the_end_for_others(
    header: list[str],
) -> None:
    of = programme()
    bring(of, ENI)
    restricted(of)
    codes = ("GD-001", "GD-002") if header[0] == "kode" else (KK, "")
    ani = lurah(of)
    rows = [[code, *row[1:]] for code, row in zip(codes, (ENI, ANI), strict=True)]
    upload = uploaded(of, families_file(rows, header=header), by=ani)
    page = page_of(of, ani, upload)
    assert (page.state, page.errors, page.skippable, page.good) == ("refused", 1, True, 1)
    assert [str(one) for one in page.problems if one.level == "error"] == [
        "keluarga!A2: keluarga GD-001 meminta datanya tidak dipakai atas nama; keluarkan barisnya; bila keluarga itu "
        "mengizinkan, sekretariat yang mengakhiri pembatasannya di Permintaan pemilik data"
    ]
    confirm_import(by=ani, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=upload, skip=True)
    work_off()
    assert (page_of(of, ani, upload).state, seen(of)) == ("done", ["Ani Uji"])
    # The same of a family that came anew where its request is another's.
    there = elsewhere(of)
    budi = lurah(there)
    bring(there, ENI)
    again = given(there, budi, ENI)
    quiet = page_of(there, budi, again)
    said = [one.code for one in quiet.problems if "restricted" in one.code]
    assert (quiet.state, quiet.errors, said) == ("ready", 0, [])
    with pytest.raises(InputError):
        published(there, given(there, secretary(of), ENI), by=secretary(of))
    published(there, again, by=budi)
    assert page_of(there, budi, again).state == "failed"


# --- after it has ended -----------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_what_has_ended_is_shown_as_current_on_no_imports_page() -> None:
    of = programme()
    bring(of, ENI)
    row = restricted(of)
    there, by = elsewhere(of), secretary(of)
    pending = given(there, by, ENI)
    came = bring(there, ENI)
    assert (page_of(there, by, came).restricted, len(warned(page_of(there, by, pending)))) == (("SJ-001",), 1)
    lifted(of, row.uuid)
    after = page_of(there, by, pending)
    assert (page_of(there, by, came).restricted, warned(page_of(there, by, came))) == ((), [])
    assert (warned(after), after.problem_count) == ([], int(ImportBatch.objects.get(uuid=pending).summary["problems"]))
    assert "dibatasi lagi" not in text_of(there, by, came)
    # A restriction that it asked for later is none of the import's.
    restricted(there, "SJ-001")
    assert page_of(there, by, came).restricted == ()


# --- the desk ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_where_else_a_family_came_in_anew_is_told_to_nobody_outside_that_place() -> None:
    of = programme()
    bring(of, ENI)
    row = restricted(of)
    there = elsewhere(of)
    bring(there, ENI)
    ani, budi, by, slug = lurah(of), lurah(there), secretary(of), of.cycle.slug
    assert [[one.code for one in desk_page(who, slug).again] for who in (ani, budi, by)] == [[], [], ["SJ-001"]]
    assert [[one.code for one in request_page(who, slug, row.uuid).again] for who in (ani, by)] == [[], ["SJ-001"]]
    for address in ("", f"{row.uuid}/"):
        text = signed_in(ani).get(f"/tahun/{slug}/data-pribadi/permintaan/{address}").content.decode()
        assert ("Permintaan" in text, "SJ-001" in text, "Sukmajaya" in text) == (True, False, False)


# --- undone -----------------------------------------------------------------------------------------------------------
def undone(of: Programme, came: UUID) -> None:
    undo_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=came)
    work_off()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ended", [False, True])
def test_an_import_that_hid_a_lost_family_again_is_undone_and_the_next_hides_it_again(ended: bool) -> None:
    of = programme()
    row = known_anew(of, bring(of, ENI))
    by, slug = secretary(of), of.cycle.slug
    came = bring(of, ENI, ANI)
    assert (page_of(of, by, came).undo_reasons, RightsRequest.objects.get().household.code) == ((), "GD-001")
    if ended:
        lifted(of, row.uuid)
    undone(of, came)
    request = RightsRequest.objects.get()
    assert (page_of(of, by, came).state, Household.objects.count()) == ("undone", 0)
    assert (request.uuid, request.household, request.deed, bool(stored_marks())) == (
        row.uuid, None, "restricted", not ended,
    )  # fmt: skip
    page = request_page(by, slug, row.uuid)
    assert (page.household_restricted, page.household_there, page.again, page.looks) == (False, False, (), False)
    assert signed_in(by).get(f"/tahun/{slug}/data-pribadi/permintaan/{row.uuid}/").status_code == 200
    there = elsewhere(of)
    upload = given(there, by, ENI)
    assert len(warned(page_of(there, by, upload))) == (not ended)
    published(there, upload, by=by)
    request.refresh_from_db()
    assert seen(of) == (["Eni Rahasia"] if ended else [])
    if ended:
        return
    # By the same request, which is about that one now, it can be ended.
    assert (request.household.code, request.area) == ("SJ-001", request.household.area)
    assert [one.code for one in desk_page(lurah(there), slug).again] == ["SJ-001"]
    lifted(of, row.uuid)
    assert seen(of) == ["Eni Rahasia"]


@pytest.mark.django_db(transaction=True)
def test_where_one_of_two_imports_that_brought_a_lost_family_is_undone_the_other_is_what_the_request_is_about() -> None:
    of = programme()
    row = known_anew(of, bring(of, ENI))
    by, slug = secretary(of), of.cycle.slug
    there = elsewhere(of)
    first, second = bring(of, ENI), bring(there, ENI)
    assert RightsRequest.objects.get().household.code == "GD-001"
    undone(of, first)
    request = RightsRequest.objects.get()
    assert (request.household.code, request.area, request.household.pending) == (
        "SJ-001", f"{THERE}.RW03.RT02", row.uuid,
    )  # fmt: skip
    assert (request_page(by, slug, row.uuid).household_restricted, seen(of)) == (True, [])
    text = signed_in(by).get(f"/tahun/{slug}/data-pribadi/permintaan/{row.uuid}/").content.decode()
    assert "Akhiri pembatasan" in text
    assert [one.code for one in desk_page(lurah(there), slug).again] == ["SJ-001"]
    lifted(of, row.uuid)
    assert seen(of) == ["Eni Rahasia"]
    # Nobody is left of whom it could be.
    undone(there, second)
    assert (RightsRequest.objects.get().household, Household.objects.count()) == (None, 0)


@pytest.mark.django_db(transaction=True)
def test_a_request_about_a_family_that_the_import_brought_keeps_it_in_our_words() -> None:
    of = programme()
    came = bring(of, ENI, ANI)
    said = {"household": "GD-002", "asker": "Ani Uji", "reach": "lewat kader"}
    row = ask_about_data(by=secretary(of), cycle_slug=of.cycle.slug, kind="see", **said)
    assert [str(one) for one in page_of(of, secretary(of), came).undo_reasons] == [
        "1 keluarga sudah meminta sesuatu tentang datanya; permintaannya tetap tercatat; perbaiki atau hapus "
        "keluarganya satu per satu"
    ]
    RightsRequest.objects.filter(pk=row.pk).delete()
    DataKey.objects.filter(pk=row.key_id).delete()
    assert page_of(of, secretary(of), came).undo_reasons == ()


def test_whatever_else_stands_on_a_family_is_said_in_our_words() -> None:
    others = {one.get_accessor_name() for one in Household._meta.related_objects if not one.hidden}
    assert others - _HANDLED == set(_WORDS)
