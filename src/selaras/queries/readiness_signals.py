"""Yang perlu dilihat: claims that nothing proves, that families deny or a second look found too high, and families
that are worse off. Signals that explain themselves, never verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from selaras.access import commitments_for, households_for, may_see_health, may_see_names, shown_count
from selaras.models import Commitment, User
from selaras.queries.cards import exact
from selaras.queries.layered import Layered, layered
from selaras.queries.programme import cycle_ref, instrument_ref, lokus_ref
from selaras.queries.readiness import Reading, readiness_of, versions_of
from selaras.queries.refs import CycleRef, InstrumentRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import health_indicators
from selaras.queries.signals import KINDS, Kind, Signal, signals_of
from selaras.queries.spoken import shown

#: Codes that one signal lists; nobody reads on.
LISTED: Final = 60


@dataclass(frozen=True, slots=True)
class SignalLine:
    """One signal as a person may read it: `count` families (None where they are too few to be told), their `codes`
    where she works with them by name, `points` of the scale that hang on the item, 0 for a promise."""

    kind: Kind
    name: str
    label: str
    points: Decimal
    count: int | None
    codes: tuple[str, ...]
    commitment: int | None
    agency: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class SignalsPage:
    """All signals of a lokus, the gravest kind first and in it what most points hang on."""

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef
    instrument: InstrumentRef
    instruments: tuple[InstrumentRef, ...]
    signals: tuple[SignalLine, ...]
    names: bool


def signals_page(user: User, cycle_slug: str, code: str, instrument: str = "") -> SignalsPage:
    """The whole page. Raises as `queries.readiness.readiness_page`."""
    lokus, version = readiness_of(user, cycle_slug, code, instrument)
    found = layered(lokus, version)
    return SignalsPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        round=round_ref(found.shown.round),
        instrument=instrument_ref(version),
        instruments=versions_of(lokus),
        signals=tuple(_Telling(user, found).lines(signals_of(found))),
        names=may_see_names(user, lokus),
    )


class _Telling:
    """Signals as one person may read them."""

    def __init__(self, user: User, found: Layered) -> None:
        self.user, self.found = user, found
        self.hidden = Reading(user, found).hidden.indicators
        self.health = health_indicators(found.version)
        self.names = may_see_names(user, found.lokus)

    def lines(self, signals: list[Signal]) -> Iterator[SignalLine]:
        """What she may read of them, by kind and points. A promise that she may not read is not told of."""
        promised = {signal.commitment for signal in signals if signal.commitment is not None}
        promises = {row.pk: row for row in commitments_for(self.user).filter(pk__in=promised)}
        codes = self._codes(signals)
        told = [one for one in signals if one.commitment is None or one.commitment in promises]
        lines = [self._line(signal, promises, codes) for signal in told]
        yield from sorted(lines, key=lambda line: (KINDS.index(line.kind), -line.points))

    def _codes(self, signals: list[Signal]) -> dict[int, str]:
        """The codes of families that she sees by name."""
        wanted = frozenset().union(*(signal.families for signal in signals))
        if not self.names or not wanted:
            return {}
        return dict(households_for(self.user).filter(pk__in=wanted).values_list("pk", "code"))

    def _line(self, signal: Signal, promises: dict[int, Commitment], codes: dict[int, str]) -> SignalLine:
        item = self.found.items.get(signal.indicator)
        instrument = self.found.shown.card.instrument
        promise = promises.get(signal.commitment or 0)
        apart = self._apart(signal.indicator) or signal.commitment in self.found.confirmed.apart
        named = () if apart else sorted(codes[one] for one in signal.families if one in codes)
        few = shown_count(signal.count, max(self._of(signal), signal.count)) is None
        agency = promise.agency.short_name if promise else item.indicator.agency if item else ""
        return SignalLine(
            kind=signal.kind,
            name=signal.indicator if item is not None else "",
            label=shown(item.indicator.labels, instrument) or signal.indicator if item is not None else "",
            points=(exact(item.worth) or Decimal(0)) if item is not None and promise is None else Decimal(0),
            count=None if apart and (few or signal.indicator in self.hidden) else signal.count,
            codes=tuple(named[:LISTED]),
            commitment=promise.number if promise else None,
            agency=agency,
            title=promise.title if promise else "",
            reason=signal.reason,
        )

    def _of(self, signal: Signal) -> int:
        """How many families it is a count of: those asked of the promise, or measured for the item."""
        voices = self.found.confirmed.commitments.get(signal.commitment or 0)
        if voices is not None:
            return voices.families
        item = self.found.items.get(signal.indicator)
        return 0 if item is None or item.tally is None else item.tally.n + item.tally.missing

    def _apart(self, name: str) -> bool:
        """Whether it tells of families' health to somebody whom it is not for."""
        if name not in self.health:
            return False
        return not may_see_health(self.user, self.found.lokus, self.found.items[name].indicator.agency)
