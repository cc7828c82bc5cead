"""Take a published import back: by one switch its new families are nobody's, and what stood before counts again.

What the switch hides is removed afterwards, chunk by chunk, by the tidying job. Nothing may build on the import:
`queries.undoing.blockers` is asked once more inside the switch.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from selaras.actions import audit
from selaras.actions.counting import count_registered
from selaras.actions.importing.publishing import demand_open
from selaras.actions.importing.registering import Known, kept_before
from selaras.actions.jobs import Progress, enqueue, enqueue_once
from selaras.actions.needs import follow
from selaras.errors import InputError, Problem
from selaras.models import (
    BatchState,
    Counter,
    CurrentAnswers,
    Household,
    HouseholdClass,
    HouseholdScore,
    ImportBatch,
    Lokus,
    Need,
    Round,
    SearchHashes,
    Submission,
    UnitCounter,
)
from selaras.queries.programme import primary_of
from selaras.queries.undoing import blockers, brought

#: Families whose needs are derived at once.
AT_ONCE = 500

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
    with transaction.atomic():
        _switch(batch, progress, timezone.now())


def _switch(batch: ImportBatch, progress: Progress, now: datetime) -> None:
    # Of a freeze, a scoring and an undo at once the later ones wait here, and then see what the first has done.
    assert batch.lokus is not None  # noqa: S101  (undo refuses a batch without one)
    Lokus.objects.select_for_update(no_key=True).get(pk=batch.lokus.pk)
    Round.objects.select_for_update(no_key=True).get(pk=batch.round_id)
    demand_open(batch)
    mine = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.PUBLISHED)
    if not mine.update(state=BatchState.UNDONE):
        return
    if reasons := blockers(batch):
        raise InputError(reasons)
    new = list(brought(batch).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_RESTORE, [True, batch.pk])
        restored = int(cursor.rowcount)
    unanswered = CurrentAnswers.objects.filter(submission__batch=batch)
    _forget_scores(batch, unanswered.values("household"), now)
    families = list(unanswered.values_list("household_id", flat=True))
    _forget_needs(batch, families, now)
    unanswered.delete()
    Submission.objects.filter(superseded_by__batch=batch).update(superseded_by=None)
    Household.objects.filter(pk__in=brought(batch).values("pk")).update(pending=batch.uuid)
    corrected = _restore_registry(batch)
    count_registered(batch.lokus.pk)
    audit.record(
        by=progress.job.created_by,
        action="imports.undone",
        object_type="import",
        object_id=batch.uuid,
        place_code=batch.lokus.area,
        round=batch.round_id,
        removed=len(new),
        restored=restored,
        corrected=corrected,
    )
    enqueue_once(by=None, kind="scoring.score", round=batch.round_id)
    enqueue(by=None, kind="imports.tidy", batch=str(batch.uuid))


# --- scores and counters ------------------------------------------------------------------------------------------
def _forget_scores(batch: ImportBatch, households: QuerySet[Any], now: datetime) -> None:
    """States and classes of families that have no answers any more, and the counters by as much, exactly."""
    here = Q(round=batch.round_id, household__in=households)
    scores = HouseholdScore.objects.filter(here)
    sums = (
        scores.order_by()
        .values("lokus", "indicator")
        .annotate(n_=Sum("n"), true_=Sum("true"), missing_=Sum("missing"), absent_=Sum("not_applicable"))
    )
    totals: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    # A sum of exact decimals is not the database's to make: see ExactDecimalField.
    valued = scores.filter(total__isnull=False).values_list("lokus_id", "indicator_id", "total")
    for lokus, indicator, total in valued.iterator(chunk_size=2_000):
        totals[lokus, indicator] += total or 0
    moves = {(row["lokus"], row["indicator"]): row for row in sums}
    counters = Counter.objects.select_for_update().filter(round=batch.round_id, lokus__in={lokus for lokus, _ in moves})
    changed = []
    for counter in counters.order_by("pk"):
        move = moves.get((counter.lokus_id, counter.indicator_id))
        if move is None:
            continue
        counter.n -= move["n_"]
        counter.true -= move["true_"]
        counter.missing -= move["missing_"]
        counter.not_applicable -= move["absent_"]
        if counter.total is not None:
            counter.total -= totals[counter.lokus_id, counter.indicator_id]
        changed.append(counter)
    Counter.objects.bulk_update(changed, ["n", "true", "missing", "not_applicable", "total"], batch_size=200)
    _forget_classes(batch, here, now)
    scores.delete()


def _forget_classes(batch: ImportBatch, here: Q, now: datetime) -> None:
    classes = HouseholdClass.objects.filter(here)
    counts = classes.order_by().values("lokus", "version", "name").annotate(families=Count("household"))
    heads = {
        (head.lokus_id, head.version_id): head
        for head in UnitCounter.objects.select_for_update().filter(round=batch.round_id).order_by("pk")
    }
    moved = set()
    for row in counts:
        head = heads.get((row["lokus"], row["version"]))
        if head is None:
            continue
        head.households -= row["families"]
        if row["name"]:
            left = head.classes.get(row["name"], 0) - row["families"]
            head.classes = {name: count for name, count in {**head.classes, row["name"]: left}.items() if count}
        else:
            head.unclassified -= row["families"]
        moved.add((head.lokus_id, head.version_id))
    for key in moved:
        head = heads[key]
        # Blanks by question are of the whole lokus: the scoring job counts them again.
        head.gaps, head.as_of = [], now
        if head.households:
            head.save()
        else:
            Counter.objects.filter(
                lokus=head.lokus_id, round=batch.round_id, indicator__version=head.version_id
            ).delete()
            head.delete()
    classes.delete()


def _forget_needs(batch: ImportBatch, households: Sequence[int], now: datetime) -> None:
    """Those of the families that go, go; of the others they are what the measurements that are left say."""
    new = set(brought(batch).values_list("pk", flat=True))
    Need.objects.filter(household__in=brought(batch).values("pk")).delete()
    version = primary_of(batch.round.cycle)
    staying = [pk for pk in households if pk not in new]
    for start in range(0, len(staying) if version else 0, AT_ONCE):
        assert version is not None  # noqa: S101  (the range is empty without one)
        follow(version=version, households=staying[start : start + AT_ONCE], now=now)


# --- the registry -------------------------------------------------------------------------------------------------
def _restore_registry(batch: ImportBatch) -> int:
    hashes = SearchHashes.load()
    found = [Known.as_before(row, row.household, hashes) for row in kept_before(batch) if row.household is not None]
    Known.write(found)
    return len(found)
