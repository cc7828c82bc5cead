"""Small instruments, written in a few lines: only what an engine needs of a workbook."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pyarrow as pa

from selaras.odk.forms import Choice, Field, FieldKind, Form, Repeat
from selaras.scoring.answers import Answers
from selaras.scoring.expressions.parser import parse
from selaras.scoring.expressions.types import Scope, Symbol, check
from selaras.scoring.instrument import (
    HOUSEHOLD,
    Aspect,
    Calculation,
    Expression,
    HouseholdClass,
    Indicator,
    Instrument,
)
from selaras.scoring.sql.tables import kind_of

LISTS = {
    "yt": ("ya", "tidak"),
    "letters": ("a", "b", "c"),
}

#: `age:integer`, `toilet:choice:yt`, `member.job:choices:letters` (a field of the repeat `member`).
FieldText = str
_TYPES = {
    "integer": pa.int64(),
    "decimal": pa.decimal128(38, 12),
    "date": pa.date32(),
}


def instrument(
    *fields: FieldText,
    indicators: Mapping[str, str | Mapping[str, object]] | None = None,
    calculations: Mapping[str, str] | None = None,
    classes: Mapping[str, str] | None = None,
    relevants: Mapping[str, Sequence[str]] | None = None,
) -> Instrument:
    """An instrument over `fields`. An indicator is its expression, or a mapping with `expression`, `over`,
    `applies_to`, `aggregate`; a calculation over a repeat is named `member.name`."""
    made = {field.name: field for field in map(_field, fields)}
    repeats = {field.repeat: Repeat(field.repeat, "survey!B2", {}) for field in made.values() if field.repeat}
    symbols = {name: Symbol(name, kind_of(field), field.repeat, _options(field)) for name, field in made.items()}
    worked: dict[str, Calculation] = {}

    def expressed(text: str, over: str) -> Expression:
        tree = parse(text)
        kind, findings = check(tree, Scope(symbols, frozenset(repeats), over))
        assert findings == (), [str(finding.at("")) for finding in findings]
        return Expression(text, tree, kind, "x!A1")

    for key, text in (calculations or {}).items():
        over, name = key.split(".") if "." in key else (HOUSEHOLD, key)
        expression = expressed(text, over)
        worked[name] = Calculation(name, over, expression, {})
        symbols[name] = Symbol(name, expression.kind, None if over == HOUSEHOLD else over)
    return Instrument(
        id="small",
        version="1",
        title="Small",
        scale=Decimal(100),
        valid_from=None,
        valid_to=None,
        source="",
        form=Form("small", "1", "Small", "id", ("id",), made, repeats, _lists(), ""),
        relevants={
            name: tuple(expressed(text, made[name].repeat or HOUSEHOLD) for text in texts)
            for name, texts in (relevants or {}).items()
        },
        calculations=worked,
        classes={name: HouseholdClass(name, {}, expressed(text, HOUSEHOLD)) for name, text in (classes or {}).items()},
        aspects={"all": Aspect("all", None, {}, Decimal(1))},
        indicators={
            name: _indicator(name, what if isinstance(what, Mapping) else {"expression": what}, expressed)
            for name, what in (indicators or {}).items()
        },
        privacy={},
        sha256="0" * 64,
    )


def _indicator(name: str, what: Mapping[str, object], expressed: object) -> Indicator:
    over = str(what.get("over", HOUSEHOLD))
    applies = what.get("applies_to")
    expression = expressed(str(what["expression"]), over)  # type: ignore[operator]
    number = expression.kind == "number"
    return Indicator(
        name,
        "all",
        {},
        Decimal(1),
        "survey",
        "linear",
        over=over,
        applies_to=expressed(str(applies), over) if applies is not None else None,  # type: ignore[operator]
        expression=expression,
        aggregate=what.get("aggregate", "mean" if number else "share"),  # type: ignore[arg-type]
    )


def _field(text: FieldText) -> Field:
    path, kind, *rest = text.split(":")
    repeat, _, name = path.rpartition(".")
    kinds: dict[str, FieldKind] = {kind: kind}  # type: ignore[dict-item]
    return Field(
        name, kinds[kind], kind, "survey!B2", 2, {}, {}, repeat=repeat or None, list_name=rest[0] if rest else None
    )


def _options(field: Field) -> frozenset[str] | None:
    return frozenset(LISTS[field.list_name]) if field.list_name else None


def _lists() -> dict[str, tuple[Choice, ...]]:
    return {name: tuple(Choice(option, {}) for option in options) for name, options in LISTS.items()}


def answers(
    made: Instrument,
    households: Sequence[Mapping[str, object]],
    *,
    unit: str | None = None,
    checked: bool = True,
    **repeats: Sequence[Mapping[str, object]],
) -> Answers:
    """Canonical Arrow tables of plain rows; a household without `household_id` is numbered from 1."""
    rows = [{"household_id": str(place), **row} for place, row in enumerate(households, 1)]
    return Answers(
        _table(made, rows, None, unit),
        {name: _table(made, members, name, None) for name, members in repeats.items()},
        unit,
        checked,
    )


def _table(made: Instrument, rows: Sequence[Mapping[str, object]], repeat: str | None, unit: str | None) -> pa.Table:
    fields = {field.name: field for field in made.form.fields.values() if field.repeat == repeat}
    schema = [("household_id", pa.string())]
    if unit is not None and unit not in fields:
        schema.append((unit, pa.string()))
    schema += [(name, _TYPES.get(field.kind, pa.string())) for name, field in fields.items()]
    return pa.Table.from_pylist([dict(row) for row in rows], schema=pa.schema(schema))
