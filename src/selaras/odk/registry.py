"""What the registry keeps of families and persons, and how surveys and sheets call it, as plain names."""

import re
from collections.abc import Mapping

from selaras.odk.forms import Form

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

#: How surveys and sheets call the day of a person's birth.
BIRTH = frozenset({"tanggal_lahir", "tgl_lahir", "tanggal_lahir_anggota", "lahir", "birth_date", "date_of_birth"})

#: How surveys call whether somebody has a NIK, and the choices that say no.
HAS_NIK = frozenset({"has_nik", "punya_nik", "sudah_punya_nik", "ada_nik", "kepemilikan_nik"})
_NO = frozenset({"no", "tidak", "belum", "belum_punya", "tidak_punya", "0"})


def plain(text: str) -> str:
    """A title as a name: `Nama Kepala Keluarga *` -> `nama_kepala_keluarga`."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")


def family_items(form: Form) -> dict[str, str]:
    """Question outside of repeats -> item of the registry (`head_name`, `kk`, …), each item once."""
    return _items(form, None, FAMILY)


def person_items(form: Form, repeat: str) -> dict[str, str]:
    """Question of that repeat -> item of a person (`name`, `nik`, `sex`, `relation`), each item once."""
    found = _items(form, repeat, PERSON)
    return {name: item for name, item in found.items() if item not in {"code", "kk"}}


def nik_questions(form: Form) -> dict[str, str]:
    """Question that asks for a NIK, of the family or of a member -> the question for the day of birth beside it, ''."""
    found = [name for name, item in family_items(form).items() if item == "nik"]
    found += [name for repeat in form.repeats for name, item in person_items(form, repeat).items() if item == "nik"]
    births = {one.repeat: name for name, one in form.fields.items() if plain(name) in BIRTH and one.kind == "date"}
    return {name: births.get(form.fields[name].repeat, "") for name in found}


def says_no_nik(form: Form, repeat: str, texts: Mapping[str, str]) -> bool:
    """Whether a row of that repeat says that she has no NIK yet. `texts` are as a phone wrote them, by question."""
    asked = (name for name, one in form.fields.items() if one.repeat == repeat and plain(name) in HAS_NIK)
    return any(plain(texts.get(name, "")) in _NO for name in asked)


def _items(form: Form, repeat: str | None, known: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in form.fields.values():
        if one.repeat != repeat:
            continue
        word = plain(one.name)
        for item, words in known.items():
            if (word == item or word in words) and item not in found.values():
                found[one.name] = item
                break
    return found
