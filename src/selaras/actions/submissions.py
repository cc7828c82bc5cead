"""Answers come in: kept for ever, and the newest of a family and round made the ones that count."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from selaras.actions.jobs import enqueue_once
from selaras.actions.uncounting import forget_states
from selaras.models import CurrentAnswers, ImportBatch, Round, Submission, SubmissionMode
from selaras.queries.agreed_answers import filled, given_in
from selaras.queries.merged import stands_for

_SUPERSEDE = """
UPDATE selaras_submission SET superseded_by_id = (
    SELECT fresh.id FROM selaras_submission fresh
    WHERE fresh.batch_id = %s AND fresh.household_id = selaras_submission.household_id
      AND fresh.round_id = selaras_submission.round_id)
WHERE id IN (
    SELECT current.submission_id FROM selaras_currentanswers current
    JOIN selaras_submission fresh
      ON fresh.household_id = current.household_id AND fresh.round_id = current.round_id
    WHERE fresh.batch_id = %s AND fresh.id <> current.submission_id)
"""
_MAKE_CURRENT = """
INSERT INTO selaras_currentanswers (household_id, round_id, lokus_id, submission_id, answers, dirty)
SELECT fresh.household_id, fresh.round_id, family.lokus_id, fresh.id, fresh.answers, %s
FROM selaras_submission fresh JOIN selaras_household family ON family.id = fresh.household_id
WHERE fresh.batch_id = %s
ON CONFLICT (household_id, round_id)
DO UPDATE SET submission_id = excluded.submission_id, answers = excluded.answers, dirty = excluded.dirty
"""


def split(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a staged family says, as (answers, private): repeats as lists of objects, blank rows kept in place."""
    answers: dict[str, Any] = dict(values["answers"])
    private: dict[str, Any] = dict(values["private"])
    for repeat, members in values["members"].items():
        answers[repeat] = [member["answers"] for member in members]
        if any(member["private"] for member in members):
            private[repeat] = [member["private"] for member in members]
    return answers, private


def make_current(batch: ImportBatch) -> int:
    """Make every submission of the batch the one that counts, in the caller's transaction; how many.

    Marks each (family, round) dirty. Two statements whatever the number of families: this is the import's switch.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SUPERSEDE, [batch.pk, batch.pk])
        cursor.execute(_MAKE_CURRENT, [True, batch.pk])
        count = int(cursor.rowcount)
    given = Submission.objects.filter(
        mode=SubmissionMode.AGREED, round=batch.round_id, household__submissions__batch=batch
    )
    fill_up(batch.round_id, given.values_list("household_id", flat=True).distinct())
    return count


def fill_up(round_id: int, households: Collection[int]) -> int:
    """Fill the blanks of what those families said in a round by what lists from elsewhere say, in the caller's
    transaction; how many changed. What was asked is never written over, and what a list no longer says is taken away.
    Of a family that was found to be another it is the other one.
    """
    stays = stands_for(round_id)
    wanted = list({stays.get(household, household) for household in households})
    given = given_in(round_id, wanted)
    changed = []
    rows = CurrentAnswers.objects.filter(round=round_id, household__in=wanted).select_related("submission")
    for row in rows.defer("submission__private", "submission__raw"):
        answers = filled(row.submission.answers, given.get(row.household_id, {}))
        if answers != row.answers:
            row.answers, row.dirty = answers, True
            changed.append(row)
    CurrentAnswers.objects.bulk_update(changed, ["answers", "dirty"])
    return len(changed)


def make_one_current(submission: Submission) -> None:
    """Make it the one that counts for its family and round, in the caller's transaction; the pair is dirty again.

    What counted before stays, superseded by it. The family must be locked: two at once would each follow the same one.
    """
    pair = {"household": submission.household, "round": submission.round}
    current = CurrentAnswers.objects.filter(**pair).first()
    if current is None:
        CurrentAnswers.objects.create(
            **pair, lokus_id=submission.household.lokus_id, submission=submission, answers=submission.answers
        )
        fill_up(submission.round_id, [submission.household_id])
        return
    Submission.objects.filter(pk=current.submission_id).update(superseded_by=submission)
    current.submission, current.answers, current.dirty = submission, submission.answers, True
    current.save(update_fields=["submission", "answers", "dirty"])
    fill_up(submission.round_id, [submission.household_id])


def withdraw(
    submission: Submission, *, by: Submission | None, chain: Collection[int], now: datetime
) -> Submission | None:
    """Let answers count no more because their own sender took them back; what counts instead, None where nothing does.

    In the caller's transaction, with the family locked. `by` is what was sent in their place, of another family or
    round; None where nobody was met. `chain` are the arrivals that were taken back with them: what those had superseded
    counts again, and they do not. Nothing happens where the answers counted no longer.
    """
    current = CurrentAnswers.objects.filter(submission=submission).select_related("round__cycle").first()
    if by is not None:
        Submission.objects.filter(pk=submission.pk, superseded_by=None).update(superseded_by=by)
    if current is None:
        return None
    Round.objects.select_for_update(no_key=True).get(pk=current.round_id)
    before = _before(submission, chain)
    if before is None:
        mine = CurrentAnswers.objects.filter(pk=current.pk)
        forget_states(current.round, current.lokus_id, mine, now)
        mine.delete()
    else:
        Submission.objects.filter(pk=before.pk).update(superseded_by=None)
        current.submission, current.answers, current.dirty = before, before.answers, True
        current.save(update_fields=["submission", "answers", "dirty"])
        fill_up(submission.round_id, [submission.household_id])
    enqueue_once(by=None, kind="scoring.score", round=current.round_id)
    return before


def _before(submission: Submission, chain: Collection[int]) -> Submission | None:
    """What these answers had superseded in their family and round, past those of `chain`."""
    seen = {submission.pk}
    while True:
        rows = Submission.objects.filter(
            superseded_by=submission, household=submission.household_id, round=submission.round_id
        )
        found = rows.exclude(pk__in=seen).select_related("arrival").defer("arrival__raw").order_by("-pk").first()
        if found is None or not hasattr(found, "arrival") or found.arrival.pk not in chain:
            return found
        seen.add(found.pk)
        submission = found
