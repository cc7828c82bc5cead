"""What one family answered, round by round, in plain words: by section, blanks said, health kept apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.utils.dateformat import format as date_format

from selaras.models import CurrentAnswers, Household, InstrumentVersion, Lokus, User
from selaras.odk.forms import Field
from selaras.odk.types import SILENT
from selaras.odk.values import is_private
from selaras.queries.agreed_answers import is_blank, sources_in
from selaras.queries.apart import apart_from
from selaras.queries.refs import RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown
from selaras.scoring.expressions.words import label_of
from selaras.scoring.instrument import Instrument
from selaras.scoring.numbers import indonesian

#: `said` has words; `sealed` was answered in free text, which stays locked; `blank` was asked of everybody and has no
#: answer; `unasked` has none either and is asked only of some.
AnswerState = Literal["said", "sealed", "blank", "unasked"]


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A question and what was answered, in words; `text` is '' but for `said`. `source` is whose list answers it where
    the family was not asked."""

    question: str
    state: AnswerState
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A group of questions; `member` is the 1-based row of a repeat, None for the family as a whole."""

    title: str
    member: int | None
    lines: tuple[AnswerLine, ...]
    blank: int

    @property
    def later(self) -> bool:
        """Whether nothing of it has been answered yet: it is to be asked on another visit."""
        return self.blank > 1 and all(line.state in {"blank", "unasked"} for line in self.lines)


@dataclass(frozen=True, slots=True)
class RoundAnswers:
    """The answers that count in a round: when they came, by what way (a SubmissionMode), by which `version`."""

    round: RoundRef
    received_at: datetime
    way: str
    version: str
    sections: tuple[Section, ...]
    apart: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that two forms answer otherwise; `member` is the 1-based row of a repeat."""

    question: str
    member: int | None
    here: AnswerLine
    there: AnswerLine


#: Answers and sealed answers of one form.
Parts = tuple[Mapping[str, Any], Mapping[str, Any]]


def answers_of(user: User, household: Household, lokus: Lokus) -> tuple[RoundAnswers, ...]:
    """Each round's answers, the newest first. One statement; `household` has its key at hand."""
    rows = CurrentAnswers.objects.filter(household=household)
    rows = rows.select_related("round", "submission__version__workbook").order_by("-round__opens", "-round_id")
    return tuple(_round(user, household, lokus, row) for row in rows)


def _round(user: User, household: Household, lokus: Lokus, row: CurrentAnswers) -> RoundAnswers:
    submission = row.submission
    submission.household = household
    apart = apart_from(user, lokus, submission.version)
    filled = {name for name in row.answers if is_blank(submission.answers.get(name))}
    given = sources_in(row.round_id, household.pk) if filled else {}
    reader = _Reader(submission.version, apart.fields, {name: given.get(name, "") for name in filled})
    sections = tuple(reader.sections(row.answers, submission.private_values()))
    version = f"{submission.version.title} {submission.version.version}"
    return RoundAnswers(
        round_ref(row.round), submission.received_at, submission.mode, version, sections, bool(apart.fields)
    )


def sections_of(
    version: InstrumentVersion, apart: frozenset[str], answers: Mapping[str, Any], private: Mapping[str, Any]
) -> tuple[Section, ...]:
    """One form's answers as a page says them, without the questions `apart`."""
    return tuple(_Reader(version, apart).sections(answers, private))


def all_sections_of(
    version: InstrumentVersion, answers: Mapping[str, Any], private: Mapping[str, Any], apart: frozenset[str]
) -> tuple[Section, ...]:
    """One form's answers with nothing sealed, without the questions `apart`: for whom they are about, and for nobody
    else."""
    return tuple(_Open(version, apart).sections(answers, private))


def differences_of(
    version: InstrumentVersion, apart: frozenset[str], here: Parts, there: Parts
) -> tuple[Difference, ...]:
    """Where two forms of one version differ, in the form's order, without the questions `apart`."""
    return tuple(_Reader(version, apart).differences(here, there))


class _Reader:
    """Reads one form's answers."""

    def __init__(
        self, version: InstrumentVersion, apart: frozenset[str], given: Mapping[str, str] | None = None
    ) -> None:
        self._given = given or {}
        self._instrument: Instrument = instrument_of(version)
        fields = self._instrument.form.fields.values()
        self._fields = [field for field in fields if self._is_answer(field) and field.name not in apart]

    @staticmethod
    def _is_answer(field: Field) -> bool:
        silent = field.kind in {"other", "calculate"} or "_".join(field.type.lower().split()) in SILENT
        return not silent and bool(field.labels)

    def sections(self, answers: Mapping[str, Any], private: Mapping[str, Any]) -> Iterator[Section]:
        """The family's own sections, then those of each row of each repeat."""
        own = [field for field in self._fields if field.repeat is None]
        yield from self._grouped(own, answers, private, None)
        for repeat in self._instrument.form.repeats:
            inside = [field for field in self._fields if field.repeat == repeat]
            sealed = private.get(repeat) or []
            for number, row in enumerate(answers.get(repeat) or [], start=1):
                hidden = sealed[number - 1] if number <= len(sealed) else {}
                yield from self._grouped(inside, row, hidden, number)

    def _grouped(
        self, fields: list[Field], answers: Mapping[str, Any], private: Mapping[str, Any], member: int | None
    ) -> Iterator[Section]:
        groups: dict[str, list[AnswerLine]] = {}
        for field in fields:
            groups.setdefault(self._title(field), []).append(self._line(field, answers, private))
        for title, lines in groups.items():
            blank = sum(line.state == "blank" for line in lines)
            yield Section(title, member, tuple(lines), blank)

    def differences(self, here: Parts, there: Parts) -> Iterator[Difference]:
        """The family's own questions first, then each row of each repeat."""
        yield from self._apart([field for field in self._fields if field.repeat is None], here, there, None)
        for repeat in self._instrument.form.repeats:
            inside = [field for field in self._fields if field.repeat == repeat]
            for number in range(max(len(here[0].get(repeat) or ()), len(there[0].get(repeat) or ()))):
                yield from self._apart(inside, _row(here, repeat, number), _row(there, repeat, number), number + 1)

    def _apart(self, fields: list[Field], here: Parts, there: Parts, member: int | None) -> Iterator[Difference]:
        for field in fields:
            at = int(is_private(field))
            if (here[at].get(field.name) or "") != (there[at].get(field.name) or ""):
                lines = self._line(field, *here), self._line(field, *there)
                yield Difference(lines[0].question, member, *lines)

    def _title(self, field: Field) -> str:
        """The innermost group that has a title, else the repeat's."""
        form = self._instrument.form
        for name in reversed(field.path):
            labels = form.groups.get(name) or (form.repeats[name].labels if name in form.repeats else {})
            if title := label_of(shown(labels, self._instrument)):
                return title
        return ""

    def _line(self, field: Field, answers: Mapping[str, Any], private: Mapping[str, Any]) -> AnswerLine:
        question = label_of(shown(field.labels, self._instrument)) or field.name
        value = (private if is_private(field) else answers).get(field.name)
        if value in (None, ""):
            return AnswerLine(question, "unasked" if field.relevants else "blank", "")
        if is_private(field):
            return AnswerLine(question, "sealed", "")
        source = self._given.get(field.name, "") if field.repeat is None else ""
        return AnswerLine(question, "said", self._words(field, value), source)

    def _words(self, field: Field, value: Any) -> str:
        if field.kind in {"choice", "choices"}:
            choices = self._instrument.form.lists.get(field.list_name or "", ())
            labels = {one.name: label_of(shown(one.labels, self._instrument)) or one.name for one in choices}
            return ", ".join(labels.get(part, part) for part in str(value).split())
        write = _WORDS.get(field.kind)
        return str(value) if write is None else write(value)


class _Open(_Reader):
    """Reads what is sealed too."""

    def _line(self, field: Field, answers: Mapping[str, Any], private: Mapping[str, Any]) -> AnswerLine:
        line = super()._line(field, answers, private)
        if line.state != "sealed":
            return line
        return replace(line, state="said", text=self._words(field, private[field.name]))


def _row(parts: Parts, repeat: str, number: int) -> Parts:
    """That row of a repeat; blank where the form has fewer."""
    rows, sealed = (part.get(repeat) or [] for part in parts)
    return rows[number] if number < len(rows) else {}, sealed[number] if number < len(sealed) else {}


def _amount(value: Any) -> str:
    try:
        return indonesian(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _day(value: Any) -> str:
    try:
        return date_format(date.fromisoformat(str(value)), "j F Y")
    except ValueError:
        return str(value)


_WORDS: dict[str, Callable[[Any], str]] = {"integer": _amount, "decimal": _amount, "date": _day}
