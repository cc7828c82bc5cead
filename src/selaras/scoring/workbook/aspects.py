"""The sheet `aspects`: the tree of weights."""

from collections.abc import Iterable, Mapping

from selaras.odk.table import Row, Table
from selaras.scoring.instrument import Aspect
from selaras.scoring.workbook.circles import circles_of, shown
from selaras.scoring.workbook.report import Report


def read_aspects(table: Table | None, report: Report) -> tuple[dict[str, Aspect], dict[str, Row]]:
    """Every usable aspect and the row of each. Unknown parents and circles of parents go to the report."""
    found: dict[str, Aspect] = {}
    rows: dict[str, Row] = {}
    taken: dict[str, str] = {}
    for row in table or ():
        name = report.name(row, "aspect", taken)
        labels = report.labels(row, mandatory=True, name=name)
        weight = report.weight(row)
        if name:
            found[name] = Aspect(name, row.text("parent") or None, labels, weight, row.text("source"))
            rows[name] = row
    for name, aspect in found.items():
        if aspect.parent is not None and aspect.parent not in found:
            report.unknown("aspect.parent", rows[name].where("parent"), aspect.parent, found)
    parents = {name: (one.parent,) for name, one in found.items() if one.parent is not None and one.parent in found}
    for name, circle in circles_of(parents).items():
        report.add("aspect.circle", rows[name].where("parent"), circle=shown(circle))
    return found, rows


def check_filled(aspects: Mapping[str, Aspect], rows: Mapping[str, Row], used: Iterable[str], report: Report) -> None:
    """Report every aspect below which no indicator stands: its weight could never earn a point."""
    filled: set[str] = set()
    for aspect in used:
        above: str | None = aspect
        while above is not None and above in aspects and above not in filled:
            filled.add(above)
            above = aspects[above].parent
    for name in aspects:
        if name not in filled:
            report.add("aspect.empty", rows[name].where("aspect"), name=name)
