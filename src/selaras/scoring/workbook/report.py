"""Where the checkers of a workbook write down what they find, and how cells become numbers, dates and names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from selaras.errors import Problem
from selaras.odk.archive import column_index
from selaras.odk.table import Row
from selaras.scoring.expressions.near import nearest
from selaras.scoring.expressions.types import KIND_WORDS
from selaras.scoring.instrument import Kind

#: A name that expressions, columns of data and JSON can all carry.
NAME = re.compile(r"[^\W\d][\w.-]*\Z")
OPTION = re.compile(r"\w[\w.-]*\Z")
LONGEST_NAME = 63
#: Nobody mends a thousand lines at once, and every one costs time.
MOST_PROBLEMS = 1_000
_NUMBER = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,12})?\Z")
_PLACE = re.compile(r"(?P<sheet>.*)!(?P<column>[A-Z]*)(?P<row>[0-9]*)")


@dataclass(slots=True)
class Report:
    """Problems in the order found. `language` is the form's default language.

    Suggestions cost time that grows with names × mistakes: after `suggestions_left` a mistake stands alone.
    """

    language: str
    problems: list[Problem] = field(default_factory=list)
    suggestions_left: int = 200

    @property
    def full(self) -> bool:
        """Whether there is so much wrong that no further expression is looked at."""
        return len(self.problems) >= MOST_PROBLEMS

    def add(self, code: str, where: str, **values: object) -> None:
        """One error at a cell."""
        self.problems.append(Problem(code, where, values))

    def warn(self, code: str, where: str, **values: object) -> None:
        """One warning at a cell."""
        self.problems.append(Problem(code, where, values, "warning"))

    def unknown(self, code: str, where: str, name: str, known: Iterable[str]) -> None:
        """A name that is none of `known`: `code`, or `code_near` with what was probably meant."""
        self.suggestions_left -= 1
        meant = nearest(name, known) if self.suggestions_left >= 0 else None
        if meant is None:
            self.add(code, where, name=name)
        else:
            self.add(f"{code}_near", where, name=name, meant=meant)

    def blank(self, row: Row, column: str) -> None:
        """A mandatory cell that is blank. Where the whole column is missing, that was said at the header."""
        if (column, "") in row.columns:
            self.add("cell.blank", row.where(column), column=column)

    def name(self, row: Row, column: str, taken: dict[str, str], *, figures: bool = False) -> str:
        """The key of a row, '' where it is missing, misshapen or taken. `taken`: lower-cased key -> its cell.

        With `figures` it may begin with one: options are often called 1, 2, 3, 4.
        """
        text, where = row.text(column), row.where(column)
        if not text:
            self.blank(row, column)
        elif not (OPTION if figures else NAME).match(text) or len(text) > LONGEST_NAME:
            self.add("cell.option" if figures else "cell.name", where, name=text, column=column)
        elif taken.setdefault(text.lower(), where) != where:
            self.add("cell.double", where, name=text, column=column, earlier=taken[text.lower()])
        else:
            return text
        return ""

    def closed(self, row: Row, column: str, known: tuple[str, ...], *, mandatory: bool, default: str = "") -> str:
        """A cell of a closed list; `default` where it is blank or wrong, which is reported."""
        text, where = row.text(column), row.where(column)
        if not text:
            if mandatory:
                self.blank(row, column)
            return default
        if text in known:
            return text
        meant = nearest(text, known)
        values = {"name": text, "column": column, "known": ", ".join(known)}
        if meant is None:
            self.add("cell.closed", where, **values)
        else:
            self.add("cell.closed_near", where, meant=meant, **values)
        return default

    def number(self, row: Row, column: str) -> Decimal | None:
        """A cell as a number, None where it is blank or no number, which is reported."""
        text = row.text(column)
        if not text:
            return None
        number = as_number(text)
        if number is None:
            self.add("cell.number", row.where(column), found=text[:40], column=column)
        return number

    def weight(self, row: Row) -> Decimal:
        """The mandatory, positive `weight`; 1 where it cannot be used, which is reported."""
        if not row.text("weight"):
            self.blank(row, "weight")
            return Decimal(1)
        number = self.number(row, "weight")
        if number is not None and number <= 0:
            self.add("weight.not_positive", row.where("weight"), found=row.text("weight"))
        return number if number is not None and number > 0 else Decimal(1)

    @staticmethod
    def kind_word(kind: Kind) -> str:
        """How a person calls a static type: `bilangan`, `ya/tidak` …"""
        return KIND_WORDS[kind]

    def labels(self, row: Row, *, mandatory: bool, name: str) -> Mapping[str, str]:
        """A row's labels; the default language is mandatory where any is written or the sheet asks for it."""
        labels = row.labels("label", self.language)
        spoken = row.speaks("label", self.language)
        if self.language not in labels and (labels or mandatory) and spoken:
            language = self.language if ("label", self.language) in row.columns else ""
            self.add("cell.label", row.where("label", language), language=self.language, name=name)
        return labels


def as_number(text: str) -> Decimal | None:
    """`0.5` or `12` as Decimal, with at most 13 digits before and 12 behind the point; else None."""
    if not _NUMBER.match(text):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:  # pragma: no cover  (the pattern admits only numbers)
        return None
    return number if abs(number) < Decimal(10) ** 13 else None


def as_date(text: str) -> date | None:
    """`2024-01-31`, or the same with the time that a spreadsheet adds; else None."""
    try:
        return date.fromisoformat(text.partition("T")[0])
    except ValueError:
        return None


def in_order(problems: Iterable[Problem], sheets: Iterable[str]) -> tuple[Problem, ...]:
    """Each problem once, by sheet as the file orders them, then by row, column and code."""
    rank = {name: index for index, name in enumerate(sheets)}

    def place(problem: Problem) -> tuple[int, str, int, int, str]:
        match = _PLACE.match(problem.where)
        if match is None:
            return (-2, problem.where, 0, 0, problem.code)
        sheet = match["sheet"]
        column = column_index(match["column"]) if match["column"] else -1
        # A sheet that is not there comes first: much else may follow from it.
        return (rank.get(sheet, -1), sheet, int(match["row"] or 0), column, problem.code)

    distinct: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        distinct.setdefault((problem.where, str(problem)), problem)
    return tuple(sorted(distinct.values(), key=place))
