"""The class of everything that leaves this server under the law on public information, written into the file itself.

Source: UU 14/2008 (KIP) art. 9 (announced regularly), 11 (there for whoever asks), 17 letter h (personal: excepted). A
class here is what the product proposes; the city's PPID decides, and may say otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_noop as _


class Kip(StrEnum):
    """How open an output is; the words are what stands in the file."""

    REGULAR = _("terbuka, diumumkan berkala (UU 14/2008 Pasal 9)")
    ON_REQUEST = _("terbuka, tersedia setiap saat (UU 14/2008 Pasal 11)")
    EXCEPTED = _("dikecualikan (UU 14/2008 Pasal 17 huruf h)")


@dataclass(frozen=True, slots=True)
class Output:
    """One kind of file: its title, its class, and what of it decides that."""

    title: str
    kip: Kip
    why: str

    @property
    def said(self) -> str:
        """As it stands in a file's own description: always in Indonesian."""
        return f"Informasi publik: {self.kip.value}"


#: Names by which the outputs are known here: a Typst template's own, else what makes the file.
OUTPUTS: Final[Mapping[str, Output]] = {
    "weekly": Output(_("Halaman Senin"), Kip.REGULAR, _("hanya jumlah, tanpa keluarga")),
    "kartu-petugas": Output(_("Kartu petugas: siapa dihubungi"), Kip.REGULAR, _("nomor kantor")),
    "rekap": Output(_("Tabel laporan kekerasan"), Kip.REGULAR, _("angka kecil disembunyikan")),
    "berkas-penilaian": Output(_("Berkas penilaian"), Kip.ON_REQUEST, _("beku, tanpa nama keluarga")),
    "paparan": Output(_("Paparan"), Kip.ON_REQUEST, _("tanpa nama keluarga")),
    "siaran-pers": Output(_("Siaran pers"), Kip.REGULAR, _("tanpa nama keluarga")),
    "penilaian-dampak": Output(_("Penilaian dampak pelindungan data"), Kip.ON_REQUEST, _("sesudah ditandatangani")),
    "matriks": Output(_("Matriks siapa berbuat apa"), Kip.ON_REQUEST, _("hanya jumlah")),
    "indikator": Output(_("Angka satu indikator"), Kip.ON_REQUEST, _("hanya jumlah")),
    "daftar-kode": Output(_("Daftar kode dan buktinya"), Kip.ON_REQUEST, _("judul bukti, bukan isinya")),
    "undangan": Output(_("Surat undangan"), Kip.ON_REQUEST, _("surat dinas")),
    "notulen": Output(_("Notulen rapat"), Kip.ON_REQUEST, _("putusan rapat")),
    "surat-tugas": Output(_("Surat tugas"), Kip.ON_REQUEST, _("petugas dalam jabatannya")),
    "formulir": Output(_("Formulir kosong"), Kip.ON_REQUEST, _("pertanyaan saja")),
    "contoh-impor": Output(_("Contoh lembar impor"), Kip.ON_REQUEST, _("judul kolom saja")),
    "lembar-reaksi": Output(_("Lembar reaksi"), Kip.ON_REQUEST, _("kosong; kodenya sekali pakai")),
    "kertas-reaksi": Output(_("Kertas reaksi"), Kip.ON_REQUEST, _("kosong")),
    "pemberitahuan": Output(_("Pemberitahuan kejadian data"), Kip.EXCEPTED, _("ditujukan kepada pemilik data")),
    "daftar-hadir": Output(_("Daftar hadir"), Kip.EXCEPTED, _("nama dan tanda tangan; tanpa itu terbuka")),
    "kehadiran": Output(_("Daftar hadir yang terisi"), Kip.EXCEPTED, _("nama dan tanda tangan; tanpa itu terbuka")),
    "formulir-kode": Output(_("Formulir dengan kode keluarga"), Kip.EXCEPTED, _("menunjuk satu keluarga")),
    "lembar-opd": Output(_("Lembar OPD"), Kip.EXCEPTED, _("kebutuhan menurut kode keluarga")),
    "lembar-keluarga": Output(_("Lembar keluarga"), Kip.EXCEPTED, _("tentang satu keluarga")),
    "lampiran-nama": Output(_("Lampiran nama"), Kip.EXCEPTED, _("nama keluarga")),
    "salinan-data": Output(_("Salinan data keluarga"), Kip.EXCEPTED, _("semua tentang satu keluarga")),
    "daftar-sasaran": Output(_("Daftar sasaran"), Kip.EXCEPTED, _("keluarga satu per satu")),
    "ekspor": Output(_("Ekspor jawaban"), Kip.EXCEPTED, _("jawaban keluarga satu per satu")),
    "masalah-impor": Output(_("Masalah dalam impor"), Kip.EXCEPTED, _("baris keluarga satu per satu")),
    "jejak": Output(_("Jejak audit (CSV)"), Kip.EXCEPTED, _("nama petugas dan kerjanya")),
}
#: Templates that are parts of others, or a picture on a page.
PARTS: Final = frozenset({"office", "kop", "qr"})


def keywords(name: str) -> str:
    """What a file of that name says of itself; '' for a part. Raises KeyError for an output without a class."""
    return "" if name in PARTS else OUTPUTS[name].said


def properties(name: str) -> dict[str, str]:
    """The same for a workbook (XlsxWriter's `set_properties`). A CSV says it in a row or column of its own."""
    return {"keywords": keywords(name), "author": "Selaras"}
