"""What a new meeting could say: title, agenda and guests, from its kind, the agencies and the loci of the year.

In Indonesian, whatever the reader's language: it becomes a letter.
"""

from __future__ import annotations

from dataclasses import dataclass

from selaras.access import Actor, demand, may_hold_meetings, the_cycle
from selaras.models import Agency, Cycle, Lokus, MeetingKind, Place, PlaceKind
from selaras.queries.programme import cycle_ref, today_in
from selaras.queries.refs import CycleRef


@dataclass(frozen=True, slots=True)
class Proposal:
    """A meeting as it could be called; everything in it is for the secretariat to change."""

    cycle: CycleRef
    kind: str
    title: str
    agenda: str
    guests: str
    note: str


#: Kind -> title and agenda. `{programme}`, `{place}`, `{year}` are filled in.
_WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    MeetingKind.RAKOR: (
        "Rapat Koordinasi {programme} {place} Tahun {year}",
        (
            "Hasil pendataan keluarga binaan dan kebutuhan yang belum tertangani",
            "Pembagian tugas perangkat daerah dan mitra: siapa berbuat apa",
            "Sumber dana, sasaran keluarga, dan jadwal pelaksanaan",
            "Kesepakatan dan tindak lanjut",
        ),
    ),
    MeetingKind.SOSIALISASI: (
        "Sosialisasi Program {programme} {place} Tahun {year}",
        (
            "Tujuan dan tahapan program",
            "Tugas perangkat daerah, kecamatan, kelurahan, dan kader",
            "Cara pendataan keluarga binaan dan perlindungan datanya",
            "Tanya jawab",
        ),
    ),
    MeetingKind.EVALUASI: (
        "Rapat Evaluasi {programme} {place} Tahun {year}",
        (
            "Capaian komitmen perangkat daerah dan mitra",
            "Kebutuhan keluarga binaan yang masih terbuka",
            "Kendala dan jalan keluarnya",
            "Rencana tindak lanjut",
        ),
    ),
    MeetingKind.PEMBINAAN: (
        "Pembinaan Lokasi {programme} {place} Tahun {year}",
        (
            "Perkembangan keluarga binaan sejak pembinaan sebelumnya",
            "Kegiatan yang berjalan dan yang tertunda",
            "Masukan dari kader dan keluarga binaan",
            "Rencana sampai pembinaan berikutnya",
        ),
    ),
}
NOTE = "Mengingat pentingnya acara tersebut, dimohon hadir tepat waktu dan tidak diwakilkan."
#: How the head of an office is addressed, by how the office's name begins; else `Pimpinan`.
_HEADS = (
    ("Kecamatan ", "Camat"),
    ("Kelurahan ", "Lurah"),
    ("Tim Penggerak PKK", "Ketua"),
    ("Gabungan Organisasi Wanita", "Ketua"),
    ("Badan Amil Zakat", "Ketua"),
    ("BAZNAS", "Ketua"),
    ("Dinas ", "Kepala"),
    ("Badan ", "Kepala"),
    ("Bagian ", "Kepala"),
    ("Kantor ", "Kepala"),
    ("Satuan ", "Kepala"),
    ("Unit Pelaksana", "Kepala"),
    ("Puskesmas", "Kepala"),
    ("Rumah Sakit", "Direktur"),
)


def propose_meeting(user: Actor, slug: str, kind: str) -> Proposal:
    """A meeting of that kind (an unknown one counts as rakor). Raises Missing, Forbidden."""
    cycle = the_cycle(user, slug)
    demand(may_hold_meetings, user, cycle)
    known = kind if kind in _WORDS else MeetingKind.RAKOR.value
    title, agenda = _WORDS[known]
    words = {"programme": cycle.programme, "place": cycle.place.full_name, "year": cycle.year}
    return Proposal(
        cycle=cycle_ref(cycle),
        kind=known,
        title=title.format_map(words),
        agenda="\n".join(agenda),
        guests="\n".join(addressed(cycle)),
        note=NOTE,
    )


def addressed(cycle: Cycle) -> dict[str, Agency | None]:
    """`Kepala Dinas Kesehatan` -> the agency; then camat and lurah of the loci. In the order of a letter."""
    found: dict[str, Agency | None] = {}
    today = today_in(cycle)
    agencies = Agency.objects.filter(place=cycle.place).order_by("name")
    for agency in agencies:
        if agency.valid_to is None or agency.valid_to >= today:
            found[head_of(agency.name)] = agency
    loci = Lokus.objects.filter(cycle=cycle).select_related("place__parent").order_by("area")
    places = [lokus.place for lokus in loci]
    above = {place.parent.code: place.parent for place in places if place.parent is not None}
    for place in [*above.values(), *places]:
        found.setdefault(_head_of_place(place), None)
    return found


def head_of(office: str) -> str:
    """How whoever leads that office is addressed: `Dinas Kesehatan` -> `Kepala Dinas Kesehatan`."""
    for begins, head in _HEADS:
        if office.startswith(begins):
            # A camat leads a kecamatan, and is not "Camat Kecamatan".
            named_by_place = begins in {"Kecamatan ", "Kelurahan "}
            return f"{head} {office.removeprefix(begins) if named_by_place else office}"
    return f"Pimpinan {office}"


_TITLES = {PlaceKind.KECAMATAN: "Camat", PlaceKind.KELURAHAN: "Lurah"}


def _head_of_place(place: Place) -> str:
    return f"{_TITLES.get(PlaceKind(place.kind), 'Kepala Desa')} {place.name}"
