"""All that is known of every item of a lokus, and its layers: claim, evidence, families' word, what was found.

Nothing here asks who reads: pages do (`queries.readiness`), and hide what tells of a few families' health.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from selaras.models import (
    Claim,
    ClaimFinding,
    Evidence,
    EvidenceState,
    EvidenceUse,
    Fact,
    HouseholdScore,
    InstrumentVersion,
    Lokus,
    Need,
    ProofLimit,
    RecheckFamily,
    Round,
    SubmissionMode,
)
from selaras.queries.confirmations import Confirmed, Voices, confirmed
from selaras.queries.matching import Promise
from selaras.queries.matrix_rows import promises_of
from selaras.queries.needs import falling_indicators
from selaras.queries.recheck_rates import FEW
from selaras.queries.showing import Shown, shown_of
from selaras.scoring.handovers import MEASURED
from selaras.scoring.instrument import Indicator
from selaras.scoring.layers import Heard, Layers, Proof, Said, claimed_layers, measured_layers, worths
from selaras.scoring.numbers import exact
from selaras.scoring.tally import Tally

#: Indicators of these aggregates count families one by one, so that one family's word can be taken out.
COUNTED: Final = frozenset({"share", "count"})


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of evidence for an item. `state` is an EvidenceState, `limit` what it shows at most, or None."""

    use: int
    evidence: UUID
    kind: str
    caption: str
    state: str
    reason: str
    limit: Said | None

    @property
    def is_live(self) -> bool:
        return self.state != EvidenceState.REFUSED


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `worth` is in points of the scale where every item counts.

    `said` is what is claimed of it (None of what is measured), by `claim` or, without one, by the record `fact`.
    `voices` are families to whom something was promised for it, `denied` the ids of those who say that it has not
    come, `contradicted` those of them who were measured to have it, `promises` the live commitments for it in this
    lokus.
    """

    indicator: Indicator
    worth: Fraction
    layers: Layers
    said: Said | None = None
    claim: Claim | None = None
    fact: Fact | None = None
    cited: tuple[Cited, ...] = ()
    finding: ClaimFinding | None = None
    voices: Voices = field(default_factory=Voices)
    denied: frozenset[int] = frozenset()
    contradicted: frozenset[int] = frozenset()
    promises: tuple[Promise, ...] = ()
    tally: Tally | None = None

    @property
    def is_measured(self) -> bool:
        return self.indicator.origin == "survey"

    @property
    def is_published(self) -> bool:
        """Its value is taken from what was published, so that nobody claims it."""
        return self.indicator.measure in MEASURED


@dataclass(frozen=True, slots=True)
class Layered:
    """A lokus in layers by one instrument. `compared` families were asked again by somebody else in its round;
    `rechecked`: enough of them."""

    lokus: Lokus
    version: InstrumentVersion
    shown: Shown
    compared: int
    items: Mapping[str, Item]
    confirmed: Confirmed
    promises: tuple[Promise, ...]

    @property
    def rechecked(self) -> bool:
        return self.compared >= FEW


def layered(lokus: Lokus, version: InstrumentVersion | None = None) -> Layered:
    """Every item of that version, else of the year's primary one, in the workbook's order.

    The number of statements does not grow with items, families or evidence. Raises Missing where the cycle has no
    instrument or no round.
    """
    shown = shown_of(lokus, version)
    return _Gathering(lokus, shown).made()


def has_claims(lokus: Lokus) -> bool:
    """Whether the city ever claimed anything of it."""
    return Claim.objects.filter(lokus=lokus).exists()


def item_of(lokus: Lokus, version: InstrumentVersion, name: str) -> Item:
    """One item. Raises KeyError where the version lacks it."""
    return layered(lokus, version).items[name]


class _Gathering:
    """Reads what is known, each kind once."""

    def __init__(self, lokus: Lokus, shown: Shown) -> None:
        self.lokus, self.shown, self.version = lokus, shown, shown.version
        self.instrument = shown.card.instrument
        self.scale = exact(self.instrument.scale)
        of_item = {"lokus": lokus, "instrument": self.version.instrument}
        self.claims = {row.indicator: row for row in Claim.objects.filter(**of_item).select_related("by")}
        findings = ClaimFinding.objects.filter(**of_item).select_related("by").order_by("at", "pk")
        self.findings = {row.indicator: row for row in findings}
        self.cited = _cited(EvidenceUse.objects.filter(**of_item))
        self.confirmed = confirmed(lokus.cycle, lokus)
        every = [promise for promise, _area in promises_of(lokus.cycle)]
        self.promises = tuple(one for one in every if one.is_live and one.lokus in {None, lokus.pk})
        self.denials = _denials(lokus, self.confirmed)
        self.scores = _scores(shown.round, self.version, set().union(*self.denials.values(), set()))

    def made(self) -> Layered:
        compared = _compared(self.lokus, self.shown.round)
        # Below the threshold nothing is published, and nobody is to bring it.
        facts = self.shown.card.facts
        every = self.instrument.indicators.items()
        worth = worths(
            self.instrument, without={name for name, one in every if one.measure in MEASURED and name not in facts}
        )
        items = {
            name: self._measured(indicator, worth[name], rechecked=compared >= FEW)
            if indicator.origin == "survey"
            else self._claimed(indicator, worth[name])
            for name, indicator in self.instrument.indicators.items()
        }
        return Layered(self.lokus, self.version, self.shown, compared, items, self.confirmed, self.promises)

    def _about(self, name: str) -> tuple[Promise, ...]:
        return tuple(promise for promise in self.promises if promise.indicator == name)

    def _measured(self, indicator: Indicator, worth: Fraction, *, rechecked: bool) -> Item:
        name = indicator.name
        tally = self.shown.card.tally.indicators.get(name, Tally(0, 0, 0, 0))
        voices = self.confirmed.indicators.get((self.lokus.pk, name), Voices())
        denied = self.denials.get(name, frozenset())
        finding = self.findings.get(name)
        told = indicator.aggregate in COUNTED and voices.received + voices.not_yet > 0
        layers = measured_layers(
            indicator,
            self.scale,
            tally,
            denied=self._without(name, tally, denied) if told else None,
            rechecked=rechecked,
            found=None if finding is None else Said(finding.value, finding.option),
        )
        cited = tuple(self.cited.get(name, ()))
        return Item(
            indicator,
            worth,
            layers,
            cited=cited,
            finding=finding,
            voices=voices,
            denied=denied,
            contradicted=frozenset(family for family in denied if self._lends(name, family)) if told else frozenset(),
            promises=self._about(name),
            tally=tally,
        )

    def _lends(self, name: str, family: int) -> bool:
        """Whether something measured of that family lifts the item."""
        n, true = self.scores.get((family, name), (0, 0))
        return true < n if name in falling_indicators(self.version) else true > 0

    def _without(self, name: str, tally: Tally, denied: Iterable[int]) -> Tally:
        """The tally where what these families say that they lack is lacking, whatever was measured."""
        rows = [self.scores[family, name] for family in denied if (family, name) in self.scores]
        if name in falling_indicators(self.version):
            return tally._replace(true=tally.true + sum(n - true for n, true in rows))
        return tally._replace(true=tally.true - sum(true for _n, true in rows))

    def _claimed(self, indicator: Indicator, worth: Fraction) -> Item:
        name = indicator.name
        claim, fact = self.claims.get(name), self.shown.card.facts.get(name)
        # What was published needs no other proof, and a claim of before it was taken from there counts no more.
        published = indicator.measure in MEASURED
        claim = None if published else claim
        said = None if claim is None else Said(claim.value, claim.option)
        if said is None and fact is not None:
            said = Said(fact.value, fact.option)
        cited, finding, promises = tuple(self.cited.get(name, ())), self.findings.get(name), self._about(name)
        voices = _together(self.confirmed.commitments.get(promise.id) for promise in promises)
        layers = claimed_layers(
            indicator,
            self.scale,
            said,
            proofs=[Proof(True, None)]
            if published
            else [Proof(one.state == EvidenceState.VERIFIED, one.limit) for one in cited if one.is_live],
            heard=Heard(voices.received, voices.not_yet),
            found=None if finding is None else Said(finding.value, finding.option),
        )
        return Item(indicator, worth, layers, said, claim, fact, cited, finding, voices, promises=promises)


def _together(voices: Iterable[Voices | None]) -> Voices:
    there = [one for one in voices if one is not None]
    return Voices(*(sum(getattr(one, name) for one in there) for name in ("received", "not_yet", "unasked")))


def _cited(rows: QuerySet[EvidenceUse]) -> dict[str, list[Cited]]:
    """Indicator -> its citations, the newest last; of evidence that was taken back none. One statement."""
    uses = rows.filter(evidence__deleted_at__isnull=True)
    uses = uses.exclude(evidence__activity__deleted_at__isnull=False).select_related("evidence", "limit")
    found: dict[str, list[Cited]] = defaultdict(list)
    for use in uses.order_by("at", "pk"):
        limit = getattr(use, "limit", None)
        found[use.indicator].append(_citation(use, use.evidence, limit))
    return found


def _citation(use: EvidenceUse, evidence: Evidence, limit: ProofLimit | None) -> Cited:
    states = {use.state, evidence.state}
    if EvidenceState.REFUSED in states:
        state = EvidenceState.REFUSED
    else:
        state = EvidenceState.VERIFIED if states == {EvidenceState.VERIFIED} else EvidenceState.WAITING
    return Cited(
        use=use.pk,
        evidence=evidence.uuid,
        kind=evidence.kind,
        caption=str(evidence) if evidence.caption or evidence.filename else "",
        state=state.value,
        reason=(use.reason if use.state == EvidenceState.REFUSED else "") or evidence.reason,
        limit=None if limit is None else Said(limit.value, limit.option),
    )


def _denials(lokus: Lokus, heard: Confirmed) -> dict[str, frozenset[int]]:
    """Indicator -> families who say of what was promised for their need that it has not come. One statement."""
    denied = {need for need, stands in heard.needs.items() if stands == "not_yet"}
    if not denied:
        return {}
    found: dict[str, set[int]] = defaultdict(set)
    called: dict[str, set[int]] = defaultdict(set)
    for need, household, indicator in Need.objects.filter(lokus=lokus).values_list("pk", "household_id", "indicator"):
        if need in denied:
            found[indicator].add(household)
        elif heard.needs.get(need) == "received":
            called[indicator].add(household)
    # A need that came back is two rows, and what a family calls received of one of them it has.
    return {name: frozenset(families - called[name]) for name, families in found.items()}


def _scores(round_: Round, version: InstrumentVersion, households: set[int]) -> dict[tuple[int, str], tuple[int, int]]:
    """(family, indicator) -> known and true units in that round."""
    if not households:
        return {}
    rows = HouseholdScore.objects.filter(round=round_, indicator__version=version, household__in=households)
    values = rows.values_list("household_id", "indicator__name", "n", "true")
    return {(household, name): (n, true) for household, name, n, true in values}


def _compared(lokus: Lokus, round_: Round) -> int:
    """How many families of that round somebody else asked again; what was typed from paper measures nobody."""
    drawn = RecheckFamily.objects.filter(recheck__lokus=lokus, recheck__round=round_, household__erased_at__isnull=True)
    return drawn.exclude(answers={}).exclude(submission__mode=SubmissionMode.KEYED).count()
