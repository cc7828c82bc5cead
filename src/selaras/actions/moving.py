"""Answers and the registry's values of one family handed to another under its key, and handed back."""

from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from selaras.access import Actor
from selaras.actions.field.edits import corrected, registry_of
from selaras.actions.importing.registering import is_same
from selaras.actions.uncounting import Leaving, take_off, what_leaves
from selaras.models import (
    Arrival,
    Check,
    Counter,
    CurrentAnswers,
    EditSource,
    Household,
    HouseholdClass,
    HouseholdScore,
    Person,
    RecheckFamily,
    SearchHashes,
    Submission,
    UnitCounter,
)

#: [round, the submission that counted, its copy or None where the other family's answers count, and likewise each that
#: it had followed with its copy, the newest first]. Moves written before those were copied have no fourth part.
Move = list[Any]


class Answers:
    """Those of `gone` on their way to `kept`, and back. `rounds` are the rounds that must be scored again."""

    def __init__(self, kept: Household, gone: Household) -> None:
        self._kept, self._gone = kept, gone
        self.rounds: set[int] = set()

    @staticmethod
    def rounds_of(moves: list[Move]) -> set[int]:
        """The rounds that were moved."""
        return {move[0] for move in moves}

    def move(self, now: datetime) -> list[Move]:
        """Round by round: `kept` takes over what it has not answered itself; what it has, counts no second time."""
        own = set(CurrentAnswers.objects.filter(household=self._kept).values_list("round_id", flat=True))
        found: list[Move] = []
        rows = CurrentAnswers.objects.filter(household=self._gone).order_by("round_id")
        for current in rows.select_related("submission"):
            self.rounds.add(current.round_id)
            was = current.submission
            if current.round_id in own:
                self._drop(current, now)
                found.append([current.round_id, was.pk, None])
            else:
                copy, older = self._copied(was), self._older(was)
                copies = [copy, *(self._copied(each) for each in older)]
                for newer, each in pairwise(copies):
                    Submission.objects.filter(pk=each.pk).update(superseded_by=newer)
                self._hand(self._gone, self._kept, current.round_id)
                CurrentAnswers.objects.filter(pk=current.pk).update(
                    household=self._kept, lokus=self._kept.lokus_id, submission=copy, dirty=True
                )
                for one, its in zip([was, *older], copies, strict=True):
                    self._rename(one, its)
                pairs = [[one.pk, its.pk] for one, its in zip(older, copies[1:], strict=True)]
                found.append([current.round_id, was.pk, copy.pk, pairs])
        return found

    def move_back(self, moves: list[Move], now: datetime) -> None:
        """What `gone` had answered counts for it again; what `kept` answered itself since stays."""
        for round_, was_id, copy_id, *rest in moves:
            self.rounds.add(round_)
            was = Submission.objects.get(pk=was_id)
            copy = Submission.objects.filter(pk=copy_id).first() if copy_id is not None else None
            current = CurrentAnswers.objects.filter(submission=copy).first() if copy is not None else None
            if current is not None:
                self._hand(self._kept, self._gone, round_)
                current.household, current.submission, current.answers, current.dirty = (
                    self._gone,
                    was,
                    was.answers,
                    True,
                )
                current.save()
            else:
                self._put_on(round_, now)
                CurrentAnswers.objects.create(
                    household=self._gone,
                    round_id=round_,
                    lokus_id=self._gone.lokus_id,
                    submission=was,
                    answers=was.answers,
                )
            if copy is not None:
                self._rename(copy, was)
                self._copies_go(copy, rest[0] if rest else [])

    def _copies_go(self, copy: Submission, older: list[list[int]]) -> None:
        """What points at them points at what they were made of; who had followed the first follows what it followed."""
        for was, its in older:
            self._rename(Submission.objects.get(pk=its), Submission.objects.get(pk=was))
        mine = [its for _, its in older]
        Submission.objects.filter(pk__in=mine).update(superseded_by=None)
        Submission.objects.filter(superseded_by=copy).update(superseded_by=copy.superseded_by_id)
        copy.delete()
        Submission.objects.filter(pk__in=mine).delete()

    def _older(self, was: Submission) -> list[Submission]:
        """What these answers had followed in their family and round, the newest first: it counts again where they are
        withdrawn."""
        found: list[Submission] = []
        seen, last = {was.pk}, [was.pk]
        while last:
            rows = Submission.objects.filter(superseded_by__in=last, household=self._gone, round=was.round_id)
            more = list(rows.exclude(pk__in=seen).order_by("-pk"))
            found += more[:1]
            last = [each.pk for each in more[:1]]
            seen.update(last)
        return found

    def _drop(self, current: CurrentAnswers, now: datetime) -> None:
        """The counters lose it; its states and classes stay, in nobody's view, until they count again."""
        take_off(current.round_id, self._states(current.round_id), now)
        current.delete()

    def _states(self, round_: int) -> Leaving:
        mine = Household.objects.filter(pk=self._gone.pk)
        return what_leaves(round_, self._gone.lokus_id, mine.values("pk"))

    def _put_on(self, round_: int, now: datetime) -> None:
        """The counters have it again, as what `_drop` took off."""
        states = self._states(round_)
        nothing = dict.fromkeys(("n", "true", "missing", "not_applicable"), 0)
        scores = HouseholdScore.objects.filter(household=self._gone, round=round_)
        valued = set(scores.filter(total__isnull=False).values_list("indicator_id", flat=True))
        for lokus, indicator in states.sums:
            more = {**nothing, "total": Decimal(0) if indicator in valued else None}
            Counter.objects.get_or_create(lokus_id=lokus, round_id=round_, indicator_id=indicator, defaults=more)
        for lokus, version, _name in states.classes:
            head = {"households": 0, "engine": "", "as_of": now}
            UnitCounter.objects.get_or_create(lokus_id=lokus, round_id=round_, version_id=version, defaults=head)
        sums = {key: (-n, -true, -gap, -away, -total) for key, (n, true, gap, away, total) in states.sums.items()}
        take_off(round_, Leaving({}, sums, {key: -count for key, count in states.classes.items()}), now)

    def _hand(self, giver: Household, taker: Household, round_: int) -> None:
        """States and classes change their family: counters, which are of the same lokus, do not move."""
        models: tuple[Any, ...] = (HouseholdScore, HouseholdClass)
        for model in models:
            rows = list(model.objects.filter(household=giver, round=round_))
            model.objects.filter(household=giver, round=round_).delete()
            for row in rows:
                row.household = taker
            model.objects.bulk_create(rows)

    def _copied(self, was: Submission) -> Submission:
        """The same answers as `kept`'s own, sealed under its key. What came as a sheet's row stays where it was."""
        was.household = self._gone
        copy = Submission(household=self._kept, round_id=was.round_id, version_id=was.version_id, mode=was.mode)
        copy.received_at, copy.by_id, copy.answers = was.received_at, was.by_id, was.answers
        copy.instead_of_id = was.instead_of_id
        copy.seal_private(was.private_values())
        copy.raw_hash = was.raw_hash
        copy.save(force_insert=True)
        return copy

    def _rename(self, was: Submission, now: Submission) -> None:
        """What points at these answers points at their copy."""
        Arrival.objects.filter(submission=was).update(submission=now)
        Check.objects.filter(submission=was).update(submission=now)
        drawn = RecheckFamily.objects.filter(submission=was)
        drawn.update(submission=now, household=now.household_id)


class Registry:
    """What the registry says of `gone`, where it says nothing of `kept`. `fields` are the names of what was filled."""

    def __init__(self, kept: Household, gone: Household) -> None:
        self._kept, self._gone = kept, gone
        self._hashes = SearchHashes.load()
        self.fields: list[str] = []

    @property
    def kk_of_gone(self) -> str | None:
        """The hash of its KK number, which it has not while it is in nobody's view: numbers are one family's."""
        return self._hashes.kk(self._gone.kk())

    def fill(self, by: Actor) -> dict[str, list[Any]]:
        """Fill blanks and add members that `kept` has not; what was. Saved, as a version that phones meet."""
        kept, gone = self._kept, self._gone
        was, filled = registry_of(kept), []
        for name in ("head_name", "address"):
            if not getattr(kept, name) and getattr(gone, name):
                setattr(kept, name, getattr(gone, name))
                filled.append(name)
        if not kept.kk_hash and (number := gone.kk()):
            kept.set_kk(number, self._hashes.kk(number))
            filled.append("kk")
        if not kept.phone_hash and (number := gone.phone()):
            kept.set_phone(number, self._hashes.phone(number))
            filled.append("phone")
        members = self._members()
        self.fields = [*filled, *(["members"] if members else [])]
        if self.fields:
            self._version(was, by, len(members))
        return {"filled": filled, "members": members}

    def _version(self, was: dict[str, str], by: Actor, members: int) -> None:
        self._kept.version += 1
        self._kept.save()
        corrected(self._kept, was, by=by, source=EditSource.MERGE, members=members).save()

    def _members(self) -> list[int]:
        """The persons that were added, by id."""
        there = list(Person.objects.filter(household=self._kept).order_by("position"))
        last, added = max((person.position for person in there), default=0), []
        for person in Person.objects.filter(household=self._gone).order_by("position"):
            person.household = self._gone
            if any(is_same(one, person) for one in there):
                continue
            last += 1
            copy = Person(
                household=self._kept, position=last, name=person.name, sex=person.sex, relation=person.relation
            )
            copy.set_nik(person.nik(), person.nik_hash)
            copy.nik_said = person.nik_said
            copy.save(force_insert=True)
            added.append(copy.pk)
        return added

    def empty(self, filled: dict[str, list[Any]], by: Actor) -> None:
        """Take away what `fill` had filled, where it still stands so. Saved, as a version."""
        kept, gone = self._kept, self._gone
        was = registry_of(kept)
        for name in ("head_name", "address"):
            if name in filled["filled"] and getattr(kept, name) == getattr(gone, name):
                setattr(kept, name, "")
        if "kk" in filled["filled"] and kept.kk_hash == self.kk_of_gone:
            kept.kk_sealed, kept.kk_hash = None, None
        if "phone" in filled["filled"] and kept.phone_hash == gone.phone_hash:
            kept.phone_sealed, kept.phone_hash = None, None
        members = [
            row.pk for row in Person.objects.filter(pk__in=filled["members"], household=kept) if self._is_as(row)
        ]
        Person.objects.filter(pk__in=members).delete()
        if filled["filled"] or members:
            self._version(was, by, len(members))

    def _is_as(self, copy: Person) -> bool:
        """Whether a member of `gone` says all that its copy does: what somebody has completed since, stays."""
        said = (copy.name, copy.sex, copy.relation, copy.nik_hash)
        rows = Person.objects.filter(household=self._gone).values_list("name", "sex", "relation", "nik_hash")
        return said in set(rows)
