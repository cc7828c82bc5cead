"""Answers as clean views on a DuckDB connection, whatever engine counts them afterwards.

One cheap look (types, extremes of numbers, distinct names of choices) tells whether the values are as the form
wants them. Where they are, they are read as they stand; only a column with something wrong in it pays for being
cleaned row by row. A column's extremes also let its arithmetic stay in 64 bits.
"""

# ruff: noqa: S608  (DuckDB takes no parameters in a view; every name here is quoted or ours)

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from selaras.errors import InputError, Problem
from selaras.odk.forms import Field, Form
from selaras.scoring.answers import HOUSEHOLD_ID, Answers
from selaras.scoring.engines.columns import FLOATS, Clean, Look, Stored, clean, filled, nothing, number_look, trimmed
from selaras.scoring.instrument import Instrument
from selaras.scoring.sql.fields import used_fields, used_repeats
from selaras.scoring.sql.tables import KEY, UNIT, Names, Table, Tables, kind_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: A choice with more distinct answers than this is cleaned row by row without looking at each.
_MOST_NAMES = 2_000


@dataclass(frozen=True)
class Sources:
    """The views' description for the compiler, and the answers that their list or type does not have."""

    tables: Tables
    problems: list[Problem]


@dataclass
class _Source:
    """One file or Arrow table, by the name that its view will have."""

    connection: "duckdb.DuckDBPyConnection"
    name: str
    origin: str
    label: str
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)  # name -> (SQL, type)


def prepare(connection: "duckdb.DuckDBPyConnection", instrument: Instrument, answers: Answers) -> Sources:
    """Views `households` and one a repeat over `answers`, with the columns that a score needs.

    Raises InputError where the unit's column or the key of households is not there, or a key is there twice.
    """
    names = Names()
    fields = [instrument.form.fields[name] for name in used_fields(instrument)]
    repeats = used_repeats(instrument)
    problems: list[Problem] = []
    households = _opened(connection, "households", answers.households)
    if answers.unit is not None and answers.unit not in households.columns:
        raise InputError(Problem("engine.unit_column", households.label, {"column": answers.unit}))
    if any(name in answers.repeats for name in repeats) or (repeats and HOUSEHOLD_ID in households.columns):
        _hold_keys(households, checked=answers.checked)
    own = [each for each in fields if each.repeat is None]
    viewing = _Viewing(instrument.form, names, answers, problems)
    table = _view(households, own, viewing)
    tables: dict[str, Table] = {}
    for name in repeats:
        view = names.take(name)
        given = answers.repeats.get(name)
        if given is None:
            connection.execute(f"CREATE VIEW {quoted(view)} AS SELECT NULL::VARCHAR AS {KEY} WHERE FALSE")
            tables[name] = Table(view)
            continue
        inside = [each for each in fields if each.repeat == name]
        source = _opened(connection, view, given)
        if HOUSEHOLD_ID not in source.columns:
            raise InputError(Problem("engine.no_key", source.label, {"column": HOUSEHOLD_ID}))
        tables[name] = _view(source, inside, viewing)
    return Sources(Tables(table, tables, unit=answers.unit is not None), problems)


def _opened(connection: "duckdb.DuckDBPyConnection", name: str, given: "pa.Table | Path") -> _Source:
    """The columns of a source, under positions: DuckDB would confuse names that differ in case alone."""
    if isinstance(given, Path):
        import pyarrow.parquet as pq

        try:
            written = pq.read_schema(given).names
        except (OSError, ValueError) as error:
            raise InputError(Problem("file.unreadable", values={"name": given.name})) from error
        origin, label = f"READ_PARQUET({_text(str(given))})", given.name
    else:
        written = given.column_names
        origin, label = quoted(f"{name}#given"), name
        connection.register(f"{name}#given", given.rename_columns([f"c{place}" for place in range(len(written))]))
    aliases = ", ".join(f"c{place}" for place in range(len(written)))
    source = _Source(connection, name, f"{origin} AS given({aliases})", label)
    described = connection.execute(f"DESCRIBE SELECT * FROM {source.origin}").fetchall()
    for column, (alias, kind, *_) in zip(written, described, strict=True):
        source.columns.setdefault(column, (alias, kind))
    return source


def _hold_keys(source: _Source, *, checked: bool) -> None:
    """Raise where households cannot be told apart, which their rows need."""
    if HOUSEHOLD_ID not in source.columns:
        raise InputError(Problem("engine.no_key", source.label, {"column": HOUSEHOLD_ID}))
    if checked:
        return
    key = trimmed(source.columns[HOUSEHOLD_ID][0])
    query = f"SELECT {key}, COUNT(*) FROM {source.origin} GROUP BY 1 HAVING COUNT(*) > 1 OR {key} IS NULL LIMIT 1"
    for household, count in source.connection.execute(query).fetchall():
        values = {"column": HOUSEHOLD_ID, "household": household or "", "count": count}
        raise InputError(Problem("engine.key_twice", source.label, values))


@dataclass(frozen=True)
class _Viewing:
    """What all views of one run share."""

    form: Form
    names: Names
    answers: Answers
    problems: list[Problem]


def _view(source: _Source, fields: list[Field], viewing: _Viewing) -> Table:
    """The view of one source."""
    answers, names = viewing.answers, viewing.names
    stored = [_stored(source, viewing.form, each) for each in fields if each.name in source.columns]
    looks = _looks(source, stored, checked=answers.checked)
    columns = {
        each.field.name: clean(each, names.take(each.field.name), looks[each.field.name], checked=answers.checked)
        for each in stored
    }
    outputs = [f"{_key(source, checked=answers.checked)} AS {KEY}"]
    if source.name == "households" and answers.unit is not None:
        outputs.append(f"{_unit(source, answers)} AS {quoted(UNIT)}")
    outputs += [f"{column.sql} AS {quoted(column.shape.name)}" for column in columns.values()]
    view = f"CREATE VIEW {quoted(source.name)} AS SELECT {', '.join(outputs)} FROM {source.origin}"
    source.connection.execute(view)
    doubtful = [each for each in stored if columns[each.field.name].doubtful]
    viewing.problems.extend(_dropped(source, doubtful, columns))
    return Table(source.name, {name: column.shape for name, column in columns.items()})


def _stored(source: _Source, form: Form, form_field: Field) -> Stored:
    sql, kind = source.columns[form_field.name]
    names = frozenset(choice.name for choice in form.lists.get(form_field.list_name or "", ()))
    return Stored(sql, kind, form_field, names)


def _key(source: _Source, *, checked: bool) -> str:
    if HOUSEHOLD_ID not in source.columns:
        return "CAST(NULL AS VARCHAR)"
    sql, kind = source.columns[HOUSEHOLD_ID]
    return sql if checked and kind == "VARCHAR" else trimmed(sql)


def _unit(source: _Source, answers: Answers) -> str:
    sql, kind = source.columns[answers.unit or ""]
    if kind in FLOATS:
        return f"CASE WHEN NOT {nothing(sql)} THEN {trimmed(sql)} END"
    return sql if answers.checked and kind == "VARCHAR" else trimmed(sql)


# --- looking ------------------------------------------------------------------------------------------------
def _looks(source: _Source, stored: list[Stored], *, checked: bool) -> dict[str, Look]:
    """What one pass tells of each column."""
    looks = {each.field.name: Look() for each in stored}
    wanted = [
        (each, aggregates)
        for each in stored
        if kind_of(each.field) == "number" and (aggregates := number_look(each)) is not None
    ]
    if wanted:
        parts = ", ".join(part for _, aggregates in wanted for part in aggregates)
        [row] = source.connection.execute(f"SELECT {parts} FROM {source.origin}").fetchall()
        for place, (each, _) in enumerate(wanted):
            low, high, whole, finite = row[4 * place : 4 * place + 4]
            looks[each.field.name] = Look(_exact(low), _exact(high), whole is not False, finite is not False)
    if not checked:
        for each in stored:
            if kind_of(each.field) in ("choice", "choices"):
                looks[each.field.name] = _names_look(source, each)
    return looks


def _exact(value: object) -> Decimal:
    return Decimal(str(value)) if value is not None else Decimal(0)


def _names_look(source: _Source, stored: Stored) -> Look:
    query = f"SELECT DISTINCT CAST({stored.sql} AS VARCHAR) FROM {source.origin} WHERE {stored.sql} IS NOT NULL"
    rows = source.connection.execute(f"{query} LIMIT {_MOST_NAMES + 1}").fetchall()
    return Look(names=frozenset(row[0] for row in rows) if len(rows) <= _MOST_NAMES else None)


def _dropped(source: _Source, doubtful: list[Stored], columns: dict[str, Clean]) -> list[Problem]:
    """The answers that the view leaves out: per field how many, and the first row."""
    problems: list[Problem] = []
    for each in doubtful:
        wrong = f"{filled(each)} AND ({columns[each.field.name].sql}) IS NULL"
        numbered = f"SELECT *, ROW_NUMBER() OVER () AS place FROM {source.origin}"
        query = f"SELECT COUNT(*), MIN(place) FROM ({numbered}) AS given WHERE {wrong}"
        [(count, first)] = source.connection.execute(query).fetchall()
        if count:
            values = {"field": each.field.name, "count": count, "row": first}
            problems.append(Problem("engine.answers", source.label, values))
    return problems


def quoted(name: str) -> str:
    """`name` as an identifier of DuckDB or PostgreSQL."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
