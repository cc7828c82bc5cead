"""By which numbers a family is known that is used no further by name, and when nothing of them is left."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions import restriction_marks, restrictions
from selaras.actions.erasure import erase_household
from selaras.actions.jobs import work_off
from selaras.actions.restriction_marks import REGISTER, Restriction, forget_marks, in_force, marked
from selaras.actions.restrictions import Replayed
from selaras.actions.retirement import retire_year
from selaras.actions.rights import answer_request, ask_about_data, know_asker
from selaras.actions.upkeep import tidy
from selaras.models import AuditEntry, Cycle, Erasure, Household, Lokus, Place, RightsRequest, SearchHashes
from selaras.queries.imports import import_page
from selaras.queries.rights import request_page
from tests import build
from tests.actions.test_restricted_anew import (
    ENI,
    HEADER,
    KK,
    NAMELESS,
    NIK,
    bring,
    known_anew,
    lifted,
    restricted,
    secretary,
    seen,
    stored_marks,
)
from tests.build_programme import Programme, families_file, programme
from tests.build_programme import confirm as published
from tests.build_programme import receive as uploaded

#: Another card, with the NIK of who asked.
PERHAPS = ["3672059999999999", "Ani Uji", NIK, "", "01", "09", 2]
MISTYPED = [
    "keluarga!A2: NIK kepala keluarga ini sama dengan yang pernah meminta datanya tidak dipakai atas nama (permintaan "
    "nomor 1), tetapi nomor KK-nya lain: mungkin keluarga lain; cocokkan NIK dan nomor KK-nya dengan kartunya: bila "
    "salah ketik, betulkan lalu unggah lagi; bila keluarga yang sama, biarkan: sesudah disimpan ia langsung dibatasi "
    "lagi"
]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def beside(of: Programme) -> Programme:
    """The same year in another kelurahan."""
    return Programme(of.cycle, build.lokus(of.cycle, "36.72.05.1001", "SJ"), of.round, of.version)


def erased_at_the_desk(of: Programme, code: str) -> None:
    """It asked, and it was done."""
    by, slug = secretary(of), of.cycle.slug
    row = ask_about_data(by=by, cycle_slug=slug, kind="erase", household=code, asker="Eni", reach="lewat kader")
    know_asker(by=by, cycle_slug=slug, request=row.uuid, seen=1)
    answer_request(by=by, cycle_slug=slug, request=row.uuid, state="done", seen=2)


# --- two families -----------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_namesake_in_another_kelurahan_is_seen_and_what_one_wishes_is_not_the_others() -> None:
    of = programme()
    siti = ["", "Siti Aminah", "", "", "01", "01", 3]
    bring(of, siti)
    row = restricted(of)
    there = beside(of)
    upload = uploaded(there, families_file([siti], header=HEADER))
    problems = import_page(secretary(of), of.cycle.slug, there.lokus.area, upload).problems
    published(there, upload)
    tidy()
    assert (seen(of), stored_marks()) == (["Siti Aminah"], set())
    assert [one.code for one in problems if one.code.startswith("import.restricted")] == []
    lifted(of, row.uuid)
    assert seen(of) == ["Siti Aminah", "Siti Aminah"]


@pytest.mark.django_db(transaction=True)
def test_who_has_another_card_and_the_same_nik_is_away_and_the_check_says_that_it_may_be_another_and_what_to_do() -> (
    None
):
    of = programme()
    bring(of, ENI)
    row = restricted(of)
    before = stored_marks()
    there = beside(of)
    upload = uploaded(there, families_file([PERHAPS], header=HEADER))
    page = import_page(secretary(of), of.cycle.slug, there.lokus.area, upload)
    assert ([str(one) for one in page.problems], {one.level for one in page.problems}) == (MISTYPED, {"warning"})
    published(there, upload)
    assert (seen(of), Household.objects.filter(pending=row.uuid).count()) == ([], 2)
    assert AuditEntry.objects.get(action="rights.again").details == {
        "via": "import", "codes": ["SJ-001"], "other_kk": ["SJ-001"],
    }  # fmt: skip
    # Nobody is known by the card of who may be another.
    restrictions.complete(timezone.now())
    assert (stored_marks(), len(before)) == (before, 2)
    # Erased is who asked; who may be another is not, and by the request it is seen again.
    erased_at_the_desk(of, "GD-001")
    assert [household.code for household in Household.objects.filter(erased_at__isnull=True)] == ["SJ-001"]
    assert request_page(secretary(of), of.cycle.slug, row.uuid).household_restricted
    lifted(of, row.uuid)
    assert (seen(of), stored_marks()) == (["Ani Uji"], set())


@pytest.mark.django_db(transaction=True)
def test_where_of_who_asked_no_card_is_known_one_with_a_card_may_be_another_and_nobody_is_known_by_it() -> None:
    of = programme()
    bring(of, ["", *ENI[1:]])
    restricted(of)
    before = stored_marks()
    there = beside(of)
    upload = uploaded(there, families_file([PERHAPS], header=HEADER))
    page = import_page(secretary(of), of.cycle.slug, there.lokus.area, upload)
    assert [str(one) for one in page.problems if one.code.startswith("import.restricted")] == MISTYPED
    published(there, upload)
    assert AuditEntry.objects.get(action="rights.again").details["other_kk"] == ["SJ-001"]
    assert restrictions.complete(timezone.now()) == 0
    assert (seen(of), stored_marks(), len(before)) == ([], before, 1)


# --- erasure ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("comes", [ENI, ["", *ENI[1:]], [KK, "Eni R.", "", "", "01", "09", 2]])
def test_an_erasure_takes_along_what_came_in_anew_and_was_hidden_again_and_its_fingerprints(comes: list[Any]) -> None:
    of = programme()
    bring(of, ENI)
    restricted(of)
    there = beside(of)
    bring(there, comes, [KK[:-1] + "1", "Ani Uji", "", "", "01", "02", 2])
    gone = set(Household.objects.exclude(code="SJ-002").values_list("uuid", flat=True))
    erased_at_the_desk(of, "GD-001")
    assert list(Household.objects.filter(erased_at__isnull=True).values_list("code", "head_name")) == [
        ("SJ-002", "Ani Uji")
    ]
    assert (stored_marks(), set(Erasure.objects.values_list("household", flat=True))) == (set(), gone)
    there.lokus.refresh_from_db()
    assert there.lokus.registered == 1
    entries = AuditEntry.objects.filter(action="households.erase").order_by("place_code")
    assert [(one.place_code, one.details["reason"]) for one in entries] == [
        ("36.72.05.1001", "permintaan"), ("36.72.05.1005", "permintaan"),
    ]  # fmt: skip
    tidy()
    assert (seen(of), stored_marks()) == (["Ani Uji"], set())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("asked", "come", "code", "left"),
    [
        ("", [PERHAPS], "GD-001", ["SJ-001"]),
        ("", [PERHAPS], "SJ-001", ["GD-001"]),
        ("", [["", *PERHAPS[1:]]], "GD-001", []),
        ("", [["", *PERHAPS[1:]]], "SJ-001", ["GD-001"]),
        (KK, [["", *PERHAPS[1:]]], "SJ-001", ["GD-001"]),
        (KK, [PERHAPS], "SJ-001", ["GD-001"]),
        # Who has no card may be who asked, and is not the other.
        (KK, [PERHAPS, ["", *PERHAPS[1:]]], "SJ-001", ["GD-001", "TG-001"]),
        (KK, [PERHAPS, ["", *PERHAPS[1:]]], "GD-001", ["SJ-001"]),
        # One card is one family's, whichever of its entries is erased.
        (KK, [[KK, "Eni R.", "", "", "01", "09", 2]], "SJ-001", []),
        (KK, [[KK, "Eni R.", "", "", "01", "09", 2], ["", *PERHAPS[1:]]], "SJ-001", []),
    ],
)
def test_an_erasure_takes_along_nobody_who_may_be_another_family(
    asked: str, come: list[list[Any]], code: str, left: list[str]
) -> None:
    of = programme()
    bring(of, [asked, *ENI[1:]])
    row = restricted(of)
    third = "36.72.05.1006"
    Place.objects.create(code=third, name="Tegal", level="kelurahan", kind="kelurahan", parent=build.place(third[:8]))
    for sheet, (area, prefix) in zip(come, (("36.72.05.1001", "SJ"), (third, "TG")), strict=False):
        bring(Programme(of.cycle, build.lokus(of.cycle, area, prefix), of.round, of.version), sheet)
    assert Household.objects.filter(pending=row.uuid).count() == 1 + len(come)
    erased_at_the_desk(of, code)
    away = Household.objects.filter(pending=row.uuid, restricted_at__isnull=False, erased_at__isnull=True)
    assert list(away.order_by("code").values_list("code", flat=True)) == left
    assert Erasure.objects.count() == 1 + len(come) - len(left)
    assert request_page(secretary(of), of.cycle.slug, row.uuid).household_restricted == bool(left)


@pytest.mark.django_db(transaction=True)
def test_a_year_whose_time_is_over_is_erased_family_by_family_and_no_fingerprint_is_left_of_who_was_lost() -> None:
    of = programme()
    lost_one = known_anew(of, bring(of, ENI))
    bring(of, [KK[:-1] + "1", "Ani Uji", "", "", "01", "02", 2], [KK[:-1] + "2", "Budi Uji", "", "", "01", "02", 2])
    restricted(of)
    there = beside(of)
    bring(there, [KK[:-1] + "1", "Ani Uji", "", "", "01", "02", 2])
    assert len(stored_marks()) == 3
    Cycle.objects.update(year=2024, closed_at=timezone.now())
    tidy()
    # Somebody is kept yet.
    assert (len(stored_marks()), Household.objects.count()) == (3, 3)
    retire_year(by=secretary(of), cycle_slug=of.cycle.slug, families="3")
    work_off()
    assert (Household.objects.filter(erased_at__isnull=True).count(), stored_marks()) == (0, set())
    assert next(line.request for line in in_force(REGISTER.known())) == str(lost_one.uuid)
    assert [line.year for line in REGISTER.known()] == ["", "", ""]


# --- what the register keeps ------------------------------------------------------------------------------------------
def line_of(family: Household, **said: Any) -> Restriction:
    """As the register has it, of a family whose id nobody knows any more."""
    at = timezone.now().isoformat()
    return replace(marked(Restriction(str(uuid4()), (str(uuid4()),), "restrict", 1, at, at, None), [family]), **said)


def with_number(of: Lokus) -> Household:
    return build.household(of, name="Eni Rahasia", kk=KK)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("year", "closed", "left", "kept"),
    [
        (2024, True, "", False),
        (2024, True, "erased", False),
        (2024, False, "erased", False),
        # A year that an older backup brought back, open and without its families: they are to come in again.
        (2024, False, "", True),
        (2024, True, "seen", True),
        (2098, True, "erased", True),
    ],
)
def test_of_a_lost_family_the_fingerprints_go_when_the_time_of_its_year_is_over(
    year: int, closed: bool, left: str, kept: bool
) -> None:
    cycle = build.cycle(year=year, closed_at=timezone.now() if closed else None)
    lokus = build.lokus(cycle)
    family = with_number(lokus)
    line = line_of(family)
    REGISTER.add([line])
    if left == "erased":
        erase_household(by=CONSOLE, household=family, reason="masa-simpan", sweep_after=False)
    elif not left:
        family.delete()
    forget_marks()
    assert REGISTER.known() == [line if kept else replace(line, marks=(), year="")]


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "kept"), [("2024-12-31", False), ("2025-01-01", True)])
def test_of_a_year_that_this_database_has_not_they_go_as_if_it_was_the_year_in_which_she_asked(
    asked: str, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = with_number(build.lokus(build.cycle()))
    line = line_of(family, at=datetime.fromisoformat(f"{asked}T12:00+07:00").isoformat(), year="0" * 32)
    REGISTER.add([line])
    monkeypatch.setattr(timezone, "localdate", lambda: date(2026, 12, 31))
    forget_marks()
    assert [bool(one.marks) for one in REGISTER.known()] == [kept]


@pytest.mark.django_db(transaction=True)
def test_fingerprints_of_earlier_versions_that_may_be_a_names_know_nobody_and_are_blanked_within_the_hour() -> None:
    of = programme()
    row = known_anew(of, bring(of, NAMELESS))
    (line,) = REGISTER.known()
    assert (line.marks, line.year) == ((), "")
    said = {key: value for key, value in json.loads(REGISTER.path.read_text()).items() if key != "year"}
    REGISTER.path.write_text(json.dumps({**said, "marks": ["ab" * 16]}) + "\n")
    before = len(REGISTER.path.read_bytes())
    # The office is told to note it once more.
    assert restrictions.replay(by=CONSOLE, lines=REGISTER.known()) == Replayed(0, 0, 1, unmarked=1)
    assert ("ab" * 16 in REGISTER.path.read_text(), len(REGISTER.path.read_bytes())) == (False, before)
    bring(of, NAMELESS)
    tidy()
    assert (seen(of), RightsRequest.objects.filter(pk=row.pk).exists()) == (["Eni Rahasia"], False)


@pytest.mark.django_db
def test_a_restriction_that_is_noted_while_others_are_forgotten_keeps_its_fingerprints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lokus = build.lokus(build.cycle())
    gone, comes = line_of(with_number(lokus)), line_of(build.household(lokus, kk="3672051234567891"))
    REGISTER.add([gone, replace(gone, lifted=gone.at, marks=(), year="")])

    def meanwhile(lines: Sequence[Restriction]) -> list[Restriction]:
        REGISTER.add([comes])
        return in_force(lines)

    monkeypatch.setattr(restriction_marks, "in_force", meanwhile)
    assert forget_marks() == 1
    assert [len(line.marks) for line in REGISTER.known()] == [0, 0, 1]


@pytest.mark.django_db
def test_one_at_a_time_writes_over_lines_and_what_it_blanked_no_other_brings_back() -> None:
    lokus = build.lokus(build.cycle())
    family = with_number(lokus)
    REGISTER.add([line_of(family, number=n) for n in (1, 2)])
    second, waited = Event(), []

    def blank(number: int) -> Any:
        return lambda there: {line: replace(line, marks=()) for line in there if line.number == number}

    def after(there: Sequence[Restriction]) -> Mapping[Restriction, Restriction]:
        second.set()
        waited.append([len(line.marks) for line in there])
        found: Mapping[Restriction, Restriction] = blank(2)(there)
        return found

    other = Thread(target=REGISTER.shorten, args=[after])

    def first(there: Sequence[Restriction]) -> Mapping[Restriction, Restriction]:
        other.start()
        assert not second.wait(0.3)
        found: Mapping[Restriction, Restriction] = blank(1)(there)
        return found

    assert REGISTER.shorten(first) == 1
    other.join(10)
    assert (waited, [line.marks for line in REGISTER.known()]) == ([[0, 1]], [(), ()])


@pytest.mark.django_db
def test_the_hour_reads_no_family_where_there_is_nobody_to_recognise_and_none_of_another_year() -> None:
    here, there = build.lokus(build.cycle()), build.lokus(build.cycle(year=2025))
    SearchHashes.load()
    for number in range(3):
        build.household(there, name=f"Uji {number}", kk=f"367205999999999{number}")

    def read() -> list[str]:
        with CaptureQueriesContext(connection) as found:
            restrictions.replay(by=CONSOLE, lines=REGISTER.known())
        return [one["sql"] for one in found if '"head_name"' in one["sql"] and '"uuid" IN' not in one["sql"]]

    line = line_of(build.household(here))
    REGISTER.add([line])
    assert (line.marks, read()) == ((), [])
    family = with_number(here)
    REGISTER.add([line_of(family)])
    family.delete()
    (scan,) = read()
    assert (here.cycle.slug in scan, there.cycle.slug in scan) == (True, False)
