"""What families say they received: one family's standing to what was promised to it, and counts of a year or lokus.

It is read from the families' own words and from nothing else. A *belum* takes nothing away: needs are opened and closed
by measurements (`actions.needs`), and a promise that no woman of a family calls received is not counted as received.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

from django.db.models import F, Q

from selaras.models import Confirmation, Cycle, InstrumentVersion, Lokus, Need, Said
from selaras.queries.matching import Matching, Promise
from selaras.queries.matrix_rows import promises_of
from selaras.queries.programme import primary_of
from selaras.queries.rules import health_indicators, instrument_of

Standing = Literal["received", "not_yet", "unasked"]


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that a family said of one promise: *sudah* or not, by whom of it (Said), how it came (Via), when."""

    received: bool
    said: str
    via: str
    on: date
    at: datetime


def holding(words: Iterable[Word]) -> Word | None:
    """The word that holds: hers, of the latest day on which she said one, however late it was typed.

    Somebody else's *belum* holds where she has not answered; a husband's or a child's *sudah* never does.
    """
    ordered = sorted(words, key=lambda word: (word.on, word.at))
    hers = [word for word in ordered if word.said == Said.SHE]
    doubts = [word for word in ordered if word.said != Said.SHE and not word.received]
    return next(reversed(hers or doubts), None)


def standing(words: Iterable[Word]) -> Standing:
    """How a family stands to one promise, by all that it said of it."""
    word = holding(words)
    if word is None:
        return "unasked"
    return "received" if word.received else "not_yet"


@dataclass(slots=True)
class Voices:
    """So many families say received, not yet, or have not answered."""

    received: int = 0
    not_yet: int = 0
    unasked: int = 0

    @property
    def families(self) -> int:
        return self.received + self.not_yet + self.unasked

    def add(self, stands: Standing) -> None:
        """One more family."""
        setattr(self, stands, getattr(self, stands) + 1)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What families say of what was promised to them: of each commitment, of each need, of each indicator of a lokus.

    `commitments`: id of a live commitment (planned, running, blocked or done) -> families that it names, or that have
    its indicator's need in its place. `needs`: id of a need that some live commitment serves -> how its family stands:
    received where it calls one of them received. `indicators`: (lokus id, indicator) -> families with such a need.
    `apart` are the commitments of which nobody is asked on paper, because they tell of health.
    """

    commitments: Mapping[int, Voices]
    needs: Mapping[int, Standing]
    indicators: Mapping[tuple[int, str], Voices]
    apart: frozenset[int]


@dataclass(frozen=True, slots=True)
class Promised:
    """One need of a family and the live promises that serve it."""

    need: int
    lokus: int
    indicator: str
    household: int
    promises: tuple[Promise, ...]


def confirmed(cycle: Cycle, lokus: Lokus | None = None) -> Confirmed:
    """Counts over that year, or one lokus of it. Three statements, whatever the number of families."""
    version = primary_of(cycle)
    promises = [promise for promise, _area in promises_of(cycle)]
    served = list(promised(Q(lokus=lokus) if lokus is not None else Q(lokus__cycle=cycle), promises))
    said = said_of({row.household for row in served}, cycle)
    counting = _Counting(said)
    for row in served:
        counting.add(row)
    return counting.told(apart_of(version, promises, served))


def promised(where: Q, promises: Iterable[Promise]) -> Iterator[Promised]:
    """The needs there, open and closed, with who promised to serve them; those that nobody serves are left out.

    A need that the correction of its own measurement took back is none. One statement.
    """
    rows = Need.objects.filter(where, household__erased_at__isnull=True, household__pending__isnull=True)
    rows = rows.exclude(closed_in=F("opened_in")).order_by("household_id", "pk")
    values = ("pk", "lokus_id", "indicator", "household_id", "household__area", "served_by__commitment_id")
    about: dict[int, tuple[int, str, int, str]] = {}
    named: dict[int, list[int]] = defaultdict(list)
    for need, lokus, indicator, household, area, commitment in rows.values_list(*values):
        about[need] = lokus, indicator, household, area
        if commitment is not None:
            named[need].append(commitment)
    matching = Matching(list(promises))
    for need, (lokus, indicator, household, area) in about.items():
        service = matching.service(lokus, indicator, area, named[need])
        if service.live:
            yield Promised(need, lokus, indicator, household, service.live)


def said_of(households: Iterable[int], cycle: Cycle) -> dict[tuple[int, int], list[Word]]:
    """(family, commitment) -> all that was said of it, as it came. One statement."""
    wanted = set(households)
    rows = Confirmation.objects.filter(household__lokus__cycle=cycle)
    if len(wanted) < _FEW:
        rows = rows.filter(household__in=wanted)
    found: dict[tuple[int, int], list[Word]] = defaultdict(list)
    values = ("household_id", "commitment_id", "received", "said", "via", "on", "at")
    for household, commitment, *word in rows.order_by("at", "pk").values_list(*values):
        if household in wanted:
            found[household, commitment].append(Word(*word))
    return dict(found)


#: More families than that are not listed in a statement: the year's words are read instead.
_FEW: Final = 500


def apart_of(
    version: InstrumentVersion | None, promises: Iterable[Promise], served: Iterable[Promised]
) -> frozenset[int]:
    """The commitments that tell of health: theirs is an indicator of health, or they serve such a need; also those of
    an indicator that the instrument does not know any more, which may have been of health."""
    if version is None:
        return frozenset(promise.id for promise in promises)
    health, known = health_indicators(version), instrument_of(version).indicators

    def tells(indicator: str) -> bool:
        return indicator in health or (bool(indicator) and indicator not in known)

    found = {promise.id for promise in promises if tells(promise.indicator)}
    found |= {promise.id for row in served if tells(row.indicator) for promise in row.promises}
    return frozenset(found)


@dataclass(slots=True)
class _Counting:
    """Families counted once, however many of their needs a commitment serves."""

    said: Mapping[tuple[int, int], list[Word]]
    _by_commitment: dict[tuple[int, int], Standing] = field(default_factory=dict)
    _by_indicator: dict[tuple[int, str, int], Standing] = field(default_factory=dict)
    _needs: dict[int, Standing] = field(default_factory=dict)

    def add(self, row: Promised) -> None:
        stands: list[Standing] = []
        for promise in row.promises:
            key = promise.id, row.household
            if key not in self._by_commitment:
                self._by_commitment[key] = standing(self.said.get((row.household, promise.id), ()))
            stands.append(self._by_commitment[key])
        best = self._needs[row.need] = _best(stands)
        same = row.lokus, row.indicator, row.household
        self._by_indicator[same] = _best([best, self._by_indicator.get(same, "unasked")])

    def told(self, apart: frozenset[int]) -> Confirmed:
        commitments: dict[int, Voices] = defaultdict(Voices)
        indicators: dict[tuple[int, str], Voices] = defaultdict(Voices)
        for (commitment, _family), stands in self._by_commitment.items():
            commitments[commitment].add(stands)
        for (lokus, indicator, _family), stands in self._by_indicator.items():
            indicators[lokus, indicator].add(stands)
        return Confirmed(dict(commitments), self._needs, dict(indicators), apart)


def _best(stands: Iterable[Standing]) -> Standing:
    """Of several promises for one need: received where one is; else *belum* where one is told not to have come."""
    order: tuple[Standing, ...] = ("received", "not_yet", "unasked")
    return min(stands, key=order.index)
