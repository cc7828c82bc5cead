"""The page of what should be looked at again, made up for tests."""

from datetime import UTC, datetime
from uuid import UUID

from selaras.models import CheckKind
from selaras.queries.checks import CheckLine, ChecksPage
from tests.web.samples import CYCLE, GEDONG

_FACTS: dict[str, dict[str, int]] = {
    CheckKind.FAST: {"seconds": 95, "answers": 84},
    CheckKind.STRAIGHT: {"questions": 16},
    CheckKind.PLACE: {"homes": 7},
    CheckKind.HEAPED: {"round": 31, "numbers": 40},
    CheckKind.PHOTO: {"homes": 2, "rounds": 1, "exact": 1},
}


def _line(number: int, kind: CheckKind, seen_by: str = "") -> CheckLine:
    asked = kind in {CheckKind.CONSTRAINT, CheckKind.NOT_ASKED, CheckKind.HEAPED}
    return CheckLine(
        uuid=UUID(int=number),
        household=f"GD-{number:03}",
        kind=kind.value,
        question="Berapa umur anggota keluarga ini pada ulang tahun terakhir?" if asked else "",
        row=number if kind == CheckKind.CONSTRAINT else 0,
        said="Umur paling banyak 120 tahun" if kind == CheckKind.CONSTRAINT else "",
        facts=_FACTS.get(kind, {}),
        way="phone",
        sender="Ani Kader",
        received_at=datetime(2024, 3, 4, 2, 0, tzinfo=UTC),
        seen_by=seen_by,
        seen_at=datetime(2024, 3, 5, 2, 0, tzinfo=UTC) if seen_by else None,
    )


PAGE = ChecksPage(
    CYCLE,
    GEDONG,
    tuple(_line(number, kind) for number, kind in enumerate(CheckKind, start=1)),
    240,
    (_line(9, CheckKind.FAST, "Budi Lurah"),),
    may_settle=True,
)
NOTHING = ChecksPage(CYCLE, GEDONG, (), 0, (), may_settle=False)
