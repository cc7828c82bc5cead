"""What the pages of follow-ups and of what has lasted are given, from samples."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from selaras.errors import Problem
from selaras.queries.followups import FollowUpLine, FollowUpsPage, OwnerChoice
from selaras.queries.lasting import Lasted, LastingLine, LastingPage
from selaras.queries.refs import RoundRef
from selaras.web import followups
from tests.web import samples
from tests.web.sample_field import PROGRESS

Context = dict[str, object]
_AT = datetime(2025, 5, 28, 3, 15, tzinfo=UTC)
_OWNERS = (OwnerChoice(UUID(int=4), "Raden Ayu Siti Nurhasanah Kusumawardhani"), OwnerChoice(UUID(int=5), "Budi Lurah"))
_PLACE = {"cycle": samples.CYCLE, "lokus": samples.GEDONG}
LATE = FollowUpLine(
    **_PLACE, kind="t6", label="6 bulan sesudahnya", due=date(2025, 5, 30), standing="late",
    owner=_OWNERS[0], found="", done_at=None, done_by="", version=1, opens=date(2025, 5, 1), closes=date(2025, 5, 28),
    measured=71, owners=_OWNERS, may_change=True, may_report=True,
)  # fmt: skip
NOBODY = replace(LATE, kind="t12", label="12 bulan sesudahnya", standing="nobody", owner=None, version=0, measured=0,
                 opens=None, closes=None, due=date(2025, 11, 30))  # fmt: skip
_FOUND = "Jamban masih dipakai di semua rumah; dua mesin jahit disimpan karena listriknya tidak kuat."
DONE = replace(LATE, standing="done", done_at=_AT, done_by="Budi Lurah", found=_FOUND, version=3)
_PAST = replace(samples.CYCLE, slug="kota-cilegon-2023", year=2023)
EARLIER = replace(LATE, cycle=_PAST, standing="near")
GONE = replace(NOBODY, cycle=_PAST, owner=None, former=_OWNERS[0].name, version=1)
DROPPED = replace(DONE, kind="t12", standing="dropped", label="12 bulan sesudahnya")
PAGE = FollowUpsPage(samples.CYCLE, date(2025, 6, 2), (LATE, NOBODY), (EARLIER, GONE))
FINISHED = replace(PAGE, lines=(DONE, replace(DROPPED, may_report=False, may_change=False)), earlier=())
EMPTY = replace(PAGE, lines=(), earlier=())
_END = RoundRef("endline", "Data akhir", date(2024, 9, 1), date(2024, 9, 28))
_LATER = (
    RoundRef("t6", "6 bulan sesudahnya", date(2025, 5, 1), date(2025, 5, 28)),
    RoundRef("t12", "12 bulan sesudahnya", date(2025, 11, 1), date(2025, 11, 28)),
)
_LINES = (
    LastingLine("jamban", "Jamban sehat", False, 17, (Lasted(14, 1, 2), Lasted(12, 3, 2))),
    LastingLine("rokok", "Keluarga dengan perokok", True, 9, (Lasted(9, 0, 0), Lasted(5, 3, 1))),
    LastingLine("batuk", "Batuk lama", True, 0, (), hidden=True),
)
LASTED = LastingPage(
    **_PLACE, closed=True, before=PROGRESS.rounds[0], end=_END, later=_LATER, lines=_LINES, nothing=21,
    followups=(DONE, NOBODY), may_see_names=True,
)  # fmt: skip
_REFUSED = (Problem("followup.found", "temuan"),)
_SAID = {"lokus": samples.GEDONG.code, "jenis": "t6", "kerja": "catat", "temuan": ""}

PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "lanjut": ("followups.html", lambda: followups.context(PAGE)),
    "lanjut-salah": ("followups.html", lambda: followups.context(PAGE, said=_SAID, problems=_REFUSED)),
    "lanjut-selesai": ("followups.html", lambda: followups.context(FINISHED)),
    "lanjut-kosong": ("followups.html", lambda: followups.context(EMPTY)),
    "bertahan": ("lasting.html", lambda: followups.lasting_context(LASTED)),
    "bertahan-belum": ("lasting.html", lambda: followups.lasting_context(replace(LASTED, later=(), lines=()))),
    "bertahan-kosong": (
        "lasting.html",
        lambda: followups.lasting_context(replace(LASTED, before=None, end=None, later=(), lines=(), followups=())),
    ),
}
