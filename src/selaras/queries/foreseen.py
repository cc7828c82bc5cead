"""What a form touches, and what a person will be asked of it before it counts: found without taking it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import BigIntegerField, CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from selaras.access import areas_filled, areas_of_phone
from selaras.models import (
    Arrival,
    ArrivalState,
    CurrentAnswers,
    FieldForm,
    Household,
    Merge,
    Reason,
    Round,
    Submission,
    SubmissionMode,
)
from selaras.models.places import within
from selaras.odk.fieldform import DATASET, LISTED, MET, OUTCOME, YES, family_named
from selaras.odk.submission import Envelope, texts_near
from selaras.queries.duplicates import kept_of

#: What `foreseen` tells: settled of one family, it says nothing of another.
OF_FAMILY = frozenset({Reason.FOREIGN, Reason.OTHER_FAMILY, Reason.TWICE})
#: Merges of merges that a query follows; a person who lets one in has all of them followed (`kept_of`).
MOST_MERGES = 3


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a form names: the family's id, None where it is none; whether it stood in the cadre's list; whether
    somebody was met."""

    family: UUID | None
    listed: bool
    met: bool


def named_in(envelope: Envelope) -> Named:
    """Whom a filled form names. One without our questions is of a workbook with its own list: somebody was met."""
    ours = texts_near(envelope, {LISTED, OUTCOME})
    mark = next((each for each in envelope.entities if each.dataset == DATASET), None)
    listed = ours.get(LISTED, "") == YES or bool(mark and mark.update and not mark.create)
    return Named(family_named(envelope), listed, ours.get(OUTCOME, MET) == MET)


def original_of(arrival: Arrival) -> Arrival | None:
    """The form that it corrects, where that one was taken in."""
    if not arrival.deprecated_id:
        return None
    rows = Arrival.objects.filter(
        cycle=arrival.cycle_id, instance_id=arrival.deprecated_id, first=True, state=ArrivalState.TAKEN
    )
    return rows.select_related("submission", "household__lokus").first()


def family_of(arrival: Arrival, named: Named, original: Arrival | None) -> Household | None:
    """The family that it is about, the one that was kept of it or that of its original; None where the registry has
    none."""
    rows = _families(arrival)
    found = rows.filter(uuid=named.family).first() if named.family else None
    if found is None and named.family is not None and (kept := kept_of(named.family)) is not None:
        found = rows.filter(pk=kept.pk).first()
    if found is None and not named.listed and original is not None and original.household_id:
        found = rows.filter(pk=original.household_id).first()
    return found


def is_unwilling(arrival: Arrival, named: Named, original: Arrival | None) -> bool:
    """Whether the family that it is about is in nobody's view at its wish."""
    rows = Household.objects.filter(lokus__cycle=arrival.cycle_id, erased_at__isnull=True, restricted_at__isnull=False)
    kept = kept_of(named.family, restricted=True) if named.family is not None else None
    ids = {each.pk for each in (kept, original.household if original is not None else None) if each is not None}
    return rows.filter(Q(uuid=named.family) | Q(pk__in=ids)).exists()


def _families(arrival: Arrival) -> QuerySet[Household]:
    rows = Household.objects.filter(lokus__cycle=arrival.cycle_id, erased_at__isnull=True, pending__isnull=True)
    return rows.select_related("lokus")


def touched(arrival: Arrival, named: Named, original: Arrival | None) -> tuple[Household, ...]:
    """The families of which letting it in decides: the one that it is about, and the one that loses what its original
    said. An erased one is nobody's to decide on."""
    found = [family_of(arrival, named, original)]
    if original is not None and original.household is not None:
        was = kept_of(original.household.uuid) or original.household
        found.append(_families(arrival).filter(pk=was.pk).first())
    return tuple(each for each in found if each is not None)


def originals() -> QuerySet[Arrival]:
    """What each of the outer rows corrects, where that was taken in."""
    known = {"cycle": OuterRef("cycle"), "instance_id": OuterRef("deprecated_id"), "first": True}
    return Arrival.objects.filter(**known, state=ArrivalState.TAKEN)


def touching(rows: QuerySet[Arrival], of: Literal["id", "area"]) -> QuerySet[Arrival]:
    """Each with what `touched` finds, as a query: that field of the family that it names as `family`, and of the one
    that its original was taken for as `before`; None where there is none."""
    rows = rows.annotate(was=Subquery(originals().values("household__uuid")[:1]))
    return rows.annotate(family=_found("about", of), before=_found("was", of))


def _found(name: str, of: Literal["id", "area"]) -> Coalesce:
    """That field of the family there of this id, or of the one that was kept of it."""
    there = {"lokus__cycle": OuterRef("cycle"), "erased_at__isnull": True, "pending__isnull": True}
    own = Household.objects.filter(uuid=OuterRef(name), **there)
    found = [Subquery(own.values(of)[:1])]
    kept = {f"kept__{field}": wanted for field, wanted in there.items()}
    for depth in range(MOST_MERGES):
        hold = {f"{'gone__merges__' * step}undone_at__isnull": True for step in range(depth + 1)}
        merges = Merge.objects.filter(**kept, **hold, **{f"{'gone__merges__' * depth}gone__uuid": OuterRef(name)})
        found.append(Subquery(merges.values(f"kept__{of}")[:1]))
    return Coalesce(*found, output_field=BigIntegerField() if of == "id" else CharField())


def foreseen(arrival: Arrival, form: FieldForm, named: Named, *, typed: Household | None = None) -> tuple[str, ...]:
    """The Reasons of whose family it is and whose answers it pushes aside, in the order in which taking it asks.

    Of the family that a person types in place of the one that it names, where `typed`.
    """
    original = original_of(arrival)
    family = typed or family_of(arrival, named, original)
    holds = {
        Reason.FOREIGN: family is not None and not any(within(family.area, own) for own in areas_of(arrival)),
        Reason.OTHER_FAMILY: is_of_another(family, original),
        Reason.TWICE: (original is not None and is_corrected(original, arrival))
        or (family is not None and named.met and pushes_aside(arrival, family, form.round, original))
        or takes_back_anothers(arrival, family if named.met else None, form.round_id, original),
    }
    return tuple(reason.value for reason, there in holds.items() if there)


def is_corrected(original: Arrival, arrival: Arrival) -> bool:
    """Whether another form than `arrival` has taken the original's place already, or corrects it too."""
    if original.submission is not None and original.submission.superseded_by_id:
        return True
    others = Arrival.objects.filter(cycle=original.cycle_id, state=ArrivalState.TAKEN)
    return others.filter(deprecated_id=original.instance_id).exclude(pk=arrival.pk).exists()


def is_of_another(family: Household | None, original: Arrival | None) -> bool:
    """Whether a correction names another family than what it corrects."""
    before = original.household_id if original is not None else None
    return family is not None and before is not None and before != family.pk


def pushes_aside(arrival: Arrival, family: Household, round_: Round, original: Arrival | None) -> bool:
    """Whether answers that count for that family came by another way than the form that it corrects."""
    rows = CurrentAnswers.objects.filter(household=family, round=round_)
    current = rows.select_related("submission").first()
    # Who corrects her own form follows it; who names another's waits.
    mine = original.submission_id if original is not None and original.by_id == arrival.by_id else None
    # Answers of a sheet are followed by what was asked at the door.
    sheet = {SubmissionMode.IMPORT, SubmissionMode.DEMO}
    return current is not None and current.submission_id != mine and current.submission.mode not in sheet


def takes_back_anothers(arrival: Arrival, family: Household | None, round_id: int, original: Arrival | None) -> bool:
    """Whether another's answers count no more after it: they were corrected to be of `family` now, None for nobody."""
    was = original.submission if original is not None else None
    if original is None or was is None or original.by_id == arrival.by_id:
        return False
    stays = family is not None and family.pk == answered_family(was).pk and was.round_id == round_id
    return not stays and CurrentAnswers.objects.filter(submission=was).exists()


def answered_family(was: Submission) -> Household:
    """Whose answers these are by now: those of a family that was found to be another stay its own where the other had
    answered itself."""
    return kept_of(was.household.uuid) or was.household


def areas_of(arrival: Arrival) -> tuple[str, ...]:
    """Where its sender reached when it came, where she stood in for another too; what was typed from paper is of the
    paper's area alone."""
    if arrival.token is not None:
        return areas_of_phone(arrival.token, arrival.received_at)
    if arrival.mode != SubmissionMode.WEB:
        return (arrival.area,)
    there = areas_filled(arrival.by, arrival.cycle, arrival.received_at)
    return arrival.area, *(area for area in there if area != arrival.area)
