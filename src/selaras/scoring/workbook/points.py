"""The sheets `bands` and `options`: what a value or a tick is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from selaras.odk.table import Row, Table
from selaras.scoring.instrument import Band, Option, Rule
from selaras.scoring.workbook.report import Report


@dataclass(frozen=True, slots=True)
class BandRow:
    """A band and where it stands. `sound` where its ends can be compared with others."""

    band: Band
    row: Row
    sound: bool


def read_bands(
    table: Table | None, rules: Mapping[str, Rule | None], scale: Decimal, report: Report
) -> dict[str, list[BandRow]]:
    """Bands by indicator, in the order of the rows. `rules` are the rules of all indicators that exist, None where
    the rule itself is wrong."""
    found: dict[str, list[BandRow]] = {}
    for row in table or ():
        indicator = _indicator(row, "bands", rules, report)
        points = _points(row, scale, report)
        labels = report.labels(row, mandatory=False, name=indicator)
        low, high = report.number(row, "from"), report.number(row, "to")
        sound = (low is not None or not row.text("from")) and (high is not None or not row.text("to"))
        if low is not None and high is not None and low >= high:
            report.add("band.backwards", row.where("to"), low=row.text("from"), high=row.text("to"))
            sound = False
        if indicator:
            found.setdefault(indicator, []).append(BandRow(Band(low, high, points, labels), row, sound))
    return found


def read_options(
    table: Table | None, rules: Mapping[str, Rule | None], scale: Decimal, report: Report
) -> dict[str, list[Option]]:
    """Options by indicator, in the order of the rows."""
    found: dict[str, list[Option]] = {}
    taken: dict[str, dict[str, str]] = {}
    for row in table or ():
        indicator = _indicator(row, "options", rules, report)
        name = report.name(row, "option", taken.setdefault(indicator, {}) if indicator else {}, figures=True)
        labels = report.labels(row, mandatory=True, name=name)
        points = _points(row, scale, report)
        if indicator and name:
            found.setdefault(indicator, []).append(Option(name, labels, points))
    return found


def _indicator(row: Row, rule: Rule, rules: Mapping[str, Rule | None], report: Report) -> str:
    name, where = row.text("indicator"), row.where("indicator")
    if not name:
        report.blank(row, "indicator")
    elif name not in rules:
        report.unknown("points.indicator", where, name, rules)
    elif rules[name] not in (rule, None):
        report.add("points.other_rule", where, name=name, rule=rules[name], wanted=rule)
    else:
        return name
    return ""


def _points(row: Row, scale: Decimal, report: Report) -> Decimal:
    if not row.text("points"):
        report.blank(row, "points")
        return Decimal(0)
    points = report.number(row, "points")
    if points is not None and not 0 <= points <= scale:
        report.add(
            "points.outside", row.where("points"), found=row.text("points"), scale=format(scale.normalize(), "f")
        )
    return points if points is not None else Decimal(0)


def covered(rows: list[BandRow], *, share: bool, report: Report) -> tuple[Band, ...]:
    """The bands of one indicator from low to high, checked for gaps, overlaps and open ends.

    A share runs from 0 to 1 with both ends (the last band holds 1 itself), any other value has no ends.
    """
    if not all(row.sound for row in rows):
        return tuple(row.band for row in rows)
    ordered = sorted(rows, key=lambda row: (row.band.low is not None, row.band.low or Decimal(0), row.row.number))
    first, last = ordered[0], ordered[-1]
    if not (first.band.low is None or (share and first.band.low <= 0)):
        report.add("band.start_share" if share else "band.start", first.row.where("from"), found=first.row.text("from"))
    for before, after in pairwise(ordered):
        _joined(before, after, report)
    if not (last.band.high is None or (share and last.band.high >= 1)):
        report.add("band.end_share" if share else "band.end", last.row.where("to"), found=last.row.text("to"))
    return tuple(row.band for row in ordered)


def _joined(before: BandRow, after: BandRow, report: Report) -> None:
    """Two neighbours must meet exactly; the one that stands lower on the sheet is named."""
    later, earlier = (after, before) if after.row.number > before.row.number else (before, after)
    end, start = before.band.high, after.band.low
    if end is not None and start is not None and end < start:
        values = {"end": before.row.text("to"), "start": after.row.text("from")}
        report.add("band.gap", later.row.where("from" if later is after else "to"), **values)
    elif end is None or start is None or end > start:
        where = later.row.where("from" if later is after else "to")
        report.add("band.overlap", where, row=earlier.row.number)
