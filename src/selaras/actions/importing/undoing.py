"""Take a published import back: by one switch its new families are nobody's, and what stood before counts again.

What the switch hides (families with their states, needs and forms) is removed afterwards, chunk by chunk, by the
tidying job; by how much the counters move is found out before it. Nothing may build on the import:
`queries.undoing.blockers` is asked once more inside the switch.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
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
    HouseholdClass,
    HouseholdScore,
    ImportBatch,
    Lokus,
    Round,
    SearchHashes,
    Submission,
    UnitCounter,
)
from selaras.queries.programme import primary_of
from selaras.queries.undoing import blockers, brought

#: Families whose needs are derived at once.
AT_ONCE = 500
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


@dataclass(frozen=True, slots=True)
class _Leaving:
    """What families that go have in the counters of a round, and when those counters were moved last.

    `sums`: (lokus, indicator) -> n, true, missing, not applicable, total; `classes`: (lokus, version, class) ->
    families.
    """

    moved: Mapping[int, datetime]
    sums: Mapping[tuple[int, int], tuple[int, int, int, int, Decimal]]
    classes: Mapping[tuple[int, int, str], int]


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
        leaving = _leaving(batch, brought(batch).values("pk"))
        with transaction.atomic():
            if _switch(batch, leaving, progress, timezone.now()):
                return
    raise InputError(Problem("import.busy"))


def _switch(batch: ImportBatch, leaving: _Leaving, progress: Progress, now: datetime) -> bool:
    """False, and nothing done, where counters have moved since `leaving` was read."""
    # Of a freeze, a scoring and an undo at once the later ones wait here, and then see what the first has done.
    assert batch.lokus is not None  # noqa: S101  (undo refuses a batch without one)
    Lokus.objects.select_for_update(no_key=True).get(pk=batch.lokus.pk)
    Round.objects.select_for_update(no_key=True).get(pk=batch.round_id)
    demand_open(batch)
    if _moved(batch) != leaving.moved:
        return False
    mine = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.PUBLISHED)
    if not mine.update(state=BatchState.UNDONE):
        return True
    if reasons := blockers(batch):
        raise InputError(reasons)
    with connection.cursor() as cursor:
        cursor.execute(_RESTORE, [True, batch.pk])
        restored = int(cursor.rowcount)
    _take_off(batch, leaving, now)
    unanswered = CurrentAnswers.objects.filter(submission__batch=batch)
    _forget(batch, unanswered.exclude(household__in=brought(batch).values("pk")), now)
    unanswered.delete()
    Submission.objects.filter(superseded_by__batch=batch).update(superseded_by=None)
    removed = brought(batch).update(pending=batch.uuid)
    corrected = _restore_registry(batch)
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


# --- scores and counters ------------------------------------------------------------------------------------------
def _moved(batch: ImportBatch) -> dict[int, datetime]:
    """When each counter of the round here was moved last: whatever scores says so, even where nothing changes."""
    heads = UnitCounter.objects.filter(lokus=batch.lokus_id, round=batch.round_id)
    return dict(heads.values_list("pk", "as_of"))


def _leaving(batch: ImportBatch, households: QuerySet[Any]) -> _Leaving:
    # First of all: what moves while the rest is read makes it stale.
    moved = _moved(batch)
    here = Q(round=batch.round_id, household__in=households)
    sums: dict[tuple[int, int], list[int]] = {}
    totals: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    scores = HouseholdScore.objects.filter(here).order_by()
    counts = scores.values("lokus", "indicator").annotate(
        n_=Sum("n"), true_=Sum("true"), missing_=Sum("missing"), absent_=Sum("not_applicable")
    )
    for row in counts:
        sums[row["lokus"], row["indicator"]] = [row[name] for name in ("n_", "true_", "missing_", "absent_")]
    # A sum of exact decimals is not the database's to make: see ExactDecimalField.
    valued = scores.filter(total__isnull=False).values_list("lokus_id", "indicator_id", "total")
    for lokus, indicator, total in valued.iterator(chunk_size=2_000):
        totals[lokus, indicator] += total or 0
    classes = HouseholdClass.objects.filter(here).order_by().values_list("lokus", "version", "name")
    return _Leaving(
        moved=moved,
        sums={key: (n, true, missing, absent, totals[key]) for key, (n, true, missing, absent) in sums.items()},
        classes={(lokus, version, name): n for lokus, version, name, n in classes.annotate(n_=Count("household"))},
    )


def _take_off(batch: ImportBatch, leaving: _Leaving, now: datetime) -> None:
    """The counters by as much, exactly; those that count nobody any more go."""
    counters = Counter.objects.select_for_update().filter(
        round=batch.round_id, lokus__in={lokus for lokus, _ in leaving.sums}
    )
    changed = []
    for counter in counters.order_by("pk"):
        move = leaving.sums.get((counter.lokus_id, counter.indicator_id))
        if move is None:
            continue
        n, true, missing, absent, total = move
        counter.n -= n
        counter.true -= true
        counter.missing -= missing
        counter.not_applicable -= absent
        if counter.total is not None:
            counter.total -= total
        changed.append(counter)
    Counter.objects.bulk_update(changed, ["n", "true", "missing", "not_applicable", "total"], batch_size=200)
    heads = UnitCounter.objects.select_for_update().filter(round=batch.round_id).order_by("pk")
    there = {(head.lokus_id, head.version_id): head for head in heads}
    for key in {(lokus, version) for lokus, version, _ in leaving.classes} & set(there):
        _take_off_classes(there[key], leaving.classes, now)


def _take_off_classes(head: UnitCounter, classes: Mapping[tuple[int, int, str], int], now: datetime) -> None:
    for (lokus, version, name), families in classes.items():
        if (lokus, version) != (head.lokus_id, head.version_id):
            continue
        head.households -= families
        if name:
            head.classes = {**head.classes, name: head.classes.get(name, 0) - families}
        else:
            head.unclassified -= families
    head.classes = {name: count for name, count in head.classes.items() if count}
    # Blanks by question are of the whole lokus: the scoring job counts them again.
    head.gaps, head.as_of = [], now
    if head.households:
        head.save()
        return
    Counter.objects.filter(lokus=head.lokus_id, round=head.round_id, indicator__version=head.version_id).delete()
    head.delete()


def _forget(batch: ImportBatch, answers: QuerySet[CurrentAnswers], now: datetime) -> None:
    """States and classes of families that stay without answers; their needs are what other measurements say."""
    households = list(answers.values_list("household_id", flat=True))
    if not households:
        return
    _take_off(batch, _leaving(batch, answers.values("household")), now)
    here = Q(round=batch.round_id, household__in=answers.values("household"))
    HouseholdScore.objects.filter(here).delete()
    HouseholdClass.objects.filter(here).delete()
    version = primary_of(batch.round.cycle)
    for start in range(0, len(households) if version else 0, AT_ONCE):
        assert version is not None  # noqa: S101  (the range is empty without one)
        follow(version=version, households=households[start : start + AT_ONCE], now=now)


# --- the registry -------------------------------------------------------------------------------------------------
def _restore_registry(batch: ImportBatch) -> int:
    hashes = SearchHashes.load()
    found = [Known.as_before(row, row.household, hashes) for row in kept_before(batch) if row.household is not None]
    Known.write(found)
    return len(found)
