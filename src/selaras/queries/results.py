"""Frozen cards: what was frozen, and what lies between two of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from selaras.access import may_score, one, results_for
from selaras.models import Lokus, Result, User
from selaras.queries.health import Hidden, hidden_from
from selaras.queries.programme import cycle_ref, instrument_ref, lokus_in, lokus_ref
from selaras.queries.refs import CycleRef, InstrumentRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown
from selaras.scoring.card import IndicatorScore
from selaras.scoring.instrument import Instrument
from selaras.scoring.tally import Tally

#: How many a page lists.
LISTED = 100


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One frozen card. `total` is None where there was none, or where it is `hidden` from this person."""

    uuid: UUID
    round: RoundRef
    instrument: InstrumentRef
    total: Decimal | None
    hidden: bool
    frozen_at: datetime
    data_sha256: str
    engine: str


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """All frozen cards of a lokus, newest first."""

    cycle: CycleRef
    lokus: LokusRef
    results: tuple[ResultLine, ...]
    may_freeze: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A score of a frozen card: of an aspect on the scale, of an indicator its value; None where none, or hidden."""

    name: str
    label: str
    value: Decimal | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One frozen card with everything that its number can be checked by."""

    cycle: CycleRef
    lokus: LokusRef
    line: ResultLine
    scale: Decimal
    households: int
    instrument_sha256: str
    aspects: tuple[Part, ...]
    others: tuple[ResultLine, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """One line that differs between two frozen cards. A side is None where it has no value there, or it is hidden."""

    kind: str
    label: str
    before: Decimal | None
    after: Decimal | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Two frozen cards of a lokus, the older first: what of data, instrument, engine and round moved, and how far."""

    cycle: CycleRef
    lokus: LokusRef
    before: ResultLine
    after: ResultLine
    data_moved: bool
    instrument_moved: bool
    engine_moved: bool
    round_moved: bool
    aspects: tuple[Moved, ...]
    indicators: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    indicators: Mapping[str, IndicatorScore]


@dataclass(frozen=True, slots=True)
class _Counts:
    indicators: Mapping[str, Tally]


class _Frozen:
    """A stored card, read back as far as pages need it."""

    def __init__(self, user: User, result: Result) -> None:
        self.instrument: Instrument = instrument_of(result.version)
        units = result.card.get("units", [])
        self.data: dict[str, Any] = units[0] if units else {}
        rows = {
            name: row for name, row in self.data.get("indicators", {}).items() if name in self.instrument.indicators
        }
        self.unit = _Unit({name: _score(self.instrument, name, row) for name, row in rows.items()})
        counted = {name: row for name, row in rows.items() if row["n"] is not None}
        self.tally = _Counts(
            {
                name: Tally(row["n"], row["true"] or 0, row["missing"] or 0, row["not_applicable"] or 0)
                for name, row in counted.items()
            }
        )
        self.hidden: Hidden = hidden_from(user, result.lokus, result.version, (self,))

    def total(self) -> Decimal | None:
        return None if self.hidden.total else _number(self.data.get("total"))

    def aspect(self, name: str) -> Part:
        hidden = name in self.hidden.aspects
        row = self.data.get("aspects", {}).get(name, {})
        label = shown(self.instrument.aspects[name].labels, self.instrument) or name
        return Part(name, label, None if hidden else _number(row.get("score")), hidden)

    def indicator(self, name: str) -> Part:
        hidden = name in self.hidden.indicators
        row = self.data.get("indicators", {}).get(name, {})
        label = shown(self.instrument.indicators[name].labels, self.instrument) or name
        return Part(name, label, None if hidden else _number(row.get("value")), hidden)


def _score(instrument: Instrument, name: str, row: Mapping[str, Any]) -> IndicatorScore:
    points = row.get("points")
    return IndicatorScore(
        name=name,
        weight=instrument.indicators[name].weight,
        points=None if points is None else Fraction(str(points)),
    )


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def results_page(user: User, cycle_slug: str, code: str) -> ResultsPage:
    """The frozen cards of one lokus. Raises Missing where cycle or lokus is not there or not hers."""
    lokus = lokus_in(user, cycle_slug, code)
    return ResultsPage(cycle_ref(lokus.cycle), lokus_ref(lokus), tuple(_lines(user, lokus)), may_score(user, lokus))


def result_page(user: User, cycle_slug: str, code: str, result_id: UUID) -> ResultPage:
    """One frozen card. Raises Missing for another lokus's."""
    lokus = lokus_in(user, cycle_slug, code)
    result = _result(user, lokus, result_id)
    card = _Frozen(user, result)
    return ResultPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        line=_line(result, card),
        scale=card.instrument.scale,
        households=card.data.get("households", 0),
        instrument_sha256=result.instrument_sha256,
        aspects=tuple(card.aspect(name) for name, aspect in card.instrument.aspects.items() if aspect.parent is None),
        others=tuple(line for line in _lines(user, lokus) if line.uuid != result.uuid),
    )


def compare_page(user: User, cycle_slug: str, code: str, first: UUID, second: UUID) -> ComparePage:
    """Two frozen cards of one lokus, whichever was asked for first. Raises Missing."""
    lokus = lokus_in(user, cycle_slug, code)
    pair = sorted((_result(user, lokus, one_id) for one_id in (first, second)), key=lambda row: row.created_at)
    before, after = pair
    old, new = _Frozen(user, before), _Frozen(user, after)
    return ComparePage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        before=_line(before, old),
        after=_line(after, new),
        data_moved=before.data_hash != after.data_hash,
        instrument_moved=before.instrument_sha256 != after.instrument_sha256,
        engine_moved=before.engine != after.engine,
        round_moved=before.round_id != after.round_id,
        aspects=tuple(_moved("aspect", old, new)),
        indicators=tuple(_moved("indicator", old, new)),
    )


def _moved(kind: str, old: _Frozen, new: _Frozen) -> Iterator[Moved]:
    """The lines of that kind that differ; what is hidden in one of the cards is hidden in both."""
    names = {**getattr(old.instrument, f"{kind}s"), **getattr(new.instrument, f"{kind}s")}
    for name in names:
        parts = [
            getattr(card, kind)(name) if name in getattr(card.instrument, f"{kind}s") else None for card in (old, new)
        ]
        there = [part for part in parts if part is not None]
        if any(part.hidden for part in there):
            yield Moved(kind, there[-1].label, None, None, hidden=True)
            continue
        before, after = (None if part is None else part.value for part in parts)
        if before != after:
            yield Moved(kind, there[-1].label, before, after, hidden=False)


def _result(user: User, lokus: Lokus, result_id: UUID) -> Result:
    rows = results_for(user).select_related("round", "version__workbook", "lokus__cycle__place", "lokus__place")
    return one(rows, uuid=result_id, lokus=lokus)


def _lines(user: User, lokus: Lokus) -> Iterator[ResultLine]:
    rows = results_for(user).select_related("round", "version__workbook", "lokus").filter(lokus=lokus)
    for result in rows.defer("trace").order_by("-created_at", "-pk")[:LISTED]:
        yield _line(result, _Frozen(user, result))


def _line(result: Result, card: _Frozen) -> ResultLine:
    return ResultLine(
        uuid=result.uuid,
        round=round_ref(result.round),
        instrument=instrument_ref(result.version),
        total=card.total(),
        hidden=card.hidden.total,
        frozen_at=result.created_at,
        data_sha256=result.data_hash,
        engine=result.engine,
    )
