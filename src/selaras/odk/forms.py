"""The form model: what an XLSForm asks, as plain frozen data.

Sources: XLSForm specification (xlsform.org), ODK XForms specification (getodk.github.io/xforms-spec).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: Kinds of answer, as far as anyone after the phone cares. `choice` is select_one, `choices` select_multiple
#: (names separated by one space), `file` an attachment's name, `other` what has no answer of its own (note …).
FieldKind = Literal[
    "integer", "decimal", "text", "date", "time", "datetime", "choice", "choices", "geo", "file", "calculate", "other"
]
Labels = Mapping[str, str]  # language as XLSForm writes it, `Bahasa Indonesia (id)` -> text


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a choice list."""

    name: str
    labels: Labels


@dataclass(frozen=True, slots=True)
class Field:
    """One question or calculate of the form.

    `cell` is where its name stands (`survey!B12`), `row` the 1-based row there. `repeat` is the innermost repeat
    around it, or None. `relevants` are the non-empty `relevant` texts that decide whether it is asked: its own
    last, those of the groups around it before, each with its cell. `path` are the names of the groups and repeats
    around it, outermost first.
    """

    name: str
    kind: FieldKind
    type: str
    cell: str
    row: int
    labels: Labels
    hints: Labels
    repeat: str | None = None
    list_name: str | None = None
    relevants: tuple[tuple[str, str], ...] = ()
    constraint: str = ""
    constraint_cell: str = ""
    constraint_messages: Labels = field(default_factory=dict)
    calculation: str = ""
    calculation_cell: str = ""
    required: bool = False
    appearance: str = ""
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repeat:
    """A group that may be answered many times, such as `member`. `count` is its `repeat_count`, '' where none."""

    name: str
    cell: str
    labels: Labels
    relevants: tuple[tuple[str, str], ...] = ()
    path: tuple[str, ...] = ()
    count: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A whole XLSForm. `fields` are in the order of the survey sheet; `xform` is the XML that phones load.

    `groups` are the titles of its groups by name, where they have one.
    """

    id: str
    version: str
    title: str
    default_language: str
    languages: tuple[str, ...]
    fields: Mapping[str, Field]
    repeats: Mapping[str, Repeat]
    lists: Mapping[str, tuple[Choice, ...]]
    xform: str
    groups: Mapping[str, Labels] = field(default_factory=dict)
