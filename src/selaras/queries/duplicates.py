"""Families of a lokus that may stand twice: side by side, without names, with what is alike and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from selaras.access import demand, duplicates_for, may_judge_duplicates, may_see_duplicates
from selaras.models import (
    BatchState,
    Comparing,
    CurrentAnswers,
    Duplicate,
    DuplicateAnswer,
    Household,
    ImportBatch,
    Lokus,
    Merge,
    Person,
    Split,
    Target,
    User,
)
from selaras.queries.programme import cycle_ref, lokus_in, lokus_ref
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref

#: Pairs that a page lists: each is two families to read. Of what was answered all that is ever likely, a line each, for
#: every answer can be taken back.
LISTED, ANSWERED = 20, 500
#: Weights in bits from which a pair is likelier than 1,000 to 1, and than 30 to 1.
SURE, LIKELY = 10.0, 5.0
Chance = Literal["sure", "likely", "maybe"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. `way` is how it came into the registry; `target` a TargetState, '' while undecided.

    `rounds` are those in which it has answers; `lokus` is its code where that is another than the page's.
    """

    uuid: UUID
    code: str
    rt: str
    rw: str
    lokus: str
    members: int
    since: datetime
    way: Literal["import", "field"]
    target: str
    rounds: tuple[RoundRef, ...]


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two families: how likely it is one, comparison -> level (`actions.alike.comparing.LEVELS`), and what was said.

    `kept` is the code of the one that stayed where they were found to be one; `proposed_by` is who put them side by
    side, '' where a comparison did.
    """

    uuid: UUID
    sides: tuple[Side, Side]
    chance: Chance
    levels: Mapping[str, str]
    answer: str
    kept: str
    answered_by: str
    answered_at: datetime | None
    proposed_by: str = ""


@dataclass(frozen=True, slots=True)
class DuplicatesPage:
    """The pairs to answer, the likeliest first, at most LISTED of `count`; the last ANSWERED that were answered."""

    cycle: CycleRef
    lokus: LokusRef
    open: tuple[PairLine, ...]
    count: int
    answered: tuple[PairLine, ...]
    compared_at: datetime | None
    may_judge: bool


def duplicates_page(user: User, cycle_slug: str, code: str) -> DuplicatesPage:
    """The whole page. Raises Missing, and Forbidden for who does not keep the lokus."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_see_duplicates, user, lokus)
    rows = of_lokus(user, lokus)
    lines = _lines(listed(rows), lokus)
    return DuplicatesPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        open=tuple(line for line in lines if not line.answer),
        count=rows.filter(answer="").count(),
        answered=tuple(line for line in lines if line.answer),
        compared_at=Comparing.objects.filter(lokus=lokus).values_list("at", flat=True).first(),
        may_judge=may_judge_duplicates(user, lokus),
    )


def listed(rows: QuerySet[Duplicate]) -> list[Duplicate]:
    """Of the pairs of a lokus those that its page shows: to answer, then answered. Two statements."""
    waiting, told = rows.filter(answer=""), rows.exclude(answer="")
    return [*waiting.order_by("-weight", "pk")[:LISTED], *told.order_by("-answered_at", "-pk")[:ANSWERED]]


def of_lokus(user: User, lokus: Lokus) -> QuerySet[Duplicate]:
    """The pairs that she keeps and that concern a family of this lokus."""
    return duplicates_for(user).filter(Q(one__lokus=lokus) | Q(other__lokus=lokus))


def waiting_pairs(user: User, lokus: Lokus) -> int:
    """How many pairs wait for an answer; 0 for who is not asked."""
    return of_lokus(user, lokus).filter(answer="").count() if may_see_duplicates(user, lokus) else 0


def _lines(pairs: Iterable[Duplicate], lokus: Lokus) -> list[PairLine]:
    found = list(pairs)
    ids = {pk for pair in found for pk in (pair.one_id, pair.other_id)}
    members = dict(Person.objects.filter(household__in=ids).order_by().values_list("household").annotate(n=Count("pk")))
    targets = dict(Target.objects.filter(household__in=ids).values_list("household_id", "state"))
    rounds: dict[int, list[RoundRef]] = {}
    for row in CurrentAnswers.objects.filter(household__in=ids).select_related("round__cycle").defer("answers"):
        rounds.setdefault(row.household_id, []).append(round_ref(row.round))
    brought = (
        set(ImportBatch.objects.filter(state=BatchState.PUBLISHED).values_list("uuid", flat=True)) if ids else set()
    )
    kept = dict(Merge.objects.filter(gone__in=ids, undone_at__isnull=True).values_list("gone_id", "kept__code"))

    def side(family: Household) -> Side:
        return Side(
            uuid=family.uuid,
            code=family.code,
            rt=family.rt,
            rw=family.rw,
            lokus="" if family.lokus_id == lokus.pk else family.lokus.area,
            members=members.get(family.pk, 0),
            since=family.created_at,
            way="import" if family.brought_by in brought else "field",
            target=targets.get(family.pk, ""),
            rounds=tuple(rounds.get(family.pk, ())),
        )

    return [
        PairLine(
            uuid=pair.uuid,
            sides=(side(pair.one), side(pair.other)),
            chance="sure" if pair.weight >= SURE else "likely" if pair.weight >= LIKELY else "maybe",
            levels=pair.levels,
            answer=pair.answer,
            kept=kept.get(pair.one_id) or kept.get(pair.other_id) or "",
            answered_by=pair.answered_by.get_full_name() if pair.answered_by else "",
            answered_at=pair.answered_at,
            proposed_by=pair.proposed_by.get_full_name() if pair.proposed_by else "",
        )
        for pair in found
    ]


# --- what became of a family ------------------------------------------------------------------------------------------
def kept_of(gone: UUID, *, restricted: bool = False) -> Household | None:
    """The family that the one of this id was found to be, past merges of merges; None where it was found to be none.

    One that is in nobody's view at its wish is found where `restricted` alone.
    """
    rows = Merge.objects.filter(undone_at__isnull=True).select_related("kept")
    found, seen = rows.filter(gone__uuid=gone).first(), set[int]()
    while found is not None and found.pk not in seen:
        if found.kept.pending is None or (restricted and found.kept.restricted_at is not None):
            return found.kept
        seen.add(found.pk)
        found = rows.filter(gone=found.kept_id).first()
    return None


def codes_gone(lokus: Lokus) -> dict[str, str]:
    """Code of a family that was found to be another -> the other's code, past merges of merges."""
    rows = Merge.objects.filter(undone_at__isnull=True, gone__lokus=lokus)
    found = dict(rows.values_list("gone__code", "kept__code"))
    return {gone: _last(found, gone) for gone in found}


def _last(kept: Mapping[str, str], gone: str) -> str:
    code, steps = kept[gone], 0
    while code in kept and steps < len(kept):
        code, steps = kept[code], steps + 1
    return code


@dataclass(frozen=True, slots=True)
class Related:
    """What a family's page says of others, by code: found to be it, in the same house, what it left, who left it."""

    merged: tuple[str, ...]
    house: tuple[str, ...]
    split_from: str = ""
    split_to: tuple[str, ...] = ()


ALONE = Related((), ())


def related_of(family: Household) -> Related:
    """Three statements."""
    merged = Merge.objects.filter(kept=family, undone_at__isnull=True, gone__erased_at__isnull=True)
    pairs = Duplicate.objects.filter(Q(one=family) | Q(other=family), answer=DuplicateAnswer.HOUSE)
    pairs = pairs.filter(one__pending__isnull=True, other__pending__isnull=True)
    pairs = pairs.filter(one__erased_at__isnull=True, other__erased_at__isnull=True)
    others = pairs.values_list("one_id", "one__code", "other__code")
    parted = Split.objects.filter(Q(old=family) | Q(new=family), undone_at__isnull=True)
    parted = parted.filter(old__erased_at__isnull=True, new__erased_at__isnull=True)
    splits = list(parted.order_by("new__code").values_list("old__code", "new__code"))
    return Related(
        tuple(merged.order_by("gone__code").values_list("gone__code", flat=True)),
        tuple(sorted(other if one == family.pk else first for one, first, other in others)),
        next((old for old, new in splits if new == family.code), ""),
        tuple(new for old, new in splits if old == family.code),
    )
