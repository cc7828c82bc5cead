"""The pages of photos for those outside, and of photos that were used before, made up for tests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from selaras.errors import Problem
from selaras.queries.blurring import BlurLine, BlurPage, BlursPage, Box
from selaras.queries.reuse import ReusePage, Side, Signal, Suspect
from selaras.web.blurring import context, list_context, reused_context
from tests.web.samples import CYCLE, GEDONG, SUKMAJAYA

WHEN = datetime(2024, 8, 12, 3, 0, tzinfo=UTC)
_LINE = BlurLine(
    id=UUID(int=1),
    title="Pelatihan menjahit di balai warga Gedong Dalem, peserta memegang hasil jahitannya",
    lokus=GEDONG,
    received_at=WHEN,
    stand="waiting",
    state="verified",
    drawn=True,
    marked=3,
    hidden=0,
    nobody=False,
    confirmed_by="",
    confirmed_at=None,
    decides=True,
)
_READY = replace(_LINE, stand="ready", hidden=4, confirmed_by="Ratna Wulandari", confirmed_at=WHEN)
_EMPTY = replace(_READY, id=UUID(int=2), title="Sumur", marked=0, hidden=0, nobody=True, lokus=SUKMAJAYA)
_CLOSED = replace(_LINE, id=UUID(int=3), title="IMG_0042.heic", stand="closed", drawn=False, marked=0, lokus=None)
LIST = BlursPage(
    cycle=CYCLE,
    stand="waiting",
    counts={"waiting": 31, "ready": 12, "closed": 1},
    rows=(_LINE, replace(_LINE, id=UUID(int=4), title="Jamban RT 02", marked=0), replace(_LINE, decides=False)),
    page=1,
    pages=2,
    first=UUID(int=1),
    unseen=2,
)
_UNWILLING = replace(_READY, id=UUID(int=5), title="Jamban keluarga selesai dibangun", unwilling=True)
READY = replace(LIST, stand="ready", rows=(_READY, _EMPTY, _UNWILLING), pages=1, unseen=0)
CLOSED = replace(LIST, stand="closed", rows=(_CLOSED,), pages=1, first=None)
NOTHING = replace(LIST, rows=(), counts={"waiting": 0, "ready": 0, "closed": 0}, pages=1, first=None, unseen=0)

_BOXES = (Box(150, 390, 90, 120, 93), Box(540, 430, 60, 78, 81), Box(900, 400, 44, 60, 47))
ONE = BlurPage(
    cycle=CYCLE,
    line=_LINE,
    version=1,
    width=1200,
    height=900,
    detector=True,
    proposed=_BOXES,
    boxes=_BOXES,
    left=31,
    next=UUID(int=4),
)
DONE = replace(ONE, line=_READY, version=2, next=None)
HELD = replace(DONE, line=_UNWILLING)
UNMARKED = replace(ONE, line=replace(_LINE, marked=0), proposed=(), boxes=())
UNDRAWN = replace(UNMARKED, line=_CLOSED, width=0, height=0, next=None)
UNDETECTED = replace(UNMARKED, detector=False)
_WRONG = (Problem("blur.nothing", "regions"), Problem("blur.faces", "not_faces", {"n": 3}))

_MINE = Side(
    evidence=UUID(int=1),
    arrival=None,
    file=0,
    year="P2WKSS 2024",
    title="Jamban sehat di RT 02 sudah dipakai, tangki septik terlihat di sisi kiri rumah",
    where="Gedong Dalem",
    received_at=WHEN,
    sender="Ani Sumarni",
    opens=True,
)
_OTHER = replace(_MINE, evidence=UUID(int=6), title="Jamban RW 01", where="Sukmajaya", sender="Budi Santoso")
_HIDDEN = replace(_MINE, evidence=None, title="", year="P2WKSS 2022", where="Ciwedus", sender="", opens=False)
_SURVEY = replace(_MINE, evidence=None, arrival=UUID(int=7), file=42, title="GD-017", sender="Ani Sumarni")
SUSPECTS = ReusePage(
    cycle=CYCLE,
    rows=(
        Suspect(
            _MINE,
            "waiting",
            (
                Signal("both", _OTHER, 0.97),
                Signal("far", metres=4230, radius=800),
                Signal("other_day", taken=date(2024, 7, 30), on=date(2024, 8, 9)),
            ),
        ),
        Suspect(replace(_MINE, evidence=UUID(int=8), title="Dapur"), "verified", (Signal("alike", _SURVEY, 0.99),)),
        Suspect(
            replace(_MINE, evidence=UUID(int=9), title="Sumur"),
            "waiting",
            (
                Signal("copy", _HIDDEN, 1.0),
                Signal("time_ahead"),
                Signal("other_day", taken=date(2024, 8, 10), on=date(2024, 8, 9)),
                Signal("far", metres=950, radius=800),
            ),
        ),
    ),
    total=3,
    page=1,
    pages=1,
    looked_at=212,
    unseen=3,
)
CALM = replace(SUSPECTS, rows=(), total=0, unseen=0)

#: Name → template and what it is given.
PAGES: dict[str, tuple[str, Callable[[], dict[str, object]]]] = {
    "foto-publik": ("blurs.html", lambda: list_context(LIST)),
    "foto-publik-siap": ("blurs.html", lambda: list_context(READY)),
    "foto-publik-tidak-bisa": ("blurs.html", lambda: list_context(CLOSED)),
    "foto-publik-kosong": ("blurs.html", lambda: list_context(NOTHING)),
    "foto-publik-satu": ("blur.html", lambda: context(ONE, ONE.boxes)),
    "foto-publik-satu-salah": ("blur.html", lambda: {**context(ONE, ()), "problems": _WRONG, "nobody": True}),
    "foto-publik-satu-siap": ("blur.html", lambda: context(DONE, DONE.boxes)),
    "foto-publik-satu-tertahan": ("blur.html", lambda: context(HELD, HELD.boxes)),
    "foto-publik-satu-tanpa-tanda": ("blur.html", lambda: context(UNMARKED, ())),
    "foto-publik-satu-tanpa-gambar": ("blur.html", lambda: context(UNDRAWN, ())),
    "foto-publik-satu-tanpa-pendeteksi": ("blur.html", lambda: context(UNDETECTED, ())),
    "foto-sama": ("reused.html", lambda: reused_context(SUSPECTS)),
    "foto-sama-kosong": ("reused.html", lambda: reused_context(CALM)),
}
