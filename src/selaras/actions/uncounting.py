"""Families leave the counts of a round: counters less what they had in them, states and classes gone, needs anew."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from selaras.actions.needs import follow
from selaras.models import (
    Counter,
    CurrentAnswers,
    HouseholdClass,
    HouseholdScore,
    Round,
    UnitCounter,
)
from selaras.queries.programme import primary_of

#: Families whose needs are derived at once.
AT_ONCE = 500


def moved(round_id: int, lokus_id: int | None) -> dict[int, datetime]:
    """When each counter of the round there was moved last: whatever scores says so, even where nothing changes."""
    heads = UnitCounter.objects.filter(lokus=lokus_id, round=round_id)
    return dict(heads.values_list("pk", "as_of"))


@dataclass(frozen=True, slots=True)
class Leaving:
    """What families that go have in the counters of a round, and when those counters were moved last.

    `sums`: (lokus, indicator) -> n, true, missing, not applicable, total; `classes`: (lokus, version, class) ->
    families.
    """

    moved: Mapping[int, datetime]
    sums: Mapping[tuple[int, int], tuple[int, int, int, int, Decimal]]
    classes: Mapping[tuple[int, int, str], int]


def what_leaves(round_id: int, lokus_id: int | None, households: QuerySet[Any]) -> Leaving:
    """As it stands now; `households` gives their ids."""
    # First of all: what moves while the rest is read makes it stale.
    since = moved(round_id, lokus_id)
    here = Q(round=round_id, household__in=households)
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
    return Leaving(
        moved=since,
        sums={key: (n, true, missing, absent, totals[key]) for key, (n, true, missing, absent) in sums.items()},
        classes={(lokus, version, name): n for lokus, version, name, n in classes.annotate(n_=Count("household"))},
    )


def take_off(round_id: int, leaving: Leaving, now: datetime) -> None:
    """The counters by as much, exactly; those that count nobody any more go."""
    counters = Counter.objects.select_for_update().filter(
        round=round_id, lokus__in={lokus for lokus, _ in leaving.sums}
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
    heads = UnitCounter.objects.select_for_update().filter(round=round_id).order_by("pk")
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


def forget_states(round_: Round, lokus_id: int, answers: QuerySet[CurrentAnswers], now: datetime) -> None:
    """States and classes of families that stay without answers; their needs are what other measurements say.

    In the caller's transaction, which deletes the answers afterwards.
    """
    households = list(answers.values_list("household_id", flat=True))
    if not households:
        return
    take_off(round_.pk, what_leaves(round_.pk, lokus_id, answers.values("household")), now)
    here = Q(round=round_, household__in=answers.values("household"))
    HouseholdScore.objects.filter(here).delete()
    HouseholdClass.objects.filter(here).delete()
    version = primary_of(round_.cycle)
    for start in range(0, len(households) if version else 0, AT_ONCE):
        assert version is not None  # noqa: S101  (the range is empty without one)
        follow(version=version, households=households[start : start + AT_ONCE], now=now)
