"""Which open need is served by whom: gaps, overlaps, capacity, what is late, unfunded and unanswered. No database.

A commitment with families serves the needs that it names; one without, but with an indicator, serves every need of
that indicator in its place ("untuk wilayah"). *Live* is what somebody has promised to do: planned, running, blocked
or done. What is proposed waits for a fund, and leaves the gap open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from selaras.models import CommitmentState, Fund
from selaras.models.places import within

LIVE: Final = frozenset(
    {CommitmentState.PLANNED, CommitmentState.RUNNING, CommitmentState.BLOCKED, CommitmentState.DONE}
)
#: Live and still to be done: what can be late, and what wants a fund.
TO_DO: Final = LIVE - {CommitmentState.DONE}
#: One row a need and commitment that names it: need, lokus, indicator, household, its area, commitment or None.
NeedRow = tuple[int, int, str, int, str, int | None]
#: So many needs that the same commitments name: lokus, indicator, area, ids of commitments parted by commas or None.
LotRow = tuple[int, str, str, str | None, int]


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment as far as matching asks. `families` counts those it names, `named` is whether it ever named any."""

    id: int
    number: int
    agency: int
    state: str
    fund: str
    indicator: str
    lokus: int | None
    area: str
    volume: Decimal | None
    ends: date | None
    families: int
    named: bool

    @property
    def for_place(self) -> bool:
        """Whether it serves all needs of its indicator in its place."""
        return bool(self.indicator) and not self.named

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_unfunded(self) -> bool:
        """Still to be done, and nothing pays for it this year."""
        return self.state in TO_DO and self.fund in {"", Fund.RENJA}

    @property
    def is_over(self) -> bool:
        """Promised to more families than its volume reaches."""
        return self.is_live and self.named and self.volume is not None and self.families > self.volume

    def is_late(self, today: date) -> bool:
        """Still to be done, after its last day."""
        return self.state in TO_DO and self.ends is not None and self.ends < today

    def reaches(self, lokus: int, indicator: str, area: str) -> bool:
        """Whether it is for the place of that need."""
        if not self.for_place or indicator != self.indicator or self.lokus not in {None, lokus}:
            return False
        return not self.area or within(area, self.area)


@dataclass(frozen=True, slots=True)
class Service:
    """What a set of commitments means for the needs that it serves. `agencies` and `funds` are of the live ones."""

    live: tuple[Promise, ...]
    proposed: tuple[Promise, ...]
    agencies: frozenset[int]
    funds: frozenset[str]

    @property
    def is_gap(self) -> bool:
        return not self.live

    @property
    def is_overlap(self) -> bool:
        """Several agencies, or several sources of money, for one need of one family."""
        return len(self.agencies) > 1 or len(self.funds) > 1


@dataclass(frozen=True, slots=True)
class Lot:
    """So many open needs of one indicator in one area (RT) of a lokus that are served alike."""

    lokus: int
    indicator: str
    area: str
    count: int
    service: Service


@dataclass(slots=True)
class Sums:
    """Of open needs: how many, without anybody, with several, and (of those without) already proposed."""

    needs: int = 0
    gap: int = 0
    overlap: int = 0
    proposed: int = 0

    @property
    def served(self) -> int:
        return self.needs - self.gap

    def add(self, lot: Lot) -> None:
        self.needs += lot.count
        if lot.service.is_gap:
            self.gap += lot.count
            self.proposed += lot.count if lot.service.proposed else 0
        elif lot.service.is_overlap:
            self.overlap += lot.count


@dataclass(slots=True)
class Share:
    """What one agency does for some needs: live and proposed counts; marks of the commitments behind the live ones."""

    served: int = 0
    proposed: int = 0
    for_place: bool = False
    late: bool = False
    blocked: bool = False
    unfunded: bool = False

    def add(self, promise: Promise, today: date) -> None:
        """Mark what that commitment is."""
        self.for_place |= promise.for_place
        self.late |= promise.is_late(today)
        self.blocked |= promise.state == CommitmentState.BLOCKED
        self.unfunded |= promise.is_unfunded


class Matching:
    """Open needs laid against commitments. Its cost is one step a row, and one evaluation for each way of serving."""

    def __init__(self, promises: Sequence[Promise]) -> None:
        self._promises = [promise for promise in promises if promise.is_live or promise.state == "proposed"]
        self._bits = {promise.id: 1 << index for index, promise in enumerate(self._promises)}
        self._places: dict[str, list[Promise]] = defaultdict(list)
        for promise in self._promises:
            if promise.for_place:
                self._places[promise.indicator].append(promise)
        self._everywhere: dict[tuple[int, str, str], int] = {}
        self._services: dict[int, Service] = {}

    @property
    def parted(self) -> frozenset[str]:
        """The indicators whose needs are served in one area and not in another."""
        return frozenset(
            indicator for indicator, promises in self._places.items() if any(promise.area for promise in promises)
        )

    def lots(self, rows: Sequence[LotRow]) -> list[Lot]:
        """The needs in lots: those of one place that are served alike."""
        masks = {named: self._mask(map(int, named.split(","))) for named in {row[3] for row in rows} if named}
        counted: dict[tuple[int, str, str], dict[int, int]] = {}
        for lokus, indicator, area, named, count in rows:
            mask, there = masks.get(named or "", 0), counted.setdefault((lokus, indicator, area), {})
            there[mask] = there.get(mask, 0) + count
        return [
            Lot(*key, count, self._service(mask | self._of_place(key)))
            for key, there in counted.items()
            for mask, count in there.items()
        ]

    def _mask(self, commitments: Iterable[int]) -> int:
        mask = 0
        for commitment in commitments:
            mask |= self._bits.get(commitment, 0)
        return mask

    def service(self, lokus: int, indicator: str, area: str, commitments: Iterable[int]) -> Service:
        """What serves one need, which those commitments name."""
        return self._service(self._of_place((lokus, indicator, area)) | self._mask(commitments))

    def _of_place(self, key: tuple[int, str, str]) -> int:
        if key[1] not in self._places:
            return 0
        if key not in self._everywhere:
            found = [self._bits[p.id] for p in self._places[key[1]] if p.reaches(*key)]
            self._everywhere[key] = sum(found)
        return self._everywhere[key]

    def _service(self, mask: int) -> Service:
        found = self._services.get(mask)
        if found is None:
            chosen = [promise for promise in self._promises if mask & self._bits[promise.id]] if mask else []
            live = tuple(promise for promise in chosen if promise.is_live)
            found = self._services[mask] = Service(
                live,
                tuple(promise for promise in chosen if not promise.is_live),
                frozenset(promise.agency for promise in live),
                frozenset(promise.fund for promise in live if promise.fund),
            )
        return found


def shares(lots: Iterable[Lot], today: date) -> dict[int, Share]:
    """What each agency does for these needs. A need that two commitments of one agency serve counts once."""
    counts: dict[int, int] = {}
    services: dict[int, Service] = {}
    # Thousands of lots, but few ways of serving: each of them is one object of its matching.
    for lot in lots:
        key = id(lot.service)
        counts[key] = counts.get(key, 0) + lot.count
        services[key] = lot.service
    found: dict[int, Share] = {}
    for key, service in services.items():
        for agency in service.agencies:
            found.setdefault(agency, Share()).served += counts[key]
        for promise in service.live:
            found[promise.agency].add(promise, today)
        for agency in {promise.agency for promise in service.proposed} - service.agencies:
            found.setdefault(agency, Share()).proposed += counts[key]
    return found


def capacity(promises: Iterable[Promise]) -> dict[int, tuple[Decimal, int]]:
    """Agency -> its volume and the families it is promised to, over live commitments that have both."""
    found: dict[int, tuple[Decimal, int]] = {}
    for promise in promises:
        if promise.is_live and promise.named and promise.volume is not None:
            volume, families = found.get(promise.agency, (Decimal(0), 0))
            found[promise.agency] = (volume + promise.volume, families + promise.families)
    return found
