"""What is found at doors and why a form waits, in the words of whoever was there."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Outcome; '' where nobody has been there in the round.
STATES: dict[str, str | Promise] = {
    "": _("belum dikunjungi"),
    "bertemu": _("sudah didata"),
    "tidak_di_rumah": _("tidak di rumah"),
    "pindah": _("sudah pindah"),
    "menolak": _("tidak bersedia"),
    "tidak_ditemukan": _("rumah tidak ditemukan"),
    "meninggal": _("meninggal"),
}
#: What a cadre is told alike of these: apart, a number that she sends would tell whose family asked not to be shown.
LOOKED_AT = _("masih diperiksa kantor")
QUIET = frozenset({"restricted", "known_kk", "failed"})
#: Reason, as a cadre is told of her own form.
WAITS: dict[str, str | Promise] = {
    "broken": _("isinya rusak di jalan"),
    "no_id": _("kiriman tanpa nomor"),
    "other_bytes": _("nomornya sama dengan kiriman lain, isinya berbeda"),
    "unknown_form": _("formulirnya tidak dikenal"),
    "unknown_version": _("versi formulirnya tidak dikenal"),
    "late": _("tiba setelah putaran ditutup"),
    "closed": _("tahun programnya sudah ditutup"),
    "no_household": _("keluarganya tidak ada di daftar"),
    "restricted": LOOKED_AT,
    "foreign": _("keluarganya di luar wilayah Anda"),
    "no_original": _("kiriman yang diperbaiki belum ada"),
    "twice": _("keluarganya sudah didata orang lain"),
    "other_family": _("perbaikannya menunjuk keluarga lain"),
    "known_kk": LOOKED_AT,
    "no_task": _("tugas Anda di tahun ini sudah berakhir"),
    "carried": _("dibawa orang lain, dan berkasnya tidak ditandai HP pengirimnya"),
    "failed": LOOKED_AT,
}
