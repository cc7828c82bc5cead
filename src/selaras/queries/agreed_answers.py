"""What lists from elsewhere say of families, beside what was asked: the asked answer always wins."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from selaras.models import AgreedState, Submission, SubmissionMode


def is_blank(value: Any) -> bool:
    """Whether a question has no answer."""
    return value is None or value == ""


def filled(asked: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What counts: the asked answers, and where there is none what somebody else has given."""
    return {**asked, **{name: value for name, value in given.items() if is_blank(asked.get(name))}}


def given_in(round_id: int, households: Collection[int]) -> dict[int, dict[str, Any]]:
    """Household -> what lists in use say of it in that round, the newest list first. One statement."""
    rows = Submission.objects.filter(mode=SubmissionMode.AGREED, round=round_id, household__in=households)
    rows = rows.filter(agreed__source__state=AgreedState.PUBLISHED).order_by("received_at", "pk")
    found: dict[int, dict[str, Any]] = {}
    for household, answers in rows.values_list("household_id", "answers"):
        found.setdefault(household, {}).update(answers)
    return found


def sources_in(round_id: int, household: int) -> dict[str, str]:
    """Question -> whose list answers it where the family itself was not asked. One statement."""
    rows = Submission.objects.filter(mode=SubmissionMode.AGREED, round=round_id, household=household)
    rows = rows.filter(agreed__source__state=AgreedState.PUBLISHED).order_by("received_at", "pk")
    found: dict[str, str] = {}
    for answers, source in rows.values_list("answers", "agreed__source__source"):
        found |= dict.fromkeys(answers, source)
    return found
