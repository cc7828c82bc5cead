"""The page of a liaison, signed in or by a link: what her agency was asked, as cards to answer with a thumb."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from selaras.access import asks_for, demand, may_answer, may_open_answers, needs_named_for, the_cycle
from selaras.models import THIS_YEAR, Answer, Ask, AskVersion, CommitmentNeed, CommitmentState, Fund, Role, User
from selaras.queries.asks import Ground, fund_name, ground_of, open_counts
from selaras.queries.programme import cycle_ref, lokus_ref, today_in
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.words import told

#: Months that a usual piece of work takes.
USUAL_MONTHS = 3


@dataclass(frozen=True, slots=True)
class FundChoice:
    """A fund with its window: `perubahan`, `APBD Perubahan 2024`."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Family:
    """A family behind an ask, for who signed in or used her link's code; `served` already by this agency's answer."""

    need: int
    code: str
    name: str
    address: str
    rt: str
    rw: str
    served: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """How an ask is answered, or could be: families (None: all), fund, first and last month as `2024-05`."""

    volume: int | None
    fund: str
    starts: str
    ends: str


@dataclass(frozen=True, slots=True)
class Told:
    """One answer as it was given. `said` are its words, `fund` its fund's, months as days."""

    at: datetime
    by: str
    answer: str
    said: str
    volume: int | None
    fund: str
    starts: date | None
    ends: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReplyCard:
    """One ask. `families` is None where so few may not be told in this browser; `terms` is what the form begins with.

    `history` has the newest answer first. `may_change`: the year is open, and its day not past where it was answered.
    """

    id: UUID
    version: int
    label: str
    lokus: LokusRef
    families: int | None
    due: date | None
    late: bool
    answer: str
    reason: str
    terms: Terms
    may_change: bool
    history: tuple[Told, ...]
    named: tuple[Family, ...]


@dataclass(frozen=True, slots=True)
class RepliesPage:
    """All that one agency was asked. `met` asks wait for no answer: the newest measurement has closed their needs."""

    cycle: CycleRef
    unlocked: bool
    waiting: tuple[ReplyCard, ...]
    answered: tuple[ReplyCard, ...]
    met: int
    funds: tuple[FundChoice, ...]
    proposals: tuple[FundChoice, ...]
    months: tuple[date, ...]

    @property
    def total(self) -> int:
        """How many asks can be answered or were."""
        return len(self.waiting) + len(self.answered)

    @property
    def due(self) -> date | None:
        """The first day on which something is due that still waits."""
        return min((card.due for card in self.waiting if card.due is not None), default=None)

    @property
    def families(self) -> tuple[str, ...]:
        """The codes of the families that are named on it."""
        return tuple(sorted({family.code for card in (*self.waiting, *self.answered) for family in card.named}))


def replies_page(user: User, slug: str, *, now: datetime) -> RepliesPage:
    """What this person's agency was asked in that year: as many statements for one ask as for a hundred.

    Raises Missing.
    """
    cycle = the_cycle(user, slug)
    ground = ground_of(cycle)
    today = today_in(cycle, now)
    rows = asks_for(user, cycle, own=True)
    rows = rows.select_related("lokus__place__parent", "agency__place", "cycle__place", "commitment")
    asks = list(rows.order_by("due", "lokus__area", "id"))
    told = _history(asks, cycle.year)
    usual = _usual(asks, told, today)
    reading = _Reading(user, ground, open_counts(cycle), told, _families(user, asks, ground), usual, today)
    cards = [reading.card(ask) for ask in asks if ask.answer or reading.count(ask)]
    return RepliesPage(
        cycle=cycle_ref(cycle),
        unlocked=user.link is None or user.link.names_unlocked,
        waiting=tuple(card for card in cards if not card.answer),
        answered=tuple(card for card in cards if card.answer),
        met=len(asks) - len(cards),
        funds=tuple(FundChoice(fund, fund_name(fund, cycle.year)) for fund in Fund if fund in THIS_YEAR),
        proposals=tuple(FundChoice(fund, fund_name(fund, cycle.year)) for fund in _PROPOSALS),
        months=tuple(date(cycle.year + ahead, month, 1) for ahead in (0, 1) for month in range(1, 13)),
    )


def own_agency(user: User, slug: str) -> str:
    """The short name of the agency (agencies) whose liaison she is in that year. Raises Missing, Forbidden."""
    cycle = the_cycle(user, slug)
    demand(may_open_answers, user, cycle)
    now = timezone.now()
    rows = user.memberships.filter(Q(cycle=None) | Q(cycle=cycle), role=Role.LIAISON).select_related("agency")
    return ", ".join(sorted({str(row.agency) for row in rows if row.holds(now)}))


#: Where a proposal may find its money, the usual one first.
_PROPOSALS = (Fund.RENJA, Fund.PERUBAHAN, Fund.BAZNAS, Fund.CSR)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What every card of the page is made from, each read once."""

    user: User
    ground: Ground
    counts: Mapping[tuple[int, str], int]
    told: Mapping[int, list[Told]]
    named: Mapping[int, list[Family]]
    usual: Terms
    today: date

    def count(self, ask: Ask) -> int:
        return self.counts.get((ask.lokus_id, ask.indicator), 0)

    def card(self, ask: Ask) -> ReplyCard:
        families = self.ground.told(self.user, ask.lokus, ask.indicator, self.count(ask))
        history = [self._safe(ask, told) for told in self.told[ask.pk]]
        past = ask.due is not None and ask.due < self.today
        return ReplyCard(
            id=ask.uuid,
            version=ask.version,
            label=self.ground.label(ask.indicator),
            lokus=lokus_ref(ask.lokus),
            families=families,
            due=ask.due,
            late=past and not ask.answer,
            answer=ask.answer,
            reason=ask.reason,
            terms=self._terms(ask, families, history),
            may_change=may_answer(self.user, ask) and not (past and bool(ask.answer)),
            history=tuple(history),
            named=tuple(self.named[ask.pk]),
        )

    def _safe(self, ask: Ask, told: Told) -> Told:
        """An answer of before; its number of families is told as today's is: it was given where more may be known."""
        if told.volume is None:
            return told
        return replace(told, volume=self.ground.told(self.user, ask.lokus, ask.indicator, told.volume))

    def _terms(self, ask: Ask, families: int | None, history: Sequence[Told]) -> Terms:
        usual = self.usual
        if not history or history[0].answer == Answer.DECLINE:
            return Terms(families, usual.fund, usual.starts, usual.ends)
        last = history[0]
        fund = ask.commitment.fund if ask.commitment is not None and ask.commitment.fund else usual.fund
        return Terms(
            last.volume or families, fund, _month(last.starts) or usual.starts, _month(last.ends) or usual.ends
        )


def _history(asks: Iterable[Ask], year: int) -> Mapping[int, list[Told]]:
    """Ask -> its answers, the newest first. One statement."""
    found: dict[int, list[Told]] = defaultdict(list)
    rows = AskVersion.objects.filter(ask__in=[ask.pk for ask in asks]).select_related("by").order_by("ask", "-number")
    for row in rows:
        values: dict[str, Any] = row.values
        found[row.ask_id].append(
            Told(
                at=row.at,
                by=str(row.by) if row.by else "",
                answer=row.answer,
                said=told(Answer(row.answer).label),
                volume=values.get("volume"),
                fund=fund_name(values.get("fund") or "", year),
                starts=_day(values.get("starts")),
                ends=_day(values.get("ends")),
                reason=row.reason,
            )
        )
    return found


def _day(month: str | None) -> date | None:
    return date.fromisoformat(f"{month}-01") if month else None


def _month(day: date | None) -> str:
    return day.strftime("%Y-%m") if day else ""


def _families(user: User, asks: list[Ask], ground: Ground) -> Mapping[int, list[Family]]:
    """Ask -> its families by name, where she signed in or this browser has used its code. Two statements."""
    found: dict[int, list[Family]] = defaultdict(list)
    needs = list(needs_named_for(user, asks, ground.health, ground.agencies).order_by("household__code"))
    if not needs:
        return found
    serving = CommitmentNeed.objects.filter(commitment__in=[ask.commitment_id for ask in asks if ask.commitment_id])
    serving = serving.exclude(commitment__state=CommitmentState.CANCELLED)
    served = set(serving.values_list("commitment", "need"))
    for ask in asks:
        for need in needs:
            if (need.lokus_id, need.indicator) == (ask.lokus_id, ask.indicator):
                who = need.household
                taken = (ask.commitment_id, need.pk) in served
                found[ask.pk].append(Family(need.pk, who.code, who.head_name, who.address, who.rt, who.rw, taken))
    return found


def _usual(asks: list[Ask], told: Mapping[int, list[Told]], today: date) -> Terms:
    """What a form begins with: the fund of her newest answer, else this year's DPA; from next month, three months.

    The work stays inside the programme year as long as any of it is left.
    """
    newest = max(
        (ask for ask in asks if ask.commitment and ask.commitment.fund in THIS_YEAR and told[ask.pk]),
        key=lambda ask: told[ask.pk][0].at,
        default=None,
    )
    fund = newest.commitment.fund if newest is not None and newest.commitment is not None else Fund.DPA.value
    year = asks[0].cycle.year if asks else today.year
    first = 1 if today.year < year else min(today.month + 1, 12) if today.year == year else 10
    last = min(first + USUAL_MONTHS - 1, 12)
    return Terms(None, fund, f"{year}-{first:02}", f"{year}-{last:02}")
