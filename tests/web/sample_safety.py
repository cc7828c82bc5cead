"""What the pages of numbers to call and of safety walks are given, from samples."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.http import QueryDict

from selaras.errors import Problem
from selaras.queries.helplines import CardPage, HelplineLine, Numbers, national
from selaras.queries.plans import AgencyRef
from selaras.queries.walks import FindingLine, Spot, WalkLine, WalkPage, WalksPage
from selaras.web import helplines, walks
from tests.web import samples

Context = dict[str, object]
_ON = date(2026, 11, 20)
_UPTD = HelplineLine(
    "uptd", "UPTD PPA Kota Cilegon", "0254 000000", "0800-0000-0000", "Senin–Jumat 08.00–16.00", "Contoh", _ON
)
OWN = Numbers("36.72", "Kota Cilegon", (_UPTD, *national()), own=True, today=date(2026, 11, 27))
COUNTRY = Numbers("36.72", "Kota Cilegon", national(), own=False, today=date(2027, 8, 1))
KEPT = CardPage(samples.CYCLE, OWN, keeps=True, hands_over=False)
BARE = CardPage(samples.CYCLE, COUNTRY, keeps=True, hands_over=True)
_WRONG = (Problem("helpline.changed"), Problem("helpline.number", "number-1", {"found": "x"}))
_TYPED = QueryDict("name-0=UPTD PPA&number-0=x&checked_on-0=kemarin")


def _wrong() -> Context:
    return helplines.edit_context(KEPT, [*OWN.lines[:1], *helplines.read_lines(_TYPED)], _WRONG)


_LINE = WalkLine(UUID(int=3), "RT 02/RW 03", date(2024, 5, 4), women=12, children=7, found=3, proposed=1)
WALKED = WalksPage(
    samples.CYCLE,
    samples.GEDONG,
    (_LINE, replace(_LINE, where="RT 01/RW 03", found=0, proposed=0)),
    (
        Spot("RT 02/RW 03", "toilet", "worship", "always", walks=1, numbers=()),
        Spot("RT 02/RW 03", "dark", "bridge", "night", walks=2, numbers=(14, 121)),
    ),
    (("03", "01"), ("03", "02")),
    date(2024, 5, 6),
    may_walk=True,
)
_FOUND = (
    FindingLine(1, "crowd", "worship", "school", None),
    FindingLine(2, "water", "river", "always", None),
    FindingLine(3, "dark", "bridge", "night", 14),
)
_OFFICES = (AgencyRef(1, "DPUTR", "Dinas Pekerjaan Umum dan Tata Ruang"), AgencyRef(2, "Dishub", "Dinas Perhubungan"))
WALK = WalkPage(samples.CYCLE, samples.GEDONG, _LINE, _FOUND, _OFFICES, may_change=True)
_FEW = (Problem("walk.area", "rt"), Problem("walk.day", "on"), Problem("walk.few", "women", {"least": 3}))
_UNCHOSEN = (Problem("walk.what", "what"), Problem("walk.when", "when"))


PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "nomor": ("numbers.html", lambda: helplines.public_context(OWN)),
    "nomor-nasional": ("numbers.html", lambda: helplines.public_context(replace(COUNTRY, code="", place=""))),
    "kartu-petugas": ("card.html", lambda: helplines.card_context(KEPT)),
    "kartu-petugas-kosong": ("card.html", lambda: helplines.card_context(BARE)),
    "nomor-ubah": ("card_numbers.html", lambda: helplines.edit_context(KEPT, OWN.lines)),
    "nomor-ubah-salah": ("card_numbers.html", _wrong),
    "jalan-bersama": ("walks.html", lambda: walks.list_context(WALKED)),
    "jalan-bersama-kosong": (
        "walks.html",
        lambda: walks.list_context(replace(WALKED, lines=(), spots=()), QueryDict("rt=x&women=1&on="), _FEW),
    ),
    "satu-jalan": ("walk.html", lambda: walks.context(WALK)),
    "satu-jalan-tanpa-opd": (
        "walk.html",
        lambda: walks.context(WALK, None, (Problem("walk.agency", "opd"),), finding=2),
    ),
    "satu-jalan-salah": (
        "walk.html",
        lambda: walks.context(replace(WALK, findings=(), agencies=()), {"near": "bridge"}, _UNCHOSEN),
    ),
}
