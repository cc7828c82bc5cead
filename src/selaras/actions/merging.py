"""Two families of a lokus become one, and two again. Nothing is deleted that could not be derived anew.

The one that goes stays as it is, its own rows too, in nobody's view (`Household.pending`); what must count further is
moved, or copied under the other's key, and every step is written into the Merge row by id. Undoing reads that and
nothing else, so that whatever happened to the family that stayed meanwhile stays with it.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from selaras.access import Actor, demand, may_correct_household
from selaras.actions import audit
from selaras.actions.counting import count_registered
from selaras.actions.jobs import enqueue_once
from selaras.actions.merged_words import carry_women, carry_women_back, move_words, move_words_back
from selaras.actions.moving import Answers, Registry
from selaras.actions.needs import follow, is_void
from selaras.actions.submissions import fill_up
from selaras.actions.targets import put_back, put_in_place
from selaras.errors import InputError, Problem
from selaras.models import (
    Arrival,
    ArrivalState,
    CommitmentNeed,
    CurrentAnswers,
    EditState,
    Household,
    HouseholdEdit,
    Lokus,
    Merge,
    Need,
    Result,
    Round,
    Split,
    User,
    Visit,
)
from selaras.queries.programme import primary_of


def merge(*, by: Actor, kept: Household, gone: Household, now: datetime | None = None) -> Merge:
    """Make `gone` the family `kept`, in the caller's transaction, with their lokus locked.

    In order: answers of rounds in which `kept` has none become its own, others stop to count; visits, forms of the
    field, activities and the place on the list follow; commitments serve its needs; blanks of the registry are filled
    and members added; then `gone` is out of everybody's view. Raises Forbidden, or InputError with all that forbids it.
    """
    now = now or timezone.now()
    kept, gone = _locked(kept, gone)
    for family in (kept, gone):
        demand(may_correct_household, by, family)
    if reasons := list(obstacles(kept, gone)):
        raise InputError(reasons)
    merged = Merge(kept=kept, gone=gone, at=now, by=by if isinstance(by, User) else None)
    answers, registry = Answers(kept, gone), Registry(kept, gone)
    moved: dict[str, Any] = {"answers": answers.move(now), **_moved(kept, gone), **move_words(kept, gone, now)}
    merged.decision = put_in_place(by=by, lokus=kept.lokus, kept=kept, gone=gone)
    gone.pending, gone.kk_hash = merged.uuid, None
    gone.save()
    moved["registry"] = registry.fill(by)
    moved["women"] = carry_women(kept, gone, moved["women_said"])
    moved["services"] = _served(kept, gone, now)
    merged.moved = moved
    merged.save(force_insert=True)
    _after(kept, answers.rounds | _filled(kept, gone))
    _written(by, "households.merge", merged, fields=registry.fields)
    return merged


def unmerge(*, by: Actor, merged: Merge, now: datetime | None = None) -> None:
    """Make the two families of that merge two again, in the caller's transaction, with their lokus locked.

    What `kept` was given goes back; what it was told since stays its own. Where forms of `gone` came or were corrected
    meanwhile it is refused. Raises Forbidden, or InputError with what has been built on it.
    """
    now = now or timezone.now()
    kept, gone = _locked(merged.kept, merged.gone)
    if kept.pending is None:
        demand(may_correct_household, by, kept)
    if reasons := list(blockers(merged, kept, gone)):
        raise InputError(reasons)
    if merged.decision is not None:
        put_back(by=by, lokus=kept.lokus, decision=merged.decision, now=now)
    _part(by, merged, kept, gone, now)


def part_before_erasure(*, by: Actor, household: Household, erased: Collection[UUID], now: datetime) -> None:
    """Before an older backup's family is forgotten again: make those two again that were one in that backup and are not
    all erased, the newest merge first, until none holds it. In the caller's transaction.

    Else whoever is not erased would stay in nobody's view, and what it had said in the other's name. Nobody is asked
    whether something stands on it: it goes anyway.
    """
    while (whole := _one_with(household)) and not {family.uuid for family in whole} <= set(erased):
        both = [family.pk for family in whole]
        rows = Merge.objects.filter(kept__in=both, gone__in=both, undone_at__isnull=True).select_related("kept", "gone")
        merged = rows.order_by("-pk")[0]
        kept, gone = _locked(merged.kept, merged.gone)
        if merged.decision is not None:
            with suppress(InputError), transaction.atomic():
                put_back(by=by, lokus=kept.lokus, decision=merged.decision, now=now)
        _part(by, merged, kept, gone, now)


def _one_with(household: Household) -> list[Household]:
    """Those that are one family with it now, itself among them; [] where it is alone."""
    found, last = {household.pk}, {household.pk}
    while last:
        rows = Merge.objects.filter(Q(kept__in=last) | Q(gone__in=last), undone_at__isnull=True)
        last = {pk for pair in rows.values_list("kept_id", "gone_id") for pk in pair} - found
        found |= last
    return list(Household.objects.filter(pk__in=found)) if len(found) > 1 else []


def _part(by: Actor, merged: Merge, kept: Household, gone: Household, now: datetime) -> None:
    carry_women_back(merged.moved)
    registry = Registry(kept, gone)
    registry.empty(merged.moved["registry"], by)
    number = registry.kk_of_gone
    taken = Household.objects.filter(lokus=gone.lokus_id, kk_hash=number).exclude(pk=gone.pk).exists()
    gone.pending, gone.kk_hash = None, None if taken else number
    gone.save()
    CommitmentNeed.objects.filter(pk__in=merged.moved["services"]).delete()
    answers = Answers(kept, gone)
    answers.move_back(merged.moved["answers"], now)
    move_words_back(merged, kept, gone, now)
    _moved_back(merged, kept, gone)
    _follow(kept, now)
    merged.undone_at, merged.undone_by = now, by if isinstance(by, User) else None
    merged.save(update_fields=["undone_at", "undone_by"])
    _after(kept, answers.rounds | _filled(kept, gone))
    _written(by, "households.unmerge", merged)


def _locked(kept: Household, gone: Household) -> tuple[Household, Household]:
    """Both anew, with all whose states and counters will move: their lokus, they, the rounds, their answers.

    In the order of whoever scores, withdraws or takes an import back, each by id: of two at once one waits, and what is
    read from here on nobody changes.
    """
    # That the two are of one lokus is said by `obstacles`.
    list(Lokus.objects.select_for_update(no_key=True).filter(pk__in={kept.lokus_id, gone.lokus_id}).order_by("pk"))
    # Not from those who only name them: whoever scores has the round, which comes next, and names families then.
    rows = Household.objects.select_for_update(of=("self",), no_key=True).select_related(
        "lokus__cycle__place", "lokus__place", "key"
    )
    found = {family.pk: family for family in rows.filter(pk__in=[kept.pk, gone.pk]).order_by("pk")}
    rounds = Round.objects.select_for_update(no_key=True).filter(cycle__loci=kept.lokus_id)
    list(rounds.order_by("pk").values_list("pk", flat=True))
    answers = CurrentAnswers.objects.select_for_update(of=("self",)).filter(household__in=found)
    list(answers.order_by("pk").values_list("pk", flat=True))
    return found[kept.pk], found[gone.pk]


def _after(kept: Household, rounds: set[int]) -> None:
    count_registered(kept.lokus_id)
    for round_ in sorted(rounds):
        enqueue_once(by=None, kind="scoring.score", round=round_)


def _filled(kept: Household, gone: Household) -> set[int]:
    """The rounds in which lists from elsewhere say something else now of one of the two, where it was not asked."""
    both = [kept.pk, gone.pk]
    rounds = CurrentAnswers.objects.filter(household__in=both).order_by().values_list("round_id", flat=True).distinct()
    return {round_ for round_ in rounds if fill_up(round_, both)}


def _written(by: Actor, action: str, merged: Merge, **details: object) -> None:
    kept = merged.kept
    audit.record(
        by=by,
        action=action,
        object_type="household",
        object_id=kept.uuid,
        place_code=kept.lokus.area,
        kept=kept.code,
        gone=merged.gone.code,
        **details,
    )


# --- what forbids it --------------------------------------------------------------------------------------------------
def obstacles(kept: Household, gone: Household) -> Iterator[Problem]:
    """Every reason why the two cannot become one now, each with its remedy."""
    if kept.pk == gone.pk or kept.lokus_id != gone.lokus_id:
        yield Problem("merge.lokus", values={"code": gone.code})
        return
    for family in (kept, gone):
        if family.pending is not None or family.erased_at is not None:
            yield Problem("merge.away", values={"code": family.code})
        waiting = HouseholdEdit.objects.filter(household=family, state__in=[EditState.CONFLICT, EditState.BACKLOG])
        if waiting.exists():
            yield Problem("merge.conflict", values={"code": family.code})
    answered = CurrentAnswers.objects.filter(household=gone)
    frozen = Result.objects.filter(lokus=gone.lokus_id, round__in=answered.values("round"))
    for kind in sorted(set(frozen.values_list("round__kind", flat=True))):
        yield Problem("merge.frozen", values={"code": gone.code, "round": kind})


def blockers(merged: Merge, kept: Household, gone: Household) -> Iterator[Problem]:
    """Every reason why a merge cannot be taken back any more."""
    if kept.erased_at is not None or gone.erased_at is not None:
        yield Problem("unmerge.erased")
        return
    if kept.pending is not None:
        # Whoever asks keeps the lokus; the family itself is nobody's to correct now.
        yield Problem("unmerge.later", values={"code": kept.code})
        return
    if forms := _since(merged).count():
        yield Problem("unmerge.forms", values={"code": gone.code, "count": forms})
    rounds = Answers.rounds_of(merged.moved["answers"])
    if Result.objects.filter(lokus=kept.lokus_id, round__in=rounds, created_at__gte=merged.at).exists():
        yield Problem("unmerge.frozen")
    if Split.objects.filter(old=kept, at__gte=merged.at, undone_at__isnull=True).exists():
        yield Problem("unmerge.split", values={"code": kept.code})
    number = Registry(kept, gone).kk_of_gone
    others = Household.objects.filter(lokus=kept.lokus_id, kk_hash=number).exclude(pk=gone.pk)
    if "kk" in merged.moved["registry"]["filled"]:
        others = others.exclude(pk=kept.pk)
    if number and (other := others.first()) is not None:
        yield Problem("unmerge.kk", values={"code": other.code})


def _since(merged: Merge) -> QuerySet[Arrival]:
    """Forms that were taken while the two were one and are about the one that went: named it, or corrected its forms.

    What they say stands in the other family's answers, registry and photos; whose it would be, no rule can tell.
    """
    names, last = [merged.gone.uuid], [merged.gone_id]
    while last:
        rows = Merge.objects.filter(kept__in=last, undone_at__isnull=True)
        found = list(rows.values_list("gone__uuid", "gone_id"))
        names += [uuid for uuid, _ in found]
        last = [pk for _, pk in found]
    moved = Arrival.objects.filter(pk__in=merged.moved["arrivals"])
    corrected = Q(
        deprecated_id__in=moved.exclude(instance_id="").values("instance_id"), cycle=merged.kept.lokus.cycle_id
    )
    mine = Q(about__in=names, household=merged.kept_id) | corrected
    return Arrival.objects.filter(mine, state=ArrivalState.TAKEN).exclude(pk__in=merged.moved["arrivals"])


# --- what follows by its pointer alone --------------------------------------------------------------------------------
def _moved(kept: Household, gone: Household) -> dict[str, list[int]]:
    """Visits and forms of the field are the family's that stays; activities that reached one have reached it."""
    found = {
        "visits": list(Visit.objects.filter(household=gone).values_list("pk", flat=True)),
        "arrivals": list(Arrival.objects.filter(household=gone).values_list("pk", flat=True)),
    }
    Visit.objects.filter(pk__in=found["visits"]).update(household=kept)
    Arrival.objects.filter(pk__in=found["arrivals"]).update(household=kept)
    known = set(kept.activities.values_list("pk", flat=True))
    found["activities"] = [pk for pk in gone.activities.values_list("pk", flat=True) if pk not in known]
    kept.activities.add(*found["activities"])
    return found


def _moved_back(merged: Merge, kept: Household, gone: Household) -> None:
    Visit.objects.filter(pk__in=merged.moved["visits"], household=kept).update(household=gone)
    Arrival.objects.filter(pk__in=merged.moved["arrivals"], household=kept).update(household=gone)
    kept.activities.remove(*merged.moved["activities"])


def _follow(kept: Household, now: datetime) -> None:
    version = primary_of(kept.lokus.cycle)
    if version is not None:
        follow(version=version, households=[kept.pk], now=now)


def _served(kept: Household, gone: Household, now: datetime) -> list[int]:
    """Commitments that served the one serve the same need of the other, where its answers say that it has it."""
    _follow(kept, now)
    needs = {need.indicator: need for need in Need.objects.filter(household=kept).order_by("pk") if not is_void(need)}
    known = set(CommitmentNeed.objects.filter(need__household=kept).values_list("commitment_id", "need__indicator"))
    links = CommitmentNeed.objects.filter(need__household=gone).values_list("commitment_id", "need__indicator")
    wanted = sorted({link for link in links if link[1] in needs} - known)
    return [CommitmentNeed.objects.create(commitment_id=to, need=needs[name]).pk for to, name in wanted]
