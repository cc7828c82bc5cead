"""The types of fields, as expressions see them."""

import pytest

from selaras.odk.sheets import read_sheets
from selaras.odk.xlsform import read_xlsform
from selaras.scoring.expressions.types import Symbol
from selaras.scoring.workbook import field_symbols
from tests.build_workbook import workbook

SURVEY = """
    | type                         | name      | label | calculation                 | parameters          |
    | integer                      | n         | N     |                             |                     |
    | decimal                      | d         | D     |                             |                     |
    | range                        | r         | R     |                             | start=0 end=10      |
    | range                        | rd        | R     |                             | start=0 end=1 step=0.1 |
    | text                         | t         | T     |                             |                     |
    | date                         | tgl       | Tgl   |                             |                     |
    | today                        | hari      |       |                             |                     |
    | dateTime                     | saat      | S     |                             |                     |
    | start                        | mulai     |       |                             |                     |
    | select_one air               | air       | A     |                             |                     |
    | select_multiple air          | semua     | A     |                             |                     |
    | rank air                     | urut      | A     |                             |                     |
    | geopoint                     | titik     | T     |                             |                     |
    | image                        | foto      | F     |                             |                     |
    | note                         | catatan   | C     |                             |                     |
    | calculate                    | jumlah    |       | ${n} + ${d}                 |                     |
    | calculate                    | banyak    |       | count(member[${umur} > 5])  |                     |
    | calculate                    | benar     |       | ${lanjut} > 2               |                     |
    | calculate                    | lanjut    |       | ${jumlah} * 2               |                     |
    | calculate                    | sama      |       | ${air}                      |                     |
    | calculate                    | luar      |       | pulldata('a', 'b', 'c', 'd') |                    |
    | calculate                    | putar     |       | ${balik} + 1                |                     |
    | calculate                    | balik     |       | ${putar} + 1                |                     |
    | begin repeat                 | member    | M     |                             |                     |
    | integer                      | umur      | U     |                             |                     |
    | calculate                    | dewasa    |       | ${umur} >= 18               |                     |
    | end repeat                   |           |       |                             |                     |
    """
CHOICES = """
    | list_name | name   | label  |
    | air       | ledeng | Ledeng |
    | air       | sumur  | Sumur  |
    """
AIR = frozenset({"ledeng", "sumur"})


@pytest.fixture(scope="module")
def symbols() -> dict[str, Symbol]:
    reading = read_xlsform(read_sheets(workbook({"survey": SURVEY, "choices": CHOICES})), strict=True, xform=False)
    assert reading.problems == ()
    return field_symbols(reading.draft)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, "number") for name in ("n", "d", "r", "rd", "umur", "jumlah", "banyak", "lanjut")),
        *((name, "date") for name in ("tgl", "hari")),
        *((name, "text") for name in ("t", "saat", "mulai", "titik", "foto", "luar")),
        *((name, "text") for name in ("benar", "dewasa")),
        *((name, "choice") for name in ("air", "sama")),
        *((name, "choices") for name in ("semua", "urut")),
    ],
)
def test_each_type_of_field_has_its_kind(symbols: dict[str, Symbol], name: str, kind: str) -> None:
    assert symbols[name].kind == kind


def test_choices_know_their_list_and_a_copy_of_them_too(symbols: dict[str, Symbol]) -> None:
    assert {name: one.options for name, one in symbols.items() if one.options is not None} == {
        "air": AIR,
        "semua": AIR,
        "urut": AIR,
        "sama": AIR,
    }


def test_a_field_knows_its_repeat(symbols: dict[str, Symbol]) -> None:
    assert [name for name, one in symbols.items() if one.repeat == "member"] == ["umur", "dewasa"]


def test_a_note_is_no_name_and_a_circle_of_calculates_ends(symbols: dict[str, Symbol]) -> None:
    assert "catatan" not in symbols
    assert {symbols["putar"].kind, symbols["balik"].kind} <= {"text", "number"}
