"""What the stored letters of the registry and the list of 100 are called on a page."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: TargetState; '' while nobody has decided.
STATES: dict[str, str | Promise] = {
    "": _("belum diputuskan"),
    "target": _("sasaran"),
    "reserve": _("cadangan"),
    "replaced": _("diganti"),
}
#: Doubt of a NIK.
DOUBTS: dict[str, str | Promise] = {
    "shape": _("susunannya tidak mungkin untuk NIK: periksa angkanya di KTP atau KK"),
    "region": _("diterbitkan di kota atau kabupaten lain; wajar bila pernah pindah"),
    "sex": _("angka tanggal lahirnya milik jenis kelamin lain: periksa NIK atau jenis kelaminnya"),
    "born": _("tanggal lahir di dalamnya lain dari yang tertulis"),
    "other": _("pendataan mengatakan lain dari NIK yang tercatat: periksa KTP atau KK"),
    "twice": _("NIK ini juga tercatat pada keluarga lain di tahun ini"),
}
#: FamilyState, and what a visit says beside it.
FAMILY_STATES: dict[str, str | Promise] = {
    "pindah": _("pindah"),
    "meninggal": _("meninggal, tidak ada anggota lain"),
    "menolak": _("menolak"),
    "tidak_ditemukan": _("tidak ditemukan"),
    "ada": _("masih ada"),
    "bertemu": _("bertemu dan didata"),
}
#: TargetReason.
REASONS: dict[str, str | Promise] = {
    "moved": _("pindah"),
    "died": _("meninggal"),
    "refused": _("menolak"),
    "unfit": _("ternyata tidak memenuhi syarat"),
    "double": _("tercatat dua kali"),
}
#: SubmissionMode.
WAYS: dict[str, str | Promise] = {
    "import": _("impor lembar kerja"),
    "phone": _("formulir di HP"),
    "web": _("formulir di peramban"),
    "keyed": _("diketik dari kertas"),
    "group": _("pertemuan kelompok"),
    "agreed": _("dari instansi lain"),
    "demo": _("data contoh"),
}
#: CommitmentState.
COMMITMENT_STATES: dict[str, str | Promise] = {
    "proposed": _("usulan"),
    "planned": _("direncanakan"),
    "running": _("berjalan"),
    "blocked": _("terkendala"),
    "done": _("selesai"),
    "cancelled": _("dibatalkan"),
}
