"""The second job of an import: prepare unseen, chunk by chunk; then one switch; then tidy up.

Before the switch nothing of the import can be seen: new families are `pending`, new submissions are nobody's current
answers. The switch is one transaction of set-based statements. Killed anywhere, the job goes on where it was.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from selaras.actions import audit, submissions
from selaras.actions.counting import count_registered
from selaras.actions.importing.checking import clear_stage
from selaras.actions.importing.inserting import insert_many
from selaras.actions.importing.registering import Known, Newcomer, newcomer
from selaras.actions.importing.registry import Registry
from selaras.actions.jobs import Progress, enqueue, enqueue_once
from selaras.actions.restriction_marks import REGISTER, Recognised, in_force, recognised
from selaras.actions.restrictions import again
from selaras.errors import InputError, Problem
from selaras.models import (
    BatchState,
    CurrentAnswers,
    Cycle,
    DataKey,
    Household,
    HouseholdClass,
    HouseholdScore,
    ImportBatch,
    ImportRow,
    Merge,
    Need,
    Person,
    PhotoConsent,
    SearchHashes,
    Statement,
    Submission,
    SubmissionMode,
    TargetChange,
)
from selaras.queries.duplicates import kept_of
from selaras.queries.undoing import KEPT

#: Families a transaction while preparing, with keys, members and forms: some 60 ms of SQLite's write lock.
CHUNK = 100
#: Families a transaction while removing, each with some 70 states.
REMOVED = 50

_OWNED = "UPDATE selaras_importrow SET household_id = %s WHERE id = %s"


@dataclass(slots=True)
class _Counted:
    new: int = 0
    known: int = 0
    changed: list[Known] = field(default_factory=list)


def publish(progress: Progress) -> None:
    """Bring the batch of this job in. Idempotent; the same file again changes nothing.

    Raises InputError where the batch may not be published (any more), or another import holds one of its codes.
    """
    batch = ImportBatch.objects.select_related("key", "file", "lokus__place", "round__cycle", "version").get(
        uuid=progress.job.params["batch"]
    )
    if batch.state == BatchState.PUBLISHED:
        return
    if batch.state != BatchState.CHECKED or batch.key.wrapped is None:
        raise InputError(Problem("import.stale"))
    try:
        counted = _Preparation(batch, progress).run()
        # Read before the switch: of tens of thousands it takes longer than everybody else should wait.
        brought = Household.objects.filter(pending=batch.uuid)
        _switch(batch, counted, recognised(brought, in_force(REGISTER.known())), timezone.now())
    except IntegrityError as error:
        # Another import has taken a code or a KK number since the last look.
        raise InputError(Problem("import.overtaken")) from error


class _Preparation:
    """Everything that can be done unseen: keys, families, persons and submissions of the batch."""

    def __init__(self, batch: ImportBatch, progress: Progress) -> None:
        self._batch = batch
        self._progress = progress
        self._hashes = SearchHashes.load()
        self._registry = Registry(batch, self._hashes)
        self._next = self._first_free()
        self._counted = _Counted()

    def run(self) -> _Counted:
        done = 0
        for rows in self._chunks():
            self._prepare(rows)
            done += len(rows)
            self._progress.say(done, self._batch.rows)
        return self._counted

    def _chunks(self) -> Iterator[list[ImportRow]]:
        last = 0
        staged = ImportRow.objects.filter(batch=self._batch, sheet="").order_by("number")
        if self._batch.mapping.get("skip"):
            staged = staged.filter(problems=[])
        while rows := list(staged.filter(number__gt=last)[:CHUNK]):
            last = rows[-1].number
            for row in rows:
                row.batch = self._batch
            yield rows

    def _first_free(self) -> int:
        codes = Household.objects.filter(lokus=self._batch.lokus).values_list("code", flat=True)
        numbers = [int(tail) for code in codes if (tail := code.rpartition("-")[2]).isdigit()]
        return max(numbers, default=0) + 1

    def _prepare(self, rows: Sequence[ImportRow]) -> None:
        values = {row.pk: row.values() for row in rows}
        codes = {row.pk: self._code(row, values[row.pk]) for row in rows}
        for row in rows:
            # Since the check, a family of another import may have come with this number.
            owner = self._registry.by_kk.get(row.kk_hash or "")
            if owner and owner != codes[row.pk]:
                raise InputError(Problem("import.kk_taken", values={"code": owner}))
        there = self._there(rows, codes)
        newcomers: dict[int, Newcomer] = {}
        sent: list[Submission] = []
        before = self._hashes_of(there.values())
        for row in rows:
            household = there.get(codes[row.pk])
            if household is None:
                newcomers[row.pk] = newcomer(self._batch, codes[row.pk], values[row.pk], self._hashes)
                household = newcomers[row.pk].household
                there[codes[row.pk]] = household
            elif household.pending is None:
                self._counted.known += 1
                self._counted.changed += Known.differing(self._batch, household, values[row.pk], self._hashes)
            self._counted.new += household.pending is not None
            submission = self._submission(household, values[row.pk])
            if submission is not None and submission.raw_hash != before.get(household.pk or 0):
                sent.append(submission)
            row.household = household
        self._store(rows, list(newcomers.values()), sent)

    def _code(self, row: ImportRow, values: dict[str, Any]) -> str:
        code = values["code"] or self._registry.code_of(values["registry"])
        if not code and row.household_id is not None:
            code = Household.objects.values_list("code", flat=True).get(pk=row.household_id)
        if code:
            return str(code)
        self._next += 1
        assert self._batch.lokus is not None  # noqa: S101  (publish refuses a batch without one)
        return f"{self._batch.lokus.prefix}-{self._next - 1:03d}"

    def _there(self, rows: Sequence[ImportRow], codes: dict[int, str]) -> dict[str, Household]:
        """The families of this chunk that are in the table already, visible or pending by this very batch."""
        found = Household.objects.filter(lokus=self._batch.lokus, code__in=codes.values()).select_related("key")
        there = {household.code: household for household in found}
        for row in rows:
            household = there.get(codes[row.pk])
            if household is None:
                continue
            if household.pending not in {None, self._batch.uuid}:
                raise InputError(_hidden(household))
            if household.erased_at is not None:
                raise InputError(Problem("import.erased"))
        return there

    def _hashes_of(self, households: Any) -> dict[int, str]:
        """Family -> hash of the form that counts now, or of the one that this batch has already prepared."""
        ids = [household.pk for household in households]
        current = CurrentAnswers.objects.filter(household__in=ids, round=self._batch.round)
        prepared = Submission.objects.filter(household__in=ids, batch=self._batch)
        return {
            **dict(current.values_list("household_id", "submission__raw_hash")),
            **dict(prepared.values_list("household_id", "raw_hash")),
        }

    def _submission(self, household: Household, values: dict[str, Any]) -> Submission | None:
        answers, private = submissions.split(values)
        if not answers and not private:
            return None
        batch = self._batch
        submission = Submission(
            household=household,
            round=batch.round,
            version=batch.version,
            mode=SubmissionMode.DEMO if batch.round.cycle.synthetic else SubmissionMode.IMPORT,
            batch=batch,
            by=batch.created_by,
            answers=answers,
        )
        submission.seal_private(private)
        raw = {"row": values["raw"], **{name: [m["raw"] for m in rows] for name, rows in values["members"].items()}}
        same = json.dumps([answers, private, str(batch.version.sha256)], sort_keys=True).encode()
        submission.seal_raw(json.dumps(raw, ensure_ascii=False).encode(), self._hashes.raw(same))
        return submission

    def _store(self, rows: Sequence[ImportRow], newcomers: list[Newcomer], sent: list[Submission]) -> None:
        fresh = [one.household for one in newcomers]
        with transaction.atomic():
            insert_many([household.the_key() for household in fresh])
            insert_many(fresh)
            ids = dict(Household.objects.filter(uuid__in=[one.uuid for one in fresh]).values_list("uuid", "pk"))
            for household in fresh:
                household.pk = ids[household.uuid]
            persons = [person for one in newcomers for person in one.persons]
            # Django copied the family's number when there was none yet.
            for person in persons:
                person.household_id = person.household.pk
            for submission in sent:
                submission.household_id = submission.household.pk
            insert_many(persons)
            insert_many(sent)
            # `bulk_update` would write a CASE of a hundred branches.
            with connection.cursor() as cursor:
                cursor.executemany(_OWNED, [(row.household.pk, row.pk) for row in rows if row.household is not None])


def _hidden(household: Household) -> Problem:
    """Why a family is in nobody's view: another import brings it, it wants so, or it was found to be another."""
    if household.pending is not None and ImportBatch.objects.filter(uuid=household.pending).exists():
        return Problem("import.busy")
    if household.restricted_at is not None:
        return Problem("import.restricted", values={"code": household.code})
    kept = kept_of(household.uuid)
    if kept is None:
        return Problem("import.overtaken")
    return Problem("import.twin", values={"code": household.code, "kept": kept.code})


def _switch(batch: ImportBatch, counted: _Counted, unwilling: Mapping[int, Recognised], now: datetime) -> None:
    """From one moment to the next: families, answers and the batch's state; then its key is no more.

    `unwilling` are the families among them that had asked to be used no further by name: nobody sees them
    in between.
    """
    with transaction.atomic():
        demand_open(batch)
        mine = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.CHECKED)
        if not mine.update(
            state=BatchState.PUBLISHED,
            finished_at=now,
            households_new=counted.new,
            households_known=counted.known,
            # From here on an undo knows what was changed: without it, it is not known (`queries.undoing`).
            summary={**batch.summary, KEPT: len(counted.changed)},
        ):
            raise InputError(Problem("import.stale"))
        Household.objects.filter(pending=batch.uuid).update(pending=None)
        if batch.lokus_id is not None:
            count_registered(batch.lokus_id)
        _demand_unchanged(batch, counted.changed)
        Known.write(counted.changed)
        answered = submissions.make_current(batch)
        again(by=batch.created_by, found=unwilling, via="import")
        batch.key.destroy(now)
        audit.record(
            by=batch.created_by,
            action="imports.publish",
            object_type="import",
            object_id=batch.uuid,
            place_code=batch.lokus.area if batch.lokus else "",
            round=batch.round_id,
            version=str(batch.version),
            new=counted.new,
            known=counted.known,
            corrected=len(counted.changed),
            submissions=answered,
        )
        if answered:
            enqueue_once(by=None, kind="scoring.score", round=batch.round_id)
        enqueue(by=None, kind="imports.tidy", batch=str(batch.uuid))


def demand_open(batch: ImportBatch) -> None:
    """Raise InputError where the year was closed after the work was asked for; nobody closes it meanwhile."""
    cycle = Cycle.objects.select_for_update(no_key=True).get(pk=batch.round.cycle_id)
    if cycle.closed_at is not None:
        raise InputError(Problem("cycle.closed", values={"cycle": str(cycle)}))


def _demand_unchanged(batch: ImportBatch, corrections: Sequence[Known]) -> None:
    """Raise InputError where a person has corrected a family, or an undo has hidden one, since they were prepared."""
    ids = [known.household.pk for known in corrections]
    there = dict(Household.objects.filter(pk__in=ids).values_list("pk", "version"))
    hidden = Submission.objects.filter(batch=batch, household__pending__isnull=False).exists()
    if hidden or any(there[known.household.pk] != known.household.version - 1 for known in corrections):
        raise InputError(Problem("import.overtaken"))


def tidy(progress: Progress) -> None:
    """After publishing, discarding or undoing: staged rows, the file, and what nobody may see any more. Idempotent."""
    batch = ImportBatch.objects.select_related("file").get(uuid=progress.job.params["batch"])
    if batch.state in {BatchState.DISCARDED, BatchState.UNDONE}:
        _remove_prepared(batch, progress)
    clear_stage(batch, progress)
    if batch.file is not None:
        batch.file.erase()


def _remove_prepared(batch: ImportBatch, progress: Progress) -> None:
    ImportRow.objects.filter(batch=batch, household__pending=batch.uuid).update(household=None)
    ImportRow.objects.filter(batch=batch, sheet__startswith=ImportRow.BEFORE).delete()
    # Decisions about these families that were taken back themselves; of others there are none.
    gone = Q(household__pending=batch.uuid) | Q(before_replaced_by__pending=batch.uuid)
    TargetChange.objects.filter(gone).delete()
    pending = Household.objects.filter(pending=batch.uuid)
    while rows := list(pending.values_list("pk", "key_id")[:REMOVED]):
        ids = [pk for pk, _ in rows]
        with transaction.atomic():
            # Of a published one that was taken back there are states, classes and needs too.
            for model in (HouseholdScore, HouseholdClass, Need, Submission, Person, Statement, PhotoConsent):
                model._base_manager.filter(household__in=ids).delete()
            Merge.objects.filter(Q(kept__in=ids) | Q(gone__in=ids), undone_at__isnull=False).delete()
            Household.objects.filter(pk__in=ids).delete()
            DataKey.objects.filter(pk__in=[key for _, key in rows]).delete()
        progress.say(progress.job.done)
    while ids := list(Submission.objects.filter(batch=batch).values_list("pk", flat=True)[:CHUNK]):
        Submission.objects.filter(pk__in=ids).delete()
        progress.say(progress.job.done)
