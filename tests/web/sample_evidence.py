"""Evidence in its states, made up for tests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from selaras.queries.evidence import AddPage, Asked, EvidenceLine, ListPage, OnePage, PointPage, Removed, UseLine
from selaras.queries.evidence_codes import ItemLine, ListLine, ListsPage, Proof
from selaras.queries.evidence_codes import ListPage as CodeListPage
from selaras.queries.evidence_desk import Decided, DeskPage
from selaras.queries.evidence_labels import Choice, Group
from selaras.web import evidence, evidence_codes, evidence_desk
from selaras.web.evidence import AddForm, PointForm, ToldForm
from selaras.web.evidence_codes import CodesForm
from tests.web.samples import CYCLE, GEDONG, SUKMAJAYA

WHEN = datetime(2024, 8, 12, 3, 0, tzinfo=UTC)
LONG = "Keluarga memiliki dan menggunakan jamban sehat yang layak dengan tangki septik kedap"


def _use(number: int, label: str, state: str = "waiting", **more: object) -> UseLine:
    values: dict[str, object] = {
        "id": number, "value": f"contoh:{number}", "label": label, "source": "P2WKSS contoh", "lokus": "Gedong Dalem",
        "state": state, "reason": "", "mine": False,
    }  # fmt: skip
    return UseLine(**{**values, **more})  # type: ignore[arg-type]


PHOTO = EvidenceLine(
    id=UUID(int=1),
    version=1,
    kind="photo",
    caption="Jamban sehat di RT 02 sudah dipakai, tangki septik terlihat di sisi kiri rumah",
    filename="IMG_20240809_101112.jpg",
    media_type="image/jpeg",
    size=2_400_000,
    url="",
    sha256="9f3c71ab" * 8,
    lokus=GEDONG,
    agency="DPRKP",
    activity=(UUID(int=9), "Pembangunan 12 jamban"),
    received_at=WHEN,
    taken_at=WHEN,
    metres=4_230,
    points="4000 × 3000",
    uploaded_by="Ani Sumarni",
    state="waiting",
    decided_by="",
    decided_at=None,
    reason="",
    doubts=("far", "other_day", "edited"),
    uses=(_use(1, LONG), _use(2, "Sumber air minum layak", mine=True)),
    opens=True,
)
DOCUMENT = replace(
    PHOTO, id=UUID(int=2), kind="document", caption="", filename="SK-Tim-Pembina-2024-ditandatangani.pdf",
    media_type="application/pdf", lokus=None, activity=None, metres=None, taken_at=None, points="", state="verified",
    decided_by="Budi Santoso", decided_at=WHEN, doubts=("pdf_active",),
    uses=(_use(3, "Tim pembina ada dan bekerja", "verified"), _use(4, LONG, "refused", reason="tidak terbukti")),
)  # fmt: skip
LINK = replace(
    PHOTO, id=UUID(int=3), kind="link", caption="Video pelatihan menjahit", filename="", media_type="", sha256="",
    size=0, url="https://www.youtube.com/watch?v=" + "a" * 60, metres=None, taken_at=None, state="refused",
    reason="Videonya tahun 2022, bukan kegiatan tahun ini", decided_by="Budi Santoso", decided_at=WHEN, doubts=(),
    uses=(), activity=None, points="",
)  # fmt: skip
LOCKED = replace(DOCUMENT, opens=False)

PAGE = ListPage(
    cycle=CYCLE, asked=Asked(), use_label="", rows=(PHOTO, DOCUMENT, LINK), total=63,
    counts={"waiting": 21, "verified": 40, "refused": 2}, page=1, pages=3, loci=(GEDONG, SUKMAJAYA),
    removed=(Removed(UUID(int=5), "Daftar hadir rapat", WHEN),), may_add=True, may_decide=True, may_codes=True,
    may_point=False, desk=21,
)  # fmt: skip
FOUND = replace(
    PAGE, may_point=True, asked=Asked(GEDONG.code, "waiting", "photo", "contoh:jamban"), use_label=LONG, page=2, desk=0
)
NONE = replace(PAGE, rows=(), total=0, counts={}, pages=1, removed=(), desk=0, may_codes=False)
NOTHING_FITS = replace(NONE, asked=Asked(state="refused"))

_GROUPS = (
    Group("P2WKSS contoh", "Kesehatan", (Choice("contoh:jamban", LONG, "foto jamban dan daftar keluarga"),)),
    Group("P2WKSS contoh", "Ekonomi", (Choice("contoh:usaha", "Usaha keluarga berjalan"),)),
    Group("", "KLA 2024", (Choice("kode:1", "1.1.a Peraturan daerah tentang pemenuhan hak anak"),)),
)
ADD = AddPage(CYCLE, GEDONG, (GEDONG, SUKMAJAYA), True, ((1, "DPRKP"), (2, "Dinkes")), _GROUPS)
ADD_YEAR = replace(ADD, lokus=None)


def adding(page: AddPage = ADD, data: dict[str, object] | None = None) -> dict[str, object]:
    """The form for new evidence; with `data` as it was sent back."""
    form = AddForm(page, data, initial={"id": UUID(int=1), "uses": ["contoh:jamban"]})
    if data is not None:
        form.is_valid()
    return {**evidence.form_context(page, form), "lost_file": data is not None}


def changing() -> dict[str, object]:
    """What was refused, to be put right."""
    form = ToldForm(ADD, initial={"version": 2, "caption": LINK.caption})
    return {**evidence.form_context(ADD, form), "changing": LINK}


def one(line: EvidenceLine, *, may: bool = True) -> dict[str, object]:
    """The page of one piece, for who may do everything with it or nothing."""
    return evidence.context(OnePage(CYCLE, line, may, may, may))


_LAST = Decided(UUID(int=7), "Daftar hadir penyuluhan", "terverifikasi", 2, WHEN)


def desk(line: EvidenceLine | None = PHOTO, *, problems: tuple[str, ...] = ()) -> dict[str, object]:
    """The desk with a piece on it, or empty."""
    page = DeskPage(CYCLE, line, 21 if line else 0, 2, 1 if line else 0, _LAST)
    return evidence_desk.context(page, reason="Buram" if problems else "", problems=problems)


def point(data: dict[str, str] | None = None) -> dict[str, object]:
    """Where a lokus is; with `data` as it was sent back."""
    form = PointForm(data, initial={"point": "-5.9981, 106.0312", "radius": 1500})
    if data is not None:
        form.is_valid()
    return evidence.point_context(PointPage(CYCLE, GEDONG, (-5.9981, 106.0312), 1500, 41, 3), form)


_LIST = ListLine(UUID(int=1), "KLA 2024", "Permen PPPA 12/2022", 24, 11, 7)
_ITEMS = (
    ItemLine("1.1.a", "Peraturan daerah tentang pemenuhan hak anak", False, (Proof(UUID(int=2), LONG, "verified"),)),
    ItemLine("1.1.b", "Forum Anak aktif dan dilibatkan dalam musrenbang kelurahan", False, ()),
    ItemLine("9", "Butir lama", True, (Proof(UUID(int=3), "Foto", "waiting"),)),
)
LISTS = ListsPage(CYCLE, (_LIST,), True)
NO_LISTS = ListsPage(CYCLE, (), True)
CODES = CodeListPage(CYCLE, _LIST, _ITEMS, "1.1.a | Peraturan daerah", True)


def lists(page: ListsPage = LISTS) -> dict[str, object]:
    """The lists of codes."""
    return evidence_codes.lists_context(page, CodesForm())


def codes() -> dict[str, object]:
    """One list, code by code."""
    return evidence_codes.list_context(CODES, CodesForm(initial={"title": "KLA 2024", "text": CODES.text}))


#: Name → template and what it is given.
PAGES: dict[str, tuple[str, Callable[[], dict[str, object]]]] = {
    "bukti": ("evidence.html", lambda: evidence.list_context(PAGE)),
    "bukti-saring": ("evidence.html", lambda: evidence.list_context(FOUND)),
    "bukti-kosong": ("evidence.html", lambda: evidence.list_context(NONE)),
    "bukti-tidak-cocok": ("evidence.html", lambda: evidence.list_context(NOTHING_FITS)),
    "bukti-kirim": ("evidence_new.html", adding),
    "bukti-kirim-salah": ("evidence_new.html", lambda: adding(data={"uses": ["x"], "url": "x" * 600})),
    "bukti-kirim-tahun": ("evidence_new.html", lambda: adding(ADD_YEAR)),
    "bukti-betulkan": ("evidence_new.html", changing),
    "satu-bukti": ("evidence_one.html", lambda: one(PHOTO)),
    "satu-bukti-dokumen": ("evidence_one.html", lambda: one(DOCUMENT)),
    "satu-bukti-tautan": ("evidence_one.html", lambda: one(LINK)),
    "satu-bukti-terkunci": ("evidence_one.html", lambda: one(LOCKED, may=False)),
    "bukti-meja": ("evidence_desk.html", desk),
    "bukti-meja-dokumen": ("evidence_desk.html", lambda: desk(DOCUMENT, problems=("belum", "salah"))),
    "bukti-meja-kosong": ("evidence_desk.html", lambda: desk(None)),
    "bukti-titik": ("evidence_point.html", point),
    "bukti-titik-salah": ("evidence_point.html", lambda: point({"point": "", "radius": "x"})),
    "bukti-kode": ("evidence_codes.html", lists),
    "bukti-kode-kosong": ("evidence_codes.html", lambda: lists(NO_LISTS)),
    "bukti-kode-satu": ("evidence_code_list.html", codes),
}
