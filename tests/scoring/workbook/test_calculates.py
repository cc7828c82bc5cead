"""A survey's `calculate` counts as what its calculation gives: the phone sends its value like any answer."""

import json
from decimal import Decimal
from pathlib import Path

from selaras.scoring.card import to_json
from selaras.scoring.reading import read_answers
from selaras.scoring.score import score
from selaras.scoring.workbook import read_workbook
from tests.build_workbook import workbook

CALCULATING = {
    "survey": """
        | type              | name   | label          | calculation            |
        | integer           | orang  | Berapa orang?  |                        |
        | select_one air    | air    | Air dari mana? |                        |
        | calculate         | dua    |                | ${orang} * 2           |
        | calculate         | sama   |                | ${air}                 |
        | calculate         | banyak |                | ${orang} > 3           |
        """,
    "choices": """
        | list_name | name  | label |
        | air       | pdam  | PDAM  |
        | air       | sumur | Sumur |
        """,
    "instrument": [["key", "value"], ["id", "hitung"], ["version", "1"], ["title", "Hitung"]],
    "aspects": [["aspect", "label::Bahasa Indonesia (id)", "weight"], ["a", "A", 1]],
    "indicators": """
    | indicator | aspect | label::Bahasa Indonesia (id) | weight | from | rule | aggregate | expression | low | high |
    | rerata | a | Rerata | 1 | survey | linear | mean  | ${dua}             | 0 | 10 |
    | ledeng | a | Ledeng | 1 | survey | yes_no | share | ${sama} = 'pdam'   |   |    |
    | ramai  | a | Ramai  | 1 | survey | yes_no | share | ${banyak} = 'true' |   |    |
        """,
}


def test_calculates_are_numbers_choices_and_words(tmp_path: Path) -> None:
    reading = read_workbook(workbook(CALCULATING))
    assert [str(problem) for problem in reading.problems] == []
    assert reading.instrument is not None
    fields = reading.instrument.form.fields
    assert {name: fields[name].kind for name in ("dua", "sama", "banyak")} == {
        "dua": "decimal",
        "sama": "choice",
        "banyak": "text",
    }
    data = tmp_path / "keluarga.csv"
    data.write_text("household_id,dua,sama,banyak\n1,4,pdam,false\n2,8,sumur,true\n3,,lain,\n")
    answers, problems = read_answers(reading.instrument, data, {})
    assert [problem.where for problem in problems if problem.where] == ["keluarga.csv!C4"]
    card = json.loads(to_json(score(reading.instrument, answers)))
    found = card["units"][0]["indicators"]
    assert {name: (Decimal(str(one["value"])), one["n"], one["missing"]) for name, one in found.items()} == {
        "rerata": (Decimal("6"), 2, 1),
        "ledeng": (Decimal("0.5"), 2, 1),
        "ramai": (Decimal("0.5"), 2, 1),
    }
