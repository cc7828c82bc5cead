"""The page of exports in its states, made up for tests."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from selaras.queries.exports import ExportLine, ExportsPage
from selaras.queries.extract import Wanted
from selaras.web.exports import ExportForm, context
from tests.web.samples import CYCLE, IMPORTS

ASKED = datetime(2024, 8, 12, 3, 0, tzinfo=UTC)
_ROUND = IMPORTS.rounds[0]


def _line(number: int, **more: object) -> ExportLine:
    values: dict[str, object] = {
        "uuid": UUID(int=number),
        "round": _ROUND,
        "wanted": Wanted(_ROUND.slug, "xlsx", words=True),
        "state": "ready",
        "done": 0,
        "total": 12_400,
        "note": "",
        "families": 12_400,
        "size": 8_600_000,
        "asked_at": ASKED,
        "ends_at": ASKED + timedelta(hours=24),
    }
    return ExportLine(**{**values, **more})  # type: ignore[arg-type]


PAGE = ExportsPage(
    CYCLE,
    IMPORTS.rounds,
    _ROUND.slug,
    ("Gedong Dalem", "Sukmajaya"),
    ("Gedong Dalem", "Sukmajaya"),
    (
        _line(1, wanted=Wanted(_ROUND.slug, "csv", identifiers=True)),
        _line(2, state="waiting", done=4_500, wanted=Wanted(_ROUND.slug, "parquet")),
        _line(3, state="waiting", total=None),
        _line(4, state="failed", note="terjadi kesalahan di server; rinciannya ada di log"),
    ),
)
#: A cadre's: nothing asked for yet, and no identities.
CADRES = ExportsPage(CYCLE, IMPORTS.rounds, _ROUND.slug, ("Gedong Dalem",), (), ())


def of(page: ExportsPage, data: dict[str, str] | None = None) -> dict[str, object]:
    """What the template is given; with `data` the form that was sent back."""
    form = ExportForm(page, data)
    if data is not None:
        form.is_valid()
    return context(page, form)
