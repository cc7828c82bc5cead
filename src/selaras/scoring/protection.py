"""What may be measured of the protection of women and children: a closed list.

A place must never lose points because someone dared to report. So nothing here counts raw cases: only whether
help exists, is known, is reached in time and does not stop. Each is one value a unit, given as a fact; Kota and
UPTD PPA know it, a family is never asked. Time limit of passing on: UU 12/2022 article 41 asks for 3 x 24 hours;
one day until it is received is the programme's own promise, and runs from the code that the front line makes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MeasureKind = Literal["boolean", "share", "number"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One name of the list. `kind`: yes or no, a share of 0…1, or a number of 0 and more."""

    name: str
    kind: MeasureKind
    label: str


_LIST = (
    Measure("channel_exists", "boolean", "saluran pengaduan ada dan terjangkau"),
    Measure("channel_known", "share", "bagian warga yang tahu ke mana melapor"),
    Measure("people_trained", "number", "banyaknya orang yang dilatih mencegah dan merujuk"),
    Measure("awareness_endline", "share", "bagian warga yang memahami perlindungan pada pendataan akhir"),
    Measure("handover_24h", "share", "bagian rujukan yang diterima UPTD PPA dalam 24 jam sesudah kodenya dibuat"),
    Measure("passed_on_in_time", "share", "bagian rujukan wajib yang diteruskan dalam 3 × 24 jam sesudah diterima"),
    Measure("followup_3_months", "share", "bagian rujukan yang ditindaklanjuti setelah 3 bulan"),
    Measure("prevention_done", "boolean", "kegiatan pencegahan dilaksanakan"),
    Measure("child_marriage_prevention", "boolean", "pencegahan perkawinan anak berjalan"),
    Measure("child_labour_prevention", "boolean", "pencegahan pekerja anak berjalan"),
    Measure("forum_anak_active", "boolean", "Forum Anak aktif"),
    Measure("patbm_active", "boolean", "PATBM aktif"),
    Measure("parenting_classes", "number", "banyaknya pertemuan kelas pengasuhan"),
)

MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in _LIST}
