"""The page of dossiers, made up for tests: before, while and after one is frozen, whole and not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args
from uuid import UUID

from selaras.errors import Problem
from selaras.queries.dossiers import AnnexLine, DossierLine, DossiersPage, Lack, LackLine
from selaras.reports.dossier_package import Checked
from selaras.web import dossiers
from tests.web import samples

_AT = datetime(2024, 10, 21, 2, 30, tzinfo=UTC)
LINE = DossierLine(
    id=UUID(int=2),
    number=2,
    made_at=_AT,
    by="Ratna Wulandari",
    sha256="4138b9862adb7f982b60c5ad62bd3c9f76bb7437c8bd6c94cc5e8ef927337bf3",
    size=4_339_650,
    files=("laporan.pdf", "paparan.pptx", "paparan.pdf", "siaran-pers.docx", "angka.json"),
    figures=(
        ("families", "Keluarga binaan", "100", "keluarga terdaftar di lokus ini"),
        ("budget", "Anggaran yang dicatat", "Rp1.414.000.000", "pada 10 komitmen"),
        ("came", "Kehadiran", "117", "orang dihitung per kegiatan; satu orang dapat hadir beberapa kali"),
    ),
    lacks=(LackLine("evidence_waiting", 5),),
    annex=AnnexLine(99, True, 2, _AT),
)
OLDER = replace(LINE, id=UUID(int=1), number=1, annex=AnnexLine(99, False, 1, _AT))
LACKS = tuple(LackLine(kind, 3, stops=kind == "unmeasured") for kind in get_args(Lack))
PAGE = DossiersPage(
    samples.CYCLE, samples.GEDONG, (LINE, OLDER), LACKS[2:6], prepares=True, may_freeze=True, busy=False, done=0,
    total=0, failed="",
)  # fmt: skip
_READER = replace(PAGE, lines=(replace(LINE, by="", annex=None, lacks=()),), lacks=(), prepares=False, may_freeze=False)
_GOOD = Checked(True, tuple((name, True) for name in LINE.files))
_BAD = Checked(False, tuple((name, name != "laporan.pdf") for name in LINE.files))

PAGES: dict[str, tuple[str, Callable[[], dict[str, object]]]] = {
    "berkas": ("dossiers.html", lambda: dossiers.context(PAGE)),
    "berkas-utuh": ("dossiers.html", lambda: dossiers.context(PAGE, _GOOD, LINE.id)),
    "berkas-berubah": ("dossiers.html", lambda: dossiers.context(PAGE, _BAD, LINE.id)),
    "berkas-belum": ("dossiers.html", lambda: dossiers.context(replace(PAGE, lines=(), lacks=LACKS))),
    "berkas-jalan": ("dossiers.html", lambda: dossiers.context(replace(PAGE, busy=True, done=2, total=6))),
    "berkas-gagal": (
        "dossiers.html",
        lambda: {
            **dossiers.context(replace(PAGE, lines=(), lacks=(), failed="terjadi kesalahan di server")),
            "problems": (Problem("dossier.unmeasured"),),
        },
    ),
    "berkas-juri": ("dossiers.html", lambda: dossiers.context(_READER)),
    "berkas-juri-belum": ("dossiers.html", lambda: dossiers.context(replace(_READER, lines=()))),
}
