"""Rehearsals as pages show them: the year's, one of them lokus by lokus, its sheet, and the tasks that came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from selaras.access import (
    PHRASES,
    demand,
    gladi_for,
    gladi_tasks_for,
    markers_of,
    may_hold_gladi,
    may_see_preparation,
    may_settle_gladi_task,
    one,
    the_cycle,
)
from selaras.errors import Forbidden, Missing, Problem
from selaras.models import Cycle, Gladi, GladiMarker, GladiTask, InstrumentVersion, Lokus, TaskState, User
from selaras.queries.cards import Card, cards_of, exact
from selaras.queries.gladi_beside import (
    Apart,
    Champion,
    Forecast,
    LeftFigure,
    champions,
    forecast,
    left_figures,
    ours,
    won_before,
)
from selaras.queries.gladi_marks import ItemMark, judged_share, marks_of, next_option, sheets_per_lokus, worth
from selaras.queries.gladi_sheets import ItemLine, item_lines, judged
from selaras.queries.plans import AgencyRef, agencies_of
from selaras.queries.programme import counted_rounds, cycle_ref, lokus_ref, primary_of, shown_rounds, today_in
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown
from selaras.queries.usual import BUNDLES, programmes_called
from selaras.scoring.instrument import Indicator, Instrument


@dataclass(frozen=True, slots=True)
class LokusMarked:
    """One lokus in one rehearsal: sheets that count, the share of the marked items' points earned, points lost."""

    lokus: LokusRef
    sheets: int
    share: Decimal | None
    lost: Decimal


@dataclass(frozen=True, slots=True)
class GladiLine:
    """One rehearsal in the list."""

    number: int
    starts: date
    ends: date
    closed: bool
    loci: tuple[LokusMarked, ...]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A lost point as somebody's task. `points` of the total are at stake; `late`: open after its day."""

    id: UUID
    lokus: LokusRef
    indicator: str
    label: str
    gladi: int
    points: Decimal
    text: str
    agency: AgencyRef | None
    person: str
    due: date | None
    said: str
    is_said_done: bool
    closed_in: int | None
    late: bool
    version: int
    may_settle: bool


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """Tasks of the year: still open, said to be done, and shown to be closed by a later rehearsal."""

    open: int
    said: int
    closed: int
    late: int


@dataclass(frozen=True, slots=True)
class GladiListPage:
    """The year's rehearsals, what stands beside them, and what is left to do. `items`: judged items of the year.

    `apart`: who won in the year before in another programme than the year's own, and is not beside. `programme`: that
    one, '' where nothing tells which it is: then who won in any stands beside.
    `is_won`: whether one in its own is on record. `left`: figures that nothing shows beside, for who may remove them.
    """

    cycle: CycleRef
    lines: tuple[GladiLine, ...]
    loci: tuple[LokusRef, ...]
    counts: TaskCounts
    champions: tuple[Champion, ...]
    programme: str
    apart: tuple[Apart, ...]
    is_won: bool
    left: tuple[LeftFigure, ...]
    forecast: Forecast
    aspects: tuple[tuple[str, str], ...]
    scale: Decimal
    items: int
    today: date
    may_hold: bool
    may_open: bool

    @property
    def year_before(self) -> int:
        """The year whose champion stands beside."""
        return self.cycle.year - 1

    @property
    def programmes(self) -> str:
        """Those that an instrument or a year's name can tell."""
        return programmes_called(BUNDLES)

    @property
    def owners(self) -> frozenset[str]:
        """Who could tell of which programme those apart are: `here`, `elsewhere`."""
        return frozenset(one_.owner for one_ in self.apart if one_.owner)


@dataclass(frozen=True, slots=True)
class ItemFound:
    """One item of a lokus: `share` earned, `points` of the total lost, what was ticked, what would earn more, why."""

    name: str
    label: str
    aspect: str
    share: Decimal
    points: Decimal
    marks: int
    ticked: tuple[str, ...]
    wanted: str
    evidence: str
    notes: tuple[str, ...]
    before: Decimal | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may be asked to mark; `asked`: whether she was."""

    id: UUID
    name: str
    asked: bool
    sent: bool


@dataclass(frozen=True, slots=True)
class LokusFound:
    """One lokus of one rehearsal: items by what they lose, the worst first; those not marked; who marks."""

    marked: LokusMarked
    items: tuple[ItemFound, ...]
    whole: int
    unmarked: tuple[str, ...]
    people: tuple[Person, ...]
    closed_since: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GladiPage:
    """One rehearsal."""

    cycle: CycleRef
    number: int
    starts: date
    ends: date
    closed_at: datetime | None
    loci: tuple[LokusFound, ...]
    before: int | None
    may_hold: bool
    today: date


@dataclass(frozen=True, slots=True)
class SheetPage:
    """The sheet to print and to type from: items under their aspects."""

    cycle: CycleRef
    lokus: LokusRef
    number: int
    parts: tuple[tuple[str, tuple[ItemLine, ...]], ...]
    closed: bool
    sheets: int


@dataclass(frozen=True, slots=True)
class TasksPage:
    """The tasks: open ones by their day, hers before others', then those that a rehearsal closed."""

    cycle: CycleRef
    open: tuple[TaskLine, ...]
    closed: tuple[TaskLine, ...]
    counts: TaskCounts
    agencies: tuple[AgencyRef, ...]
    today: date


def _seen(user: User, slug: str) -> Cycle:
    cycle = the_cycle(user, slug)
    demand(may_see_preparation, user, cycle)
    return cycle


def _loci(cycle: Cycle) -> list[Lokus]:
    return list(Lokus.objects.filter(cycle=cycle).select_related("place__parent", "cycle__place").order_by("area"))


# --- the year's -------------------------------------------------------------------------------------------------------
def gladi_list(user: User, slug: str, *, now: datetime | None = None) -> GladiListPage:
    """All rehearsals of the year, the newest first. Raises Missing, Forbidden."""
    cycle = _seen(user, slug)
    loci, version = _loci(cycle), primary_of(cycle)
    rows = list(gladi_for(user).filter(cycle=cycle).order_by("-number"))
    found = {row.pk: marks_of(row) for row in rows}
    newest = rows[0] if rows else None
    marks = found[newest.pk] if newest else {}
    scored = newest.version if newest else version
    instrument = None if scored is None else instrument_of(scored)
    scores = {} if scored is None else ours(user, scored, loci, _cards(loci, scored, cycle), marks)
    hold, won = may_hold_gladi(user, cycle), won_before(cycle, None if version is None else instrument_of(version))
    beside = () if instrument is None else champions(cycle, won, instrument, loci, scores)
    return GladiListPage(
        cycle=cycle_ref(cycle),
        lines=tuple(_line(row, loci, found[row.pk]) for row in rows),
        loci=tuple(lokus_ref(lokus) for lokus in loci),
        counts=_counts(_tasks(user, cycle), today_in(cycle, now)),
        champions=beside,
        programme=won.programme,
        apart=won.others,
        is_won=bool(won.own),
        left=left_figures(cycle, beside) if hold else (),
        forecast=forecast(user, cycle, loci, scores, instrument.scale if instrument else Decimal(100)),
        aspects=() if instrument is None else _aspect_choices(instrument),
        scale=instrument.scale if instrument else Decimal(100),
        items=0 if version is None else len(judged(instrument_of(version))),
        today=today_in(cycle, now),
        may_hold=hold,
        may_open=hold and version is not None and (newest is None or newest.closed_at is not None),
    )


def _aspect_choices(instrument: Instrument) -> tuple[tuple[str, str], ...]:
    return tuple((name, shown(one_.labels, instrument) or name) for name, one_ in instrument.aspects.items())


def _cards(loci: Sequence[Lokus], version: InstrumentVersion, cycle: Cycle) -> dict[int, Card]:
    """The newest counted card of each lokus that has one. Four statements."""
    rounds = list(cycle.rounds.order_by("opens", "id"))
    counted = counted_rounds(loci, version)
    pairs = []
    for lokus in loci:
        round_, _before = shown_rounds(rounds, counted.get(lokus.pk, ()), today_in(cycle))
        if round_ is not None:
            pairs.append((lokus, round_))
    cards = cards_of(pairs, version)
    return {lokus.pk: cards[lokus.pk, round_.pk] for lokus, round_ in pairs}


def _line(row: Gladi, loci: Sequence[Lokus], marks: Mapping[int, Mapping[str, ItemMark]]) -> GladiLine:
    sheets = sheets_per_lokus(row)
    instrument = instrument_of(row.version)
    told = tuple(_marked(lokus, instrument, sheets.get(lokus.pk, 0), marks.get(lokus.pk, {})) for lokus in loci)
    return GladiLine(row.number, row.starts, row.ends, row.closed_at is not None, told)


def _marked(lokus: Lokus, instrument: Instrument, sheets: int, marks: Mapping[str, ItemMark]) -> LokusMarked:
    worths = worth(instrument)
    lost = sum((worths[name] * mark.lost for name, mark in marks.items()), Fraction(0))
    return LokusMarked(lokus_ref(lokus), sheets, exact(judged_share(instrument, marks)), exact(lost) or Decimal(0))


# --- one --------------------------------------------------------------------------------------------------------------
def gladi_page(user: User, slug: str, number: int, *, now: datetime | None = None) -> GladiPage:
    """One rehearsal, lokus by lokus, beside the one before it. Raises Missing, Forbidden."""
    cycle = _seen(user, slug)
    row = one(gladi_for(user), cycle=cycle, number=number)
    before = gladi_for(user).filter(cycle=cycle, number=number - 1).first()
    marks, earlier = marks_of(row), marks_of(before) if before else {}
    sheets = sheets_per_lokus(row)
    hold = may_hold_gladi(user, cycle)
    return GladiPage(
        cycle=cycle_ref(cycle),
        number=row.number,
        starts=row.starts,
        ends=row.ends,
        closed_at=row.closed_at,
        loci=tuple(
            _found(row, lokus, sheets.get(lokus.pk, 0), marks.get(lokus.pk, {}), earlier.get(lokus.pk, {}), hold=hold)
            for lokus in _loci(cycle)
        ),
        before=before.number if before else None,
        may_hold=hold,
        today=today_in(cycle, now),
    )


def _found(
    row: Gladi,
    lokus: Lokus,
    sheets: int,
    marks: Mapping[str, ItemMark],
    earlier: Mapping[str, ItemMark],
    *,
    hold: bool,
) -> LokusFound:
    instrument = instrument_of(row.version)
    worths = worth(instrument)
    lost = sorted((mark for mark in marks.values() if mark.lost), key=lambda mark: -worths[mark.indicator] * mark.lost)
    items = tuple(_item(instrument, worths, mark, earlier.get(mark.indicator)) for mark in lost)
    gone = [name for name, mark in earlier.items() if mark.lost and name in marks and not marks[name].lost]
    return LokusFound(
        marked=_marked(lokus, instrument, sheets, marks),
        items=items,
        whole=sum(not mark.lost for mark in marks.values()),
        unmarked=tuple(_label(instrument, one_) for one_ in judged(instrument) if one_.name not in marks),
        people=_people(row, lokus) if hold and row.closed_at is None else (),
        closed_since=tuple(_label(instrument, instrument.indicators[name]) for name in gone),
    )


def _item(
    instrument: Instrument, worths: Mapping[str, Fraction], mark: ItemMark, earlier: ItemMark | None
) -> ItemFound:
    indicator = instrument.indicators[mark.indicator]
    labels = {option.name: shown(option.labels, instrument) or option.name for option in indicator.options}
    wanted = next_option(indicator, mark, Fraction(instrument.scale))
    aspect = instrument.aspects[indicator.aspect]
    return ItemFound(
        name=indicator.name,
        label=_label(instrument, indicator),
        aspect=shown(aspect.labels, instrument) or aspect.name,
        share=exact(mark.share) or Decimal(0),
        points=exact(worths[indicator.name] * mark.lost) or Decimal(0),
        marks=mark.marks,
        ticked=tuple(dict.fromkeys(labels[name] for name in mark.options)),
        wanted=labels[wanted.name] if wanted else "",
        evidence=indicator.evidence,
        notes=mark.notes,
        before=None if earlier is None else exact(earlier.share),
    )


def _label(instrument: Instrument, indicator: Indicator) -> str:
    return shown(indicator.labels, instrument) or indicator.name


def _people(row: Gladi, lokus: Lokus) -> tuple[Person, ...]:
    asked = set(GladiMarker.objects.filter(gladi=row, lokus=lokus).values_list("user_id", flat=True))
    sent = set(row.sheets.filter(lokus=lokus, replaced=False).values_list("marker_id", flat=True))
    able = markers_of(row, lokus)
    return tuple(Person(user.uuid, user.get_full_name(), user.pk in asked, user.pk in sent) for user in able)


def who_could_mark(user: User, slug: str, number: int, code: str) -> tuple[Person, ...]:
    """Who may be asked to mark that lokus. Raises Missing, Forbidden."""
    page = gladi_page(user, slug, number)
    return next((found.people for found in page.loci if found.marked.lokus.code == code), ())


def sheet_page(user: User, slug: str, number: int, code: str) -> SheetPage:
    """The sheet of one lokus, to whoever holds the rehearsal. Raises Missing, Forbidden."""
    cycle = _seen(user, slug)
    demand(may_hold_gladi, user, cycle)
    row = one(gladi_for(user), cycle=cycle, number=number)
    lokus = next((each for each in _loci(cycle) if each.area == code), None)
    if lokus is None:
        raise Missing(Problem("access.missing"))
    parts = tuple((label, tuple(items)) for label, items in item_lines(instrument_of(row.version)))
    sheets = sheets_per_lokus(row).get(lokus.pk, 0)
    return SheetPage(cycle_ref(cycle), lokus_ref(lokus), number, parts, row.closed_at is not None, sheets)


# --- tasks ------------------------------------------------------------------------------------------------------------
def tasks_page(user: User, slug: str, *, now: datetime | None = None) -> TasksPage:
    """The tasks that came of the year's rehearsals. Raises Missing, Forbidden."""
    cycle = _seen(user, slug)
    today = today_in(cycle, now)
    rows = _tasks(user, cycle)
    lines = [_task(user, row, today) for row in rows]
    open_ = sorted((line for line in lines if line.closed_in is None), key=_order)
    return TasksPage(
        cycle=cycle_ref(cycle),
        open=tuple(open_),
        closed=tuple(line for line in lines if line.closed_in is not None),
        counts=_counts(rows, today),
        agencies=tuple(AgencyRef(row.pk, row.short_name, row.name) for row in agencies_of(cycle)),
        today=today,
    )


def _order(line: TaskLine) -> tuple[bool, bool, date, Decimal]:
    return line.is_said_done, not line.may_settle, line.due or date.max, -line.points


def _tasks(user: User, cycle: Cycle) -> list[GladiTask]:
    rows = gladi_tasks_for(user).filter(gladi__cycle=cycle)
    rows = rows.select_related(
        "gladi__version__workbook", "gladi__cycle__place", "lokus__place__parent", "lokus__cycle", "agency", "closed_in"
    )
    return list(rows.order_by("due", "pk"))


def task_lines(user: User, cycle: Cycle, today: date) -> list[TaskLine]:
    """The open tasks of the year, those with the most at stake first."""
    lines = [_task(user, row, today) for row in _tasks(user, cycle) if row.closed_in_id is None]
    return sorted(lines, key=lambda line: -line.points)


def _counts(rows: Sequence[GladiTask], today: date) -> TaskCounts:
    open_ = [row for row in rows if row.closed_in_id is None]
    said = sum(row.state == TaskState.DONE for row in open_)
    late = sum(_is_late(row, today) for row in open_)
    return TaskCounts(len(open_) - said, said, len(rows) - len(open_), late)


def _is_late(row: GladiTask, today: date) -> bool:
    return row.state == TaskState.OPEN and row.due is not None and row.due < today and row.closed_in_id is None


def _task(user: User, row: GladiTask, today: date) -> TaskLine:
    instrument = instrument_of(row.gladi.version)
    indicator = instrument.indicators.get(row.indicator)
    worths = worth(instrument)
    lost = Fraction(row.lost or 0) * worths.get(row.indicator, Fraction(0))
    return TaskLine(
        id=row.uuid,
        lokus=lokus_ref(row.lokus),
        indicator=row.indicator,
        label=row.indicator if indicator is None else _label(instrument, indicator),
        gladi=row.gladi.number,
        points=exact(lost) or Decimal(0),
        text=row.text,
        agency=None if row.agency is None else AgencyRef(row.agency.pk, row.agency.short_name, row.agency.name),
        person=row.person,
        due=row.due,
        said=row.said,
        is_said_done=row.state == TaskState.DONE,
        closed_in=None if row.closed_in is None else row.closed_in.number,
        late=_is_late(row, today),
        version=row.version,
        may_settle=row.closed_in_id is None and may_settle_gladi_task(user, row),
    )


def demand_holding(user: User, slug: str) -> None:
    """Raises Missing, and Forbidden where she does not hold the year's rehearsals."""
    demand(may_hold_gladi, user, the_cycle(user, slug))


def demand_settling(line: TaskLine) -> None:
    """Raises Forbidden where the task is not hers to change; what a rehearsal closed is nobody's."""
    if not line.may_settle and line.closed_in is None:
        raise Forbidden(Problem("access.forbidden", values={"what": PHRASES["may_settle_gladi_task"]}))


def task_of(page: TasksPage, task: UUID) -> TaskLine:
    """That task of the page. Raises Missing."""
    found = next((line for line in (*page.open, *page.closed) if line.id == task), None)
    if found is None:
        raise Missing(Problem("access.missing"))
    return found
