"""What a city usually begins with: stages and rounds of a year, and the offices that most cities have. All editable."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext_noop as _

from selaras.models import RoundKind
from selaras.queries.words import told


@dataclass(frozen=True, slots=True)
class StageDraft:
    """A stage to be dated; both days belong to it."""

    name: str
    starts: date
    ends: date
    source: str = ""


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """A round to be dated; `number` counts visits."""

    kind: str
    number: int
    opens: date
    closes: date

    @property
    def label(self) -> str:
        """`Data awal`, `Kunjungan 2`."""
        words = told(RoundKind(self.kind).label).capitalize()
        return f"{words} {self.number}" if self.kind == RoundKind.VISIT else words


@dataclass(frozen=True, slots=True)
class Bundle:
    """Instruments that ship together and are fed by one survey: the programme's own, then its neighbours.

    `programme` is what a year of them is usually called.
    """

    key: str
    programme: str
    folders: tuple[str, ...]

    @property
    def instruments(self) -> tuple[str, ...]:
        """`p2wkss`, `keluarga-sejahtera`, …: the primary one first."""
        return tuple(folder.partition("/")[0] for folder in self.folders)


BUNDLES: Final[Mapping[str, Bundle]] = {
    "p2wkss": Bundle("p2wkss", "P2WKSS", ("p2wkss/0.2", "keluarga-sejahtera/1.0", "iks/1.0")),
    "krppa": Bundle("krppa", "KRPPA", ("krppa/0.1", "ibangga/1.0", "phbs/1.0")),
}


def bundles_of(programme: str) -> tuple[Bundle, ...]:
    """Those that fit a programme's name: its own where the name says it, else all."""
    return bundles_named(programme) or tuple(BUNDLES.values())


#: How a programme is written: by its short name, or in full.
_WRITTEN: Final[Mapping[str, re.Pattern[str]]] = {
    "p2wkss": re.compile(r"p2[\s-]*wkss|peningkatan\s+peran(an)?\s+wanita\s+menuju\s+keluarga\s+sehat", re.IGNORECASE),
    "krppa": re.compile(r"[kd]rppa|ramah\s+perempuan\s+dan\s+peduli\s+anak", re.IGNORECASE),
}


def bundles_named(text: str) -> tuple[Bundle, ...]:
    """Those whose programme that text names."""
    return tuple(bundle for bundle in BUNDLES.values() if _WRITTEN[bundle.key].search(text))


#: Of a prize: that it was won in a programme that is none of the bundles'.
OTHER: Final = "lain"
#: Key → the programmes that a prize may have been won in, as they are usually called.
PROGRAMMES: Final[Mapping[str, str]] = {
    **{bundle.key: bundle.programme for bundle in BUNDLES.values()},
    OTHER: _("program lain"),
}


def programmes_named(*texts: str) -> frozenset[str]:
    """The keys of those that the first telling text names; none where none tells."""
    return next((keys for text in texts if (keys := frozenset(each.key for each in bundles_named(text)))), frozenset())


def programmes_called(keys: Collection[str]) -> str:
    """`P2WKSS, KRPPA`; '' of none."""
    return ", ".join(told(name) for key, name in PROGRAMMES.items() if key in keys)


def usual_stages(year: int) -> tuple[StageDraft, ...]:
    """The steps that cities have been seen to take, dated into `year`.

    Source: the yearly cycle as put together from decrees and news of Banten and Jawa Barat, 2013 to 2025: validation
    in the first quarter, coordination in March and April, the first evaluation in August, the province in October and
    November. No decree fixes the days; whoever opens the year does.
    """

    def stage(name: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> StageDraft:
        return StageDraft(name, date(year + first[0], *first[1:]), date(year + last[0], *last[1:]))

    return (
        stage(_("Penetapan lokasi"), (-1, 11, 1), (-1, 12, 15)),
        stage(_("Survei lokasi dan validasi data sasaran"), (0, 1, 15), (0, 3, 15)),
        stage(_("Rakor dan sosialisasi: siapa berbuat apa"), (0, 3, 16), (0, 4, 15)),
        stage(_("Penetapan rencana operasional"), (0, 4, 16), (0, 4, 30)),
        stage(_("Pelaksanaan oleh OPD dan mitra"), (0, 5, 1), (0, 10, 15)),
        stage(_("Evaluasi awal dan kunjungan pembinaan provinsi"), (0, 8, 1), (0, 8, 31)),
        stage(_("Evaluasi persiapan menjelang penilaian"), (0, 9, 15), (0, 9, 30)),
        stage(_("Penilaian provinsi di lokasi"), (0, 10, 16), (0, 11, 15)),
        stage(_("Pemantauan 6 dan 12 bulan"), (1, 5, 1), (1, 11, 30)),
    )


def usual_rounds(year: int) -> tuple[RoundDraft, ...]:
    """Baseline, one visit, endline, and the look back after 6 and 12 months."""
    return (
        RoundDraft(RoundKind.BASELINE, 1, date(year, 2, 1), date(year, 3, 15)),
        RoundDraft(RoundKind.VISIT, 1, date(year, 7, 1), date(year, 7, 31)),
        RoundDraft(RoundKind.ENDLINE, 1, date(year, 9, 15), date(year, 10, 10)),
        RoundDraft(RoundKind.T6, 1, date(year + 1, 4, 1), date(year + 1, 4, 30)),
        RoundDraft(RoundKind.T12, 1, date(year + 1, 10, 1), date(year + 1, 10, 31)),
    )


def shifted(day: date, years: int) -> date:
    """The same day of another year; the 29th of February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return (day - timedelta(days=1)).replace(year=day.year + years)


#: Short name → full name of offices that most cities have, by the names that our example instruments ask for. The
#: second half are partners. Names differ by city, so each is offered and none is made by itself.
AGENCIES: Final[Mapping[str, str]] = {
    "DP3AP2KB": "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana",
    "Bappedalitbang": "Badan Perencanaan Pembangunan Daerah, Penelitian dan Pengembangan",
    "Dinkes": "Dinas Kesehatan",
    "Dindikbud": "Dinas Pendidikan dan Kebudayaan",
    "Dinsos": "Dinas Sosial",
    "Disperkim": "Dinas Perumahan dan Kawasan Permukiman",
    "DPUPR": "Dinas Pekerjaan Umum dan Penataan Ruang",
    "DKPP": "Dinas Ketahanan Pangan dan Pertanian",
    "DLH": "Dinas Lingkungan Hidup",
    "Dinkop UKM": "Dinas Koperasi, Usaha Kecil dan Menengah",
    "Disperindag": "Dinas Perindustrian dan Perdagangan",
    "Disnaker": "Dinas Tenaga Kerja",
    "DKCS": "Dinas Kependudukan dan Pencatatan Sipil",
    "Diskominfo": "Dinas Komunikasi, Informatika, Statistik dan Persandian",
    "DPK": "Dinas Perpustakaan dan Kearsipan",
    "Satpol PP": "Satuan Polisi Pamong Praja",
    "BPBD": "Badan Penanggulangan Bencana Daerah",
    "Kemenag": "Kantor Kementerian Agama",
    "PA": "Pengadilan Agama",
    "Polres": "Kepolisian Resor",
    "TP PKK": "Tim Penggerak PKK",
    "GOW": "Gabungan Organisasi Wanita",
    "BAZNAS": "Badan Amil Zakat Nasional",
}


def prefix_for(name: str, taken: Iterable[str] = ()) -> str:
    """A prefix for families' codes out of a place's name: Gedong Dalem → GD, Cipare → CP, and on where it is taken."""
    used = set(taken)
    words = ["".join(letter for letter in word.upper() if "A" <= letter <= "Z") for word in name.split()]
    words = [word for word in words if word] or ["LOKUS"]
    initials = "".join(word[0] for word in words)[:6]
    whole = "".join(words)
    bones = whole[0] + "".join(letter for letter in whole[1:] if letter not in "AIUEO")
    tries = [initials] if len(initials) > 1 else []
    tries += [bones[:1] + letter for letter in bones[1:]] + [whole[:length] for length in range(2, 7)]
    alphabet = (first + second for first in whole for second in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return next((each for each in [*tries, *alphabet] if len(each) > 1 and each not in used), "")
