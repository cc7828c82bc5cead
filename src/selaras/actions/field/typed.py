"""What somebody typed from paper, read as a phone would have asked it: codes, skips, limits, rows of members.

Every mistake is named by the number that stands on the paper. Nothing here touches the database.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal

from selaras.errors import Problem
from selaras.odk.fieldform import MET, NIK, NIK_HAS, NIK_SAID, OUTCOME, PROPERTIES
from selaras.odk.forms import Field, Form
from selaras.odk.money import amount_of, heap_of, multiple_of, readings
from selaras.odk.questionnaire import TICKED, Question, Questionnaire
from selaras.odk.registry import family_items
from selaras.odk.values import NO_WORDS, answer_of, number_of, words_of
from selaras.odk.writing import clean
from selaras.scoring.expressions.phone import Value, holds

#: Rows that one form can have, and letters of one answer.
MOST_ROWS, MOST_LETTERS = 30, 2000
_WRONG = {
    "value.integer": "typed.whole",
    "value.decimal": "typed.number",
    "value.ambiguous": "typed.number",
    "value.parted": "typed.whole",
    "value.range": "typed.number",
    "value.date": "typed.date",
    "value.time": "typed.moment",
    "value.datetime": "typed.moment",
}


def cell_of(number: str, row: int = 0) -> str:
    """How a page names the field of a question: `q12`, in the second row of members `q14-2`."""
    return f"q{number}-{row}" if row else f"q{number}"


@dataclass(slots=True)
class Read:
    """What was typed as a phone writes it. `problems` name the field of the page in their value `at`."""

    outcome: str = ""
    ours: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def row_counts(asked: Questionnaire, texts: Mapping[str, str], least: int = 0) -> dict[str, int]:
    """Repeat -> how many rows a page needs: as many as its question says, and all that have been typed."""
    found = {}
    for section in asked.sections:
        if not section.repeat or section.repeat in found:
            continue
        said = _whole(texts.get(_cell_by_name(asked, section.count), ""))
        rows = max(_filled_rows(asked, section.repeat, texts), said, least, 1)
        found[section.repeat] = min(rows, MOST_ROWS)
    return found


def read_typed(
    asked: Questionnaire, form: Form, texts: Mapping[str, str], *, known: Mapping[str, str] | None, today: date
) -> Read:
    """Read the texts of a page by its fields' names (`cell_of`).

    `known` is what the registry says of the family, by item; then such a question may be left blank. None is a family
    without a code. `today` is what `today()` means.
    """
    return _Reader(asked, form, texts, known, today).run()


def _cell_by_name(asked: Questionnaire, name: str) -> str:
    return next((cell_of(one.number) for one in asked.questions if one.name == name), "") if name else ""


def _whole(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _filled_rows(asked: Questionnaire, repeat: str, texts: Mapping[str, str]) -> int:
    numbers = {one.number for one in asked.rows_of(repeat)}
    rows = [0]
    for cell, text in texts.items():
        number, _, row = cell.removeprefix("q").partition("-")
        if text.strip() and number in numbers and row.isdigit() and len(row) < 4:
            rows.append(int(row))
    return max(rows)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One question in one place: its text as typed, and as a phone writes it."""

    one: Question
    row: int
    typed: str
    value: str

    @property
    def at(self) -> str:
        return cell_of(self.one.number, self.row)


class _Reader:
    def __init__(
        self,
        asked: Questionnaire,
        form: Form,
        texts: Mapping[str, str],
        known: Mapping[str, str] | None,
        today: date,
    ) -> None:
        self._asked, self._form, self._known, self._today = asked, form, known, today
        self._texts = {name: " ".join(clean(text).split()) for name, text in texts.items()}
        self._words = {name: words_of(choices, form.default_language) for name, choices in form.lists.items()}
        self._found = Read()

    def run(self) -> Read:
        """Ours first: where nobody was met, nothing else is asked."""
        own = [one for one in self._asked.questions if one.field is None]
        for one in own:
            cell = self._cell(one)
            if one.name == OUTCOME:
                self._found.outcome = cell.value
            else:
                self._found.ours[one.name] = cell.value
            if one.name == NIK and cell.typed and self._found.ours.get(NIK_SAID) != NIK_HAS:
                self._wrong(cell, "typed.not_asked", when=one.skip)
            if one.required and not cell.typed and (one.name == OUTCOME or self._found.outcome == MET):
                self._wrong(cell, "typed.blank")
        if self._found.outcome == MET:
            self._questions()
        elif self._found.outcome:
            self._nothing_else({cell_of(one.number) for one in own})
            self._found.ours = {name: text for name, text in self._found.ours.items() if text}
        order = {one.number: place for place, one in enumerate(self._asked.questions)}
        self._found.problems.sort(key=lambda problem: _place(str(problem.values["at"]), order, self._first_of_rows()))
        return self._found

    def _first_of_rows(self) -> dict[str, str]:
        """Number of a row's question -> that of the first of its row."""
        repeats = {section.repeat for section in self._asked.sections if section.repeat}
        return {one.number: rows[0].number for rows in map(self._asked.rows_of, repeats) for one in rows}

    def _nothing_else(self, ours: set[str]) -> None:
        others = [cell for cell, text in self._texts.items() if text and cell not in ours]
        if others:
            first = next(one for one in self._asked.questions if one.name == OUTCOME)
            self._wrong(_Cell(first, 0, "", ""), "typed.not_met")

    def _questions(self) -> None:
        family = [self._cell(one) for one in self._asked.questions if one.field is not None and not self._repeat(one)]
        answers = self._answers(family)
        repeats = {section.repeat: section.count for section in self._asked.sections if section.repeat}
        rows = {repeat: list(self._rows(repeat, count)) for repeat, count in repeats.items()}
        for section in self._asked.sections:
            if not section.repeat:
                self._section([cell for cell in family if cell.one in section.questions], answers)
            elif section.repeat in rows:
                for row in rows.pop(section.repeat):
                    self._section(row, answers | self._answers(row))
                    values = {cell.one.name: cell.value for cell in row}
                    self._found.rows.setdefault(section.repeat, []).append(values)
        self._found.values = {cell.one.name: cell.value for cell in family}
        # The code is not asked of a family that has one; a phone fills it in.
        for name, item in family_items(self._form).items():
            if item == "code" and self._known is not None:
                self._found.values[name] = self._known.get("code", "")

    @staticmethod
    def _repeat(one: Question) -> str:
        return (one.field.repeat or "") if one.field is not None else ""

    def _rows(self, repeat: str, count: str) -> Iterator[list[_Cell]]:
        """The rows that count: as many as are said, or all up to the last that has something."""
        cell = _cell_by_name(self._asked, count)
        said, filled = _whole(self._texts.get(cell, "")), _filled_rows(self._asked, repeat, self._texts)
        if count and filled > said and self._texts.get(cell, ""):
            self._found.problems.append(Problem("typed.rows", *_where(cell, {"said": said, "found": filled})))
        if max(said, filled) > MOST_ROWS:
            self._found.problems.append(Problem("typed.rows_most", *_where(cell or "q", {"most": MOST_ROWS})))
        for row in range(1, min(max(said, filled), MOST_ROWS) + 1):
            cells = [self._cell(one, row) for one in self._asked.rows_of(repeat)]
            if cells and not any(each.typed for each in cells):
                number = cell.removeprefix("q")
                self._found.problems.append(Problem("typed.row", *_where(cells[0].at, {"count": number})))
            else:
                yield cells

    def _cell(self, one: Question, row: int = 0) -> _Cell:
        typed = self._texts.get(cell_of(one.number, row), "")
        value = self._value(one, row, typed) if typed else ""
        if not typed and self._known is not None and one.item in PROPERTIES:
            value = self._known.get(one.item, "")
        return _Cell(one, row, typed, value)

    def _value(self, one: Question, row: int, text: str) -> str:
        at = _Cell(one, row, text, "")
        if len(text) > MOST_LETTERS:
            self._wrong(at, "typed.long", most=MOST_LETTERS)
            return ""
        if one.kind == "tick":
            return TICKED
        if one.options:
            return self._chosen(one, at, text)
        if one.field is None or one.kind in {"text", "digits"}:
            return text.replace(" ", "") if one.kind == "digits" else text
        value, problem = answer_of(one.field, NO_WORDS, text)
        if problem is not None:
            self._misread(at, one.field, problem.code)
        return "" if value is None else str(value)

    def _misread(self, cell: _Cell, one: Field, code: str) -> None:
        unit = multiple_of(one)
        bare = amount_of(cell.typed, unit).bare
        if code == "value.parted" and one.kind == "decimal":
            self._wrong(cell, "typed.parted", text=cell.typed, **asdict(readings(bare)))
        elif code == "value.multiple":
            heap = heap_of(number_of(bare), unit, whole=one.kind == "integer")
            self._wrong(cell, "typed.multiple", text=cell.typed, **asdict(heap))
        else:
            self._wrong(cell, _WRONG.get(code, "typed.number"), text=cell.typed)

    def _chosen(self, one: Question, at: _Cell, text: str) -> str:
        words = self._words.get(one.field.list_name or "", NO_WORDS) if one.field is not None else NO_WORDS
        several = one.kind == "choices"
        parts = re.split(r"[\s,;.+]+", text.strip(" ,;.+")) if several else [text]
        if several and len(parts) == 1 and text.isdigit() and len(one.options) < 10:
            parts = list(text)
        chosen = {_by_code(one, part) or words.said.get(part.casefold(), "") for part in parts}
        if "" in chosen and one.field is not None:
            whole, _problem = answer_of(one.field, words, text)
            chosen = set(str(whole).split()) if whole is not None else {""}
        if "" in chosen:
            options = ", ".join(f"{option.code} {option.label}" for option in one.options[:12])
            self._wrong(at, "typed.choice", text=text, options=options)
            return ""
        return " ".join(option.name for option in one.options if option.name in chosen)

    def _answers(self, cells: list[_Cell]) -> dict[str, Value]:
        """As conditions compare them; a question that cannot be read is left out, and what hangs on it not judged."""
        return {
            cell.one.name: compared(cell.one.field, cell.value)
            for cell in cells
            if cell.one.field is not None and (cell.value or not cell.typed)
        }

    def _section(self, cells: list[_Cell], answers: Mapping[str, Value]) -> None:
        for cell in cells:
            one = cell.one.field
            if one is None or (cell.typed and not cell.value):
                continue
            asked = [holds(text, answers, today=self._today) for text, _ in one.relevants]
            if False in asked:
                if cell.typed:
                    self._wrong(cell, "typed.not_asked", when=cell.one.skip or "…")
            elif not cell.value:
                if cell.one.required and None not in asked:
                    self._wrong(cell, "typed.blank")
            elif (
                one.constraint
                and holds(one.constraint, answers, today=self._today, own=compared(one, cell.value)) is False
            ):
                self._constraint(cell, one)

    def _constraint(self, cell: _Cell, one: Field) -> None:
        said = one.constraint_messages.get(self._form.default_language, "")
        if said:
            self._wrong(cell, "typed.constraint_said", text=cell.typed or cell.value, said=said)
        else:
            self._wrong(cell, "typed.constraint", text=cell.typed or cell.value, rule=one.constraint)

    def _wrong(self, cell: _Cell, code: str, **values: object) -> None:
        self._found.problems.append(Problem(code, *_where(cell.at, values)))


def compared(one: Field, value: str) -> Value:
    """An answer as a condition compares it."""
    if not value:
        return ""
    if one.kind in {"integer", "decimal"}:
        return Decimal(value)
    if one.kind == "date":
        return date.fromisoformat(value)
    return frozenset(value.split()) if one.kind == "choices" else value


def _place(at: str, order: Mapping[str, int], first: Mapping[str, str]) -> tuple[int, int, int]:
    """In the order of the page, on which each member's questions stand together."""
    number, _, row = at.removeprefix("q").partition("-")
    return order.get(first.get(number, number), 0), int(row or 0), order.get(number, 0)


def _where(at: str, values: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """`nomor 14, orang ke-2`, and the values with the field's name."""
    number, _, row = at.removeprefix("q").partition("-")
    return f"nomor {number}, baris {row}" if row else f"nomor {number}", {**values, "at": at}


def _by_code(one: Question, text: str) -> str:
    """By its name, its code, or the letter of its place: `1`, `a` and the name are the same."""
    names = {option.name: option.name for option in one.options}
    codes = {option.code: option.name for option in one.options}
    letters = {chr(ord("a") + place): option.name for place, option in enumerate(one.options[:26])}
    return names.get(text) or codes.get(text.lstrip("0") or text) or letters.get(text.casefold(), "")
