"""Back-checks as pages show them: what can be drawn, who was drawn and how, and how alike the answers are.

Codes, never names. What the surveyor wrote down is shown only beside an answer that was asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from selaras.access import demand, may_draw_recheck, may_fill_recheck, may_see_checks, one, rechecks_for
from selaras.models import (
    CurrentAnswers,
    InstrumentVersion,
    Lokus,
    Outcome,
    Recheck,
    RecheckEntry,
    RecheckFamily,
    Round,
    Submission,
    SubmissionMode,
    User,
)
from selaras.odk.forms import Field
from selaras.odk.questionnaire import Question, Questionnaire, Section
from selaras.odk.values import is_private
from selaras.queries.answered import Parts, differences_of
from selaras.queries.apart import apart_from
from selaras.queries.programme import cycle_ref, lokus_in, lokus_ref
from selaras.queries.questionnaires import asked_of_version
from selaras.queries.recheck_rates import Rate, drawn, rate_of, said
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import find_round, round_ref
from selaras.queries.rules import fields_of, instrument_of

#: Forms that a person filled in about one family.
ASKED = (SubmissionMode.PHONE, SubmissionMode.WEB, SubmissionMode.KEYED, SubmissionMode.GROUP)
#: Kinds of question that two people can hear the same answer to.
KINDS = frozenset({"choice", "choices", "integer", "decimal", "date"})
#: A short form: so many questions at most, and so many that are proposed.
MOST_QUESTIONS, USUAL_QUESTIONS = 10, 6


@dataclass(frozen=True, slots=True)
class QuestionChoice:
    """A question that can be asked again: its name, its number on paper, its label; `usual` where it is proposed."""

    name: str
    number: str
    label: str
    usual: bool


@dataclass(frozen=True, slots=True)
class DrawLine:
    """One draw: when, by whom, of how many families, and how many were visited."""

    uuid: UUID
    round: RoundRef
    drawn_at: datetime
    drawn_by: str
    families: int
    done: int


@dataclass(frozen=True, slots=True)
class RechecksPage:
    """What can be drawn in `round` (None while nothing was surveyed): `surveyors` with `families` not drawn yet."""

    cycle: CycleRef
    lokus: LokusRef
    rounds: tuple[RoundRef, ...]
    round: RoundRef | None
    surveyors: int
    families: int
    questions: tuple[QuestionChoice, ...]
    draws: tuple[DrawLine, ...]
    may_draw: bool


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family that was drawn: `outcome` as RecheckFamily, by whom and when; `may_fill`: hers to ask.

    `typed`: `surveyor` typed the paper, and who asked is not known. `corrected_at`: something else was written after
    what counts.
    """

    number: int
    code: str
    rt: str
    rw: str
    surveyor: str
    outcome: str
    by: str
    at: datetime | None
    may_fill: bool
    typed: bool = False
    corrected_at: datetime | None = None
    corrected_by: str = ""


@dataclass(frozen=True, slots=True)
class RateLine:
    """What is alike by one surveyor or one question; `of` and `drawn` count her families, 0 for a question. `typed` as
    FamilyLine."""

    label: str
    rate: Rate
    of: int = 0
    drawn: int = 0
    typed: bool = False


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One question that a family answered otherwise the second time, both in words."""

    number: int
    code: str
    question: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RecheckPage:
    """A draw with what came of it. `intact`: drawn again from `seed`, it is the same. `corrections`: what counts beside
    what was written afterwards, where they differ."""

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef
    uuid: UUID
    drawn_at: datetime
    drawn_by: str
    seed: str
    each: int | None
    percent: int | None
    intact: bool
    families: tuple[FamilyLine, ...]
    done: int
    total: Rate
    surveyors: tuple[RateLine, ...]
    questions: tuple[RateLine, ...]
    differences: tuple[DifferenceLine, ...]
    open: bool
    corrections: tuple[DifferenceLine, ...] = ()


@dataclass(frozen=True, slots=True)
class FillPage:
    """What one family is asked again; nothing of what it said the first time. `again`: it was filled in before, and
    `counted`: those answers are what counts. `typed` as FamilyLine."""

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef
    uuid: UUID
    number: int
    code: str
    rt: str
    rw: str
    asked: Questionnaire
    again: datetime | None
    counted: bool = False
    typed: bool = False


@dataclass(frozen=True, slots=True)
class PaperPage:
    """The list to carry along: families by code, and the questions with room for an answer each."""

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef
    uuid: UUID
    families: tuple[FamilyLine, ...]
    asked: Questionnaire


# --- what can be drawn ------------------------------------------------------------------------------------------------
def surveyed(lokus: Lokus, round_: Round) -> QuerySet[CurrentAnswers]:
    """The answers of that round that somebody asked for, of families that were not drawn in it before."""
    there = CurrentAnswers.objects.filter(lokus=lokus, round=round_, submission__mode__in=ASKED)
    there = there.filter(submission__by__isnull=False, household__erased_at__isnull=True)
    before = RecheckFamily.objects.filter(recheck__round=round_, recheck__lokus=lokus)
    return there.exclude(household__in=before.values("household"))


def part_of(surveyor: User, form: Submission) -> str:
    """The part of a draw's frame that a form belongs to: its surveyor's, or what she typed from paper."""
    return f"{surveyor.uuid}{Recheck.TYPED if form.mode == SubmissionMode.KEYED else ''}"


def usual_version(lokus: Lokus, round_: Round) -> InstrumentVersion | None:
    """The version by which most of them were asked; None where nobody was."""
    counted = surveyed(lokus, round_).values("submission__version").annotate(n=Count("pk"))
    most = counted.order_by("-n", "submission__version").values_list("submission__version", flat=True).first()
    return InstrumentVersion.objects.select_related("workbook").filter(pk=most).first() if most else None


def questions_of(user: User, lokus: Lokus, version: InstrumentVersion) -> tuple[QuestionChoice, ...]:
    """What can be asked again: of the family itself, neither sealed nor of health, in the form's order.

    Proposed is what was asked again last in this year, else the first choices that decide an indicator.
    """
    fields = _eligible(user, lokus, version)
    last = Recheck.objects.filter(lokus__cycle=lokus.cycle_id, version=version).order_by("-pk").first()
    usual = set(last.questions) if last is not None else _deciding(version, fields)
    asked = {one_.name: one_ for one_ in asked_of_version(version, new=False).questions}
    return tuple(
        QuestionChoice(name, asked[name].number, asked[name].label, name in usual) for name in fields if name in asked
    )


def _eligible(user: User, lokus: Lokus, version: InstrumentVersion) -> dict[str, Field]:
    apart = apart_from(user, lokus, version).fields
    return {
        name: field
        for name, field in instrument_of(version).form.fields.items()
        if field.kind in KINDS and field.repeat is None and name not in apart and not is_private(field)
    }


def _deciding(version: InstrumentVersion, fields: Mapping[str, Field]) -> set[str]:
    instrument = instrument_of(version)
    used = {field for name in instrument.indicators for field in fields_of(version, name)}
    return set([name for name, field in fields.items() if name in used and field.kind == "choice"][:USUAL_QUESTIONS])


def rechecks_page(user: User, cycle_slug: str, code: str, round_slug: str = "") -> RechecksPage:
    """The draws of a lokus and what a new one is drawn from. Raises Missing, Forbidden for who does not keep it."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_see_checks, user, lokus)
    rounds = list(Round.objects.filter(cycle=lokus.cycle, current_answers__lokus=lokus).distinct().order_by("opens"))
    round_ = find_round(lokus.cycle, round_slug) if round_slug else (rounds[-1] if rounds else None)
    version = usual_version(lokus, round_) if round_ is not None else None
    surveyors = families = 0
    if round_ is not None and version is not None:
        counted = surveyed(lokus, round_).filter(submission__version=version)
        found = counted.aggregate(n=Count("pk"), by=Count("submission__by", distinct=True))
        surveyors, families = found["by"], found["n"]
    return RechecksPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        rounds=tuple(round_ref(each) for each in rounds),
        round=None if round_ is None else round_ref(round_),
        surveyors=surveyors,
        families=families,
        questions=() if version is None else questions_of(user, lokus, version),
        draws=_draws(user, lokus),
        may_draw=may_draw_recheck(user, lokus),
    )


def _draws(user: User, lokus: Lokus) -> tuple[DrawLine, ...]:
    rows = rechecks_for(user).filter(lokus=lokus).order_by("-drawn_at", "-pk")
    rows = rows.annotate(n=Count("families"), done=Count("families", filter=~Q(families__outcome="")))
    return tuple(
        DrawLine(row.uuid, round_ref(row.round), row.drawn_at, row.drawn_by.get_full_name(), row.n, row.done)
        for row in rows
    )


# --- one draw ---------------------------------------------------------------------------------------------------------
def recheck_of(user: User, cycle_slug: str, code: str, recheck_id: UUID) -> Recheck:
    """That draw of that lokus. Raises Missing, Forbidden for who does not keep it."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_see_checks, user, lokus)
    rows = rechecks_for(user).select_related("version__workbook")
    found = one(rows, lokus=lokus, uuid=recheck_id)
    found.lokus = lokus
    return found


def recheck_page(user: User, cycle_slug: str, code: str, recheck_id: UUID) -> RecheckPage:
    """The whole page. Statements do not grow with families. Raises as `recheck_of`."""
    recheck = recheck_of(user, cycle_slug, code, recheck_id)
    rows = _rows(recheck)
    fields = _fields(user, recheck)
    pairs = {row.pk: (said(fields, row.submission.answers), said(fields, row.answers)) for row in rows if row.answers}
    later = _later(recheck, rows)
    return RecheckPage(
        cycle=cycle_ref(recheck.lokus.cycle),
        lokus=lokus_ref(recheck.lokus),
        round=round_ref(recheck.round),
        uuid=recheck.uuid,
        drawn_at=recheck.drawn_at,
        drawn_by=recheck.drawn_by.get_full_name(),
        seed=recheck.seed,
        each=recheck.each,
        percent=recheck.percent,
        intact=_is_intact(recheck, rows),
        families=_lines(user, recheck, rows, later),
        done=sum(bool(row.outcome) for row in rows),
        total=rate_of(pairs.values(), [field.name for field in fields]),
        surveyors=_by_surveyor(recheck, rows, pairs, fields),
        questions=_by_question(recheck, pairs, fields),
        differences=_differences(recheck, rows, pairs),
        open=recheck.lokus.cycle.closed_at is None,
        corrections=_corrections(recheck, rows, later, fields),
    )


def _rows(recheck: Recheck) -> list[RecheckFamily]:
    rows = RecheckFamily.objects.filter(recheck=recheck).select_related("household", "submission", "surveyor", "by")
    return list(rows.defer("submission__private", "submission__raw").order_by("number"))


def _later(recheck: Recheck, rows: Iterable[RecheckFamily]) -> dict[int, RecheckEntry]:
    """Drawn family -> the newest that was written after what counts of it."""
    counts = {row.pk: row.at for row in rows if row.answers}
    entries = RecheckEntry.objects.filter(family__recheck=recheck).select_related("by").order_by("at", "pk")
    newest = {each.family_id: each for each in entries if each.family_id in counts}
    return {pk: each for pk, each in newest.items() if (at := counts[pk]) is not None and each.at > at}


def _fields(user: User, recheck: Recheck) -> list[Field]:
    """The questions of the draw that she may read of one family, in the form's order."""
    eligible = _eligible(user, recheck.lokus, recheck.version)
    return [field for name, field in eligible.items() if name in set(recheck.questions)]


def _is_intact(recheck: Recheck, rows: Iterable[RecheckFamily]) -> bool:
    """Drawn again, the families that are still there stand in the same places; an erased one has left its place."""
    again = drawn(recheck.frame, recheck.seed, each=recheck.each, percent=recheck.percent)
    places = {number: form for number, (_surveyor, form) in enumerate(again, start=1)}
    return all(places.get(row.number) == str(row.form) for row in rows)


def _lines(
    user: User, recheck: Recheck, rows: Iterable[RecheckFamily], later: Mapping[int, RecheckEntry]
) -> tuple[FamilyLine, ...]:
    found = []
    for row in rows:
        row.recheck = recheck
        after = later.get(row.pk)
        found.append(
            FamilyLine(
                number=row.number,
                code=row.household.code,
                rt=row.household.rt,
                rw=row.household.rw or recheck.lokus.rw,
                surveyor=row.surveyor.get_full_name() or row.surveyor.username,
                outcome=row.outcome,
                by=row.by.get_full_name() if row.by else "",
                at=row.at,
                may_fill=may_fill_recheck(user, row),
                typed=row.submission.mode == SubmissionMode.KEYED,
                corrected_at=after.at if after else None,
                corrected_by=after.by.get_full_name() if after else "",
            )
        )
    return tuple(found)


_Pairs = Mapping[int, tuple[Mapping[str, Any], Mapping[str, Any]]]


def _by_surveyor(
    recheck: Recheck, rows: Sequence[RecheckFamily], pairs: _Pairs, fields: Sequence[Field]
) -> tuple[RateLine, ...]:
    names = [field.name for field in fields]
    by: dict[str, list[RecheckFamily]] = {}
    for row in rows:
        by.setdefault(part_of(row.surveyor, row.submission), []).append(row)
    found = []
    for part, hers in by.items():
        rate = rate_of((pairs[row.pk] for row in hers if row.pk in pairs), names)
        name = hers[0].surveyor.get_full_name() or hers[0].surveyor.username
        # Earlier draws had what was typed together with what she asked herself.
        forms = recheck.frame.get(part) or recheck.frame.get(part.removesuffix(Recheck.TYPED), ())
        found.append(RateLine(name, rate, len(forms), len(hers), part.endswith(Recheck.TYPED)))
    return tuple(sorted(found, key=lambda line: (line.typed, line.label)))


def _by_question(recheck: Recheck, pairs: _Pairs, fields: Sequence[Field]) -> tuple[RateLine, ...]:
    labels = {one_.name: one_.label for one_ in asked_of_version(recheck.version, new=False).questions}
    return tuple(
        RateLine(labels.get(field.name, field.name), rate_of(pairs.values(), [field.name])) for field in fields
    )


def _differences(recheck: Recheck, rows: Iterable[RecheckFamily], pairs: _Pairs) -> tuple[DifferenceLine, ...]:
    found = []
    for row in rows:
        if row.pk not in pairs:
            continue
        first, second = pairs[row.pk]
        both = set(first) & set(second)
        parts: list[Parts] = [({name: side[name] for name in both}, {}) for side in (first, second)]
        for each in differences_of(recheck.version, frozenset(), parts[0], parts[1]):
            found.append(DifferenceLine(row.number, row.household.code, each.question, each.here.text, each.there.text))
    return tuple(found)


def _corrections(
    recheck: Recheck, rows: Iterable[RecheckFamily], later: Mapping[int, RecheckEntry], fields: Sequence[Field]
) -> tuple[DifferenceLine, ...]:
    found = []
    for row in rows:
        if (after := later.get(row.pk)) is None or not after.answers:
            continue
        parts: list[Parts] = [(said(fields, answers), {}) for answers in (row.answers, after.answers)]
        for each in differences_of(recheck.version, frozenset(), parts[0], parts[1]):
            found.append(DifferenceLine(row.number, row.household.code, each.question, each.here.text, each.there.text))
    return tuple(found)


# --- asking again -----------------------------------------------------------------------------------------------------
def asked_again(recheck: Recheck) -> Questionnaire:
    """The draw's questions with the numbers that they have on paper, each to be asked for itself.

    What else was answered is not known here, so no question hangs on another and none must be answered.
    """
    whole = asked_of_version(recheck.version, new=False)
    wanted = set(recheck.questions)
    sections = []
    for section in whole.sections:
        parts = tuple(_alone(one_) for one_ in section.questions if one_.field is None or one_.name in wanted)
        if parts:
            sections.append(Section(section.title, parts))
    return Questionnaire(tuple(sections))


def _alone(one_: Question) -> Question:
    if one_.field is None:
        return one_
    constraint = "" if "${" in one_.field.constraint else one_.field.constraint
    field = replace(one_.field, relevants=(), required=False, constraint=constraint)
    return replace(one_, field=field, required=False, skip="", item="")


def recheck_family_of(user: User, cycle_slug: str, code: str, recheck_id: UUID, number: int) -> RecheckFamily:
    """That family of the draw. Raises Missing, Forbidden for who does not keep the lokus or asked the first time."""
    recheck = recheck_of(user, cycle_slug, code, recheck_id)
    rows = RecheckFamily.objects.select_related("household", "submission")
    row = one(rows.defer("submission__private", "submission__raw"), recheck=recheck, number=number)
    row.recheck = recheck
    demand(may_fill_recheck, user, row)
    return row


def fill_page(user: User, cycle_slug: str, code: str, recheck_id: UUID, number: int) -> FillPage:
    """What that family is asked again. Raises as `recheck_family_of`."""
    row = recheck_family_of(user, cycle_slug, code, recheck_id, number)
    recheck = row.recheck
    return FillPage(
        cycle=cycle_ref(recheck.lokus.cycle),
        lokus=lokus_ref(recheck.lokus),
        round=round_ref(recheck.round),
        uuid=recheck.uuid,
        number=row.number,
        code=row.household.code,
        rt=row.household.rt,
        rw=row.household.rw or recheck.lokus.rw,
        asked=asked_again(recheck),
        again=row.at if row.outcome in Outcome.values else None,
        counted=bool(row.answers),
        typed=row.submission.mode == SubmissionMode.KEYED,
    )


def paper_page(user: User, cycle_slug: str, code: str, recheck_id: UUID) -> PaperPage:
    """The list to carry along. Raises as `recheck_of`."""
    recheck = recheck_of(user, cycle_slug, code, recheck_id)
    return PaperPage(
        cycle=cycle_ref(recheck.lokus.cycle),
        lokus=lokus_ref(recheck.lokus),
        round=round_ref(recheck.round),
        uuid=recheck.uuid,
        families=_lines(user, recheck, _rows(recheck), {}),
        asked=asked_again(recheck),
    )
