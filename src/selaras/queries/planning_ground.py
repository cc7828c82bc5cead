"""The year as a situation to be planned: open gaps, what agencies could do, what they have left, the days to come.

Only what a person may be told goes in, so that nothing can be worked out from her plan. Gaps are needs that nobody has
promised; what is proposed (usulan) is among the actions, for a plan may find its money. Planned with numbers of
families, not with names: which family comes first is the office's to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from selaras.models import Commitment, Cycle, Fund, InstrumentVersion, Lokus, Measure, Purse, User
from selaras.queries.cards import Card, cards_of
from selaras.queries.health import hidden_from
from selaras.queries.matching import Promise
from selaras.queries.matrix import Table
from selaras.queries.matrix_rows import Office, offices_of
from selaras.queries.programme import counted_rounds, shown_rounds, today_in
from selaras.queries.weights import held_back
from selaras.scoring.instrument import HOUSEHOLD, Indicator
from selaras.scoring.planning.situation import PART, Action, Item, Situation
from selaras.scoring.planning.situation import Purse as Money
from selaras.scoring.points import survey_score


@dataclass(frozen=True, slots=True)
class Gap:
    """Open needs of one indicator in one lokus that nobody has promised. `proposed`: of these, with an usulan.

    `points` of the total one closed need gives on the mean, None where the indicator's figures are not told.
    """

    key: str
    lokus: Lokus
    indicator: str
    needs: int
    proposed: int
    points: Decimal | None
    gains: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Doing:
    """An action of the situation as it is known: a measure in a lokus, or (`number`) an usulan."""

    key: str
    office: Office
    title: str
    unit: str
    lokus: Lokus | None
    cost: Decimal
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Having:
    """A purse of the situation as it is known."""

    key: str
    office: Office
    fund: str
    left: Decimal
    opens: date | None
    closes: date | None


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that a plan is made of. `untold` needs of health are not in it."""

    situation: Situation
    gaps: Mapping[str, Gap]
    doings: Mapping[str, Doing]
    havings: Mapping[str, Having]
    untold: int


def ground_of(
    user: User, cycle: Cycle, loci: Sequence[Lokus], version: InstrumentVersion | None, days: tuple[date, date]
) -> Ground:
    """The situation of these loci between those `days`, as this person may know it. About a dozen statements."""
    table = Table(user, cycle, list(loci), version, today_in(cycle), areas=False)
    gaps = {gap.key: gap for gap in _gaps(user, table, loci, version)}
    untold = sum(table.bare.values())
    purses = list(Purse.objects.filter(cycle=cycle).select_related("agency").order_by("pk"))
    measures = list(Measure.objects.filter(cycle=cycle, removed_at__isnull=True).select_related("agency", "lokus"))
    proposals = {promise.id: promise for promise in table.promises if promise.state == "proposed"}
    rows = Commitment.objects.filter(pk__in=proposals, budget__isnull=False).order_by("number")
    commitments = [row for row in rows if row.pk in table.readable]
    ids = {purse.agency_id for purse in purses} | {measure.agency_id for measure in measures}
    ids |= {commitment.agency_id for commitment in commitments}
    offices = offices_of(ids, table.today)
    havings = _havings(purses, offices)
    begins, ends = days
    money = [_money(having, begins, ends) for having in havings.values()]
    made = [*_measures(measures, loci, gaps, offices), *_proposals(commitments, table, loci, gaps, offices)]
    doings = {doing.key: doing for doing, _action in made}
    items = tuple(Item(gap.key, gap.needs, gap.gains) for gap in gaps.values())
    situation = Situation(items, tuple(action for _doing, action in made), tuple(money), begins, ends)
    return Ground(situation, gaps, doings, havings, untold)


# --- gaps -------------------------------------------------------------------------------------------------------------
def _gaps(user: User, table: Table, loci: Sequence[Lokus], version: InstrumentVersion | None) -> Iterator[Gap]:
    if version is None:
        return
    cards = _cards(loci, version)
    open_: dict[tuple[int, str], int] = {}
    needs: dict[tuple[int, str], int] = {}
    proposed: dict[tuple[int, str], int] = {}
    for lot in table.whole:
        key = (lot.lokus, lot.indicator)
        open_[key] = open_.get(key, 0) + lot.count
        if lot.service.is_gap:
            needs[key] = needs.get(key, 0) + lot.count
            proposed[key] = proposed.get(key, 0) + (lot.count if lot.service.proposed else 0)
    for lokus in loci:
        card = cards.get(lokus.pk)
        hidden = set() if card is None else hidden_from(user, lokus, version, (card,)).indicators
        losses = {} if card is None else held_back(card)
        for (place, name), count in sorted(needs.items()):
            if place != lokus.pk:
                continue
            told = card is not None and name in losses and name not in hidden
            gains = _gains(card, name, losses[name], open_[place, name], count) if told and card else (0,) * (count + 1)
            points = Decimal(gains[-1]) / PART / count if told else None
            yield Gap(f"{place}:{name}", lokus, name, count, proposed[place, name], points, gains)


def _cards(loci: Sequence[Lokus], version: InstrumentVersion) -> dict[int, Card]:
    if not loci:
        return {}
    cycle = loci[0].cycle
    rounds = list(cycle.rounds.order_by("opens", "id"))
    counted = counted_rounds(loci, version)
    pairs = []
    for lokus in loci:
        shown, _before = shown_rounds(rounds, counted.get(lokus.pk, ()), today_in(cycle))
        if shown is not None:
            pairs.append((lokus, shown))
    cards = cards_of(pairs, version)
    return {lokus.pk: cards[lokus.pk, shown.pk] for lokus, shown in pairs}


def _gains(card: Card, name: str, loss: Fraction, open_: int, count: int) -> tuple[int, ...]:
    """Points of the total (in PART) by how many of the needs are closed.

    Exact, with thresholds and bands, where each family is one unit of a share or count; else the loss is parted
    equally among all open needs. Never falling: where a rule runs the other way nothing is gained.
    """
    indicator, score = card.instrument.indicators[name], card.unit.indicators[name]
    if score.points is not None and score.points < 1 and _is_counted(indicator):
        whole = loss / (1 - score.points)
        found = [_after(card, indicator, closed) - score.points for closed in range(count + 1)]
        parts = [int(whole * gain * PART) for gain in found]
    else:
        parts = [int(loss * Fraction(closed, max(1, open_)) * PART) for closed in range(count + 1)]
    rising, most = [], 0
    for part in parts:
        most = max(most, part)
        rising.append(most)
    return tuple(rising)


def _is_counted(indicator: Indicator) -> bool:
    return indicator.aggregate in {"share", "count"} and indicator.over == HOUSEHOLD


def _after(card: Card, indicator: Indicator, closed: int) -> Fraction:
    """The share of points once so many families more say what is better."""
    tally = card.tally.indicators[indicator.name]
    scale = Fraction(card.instrument.scale)
    up = min(tally.n, tally.true + closed)
    down = max(0, tally.true - closed)
    shares = [survey_score(indicator, tally._replace(true=true), scale).points for true in (up, down)]
    now = survey_score(indicator, tally, scale).points or Fraction(0)
    return max([now, *(share for share in shares if share is not None)])


# --- what can be done -------------------------------------------------------------------------------------------------
def _measures(
    measures: Sequence[Measure], loci: Sequence[Lokus], gaps: Mapping[str, Gap], offices: Mapping[int, Office]
) -> Iterator[tuple[Doing, Action]]:
    """A measure for any lokus is one action in each of them."""
    for measure in measures:
        office = offices[measure.agency_id]
        for lokus in loci:
            if measure.lokus_id not in {None, lokus.pk}:
                continue
            serves = tuple((f"{lokus.pk}:{name}", int(reach)) for name, reach in sorted(measure.serves.items()))
            serves = tuple((key, reach) for key, reach in serves if key in gaps)
            if not serves and not measure.least:
                continue
            key = f"m{measure.pk}@{lokus.pk}"
            useful = max((gaps[item].needs for item, _reach in serves), default=0)
            action = Action(
                key=key,
                agency=str(office.id),
                serves=serves,
                cost=_up(measure.cost),
                most=max(useful, measure.least) if measure.most is None else measure.most,
                least=measure.least,
                days=measure.days,
                purses=frozenset(f"{office.id}:{fund}" for fund in measure.funds) or None,
            )
            yield Doing(key, office, measure.title, measure.unit, lokus, measure.cost), action


def _proposals(
    commitments: Sequence[Commitment],
    table: Table,
    loci: Sequence[Lokus],
    gaps: Mapping[str, Gap],
    offices: Mapping[int, Office],
) -> Iterator[tuple[Doing, Action]]:
    """An usulan is done whole or not at all; it closes the gaps that it was made for, as far as its volume reaches."""
    reached: dict[int, dict[str, int]] = {}
    for lot in table.whole:
        if not lot.service.is_gap:
            continue
        for promise in lot.service.proposed:
            own = reached.setdefault(promise.id, {})
            own[f"{lot.lokus}:{lot.indicator}"] = own.get(f"{lot.lokus}:{lot.indicator}", 0) + lot.count
    promises: Mapping[int, Promise] = {promise.id: promise for promise in table.promises}
    places = {lokus.pk: lokus for lokus in loci}
    for row in commitments:
        serves = tuple((key, _within(promises[row.pk], count)) for key, count in reached.get(row.pk, {}).items())
        serves = tuple((key, count) for key, count in sorted(serves) if key in gaps and count)
        if not serves or row.budget is None:
            continue
        office = offices[row.agency_id]
        paid = row.fund if row.fund not in {"", Fund.RENJA} else ""
        days = (row.ends - row.starts).days if row.starts and row.ends else 0
        action = Action(
            key=f"k{row.number}",
            agency=str(office.id),
            serves=serves,
            cost=_up(row.budget),
            most=1,
            days=days,
            purses=frozenset({f"{office.id}:{paid}"}) if paid else None,
        )
        where = places.get(row.lokus_id) if row.lokus_id else None
        yield Doing(action.key, office, row.title, "", where, row.budget, row.number), action


def _within(promise: Promise, count: int) -> int:
    """Of so many needs those that its volume reaches."""
    return count if promise.volume is None else min(count, int(promise.volume))


# --- money ------------------------------------------------------------------------------------------------------------
def _havings(purses: Sequence[Purse], offices: Mapping[int, Office]) -> dict[str, Having]:
    """By key; what was said under an agency's earlier name and under that of now is one purse."""
    found: dict[str, Having] = {}
    for purse in purses:
        office = offices[purse.agency_id]
        key = f"{office.id}:{purse.fund}"
        before = found[key].left if key in found else Decimal(0)
        found[key] = Having(key, office, purse.fund, before + purse.left, purse.opens, purse.closes)
    return found


def _money(having: Having, begins: date, ends: date) -> Money:
    left = int(having.left.to_integral_value(ROUND_FLOOR))
    return Money(having.key, str(having.office.id), left, having.opens or begins, having.closes or ends)


def _up(cost: Decimal) -> int:
    return int(cost.to_integral_value(ROUND_CEILING))
