"""Lists from elsewhere as pages show them, and what they say of families: the asked answer always wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from selaras.access import agreed_imports_for, demand, may_import, may_see_checks, one, registry_for
from selaras.models import (
    AgreedImport,
    AgreedState,
    CurrentAnswers,
    InstrumentVersion,
    Round,
    Submission,
    User,
)
from selaras.odk.forms import Field
from selaras.odk.values import is_private
from selaras.queries.agreed_answers import is_blank
from selaras.queries.answered import Parts, differences_of
from selaras.queries.apart import apart_from
from selaras.queries.programme import cycle_ref, lokus_in, lokus_ref
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown
from selaras.scoring.expressions.words import label_of

#: By what a family is found, besides questions: its code, its KK number, a member's NIK.
BY_CODE, BY_KK, BY_NIK = "@kode", "@kk", "@nik"
#: Kinds of question that a list can answer.
KINDS = frozenset({"choice", "choices", "integer", "decimal", "date"})
#: Differences that a page lists.
LISTED = 100


def fields_of_lists(version: InstrumentVersion) -> dict[str, Field]:
    """The questions that a list can answer: of the family itself, not sealed."""
    form = instrument_of(version).form
    return {
        name: field
        for name, field in form.fields.items()
        if field.kind in KINDS and field.repeat is None and not is_private(field)
    }


# --- pages ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class AgreedLine:
    """One list: whose, by what agreement, its AgreedState, and how many families it says something of."""

    uuid: UUID
    source: str
    number: str
    agreed_on: date
    round: RoundRef
    state: str
    by: str
    at: datetime
    families: int


@dataclass(frozen=True, slots=True)
class AgreedListPage:
    """The lists of a lokus, and the rounds that a new one may be for."""

    cycle: CycleRef
    lokus: LokusRef
    rounds: tuple[RoundRef, ...]
    lists: tuple[AgreedLine, ...]
    may_import: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column may mean: a question by its name and label, or one of the three that find a family."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What a family answered otherwise than the list says."""

    code: str
    question: str
    asked: str
    given: str


@dataclass(frozen=True, slots=True)
class AgreedPage:
    """One list. `columns` are (title, what it means); `summary` as AgreedImport; `differences` the first LISTED of
    `different`, without what is kept apart from her."""

    cycle: CycleRef
    lokus: LokusRef
    line: AgreedLine
    purpose: str
    filename: str
    columns: tuple[tuple[str, str], ...]
    meanings: tuple[Meaning, ...]
    summary: Mapping[str, Any]
    differences: tuple[Difference, ...]
    different: int
    may_import: bool


def agreed_list_page(user: User, cycle_slug: str, code: str) -> AgreedListPage:
    """The lists of a lokus, the newest first. Raises Missing, Forbidden for who brings nothing in there."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_see_checks, user, lokus)
    rows = agreed_imports_for(user).filter(lokus=lokus).order_by("-created_at", "-pk")
    rounds = Round.objects.filter(cycle=lokus.cycle).order_by("opens", "pk")
    return AgreedListPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        rounds=tuple(round_ref(each) for each in rounds),
        lists=tuple(_line(row) for row in rows),
        may_import=may_import(user, lokus),
    )


def agreed_of(user: User, cycle_slug: str, code: str, agreed_id: UUID) -> AgreedImport:
    """That list of that lokus. Raises Missing, Forbidden for who keeps no records there."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_see_checks, user, lokus)
    found = one(
        agreed_imports_for(user).select_related("version__workbook", "key", "file"), lokus=lokus, uuid=agreed_id
    )
    found.lokus = lokus
    return found


def agreed_page(user: User, cycle_slug: str, code: str, agreed_id: UUID) -> AgreedPage:
    """The whole page. Raises as `agreed_of`."""
    listed = agreed_of(user, cycle_slug, code, agreed_id)
    instrument = instrument_of(listed.version)
    meanings = tuple(
        Meaning(name, label_of(shown(field.labels, instrument)) or name)
        for name, field in fields_of_lists(listed.version).items()
    )
    differences = _differences(user, listed)
    return AgreedPage(
        cycle=cycle_ref(listed.lokus.cycle),
        lokus=lokus_ref(listed.lokus),
        line=_line(listed),
        purpose=listed.purpose,
        filename=listed.filename,
        columns=tuple((title, str(meaning)) for title, meaning in listed.mapping.items()),
        meanings=meanings,
        summary=listed.summary,
        differences=tuple(differences[:LISTED]),
        different=len(differences),
        may_import=may_import(user, listed.lokus),
    )


def _line(row: AgreedImport) -> AgreedLine:
    return AgreedLine(
        row.uuid,
        row.source,
        row.number,
        row.agreed_on,
        round_ref(row.round),
        row.state,
        row.created_by.get_full_name(),
        row.created_at,
        int(row.summary.get("families", 0)),
    )


def _differences(user: User, listed: AgreedImport) -> list[Difference]:
    """Where a family was asked and said otherwise, in order of codes; two statements."""
    if listed.state != AgreedState.PUBLISHED:
        return []
    rows = Submission.objects.filter(agreed__source=listed).select_related("household")
    rows = rows.filter(household__in=registry_for(user, listed.lokus)).defer("private", "raw")
    asked = dict(
        CurrentAnswers.objects.filter(round=listed.round_id, lokus=listed.lokus_id, household__submissions__in=rows)
        .select_related("submission")
        .values_list("household_id", "submission__answers")
    )
    apart = apart_from(user, listed.lokus, listed.version).fields
    found = []
    for row in rows.order_by("household__code"):
        said = asked.get(row.household_id, {})
        both = [name for name, value in row.answers.items() if not is_blank(value) and not is_blank(said.get(name))]
        here, there = _both(both, said), _both(both, row.answers)
        for each in differences_of(listed.version, apart, here, there):
            found.append(Difference(row.household.code, each.question, each.here.text, each.there.text))
    return found


def _both(names: Iterable[str], answers: Mapping[str, Any]) -> Parts:
    return {name: answers[name] for name in names}, {}
