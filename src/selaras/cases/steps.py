"""What can be done with a ticket, and what it says afterwards. Without a database."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from selaras.cases.country import country
from selaras.cases.facts import Facts, State, Void
from selaras.errors import InputError, Problem


class Step(StrEnum):
    """What is done next with a ticket."""

    RECEIVE = "receive"
    LAW = "law"
    HAND_ON = "hand_on"
    FOLLOW_UP = "follow_up"
    NUMBER = "number"
    AGREE = "agree"
    KEEP = "keep"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Done:
    """What is said of a step. `at` is when it happened; `simfoni`, `must_pass`, `why` where the step asks for them;
    `twin` is the code of the other ticket of somebody who was handed over twice."""

    step: Step
    at: datetime | None = None
    simfoni: str = ""
    must_pass: bool | None = None
    why: Void | None = None
    twin: str = ""


@dataclass(frozen=True, slots=True)
class Twin:
    """The other ticket of somebody who was handed over twice. `taken`: a third one names it already."""

    facts: Facts
    taken: bool

    def settles(self, facts: Facts, now: datetime) -> bool:
        """Whether it alone shows that those are two of one: opened at the front line within a day, of no other, and by
        one person; or by two while nobody has received the one that goes, and in time. So no office makes a late one
        good by a code that it opened for that, or by that of the woman next door."""
        other = self.facts
        near = abs(other.reported_at - facts.reported_at) <= country().twin
        waits = facts.received_at is None and now <= facts.reported_at + country().receipt
        one = other.opened_by == facts.opened_by or waits
        return near and one and not (self.taken or other.void_waits or other.inside)


#: In which states a step can be done. Whether the law wants it passed on can be corrected, somebody is looked after at
#: three months whatever is still missing, and what counted for nothing by a slip counts again.
_RECEIVED: Final = {State.RECEIVED, State.HAND_ON, State.FOLLOW_UP, State.DONE}
_OPEN: Final = {State.OPEN, *_RECEIVED}
_FITS: Final = {
    Step.RECEIVE: {State.OPEN},
    Step.LAW: _RECEIVED,
    Step.HAND_ON: {State.RECEIVED, State.HAND_ON},
    Step.FOLLOW_UP: _RECEIVED,
    Step.NUMBER: _RECEIVED,
    Step.AGREE: _OPEN,
    Step.KEEP: {*_OPEN, State.VOID},
    Step.VOID: _OPEN,
}


_NEXT: Final = {
    State.OPEN: Step.RECEIVE,
    State.RECEIVED: Step.LAW,
    State.HAND_ON: Step.HAND_ON,
    State.FOLLOW_UP: Step.FOLLOW_UP,
}


def next_of(facts: Facts) -> Step | None:
    """What is to be done next; None where nothing is."""
    return _NEXT.get(facts.state())


def steps_of(facts: Facts, me: str) -> tuple[Step, ...]:
    """What `me` (a UUID) can do with it, what is next first."""
    state, first = facts.state(), next_of(facts)
    found = [step for step in Step if state in _FITS[step] and _fits(facts, step, me)]
    return tuple(sorted(found, key=lambda step: step is not first))


def _fits(facts: Facts, step: Step, me: str) -> bool:
    match step:
        case Step.FOLLOW_UP:
            return facts.followed_at is None
        case Step.AGREE:
            return facts.void_waits and me != facts.void_by
        case Step.KEEP:
            # A code that the front line took back is a dead one; the office's own was told to nobody else.
            return facts.void is not None and (facts.inside or not facts.was_called_back())
        case Step.VOID:
            return not facts.void_waits
    return True


def after(facts: Facts, done: Done, *, me: str, now: datetime, twin: Twin | None = None) -> Facts:
    """What it says after that step of `me`. `twin`: the ticket that `done.twin` names.

    Raises InputError where the step does not fit or something is missing.
    """
    if done.step not in steps_of(facts, me):
        raise InputError(Problem("cases.step"))
    match done.step:
        case Step.RECEIVE:
            number = _number(done.simfoni) if done.simfoni else facts.simfoni
            at = _moment(done, facts.reported_at, now)
            received = replace(facts, received_at=at, received_noted=now, simfoni=number)
            return received if done.must_pass is None else _answered(received, done.must_pass, now)
        case Step.LAW:
            if done.must_pass is None:
                raise InputError(Problem("cases.law"))
            return _answered(facts, done.must_pass, now)
        case Step.HAND_ON:
            at = _moment(done, facts.received_at or facts.reported_at, now)
            return replace(_answered(facts, True, now), passed_at=at, passed_noted=now)
        case Step.FOLLOW_UP:
            at = _moment(done, facts.received_at or facts.reported_at, now)
            if at < facts.reported_at + country().follow_up_from:
                raise InputError(Problem("cases.early", values={"days": country().follow_up_from.days}))
            return replace(facts, followed_at=at, followed_noted=now)
        case Step.NUMBER:
            return replace(facts, simfoni=_number(done.simfoni))
        case Step.AGREE:
            return replace(facts, void_waits=False)
        case Step.KEEP:
            return replace(facts, void=None, void_waits=False, void_by="", twin="")
        case Step.VOID:
            return _void(facts, done, me, twin, now)


def _answered(facts: Facts, wanted: bool, now: datetime) -> Facts:
    """With the answer whether the law wants it passed on. What stood when its hours were over stands for the clock:
    "no" frees it no more, and "yes" makes nothing late that was not, so that nobody pays for putting it right."""
    over = now > (facts.received_at or facts.reported_at) + country().pass_on
    return replace(facts, must_pass=wanted, freed=facts.was_freed() if over else not wanted)


def _void(facts: Facts, done: Done, me: str, twin: Twin | None, now: datetime) -> Facts:
    """Asked for, and a second officer agrees; at once where the other ticket shows it."""
    if done.why is None:
        raise InputError(Problem("cases.void"))
    asked = replace(facts, void=done.why, void_waits=True, void_by=me)
    if done.why is not Void.TWICE:
        return asked
    if twin is None or twin.facts.place != facts.place or twin.facts.is_void():
        raise InputError(Problem("cases.twin"))
    return replace(asked, twin=done.twin, void_waits=not twin.settles(facts, now))


def called_back(facts: Facts, *, me: str, now: datetime) -> Facts:
    """Taken back by whoever opened it, soon after and before anybody received it. Raises InputError."""
    if facts.opened_by != me or facts.state() is not State.OPEN or now > facts.reported_at + country().call_back:
        raise InputError(Problem("cases.call_back"))
    return replace(facts, void=Void.MISTAKE, void_waits=False, void_by=me)


def _moment(done: Done, after_: datetime, now: datetime) -> datetime:
    """A form says minutes: what happened in the very minute of the step before happened with it. However long ago it
    was, it can be written as it was."""
    at = done.at
    if at is None or at > now or at < after_.replace(second=0, microsecond=0):
        raise InputError(Problem("cases.time"))
    return max(at, after_)


def _number(text: str) -> str:
    number = country().simfoni(text)
    if number is None:
        raise InputError(Problem("cases.number", values={"example": country().example}))
    return number
