"""Tables as families, one at a time: what the registry keeps of each, its answers, its members."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from selaras.actions.importing.findings import Findings
from selaras.actions.importing.items import is_number, read_item
from selaras.actions.importing.layout import Layout, Sheet
from selaras.actions.importing.names import OURS
from selaras.actions.importing.tables import rows_shown
from selaras.actions.importing.values import Slot, slots_of
from selaras.errors import InputError, Level, Problem
from selaras.odk.forms import Form
from selaras.odk.nik import doubts
from selaras.odk.registry import BIRTH, plain
from selaras.odk.values import Answer

#: A city's families in one file; more is another file.
MAX_FAMILIES = 60_000
_SEXES = {
    **dict.fromkeys(("p", "pr", "perempuan", "wanita", "w", "f", "female"), "P"),
    **dict.fromkeys(("l", "lk", "laki", "laki_laki", "pria", "m", "male"), "L"),
}
#: What is kept otherwise than it was typed.
_KEPT = frozenset({"nik", "kk", "phone", "rw", "rt"})
#: How the rows below a table of an office begin.
_FOOTER = re.compile(
    r"(jumlah|total|sub ?total|rata-?rata|mengetahui|menyetujui|keterangan|ket\b|catatan|sumber|dibuat|disusun|nip\b"
    r"|lurah|camat|kepala|ketua|petugas|pendata|kader|tanda ?tangan|ttd)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet."""

    sheet: Sheet
    number: int
    cells: Sequence[str]

    def where(self, column: int) -> str:
        """The address of a cell by its 0-based column."""
        return self.sheet.table.where(self.number, column)

    def text(self, column: int | None) -> str:
        """A cell, '' where there is no such column."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""


@dataclass(slots=True)
class Member:
    """One row of a repeat. `registry` holds name, nik, sex and relation where the file has them.

    `line` is None where it stands beside its family in wide columns. `cells` are the columns of checked answers.
    """

    where: str
    line: Line | None = None
    registry: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    private: dict[str, Answer] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    cells: dict[str, int] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not (self.registry or self.answers or self.private)


@dataclass(slots=True)
class Family:
    """One row of the families' table. `code` is '' where the file has no codes and one is given when published.

    `wrong` are the codes of its errors, and of its members'. `cells` are the columns of checked answers.
    """

    code: str
    number: int
    where: str
    registry: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    private: dict[str, Answer] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[Member]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    cells: dict[str, int] = field(default_factory=dict)

    @property
    def first(self) -> dict[str, str]:
        """What is said of who stands first in it, the head; itself where it lists nobody."""
        members = (row.registry for rows in self.members.values() for row in rows)
        return next((said for said in members if said.get("name") or said.get("nik")), self.registry)

    @property
    def filled(self) -> int:
        """How many answers it brings."""
        rows = [member for members in self.members.values() for member in members]
        return len(self.answers) + len(self.private) + sum(len(row.answers) + len(row.private) for row in rows)


class Reader:
    """The families of a file, streamed; every problem goes to `findings`. `dropped` rows were wrong and are no family.

    `prefix` begins the codes of this lokus (GD). Raises InputError for too many families.
    """

    def __init__(self, layout: Layout, form: Form, *, prefix: str, findings: Findings) -> None:
        self.layout = layout
        self.dropped = 0
        self._prefix = prefix
        self._findings = findings
        self._form = form
        self._slots = {sheet.table.label: slots_of(sheet, form) for sheet in layout.sheets}
        self._left_out: dict[str, list[int]] = {}
        self._rounded = {"kk": [0, 0], "nik": [0, 0]}
        self._waiting = self._members()

    def families(self) -> Iterator[Family]:
        """Each family with its members, in the order of the sheet; then what could only be seen at the end."""
        sheet = self.layout.main
        seen: dict[str, int] = {}
        same: dict[int, int] = {}
        count = 0
        for line in self._rows(sheet):
            first = same.setdefault(hash(tuple(line.cells)), line.number)
            if first != line.number:
                self._note("import.same_row", line.where(0), row=first)
                continue
            family = self._family(line)
            if family.code and (first := seen.setdefault(family.code, line.number)) != line.number:
                self._drop(Problem("import.code_twice", sheet.where(line.number, "code"), {"row": first}))
                continue
            count += 1
            if count > MAX_FAMILIES:
                raise InputError(Problem("import.too_many", values={"found": count, "limit": MAX_FAMILIES}))
            yield family
        self._finish()

    def error(self, family: Family, problem: Problem) -> None:
        """A problem of that family: an error is remembered with it."""
        if problem.level == "error":
            family.wrong.append(problem.code)
        self._findings.of_row(problem)

    # --- one family ---------------------------------------------------------------------------------------------
    def _family(self, line: Line) -> Family:
        sheet = line.sheet
        family = Family("", line.number, line.where(0))
        self._fill(family, family, line)
        if sheet.columns.of_item("code") is not None:
            self._code(family, sheet)
        self._add_members(family)
        self._numbers(family, sheet)
        self._doubts(family)
        return family

    def _fill(self, family: Family, row: Family | Member, line: Line) -> None:
        wide: dict[tuple[str, int], Member] = {}
        width = len(line.cells)
        for slot in self._slots[line.sheet.table.label]:
            text = line.cells[slot.index] if slot.index < width else ""
            if not text:
                continue
            row.raw[slot.title] = text
            target, into = slot.target, row
            if target.repeat and target.index:
                into = wide.setdefault((target.repeat, target.index), Member(line.where(slot.index)))
            if target.item:
                text = self._register(family, into, slot, line)
            if slot.field is not None and text:
                self._answer(family, into, slot, line, text)
        for (repeat, _), member in sorted(wide.items()):
            if not member.is_blank:
                family.members.setdefault(repeat, []).append(member)

    def _answer(self, family: Family, row: Family | Member, slot: Slot, line: Line, text: str) -> None:
        value, code, sealed = slot.read(text)
        if code is not None:
            self.error(family, slot.problem(code, text, line.where(slot.index)))
        if value is None or slot.field is None:
            return
        (row.private if sealed else row.answers)[slot.field.name] = value
        if slot.checked:
            row.cells[slot.field.name] = slot.index
        if slot.target.item in {"sex", "relation"}:
            row.registry[slot.target.item] = str(value)

    def _register(self, family: Family, row: Family | Member, slot: Slot, line: Line) -> str:
        """What the cell says to the registry; and, for a survey that asks the same, the number as it is kept."""
        item, text = slot.target.item, line.cells[slot.index]
        said = read_item(item, text)
        row.registry.update(said.values)
        if said.code:
            values = {"field": item.upper(), "found": said.found}
            self.error(family, Problem(said.code, line.where(slot.index), values, cast(Level, said.level)))
        if item in self._rounded and (value := said.values.get(item)):
            self._rounded[item][0] += value.endswith("0")
            self._rounded[item][1] += 1
        if item == "code":
            return code_of(text, self._prefix) or text
        return said.values.get(item, "") if item in _KEPT else text

    def _code(self, family: Family, sheet: Sheet) -> None:
        text = family.registry.pop("code", "")
        where, example = sheet.where(family.number, "code"), f"{self._prefix}-001"
        if not text:
            self.error(family, Problem("import.no_code", where, {"example": example}))
            return
        family.code = code_of(text, self._prefix) or ""
        if not family.code:
            self.error(family, Problem("import.code_form", where, {"example": example, "prefix": self._prefix}))

    def _numbers(self, family: Family, sheet: Sheet) -> None:
        """What is said of a family that its numbers do not tell from others."""
        registry = family.registry
        column = sheet.columns.of_item("nik")
        if column is not None and not registry.get("nik") and not family.raw.get(sheet.table.header[column]):
            self._note("import.nik_blank", sheet.where(family.number, "nik"))
        if family.code or family.wrong or registry.get("kk") or registry.get("nik"):
            return
        if registry.get("head_name"):
            self._note("import.no_number", sheet.where(family.number, "head_name"))
        else:
            self.error(family, Problem("import.nameless", family.where))

    def _doubts(self, family: Family) -> None:
        """What does not fit of each NIK, as a warning: it is kept as it was written."""
        rows: list[Member | Family] = [member for members in family.members.values() for member in members]
        for row in rows or [family]:
            said = {plain(name): str(value) for name, value in (*row.answers.items(), *row.private.items())}
            born = next((text for name, text in said.items() if name in BIRTH), "")
            nik, sex = row.registry.get("nik", ""), sex_of(row.registry.get("sex", ""))
            for doubt in doubts(nik, area="", sex=sex, born=born):
                where = self.layout.main.where(family.number, "nik") if row is family else row.where
                self._note(f"import.nik_{doubt}", where)

    # --- rows ---------------------------------------------------------------------------------------------------
    def _rows(self, sheet: Sheet) -> Iterator[Line]:
        """The rows that are things, not sums, group titles or signatures: below a sum only what has a number is one."""
        columns = sheet.columns
        code, name = columns.of_item("code"), columns.of_item("name" if columns.repeat else "head_name")
        keys = [columns.of_item("kk"), columns.of_item("nik")]
        ours = next((index for index, text in enumerate(sheet.table.header) if plain(text) in OURS), None)
        below = False
        for number, cells in sheet.table.rows():
            if ours is not None and ours < len(cells):
                cells[ours] = ""
            line = Line(sheet, number, cells)
            keyed = any(is_number(line.text(key)) for key in keys) or bool(code_of(line.text(code), self._prefix))
            if not keyed:
                said = [text for text in cells if text]
                foot = bool(_FOOTER.match(said[0])) and len(said) < max(len(columns.targets), 3)
                small = len(said) <= 2 < len(columns.targets) and not line.text(name)
                if below or foot or small:
                    below = below or foot
                    self._left_out.setdefault(sheet.table.label, []).append(number)
                    continue
            yield line

    def _finish(self) -> None:
        for rows in self._waiting.values():
            for line in rows:
                self._drop(Problem("import.no_family", line.where(0)))
                self._fill(Family("", line.number, ""), Member(""), line)
        for label, numbers in self._left_out.items():
            where, values = f"{label}!A{numbers[0]}", {"rows": rows_shown(numbers)}
            self._findings.add(Problem("import.rows_left_out", where, values, "warning"))
        for item, (rounded, all_) in self._rounded.items():
            if all_ >= 5 and rounded == all_:
                where = self.layout.main.where(self.layout.main.table.header_row, item)
                self._findings.add(Problem("import.rounded", where, {"field": item.upper()}, "warning"))

    def _note(self, code: str, where: str, **values: object) -> None:
        self._findings.of_row(Problem(code, where, values, "warning"))

    def _drop(self, problem: Problem) -> None:
        self.dropped += 1
        self._findings.of_row(problem)

    # --- members ------------------------------------------------------------------------------------------------
    def _members(self) -> dict[str, list[Line]]:
        """The rows of the members' sheets by whose they are: `code:GD-001`, `kk:3672…`."""
        found: dict[str, list[Line]] = {}
        for sheet in self.layout.members:
            code, kk = sheet.columns.of_item("code"), sheet.columns.of_item("kk")
            for line in self._rows(sheet):
                said, number = line.text(code), read_item("kk", line.text(kk)).values.get("kk", "")
                if said:
                    key = f"code:{code_of(said, self._prefix) or said}"
                elif number:
                    key = f"kk:{number}"
                else:
                    self._drop(Problem("import.no_family_code", line.where(code or kk or 0)))
                    continue
                found.setdefault(key, []).append(line)
        return found

    def _add_members(self, family: Family) -> None:
        for key in (f"code:{family.code}", f"kk:{family.registry.get('kk', '')}"):
            for line in self._waiting.pop(key, []):
                member = Member(line.sheet.where(line.number, "nik"), line)
                self._fill(family, member, line)
                member.registry.pop("code", None)
                member.registry.pop("kk", None)
                family.members.setdefault(line.sheet.columns.repeat or "", []).append(member)
                column = line.sheet.columns.of_item("nik")
                if column is not None and not line.text(column):
                    self._note("import.nik_blank", line.where(column))


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
