"""A year drawn at random with everything planted in it, and a slow, plain reading of what must be found.

The reading walks every need against every commitment, from what was planted and never from the database.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from selaras.models import Ask, Commitment, CommitmentNeed, Household, Lokus, Need
from tests import build
from tests.build_plans import AT, agency
from tests.build_programme import Programme, programme
from tests.sample_workbook import rows as sample_rows
from tests.sample_workbook import sample

INDICATORS = [f"butuh{number}" for number in range(1, 7)]
AGENCIES = ["BAZNAS", "Dinkes", "Dinsos", "Disperkim", "DKCS"]
TODAY = date(2024, 8, 1)
NOON = datetime(2024, 8, 1, 5, tzinfo=UTC)
LIVE = {"planned", "running", "blocked", "done"}
TO_DO = {"planned", "running", "blocked"}


@dataclass
class PlantedNeed:
    id: int
    lokus: str
    indicator: str
    household: int
    area: str


@dataclass
class PlantedCommitment:
    number: int
    agency: str
    state: str
    fund: str
    indicator: str
    lokus: str
    area: str
    volume: int | None
    ends: date | None
    needs: list[int]


@dataclass
class Year:
    """What was planted."""

    of: Programme
    needs: list[PlantedNeed] = field(default_factory=list)
    commitments: list[PlantedCommitment] = field(default_factory=list)
    asks: list[tuple[str, str, str, bool]] = field(default_factory=list)  # lokus, agency, indicator, overdue


def workbook() -> bytes:
    """The sample with six indicators that are needs where they are not met."""
    header = sample_rows("indicators")[0]
    rule = ["sanitasi", "Label", 1, "survey", "linear", None, None, "${jamban} = 'leher_angsa'", "share", 0, 1]
    lines = [[name, *rule[:1], f"Kebutuhan {name}", *rule[2:]] for name in INDICATORS]
    kept = [row for row in sample_rows("indicators")[1:] if row[0] in {"iuran", "sk", "saluran"}]
    return sample(indicators=[header, *lines, *kept], bands=None)


def year(seed: int) -> Year:
    """Two or three loci, up to fifteen families each, some twenty commitments of every kind and state, some asks."""
    draw = random.Random(seed)
    of = programme(workbook())
    loci = [of.lokus, build.lokus(of.cycle, "36.72.05.1001", prefix="SJ")]
    if draw.random() < 0.5:
        loci.append(build.lokus(of.cycle, "36.72.05.1001", prefix="SW", rw="09"))
    found = Year(of)
    for lokus in loci:
        for _ in range(draw.randint(3, 15)):
            rw, rt = ("" if lokus.rw else f"0{draw.randint(1, 2)}"), f"0{draw.randint(1, 2)}"
            household = build.household(lokus, rw, rt)
            _needs(found, draw, household)
    for number in range(1, draw.randint(6, 24)):
        _commitment(found, draw, loci, number)
    for lokus in loci:
        for short in draw.sample(AGENCIES, 2):
            _ask(found, draw, lokus, short)
    return found


def _needs(found: Year, draw: random.Random, household: Household) -> None:
    for indicator in draw.sample(INDICATORS, draw.randint(0, 6)):
        need = Need.objects.create(
            household=household, lokus=household.lokus, indicator=indicator, opened_in=found.of.round, opened_at=AT
        )
        if draw.random() < 0.15:
            Need.objects.filter(pk=need.pk).update(closed_in=found.of.round, closed_at=AT)
        else:
            found.needs.append(PlantedNeed(need.pk, household.lokus.area, indicator, household.pk, household.area))


def _commitment(found: Year, draw: random.Random, loci: list[Lokus], number: int) -> None:
    lokus = draw.choice([*loci, None])
    indicator = draw.choice([*INDICATORS, ""])
    there = [n for n in found.needs if n.indicator == indicator and (lokus is None or n.lokus == lokus.area)]
    needs = draw.sample(there, draw.randint(1, len(there))) if there and draw.random() < 0.6 else []
    area = ""
    if not needs and lokus is not None and draw.random() < 0.4:
        area = lokus.area + ("" if lokus.rw else ".RW01") + draw.choice(["", ".RT02"])
    planted = PlantedCommitment(
        number,
        draw.choice(AGENCIES),
        draw.choice(["proposed", "planned", "planned", "running", "blocked", "done", "cancelled"]),
        draw.choice(["", "dpa", "dpa", "baznas", "renja", "kelurahan"]),
        indicator,
        lokus.area if lokus else "",
        area,
        draw.choice([None, 1, 2, 5, 30]),
        draw.choice([None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=30)]),
        [need.id for need in needs],
    )
    found.commitments.append(planted)
    made = Commitment.objects.create(
        cycle=found.of.cycle,
        number=number,
        agency=agency(planted.agency),
        lokus=lokus,
        title="Uji",
        **{name: getattr(planted, name) for name in ("state", "fund", "indicator", "area", "volume", "ends")},
    )
    CommitmentNeed.objects.bulk_create(CommitmentNeed(commitment=made, need_id=need) for need in planted.needs)


def _ask(found: Year, draw: random.Random, lokus: Lokus, short: str) -> None:
    indicator, due = draw.choice(INDICATORS), draw.choice([None, TODAY - timedelta(days=1), TODAY])
    answer = draw.choice(["", "", "accept", "decline"])
    Ask.objects.create(
        cycle=found.of.cycle, lokus=lokus, agency=agency(short), indicator=indicator, families=1, due=due, answer=answer
    )
    if not answer:
        found.asks.append((lokus.area, short, indicator, due is not None and due < TODAY))


# --- the plain reading ------------------------------------------------------------------------------------------------
def serves(commitment: PlantedCommitment, need: PlantedNeed) -> bool:
    if commitment.needs:
        return need.id in commitment.needs
    if not commitment.indicator or commitment.indicator != need.indicator:
        return False
    if commitment.lokus and commitment.lokus != need.lokus:
        return False
    return not commitment.area or need.area == commitment.area or need.area.startswith(commitment.area + ".")


def expected(found: Year, lokus: str = "") -> dict[str, Any]:
    """Everything that the matrix must say of that lokus, or of all."""
    needs = [need for need in found.needs if not lokus or need.lokus == lokus]
    lines: dict[str, list[int]] = {}
    cells: dict[tuple[str, str], list[int]] = {}
    for need in needs:
        live = [c for c in found.commitments if c.state in LIVE and serves(c, need)]
        proposed = [c for c in found.commitments if c.state == "proposed" and serves(c, need)]
        doubled = len({c.agency for c in live}) > 1 or len({c.fund for c in live if c.fund}) > 1
        line = lines.setdefault(need.indicator, [0, 0, 0, 0, 0])
        for index, yes in enumerate([True, live, not live, doubled, not live and proposed]):
            line[index] += bool(yes)
        for short in AGENCIES:
            cell = cells.setdefault((need.indicator, short), [0, 0])
            mine = any(c.agency == short for c in live)
            cell[0] += mine
            cell[1] += not mine and any(c.agency == short for c in proposed)
    there = [c for c in found.commitments if not lokus or c.lokus in {"", lokus}]
    named = [c for c in there if c.state in LIVE and c.needs and c.volume is not None]
    asks = [ask for ask in found.asks if not lokus or ask[0] == lokus]
    return {
        "lines": {name: tuple(line) for name, line in lines.items()},
        "cells": {key: tuple(cell) for key, cell in cells.items() if any(cell)},
        "totals": tuple(sum(line[i] for line in lines.values()) for i in range(5)),
        "families": len({need.household for need in needs}),
        "late": tuple(c.number for c in there if c.state in TO_DO and c.ends and c.ends < TODAY),
        "unfunded": tuple(c.number for c in there if c.state in TO_DO and c.fund in {"", "renja"}),
        "over": tuple(c.number for c in named if len(c.needs) > (c.volume or 0)),
        "capacity": {
            short: (
                Decimal(sum(c.volume or 0 for c in named if c.agency == short)),
                sum(len(c.needs) for c in named if c.agency == short),
            )
            for short in {c.agency for c in named}
        },
        "unanswered": len(asks),
        "overdue": sum(ask[3] for ask in asks),
    }
