"""What a ticket says once it is unsealed, and which clocks it has met. Without a database."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from django.utils import timezone

from selaras.cases.country import Country, country


class Void(StrEnum):
    """Why a ticket counts for nothing."""

    MISTAKE = "mistake"
    TWICE = "twice"


class Outcome(StrEnum):
    """How a clock ended, if it did."""

    RUNS = "runs"
    MET = "met"
    LATE = "late"
    NOTED_LATE = "noted_late"


class State(StrEnum):
    """How far a hand-over is, with what is next."""

    OPEN = "open"
    RECEIVED = "received"
    HAND_ON = "hand_on"
    FOLLOW_UP = "follow_up"
    DONE = "done"
    VOID = "void"


_MOMENTS = ("reported_at", "received_at", "passed_at", "followed_at")
#: When that was written down. None: as it happened.
_NOTED = ("received_noted", "passed_noted", "followed_noted")


@dataclass(frozen=True, slots=True)
class Clock:
    """One of the three that a hand-over is held to. `up`: when it has run out, which never moves; what it came to is
    final `Country.note` after that."""

    name: str
    up: datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Facts:
    """`place` is a kelurahan's code, `opened_by` a user's UUID. `must_pass`: the law wants it passed on, or None.

    The moments are exact here, so that hours can be counted; outside of what is sealed there are days. `freed`: "not
    wanted" is the answer, or was when the law's hours were over, whatever was said later (None: as `must_pass` says).
    `void` counts once nothing `void_waits` for: `void_by` asked for it, `twin` is the code of the other ticket.
    `inside`: the office itself opened it; whoever is measured does not add to what she is measured by.
    """

    place: str
    opened_by: str
    reported_at: datetime
    received_at: datetime | None = None
    passed_at: datetime | None = None
    followed_at: datetime | None = None
    must_pass: bool | None = None
    simfoni: str = ""
    void: Void | None = None
    received_noted: datetime | None = None
    passed_noted: datetime | None = None
    followed_noted: datetime | None = None
    freed: bool | None = None
    void_waits: bool = False
    void_by: str = ""
    twin: str = ""
    inside: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return said | {name: said[name] and said[name].isoformat() for name in (*_MOMENTS, *_NOTED)}

    @classmethod
    def of(cls, said: dict[str, Any]) -> Self:
        """What `plain` gave, now or before a field was added."""
        moments = {name: at and datetime.fromisoformat(at) for name in (*_MOMENTS, *_NOTED) if (at := said.get(name))}
        void = said["void"] and Void(said["void"])
        return cls(**said | moments | {"void": void})

    def days(self) -> dict[str, date | None]:
        """The four columns that can be read without the key."""
        names = ("reported_on", "received_on", "passed_on", "followed_up_on")
        moments = [getattr(self, name) for name in _MOMENTS]
        return {name: at and timezone.localdate(at) for name, at in zip(names, moments, strict=True)}

    def is_void(self) -> bool:
        """Whether it counts for nothing: not while that is only asked for."""
        return self.void is not None and not self.void_waits

    def was_freed(self) -> bool:
        """Whether the law's clock does not run: it was answered so while it could still run out. That stands: whoever
        puts it right afterwards is not late by it, and nothing is in time by it."""
        return self.must_pass is False if self.freed is None else self.freed

    def was_called_back(self) -> bool:
        """Whether whoever opened it said herself that nobody is behind it."""
        return self.void is Void.MISTAKE and self.void_by == self.opened_by

    def state(self) -> State:
        """What is next."""
        if self.is_void():
            return State.VOID
        if self.received_at is None:
            return State.OPEN
        if self.must_pass is None:
            return State.RECEIVED
        if self.must_pass and self.passed_at is None:
            return State.HAND_ON
        return State.FOLLOW_UP if self.followed_at is None else State.DONE

    def due(self, law: Country | None = None) -> datetime | None:
        """Until when what is next must have been done; None where nothing is. While nobody says whether the law wants
        it passed on, its hours run as if it did."""
        law = law or country()
        match self.state():
            case State.OPEN:
                return self.reported_at + law.receipt
            case State.RECEIVED | State.HAND_ON:
                return (self.received_at or self.reported_at) + law.pass_on
            case State.FOLLOW_UP:
                return self.reported_at + law.follow_up
        return None


def clocks(facts: Facts, now: datetime, law: Country | None = None) -> tuple[Clock, ...]:
    """Those it is held to: received within 24 hours of the report; passed on within 3 × 24 hours of being received,
    unless it was said within them that the law does not want it; followed up until a month after three months.

    In time is what happened in time and was written down within `Country.note` of that, so that nothing can be made
    good afterwards by a moment that was only typed. None of a void ticket.
    """
    law = law or country()
    if facts.is_void():
        return ()

    def clock(name: str, up: datetime) -> Clock:
        at, noted = getattr(facts, f"{name}_at"), getattr(facts, f"{name}_noted")
        if at is None:
            outcome = Outcome.LATE if now > up else Outcome.RUNS
        elif at > up:
            outcome = Outcome.LATE
        else:
            outcome = Outcome.MET if (noted or at) - at <= law.note else Outcome.NOTED_LATE
        return Clock(name, up, outcome)

    found = [clock("received", facts.reported_at + law.receipt)]
    if facts.received_at is not None and not facts.was_freed():
        found.append(clock("passed", facts.received_at + law.pass_on))
    found.append(clock("followed", facts.reported_at + law.follow_up_until))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Tally:
    """Whole numbers of tickets. A clock that still runs is in none of the `…_due`: no report makes a share worse by
    being young. Those that were void are in `void` alone.
    """

    handed_over: int = 0
    received: int = 0
    received_due: int = 0
    received_in_time: int = 0
    pass_on_due: int = 0
    passed_in_time: int = 0
    follow_up_due: int = 0
    followed_up: int = 0
    void: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})

    def plain(self) -> list[int]:
        """As JSON holds it."""
        return [getattr(self, each.name) for each in fields(self)]


def tally(facts: Facts, now: datetime, law: Country | None = None) -> Tally:
    """What one ticket adds: of each of its `clocks` that does not run any more, that it was due and whether it was met.

    What counts as late stays so: no later answer, correction or void of one officer takes it back. One that the office
    opened itself adds nothing.
    """
    if facts.inside:
        return Tally()
    if facts.is_void():
        return Tally(void=1)
    ended = {each.name: each.outcome for each in clocks(facts, now, law) if each.outcome is not Outcome.RUNS}
    return Tally(
        handed_over=1,
        received=facts.received_at is not None,
        received_due="received" in ended,
        received_in_time=ended.get("received") is Outcome.MET,
        pass_on_due="passed" in ended,
        passed_in_time=ended.get("passed") is Outcome.MET,
        follow_up_due="followed" in ended,
        followed_up=ended.get("followed") is Outcome.MET,
    )
