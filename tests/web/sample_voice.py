"""What the pages of the families' own voice are given, from samples."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from django.http import QueryDict

from selaras.errors import Problem
from selaras.queries.family_sheet import PromiseLine, Recorded, Sheet
from selaras.queries.family_voice import AidLine, FamilyVoicePage, WomanLine, WordLine
from selaras.queries.sheet_door import DoorPage
from selaras.queries.voice import AidVoice, Block, CommitmentVoice, Question, VoicePage, WomenVoice
from selaras.web import family_sheet, sheet_door
from selaras.web.voice_words import ANSWERS
from tests.web import samples
from tests.web.sample_field import PROGRESS

Context = dict[str, object]
_AT = datetime(2024, 7, 12, 3, 15, tzinfo=UTC)
_ON = date(2024, 7, 12)
_VISIT = replace(PROGRESS.rounds[0], slug="visit-1", label="Kunjungan 1")
_LATER = replace(PROGRESS.rounds[0], slug="t6", label="6 bulan sesudahnya")
_LONG = "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana"


def _promise(number: int, title: str, state: str, standing: str, **more: object) -> PromiseLine:
    known = {"person": "", "ends": date(2024, 9, 30), "on": None if standing == "unasked" else _ON, **more}
    return PromiseLine(
        id=number, number=f"K-{number:03}", title=title, agency=_LONG, state=state, standing=standing, **known
    )


PROMISES = (
    _promise(14, "Bantuan jamban dan tangki septik", "done", "received", person="Raden Ayu Siti Nurhasanah"),
    _promise(
        21, "Pelatihan menjahit dan satu mesin jahit untuk tiap keluarga yang ibunya ingin berusaha", "done", "not_yet"
    ),
    _promise(22, "Pengurusan NIB", "running", "unasked", ends=None, paper=False),
)
SHEET = Sheet(
    UUID(int=14),
    "GD-014",
    "02",
    "01",
    (
        Recorded("Jamban sehat", "Cemplung atau cubluk"),
        Recorded("Ada tempat cuci tangan dengan air dan sabun?", "Tidak"),
    ),
    ("Air bersih", "Pekarangan dimanfaatkan"),
    PROMISES,
    measured=True,
)
FAMILY = FamilyVoicePage(
    cycle=samples.CYCLE,
    lokus=samples.GEDONG,
    sheet=SHEET,
    contact="Kelurahan Gedong Dalem, Bu Rina, 0254 123456",
    rounds=(_VISIT, _LATER),
    round=_VISIT,
    aid=(
        AidLine(PROMISES[0], "alat", "laki_laki", "laki_laki", _ON),
        AidLine(PROMISES[1], "", "", "", None),
    ),
    women=(
        WomanLine(UUID(int=1), 2, "istri", ("rumah",), "ya", "bersama", "", _ON),
        WomanLine(UUID(int=2), 3, "anak", None, "", "", "", None),
    ),
    history=(
        WordLine("K-014", PROMISES[0].title, True, "ibu", "lembar", _ON, _AT, ""),
        WordLine("K-021", PROMISES[1].title, False, "lain", "kader", _ON, _AT, "Ratna Wulandari"),
    ),
    printed_at=_AT,
    locked=False,
    today=_ON,
    may_ask=True,
    aloud=True,
)
BARE = replace(
    FAMILY,
    sheet=replace(SHEET, recorded=(), well=(), promises=(), measured=False),
    contact="", rounds=(), round=None, aid=(), women=(), history=(), printed_at=None, aloud=False,
)  # fmt: skip


def _line(number: int, title: str, *counts: int, contradicted: bool = False) -> CommitmentVoice:
    state = "done" if contradicted else "running"
    waiting = tuple(f"GD-{n:03}" for n in range(counts[1])) if contradicted else ()
    return CommitmentVoice(number, f"K-{number:03}", title, "DP3AP2KB", state, *counts, contradicted, waiting)


def _question(name: str, n: int | None, *counts: int | None) -> Question:
    return Question(name, n, tuple(zip(ANSWERS[name], counts, strict=True)))


LOKUS = VoicePage(
    cycle=samples.CYCLE,
    lokus=samples.GEDONG,
    families=64,
    answered=41,
    to_ask=("GD-003", "GD-017", "GD-020"),
    lines=(
        _line(21, PROMISES[1].title, 11, 6, 3, contradicted=True),
        _line(14, PROMISES[0].title, 17, 4, 2),
    ),
    aid=(
        AidVoice(
            _LATER, 23, (("perempuan", 14), ("laki_laki", 4), ("kantor", 3)), (("perempuan", 13), ("laki_laki", 5)),
            5, 3, 0, 2, ("GD-014", "GD-022"),
        ),
    ),
    women=(
        WomenVoice(
            _VISIT,
            (
                _question("role", 31, 24, 12, None, 0),
                _question("access", 30, 18, 7, 5),
                _question("control", 29, None, 17, None, 0, 6),
                _question("benefit", None, None, None, None, None),
            ),
        ),
    ),
    contact_name="Kelurahan Gedong Dalem, Bu Rina",
    contact_phone="0254 123456",
    blocks=(Block("01", "01", 12), Block("01", "02", 9)),
    may_print=True,
    may_set_contact=True,
    may_see_names=True,
)  # fmt: skip
EMPTY = replace(
    LOKUS, families=0, answered=0, to_ask=(), lines=(), aid=(), women=(), contact_name="", contact_phone="", blocks=(),
    may_print=False, may_set_contact=False, may_see_names=False,
)  # fmt: skip
DOOR = DoorPage(
    samples.CYCLE, "open", samples.GEDONG, "GD-014", PROMISES, "Kelurahan Gedong Dalem, Bu Rina, 0254 123456"
)
_CODE = {"sheet": "7KQM3XPA", "official": False, "problems": ()}


def _family(page: FamilyVoicePage, **more: object) -> Context:
    plain: Context = {"named": False, "back": "/", "part": "", "problems": (), "given": QueryDict()}
    return {**family_sheet.context(page), **plain, **more}


def _door(page: DoorPage, **more: object) -> Context:
    return {**sheet_door.context(page), **_CODE, **more}


_REFUSED = {"problems": (Problem("voice.holder", "dipegang"),), "part": "bantuan-21", "given": QueryDict("jenis=alat")}
PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "suara": ("voice.html", lambda: {**family_sheet.voice_context(LOKUS), "problems": ()}),
    "suara-kosong": ("voice.html", lambda: {**family_sheet.voice_context(EMPTY), "problems": ()}),
    "suara-keluarga": ("family_voice.html", lambda: _family(FAMILY)),
    "suara-keluarga-salah": ("family_voice.html", lambda: _family(replace(FAMILY, aloud=False), **_REFUSED)),
    "suara-keluarga-kosong": ("family_voice.html", lambda: _family(BARE)),
    "lembar-kode": ("sheet_code.html", lambda: {"problems": (Problem("sheet.code", "kode"),), "typed": "7KQM"}),
    "lembar-nama": ("sheet_door.html", lambda: _door(DoorPage(samples.CYCLE, "name"))),
    "lembar-terbuka": ("sheet_door.html", lambda: _door(DOOR)),
    "lembar-terkunci": ("sheet_door.html", lambda: _door(replace(DOOR, state="locked"))),
    "lembar-petugas": ("sheet_door.html", lambda: _door(DOOR, official=True)),
    "lembar-tidak": ("sheet_door.html", lambda: {"page": None}),
}
