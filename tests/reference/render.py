"""A drawn workbook as its author would type it: rows of sheets, and expressions as text.

`lavish` puts parentheses around every operation, otherwise there are only those that precedence demands: both must
be read as the same tree.
"""

from fractions import Fraction
from io import BytesIO
from typing import Any

from selaras.scoring.expressions.tree import (
    Binary,
    Blank,
    Boolean,
    Call,
    Day,
    Name,
    Negative,
    Node,
    NotApplicable,
    Number,
    RepeatCall,
    Text,
    Today,
)
from tests.reference.drawn import HOUSEHOLD, Group, Indicator, Question, Workbook

LABEL = "label::Bahasa Indonesia (id)"
Sheets = dict[str, list[list[Any]]]

#: XPath 1.0, section 3: from loose to tight; all are left-associative.
LEVELS = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
LEVEL = {operator: level for level, operators in enumerate(LEVELS) for operator in operators}
TIGHTEST = len(LEVELS)


def text(node: Node, lavish: bool = False) -> str:
    """`node` as an author types it."""
    return _text(node, lavish)[0]


def _text(node: Node, lavish: bool) -> tuple[str, int]:
    """The text and how tightly its outermost operator binds."""
    match node:
        case Number(value):
            return f"{value:f}", TIGHTEST + 1
        case Text(value):
            return (f"'{value}'" if '"' in value or "'" not in value else f'"{value}"'), TIGHTEST + 1
        case Boolean(value):
            return f"{str(value).lower()}()", TIGHTEST + 1
        case Day(value):
            return f"date('{value}')", TIGHTEST + 1
        case Today():
            return "today()", TIGHTEST + 1
        case Blank():
            return "''", TIGHTEST + 1
        case NotApplicable():
            return "na()", TIGHTEST + 1
        case Name(name):
            return f"${{{name}}}", TIGHTEST + 1
        case Negative(operand):
            return _wrap(f"-{_inner(operand, TIGHTEST, lavish)}", TIGHTEST, lavish)
        case Binary(operator, left, right):
            level = LEVEL[operator]
            return _wrap(f"{_inner(left, level, lavish)} {operator} {_inner(right, level + 1, lavish)}", level, lavish)
        case Call(function, arguments):
            return f"{function}({', '.join(text(argument, lavish) for argument in arguments)})", TIGHTEST + 1
        case RepeatCall(function, repeat, predicate, value):
            over = repeat if predicate is None else f"{repeat}[{text(predicate, lavish)}]"
            return f"{function}({over if value is None else f'{over}, {text(value, lavish)}'})", TIGHTEST + 1
    raise AssertionError(node)


def _wrap(inside: str, level: int, lavish: bool) -> tuple[str, int]:
    return (f"({inside})", TIGHTEST + 1) if lavish else (inside, level)


def _inner(node: Node, at_least: int, lavish: bool) -> str:
    inside, level = _text(node, lavish)
    return inside if level >= at_least else f"({inside})"


# --- sheets --------------------------------------------------------------------------------------------------


def sheets(book: Workbook, lavish: bool = False) -> Sheets:
    """Every sheet of the workbook, header first."""
    made: Sheets = {
        "instrument": [
            ["key", "value"],
            ["id", "contoh"],
            ["version", "1"],
            ["title", "Contoh"],
            ["scale", _cell(book.scale)],
        ],
        "survey": [["type", "name", LABEL, "relevant"], *_survey(book.survey, lavish)],
        "choices": [["list_name", "name", LABEL], *_choices(book)],
        "aspects": [
            ["aspect", "parent", LABEL, "weight"],
            *([each.name, each.parent, each.name, _cell(each.weight)] for each in book.aspects),
        ],
        "indicators": _indicators(book.indicators, lavish),
    }
    if book.calculations:
        rows = [[each.name, each.over, text(each.tree, lavish)] for each in book.calculations]
        made["calculations"] = [["name", "over", "expression"], *rows]
    if book.classes:
        rows = [[name, name, text(tree, lavish)] for name, tree in book.classes.items()]
        made["classes"] = [["class", LABEL, "expression"], *rows]
    bands = [[each.name, band.low, band.high, band.points, "pita"] for each in book.indicators for band in each.bands]
    if bands:
        header = ["indicator", "from", "to", "points", LABEL]
        made["bands"] = [header, *([row[0], *map(_cell, row[1:4]), row[4]] for row in bands)]
    options = [[each.name, *item] for each in book.indicators for item in each.options.items()]
    if options:
        header = ["indicator", "option", LABEL, "points"]
        made["options"] = [header, *([name, option, option, _cell(points)] for name, option, points in options)]
    return {name: rows for name, rows in made.items() if len(rows) > 1}


def _survey(items: tuple[Question | Group, ...], lavish: bool) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for item in items:
        relevant = text(item.relevant, lavish) if item.relevant is not None else None
        if isinstance(item, Question):
            rows.append([_type(item), item.name, f"Isian {item.name}", relevant])
            continue
        kind = "repeat" if item.is_repeat else "group"
        rows.append([f"begin_{kind}", item.name, f"Bagian {item.name}", relevant])
        rows += [*_survey(item.items, lavish), [f"end_{kind}"]]
    return rows


def _type(question: Question) -> str:
    kinds = {"choice": "select_one", "choices": "select_multiple"}
    return f"{kinds[question.kind]} {list_of(question)}" if question.kind in kinds else question.kind


def list_of(question: Question) -> str:
    """The name of the choice list: questions with equal options share it."""
    return f"daftar_{'_'.join(question.options)}"


def _choices(book: Workbook) -> list[list[Any]]:
    questions = [each.question for each in book.placed().values()]
    lists = {list_of(each): each.options for each in questions if each.options}
    return [[name, option, option.upper()] for name, options in lists.items() for option in options]


#: Columns of `indicators` in an order that an author might choose; the reader must not care.
COLUMNS = ("indicator", "aspect", LABEL, "weight", "from", "rule", "over", "applies_to", "expression", "aggregate")
COLUMNS += ("low", "high", "missing", "min_n", "measure")


def _indicators(indicators: tuple[Indicator, ...], lavish: bool) -> list[list[Any]]:
    rows: list[list[Any]] = [list(COLUMNS)]
    for each in indicators:
        survey = each.origin == "survey"
        cells = {
            "indicator": each.name,
            "aspect": each.aspect,
            LABEL: f"Butir {each.name}",
            "weight": _cell(each.weight),
            "from": each.origin,
            "rule": each.rule,
            "over": each.over if each.over != HOUSEHOLD else None,
            "applies_to": text(each.applies_to, lavish) if each.applies_to is not None else None,
            "expression": text(each.tree, lavish) if each.tree is not None else None,
            "aggregate": each.aggregate if survey else None,
            "low": _cell(each.low),
            "high": _cell(each.high),
            "missing": each.missing if survey else None,
            "min_n": each.min_n,
            "measure": MEASURE if each.origin == "protection" else None,
        }
        rows.append([cells[column] for column in COLUMNS])
    return rows


#: One of the closed list of what may be measured of protection.
MEASURE = "parenting_classes"


def _cell(number: Fraction | None) -> Any:
    """A number as a cell: whole or with the decimals that it has, as text where a double would change it."""
    if number is None:
        return None
    if number.denominator == 1 and abs(number) < 10**12:
        return int(number)
    places = next(n for n in range(13) if 10**n % number.denominator == 0)
    whole = abs(number) * 10**places
    digits = f"{int(whole):0{places + 1}d}"
    shown = ("-" if number < 0 else "") + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)
    return float(shown) if Fraction(repr(float(shown))) == number else shown


def xlsx(made: Sheets) -> bytes:
    """The workbook as bytes."""
    from openpyxl import Workbook as Book

    book = Book()
    book.remove(book.active)
    for name, rows in made.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()
