"""A recap as a workbook: one sheet a table, a row a kecamatan, a column a category. Read whole, all errors at once.

The sheet's name says what it counts and how it is divided (`korban usia`); a sheet `penduduk` says how many women
live in each kecamatan. A dash is none, as in official tables; a blank is not.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from selaras.actions.importing.tables import Source, read_sources
from selaras.errors import InputError, Problem
from selaras.odk.archive import column_letters
from selaras.scoring.recaps import BY_NAME, DIMENSIONS, UNITS, UNKNOWN, Dimension, Figures, Key

#: A count of reports that no city of this country reaches.
MOST = 1_000_000
QUARTERS = ("q1", "q2", "q3", "q4")
_UNIT_WORDS = {
    "kasus": "cases",
    "korban": "victims",
    "pelaku": "perpetrators",
    "layanan": "services",
    "pelayanan": "services",
}
#: The words of a sheet's name that say how it is divided; the longest that is there counts.
_DIMENSION_WORDS = {
    "tempat": "place",
    "lokasi": "place",
    "bentuk": "form",
    "kelamin": "sex",
    "usia": "age",
    "umur": "age",
    "pendidikan": "education",
    "pekerjaan": "work",
    "perkawinan": "marital",
    "disabilitas": "disability",
    "hubungan": "relation",
    "layanan": "service",
    "pelayanan": "service",
}
#: Sheets that say something to people only.
_GUIDES = {"petunjuk", "sumber"}
#: Other ways to write a category, beside its label.
_ALSO = {
    "p": "female",
    "perempuan": "female",
    "l": "male",
    "lakilaki": "male",
    "60": "60+",
    "60tahunkeatas": "60+",
    "tppo": "trafficking",
    "perdaganganorang": "trafficking",
    "trafficking": "trafficking",
    "sd": "primary",
    "smp": "junior",
    "sma": "senior",
    "kdrt": "home",
    "tidakdiketahui": UNKNOWN,
    "takdiketahui": UNKNOWN,
    "na": UNKNOWN,
    "ya": "yes",
    "tidak": "no",
    "swasta": "employee",
    "buruh": "employee",
}


@dataclass(frozen=True, slots=True)
class Area:
    """The city or a kecamatan: code, name, and how else it is written."""

    code: str
    name: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecapRead:
    """What the workbook says. `women` is area → women, empty where it does not."""

    figures: Figures
    women: Mapping[str, int]


@dataclass
class _Sheet:
    """One table as it was read: (area, period) → category → count; `wholes` as its own column says."""

    label: str
    dimension: Dimension
    counts: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    wholes: dict[tuple[str, str], int] = field(default_factory=dict)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)


def read_recap(content: bytes, filename: str, city: Area, kecamatan: tuple[Area, ...]) -> RecapRead:
    """The figures of the workbook. Raises InputError with everything that is wrong, each with sheet and cell."""
    reader = _Reader(city, kecamatan)
    sheets: list[_Sheet] = []
    for source in read_sources(content, filename):
        reader.read(source, sheets)
    if not sheets and not reader.problems:
        reader.problems.append(Problem("recap.empty", values={"name": filename}))
    if not reader.problems:
        reader.problems += _uneven(sheets)
    if not reader.problems:
        figures = _Joined(city, kecamatan, sheets)
        made = figures.made()
        reader.problems += figures.problems
    if reader.problems:
        raise InputError(reader.problems)
    return RecapRead(made, reader.women)


def plain(text: str) -> str:
    """Only letters and digits, small: how names of places and columns are compared."""
    return re.sub(r"[^0-9a-z]", "", text.casefold())


class _Reader:
    """Reads sheets one by one and collects what is wrong."""

    def __init__(self, city: Area, kecamatan: tuple[Area, ...]) -> None:
        self.city, self.problems, self.women = city, [], {}  # type: tuple[Area, list[Problem], dict[str, int]]
        self.kecamatan = kecamatan
        self.codes = {plain(name): area.code for area in kecamatan for name in (area.code, area.name, *area.also)}

    def read(self, source: Source, sheets: list[_Sheet]) -> None:
        """One sheet, into `sheets` or the women of the kecamatan."""
        if source.label.casefold() in _GUIDES:
            return
        rows = list(source.filled())
        head = next((at for at, (_number, cells) in enumerate(rows[:12]) if _is_head(cells)), None)
        if "penduduk" in source.label.casefold():
            if head is None:
                self.problems.append(Problem("recap.header", f"{source.label}!A1"))
            else:
                self._read_women(source, rows, head)
            return
        dimension = _dimension(source.label, [cell for _number, cells in rows[: head or 0] for cell in cells])
        if dimension is None:
            self.problems.append(Problem("recap.sheet", f"{source.label}!A1", {"sheet": source.label}))
            return
        earlier = next((sheet.label for sheet in sheets if sheet.dimension == dimension), None)
        if earlier is not None:
            self.problems.append(Problem("recap.twice", f"{source.label}!A1", {"earlier": earlier}))
            return
        if head is None:
            self.problems.append(Problem("recap.header", f"{source.label}!A1"))
            return
        sheets.append(self._read_table(source, rows, head, dimension))

    def _read_table(self, source: Source, rows: list[tuple[int, list[str]]], head: int, dimension: Dimension) -> _Sheet:
        sheet = _Sheet(source.label, dimension)
        columns = self._columns(source, rows[head], dimension)
        city_rows: dict[str, dict[str, int]] = {}
        for number, cells in rows[head + 1 :]:
            if not cells[0]:
                continue
            area = self._area(cells[0])
            counts = {name: self._count(source, number, at, cells) for name, at in columns.items() if name != "quarter"}
            period = self._quarter(source, number, columns, cells)
            if area is None and _is_sum(cells[0], self.city):
                city_rows[period] = counts
            elif area is None:
                values = {"found": cells[0], "city": self.city.name}
                self.problems.append(Problem("recap.place", f"{source.label}!A{number}", values))
            elif (area, period) in sheet.counts:
                twice: dict[str, object] = {"found": cells[0], "earlier": sheet.rows[area, period]}
                self.problems.append(Problem("recap.place_twice", f"{source.label}!A{number}", twice))
            else:
                self._keep(sheet, area, period, counts, number)
        self._check(source, sheet, city_rows)
        return sheet

    def _keep(self, sheet: _Sheet, area: str, period: str, counts: dict[str, int], number: int) -> None:
        whole = counts.pop("whole", None)
        sheet.rows[area, period], sheet.counts[area, period] = number, counts
        parts, largest = sum(counts.values()), max(counts.values(), default=0)
        where = f"{sheet.label}!A{number}"
        if whole is None and sheet.dimension.several:
            self.problems.append(Problem("recap.no_total", where))
        least = largest if sheet.dimension.several else parts
        if whole is not None and whole < least:
            self.problems.append(Problem("recap.sum", where, {"total": whole, "found": least}))
        sheet.wholes[area, period] = parts if whole is None else whole

    def _check(self, source: Source, sheet: _Sheet, city_rows: dict[str, dict[str, int]]) -> None:
        """Every kecamatan stands in it, and the city's own row is their sum."""
        for period in {period for _area, period in sheet.counts}:
            missing = [area.name for area in self.kecamatan if (area.code, period) not in sheet.counts]
            if missing:
                problem = Problem("recap.place_missing", f"{source.label}!A1", {"places": ", ".join(missing)})
                self.problems.append(problem)
                continue
            for name, said in city_rows.get(period, {}).items():
                found = sum(
                    sheet.wholes[area.code, period] if name == "whole" else sheet.counts[area.code, period][name]
                    for area in self.kecamatan
                )
                if said != found:
                    values = {"total": said, "found": found}
                    self.problems.append(Problem("recap.city_sum", f"{source.label}!A1", values))

    def _columns(self, source: Source, row: tuple[int, list[str]], dimension: Dimension) -> dict[str, int]:
        """Category, `whole` or `quarter` → its column."""
        names = {plain(label): name for name, label in dimension.categories.items()}
        names |= {plain(name): name for name in dimension.categories}
        names |= {also: name for also, name in _ALSO.items() if name == UNKNOWN or name in dimension.categories}
        names |= {"jumlah": "whole", "total": "whole", "triwulan": "quarter", "tw": "quarter"}
        known = ", ".join(dimension.categories.values())
        found: dict[str, int] = {}
        for at, title in enumerate(row[1][1:], start=1):
            where = f"{source.label}!{column_letters(at)}{row[0]}"
            if not title:
                continue
            name = names.get(plain(title))
            if name is None:
                near = get_close_matches(title.casefold(), list(dimension.categories.values()), n=1)
                values = {"found": title, "known": near[0] if near else known}
                self.problems.append(Problem("recap.column", where, values))
            elif name in found:
                self.problems.append(Problem("recap.column_twice", where, {"found": title}))
            else:
                found[name] = at
        if not set(found) - {"whole", "quarter"}:
            self.problems.append(Problem("recap.no_columns", f"{source.label}!A{row[0]}", {"known": known}))
        return found

    def _read_women(self, source: Source, rows: list[tuple[int, list[str]]], head: int) -> None:
        titles = [plain(title) for title in rows[head][1]]
        column = next((at for at, title in enumerate(titles) if title in {"perempuan", "p"}), None)
        if column is None:
            values = {"found": "…", "known": "perempuan"}
            self.problems.append(Problem("recap.column", f"{source.label}!B{rows[head][0]}", values))
            return
        for number, cells in rows[head + 1 :]:
            area = self._area(cells[0]) if cells[0] else None
            if area is not None:
                self.women[area] = self._count(source, number, column, cells)
        missing = [area.name for area in self.kecamatan if not self.women.get(area.code)]
        if missing:
            self.problems.append(Problem("recap.women", f"{source.label}!A1", {"place": ", ".join(missing)}))
        self.women[self.city.code] = sum(self.women.values())

    def _area(self, text: str) -> str | None:
        name = plain(text)
        for word in ("kecamatan", "kec"):
            if name.startswith(word) and name.removeprefix(word) in self.codes:
                return self.codes[name.removeprefix(word)]
        return self.codes.get(name)

    def _quarter(self, source: Source, number: int, columns: dict[str, int], cells: list[str]) -> str:
        if "quarter" not in columns:
            return ""
        text = cells[columns["quarter"]] if columns["quarter"] < len(cells) else ""
        digits = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
        said = plain(text).removeprefix("triwulan").removeprefix("tw")
        period = f"q{digits.get(said, said)}"
        if period not in QUARTERS:
            where = f"{source.label}!{column_letters(columns['quarter'])}{number}"
            self.problems.append(Problem("recap.quarter", where, {"found": text or "(kosong)"}))
        return period

    def _count(self, source: Source, number: int, at: int, cells: list[str]) -> int:
        text = cells[at].strip() if at < len(cells) else ""
        bare = text.removesuffix(".0")
        if bare in {"-", "–", "—"}:
            return 0
        grouped = re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", bare)
        digits = bare.replace(".", "") if grouped else bare
        if digits.isascii() and digits.isdigit() and len(digits) < 8 and int(digits) <= MOST:
            return int(digits)
        where = f"{source.label}!{column_letters(at)}{number}"
        self.problems.append(Problem("recap.count", where, {"found": text[:40] or "(kosong)"}))
        return 0


def _is_head(cells: list[str]) -> bool:
    return bool(cells) and plain(cells[0]) in {"kecamatan", "kec", "wilayah"}


def _is_sum(text: str, city: Area) -> bool:
    return plain(text) in {"jumlah", "total", "kota", "kabupaten", plain(city.name), plain(city.code)}


def _dimension(label: str, above: list[str]) -> Dimension | None:
    """What the sheet's name says that it counts; else the title above its table."""
    for text in (label, " ".join(above)):
        words = re.findall(r"[a-z]+", text.casefold())
        unit = next((_UNIT_WORDS[word] for word in words if word in _UNIT_WORDS), None)
        names = [_DIMENSION_WORDS[word] for word in words if word in _DIMENSION_WORDS]
        # "Jenis kekerasan" is the form; "korban kekerasan menurut usia" is by age.
        names += ["form"] if "kekerasan" in words else []
        found = next((BY_NAME[unit, name] for name in names if unit and (unit, name) in BY_NAME), None)
        if found is not None:
            return found
    return None


def _uneven(sheets: list[_Sheet]) -> Iterator[Problem]:
    """Every table is of the same quarters, or of the year."""
    periods = [{period for _area, period in sheet.counts} for sheet in sheets]
    for sheet, found in zip(sheets, periods, strict=True):
        if found != periods[0]:
            yield Problem("recap.quarters", f"{sheet.label}!A1")
            return


@dataclass
class _Joined:
    """The tables as one: the same wholes in each of a unit, what is unknown, quarters as a year, the city as a sum."""

    city: Area
    kecamatan: tuple[Area, ...]
    sheets: list[_Sheet]
    problems: list[Problem] = field(default_factory=list)

    def made(self) -> Figures:
        quarters = tuple(sorted({period for _area, period in self.sheets[0].counts if period}))
        whole_year = quarters in {(), QUARTERS}
        counts = dict(self._leaves())
        every: dict[Key, int] = {}
        for area in (self.city, *self.kecamatan):
            for period in (*(("",) if whole_year else ()), *quarters):
                for leaf in {key._replace(area="", period="") for key in counts}:
                    every[leaf._replace(area=area.code, period=period)] = self._sum(
                        counts, leaf, area, period, quarters
                    )
        order = {each: at for at, each in enumerate((self.city.code, *(area.code for area in self.kecamatan)))}
        tables = tuple((each.unit, each.name) for each in DIMENSIONS if any(s.dimension == each for s in self.sheets))
        parents = {self.city.code: "", **{area.code: self.city.code for area in self.kecamatan}}
        names = [*UNITS, "", *(each.name for each in DIMENSIONS)]

        def place(key: Key) -> tuple[int, int, int, str, int]:
            known = BY_NAME.get((key.unit, key.dimension))
            inside = list(known.categories).index(key.category) if known and key.category in known.categories else 99
            return (names.index(key.unit), names.index(key.dimension), inside, key.period, order[key.area])

        ordered = {key: every[key] for key in sorted(every, key=place)}
        return Figures(parents, quarters, tables, ordered, whole_year)

    def _sum(self, counts: dict[Key, int], leaf: Key, area: Area, period: str, quarters: tuple[str, ...]) -> int:
        areas = [each.code for each in self.kecamatan] if area == self.city else [area.code]
        inside = quarters if quarters and not period else (period,)
        return sum(counts[leaf._replace(area=code, period=each)] for code in areas for each in inside)

    def _leaves(self) -> Iterator[tuple[Key, int]]:
        wholes: dict[tuple[str, str, str], tuple[int, str]] = {}
        for sheet in self.sheets:
            unit, name = sheet.dimension.unit, sheet.dimension.name
            open_ = {at: sheet.wholes[at] - sum(counts.values()) for at, counts in sheet.counts.items()}
            unknown = not sheet.dimension.several and any(open_.values())
            for (area, period), counts in sheet.counts.items():
                whole = sheet.wholes[area, period]
                total, earlier = wholes.setdefault((unit, area, period), (whole, sheet.label))
                if total != whole:
                    values = {"found": whole, "total": total, "earlier": earlier}
                    self._differ(sheet, area, sheet.rows[area, period], values)
                yield Key(area, period, unit), whole
                # A category without a column is not in the table: zeros that nobody wrote are not counts.
                for category, count in counts.items():
                    if category != UNKNOWN:
                        yield Key(area, period, unit, name, category), count
                if unknown or UNKNOWN in counts:
                    rest = counts.get(UNKNOWN, 0) + open_[area, period]
                    yield Key(area, period, unit, name, UNKNOWN), rest

    def _differ(self, sheet: _Sheet, area: str, row: int, values: dict[str, object]) -> None:
        place = next(each.name for each in self.kecamatan if each.code == area)
        said = {"unit": UNITS[sheet.dimension.unit], "place": place, **values}
        self.problems.append(Problem("recap.totals", f"{sheet.label}!A{row}", said))
