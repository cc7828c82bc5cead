"""What the pages of rehearsals and of what to do next are given, from samples."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from selaras.errors import Problem
from selaras.odk.marking import Said
from selaras.queries.gladi import GladiListPage, GladiPage, SheetPage, TaskLine, TasksPage
from selaras.queries.gladi_beside import Apart, Champion, Forecast, LeftFigure
from selaras.queries.gladi_sheets import ItemLine
from selaras.queries.next_steps import Clash, LeftLine, NeedStep, NextStepsPage, PlanShown
from selaras.scoring.planning.asking import Later
from selaras.web import gladi, next_steps
from tests.web import samples
from tests.web.sample_any import some

Context = dict[str, object]
D = Decimal
_LONG = "Anggota keluarga berumur tujuh sampai delapan belas tahun yang bersekolah atau mengikuti pendidikan kesetaraan"

LIST = some(GladiListPage)
_APART = (
    Apart("Kelurahan Gedong Dalem", "Juara I P2WKSS", "Provinsi Banten", "P2WKSS", False, False, "here"),
    Apart("Kelurahan Karang Tengah", "Juara Harapan III", _LONG, "P2WKSS", True, False, "elsewhere"),
    Apart("Kelurahan Karang Tengah", "Juara III", _LONG, "P2WKSS, KRPPA", False, True, "elsewhere"),
)
FEW = replace(
    LIST,
    lines=(),
    champions=(),
    programme="KRPPA",
    apart=_APART,
    is_won=False,
    forecast=Forecast(2),
    may_hold=True,
    may_open=True,
)
_CHAMPION = some(Champion, place="Kelurahan Gedong Dalem", title="Juara I", level="Provinsi Banten", owner="here")
_FIGURE = some(LeftFigure, place="Kelurahan Gedong Dalem", title="Juara I", score=D(8), scale=D(10))
NEITHER = replace(
    FEW,
    programme="",
    is_won=True,
    champions=(
        replace(_CHAMPION, programme="P2WKSS", assumed=True, aspects=()),
        replace(_CHAMPION, programme="KRPPA", assumed=False),
    ),
    apart=(_APART[2], replace(_APART[2], owner="here")),
    left=(
        replace(_FIGURE, aspect="lembaga", label="Kelembagaan"),
        replace(_FIGURE, aspect="peran_serta_masyarakat", label=""),
        replace(_FIGURE, aspect="", label=""),
    ),
)
ONE = some(GladiPage, closed_at=None)
_OPTIONS = (("belum", "Belum ada tim lintas sektor"), ("a", "Ada tim, belum ditetapkan"), ("d", _LONG))
_TEAM = ItemLine("tim", "Tim lintas sektor", "SK tim kota dan kelurahan; notulen rapat", _OPTIONS, D(0), D(0))
_WORD = ItemLine("warga", "Penerimaan warga menurut juri", "", (), D(0), D(100))
SHEET = some(SheetPage, closed=False, parts=(("Kelembagaan", (_TEAM,)), ("Peran", (_WORD,))))
_TASK = some(TaskLine, closed_in=None, is_said_done=False, late=True)
TASKS = some(TasksPage, open=(_TASK, replace(_TASK, agency=None, person="", due=None, late=False)))

_STEP = some(NeedStep, label=_LONG, lokus=samples.GEDONG, needs=87, proposed=4, points=D("2.125"), planned=20)
_LEFT = [
    LeftLine(_LONG, "Gedong Dalem", 12 + place, why, D(2_250_000))
    for place, why in enumerate(("no_action", "no_purse", "too_late", "limit", "money", "elsewhere"))
]
_PLAN = some(PlanShown, left=tuple(_LEFT), later=(Later(7, 0), Later(14, 3)), clashes=(), proved=True)
STEPS = some(
    NextStepsPage, steps=tuple(replace(_STEP, indicator=f"i{n}") for n in range(9)), plan=_PLAN, unsolved=False,
    begins=date(2024, 5, 1), ends=date(2024, 10, 31), today=date(2024, 5, 1),
    indicators=(("jamban", "Jamban sehat"), ("sekolah", _LONG)), loci=(samples.GEDONG,),
)  # fmt: skip
_CLASHES = (
    Clash("least", "Bangun jamban (Gedong Dalem)", D(6), D(1)),
    Clash("purse:dpa", "Disperkim", D(10_000_000), D(2_000_000)),
    Clash("most", "Kelas usaha", D(3), None),
    Clash("late", "Bangun jamban (Gedong Dalem)", D(6), D(6)),
    Clash("unpaid", "Kelas usaha", D(3), D(3)),
)
BROKEN = replace(STEPS, plan=replace(_PLAN, clashes=_CLASHES, lines=(), left=(), later=()))
BARE = replace(STEPS, steps=(), tasks=(), plan=None, purses=(), measures=(), begins=date(2025, 1, 2), may_plan=False)


def _refused_sheet() -> Context:
    problem = Problem("gladi.number", "warga", {"found": "150", "item": "warga", "low": 0, "high": 100})
    named = Problem("gladi.same_name", "name", {"name": "Bu Rahma"})
    said = {"warga": Said("150", "terlalu tinggi"), "tim": Said("a", "")}
    return gladi.sheet_context(SHEET, said=said, name="Bu Rahma", problems=(problem, named))


PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "gladi": ("gladi_list.html", lambda: gladi.list_context(LIST)),
    "gladi-belum": ("gladi_list.html", lambda: gladi.list_context(FEW)),
    "gladi-tanpa-program": ("gladi_list.html", lambda: gladi.list_context(NEITHER)),
    "gladi-satu": ("gladi.html", lambda: gladi.one_context(ONE)),
    "gladi-ditutup": (
        "gladi.html",
        lambda: gladi.one_context(some(GladiPage, may_hold=False)),
    ),
    "gladi-lembar": ("gladi_sheet.html", lambda: gladi.sheet_context(SHEET)),
    "gladi-lembar-salah": ("gladi_sheet.html", _refused_sheet),
    "gladi-tugas": ("gladi_tasks.html", lambda: {"page": TASKS, "synthetic": True}),
    "gladi-tugas-kosong": (
        "gladi_tasks.html",
        lambda: {"page": replace(TASKS, open=(), closed=()), "synthetic": True},
    ),
    "gladi-satu-tugas": ("gladi_task.html", lambda: gladi.task_context(TASKS, _TASK)),
    "gladi-tugas-tertutup": (
        "gladi_task.html",
        lambda: gladi.task_context(TASKS, replace(_TASK, closed_in=2, may_settle=False)),
    ),
    "langkah": ("next_steps.html", lambda: next_steps.context_of(STEPS)),
    "langkah-bentrok": ("next_steps.html", lambda: next_steps.context_of(BROKEN)),
    "langkah-kosong": ("next_steps.html", lambda: next_steps.context_of(BARE)),
}
