"""Langkah berikutnya: what to do first and why, in plain order; behind it the exact plan with what it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from selaras.access import demand, may_plan, may_see_preparation, the_cycle
from selaras.models import Cycle, InstrumentVersion, Measure, Purse, Stage, User
from selaras.queries.gladi import TaskLine, task_lines
from selaras.queries.matrix_rows import loci_of
from selaras.queries.planning_ground import Doing, Gap, Ground, Having, ground_of
from selaras.queries.plans import AgencyRef, agencies_of
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of, today_in
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown
from selaras.scoring.planning.asking import Later, Why, days_of, left_by, money_of
from selaras.scoring.planning.conflict import Conflict
from selaras.scoring.planning.program import UnsolvedError
from selaras.scoring.planning.situation import PART, Action
from selaras.scoring.planning.solving import Plan, plan_of

#: Seconds that a page waits for each part of the plan.
PATIENCE = 4.0


@dataclass(frozen=True, slots=True)
class NeedStep:
    """Needs that nobody has promised, of one indicator in one lokus. `named`: agencies of the workbook.

    `planned` of them the plan closes; None where there is no plan. `points` are what all of them would give.
    """

    lokus: LokusRef
    indicator: str
    label: str
    named: str
    needs: int
    proposed: int
    points: Decimal | None
    planned: int | None


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What the plan has one agency do, paid by one fund: `units` of it; which needs, how many, in which lokus."""

    office: str
    fund: str
    title: str
    unit: str
    units: int
    cost: Decimal
    number: int | None
    where: str


@dataclass(frozen=True, slots=True)
class PlanPurse:
    """A purse, what the plan spends of it, and how little more would close how many needs more (None: none would)."""

    id: UUID
    office: str
    fund: str
    left: Decimal
    spent: Decimal
    opens: date | None
    closes: date | None
    source: str
    more_money: Decimal | None
    more_needs: int


@dataclass(frozen=True, slots=True)
class LeftLine:
    """Needs that the plan deliberately leaves, and why; `cheapest` rupiah would close one."""

    label: str
    lokus: str
    needs: int
    why: Why
    cheapest: Decimal | None


@dataclass(frozen=True, slots=True)
class Clash:
    """One of the rules that cannot hold together: its kind, what it is about, what it says, by how much it is short.

    Of what must be done and no money could do: `unpaid` where no fund may pay for it, `late` where none is open for
    so long.
    """

    kind: str
    what: str
    bound: Decimal
    short: Decimal | None


@dataclass(frozen=True, slots=True)
class PlanShown:
    """The plan: closes `needs` of `gaps`, gains `points`, spends `cost`. With `clashes` there is none."""

    lines: tuple[PlanLine, ...]
    needs: int
    gaps: int
    points: Decimal
    cost: Decimal
    proved: bool
    missed: int
    left: tuple[LeftLine, ...]
    later: tuple[Later, ...]
    clashes: tuple[Clash, ...]


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """What an agency could do once more."""

    id: UUID
    agency: str
    title: str
    unit: str
    lokus: str
    serves: tuple[tuple[str, int], ...]
    cost: Decimal
    least: int
    most: int | None
    days: int
    funds: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class NextStepsPage:
    """The page. `begins` … `ends`: the days that the plan counts with; `worked` is the day on which work began.

    `plan` is None where nobody has said yet what agencies have left and could do, or (`unsolved`) it took too long.
    """

    cycle: CycleRef
    begins: date
    ends: date
    today: date
    worked: date | None
    steps: tuple[NeedStep, ...]
    tasks: tuple[TaskLine, ...]
    untold: int
    plan: PlanShown | None
    unsolved: bool
    purses: tuple[PlanPurse, ...]
    measures: tuple[MeasureLine, ...]
    agencies: tuple[AgencyRef, ...]
    loci: tuple[LokusRef, ...]
    indicators: tuple[tuple[str, str], ...]
    may_plan: bool


def next_steps(user: User, slug: str, *, begins: date | None = None, now: datetime | None = None) -> NextStepsPage:
    """What to do next in that year, as if it began on `begins` (today). Raises Missing, Forbidden."""
    cycle, _everywhere, own = loci_of(user, slug)
    demand(may_see_preparation, user, cycle)
    version = primary_of(cycle)
    today = today_in(cycle, now)
    begins = begins or today
    worked, ends = _days(cycle)
    ground = ground_of(user, cycle, own, version, (begins, ends))
    plan, unsolved = _plan(ground)
    reader = _Reader(ground, version)
    return NextStepsPage(
        cycle=cycle_ref(cycle),
        begins=begins,
        ends=ends,
        today=today,
        worked=worked,
        steps=tuple(reader.steps(plan)),
        tasks=tuple(task_lines(user, cycle, today)),
        untold=ground.untold,
        plan=None if plan is None else reader.shown(plan),
        unsolved=unsolved,
        purses=tuple(_purses(cycle, ground, plan)),
        measures=tuple(_measures(cycle, reader)),
        agencies=tuple(AgencyRef(row.pk, row.short_name, row.name) for row in agencies_of(cycle)),
        loci=tuple(lokus_ref(lokus) for lokus in own),
        indicators=reader.indicators(),
        may_plan=may_plan(user, cycle),
    )


def demand_planning(user: User, slug: str) -> None:
    """Raises Missing, and Forbidden where she does not keep what the year is planned with."""
    demand(may_plan, user, the_cycle(user, slug))


def _days(cycle: Cycle) -> tuple[date | None, date]:
    """First and last day of work: of the stage that is called so, else until the last stage that only looks back."""
    stages = list(Stage.objects.filter(cycle=cycle).order_by("position"))
    work = [stage for stage in stages if "pelaksanaan" in stage.name.casefold()]
    if work:
        return work[0].starts, work[-1].ends
    before = [stage for stage in stages if "pemantauan" not in stage.name.casefold()]
    return (before[0].starts, max(stage.ends for stage in before)) if before else (None, date(cycle.year, 12, 31))


def _plan(ground: Ground) -> tuple[Plan | None, bool]:
    situation = ground.situation
    if not situation.actions or not situation.purses:
        return None, False
    try:
        return plan_of(situation, PATIENCE), False
    except UnsolvedError:
        return None, True


class _Reader:
    """Turns keys of the situation into words of the page."""

    def __init__(self, ground: Ground, version: InstrumentVersion | None) -> None:
        self._ground = ground
        self._instrument = None if version is None else instrument_of(version)

    def label(self, indicator: str) -> str:
        """The indicator for the reader; its name where the instrument has no such one."""
        known = None if self._instrument is None else self._instrument.indicators.get(indicator)
        if known is None or self._instrument is None:
            return indicator
        return shown(known.labels, self._instrument) or indicator

    def indicators(self) -> tuple[tuple[str, str], ...]:
        """What a measure may serve: indicators whose needs are open to somebody."""
        if self._instrument is None:
            return ()
        return tuple(
            (one.name, self.label(one.name)) for one in self._instrument.indicators.values() if one.origin == "survey"
        )

    def steps(self, plan: Plan | None) -> Iterator[NeedStep]:
        """Most families first, then most points."""
        ordered = sorted(self._ground.gaps.values(), key=lambda gap: (-gap.needs, -gap.gains[-1], gap.key))
        for gap in ordered:
            known = None if self._instrument is None else self._instrument.indicators.get(gap.indicator)
            yield NeedStep(
                lokus=lokus_ref(gap.lokus),
                indicator=gap.indicator,
                label=self.label(gap.indicator),
                named="" if known is None else known.agency,
                needs=gap.needs,
                proposed=gap.proposed,
                points=None if gap.points is None else Decimal(gap.gains[-1]) / PART,
                planned=None if plan is None or plan.conflicts else plan.closed.get(gap.key, 0),
            )

    def shown(self, plan: Plan) -> PlanShown:
        """The plan in words."""
        ground = self._ground
        situation = ground.situation
        left = () if plan.conflicts else left_by(situation, plan)
        return PlanShown(
            lines=tuple(self._line(action, purse, units) for (action, purse), units in plan.units.items()),
            needs=plan.needs,
            gaps=sum(gap.needs for gap in ground.gaps.values()),
            points=Decimal(plan.points) / PART,
            cost=Decimal(plan.cost),
            proved=plan.proved,
            missed=plan.missed,
            left=tuple(
                LeftLine(
                    self.label(ground.gaps[each.item].indicator),
                    ground.gaps[each.item].lokus.place.name,
                    each.needs,
                    each.why,
                    None if each.cheapest is None else Decimal(each.cheapest),
                )
                for each in sorted(left, key=lambda each: -each.needs)
            ),
            later=days_of(situation) if plan.proved else (),
            clashes=tuple(map(self._clash, plan.conflicts)),
        )

    def _line(self, action: str, purse: str, units: int) -> PlanLine:
        doing: Doing = self._ground.doings[action]
        having: Having = self._ground.havings[purse]
        where = doing.lokus.place.name if doing.lokus is not None else ""
        return PlanLine(
            office=doing.office.short_name,
            fund=having.fund,
            title=doing.title,
            unit=doing.unit,
            units=units,
            cost=doing.cost * units,
            number=doing.number,
            where=where,
        )

    def _clash(self, conflict: Conflict) -> Clash:
        kind, key = conflict.rule
        short = None if conflict.short is None else Decimal(conflict.short)
        if kind == "purse":
            having = self._ground.havings[key]
            return Clash(f"purse:{having.fund}", having.office.short_name, having.left, short)
        if kind == "wanted":
            gap: Gap = self._ground.gaps[key]
            return Clash(kind, self.label(gap.indicator), Decimal(gap.needs), short)
        doing = self._ground.doings[key]
        action = next(each for each in self._ground.situation.actions if each.key == key)
        bound = action.least if kind == "least" else action.most
        where = f" ({doing.lokus.place.name})" if doing.lokus is not None else ""
        said = self._unpayable(action) or kind if kind == "least" else kind
        return Clash(said, f"{doing.title}{where}", Decimal(bound), short)

    def _unpayable(self, action: Action) -> str:
        """Why no purse pays for it, whatever it holds; '' where one does."""
        situation = self._ground.situation
        if any(situation.pays(action, purse) for purse in situation.purses):
            return ""
        return "late" if any(situation.may_pay(action, purse) for purse in situation.purses) else "unpaid"


def _purses(cycle: Cycle, ground: Ground, plan: Plan | None) -> Iterator[PlanPurse]:
    rows = Purse.objects.filter(cycle=cycle).select_related("agency").order_by("agency__short_name", "fund")
    money = {} if plan is None or not plan.proved else {more.purse: more for more in money_of(ground.situation)}
    spent: dict[str, int] = {}
    costs = {action.key: action.cost for action in ground.situation.actions}
    for (action, purse), units in ({} if plan is None else plan.units).items():
        spent[purse] = spent.get(purse, 0) + costs[action] * units
    keys = {(having.office.id, having.fund): having for having in ground.havings.values()}
    for row in rows:
        having = next(
            (each for (_id, fund), each in keys.items() if fund == row.fund and row.agency_id in each.office.named),
            None,
        )
        key = "" if having is None else having.key
        more = money.get(key)
        yield PlanPurse(
            id=row.uuid,
            office=row.agency.short_name if having is None else having.office.short_name,
            fund=row.fund,
            left=row.left,
            spent=Decimal(spent.get(key, 0)),
            opens=row.opens,
            closes=row.closes,
            source=row.source,
            more_money=None if more is None else Decimal(more.money),
            more_needs=0 if more is None else more.needs,
        )


def _measures(cycle: Cycle, reader: _Reader) -> Iterator[MeasureLine]:
    rows = Measure.objects.filter(cycle=cycle, removed_at__isnull=True).select_related("agency", "lokus__place")
    for row in rows:
        yield MeasureLine(
            id=row.uuid,
            agency=row.agency.short_name,
            title=row.title,
            unit=row.unit,
            lokus=row.lokus.place.name if row.lokus else "",
            serves=tuple((reader.label(name), int(reach)) for name, reach in sorted(row.serves.items())),
            cost=row.cost,
            least=row.least,
            most=row.most,
            days=row.days,
            funds=tuple(row.funds),
            source=row.source,
        )
