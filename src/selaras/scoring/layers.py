"""One item in layers, side by side: *klaim, berbukti, diterima menurut keluarga, terverifikasi, juri*.

Every layer is a share of the item's points, 0…1. What a city says counts as far as its evidence goes, never further;
where families were asked whether what was promised arrived, it counts as far as they say so; verified is what somebody
else found in it. So each layer is at most the one before it, and what is lost between two of them has one cause.

Unlike a card, in which an item without a value weighs nothing, an item without a claim is worth nothing here: that is
how a jury counts it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from selaras.scoring.instrument import Indicator, Instrument
from selaras.scoring.numbers import exact
from selaras.scoring.points import survey_score
from selaras.scoring.rules import points_of_option, points_of_value
from selaras.scoring.tally import Tally

#: Why a point is missing, in the order of the layers: nothing is claimed or measured; what is claimed is not all;
#: nothing proves it; families say that it did not arrive; nobody else has looked at it, or found less.
Cause = Literal["unclaimed", "unreached", "unproved", "denied", "unverified"]
CAUSES: tuple[Cause, ...] = ("unclaimed", "unreached", "unproved", "denied", "unverified")

_NOTHING, _ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True)
class Said:
    """A value or an option of an item, as somebody claims or finds it."""

    value: Decimal | None = None
    option: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """Evidence that was not refused. `limit` is what it shows at most, None where it may show all that is claimed."""

    verified: bool
    limit: Said | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """Families' word about what was promised for an item: `received` it, `not_yet`. Who was not asked says nothing."""

    received: int = 0
    not_yet: int = 0


@dataclass(frozen=True, slots=True)
class Layers:
    """The shares of one item; `claim` None where nothing is claimed, `received` where no family was asked.

    `jury` is None until jurors have marked. `standing` is what can be defended today: claimed, proved, and not
    contradicted by those it is about.
    """

    claim: Fraction | None = None
    evidenced: Fraction | None = None
    received: Fraction | None = None
    verified: Fraction | None = None
    jury: Fraction | None = None

    @property
    def standing(self) -> Fraction | None:
        """The lower of evidence and families' word."""
        if self.evidenced is None or self.received is None:
            return self.evidenced
        return min(self.evidenced, self.received)

    def lost(self) -> dict[Cause, Fraction]:
        """How much of the item is missing, by cause. All of it with `verified` makes 1."""
        claim, evidenced = self.claim or _NOTHING, self.evidenced or _NOTHING
        standing, verified = self.standing or _NOTHING, self.verified or _NOTHING
        return {
            "unclaimed": _ALL if self.claim is None else _NOTHING,
            "unreached": _NOTHING if self.claim is None else _ALL - claim,
            "unproved": claim - evidenced,
            "denied": evidenced - standing,
            "unverified": standing - verified,
        }


def share_of(indicator: Indicator, said: Said, scale: Fraction) -> Fraction | None:
    """The share of points of a claim or finding; None where it says nothing, or what the rule has no points for.

    `scale` is the instrument's. An option that the version lacks is worth nothing known: it was said of another one.
    """
    if said.option:
        known = any(option.name == said.option for option in indicator.options)
        return points_of_option(indicator, said.option, scale) if known else None
    if said.value is None or indicator.rule == "options":
        return None
    return points_of_value(indicator, Fraction(said.value), scale)


def claimed_layers(
    indicator: Indicator,
    scale: Fraction,
    claim: Said | None,
    *,
    proofs: Iterable[Proof] = (),
    heard: Heard | None = None,
    found: Said | None = None,
) -> Layers:
    """The layers of an item that somebody claims: a record, an activity, a measure of protection, a judged item.

    `found` is what somebody else found when she looked at it. Without any proof nothing is evidenced, and only
    verified proofs carry what is verified; a claim of no points needs none.
    """
    share = None if claim is None else share_of(indicator, claim, scale)
    if share is None:
        return Layers()
    given = tuple(proofs)
    evidenced = _carried(indicator, scale, share, given)
    received = _received(share, heard)
    verified = _carried(indicator, scale, share, [proof for proof in given if proof.verified])
    finding = None if found is None else share_of(indicator, found, scale)
    limits = [limit for limit in (evidenced, received, finding) if limit is not None]
    return Layers(share, evidenced, received, min([verified, *limits]))


def _carried(indicator: Indicator, scale: Fraction, share: Fraction, proofs: Iterable[Proof]) -> Fraction:
    """How much of a claimed share the best of these proofs carries."""
    carried = [share if proof.limit is None else share_of(indicator, proof.limit, scale) for proof in proofs]
    return min(share, max((one for one in carried if one is not None), default=_NOTHING))


def _received(share: Fraction, heard: Heard | None) -> Fraction | None:
    asked = 0 if heard is None else heard.received + heard.not_yet
    return None if heard is None or not asked else share * Fraction(heard.received, asked)


def measured_layers(
    indicator: Indicator,
    scale: Fraction,
    tally: Tally,
    *,
    denied: Tally | None = None,
    rechecked: bool = False,
    found: Said | None = None,
) -> Layers:
    """The layers of an item that families were asked: their answers are claim and evidence at once.

    `denied` is the same count without the yes of families who say that what was promised for it has not arrived;
    None where none was asked that. `rechecked`: some families were asked again by somebody else.
    """
    share = survey_score(indicator, tally, scale).points
    if share is None:
        return Layers()
    # Where less is better, a yes less would earn more: what families say never lifts a claim.
    received = None if denied is None else min(share, survey_score(indicator, denied, scale).points or _NOTHING)
    finding = None if found is None else share_of(indicator, found, scale)
    limits = [limit for limit in (received, finding) if limit is not None]
    return Layers(share, share, received, min([share, *limits]) if rechecked else _NOTHING)


def worths(instrument: Instrument, *, without: Collection[str] = ()) -> dict[str, Fraction]:
    """How many points of the instrument's scale each indicator is worth where all count; their sum is the scale.

    Those `without` a value that anybody could bring are worth nothing, and what they weigh goes to their neighbours.
    """
    counted = {name: one for name, one in instrument.indicators.items() if name not in without}
    live: set[str] = set()
    for indicator in counted.values():
        above: str | None = indicator.aspect
        while above is not None and above not in live:
            live.add(above)
            above = instrument.aspects[above].parent
    weights: dict[str | None, Fraction] = {}
    for name in live:
        aspect = instrument.aspects[name]
        weights[aspect.parent] = weights.get(aspect.parent, _NOTHING) + exact(aspect.weight)
    for indicator in counted.values():
        weights[indicator.aspect] = weights.get(indicator.aspect, _NOTHING) + exact(indicator.weight)
    return {
        name: _aspect_worth(instrument, weights, one.aspect) * exact(one.weight) / weights[one.aspect]
        if name in counted
        else _NOTHING
        for name, one in instrument.indicators.items()
    }


def _aspect_worth(instrument: Instrument, weights: Mapping[str | None, Fraction], name: str) -> Fraction:
    worth, here = exact(instrument.scale), instrument.aspects[name]
    while True:
        worth *= exact(here.weight) / weights[here.parent]
        if here.parent is None:
            return worth
        here = instrument.aspects[here.parent]


@dataclass(frozen=True, slots=True)
class Sums:
    """Points of the scale of several items, layer by layer; `jury` is None where none of them was marked.

    `claims` and `heard` count the items with a claim, and those of which families were asked.
    """

    worth: Fraction
    claim: Fraction
    evidenced: Fraction
    standing: Fraction
    verified: Fraction
    jury: Fraction | None
    items: int
    claims: int
    heard: int


def sums_of(items: Iterable[tuple[Fraction, Layers]]) -> Sums:
    """The points of these items, each given with what it is worth."""
    rows = list(items)
    marked = [worth * layers.jury for worth, layers in rows if layers.jury is not None]
    return Sums(
        worth=sum((worth for worth, _ in rows), _NOTHING),
        claim=sum((worth * (layers.claim or 0) for worth, layers in rows), _NOTHING),
        evidenced=sum((worth * (layers.evidenced or 0) for worth, layers in rows), _NOTHING),
        standing=sum((worth * (layers.standing or 0) for worth, layers in rows), _NOTHING),
        verified=sum((worth * (layers.verified or 0) for worth, layers in rows), _NOTHING),
        jury=sum(marked, _NOTHING) if marked else None,
        items=len(rows),
        claims=sum(layers.claim is not None for _, layers in rows),
        heard=sum(layers.received is not None for _, layers in rows),
    )
