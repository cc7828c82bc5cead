"""The figures of a Monday page as they are frozen: JSON's own kinds, so that what was said then is read as it was.

Scores are texts with one decimal, rounded half up; dates are `2024-08-12`. None means that there is nothing to say, or
that a group of one to four would be told (`access.shown_count`); which of the two, `hidden` says.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

#: What a row speaks of: an aspect of the instrument, or women, or children.
RowKind = Literal["aspect", "women", "children"]
DecisionKind = Literal["gap", "unanswered", "late", "blocked", "unfunded", "meeting", "blank", "representative"]


class Labels(TypedDict):
    """A word of the instrument in both languages."""

    id: str
    en: str


class Served(TypedDict):
    """Open needs, and how many of them an agency has taken on.

    `families` False: nothing here is asked of families; `measured` False: it is, and nobody has yet.
    """

    families: bool
    measured: bool
    open: int | None
    promised: int | None
    hidden: bool


class Work(TypedDict):
    """Commitments: all that hold, those begun or done, done, held up, late; activities that served them."""

    total: int
    begun: int
    done: int
    blocked: int
    late: int
    activities: int
    came: int | None


class Heard(TypedDict):
    """Activities, those whose people were asked about them, how many answered, and how many said that it was useful.

    Sums of activities with 5 answers and more; `people` and `useful` are None where there is none such.
    """

    activities: int
    asked: int
    people: int | None
    useful: int | None


class Outcome(TypedDict):
    """A score on the instrument's scale with its range, and what it was at the baseline."""

    value: str | None
    before: str | None
    low: str | None
    high: str | None
    hidden: bool


class Change(TypedDict):
    """So many of so many families, and in what."""

    labels: Labels
    count: int
    of: int


class Moved(TypedDict):
    """What most families have now of those who lacked it at the baseline, and lack now of those who had it."""

    gained: Change | None
    lost: Change | None


class Row(TypedDict):
    """One line of the page."""

    kind: RowKind
    labels: Labels
    indicators: int
    served: Served
    work: Work
    outcome: Outcome
    #: Pages of releases before do not have it.
    heard: NotRequired[Heard]


class Decision(TypedDict):
    """One thing to decide: what it is about, whose it is ('' where the kind says it), and by when.

    In the words of the instrument alone: what people typed, such as a commitment's title, may name somebody.
    """

    kind: DecisionKind
    whose: str
    by: str
    count: int | None
    labels: NotRequired[Labels]
    lokus: NotRequired[str]
    since: NotRequired[str]


class Ways(TypedDict):
    """Caranya: the stage of the year, teams, meetings, and agencies that have answered."""

    stage: str
    stage_ends: str
    next_stage: str
    next_starts: str
    teams: int
    members: int
    women: int
    sexes: int
    held: int
    last: str
    last_on: str
    coming: str
    coming_on: str
    asked: int
    answered: int


class LokusLine(TypedDict):
    """A lokus by name with its score."""

    name: str
    outcome: Outcome


class Figures(TypedDict):
    """The whole page."""

    programme: str
    place: str
    year: int
    synthetic: bool
    monday: str
    made_on: str
    made_clock: str
    scale: str
    instrument: str
    official: bool
    baseline: str
    newest: str
    families: int | None
    ways: Ways
    work: Work
    proposed: int
    activities_week: int
    heard: NotRequired[Heard]
    moved: NotRequired[Moved]
    total: Outcome
    loci: list[LokusLine]
    rows: list[Row]
    decisions: list[Decision]
