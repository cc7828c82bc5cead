"""What the stored letters of families' words are called on a page, and the four questions as they are read aloud."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

#: Via.
VIAS: Words = {
    "lembar": _("dijawab sendiri dengan kode lembar"),
    "kader": _("dibacakan"),
    "kertas": _("diketik dari kertas"),
}
#: Said.
SAID: Words = {"ibu": _("ibu sendiri"), "lain": _("orang lain di rumah")}
#: AidKind.
KINDS: Words = {
    "alat": _("alat"),
    "ternak": _("ternak atau tanaman"),
    "modal": _("modal"),
    "barang": _("barang lain"),
    "layanan": _("pelatihan atau layanan (tidak dipegang)"),
}
#: Holder.
HOLDERS: Words = {
    "perempuan": _("perempuan di rumah"),
    "bersama": _("perempuan dan laki-laki bersama"),
    "laki_laki": _("suami atau laki-laki di rumah"),
    "orang_lain": _("orang lain"),
    "kelompok": _("kelompok"),
    "kantor": _("masih di kantor"),
    "tidak_ada": _("sudah tidak ada"),
}
#: AidUser.
USERS: Words = {
    "perempuan": _("perempuan di rumah"),
    "bersama": _("perempuan dan laki-laki bersama"),
    "laki_laki": _("suami atau laki-laki di rumah"),
    "orang_lain": _("orang lain"),
    "tidak_dipakai": _("tidak dipakai"),
}
#: The four questions by name: what they are about, and as they are read.
QUESTIONS: dict[str, tuple[str | Promise, str | Promise]] = {
    "role": (_("Peran"), _("Di mana Ibu ikut memutuskan?")),
    "access": (_("Akses"), _("Kalau Ibu butuh pelatihan, modal, atau layanan, bisakah Ibu mendapatkannya?")),
    "control": (_("Kontrol"), _("Siapa yang mengatur uang atau barang hasil usaha?")),
    "benefit": (_("Manfaat"), _("Apakah hidup Ibu lebih baik karena kegiatan ini?")),
}
#: The answers of each, as they are read; `role` takes several.
ANSWERS: dict[str, Words] = {
    "role": {
        "rumah": _("di rumah"),
        "kelompok": _("di kelompok"),
        "rapat": _("di rapat RT, RW, atau kelurahan"),
        "tidak": _("belum di mana pun"),
    },
    "access": {"ya": _("bisa"), "kadang": _("kadang-kadang"), "tidak": _("tidak")},
    "control": {
        "ibu": _("ibu sendiri"),
        "bersama": _("bersama suami"),
        "suami": _("suami"),
        "lain": _("orang lain"),
        "belum": _("belum ada hasilnya"),
    },
    "benefit": {
        "sangat": _("jauh lebih baik"),
        "cukup": _("lebih baik"),
        "sedikit": _("sedikit lebih baik"),
        "tidak": _("tidak berubah"),
    },
}
