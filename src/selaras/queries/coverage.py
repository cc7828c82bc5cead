"""How far the counting is: answers that wait to be counted, and the newest frozen card."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from selaras.models import CurrentAnswers, InstrumentVersion, Lokus, Result, Round
from selaras.queries.refs import ResultRef


@dataclass(frozen=True, slots=True)
class Waiting:
    """Answers that no score has counted yet: `dirty` in all, of which `fresh` families were never counted."""

    dirty: int = 0
    fresh: int = 0


def waiting_answers(loci: Iterable[Lokus]) -> dict[tuple[int, int], Waiting]:
    """(lokus id, round id) -> what waits. Reads the dirty rows only, which are few."""
    rows = CurrentAnswers.objects.filter(lokus__in=[lokus.pk for lokus in loci], dirty=True)
    counted = rows.values("lokus", "round").annotate(dirty=Count("pk"), fresh=Count("pk", filter=Q(blank__isnull=True)))
    return {(row["lokus"], row["round"]): Waiting(row["dirty"], row["fresh"]) for row in counted}


def newest_result(lokus: Lokus, round_: Round, version: InstrumentVersion) -> ResultRef | None:
    """The card that was frozen last."""
    rows = Result.objects.filter(lokus=lokus, round=round_, version=version).order_by("-created_at")
    found = rows.values_list("uuid", "created_at", "data_hash", "engine").first()
    return None if found is None else ResultRef(*found)
