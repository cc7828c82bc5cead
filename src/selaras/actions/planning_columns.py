"""What the columns and cells of a DPA or an older matrix mean. Reads the database only for names; never writes."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from selaras.actions.amounts import day, number, rupiah, span
from selaras.errors import Problem
from selaras.models import Agency, Commitment, CommitmentState, Cycle, Fund, Lokus
from selaras.models.places import area_code
from selaras.odk.money import HEAPED, NOUGHTS, UNIT_AT_END
from selaras.odk.registry import plain
from selaras.queries.plans import agencies_of
from selaras.queries.programme import primary_of
from selaras.queries.rules import instrument_of
from selaras.scoring.expressions.near import nearest

#: Field -> how sheets call it; the first that fits a title wins, whole titles before parts.
ALIASES: Final[Mapping[str, frozenset[str]]] = {
    field: frozenset(names.split())
    for field, names in {
        "agency": "opd skpd perangkat_daerah dinas instansi opd_pelaksana pelaksana opd_mitra opd_atau_mitra",
        "activity_code": "kode_sub_kegiatan kode_rekening kode kode_kegiatan rekening kode_subkegiatan",
        "title": "kegiatan uraian_kegiatan sub_kegiatan uraian nama_kegiatan rencana_aksi intervensi"
        " nama_sub_kegiatan program_kegiatan aktivitas",
        "indicator": "kebutuhan indikator masalah kebutuhan_keluarga",
        "volume": "volume vol jumlah target banyaknya target_volume",
        "unit": "satuan unit",
        "budget": "pagu anggaran pagu_anggaran nilai biaya jumlah_anggaran jumlah_pagu",
        "fund": "sumber_dana sumber_anggaran dana sumber_pembiayaan pendanaan",
        "fund_note": "keterangan_sumber_dana keterangan_dana",
        "place": "lokasi lokus tempat kelurahan wilayah sasaran_lokasi",
        "time": "jadwal waktu waktu_pelaksanaan jadwal_pelaksanaan bulan",
        "starts": "mulai tanggal_mulai awal jadwal_mulai",
        "ends": "selesai tanggal_selesai akhir sampai jadwal_selesai batas_waktu",
        "person": "penanggung_jawab pic pj pptk kontak penanggungjawab",
        "legal_basis": "dasar_hukum dasar regulasi",
        "state": "keadaan status progres",
        "obstacle": "kendala hambatan",
    }.items()
}
_FUNDS: Final[tuple[tuple[str, str], ...]] = (
    (r"perubahan|apbd-?p\b|apbdp", Fund.PERUBAHAN),
    (r"renja|tahun depan|musrenbang|usulan|t\+1", Fund.RENJA),
    (r"baznas|zakat|upz|lazis", Fund.BAZNAS),
    (r"csr|tjsl|perusahaan|cid\b", Fund.CSR),
    (r"swadaya|mandiri|masyarakat|gotong", Fund.SWADAYA),
    (r"salira|kelurahan|dpw?kel|pokmas", Fund.KELURAHAN),
    (r"dpa|apbd|\bpad\b|\bdau\b|\bdak\b|\bdbh\b|murni|did\b", Fund.DPA),
)
#: An amount without a unit of its own.
_BARE: Final = re.compile(r"(?i)(?:(?:rp|idr)\.?\s*)?-?[0-9][0-9.,\s]*(?:-+)?")
#: Below a title that names a unit so much is asked about: a triliun is half of all that a city spends in a year.
_UNHEARD_OF: Final = Decimal(10) ** 12
_CITY: Final = re.compile(r"(?i)^(seluruh |se-?)?(kota|kabupaten)\b.*|^seluruh(nya)?$|^semua.*")


def field_of(title: str) -> str:
    """What a column is, from its title; '' where it is nothing of ours. `Jadwal / Mulai` is `starts`."""
    names = [plain(title), *(plain(part) for part in reversed(title.split(" / ")))]
    for name in names:
        bare = plain(UNIT_AT_END.sub("", name.replace("_", " ")))
        for field, aliases in ALIASES.items():
            if bare in aliases or name in aliases:
                return field
    return ""


def is_known(title: str) -> bool:
    """Whether a cell reads like a title of such a sheet."""
    return bool(field_of(title))


def guessed(titles: Sequence[str]) -> list[str]:
    """A field for each column, each field once: the first column that fits has it."""
    found: list[str] = []
    for title in titles:
        field = field_of(title) if title else ""
        found.append(field if field not in found else "")
    return found


@dataclass(frozen=True, slots=True)
class Planned:
    """One row as a commitment: `values` as `plans.commit` takes them, of the fields that the sheet fills."""

    row: int
    agency: Agency
    lokus: Lokus | None
    indicator: str
    values: Mapping[str, Any]

    @property
    def key(self) -> tuple[int, str, str, int | None]:
        """By what the same commitment is known again: agency, code, title, lokus."""
        code, title = str(self.values.get("activity_code", "")), str(self.values["title"])
        return key_of(self.agency.pk, code, title, None if self.lokus is None else self.lokus.pk)


def key_of(agency: int, code: str, title: str, lokus: int | None) -> tuple[int, str, str, int | None]:
    """Blanks and capitals do not make another commitment."""
    return agency, "".join(code.split()).casefold(), " ".join(title.split()).casefold(), lokus


class Reader:
    """Reads cells against the agencies, loci and indicators of one year."""

    def __init__(self, cycle: Cycle) -> None:
        self._cycle = cycle
        self._agencies: dict[str, Agency] = {}
        for agency in agencies_of(cycle):
            if agency.valid_to is None:
                self._agencies.setdefault(plain(agency.name), agency)
                self._agencies[plain(agency.short_name)] = agency
        self._loci = list(Lokus.objects.filter(cycle=cycle).select_related("place__parent"))
        version = primary_of(cycle)
        self._indicators: dict[str, str] = {}
        for name, row in ({} if version is None else instrument_of(version).indicators).items():
            if row.origin == "survey":
                for text in (name, *row.labels.values()):
                    self._indicators.setdefault(plain(text), name)

    def agency(self, text: str) -> Agency | None:
        """By short or full name, also behind `Dinas`."""
        name = plain(text)
        return self._agencies.get(name) or self._agencies.get(name.removeprefix("dinas_"))

    def near(self, text: str) -> str:
        """The agency that somebody may have meant."""
        found = nearest(plain(text), self._agencies)
        return text if found is None else f"{text} (maksud Anda {self._agencies[found].short_name}?)"

    def row(
        self,
        number_: int,
        cells: Mapping[str, str],
        agency: Agency | None,
        at: Callable[[str], str],
        unit: str | None = "",
    ) -> tuple[Planned | None, list[Problem]]:
        """One row; `cells` by field, `at` the address of a field's cell, `unit` what the title of the money names
        (`unit_of`). None where an error forbids it."""
        problems: list[Problem] = []
        values: dict[str, Any] = {}
        for field in ("title", "activity_code", "unit", "fund_note", "legal_basis", "person", "obstacle"):
            if cells.get(field):
                values[field] = " ".join(cells[field].split())
        for field, text in values.items():
            most: int = getattr(Commitment._meta.get_field(field), "max_length", 0)
            if len(text) > most:
                problems.append(Problem("plan.too_long", at(field), {"what": field, "most": most}))
        self._numbers(cells, values, problems, at)
        self._budget(cells.get("budget", ""), unit, values, problems, at("budget"))
        self._days(cells, values, problems, at)
        self._choices(cells, values, problems, at)
        lokus, area = self._place(cells.get("place", ""), problems, at)
        if area:
            values["area"] = area
        indicator = self._indicator(cells.get("indicator", ""), problems, at)
        if agency is None:
            problems.append(Problem("plan.agency", at("agency"), {"found": self.near(cells.get("agency", ""))}))
        if agency is None or any(problem.level == "error" for problem in problems):
            return None, problems
        return Planned(number_, agency, lokus, indicator, values), problems

    def _numbers(
        self, cells: Mapping[str, str], values: dict[str, Any], problems: list[Problem], at: Callable[[str], str]
    ) -> None:
        volume, unit = cells.get("volume", ""), cells.get("unit", "")
        if found := re.fullmatch(r"\s*([0-9][0-9.,]*)\s*([^\W\d].*)", volume):
            volume, unit = found[1], unit or found[2]
        values |= {"unit": unit.strip()} if unit.strip() else {}
        try:
            value = number(volume)
        except ValueError:
            problems.append(Problem("plan.number", at("volume"), {"what": "volume", "found": volume[:40]}))
        else:
            _put("volume", value, values, problems, at("volume"))

    def _budget(self, text: str, unit: str | None, values: dict[str, Any], problems: list[Problem], where: str) -> None:
        """`75` below `Pagu (juta rupiah)` is `75 juta`; what may be rupiah there is asked about."""
        bare = bool(_BARE.fullmatch(text))
        if unit is None and bare:
            problems.append(Problem("plan.unit", where, {"found": text[:40]}))
            return
        said = f"{text} {unit}" if unit and bare else text
        named = re.search(r"(ribu|juta|miliar|triliun)\Z", said)
        try:
            value = rupiah(said)
            if unit and bare and value is not None and _is_heaped(value, unit):
                raise ValueError(text)
        except ValueError:
            code, of = ("plan.multiple", named[1]) if named else ("plan.rupiah", "")
            problems.append(Problem(code, where, {"what": "budget", "found": said[:40], "unit": of}))
        else:
            _put("budget", value, values, problems, where)

    def _days(
        self, cells: Mapping[str, str], values: dict[str, Any], problems: list[Problem], at: Callable[[str], str]
    ) -> None:
        year = self._cycle.year
        found: dict[str, date | None] = {}
        try:
            found["starts"], found["ends"] = span(cells.get("time", ""), year)
        except ValueError:
            problems.append(Problem("plan.date", at("time"), {"found": cells["time"][:40]}))
        for field, last in (("starts", False), ("ends", True)):
            try:
                found[field] = day(cells.get(field, ""), year, last=last) or found.get(field)
            except ValueError:
                problems.append(Problem("plan.date", at(field), {"found": cells[field][:40]}))
        starts, ends = found.get("starts"), found.get("ends")
        if starts and ends and ends < starts:
            problems.append(Problem("plan.dates", at("ends" if cells.get("ends") else "time")))
        values |= {field: value for field, value in found.items() if value}

    def _choices(
        self, cells: Mapping[str, str], values: dict[str, Any], problems: list[Problem], at: Callable[[str], str]
    ) -> None:
        if text := cells.get("fund", "").strip():
            fund = fund_of(text)
            if fund:
                values["fund"] = fund
            else:
                values["fund_note"] = values.get("fund_note") or text[:160]
                known = ", ".join(Fund.labels)
                problems.append(Problem("plan.fund", at("fund"), {"found": text[:40], "known": known}, "warning"))
            if fund == Fund.DPA and not re.search(r"(?i)^dpa", text):
                values.setdefault("fund_note", text[:160])
        if text := cells.get("state", "").strip():
            state = next(
                (name for name, label in CommitmentState.choices if plain(text) in {name, plain(str(label))}), ""
            )
            if state:
                values["state"] = state
            else:
                known = ", ".join(CommitmentState.labels)
                problems.append(Problem("plan.state", at("state"), {"found": text[:40], "known": known}))
            if state == CommitmentState.BLOCKED and not values.get("obstacle"):
                problems.append(Problem("plan.obstacle", at("state")))

    def _place(self, text: str, problems: list[Problem], at: Callable[[str], str]) -> tuple[Lokus | None, str]:
        said = " ".join(text.split())
        if not said or _CITY.match(said):
            return None, ""
        rw = re.search(r"(?i)\brw\s*\.?\s*([0-9]{1,3})", said)
        rt = re.search(r"(?i)\brt\s*\.?\s*([0-9]{1,3})", said)
        name = plain(re.sub(r"(?i)\b(kel(urahan)?|desa|rw|rt|kec(amatan)?)\b\.?|[0-9]+", " ", said))
        loci = [lokus for lokus in self._loci if name in {plain(lokus.place.name), lokus.prefix.casefold()}]
        if rw:
            own = area_code("", rw[1])[1:]
            loci = [lokus for lokus in loci if not lokus.rw or lokus.area.endswith(own)]
        if len(loci) == 1:
            lokus = loci[0]
            inside = rw[1] if rw else lokus.rw
            area = area_code(lokus.place.code, inside, rt[1] if rt else "") if rw or rt else ""
            return lokus, "" if area == lokus.area else area
        above = {
            lokus.place.parent.code
            for lokus in self._loci
            if lokus.place.parent and plain(lokus.place.parent.name) == name
        }
        if len(above) == 1 and re.match(r"(?i)kec", said):
            return None, above.pop()
        problems.append(Problem("plan.lokus", at("place"), {"found": said[:60]}))
        return None, ""

    def _indicator(self, text: str, problems: list[Problem], at: Callable[[str], str]) -> str:
        if not text.strip():
            return ""
        found = self._indicators.get(plain(text), "")
        if not found:
            problems.append(Problem("plan.indicator", at("indicator"), {"found": text[:60]}, "warning"))
        return found


def _put(field: str, value: Decimal | None, values: dict[str, Any], problems: list[Problem], where: str) -> None:
    if value is not None and value < 0:
        problems.append(Problem("plan.negative", where, {"what": field}))
    elif value is not None:
        values[field] = value


def _is_heaped(value: Decimal, unit: str) -> bool:
    """Whether `60000000` below `Pagu (juta rupiah)` may be rupiah: so many millions have another name. Of thousands an
    activity has a million soon, a miliar; ten million of them are asked about."""
    most = HEAPED * (10 if unit == "ribu" else 1) * Decimal(10) ** NOUGHTS[unit]
    return abs(value) >= min(most, _UNHEARD_OF)


def fund_of(text: str) -> str:
    """The source of money that a text names, '' where none is known."""
    exact = next((value for value, label in Fund.choices if plain(text) in {value, plain(str(label))}), "")
    return exact or next((str(fund) for pattern, fund in _FUNDS if re.search(pattern, text.casefold())), "")


def is_sum(cells: Iterable[str]) -> bool:
    """A row that adds others up: its first words are `Jumlah` or `Total`."""
    first = next((cell for cell in cells if cell), "")
    return bool(re.match(r"(?i)(sub\s*)?(jumlah|total)\b", first))
