"""What the pages of back-checks and of alike photos are given, from samples."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from selaras.actions.field.typed import read_typed
from selaras.errors import Problem
from selaras.odk.questionnaire import Section
from selaras.queries.agreed import AgreedLine, AgreedListPage, AgreedPage, Difference, Meaning
from selaras.queries.alike_photos import Pair, PhotoPairs, PhotoSide
from selaras.queries.photo_uses import ConsentLine, PhotoConsentsPage, PhotoLine
from selaras.queries.points import HomePoint, PointsPage
from selaras.queries.progress import FamilyLine as FamilyHome
from selaras.queries.recheck_rates import Rate
from selaras.queries.rechecks import (
    DifferenceLine,
    DrawLine,
    FamilyLine,
    FillPage,
    PaperPage,
    QuestionChoice,
    RateLine,
    RecheckPage,
    RechecksPage,
)
from selaras.queries.stand_ins import CadreChoice, StandIn, StandInsPage
from selaras.web import agreed, checks, photo_consents, points, rechecks, stand_ins
from tests.web import samples
from tests.web.sample_any import some
from tests.web.sample_field import PROGRESS
from tests.web.sample_paper import _asked, _form

Context = dict[str, object]
_AT = datetime(2024, 7, 12, 3, 15, tzinfo=UTC)
_ROUND = PROGRESS.rounds[0]
_LONG = "Raden Ayu Siti Nurhasanah Kusumawardhani"
_PLACE = {"cycle": samples.CYCLE, "lokus": samples.GEDONG, "round": _ROUND}
_QUESTIONS = tuple(
    QuestionChoice(f"q{n}", str(n), text, usual=n < 14)
    for n, text in enumerate(
        (
            "Jamban apa yang dipakai?",
            "Dari mana air minum diambil?",
            "Lantai terluas dari apa?",
            "Berapa orang di rumah ini?",
            "Bantuan apa saja yang diterima keluarga ini dalam dua belas bulan terakhir?",
        ),
        start=11,
    )
)
_DRAWS = (DrawLine(UUID(int=3), _ROUND, _AT, "Ratna Wulandari", 9, 4),)
LIST = some(
    RechecksPage,
    **_PLACE,
    rounds=PROGRESS.rounds,
    surveyors=3,
    families=81,
    questions=_QUESTIONS,
    draws=_DRAWS,
    may_draw=True,
)
EMPTY = replace(LIST, round=None, rounds=(), surveyors=0, families=0, questions=(), draws=())
_FAMILIES = (
    FamilyLine(1, "GD-014", "02", "03", _LONG, "bertemu", "Budi Lurah", _AT, may_fill=True),
    FamilyLine(2, "GD-021", "02", "03", "Sumiyati", "tidak_di_rumah", "Budi Lurah", _AT, may_fill=True, typed=True),
    FamilyLine(3, "GD-033", "", "", "Sumiyati", "", "", None, may_fill=True),
    FamilyLine(4, "GD-040", "01", "03", "Budi Lurah", "", "", None, may_fill=False),
)
_NONE = some(
    RecheckPage, **_PLACE, uuid=UUID(int=3), drawn_at=_AT, drawn_by="Ratna Wulandari", seed="5f" * 16, each=3,
    percent=None, intact=True, families=_FAMILIES[2:], done=0, total=Rate(), surveyors=(), questions=(),
    differences=(), open=True,
)  # fmt: skip
DRAWN = replace(
    _NONE,
    families=_FAMILIES,
    done=2,
    each=None,
    percent=10,
    total=Rate(9, 45, 38),
    surveyors=(RateLine(_LONG, Rate(7, 35, 33), 31, 8), RateLine("Sumiyati", Rate(2, 10, 5), 28, 3)),
    questions=(
        RateLine("Jamban apa yang dipakai?", Rate(9, 9, 9)),
        RateLine("Bantuan apa saja yang diterima keluarga ini dalam dua belas bulan terakhir?", Rate(9, 9, 4)),
        RateLine("Dari mana air minum diambil?", Rate()),
    ),
    differences=(DifferenceLine(1, "GD-014", "Jamban apa yang dipakai?", "Leher angsa", "Cemplung"),),
)
_AFTER = {"corrected_at": _AT, "corrected_by": _LONG}
CORRECTED = replace(
    DRAWN,
    families=(replace(_FAMILIES[0], **_AFTER), *_FAMILIES[1:3], replace(_FAMILIES[3], typed=True)),
    surveyors=(*DRAWN.surveyors, RateLine("Sumiyati", Rate(2, 10, 9), 12, 3, typed=True)),
    corrections=(DifferenceLine(1, "GD-014", "Jamban apa yang dipakai?", "Cemplung", "Leher angsa"),),
)
CHANGED = replace(DRAWN, intact=False, open=False)


def _few() -> FillPage:
    whole = _asked(new=False)
    own = tuple(Section(part.title, part.questions) for part in whole.sections if not part.repeat)
    asked = replace(whole, sections=own)
    where = {"uuid": UUID(int=3), "number": 1, "code": "GD-014", "rt": "02", "rw": "03"}
    return some(FillPage, **_PLACE, **where, asked=asked, again=None)


def _refused() -> Context:
    page = replace(_few(), again=_AT, counted=True, typed=True)
    texts = {"q1": "seratus", "q2": "leher_angsa", "q3": "pkh bpnt"}
    read = read_typed(page.asked, _form(), texts, known=None, today=_AT.date())
    return rechecks.fill_context(page, texts, read.problems)


def _paper() -> Context:
    page = _few()
    return rechecks.paper_context(some(PaperPage, **_PLACE, uuid=page.uuid, families=_FAMILIES, asked=page.asked))


def _side(code: str, **more: object) -> PhotoSide:
    side = PhotoSide(UUID(int=5), 7, code, "Gedong Dalem", _ROUND, _LONG, _AT, barred=False)
    return replace(side, **more)  # type: ignore[arg-type]


_PAIRS = (
    Pair(_side("GD-014"), _side("GD-033"), 0, exact=True),
    Pair(_side("GD-014"), _side("", arrival=None, sender="", lokus="Sukmajaya"), 7, exact=False),
    Pair(_side("GD-014"), _side("GD-040", barred=True), 9, exact=False),
)
PAIRS = PhotoPairs(samples.CYCLE, samples.GEDONG, UUID(int=9), "GD-014", seen=False, pairs=_PAIRS, more=3)


_CADRES = tuple(CadreChoice(n, name, f"Kelurahan Gedong Dalem, RW 0{n}") for n, name in ((1, _LONG), (2, "Sumiyati")))
_STANDS = StandIn(7, _LONG, "Sumiyati", "Kelurahan Gedong Dalem, RW 02", _AT.date(), _AT.date())
STANDING = StandInsPage(samples.CYCLE, (_STANDS,), (_STANDS,), _CADRES, _AT.date(), open=True)
NOBODY = StandInsPage(samples.CYCLE, (), (), _CADRES[:1], _AT.date(), open=True)


def _unfit() -> Context:
    said = {"kader": "1", "pengganti": "1", "mulai": "2024-07-12", "sampai": "2024-07-01"}
    return stand_ins.context(STANDING, said, (Problem("stand_in.days"),))


_SAID = (
    ConsentLine(("juri", "laporan"), "", "Ratna Wulandari", _AT, via_form=False),
    ConsentLine((), "rumah-17205.jpg", _LONG, _AT, via_form=False),
    ConsentLine(("juri",), "", _LONG, _AT, via_form=True),
)
_OWN = (
    PhotoLine(7, "rumah-1720512345678-depan-dan-samping-kiri.jpg", _AT, UUID(int=5), ("juri",), own=False),
    PhotoLine(8, "rumah-17205.jpg", _AT, None, (), own=True),
)
CONSENTS = PhotoConsentsPage(samples.CYCLE, samples.GEDONG, "GD-014", ("juri", "laporan"), True, _OWN, _SAID)
UNASKED = replace(CONSENTS, uses=("juri",), asked=False, photos=(), history=())


_LIST = AgreedLine(UUID(int=4), "Puskesmas Jombang", "440/12/2024", _AT.date(), _ROUND, "uploaded", _LONG, _AT, 71)
_COUNTS = {
    "rows": 80, "families": 71, "answers": 140, "unknown": 7, "unknown_rows": [3, 9, 12], "twice": 1,
    "twice_rows": [44], "wrong": 2, "wrong_cells": [[5, "Jamban"], [61, "Status imunisasi dasar lengkap balita"]],
}  # fmt: skip
AGREED = AgreedPage(
    samples.CYCLE, samples.GEDONG, _LIST, "melengkapi data awal", "puskesmas.xlsx",
    (("Kode", "@kode"), ("Jamban", "q11"), ("Status imunisasi dasar lengkap balita", "")),
    tuple(Meaning(one.name, one.label) for one in _QUESTIONS), {}, (), 0, may_import=True,
)  # fmt: skip
AGREED_USED = replace(
    AGREED,
    line=replace(_LIST, state="published"),
    summary=_COUNTS,
    different=1,
    differences=(Difference("GD-014", "Jamban apa yang dipakai?", "Cemplung", "Leher angsa"),),
)
_LISTS = (replace(_LIST, state="published"), _LIST)
AGREED_LISTS = AgreedListPage(samples.CYCLE, samples.GEDONG, PROGRESS.rounds, _LISTS, may_import=True)
_WHOSE = (Problem("agreed.whose"),)


def _home(number: int, state: str, east: float, north: float) -> HomePoint:
    return HomePoint(FamilyHome(f"GD-{number:03}", "03", f"0{number % 4}", state, None), east, north)


_STATES = ("bertemu", "bertemu", "", "tidak_di_rumah", "pindah")
_HOMES = tuple(_home(n, _STATES[n % 5], (n * 37) % 410, (n * 53) % 290) for n in range(1, 60))
_ALONE = (FamilyHome("GD-099", "", "", "", None),)
POINTS = PointsPage(samples.CYCLE, samples.GEDONG, _ROUND, PROGRESS.rounds, _HOMES, _ALONE, asked=True)
NO_POINTS = replace(POINTS, points=(), asked=False)


#: Name → template and what it is given.
PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "cek-ulang": ("rechecks.html", lambda: rechecks.context(LIST)),
    "cek-ulang-kosong": ("rechecks.html", lambda: rechecks.context(EMPTY)),
    "cek-ulang-undian": ("recheck.html", lambda: rechecks.one_context(_NONE)),
    "cek-ulang-hasil": ("recheck.html", lambda: rechecks.one_context(DRAWN)),
    "cek-ulang-dibetulkan": ("recheck.html", lambda: rechecks.one_context(CORRECTED)),
    "cek-ulang-berubah": ("recheck.html", lambda: rechecks.one_context(CHANGED)),
    "cek-ulang-isi": ("recheck_fill.html", lambda: rechecks.fill_context(_few())),
    "cek-ulang-salah": ("recheck_fill.html", _refused),
    "pengganti": ("stand_ins.html", lambda: stand_ins.context(STANDING)),
    "pengganti-kosong": ("stand_ins.html", lambda: stand_ins.context(NOBODY)),
    "pengganti-salah": ("stand_ins.html", _unfit),
    "instansi": ("agreed_list.html", lambda: agreed.list_context(AGREED_LISTS)),
    "instansi-kosong": ("agreed_list.html", lambda: agreed.list_context(replace(AGREED_LISTS, lists=()))),
    "instansi-kolom": ("agreed.html", lambda: agreed.context(AGREED, problems=_WHOSE)),
    "instansi-diperiksa": ("agreed.html", lambda: agreed.context(replace(AGREED, summary=_COUNTS))),
    "instansi-dipakai": ("agreed.html", lambda: agreed.context(AGREED_USED)),
    "peta": ("points.html", lambda: points.context(POINTS)),
    "peta-satu": ("points.html", lambda: points.context(replace(POINTS, points=(_home(1, "", 0, 0),)))),
    "peta-kosong": ("points.html", lambda: points.context(NO_POINTS)),
    "izin-foto": ("photo_consents.html", lambda: photo_consents.context(CONSENTS)),
    "izin-foto-belum": ("photo_consents.html", lambda: photo_consents.context(UNASKED)),
    "izin-foto-dicabut": ("photo_consents.html", lambda: photo_consents.context(replace(CONSENTS, uses=()))),
    "foto-mirip": ("check_photos.html", lambda: checks.photos_context(PAIRS)),
    "foto-mirip-hilang": (
        "check_photos.html",
        lambda: checks.photos_context(replace(PAIRS, pairs=(), more=0, seen=True)),
    ),
    "cek-ulang-lembar": ("recheck_paper.html", _paper),
}
