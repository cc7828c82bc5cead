"""What the pages of strategies are given, from samples."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from selaras.errors import Problem
from selaras.queries.plans import AgencyRef
from selaras.queries.strategies import Draft, EarlierLine, Outcome, StrategiesPage, StrategyForm, StrategyLine
from selaras.web import strategies
from tests.web import samples
from tests.web.sample_change import _AFTER, _BEFORE, JAMBAN, SCHOOL

Context = dict[str, object]
_AT = datetime(2024, 3, 20, 3, 15, tzinfo=UTC)
_FOUND = "Kelompok perempuan tidak dilibatkan saat letak jamban dan tukangnya dipilih, sehingga sebagian tidak dipakai"
WOMEN = StrategyLine(
    UUID(int=8), "women", "jury", "", _FOUND, "Berita acara juri 2023, https://contoh.go.id/berita-acara",
    "Kelompok perempuan memilih letak dan tukangnya; DP3AP2KB mendampingi", date(2024, 3, 20), "DP3AP2KB",
    (Outcome("Gedong Dalem", samples.GEDONG.code, "Jamban sehat", JAMBAN),
     Outcome("Sukmajaya", "36.72.05.1001", "Jamban sehat", None)),
    (_BEFORE, _AFTER), 1, "Diteruskan; mulai dari RT yang kelompoknya aktif.", "Ratna Wulandari", _AT, 2,
)  # fmt: skip
CHILDREN = replace(
    WOMEN, uuid=UUID(int=9), audience="children", source="own", place="Gedong Dalem", change="", decided_on=None,
    agency="", outcomes=(Outcome("Gedong Dalem", samples.GEDONG.code, SCHOOL.label, SCHOOL),), lesson="",
)  # fmt: skip
BARE = replace(CHILDREN, uuid=UUID(int=10), outcomes=(), rounds=None, measures=0)
PAGE = StrategiesPage(
    samples.CYCLE, (WOMEN,), (CHILDREN, BARE), (replace(BARE, uuid=UUID(int=11)),),
    (EarlierLine(2023, "women", _FOUND, "Rapat dipindah ke sore hari", "Diteruskan"),), may_keep=True,
)  # fmt: skip
EMPTY = replace(PAGE, women=(), children=(), taken_back=(), earlier=())
_DRAFT = Draft(
    "women", "jury", samples.GEDONG.code, _FOUND, "Berita acara juri 2023", "", "2024-03-20", "1", ("jamban",)
)
FORM = StrategyForm(
    samples.CYCLE, None, 0, Draft(audience="children"), (samples.GEDONG,),
    (AgencyRef(1, "DP3AP2KB", "Dinas Pemberdayaan Perempuan"),),
    (("jamban", "Jamban sehat"), ("sekolah", SCHOOL.label)), (_BEFORE, _AFTER),
)  # fmt: skip
_REFUSED = (Problem("strategy.decided", "diputuskan"),)

PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "strategi": ("strategies.html", lambda: strategies.context(PAGE)),
    "strategi-juri": ("strategies.html", lambda: strategies.context(replace(PAGE, taken_back=(), may_keep=False))),
    "strategi-kosong": ("strategies.html", lambda: strategies.context(EMPTY)),
    "strategi-baru": ("strategy.html", lambda: strategies.form_context(FORM)),
    "strategi-salah": (
        "strategy.html",
        lambda: strategies.form_context(replace(FORM, uuid=UUID(int=8), draft=_DRAFT), problems=_REFUSED),
    ),
}
