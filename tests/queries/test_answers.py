"""Stored answers as Arrow tables: the types that engines want, and blank where JSON held something else."""

from decimal import Decimal

from selaras.queries.answers import Sheet, as_answers
from selaras.scoring.workbook import read_workbook
from tests.sample_workbook import sample


def test_answers_become_columns_of_the_questions_that_scores_use() -> None:
    instrument = read_workbook(sample(), xform=False).instrument
    assert instrument is not None
    sheets = [
        Sheet(7, "36.72.05.1005", {"jamban": "cemplung", "iuran": "2500.5", "jumlah": 4, "member": [{"umur": 9}, {}]}),
        Sheet(8, "36.72.05.1005", {"jamban": "", "iuran": "dua", "jumlah": "4"}),
    ]
    answers = as_answers(instrument, sheets)
    assert (answers.unit, answers.checked) == ("unit", False)
    assert answers.households.to_pylist() == [  # type: ignore[union-attr]
        {
            "household_id": "7",
            "unit": "36.72.05.1005",
            "jumlah": 4,
            "jamban": "cemplung",
            "iuran": Decimal("2500.500000000000"),
        },
        {"household_id": "8", "unit": "36.72.05.1005", "jumlah": 4, "jamban": None, "iuran": None},
    ]
    assert answers.repeats["member"].to_pylist() == [  # type: ignore[union-attr]
        {"household_id": "7", "umur": 9, "sekolah": None},
        {"household_id": "7", "umur": None, "sekolah": None},
    ]


def test_no_family_is_an_empty_table_with_its_columns() -> None:
    instrument = read_workbook(sample(), xform=False).instrument
    assert instrument is not None
    answers = as_answers(instrument, [])
    assert answers.households.num_rows == 0  # type: ignore[union-attr]
    assert answers.households.schema.field("iuran").type.scale == 12  # type: ignore[union-attr]
