"""A family that asked to be used no further by name, and that no backup knows, is away again when it comes in anew."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from pytest_django import Settings

from selaras.access import CONSOLE, households_for, may_see_household
from selaras.actions import backup, restrictions
from selaras.actions.erasure import erase_household
from selaras.actions.importing import publishing
from selaras.actions.imports import undo_import
from selaras.actions.jobs import work_off
from selaras.actions.restriction_marks import (
    REGISTER,
    Recognising,
    Restriction,
    in_force,
    marked,
    recognised,
)
from selaras.actions.rights import answer_request, ask_about_data, know_asker, lift_restriction, tell_asker
from selaras.actions.upkeep import tidy
from selaras.errors import InputError
from selaras.models import (
    AuditEntry,
    Counter,
    DataKey,
    Household,
    RightsRequest,
    Role,
    SearchHashes,
    User,
)
from selaras.queries.imports import ImportPage, import_page
from selaras.queries.photo_uses import uses_of
from selaras.queries.rights import desk_page, request_page
from tests import build
from tests.build_programme import Programme, families_file, programme
from tests.build_programme import confirm as published
from tests.build_programme import receive as uploaded
from tests.leaks import without_chance

KK, NIK = "3672051234567890", "3672054101700001"
HEADER = ["no kk", "nama kepala", "nik kepala keluarga", "alamat", "rw", "rt", "jumlah"]
ENI = [KK, "Eni Rahasia", NIK, "Gang Sunyi 7", "03", "02", 4]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    (tmp_path / "media").mkdir()
    return tmp_path / "media"


def bring(of: Programme, *rows: Sequence[Any]) -> UUID:
    """The secretariat's sheet; all of it saved."""
    found = uploaded(of, families_file(rows, header=HEADER))
    published(of, found)
    return found


def secretary(of: Programme) -> User:
    found = User.objects.filter(memberships__role=Role.SECRETARIAT).first()
    return found or build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)


def restricted(of: Programme, code: str = "GD-001") -> RightsRequest:
    """It asked, and it was done."""
    by, slug = secretary(of), of.cycle.slug
    said = {"household": code, "asker": "Eni Rahasia", "reach": "lewat kader"}
    row = ask_about_data(by=by, cycle_slug=slug, kind="restrict", **said)
    know_asker(by=by, cycle_slug=slug, request=row.uuid, seen=1)
    answer_request(by=by, cycle_slug=slug, request=row.uuid, state="done", seen=2)
    return tell_asker(by=by, cycle_slug=slug, request=row.uuid, seen=3)


def lifted(of: Programme, request: UUID) -> None:
    row = RightsRequest.objects.get(uuid=request)
    lift_restriction(by=secretary(of), cycle_slug=of.cycle.slug, request=row.uuid, seen=row.version)


def emptied(media: Path, *, kept: Sequence[str] = ()) -> None:
    """The server, lost, but for those files beside the media."""
    call_command("flush", verbosity=0, interactive=False)
    saved = {name: (media / name).read_bytes() for name in kept}
    shutil.rmtree(media)
    media.mkdir()
    for name, content in saved.items():
        (media / name).write_bytes(content)


def same(of: Programme) -> Programme:
    """The programme as it is in the database after a restore."""
    cycle = type(of.cycle).objects.get(slug=of.cycle.slug)
    lokus = cycle.loci.get(prefix="GD")
    return Programme(cycle, lokus, cycle.rounds.get(), cycle.cycle_instruments.get().version)


def seen(of: Programme) -> list[str]:
    """The names that the secretary finds."""
    by = User.objects.get(pk=secretary(of).pk)
    return sorted(households_for(by).filter(lokus__cycle=of.cycle).values_list("head_name", flat=True))


def stored_marks() -> set[str]:
    """Whatever of fingerprints stands in any byte of the register."""
    text = REGISTER.path.read_text() if REGISTER.path.exists() else ""
    return {mark for line in text.splitlines() if line.strip() for mark in json.loads(line).get("marks", [])}


WARNED = [
    "keluarga!A2: keluarga ini pernah meminta datanya tidak dipakai atas nama (permintaan nomor 1); biarkan: sesudah "
    "disimpan ia langsung dibatasi lagi dan hanya ikut dihitung; pembatasannya diakhiri di Permintaan pemilik data "
    "bila ia mengizinkan"
]


def warned(page: ImportPage) -> list[str]:
    """What the check says of whom to restrict again."""
    found = [problem for problem in page.problems if problem.code.startswith("import.restricted_")]
    assert {problem.level for problem in found} <= {"warning"}
    return [str(problem) for problem in found]


# --- after a restore --------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_family_that_no_backup_knows_is_away_again_as_soon_as_its_sheet_is_imported_anew(
    tmp_path: Path, media: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = programme()
    by = secretary(of)
    backup.back_up(by=CONSOLE, path=tmp_path / "1.cadangan")
    first = bring(of, ENI, ["", "Ani Uji", "", "", "01", "02", 2])
    row = restricted(of)
    before = Household.objects.get(code="GD-001").restricted_at
    content = without_chance(REGISTER.path.read_text())
    assert [word for word in ("Eni", "Rahasia", "Sunyi", "GD-0", KK, NIK, KK[-6:], NIK[-6:]) if word in content] == []
    emptied(media, kept=["restrictions.jsonl"])

    call_command("restore", str(tmp_path / "1.cadangan"))
    assert capsys.readouterr().out.splitlines()[1:] == [
        "1 keluarga yang minta dibatasi belum ada di cadangan ini: bila datanya masuk lagi lewat lembar kerja atau HP "
        "dengan nomor KK atau NIK kepala keluarga yang sama, ia dibatasi lagi dengan sendirinya dan disebut di "
        "Permintaan pemilik data. Tanpa kedua nomor itu ia tidak dikenali: catat dan jawab permintaannya sekali lagi."
    ]
    of = same(of)
    assert (Household.objects.count(), RightsRequest.objects.count(), User.objects.get().pk) == (0, 0, by.pk)
    upload = uploaded(of, families_file([ENI, ["", "Ani Uji", "", "", "01", "02", 2]], header=HEADER))
    page = import_page(secretary(of), of.cycle.slug, of.lokus.area, upload)
    # Said before she presses, at the row; nothing forbids it.
    assert (warned(page), page.errors, page.new, page.restricted, upload == first) == (WARNED, 0, 2, (), False)
    published(of, upload)

    eni = Household.objects.get(code="GD-001")
    again = RightsRequest.objects.get()
    assert (eni.pending, eni.restricted_at, eni.kk()) == (row.uuid, before, KK)
    assert (again.uuid, again.number, again.household, again.deed, again.told_at, again.asker_sealed) == (
        row.uuid, 1, eni, "restricted", None, None,
    )  # fmt: skip
    assert (seen(of), may_see_household(secretary(of), eni), uses_of(eni)) == (["Ani Uji"], False, frozenset())
    of.lokus.refresh_from_db()
    assert (of.lokus.registered, Counter.objects.get(indicator__name="jamban", lokus=of.lokus).n) == (2, 0)
    done = import_page(secretary(of), of.cycle.slug, of.lokus.area, upload)
    assert (done.state, done.new, done.restricted, [one.code for one in done.undo_reasons]) == (
        "done", 2, ("GD-001",), [],
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="rights.again")
    assert (entry.object_id, entry.details) == (str(row.uuid), {"via": "import", "codes": ["GD-001"]})
    # The desk says so until nobody needs to know it any more, and by the request it ends.
    desk = desk_page(secretary(of), of.cycle.slug)
    assert [(one.code, one.via, one.number) for one in desk.again] == [("GD-001", "import", 1)]
    assert [one.code for one in request_page(secretary(of), of.cycle.slug, row.uuid).again] == ["GD-001"]
    lifted(of, row.uuid)
    assert (seen(of), desk_page(secretary(of), of.cycle.slug).again, stored_marks()) == (
        ["Ani Uji", "Eni Rahasia"], (), set(),
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_an_end_that_an_older_copy_of_the_register_does_not_know_stays_an_end_and_its_fingerprint_gone(
    tmp_path: Path, media: Path
) -> None:
    of = programme()
    backup.back_up(by=CONSOLE, path=tmp_path / "1.cadangan")
    bring(of, ENI)
    row = restricted(of)
    (tmp_path / "erasures.jsonl").write_bytes(b"")
    shutil.copy(REGISTER.path, tmp_path / "restrictions.jsonl")
    assert len(stored_marks()) == 2
    lifted(of, row.uuid)
    assert stored_marks() == set()
    emptied(media, kept=["restrictions.jsonl"])
    done = backup.restore(by=CONSOLE, path=tmp_path / "1.cadangan", registers=[tmp_path / "erasures.jsonl"])
    assert ((done.restricted, done.unknown, done.unmarked), stored_marks()) == ((0, 0, 0), set())
    of = same(of)
    bring(of, ENI)
    assert (seen(of), RightsRequest.objects.count()) == (["Eni Rahasia"], 0)


@pytest.mark.django_db(transaction=True)
def test_one_that_the_backup_knows_under_another_id_is_known_by_its_numbers_at_once(
    tmp_path: Path, media: Path
) -> None:
    of = programme()
    wrong = bring(of, ENI, ["", "Ani Uji", "", "", "01", "02", 2])
    secretary(of)
    backup.back_up(by=CONSOLE, path=tmp_path / "1.cadangan")
    # The sheet was taken back, and came once more: other ids.
    undo_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=wrong)
    work_off()
    bring(of, ENI)
    code = Household.objects.get(head_name="Eni Rahasia").code
    row = restricted(of, code)
    emptied(media, kept=["restrictions.jsonl"])
    done = backup.restore(by=CONSOLE, path=tmp_path / "1.cadangan")
    of = same(of)
    assert ((done.restricted, done.unknown, done.unmarked), seen(of)) == ((1, 0, 0), ["Ani Uji"])
    assert AuditEntry.objects.get(action="rights.again").details == {"via": "register", "codes": ["GD-001"]}
    assert restrictions.replay(by=CONSOLE, lines=REGISTER.known()) == restrictions.Replayed(0, 0, 0)
    assert Household.objects.get(head_name="Eni Rahasia").pending == row.uuid


# --- how it is known --------------------------------------------------------------------------------------------------
def lost(of: Programme, came: UUID, row: RightsRequest) -> None:
    """The database as one that has never had the families of that import, nor the request."""
    Household.objects.filter(pending=row.uuid).update(pending=None, restricted_at=None)
    RightsRequest.objects.filter(pk=row.pk).delete()
    DataKey.objects.filter(pk=row.key_id).delete()
    undo_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=came)
    work_off()
    assert not Household.objects.filter(brought_by=came).exists()


def known_anew(of: Programme, came: UUID) -> RightsRequest:
    """The first family of that import asked, and this database lost it all."""
    row = restricted(of)
    lost(of, came, row)
    return row


NAMELESS = ["", "Eni Rahasia", "", "Gang Sunyi 7", "03", "02", 4]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("stood", "comes", "known"),
    [
        (ENI, [KK, "Eni R.", "", "Jalan Lain", "01", "09", 2], True),
        (ENI, ["", "Eni R.", NIK, "", "01", "09", 2], True),
        (ENI, ["3672059999999999", "Eni R.", NIK, "", "01", "09", 2], True),
        (ENI, ["3672059999999999", *NAMELESS[1:]], False),
        (ENI, NAMELESS, False),
        (NAMELESS, NAMELESS, False),
        (NAMELESS, ENI, False),
    ],
)
def test_it_is_known_by_its_own_numbers_and_by_nothing_else(stood: list[Any], comes: list[Any], known: bool) -> None:
    of = programme()
    known_anew(of, bring(of, stood))
    upload = uploaded(of, families_file([comes], header=HEADER))
    page = import_page(secretary(of), of.cycle.slug, of.lokus.area, upload)
    published(of, upload)
    assert (Household.objects.get().restricted_at is not None, bool(warned(page))) == (known, known)


@pytest.mark.django_db
def test_what_a_family_wished_in_one_year_says_nothing_in_another() -> None:
    here = build.household(build.lokus(build.cycle()), name="Eni Rahasia", kk=KK)
    there = build.household(build.lokus(build.cycle(year=2025)), name="Eni Rahasia", kk=KK)
    line = line_of(here)
    assert list(recognised(Household.objects.all(), [line])) == [here.pk]
    assert (set(marks_of(there)).isdisjoint(line.marks), line.year == line_of(there).year) == (True, False)
    # Neither is what finds a number in the registry, nor what an erasure keeps.
    assert [number for number in (here.kk_hash, there.kk_hash) if str(number) in str(line)] == []


def line_of(family: Household) -> Restriction:
    """As the register has it, of a family whose id nobody knows any more."""
    at = timezone.now().isoformat()
    return marked(Restriction(str(uuid4()), (str(uuid4()),), "restrict", 1, at, at, None), [family])


def marks_of(family: Household) -> tuple[str, ...]:
    return line_of(family).marks


NUMBERS = st.sampled_from(["", "1111111111111111", "2222222222222222"])
FAMILY = st.tuples(NUMBERS, NUMBERS, st.sampled_from(["", "Ani", "Budi"]), st.sampled_from(["", "Gang 1"]))


@pytest.mark.django_db
@effort(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(was=FAMILY, comes=FAMILY)
def test_of_any_two_families_those_are_one_that_share_a_number_and_surely_so_unless_one_has_a_card_not_known_as_hers(
    was: tuple[str, ...], comes: tuple[str, ...]
) -> None:
    with transaction.atomic():
        cycle = build.cycle()
        loci = build.lokus(cycle), build.lokus(cycle, "36.72.05.1001", "SJ")
        old, new = (
            build.household(lokus, name=said[2], kk=said[0], address=said[3])
            for lokus, said in zip(loci, (was, comes), strict=True)
        )
        for one, said in ((old, was), (new, comes)):
            build.person(one, said[2], said[1])
        found = recognised(Household.objects.filter(pk=new.pk), [line_of(old)])
        row = {"kk": comes[0], "head_name": comes[2], "address": comes[3], "rw": "03", "rt": "01"}
        sheet = Recognising(cycle.slug, SearchHashes.load(), [line_of(old)]).of(row, {"nik": comes[1]})
        transaction.set_rollback(True)
    # The kind of number counts: a NIK typed where a KK belongs is nobody's KK.
    shared = any(one and one == other for one, other in zip(was[:2], comes[:2], strict=True))
    expected = [comes[0] in ("", was[0])] if shared else []
    assert [[met.surely for met in found.values()], [sheet.surely] if sheet is not None else []] == [expected, expected]


# --- other ways in ----------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_where_its_number_comes_later_the_hour_knows_it(media: Path) -> None:
    of = programme()
    row = known_anew(of, bring(of, [KK, "Eni Rahasia", "", "", "03", "02", 4]))
    came = bring(of, ["", "Eni", "", "", "03", "02", 4])
    tidy()
    assert seen(of) == ["Eni"]
    family = Household.objects.get()
    family.set_kk(KK, SearchHashes.load().kk(KK))
    family.save()
    tidy()
    assert (seen(of), Household.objects.get().pending, came) == ([], row.uuid, family.brought_by)
    tidy()
    assert AuditEntry.objects.filter(action="rights.again").count() == 1


@pytest.mark.django_db(transaction=True)
def test_while_it_is_away_here_its_second_entry_in_another_lokus_is_away_too_and_can_be_taken_back() -> None:
    of = programme()
    bring(of, ENI)
    row = restricted(of)
    there = Programme(of.cycle, build.lokus(of.cycle, "36.72.05.1001", "SJ"), of.round, of.version)
    came = bring(there, ENI, ["", "Ani Uji", "", "", "01", "02", 2])
    assert (seen(of), Household.objects.filter(pending=row.uuid).count()) == (["Ani Uji"], 2)
    assert import_page(secretary(of), of.cycle.slug, there.lokus.area, came).restricted == ("SJ-001",)
    row.refresh_from_db()
    assert (row.household.code, row.told_at is None, len(stored_marks())) == ("GD-001", False, 2)
    undo_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=there.lokus.area, import_id=came)
    work_off()
    there.lokus.refresh_from_db()
    assert (there.lokus.registered, list(Household.objects.values_list("code", flat=True))) == (0, ["GD-001"])
    lifted(of, row.uuid)
    assert seen(of) == ["Eni Rahasia"]


@pytest.mark.django_db(transaction=True)
def test_what_ends_between_the_preparation_and_the_switch_of_an_import_stays_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of = programme()
    bring(of, ENI)
    row = restricted(of)
    there = Programme(of.cycle, build.lokus(of.cycle, "36.72.05.1001", "SJ"), of.round, of.version)

    def then_it_ends(*args: Any) -> Any:
        found = recognised(*args)
        lifted(of, row.uuid)
        return found

    monkeypatch.setattr(publishing, "recognised", then_it_ends)
    bring(there, ENI)
    assert (seen(of), stored_marks()) == (["Eni Rahasia", "Eni Rahasia"], set())


# --- what the register keeps ------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_an_erased_family_no_fingerprint_is_left_and_it_may_come_anew() -> None:
    of = programme()
    bring(of, ENI, [KK[:-1] + "1", "Ani Uji", "", "", "01", "02", 2])
    restricted(of)
    kept = restricted(of, "GD-002")
    assert len(stored_marks()) == 3
    erase_household(by=CONSOLE, household=Household.objects.get(code="GD-001"), reason="permintaan")
    assert stored_marks() == set(marks_of(Household.objects.get(code="GD-002")))
    restrictions.complete(timezone.now())
    assert [(line.request, len(line.marks)) for line in in_force(REGISTER.known())][1:] == [(str(kept.uuid), 1)]
    assert len(stored_marks()) == 1
    there = Programme(of.cycle, build.lokus(of.cycle, "36.72.05.1001", "SJ"), of.round, of.version)
    bring(there, ENI)
    assert seen(of) == ["Eni Rahasia"]


@pytest.mark.django_db(transaction=True)
def test_lines_of_earlier_versions_get_their_fingerprints_within_the_hour() -> None:
    of = programme()
    came = bring(of, ENI)
    row = restricted(of)
    (line,) = [json.loads(text) for text in REGISTER.path.read_text().split("\n") if text]
    old = {name: said for name, said in line.items() if name != "marks"}
    REGISTER.path.write_text(json.dumps(old) + "\n")
    assert [restrictions.complete(timezone.now()), restrictions.complete(timezone.now())] == [1, 0]
    assert [one.marks for one in in_force(REGISTER.known())] == [tuple(line["marks"])]
    # Of one that is lost by then nothing can be known.
    REGISTER.path.write_text(json.dumps(old) + "\n")
    lost(of, came, row)
    assert restrictions.replay(by=CONSOLE, lines=REGISTER.known()) == restrictions.Replayed(0, 0, 1, unmarked=1)


@pytest.mark.django_db
def test_what_is_taken_out_is_written_over_where_it_stood_and_nothing_else_moves(media: Path) -> None:
    family = build.household(build.lokus(build.cycle()), name="Eni Rahasia", kk=KK)
    lines = [replace(line_of(family), number=n) for n in (1, 2)]
    REGISTER.add(lines)
    with REGISTER.path.open("ab") as stream:
        stream.write(b'\n{"request": "terpotong')
    before = REGISTER.path.read_bytes()
    blanked = replace(lines[0], marks=(), year="")
    assert REGISTER.shorten(lambda _lines: {lines[0]: blanked}) == 1
    after = REGISTER.path.read_bytes()
    assert (len(after), after.count(lines[0].marks[0].encode()), after.split(b"\n")[2:]) == (
        len(before), 1, before.split(b"\n")[2:],
    )  # fmt: skip
    assert REGISTER.known() == [blanked, lines[1]]
    assert REGISTER.shorten(lambda _lines: {lines[0]: blanked}) == 0
    # A line that would grow stays as it is.
    grown = REGISTER.shorten(lambda _lines: {lines[1]: replace(lines[1], number=10**9)})
    assert (grown, REGISTER.path.read_bytes()) == (0, after)


@pytest.mark.parametrize("wrong", [["Eni Rahasia"], ["A" * 32], [1], "ab", {"a": 1}])
def test_marks_that_are_none_are_refused(wrong: Any, media: Path) -> None:
    at = timezone.now().isoformat()
    line = {"request": str(uuid4()), "households": [], "kind": "restrict", "number": 1, "received": at, "at": at}
    REGISTER.path.write_text(json.dumps({**line, "lifted": None, "marks": wrong}) + "\n")
    with pytest.raises(InputError):
        REGISTER.read()
