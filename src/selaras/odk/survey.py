"""The survey sheet, row by row: fields, groups and repeats, and everything that is wrong with them at once.

pyxform stops at its first complaint; an author who has ten mistakes wants ten lines. So what can be told of the
rows is told here, and pyxform keeps the last word (`xlsform.py`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from selaras.errors import Problem
from selaras.odk.forms import Choice, Field, FieldKind, Labels, Repeat
from selaras.odk.table import Row, Table
from selaras.odk.types import KINDS, SILENT, control, kind_of, select

MAX_FIELDS = 1_500
#: pyxform's rule for names, without the colon and the letters that no database column should carry.
NAME = re.compile(r"[^\W\d][\w.-]*\Z")
_REFERENCE = re.compile(r"\$\{\s*([^\s{}#]+)\s*\}")
_NO = frozenset({"", "no", "false", "false()"})
TRANSLATED = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
#: The choice and the question that `or_other` adds, in the default language of an instrument.
OTHER = "other"
OTHER_LABEL = "Lainnya"
SPECIFY_LABEL = "Sebutkan lainnya"


@dataclass(frozen=True, slots=True)
class _Frame:
    """A group or repeat that is open at the row being read."""

    what: Literal["group", "repeat"]
    name: str
    cell: str
    relevants: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Survey:
    """What the walk found. `written_in` are the lists that an `or_other` question opens to any answer."""

    fields: dict[str, Field] = field(default_factory=dict)
    repeats: dict[str, Repeat] = field(default_factory=dict)
    groups: dict[str, Labels] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    written_in: list[str] = field(default_factory=list)


def walk(table: Table, lists: Mapping[str, tuple[Choice, ...]], default_language: str) -> Survey:
    """Read every row of the survey sheet. Problems name their cell; rows that cannot be used are left out."""
    return _Walk(table, lists, default_language).run()


class _Walk:
    def __init__(self, table: Table, lists: Mapping[str, tuple[Choice, ...]], default_language: str) -> None:
        self.table = table
        self.lists = lists
        self.language = default_language
        self.found = Survey()
        self.stack: list[_Frame] = []
        self.suggestions_left = 100  # their cost grows with names × mistakes
        self.groups: set[str] = set()
        self.names: dict[str, str] = {}  # lower-cased name -> the cell that took it

    def run(self) -> Survey:
        for row in self.table:
            if row.text("disabled").lower() not in _NO:
                continue
            self._row(row)
        for frame in self.stack:
            self._problem("form.group_open", frame.cell, what=frame.what, name=frame.name)
        self._references()
        if len(self.found.fields) > MAX_FIELDS:
            last = list(self.found.fields.values())[MAX_FIELDS]
            self._problem("form.too_many_fields", last.cell, found=len(self.found.fields))
        return self.found

    def _references(self) -> None:
        """Every `${name}` of the sheet names a row of it. All are told; pyxform would tell the first."""
        known = {name.rpartition("/")[2] for name in self.found.fields} | set(self.found.repeats) | self.groups
        headers = [header for header in self.table.columns.values() if header.base not in ("name", "type")]
        for row in self.table:
            for header in headers:
                text = row.cells[header.index] if header.index < len(row.cells) else ""
                for name in dict.fromkeys(_REFERENCE.findall(text)) if "${" in text else ():
                    if name not in known:
                        self._unknown("form.reference", self.table.sheet.where(row.number, header.index), name, known)

    def _problem(self, code: str, where: str, **values: object) -> None:
        self.found.problems.append(Problem(code, where, values))

    def _row(self, row: Row) -> None:
        text = " ".join(row.text("type").split())
        if not text:
            if row.text("name") or row.labels("label", self.language):
                self._problem("form.type_missing", row.where("type"))
                if self._name(row, row.text("name"), ""):  # so that what uses it is not called unknown as well
                    self._add(self._field(row, row.text("name"), "other", "", None))
            return
        marker = control(text)
        if marker is not None and marker[0] == "end":
            self._end(row, "repeat" if marker[1] == "repeat" else "group")
            return
        name = row.text("name")
        if not name and text == "note":
            name = f"generated_note_name_{row.number}"  # as pyxform names it
        if not self._name(row, name, "audit" if text == "audit" else ""):
            name = name if NAME.match(name) else ""
        if marker is not None:
            self._begin(row, "repeat" if marker[1] == "repeat" else "group", name)
            return
        self._question(row, text, name or ("audit" if text == "audit" else ""))
        self._labels(row, text)

    def _name(self, row: Row, name: str, implied: str) -> bool:
        """Whether a row's name may be used; a problem where not."""
        where = row.where("name")
        if not name:
            if not implied:
                self._problem("form.name_missing", where)
            return bool(implied)
        if not NAME.match(name) or len(name) > 63:
            self._problem("form.name_invalid", where, name=name)
            return False
        earlier = self.names.setdefault(name.lower(), where)
        if earlier != where:
            self._problem("form.name_double", where, name=name, earlier=earlier)
            return False
        return True

    def _relevants(self, row: Row) -> tuple[tuple[str, str], ...]:
        around = self.stack[-1].relevants if self.stack else ()
        own = row.text("relevant")
        return (*around, (own, row.where("relevant"))) if own else around

    def _path(self) -> tuple[str, ...]:
        return tuple(frame.name for frame in self.stack)

    def _repeat(self) -> str | None:
        return next((frame.name for frame in reversed(self.stack) if frame.what == "repeat"), None)

    def _begin(self, row: Row, what: Literal["group", "repeat"], name: str) -> None:
        relevants = self._relevants(row)
        if what == "repeat" and name and name not in self.found.repeats:
            labels = row.labels("label", self.language)
            count = row.text("repeat_count") or row.text("jr:count")
            self.found.repeats[name] = Repeat(name, row.where("name"), labels, relevants, self._path(), count)
        elif what == "group" and name:
            self.found.groups.setdefault(name, row.labels("label", self.language))
        self.groups.add(name)
        self.stack.append(_Frame(what, name, row.where("type"), relevants))
        self._translated(row, required="")

    def _end(self, row: Row, what: Literal["group", "repeat"]) -> None:
        if not self.stack:
            self._problem("form.group_end", row.where("type"), what=what)
            return
        opened = self.stack.pop()
        if opened.what != what:
            values = {"what": what, "opened": opened.what, "name": opened.name, "cell": opened.cell}
            self._problem("form.group_crossed", row.where("type"), **values)

    def _question(self, row: Row, text: str, name: str) -> None:
        chosen = select(text)
        kind: FieldKind | None
        list_name, other = None, False
        if chosen is not None:
            kind, list_name, other = chosen
            if list_name not in self.lists:
                self._unknown("form.list", row.where("type"), list_name, self.lists)
        else:
            kind = kind_of(text, row.text("parameters"))
        if kind is None:
            self._unknown("form.type", row.where("type"), text, (*KINDS, *(f"select_one {one}" for one in self.lists)))
            kind = "other"
        if text == "calculate" and not row.text("calculation") and not row.text("default"):
            self._problem("form.calculation_missing", row.where("calculation"), name=name)
        if not name:
            return
        made = self._field(row, name, kind, text, list_name)
        self._add(made)
        if other and list_name is not None:
            self.found.written_in.append(list_name)
            self._add(_written_in(made, self.language))

    def _field(self, row: Row, name: str, kind: FieldKind, text: str, list_name: str | None) -> Field:
        return Field(
            name=name,
            kind=kind,
            type=text,
            cell=row.where("name"),
            row=row.number,
            labels=row.labels("label", self.language),
            hints=row.labels("hint", self.language),
            repeat=self._repeat(),
            list_name=list_name,
            relevants=self._relevants(row),
            constraint=row.text("constraint"),
            constraint_cell=row.where("constraint"),
            constraint_messages=row.labels("constraint_message", self.language),
            calculation=row.text("calculation"),
            calculation_cell=row.where("calculation"),
            required=row.text("required").lower() not in _NO,
            appearance=row.text("appearance"),
            path=self._path(),
        )

    def _add(self, made: Field) -> None:
        """A plain XLSForm may use one name in two groups; then the second is known by its path."""
        key = made.name if made.name not in self.found.fields else "/".join((*made.path, made.name))
        self.found.fields.setdefault(key, made)

    def _unknown(self, code: str, where: str, name: str, known: Iterable[str]) -> None:
        self.suggestions_left -= 1
        near = get_close_matches(name[:64], list(known), n=1, cutoff=0.7) if self.suggestions_left >= 0 else []
        if near:
            self._problem(f"{code}_near", where, name=name, meant=near[0])
        else:
            self._problem(code, where, name=name)

    def _labels(self, row: Row, text: str) -> None:
        base = "_".join(text.lower().split())
        shown = base not in SILENT and kind_of(text) is not None and not row.text("image") and not row.text("audio")
        self._translated(row, required="label" if shown else "")

    def _translated(self, row: Row, *, required: str) -> None:
        """Every text that a person sees has one in the default language."""
        for base in TRANSLATED:
            labels = row.labels(base, self.language)
            if self.language in labels or not (labels or base == required):
                continue
            if labels and not self.table.speaks(base, self.language):
                continue  # said once, at the header
            language = self.language if (base, self.language) in self.table.columns else ""
            where = row.where(base, language)
            self._problem("form.text_missing", where, column=base, language=self.language, name=row.text("name"))


def _written_in(chosen: Field, language: str) -> Field:
    """The text question that `or_other` adds below a select, as pyxform names it."""
    relevant = (f"selected(${{{chosen.name}}}, '{OTHER}')", chosen.cell)
    return Field(
        name=f"{chosen.name}_{OTHER}",
        kind="text",
        type="text",
        cell=chosen.cell,
        row=chosen.row,
        labels={language: SPECIFY_LABEL},
        hints={},
        repeat=chosen.repeat,
        relevants=(*chosen.relevants, relevant),
        path=chosen.path,
    )
