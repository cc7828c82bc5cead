"""What the pages of published counts are given, from samples."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from selaras.actions.recaps import RecapDraft
from selaras.errors import Problem
from selaras.queries.protection import CutShort, RuleInForce
from selaras.queries.recaps import (
    Change,
    DecidedRecap,
    HandOverLine,
    HandOverPeriod,
    PublicationsPage,
    RateLine,
    RecapForm,
    RecapPage,
    Said,
    Sign,
    TableShown,
    WaitingRecap,
)
from selaras.scoring.rates import Rate, Ratio
from selaras.web import recaps
from tests.web import samples

Context = dict[str, object]
_AT = datetime(2024, 2, 1, 3, 15, tzinfo=UTC)
_AGES = TableShown(
    "victims-age",
    "korban",
    "usia",
    several=False,
    columns=("jumlah", "0–17", "18–24", "25–59", "60 tahun ke atas"),
    rows=(
        ("Kota Cilegon", (285, 87, 48, 124, 26)),
        ("Ciwandan", (40, 11, None, 16, None)),
        ("Pulomerak", (None, 9, None, 13, None)),
        ("Jombang", (92, None, 17, 44, None)),
    ),
)
_FORMS = replace(
    _AGES, key="cases-form-q1", unit="kasus", dimension="bentuk kekerasan", several=True, period="q1",
    columns=("jumlah", "fisik", "perdagangan orang (TPPO)"), rows=(("Kota Cilegon", (60, 41, None)),),
)  # fmt: skip
_SAID = (
    Said(1, "SIMFONI PPA, UPTD PPA Kota Cilegon", date(2023, 4, 14), 5, 216, 140, ("q1",)),
    Said(2, "SIMFONI PPA, UPTD PPA Kota Cilegon", date(2024, 1, 31), 5, 648, 212, ("q2", "q3", "q4")),
)
_OUT = HandOverPeriod(
    "h1", "out", date(2023, 7, 15), date(2023, 11, 15), follow_up=True,
    lines=(
        HandOverLine("Kota Cilegon", "city", 61, ((55, 61), (8, 9), (49, 61)), 6),
        HandOverLine("Kecamatan Jombang", "kecamatan", None, (None, None, None)),
        HandOverLine("Kelurahan Gedong Dalem", "kelurahan", 12, ((11, 12), None, (9, 12))),
    ),
    crossed=(2, 1),
)  # fmt: skip
_HALF_OUT = replace(_OUT, period="h2", comes_out=date(2024, 1, 15), follow_up_on=date(2024, 5, 15), follow_up=False,
    lines=tuple(replace(line, clocks=(*line.clocks[:2], None)) for line in _OUT.lines), crossed=(0, 0))  # fmt: skip
_WAITING = replace(_OUT, period="h1", state="waiting", comes_out=date(2024, 7, 15), follow_up=False, lines=())
_LATE = replace(_WAITING, period="h2", state="late")
_KEPT = replace(_WAITING, period="h2", state="kept_back", reason="not_agreed")
_EARLY = replace(_HALF_OUT, later="early")
_NEVER = replace(_WAITING, state="never", later="never")
_UNREFUSED = replace(_WAITING, period="h2", state="unrefused", later="unrefused")
_COMES_NEVER = (_EARLY, replace(_EARLY, later="late"), _NEVER, replace(_HALF_OUT, later="unrefused"), _UNREFUSED)
_BELOW = replace(_OUT, lines=_OUT.lines[1:2], crossed=(0, 0), reason="choice", follow_up=False)
_RULE = RuleInForce(5, "half")
PAGE = PublicationsPage(
    cycle=samples.CYCLE,
    years=(2023, 2022),
    year=2023,
    said=_SAID,
    unit="korban",
    tables=(_AGES, _FORMS),
    places=(
        RateLine("Kota Cilegon", 285, 215_000, Rate(1.33, 1.18, 1.49)),
        RateLine("Jombang", 92, 33_000, Rate(2.79, 2.25, 3.42)),
        RateLine("Pulomerak", None, 23_000, None),
        RateLine("Ciwandan", 40, None, None),
    ),
    over_time=(
        RateLine("2022", 171, 213_000, Rate(0.80, 0.69, 0.93)),
        RateLine("2023", 285, 215_000, Rate(1.33, 1.18, 1.49)),
    ),
    change=Change(2022, 2023, 171, 285, Ratio(1.65, 1.36, 2.01)),
    signs=(
        Sign("Gedong Dalem", "channel_known", "bagian warga yang tahu ke mana melapor", Decimal("0.62")),
        Sign("Gedong Dalem", "channel_exists", "saluran pengaduan ada dan terjangkau", Decimal(1)),
        Sign("Gedong Dalem", "people_trained", "banyaknya orang yang dilatih mencegah dan merujuk", Decimal(24)),
    ),
    women_source="BPS, proyeksi penduduk 2023",
    hand_overs=(_OUT, _HALF_OUT),
    may_keep=True,
    waiting=(WaitingRecap(UUID(int=9), 2024, "SIMFONI PPA", date(2024, 1, 31), "Eka Lestari", _AT),),
    decided=(DecidedRecap(2021, "declined", "choice", _AT), DecidedRecap(2023, "published", "", _AT)),
    this_year=2024,
    rule=_RULE,
    next_rule=RuleInForce(8, "quarter"),
)
READER = replace(
    PAGE, may_keep=False, waiting=(), decided=(), change=None, over_time=(), signs=(), hand_overs=(_BELOW, _KEPT)
)
FELL = replace(
    PAGE, change=Change(2022, 2023, 285, 171, Ratio(0.6, 0.5, 0.73)), hand_overs=(_WAITING, _LATE),
    preview=replace(_WAITING, lines=_HALF_OUT.lines),
)  # fmt: skip
CUT = replace(
    PAGE, change=None, over_time=(),
    cut_short=(CutShort(2022, "", date(2022, 6, 30)), CutShort(2023, "q2", date(2023, 5, 31))),
)  # fmt: skip
SAME = replace(PAGE, change=Change(2022, 2023, 171, 180, Ratio(1.04, 0.84, None)), waiting=())
BARE = replace(
    PAGE,
    hand_overs=_COMES_NEVER,
    change=Change(2022, 2023, 171, 180, None),
    women_source="",
)
NOTHING = replace(
    READER, years=(), year=None, said=(), tables=(), places=(), women_source="", hand_overs=(), may_keep=True
)
FORM = RecapForm(samples.CYCLE, ("Cibeber", "Jombang"), date(2024, 4, 25), 2024)
RECAP = RecapPage(
    samples.CYCLE, UUID(int=9), 2024, "SIMFONI PPA", date(2024, 1, 31),
    (replace(_AGES, rows=(("Ciwandan", (40, 11, 8, 16, 5)), ("Pulomerak", (31, 9, 2, 13, 7)))),),
    (replace(_AGES, rows=(("Ciwandan", (40, 11, None, 16, None)), ("Pulomerak", (31, 9, None, 13, None)))),), 10, 5, 4,
)  # fmt: skip
_DRAFT = RecapDraft("2023", "SIMFONI PPA", "2024-01-31", "")
_WRONG = (Problem("recap.count", "korban usia!C7", {"found": "(kosong)"}), Problem("recap.source", "sumber"))

PAGES: dict[str, tuple[str, Callable[[], Context]]] = {
    "angka": ("publications.html", lambda: recaps.context(PAGE)),
    "angka-pembaca": ("publications.html", lambda: recaps.context(READER)),
    "angka-turun": ("publications.html", lambda: recaps.context(FELL)),
    "angka-belum-setahun": ("publications.html", lambda: recaps.context(CUT)),
    "angka-sama": ("publications.html", lambda: recaps.context(SAME, (Problem("recap.every", "masa"),))),
    "angka-tanpa-penduduk": ("publications.html", lambda: recaps.context(BARE)),
    "angka-kosong": ("publications.html", lambda: recaps.context(NOTHING)),
    "rekap-baru": ("recap_new.html", lambda: recaps.form_context(FORM, _DRAFT)),
    "rekap-salah": ("recap_new.html", lambda: recaps.form_context(FORM, _DRAFT, _WRONG)),
    "rekap-belum-dikenali": ("recap_untrusted.html", lambda: {"why": "unknown"}),
    "rekap-tertutup": ("recap_untrusted.html", lambda: {"why": "shut"}),
    "rekap": ("recap.html", lambda: recaps.recap_context(RECAP, (Problem("recap.reason", "alasan"),))),
}
