"""A form as paper and a keyboard know it: numbered questions, choices with codes, boxes for digits, rows of members.

What only a phone can give (photos, places, its clock, calculations) is left out; the family's code stands in the head.
Numbers run through the whole form, so that paper, page and messages name the same question.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from selaras.odk.fieldform import (
    NIK,
    NIK_ANSWERS,
    NIK_LABEL,
    NIK_NUMBER,
    NIK_SAID,
    OUTCOME,
    OUTCOMES,
    OWN_ITEMS,
    Texts,
)
from selaras.odk.forms import Choice, Field, Form, Labels
from selaras.odk.types import SILENT

Kind = Literal["choice", "choices", "digits", "number", "date", "moment", "text", "tick"]
Say = Callable[[Labels], str]

#: `[0-9]{16}` and `\d{8,15}` in a constraint: how many boxes there are for digits.
_DIGITS = re.compile(r"(?:\[0-9\]|\\d)\{(?:\d+,)?(\d{1,2})\}")
_MOST_BOXES = 20
_COUNT = re.compile(r"\s*\$\{\s*([^\s{}]+)\s*\}\s*\Z")
#: The answer that a phone writes for `acknowledge`.
TICKED = "OK"


@dataclass(frozen=True, slots=True)
class Option:
    """A choice and the code that stands for it on paper: `1`, `2`, …; or its own name where names are numbers."""

    code: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One numbered question. `boxes` is how many digits it takes, 0 where any; `item` what the registry calls it.

    `field` is None for our own questions, whose numbers are letters. `skip` is filled by who knows words for it.
    """

    number: str
    name: str
    label: str
    kind: Kind
    hint: str = ""
    options: tuple[Option, ...] = ()
    boxes: int = 0
    required: bool = False
    item: str = ""
    skip: str = ""
    field: Field | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Note:
    """What is read aloud, between questions."""

    label: str


@dataclass(frozen=True, slots=True)
class Section:
    """Questions under one title. `repeat` is that of its rows, '' for the family; `count` the question that says
    how many rows there are, '' where none does."""

    title: str
    parts: tuple[Question | Note, ...]
    repeat: str = ""
    count: str = ""

    @property
    def questions(self) -> tuple[Question, ...]:
        """Its questions, without what is read aloud."""
        return tuple(part for part in self.parts if isinstance(part, Question))


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The whole form, in its order. Sections of one repeat follow each other."""

    sections: tuple[Section, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in order."""
        return tuple(one for section in self.sections for one in section.questions)

    def rows_of(self, repeat: str) -> tuple[Question, ...]:
        """The questions that each row of that repeat answers."""
        return tuple(one for section in self.sections if section.repeat == repeat for one in section.questions)


def questionnaire(
    form: Form,
    say: Say,
    *,
    items: Mapping[str, str],
    new: bool,
    language: Literal["id", "en"] = "id",
    title: str = "",
    skips: Mapping[str, str] | None = None,
    left_out: Collection[str] = (),
    nik: bool = False,
) -> Questionnaire:
    """Number the questions of `form`. `say` gives a label in the reader's language, '' where there is none.

    `items` maps questions to items of the registry. `new` is a family without a code: what no question of the survey
    asks of her is asked by ours, and then counted with letters too. `title` heads our own questions. `skips` are
    words for when a question is asked, by its name. `left_out` are questions that this form does not ask; `nik` is
    where it asks ours of the NIK of the head of the family.
    """
    ours = _ours(items, new, language)
    if nik:
        ours += _of_nik(len(ours), language)
    return _Numbering(form, say, items, skips or {}, left_out).run(ours, title)


def is_asked(one: Field) -> bool:
    """Whether paper can carry it. The day of the visit is written by hand where a phone notes it."""
    if one.type == "today":
        return True
    return one.kind not in {"other", "file", "geo", "calculate"} and one.type not in SILENT


def numbers_of(form: Form, items: Mapping[str, str]) -> dict[str, str]:
    """Question -> its number: the family's code has none.

    What a year leaves out keeps its number: paper that was printed before is typed by the numbers that stand on it.
    """
    asked = [name for name, one in form.fields.items() if is_asked(one) and items.get(name) != "code"]
    return {name: str(number) for number, name in enumerate(asked, start=1)}


def options_of(choices: Sequence[Choice], say: Say) -> tuple[Option, ...]:
    """Choices with codes 1, 2, …; a list with names that are numbers keeps its names."""
    own = any(choice.name.isascii() and choice.name.isdigit() for choice in choices)
    return tuple(
        Option(choice.name if own else str(index), choice.name, say(choice.labels) or choice.name)
        for index, choice in enumerate(choices, start=1)
    )


def _ours(items: Mapping[str, str], new: bool, language: Literal["id", "en"]) -> tuple[Question, ...]:
    english = language == "en"
    ended = tuple(
        Option(str(index), name, text.en if english else text.id)
        for index, (name, text) in enumerate(OUTCOMES, start=1)
    )
    label = "How the visit ended" if english else "Hasil kunjungan"
    asked = [Question("A", OUTCOME, label, "choice", options=ended, required=True)]
    for item, (name, text) in OWN_ITEMS.items() if new else ():
        if item not in items.values():
            kind: Kind = "text" if item not in {"rt", "rw"} else "number"
            number = chr(ord("A") + len(asked))
            asked.append(Question(number, name, text.en if english else text.id, kind, required=True, item=item))
    return tuple(asked)


def _of_nik(before: int, language: Literal["id", "en"]) -> tuple[Question, ...]:
    """Two more of ours, after so many: whether the head of the family has a NIK, and which."""

    def say(text: Texts) -> str:
        return text.en if language == "en" else text.id

    said, number = (chr(ord("A") + before + place) for place in range(2))
    answers = tuple(Option(str(index), name, say(text)) for index, (name, text) in enumerate(NIK_ANSWERS, start=1))
    when = f"{'number' if language == 'en' else 'nomor'} {said}: {answers[0].label}"
    return (
        Question(said, NIK_SAID, say(NIK_LABEL), "choice", options=answers),
        Question(number, NIK, say(NIK_NUMBER), "digits", boxes=16, skip=when),
    )


class _Numbering:
    def __init__(
        self, form: Form, say: Say, items: Mapping[str, str], skips: Mapping[str, str], left_out: Collection[str]
    ) -> None:
        self._form, self._say, self._items, self._skips = form, say, items, skips
        self._numbers = {name: number for name, number in numbers_of(form, items).items() if name not in left_out}

    def run(self, ours: tuple[Question, ...], title: str) -> Questionnaire:
        """Sections in the order of the form: a new one wherever the titled group or the repeat around changes."""
        sections = [Section(title, ours)]
        parts: list[Question | Note] = []
        here = ("", "")
        for name, one in self._form.fields.items():
            part = self._part(name, one)
            if part is None:
                continue
            there = (one.repeat or "", self._titled(one))
            if parts and there != here:
                sections.append(self._section(here, parts))
                parts = []
            here = there
            parts.append(part)
        if parts:
            sections.append(self._section(here, parts))
        return Questionnaire(tuple(sections))

    def _titled(self, one: Field) -> str:
        """The innermost group around it that has a title."""
        names = [name for name in one.path if self._form.groups.get(name)]
        return names[-1] if names else ""

    def _section(self, here: tuple[str, str], parts: list[Question | Note]) -> Section:
        repeat, group = here
        title = self._say(self._form.groups[group]) if group else ""
        count = ""
        if repeat:
            around = self._form.repeats[repeat]
            title = title or self._say(around.labels)
            found = _COUNT.match(around.count)
            count = found[1] if found else ""
        return Section(title, tuple(parts), repeat, count)

    def _part(self, name: str, one: Field) -> Question | Note | None:
        if one.type == "note":
            label = self._say(one.labels)
            return Note(label) if label else None
        if name not in self._numbers:
            return None
        boxes = _boxes(one)
        return Question(
            number=self._numbers[name],
            name=name,
            label=self._say(one.labels) or one.name,
            kind=_kind(one, boxes),
            hint=self._say(one.hints),
            options=options_of(self._form.lists.get(one.list_name or "", ()), self._say),
            boxes=boxes,
            required=one.required,
            item=self._items.get(name, "") if one.repeat is None else "",
            skip=self._skips.get(name, ""),
            field=one,
        )


def _boxes(one: Field) -> int:
    if one.kind != "text":
        return 0
    found = [int(number) for number in _DIGITS.findall(one.constraint)]
    return found[0] if len(found) == 1 and 0 < found[0] <= _MOST_BOXES else 0


def _kind(one: Field, boxes: int) -> Kind:
    if one.type in {"acknowledge", "trigger"}:
        return "tick"
    if boxes:
        return "digits"
    match one.kind:
        case "choice":
            return "choice"
        case "choices":
            return "choices"
        case "integer" | "decimal":
            return "number"
        case "date":
            return "date"
        case "time" | "datetime":
            return "moment"
    return "text"
