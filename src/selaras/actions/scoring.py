"""The scoring job: from dirty answers to states, classes and counters. Pages read counters and never wait for it.

The dirty families are scored in batches by one statement each; what came out is written in short transactions, each of
which moves a few families' states and the counters together. So the counters are at every moment exactly the sum of
the states, and a job that dies in the middle has lost nothing but time.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor
from selaras.actions.checks import look_again
from selaras.actions.counting import Family, Outcome, Refs, store
from selaras.actions.jobs import Progress, enqueue_once
from selaras.actions.needs import follow
from selaras.models import (
    Counter,
    CurrentAnswers,
    CycleInstrument,
    IndicatorRef,
    InstrumentVersion,
    Lokus,
    Round,
    UnitCounter,
)
from selaras.odk.forms import Field
from selaras.queries.answers import Sheet, as_answers, sheets_of
from selaras.queries.rules import instrument_of
from selaras.scoring.answers import HOUSEHOLD_ID
from selaras.scoring.engines import tally
from selaras.scoring.expressions.tree import Binary, Name
from selaras.scoring.instrument import HOUSEHOLD, Expression, Indicator, Instrument
from selaras.scoring.sql.fields import used_fields
from selaras.scoring.tally import UnitTally

log = logging.getLogger("selaras")
#: Families that one statement scores: it costs 80 ms whether for one or for hundreds.
BATCH = 600
#: Families that one transaction writes: some 20 × 70 states, well under 200 ms.
WRITE = 20


@dataclass(frozen=True, slots=True)
class _Scorer:
    """One version of the cycle, ready to score."""

    version: InstrumentVersion
    instrument: Instrument
    refs: Refs
    primary: bool

    def score(self, sheets: Sequence[Sheet], round_: Round) -> tuple[dict[int, UnitTally], str]:
        """Every family's own tally, by id, and the engine's name."""
        answers = replace(as_answers(self.instrument, sheets), unit=HOUSEHOLD_ID)
        found = tally(self.instrument, answers, today=round_.closes)
        return {int(unit.unit or 0): unit for unit in found.units}, found.engine


def request_scoring(*, by: Actor | None, round_id: int) -> None:
    """Enqueue the scoring of whatever is dirty in a round, unless that already waits."""
    enqueue_once(by=by, kind="scoring.score", round=round_id)


def score_dirty(progress: Progress) -> None:
    """Score every dirty family of the job's round with every instrument of its cycle. Idempotent."""
    round_ = Round.objects.select_related("cycle__place").get(pk=progress.job.params["round"])
    scorers = _scorers(round_)
    done = 0
    while sheets := _dirty(round_):
        total = done + CurrentAnswers.objects.filter(round=round_, dirty=True).count()
        progress.say(done, total, note="menghitung nilai keluarga")
        scored = [(scorer, *scorer.score([sheet for _, sheet in sheets], round_)) for scorer in scorers]
        for start in range(0, len(sheets), WRITE):
            chunk = sheets[start : start + WRITE]
            _store(chunk, round_, scored, timezone.now())
            done += len(chunk)
            progress.say(done, total)
        _look_again(round_, [submission for submission, _ in sheets])
    for scorer in scorers:
        for head in UnitCounter.objects.filter(round=round_, version=scorer.version, gaps=[]):
            refine(head, scorer.instrument, scorer.refs, round_)
            progress.say(done)


def _look_again(round_: Round, submissions: Sequence[int]) -> None:
    """Signals for the supervisor. What goes wrong there is written down and never holds up a score."""
    try:
        look_again(round_, submissions)
    except Exception:
        log.exception("kiriman putaran %s tidak dapat dilihat ulang", round_.pk)


def _scorers(round_: Round) -> list[_Scorer]:
    rows = CycleInstrument.objects.filter(cycle=round_.cycle).select_related("version__workbook")
    scorers = []
    for row in rows.order_by("-primary", "id"):
        refs = dict(IndicatorRef.objects.filter(version=row.version).values_list("name", "id"))
        scorers.append(_Scorer(row.version, instrument_of(row.version), refs, row.primary))
    return scorers


def _dirty(round_: Round) -> list[tuple[int, Sheet]]:
    """The next batch: the submission that was read, and the answers."""
    rows = CurrentAnswers.objects.filter(round=round_, dirty=True).order_by("lokus_id", "household_id")
    values = rows.values_list("submission_id", "household_id", "answers")[:BATCH]
    return [(submission, Sheet(household, None, answers)) for submission, household, answers in values]


def _store(
    chunk: Sequence[tuple[int, Sheet]],
    round_: Round,
    scored: Sequence[tuple[_Scorer, Mapping[int, UnitTally], str]],
    now: datetime,
) -> None:
    with transaction.atomic():
        read = {sheet.household: submission for submission, sheet in chunk}
        # Before any answers, as whoever withdraws some or merges two families: else each waits for the other.
        Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
        # What was sent meanwhile stays dirty and is scored in the next batch.
        rows = CurrentAnswers.objects.select_for_update().filter(round=round_, household__in=read, dirty=True)
        current = {
            row.household_id: row for row in rows.defer("answers") if row.submission_id == read[row.household_id]
        }
        blank: dict[int, int] = {}
        for scorer, tallies, engine in scored:
            families = [Family(row.household_id, row.lokus_id, tallies[row.household_id]) for row in current.values()]
            store(Outcome(scorer.instrument, scorer.version, scorer.refs, engine, now), round_, families)
            if scorer.primary:
                blank = {family.household: family.blank for family in families}
                follow(version=scorer.version, households=[family.household for family in families], now=now)
        for row in current.values():
            row.dirty = False
            row.blank = min(blank.get(row.household_id, 0), 32_767)
        CurrentAnswers.objects.bulk_update(current.values(), ["dirty", "blank"])


# --- what needs a whole lokus -------------------------------------------------------------------------------------
def refine(head: UnitCounter, instrument: Instrument, refs: Refs, round_: Round) -> None:
    """Smallest, largest and middle values, and blanks by question, over a whole lokus: they are no sums.

    Until it has been by, `gaps` is empty and those values are of the time before.
    """
    lokus = Lokus.objects.get(pk=head.lokus_id)
    whole = _whole_values(instrument)
    probes = _probes(instrument)
    probing = replace(instrument, indicators={**whole, **probes}, classes={})
    answers = as_answers(probing, sheets_of(round_, lokus))
    units = tally(probing, answers, today=round_.closes).units
    found = units[0].indicators if units else {}
    counters = {
        row.indicator_id: row
        for row in Counter.objects.filter(lokus=lokus, round=round_, indicator__in=[refs[name] for name in whole])
    }
    for name in whole:
        row, counted = counters.get(refs[name]), found.get(name)
        if row is not None and counted is not None:
            row.low, row.high = counted.low, counted.high
            row.middle_low, row.middle_high = counted.middles or (None, None)
    gaps = [
        [field, found[probe].missing, found[probe].missing + found[probe].n]
        for probe, field in _asked(probes)
        if probe in found
    ]
    with transaction.atomic():
        Counter.objects.bulk_update(counters.values(), ["low", "high", "middle_low", "middle_high"])
        # Counted again meanwhile? Then what was found here is stale; the next job refines it.
        UnitCounter.objects.filter(pk=head.pk, as_of=head.as_of).update(gaps=gaps)


def _whole_values(instrument: Instrument) -> dict[str, Indicator]:
    return {
        name: indicator
        for name, indicator in instrument.indicators.items()
        if indicator.origin == "survey" and indicator.aggregate in {"min", "max", "median"}
    }


_PROBE = "blank of "


def _probes(instrument: Instrument) -> dict[str, Indicator]:
    """One indicator a question: known where it is answered, missing where it is blank, not applicable where skipped.

    `x = x` says exactly that in the language's own meaning of blank, so that no second meaning is written here.
    """
    some = next(iter(instrument.indicators.values()))
    probes = {}
    for field in _questions(instrument):
        name = Name(field.name)
        expression = Expression(
            f"${{{field.name}}} = ${{{field.name}}}", Binary("=", name, name), "boolean", field.cell
        )
        probes[_PROBE + field.name] = Indicator(
            name=_PROBE + field.name,
            aspect=some.aspect,
            labels=field.labels,
            weight=some.weight,
            origin="survey",
            rule="yes_no",
            over=field.repeat or HOUSEHOLD,
            expression=expression,
        )
    return probes


def _questions(instrument: Instrument) -> list[Field]:
    fields = [instrument.form.fields[name] for name in used_fields(instrument)]
    return [field for field in fields if field.kind not in {"calculate", "other", "text", "file", "geo", "choices"}]


def _asked(probes: Mapping[str, Indicator]) -> list[tuple[str, str]]:
    return [(probe, probe.removeprefix(_PROBE)) for probe in probes]
