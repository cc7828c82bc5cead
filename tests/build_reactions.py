"""An activity with slips in hand, for tests."""

import uuid
from collections.abc import Iterable, Sequence

from selaras.access import CONSOLE
from selaras.actions.reactions import Printed, answer, print_slips
from selaras.models import Activity, Lokus
from tests import build


def activity(
    of: Lokus | None = None, *, title: str = "Pelatihan menjahit", commitments: Sequence[object] = ()
) -> Activity:
    """What was done in a lokus, twenty women there."""
    lokus = of or build.lokus(build.cycle())
    made = Activity.objects.create(
        uuid=uuid.uuid4(),
        cycle=lokus.cycle,
        lokus=lokus,
        title=title,
        on="2024-05-02",
        attended={"P": {"dewasa": 20}},
    )
    made.commitments.set(commitments)
    return made


def printed(of: Activity, slips: int = 12) -> Printed:
    """A box with its codes."""
    return print_slips(by=CONSOLE, cycle_slug=of.cycle.slug, activity_id=of.uuid, slips=slips)


def say(codes: Iterable[str], *, useful: str = "yes", use: str = "some", missing: str = "") -> None:
    """The same from each of them."""
    for code in codes:
        answer(code=code, useful=useful, use=use, missing=missing)
