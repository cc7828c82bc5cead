"""What was received is understood: whose it is, what it says, what it changes. Receipt never waits for this.

Each arrival is one transaction. What cannot be understood without a person is held with its reason, and nothing of it
is lost; what was understood once is never done twice.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.models import F, Q
from django.utils import timezone

from selaras.access import Actor, absent_cadre, demand, may_settle_household
from selaras.actions import audit
from selaras.actions.counting import count_registered
from selaras.actions.field.edits import Base, chain_of, change
from selaras.actions.field.forgetting import forget_returned
from selaras.actions.field.merged import has_kk, written_anew
from selaras.actions.field.niks import completed, heard_of_head
from selaras.actions.field.reading import Filled, read_filled, visited_on
from selaras.actions.importing.registering import is_same, persons_of, register
from selaras.actions.jobs import enqueue_once
from selaras.actions.photo_consents import heard_photo_uses, unheard_photo_uses
from selaras.actions.restriction_marks import REGISTER, in_force, recognised
from selaras.actions.restrictions import again_if_known
from selaras.actions.splitting import next_code
from selaras.actions.submissions import make_one_current, withdraw
from selaras.actions.turns import in_turn
from selaras.errors import InputError, Problem, SelarasError
from selaras.models import (
    Arrival,
    ArrivalState,
    Cycle,
    DataKey,
    EditState,
    FieldForm,
    Household,
    HouseholdEdit,
    KeyPurpose,
    Lokus,
    Outcome,
    Person,
    Reason,
    Round,
    SearchHashes,
    Submission,
    User,
    Visit,
)
from selaras.models.places import area_code, within
from selaras.odk.submission import BrokenXmlError
from selaras.queries.foreseen import (
    OF_FAMILY,
    answered_family,
    areas_of,
    family_of,
    is_corrected,
    is_of_another,
    is_unwilling,
    original_of,
    pushes_aside,
    takes_back_anothers,
    touched,
)

#: Arrivals in one go; the worker comes again within seconds.
MOST = 50
#: An arrival that has met others so often waits for a person instead of being tried for ever.
MOST_TRIES = 20
#: What `take` says of one that met others.
BUSY = "busy"
#: What is said of a family or a lokus, not of the form.
OF_TYPED = OF_FAMILY | {Reason.NO_HOUSEHOLD, Reason.KNOWN_KK}
log = logging.getLogger("selaras")


class _HeldError(Exception):
    """A person must decide; the reason is the first argument."""


@dataclass(frozen=True, slots=True)
class Let:
    """What a person has decided, so that it is not asked again: the form, the family or the lokus of a new one, and
    which doubts are settled."""

    by: Actor | None = None
    form: FieldForm | None = None
    household: Household | None = None
    lokus: Lokus | None = None
    despite: frozenset[str] = frozenset()


def take_in(*, now: datetime | None = None, most: int = MOST) -> int:
    """Understand what waits, oldest first, at most `most`; how many were looked at. Safe to run twice at once.

    What met others who wrote the same comes after what nobody has looked at.
    """
    forget_returned(now=now or timezone.now())
    waiting = Arrival.objects.filter(state=ArrivalState.WAITING).order_by("tries", "pk")
    ids = list(waiting.values_list("pk", flat=True)[:most])
    for pk in ids:
        take(pk, now=now)
    return len(ids)


def take(pk: int, *, let: Let | None = None, now: datetime | None = None) -> str:
    """Understand one arrival, in one transaction; the reason why it is held, '' where it was taken.

    With `let` also one that was held. Anything unforeseen holds it as FAILED, so that it never stops those behind it.
    Raises Forbidden where `let.by` keeps no records of the family, InputError where somebody else has decided.
    """
    now, let = now or timezone.now(), let or Let()
    try:
        with in_turn():
            return _take(pk, let, now)
    except _HeldError as held:
        reason = str(held.args[0])
    except SelarasError:
        raise
    except (IntegrityError, OperationalError, InterfaceError):
        # Others wrote the same in this very moment, or the database was away: the next round sees.
        log.info("kiriman %s bertemu yang lain; dicoba lagi", pk)
        met = Arrival.objects.filter(pk=pk)
        met.update(tries=F("tries") + 1)
        if not met.filter(tries__gte=MOST_TRIES).exists():
            return BUSY
        reason = Reason.FAILED
    except Exception:
        log.exception("kiriman %s tidak dapat dibaca", pk)
        reason = Reason.FAILED
    _hold(pk, reason, let)
    return reason


def _hold(pk: int, reason: str, let: Let) -> None:
    """Let it wait for a person. What is in doubt of the family or the lokus that she typed says nothing of the form."""
    if (let.household is not None or let.lokus is not None) and reason in OF_TYPED:
        return
    with in_turn():
        open_ones = Arrival.objects.filter(pk=pk, state__in=[ArrivalState.WAITING, ArrivalState.QUARANTINED])
        arrival = open_ones.select_for_update(of=("self",)).first()
        if arrival is None or (arrival.state == ArrivalState.QUARANTINED and arrival.reason == reason):
            return
        arrival.state, arrival.reason = ArrivalState.QUARANTINED, reason
        arrival.save(update_fields=["state", "reason"])
        audit.record(
            by=let.by,
            action="arrivals.hold",
            object_type="arrival",
            object_id=arrival.uuid,
            place_code=arrival.area,
            reason=reason,
        )


def _take(pk: int, let: Let, now: datetime) -> str:
    rows = Arrival.objects.select_for_update(of=("self",)).select_related("cycle__place", "key", "by")
    wanted = [ArrivalState.WAITING, *([ArrivalState.QUARANTINED] if let.by is not None else [])]
    arrival = rows.filter(pk=pk, state__in=wanted).first()
    if arrival is None:
        if let.by is not None:
            raise InputError(Problem("arrival.decided"))
        return ""
    form = let.form or arrival.field_form
    if form is None:
        raise _HeldError(arrival.reason or Reason.UNKNOWN_FORM)
    if form.practice:
        arrival.state, arrival.reason = ArrivalState.PRACTICE, ""
        arrival.save(update_fields=["state", "reason"])
        return ""
    # Nobody closes the year while this is written into it. What was here before it closed counts in it; what came
    # later, where a person says so.
    closed_at = Cycle.objects.select_for_update(no_key=True).get(pk=arrival.cycle_id).closed_at
    if closed_at is not None and arrival.received_at >= closed_at and let.by is None:
        raise _HeldError(Reason.CLOSED)
    try:
        filled = read_filled(arrival, form)
    except BrokenXmlError as error:
        raise _HeldError(Reason.BROKEN) from error
    _Taking(arrival, form, filled, let, now).run()
    return ""


def demand_touched(by: User, families: Iterable[Household]) -> None:
    """Whom letting a form in touches must be hers to settle. Raises Forbidden."""
    for each in families:
        demand(may_settle_household, by, each)


class _Taking:
    """One arrival on its way into the registry and the answers, in the caller's transaction."""

    def __init__(self, arrival: Arrival, form: FieldForm, filled: Filled, let: Let, now: datetime) -> None:
        self._arrival, self._form, self._filled, self._let, self._now = arrival, form, filled, let, now
        self._hashes = SearchHashes.load()
        self._named = filled.named
        self._areas = areas_of(arrival)
        self._own = self._areas[0]
        self._mode = filled.mode

    def run(self) -> None:
        """Understand it. Raises _HeldError; then nothing has changed."""
        original = original_of(self._arrival)
        if isinstance(self._let.by, User):
            # Refused before any doubt is found, which would be written down as hers.
            demand_touched(self._let.by, touched(self._arrival, self._named, original))
        self._doubted(original)
        household = self._household(original)
        self._hers(household)
        if is_of_another(household, original):
            self._demand(Reason.OTHER_FAMILY)
        met = self._named.met
        made = household is None and met
        if made:
            household = self._newcomer()
        self._lock_what_goes(household, original)
        if household is not None:
            self._visited(household, original)
            if met:
                self._answered(household, original)
                if self._filled.photo_uses is not None:
                    heard_photo_uses(
                        arrival=self._arrival, household=household, uses=self._filled.photo_uses, now=self._now
                    )
            if met and not made:
                self._corrected(household, original)
        self._taken_back(household, original)
        if household is not None and made:
            again_if_known(by=self._let.by or self._arrival.by, family=household, via="form")
        self._done(household, made=made)

    def _demand(self, reason: Reason) -> None:
        """Hold it for that reason, unless a person has already said that it does not matter."""
        if reason not in self._let.despite:
            raise _HeldError(reason)

    def _hers(self, household: Household | None) -> None:
        """Whose it is may not be said by who keeps another area."""
        if household is not None and isinstance(self._let.by, User):
            demand(may_settle_household, self._let.by, household)

    def _doubted(self, original: Arrival | None) -> None:
        """What this one corrects must have been taken itself, and not been corrected by another since."""
        if original is None and self._arrival.deprecated_id:
            self._demand(Reason.NO_ORIGINAL)
        elif original is not None and is_corrected(original, self._arrival):
            self._demand(Reason.TWICE)

    def _household(self, original: Arrival | None) -> Household | None:
        """The family that it is about, locked; None for one that is not in the registry yet."""
        if self._let.household is not None:
            return self._locked(self._let.household)
        found = family_of(self._arrival, self._named, original)
        if found is None and is_unwilling(self._arrival, self._named, original):
            raise _HeldError(Reason.RESTRICTED)
        if found is None and self._named.listed:
            raise _HeldError(Reason.NO_HOUSEHOLD)
        if found is not None:
            self._reach(found.area)
        return self._locked(found)

    def _reach(self, area: str) -> None:
        """Her own area, or one where she stood in for another when it came; elsewhere a person decides."""
        self._own = next((own for own in self._areas if within(area, own)), self._own)
        if not within(area, self._own):
            self._demand(Reason.FOREIGN)

    def _locked(self, found: Household | None) -> Household | None:
        """That family, locked after its lokus, as imports, their undo and the office do."""
        if found is None:
            return None
        Lokus.objects.select_for_update(no_key=True).get(pk=found.lokus_id)
        # Scoring, which has the round, names families in rows of its own: `no_key` lets it.
        rows = Household.objects.select_for_update(of=("self",), no_key=True)
        rows = rows.select_related("lokus__place", "lokus__cycle", "key")
        there = rows.filter(pk=found.pk, erased_at__isnull=True).filter(Household.counted()).first()
        if there is None:
            raise _HeldError(Reason.NO_HOUSEHOLD)
        if there.restricted_at is not None:
            raise _HeldError(Reason.RESTRICTED)
        return there

    def _lock_what_goes(self, household: Household | None, original: Arrival | None) -> None:
        """Family and round of the answers that are taken back: before any answers, as scoring locks them."""
        was = original.submission if original is not None else None
        if was is None:
            return
        family = answered_family(was)
        if household is None or family.pk != household.pk:
            self._hers(self._locked(family))
        Round.objects.select_for_update(no_key=True).get(pk=was.round_id)

    def _newcomer(self) -> Household:
        """Register the family under the next free code; the phone's id becomes its own, so that an edit finds it."""
        lokus = (
            Lokus.objects.select_for_update(of=("self",), no_key=True).select_related("place").get(pk=self._lokus().pk)
        )
        household = Household(lokus=lokus, code=next_code(lokus), key=DataKey.fresh(KeyPurpose.HOUSEHOLD))
        uuid = self._named.family
        if uuid is not None and not Household.objects.filter(uuid=uuid).exists():
            household.uuid = uuid
        register(household, self._filled.registry, self._hashes)
        household.place(lokus)
        self._hers(household)
        self._reach(household.area)
        if household.kk_hash and has_kk(lokus, household.kk_hash, self._hashes):
            same = Household.objects.filter(lokus=lokus, kk_hash=household.kk_hash, restricted_at__isnull=False)
            raise _HeldError(Reason.RESTRICTED if same.exists() else Reason.KNOWN_KK)
        household.the_key().save(force_insert=True)
        household.save(force_insert=True)
        Person.objects.bulk_create(self._persons(household))
        heard_of_head(household, self._filled, None, self._hashes)
        self._demand_not_away(household)
        count_registered(lokus.pk)
        return household

    def _demand_not_away(self, newcomer: Household) -> None:
        """One that is surely a family that is away already is no second one: it is heard when that lets it be."""
        known = recognised(Household.objects.filter(pk=newcomer.pk), in_force(REGISTER.known())).get(newcomer.pk)
        if known is None or not known.surely:
            return
        away = Household.objects.filter(pending=known.request, restricted_at__isnull=False, erased_at__isnull=True)
        if away.exclude(pk=newcomer.pk).exists():
            raise _HeldError(Reason.RESTRICTED)

    def _lokus(self) -> Lokus:
        """The lokus of a new family: where its cadre works; of several, the one that the office or its RW names."""
        loci = Lokus.objects.filter(cycle=self._arrival.cycle_id).select_related("place")
        near = [one for one in loci if any(within(one.area, own) or within(own, one.area) for own in self._areas)]
        rw, rt = self._filled.registry.get("rw", ""), self._filled.registry.get("rt", "")
        if self._let.lokus is not None:
            near = [one for one in near if one.pk == self._let.lokus.pk]
        elif len(near) > 1 and rw:
            near = [one for one in near if within(area_code(one.place.code, rw, rt), one.area)]
        if len(near) > 1 and self._arrival.token is None:
            # A wider task that she has besides does not put in doubt what is in her narrow one.
            narrow = [own for own in self._areas if not any(within(each, own) for each in self._areas if each != own)]
            near = [one for one in near if any(within(area_code(one.place.code, rw, rt), own) for own in narrow)]
        if len(near) != 1:
            raise _HeldError(Reason.NO_HOUSEHOLD)
        return near[0]

    def _persons(self, household: Household) -> list[Person]:
        said = {"registry": self._filled.registry, "members": self._filled.members}
        return persons_of(household, said, self._hashes)

    def _visited(self, household: Household, original: Arrival | None) -> None:
        """One visit, that of the form which was corrected: it is told otherwise now, and was no second one."""
        if self._filled.outcome in Outcome.values:
            there = Visit.objects.filter(arrival=original).select_related("by")
            first = there.first() if original is not None else None
            Visit.objects.create(
                household=household,
                round=self._form.round,
                outcome=self._filled.outcome,
                arrival=self._arrival,
                on=first.on if first is not None else visited_on(self._filled, self._arrival, self._form.round),
                by=first.by if first is not None else self._arrival.by,
                at=first.at if first is not None else self._now,
            )

    def _taken_back(self, household: Household | None, original: Arrival | None) -> None:
        """What the corrected form said of another family, or of one that was not met after all, counts no more."""
        if original is None:
            return
        Visit.objects.filter(arrival=original).delete()
        if household is None or household.pk != original.household_id or self._filled.outcome != Outcome.MET:
            unheard_photo_uses(arrivals=chain_of(original), by=self._arrival.by)
        was, fresh = original.submission, self._arrival.submission
        there = (household.pk if household is not None else None, self._form.round_id)
        if was is None:
            return
        if fresh is not None and (answered_family(was).pk, was.round_id) == there:
            return
        if takes_back_anothers(self._arrival, household if fresh is not None else None, self._form.round_id, original):
            # Who names another's form waits, as where she corrects its answers.
            self._demand(Reason.TWICE)
        withdraw(was, by=fresh, chain=chain_of(original), now=self._now)

    def _answered(self, household: Household, original: Arrival | None) -> None:
        """The answers that count from now on; those of another phone in this round are not pushed aside unasked."""
        if pushes_aside(self._arrival, household, self._form.round, original):
            self._demand(Reason.TWICE)
        filled, version = self._filled, self._form.version
        submission = Submission(
            household=household,
            round=self._form.round,
            version=version,
            mode=self._mode,
            received_at=self._arrival.received_at,
            by=self._arrival.by,
            instead_of=absent_cadre(
                self._arrival.by, self._arrival.cycle_id, household.area, self._arrival.received_at
            ),
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
            said=written_anew(self._named.family, household, self._filled.registry),
            base=Base.of(self._filled.mark, household),
            arrival=self._arrival,
            own=self._own,
            hashes=self._hashes,
            original=original,
        )
        if added := self._members(household) + heard_of_head(household, self._filled, original, self._hashes):
            household.version += 1
            household.save(update_fields=["version"])
            audit.record(
                by=self._arrival.by,
                action="households.correct",
                object_type="household",
                object_id=household.uuid,
                place_code=household.area,
                fields=["members"],
                version=household.version,
                via="phone",
            )
            edit = HouseholdEdit(household=household, base=household.version - 1, number=household.version)
            edit.state, edit.by = EditState.APPLIED, self._arrival.by
            edit.seal_changes({"members": ["", str(added)]})
            edit.save()

    def _members(self, household: Household) -> int:
        """Add the members that the form names and the registry has not, and fill what it left blank; how many.

        Nobody is taken away and nothing is written over: a form seldom asks all that a sheet had said.
        """
        rows = [row["registry"] for rows in self._filled.members.values() for row in rows]
        if not any(row.get("name") for row in rows):
            return 0
        there = list(household.persons.order_by("position"))
        changed = 0
        for person in self._persons(household):
            known = next((one for one in there if is_same(one, person)), None)
            if known is not None:
                changed += completed(known, person)
                continue
            person.position = max((one.position for one in there), default=0) + 1
            person.save(force_insert=True)
            there.append(person)
            changed += 1
        return changed

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
