"""A spreadsheet of families on its way in: what is wrong with it, by cell; what it changes; what it never shows."""

import pytest

from selaras.models import Counter, CurrentAnswers, Household, Person, UnitCounter
from tests.build_programme import bring, families_file, family, programme

pytestmark = pytest.mark.django_db

ROWS = [
    family("GD-001", 4, "leher_angsa", 2000, name="Ani Uji"),
    family("GD-002", 3, "Cemplung", "", name="Budi Uji"),
    family("GD-003", "", "", "", name="Citra Uji"),
]
MEMBERS = [
    ["GD-001", "Ani Uji", "0000000000000001", 40, ""],
    ["GD-001", "Anak Satu", "", 9, "ya"],
    ["GD-002", "Anak Dua", "", 10, "tidak"],
]


def test_a_published_file_becomes_families_answers_and_counters() -> None:
    of = programme()
    bring(of, families_file(ROWS, MEMBERS))
    assert list(Household.objects.order_by("code").values_list("code", "head_name", "rw", "rt", "pending")) == [
        ("GD-001", "Ani Uji", "01", "02", None),
        ("GD-002", "Budi Uji", "01", "02", None),
        ("GD-003", "Citra Uji", "01", "02", None),
    ]
    assert list(Person.objects.order_by("household__code", "position").values_list("household__code", "name")) == [
        ("GD-001", "Ani Uji"),
        ("GD-001", "Anak Satu"),
        ("GD-002", "Anak Dua"),
        ("GD-003", "Citra Uji"),
    ]
    answers = dict(CurrentAnswers.objects.values_list("household__code", "answers"))
    assert answers == {
        "GD-001": {
            "jumlah": 4,
            "jamban": "leher_angsa",
            "iuran": "2000",
            "member": [{"umur": 40}, {"umur": 9, "sekolah": "ya"}],
        },
        "GD-002": {"jumlah": 3, "jamban": "cemplung", "member": [{"umur": 10, "sekolah": "tidak"}]},
    }
    counters = {
        row.indicator.name: (row.n, row.true, row.missing) for row in Counter.objects.select_related("indicator")
    }
    assert counters == {"jamban": (2, 1, 0), "sekolah": (2, 1, 1), "iuran": (1, 0, 1)}
    assert list(UnitCounter.objects.values_list("households", "classes", "unclassified")) == [
        (2, {"rentan": 1, "sehat": 1}, 0)
    ]
