"""Rehearsals: open one, ask people of other kelurahan to mark, close it; what was lost becomes tasks with an owner."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import (
    Actor,
    demand,
    gladi_for,
    gladi_tasks_for,
    markers_of,
    may_hold_gladi,
    may_settle_gladi_task,
    named_in,
    one,
    the_cycle,
)
from selaras.actions import audit
from selaras.actions.gladi_sheets import plain
from selaras.errors import InputError, Problem
from selaras.models import Agency, Cycle, Gladi, GladiMarker, GladiTask, Lokus, TaskState, User
from selaras.queries.gladi_marks import ItemMark, marks_of, next_option
from selaras.queries.gladi_sheets import version_items
from selaras.queries.plans import agencies_of
from selaras.queries.programme import primary_of
from selaras.queries.rules import instrument_of
from selaras.scoring.instrument import Indicator, Instrument, Option
from selaras.scoring.numbers import half_up

#: How long a task that a rehearsal made may take, where nobody says otherwise.
USUAL_DAYS = 14
_LONGEST = 500
#: A day farther from the programme year than this was mistyped.
_YEARS = 5


def open_gladi(*, by: Actor, cycle_slug: str, starts: date, ends: date) -> Gladi:
    """The year's next rehearsal, by its primary instrument. One at a time. Raises Missing, Forbidden, InputError."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_hold_gladi, by, cycle)
    version = primary_of(cycle)
    if version is None:
        raise InputError(Problem("gladi.no_instrument"))
    if not version_items(version):
        raise InputError(Problem("gladi.no_items"))
    if ends < starts:
        raise InputError(Problem("gladi.dates", "ends"))
    far = next((day for day in (starts, ends) if abs(day.year - cycle.year) > _YEARS), None)
    if far is not None:
        raise InputError(Problem("gladi.far", "starts", {"found": far.isoformat()}))
    with transaction.atomic():
        Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
        newest = Gladi.objects.filter(cycle=cycle).order_by("-number").first()
        if newest is not None and newest.closed_at is None:
            raise InputError(Problem("gladi.open", values={"number": newest.number}))
        made = Gladi.objects.create(
            cycle=cycle,
            number=newest.number + 1 if newest else 1,
            version=version,
            starts=starts,
            ends=ends,
            opened_by=by if isinstance(by, User) else None,
        )
        _record(by, "gladi.open", made, starts=starts.isoformat(), closes=ends.isoformat())
    return made


def ask_markers(*, by: Actor, cycle_slug: str, number: int, code: str, people: Sequence[UUID]) -> list[GladiMarker]:
    """Who marks that lokus, in place of whoever was asked before. Raises Missing, Forbidden, InputError."""
    gladi = _held(by, cycle_slug, number)
    lokus = one(Lokus.objects.select_related("place").filter(cycle=gladi.cycle), area=code)
    able = {user.uuid: user for user in markers_of(gladi, lokus)}
    wrong = [str(uuid) for uuid in people if uuid not in able]
    if wrong:
        names = dict(User.objects.filter(uuid__in=wrong).values_list("uuid", "full_name"))
        said = [names.get(UUID(uuid), uuid) for uuid in wrong]
        raise InputError([Problem("gladi.marker", "people", {"who": who}) for who in said])
    with transaction.atomic():
        GladiMarker.objects.filter(gladi=gladi, lokus=lokus).exclude(user__uuid__in=people).delete()
        for uuid in dict.fromkeys(people):
            GladiMarker.objects.get_or_create(gladi=gladi, lokus=lokus, user=able[uuid])
        _record(by, "gladi.ask", gladi, lokus=lokus.pk, people=len(set(people)))
    return list(GladiMarker.objects.filter(gladi=gladi, lokus=lokus).select_related("user"))


def close_gladi(*, by: Actor, cycle_slug: str, number: int) -> Gladi:
    """Take no more sheets, and make a task of each lost point.

    A task of an earlier rehearsal whose item is whole now is closed by this one; one whose item still loses stays the
    same task, with what it loses and what would earn it now.

    Raises Missing, Forbidden, InputError where no sheet has come.
    """
    with transaction.atomic():
        gladi = _held(by, cycle_slug, number, lock=True)
        found = marks_of(gladi)
        if not found:
            raise InputError(Problem("gladi.no_sheets"))
        instrument = instrument_of(gladi.version)
        made = closed = 0
        for lokus, marks in found.items():
            new, gone = _settled(gladi, instrument, lokus, marks)
            made, closed = made + new, closed + gone
        Gladi.objects.filter(pk=gladi.pk).update(closed_at=timezone.now())
        _record(by, "gladi.close", gladi, tasks=made, closed=closed)
    gladi.refresh_from_db()
    return gladi


def _settled(gladi: Gladi, instrument: Instrument, lokus: int, marks: dict[str, ItemMark]) -> tuple[int, int]:
    """Tasks made and closed for one lokus."""
    # Whoever says this moment that one is done is through first: else her word and this would be one version.
    tasks = GladiTask.objects.select_for_update(no_key=True).filter(lokus=lokus, closed_in__isnull=True)
    open_ = {row.indicator: row for row in tasks.order_by("pk")}
    made = closed = 0
    for name, mark in marks.items():
        task, indicator = open_.get(name), instrument.indicators[name]
        if not mark.lost:
            if task is not None:
                GladiTask.objects.filter(pk=task.pk).update(closed_in=gladi, version=task.version + 1)
                closed += 1
            continue
        lost = half_up(mark.lost)
        if task is not None:
            again = _again(gladi, task, instrument, indicator, mark)
            GladiTask.objects.filter(pk=task.pk).update(**again, lost=lost, version=task.version + 1)
            continue
        GladiTask.objects.create(
            gladi=gladi,
            lokus_id=lokus,
            indicator=name,
            lost=lost,
            text=task_text(instrument, indicator, mark),
            agency=_named(indicator, agencies_of(gladi.cycle)),
            due=gladi.ends + timedelta(days=USUAL_DAYS),
        )
        made += 1
    return made, closed


def _again(
    gladi: Gladi, task: GladiTask, instrument: Instrument, indicator: Indicator, mark: ItemMark
) -> dict[str, Any]:
    """What a task that lives on says now. Its text is made anew where nobody wrote another; who was done, or is asked
    for more, gets the usual time again. A day that its owner let pass stays passed."""
    text = task_text(instrument, indicator, mark)
    if task.text not in {_text(instrument, indicator, wanted) for wanted in (None, *indicator.options)}:
        text = task.text
    due = task.due
    if due is not None and (task.state == TaskState.DONE or text != task.text):
        due = max(due, gladi.ends + timedelta(days=USUAL_DAYS))
    return {"text": text, "due": due, "state": TaskState.OPEN}


def task_text(instrument: Instrument, indicator: Indicator, mark: ItemMark) -> str:
    """What would earn the lost points, as the instrument says it: the next option, and what a jury asks to see."""
    return _text(instrument, indicator, next_option(indicator, mark, Fraction(instrument.scale)))


def _text(instrument: Instrument, indicator: Indicator, wanted: Option | None) -> str:
    language = instrument.form.default_language
    label = indicator.labels.get(language, indicator.name)
    said = f"{label}: {wanted.labels.get(language, wanted.name)}" if wanted is not None else label
    return (f"{said}. Siapkan: {indicator.evidence}" if indicator.evidence else said)[:_LONGEST]


def _named(indicator: Indicator, agencies: Iterable[Agency]) -> Agency | None:
    """The first agency of the place that the workbook names for the item, under its name of now."""
    named = named_in(indicator.agency)
    fit = [agency for agency in agencies if agency.valid_to is None and agency.short_name.casefold() in named]
    return fit[0] if fit else None


# --- tasks ------------------------------------------------------------------------------------------------------------
def change_task(
    *,
    by: Actor,
    cycle_slug: str,
    task: UUID,
    version: int,
    text: str,
    agency_id: int | None,
    person: str,
    due: date | None,
) -> GladiTask:
    """Who does what until when. Raises Missing, Forbidden, InputError (`gladi.stale` where somebody was quicker)."""
    with transaction.atomic():
        found = _the_task(by, cycle_slug, task, version)
        agency = None
        if agency_id is not None:
            agency = agencies_of(found.gladi.cycle).filter(pk=agency_id).first()
            if agency is None:
                raise InputError(Problem("gladi.agency", "agency"))
        if not text.strip():
            raise InputError(Problem("gladi.text", "text"))
        found.text, found.agency, found.person, found.due = text.strip()[:_LONGEST], agency, person.strip()[:150], due
        _saved(by, "gladi.change_task", found)
    return found


def say_done(*, by: Actor, cycle_slug: str, task: UUID, version: int, said: str) -> GladiTask:
    """Its owner says that it is done, and what was done; a later rehearsal shows whether. Raises as `change_task`."""
    with transaction.atomic():
        found = _the_task(by, cycle_slug, task, version)
        if not plain(said):
            raise InputError(Problem("gladi.said", "said"))
        found.state, found.said = TaskState.DONE, plain(said)[:300]
        _saved(by, "gladi.say_done", found)
    return found


def reopen_task(*, by: Actor, cycle_slug: str, task: UUID, version: int) -> GladiTask:
    """It is not done after all. Raises as `change_task`."""
    with transaction.atomic():
        found = _the_task(by, cycle_slug, task, version)
        found.state = TaskState.OPEN
        _saved(by, "gladi.reopen_task", found)
    return found


def _the_task(by: Actor, cycle_slug: str, task: UUID, version: int) -> GladiTask:
    rows = gladi_tasks_for(by).select_for_update(of=("self",))
    found = one(rows, gladi__cycle__slug=cycle_slug, uuid=task)
    demand(may_settle_gladi_task, by, found)
    if found.closed_in is not None:
        raise InputError(Problem("gladi.shown", values={"number": found.closed_in.number}))
    if found.version != version:
        raise InputError(Problem("gladi.stale", "version"))
    return found


def _saved(by: Actor, action: str, task: GladiTask) -> None:
    task.version += 1
    task.save()
    audit.record(
        by=by,
        action=action,
        object_type="gladi_task",
        object_id=task.uuid,
        place_code=task.lokus.area,
        indicator=task.indicator,
        agency=task.agency_id,
        due=task.due.isoformat() if task.due else None,
    )


# --- shared -----------------------------------------------------------------------------------------------------------
def _held(by: Actor, cycle_slug: str, number: int, *, lock: bool = False) -> Gladi:
    """That rehearsal while it is open, to whoever holds it; `lock`: no sheet is added until the transaction ends."""
    rows = gladi_for(by).select_for_update(of=("self",), no_key=True) if lock else gladi_for(by)
    gladi = one(rows, cycle__slug=cycle_slug, number=number)
    demand(may_hold_gladi, by, gladi.cycle)
    if gladi.closed_at is not None:
        raise InputError(Problem("gladi.closed"))
    return gladi


def _record(by: Actor, action: str, gladi: Gladi, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="gladi",
        object_id=gladi.uuid,
        place_code=gladi.cycle.place.code,
        number=gladi.number,
        **details,
    )
