"""How one stored column becomes clean values: in DuckDB's SQL, and only as much as the column needs.

`Look` is what one pass over the column told. Every function here returns the column as a view should show it.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from selaras.odk.forms import Field
from selaras.scoring.sql.dialects import Width
from selaras.scoring.sql.numbers import PLACES, limit, width_of
from selaras.scoring.sql.tables import Shape, kind_of

_NARROW = {"TINYINT", "SMALLINT", "UTINYINT", "USMALLINT"}
_INTEGERS = {*_NARROW, "INTEGER", "UINTEGER", "BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT"}
FLOATS = {"FLOAT", "DOUBLE"}
_NUMBER = r"[+-]?[0-9]+([.][0-9]+)?"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
#: What a person or a program may leave around a value: blanks, tabs, line ends, the no-break space.
_WHITE = "CHR(32) || CHR(9) || CHR(10) || CHR(13) || CHR(160)"


@dataclass(frozen=True)
class Look:
    """What one pass told: extremes of a number, whether all are whole and finite; distinct texts of a choice.

    `names` is None where there were too many to look at.
    """

    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    whole: bool = True
    finite: bool = True
    names: frozenset[str] | None = None


@dataclass(frozen=True)
class Stored:
    """A column of a source: `sql` names it, `type` is DuckDB's word for its type."""

    sql: str
    type: str
    field: Field
    options: frozenset[str] = frozenset()

    @property
    def base(self) -> str:
        """The type without its parameters."""
        return self.type.split("(")[0]

    @property
    def decimals(self) -> tuple[int, int]:
        """Digits and places of a DECIMAL."""
        digits, places = self.type.removeprefix("DECIMAL(").removesuffix(")").split(",")
        return int(digits), int(places)


@dataclass(frozen=True)
class Clean:
    """A column as the view shows it. `doubtful`: some answers may have been dropped, and are to be counted."""

    sql: str
    shape: Shape
    doubtful: bool = False


def trimmed(sql: str) -> str:
    """`sql` as text without white space around it; NULL where nothing is left."""
    return f"NULLIF(TRIM(CAST({sql} AS VARCHAR), {_WHITE}), '')"


def nothing(sql: str) -> str:
    """A condition that is true where a double says "nothing", as pandas does: NaN.

    Neither ISNAN nor `=`: over Parquet whose statistics leave NaN out, as they may, DuckDB 2.0 takes both to be
    never true.
    """
    return f"COALESCE(STARTS_WITH(CAST({sql} AS VARCHAR), 'n'), TRUE)"


def filled(stored: Stored) -> str:
    """A condition that is true where an answer was given, right or wrong."""
    if stored.base in FLOATS:
        return f"NOT {nothing(stored.sql)}"
    return f"{trimmed(stored.sql)} IS NOT NULL"


# --- looking ------------------------------------------------------------------------------------------------
def number_look(stored: Stored) -> tuple[str, str, str, str] | None:
    """Four aggregates that make a Look of a number; None where the type alone says enough."""
    if stored.base in _NARROW or stored.base == "INTEGER":
        return None
    if stored.base in _INTEGERS:
        return f"MIN({stored.sql})", f"MAX({stored.sql})", "TRUE", "TRUE"
    if stored.base == "DECIMAL":
        whole = f"BOOL_AND({stored.sql} % 1 = 0)" if stored.field.kind == "integer" else "TRUE"
        return f"MIN({stored.sql})", f"MAX({stored.sql})", whole, "TRUE"
    if stored.base in FLOATS:
        finite = f"CASE WHEN ISFINITE({stored.sql}) THEN {stored.sql} END"
        small = f"CASE WHEN ABS({finite}) < 1e13 THEN {finite} END"
        fits = (
            f"BOOL_AND(CASE WHEN ISFINITE({stored.sql}) THEN ABS({stored.sql}) < 1e13 ELSE {nothing(stored.sql)} END)"
        )
        return f"MIN({small})", f"MAX({small})", f"BOOL_AND({small} = TRUNC({small}))", fits
    return None


# --- cleaning -----------------------------------------------------------------------------------------------
def clean(stored: Stored, name: str, look: Look, *, checked: bool) -> Clean:
    """The column under `name`, cleaned as much as `look` says it needs; not at all where it is `checked`."""
    kind = kind_of(stored.field)
    match kind:
        case "number":
            return _number(stored, name, look)
        case "date":
            return _date(stored, name)
        case "choice" | "choices":
            return _choice(stored, name, look, checked=checked)
    text = stored.sql if checked and stored.base == "VARCHAR" else trimmed(stored.sql)
    return Clean(text, Shape(name, kind))


def _number(stored: Stored, name: str, look: Look) -> Clean:
    whole = stored.field.kind == "integer"
    if stored.base in _NARROW or stored.base == "INTEGER":
        sql = stored.sql if stored.base == "INTEGER" else f"CAST({stored.sql} AS INTEGER)"
        return Clean(sql, Shape(name, "number", 0, 2**31, Width.SMALL))
    if stored.base in _INTEGERS:
        return _guarded(Clean(stored.sql, Shape(name, "number")), look, "BIGINT", whole=False)
    if stored.base == "DECIMAL":
        _, places = stored.decimals
        if places > PLACES:
            column = Clean(f"CAST({stored.sql} AS DECIMAL(38,{PLACES}))", Shape(name, "number", PLACES))
        else:
            column = Clean(stored.sql, Shape(name, "number", places))
        return _guarded(column, look, stored.type, whole=whole)
    if stored.base in FLOATS:
        if look.whole and look.finite:
            integer = f"CAST(CASE WHEN ISFINITE({stored.sql}) THEN {stored.sql} END AS BIGINT)"
            return _guarded(Clean(integer, Shape(name, "number")), look, "BIGINT", whole=False)
        # The shortest text that reads back as this double is the decimal that somebody meant.
        decimal = f"TRY_CAST(CAST({stored.sql} AS VARCHAR) AS DECIMAL(38,{PLACES}))"
        return _guarded(Clean(decimal, Shape(name, "number", PLACES)), None, f"DECIMAL(38,{PLACES})", whole=whole)
    if stored.base == "VARCHAR":
        text = trimmed(stored.sql)
        written = f"CASE WHEN REGEXP_FULL_MATCH({text}, '{_NUMBER}') THEN {text} END"
        decimal = f"TRY_CAST({written} AS DECIMAL(38,{PLACES}))"
        return _guarded(Clean(decimal, Shape(name, "number", PLACES)), None, f"DECIMAL(38,{PLACES})", whole=whole)
    return Clean("CAST(NULL AS BIGINT)", Shape(name, "number"), doubtful=True)


def _guarded(column: Clean, look: Look | None, kind: str, *, whole: bool) -> Clean:
    """`column` without what is 10^13 or more, or not whole where that is wanted."""
    places = column.shape.scale
    most = limit(places) - 1
    if look is not None:
        found = max(abs(look.low), abs(look.high))
        if found < 10**13 and (look.whole or not whole):
            bound = min(most, int(found.scaleb(places)) + 1)
            return replace(column, shape=_shaped(column.shape, bound))
    condition = f"ABS({column.sql}) < {10**13}" + (f" AND {column.sql} % 1 = 0" if whole else "")
    sql = f"CAST(CASE WHEN {condition} THEN {column.sql} END AS {kind})"
    return Clean(sql, _shaped(column.shape, most), doubtful=True)


def _shaped(shape: Shape, bound: int) -> Shape:
    width = Width.BIG if shape.scale == 0 else width_of(bound)
    return replace(shape, bound=bound, width=width)


def _date(stored: Stored, name: str) -> Clean:
    shape = Shape(name, "date")
    if stored.base == "DATE":
        return Clean(stored.sql, shape)
    if stored.base.startswith("TIMESTAMP"):
        return Clean(f"CAST({stored.sql} AS DATE)", shape)
    if stored.base == "VARCHAR":
        text = trimmed(stored.sql)
        written = f"CASE WHEN REGEXP_FULL_MATCH({text}, '{_DATE}') THEN {text} END"
        return Clean(f"TRY_CAST({written} AS DATE)", shape, doubtful=True)
    return Clean("CAST(NULL AS DATE)", shape, doubtful=True)


def _choice(stored: Stored, name: str, look: Look, *, checked: bool) -> Clean:
    shape = Shape(name, kind_of(stored.field))
    plain = stored.sql if stored.base == "VARCHAR" else f"CAST({stored.sql} AS VARCHAR)"
    several = shape.kind == "choices"
    if checked or (look.names is not None and all(_fits(text, stored.options, several) for text in look.names)):
        return Clean(plain, shape)
    options = ", ".join(_text(option) for option in sorted(stored.options)) or "NULL"
    text = trimmed(stored.sql)
    if not several:
        return Clean(f"CASE WHEN {text} IN ({options}) THEN {text} END", shape, doubtful=True)
    names = f"LIST_DISTINCT(STRING_SPLIT_REGEX({text}, '\\s+'))"
    known = f"LIST_HAS_ALL([{options}], {names})"
    return Clean(f"CASE WHEN {known} THEN ARRAY_TO_STRING({names}, ' ') END", shape, doubtful=True)


def _fits(text: str, options: frozenset[str], several: bool) -> bool:
    """Whether `text` is a clean answer as it stands."""
    if not several:
        return text in options
    names = text.split(" ")
    return set(names) <= options and len(set(names)) == len(names)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
