"""Back-checks: families are drawn at random, and what they say when somebody else asks again is written down."""

import secrets
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction

from selaras.access import demand, may_draw_recheck, the_lokus
from selaras.actions import audit
from selaras.actions.field.typed import Read, read_typed
from selaras.errors import InputError, Problem
from selaras.models import Outcome, Recheck, RecheckEntry, RecheckFamily, User
from selaras.odk.fieldform import MET
from selaras.odk.values import NO_WORDS, Answer, sent_answer_of, words_of
from selaras.queries.programme import today_in
from selaras.queries.recheck_rates import drawn
from selaras.queries.rechecks import (
    MOST_QUESTIONS,
    asked_again,
    part_of,
    questions_of,
    recheck_family_of,
    surveyed,
    usual_version,
)
from selaras.queries.rounds import find_round
from selaras.queries.rules import instrument_of

#: The most families of one surveyor that one draw takes.
MOST_EACH = 50


def draw(
    *,
    by: User,
    cycle_slug: str,
    code: str,
    round_slug: str,
    questions: Collection[str],
    each: int | None = None,
    percent: int | None = None,
) -> Recheck:
    """Draw families of a round who are asked again: `each` of every surveyor, or so many percent of hers.

    The seed is the server's and was not there before; it is kept with all that was drawn from, so that anybody can draw
    again. Who was drawn in the round before is not drawn twice. Raises Missing, Forbidden, InputError.
    """
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_draw_recheck, by, lokus)
    _demand_size(each, percent)
    round_ = find_round(lokus.cycle, round_slug)
    version = usual_version(lokus, round_)
    if version is None:
        raise InputError(Problem("recheck.nobody"))
    chosen = [one.name for one in questions_of(by, lokus, version) if one.name in set(questions)]
    if not 1 <= len(chosen) <= MOST_QUESTIONS or len(chosen) != len(set(questions)):
        raise InputError(Problem("recheck.questions", values={"most": MOST_QUESTIONS}))
    with transaction.atomic():
        rows = surveyed(lokus, round_).filter(submission__version=version).select_related("submission__by")
        forms = {str(row.submission.uuid): row for row in rows.defer("answers", "submission__answers")}
        frame: dict[str, list[str]] = {}
        for form, row in sorted(forms.items()):
            assert row.submission.by is not None  # noqa: S101  (`surveyed` asks for it)
            frame.setdefault(part_of(row.submission.by, row.submission), []).append(form)
        recheck = Recheck(lokus=lokus, round=round_, version=version, questions=chosen, frame=frame, drawn_by=by)
        recheck.seed, recheck.each, recheck.percent = secrets.token_hex(16), each, percent
        recheck.save(force_insert=True)
        found = drawn(frame, recheck.seed, each=each, percent=percent)
        RecheckFamily.objects.bulk_create(
            RecheckFamily(
                recheck=recheck,
                number=number,
                household_id=forms[form].household_id,
                submission=forms[form].submission,
                form=UUID(form),
                surveyor=forms[form].submission.by,
            )
            for number, (_surveyor, form) in enumerate(found, start=1)
        )
        _record(by, "rechecks.draw", recheck, families=len(found), of=len(forms), seed=recheck.seed)
    return recheck


def _demand_size(each: int | None, percent: int | None) -> None:
    by_number = each is not None and percent is None and 1 <= each <= MOST_EACH
    by_share = percent is not None and each is None and 1 <= percent <= 100
    if not (by_number or by_share):
        raise InputError(Problem("recheck.size", values={"most": MOST_EACH}))


def fill(
    *, by: User, cycle_slug: str, code: str, recheck_id: UUID, number: int, texts: Mapping[str, str]
) -> RecheckFamily:
    """Write down how the second visit ended and what was said. Every version is kept; once there are answers to compare
    those count, whatever is written afterwards: nobody brings a rate to where it pleases.

    `texts` are the page's fields by name (`typed.cell_of`). Raises Missing, Forbidden for who asked the first time, and
    InputError with every mistake by its number; then nothing is kept.
    """
    row = recheck_family_of(by, cycle_slug, code, recheck_id, number)
    recheck = row.recheck
    form = instrument_of(recheck.version).form
    read = read_typed(asked_again(recheck), form, texts, known=None, today=today_in(recheck.lokus.cycle))
    if read.problems:
        raise InputError(read.problems)
    answers = _answers(recheck, read)
    if read.outcome == MET and not answers:
        raise InputError(Problem("recheck.blank"))
    with transaction.atomic():
        locked = RecheckFamily.objects.select_for_update(of=("self",)).get(pk=row.pk)
        counts = not locked.answers
        made = RecheckEntry.objects.create(family=locked, outcome=read.outcome, answers=answers, by=by)
        if counts:
            locked.outcome, locked.answers, locked.by, locked.at = Outcome(made.outcome), made.answers, by, made.at
            locked.save(update_fields=["outcome", "answers", "by", "at"])
        told = {"number": row.number, "outcome": read.outcome, "answers": len(answers)}
        _record(by, "rechecks.fill", recheck, counts=len(answers) if counts else 0, **told)
    return locked


def _answers(recheck: Recheck, read: Read) -> dict[str, Answer]:
    """As a submission stores them; blanks left out."""
    form = instrument_of(recheck.version).form
    found: dict[str, Answer] = {}
    for name in recheck.questions:
        field = form.fields[name]
        words = words_of(form.lists.get(field.list_name, ())) if field.list_name else NO_WORDS
        value, _problem = sent_answer_of(field, words, read.values.get(name, ""))
        if value is not None:
            found[name] = value
    return found


def _record(by: User, action: str, recheck: Recheck, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="recheck",
        object_id=recheck.uuid,
        place_code=recheck.lokus.area,
        **details,
    )
