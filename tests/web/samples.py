"""Pages as the queries hand them over, made up for tests: every state that a template must be able to show."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import get_args
from uuid import UUID

from selaras.errors import CATALOGUE, Problem
from selaras.queries.cycles import AchievementLine, CyclePage, LokusCard, StageLine
from selaras.queries.frame import Frame, Place
from selaras.queries.households import Filters, HouseholdRow, HouseholdsPage
from selaras.queries.imports import ColumnLine, ImportLine, ImportPage, ImportsPage, ImportState
from selaras.queries.instruments import ClassLine, InstrumentPage, RuleAspect, RuleLine
from selaras.queries.kept_views import KeptView
from selaras.queries.loci import AspectLine, ClassCount, Coverage, FieldGap, IndicatorLine, LokusPage
from selaras.queries.protection import Silence
from selaras.queries.refs import CycleRef, InstrumentRef, LokusRef, ResultRef, RoundRef, Score
from selaras.queries.silences import Silent

CYCLE = CycleRef("kota-cilegon-2024", "P2WKSS", "Kota Cilegon", 2024, synthetic=True)
GEDONG = LokusRef("36.72.05.1005", "Gedong Dalem", "Jombang", "RW 01", None)
SUKMAJAYA = LokusRef("36.72.05.1001", "Sukmajaya", "Jombang", "", None)
BASELINE = RoundRef("data-awal", "Data awal", date(2024, 2, 5), date(2024, 3, 1))
VISIT = RoundRef("kunjungan", "Kunjungan", date(2024, 7, 3), date(2024, 7, 28))
INSTRUMENT = InstrumentRef("p2wkss", "1.0", "Instrumen P2WKSS", "9f3c71ab" + "0" * 56, official=False)
COUNTED = datetime(2024, 8, 11, 23, 0, tzinfo=UTC)
RESULT = ResultRef(UUID("6f0c2a44-8f5e-4c1e-9a51-2f8f3a1f0b11"), COUNTED, "04dec2b8" + "1" * 56, "duckdb 2.0.0")
FRAME = Frame(
    person="Ratna Wulandari",
    role="Sekretariat kota",
    office="DP3AP2KB",
    cycle=CYCLE,
    loci=(GEDONG, SUKMAJAYA),
    lokus=GEDONG,
    instrument=INSTRUMENT,
    places=frozenset(get_args(Place)),
)


def score(value: str | None, low: str | None = None, high: str | None = None, before: str | None = None) -> Score:
    """A score from texts; without a range it is certain."""
    numbers = [None if text is None else Decimal(text) for text in (value, low or value, high or value, before)]
    return Score(*numbers)


def indicator_line(name: str, label: str, true: int, n: int, missing: int = 0, *, weight: str = "5") -> IndicatorLine:
    """A surveyed share."""
    value = Decimal(true) / Decimal(n)
    points = score(
        str(value * 100), str(Decimal(true) / (n + missing) * 100), str(Decimal(true + missing) / (n + missing) * 100)
    )
    return IndicatorLine(name, label, Decimal(weight), "survey", "share", "", value, n, true, missing, 0, "", points)


UNMEASURED = IndicatorLine(
    "suara",
    "Perempuan ikut memutuskan",
    Decimal(8),
    "record",
    "share",
    "",
    None,
    None,
    None,
    None,
    None,
    "",
    score(None),
)
JUDGED = IndicatorLine(
    "sk",
    "SK tim pokja",
    Decimal(4),
    "judged",
    "share",
    "",
    None,
    None,
    None,
    None,
    None,
    "SK ada dan dijalankan",
    score("75"),
)
SMALL = IndicatorLine(
    "tbc",
    "Penderita TBC berobat",
    Decimal(3),
    "survey",
    "share",
    "",
    None,
    None,
    None,
    None,
    None,
    "",
    score(None),
    hidden=True,
)
JAMBAN = indicator_line("jamban", "Jamban sehat", 54, 93, 5)
AIR = indicator_line("air", "Air minum layak", 86, 100, weight="4")


def aspect(name: str, label: str, weight: str, points: Score, *lines: IndicatorLine, missing: str = "0") -> AspectLine:
    """An aspect over these indicators."""
    below = sum((line.weight for line in lines), Decimal(0))
    return AspectLine(name, label, Decimal(weight), Decimal(missing), below, points, lines)


ASPECTS = (
    aspect(
        "ekonomi",
        "Ekonomi keluarga",
        "14",
        score("45.8", "44.9", "47.1", "44.9"),
        indicator_line("usaha", "Usaha milik perempuan", 33, 98, 2),
        indicator_line("nib", "Izin usaha", 12, 33),
    ),
    aspect("rumah", "Rumah dan lingkungan", "14", score("51.8", "50.1", "53.5", "39.5"), JAMBAN, AIR),
    aspect("kesehatan", "Kesehatan", "14", score("71.4", "70", "73.2", "64.1"), SMALL, missing="3"),
    aspect(
        "lindung",
        "Perlindungan perempuan dan anak",
        "8",
        score("56.9", "44.2", "69.6", "58.5"),
        indicator_line("saluran", "Tahu ke mana mengadu", 57, 100),
        missing="3",
    ),
    aspect(
        "lembaga",
        "Kelembagaan dan rencana",
        "8",
        score("82.5", before="60"),
        JUDGED,
    ),
    aspect(
        "dokumen",
        "Dokumen kependudukan",
        "8",
        score("87.5", "86.8", "88.1", "69"),
        indicator_line("akta", "Akta lahir anak", 88, 100),
    ),
    aspect("suara", "Peran dan suara perempuan", "8", score(None, "0", "100"), UNMEASURED, missing="8"),
)

SILENT = Silent(
    (("rujukan diterima dalam 24 jam", Silence.CHOICE), ("tindak lanjut tiga bulan", Silence.BELOW)), Decimal("52.4")
)
LOKUS = LokusPage(
    cycle=CYCLE,
    lokus=GEDONG,
    round=VISIT,
    before_round=BASELINE,
    instrument=INSTRUMENT,
    scale=Decimal(100),
    weight=Decimal(74),
    weight_missing=Decimal(8),
    total=score("64.9", "57.1", "70.9", "55.9"),
    aspects=ASPECTS,
    coverage=Coverage(target=100, registered=100, answered=97, refused=1),
    blank_answers=41,
    blank_aspects=5,
    gaps=(FieldGap("penghasilan", "Penghasilan sebulan", 9, 97), FieldGap("tabungan", "Punya tabungan", 6, 97)),
    unmeasured=(UNMEASURED,),
    classes=(ClassCount("pra", "Keluarga prasejahtera", 31), ClassCount("ks1", "Keluarga Sejahtera I", None)),
    unclassified=2,
    pending=3,
    as_of=COUNTED,
    result=RESULT,
    may_import=True,
    may_see_households=True,
    silent=SILENT,
)
EMPTY_LOKUS = LokusPage(
    cycle=CYCLE,
    lokus=SUKMAJAYA,
    round=BASELINE,
    before_round=None,
    instrument=INSTRUMENT,
    scale=Decimal(100),
    weight=Decimal(74),
    weight_missing=Decimal(74),
    total=score(None, "0", "100"),
    aspects=(aspect("suara", "Peran dan suara perempuan", "8", score(None, "0", "100"), UNMEASURED, missing="8"),),
    coverage=Coverage(target=100, registered=0, answered=0, refused=0),
    blank_answers=0,
    blank_aspects=0,
    gaps=(),
    unmeasured=(UNMEASURED,),
    classes=(),
    unclassified=0,
    pending=0,
    as_of=None,
    result=None,
    may_import=True,
    may_see_households=True,
)

CARD = LokusCard(
    GEDONG,
    VISIT,
    LOKUS.total,
    Decimal(100),
    Decimal(74),
    Decimal(8),
    target=100,
    registered=100,
    answered=97,
    pending=3,
    as_of=COUNTED,
    may_open=True,
    silent=SILENT,
)
NEW_CARD = LokusCard(
    SUKMAJAYA,
    BASELINE,
    score(None, "0", "100"),
    Decimal(100),
    Decimal(74),
    Decimal(74),
    target=100,
    registered=0,
    answered=0,
    pending=0,
    as_of=None,
    may_open=True,
)
CYCLE_PAGE = CyclePage(
    cycle=CYCLE,
    today=date(2024, 8, 12),
    stages=(
        StageLine("Penetapan lokus", date(2024, 1, 8), date(2024, 1, 31), "past", ""),
        StageLine("Data awal", date(2024, 2, 5), date(2024, 3, 1), "past", ""),
        StageLine("Rakor tim sektoral", date(2024, 4, 25), None, "past", "Berita media, 26 April 2024"),
        StageLine("Pelaksanaan dan pembinaan", date(2024, 5, 2), date(2024, 9, 30), "now", ""),
        StageLine("Perkiraan penilaian provinsi", date(2024, 10, 14), None, "ahead", "Perkiraan, belum resmi"),
    ),
    loci=(CARD, NEW_CARD),
    representative=None,
    achievements=(
        AchievementLine(
            "Juara I",
            "Ciwedus, Kec. Cilegon",
            "Provinsi Banten",
            2023,
            "Berita media",
            "https://example.org/x",
            "P2WKSS",
        ),
        AchievementLine("Dinilai tim provinsi", "Kepuh, Kec. Ciwandan", "Provinsi Banten", 2021, "Berita media", ""),
    ),
    instrument=INSTRUMENT,
    may_import=True,
    may_see_lessons=True,
)

HOUSEHOLDS = HouseholdsPage(
    cycle=CYCLE,
    lokus=GEDONG,
    round=VISIT,
    rows=(
        HouseholdRow("GD-001", "01", "01", 4, datetime(2024, 7, 4, tzinfo=UTC), 0, "target"),
        HouseholdRow("GD-002", "01", "01", 6, datetime(2024, 7, 4, tzinfo=UTC), 3, "reserve"),
        HouseholdRow("GD-003", "02", "01", 3, None, None),
    ),
    search="",
    filters=Filters(rt="01", unmet="jamban"),
    total=100,
    many=False,
    before="",
    after="GD-050",
    counts={"all": 100, "answered": 97, "waiting": 3, "gaps": 24},
    indicators=(("jamban", "Jamban sehat"), ("air", "Air minum layak")),
    views=(KeptView(1, "RT 01 tanpa jamban", "rt=01&belum=jamban"),),
    found=False,
    may_see_names=True,
    may_import=True,
    may_decide=True,
)
NO_HOUSEHOLDS = HouseholdsPage(
    cycle=CYCLE,
    lokus=GEDONG,
    round=None,
    rows=(),
    search="",
    filters=Filters(),
    total=0,
    many=False,
    before="",
    after="",
    counts={"all": 0, "answered": 0, "waiting": 0, "gaps": 0},
    indicators=(),
    views=(),
    found=False,
    may_see_names=True,
    may_import=True,
    may_decide=True,
)
NAMES = {"GD-001": "Bu Rohayati", "GD-002": "Bu Sumiyati", "GD-003": "Bu Eni", "GD-014": "Bu Yayah"}

IMPORT_ID = UUID("0d9a6a52-6a43-4f6e-8a5c-8a1ef1a0a001")
IMPORTS = ImportsPage(
    cycle=CYCLE,
    lokus=GEDONG,
    instrument=INSTRUMENT,
    rounds=(BASELINE, VISIT),
    columns=(
        ColumnLine("kode", "Kode keluarga", "teks, misalnya GD-001", needed=True),
        ColumnLine("jamban", "Di mana keluarga buang air besar?", "leher_angsa, cemplung, sungai", needed=False),
    ),
    recent=(
        ImportLine(IMPORT_ID, "gedong-dalem.xlsx", "done", datetime(2024, 3, 2, tzinfo=UTC), "Ratna Wulandari", 100, 2),
        ImportLine(IMPORT_ID, "perbaikan.csv", "refused", datetime(2024, 3, 3, tzinfo=UTC), "Ratna Wulandari", 12, 5),
    ),
)


def import_page(state: ImportState, *problems: Problem) -> ImportPage:
    """One import in that state, 40 of 100 rows on the way."""
    return ImportPage(
        cycle=CYCLE,
        lokus=GEDONG,
        round=BASELINE,
        id=IMPORT_ID,
        filename="gedong-dalem.xlsx",
        state=state,
        received_at=datetime(2024, 3, 2, 3, 15, tzinfo=UTC),
        by="Ratna Wulandari",
        done=40,
        total=100,
        new=88,
        known=12,
        members=412,
        answers=9120,
        problems=problems,
        problem_count=len(problems),
        errors=sum(problem.level == "error" for problem in problems),
        ignored=("catatan_kader",),
        header=("kode", "rt", "rw", "jamban"),
        preview=(("GD-001", "01", "01", "leher_angsa"), ("GD-002", "01", "01", "cemplung")),
        questions=1,
        has_columns=True,
        good=96,
        skippable=state == "refused",
        downloadable=state in {"ready", "refused"},
        undo_reasons=(),
        restricted=("GD-014", "GD-088") if state == "done" else (),
        restricted_told=True,
    )


assert "file.unreadable" in CATALOGUE
PROBLEMS = (
    Problem("file.unreadable", "keluarga!D12", {"name": "gedong-dalem.xlsx"}),
    Problem("file.unreadable", "keluarga!F30", {"name": "gedong-dalem.xlsx"}, level="warning"),
)

INSTRUMENT_PAGE = InstrumentPage(
    instrument=INSTRUMENT,
    scale=Decimal(100),
    valid_from=date(2024, 1, 1),
    valid_to=None,
    source="Usulan contoh; belum ada instrumen resmi yang terbit",
    published_at=datetime(2024, 1, 5, 2, 0, tzinfo=UTC),
    questions=86,
    aspects=(
        RuleAspect(
            "rumah",
            "Rumah dan lingkungan",
            Decimal(14),
            Decimal("0.14"),
            "Jawa Barat 2020",
            (
                RuleLine(
                    "jamban",
                    "Jamban sehat",
                    Decimal(5),
                    "survey",
                    "bands",
                    "outcome",
                    "Sudah bila keluarga memakai jamban leher angsa dan limbahnya masuk tangki septik.",
                    "Mulai 40 %: 50; mulai 60 %: 75; mulai 80 %: 100.",
                    "${jamban} = 'leher_angsa' and ${septik} = 'ya'",
                    "Disperkim",
                    "contoh",
                ),
                RuleLine(
                    "sk",
                    "SK tim pokja",
                    Decimal(4),
                    "judged",
                    "options",
                    "input",
                    "Dipilih penilai.",
                    "Tidak ada: 0; ada: 50; dijalankan: 75; dievaluasi: 100.",
                    "",
                    "DP3AP2KB",
                    "Permen PPPA",
                ),
            ),
        ),
    ),
    classes=(
        ClassLine("pra", "Prasejahtera", "Bila satu saja kebutuhan dasar belum terpenuhi.", "${makan} = 'tidak'"),
    ),
    versions=(INSTRUMENT, InstrumentRef("p2wkss", "0.9", "Instrumen P2WKSS", "a" * 64, official=False)),
)
