"""Indicator pages for tests: a share with bands, a mean on a line, options, a crowd, a hidden one."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from selaras.queries.indicators import (
    BandStep,
    FactLine,
    IndicatorPage,
    Neighbour,
    OptionStep,
    Side,
    SideFamily,
    TraceStep,
)
from tests.web.samples import BASELINE, COUNTED, CYCLE, GEDONG, INSTRUMENT, RESULT, VISIT, score


def families(kind: str, numbers: range, answer: str) -> tuple[SideFamily, ...]:
    """Families of RT 02 that gave this answer."""
    return tuple(SideFamily(f"GD-{number:03}", "02", "01", "", answer) for number in numbers)


JAMBAN = IndicatorPage(
    cycle=CYCLE,
    lokus=GEDONG,
    round=VISIT,
    before_round=BASELINE,
    instrument=INSTRUMENT,
    scale=Decimal(100),
    aspects=(("rumah", "Rumah dan lingkungan"),),
    name="jamban",
    label="Jamban sehat",
    origin="survey",
    rule="bands",
    aggregate="share",
    stage="outcome",
    unit="",
    over="keluarga",
    weight=Decimal(5),
    missing_policy="exclude",
    min_n=10,
    agency="Disperkim",
    evidence="",
    source="usulan contoh, belum ada instrumen resmi yang terbit",
    rule_words="Dihitung sudah bila keluarga buang air besar di jamban leher angsa dan limbahnya masuk tangki septik.",
    applies_words="Tidak berlaku bila rumah sedang dibangun ulang.",
    expression="${jamban} = 'leher_angsa' and ${septik} = 'ya'",
    applies_to="${rumah} != 'dibangun'",
    value=Decimal(54) / Decimal(93),
    value_low=Decimal(54) / Decimal(98),
    value_high=Decimal(59) / Decimal(98),
    value_before=Decimal("0.41"),
    n=93,
    true=54,
    missing=5,
    not_applicable=2,
    points=Decimal("0.5"),
    score=score("2.5", "2.5", "3.75"),
    low=None,
    high=None,
    bands=(
        BandStep(Decimal(0), Decimal("0.4"), Decimal(0), "", current=False),
        BandStep(Decimal("0.4"), Decimal("0.6"), Decimal(50), "", current=True),
        BandStep(Decimal("0.6"), Decimal("0.8"), Decimal(75), "", current=False),
        BandStep(Decimal("0.8"), Decimal(1), Decimal(100), "", current=False),
    ),
    options=(),
    fact=None,
    sides=(
        Side("true", 54, families("true", range(1, 9), "Milik sendiri")),
        Side("false", 39, families("false", range(14, 22), "Jamban: cemplung; tangki septik: tidak")),
        Side("missing", 5, families("missing", range(47, 52), "Jawaban kosong")),
        Side("not_applicable", 2, families("not_applicable", range(60, 62), "Rumah dibangun ulang")),
    ),
    trace=(
        TraceStep("97 keluarga", "dengan jawaban di putaran ini"),
        TraceStep("54 dari 93", "menurut aturan di atas"),
        TraceStep("Pita 50", "40 % sampai kurang dari 60 %"),
        TraceStep("2,5 dari 5", "bobot indikator"),
        TraceStep("51,8 lalu 64,9", "aspek rumah, lalu nilai lokus"),
    ),
    sql="SELECT unit, count(CASE WHEN jamban = 'leher_angsa' THEN 1 END) FROM households GROUP BY unit",
    engine="duckdb 2.0.0",
    data_sha256="04dec2b8" + "1" * 56,
    as_of=COUNTED,
    result=RESULT,
    previous=None,
    next=Neighbour("air", "Air minum layak"),
    hidden=False,
    may_see_families=True,
    may_see_names=True,
)

#: 12,000 families: bars in place of squares; the reader may see no family.
CROWD = replace(
    JAMBAN,
    n=11_200,
    true=6_500,
    missing=600,
    not_applicable=200,
    value=Decimal(6_500) / Decimal(11_200),
    sides=(
        Side("true", 6_500, ()),
        Side("false", 4_700, ()),
        Side("missing", 600, ()),
        Side("not_applicable", 200, ()),
    ),
    may_see_families=False,
    may_see_names=False,
)

#: A mean whose rule falls: fewer is better.
MEAN = replace(
    JAMBAN,
    name="jarak",
    label="Jarak ke sumber air",
    rule="linear",
    aggregate="mean",
    unit="menit",
    value=Decimal("12.46"),
    value_low=None,
    value_high=None,
    value_before=None,
    true=0,
    points=Decimal("0.58"),
    score=score("2.9"),
    low=Decimal(30),
    high=Decimal(0),
    bands=(),
    sides=(Side("known", 93, families("known", range(1, 5), "12 menit")), Side("missing", 7, ())),
    applies_to="",
    applies_words="",
    expression="${menit_air}",
)

#: Of rupiah, which fill a line.
MONEY = replace(
    MEAN,
    name="penghasilan",
    label="Penghasilan keluarga sebulan",
    aggregate="median",
    unit="rupiah",
    value=Decimal(12_500_000),
    low=Decimal(200_000),
    high=Decimal(20_000_000),
    sides=(Side("known", 93, families("known", range(1, 5), "12.500.000 rupiah")), Side("missing", 7, ())),
    expression="${penghasilan}",
)

#: A judged mark: an option that was ticked.
JUDGED = replace(
    JAMBAN,
    name="sk",
    label="SK tim pokja",
    origin="judged",
    rule="options",
    value=None,
    value_low=None,
    value_high=None,
    value_before=None,
    n=None,
    true=None,
    missing=None,
    not_applicable=None,
    points=Decimal("0.75"),
    score=score("3"),
    weight=Decimal(4),
    bands=(),
    options=(
        OptionStep("Belum ada SK", Decimal(0), current=False),
        OptionStep("SK ada", Decimal(50), current=False),
        OptionStep("SK ada dan dijalankan", Decimal(75), current=True),
        OptionStep("Dijalankan dan dievaluasi", Decimal(100), current=False),
    ),
    fact=FactLine(None, "SK ada dan dijalankan", "Tim juri", datetime(2024, 8, 1, 3, 0, tzinfo=UTC), "Lembar juri"),
    sides=(),
    expression="",
    applies_to="",
    applies_words="",
    rule_words="Dipilih penilai menurut bukti.",
)

UNANSWERED = replace(
    JUDGED, points=None, score=score(None, "0", "4"), fact=None, options=(), rule="yes_no", as_of=None,
    may_see_readiness=True,
)  # fmt: skip

HIDDEN = replace(
    JAMBAN,
    name="tbc",
    label="Penderita TBC berobat",
    value=None,
    value_low=None,
    value_high=None,
    n=None,
    true=None,
    missing=None,
    not_applicable=None,
    points=None,
    score=score(None),
    sides=(),
    hidden=True,
)
