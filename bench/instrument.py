"""The instrument that is measured: 60 indicators of six kinds, ten of each, over 72 questions.

One kind for each thing that costs an engine something: a plain choice, alternatives, three-valued logic over two
questions, `applies_to` with a question that is rightly skipped, a skip without `applies_to`, and exact decimals.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

Kind = Literal["plain", "either", "both", "applies", "skipped", "amount"]
KINDS: tuple[Kind, ...] = ("plain", "either", "both", "applies", "skipped", "amount")
LABEL = "label::Bahasa Indonesia (id)"
UNIT = "kelurahan"
TEN = range(1, 11)

LISTS = {
    "yatidak": ("ya", "tidak"),
    "mutu": ("baik", "sedang", "kurang", "buruk"),
    "jarak": ("dekat", "jauh"),
}


@dataclass(frozen=True)
class Line:
    """One indicator as an author writes it."""

    name: str
    kind: Kind
    number: int
    expression: str
    applies_to: str = ""

    @property
    def boolean(self) -> bool:
        return self.kind != "amount"


def lines(count: int = 60) -> list[Line]:
    """So many indicators: ten of each kind, then again over the same questions with other bounds."""
    made: list[Line] = []
    for i in range(count):
        kind, number, turn = KINDS[i // 10 % 6], i % 10 + 1, i // 60
        expression, applies_to = {
            "plain": (f"${{air{number}}} = 'ya'", ""),
            "either": (f"${{rumah{number}}} = 'baik' or ${{rumah{number}}} = 'sedang'", ""),
            "both": (f"${{kebun{number}}} = 'ya' and ${{luas{number}}} >= {number + turn}", ""),
            "applies": (f"${{imun{number}}} = 'ya'", "${balita} > 0"),
            "skipped": (f"${{menit{number}}} <= {20 + turn}", ""),
            "amount": (f"${{belanja{number}}}", ""),
        }[kind]
        made.append(Line(f"{kind}{number}_{turn}", kind, number, expression, applies_to))
    return made


def survey() -> list[list[Any]]:
    """Rows of the sheet `survey`."""
    rows: list[list[Any]] = [["type", "name", LABEL, "relevant"], ["integer", "balita", "Banyaknya balita", None]]
    for i in TEN:
        rows += [
            ["select_one yatidak", f"air{i}", f"Air {i}", None],
            ["select_one mutu", f"rumah{i}", f"Rumah {i}", None],
            ["select_one yatidak", f"kebun{i}", f"Kebun {i}", None],
            ["integer", f"luas{i}", f"Luas {i}", None],
            ["select_one yatidak", f"imun{i}", f"Imunisasi {i}", "${balita} > 0"],
            ["select_one jarak", f"jarak{i}", f"Jarak {i}", None],
            ["integer", f"menit{i}", f"Menit {i}", f"${{jarak{i}}} = 'jauh'"],
            ["decimal", f"belanja{i}", f"Belanja {i}", None],
        ]
    return rows


def sheets(count: int = 60) -> dict[str, list[list[Any]]]:
    """The whole workbook with so many indicators."""
    indicators: list[list[Any]] = [
        ["indicator", "aspect", LABEL, "weight", "from", "rule", "applies_to", "expression", "aggregate", "low", "high"]
    ]
    for i, line in enumerate(lines(count)):
        ends = ["share", 0, 1] if line.boolean else ["mean", 0, 5000000]
        given = [line.applies_to or None, line.expression]
        indicators.append([line.name, f"aspek{i % 5}", line.name, 1, "survey", "linear", *given, *ends])
    options = [[name, option, option.title()] for name, members in LISTS.items() for option in members]
    return {
        "instrument": [["key", "value"], ["id", "bench"], ["version", "1"], ["title", "Bench"]],
        "survey": survey(),
        "choices": [["list_name", "name", LABEL], *options],
        "aspects": [["aspect", LABEL, "weight"], *([f"aspek{i}", f"Aspek {i}", 20] for i in range(5))],
        "indicators": indicators,
    }


def workbook(count: int = 60) -> bytes:
    """The workbook as an `.xlsx`."""
    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name, rows in sheets(count).items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return buffer.getvalue()
