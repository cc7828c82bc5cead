"""Commitments as sheets: taken along with an entry in the audit, and brought in from a DPA or an older matrix."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction

from selaras.access import demand, may_plan, the_cycle
from selaras.actions import audit, plans
from selaras.actions.importing.tables import Table, as_table, read_sources
from selaras.actions.planning_columns import Planned, Reader, guessed, is_known, is_sum, key_of
from selaras.errors import InputError, Problem
from selaras.models import Agency, Commitment, CommitmentState, Cycle, User
from selaras.odk.archive import column_letters
from selaras.odk.money import unit_of
from selaras.queries.matrix import matrix_page
from selaras.queries.plans import Asked, commitments_page
from selaras.reports.matrix import commitments_xlsx, matrix_xlsx

#: Commitments of a year in one workbook, and rows of one sheet that is brought in.
MOST = 20_000
ROWS = 2_000
CELL = 500


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """A sheet as it was given: titles, and filled rows with their 1-based numbers. It says nothing of families."""

    filename: str
    label: str
    titles: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column and what it was taken for, '' for nothing."""

    index: int
    title: str
    field: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What bringing the sheet in would do. `lines` are the rows without errors, each `new`, `changed` or `same`."""

    sheet: PlanSheet
    columns: tuple[Column, ...]
    lines: tuple[tuple[Planned, str], ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> int:
        return sum(problem.level == "error" for problem in self.problems)

    def count(self, kind: str) -> int:
        """How many lines are of that kind."""
        return sum(each == kind for _, each in self.lines)


def export_matrix(*, by: User, cycle_slug: str, code: str = "") -> bytes:
    """The matrix (of a lokus, or of all) and its commitments as XLSX, as `by` may see them. Raises Missing."""
    page = matrix_page(by, cycle_slug, code=code)
    lokus = page.lokus.code if page.lokus and code else ""
    lines = commitments_page(by, cycle_slug, Asked(lokus=lokus), size=MOST).lines
    content = matrix_xlsx(page, lines)
    _record(by, "plans.export_matrix", cycle_slug, lokus, len(lines))
    return content


def export_commitments(*, by: User, cycle_slug: str, asked: Asked) -> bytes:
    """The commitments that fit as XLSX, as `by` may read them. Raises Missing."""
    page = commitments_page(by, cycle_slug, asked, size=MOST)
    content = commitments_xlsx(page.cycle.synthetic, page.lines)
    _record(by, "plans.export", cycle_slug, asked.lokus, len(page.lines))
    return content


def _record(by: User, action: str, cycle_slug: str, lokus: str, count: int) -> None:
    place = lokus or the_cycle(by, cycle_slug).place.code
    with transaction.atomic():
        audit.record(
            by=by, action=action, object_type="cycle", object_id=cycle_slug, place_code=place, commitments=count
        )


# --- bringing in ------------------------------------------------------------------------------------------------------
def read_plan(*, by: User, cycle_slug: str, content: bytes, filename: str) -> PlanSheet:
    """The sheet of the file that looks most like a list of activities. Raises Missing, Forbidden, InputError."""
    demand(may_plan, by, the_cycle(by, cycle_slug))
    tables = [as_table(source, is_known) for source in read_sources(content, filename)]
    best = max(tables, key=lambda table: table.certain)
    if "title" not in guessed(best.header):
        raise InputError(Problem("plan.sheet_header", values={"name": filename}))
    rows = [(number, tuple(cell[:CELL] for cell in cells)) for number, cells in best.rows() if not is_sum(cells)]
    if not rows:
        raise InputError(Problem("plan.sheet_empty", values={"name": filename}))
    if len(rows) > ROWS:
        raise InputError(Problem("plan.sheet_rows", values={"found": len(rows), "limit": ROWS}))
    return PlanSheet(filename[-200:], best.label, _titles(best), tuple(rows))


def _titles(table: Table) -> tuple[str, ...]:
    return tuple(title[:CELL] for title in table.header)


def preview_plan(*, by: User, cycle_slug: str, sheet: PlanSheet, fields: Sequence[str] | None = None) -> Preview:
    """What the sheet would do; `fields` says of each column what it is, where it is not to be guessed. Reads only.

    Raises Missing, Forbidden.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_plan, by, cycle)
    chosen = list(fields)[: len(sheet.titles)] if fields is not None else guessed(sheet.titles)
    chosen += [""] * (len(sheet.titles) - len(chosen))
    columns = tuple(Column(index, title, chosen[index]) for index, title in enumerate(sheet.titles))
    problems: list[Problem] = []
    there = _there(cycle)
    lines, seen = [], dict[Any, int]()
    for planned in _planned(cycle, sheet, columns, problems):
        earlier = seen.setdefault(planned.key, planned.row)
        if earlier != planned.row:
            where, values = _address(sheet, planned.row, columns, "title"), {"earlier": f"baris {earlier}"}
            problems.append(Problem("plan.sheet_double", where, values))
            continue
        lines.append((planned, _kind(planned, there.get(planned.key))))
    return Preview(sheet, columns, tuple(lines), tuple(problems))


def bring_plan(*, by: User, cycle_slug: str, sheet: PlanSheet, fields: Sequence[str]) -> Preview:
    """Commit what is new and change what differs, each in its own transaction; twice changes nothing more.

    Raises Missing, Forbidden, or InputError where a row has an error: then nothing is brought in.
    """
    preview = preview_plan(by=by, cycle_slug=cycle_slug, sheet=sheet, fields=fields)
    if preview.errors:
        raise InputError(Problem("plan.sheet_errors", values={"count": preview.errors}))
    if not preview.lines:
        raise InputError(Problem("plan.sheet_empty", values={"name": sheet.filename}))
    cycle = the_cycle(by, cycle_slug)
    there = _there(cycle)
    for planned, kind in preview.lines:
        if kind == "new":
            _commit(by, cycle, planned)
        elif kind == "changed":
            _change(by, cycle, planned, there[planned.key])
    with transaction.atomic():
        counts = {kind: preview.count(kind) for kind in ("new", "changed", "same")}
        audit.record(
            by=by,
            action="plans.bring",
            object_type="cycle",
            object_id=cycle.slug,
            place_code=cycle.place.code,
            **counts,
        )
    return preview


def _planned(cycle: Cycle, sheet: PlanSheet, columns: Sequence[Column], problems: list[Problem]) -> Iterator[Planned]:
    """The rows that can be used. A blank agency is that of the row above: sheets merge it, or head a block with it."""
    reader = Reader(cycle)
    unit = unit_of({column.field: column.title for column in columns}.get("budget", ""))
    agency: Agency | None = None
    for number, cells in sheet.rows:
        said = {c.field: cells[c.index].strip() for c in columns if c.field and c.index < len(cells)}
        filled = [cell for cell in cells if cell.strip()]
        if not said.get("title"):
            alone = reader.agency(filled[0]) if len(filled) == 1 else None
            agency = alone or reader.agency(said.get("agency", "")) or agency
            continue
        if len(filled) == 1 and (heading := reader.agency(filled[0])):
            agency = heading
            continue
        agency = reader.agency(said["agency"]) if said.get("agency") else agency
        planned, found = reader.row(number, said, agency, partial(_address, sheet, number, columns), unit)
        problems += found
        if planned is not None:
            yield planned


def _address(sheet: PlanSheet, row: int, columns: Sequence[Column], field: str) -> str:
    index = next((column.index for column in columns if column.field == field), 0)
    return f"{sheet.label}!{column_letters(index)}{row}"


def _there(cycle: Cycle) -> dict[Any, Commitment]:
    rows = Commitment.objects.filter(cycle=cycle).exclude(state=CommitmentState.CANCELLED).select_related("lokus")
    return {key_of(row.agency_id, row.activity_code, row.title, row.lokus_id): row for row in rows.order_by("-number")}


def _kind(planned: Planned, there: Commitment | None) -> str:
    if there is None:
        return "new"
    differs = any(getattr(there, name) != value for name, value in _new_values(planned).items())
    return "changed" if differs or (planned.indicator and planned.indicator != there.indicator) else "same"


def _new_values(planned: Planned) -> Mapping[str, Any]:
    """What a sheet changes of a commitment that is there: not by what it was known again."""
    return {name: value for name, value in planned.values.items() if name not in {"title", "activity_code"}}


def _commit(by: User, cycle: Cycle, planned: Planned) -> None:
    plans.commit(
        by=by,
        cycle_slug=cycle.slug,
        agency_id=planned.agency.pk,
        lokus_code=planned.lokus.area if planned.lokus else "",
        indicator=planned.indicator,
        values=planned.values,
    )


def _change(by: User, cycle: Cycle, planned: Planned, there: Commitment) -> None:
    plans.change(
        by=by,
        cycle_slug=cycle.slug,
        number=there.number,
        version=there.version,
        values=_new_values(planned),
        # Families that it names are of its indicator: that is not changed under them.
        indicator=None if there.served.exists() else planned.indicator or None,
    )
