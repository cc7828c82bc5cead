"""What those who came said in the demo's year: boxes of paper, invented as all of it."""

from selaras.actions.reactions import Papers, look_at, print_slips, type_papers
from selaras.models import Cycle, User
from selaras.queries.activities import latest_activities
from selaras.queries.reactions import reactions_page

#: Title of the activity → papers, useful (ya, sebagian, tidak), would use it (ya, belum tahu, tidak), what is missing.
BOXES: dict[str, tuple[int, tuple[int, int, int], tuple[int, int, int], tuple[str, ...]]] = {
    "Sosialisasi saluran bantuan di balai kelurahan": (
        38,
        (27, 8, 3),
        (21, 14, 3),
        ("Nomornya ditempel di tiap RT saja", "Terlalu cepat, tidak sempat bertanya", "Ada ruang menyusui kalau bisa"),
    ),
    "Layanan akta keliling": (19, (18, 1, 0), (19, 0, 0), ("Antrenya panjang", "Datang lagi bulan depan")),
    "Pelatihan menjahit, minggu pertama": (
        16,
        (9, 5, 2),
        (6, 7, 3),
        ("Mesinnya kurang, bergantian terus", "Jamnya bentrok dengan jemput anak sekolah"),
    ),
}
#: Asked by slips that nobody has used yet.
PRINTED = "Perekaman NIK di RW 02"
SLIPS = 12


def react(cycle: Cycle, by: User) -> None:
    """Count the boxes, and look at the first of the words where they may be shown."""
    for line in latest_activities(by, cycle.slug, most=20):
        if line.title == PRINTED:
            print_slips(by=by, cycle_slug=cycle.slug, activity_id=line.id, slips=SLIPS)
        if line.title not in BOXES:
            continue
        papers, useful, use, words = BOXES[line.title]
        replies = ("yes", "some", "no")
        counts = {name: dict(zip(replies, each, strict=True)) for name, each in (("useful", useful), ("use", use))}
        counted = Papers(papers=papers, counts=counts, words=words)
        type_papers(by=by, cycle_slug=cycle.slug, activity_id=line.id, counted=counted)
        for text in reactions_page(by, cycle.slug, line.id).unread[:2]:
            look_at(by=by, cycle_slug=cycle.slug, text_id=text.id, show=True)
