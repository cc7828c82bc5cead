"""Tables as families: what the registry keeps of each, its answers, its members, and where each stands."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from selaras.actions.importing.columns import Columns, Target, repeat_of, understand
from selaras.actions.importing.tables import Table
from selaras.errors import InputError, Problem
from selaras.models.keys import digits
from selaras.odk.forms import Form
from selaras.odk.values import NO_WORDS, Answer, Words, answer_of, is_private, words_of

#: Ten loci at once; more is another file. The switch of 2,000 families took 124 ms on a busy two-core machine.
MAX_FAMILIES = 5_000
_SEXES = {"p": "P", "perempuan": "P", "wanita": "P", "f": "P", "l": "L", "laki": "L", "laki_laki": "L", "pria": "L"}
#: What a `calculate` may leave in the answers: a number, a date or a code. Anything else may name somebody.
_HARMLESS = re.compile(r"-?[0-9]{1,13}([.,][0-9]{1,12})?|[0-9]{4}-[0-9]{2}-[0-9]{2}|[a-z0-9_]{1,40}")


@dataclass(slots=True)
class Member:
    """One row of a repeat. `registry` holds name, nik, sex and relation where the file has them."""

    where: str
    registry: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    private: dict[str, Answer] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not (self.registry or self.answers or self.private)


@dataclass(slots=True)
class Family:
    """One row of the families' table. `code` is '' where the file has no codes and one is given when published."""

    code: str
    number: int
    where: str
    registry: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    private: dict[str, Answer] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[Member]] = field(default_factory=dict)

    @property
    def filled(self) -> int:
        """How many answers it brings."""
        rows = [member for members in self.members.values() for member in members]
        return len(self.answers) + len(self.private) + sum(len(row.answers) + len(row.private) for row in rows)


@dataclass(slots=True)
class Read:
    """A whole file. `mapping` is table -> header -> field as understood; `header` that of the families' table."""

    families: list[Family]
    problems: list[Problem]
    mapping: dict[str, dict[str, str]]
    ignored: list[str]
    header: list[str]


def read_families(
    tables: Sequence[Table], form: Form, *, prefix: str, chosen: Mapping[str, Mapping[str, str]] | None = None
) -> Read:
    """Families and members of a file, with every problem by cell.

    `prefix` begins the codes of this lokus (GD). `chosen` is what a person said of columns: table -> header -> field.
    Raises InputError where no table holds families, or nothing tells one family from another.
    """
    return _Reader(form, prefix, chosen or {}).read(tables)


class _Reader:
    def __init__(self, form: Form, prefix: str, chosen: Mapping[str, Mapping[str, str]]) -> None:
        self._form = form
        self._prefix = prefix
        self._chosen = chosen
        self._words = {name: words_of(choices) for name, choices in form.lists.items()}
        self._problems: list[Problem] = []
        self._mapping: dict[str, dict[str, str]] = {}
        self._ignored: list[str] = []

    def read(self, tables: Sequence[Table]) -> Read:
        main, members, rest = self._sorted(tables)
        self._ignored += [table.label for table in rest]
        for table in rest:
            where = table.where(table.header_row, 0)
            self._problems.append(Problem("import.sheet_ignored", where, {"sheet": table.label}, "warning"))
        families = list(self._families(main))
        if not families:
            raise InputError(Problem("import.no_rows", values={"name": main.label}))
        if len(families) > MAX_FAMILIES:
            values = {"found": len(families), "limit": MAX_FAMILIES}
            raise InputError(Problem("import.too_many", values=values))
        for repeat, table in members:
            self._members(table, repeat, families)
        return Read(families, self._problems, self._mapping, self._ignored, [text for text in main.header if text])

    def _sorted(self, tables: Sequence[Table]) -> tuple[Table, list[tuple[str, Table]], list[Table]]:
        """The families' table, the tables of repeats by their sheet's name, and what is left."""
        members = [(repeat, table) for table in tables if (repeat := repeat_of(self._form, table.label))]
        others = [table for table in tables if not repeat_of(self._form, table.label)]
        if not others:
            raise InputError(Problem("import.no_key"))
        used = {id(table): sum(t.is_used for t in understand(table.header, self._form).targets) for table in others}
        main = max(others, key=lambda table: used[id(table)])
        return main, members, [table for table in others if table is not main]

    def _understood(self, table: Table, repeat: str | None, *, key: tuple[str, ...], lost: str) -> Columns | None:
        """What its columns mean; None, and `lost` said, where none of `key` is there.

        A sheet without titles begins with a family's or a person's values: then nothing of that row is written down.
        """
        where = [table.where(table.header_row, index) for index in range(len(table.header))]
        chosen = self._chosen.get(table.label, {})
        columns = understand(table.header, self._form, repeat=repeat, chosen=chosen, where=where)
        if all(columns.of_item(item) is None for item in key):
            self._problems.append(Problem(lost, table.where(table.header_row, 0)))
            return None
        self._problems += [*table.problems, *columns.problems]
        self._mapping[table.label] = {
            text: _said(target) for text, target in zip(table.header, columns.targets, strict=True) if text
        }
        self._ignored += [
            text for text, target in zip(table.header, columns.targets, strict=True) if text and not target.is_used
        ]
        return columns

    # --- families ---------------------------------------------------------------------------------------------
    def _families(self, table: Table) -> Iterator[Family]:
        columns = self._understood(table, None, key=("code", "kk", "nik"), lost="import.no_key")
        if columns is None:
            raise InputError(self._problems[-1])
        self._unnamed(table)
        seen: dict[str, int] = {}
        for number, cells in table.rows:
            family = Family("", number, table.where(number, 0))
            self._fill(family, table, columns, cells)
            family.code = self._code(family, table, columns)
            if family.code and (first := seen.setdefault(family.code, number)) != number:
                where = table.where(number, columns.of_item("code") or 0)
                self._problems.append(Problem("import.code_twice", where, {"row": first}))
                continue
            yield family

    def _fill(self, family: Family, table: Table, columns: Columns, cells: Sequence[str]) -> None:
        wide: dict[tuple[str, int], Member] = {}
        for index, (target, text) in enumerate(zip(columns.targets, cells, strict=False)):
            if not text:
                continue
            where = table.where(family.number, index)
            family.raw[table.header[index]] = text
            row: Family | Member = family
            if target.repeat and target.index:
                row = wide.setdefault((target.repeat, target.index), Member(where))
            self._put(row, target, text, where)
        for (repeat, _), member in sorted(wide.items()):
            if not member.is_blank:
                family.members.setdefault(repeat, []).append(member)

    def _code(self, family: Family, table: Table, columns: Columns) -> str:
        column = columns.of_item("code")
        text = family.registry.pop("code", "")
        example = f"{self._prefix}-001"
        if column is None:
            return ""
        where = table.where(family.number, column)
        if not text:
            self._problems.append(Problem("import.no_code", where, {"example": example}))
            return ""
        code = code_of(text, self._prefix)
        if code is None:
            self._problems.append(Problem("import.code_form", where, {"example": example, "prefix": self._prefix}))
        return code or ""

    def _unnamed(self, table: Table) -> None:
        widest = max((len(cells) for _, cells in table.rows), default=0)
        header = [*table.header, *[""] * (widest - len(table.header))]
        for index, text in enumerate(header):
            first = next((n for n, cells in table.rows if index < len(cells) and cells[index]), None)
            if not text and first is not None:
                self._problems.append(Problem("import.no_header", table.where(table.header_row, index)))

    # --- members ----------------------------------------------------------------------------------------------
    def _members(self, table: Table, repeat: str, families: Sequence[Family]) -> None:
        columns = self._understood(table, repeat, key=("code", "kk"), lost="import.no_member_key")
        if columns is None:
            return
        by_code = {family.code: family for family in families if family.code}
        by_kk = {digits(family.registry["kk"]): family for family in families if family.registry.get("kk")}
        for number, cells in table.rows:
            member = Member(table.where(number, 0))
            for index, (target, text) in enumerate(zip(columns.targets, cells, strict=False)):
                if text:
                    member.raw[table.header[index]] = text
                    self._put(member, target, text, table.where(number, index))
            code, kk = member.registry.pop("code", ""), digits(member.registry.pop("kk", ""))
            if not code and not kk:
                self._problems.append(Problem("import.no_family_code", member.where))
                continue
            family = by_code.get(code_of(code, self._prefix) or code) or by_kk.get(kk)
            if family is None:
                self._problems.append(Problem("import.no_family", member.where))
                continue
            family.members.setdefault(repeat, []).append(member)

    # --- one cell -----------------------------------------------------------------------------------------------
    def _put(self, row: Family | Member, target: Target, text: str, where: str) -> None:
        if target.item:
            self._register(row, target.item, text, where)
        if not target.field:
            return
        asked = self._form.fields[target.field]
        words: Words = self._words.get(asked.list_name or "", NO_WORDS)
        value, problem = answer_of(asked, words, text, where)
        if problem is not None:
            self._problems.append(problem)
        if value is None:
            return
        sealed = is_private(asked) or (asked.kind == "calculate" and not _HARMLESS.fullmatch(str(value)))
        (row.private if sealed else row.answers)[asked.name] = value
        if target.item in {"sex", "relation"}:
            row.registry[target.item] = str(value)

    def _register(self, row: Family | Member, item: str, text: str, where: str) -> None:
        if item in {"nik", "kk"}:
            text = self._number(item, text, where)
        if text:
            row.registry[item] = text

    def _number(self, item: str, text: str, where: str) -> str:
        """Sixteen digits, however they were spaced. A wrong length is kept and said; a rounded one is refused."""
        if re.fullmatch(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+", text):
            self._problems.append(Problem("import.number_lost", where, {"field": item.upper()}))
            return ""
        number = digits(text)
        if len(number) != 16:
            self._problems.append(Problem("import.digits", where, {"field": item.upper()}, "warning"))
        return number


def _said(target: Target) -> str:
    name = target.field or target.item
    return f"{target.repeat}.{target.index}.{name}" if target.repeat and target.index else name


def code_of(text: str, prefix: str) -> str | None:
    """`gd 14`, `GD014`, `14` -> `GD-014`; None where it is not a code of this lokus."""
    match = re.fullmatch(rf"(?:{re.escape(prefix)})?[\s\-_.]*([0-9]{{1,6}})", text.strip(), re.IGNORECASE)
    return f"{prefix}-{int(match[1]):03d}" if match and int(match[1]) else None


def sex_of(text: str) -> str:
    """P, L or '' from how a survey's choice names it."""
    return _SEXES.get(re.sub(r"[^a-z]+", "_", text.casefold()).strip("_"), "")


def to_data(family: Family) -> dict[str, Any]:
    """A family as JSON for the staged, sealed row."""
    return {
        "code": family.code,
        "registry": family.registry,
        "answers": family.answers,
        "private": family.private,
        "raw": family.raw,
        "members": {
            repeat: [
                {"registry": m.registry, "answers": m.answers, "private": m.private, "raw": m.raw} for m in members
            ]
            for repeat, members in family.members.items()
        },
    }
