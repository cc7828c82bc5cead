"""What those who came say: counts from 5 answers on, their words from 20 on and after somebody looked at them.

Between 1 and 4 nothing is told, not even by subtraction: answers are written in batches of 5 and more, and a sum is
made only of activities that have as many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from selaras.access import (
    SMALLEST_COUNT,
    Actor,
    activities_for,
    demand,
    may_ask_reactions,
    may_read_reactions,
    may_type_reactions,
    one,
    the_cycle,
)
from selaras.models import (
    Activity,
    Cycle,
    Reaction,
    ReactionBox,
    ReactionQuestion,
    ReactionReply,
    ReactionText,
    ReactionTextState,
)
from selaras.queries.activities import attended
from selaras.queries.programme import cycle_ref, lokus_ref
from selaras.queries.refs import CycleRef, LokusRef

#: Free words are shown from so many answers on: one's way of writing is known among fewer.
FEWEST_FOR_WORDS: Final = 20
#: Days after the last answer on which a box can still be opened.
GRACE_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Tally:
    """How many answered one question, and what; of fewer than 5 there is none."""

    yes: int
    some: int
    no: int

    @property
    def n(self) -> int:
        return self.yes + self.some + self.no


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, and its random number."""

    id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """One printing of slips. `waiting` are answers that are not written yet, None for 1 to 4 of them.

    `open_until`: the last day on which the organiser's code ends it.
    """

    printed_on: date
    slips: int
    written: int
    waiting: int | None
    closes_on: date
    open_until: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Of one activity. A question's tally is None below 5 answers; `asked`: slips were printed, or papers counted."""

    useful: Tally | None
    use: Tally | None
    asked: bool


@dataclass(frozen=True, slots=True)
class ReactionsPage:
    """The reactions to one activity, and what this person may do about them.

    `typed` is how many boxes of papers were typed before, where she types one.
    """

    cycle: CycleRef
    lokus: LokusRef
    activity: UUID
    title: str
    on: date
    attended: int
    summary: Summary
    answers: int | None
    shown: tuple[Words, ...]
    unread: tuple[Words, ...]
    boxes: tuple[Box, ...]
    may_ask: bool
    may_type: bool
    typed: int = 0


@dataclass(frozen=True, slots=True)
class ReactionLine:
    """An activity in the list of a year."""

    id: UUID
    title: str
    on: date
    lokus: LokusRef
    summary: Summary
    unread: int


@dataclass(frozen=True, slots=True)
class YearOfReactions:
    """All activities of a year that were asked about; `useful` of all that may be counted; `unasked` is how many
    activities nobody was asked about."""

    cycle: CycleRef
    lines: tuple[ReactionLine, ...]
    useful: Tally | None
    use: Tally | None
    unasked: int


def answered(activity: Activity) -> int:
    """How many people's answers were written: for whom may know it exactly, which is no page below 5."""
    rows = Reaction.objects.filter(activity=activity).values("question").annotate(n=Count("id"))
    return max((row["n"] for row in rows), default=0)


def reactions_page(user: Actor, slug: str, activity_id: UUID) -> ReactionsPage:
    """Raises Missing for an activity that she does not see."""
    row = one(activities_for(user), uuid=activity_id, cycle__slug=slug)
    may_ask, may_type = may_ask_reactions(user, row), may_type_reactions(user, row)
    n = answered(row)
    told = n >= FEWEST_FOR_WORDS
    return ReactionsPage(
        cycle=cycle_ref(row.cycle),
        lokus=lokus_ref(row.lokus),
        activity=row.uuid,
        title=row.title,
        on=row.on,
        attended=attended(row.attended, exact=False).total,
        summary=_summaries([row.pk])[row.pk],
        answers=n if n >= SMALLEST_COUNT or not n else None,
        shown=_words(row, ReactionTextState.SHOWN) if told else (),
        unread=_words(row, ReactionTextState.WAITING) if told and may_read_reactions(user, row) else (),
        boxes=_boxes(row) if may_ask else (),
        may_ask=may_ask,
        may_type=may_type,
    )


def asking_page(user: Actor, slug: str, activity_id: UUID) -> ReactionsPage:
    """The same for who prints or counts. Raises Missing, Forbidden."""
    row = one(activities_for(user), uuid=activity_id, cycle__slug=slug)
    demand(may_ask_reactions, user, row)
    return reactions_page(user, slug, activity_id)


def typing_page(user: Actor, slug: str, activity_id: UUID) -> ReactionsPage:
    """The same for who counts a box of papers. Raises Missing, Forbidden."""
    row = one(activities_for(user), uuid=activity_id, cycle__slug=slug)
    demand(may_type_reactions, user, row)
    return replace(reactions_page(user, slug, activity_id), typed=row.reaction_papers.count())


def year_of_reactions(user: Actor, slug: str) -> YearOfReactions:
    """What was said of the activities of a year that she sees, newest first. Raises Missing."""
    cycle = the_cycle(user, slug)
    rows = list(activities_for(user).filter(cycle=cycle).select_related("lokus__place__parent").order_by("-on", "-id"))
    summaries = _summaries([row.pk for row in rows])
    unread: Mapping[int, int] = {}
    if any(may_read_reactions(user, row) for row in rows[:1]):
        unread = _unread([row.pk for row in rows])
    asked = [row for row in rows if summaries[row.pk].asked]
    return YearOfReactions(
        cycle=cycle_ref(cycle),
        lines=tuple(
            ReactionLine(row.uuid, row.title, row.on, lokus_ref(row.lokus), summaries[row.pk], unread.get(row.pk, 0))
            for row in asked
        ),
        useful=_sum([summaries[row.pk].useful for row in asked]),
        use=_sum([summaries[row.pk].use for row in asked]),
        unasked=len(rows) - len(asked),
    )


def summaries_of(cycle: Cycle, until: date) -> dict[int, Summary]:
    """Activity → what was said of it, of a year's activities up to that day, for the Monday page. Three statements."""
    rows = Activity.objects.filter(cycle=cycle, on__lte=until, deleted_at__isnull=True)
    return _summaries(list(rows.values_list("pk", flat=True)))


def _sum(tallies: list[Tally | None]) -> Tally | None:
    known = [tally for tally in tallies if tally is not None]
    if not known:
        return None
    return Tally(sum(one.yes for one in known), sum(one.some for one in known), sum(one.no for one in known))


def _summaries(activities: list[int]) -> dict[int, Summary]:
    counts: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    rows = Reaction.objects.filter(activity__in=activities).values_list("activity", "question", "answer")
    for activity, question, reply, n in rows.annotate(n=Count("id")):
        counts[activity, question][reply] = n
    asked = set(ReactionBox.objects.filter(activity__in=activities).values_list("activity", flat=True))
    asked |= {activity for activity, _ in counts}
    return {
        activity: Summary(
            useful=_tally(counts.get((activity, ReactionQuestion.USEFUL), {})),
            use=_tally(counts.get((activity, ReactionQuestion.USE), {})),
            asked=activity in asked,
        )
        for activity in activities
    }


def _tally(counts: Mapping[str, int]) -> Tally | None:
    tally = Tally(*(counts.get(reply, 0) for reply in (ReactionReply.YES, ReactionReply.SOME, ReactionReply.NO)))
    return tally if tally.n >= SMALLEST_COUNT else None


def _unread(activities: list[int]) -> dict[int, int]:
    """Activity → words that wait to be looked at, where there are answers enough."""
    enough = Reaction.objects.filter(activity__in=activities, question=ReactionQuestion.USEFUL).values("activity")
    enough = enough.annotate(n=Count("id")).filter(n__gte=FEWEST_FOR_WORDS).values("activity")
    texts = ReactionText.objects.filter(activity__in=enough, state=ReactionTextState.WAITING)
    return dict(texts.values_list("activity").annotate(n=Count("id")))


def _words(activity: Activity, state: ReactionTextState) -> tuple[Words, ...]:
    rows = ReactionText.objects.filter(activity=activity, state=state, sealed__isnull=False).select_related("key")
    return tuple(Words(row.id, row.key.unseal_text(row.sealed, row.context)) for row in rows.order_by("id"))


def _boxes(activity: Activity) -> tuple[Box, ...]:
    rows = ReactionBox.objects.filter(activity=activity).annotate(left=Count("unused", filter=Q(unused__opens=False)))
    return tuple(_box(row, row.left) for row in rows.order_by("-printed_on", "-id"))


def _box(row: ReactionBox, left: int) -> Box:
    waiting = 0 if row.closed_on is not None else row.slips - left - row.written
    return Box(
        printed_on=row.printed_on,
        slips=row.slips,
        written=row.written,
        waiting=None if 0 < waiting < SMALLEST_COUNT else waiting,
        closes_on=row.closes_on,
        open_until=row.closes_on + timedelta(days=GRACE_DAYS),
        closed_on=row.closed_on,
    )
