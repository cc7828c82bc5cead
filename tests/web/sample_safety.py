"""What the pages of numbers to call are given, from samples."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from django.http import QueryDict

from selaras.errors import Problem
from selaras.queries.helplines import CardPage, HelplineLine, Numbers, national
from selaras.web import helplines
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


PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "nomor": ("numbers.html", lambda: helplines.public_context(OWN)),
    "nomor-nasional": ("numbers.html", lambda: helplines.public_context(replace(COUNTRY, code="", place=""))),
    "kartu-petugas": ("card.html", lambda: helplines.card_context(KEPT)),
    "kartu-petugas-kosong": ("card.html", lambda: helplines.card_context(BARE)),
    "nomor-ubah": ("card_numbers.html", lambda: helplines.edit_context(KEPT, OWN.lines)),
    "nomor-ubah-salah": ("card_numbers.html", _wrong),
}
