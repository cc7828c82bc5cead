"""A text of a data file as an answer of the form's type, strictly: what is not one is blank, and told.

Stricter than `odk.values`, which reads what a person typed for one family: data files come from programs, and the
same file as Parquet must give the same score. So choices are names, never labels, dates are ISO, and a point is
always decimal, as spreadsheets and ODK write it. A comma is read as decimal where it can be nothing else.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from selaras.odk.forms import Field
from selaras.scoring.expressions.near import nearest
from selaras.scoring.numbers import LIMIT, PLACES

#: What reads a text: the answer, or None and the code of the catalogue with its words.
Typed = tuple[object, str, dict[str, object]]
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_AMBIGUOUS = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:(?:\.[0-9]{3}){2,}(?:,[0-9]+)?|\.[0-9]{3},[0-9]+)")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9:.+Zz-]*)?")


def number_of(text: str) -> tuple[Decimal | None, str]:
    """The number that `text` says, or None and why not: `1.5`, `1,5`, `1.234.567`; not `1,234`, which says two."""
    if _AMBIGUOUS.fullmatch(text):
        return None, "data.comma"
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif _COMMA.fullmatch(text):
        text = text.replace(",", ".")
    elif not _PLAIN.fullmatch(text):
        return None, "value.decimal"
    number = Decimal(text)
    exponent = number.normalize().as_tuple().exponent if len(text) < 60 else -len(text)
    if abs(number) >= LIMIT or -int(exponent) > PLACES:
        return None, "value.range"
    return number, ""


def reader_of(field: Field, options: tuple[str, ...]) -> Callable[[str], Typed]:
    """What reads one column. `options` are the names of the field's list, in its order."""
    if field.kind in ("integer", "decimal"):
        return _whole if field.kind == "integer" else _decimal
    if field.kind == "date":
        return _date
    if field.kind == "choice":
        return _Choice(options)
    return _Choices(options) if field.kind == "choices" else _text


def _text(text: str) -> Typed:
    return text, "", {}


def _decimal(text: str) -> Typed:
    number, code = number_of(text)
    return number, code, {}


def _whole(text: str) -> Typed:
    number, code = number_of(text)
    if number is None:
        return None, "value.integer" if code == "value.decimal" else code, {}
    if number != number.to_integral_value():
        return None, "value.integer", {}
    return int(number), "", {}


def _date(text: str) -> Typed:
    found = _DATE.fullmatch(text)
    try:
        return (date.fromisoformat(found[1]), "", {}) if found else (None, "data.date", {})
    except ValueError:
        return None, "data.date", {}


class _Choice:
    """One name of a list."""

    def __init__(self, options: tuple[str, ...]) -> None:
        self.options = options
        self.names = frozenset(options)

    def __call__(self, text: str) -> Typed:
        if text in self.names:
            return text, "", {}
        return None, *self.told(text)

    def told(self, text: str) -> tuple[str, dict[str, object]]:
        """The code and words for a name that the list lacks."""
        if meant := nearest(text, self.names):
            return "value.choice_near", {"meant": meant}
        shown = ", ".join(self.options[:8]) + (", …" if len(self.options) > 8 else "")
        return "value.choice", {"names": shown}


class _Choices(_Choice):
    """Several names of a list, between spaces; once each, in the order given."""

    def __call__(self, text: str) -> Typed:
        names = tuple(dict.fromkeys(text.split()))
        wrong = [name for name in names if name not in self.names]
        if wrong:
            return None, *self.told(wrong[0])
        return " ".join(names), "", {}
