"""Small instruments, fields and counts, said in one line each."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from selaras.odk.forms import Choice, Field, FieldKind, Form, Repeat
from selaras.scoring.expressions.parser import parse
from selaras.scoring.expressions.types import Scope, Symbol, check
from selaras.scoring.instrument import (
    HOUSEHOLD,
    Aspect,
    Band,
    Calculation,
    Expression,
    HouseholdClass,
    Indicator,
    Instrument,
    Kind,
    Option,
)
from selaras.scoring.tally import Tallies, Tally, UnitTally

BAHASA = "Bahasa Indonesia (id)"
ENGLISH = "English (en)"
KINDS: Mapping[FieldKind, Kind] = {
    "integer": "number",
    "decimal": "number",
    "date": "date",
    "choice": "choice",
    "choices": "choices",
}


def labels(bahasa: str, english: str = "") -> dict[str, str]:
    """A label in one language, or in both."""
    return {BAHASA: bahasa, ENGLISH: english} if english else {BAHASA: bahasa}


def choices(**named: str) -> tuple[Choice, ...]:
    """A choice list: `choices(ya="Ya", tidak="Tidak|No")`, an English label after a bar."""
    return tuple(Choice(name, labels(*label.split("|"))) for name, label in named.items())


def field(name: str, kind: FieldKind, label: str = "", **more: Any) -> Field:
    """A question of the survey, an English label after a bar."""
    shown = labels(*(label or name).split("|"))
    return Field(name, kind, more.pop("type", kind), "survey!B2", 2, shown, {}, **more)


def form(
    *fields: Field, lists: Mapping[str, tuple[Choice, ...]] | None = None, repeats: Mapping[str, str] | None = None
) -> Form:
    """A form of these fields; `repeats` maps a repeat's name to its label."""
    return Form(
        id="contoh",
        version="1",
        title="Contoh",
        default_language=BAHASA,
        languages=(BAHASA, ENGLISH),
        fields={one.name: one for one in fields},
        repeats={name: Repeat(name, "survey!B9", labels(*label.split("|"))) for name, label in (repeats or {}).items()},
        lists=lists or {},
        xform="",
    )


def symbols(shape: Form, calculations: Mapping[str, Calculation] | None = None) -> dict[str, Symbol]:
    """What expressions may name: the fields and the calculations."""
    found = {}
    for one in shape.fields.values():
        names = frozenset(choice.name for choice in shape.lists[one.list_name]) if one.list_name else None
        found[one.name] = Symbol(one.name, KINDS.get(one.kind, "text"), one.repeat, names)
    for calculation in (calculations or {}).values():
        repeat = None if calculation.over == HOUSEHOLD else calculation.over
        found[calculation.name] = Symbol(calculation.name, calculation.expression.kind, repeat)
    return found


def expression(
    text: str, shape: Form, over: str = HOUSEHOLD, calculations: Mapping[str, Calculation] | None = None
) -> Expression:
    """An expression checked against the form; an assertion fails where it has findings."""
    tree = parse(text)
    kind, findings = check(tree, Scope(symbols(shape, calculations), frozenset(shape.repeats), over))
    assert findings == ()
    return Expression(text, tree, kind, "indicators!F2")


def bands(*rows: tuple[str | None, str | None, str]) -> tuple[Band, ...]:
    """Bands from (low, high, points); None is an open end."""
    return tuple(
        Band(low and Decimal(low), high and Decimal(high), Decimal(points), labels(f"pita {points}"))
        for low, high, points in rows
    )


def options(**points: str) -> tuple[Option, ...]:
    """Options by name, with their points."""
    return tuple(Option(name, labels(f"pilihan {name}"), Decimal(worth)) for name, worth in points.items())


def indicator(name: str, aspect: str = "utama", weight: str = "1", **more: Any) -> Indicator:
    """An indicator: a linear share from the survey unless told otherwise."""
    told = {"origin": "survey", "rule": "linear", "low": Decimal(0), "high": Decimal(1), "labels": labels(name)}
    return Indicator(name, aspect, weight=Decimal(weight), **(told | more))


def aspect(name: str, weight: str = "1", parent: str | None = None) -> Aspect:
    """A node of the tree of weights."""
    return Aspect(name, parent, labels(name.capitalize()), Decimal(weight))


def instrument(
    *indicators: Indicator,
    aspects: tuple[Aspect, ...] = (),
    shape: Form | None = None,
    classes: tuple[HouseholdClass, ...] = (),
    calculations: tuple[Calculation, ...] = (),
    scale: str = "100",
) -> Instrument:
    """An instrument of these indicators, under one aspect `utama` unless told otherwise."""
    return Instrument(
        id="contoh",
        version="1.0",
        title="Instrumen contoh",
        scale=Decimal(scale),
        valid_from=None,
        valid_to=None,
        source="",
        form=shape or form(),
        relevants={},
        calculations={one.name: one for one in calculations},
        classes={one.name: one for one in classes},
        aspects={one.name: one for one in (aspects or (aspect("utama"),))},
        indicators={one.name: one for one in indicators},
        privacy={},
        sha256="0" * 64,
    )


def tally(n: int = 0, true: int = 0, missing: int = 0, not_applicable: int = 0, **more: Any) -> Tally:
    """Counts of one indicator in one unit."""
    return Tally(n, true, missing, not_applicable, **more)


def tallies(*units: tuple[str | None, int, Mapping[str, Tally]], **more: Any) -> Tallies:
    """A run over (unit, households, counts by indicator)."""
    return Tallies("uji 1.0", tuple(UnitTally(unit, size, {}, 0, counts) for unit, size, counts in units), **more)
