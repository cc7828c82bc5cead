"""What the pages of change are given, from samples."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from selaras.errors import Problem
from selaras.queries.change import ChangeLine, ChangePage, ClassTable, FamilySum, Work
from selaras.queries.change_families import (
    ChangedFamiliesPage,
    ChangedFamily,
    ComparisonLine,
    FamilyGroup,
    FamilyLine,
    IndicatorChangePage,
)
from selaras.queries.change_pairs import Asked
from selaras.queries.refs import RoundRef
from selaras.scoring.change import (
    Pairs,
    amount_change,
    beside,
    class_change,
    paired_interval,
    share_change,
    unpaired_interval,
)
from selaras.web import change
from tests.web import samples
from tests.web.sample_any import some
from tests.web.sample_field import PROGRESS

Context = dict[str, object]
D = Decimal
_AT = datetime(2024, 11, 12, 3, 15, tzinfo=UTC)
_BEFORE = PROGRESS.rounds[0]
_AFTER = RoundRef("endline", "Data akhir", _AT.date(), _AT.date())
_TWO = {"cycle": samples.CYCLE, "lokus": samples.GEDONG, "before": _BEFORE, "after": _AFTER}
_LONG = "Anggota keluarga berumur tujuh sampai delapan belas tahun yang bersekolah atau mengikuti pendidikan kesetaraan"

JAMBAN = some(
    ChangeLine, name="jamban", label="Jamban sehat", over="keluarga", way="better", p=D("0.0004"),
    pairs=Pairs(60, 17, 2, 6), share=share_change(Pairs(60, 17, 2, 6)), amount=None, unit="", falls=False,
    members=False, lives=False, hidden=False, unknown=3, not_applicable=0,
)  # fmt: skip
SCHOOL = replace(
    JAMBAN, name="sekolah", label=_LONG, way="worse", p=D("0.021"), pairs=Pairs(70, 0, 9, 4),
    share=share_change(Pairs(70, 0, 9, 4)), members=True, lives=True,
)  # fmt: skip
SMOKE = replace(
    JAMBAN, name="rokok", label="Keluarga dengan perokok", way="open", p=D("0.3"), pairs=Pairs(30, 8, 5, 40),
    share=share_change(Pairs(30, 8, 5, 40)), falls=True,
)  # fmt: skip
INCOME = replace(
    JAMBAN, name="penghasilan", label="Penghasilan per orang sebulan", way="better", p=D("0.002"), pairs=Pairs(),
    share=None, unit="rupiah", lives=True,
    amount=amount_change([(D(700_000 + 9_000 * n), D(760_000 + 9_500 * n - 40_000 * (n % 5 == 0))) for n in range(40)]),
)  # fmt: skip
COUGH = replace(JAMBAN, name="batuk", label="Batuk lama", way="few", p=None, share=None, pairs=Pairs(), hidden=True)
_MOVES = ((7, 6, 0), (1, 40, 9), (0, 3, 19))
TABLE = ClassTable(
    samples.INSTRUMENT,
    ("Keluarga Pra Sejahtera", "Keluarga Sejahtera I", "Keluarga Sejahtera II"),
    _MOVES,
    class_change({(i, j): n for i, row in enumerate(_MOVES) for j, n in enumerate(row)}),
    85,
    4,
)
PAGE = some(
    ChangePage, **_TWO, instrument=samples.INSTRUMENT, rounds=(_BEFORE, *PROGRESS.rounds[1:2], _AFTER),
    asked=Asked(85, 7, 2, {"pindah": 3, "menolak": 1, "": 3}), lines=(JAMBAN, SCHOOL, SMOKE, INCOME, COUGH), tests=35,
    classes=(TABLE, replace(TABLE, moves=None, change=None)),
    works=(Work(14, "Disperkim", D(17), "unit", "jamban", "Jamban sehat"), Work(15, "DLH", None, "", "", "")),
    families=FamilySum(41, 11, 36, 6, 5), may_see_names=True,
)  # fmt: skip
NOTHING = replace(PAGE, before=None, after=None, lines=(), classes=(), works=(), asked=None, families=None)
_FAMILIES = tuple(ChangedFamily(f"GD-{n:03}", "02", "03") for n in range(14, 23))
_THERE = unpaired_interval(48, 80, 56, 70)
_COMPARED = ComparisonLine(
    UUID(int=7), "Sukmajaya", 80, 48, 70, 56, D("0.6"), D("0.8"), _THERE,
    beside(paired_interval(JAMBAN.pairs), _THERE), "Survei sanitasi Dinkes 2024, https://dinkes.example.id/survei",
    "Ratna Wulandari", _AT,
)  # fmt: skip
ONE = some(
    IndicatorChangePage, **_TWO, line=JAMBAN, more=3, comparisons=(_COMPARED,), may_see_families=True,
    may_see_names=True, may_compare=True,
    groups=(FamilyGroup("lost", _FAMILIES[:2]), FamilyGroup("gained", _FAMILIES), FamilyGroup("left", _FAMILIES[:1])),
)  # fmt: skip
_MOVED = (FamilyGroup("fell", _FAMILIES[:3]), FamilyGroup("rose", _FAMILIES), FamilyGroup("same", _FAMILIES[:1]))
_LINES = (
    FamilyLine("GD-014", "02", "03", (), ("Jamban sehat", _LONG)),
    FamilyLine("GD-021", "", "", ("Air bersih",), ("Keluarga yang menabung",)),
)
FAMILIES = some(ChangedFamiliesPage, **_TWO, only="", worse=2, better=1, families=_LINES, more=4)
_REFUSED = (Problem("comparison.counts", "n_dari"),)


def _one(page: IndicatorChangePage, **more: object) -> Context:
    return {**change.indicator_context(page, **more), "names": samples.NAMES, "named": True}  # type: ignore[arg-type]


PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "berubah": ("change.html", lambda: change.context(PAGE)),
    "berubah-juri": ("change.html", lambda: change.context(replace(PAGE, families=None, may_see_names=False))),
    "berubah-belum": ("change.html", lambda: change.context(NOTHING)),
    "berubah-satu": ("change_indicator.html", lambda: _one(ONE)),
    "berubah-satu-angka": (
        "change_indicator.html",
        lambda: _one(replace(ONE, line=INCOME, groups=_MOVED, comparisons=(), may_compare=False)),
    ),
    "berubah-satu-salah": (
        "change_indicator.html",
        lambda: _one(ONE, said={"kelurahan": "Sukmajaya", "n_dari": "tujuh"}, problems=_REFUSED),
    ),
    "berubah-satu-juri": (
        "change_indicator.html",
        lambda: _one(replace(ONE, line=COUGH, groups=(), comparisons=(), may_see_families=False, may_compare=False)),
    ),
    "berubah-keluarga": (
        "change_families.html",
        lambda: {**change.families_context(FAMILIES), "names": samples.NAMES, "named": True},
    ),
}
