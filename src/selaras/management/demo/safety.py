"""Numbers to call that answer nowhere, and what a few women and children of one RT found on a walk. All invented."""

from datetime import date
from uuid import uuid4

from selaras.actions.helplines import set_helplines
from selaras.actions.walks import note_finding, start_walk
from selaras.models import Cycle, Lokus, User
from selaras.queries.helplines import HelplineLine, national, numbers_of

#: What was found: what, near what, when.
FOUND = (("dark", "bridge", "night"), ("water", "river", "always"), ("traffic", "school", "school"))


def has_numbers(cycle: Cycle) -> bool:
    """Whether the city has written down its own."""
    return numbers_of(cycle.place).own


def safety(cycle: Cycle, lokus: Lokus, cadre: User, officer: User) -> None:
    """The city's list with an invented UPTD PPA on it; one walk, of which nothing is proposed yet."""
    uptd = HelplineLine(
        "uptd", "UPTD PPA (contoh)", "0254 000000", "", "Senin–Jumat", "Contoh, bukan nomor sungguhan", date(2024, 4, 2)
    )
    mark = numbers_of(cycle.place).mark
    set_helplines(by=officer, cycle_slug=cycle.slug, mark=mark, lines=[uptd, *national()])
    where = {"cycle_slug": cycle.slug, "code": lokus.area}
    walk = start_walk(by=cadre, **where, walk_id=uuid4(), rw="03", rt="02", on=date(2024, 4, 20), women=9, children=6)
    for what, near, when in FOUND:
        note_finding(by=cadre, **where, walk_id=walk.uuid, what=what, near=near, when=when)
