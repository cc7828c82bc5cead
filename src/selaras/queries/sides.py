"""The families on each side of an indicator, by code: read from the states kept per household, by an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import QuerySet

from selaras.access import one, scores_for
from selaras.models import (
    CurrentAnswers,
    HouseholdScore,
    IndicatorRef,
    InstrumentVersion,
    Lokus,
    Round,
    State,
    User,
)
from selaras.queries.rules import fields_of, instrument_of, words_of
from selaras.scoring.expressions.words import Lexicon
from selaras.scoring.instrument import HOUSEHOLD, Indicator
from selaras.scoring.numbers import indonesian
from selaras.scoring.tally import Tally

#: Up to so many families a side are put in order of code; of more, the first by the registry's own order are shown.
SORTED = 2_000
#: Answers shown for one family.
SHOWN_ANSWERS = 3
SideKind = Literal["true", "false", "known", "missing", "not_applicable"]


@dataclass(frozen=True, slots=True)
class SideFamily:
    """A family by its code (`GD-014`), `RT 02/RW 01` in parts, and what it answered, in words.

    `answer` joins the labels of the answers that decided (`Jamban: cemplung`), or the number, or why it is unknown.
    `member` names the row of a repeat (`anggota 3`) where the indicator is over one, else ''.
    """

    household: str
    rt: str
    rw: str
    member: str
    answer: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side: `true` and `false` for shares, `known` for numbers, `missing`, `not_applicable`.

    `families` are the first ones by code, at most `limit` of the call; `count` is all of them. Empty where
    the person may not see families.
    """

    kind: SideKind
    count: int
    families: tuple[SideFamily, ...]


_STATES: Mapping[SideKind, State] = {
    "true": State.YES,
    "false": State.NO,
    "known": State.VALUE,
    "missing": State.MISSING,
    "not_applicable": State.NOT_APPLICABLE,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: one indicator (and its number in the states) of a lokus in a round."""

    lokus: Lokus
    round: Round
    version: InstrumentVersion
    indicator: Indicator
    tally: Tally


def sides_of(user: User | None, subject: Subject, *, everyone: bool, limit: int) -> tuple[Side, ...]:
    """Each side with its count and its first families; without families where `user` is None.

    `everyone`: families of the whole lokus by code, for an agency; else those whom this user sees. `limit` 0 is all.
    At most six statements, whatever the number of families.
    """
    reference = IndicatorRef.objects.filter(version=subject.version, name=subject.indicator.name)
    rows = HouseholdScore.objects.none()
    if user is not None:
        own = HouseholdScore.objects.filter(
            lokus=subject.lokus, household__erased_at__isnull=True, household__pending__isnull=True
        )
        rows = own if everyone else scores_for(user, subject.lokus)
        rows = rows.filter(round=subject.round, indicator=one(reference).pk)
    counts = _counts(subject.indicator, subject.tally)
    found: dict[SideKind, list[_Row]] = {}
    for kind, count in counts.items():
        found[kind] = _first(rows, _STATES[kind], count, limit) if user is not None and count else []
    ids = [row.household for side in found.values() for row in side]
    current = CurrentAnswers.objects.filter(household__in=ids, round=subject.round)
    answers: dict[int, Any] = dict(current.values_list("household_id", "answers")) if ids else {}
    writer = _Writer(subject.version, subject.indicator)
    return tuple(
        Side(kind, counts[kind], tuple(writer.family(row, answers.get(row.household) or {}) for row in side))
        for kind, side in found.items()
    )


def _counts(indicator: Indicator, tally: Tally) -> dict[SideKind, int]:
    if indicator.aggregate in {"share", "count"}:
        known: dict[SideKind, int] = {"true": tally.true, "false": tally.n - tally.true}
    else:
        known = {"known": tally.n}
    return {**known, "missing": tally.missing, "not_applicable": tally.not_applicable}


@dataclass(frozen=True, slots=True)
class _Row:
    """A family's state as stored, with its code and neighbourhood."""

    household: int
    code: str
    rt: str
    rw: str
    state: str
    n: int
    true: int
    missing: int
    not_applicable: int
    total: Any


def _first(rows: QuerySet[HouseholdScore], state: State, count: int, limit: int) -> list[_Row]:
    side = rows.filter(state=state).order_by("household__code" if count <= SORTED else "household_id")
    values = side.values_list(
        "household_id",
        "household__code",
        "household__rt",
        "household__rw",
        "state",
        "n",
        "true",
        "missing",
        "not_applicable",
        "total",
    )
    found = [_Row(*row) for row in (values[:limit] if limit else values)]
    return sorted(found, key=lambda row: row.code)


class _Writer:
    """Says in words what a family answered."""

    def __init__(self, version: InstrumentVersion, indicator: Indicator) -> None:
        self._indicator = indicator
        self._lexicon: Lexicon = words_of(version)
        form = instrument_of(version).form
        self._fields = [form.fields[name] for name in fields_of(version, indicator.name)]
        self._repeat = self._lexicon.repeats.get(indicator.over, indicator.over)

    def family(self, row: _Row, answers: Mapping[str, Any]) -> SideFamily:
        """One line of a side."""
        member = "" if self._indicator.over == HOUSEHOLD else self._members(row)
        return SideFamily(row.code, row.rt, row.rw, member, self._answer(row, answers))

    def _members(self, row: _Row) -> str:
        """`2 dari 3 anggota keluarga`: how many of its rows stand on this side."""
        on_side = {State.YES: row.true, State.NO: row.n - row.true, State.MISSING: row.missing, State.VALUE: row.n}
        count = on_side.get(State(row.state), row.not_applicable)
        return f"{count} dari {row.n + row.missing + row.not_applicable} {self._repeat.lower()}"

    def _answer(self, row: _Row, answers: Mapping[str, Any]) -> str:
        own = [field for field in self._fields if field.repeat is None]
        if row.state == State.VALUE and row.total is not None:
            unit = f" {self._indicator.unit}" if self._indicator.unit else ""
            return f"{indonesian(row.total)}{unit}"
        if row.state == State.MISSING:
            blank = [self._lexicon.names[field.name] for field in own if answers.get(field.name) in (None, "")]
            return "Belum dijawab: " + "; ".join(blank[:1]) if blank else "Belum dijawab"
        said = [
            self._said(field.name, answers[field.name]) for field in own if answers.get(field.name) not in (None, "")
        ]
        return "; ".join(said[:SHOWN_ANSWERS])

    def _said(self, name: str, value: Any) -> str:
        options = self._lexicon.options.get(name)
        if options is None:
            return f"{self._lexicon.names[name]}: {value}"
        words = [options.get(part, part) for part in str(value).split()]
        # A choice list answers its own question; yes and no do not.
        if set(options) <= {"ya", "tidak", "yes", "no"} or len(options) <= 2:
            return f"{self._lexicon.names[name]}: {', '.join(words)}"
        return ", ".join(words)
