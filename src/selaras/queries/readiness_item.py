"""One item: what is claimed and why it counts so far, its evidence, families' word, findings, and what may be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from selaras.access import Actor, may_claim, may_find, may_see_health
from selaras.errors import Missing, Problem
from selaras.models import ClaimFinding, User
from selaras.queries.cards import exact
from selaras.queries.confirmations import Voices
from selaras.queries.layered import Item, Layered, layered
from selaras.queries.programme import cycle_ref, instrument_ref, lokus_ref
from selaras.queries.protection import Silence
from selaras.queries.readiness import ItemLine, Reading, readiness_of
from selaras.queries.refs import CycleRef, InstrumentRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import health_indicators
from selaras.queries.silences import Reasons
from selaras.queries.spoken import rule_words, shown
from selaras.scoring.instrument import Indicator, Instrument, Origin, Rule
from selaras.scoring.layers import Said, share_of
from selaras.scoring.numbers import exact as fraction


@dataclass(frozen=True, slots=True)
class OptionChoice:
    """What can be claimed or found, and what it is worth in points of the scale."""

    name: str
    label: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A value, or an option by name and label; '' and None where nothing is said. `points` of the scale it is worth."""

    value: Decimal | None = None
    option: str = ""
    label: str = ""
    points: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CitedLine:
    """One citation of evidence and what it shows at most (nothing said: all that is claimed)."""

    use: int
    evidence: UUID
    kind: str
    caption: str
    state: str
    reason: str
    limit: SaidLine


@dataclass(frozen=True, slots=True)
class FindingLine:
    """What somebody found; the first holds."""

    said: SaidLine
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """What the city says, by whom and when; `from_record`: a record stands for it, whose `basis` is its source."""

    said: SaidLine
    basis: str
    by: str
    at: datetime | None
    version: int
    from_record: bool


@dataclass(frozen=True, slots=True)
class ItemPage:
    """The whole page. `asked` is the evidence that the workbook asks for, piece by piece. `voices` is None where they
    would tell of a few families, or nothing was promised. `own`: it is her own claim, so that somebody else must look.
    """

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef
    instrument: InstrumentRef
    scale: Decimal
    line: ItemLine
    path: tuple[str, ...]
    rule: Rule
    origin: Origin
    rule_words: str
    agency: str
    asked: tuple[str, ...]
    claim: ClaimLine | None
    options: tuple[OptionChoice, ...]
    cited: tuple[CitedLine, ...]
    findings: tuple[FindingLine, ...]
    voices: Voices | None
    compared: int
    version: int
    may_claim: bool
    may_find: bool
    own: bool
    published: bool = False
    silence: Silence | None = None
    silence_year: int = 0

    @property
    def is_measured(self) -> bool:
        return self.origin == "survey"


def item_page(user: User, cycle_slug: str, code: str, instrument: str, name: str) -> ItemPage:
    """The page of one item. Raises as `queries.readiness.readiness_page`, Missing also where there is no such item."""
    lokus, version = readiness_of(user, cycle_slug, code, instrument)
    found = layered(lokus, version)
    if name not in found.items:
        raise Missing(Problem("access.missing"))
    return _Page(user, found, found.items[name]).made()


class _Page:
    def __init__(self, user: User, found: Layered, item: Item) -> None:
        self.user, self.found, self.item = user, found, item
        self.instrument: Instrument = found.shown.card.instrument
        self.scale = fraction(self.instrument.scale)
        self.reading = Reading(user, found)

    def made(self) -> ItemPage:
        found, indicator, lokus = self.found, self.item.indicator, self.found.lokus
        line = self.reading.line(self.item)
        words = rule_words(self.instrument, indicator)
        why, silent = Reasons(lokus.cycle).of(lokus.area), self.item.is_published and self.item.fact is None
        return ItemPage(
            cycle=cycle_ref(lokus.cycle),
            lokus=lokus_ref(lokus),
            round=round_ref(found.shown.round),
            instrument=instrument_ref(found.version),
            scale=self.instrument.scale,
            line=line,
            path=self.reading.path(indicator.aspect),
            rule=indicator.rule,
            origin=indicator.origin,
            rule_words=str(words.rule),
            agency=indicator.agency,
            asked=asked_of(indicator),
            claim=self._claim(),
            options=self._options(),
            cited=tuple(self._cited()),
            findings=() if line.hidden else self._findings(),
            voices=self._voices(),
            compared=found.compared,
            version=self.item.claim.version if self.item.claim else 0,
            published=self.item.is_published,
            silence=why[indicator.measure] if silent else None,
            silence_year=why.year(indicator.measure) if silent else 0,
            may_claim=not (self.item.is_measured or self.item.is_published)
            and may_claim(self.user, lokus, indicator.agency),
            may_find=may_find(self.user, lokus) and self.item.layers.claim is not None and not line.hidden,
            own=is_own(self.user, self.item),
        )

    def _claim(self) -> ClaimLine | None:
        item = self.item
        if item.claim is not None:
            who, said = item.claim.by, Said(item.claim.value, item.claim.option)
            return ClaimLine(
                self._said(said), item.claim.basis, _name(who), item.claim.at, item.claim.version, from_record=False
            )
        if item.fact is None or item.said is None:
            return None
        fact = item.fact
        return ClaimLine(
            self._said(item.said), fact.source, _name(fact.entered_by), fact.entered_at, 0, from_record=True
        )

    def _said(self, said: Said | None) -> SaidLine:
        if said is None or said == Said():
            return SaidLine()
        option = next((one for one in self.item.indicator.options if one.name == said.option), None)
        label = said.option if option is None else shown(option.labels, self.instrument) or option.name
        share = share_of(self.item.indicator, said, self.scale)
        return SaidLine(said.value, said.option, label, None if share is None else self._points(share))

    def _points(self, share: Fraction) -> Decimal:
        return exact(share * self.item.worth) or Decimal(0)

    def _options(self) -> tuple[OptionChoice, ...]:
        return tuple(
            OptionChoice(
                option.name,
                shown(option.labels, self.instrument) or option.name,
                self._points(Fraction(option.points) / self.scale),
            )
            for option in self.item.indicator.options
        )

    def _cited(self) -> list[CitedLine]:
        return [
            CitedLine(one.use, one.evidence, one.kind, one.caption, one.state, one.reason, self._said(one.limit))
            for one in self.item.cited
        ]

    def _findings(self) -> tuple[FindingLine, ...]:
        rows = ClaimFinding.objects.filter(
            lokus=self.found.lokus, instrument=self.found.version.instrument, indicator=self.item.indicator.name
        )
        return tuple(
            FindingLine(self._said(Said(row.value, row.option)), row.reason, _name(row.by), row.at)
            for row in rows.select_related("by").order_by("-at", "-pk")[:20]
        )

    def _voices(self) -> Voices | None:
        item, name = self.item, self.item.indicator.name
        if not item.voices.families or name in self.reading.hidden.indicators:
            return None
        health = name in health_indicators(self.found.version)
        apart = health and not may_see_health(self.user, self.found.lokus, item.indicator.agency)
        few = any(0 < n < 5 for n in (item.voices.received, item.voices.not_yet, item.voices.unasked))
        return None if apart and few else item.voices


def asked_of(indicator: Indicator) -> tuple[str, ...]:
    """The evidence that the workbook asks for, piece by piece: it parts them by semicolon."""
    return tuple(part.strip() for part in indicator.evidence.split(";") if part.strip())


def is_own(user: Actor, item: Item) -> bool:
    """Whether it is her own claim, or, without one, her own record."""
    if not isinstance(user, User):
        return False
    if item.claim is not None:
        return item.claim.by_id == user.pk
    return item.fact is not None and item.fact.entered_by_id == user.pk


def _name(user: User | None) -> str:
    return "" if user is None else user.get_full_name() or user.username
