"""What a ticket says once it is unsealed, and which clocks it has met. Without a database."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from django.utils import timezone

from selaras.cases.country import Country, country


class Void(StrEnum):
    """Why a ticket counts for nothing."""

    MISTAKE = "mistake"
    TWICE = "twice"


class State(StrEnum):
    """How far a hand-over is, with what is next."""

    OPEN = "open"
    RECEIVED = "received"
    HAND_ON = "hand_on"
    FOLLOW_UP = "follow_up"
    DONE = "done"
    VOID = "void"


_MOMENTS = ("reported_at", "received_at", "passed_at", "followed_at")


@dataclass(frozen=True, slots=True)
class Facts:
    """`place` is a kelurahan's code, `opened_by` a user's UUID. `must_pass`: the law wants it passed on, or None.

    The moments are exact here, so that hours can be counted; outside of what is sealed there are days.
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

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return said | {name: said[name] and said[name].isoformat() for name in _MOMENTS}

    @classmethod
    def of(cls, said: dict[str, Any]) -> Self:
        """What `plain` gave."""
        moments = {name: said[name] and datetime.fromisoformat(said[name]) for name in _MOMENTS}
        return cls(**said | moments | {"void": said["void"] and Void(said["void"])})

    def days(self) -> dict[str, date | None]:
        """The four columns that can be read without the key."""
        names = ("reported_on", "received_on", "passed_on", "followed_up_on")
        moments = [getattr(self, name) for name in _MOMENTS]
        return {name: at and timezone.localdate(at) for name, at in zip(names, moments, strict=True)}

    def state(self) -> State:
        """What is next."""
        if self.void is not None:
            return State.VOID
        if self.received_at is None:
            return State.OPEN
        if self.must_pass is None:
            return State.RECEIVED
        if self.must_pass and self.passed_at is None:
            return State.HAND_ON
        return State.FOLLOW_UP if self.followed_at is None else State.DONE

    def due(self, law: Country | None = None) -> datetime | None:
        """Until when what is next must have been done; None where nothing is."""
        law = law or country()
        match self.state():
            case State.OPEN:
                return self.reported_at + law.receipt
            case State.HAND_ON:
                return (self.received_at or self.reported_at) + law.pass_on
            case State.FOLLOW_UP | State.RECEIVED:
                return self.reported_at + law.follow_up
        return None


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
    """What one ticket adds. Received in time: within 24 hours of the report. Passed on in time: within 3 × 24 hours of
    being received, of those that the law wants passed on. Followed up: within a month of the three months."""
    law = law or country()
    if facts.void is not None:
        return Tally(void=1)
    until, received = facts.reported_at + law.receipt, facts.received_at
    found = Tally(
        handed_over=1,
        received=received is not None,
        received_due=received is not None or now > until,
        received_in_time=received is not None and received <= until,
    )
    if facts.must_pass and received is not None:
        until, passed = received + law.pass_on, facts.passed_at
        due = passed is not None or now > until
        found = replace(found, pass_on_due=due, passed_in_time=passed is not None and passed <= until)
    until, followed = facts.reported_at + law.follow_up_until, facts.followed_at
    due = followed is not None or now > until
    return replace(found, follow_up_due=due, followed_up=followed is not None and followed <= until)
