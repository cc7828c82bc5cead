"""The pages of readiness, made up for tests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from selaras.errors import Problem
from selaras.queries.confirmations import Voices
from selaras.queries.readiness import AspectBlock, Due, ItemLine, Loss, OwnerLine, Points, ReadinessPage
from selaras.queries.readiness_item import CitedLine, ClaimLine, FindingLine, ItemPage, OptionChoice, SaidLine
from selaras.queries.readiness_signals import SignalLine, SignalsPage
from selaras.queries.signals import KINDS
from selaras.web import readiness
from tests.web.samples import CYCLE, GEDONG, LOKUS, SILENT

_AT = datetime(2024, 6, 3, 2, 0, tzinfo=UTC)
_JUDGED = Due(date(2024, 10, 27), "Penilaian provinsi di lokasi", late=False, before=True)
_PROMISED = Due(date(2024, 9, 30), "", late=True)


def _points(*said: str | None) -> Points:
    return Points(*(None if one is None else Decimal(one) for one in said))


TEAM = ItemLine(
    name="tim_lintas_sektor",
    label="Tim lintas sektor yang bekerja bersama dan rapat paling sedikit sebulan sekali",
    origin="judged",
    worth=Decimal("2.4"),
    points=_points("1.8", "1.2", None, "0.6", None),
    value=None,
    option="Ada SK dan rencana, dilaksanakan, dan terdokumentasi",
    unit="",
    cited=3,
    live=2,
    verified=1,
    losses=(
        Loss("unreached", Decimal("0.6"), "agency", ("DP3AP2KB",), due=_JUDGED),
        Loss("unproved", Decimal("0.6"), "agency", ("DP3AP2KB",), count=2, due=_JUDGED),
        Loss("unverified", Decimal("0.6"), "evidence", count=1, due=_JUDGED),
    ),
)
LATRINE = ItemLine(
    name="jamban",
    label="Jamban sehat",
    origin="survey",
    worth=Decimal("1.25"),
    points=_points("0.9", "0.9", "0.7", "0", None),
    value=Decimal("0.72"),
    option="",
    unit="",
    cited=0,
    live=0,
    verified=0,
    losses=(
        Loss("unreached", Decimal("0.35"), "agency", ("Disperkim",), (14, 21), 23, due=_PROMISED),
        Loss("denied", Decimal("0.2"), "agency", ("Disperkim",), (14,), 6, due=_JUDGED),
        Loss("unverified", Decimal("0.7"), "recheck", count=2, due=_JUDGED),
    ),
)
FULL = replace(TEAM, name="patbm", label="PATBM aktif", points=_points("2.4", "2.4", "2.4", "2.4", None), losses=())
HIDDEN = replace(LATRINE, name="tb", label="Penderita TB berobat", points=Points(), value=None, losses=(), hidden=True)
NONE = replace(
    TEAM,
    name="inovasi",
    label="Inovasi",
    points=Points(),
    option="",
    cited=0,
    live=0,
    verified=0,
    losses=(Loss("unclaimed", Decimal("2.4"), "agency", ("Bappedalitbang",), due=_JUDGED),),
)
assert LOKUS.round is not None
PAGE = ReadinessPage(
    cycle=CYCLE,
    lokus=GEDONG,
    round=LOKUS.round,
    instrument=LOKUS.instrument,
    instruments=(LOKUS.instrument, replace(LOKUS.instrument, id="iks", title="Indeks Keluarga Sehat (12 indikator)")),
    scale=Decimal(100),
    points=_points("72.1", "58.8", "54.3", "31.2", None),
    lost=(
        ("unclaimed", Decimal("9.6")),
        ("unreached", Decimal("18.3")),
        ("unproved", Decimal("13.3")),
        ("denied", Decimal("4.5")),
        ("unverified", Decimal("23.1")),
    ),
    items=69,
    claims=58,
    heard=4,
    compared=12,
    aspects=(
        AspectBlock("kelembagaan", ("Kelembagaan",), Decimal(8), _points("5", "4", "4", "2", None), (TEAM, FULL, NONE)),
        AspectBlock("rumah", ("Hasil", "Rumah dan lingkungan"), Decimal(5), Points(), (LATRINE, HIDDEN)),
    ),
    owners=(
        OwnerLine("agency", "DP3AP2KB", Decimal("42.1"), 31, _JUDGED),
        OwnerLine("recheck", "", Decimal("22.9"), 34, _JUDGED),
        OwnerLine("agency", "Disperkim", Decimal("3.4"), 3, _PROMISED),
        OwnerLine("evidence", "", Decimal("1.2"), 2, _JUDGED),
        OwnerLine("field", "", Decimal("0.6"), 1, None),
    ),
    due=_JUDGED,
    hidden=True,
    signals=20,
    silent=SILENT,
)
HIDDEN_PAGE = replace(PAGE, points=Points(), lost=(), owners=(), due=None, signals=0, heard=0, silent=None)

SIGNALS = SignalsPage(
    cycle=CYCLE,
    lokus=GEDONG,
    round=LOKUS.round,
    instrument=LOKUS.instrument,
    instruments=(LOKUS.instrument,),
    signals=tuple(
        SignalLine(
            kind=kind,
            name="" if kind == "undelivered" else "jamban",
            label="Jamban sehat dan dipakai sendiri oleh keluarga",
            points=Decimal(0) if kind == "undelivered" else Decimal("1.25"),
            count=None if kind == "worse" else 12,
            codes=tuple(f"GD-{number:03}" for number in range(1, 20)) if kind == "denied" else (),
            commitment=14 if kind == "undelivered" else None,
            agency="Disperkim",
            title="Pembangunan jamban keluarga",
            reason="tanpa tanda tangan" if kind in {"lower", "differs"} else "",
        )
        for kind in KINDS
        for _ in range(2)
    ),
    names=True,
)
QUIET = replace(SIGNALS, signals=())

_LADDER = tuple(
    OptionChoice(name, label, Decimal(points))
    for name, label, points in (
        ("belum", "Belum ada tim lintas sektor", "0"),
        ("a", "Ada tim lintas sektor, belum ditetapkan", "0.6"),
        ("b", "Ada tim lintas sektor dengan SK atau ketetapan tertulis", "1.2"),
        ("c", "Ada SK dan rencana, dilaksanakan, dan terdokumentasi", "1.8"),
    )
)


_NO_LIMIT = SaidLine()


def _cited(number: int, state: str, reason: str = "", limit: SaidLine = _NO_LIMIT) -> CitedLine:
    return CitedLine(number, UUID(int=number), "document", f"SK tim nomor {number}", state, reason, limit)


_B = SaidLine(None, "b", _LADDER[2].label, Decimal("1.2"))
ITEM = ItemPage(
    cycle=CYCLE,
    lokus=GEDONG,
    round=LOKUS.round,
    instrument=LOKUS.instrument,
    scale=Decimal(100),
    line=TEAM,
    path=("Kelembagaan",),
    rule="options",
    origin="judged",
    rule_words="Nilainya diberikan juri.",
    agency="DP3AP2KB",
    asked=("SK tim kota, kecamatan, dan kelurahan", "notulen rapat"),
    claim=ClaimLine(
        SaidLine(None, "c", _LADDER[3].label, Decimal("1.8")), "SK 12/2024", "Ani Uji", _AT, 2, from_record=False
    ),
    options=_LADDER,
    cited=(
        _cited(1, "verified", limit=_B),
        _cited(2, "waiting"),
        _cited(3, "refused", "tanpa tanda tangan"),
    ),
    findings=(FindingLine(_B, "notulen belum ada", "Budi Uji", _AT), FindingLine(_B, "", "Budi Uji", _AT)),
    voices=None,
    compared=0,
    version=2,
    may_claim=True,
    may_find=True,
    own=False,
)
MEASURED = replace(
    ITEM,
    line=LATRINE,
    rule="bands",
    origin="survey",
    asked=(),
    claim=None,
    options=(),
    cited=(),
    findings=(),
    voices=Voices(12, 6, 4),
    compared=2,
    version=0,
    may_claim=False,
)
NUMBER = replace(
    ITEM,
    line=replace(NONE, unit="bagian dari komitmen"),
    rule="linear",
    origin="record",
    options=(),
    claim=ClaimLine(SaidLine(Decimal("0.72"), "", "", Decimal(1)), "register", "", _AT, 0, from_record=True),
    cited=(_cited(1, "waiting"),),
    findings=(),
    own=True,
)
YES_NO = replace(ITEM, line=FULL, rule="yes_no", origin="protection", options=(), claim=None, cited=(), findings=())
HIDDEN_ITEM = replace(MEASURED, line=HIDDEN, voices=None, may_find=False)


def refused(which: str, page: ItemPage = ITEM) -> dict[str, object]:
    """The page of an item whose form was not saved."""
    form = readiness.SaidForm(page, {"said": "b", "text": "SK lain"})
    form.is_valid()
    sent = readiness.Sent(which, form, (Problem("claim.newer"), Problem("claim.reason")))
    return readiness.item_context(page, sent)


#: Name → template and what it is given.
PAGES: dict[str, tuple[str, Callable[[], dict[str, object]]]] = {
    "kesiapan": ("readiness.html", lambda: readiness.context(PAGE)),
    "kesiapan-sembunyi": ("readiness.html", lambda: readiness.context(HIDDEN_PAGE)),
    "kesiapan-perlu-dilihat": ("readiness_signals.html", lambda: readiness.signals_context(SIGNALS)),
    "kesiapan-tenang": ("readiness_signals.html", lambda: readiness.signals_context(QUIET)),
    "butir": ("readiness_item.html", lambda: readiness.item_context(ITEM)),
    "butir-diukur": ("readiness_item.html", lambda: readiness.item_context(MEASURED)),
    "butir-angka": ("readiness_item.html", lambda: readiness.item_context(NUMBER)),
    "butir-ya-tidak": ("readiness_item.html", lambda: readiness.item_context(YES_NO)),
    "butir-sembunyi": ("readiness_item.html", lambda: readiness.item_context(HIDDEN_ITEM)),
    "butir-klaim-salah": ("readiness_item.html", lambda: refused("claim")),
    "butir-temuan-salah": ("readiness_item.html", lambda: refused("finding")),
    "butir-bukti-salah": ("readiness_item.html", lambda: refused("limit")),
}
