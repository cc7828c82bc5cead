"""The examples of the shipped instruments, read as a domain expert writes them."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from selaras.scoring.card import Scorecard, to_json
from selaras.scoring.instrument import Instrument
from selaras.scoring.reading import read_answers, read_facts
from selaras.scoring.score import score
from selaras.scoring.workbook import read_workbook

ROOT = Path(__file__).parents[2] / "instruments"
WORKBOOKS = sorted(ROOT.glob("*/*/workbook.xlsx"))
#: Of each instrument the version that a year begins with today; of an older one only that it is what it was.
NEWEST = sorted({path.parent.parent: path for path in WORKBOOKS}.values())
CASES = sorted(path.parent for path in ROOT.glob("*/*/examples/*/keluarga.csv"))


def case_name(case: Path) -> str:
    """`iks/1.0/batas`."""
    return str(case.relative_to(ROOT)).replace("/examples/", "/")


@cache
def instrument_of(folder: Path) -> Instrument:
    """The instrument of a version's folder."""
    instrument = read_workbook(folder / "workbook.xlsx", xform=False).instrument
    assert instrument is not None, folder
    return instrument


def scored(case: Path, *, engine: str = "duckdb", dsn: str | None = None) -> Scorecard:
    """The card of a case: keluarga.csv, anggota.csv and, where there is one, nilai.csv."""
    instrument = instrument_of(case.parents[1])
    answers, problems = read_answers(instrument, case / "keluarga.csv", {"member": case / "anggota.csv"})
    facts, told = read_facts(case / "nilai.csv") if (case / "nilai.csv").exists() else ((), ())
    return score(instrument, answers, facts, engine=engine, dsn=dsn, problems=(*problems, *told))


def as_plain(card: Scorecard) -> dict[str, object]:
    """A card as its JSON says it, without what changes with every engine and every edit of the workbook."""
    data: dict[str, object] = json.loads(to_json(card), parse_float=Decimal, parse_int=Decimal)
    data.pop("engine")
    instrument = data["instrument"]
    assert isinstance(instrument, dict)
    instrument.pop("sha256")
    return data


def expected_card(case: Path) -> dict[str, object]:
    """What `kartu.json` says."""
    data: dict[str, object] = json.loads(
        (case / "kartu.json").read_text("utf-8"), parse_float=Decimal, parse_int=Decimal
    )
    return data


@dataclass(frozen=True)
class Line:
    """One row of `harapan.csv`: what one family, alone in its unit, is expected to be.

    `false` are the indicators whose answer is no; `missing` those that are not known; `not_applicable` those that
    do not apply to it. All others are known, and yes where they ask yes or no.
    """

    unit: str
    household_class: str
    false: frozenset[str]
    missing: frozenset[str]
    not_applicable: frozenset[str]


def expected_lines(case: Path) -> dict[str, Line]:
    """What `harapan.csv` says, by unit."""
    with (case / "harapan.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [
        Line(row["unit"], row["golongan"], _names(row, "tidak"), _names(row, "kosong"), _names(row, "tidak_berlaku"))
        for row in rows
    ]
    return {line.unit: line for line in lines}


def _names(row: Mapping[str, str], column: str) -> frozenset[str]:
    return frozenset(row[column].split())


def found_lines(card: Scorecard) -> dict[str, Line]:
    """The same of a card: an indicator is missing, or does not apply, where that holds for any that it counts."""
    return {
        unit.unit or "": Line(
            unit.unit or "",
            next((name for name, count in unit.classes.items() if count), ""),
            frozenset(
                one.name for one in unit.indicators.values() if one.n and one.true is not None and one.true < one.n
            ),
            frozenset(one.name for one in unit.indicators.values() if one.missing),
            frozenset(one.name for one in unit.indicators.values() if one.n == 0 and not one.missing),
        )
        for unit in card.units
    }
