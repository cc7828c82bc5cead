"""What offices call the columns that the registry keeps, as plain names."""

import re
from collections.abc import Mapping

from selaras.reports.problems import TITLE

#: What the registry keeps of a family, and how files and surveys call it.
FAMILY: Mapping[str, tuple[str, ...]] = {
    "code": ("kode", "kode_keluarga", "kode_kk", "household_id", "id_keluarga", "nomor_keluarga", "no_keluarga"),
    "head_name": (
        *("nama_kepala", "nama_kepala_keluarga", "kepala_keluarga", "nama_kk", "nama", "nama_lengkap"),
        *("nama_kepala_keluarga_kk", "nama_responden", "nama_sasaran", "nama_warga", "nama_penerima"),
    ),
    "address": ("alamat", "alamat_rumah", "alamat_lengkap", "alamat_domisili", "alamat_tempat_tinggal", "jalan"),
    "rw": ("rw", "no_rw", "nomor_rw"),
    "rt": ("rt", "no_rt", "nomor_rt"),
    "rt_rw": ("rt_rw", "rtrw", "rw_rt", "alamat_rt_rw"),
    "kk": (
        *("kk", "no_kk", "nomor_kk", "nkk", "no_kartu_keluarga", "nomor_kartu_keluarga", "kartu_keluarga"),
        *("nomor_kartu_keluarga_kk", "no_kartu_keluarga_kk", "nomor_kk_16_digit"),
    ),
    "nik": ("nik", "no_nik", "nomor_nik", "nik_kepala", "nik_kepala_keluarga", "no_ktp", "nomor_ktp", "nik_ktp"),
    "phone": (
        *("hp", "no_hp", "nomor_hp", "no_hp_wa", "nomor_hp_wa", "telepon", "no_telepon", "nomor_telepon", "telp"),
        *("no_telp", "no_telp_hp", "no_hp_telp", "handphone", "no_handphone", "wa", "no_wa", "nomor_wa", "whatsapp"),
    ),
}
#: Likewise of a person.
PERSON: Mapping[str, tuple[str, ...]] = {
    "code": FAMILY["code"],
    "kk": FAMILY["kk"],
    "name": ("nama", "nama_anggota", "nama_anggota_keluarga", "nama_lengkap"),
    "nik": ("nik", "nik_anggota", "no_nik", "nomor_nik", "no_ktp"),
    "sex": ("jk", "jenis_kelamin", "kelamin", "l_p", "lp", "jenis_kelamin_l_p", "sex"),
    "relation": (
        *("hubungan", "hubungan_keluarga", "hubungan_dengan_kepala", "hubungan_dengan_kepala_keluarga"),
        *("hubungan_kk", "hub_keluarga", "shdk", "status_hubungan_dalam_keluarga", "status_dalam_keluarga"),
    ),
}
#: The running number, which says nothing.
NUMBERING = frozenset({"no", "nomor", "no_urut", "nomor_urut", "urut", "nr"})
_STOP = frozenset(
    "di ke dari yang dan atau untuk apa apakah ini itu ada rumah keluarga jenis status data nomor no jumlah".split()
)


def plain(text: str) -> str:
    """A title as a name: `Nama Kepala Keluarga *` -> `nama_kepala_keluarga`."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")


#: The column that we put in front of a sheet with its problems.
OURS = frozenset({plain(TITLE)})


def tokens(text: str) -> frozenset[str]:
    """The words that tell one title from another."""
    words = {word for word in plain(re.sub(r"\([^()]*\)", " ", text)).split("_") if len(word) > 1}
    return frozenset(words - _STOP) or frozenset(words)
