"""From DATA files to Answers and facts, with everything wrong in them by file and cell.

What is not an answer of its field is blank and a problem; scoring goes on without it. What makes a file unusable as
a whole raises InputError.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from selaras.errors import InputError, Problem
from selaras.odk.forms import Field, Form
from selaras.scoring.answers import HOUSEHOLD_ID, Answers
from selaras.scoring.arrow import column_of
from selaras.scoring.cells import Typed, number_of, reader_of
from selaras.scoring.datafiles import Grid, is_parquet, read_grid
from selaras.scoring.expressions.near import nearest
from selaras.scoring.facts import Fact
from selaras.scoring.instrument import Instrument

if TYPE_CHECKING:
    import pyarrow as pa

UNIT = "unit"
#: A file with a wrong column has a problem in every row; past this many the rest is a number.
MOST_PROBLEMS = 10_000
_FACT_COLUMNS = ("unit", "indicator", "value", "option")
_YES_NO = {"ya": "1", "tidak": "0", "true": "1", "false": "0"}


def read_answers(
    instrument: Instrument, households: Path, repeats: Mapping[str, Path] | None = None, *, by: str | None = None
) -> tuple[Answers, tuple[Problem, ...]]:
    """The answers in these files, and what is wrong in them.

    `repeats` maps a repeat's name to its file. `by` is the column to score by; where it is None, `unit` if the
    file has it. Parquet is passed on as it is, not read here. Raises InputError where a file cannot be used: it
    cannot be read, has no such column `by`, or repeats cannot be joined for want of `household_id`.
    """
    repeats = repeats or {}
    for name in repeats:
        if name not in instrument.form.repeats:
            meant = nearest(name, (*instrument.form.repeats, "facts"))
            code = "data.repeat_near" if meant else "data.repeat"
            raise InputError(Problem(code, values={"name": name, "meant": meant}))
    found: list[Problem] = []
    if is_parquet(households):
        header = _schema(households, bool(repeats))
        unit = _unit_column(households.name, header, by)
        found += _ignored_of_parquet(instrument.form, households, header, None, {HOUSEHOLD_ID, unit or HOUSEHOLD_ID})
        main: pa.Table | Path = households
        ids: frozenset[str] | None = None
    else:
        grid = read_grid(households)
        if repeats and HOUSEHOLD_ID not in grid.header:
            raise InputError(Problem("data.no_household_id", values={"name": grid.name}))
        unit = _unit_column(grid.name, grid.header, by)
        main, ids = _households(instrument.form, grid, unit, found)
        unit = unit and _unit_name(unit, instrument.form)
    tables = {name: _repeat(instrument.form, name, path, ids, found) for name, path in repeats.items()}
    checked = not any(isinstance(table, Path) for table in (main, *tables.values()))
    return Answers(main, tables, unit, checked), tuple(found)


def read_facts(path: Path) -> tuple[tuple[Fact, ...], tuple[Problem, ...]]:
    """The facts of a file with the columns `unit, indicator, value` or `option`, and what is wrong in it.

    Without a column `unit` they belong to the one unit of data without units. Raises InputError where the file
    cannot be read or lacks a column.
    """
    grid = read_grid(path)
    at = {name: grid.header.index(name) for name in _FACT_COLUMNS if name in grid.header}
    if "indicator" not in at or not {"value", "option"} & set(at):
        raise InputError(Problem("facts.columns", f"{grid.name}!A1"))
    problems = [*grid.problems, *_ignored(grid, [name for name in grid.header if name not in _FACT_COLUMNS])]
    facts: list[Fact] = []
    for index, row in enumerate(grid.rows):
        cells = {name: row[column] for name, column in at.items()}
        text = cells.get("value", "")
        value, code = number_of(_YES_NO.get(text.lower(), text)) if text else (None, "")
        if code:
            problems.append(Problem(code, grid.where(index, at["value"]), {"field": "value"}))
        filled = bool(text or cells.get("option"))
        if "unit" in at and not cells["unit"] and filled:
            problems.append(Problem("facts.no_unit", grid.where(index, at["unit"])))
        where = grid.where(index, at["indicator"])
        if not cells["indicator"]:
            problems += [Problem("facts.no_indicator", where)] if filled else []
            continue
        facts.append(Fact(cells.get("unit") or None, cells["indicator"], value, cells.get("option") or None, where))
    return tuple(facts), tuple(problems)


# --- tables -----------------------------------------------------------------------------------------------------
@dataclass
class _Column:
    about: Field
    place: int
    read: Callable[[str], Typed]
    values: list[object] = field(default_factory=list)


def _households(form: Form, grid: Grid, unit: str | None, problems: list[Problem]) -> "tuple[pa.Table, frozenset[str]]":
    """The table of households, a row whose id came before left out, and the ids."""
    columns = _columns(form, grid, None, {HOUSEHOLD_ID, unit or HOUSEHOLD_ID}, problems)
    keep, ids = _ids(grid, problems)
    _fill(grid, keep, columns, problems)
    extra: dict[str, Sequence[str | None]] = {HOUSEHOLD_ID: ids}
    if unit is not None:
        place = grid.header.index(unit)
        extra[_unit_name(unit, form)] = [grid.rows[index][place] or None for index in keep]
    return _table(extra, columns), frozenset(ids)


def _repeat(
    form: Form, name: str, path: Path, ids: frozenset[str] | None, problems: list[Problem]
) -> "pa.Table | Path":
    """The table of a repeat; rows of households that are not there are told and left out."""
    if is_parquet(path):
        problems += _ignored_of_parquet(form, path, _schema(path, True), name, {HOUSEHOLD_ID})
        return path
    grid = read_grid(path)
    if HOUSEHOLD_ID not in grid.header:
        raise InputError(Problem("data.no_household_id", values={"name": grid.name}))
    columns = _columns(form, grid, name, {HOUSEHOLD_ID}, problems)
    place = grid.header.index(HOUSEHOLD_ID)
    keep: list[int] = []
    for index, row in enumerate(grid.rows):
        if row[place] and (ids is None or row[place] in ids):
            keep.append(index)
        else:
            code = "data.household_unknown" if row[place] else "data.household_blank"
            _add(problems, Problem(code, grid.where(index, place)))
    _fill(grid, keep, columns, problems)
    return _table({HOUSEHOLD_ID: [grid.rows[index][place] for index in keep]}, columns)


def _columns(form: Form, grid: Grid, repeat: str | None, known: set[str], problems: list[Problem]) -> list[_Column]:
    """The columns that are fields of the form at this place; the others in one warning."""
    problems += grid.problems
    columns: list[_Column] = []
    ignored: list[str] = []
    for place, name in enumerate(grid.header):
        one = form.fields.get(name)
        if name and name in grid.header[:place]:
            problems.append(Problem("data.column_twice", _header(grid, place), {"name": name}))
        elif one is not None and one.repeat == repeat and one.kind != "other":
            options = tuple(choice.name for choice in form.lists.get(one.list_name or "", ()))
            columns.append(_Column(one, place, reader_of(one, options)))
        elif name and name not in known and (one is None or one.repeat != repeat):
            ignored.append(name)
    problems += _ignored(grid, ignored)
    return columns


def _header(grid: Grid, place: int) -> str:
    first = Grid(grid.name, grid.header, (), (1,))
    return first.where(0, place)


def _ignored(grid: Grid, names: list[str]) -> list[Problem]:
    if not names:
        return []
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return [Problem("data.ignored", _header(grid, grid.header.index(names[0])), {"names": shown}, "warning")]


def _ignored_of_parquet(
    form: Form, path: Path, header: tuple[str, ...], repeat: str | None, known: set[str]
) -> list[Problem]:
    """The warning of `_columns`, for a file that only the engine reads."""
    here = {name for name, one in form.fields.items() if one.repeat == repeat} | known
    return _ignored(Grid(path.name, header, (), ()), [name for name in header if name and name not in here])


def _ids(grid: Grid, problems: list[Problem]) -> tuple[list[int], list[str]]:
    """The rows to keep and their ids; a file without ids is numbered by its rows."""
    if HOUSEHOLD_ID not in grid.header:
        return list(range(len(grid.rows))), [str(number) for number in grid.numbers]
    place = grid.header.index(HOUSEHOLD_ID)
    seen: dict[str, int] = {}
    for index, row in enumerate(grid.rows):
        # A household without an id still counts; two signs that no id has keep it apart from all others.
        name = row[place] or f"#{grid.numbers[index]}#"
        if not row[place]:
            _add(problems, Problem("data.household_blank_kept", grid.where(index, place)))
        if name in seen:
            values = {"row": grid.numbers[seen[name]]}
            _add(problems, Problem("data.household_twice", grid.where(index, place), values))
            continue
        seen[name] = index
    return list(seen.values()), list(seen)


def _fill(grid: Grid, keep: list[int], columns: list[_Column], problems: list[Problem]) -> None:
    for index in keep:
        row = grid.rows[index]
        for column in columns:
            text = row[column.place]
            value, code, words = column.read(text) if text else (None, "", {})
            column.values.append(value)
            if code:
                values = {"field": column.about.name, **words}
                _add(problems, Problem(code, grid.where(index, column.place), values))


def _add(problems: list[Problem], problem: Problem) -> None:
    if len(problems) < MOST_PROBLEMS:
        problems.append(problem)
    elif problems[-1].code != "data.more":
        problems.append(Problem("data.more", values={"most": MOST_PROBLEMS}))


def _table(extra: Mapping[str, Sequence[str | None]], columns: list[_Column]) -> "pa.Table":
    """The Arrow table with the canonical types of `answers.py`."""
    import pyarrow as pa

    arrays = {name: column_of(values, "text") for name, values in extra.items()}
    for column in columns:
        arrays[column.about.name] = column_of(column.values, column.about.kind)
    return pa.table(arrays)


# --- units ------------------------------------------------------------------------------------------------------
def _unit_column(name: str, header: tuple[str, ...], by: str | None) -> str | None:
    if by is None:
        return UNIT if UNIT in header else None
    if by in header:
        return by
    meant = nearest(by, header)
    code = "data.by_near" if meant else "data.by"
    raise InputError(Problem(code, values={"by": by, "name": name, "meant": meant}))


def _unit_name(unit: str, form: Form) -> str:
    """The table's column for the unit as text; apart where the form asks for it with a type of its own."""
    return f"unit:{unit}" if unit in form.fields else unit


def _schema(path: Path, keyed: bool) -> tuple[str, ...]:
    """The columns of a Parquet file, `household_id` among them where it is `keyed`."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        names = tuple(parquet.read_schema(path).names)
    except (OSError, pa.ArrowException) as error:
        raise InputError(Problem("data.unreadable", values={"name": path.name})) from error
    if keyed and HOUSEHOLD_ID not in names:
        raise InputError(Problem("data.no_household_id", values={"name": path.name}))
    return names
