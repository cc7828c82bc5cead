"""The tables that a statement reads: one of households and one a repeat, with clean values.

An engine puts them there (a view over Parquet, a temporary table); the statement is the same over all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from selaras.odk.forms import Field, FieldKind
from selaras.scoring.instrument import HOUSEHOLD, Instrument, Kind
from selaras.scoring.sql.dialects import Width
from selaras.scoring.sql.numbers import limit

KEY = "household_id"
UNIT = "#unit"

_KINDS: dict[FieldKind, Kind] = {
    "integer": "number",
    "decimal": "number",
    "date": "date",
    "choice": "choice",
    "choices": "choices",
}


def kind_of(form_field: Field) -> Kind:
    """The static type of a field's answers; what is neither number, date nor choice is text."""
    return _KINDS.get(form_field.kind, "text")


@dataclass(frozen=True, slots=True)
class Shape:
    """How a stored column looks: its name in SQL and, for numbers, places, greatest magnitude and width.

    `bound` is of the value as an integer of `scale` places. `width` is that of the stored integer; a decimal
    (scale > 0) is made an integer of the width that its bound needs.
    """

    name: str
    kind: Kind
    scale: int = 0
    bound: int = 0
    width: Width = Width.BIG


@dataclass(frozen=True, slots=True)
class Table:
    """A stored table: `columns` are its fields by their form's name; a field it lacks is always blank."""

    name: str
    columns: Mapping[str, Shape] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything a statement reads. `unit` says whether the households' table has a column UNIT."""

    households: Table
    repeats: Mapping[str, Table] = field(default_factory=dict)
    unit: bool = False

    def of(self, scope: str) -> Table:
        """The table of the household or of a repeat."""
        return self.households if scope == HOUSEHOLD else self.repeats.get(scope, Table(scope))


def assumed(instrument: Instrument) -> Tables:
    """Tables with a column for every field, as a phone's data would be: for showing a statement."""
    columns: dict[str, dict[str, Shape]] = {HOUSEHOLD: {}, **{name: {} for name in instrument.form.repeats}}
    names = Names()
    for name, form_field in instrument.form.fields.items():
        columns[form_field.repeat or HOUSEHOLD][name] = assumed_shape(names.take(name), form_field)
    repeats = {name: Table(names.take(name), columns[name]) for name in instrument.form.repeats}
    return Tables(Table("households", columns[HOUSEHOLD]), repeats, unit=True)


def assumed_shape(name: str, form_field: Field) -> Shape:
    """The canonical column of a field: 32-bit whole numbers, as XLSForm's `integer`, and decimals of 12 places."""
    if form_field.kind == "integer":
        return Shape(name, "number", 0, 2**31 - 1, Width.BIG)
    if form_field.kind == "decimal":
        return Shape(name, "number", 12, limit(12) - 1, Width.WIDE)
    return Shape(name, kind_of(form_field))


class Names:
    """SQL names that no engine confuses: DuckDB ignores case, PostgreSQL cuts after 63 bytes."""

    def __init__(self) -> None:
        self._taken: set[str] = {KEY, UNIT, "households"}
        self._count = 0

    def take(self, wanted: str) -> str:
        """`wanted`, or something like it that is still free."""
        name = wanted
        if len(wanted.encode()) > 55 or wanted.casefold() in self._taken:
            self._count += 1
            name = f"{wanted.encode()[:40].decode(errors='ignore')}#{self._count}"
        self._taken.add(name.casefold())
        return name
