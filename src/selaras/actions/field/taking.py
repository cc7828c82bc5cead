"""What was received is understood: whose it is, what it says, what it changes. Receipt never waits for this.

Each arrival is one transaction. What cannot be understood without a person is held with its reason, and nothing of it
is lost; what was understood once is never done twice.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from selaras.access import Actor, may_correct_household
from selaras.actions import audit
from selaras.actions.counting import count_registered
from selaras.actions.field.edits import Base, change
from selaras.actions.field.reading import Filled, read_filled
from selaras.actions.importing.registering import persons_of, register
from selaras.actions.jobs import enqueue_once
from selaras.actions.submissions import make_one_current
from selaras.models import (
    Arrival,
    ArrivalState,
    CurrentAnswers,
    DataKey,
    FieldForm,
    Household,
    KeyPurpose,
    Lokus,
    Outcome,
    Person,
    Reason,
    SearchHashes,
    Submission,
    SubmissionMode,
    User,
    Visit,
)
from selaras.models.places import within
from selaras.odk.submission import BrokenXmlError

#: Arrivals in one go; the worker comes again within seconds.
MOST = 500
log = logging.getLogger("selaras")


class _HeldError(Exception):
    """A person must decide; the reason is the first argument."""


@dataclass(frozen=True, slots=True)
class Let:
    """What a person has decided, so that it is not asked again: the form, the family, and which doubts are settled."""

    by: Actor | None = None
    form: FieldForm | None = None
    household: Household | None = None
    despite: frozenset[str] = frozenset()


def take_in(*, now: datetime | None = None, most: int = MOST) -> int:
    """Understand what waits, oldest first; how many were looked at. Safe to run twice at once."""
    ids = list(Arrival.objects.filter(state=ArrivalState.WAITING).order_by("pk").values_list("pk", flat=True)[:most])
    for pk in ids:
        take(pk, now=now)
    return len(ids)


def take(pk: int, *, let: Let | None = None, now: datetime | None = None) -> str:
    """Understand one arrival, in one transaction; the reason why it is held, '' where it was taken.

    With `let` also one that was held. Anything unforeseen holds it as FAILED, so that it never stops those behind it.
    """
    now, let = now or timezone.now(), let or Let()
    try:
        with transaction.atomic():
            return _take(pk, let, now)
    except _HeldError as held:
        reason = str(held.args[0])
    except IntegrityError:
        # A code, a KK or the current answers were taken in this very moment: the next round sees them.
        log.info("kiriman %s bertemu yang lain; dicoba lagi", pk)
        return "busy"
    except Exception:
        log.exception("kiriman %s tidak dapat dibaca", pk)
        reason = Reason.FAILED
    open_ones = Arrival.objects.filter(pk=pk, state__in=[ArrivalState.WAITING, ArrivalState.QUARANTINED])
    open_ones.update(state=ArrivalState.QUARANTINED, reason=reason)
    return reason


def _take(pk: int, let: Let, now: datetime) -> str:
    rows = Arrival.objects.select_for_update(of=("self",)).select_related("cycle__place", "key", "by")
    wanted = [ArrivalState.WAITING, *([ArrivalState.QUARANTINED] if let.by is not None else [])]
    arrival = rows.filter(pk=pk, state__in=wanted).first()
    if arrival is None:
        return ""
    form = let.form or arrival.field_form
    if form is None:
        raise _HeldError(arrival.reason or Reason.UNKNOWN_FORM)
    try:
        filled = read_filled(arrival, form)
    except BrokenXmlError as error:
        raise _HeldError(Reason.BROKEN) from error
    _Taking(arrival, form, filled, let, now).run()
    return ""


class _Taking:
    """One arrival on its way into the registry and the answers, in the caller's transaction."""

    def __init__(self, arrival: Arrival, form: FieldForm, filled: Filled, let: Let, now: datetime) -> None:
        self._arrival, self._form, self._filled, self._let, self._now = arrival, form, filled, let, now
        self._hashes = SearchHashes.load()
        self._own = arrival.token.membership.place_code if arrival.token is not None else arrival.area
        self._mode = filled.mode if arrival.mode == SubmissionMode.PHONE else arrival.mode

    def run(self) -> None:
        """Understand it. Raises _HeldError; then nothing has changed."""
        original = self._original()
        household = self._household(original)
        if household is not None and original is not None and original.household_id != household.pk:
            self._demand(Reason.OTHER_FAMILY)
        met = self._filled.outcome == Outcome.MET
        made = household is None and met
        if made:
            household = self._newcomer()
        if household is not None:
            self._visited(household)
            if met:
                self._answered(household, original)
            if met and not made:
                self._corrected(household, original)
        self._done(household, made=made)

    def _demand(self, reason: Reason) -> None:
        """Hold it for that reason, unless a person has already said that it does not matter."""
        if reason not in self._let.despite:
            raise _HeldError(reason)

    def _original(self) -> Arrival | None:
        """What this one corrects; it must have been taken itself, and not been corrected by another since."""
        if not self._arrival.deprecated_id:
            return None
        rows = Arrival.objects.filter(
            cycle=self._arrival.cycle_id, instance_id=self._arrival.deprecated_id, first=True, state=ArrivalState.TAKEN
        )
        found = rows.select_related("submission", "household").first()
        if found is None:
            self._demand(Reason.NO_ORIGINAL)
        elif found.submission is not None and found.submission.superseded_by_id:
            self._demand(Reason.TWICE)
        return found

    def _household(self, original: Arrival | None) -> Household | None:
        """The family that it is about, locked; None for one that is not in the registry yet."""
        rows = Household.objects.select_for_update(of=("self",)).select_related("lokus__place", "key")
        rows = rows.filter(lokus__cycle=self._arrival.cycle_id, erased_at__isnull=True, pending__isnull=True)
        if self._let.household is not None:
            return rows.filter(pk=self._let.household.pk).first()
        uuid = _uuid(self._filled.family)
        found = rows.filter(uuid=uuid).first() if uuid else None
        if found is None and self._filled.listed:
            raise _HeldError(Reason.NO_HOUSEHOLD)
        if found is None and original is not None and original.household_id:
            found = rows.filter(pk=original.household_id).first()
        if found is not None and not within(found.area, self._own):
            self._demand(Reason.FOREIGN)
            if isinstance(self._let.by, User) and not may_correct_household(self._let.by, found):
                # Whose it is may not be said by who keeps another area.
                raise _HeldError(Reason.FOREIGN)
        return found

    def _newcomer(self) -> Household:
        """Register the family under the next free code; the phone's id becomes its own, so that an edit finds it."""
        loci = Lokus.objects.filter(cycle=self._arrival.cycle_id).select_related("place")
        near = [one for one in loci if within(one.area, self._own) or within(self._own, one.area)]
        if len(near) != 1:
            raise _HeldError(Reason.NO_HOUSEHOLD)
        (lokus,) = near
        household = Household(lokus=lokus, code=_next_code(lokus), key=DataKey.fresh(KeyPurpose.HOUSEHOLD))
        uuid = _uuid(self._filled.family)
        if uuid is not None and not Household.objects.filter(uuid=uuid).exists():
            household.uuid = uuid
        register(household, self._filled.registry, self._hashes)
        household.place(lokus)
        if not within(household.area, self._own):
            self._demand(Reason.FOREIGN)
        if household.kk_hash and Household.objects.filter(lokus=lokus, kk_hash=household.kk_hash).exists():
            raise _HeldError(Reason.KNOWN_KK)
        household.the_key().save(force_insert=True)
        household.save(force_insert=True)
        Person.objects.bulk_create(self._persons(household))
        count_registered(lokus.pk)
        return household

    def _persons(self, household: Household) -> list[Person]:
        said = {"registry": self._filled.registry, "members": self._filled.members}
        return persons_of(household, said, self._hashes)

    def _visited(self, household: Household) -> None:
        if self._filled.outcome in Outcome.values:
            Visit.objects.create(
                household=household,
                round=self._form.round,
                outcome=self._filled.outcome,
                arrival=self._arrival,
                by=self._arrival.by,
                at=self._now,
            )

    def _answered(self, household: Household, original: Arrival | None) -> None:
        """The answers that count from now on; those of another phone in this round are not pushed aside unasked."""
        rows = CurrentAnswers.objects.filter(household=household, round=self._form.round)
        current = rows.select_related("submission").first()
        mine = original.submission_id if original is not None else None
        # Answers of a sheet are followed by what was asked at the door.
        sheet = {SubmissionMode.IMPORT, SubmissionMode.DEMO}
        if current is not None and current.submission_id != mine and current.submission.mode not in sheet:
            self._demand(Reason.TWICE)
        filled, version = self._filled, self._form.version
        submission = Submission(
            household=household,
            round=self._form.round,
            version=version,
            mode=self._mode,
            received_at=self._arrival.received_at,
            by=self._arrival.by,
            answers=filled.answers,
        )
        submission.seal_private(filled.private)
        # The bytes stay with the arrival, under its own key, which an erasure of the family destroys too.
        same = json.dumps([filled.answers, filled.private, str(version.sha256)], sort_keys=True).encode()
        submission.raw_hash = self._hashes.raw(same)
        submission.save(force_insert=True)
        make_one_current(submission)
        self._arrival.submission = submission
        enqueue_once(by=None, kind="scoring.score", round=self._form.round_id)

    def _corrected(self, household: Household, original: Arrival | None) -> None:
        """What the form says otherwise of a family that was there, and its members where it lists any."""
        change(
            household=household,
            said=self._filled.registry,
            base=Base.of(self._filled.mark, household),
            arrival=self._arrival,
            hashes=self._hashes,
            original=original,
        )
        if not self._filled.members:
            return
        persons = self._persons(household)
        fresh = [(one.name, one.sex, one.relation, one.nik_hash) for one in persons]
        there = [(one.name, one.sex, one.relation, one.nik_hash) for one in household.persons.order_by("position")]
        if fresh != there:
            household.persons.all().delete()
            Person.objects.bulk_create(persons)

    def _done(self, household: Household | None, *, made: bool) -> None:
        arrival, let = self._arrival, self._let
        arrival.household, arrival.field_form, arrival.mode = household, self._form, self._mode
        arrival.state, arrival.reason = ArrivalState.TAKEN, ""
        if household is not None:
            arrival.area = household.area
        if isinstance(let.by, User):
            arrival.decided_by, arrival.decided_at = let.by, self._now
        arrival.save()
        self._wake(made=made)
        audit.record(
            by=arrival.by if let.by is None else let.by,
            action="arrivals.take" if let.by is None else "arrivals.let_in",
            object_type="arrival",
            object_id=arrival.uuid,
            place_code=arrival.area,
            outcome=self._filled.outcome,
            new=int(made),
            despite=sorted(let.despite),
        )

    def _wake(self, *, made: bool) -> None:
        """What came too early is looked at again: corrections of this form; her visits to a family that is new."""
        held = Arrival.objects.filter(cycle=self._arrival.cycle_id, state=ArrivalState.QUARANTINED)
        early = Q(reason=Reason.NO_ORIGINAL, deprecated_id=self._arrival.instance_id)
        if made:
            early |= Q(reason=Reason.NO_HOUSEHOLD, by=self._arrival.by_id)
        held.filter(early, field_form__isnull=False).update(state=ArrivalState.WAITING, reason="")


def _next_code(lokus: Lokus) -> str:
    codes = Household.objects.filter(lokus=lokus).values_list("code", flat=True)
    numbers = [int(tail) for code in codes if (tail := code.rpartition("-")[2]).isdigit()]
    return f"{lokus.prefix}-{max(numbers, default=0) + 1:03d}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
