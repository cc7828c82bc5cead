"""What the closed list of `scoring.protection` is called, marked for translation: that floor knows no Django."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop as _

MEASURE_WORDS: Final[Mapping[str, str]] = {
    "channel_exists": _("saluran pengaduan ada dan terjangkau"),
    "channel_known": _("bagian warga yang tahu ke mana melapor"),
    "people_trained": _("banyaknya orang yang dilatih mencegah dan merujuk"),
    "awareness_endline": _("bagian warga yang memahami perlindungan pada pendataan akhir"),
    "handover_24h": _("bagian rujukan yang diterima UPTD PPA dalam 24 jam sesudah kodenya dibuat"),
    "passed_on_in_time": _("bagian rujukan wajib yang diteruskan dalam 3 × 24 jam sesudah diterima"),
    "followup_3_months": _("bagian rujukan yang ditindaklanjuti setelah 3 bulan"),
    "prevention_done": _("kegiatan pencegahan dilaksanakan"),
    "child_marriage_prevention": _("pencegahan perkawinan anak berjalan"),
    "child_labour_prevention": _("pencegahan pekerja anak berjalan"),
    "forum_anak_active": _("Forum Anak aktif"),
    "patbm_active": _("PATBM aktif"),
    "parenting_classes": _("banyaknya pertemuan kelas pengasuhan"),
}
