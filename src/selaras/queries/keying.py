"""Forms typed from paper: which families still wait, what one page asks, and how alike two typists were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from selaras.access import (
    arrivals_for,
    demand,
    may_key,
    may_see_arrivals,
    one,
    registry_for,
)
from selaras.errors import InputError, Problem
from selaras.models import (
    Arrival,
    ArrivalState,
    CurrentAnswers,
    FieldForm,
    Household,
    Lokus,
    Round,
    SubmissionMode,
    User,
)
from selaras.odk.questionnaire import Questionnaire
from selaras.queries.programme import cycle_ref, lokus_in, lokus_ref
from selaras.queries.questionnaires import asked_of, form_of_round, the_form, usual_round
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import find_round, round_ref

#: Families that a page lists: those that still wait come first.
LISTED = 200


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A family by its code. `surveyed`: there are answers of this round; `again`: its paper may be typed a second
    time by this person."""

    code: str
    rt: str
    rw: str
    surveyed: bool
    again: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """Papers typed twice, the questions that either answered, and how many alike."""

    papers: int
    asked: int
    same: int


@dataclass(frozen=True, slots=True)
class KeyingPage:
    """Where a typist begins. `form` is None while the round has none; then a paper must be printed first."""

    cycle: CycleRef
    lokus: LokusRef
    rounds: tuple[RoundRef, ...]
    round: RoundRef | None
    form: int | None
    families: tuple[KeyLine, ...]
    total: int
    surveyed: int
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class TypingPage:
    """One paper. `code` and `version` are '' and None for a family without a code; `surveyed`: when there came
    answers of this round already, so that these will wait for a decision; `second`: a first entry is there to check."""

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef
    form: int
    form_version: str
    asked: Questionnaire
    code: str
    rt: str
    rw: str
    version: int | None
    members: int
    surveyed: datetime | None
    second: bool


def keying_page(user: User, cycle_slug: str, code: str, *, round_slug: str = "") -> KeyingPage:
    """The families of a lokus whose papers she may type, by code. Raises Missing, Forbidden."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_key, user, lokus)
    rounds = list(Round.objects.filter(cycle=lokus.cycle).order_by("opens", "pk"))
    slug = round_slug or usual_round(lokus, rounds)
    round_ = find_round(lokus.cycle, slug) if slug else None
    form = form_of_round(lokus, slug) if slug else None
    families, total, surveyed = _families(user, lokus, round_)
    return KeyingPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        rounds=tuple(round_ref(each) for each in rounds),
        round=round_ref(round_) if round_ is not None else None,
        form=form.pk if form is not None else None,
        families=families,
        total=total,
        surveyed=surveyed,
        rate=_rate(user, lokus, round_),
    )


def _families(user: User, lokus: Lokus, round_: Round | None) -> tuple[tuple[KeyLine, ...], int, int]:
    rows = registry_for(user, lokus)
    if round_ is None:
        return (), rows.count(), 0
    current = CurrentAnswers.objects.filter(household=OuterRef("pk"), round=round_)
    again = _entries(user, round_).exclude(by=user).filter(household=OuterRef("pk"))
    marked = rows.annotate(surveyed=Exists(current), again=Exists(again))
    counted = marked.aggregate(all=Count("pk"), done=Count("pk", filter=Q(surveyed=True)))
    ordered = marked.order_by("surveyed", "-again", "rw", "rt", "code")[:LISTED]
    lines = tuple(KeyLine(row.code, row.rt, row.rw, row.surveyed, row.again) for row in ordered)
    return lines, counted["all"], counted["done"]


def _entries(user: User, round_: Round) -> QuerySet[Arrival]:
    """First entries that count and have not been checked, as far as she keeps the records."""
    rows = Arrival.objects.none()
    if may_see_arrivals(user, round_.cycle):
        rows = arrivals_for(user, round_.cycle)
    return rows.filter(
        field_form__round=round_,
        mode=SubmissionMode.KEYED,
        state=ArrivalState.TAKEN,
        submission__isnull=False,
        submission__superseded_by__isnull=True,
        second_entry__isnull=True,
        corrects_entry__isnull=True,
    )


def first_entry(user: User, household: Household, form: FieldForm) -> Arrival | None:
    """The typed form of that family in the form's round that nobody has typed again, her own too; None where none."""
    rows = _entries(user, form.round).filter(household=household, field_form=form)
    return rows.select_related("key", "cycle").order_by("-pk").first()


def _rate(user: User, lokus: Lokus, round_: Round | None) -> Rate | None:
    if round_ is None or not may_see_arrivals(user, round_.cycle):
        return None
    rows = arrivals_for(user, round_.cycle).filter(field_form__round=round_, household__lokus=lokus)
    found = rows.filter(second_entry__isnull=False).aggregate(
        papers=Count("pk"), asked=Sum(F("second_entry__asked")), same=Sum(F("second_entry__same"))
    )
    return Rate(found["papers"], found["asked"], found["same"]) if found["papers"] else None


def typing_page(user: User, cycle_slug: str, code: str, household: str, *, form: int | None = None) -> TypingPage:
    """One paper of that family ('' for one without a code); without `form` the usual round's newest.

    Raises Missing, Forbidden, InputError where the round has no form yet.
    """
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_key, user, lokus)
    if form is not None:
        handed: FieldForm | None = the_form(lokus, form)
    else:
        slug = usual_round(lokus, list(Round.objects.filter(cycle=lokus.cycle).order_by("opens", "pk")))
        handed = form_of_round(lokus, slug) if slug else None
    if handed is None:
        raise InputError(Problem("paper.no_form"))
    family = one(registry_for(user, lokus), code=household.strip().upper()) if household else None
    first = first_entry(user, family, handed) if family is not None else None
    return TypingPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        round=round_ref(handed.round),
        form=handed.pk,
        form_version=handed.form_version,
        asked=asked_of(handed, new=family is None),
        code=family.code if family is not None else "",
        rt=family.rt if family is not None else "",
        rw=family.rw if family is not None else "",
        version=family.version if family is not None else None,
        members=family.persons.count() if family is not None else 0,
        surveyed=_surveyed(family, handed.round) if family is not None else None,
        second=first is not None and first.by_id != user.pk,
    )


def _surveyed(family: Household, round_: Round) -> datetime | None:
    rows = CurrentAnswers.objects.filter(household=family, round=round_).select_related("submission")
    current = rows.first()
    return current.submission.received_at if current is not None else None
