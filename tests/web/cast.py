"""Who tries the doors: each test asks what she sees, and what the one next door does not."""

from django.test import Client

from selaras.models import Role, User
from tests import build
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.kept import kept

ROWS = [
    family("GD-001", 4, "leher_angsa", 2000, name="Rohayati Uji", rw="01"),
    family("GD-002", 3, "cemplung", "", name="Sumiyati Uji", rw="01"),
    family("GD-003", 2, "leher_angsa", 5000, name="Eni Uji", rw="03"),
]


@kept
def scored(rows: list[list[object]] | None = None) -> Programme:
    """Lokus Gedong Dalem with these families brought in and counted."""
    of = programme()
    bring(of, families_file(ROWS if rows is None else rows))  # type: ignore[arg-type]
    return of


def secretary(of: Programme) -> User:
    """The secretariat of Cilegon."""
    return build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)


def ani(of: Programme) -> User:
    """Cadre of RW 03 of Gedong Dalem."""
    return build.member(Role.CADRE, f"{of.lokus.place.code}.RW03", cycle=of.cycle)


def budi(of: Programme) -> User:
    """Lurah next door, in Sukmajaya."""
    build.place("36.72.05.1001")
    return build.member(Role.SUPERVISOR, "36.72.05.1001", cycle=of.cycle)


def citra(of: Programme) -> User:
    """A juror of the cycle."""
    return build.member(Role.JUROR, "36.72", cycle=of.cycle)


def dewi() -> User:
    """A stranger: secretariat of another city."""
    build.place("36.73")
    return build.member(Role.SECRETARIAT, "36.73")


def eka(of: Programme) -> User:
    """Protection officer of the city."""
    return build.member(Role.PROTECTION, "36.72", cycle=of.cycle)


def inside(user: User) -> Client:
    """A browser in which she is signed in."""
    client = Client()
    client.force_login(user)
    return client
