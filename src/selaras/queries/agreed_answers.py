"""What lists from elsewhere say of families, beside what was asked: the asked answer always wins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet

from selaras.models import AgreedState, Submission, SubmissionMode
from selaras.queries.merged import stands_for, with_those_gone


def is_blank(value: Any) -> bool:
    """Whether a question has no answer."""
    return value is None or value == ""


def filled(asked: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What counts: the asked answers, and where there is none what somebody else has given."""
    return {**asked, **{name: value for name, value in given.items() if is_blank(asked.get(name))}}


def given_in(round_id: int, households: Collection[int]) -> dict[int, dict[str, Any]]:
    """Household -> what lists in use say in that round of it, and of those that were found to be it; the newest list
    wins. Two statements.
    """
    stays = stands_for(round_id)
    found: dict[int, dict[str, Any]] = {}
    rows = _rows(round_id, with_those_gone(households, stays))
    for household, answers in rows.values_list("household_id", "answers"):
        found.setdefault(stays.get(household, household), {}).update(answers)
    return found


def sources_in(round_id: int, household: int) -> dict[str, str]:
    """Question -> whose list answers it where the family itself was not asked. Two statements."""
    found: dict[str, str] = {}
    rows = _rows(round_id, with_those_gone([household], stands_for(round_id)))
    for answers, source in rows.values_list("answers", "agreed__source__source"):
        found |= dict.fromkeys(answers, source)
    return found


def _rows(round_id: int, households: Collection[int]) -> QuerySet[Submission]:
    rows = Submission.objects.filter(mode=SubmissionMode.AGREED, round=round_id, household__in=households)
    return rows.filter(agreed__source__state=AgreedState.PUBLISHED).order_by("received_at", "pk")
