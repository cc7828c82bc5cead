"""Counts of reports as they are published: what adds up to what, what was out before, and what is withheld.

SIMFONI PPA counts in several units: one case may have several victims, one victim may have met several forms of
violence and been given several services. So totals differ by unit, and every table says which it counts. Source of
the dimensions: tables published from SIMFONI PPA by city offices; Permen PPPA 2/2022 (services).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from selaras.scoring.suppression import LEAST, System, plan
from selaras.scoring.suppression.system import Relation


def _(text: str) -> str:
    """Marks a text for translators; this floor has no Django."""
    return text


class Key(NamedTuple):
    """Of what a count is. `period` '' is the year, `q1`…`q4` its quarters, `h1` and `h2` its halves; `dimension` and
    `category` '' are all."""

    area: str
    period: str
    unit: str
    dimension: str = ""
    category: str = ""


UNITS: Mapping[str, str] = {
    "cases": _("kasus"),
    "victims": _("korban"),
    "perpetrators": _("pelaku"),
    "services": _("layanan"),
}

#: What the table leaves open. It is there only where its parts are fewer than its whole in some row: a column of
#: zeros would have to be withheld, and something beside it in each row.
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Dimension:
    """How a unit is divided: category → label. With `several`, one may be counted in more than one category."""

    unit: str
    name: str
    label: str
    categories: Mapping[str, str]
    several: bool = False


_FORMS = {
    "physical": _("fisik"),
    "psychic": _("psikis"),
    "sexual": _("seksual"),
    "exploitation": _("eksploitasi"),
    "trafficking": _("perdagangan orang (TPPO)"),
    "neglect": _("penelantaran"),
    "other": _("lainnya"),
}
_AGES = {"0-17": "0–17", "18-24": "18–24", "25-59": "25–59", "60+": _("60 tahun ke atas")}
_SEXES = {"female": _("perempuan"), "male": _("laki-laki")}

DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        "cases",
        "place",
        _("tempat kejadian"),
        {
            "home": _("rumah tangga"),
            "public": _("fasilitas umum"),
            "school": _("sekolah"),
            "work": _("tempat kerja"),
            "online": _("media sosial"),
            "other": _("lainnya"),
        },
    ),
    Dimension("cases", "form", _("bentuk kekerasan"), _FORMS, several=True),
    Dimension("victims", "sex", _("jenis kelamin"), _SEXES),
    Dimension("victims", "age", _("usia"), _AGES),
    Dimension(
        "victims",
        "education",
        _("pendidikan"),
        {
            "none": _("tidak sekolah"),
            "kindergarten": _("PAUD/TK"),
            "primary": _("SD"),
            "junior": _("SLTP"),
            "senior": _("SLTA"),
            "higher": _("perguruan tinggi"),
        },
    ),
    Dimension(
        "victims",
        "work",
        _("pekerjaan"),
        {
            "unemployed": _("tidak bekerja"),
            "student": _("pelajar"),
            "housewife": _("ibu rumah tangga"),
            "employee": _("swasta, buruh"),
            "civil": _("PNS, TNI, Polri"),
            "trader": _("pedagang, tani, nelayan"),
            "other": _("lainnya"),
        },
    ),
    Dimension(
        "victims",
        "marital",
        _("status perkawinan"),
        {"single": _("belum kawin"), "married": _("kawin"), "divorced": _("cerai")},
    ),
    Dimension("victims", "disability", _("disabilitas"), {"yes": _("disabilitas"), "no": _("bukan disabilitas")}),
    Dimension("victims", "form", _("bentuk kekerasan"), _FORMS, several=True),
    Dimension("perpetrators", "sex", _("jenis kelamin"), _SEXES),
    Dimension("perpetrators", "age", _("usia"), _AGES),
    Dimension(
        "perpetrators",
        "relation",
        _("hubungan"),
        {
            "spouse": _("suami/istri"),
            "parent": _("orang tua"),
            "family": _("keluarga/saudara"),
            "partner": _("pacar/teman"),
            "neighbour": _("tetangga"),
            "teacher": _("guru"),
            "employer": _("majikan"),
            "colleague": _("rekan kerja"),
            "stranger": _("tidak dikenal"),
            "other": _("lainnya"),
        },
    ),
    Dimension(
        "services",
        "service",
        _("jenis layanan"),
        {
            "complaint": _("pengaduan"),
            "health": _("kesehatan"),
            "legal": _("bantuan hukum"),
            "enforcement": _("penegakan hukum"),
            "rehabilitation": _("rehabilitasi sosial"),
            "reintegration": _("reintegrasi sosial"),
            "return": _("pemulangan"),
            "faith": _("pendampingan tokoh agama"),
        },
    ),
)

BY_NAME: Mapping[tuple[str, str], Dimension] = {(each.unit, each.name): each for each in DIMENSIONS}
#: Of the first there is at least one for each of the second.
_AT_LEAST = (("victims", "cases"),)


@dataclass(frozen=True, slots=True)
class Figures:
    """A city's year. `parents` names for each area the one that it is part of (the city is in it with ''); `counts`
    has every key there is. `tables` are (unit, dimension) in order; `bounds` (greater unit, smaller unit); of `within`
    (whole, part) what is left is protected too."""

    parents: Mapping[str, str]
    quarters: tuple[str, ...]
    tables: tuple[tuple[str, str], ...]
    counts: Mapping[Key, int]
    whole_year: bool = True
    bounds: tuple[tuple[str, str], ...] = _AT_LEAST
    within: tuple[tuple[str, str], ...] = ()


class Numbered(NamedTuple):
    """A system and the key of each of its first cells; those beyond have none."""

    system: System
    keys: tuple[Key, ...]


def system(figures: Figures) -> Numbered:
    """The figures as numbered counts and the sums that everybody knows."""
    return _Builder(figures).made()


#: What is lost with a count that stands in no table.
_UNSHOWN = 0.01


@dataclass
class _Builder:
    figures: Figures
    values: list[int] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    unshown: set[int] = field(default_factory=set)

    def made(self) -> Numbered:
        keys = tuple(self.figures.counts)
        self.values = [self.figures.counts[key] for key in keys]
        self.number = {key: number for number, key in enumerate(keys)}
        for key in keys:
            self._areas(key)
            self._quarters(key)
            if not key.dimension:
                self._tables(key)
                self._units(key)
        beyond = range(len(keys), len(self.values))
        made = System(
            tuple(self.values),
            tuple(self.relations),
            silent=frozenset(beyond) - self.unshown,
            unshown=frozenset(self.unshown),
            weights=tuple(self._weight(key) for key in keys) + (_UNSHOWN,) * len(beyond),
            tables=self._levels(keys),
        )
        return Numbered(made, keys)

    def _weight(self, key: Key) -> float:
        """What is of more is worth more: the city, the year, the whole."""
        return 1 + 0.5 * (not self.figures.parents[key.area]) + 0.5 * (not key.period) + 0.5 * (not key.dimension)

    def _levels(self, keys: Sequence[Key]) -> tuple[frozenset[int], ...]:
        """What one would call a table: one unit and dimension, at one level of areas and periods."""
        found: dict[tuple[object, ...], set[int]] = {}
        for key in keys:
            level = (key.unit, key.dimension, key.area.count("."), bool(key.period))
            found.setdefault(level, set()).add(self.number[key])
        return tuple(map(frozenset, found.values()))

    def _sum(self, whole: Key, parts: Sequence[Key]) -> None:
        found = [self.number[part] for part in parts if part in self.number]
        if found:
            self.relations.append((*((cell, 1) for cell in found), (self.number[whole], -1)))

    def _areas(self, key: Key) -> None:
        self._sum(key, [key._replace(area=a) for a, parent in self.figures.parents.items() if parent == key.area])

    def _quarters(self, key: Key) -> None:
        if not key.period:
            self._sum(key, [key._replace(period=quarter) for quarter in self.figures.quarters])

    def _tables(self, key: Key) -> None:
        for unit, name in self.figures.tables:
            if unit != key.unit:
                continue
            several = BY_NAME[unit, name].several
            parts = [key._replace(dimension=name, category=category) for category in self._categories(unit, name)]
            if not several:
                self._sum(key, parts)
                continue
            for part in parts:
                # Those of the whole that are not of this category: where they are few, it says so of everybody else.
                self._at_least(key, [part], protected=True)
            self._at_least(key, parts, turned=True)

    def _categories(self, unit: str, name: str) -> list[str]:
        return [*BY_NAME[unit, name].categories, UNKNOWN]

    def _units(self, key: Key) -> None:
        for more, less in self.figures.bounds:
            if key.unit == more and key._replace(unit=less) in self.number:
                self._at_least(key, [key._replace(unit=less)])
        for whole, part in self.figures.within:
            if key.unit == whole and key._replace(unit=part) in self.number:
                self._at_least(key, [key._replace(unit=part)], protected=True)

    def _at_least(self, whole: Key, parts: Sequence[Key], *, turned: bool = False, protected: bool = False) -> None:
        """The whole is at least the parts (or, turned, at most): what lies between is a count of its own."""
        cells = [self.number[part] for part in parts if part in self.number]
        between = self.figures.counts[whole] - sum(self.values[cell] for cell in cells)
        between = -between if turned else between
        if not cells or between < 0:
            # The holder's own figures do not keep it: nobody can rely on it then.
            return
        self.values.append(between)
        if protected:
            self.unshown.add(len(self.values) - 1)
        slack = (len(self.values) - 1, -1 if turned else 1)
        self.relations.append((*((cell, 1) for cell in cells), slack, (self.number[whole], -1)))


# --- what is published --------------------------------------------------------------------------------------------
Cells = Mapping[Key, int | None]


class AllOutError(Exception):
    """Every period of these figures is out already, or the year as a whole is: nothing of them is published."""


def fresh(figures: Figures, out: Cells) -> Figures:
    """Of the figures the periods that are not out yet.

    What is out stays as it is: a period comes out once, for two counts of the same reports tell the difference between
    them. So where a quarter is out, no sum of the year comes out beside it. Raises AllOutError.
    """
    periods = {key.period for key in out}
    if not periods:
        return figures
    left = tuple(quarter for quarter in figures.quarters if quarter not in periods)
    if "" in periods or not left:
        raise AllOutError
    counts = {key: count for key, count in figures.counts.items() if key.period in left}
    return replace(figures, quarters=left, counts=counts, whole_year=False)


def by_quarters(figures: Figures) -> Figures:
    """The same without the year, which is what its quarters add up to where all can be read: what is planned as one
    system is then a quarter."""
    counts = {key: count for key, count in figures.counts.items() if key.period}
    return replace(figures, counts=counts, whole_year=False)


def release(figures: Figures, threshold: int = LEAST) -> dict[Key, int | None]:
    """What everybody may know of the figures, in their order; None where it is withheld.

    A table of one category is not published: it would say what all are. Periods without a year have no sum in common
    and are planned one by one. Raises ValueError where the figures do not add up.
    """
    figures = _without_lone_categories(figures)
    if figures.whole_year or len(figures.quarters) < 2:
        return _planned(figures, threshold)
    cells: dict[Key, int | None] = {}
    for quarter in figures.quarters:
        counts = {key: count for key, count in figures.counts.items() if key.period == quarter}
        cells |= _planned(replace(figures, quarters=(quarter,), counts=counts), threshold)
    return {key: cells[key] for key in figures.counts}


def _planned(figures: Figures, threshold: int) -> dict[Key, int | None]:
    made, keys = system(figures)
    withheld = plan(made, threshold).withheld
    return {key: None if number in withheld else made.values[number] for number, key in enumerate(keys)}


def _without_lone_categories(figures: Figures) -> Figures:
    found: dict[tuple[str, str], set[str]] = {}
    for key in figures.counts:
        if key.dimension:
            found.setdefault((key.unit, key.dimension), set()).add(key.category)
    lone = {table for table, categories in found.items() if len(categories) == 1}
    counts = {key: count for key, count in figures.counts.items() if (key.unit, key.dimension) not in lone}
    return replace(figures, counts=counts, tables=tuple(table for table in figures.tables if table not in lone))


def with_year(cells: Cells) -> dict[Key, int | None]:
    """The cells, and of a year that came out by quarters what they add up to: everybody can add."""
    found = dict(cells)
    quarters = [key for key in cells if key.period == "q1"]
    if any(not key.period for key in cells):
        return found
    for key in quarters:
        parts = [cells.get(key._replace(period=f"q{number}")) for number in (1, 2, 3, 4)]
        if all(key._replace(period=f"q{number}") in cells for number in (1, 2, 3, 4)):
            known = [part for part in parts if part is not None]
            found[key._replace(period="")] = sum(known) if len(known) == len(parts) else None
    return found


@dataclass(frozen=True, slots=True)
class Crossing:
    """A count that can be read now and could not before, or the other way round."""

    key: Key
    shown: bool


def crossings(before: Cells, after: Cells) -> tuple[Crossing, ...]:
    """Which counts of both crossed the line between withheld and published, whatever their periods."""
    return tuple(_crossed({key._replace(period=""): count for key, count in before.items()}, after))


def _crossed(before: Cells, after: Cells) -> Iterator[Crossing]:
    for key, count in after.items():
        then = key._replace(period="")
        if then in before and (before[then] is None) != (count is None):
            yield Crossing(key, count is not None)
