"""Reactions after an activity: slips printed, answers put into a box, boxes opened, papers counted, words looked at.

Answering is the one write without `by=`, without an audit entry and without a moment: it must not be known who said
what, nor after whom. docs/decisions/0010-reactions-nobody-can-join.md has the construction and its limits.
"""

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from selaras.access import (
    Actor,
    activities_for,
    demand,
    may_ask_reactions,
    may_read_reactions,
    may_type_reactions,
    one,
)
from selaras.actions import audit
from selaras.actions.reaction_pool import (
    BATCH,
    FULL,
    LONGEST,
    Said,
    drawn,
    fresh_code,
    lookup_of,
    opened_pool,
    read_code,
    sealed_pool,
    unwrapped,
    wrapped,
)
from selaras.errors import InputError, Missing, Problem
from selaras.models import (
    Activity,
    DataKey,
    KeyPurpose,
    Reaction,
    ReactionBox,
    ReactionPapers,
    ReactionQuestion,
    ReactionReply,
    ReactionSlip,
    ReactionText,
    ReactionTextState,
    User,
    sealing,
)
from selaras.queries.programme import today_in
from selaras.queries.reactions import FEWEST_FOR_WORDS, GRACE_DAYS, answered

MOST_SLIPS: Final = 200
MOST_PAPERS: Final = 500
#: Days for answering after the slips were printed.
OPEN_DAYS: Final = 30
#: What stands where a reviewer covered a word.
COVERED: Final = "…"


@dataclass(frozen=True, slots=True)
class Printed:
    """Codes for slips, in no order, and the organiser's. They are nowhere else: who loses the paper has lost them."""

    codes: tuple[str, ...]
    opener: str
    closes_on: date


@dataclass(frozen=True, slots=True)
class Papers:
    """A box of papers as counted: how many, what they chose for each question, the words one by one.

    `number` is of the form on which it was typed: the same number again is the same box. `others`: how many boxes of
    the activity she knows of that were typed before, and says that this is none of.
    """

    papers: int
    counts: Mapping[str, Mapping[str, int]]
    words: tuple[str, ...] = ()
    number: uuid.UUID = field(default_factory=uuid.uuid4)
    others: int = 0


# --- slips ------------------------------------------------------------------------------------------------------------
def print_slips(*, by: Actor, cycle_slug: str, activity_id: uuid.UUID, slips: int) -> Printed:
    """A new box with `slips` codes, 5 to 200. Raises Missing, Forbidden, InputError."""
    activity = one(activities_for(by), uuid=activity_id, cycle__slug=cycle_slug)
    demand(may_ask_reactions, by, activity)
    if not BATCH <= slips <= MOST_SLIPS:
        raise InputError(Problem("reaction.slips", "slips", {"least": BATCH, "most": MOST_SLIPS}))
    today = today_in(activity.cycle)
    secret, codes, opener = sealing.new_secret(), [fresh_code() for _ in range(slips)], fresh_code()
    with transaction.atomic():
        keys = [DataKey.fresh(KeyPurpose.REACTION) for _ in range(2)]
        DataKey.objects.bulk_create(keys)
        box = ReactionBox(
            activity=activity,
            key=keys[0],
            text_key=keys[1],
            slips=slips,
            printed_on=today,
            closes_on=today + timedelta(days=OPEN_DAYS),
        )
        box.pool = sealed_pool(box, secret, [])
        box.save()
        made = [_slip(box, secret, code) for code in codes] + [_slip(box, secret, opener, opens=True)]
        ReactionSlip.objects.bulk_create(sorted(made, key=lambda slip: slip.lookup))
        _record(by, "reactions.print", activity, slips=slips)
    return Printed(tuple(codes), opener, box.closes_on)


def _slip(box: ReactionBox, secret: bytes, code: str, *, opens: bool = False) -> ReactionSlip:
    return ReactionSlip(lookup=lookup_of(code), box=box, wrapped=wrapped(secret, code), opens=opens)


def _record(by: Actor, action: str, activity: Activity, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="activity",
        object_id=activity.uuid,
        place_code=activity.lokus.area,
        **details,
    )


# --- answering --------------------------------------------------------------------------------------------------------
def answer(*, code: str, useful: str, use: str, missing: str = "") -> None:
    """Put one answer into the box of that slip, which is spent with it. No `by`: nobody is asked.

    In one transaction: the slip goes, the pool is sealed anew with the answer somewhere in it, and where FULL wait, or
    with the last slip, a batch of BATCH or more is written. Raises InputError, and then nothing is spent.
    """
    said = _said(useful, use, missing)
    known = read_code(code)
    with transaction.atomic():
        box, slip = _held(known)
        if slip.opens:
            raise InputError(Problem("reaction.opener", "code"))
        if box.activity.cycle.closed_at is not None or _is_over(box, 0):
            raise InputError(Problem("reaction.over"))
        secret = unwrapped(slip.wrapped, known)
        slip.delete()
        waiting = [*opened_pool(box, secret), said]
        if not box.unused.filter(opens=False).exists():
            _close(box, waiting)
            return
        out, stay = drawn(waiting, len(waiting) - BATCH) if len(waiting) >= FULL else ([], waiting)
        _write(box, out)
        box.pool = sealed_pool(box, secret, stay)
        box.save(update_fields=["pool", "written"])


def _said(useful: str, use: str, missing: str) -> Said:
    words = " ".join(missing.split())
    problems = [
        Problem("reaction.no_answer", name)
        for name, value in (("useful", useful), ("use", use))
        if value not in ReactionReply.values
    ]
    if len(words) > LONGEST:
        problems.append(Problem("reaction.long", "missing", {"most": LONGEST}))
    if problems:
        raise InputError(problems)
    return Said(ReactionReply(useful), ReactionReply(use), words)


def _held(code: str) -> tuple[ReactionBox, ReactionSlip]:
    """The box of a code, held until the transaction ends, and its slip."""
    lookup = lookup_of(code) if code else ""
    boxes = ReactionBox.objects.select_for_update(of=("self",), no_key=True)
    box = boxes.select_related("activity__cycle__place", "key").filter(unused__lookup=lookup).first()
    # Asked again now that the box is held: another request may have spent it meanwhile.
    slip = None if box is None else ReactionSlip.objects.filter(lookup=lookup).first()
    if box is None or slip is None:
        raise InputError(Problem("reaction.code", "code"))
    return box, slip


def _is_over(box: ReactionBox, days: int) -> bool:
    activity = box.activity
    return activity.deleted_at is not None or today_in(activity.cycle) > box.closes_on + timedelta(days=days)


def open_box(*, code: str) -> int:
    """Write all that wait and end the box: what the organiser's code is for; how many were written.

    Whoever has the paper may: it lets nothing out but a batch of 5 or more. Also once the year is closed, as long as
    days are left: they were said before. Raises InputError.
    """
    known = read_code(code)
    with transaction.atomic():
        box, slip = _held(known)
        if not slip.opens:
            raise InputError(Problem("reaction.code", "code"))
        if _is_over(box, GRACE_DAYS):
            raise InputError(Problem("reaction.over"))
        waiting = opened_pool(box, unwrapped(slip.wrapped, known))
        if len(waiting) < BATCH:
            raise InputError(Problem("reaction.few", "code", {"least": BATCH}))
        _close(box, waiting)
    return len(waiting)


def _close(box: ReactionBox, waiting: Sequence[Said]) -> None:
    """Write them and end the box: its slips open nothing any more, its key is destroyed."""
    today = today_in(box.activity.cycle)
    _write(box, waiting)
    box.pool, box.closed_on = None, today
    box.save(update_fields=["pool", "written", "closed_on"])
    box.unused.all().delete()
    # Of the day alone: when a box was opened is nobody's business either.
    box.key.destroy(datetime.combine(today, time(), UTC))


def _write(box: ReactionBox, out: Sequence[Said]) -> None:
    """One batch: an answer to each question and the words as rows of their own, in the order of their random keys."""
    if not out:
        return
    counts = {
        ReactionQuestion.USEFUL: [said.useful for said in out],
        ReactionQuestion.USE: [said.use for said in out],
    }
    _write_rows(box.activity, counts, [said.missing for said in out if said.missing], box.text_key)
    box.written += len(out)


def _write_rows(
    activity: Activity,
    replies: Mapping[ReactionQuestion, Iterable[ReactionReply]],
    words: Iterable[str],
    key: DataKey,
) -> None:
    day = today_in(activity.cycle)
    rows = [
        Reaction(activity=activity, day=day, question=question, answer=reply)
        for question, given in replies.items()
        for reply in given
    ]
    texts = []
    for missing in words:
        text = ReactionText(activity=activity, day=day, key=key)
        text.sealed = key.seal(missing.encode(), text.context)
        texts.append(text)
    Reaction.objects.bulk_create(sorted(rows, key=lambda row: row.id))
    ReactionText.objects.bulk_create(sorted(texts, key=lambda row: row.id))


# --- a box of papers --------------------------------------------------------------------------------------------------
def type_papers(*, by: Actor, cycle_slug: str, activity_id: uuid.UUID, counted: Papers) -> bool:
    """A sealed box of papers, counted by the office: all of it at once, 5 papers or more. False, and nothing counted,
    where that form came before.

    Raises Missing, Forbidden, or InputError with everything that is wrong, and where a box of that activity was typed
    that she does not say this is another than: two officers with one box count it once.
    """
    activity = one(activities_for(by), uuid=activity_id, cycle__slug=cycle_slug)
    demand(may_type_reactions, by, activity)
    words = tuple(line for line in (" ".join(each.split()) for each in counted.words) if line)
    problems = list(_papers_wrong(counted, words))
    if problems:
        raise InputError(problems)
    replies = {
        question: [reply for reply in ReactionReply for _ in range(counted.counts[question].get(reply, 0))]
        for question in ReactionQuestion
    }
    with transaction.atomic():
        # One box of an activity after the other.
        Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
        if ReactionPapers.objects.filter(uuid=counted.number).exists():
            return False
        typed = activity.reaction_papers.count()
        if counted.others < typed:
            raise InputError(Problem("reaction.other_box", "others", {"n": typed}))
        ReactionPapers.objects.create(uuid=counted.number, activity=activity)
        key = DataKey.fresh(KeyPurpose.REACTION)
        key.save()
        _write_rows(activity, replies, words, key)
        _record(by, "reactions.type", activity, papers=counted.papers)
    return True


def _papers_wrong(counted: Papers, words: Sequence[str]) -> Iterable[Problem]:
    papers = counted.papers
    if not BATCH <= papers <= MOST_PAPERS:
        yield Problem("reaction.papers", "papers", {"least": BATCH, "most": MOST_PAPERS})
        return
    if not any(sum(given.values()) for given in counted.counts.values()):
        yield Problem("reaction.no_answer", f"{ReactionQuestion.USEFUL}_yes")
    for question in ReactionQuestion:
        found = sum(counted.counts.get(question, {}).values())
        if found > papers or 0 < found < BATCH:
            yield Problem("reaction.sum", f"{question}_yes", {"found": found, "papers": papers})
    if len(words) > papers:
        yield Problem("reaction.lines", "words", {"found": len(words), "papers": papers})
    if any(len(line) > LONGEST for line in words):
        yield Problem("reaction.long", "words", {"most": LONGEST})


# --- free words -------------------------------------------------------------------------------------------------------
def look_at(*, by: Actor, cycle_slug: str, text_id: uuid.UUID, show: bool, cover: Sequence[str] = ()) -> uuid.UUID:
    """Say whether what somebody wrote may be shown; words of `cover` are replaced in it for good. Its activity's id.

    Raises Missing, Forbidden, or InputError for a word that is not in it or words that somebody looked at already.
    """
    with transaction.atomic():
        texts = ReactionText.objects.select_for_update(of=("self",)).select_related("key")
        text = one(texts.filter(activity__in=activities_for(by)), id=text_id, activity__cycle__slug=cycle_slug)
        activity = one(activities_for(by), pk=text.activity_id)
        demand(may_read_reactions, by, activity)
        if answered(activity) < FEWEST_FOR_WORDS:
            raise Missing(Problem("access.missing"))
        if text.state != ReactionTextState.WAITING:
            raise InputError(Problem("reaction.read"))
        if show:
            text.sealed = text.key.seal(_covered(text, cover).encode(), text.context)
        else:
            # Nobody reads it any more, so nothing of it stays.
            text.sealed = None
        text.state = ReactionTextState.SHOWN if show else ReactionTextState.WITHHELD
        text.looked_by = by if isinstance(by, User) else None
        text.save(update_fields=["sealed", "state", "looked_by"])
        _record(by, "reactions.look", activity, shown=show)
    return activity.uuid


def _covered(text: ReactionText, cover: Sequence[str]) -> str:
    words = text.key.unseal_text(text.sealed, text.context)
    for word in filter(None, (each.strip() for each in cover)):
        words, found = re.subn(re.escape(word), COVERED, words, flags=re.IGNORECASE)
        if not found:
            raise InputError(Problem("reaction.word", "cover", {"word": word}))
    return words


# --- what time ends ---------------------------------------------------------------------------------------------------
def forget_unopened(*, now: datetime | None = None) -> int:
    """End boxes that nobody opened in time: what still waits in them is lost; how many. The worker calls it hourly."""
    now = now or timezone.now()
    ended = 0
    late = ReactionBox.objects.filter(closed_on__isnull=True, closes_on__lt=now.date() - timedelta(days=GRACE_DAYS + 1))
    for box in late.select_related("activity__cycle__place", "key"):
        with transaction.atomic():
            _close(box, ())
        ended += 1
    return ended


def forget_of(activity: Activity) -> None:
    """Forget everything that was said of an activity, with its keys: it goes for good. In the caller's transaction."""
    boxes, texts = activity.reaction_boxes.all(), activity.reaction_texts.all()
    keys = {key for pair in boxes.values_list("key", "text_key") for key in pair} | set(
        texts.values_list("key", flat=True)
    )
    boxes.delete()
    texts.delete()
    activity.reactions.all().delete()
    activity.reaction_papers.all().delete()
    DataKey.objects.filter(pk__in=keys).delete()
