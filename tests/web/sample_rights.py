"""What the pages of personal data are given, from samples."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from selaras.errors import Problem
from selaras.models.data_map import data_map as the_map
from selaras.queries.breaches import BreachesPage, BreachLine, BreachPage
from selaras.queries.data_map import Asked, DataMapPage, Questions
from selaras.queries.legal_clocks import clocks
from selaras.queries.retirement import Retirement
from selaras.queries.rights import AgainLine, DeskPage, Named, RequestLine, RequestPage
from selaras.web import breaches, data_map, rights
from tests.web import samples

Context = dict[str, object]
_TASK = "UU 27/2022 Pasal 20 ayat (2) huruf e"
_KEPT = "sampai pemantauan 12 bulan setelah tahun program, lalu dihapus"
_QUESTIONS = Questions(
    samples.INSTRUMENT,
    (
        Asked("kesehatan", "mengetahui kebutuhan layanan", _TASK, _KEPT, ("tb_batuk", "hipertensi")),
        Asked("pribadi", "menghitung indikator", _TASK, _KEPT, ("jamban", "sumber_air", "keluhan")),
    ),
    ("catatan",),
)


@lru_cache(maxsize=1)
def map_page() -> DataMapPage:
    """The real map with two questions."""
    tables = the_map()
    fields = Counter(kind for table in tables for _, kind in table.fields)
    return DataMapPage(samples.CYCLE, tables, fields, (_QUESTIONS,), may_open_requests=True, may_keep_breaches=True)


_AT = datetime(2024, 8, 12, 2, 15, tzinfo=UTC)
_WAITING = RequestLine(
    UUID(int=1), 7, "correct", "GD-014", "Gedong Dalem", _AT, _AT + timedelta(hours=72), 5, "open", "near"
)
_REQUESTS = (
    replace(_WAITING, number=5, kind="erase", hours=-9, standing="late"),
    _WAITING,
    replace(_WAITING, number=8, kind="object", household="", lokus="", hours=61, standing="open"),
    replace(_WAITING, number=4, kind="copy", state="done", standing="untold"),
)
_CLOSED = (replace(_WAITING, number=2, kind="see", state="refused", standing="closed"),)
_RETIRE = Retirement(date(2026, 1, 1), 200, over=True, closed=True, under_way=False)
_AGAIN = (
    AgainLine(UUID(int=1), 3, "GD-014", "Gedong Dalem", _AT, "import"),
    AgainLine(UUID(int=1), 3, "SJ-088", "Sukmajaya", _AT, "form"),
)
DESK = DeskPage(samples.CYCLE, _REQUESTS, _CLOSED, 41, clocks(), True, True, _RETIRE, _AGAIN)
_EMPTY = replace(DESK, waiting=(), closed=(), closed_all=0, retirement=None, may_settle=False, again=())
_SAID = {"apa": "copy", "keluarga": "GD-999", "nama": "Raden Ayu Siti Nurhasanah", "hubungi": "", "kata": "Minta."}
_WRONG = (Problem("rights.family", "keluarga", {"code": "GD-999"}), Problem("rights.reach", "hubungi"))
REQUEST = RequestPage(
    cycle=samples.CYCLE, line=_WAITING, clock=clocks()["correct"], asker="Raden Ayu Siti Nurhasanah Kusumawardhani",
    reach="0812 3456 7890", words="Nama anak saya salah tulis,\nseharusnya dengan H.", forgotten=False, known_at=None,
    ground="", answered_at=None, answered_by="", told_at=None, lokus_code="36.72.05.1005", household_there=True,
    asked_as="", household_restricted=False, has_copy=True, deed="", looks=False, lifted_at=None, version=1,
    may_settle=True,
)  # fmt: skip
_COPY = replace(REQUEST, line=replace(_WAITING, kind="copy"), known_at=_AT, asked_as="GD-114")
_ERASE = replace(REQUEST, line=replace(_WAITING, kind="erase"), known_at=_AT)
_NOBODY = replace(
    REQUEST, line=replace(_WAITING, kind="erase", household="", lokus=""), known_at=_AT, household_there=False,
    has_copy=False, lokus_code="", looks=True,
)  # fmt: skip
_NAMED = Named(
    (("daftar hadir", "Raden Ayu Siti Nurhasanah"), ("rapat", "Ibu Siti Nurhasanah bertanya tentang jamban.")), True
)
_RESTRICTED = replace(
    REQUEST, line=replace(_WAITING, kind="restrict", state="done", standing="untold"), known_at=_AT, answered_at=_AT,
    answered_by="Ratna", deed="restricted", household_there=False, household_restricted=True,
    again=_AGAIN,
)  # fmt: skip
_REFUSED = replace(
    REQUEST, line=_CLOSED[0], known_at=_AT, answered_at=_AT, answered_by="Ratna Kusumawardhani", told_at=_AT,
    ground="others", forgotten=True, asker="", reach="", words="", household_there=False,
)  # fmt: skip
_BREACH = BreachLine(
    UUID(int=2), 3, "lost", ("names", "health"), "Gedong Dalem", "36.72.05.1005", _AT, _AT + timedelta(hours=72), 20,
    "HP kader tertinggal di angkot pada 12 Agustus pagi; kuncinya pola.", "Kode HP dicabut pukul 10.", 34, None, None,
    None, None, None, "", "Ratna", 1, "near",
)  # fmt: skip
_SHUT = replace(
    _BREACH, number=1, cause="sent", standing="closed", closed_at=_AT, closed_as="Alamat surel diketik dua kali.",
    authority_told_at=_AT, people_told_at=_AT, lokus="", lokus_code="", families=None,
)  # fmt: skip
_LATE = replace(_BREACH, number=2, cause="intruded", hours=-30, standing="late", accounts=1)
BREACHES = BreachesPage(samples.CYCLE, (_LATE, _BREACH), (_SHUT,), (samples.GEDONG,), clocks()["breach"])
BREACH = BreachPage(
    samples.CYCLE, _BREACH, (samples.GEDONG,), clocks()["breach"], None, date(2024, 8, 12), _AT - timedelta(hours=30)
)


PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "data-pribadi": ("data_map.html", lambda: data_map.context(map_page())),
    "data-pribadi-tanpa": ("data_map.html", lambda: data_map.context(replace(map_page(), questions=()))),
    "hak": ("rights.html", lambda: rights.context(DESK, {})),
    "hak-salah": ("rights.html", lambda: rights.context(DESK, _SAID, _WRONG)),
    "hak-kosong": (
        "rights.html",
        lambda: rights.context(
            replace(DESK, waiting=(), closed=(), closed_all=0, retirement=None, may_settle=False, again=()), {}
        ),
    ),
    "hak-satu": ("request.html", lambda: rights.request_context(REQUEST)),
    "hak-salinan": ("request.html", lambda: rights.request_context(_COPY)),
    "hak-hapus": ("request.html", lambda: rights.request_context(_ERASE)),
    "hak-tamu": (
        "request.html",
        lambda: rights.request_context(_NOBODY, {"jawab": "done"}, (Problem("rights.deed", "perbuatan"),), _NAMED),
    ),
    "hak-dibatasi": ("request.html", lambda: rights.request_context(_RESTRICTED)),
    "hak-ditolak": ("request.html", lambda: rights.request_context(_REFUSED)),
    "kejadian": ("breaches.html", lambda: breaches.context(BREACHES)),
    "kejadian-kosong": ("breaches.html", lambda: breaches.context(replace(BREACHES, open=(), closed=()))),
    "kejadian-satu": ("breach.html", lambda: breaches.breach_context(BREACH)),
    "kejadian-ditutup": ("breach.html", lambda: breaches.breach_context(replace(BREACH, line=_SHUT))),
}
