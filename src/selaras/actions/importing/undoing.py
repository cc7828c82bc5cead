"""Take a published import back: by one switch its new families are nobody's, and what stood before counts again.

What the switch hides (families with their states, needs and forms) is removed afterwards, chunk by chunk, by the
tidying job; by how much the counters move is found out before it. Nothing may build on the import:
`queries.undoing.blockers` is asked once more inside the switch.
"""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from selaras.actions import audit
from selaras.actions.counting import count_registered
from selaras.actions.importing.publishing import demand_open
from selaras.actions.importing.registering import Known, kept_before
from selaras.actions.jobs import Progress, enqueue, enqueue_once
from selaras.actions.same_family import leave_to_another
from selaras.actions.uncounting import Leaving, forget_states, moved, take_off, what_leaves
from selaras.errors import InputError, Problem
from selaras.models import (
    BatchState,
    CurrentAnswers,
    ImportBatch,
    Lokus,
    Round,
    SearchHashes,
    Submission,
    User,
)
from selaras.queries.undoing import asked_before, blockers, brought

#: How often the counting begins anew because answers were scored meanwhile.
TRIES = 20

_PREVIOUS = (
    "SELECT before.{column} FROM selaras_submission before WHERE before.superseded_by_id = {table}.submission_id"
)
_RESTORE = f"""
UPDATE selaras_currentanswers SET
    answers = ({_PREVIOUS.format(column="answers", table="selaras_currentanswers")}),
    dirty = %s,
    submission_id = ({_PREVIOUS.format(column="id", table="selaras_currentanswers")})
WHERE submission_id IN (SELECT mine.id FROM selaras_submission mine WHERE mine.batch_id = %s)
  AND EXISTS ({_PREVIOUS.format(column="id", table="selaras_currentanswers")})
"""  # noqa: S608  (built of our own constants)


def undo(progress: Progress) -> None:
    """Take the batch of this job back. Idempotent. Raises InputError with the reasons where something builds on it."""
    batch = ImportBatch.objects.select_related("lokus__place", "round__cycle", "created_by").get(
        uuid=progress.job.params["batch"]
    )
    if batch.state == BatchState.UNDONE:
        return
    if batch.state != BatchState.PUBLISHED or batch.lokus is None:
        raise InputError(Problem("import.not_published"))
    for _ in range(TRIES):
        progress.say(progress.job.done)
        # Some million states: read while everybody else may write.
        leaving = what_leaves(batch.round_id, batch.lokus_id, brought(batch).values("pk"))
        with transaction.atomic():
            if _switch(batch, leaving, progress, timezone.now()):
                return
    raise InputError(Problem("import.busy"))


def _switch(batch: ImportBatch, leaving: Leaving, progress: Progress, now: datetime) -> bool:
    """False, and nothing done, where counters have moved since `leaving` was read."""
    # Of a freeze, a scoring and an undo at once the later ones wait here, and then see what the first has done.
    assert batch.lokus is not None  # noqa: S101  (undo refuses a batch without one)
    Lokus.objects.select_for_update(no_key=True).get(pk=batch.lokus.pk)
    Round.objects.select_for_update(no_key=True).get(pk=batch.round_id)
    demand_open(batch)
    if moved(batch.round_id, batch.lokus_id) != leaving.moved:
        return False
    mine = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.PUBLISHED)
    if not mine.update(state=BatchState.UNDONE):
        return True
    if reasons := blockers(batch):
        raise InputError(reasons)
    with connection.cursor() as cursor:
        cursor.execute(_RESTORE, [True, batch.pk])
        restored = int(cursor.rowcount)
    take_off(batch.round_id, leaving, now)
    unanswered = CurrentAnswers.objects.filter(submission__batch=batch)
    forget_states(batch.round, batch.lokus.pk, unanswered.exclude(household__in=brought(batch).values("pk")), now)
    unanswered.delete()
    Submission.objects.filter(superseded_by__batch=batch).update(superseded_by=None)
    requests = list(asked_before(batch).values_list("uuid", flat=True))
    asked_before(batch).update(household=None, version=F("version") + 1)
    # Those that are in nobody's view at their wish, too.
    removed = brought(batch).update(pending=batch.uuid, restricted_at=None)
    for request in requests:
        # Another import may have brought it as well, and be there still.
        leave_to_another(request)
    corrected = _restore_registry(batch, progress.job.created_by)
    count_registered(batch.lokus.pk)
    audit.record(
        by=progress.job.created_by,
        action="imports.undone",
        object_type="import",
        object_id=batch.uuid,
        place_code=batch.lokus.area,
        round=batch.round_id,
        removed=removed,
        restored=restored,
        corrected=corrected,
    )
    enqueue_once(by=None, kind="scoring.score", round=batch.round_id)
    enqueue(by=None, kind="imports.tidy", batch=str(batch.uuid))
    return True


# --- the registry -------------------------------------------------------------------------------------------------
def _restore_registry(batch: ImportBatch, by: User | None) -> int:
    hashes = SearchHashes.load()
    kept = [(row, row.household) for row in kept_before(batch) if row.household is not None]
    found = [Known.as_before(row, household, hashes, by) for row, household in kept]
    Known.write(found)
    return len(found)
