"""A rehearsal that has been, one that is under way, and what agencies have left: all of it invented."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from selaras.access import gladi_tasks_for
from selaras.actions import gladi, purses
from selaras.actions.gladi_sheets import type_sheet
from selaras.models import Cycle, Lokus, User
from selaras.odk.marking import Said
from selaras.queries.gladi import gladi_list, who_could_mark
from selaras.queries.plans import agencies_of

#: Item → what each of two markers ticked, with why; a number where the item has no options.
_FIRST: dict[str, tuple[str, str, str]] = {
    "tim_lintas_sektor": ("b", "c", "SK ada, laporan kegiatannya belum"),
    "rencana_kerja": ("b", "b", "matriks belum ditandatangani"),
    "validasi_sasaran": ("c", "c", ""),
    "data_terpilah": ("a", "b", "papan data belum dipilah umur"),
    "kegiatan_fisik": ("b", "b", "foto 50 % belum dicetak"),
    "kegiatan_nonfisik": ("d", "d", ""),
    "penerimaan_warga": ("70", "80", ""),
    "inovasi_kelurahan": ("a", "a", "belum ada uraian hasilnya"),
    "rencana_keberlanjutan": ("belum", "a", "belum ada penanggung jawab sesudah program"),
}
_SECOND = {"tim_lintas_sektor": "d", "data_terpilah": "d", "kegiatan_fisik": "c", "penerimaan_warga": "85"}
_MARKERS = ("Contoh Penilai Kebondalem", "Contoh Penilai Ketileng")
_SOURCE = "data contoh (sintetis)"


@dataclass(frozen=True, slots=True)
class _Measure:
    """`serves`: indicator and families a unit, in turns."""

    agency: str
    title: str
    unit: str
    serves: str
    cost: int
    days: int
    most: int | None = None


_PURSES = (
    ("Disperkim", "perubahan", 180_000_000, date(2024, 9, 1), date(2024, 12, 15)),
    ("Disperkim", "csr", 60_000_000, None, date(2024, 10, 31)),
    ("DKCS", "dpa", 12_000_000, None, date(2024, 10, 31)),
    ("Dinkop UKM", "dpa", 45_000_000, None, date(2024, 9, 30)),
    ("DLH", "dpa", 20_000_000, None, None),
)
_MEASURES = (
    _Measure("Disperkim", "Bangun jamban sehat dengan tangki septik", "unit", "jamban_sehat 1", 7_500_000, 30),
    _Measure("Disperkim", "Perbaikan rumah tidak layak huni", "rumah", "rumah_layak 1 jamban_sehat 1", 25_000_000, 60),
    _Measure("Disperkim", "Sambungan air bersih", "sambungan", "air_bersih 1", 2_250_000, 21),
    _Measure("DKCS", "Perekaman keliling KTP dan akta", "hari", "ktp 6 akta_lahir 6", 1_500_000, 14, 5),
    _Measure(
        "Dinkop UKM",
        "Pelatihan usaha dan izin (NIB)",
        "kelas",
        "perempuan_dilatih 10 usaha_berizin 4",
        9_000_000,
        20,
        3,
    ),
    _Measure("DLH", "Tong pilah dan bank sampah RT", "RT", "sampah 20", 4_000_000, 14),
)


def has_rehearsed(by: User, cycle: Cycle) -> bool:
    """Whether all of it is there already."""
    return bool(gladi_list(by, cycle.slug).lines)


def prepare(cycle: Cycle, loci: list[Lokus], by: User) -> None:
    """Two rehearsals, with a task that was said to be done; purses and measures of a few agencies."""
    _plan(cycle, by)
    gladi.open_gladi(by=by, cycle_slug=cycle.slug, starts=date(2024, 9, 2), ends=date(2024, 9, 3))
    for lokus in loci:
        for place, name in enumerate(_MARKERS):
            said = {item: Said(marks[place], marks[2] if place == 0 else "") for item, marks in _FIRST.items()}
            type_sheet(by=by, cycle_slug=cycle.slug, number=1, code=lokus.area, name=name, said=said)
    gladi.close_gladi(by=by, cycle_slug=cycle.slug, number=1)
    task = gladi_tasks_for(by).filter(gladi__cycle=cycle, indicator="tim_lintas_sektor").order_by("pk")[0]
    done = "Laporan kegiatan tim sudah dijilid"
    gladi.say_done(by=by, cycle_slug=cycle.slug, task=task.uuid, version=task.version, said=done)
    gladi.open_gladi(by=by, cycle_slug=cycle.slug, starts=date(2024, 9, 23), ends=date(2024, 9, 24))
    for lokus in loci:
        people = [person.id for person in who_could_mark(by, cycle.slug, 2, lokus.area)]
        gladi.ask_markers(by=by, cycle_slug=cycle.slug, number=2, code=lokus.area, people=people)
    marks = {item: Said(mark) for item, mark in _SECOND.items()}
    type_sheet(by=by, cycle_slug=cycle.slug, number=2, code=loci[0].area, name=_MARKERS[0], said=marks)


def _plan(cycle: Cycle, by: User) -> None:
    agencies = {agency.short_name: agency.pk for agency in agencies_of(cycle)}
    for short, fund, left, opens, closes in _PURSES:
        purses.set_purse(
            by=by, cycle_slug=cycle.slug, agency_id=agencies[short], fund=fund, left=Decimal(left), opens=opens,
            closes=closes, source=_SOURCE,
        )  # fmt: skip
    for one in _MEASURES:
        words = one.serves.split()
        serves = dict(zip(words[::2], map(int, words[1::2]), strict=True))
        said = purses.Measured(
            agency_id=agencies[one.agency], title=one.title, unit=one.unit, serves=serves, cost=Decimal(one.cost),
            days=one.days, most=one.most, source=_SOURCE,
        )  # fmt: skip
        purses.add_measure(by=by, cycle_slug=cycle.slug, said=said)
