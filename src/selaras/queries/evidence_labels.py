"""What evidence may be cited for, in words: the indicators of the year's instruments, and the city's lists of codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from selaras.access import Actor, code_lists_for
from selaras.models import CodeItem, Cycle, CycleInstrument
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown
from selaras.scoring.instrument import Instrument


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that evidence may be cited for: `value` as a form sends it; the instrument wants to see `asked`."""

    value: str
    label: str
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Choices under one heading: an aspect of an instrument, or a list of codes. `of` is whose heading it is."""

    of: str
    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of a year's indicators, by (instrument, indicator)."""

    groups: tuple[Group, ...]
    indicators: Mapping[tuple[str, str], str]
    instruments: Mapping[str, str]

    def label(self, instrument: str, indicator: str) -> str:
        """The indicator for the reader; its name where the year is not scored by it any more."""
        return self.indicators.get((instrument, indicator), indicator)


def labels_of(cycle: Cycle) -> Labels:
    """Of all instruments that score the year, the primary one first. One statement."""
    rows = CycleInstrument.objects.filter(cycle=cycle).select_related("version__workbook")
    groups: list[Group] = []
    words: dict[tuple[str, str], str] = {}
    titles: dict[str, str] = {}
    for row in rows.order_by("-primary", "pk"):
        version = row.version
        instrument = _readable(row)
        titles[version.instrument] = version.title
        if instrument is None:
            continue
        for name, indicator in instrument.indicators.items():
            words[version.instrument, name] = shown(indicator.labels, instrument) or name
        groups += _groups(version.instrument, version.title, instrument, words)
    return Labels(tuple(groups), words, titles)


def _readable(row: CycleInstrument) -> Instrument | None:
    try:
        return instrument_of(row.version)
    except OSError:
        # Its workbook is not there: then an indicator is called by its name.
        return None


def _groups(id_: str, title: str, of: Instrument, words: Mapping[tuple[str, str], str]) -> list[Group]:
    found: dict[str, list[Choice]] = {}
    for name, indicator in of.indicators.items():
        choice = Choice(f"{id_}:{name}", words[id_, name], indicator.evidence)
        found.setdefault(indicator.aspect, []).append(choice)
    return [
        Group(title, shown(of.aspects[aspect].labels, of) or aspect, tuple(choices))
        for aspect, choices in found.items()
    ]


def code_groups(user: Actor, cycle: Cycle) -> tuple[Group, ...]:
    """The lists of codes of the year's city that hold now. Two statements."""
    lists = list(code_lists_for(user, cycle))
    items = CodeItem.objects.filter(list__in=lists, retired_at__isnull=True).order_by("list_id", "position")
    found: dict[int, list[Choice]] = {}
    for item in items:
        found.setdefault(item.list_id, []).append(Choice(f"kode:{item.pk}", f"{item.code} {item.text}"))
    return tuple(Group("", each.title, tuple(found.get(each.pk, ()))) for each in lists)


def parse(values: tuple[str, ...]) -> tuple[tuple[tuple[str, str], ...], tuple[int, ...]]:
    """(indicators, ids of codes) of what a form sent; what cannot be read is left out, and then refused as unknown."""
    pairs, items = [], []
    for value in values:
        head, _, name = value.rpartition(":")
        if head == "kode" and name.isdecimal() and len(name) < 10:
            items.append(int(name))
        elif head and name:
            pairs.append((head, name))
    return tuple(pairs), tuple(items)
