"""Look at filled forms again, after they have been taken in: what breaks the survey's own rules, and simple signals.

The scoring job calls it for each batch; receipt never waits for it. A signal is no verdict: each is a count that a
person can follow, and none is made where the way of asking makes it meaningless. At the posyandu forms are typed one
after another at one place, so a group session is neither fast nor at the same spot; a form keyed from paper has no
place and no time of its own. What came by import was checked on its way in.

Sources: two seconds an item as the least that reading takes: Huang et al., J. Bus. Psychol. 27 (2012) 99-114; heaping
on 0 and 5 as of Whipple's index (UN Demographic Yearbook), which expects one in five.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as field_of
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import checks_for, demand, may_see_checks, may_settle_check, one, the_lokus
from selaras.actions import audit
from selaras.actions.importing.families import Family, Member
from selaras.actions.importing.rules import Rules
from selaras.models import (
    Arrival,
    CannotUnsealError,
    Check,
    CheckKind,
    Round,
    Submission,
    SubmissionMode,
    User,
)
from selaras.odk.fieldform import BEGUN, DONE
from selaras.odk.forms import Field, Form
from selaras.odk.money import names_money
from selaras.odk.submission import BrokenXmlError, local, open_envelope
from selaras.odk.types import SILENT
from selaras.odk.values import is_private
from selaras.queries.alike_photos import Alike, alike
from selaras.queries.rules import instrument_of

#: Forms that a person filled in one by one.
FILLED = (SubmissionMode.PHONE, SubmissionMode.WEB, SubmissionMode.KEYED, SubmissionMode.GROUP)
#: Seconds for an answer that nobody can read a question in, and how many answers make a pace.
PACE, PACED = 2.0, 20
#: Questions of one list that are answered all alike: of three choices and more, and of two.
ALIKE, ALIKE_OF_TWO = 8, 15
#: Homes of one sender at one spot, how fine a spot is (decimals of a degree: 11 m), how exact a point must be (m).
HOMES, SPOT, EXACT = 5, 4, 50.0
#: Numbers of one question that end in 0 or 5: of how many, and what share is far from one in five.
NUMBERS, HEAP = 30, 0.6
#: Numbers above this are money or such, which everybody rounds; of thousands and millions of rupiah smaller ones too.
COUNTABLE = 120
#: A sender's other forms that are looked at, the newest first.
MOST = 200


@dataclass(frozen=True, slots=True)
class Signal:
    """What was found in one form, before it is stored."""

    kind: CheckKind
    field: str = ""
    row: int = 0
    facts: Mapping[str, int] = field_of(default_factory=dict)


def look_again(round_: Round, submissions: Collection[int], *, now: datetime | None = None) -> int:
    """Look at those submissions of a round and store what there is to see; how many signals. Idempotent.

    What somebody has seen stays seen; what is no longer so is taken away.
    """
    now = now or timezone.now()
    rows = Submission.objects.filter(pk__in=submissions, mode__in=FILLED, household__erased_at__isnull=True)
    rows = rows.select_related("household__key", "version__workbook").order_by("version_id", "pk")
    found: dict[int, list[Signal]] = {}
    lokus: dict[int, int] = {}
    for _version, group in groupby(rows, key=lambda row: row.version_id):
        forms = list(group)
        lokus |= {one.pk: one.household.lokus_id for one in forms}
        for pk, signals in _of_one_version(round_, forms).items():
            found.setdefault(pk, []).extend(signals)
    _store(found, lokus, now)
    return sum(map(len, found.values()))


def _of_one_version(round_: Round, forms: Sequence[Submission]) -> dict[int, list[Signal]]:
    instrument = instrument_of(forms[0].version)
    found: dict[int, list[Signal]] = {one.pk: [] for one in forms}
    for pk, signal in _broken(forms, Rules(instrument, fields=_open_fields(instrument.form), today=round_.closes)):
        found[pk].append(signal)
    for form in forms:
        found[form.pk] += _alike(form, instrument.form)
        found[form.pk] += _fast(form, instrument.form)
    for sender, sent in groupby(sorted(forms, key=lambda row: row.by_id or 0), key=lambda row: row.by_id):
        if sender is not None:
            for pk, signal in _of_sender(round_, sender, list(sent), instrument.form):
                found[pk].append(signal)
    for pk, signal in _photos(round_, forms, instrument.form):
        found[pk].append(signal)
    return found


def _store(found: Mapping[int, Sequence[Signal]], lokus: Mapping[int, int], now: datetime) -> None:
    with transaction.atomic():
        there = {
            (row.submission_id, row.kind, row.field, row.row): row
            for row in Check.objects.select_for_update().filter(submission__in=found)
        }
        wanted = {
            (pk, signal.kind.value, signal.field, signal.row): signal for pk, all_ in found.items() for signal in all_
        }
        Check.objects.filter(pk__in=[row.pk for key, row in there.items() if key not in wanted]).delete()
        Check.objects.bulk_create(
            Check(
                submission_id=pk,
                lokus_id=lokus[pk],
                kind=kind,
                field=field,
                row=row,
                facts=dict(signal.facts),
                found_at=now,
            )
            for (pk, kind, field, row), signal in wanted.items()
            if (pk, kind, field, row) not in there
        )


# --- the survey's own rules -------------------------------------------------------------------------------------------
def _open_fields(form: Form) -> frozenset[str]:
    """What can be judged without opening what is sealed."""
    return frozenset(name for name, field in form.fields.items() if not is_private(field))


def _broken(forms: Sequence[Submission], rules: Rules) -> Iterator[tuple[int, Signal]]:
    """Each answer that breaks a rule of the survey, by the engine that scores: one statement for all of them."""
    families = [_as_family(one) for one in forms]
    for family, row, rule in rules.broken_rules(families):
        kind = CheckKind.NOT_ASKED if rule.code == "import.not_asked" else CheckKind.CONSTRAINT
        number = 0
        if isinstance(row, Member):
            number = 1 + next(
                place for place, each in enumerate(family.members[rule.field.repeat or ""]) if each is row
            )
        yield family.number, Signal(kind, rule.field.name, number)


def _as_family(submission: Submission) -> Family:
    """The answers in the shape that the rules read; every answer counts as one that stands in a cell."""
    answers: dict[str, Any] = submission.answers
    members = {
        repeat: [Member("", answers=dict(row), cells=dict.fromkeys(row, 0)) for row in rows]
        for repeat, rows in answers.items()
        if isinstance(rows, list)
    }
    own = {name: value for name, value in answers.items() if not isinstance(value, list)}
    return Family("", submission.pk, "", answers=own, members=members, cells=dict.fromkeys(own, 0))


# --- one form by itself -----------------------------------------------------------------------------------------------
def _alike(submission: Submission, form: Form) -> Iterator[Signal]:
    """All questions of one list answered with the same choice."""
    lists: dict[str, list[Field]] = {}
    for field in form.fields.values():
        if field.kind == "choice" and field.repeat is None and submission.answers.get(field.name):
            lists.setdefault(field.list_name or "", []).append(field)
    for name, fields in lists.items():
        least = ALIKE if len(form.lists.get(name, ())) > 2 else ALIKE_OF_TWO
        if len(fields) >= least and len({submission.answers[field.name] for field in fields}) == 1:
            yield Signal(CheckKind.STRAIGHT, fields[0].name, facts={"questions": len(fields)})


def _fast(submission: Submission, form: Form) -> Iterator[Signal]:
    """Fewer seconds than reading takes, by the clock of the phone. Only where one family was asked at a time."""
    if submission.mode not in {SubmissionMode.PHONE, SubmissionMode.WEB}:
        return
    rows = [
        submission.answers,
        *(row for rows in submission.answers.values() if isinstance(rows, list) for row in rows),
    ]
    answered = sum(_is_asked(form.fields.get(name)) for row in rows for name in row)
    seconds = _seconds(submission, form)
    if seconds is not None and answered >= PACED and 0 <= seconds < PACE * answered:
        yield Signal(CheckKind.FAST, facts={"seconds": round(seconds), "answers": answered})


def _is_asked(field: Field | None) -> bool:
    """Whether somebody has to read it: not what the phone fills in by itself."""
    return field is not None and field.kind != "calculate" and "_".join(field.type.lower().split()) not in SILENT


def _seconds(submission: Submission, form: Form) -> float | None:
    """From the moment that the form was begun to the one when it was finished; None where it does not say."""
    moments: dict[str, str] = {}
    for field in form.fields.values():
        kind = "_".join(field.type.lower().split()).removesuffix("_time")
        if kind in {"start", "end"} and isinstance(submission.answers.get(field.name), str):
            moments[kind] = submission.answers[field.name]
    if len(moments) < 2:
        moments = _of_the_phone(submission)
    try:
        begun, done = (datetime.fromisoformat(moments[kind]) for kind in ("start", "end"))
        return (done - begun).total_seconds()
    except (KeyError, ValueError, TypeError):
        return None


def _of_the_phone(submission: Submission) -> dict[str, str]:
    """What the form's own envelope says, where it came by phone and its bytes can still be opened."""
    arrival = Arrival.objects.filter(submission=submission).select_related("key", "file__key").first()
    if arrival is None:
        return {}
    try:
        envelope = open_envelope(arrival.raw_bytes())
    except (BrokenXmlError, CannotUnsealError, OSError):
        return {}
    said = {"start": envelope.started, "end": envelope.ended}
    for node in envelope.root.iter():
        if (name := local(node)) in _MOMENTS and node.text:
            said[_MOMENTS[name]] = node.text.strip()
    return said


#: What the forms that we hand out ask the phone's clock.
_MOMENTS = {BEGUN: "start", DONE: "end"}


# --- photos -----------------------------------------------------------------------------------------------------------
def _photos(round_: Round, forms: Sequence[Submission], form: Form) -> Iterator[tuple[int, Signal]]:
    """Photos that look like one of another home, or of this home in another round: one signal for each question."""
    by_pk = {one.pk: one for one in forms}
    for pk, photos in alike(round_.cycle_id, by_pk).items():
        asked = _asked_of_photos(by_pk[pk], form)
        told: dict[tuple[str, int], list[Alike]] = {}
        for photo in photos:
            told.setdefault(asked.get(photo.name, ("", 0)), []).extend(photo.others)
        for (field, row), found in told.items():
            yield pk, Signal(CheckKind.PHOTO, field, row, facts=_counted(by_pk[pk], found))


def _counted(submission: Submission, found: Sequence[Alike]) -> dict[str, int]:
    """Other homes, other rounds of this home, and how many of the photos are copies byte for byte."""
    return {
        "homes": len({each.household for each in found} - {submission.household_id}),
        "rounds": len({each.round for each in found if each.household == submission.household_id}),
        "exact": len({each.file for each in found if each.exact}),
    }


def _asked_of_photos(submission: Submission, form: Form) -> dict[str, tuple[str, int]]:
    """Name of a file -> the question that it answers, and the 1-based row of a repeat."""
    try:
        said = submission.private_values()
    except CannotUnsealError:
        return {}
    found: dict[str, tuple[str, int]] = {}
    for field in form.fields.values():
        if field.kind == "file":
            rows = [said] if field.repeat is None else said.get(field.repeat) or []
            for number, row in enumerate(rows, start=1):
                if name := str(row.get(field.name) or ""):
                    found[name] = (field.name, 0 if field.repeat is None else number)
    return found


# --- one sender's forms together --------------------------------------------------------------------------------------
def _of_sender(round_: Round, sender: int, forms: Sequence[Submission], form: Form) -> Iterator[tuple[int, Signal]]:
    others = Submission.objects.filter(by=sender, round=round_, mode__in=FILLED, current__isnull=False)
    sent = list(others.select_related("household__key").order_by("-received_at", "-pk")[:MOST])
    points = [field for field in form.fields.values() if field.kind == "geo" and field.repeat is None]
    if points and any(one.mode == SubmissionMode.PHONE for one in forms):
        yield from _same_spot(forms, sent, points)
    yield from _heaped(forms, sent, form)


def _same_spot(
    forms: Sequence[Submission], sent: Sequence[Submission], points: Sequence[Field]
) -> Iterator[tuple[int, Signal]]:
    """Forms filled in at the door whose point lies where those of many other homes do."""
    spots: dict[tuple[float, float], set[int]] = {}
    mine: dict[int, tuple[float, float]] = {}
    for each in sent:
        spot = _spot(each, points) if each.mode == SubmissionMode.PHONE else None
        if spot is not None:
            spots.setdefault(spot, set()).add(each.household_id)
            mine[each.pk] = spot
    for each in forms:
        if (spot := mine.get(each.pk)) is not None and len(spots[spot]) >= HOMES:
            yield each.pk, Signal(CheckKind.PLACE, facts={"homes": len(spots[spot])})


def _spot(submission: Submission, points: Sequence[Field]) -> tuple[float, float] | None:
    """The form's point on a grid of some 11 m; None where there is none, or it is too vague to say anything."""
    try:
        said = submission.private_values()
    except CannotUnsealError:
        return None
    for field in points:
        parts = str(said.get(field.name) or "").split(";")[0].split()
        try:
            latitude, longitude, *more = map(float, parts)
        except ValueError:
            continue
        if len(more) < 2 or more[1] <= EXACT:
            return round(latitude, SPOT), round(longitude, SPOT)
    return None


def _heaped(forms: Sequence[Submission], sent: Sequence[Submission], form: Form) -> Iterator[tuple[int, Signal]]:
    """A sender's numbers that end in 0 or 5 far more often than ages and sizes do; told at her newest form."""
    newest = max(forms, key=lambda one: (one.received_at, one.pk))
    for field in form.fields.values():
        if field.kind != "integer" or names_money(field):
            continue
        numbers = [number for one in sent for number in _numbers(one, field)]
        large = [number for number in numbers if number >= 10]
        if len(large) < NUMBERS or sum(number > COUNTABLE for number in large) * 2 > len(large):
            continue
        round_ones = sum(number % 5 == 0 for number in large)
        if round_ones >= HEAP * len(large) and not _told(newest, field):
            facts = {"round": round_ones, "numbers": len(large)}
            yield newest.pk, Signal(CheckKind.HEAPED, field.name, facts=facts)


def _told(newest: Submission, field: Field) -> bool:
    """Whether the same is told at an earlier form of hers in the round: once is enough."""
    rows = Check.objects.filter(kind=CheckKind.HEAPED, field=field.name, submission__by=newest.by_id)
    return rows.filter(submission__round=newest.round_id).exclude(submission=newest.pk).exists()


def _numbers(submission: Submission, field: Field) -> Iterator[int]:
    rows = [submission.answers] if field.repeat is None else submission.answers.get(field.repeat) or []
    yield from (value for row in rows if isinstance(value := row.get(field.name), int))


# --- looked at --------------------------------------------------------------------------------------------------------
def settle(*, by: User, cycle_slug: str, code: str, check_id: UUID, open_again: bool = False) -> Check:
    """Say that one has been looked at, or (`open_again`) that it has not. Raises Missing, Forbidden."""
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_see_checks, by, lokus)
    with transaction.atomic():
        found = one(checks_for(by).filter(lokus=lokus), uuid=check_id)
        demand(may_settle_check, by, found)
        found.seen_by, found.seen_at = (None, None) if open_again else (by, timezone.now())
        found.save(update_fields=["seen_by", "seen_at"])
        audit.record(
            by=by,
            action="checks.open_again" if open_again else "checks.settle",
            object_type="household",
            object_id=found.submission.household.uuid,
            place_code=found.lokus.area,
            kind=found.kind,
            fields=[found.field] if found.field else [],
        )
    return found
