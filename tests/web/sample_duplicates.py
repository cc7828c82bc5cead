"""Pages of families that may stand twice and of what became of a family, made up for tests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from selaras.errors import Problem
from selaras.queries.duplicates import DuplicatesPage, PairLine, Related, Side
from selaras.queries.statements import Became, StateLine
from selaras.web import duplicates, household
from tests.web import sample_registry as registry
from tests.web.samples import CYCLE, GEDONG, VISIT

AT = datetime(2024, 3, 4, 2, 0, tzinfo=UTC)
ONE = Side(UUID(int=1), "GD-014", "02", "01", "", 4, AT, "import", "target", (VISIT,))
OTHER = Side(UUID(int=2), "GD-101", "02", "01", "", 3, AT, "field", "", ())
FAR = Side(UUID(int=3), "SJ-007", "1", "12", "36.72.05.1001", 5, AT, "field", "reserve", (VISIT,))
LEVELS = {
    "head": "part",
    "members": "many",
    "niks": "one",
    "births": "one",
    "kk": "blank",
    "phone": "differs",
    "address": "street",
    "place": "same",
}
FIRST = PairLine(UUID(int=9), (ONE, OTHER), "sure", LEVELS, "", "", "", None)
PAGE = DuplicatesPage(
    CYCLE,
    GEDONG,
    (
        FIRST,
        replace(
            FIRST, uuid=UUID(int=10), sides=(ONE, FAR), chance="likely", levels={"head": "same", "place": "differs"}
        ),
        replace(FIRST, uuid=UUID(int=11), chance="maybe", levels={}, proposed_by="Budi Lurah"),
    ),
    31,
    (
        replace(FIRST, uuid=UUID(int=12), answer="one", kept="GD-014", answered_by="Budi Lurah", answered_at=AT),
        replace(FIRST, uuid=UUID(int=13), answer="two", answered_by="Budi Lurah", answered_at=AT),
        replace(FIRST, uuid=UUID(int=14), answer="house", answered_by="", answered_at=AT),
    ),
    AT,
    may_judge=True,
)
NOTHING = DuplicatesPage(CYCLE, GEDONG, (), 0, (), None, may_judge=False)
NAMES = {
    ONE.uuid: ("Hj. Siti Aminah Rohayatiningsih", "Jl. Melati No. 12, Lingkungan Contoh Blok C"),
    OTHER.uuid: ("Aminah", ""),
    FAR.uuid: ("Siti Aminah", "Kp. Baru"),
}

_MOVED = StateLine(UUID(int=5), "pindah", date(2024, 5, 2), "Budi Lurah", AT, "office")
_REFUSED = StateLine(None, "menolak", date(2024, 3, 4), "Ani Kader", AT, "visit")
BECAME = replace(
    registry.HOUSEHOLD,
    became=Became(_MOVED, (_MOVED, _REFUSED)),
    related=Related(("GD-101",), ("GD-015", "GD-016"), "GD-002", ("GD-120",)),
)


def refused() -> dict[str, object]:
    """The page of a family whose state was said without a day."""
    given = {"keadaan": "pindah", "sejak": ""}
    return {**household.context(BECAME, None), "problems": (Problem("state.day", "sejak"),), "given": given}


#: Name → template and what it is given.
PAGES: dict[str, tuple[str, Callable[[], dict[str, object]]]] = {
    "dua-kali": ("duplicates.html", lambda: duplicates.context(PAGE)),
    "dua-kali-nama": ("duplicates.html", lambda: {**duplicates.context(PAGE, NAMES), "named": True}),
    "dua-kali-salah": (
        "duplicates.html",
        lambda: {**duplicates.context(PAGE), "problems": (Problem("merge.conflict", values={"code": "GD-014"}),)},
    ),
    "dua-kali-kosong": ("duplicates.html", lambda: duplicates.context(NOTHING)),
    "satu-keluarga-pindah": ("household.html", lambda: household.context(BECAME, registry.FAMILY)),
    "satu-keluarga-keadaan-salah": ("household.html", refused),
}
