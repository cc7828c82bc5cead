"""Which indicators a row of the page speaks of: an aspect's, the women's, the children's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from selaras.queries.weeks.figures import Labels, RowKind
from selaras.scoring import explain
from selaras.scoring.instrument import Aspect, Indicator, Instrument

#: More aspects than this do not fit on one page: then the upper ones stand for theirs.
MOST_ROWS = 14
_WOMEN = re.compile(r"\b(perempuan|wanita|istri|ibu hamil|ibu menyusui|nifas)", re.IGNORECASE)
_CHILDREN = re.compile(r"\b(anak|balita|bayi|baduta|remaja|paud)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """A row and the indicators under it. `aspect` is its name, '' for women and children; `surveyed`: families are
    asked about some of them."""

    kind: RowKind
    labels: Labels
    aspect: str
    indicators: frozenset[str]
    surveyed: bool


def subjects(instrument: Instrument) -> list[Subject]:
    """The aspects that have indicators, in the workbook's order, then women and children."""
    women = frozenset(name for name in instrument.indicators if _speaks_of(instrument, name, _WOMEN))
    children = frozenset(name for name in instrument.indicators if _speaks_of(instrument, name, _CHILDREN))
    return [
        *_aspects(instrument),
        Subject("women", Labels(id="Perempuan", en="Women"), "", women, _surveyed(instrument, women)),
        Subject("children", Labels(id="Anak", en="Children"), "", children, _surveyed(instrument, children)),
    ]


def aspect_of(instrument: Instrument, indicator: str) -> str:
    """The label of the indicator's own aspect; '' for one that the instrument lacks."""
    found = instrument.indicators.get(indicator)
    return "" if found is None else explain.shown(instrument.aspects[found.aspect].labels, instrument) or found.aspect


def labels_of(thing: Aspect | Indicator, instrument: Instrument) -> Labels:
    """Its label in both languages."""
    first, second = (explain.shown(thing.labels, instrument, language) for language in ("id", "en"))
    return Labels(id=first or thing.name, en=second or first or thing.name)


def _aspects(instrument: Instrument) -> list[Subject]:
    own: dict[str, set[str]] = {}
    for indicator in instrument.indicators.values():
        own.setdefault(indicator.aspect, set()).add(indicator.name)
    if len(own) > MOST_ROWS:
        upper: dict[str, set[str]] = {}
        for name, indicators in own.items():
            upper.setdefault(_lineage(instrument, name)[-1].name, set()).update(indicators)
        own = upper
    return [
        Subject("aspect", labels_of(aspect, instrument), aspect.name, frozenset(names), _surveyed(instrument, names))
        for aspect in instrument.aspects.values()
        if (names := own.get(aspect.name))
    ][:MOST_ROWS]


def _surveyed(instrument: Instrument, names: Iterable[str]) -> bool:
    return any(instrument.indicators[name].origin == "survey" for name in names)


def _lineage(instrument: Instrument, name: str) -> list[Aspect]:
    """The aspect and those above it, itself first."""
    found = [instrument.aspects[name]]
    while found[-1].parent is not None:
        found.append(instrument.aspects[found[-1].parent])
    return found


def _speaks_of(instrument: Instrument, name: str, words: re.Pattern[str]) -> bool:
    """Whether the workbook says so: in the indicator's label, or in that of an aspect above it.

    What an official can read decides, not a guess at what an expression means (docs/workbook.md, *Women and
    children*). An indicator may speak of both, or of neither.
    """
    indicator = instrument.indicators[name]
    said = [indicator.labels, *(aspect.labels for aspect in _lineage(instrument, indicator.aspect))]
    return any(words.search(explain.shown(labels, instrument)) for labels in said)
