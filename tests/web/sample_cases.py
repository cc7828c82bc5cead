"""The pages of the locked room in their states, made up for tests."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from selaras.cases.breaking import Emergency
from selaras.cases.facts import Facts, Void
from selaras.cases.rows import Line
from selaras.cases.tickets import Step, TicketRead, as_read
from selaras.cases.trail import Told, Trail
from selaras.cases.watch import Change
from selaras.cases.web.forms import BreakForm, CodeForm, PurposeForm, StepForm
from selaras.cases.web.front import front_context, handed_context
from selaras.cases.web.gate import OWN
from selaras.cases.web.officers import change_line
from selaras.cases.web.room import log_context, room_context, ticket_context
from selaras.cases.web.words import EMERGENCIES
from selaras.errors import Problem
from selaras.models.people import User

NOW = datetime(2026, 11, 27, 5, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_PLACES = (("36.72.05.1005", "Gedong Dalem"), ("36.72.05.1001", "Jombang Wetan"))
_NAMES = {"36.72.05.1005": "Kelurahan Gedong Dalem", "36.72.05.1001": "Kelurahan Jombang Wetan"}


def _read(code: str, ago: timedelta, **said: object) -> TicketRead:
    facts = Facts("36.72.05.1005", "", NOW - ago, **said)  # type: ignore[arg-type]
    return as_read(code, facts, NOW, User(uuid=UUID(int=5)))


_OPEN = _read("K7MQ2RTX9B", 2 * HOUR)
_LATE = _read("H3WVD8NPQ4", 30 * HOUR)
_HAND_ON = _read("Z5CXE6JRT2", 2 * DAY, received_at=NOW - 40 * HOUR, must_pass=True, simfoni="417/PPA/2026")
_FOLLOW = _read("B9GYA4MWK7", 80 * DAY, received_at=NOW - 80 * DAY, must_pass=False, simfoni="388/PPA/2026")
_DONE = _read("T2QZP6HNX5", 200 * DAY, received_at=NOW - 200 * DAY, must_pass=False, followed_at=NOW - 110 * DAY)
_UNANSWERED = _read(
    "M6NTD3GXH8", 4 * DAY, received_at=NOW - 4 * DAY + HOUR, received_noted=NOW - DAY, simfoni="421/PPA/2026"
)
_ASKED = _read("W2JFK7CRB5", 30 * HOUR, void=Void.TWICE, void_waits=True, void_by=str(UUID(int=6)), twin="H3WVD8NPQ4")
_VOID = _read("X4RKM9CVE3", 12 * DAY, void=Void.MISTAKE)


def _wrong() -> dict[str, object]:
    said = {"at": "2026-11-27T11:00", "simfoni": "3672051234567890", "wajib": "ya"}
    form = StepForm(Step.RECEIVE, said)
    form.full_clean()
    form.add_error(None, "itu bukan nomor SIMFONI; tulis nomor pencatatan SIMFONI PPA, bukan NIK dan bukan nomor HP")
    return ticket_context(_LATE, _NAMES, form)


def _break(number: int, **said: object) -> dict[str, object]:
    base = {
        "id": UUID(int=number),
        "why": EMERGENCIES[Emergency.OFFICER_ABSENT],
        "asker": "Contoh Sekretariat",
        "asked_at": NOW - 3 * HOUR,
        "agreer": "",
        "agreed_at": None,
        "waits": False,
        "may_agree": False,
        "may_read": False,
    }
    return {**base, **said}


_BREAKS = [
    _break(1, waits=True, may_agree=True),
    _break(2, agreer="Contoh Pimpinan", agreed_at=NOW - HOUR, may_read=True),
    _break(3),
]
_CHANGES = [
    change_line(Change(NOW - HOUR, "Contoh Petugas Baru", "people.second_step_on", ""), {}),
    change_line(Change(NOW - DAY, "Contoh Petugas Baru", "invitations.make_again", "Contoh Sekretariat"), {}),
    change_line(Change(NOW - 2 * DAY, "Contoh Pimpinan", "invitations.make_again", "Contoh", "", True, 3), {}),
    change_line(Change(NOW - 2 * DAY, "Contoh Pimpinan", "ended", "", "36.72", leader=True), {"36.72": "Kota Cilegon"}),
    change_line(Change(NOW - 3 * DAY, "Contoh Petugas Baru", "task", "", "36.72"), {"36.72": "Kota Cilegon"}),
]
_OFFICER = {"where": "Kota Cilegon", "known": False, "has_step": True, "mine": False, "by": "", "at": None}
_OFFICERS = [
    {**_OFFICER, "id": "b", "name": "Contoh Petugas Baru", "mine": True},
    {**_OFFICER, "id": "c", "name": "Contoh Petugas Kecamatan", "by": "Contoh Pimpinan", "at": NOW - HOUR},
    {**_OFFICER, "id": "d", "name": "Contoh Petugas Tanpa Kode", "has_step": False},
    {**_OFFICER, "id": "a", "name": "Contoh Petugas", "known": True, "by": "Contoh Petugas Lama", "at": NOW - 9 * DAY},
]
_TYPED = [("langkah", "number"), ("kode", "K7MQ2RTX9B"), ("simfoni", "417/PPA/2026")]
_TRAIL = Trail(
    told=(
        Told(Line(9, NOW, "a", "read", "handle", "K7MQ2RTX9B", {}), 1, NOW),
        Told(Line(8, NOW - HOUR, "a", "list", "clocks", "", {}), 12, NOW - HOUR - HOUR / 3),
        Told(Line(7, NOW - HOUR, "a", "refused", "handle", "", {}), 112, NOW - HOUR - HOUR / 3),
        Told(Line(3, NOW - 2 * HOUR, "b", "hand_over", "", "K7MQ2RTX9B", {}), 1, NOW - 2 * HOUR),
        Told(Line(2, NOW - DAY, "", "rotate", "", "", {}), 1, NOW - DAY),
        Told(Line(1, NOW - DAY, "", "", "", "", {}, ("36.72",), gone=True), 1, NOW - DAY),
    ),
    older=1,
    names={"a": "Contoh Petugas", "b": "Contoh Kader"},
    broken=(),
    officers=("Contoh Petugas", "Contoh Petugas Kedua"),
)

PAGES = {
    "serah": ("cases/hand_over.html", lambda: front_context(_PLACES)),
    "serah-kode": ("cases/handed.html", lambda: handed_context("K7MQ2RTX9B", str(UUID(int=9)))),
    "ruang-keperluan": (
        "cases/purpose.html",
        lambda: {"form": PurposeForm(prefix=OWN), "breaks": _BREAKS[1:], "changes": _CHANGES, "wait": 1, "more": 4},
    ),
    "ruang-dikenali": ("cases/waiting.html", lambda: {"code": "K7M-Q2R", "alone": ["Contoh Petugas"], "two": []}),
    "ruang-dikenali-berdua": (
        "cases/waiting.html",
        lambda: {"code": "K7M-Q2R", "alone": [], "two": ["Contoh Pimpinan", "Contoh Sekretariat"]},
    ),
    "ruang-dikenali-server": (
        "cases/waiting.html",
        lambda: {"code": "K7M-Q2R", "alone": [], "two": [], "username": "petugas.contoh"},
    ),
    "ruang-dikenali-dua-kota": (
        "cases/waiting.html",
        lambda: {
            "code": "K7M-Q2R",
            "alone": [],
            "two": [],
            "username": "petugas.contoh",
            "cities": ["Kota Cilegon", "Kota Serang"],
        },
    ),
    "ruang-petugas": ("cases/officers.html", lambda: {"officers": _OFFICERS, "changes": _CHANGES}),
    "ruang-petugas-salah": (
        "cases/officers.html",
        lambda: {
            "officers": _OFFICERS,
            "changes": (),
            "about": "b",
            "typed": "AAA-AAA",
            "problems": [Problem("cases.vouch_code")],
        },
    ),
    "ruang-kode": ("cases/code.html", lambda: {"form": CodeForm(user=None, prefix=OWN), "carried": _TYPED}),
    "ruang-terlalu-sering": ("cases/again.html", lambda: {"carried": _TYPED}),
    "ruang": (
        "cases/room.html",
        lambda: room_context(
            (_LATE, _UNANSWERED, _ASKED, _HAND_ON, _OPEN, _FOLLOW), _NAMES, "Memeriksa tenggat", closed=False
        ),
    ),
    "ruang-selesai": ("cases/room.html", lambda: room_context((_DONE, _VOID), _NAMES, "Pengawasan", closed=True)),
    "tiket": ("cases/ticket.html", lambda: ticket_context(_HAND_ON, _NAMES)),
    "tiket-belum-dijawab": ("cases/ticket.html", lambda: ticket_context(_UNANSWERED, _NAMES)),
    "tiket-diminta": ("cases/ticket.html", lambda: ticket_context(_ASKED, _NAMES)),
    "serah-batal": ("cases/hand_over.html", lambda: front_context(_PLACES, back=True)),
    "tiket-salah": ("cases/ticket.html", _wrong),
    "ruang-jejak": ("cases/trail.html", lambda: log_context(_TRAIL)),
    "darurat": ("cases/breaks.html", lambda: {"form": BreakForm(), "breaks": _BREAKS}),
    "ruang-tertutup": ("cases/shut.html", dict),
}
