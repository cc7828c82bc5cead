"""The invented families: the same every time, nobody's numbers, and credible together."""

import random
from collections.abc import Iterable
from statistics import mean, median

import pytest

from selaras.management.demo.families import Family, families
from selaras.management.demo.load import new_password
from tests import build


def income(found: Iterable[Family]) -> float:
    return mean(float(f.answers["income_monthly"]) for f in found if "income_monthly" in f.answers)


def test_the_same_seed_gives_the_same_families() -> None:
    assert families("GD", 5, 2024) == families("GD", 5, 2024)
    assert families("GD", 5, 2024) != families("GD", 5, 2025)


def test_identity_numbers_are_unique_and_can_be_nobodys() -> None:
    both = families("GD", 100, 2024) + families("SJ", 100, 2024)
    niks = [member["nik"] for family in both for member in family.members if "nik" in member]
    kks = [family.answers["kk"] for family in both if "kk" in family.answers]
    assert len(niks) > 400
    assert len(set(niks)) == len(niks)
    assert len(set(kks)) == len(kks)
    assert {(nik[:2], nik[-4:], len(nik)) for nik in niks + kks} == {("99", "0000", 16)}


def test_what_is_poor_is_poor_together() -> None:
    found = families("GD", 400, 1)
    without = [f for f in found if f.answers.get("toilet") == "tidak_ada"]
    proper = [f for f in found if f.answers.get("toilet") == "leher_angsa"]
    assert len(without) > 50
    assert income(without) < 0.8 * income(proper)


def test_a_question_that_does_not_arise_is_not_answered() -> None:
    for family in families("GD", 100, 2024):
        assert "toilet_drain" not in family.answers or family.answers.get("toilet") != "tidak_ada"
        for member in family.members:
            assert ("age_months" in member) <= (int(member["age_years"]) < 5)
            assert ("tb_treated" in member) <= (member.get("tb", "ya") == "ya")


def test_the_median_family_answers_at_most_110_questions() -> None:
    both = families("GD", 100, 2024) + families("SJ", 100, 2024)
    assert median(len(f.answers) + sum(len(member) for member in f.members) for f in both) <= 110


@pytest.mark.django_db
def test_a_password_that_is_too_much_like_its_owners_name_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([["kenanga", "pelita"], ["melati", "lumbung"]])
    monkeypatch.setattr(random.SystemRandom, "sample", lambda *_of: next(drawn))
    user = build.user("kader-pengganti")
    password = new_password(user)
    assert (password.rpartition("-")[0], user.check_password(password)) == ("melati-lumbung", True)
