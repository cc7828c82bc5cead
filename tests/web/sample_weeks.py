"""The Monday page and activities in every state, made up for tests."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from selaras.queries.activities import (
    ActivitiesPage,
    ActivityLine,
    ActivityPage,
    CommitmentChoice,
    FamilyChoice,
    Offer,
    Removed,
    ReportPage,
    attended,
)
from selaras.queries.weekly import WeekRef, WeekShown, WeeksPage
from selaras.queries.weeks.figures import Figures
from selaras.web.activities import ActivityForm, form_context
from tests.reports.sample_week import FIGURES, HEAD
from tests.web.samples import CYCLE, GEDONG, SUKMAJAYA

ID = UUID("7b0f4a36-4c1c-4d35-9d64-3f1f6a2f8e21")
MADE = datetime(2024, 8, 11, 22, 0, tzinfo=UTC)
_REFS = tuple(WeekRef(ID, date(2024, 8, 12) - timedelta(days=7 * n), MADE) for n in range(3))
READ = WeekShown(_REFS[0], FIGURES, HEAD, frozenset({"pdf", "png"}))
WEEKS = WeeksPage(CYCLE, _REFS, READ, busy=False, may_make=True)
#: Made anew on the Saturday of its week.
ANEW: Figures = {**FIGURES, "made_on": "2024-08-17"}
DRAWING = WeeksPage(CYCLE, _REFS[:1], WeekShown(_REFS[0], ANEW, "", frozenset()), busy=True, may_make=True)
NO_WEEKS = WeeksPage(CYCLE, (), None, busy=False, may_make=True)

PEOPLE = attended(
    {"P": {"anak": 3, "dewasa": 18, "lansia": 2}, "L": {"anak": 5, "dewasa": 4, "lansia": 0}, "difabel": 2}, exact=False
)
JAMBAN = CommitmentChoice(1, "K-001", "Disperkim", 7, "Pembangunan jamban sehat", Decimal(22), "unit")
MENJAHIT = CommitmentChoice(14, "K-014", "Dinkop UKM", 8, "Pelatihan menjahit dan pemasaran", Decimal(40), "orang")
LINE = ActivityLine(
    ID,
    "Pelatihan menjahit angkatan pertama untuk kelompok UP2K dan keluarga binaan",
    date(2024, 8, 9),
    GEDONG,
    "Dinkop UKM",
    "Balai warga RW 03",
    Decimal("20.00"),
    "orang",
    PEOPLE,
    has_photo=True,
    commitments=("K-014",),
)
BARE = ActivityLine(
    ID, "Gotong royong", date(2024, 8, 2), SUKMAJAYA, "", "", None, "", attended({}, exact=True), False, ()
)
ACTIVITIES = ActivitiesPage(
    cycle=CYCLE,
    rows=(LINE, BARE),
    total=52,
    people=1340,
    page=1,
    pages=2,
    loci=(GEDONG, SUKMAJAYA),
    agencies=("Dinkop UKM", "Disperkim"),
    months=(date(2024, 8, 1), date(2024, 7, 1)),
    lokus=GEDONG.code,
    agency="",
    month="2024-08",
    removed=(Removed(ID, "Penyuluhan gizi", MADE),),
    may_report=True,
)
NONE = ActivitiesPage(CYCLE, (), 0, 0, 1, 1, (GEDONG,), (), (), "", "", "", (), may_report=True)
ACTIVITY = ActivityPage(
    cycle=CYCLE,
    lokus=GEDONG,
    line=LINE,
    reported_by="Ratna Wulandari",
    reported_at=MADE,
    version=1,
    serves=(MENJAHIT,),
    families=("GD-014",),
    hidden_families=6,
    photo_kind="image/jpeg",
    offers=(Offer(MENJAHIT, "running", 1, Decimal(20)),),
    may_change=True,
)
REPORT = ReportPage(
    cycle=CYCLE,
    lokus=GEDONG,
    loci=(GEDONG, SUKMAJAYA),
    agencies=((7, "Disperkim"), (8, "Dinkop UKM")),
    free=True,
    commitments=(JAMBAN, MENJAHIT),
    families=tuple(FamilyChoice(UUID(int=n), f"GD-{n:03}", "RT 01/RW 03") for n in range(1, 9)),
    today=date(2024, 8, 12),
    chosen=None,
)


def reporting(data: dict[str, object] | None = None, **more: object) -> dict[str, object]:
    """The form, begun or refused."""
    form = ActivityForm(REPORT, data, {}) if data is not None else ActivityForm(REPORT, initial={"id": ID})
    if data is not None:
        form.is_valid()
    return {**form_context(REPORT, form), **more}
