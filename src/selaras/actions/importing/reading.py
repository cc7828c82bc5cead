"""One reading of an import's file: sheets understood, families streamed past the registry and the survey's rules.

The check stages what comes by; the sheet with problems is written from another reading of the same file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from selaras.access import Actor
from selaras.actions.importing.chunks import in_chunks
from selaras.actions.importing.columns import Target, registry_fields
from selaras.actions.importing.families import Family, Reader
from selaras.actions.importing.findings import KEPT, Findings
from selaras.actions.importing.layout import Choices, Layout, Memory, Sheet, lay_out
from selaras.actions.importing.registry import Registry, likeness_of
from selaras.actions.importing.rules import Rules
from selaras.actions.importing.tables import Source, read_sources
from selaras.actions.restriction_marks import REGISTER, Recognising, in_force
from selaras.errors import InputError, Problem
from selaras.models import ColumnMemory, Cycle, ImportBatch, SearchHashes
from selaras.odk.forms import Form
from selaras.queries.rules import instrument_of
from selaras.queries.unwilling import told_to

#: Families that one statement of rules judges.
JUDGED = 2_000
SAMPLES = 3
#: How much of a cell a sample shows.
SAMPLE = 60


@dataclass(slots=True)
class Reading:
    """Counts are whole once `families` is exhausted."""

    sources: tuple[Source, ...]
    layout: Layout
    findings: Findings
    reader: Reader
    rules: Rules
    hashes: SearchHashes
    form: Form
    unwilling: Recognising
    cycle: Cycle
    by: Actor
    _told: frozenset[str] = frozenset()
    #: Rows of whom to restrict again, each with its request: told apart, for not everybody may know of them.
    again: list[Problem] = field(default_factory=list)
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("rows", "known", "members", "answers", "bad"), 0)
    )

    @property
    def height(self) -> int:
        """About how many rows there are to read."""
        return self.layout.main.table.source.height

    def families(self, registry: Registry) -> Iterator[Family]:
        """Each family, its code known or '', and every problem said. Raises InputError where there is no family."""
        twins = _Twins(self.hashes)
        self._told = told_to(self.by, self.cycle, registry.restricted.values())
        for chunk in in_chunks(self.reader.families(), JUDGED):
            for family in chunk:
                self._met(family, registry)
                for problem in twins.problems(family, self.layout.main):
                    self.reader.error(family, problem)
            for family, problem in self.rules.broken(chunk, self.layout.main.table):
                self.reader.error(family, problem)
            for family in chunk:
                self._count(family)
                yield family
        if not self.counts["rows"]:
            raise InputError(Problem("import.no_rows", values={"name": self.layout.main.table.label}))

    def _met(self, family: Family, registry: Registry) -> None:
        """What the registry knows of it."""
        code = family.code or registry.code_of(family.registry) or ""
        owner = registry.by_kk.get(self.hashes.kk(family.registry.get("kk", "")) or "")
        main = self.layout.main
        if code in registry.erased:
            self.reader.error(family, Problem("import.erased", main.where(family.number, "code")))
        elif code in registry.merged:
            values = {"code": code, "kept": registry.merged[code]}
            self.reader.error(family, Problem("import.twin", main.where(family.number, "code"), values))
        elif owner and code and owner != code:
            where = main.where(family.number, "kk")
            self.reader.error(family, Problem("import.kk_taken", where, {"code": owner}))
        elif registry.restricted.get(code) in self._told:
            self.reader.error(family, Problem("import.restricted", main.where(family.number, "code"), {"code": code}))
        elif code not in registry.codes and (said := self.unwilling.of(family.registry, family.first)) is not None:
            where = main.where(family.number, "kk")
            facts: dict[str, object] = {"number": said.number, "request": said.request}
            self.again.append(Problem(said.told, where, facts, "warning"))
        family.code = code
        self.counts["known"] += code in registry.codes

    def _count(self, family: Family) -> None:
        self.counts["rows"] += 1
        self.counts["bad"] += bool(family.wrong)
        self.counts["members"] += sum(len(rows) for rows in family.members.values())
        self.counts["answers"] += family.filled

    def summary(self) -> dict[str, Any]:
        """What the import's page counts, without a value of a family. Titles are those of columns that were found."""
        sheets = self.layout.sheets
        unused = [
            text
            for sheet in sheets
            for text, target in zip(sheet.table.header, sheet.columns.targets, strict=True)
            if text and not target.is_used
        ]
        return {
            **self.counts,
            "new": self.counts["rows"] - self.counts["known"],
            "dropped": self.reader.dropped,
            "errors": self.findings.errors,
            "problems": self.findings.total,
            "blocking": self.findings.blocking,
            "questions": self.layout.questions,
            "ignored": [*unused, *(table.label for table in self.layout.rest)],
            "header": [text for text in self.layout.main.table.header if text],
            "header_rows": {sheet.table.label: list(sheet.table.rows_of_header) for sheet in sheets},
            "columns": {sheet.table.label: _read(sheet) for sheet in sheets},
        }


def open_reading(batch: ImportBatch, *, by: Actor, kept: int = KEPT) -> Reading:
    """Begin to read, for who is told of it. Raises InputError where the file is gone or nothing can be read of it."""
    if batch.file is None or batch.lokus is None or batch.key.wrapped is None:
        raise InputError(Problem("import.stale"))
    instrument = instrument_of(batch.version)
    sources = read_sources(batch.file.content(), batch.filename)
    memory = memory_of(batch.lokus.cycle_id)
    layout = lay_out(sources, instrument.form, Choices.of(batch.mapping), memory)
    findings = Findings(kept=kept)
    if layout.lost is None:
        _say(layout, findings)
    reader = Reader(layout, instrument.form, prefix=batch.lokus.prefix, findings=findings)
    fields = frozenset(target.field for sheet in layout.sheets for target in sheet.columns.targets if target.field)
    rules = Rules(instrument, fields=fields, today=batch.round.closes)
    hashes = SearchHashes.load()
    unwilling = Recognising(batch.lokus.cycle.slug, hashes, in_force(REGISTER.known()))
    cycle = batch.lokus.cycle
    return Reading(sources, layout, findings, reader, rules, hashes, instrument.form, unwilling, cycle, by)


def memory_of(cycle_id: int) -> Memory:
    """What was said of titles in this year's files."""
    found: dict[str, dict[str, str]] = {}
    rows = ColumnMemory.objects.filter(cycle=cycle_id).values_list("table", "title", "field")
    for table, title, name in rows:
        found.setdefault(table, {})[title] = name
    return found


def _say(layout: Layout, findings: Findings) -> None:
    """The problems of sheets and titles."""
    for sheet in layout.sheets:
        findings.extend(sheet.table.problems)
        findings.extend(sheet.columns.problems)
        for index in _untitled(sheet):
            findings.add(Problem("import.no_header", sheet.table.where(sheet.table.header_row, index), level="warning"))
    findings.extend(layout.lost_members)
    for table in layout.rest:
        where = table.where(table.header_row, 0)
        findings.add(Problem("import.sheet_ignored", where, {"sheet": table.label}, "warning"))


def _untitled(sheet: Sheet) -> list[int]:
    """Columns that hold something under no title."""
    header = sheet.table.header
    first = list(islice(sheet.table.rows(), JUDGED))
    widest = max((len(cells) for _, cells in first), default=0)
    titles = [*header, *[""] * (widest - len(header))]
    used = {index for index, target in enumerate(sheet.columns.targets) if target.is_used}
    return [
        index
        for index, text in enumerate(titles)
        if not text and index not in used and any(index < len(cells) and cells[index] for _, cells in first)
    ]


def titles_of(layout: Layout, form: Form) -> dict[str, Any]:
    """Every sheet with its titles, what each was read as, and its first cells: what the page of columns shows."""
    return {
        "sheets": [
            {
                "label": sheet.table.label,
                "repeat": sheet.columns.repeat or "",
                "rows": list(sheet.table.rows_of_header),
                "certain": sheet.table.certain,
                "same": {item: one.name for item, one in registry_fields(form, sheet.columns.repeat).items()},
                "columns": [
                    _column_data(text, target, cells)
                    for text, target, cells in zip(
                        sheet.table.header, sheet.columns.targets, _samples(sheet), strict=True
                    )
                ],
            }
            for sheet in layout.sheets
        ],
        "rest": [table.label for table in layout.rest],
    }


def _column_data(title: str, target: Target, cells: list[str]) -> dict[str, Any]:
    return {
        "title": title,
        "name": target.name,
        "item": target.item,
        "how": target.how,
        "asked": target.asked,
        "cells": cells,
    }


def _samples(sheet: Sheet) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in sheet.table.header]
    for _, cells in islice(sheet.table.rows(), 50):
        for column, kept in enumerate(found):
            text = cells[column] if column < len(cells) else ""
            if text and len(kept) < SAMPLES and text[:SAMPLE] not in kept:
                kept.append(text[:SAMPLE])
    return found


def _read(sheet: Sheet) -> Mapping[str, str]:
    return {text: target.name for text, target in zip(sheet.table.header, sheet.columns.targets, strict=True) if text}


class _Twins:
    """KK and NIK numbers that stand twice in the file, and families alike that have no number."""

    def __init__(self, hashes: SearchHashes) -> None:
        self._hashes = hashes
        self._kk: dict[str, int] = {}
        self._nik: dict[str, str] = {}
        self._alike: dict[tuple[str, ...], int] = {}

    def problems(self, family: Family, main: Sheet) -> Iterator[Problem]:
        """What an earlier row has already said."""
        kk = family.registry.get("kk", "")
        if kk and (row := self._kk.setdefault(kk, family.number)) != family.number:
            yield Problem("import.kk_twice", main.where(family.number, "kk"), {"row": row})
        if not (kk or family.registry.get("nik") or family.wrong) and main.columns.of_item("code") is None:
            row = self._alike.setdefault(likeness_of(family.registry), family.number)
            if row != family.number:
                yield Problem("import.alike", main.where(family.number, "head_name"), {"row": row})
        for where, nik in _numbers(family, main):
            if nik and (first := self._nik.setdefault(nik, where)) != where:
                yield Problem("import.nik_twice", where, {"row": first})


def _numbers(family: Family, main: Sheet) -> Sequence[tuple[str, str]]:
    if not family.members:
        return [(main.where(family.number, "nik"), family.registry.get("nik", ""))]
    return [(m.where, m.registry.get("nik", "")) for rows in family.members.values() for m in rows]
