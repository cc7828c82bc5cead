"""A family's page and the list of 100, made up for tests: every state that their templates must be able to show."""

from datetime import UTC, date, datetime
from uuid import UUID

from selaras.actions.households import Family, Numbers
from selaras.queries.answered import AnswerLine, RoundAnswers, Section
from selaras.queries.edits import EditLine
from selaras.queries.household import (
    ActivityLine,
    Decided,
    HouseholdPage,
    IndicatorLine,
    Listing,
    MemberLine,
    NeedLine,
    Service,
    SubmissionLine,
)
from selaras.queries.households import NO_FILTERS
from selaras.queries.targets import (
    LastDecision,
    PaperList,
    PaperRow,
    Part,
    ReplacingPage,
    Standing,
    TargetRow,
    TargetsPage,
)
from selaras.web import targets as web
from selaras.web.household import CorrectionForm, Difference
from tests.web.samples import CYCLE, GEDONG, VISIT

AT = datetime(2024, 7, 4, 3, 0, tzinfo=UTC)
HEAD, SON, BABY = (UUID(f"0d9a6a52-6a43-4f6e-8a5c-8a1ef1a0b00{n}") for n in (1, 2, 3))
FAMILY = Family(
    "Bu Rohayati",
    "Lingkungan Gedong Dalem, Gang Kenanga 7",
    {HEAD: "Rohayati", SON: "Ahmad Fauzi", BABY: "Siti Nurhaliza"},
)
NUMBERS = Numbers("3672051234567890", "6281234567890", {HEAD: "3672055503710004", SON: "3672051201050002", BABY: ""})
HOUSEHOLD = HouseholdPage(
    cycle=CYCLE,
    lokus=GEDONG,
    round=VISIT,
    uuid=UUID("0d9a6a52-6a43-4f6e-8a5c-8a1ef1a0b000"),
    code="GD-014",
    rt="02",
    rw="01",
    version=3,
    kk="•••• 7890",
    phone="•••• 7890",
    members=(
        MemberLine(HEAD, 1, "P", "Kepala keluarga", "•••• 0004"),
        MemberLine(SON, 2, "L", "Anak", "•••• 0002", ("region", "sex"), twice=True),
        MemberLine(BABY, 3, "P", "Anak", ""),
    ),
    class_label="Keluarga Pra Sejahtera",
    indicators=(
        IndicatorLine("jamban", "Keluarga memakai jamban sehat di rumah sendiri", "unmet", ""),
        IndicatorLine("akta", "Semua anak punya akta kelahiran", "unmet", ""),
        IndicatorLine("tabungan", "Punya tabungan", "missing", ""),
        IndicatorLine("air", "Air minum layak", "met", ""),
        IndicatorLine("balita", "Balita ikut PAUD", "not_applicable", ""),
        IndicatorLine("penghasilan", "Penghasilan per orang", "value", "640.000 rupiah"),
    ),
    needs=(
        NeedLine(
            "jamban", "Jamban sehat", AT, None,
            (Service("K-014", "Pembangunan tangki septik individual", "Disperkim", "running", date(2024, 9, 30)),),
        ),
        NeedLine("akta", "Akta kelahiran anak", AT, None, ()),
        NeedLine("air", "Air minum layak", AT, AT, ()),
    ),
    listing=Listing(
        "target", "", "", "",
        (
            Decided("reserve", "target", "", "Ratna Wulandari", AT),
            Decided("", "reserve", "", "Ratna Wulandari", AT),
        ),
    ),
    activities=(ActivityLine("Penyuluhan sanitasi", date(2024, 5, 2), "Dinkes"),),
    answers=(
        RoundAnswers(
            VISIT, AT, "import", "Instrumen P2WKSS 1.0",
            (
                Section(
                    "Rumah dan lingkungan", None,
                    (
                        AnswerLine("Di mana keluarga buang air besar?", "said", "Leher angsa"),
                        AnswerLine("Ke mana airnya dibuang?", "unasked", ""),
                        AnswerLine("Dari mana air minumnya?", "blank", ""),
                        AnswerLine("Catatan kader", "sealed", ""),
                    ), 1,
                ),
                Section("Sekolah dan pekerjaan", 1, (AnswerLine("Apakah bekerja?", "said", "Ya"),), 0),
            ),
            apart=True,
        ),
    ),
    submissions=(
        SubmissionLine(VISIT, AT, "phone", "Ani Kader", current=True),
        SubmissionLine(VISIT, AT, "import", "Ratna Wulandari", current=False),
    ),
    edits=(
        EditLine(
            UUID(int=7), "Ani Kader", AT, "conflict", ("address", "rt"), (), open=True, arrival=UUID(int=8),
            decided_by="", decided_at=None,
        ),
        EditLine(
            UUID(int=6), "Sri Kader", AT, "applied", ("address",), ("address",), open=False, arrival=UUID(int=9),
            decided_by="", decided_at=None,
        ),
        EditLine(
            UUID(int=5), "Ratna Wulandari", AT, "applied", ("rt", "members"), ("rt", "members"), open=False,
            arrival=None, decided_by="", decided_at=None, source="office",
        ),
    ),
    apart=True,
    may_correct=True,
    may_decide=True,
)  # fmt: skip
BARE = HouseholdPage(
    cycle=CYCLE, lokus=GEDONG, round=None, uuid=HEAD, code="GD-099", rt="", rw="", version=1, kk="", phone="",
    members=(), class_label=None, indicators=(), needs=(), activities=(),
    listing=Listing("replaced", "moved", "pindah bulan Mei", "GD-101", ()),
    answers=(), submissions=(), edits=(), apart=False, may_correct=False, may_decide=False,
)  # fmt: skip


def _row(rank: int, code: str, standing: Standing | None, *, reason: str = "", by: str = "") -> TargetRow:
    return TargetRow(rank, code, "02", "01", standing, reason, by, AT, "Ratna Wulandari")


def targets(part: Part, *rows: TargetRow, coached: int = 98) -> TargetsPage:
    """That part of a list of 100."""
    return TargetsPage(
        cycle=CYCLE,
        lokus=GEDONG,
        round=VISIT,
        part=part,
        rows=rows,
        counts={"target": coached, "reserve": 12, "undecided": 34, "replaced": 2},
        size=100,
        coached=coached,
        waiting=12,
        more=31 if part == "undecided" else 0,
        filters=NO_FILTERS,
        health=True,
        last=LastDecision(HEAD, "target", 3, "Ratna Wulandari", AT),
        may_decide=True,
    )


POOR, FAIR = Standing(14, 2, 20, "Keluarga Pra Sejahtera"), Standing(6, 0, 30, "")
LISTED = targets("target", _row(1, "GD-001", POOR), _row(2, "GD-002", FAIR), _row(3, "GD-003", None))
RESERVE = targets("reserve", _row(1, "GD-101", FAIR), _row(2, "GD-102", FAIR))
PROPOSED = targets("undecided", _row(1, "GD-014", POOR), _row(2, "GD-015", FAIR), _row(3, "GD-016", None))
REPLACED = targets("replaced", _row(1, "GD-044", POOR, reason="moved", by="GD-101"))
NOBODY = targets("target", coached=0)
REPLACING = ReplacingPage(CYCLE, GEDONG, "GD-014", "02", "01", True, "GD-101", "03", "01")
PAPER = PaperList(
    CYCLE, GEDONG, 100,
    tuple(PaperRow(n, f"GD-{n:03}", "02", "01", "target") for n in range(1, 41)),
    (PaperRow(1, "GD-101", "02", "01", "reserve"),), date(2024, 7, 4),
)  # fmt: skip


def correction_form(*, late: bool = False) -> CorrectionForm:
    """The form as it opens, or as it comes back to who was slower."""
    if not late:
        return CorrectionForm(HOUSEHOLD, initial={"version": 3, "head_name": FAMILY.head_name, "rt": "02", "rw": "01"})
    form = CorrectionForm(
        HOUSEHOLD, {"version": "3", "head_name": "Bu Rohayati", "address": "Gang Kenanga 9", "kk": "12"}
    )
    form.is_valid()
    form.add_error(None, "data keluarga ini dibetulkan orang lain sejak Anda membukanya; bandingkan keduanya di bawah")
    form.add_error("kk", "nomor KK harus 16 angka; periksa angkanya")
    return form


def context_of_correction(*, named: bool = True, late: bool = False) -> dict[str, object]:
    """What household_correct.html is given."""
    differences = [Difference("Alamat", "Gang Kenanga 7", "Gang Kenanga 9")] if late else []
    return {
        "page": HOUSEHOLD,
        "synthetic": True,
        "form": correction_form(late=late),
        "named": named,
        "differences": differences,
    }


def context_of_list(page: TargetsPage, **more: object) -> dict[str, object]:
    """What targets.html is given."""
    return {**web.context(page), "names": {}, "named": False, "ticked": set(), "problems": (), **more}


def context_of_replacing(data: dict[str, str] | None = None) -> dict[str, object]:
    """What target_replace.html is given."""
    form = web.ReplaceForm() if data is None else web.ReplaceForm(data)
    form.is_valid()
    return {"page": REPLACING, "synthetic": True, "form": form, "names": {}, "named": False}
