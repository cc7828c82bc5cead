"""What a rehearsal found: of every judged item of a lokus the mean of its marks, and what was lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from selaras.models import Gladi, GladiMark, GladiSheet
from selaras.queries.rules import instrument_of
from selaras.scoring.facts import Marks
from selaras.scoring.instrument import Indicator, Instrument, Option
from selaras.scoring.points import fact_score


@dataclass(frozen=True, slots=True)
class ItemMark:
    """One item of one lokus: the share of its points (0…1) by the mean of `marks` sheets, and what was noted."""

    indicator: str
    share: Fraction
    marks: int
    options: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def lost(self) -> Fraction:
        """The share that was not earned."""
        return 1 - self.share


def marks_of(gladi: Gladi) -> dict[int, dict[str, ItemMark]]:
    """Lokus id -> item -> what its newest sheets say, as a jury's marks count. One statement."""
    instrument = instrument_of(gladi.version)
    rows = GladiMark.objects.filter(sheet__gladi=gladi, sheet__replaced=False).order_by("sheet__received_at", "pk")
    found: dict[int, dict[str, list[GladiMark]]] = {}
    for mark in rows.select_related("sheet"):
        found.setdefault(mark.sheet.lokus_id, {}).setdefault(mark.indicator, []).append(mark)
    return {
        lokus: {
            name: made
            for name, marks in items.items()
            if name in instrument.indicators and (made := _item(instrument, name, marks)) is not None
        }
        for lokus, items in found.items()
    }


def _item(instrument: Instrument, name: str, marks: list[GladiMark]) -> ItemMark | None:
    known = {option.name for option in instrument.indicators[name].options}
    options = tuple(mark.option for mark in marks if mark.option in known)
    values = tuple(Fraction(mark.value) for mark in marks if mark.value is not None and not known)
    scale = Fraction(instrument.scale)
    score = fact_score(instrument.indicators[name], Marks(values, options), scale)
    if score.points is None:
        return None
    notes = tuple(mark.note for mark in marks if mark.note)
    return ItemMark(name, score.points, len(options) + len(values), options, notes)


def sheets_per_lokus(gladi: Gladi) -> dict[int, int]:
    """Lokus id -> sheets that count. One statement."""
    found: dict[int, int] = {}
    for lokus in GladiSheet.objects.filter(gladi=gladi, replaced=False).values_list("lokus_id", flat=True):
        found[lokus] = found.get(lokus, 0) + 1
    return found


def worth(instrument: Instrument) -> dict[str, Fraction]:
    """Indicator -> points of the total that it is worth where everything has a value: the workbook's weights alone."""
    found: dict[str, Fraction] = {}

    def below(parent: str | None, share: Fraction) -> None:
        aspects = [aspect for aspect in instrument.aspects.values() if aspect.parent == parent]
        own = [one for one in instrument.indicators.values() if one.aspect == parent]
        whole = sum((Fraction(each.weight) for each in aspects), Fraction(0))
        whole += sum((Fraction(each.weight) for each in own), Fraction(0))
        for one in own:
            found[one.name] = share * Fraction(one.weight) / whole
        for aspect in aspects:
            below(aspect.name, share * Fraction(aspect.weight) / whole)

    below(None, Fraction(instrument.scale))
    return found


def next_option(indicator: Indicator, mark: ItemMark, scale: Fraction) -> Option | None:
    """The cheapest option that earns more than the mean did; None where there is none, or it has no options."""
    better = [option for option in indicator.options if Fraction(option.points) / scale > mark.share]
    return min(better, key=lambda option: option.points, default=None)


def lost_items(marks: Iterable[ItemMark]) -> list[ItemMark]:
    """Those that did not earn all."""
    return [mark for mark in marks if mark.lost > 0]


def judged_share(instrument: Instrument, marks: Mapping[str, ItemMark]) -> Fraction | None:
    """Of the points of the judged items that were marked the share earned (0…1), by their worth; None without any."""
    worths = worth(instrument)
    whole = sum((worths[name] for name in marks), Fraction(0))
    return sum((worths[name] * mark.share for name, mark in marks.items()), Fraction(0)) / whole if whole else None
