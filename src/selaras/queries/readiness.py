"""Kesiapan: every item of a lokus in layers, why each point is missing, whose it is to bring, and by when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from selaras.access import Actor, agency_names, commitments_for, demand, may_see_readiness, one
from selaras.models import (
    Agency,
    CycleInstrument,
    EvidenceState,
    InstrumentVersion,
    Lokus,
    Stage,
    User,
)
from selaras.models.cycles import stage_on
from selaras.queries.cards import exact
from selaras.queries.health import Hidden, hidden_from
from selaras.queries.layered import Item, Layered, layered
from selaras.queries.matching import TO_DO, Promise
from selaras.queries.needs import falling_indicators
from selaras.queries.programme import cycle_ref, instrument_ref, lokus_in, lokus_ref, today_in
from selaras.queries.refs import CycleRef, InstrumentRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import health_indicators
from selaras.queries.signals import signals_of
from selaras.queries.silences import Reasons, Silent, silent_layers
from selaras.queries.spoken import shown
from selaras.scoring.instrument import HOUSEHOLD, Instrument, Origin
from selaras.scoring.layers import Cause, Layers, Said, Sums, sums_of

#: Whose a missing point is: agencies', or a desk's: data taking, back-check, the desk of evidence.
Desk = Literal["agency", "field", "recheck", "evidence"]
#: What a stage is called in which jurors come: the word of every calendar that was seen.
_JUDGING = "penilaian"


@dataclass(frozen=True, slots=True)
class Due:
    """The last day; `before` the stage that begins then, or by the end of the stage or round (`what`, else '')."""

    day: date
    what: str
    late: bool
    before: bool = False


@dataclass(frozen=True, slots=True)
class Loss:
    """`points` of the scale that are missing for one reason, whose they are, and by when.

    `agencies` are short names, `commitments` numbers of the year (14 is K-014), `count` what the reason counts
    (families, or evidence that waits), `reason` what somebody wrote down.
    """

    cause: Cause
    points: Decimal
    desk: Desk
    agencies: tuple[str, ...] = ()
    commitments: tuple[int, ...] = ()
    count: int | None = None
    reason: str = ""
    due: Due | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """One item's or aspect's layers in points of the scale; None where a layer is not known, or not told."""

    claim: Decimal | None = None
    evidenced: Decimal | None = None
    received: Decimal | None = None
    verified: Decimal | None = None
    jury: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item. `value` or `option` (its label) is what is claimed; `live` of `cited` evidence was not refused,
    `verified` of it was vouched for. `hidden`: it would tell of a few families' health."""

    name: str
    label: str
    origin: Origin
    worth: Decimal
    points: Points
    value: Decimal | None
    option: str
    unit: str
    cited: int
    live: int
    verified: int
    losses: tuple[Loss, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class AspectBlock:
    """The items of one aspect, `path` its label behind those around it. `points.received` is what stands."""

    name: str
    path: tuple[str, ...]
    worth: Decimal
    points: Points
    items: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """What one agency or desk can still bring: `agency` is its short name, '' for a desk."""

    desk: Desk
    agency: str
    points: Decimal
    items: int
    due: Due | None


@dataclass(frozen=True, slots=True)
class ReadinessPage:
    """The whole page. `points` and `lost` are of all items; None and empty where they would tell of a few families.

    `claims` of `items` are claimed or measured, `heard` are those of which families were asked. `compared` families
    were asked again by somebody else. `instruments` are those of the year, `signals` how many things to look at.
    """

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef
    instrument: InstrumentRef
    instruments: tuple[InstrumentRef, ...]
    scale: Decimal
    points: Points
    lost: tuple[tuple[Cause, Decimal], ...]
    items: int
    claims: int
    heard: int
    compared: int
    aspects: tuple[AspectBlock, ...]
    owners: tuple[OwnerLine, ...]
    due: Due | None
    hidden: bool
    signals: int
    silent: Silent | None = None


def readiness_page(user: User, cycle_slug: str, code: str, instrument: str = "") -> ReadinessPage:
    """The page of one lokus by one of the year's instruments, else by its primary one.

    Raises Missing where cycle, lokus or instrument is not there or not hers, Forbidden for whom it is not for.
    """
    lokus, version = readiness_of(user, cycle_slug, code, instrument)
    return Reading(user, layered(lokus, version)).page()


def readiness_of(user: User, cycle_slug: str, code: str, instrument: str) -> tuple[Lokus, InstrumentVersion]:
    """The lokus whose readiness she may read, and that instrument's version of the year."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_see_readiness, user, lokus)
    return lokus, version_of(lokus, instrument)


def version_of(lokus: Lokus, instrument: str) -> InstrumentVersion:
    """The version of that instrument in the year of a lokus; '' is its primary one. Raises Missing."""
    rows = CycleInstrument.objects.filter(cycle=lokus.cycle).select_related("version__workbook")
    return one(rows, **({"version__instrument": instrument} if instrument else {"primary": True})).version


def versions_of(lokus: Lokus) -> tuple[InstrumentRef, ...]:
    """The instruments of its year, the primary one first."""
    rows = CycleInstrument.objects.filter(cycle=lokus.cycle).select_related("version")
    return tuple(instrument_ref(row.version) for row in rows.order_by("-primary", "version__instrument"))


class Calendar:
    """The days by which things must be there, by the year's stages."""

    def __init__(self, lokus: Lokus) -> None:
        self.today = today_in(lokus.cycle)
        self.stages = list(Stage.objects.filter(cycle=lokus.cycle).order_by("starts", "position"))

    def judged(self) -> Due | None:
        """The day before jurors come; where no stage says so, the end of the stage that runs or comes next."""
        called = [(stage, stage.name.casefold()) for stage in self.stages]
        # “Evaluasi persiapan penilaian” comes before it, “Pengumuman hasil penilaian” after.
        named = [stage for stage, name in called if name.startswith(_JUDGING)]
        named = named or [stage for stage, name in called if _JUDGING in name]
        if named:
            return self.on(named[-1].starts - timedelta(days=1), named[-1].name, before=True)
        coming = [stage for stage in self.stages if stage.ends >= self.today]
        found = stage_on(self.stages, self.today) or next(iter(coming), None) or next(reversed(self.stages), None)
        return None if found is None else self.on(found.ends, found.name)

    def on(self, day: date, what: str = "", *, before: bool = False) -> Due:
        """That day."""
        return Due(day, what, day < self.today, before)


class Reading:
    """A lokus in layers, as one person reads it."""

    def __init__(self, user: Actor, found: Layered) -> None:
        self.user, self.found, self.lokus = user, found, found.lokus
        self.instrument = found.shown.card.instrument
        self.calendar = Calendar(found.lokus)
        self.judged = self.calendar.judged()
        cards = (found.shown.card, found.shown.earlier)
        self.hidden: Hidden = hidden_from(user, found.lokus, found.version, cards, also=_few_heard(found))
        readable = set(commitments_for(user).filter(cycle=found.lokus.cycle_id).values_list("pk", flat=True))
        self.promises = {promise.id for promise in found.promises} & readable
        pledged = {promise.agency for promise in found.promises}
        self.agencies = dict(Agency.objects.filter(pk__in=pledged).values_list("pk", "short_name"))

    def page(self) -> ReadinessPage:
        found = self.found
        sums = sums_of((item.worth, item.layers) for item in found.items.values())
        aspects = tuple(self._aspects())
        lines = [line for block in aspects for line in block.items]
        return ReadinessPage(
            cycle=cycle_ref(self.lokus.cycle),
            lokus=lokus_ref(self.lokus),
            round=round_ref(found.shown.round),
            instrument=instrument_ref(found.version),
            instruments=versions_of(self.lokus),
            scale=self.instrument.scale,
            points=Points() if self.hidden.total else _points(sums),
            lost=() if self.hidden.total else tuple(_lost(sums, found.items.values())),
            items=sums.items,
            claims=sums.claims,
            heard=sums.heard,
            compared=found.compared,
            aspects=aspects,
            owners=_owners(lines),
            due=self.judged,
            hidden=bool(self.hidden.indicators),
            signals=sum(one_.commitment in {None, *self.promises} for one_ in signals_of(found)),
            silent=None if self.hidden.total else silent_layers(found, Reasons(self.lokus.cycle)),
        )

    def path(self, aspect: str) -> tuple[str, ...]:
        """The labels of an aspect and those around it, outermost first."""
        return _path(self.instrument, aspect)

    def _aspects(self) -> Iterator[AspectBlock]:
        by: dict[str, list[Item]] = defaultdict(list)
        for item in self.found.items.values():
            by[item.indicator.aspect].append(item)
        for name in self.instrument.aspects:
            if items := by.get(name):
                sums = sums_of((item.worth, item.layers) for item in items)
                yield AspectBlock(
                    name=name,
                    path=self.path(name),
                    worth=_told(sums.worth),
                    points=Points() if name in self.hidden.aspects else _points(sums),
                    items=tuple(self.line(item) for item in items),
                )

    def line(self, item: Item) -> ItemLine:
        """One item as this person may read it."""
        name = item.indicator.name
        hidden = name in self.hidden.indicators
        said = item.said or Said()
        option = next((row for row in item.indicator.options if row.name == said.option), None)
        score = self.found.shown.card.unit.indicators[name]
        return ItemLine(
            name=name,
            label=shown(item.indicator.labels, self.instrument) or name,
            origin=item.indicator.origin,
            worth=_told(item.worth),
            points=Points() if hidden else _weighed(item.worth, item.layers),
            value=None
            if hidden
            else exact(score.value)
            if item.is_measured
            else item.said.value
            if item.said
            else None,
            option="" if option is None else shown(option.labels, self.instrument) or option.name,
            unit=item.indicator.unit,
            cited=len(item.cited),
            live=sum(one_.is_live for one_ in item.cited),
            verified=sum(one_.state == EvidenceState.VERIFIED for one_ in item.cited),
            losses=() if hidden else tuple(self._losses(item)),
            hidden=hidden,
        )

    # --- why, whose, by when --------------------------------------------------------------------------------------
    def _losses(self, item: Item) -> Iterator[Loss]:
        for cause, share in item.layers.lost().items():
            if share and item.worth:
                yield self._loss(item, cause, _told(share * item.worth))

    def _loss(self, item: Item, cause: Cause, points: Decimal) -> Loss:
        named = agency_names(item.indicator.agency)
        if cause == "unclaimed" and item.is_measured:
            closes = self.found.shown.round.closes
            due = self.calendar.on(closes, str(round_ref(self.found.shown.round).label))
            return Loss(cause, points, "field", due=due if not due.late else self.judged)
        if cause == "unreached" and item.is_measured:
            return self._unreached(item, points, named)
        if cause == "unproved":
            refused = [one_.reason for one_ in item.cited if not one_.is_live]
            live = len(item.cited) - len(refused)
            reason = refused[-1] if refused and not live else ""
            return Loss(cause, points, "agency", named, count=live, reason=reason, due=self.judged)
        if cause == "denied":
            theirs = self._of(item) or named
            numbers = self._numbers(item.promises)
            return Loss(cause, points, "agency", theirs, numbers, count=item.voices.not_yet, due=self.judged)
        if cause == "unverified":
            return self._unverified(item, points, named)
        return Loss(cause, points, "agency", named, due=self.judged)

    def _unreached(self, item: Item, points: Decimal, named: tuple[str, ...]) -> Loss:
        """What is promised for it comes by its own last day; what nobody promised is the named agency's."""
        open_ = [promise for promise in item.promises if promise.state in TO_DO]
        ends = [promise.ends for promise in open_ if promise.ends is not None]
        return Loss(
            "unreached",
            points,
            "agency",
            self._of(item, open_) or named,
            self._numbers(open_),
            count=self._lacking(item),
            due=self.calendar.on(max(ends)) if ends else self.judged,
        )

    def _numbers(self, promises: Iterable[Promise]) -> tuple[int, ...]:
        """Those that she may read."""
        return tuple(promise.number for promise in promises if promise.id in self.promises)

    def _lacking(self, item: Item) -> int | None:
        """How many families lack it; None where it is not families, or not yes and no, that are counted."""
        indicator, tally = item.indicator, item.tally
        if tally is None or indicator.aggregate != "share" or indicator.over != HOUSEHOLD:
            return None
        return tally.true if indicator.name in falling_indicators(self.found.version) else tally.n - tally.true

    def _unverified(self, item: Item, points: Decimal, named: tuple[str, ...]) -> Loss:
        if item.finding is not None and self._lowers(item):
            return Loss("unverified", points, "agency", named, reason=item.finding.reason, due=self.judged)
        if item.is_measured:
            return Loss("unverified", points, "recheck", count=self.found.compared, due=self.judged)
        waiting = sum(one_.state == EvidenceState.WAITING for one_ in item.cited)
        if waiting:
            return Loss("unverified", points, "evidence", count=waiting, due=self.judged)
        return Loss("unverified", points, "agency", named, due=self.judged)

    def _lowers(self, item: Item) -> bool:
        """Whether what was found, and not what nobody has looked at yet, is what holds the item back."""
        if item.is_measured and not self.found.rechecked:
            return False
        return bool(item.layers.verified) or all(one_.state != EvidenceState.WAITING for one_ in item.cited)

    def _of(self, item: Item, promises: Iterable[Promise] | None = None) -> tuple[str, ...]:
        """The agencies that promised it."""
        wanted = item.promises if promises is None else promises
        return tuple(dict.fromkeys(self.agencies[one_.agency] for one_ in wanted if one_.agency in self.agencies))


def _few_heard(found: Layered) -> frozenset[str]:
    """The indicators of health of which one to four families said something: what they said would show."""
    health = health_indicators(found.version)
    return frozenset(
        name
        for name in health
        if (voices := found.items[name].voices) and any(0 < n < 5 for n in (voices.received, voices.not_yet))
    )


def _path(instrument: Instrument, name: str) -> tuple[str, ...]:
    found: list[str] = []
    here: str | None = name
    while here is not None:
        aspect = instrument.aspects[here]
        found.insert(0, shown(aspect.labels, instrument) or here)
        here = aspect.parent
    return tuple(found)


def _told(points: Fraction) -> Decimal:
    return exact(points) or Decimal(0)


def _weighed(worth: Fraction, layers: Layers) -> Points:
    shares = (layers.claim, layers.evidenced, layers.received, layers.verified, layers.jury)
    return Points(*(exact(None if share is None else share * worth) for share in shares))


def _points(sums: Sums) -> Points:
    return Points(*(exact(one_) for one_ in (sums.claim, sums.evidenced, sums.standing, sums.verified, sums.jury)))


def _lost(sums: Sums, items: Iterable[Item]) -> Iterator[tuple[Cause, Decimal]]:
    unclaimed = sum((item.worth for item in items if item.layers.claim is None), Fraction(0))
    by: Mapping[Cause, Fraction] = {
        "unclaimed": unclaimed,
        "unreached": sums.worth - unclaimed - sums.claim,
        "unproved": sums.claim - sums.evidenced,
        "denied": sums.evidenced - sums.standing,
        "unverified": sums.standing - sums.verified,
    }
    yield from ((cause, _told(points)) for cause, points in by.items())


def _owners(lines: Iterable[ItemLine]) -> tuple[OwnerLine, ...]:
    """Who can bring how much, the most first. Where several agencies are named, each is told the whole of it."""
    points: dict[tuple[Desk, str], Decimal] = defaultdict(Decimal)
    items: dict[tuple[Desk, str], set[str]] = defaultdict(set)
    dues: dict[tuple[Desk, str], list[Due]] = defaultdict(list)
    for line in lines:
        for loss in line.losses:
            for agency in loss.agencies or ("",):
                key = loss.desk, agency
                points[key] += loss.points
                items[key].add(line.name)
                dues[key] += [loss.due] if loss.due else []
    ordered = sorted(points, key=lambda key: (-points[key], key))
    return tuple(
        OwnerLine(*key, points[key], len(items[key]), min(dues[key], key=lambda due: due.day, default=None))
        for key in ordered
    )
