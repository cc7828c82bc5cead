"""The three decisions of a week: the biggest gap, who has not answered, what is late, and what else waits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from selaras.access import SMALLEST_COUNT, shown_count
from selaras.models import Answer, Ask, CommitmentState, Cycle, Lokus, Meeting
from selaras.models.places import zone_of
from selaras.queries.weeks.figures import Decision, DecisionKind
from selaras.queries.weeks.outcomes import Standing
from selaras.queries.weeks.promises import OpenNeed, Promise
from selaras.queries.weeks.subjects import labels_of
from selaras.scoring.instrument import Instrument

#: How many stand on the page.
SHOWN = 3
#: A meeting is due where none was held or is called within so many days.
MEETING_EVERY = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Week:
    """What is known when the decisions are looked for. `friday` is by when, unless something says otherwise."""

    cycle: Cycle
    loci: Sequence[Lokus]
    instrument: Instrument | None
    needs: Sequence[OpenNeed]
    promises: Sequence[Promise]
    standings: Sequence[Standing]
    asks: Sequence[Ask]
    meetings: Sequence[Meeting]
    day: date

    @property
    def friday(self) -> str:
        """The Friday of the week of `day`, or of the next one where it is over."""
        return str(self.day + timedelta(days=(4 - self.day.weekday()) % 7))


def decisions(week: Week) -> list[Decision]:
    """The first of each kind, in order of weight, at most SHOWN; the second ones where there are fewer kinds."""
    kinds = [list(found(week)) for found in (_gaps, _unanswered, _late, _unfunded, _blocked, _meeting, _blank, _named)]
    firsts = [kind[0] for kind in kinds if kind]
    seconds = [one for kind in kinds for one in kind[1:]]
    return (firsts + seconds)[:SHOWN]


def open_asks(cycle: Cycle) -> list[Ask]:
    """What agencies were asked, the oldest first. One statement."""
    return list(Ask.objects.filter(cycle=cycle).select_related("agency", "lokus__place").order_by("asked_at", "pk"))


def called_meetings(cycle: Cycle) -> list[Meeting]:
    """The year's meetings that were not called off, by date. One statement."""
    return list(Meeting.objects.filter(cycle=cycle, cancelled_at__isnull=True).order_by("starts"))


def held_on(meeting: Meeting) -> date:
    """Its day, as the place's people write it."""
    return meeting.starts.astimezone(zone_of(meeting.cycle.place.code)).date()


def _gaps(week: Week) -> Iterator[Decision]:
    """Needs that no commitment serves, the most families first. A number is told only where it tells of no group of
    one to four, neither among the families of the lokus nor among the unserved needs of its aspect."""
    instrument = week.instrument
    if instrument is None:
        return
    open_ = [need for need in week.needs if not need.promised and need.indicator in instrument.indicators]
    families = Counter((need.lokus, need.indicator) for need in open_)
    of_aspect = Counter(instrument.indicators[need.indicator].aspect for need in open_)
    loci = {lokus.pk: lokus for lokus in week.loci}
    for (lokus_id, name), count in sorted(families.items(), key=lambda item: (-item[1], item[0])):
        indicator, lokus = instrument.indicators[name], loci[lokus_id]
        safe = shown_count(count, max(count, lokus.registered)) and shown_count(count, of_aspect[indicator.aspect])
        if safe and count >= SMALLEST_COUNT:
            yield Decision(
                kind="gap",
                whose=_first_agency(indicator.agency),
                by=week.friday,
                count=count,
                labels=labels_of(indicator, instrument),
                lokus=lokus.place.name,
            )


def _first_agency(names: str) -> str:
    return re.split(r"[,;/]", names)[0].strip()


def _unanswered(week: Week) -> Iterator[Decision]:
    """Agencies that have not answered what they were asked, the longest list first."""
    waiting: dict[str, list[Ask]] = {}
    for ask in week.asks:
        if ask.answer == Answer.NONE:
            waiting.setdefault(ask.agency.short_name, []).append(ask)
    for agency, asks in sorted(waiting.items(), key=lambda item: (-len(item[1]), item[0])):
        dues = sorted(ask.due for ask in asks if ask.due is not None and ask.due >= week.day)
        since = asks[0].asked_at.astimezone(zone_of(week.cycle.place.code)).date()
        yield Decision(
            kind="unanswered",
            whose=agency,
            by=str(dues[0]) if dues else week.friday,
            count=len(asks),
            since=str(since),
        )


def _late(week: Week) -> Iterator[Decision]:
    """Agencies whose commitments should have been done, the longest list first."""
    yield from _by_agency(week, "late", [one for one in week.promises if one.is_late(week.day)])


def _blocked(week: Week) -> Iterator[Decision]:
    yield from _by_agency(week, "blocked", [one for one in week.promises if one.state == CommitmentState.BLOCKED])


def _unfunded(week: Week) -> Iterator[Decision]:
    """Proposals that wait for a fund: of all agencies together, because one table decides them."""
    waiting = [one for one in week.promises if one.state == CommitmentState.PROPOSED]
    if waiting:
        yield _about(week, Decision(kind="unfunded", whose="", by=week.friday, count=len(waiting)), waiting[0])


def _by_agency(week: Week, kind: DecisionKind, rows: Iterable[Promise]) -> Iterator[Decision]:
    grouped: dict[str, list[Promise]] = {}
    for one in rows:
        grouped.setdefault(one.agency, []).append(one)
    for agency, own in sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0])):
        oldest = min(own, key=lambda one: (one.ends or date.max, one.id))
        found = Decision(kind=kind, whose=agency, by=week.friday, count=len(own))
        if kind == "late":
            found["since"] = str(oldest.ends)
        yield _about(week, found, oldest)


def _about(week: Week, decision: Decision, promise: Promise) -> Decision:
    """With the indicator that the commitment is to improve, in the instrument's words."""
    indicator = None if week.instrument is None else week.instrument.indicators.get(promise.indicator)
    if indicator is not None and week.instrument is not None:
        decision["labels"] = labels_of(indicator, week.instrument)
    return decision


def _meeting(week: Week) -> Iterator[Decision]:
    """That a meeting is due: none within MEETING_EVERY behind, and none called ahead."""
    days = [held_on(meeting) for meeting in week.meetings]
    past = [day for day in days if day <= week.day]
    if any(day > week.day for day in days) or (past and week.day - past[-1] <= MEETING_EVERY):
        return
    yield Decision(kind="meeting", whose="", by=week.friday, count=None, since=str(past[-1]) if past else "")


def _blank(week: Week) -> Iterator[Decision]:
    """Answers still owed, the lokus with the most first."""
    blanks = {
        one.lokus.pk: (sum(tally.missing for tally in one.card.tally.indicators.values()), one)
        for one in week.standings
    }
    for count, one in sorted(blanks.values(), key=lambda item: (-item[0], item[1].lokus.pk)):
        if count >= SMALLEST_COUNT:
            ends = one.round.closes
            yield Decision(
                kind="blank",
                whose="",
                by=str(ends) if ends >= week.day else week.friday,
                count=count,
                lokus=one.lokus.place.name,
            )


def _named(week: Week) -> Iterator[Decision]:
    """That nobody stands for the city yet, where there is a choice."""
    if len(week.loci) > 1 and not any(lokus.representative for lokus in week.loci):
        ahead = [stage.starts for stage in week.cycle.stages.all() if stage.starts > week.day]
        yield Decision(
            kind="representative", whose="", by=str(ahead[0]) if ahead else week.friday, count=len(week.loci)
        )


def agencies_answered(asks: Iterable[Ask]) -> Mapping[str, bool]:
    """Agency -> whether it has answered all that it was asked."""
    done: dict[str, bool] = {}
    for ask in asks:
        done[ask.agency.short_name] = done.get(ask.agency.short_name, True) and ask.answer != Answer.NONE
    return done
