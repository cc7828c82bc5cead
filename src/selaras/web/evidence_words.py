"""What a passport says, in words: states, kinds, and doubts with what to do about each."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from selaras.models import EvidenceKind, EvidenceState
from selaras.queries.evidence import EvidenceLine, UseLine
from selaras.queries.words import told
from selaras.web.tags import angka

#: A doubt's code -> what does not fit. None of them is a verdict: whoever looks decides.
DOUBTS = {
    "name": gettext_lazy("Nama berkasnya menyebut jenis lain; jenis di sini menurut isinya."),
    "time_ahead": gettext_lazy("Jam kamera menunjuk waktu yang belum tiba; waktunya tidak dipakai."),
    "time_before": gettext_lazy("Menurut kamera, foto ini jauh lebih tua dari tahun program."),
    "time_unread": gettext_lazy("Waktu pengambilan tidak terbaca."),
    "no_time": gettext_lazy("Tanpa waktu pengambilan: foto yang lewat aplikasi pesan biasanya begitu."),
    "place_zero": gettext_lazy("Titik GPS nol: kamera belum menemukan satelit."),
    "place_unread": gettext_lazy("Titik GPS di foto tidak masuk akal; tidak dipakai."),
    "no_place": gettext_lazy("Tanpa titik GPS."),
    "edited": gettext_lazy("Pernah disimpan dengan penyunting gambar."),
    "film": gettext_lazy("Di belakang foto ada film pendek dari HP; yang ditampilkan hanya fotonya."),
    "pdf_active": gettext_lazy("PDF ini dapat menjalankan sesuatu atau membawa lampiran; buka dengan hati-hati."),
    "pdf_locked": gettext_lazy("PDF ini dikunci; minta yang tanpa sandi bila tidak terbuka."),
    "carried": gettext_lazy("Dibawa orang lain tanpa tanda pengirimnya."),
    "far": gettext_lazy("Titik kamera jauh dari lokus."),
    "other_day": gettext_lazy("Tanggal kamera bukan tanggal kegiatannya."),
}
#: What is usual and worth no colour.
QUIET = frozenset({"no_time", "no_place", "film"})
PILLS = {"waiting": "needs", "verified": "done", "refused": "harm"}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One, in words; `loud` where somebody should look twice."""

    words: str
    loud: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece with its words: what the templates read."""

    line: EvidenceLine
    kind: str
    state: str
    pill: str
    distance: str
    doubts: tuple[Doubt, ...]
    uses: tuple[tuple[UseLine, str, str], ...]


def shown(line: EvidenceLine) -> Shown:
    """The line in the reader's language."""
    return Shown(
        line=line,
        kind=told(EvidenceKind(line.kind).label),
        state=state_word(line.state),
        pill=PILLS[line.state],
        distance=distance(line.metres),
        doubts=tuple(Doubt(str(DOUBTS[each]), each not in QUIET) for each in line.doubts if each in DOUBTS),
        uses=tuple((use, state_word(use.state), PILLS[use.state]) for use in line.uses),
    )


def all_shown(lines: Iterable[EvidenceLine]) -> list[Shown]:
    """Many of them."""
    return [shown(line) for line in lines]


def state_word(state: str) -> str:
    """`terverifikasi`, in the reader's language."""
    return told(EvidenceState(state).label)


def distance(metres: int | None) -> str:
    """`850 m`, `1,2 km`; '' where it is not known."""
    if metres is None:
        return ""
    if metres < 1000:
        return _("%(n)s m") % {"n": metres}
    return _("%(n)s km") % {"n": angka(Decimal(metres) / 1000)}
