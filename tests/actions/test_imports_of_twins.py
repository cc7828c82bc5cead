"""What a sheet says of a family that was found to be another, and of numbers that cannot be right."""

import pytest

from selaras.actions.duplicates import judge
from selaras.actions.importing.checking import problems_of
from selaras.errors import Problem
from selaras.models import ImportBatch
from tests.build_programme import HEADER, families_file, family, receive
from tests.build_twins import Twins, twins
from tests.build_workbook import workbook

pytestmark = pytest.mark.django_db


def found(of: Twins, content: bytes) -> list[Problem]:
    return list(problems_of(ImportBatch.objects.get(uuid=receive(of.programme, content))))


def test_the_code_of_a_family_that_was_merged_is_refused_with_the_code_that_stayed() -> None:
    of = twins()
    judge(by=of.lurah, **of.where, pair=of.pair.uuid, answer="one", keep=str(of.one.uuid))
    rows = [family("GD-001", 4, "leher_angsa", 1000), family("GD-002", 3, "leher_angsa", 1000)]
    problems = found(of, families_file(rows))
    assert [(problem.code, problem.where, problem.level) for problem in problems] == [
        ("import.twin", "keluarga!A3", "error"),
    ]
    assert problems[0].message == "keluarga GD-002 sudah digabungkan ke GD-001: keduanya satu keluarga"


def test_a_nik_beside_its_family_is_doubted_in_its_own_column() -> None:
    of = twins()
    rows = [[*family("GD-050", 4, "leher_angsa", 1000), "3672059913850003"]]
    problems = found(of, workbook({"keluarga": [[*HEADER, "nik"], *rows]}))

    column = chr(ord("A") + len(HEADER))
    assert [(problem.code, problem.where) for problem in problems] == [("import.nik_shape", f"keluarga!{column}2")]


def test_a_nik_that_does_not_fit_is_a_warning_and_kept_as_it_was_written() -> None:
    of = twins()
    header = [*HEADER, "no kk"]
    rows = [[*family("GD-050", 4, "leher_angsa", 1000), "3672050101850001"]]
    members = [
        ["GD-050", "Siti", "3672054503850001", 39, "", "P"],
        ["GD-050", "Rohman", "3672054503850002", 39, "", "L"],
        ["GD-050", "Alya", "3672059913850003", 9, "", "P"],
        ["GD-050", "Dafa", "9972059913850003", 9, "", "L"],
    ]
    titles = ["kode", "nama", "nik", "umur", "sekolah", "jenis kelamin"]
    sheets = {"keluarga": [header, *rows], "member": [titles, *members]}
    assert [(problem.code, problem.where, problem.level) for problem in found(of, workbook(sheets))] == [
        ("import.nik_sex", "member!C3", "warning"),
        ("import.nik_shape", "member!C4", "warning"),
    ]
