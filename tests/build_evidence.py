"""Builders for evidence: a year that is scored, its people, and things brought in."""

from typing import Any
from uuid import UUID, uuid4

from django.db.models import QuerySet

from selaras.actions import evidence as actions
from selaras.actions.evidence import Kept, Sent, Told
from selaras.models import Cycle, CycleInstrument, Evidence, Lokus, Role, StoredFile, User
from tests import build
from tests.hostile import photo

CODE = "36.72.05.1005"


def scored_lokus(*indicators: str) -> Lokus:
    """A lokus of a year that is scored by the instrument `contoh` with these indicators."""
    lokus = build.lokus(build.cycle())
    version = build.version()
    for position, name in enumerate(indicators or ("jamban", "air")):
        version.indicators.create(name=name, position=position)
    CycleInstrument.objects.create(cycle=lokus.cycle, version=version, primary=True)
    return lokus


def secretary(cycle: Cycle | None = None) -> User:
    """Of the city."""
    return build.member(Role.SECRETARIAT, "36.72", cycle=cycle)


def ani() -> User:
    """The cadre of RW 03."""
    return build.member(Role.CADRE, f"{CODE}.RW03")


def bring(
    by: User, lokus: Lokus, content: bytes | None = None, *, name: str = "foto.jpg", url: str = "",
    id_: UUID | None = None, year: bool = False, cites: tuple[str, ...] = (), **told: Any,
) -> Kept:  # fmt: skip
    """Bring a photo (or `content`, or a link) of the lokus, or of the whole year, cited for these indicators."""
    sent = Sent(url=url) if url else Sent(photo() if content is None else content, name)
    return actions.add(
        by=by,
        cycle_slug=lokus.cycle.slug,
        lokus_code="" if year else lokus.area,
        evidence_id=id_ or uuid4(),
        told=Told(indicators=tuple(("contoh", each) for each in cites), **told),
        sent=sent,
    )


def sealed_files() -> QuerySet[StoredFile]:
    """All files that need a key: every one but the workbook."""
    return StoredFile.objects.filter(key__isnull=False)


def states(of: Evidence) -> dict[str, str]:
    """Indicator or code -> how its citation stands."""
    uses = of.uses.select_related("item").order_by("id")
    return {use.indicator or str(use.item): use.state for use in uses}
