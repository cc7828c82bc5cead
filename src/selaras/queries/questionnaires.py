"""Forms on paper: whose they are, what they ask, and when each question is asked, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from django.db.models import Count, QuerySet

from selaras.access import may_key, one, registry_for, targets_for
from selaras.errors import InputError, Problem
from selaras.models import FieldForm, InstrumentVersion, Lokus, NikAsked, Round, TargetState, User
from selaras.odk.forms import Labels
from selaras.odk.questionnaire import Questionnaire, numbers_of, questionnaire
from selaras.odk.registry import family_items, nik_questions
from selaras.queries.households import NO_FILTERS, Filters, lokus_of_families
from selaras.queries.programme import cycle_ref, lokus_ref, today_in
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import find_round, round_ref
from selaras.queries.rules import instrument_of, read_published
from selaras.queries.spoken import language
from selaras.scoring import explain
from selaras.scoring.explain import lexicon_of
from selaras.scoring.expressions.findings import ExpressionError
from selaras.scoring.expressions.parser import parse
from selaras.scoring.expressions.phrases import Language
from selaras.scoring.expressions.tree import Binary, Node
from selaras.scoring.expressions.words import condition, label_of
from selaras.scoring.instrument import Instrument

#: Families of one file: more is a choice of an RT, and a printer's day.
MOST_FAMILIES = 150
#: Empty forms of one file, and rows of members that one form may have.
MOST_BLANK, MOST_ROWS, USUAL_ROWS = 50, 15, 6


@dataclass(frozen=True, slots=True)
class Block:
    """An RT of the list: `02`, `03`, and how many of her families live there."""

    rw: str
    rt: str
    families: int


@dataclass(frozen=True, slots=True)
class FormsPage:
    """What can be printed: the year's rounds (`current` is the usual one), her families by RT, how many are coached."""

    cycle: CycleRef
    lokus: LokusRef
    rounds: tuple[RoundRef, ...]
    current: str
    blocks: tuple[Block, ...]
    families: int
    coached: int
    may_key: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to print. `household` is one family's code; `coached`: only those on the list of 100; `rows` of members."""

    round: str
    filters: Filters = NO_FILTERS
    household: str = ""
    coached: bool = False
    blank: int = 0
    rows: int = USUAL_ROWS


@dataclass(frozen=True, slots=True)
class PaperFamily:
    """One form's head: the code and RT/RW, all '' on a form for a family without a code."""

    code: str = ""
    rt: str = ""
    rw: str = ""


@dataclass(frozen=True, slots=True)
class Papers:
    """The forms of one file. `listed` is asked of families with a code, `new` of others; `form` names the form."""

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef
    title: str
    form: int
    version: str
    families: tuple[PaperFamily, ...]
    blank: int
    rows: int
    listed: Questionnaire
    new: Questionnaire


def forms_page(user: User, cycle_slug: str, code: str) -> FormsPage:
    """What she can print of that lokus. Raises Missing, Forbidden."""
    lokus = lokus_of_families(user, cycle_slug, code)
    rounds = list(Round.objects.filter(cycle=lokus.cycle).order_by("opens", "pk"))
    counted = registry_for(user, lokus).values("rw", "rt").annotate(n=Count("pk")).order_by("rw", "rt")
    blocks = tuple(Block(row["rw"], row["rt"], row["n"]) for row in counted)
    refs = tuple(round_ref(one) for one in rounds)
    return FormsPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        rounds=refs,
        current=usual_round(lokus, rounds),
        blocks=blocks,
        families=sum(block.families for block in blocks),
        coached=targets_for(user, lokus).filter(state=TargetState.TARGET).count(),
        may_key=may_key(user, lokus),
    )


def usual_round(lokus: Lokus, rounds: list[Round]) -> str:
    """The round that is open today, else the next to come, else the last; '' where the year has none."""
    today = today_in(lokus.cycle)
    ordered = [one for one in rounds if one.opens <= today <= one.closes]
    ordered += [one for one in rounds if one.opens > today] + rounds[::-1]
    return round_ref(ordered[0]).slug if ordered else ""


def form_of_round(lokus: Lokus, round_slug: str) -> FieldForm | None:
    """The newest form of that round; None where none has been made. Raises Missing for a round that is not there."""
    rows = _forms(lokus).filter(round=find_round(lokus.cycle, round_slug))
    return rows.order_by("-made_at", "-pk").first()


def the_form(lokus: Lokus, key: int) -> FieldForm:
    """The form that a paper was printed from. Raises Missing."""
    return one(_forms(lokus), pk=key)


def _forms(lokus: Lokus) -> QuerySet[FieldForm]:
    rows = FieldForm.objects.filter(round__cycle=lokus.cycle_id, practice=False)
    return rows.select_related("round__cycle__place", "version__workbook")


def papers(user: User, cycle_slug: str, code: str, wanted: Wanted, form: FieldForm) -> Papers:
    """The forms that she asked for, in order of RW, RT and code. Raises Missing, Forbidden, InputError."""
    lokus = lokus_of_families(user, cycle_slug, code)
    rows = registry_for(user, lokus)
    if wanted.household:
        families = [one(rows, code=wanted.household.strip().upper())]
    else:
        if wanted.filters.rt:
            rows = rows.filter(rt=wanted.filters.rt)
        if wanted.filters.rw:
            rows = rows.filter(rw=wanted.filters.rw)
        if wanted.coached:
            rows = rows.filter(pk__in=targets_for(user, lokus).filter(state=TargetState.TARGET).values("household"))
        families = list(rows.order_by("rw", "rt", "code")[: MOST_FAMILIES + 1]) if not wanted.blank else []
    if len(families) > MOST_FAMILIES:
        raise InputError(Problem("paper.many", values={"most": MOST_FAMILIES}))
    if not families and not wanted.blank:
        raise InputError(Problem("paper.none"))
    return Papers(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        round=round_ref(form.round),
        title=instrument_of(form.version).title,
        form=form.pk,
        version=form.form_version,
        families=tuple(PaperFamily(family.code, family.rt, family.rw) for family in families),
        blank=min(max(wanted.blank, 0), MOST_BLANK),
        rows=min(max(wanted.rows, 1), MOST_ROWS),
        listed=asked_of(form, new=False, spoken="id"),
        new=asked_of(form, new=True, spoken="id"),
    )


def asked_of(form: FieldForm, *, new: bool, spoken: Language | None = None) -> Questionnaire:
    """The numbered questions of a form, in the reader's language or in `spoken`."""
    return _of(form.version, new=new, spoken=spoken, nik=form.nik)


def asked_of_version(version: InstrumentVersion, *, new: bool, spoken: Language | None = None) -> Questionnaire:
    """The same of a published version, whatever form was made of it."""
    return _of(version, new=new, spoken=spoken, nik="")


def _of(version: InstrumentVersion, *, new: bool, spoken: Language | None, nik: str) -> Questionnaire:
    name = f"{version.instrument}-{version.version}.xlsx"
    return _asked(version.workbook.sha256, name, new, spoken or language(), nik)


@lru_cache(maxsize=32)
def _asked(sha256: str, name: str, new: bool, spoken: Language, nik: str) -> Questionnaire:
    instrument = read_published(sha256, name)
    form = instrument.form

    def say(labels: Labels) -> str:
        return label_of(explain.shown(labels, instrument, spoken))

    items = family_items(form)
    title = "The visit" if spoken == "en" else "Kunjungan"
    own = nik_questions(form)
    left_out = own if nik == NikAsked.OFF else ()
    return questionnaire(
        form,
        say,
        items=items,
        new=new,
        language=spoken,
        title=title,
        skips=skip_words(instrument, numbers_of(form, items), spoken),
        left_out=left_out,
        nik=nik == NikAsked.ON and not own,
    )


def skip_words(instrument: Instrument, numbers: Mapping[str, str], spoken: Language) -> dict[str, str]:
    """Question -> when it is asked, by the numbers of other questions; none where it always is, or nobody can say."""
    word = "number" if spoken == "en" else "nomor"
    lexicon = lexicon_of(instrument, spoken)
    lexicon = replace(lexicon, names={**lexicon.names, **{name: f"{word} {n}" for name, n in numbers.items()}})
    found = {}
    for name, one_ in instrument.form.fields.items():
        trees = [_tree(text) for text, _ in one_.relevants]
        if not trees or any(tree is None for tree in trees):
            continue
        joined = [tree for tree in trees if tree is not None]
        whole = joined[0]
        for other in joined[1:]:
            whole = Binary("and", whole, other)
        said = str(condition(whole, lexicon)).replace("\n", " ")
        found[name] = re.sub(rf"“({word} \d+)”", r"\1", said)
    return found


def _tree(text: str) -> Node | None:
    try:
        return parse(text)
    except ExpressionError:
        return None
