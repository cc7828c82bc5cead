"""The demo's year: what is published of Cilegon's programme, with its sources; the rest is marked as invented.

Facts and their confidence are those that the project's research found in public sources in November 2026.
"""

from dataclasses import dataclass
from datetime import date

from selaras.actions.cycles import Dated
from selaras.models import Confidence

CITY = "36.72"
PROVINCE = "36"
YEAR = 2024
#: Place code → prefix of the families' codes. Which of the two stood before the jury was not published.
LOCI = {"36.72.05.1005": "GD", "36.72.05.1001": "SJ"}
INVENTED = "tanggal contoh"
_OTHER_YEARS = "bulan menurut tahun lain; tanggal contoh"
#: First and last day of the baseline.
BASELINE = (date(2024, 2, 5), date(2024, 3, 15))
#: The phones' work is over and the visits have not begun: the round that the demo leaves open.
VISIT = (date(2024, 7, 3), date(2024, 7, 28))

#: One round that is open on the day when the demo is loaded and for six weeks more, so that a phone can be tried: days
#: before and after that day. It is the second visit.
TRIED = (14, 42)

STAGES = (
    Dated("Penetapan lokasi", date(2023, 11, 20), date(2023, 12, 15), _OTHER_YEARS),
    Dated("Survei lokasi dan validasi data sasaran", date(2024, 2, 5), date(2024, 3, 15), _OTHER_YEARS),
    Dated(
        "Rakor tim sektoral: siapa berbuat apa",
        date(2024, 4, 25),
        date(2024, 4, 25),
        "rakor 25 April 2024: https://matamedia.co.id/rakor-tim-sektoral-p2wkss-berdampak-tingkatkan-kualitas-hidup-kaum-perempuan",
    ),
    Dated("Pelaksanaan oleh OPD dan mitra", date(2024, 4, 29), date(2024, 10, 31), INVENTED),
    Dated("Kunjungan dan evaluasi awal", date(2024, 7, 3), date(2024, 8, 16), _OTHER_YEARS),
    Dated("Evaluasi persiapan penilaian", date(2024, 9, 23), date(2024, 9, 27), INVENTED),
    Dated("Penilaian provinsi di lokasi", date(2024, 10, 28), date(2024, 11, 8), _OTHER_YEARS),
    Dated("Pemantauan 6 dan 12 bulan", date(2025, 5, 5), date(2025, 11, 14), INVENTED),
)


@dataclass(frozen=True, slots=True)
class Won:
    """An achievement that was published."""

    place: str
    year: int
    title: str
    level: str
    source: str
    confidence: Confidence
    programme: str


ACHIEVEMENTS = (
    Won(
        "36.72.02.1002",
        2023,
        "Juara I",
        "Provinsi Banten",
        "berita daring tentang P2WKSS Kota Cilegon 2024, yang menyebut gelar 2023",
        Confidence.PRESS,
        "p2wkss",
    ),
)


@dataclass(frozen=True, slots=True)
class Past:
    """Loci of an earlier year. No result of theirs was found, and none is invented."""

    year: int
    loci: dict[str, str]


PAST = (
    Past(2013, {"36.72.01.1004": "CK", "36.72.01.1003": "BL"}),
    Past(2019, {"36.72.06.1004": "GR"}),
    Past(2021, {"36.72.04.1005": "KP"}),
    Past(2023, {"36.72.02.1002": "CW"}),
)

#: Short name → full name. Those of the second group are the usual names of such offices, not verified for Cilegon.
AGENCIES = {
    "DP3AP2KB": "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana",
    "DKPP": "Dinas Ketahanan Pangan dan Pertanian",
    "Dinsos": "Dinas Sosial",
    "DKCS": "Dinas Kependudukan dan Pencatatan Sipil",
    "Bappedalitbang": "Badan Perencanaan Pembangunan Daerah, Penelitian dan Pengembangan",
    "Diskominfo": "Dinas Komunikasi, Informatika, Statistik dan Persandian",
    "Dindikbud": "Dinas Pendidikan dan Kebudayaan",
    "Dinkes": "Dinas Kesehatan",
    "Disperkim": "Dinas Perumahan dan Kawasan Permukiman",
    "Dinkop UKM": "Dinas Koperasi, Usaha Kecil dan Menengah",
    "DLH": "Dinas Lingkungan Hidup",
    "Kemenag": "Kantor Kementerian Agama",
    "TP PKK": "Tim Penggerak PKK",
    "BAZNAS": "Badan Amil Zakat Nasional",
}

_SYNTHETIC = "data contoh (sintetis)"
#: Facts of the baseline by lokus: indicator → number or option. What is missing was not measured yet.
FACTS: dict[str, dict[str, str]] = {
    "36.72.05.1005": {
        "tim_lintas_sektor": "b",
        "rencana_kerja": "a",
        "opd_hadir": "0.72",
        "anggaran_tersedia": "0.55",
        "keluarga_sasaran": "100",
        "validasi_sasaran": "b",
        "data_terpilah": "a",
        "komitmen_selesai": "0.18",
        "kegiatan_nonfisik": "a",
        "pembinaan_bulanan": "2",
        "kelompok_perempuan": "4",
        "pengurus_perempuan": "0.21",
        "saluran_ada": "1",
        "orang_dilatih": "6",
        "pencegahan": "a",
        "cegah_kawin_anak": "b",
        "forum_anak": "a",
        "patbm": "1",
        "kelas_pengasuhan": "3",
        "mitra": "5",
    },
    "36.72.05.1001": {
        "tim_lintas_sektor": "b",
        "rencana_kerja": "a",
        "opd_hadir": "0.64",
        "anggaran_tersedia": "0.48",
        "keluarga_sasaran": "100",
        "validasi_sasaran": "a",
        "komitmen_selesai": "0.12",
        "kegiatan_fisik": "a",
        "pembinaan_bulanan": "3",
        "kelompok_perempuan": "3",
        "pengurus_perempuan": "0.17",
        "saluran_ada": "1",
        "orang_dilatih": "4",
        "pencegahan": "b",
        "cegah_kawin_anak": "a",
        "cegah_pekerja_anak": "a",
        "patbm": "0",
        "kelas_pengasuhan": "1",
        "inovasi_kelurahan": "a",
        "mitra": "3",
    },
}
FACT_SOURCE = _SYNTHETIC


@dataclass(frozen=True, slots=True)
class Account:
    """One person of the demo. `agency` for a liaison, else `area` is a place code; `cycle` False is all years."""

    role: str
    username: str
    full_name: str
    area: str = ""
    agency: str = ""
    cycle: bool = True


ACCOUNTS = (
    Account("administrator", "admin", "Contoh Pengelola", "", cycle=False),
    Account("secretariat", "sekretariat", "Contoh Sekretariat Kota", CITY, cycle=False),
    Account("secretariat", "sekretariat-serang", "Contoh Sekretariat Kota Serang", "36.73", cycle=False),
    Account("liaison", "perkim", "Contoh Penghubung Disperkim", agency="Disperkim"),
    Account("liaison", "dinkes", "Contoh Penghubung Dinkes", agency="Dinkes"),
    Account("supervisor", "lurah-gedongdalem", "Contoh Lurah Gedong Dalem", "36.72.05.1005"),
    Account("supervisor", "lurah-sukmajaya", "Contoh Lurah Sukmajaya", "36.72.05.1001"),
    Account("supervisor", "camat-jombang", "Contoh Camat Jombang", "36.72.05"),
    Account("cadre", "kader", "Contoh Kader RW 01", "36.72.05.1005.RW01"),
    Account("cadre", "kader-pengganti", "Contoh Kader Pengganti", "36.72.05.1005"),
    Account("protection", "perlindungan", "Contoh Petugas Perlindungan", CITY),
    Account("juror", "juri", "Contoh Juri Provinsi", PROVINCE),
    Account("province", "provinsi", "Contoh Sekretariat Provinsi", PROVINCE, cycle=False),
    Account("leader", "pimpinan", "Contoh Pimpinan Kota", CITY, cycle=False),
)
