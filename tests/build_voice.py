"""A lokus whose families were promised something, for tests of what they say of it."""

from dataclasses import dataclass
from datetime import date

from selaras.models import Commitment, Cycle, Household, Lokus, Need, Person, Role, Round, User
from tests import build
from tests.build_plans import commitment
from tests.build_programme import Programme
from tests.kept import kept
from tests.web.cast import scored

TOILET, PLACE = "Bantuan jamban", "Arisan jamban warga"


@dataclass(frozen=True, slots=True)
class Voice:
    """GD-002 (RW 01) uses a pit: an agency promised her a toilet, another one something for the whole lokus."""

    of: Programme
    family: Household
    mother: Person
    toilet: Commitment
    place: Commitment
    visit: Round

    @property
    def cycle(self) -> Cycle:
        return self.of.cycle

    @property
    def lokus(self) -> Lokus:
        return self.of.lokus

    @property
    def where(self) -> dict[str, str]:
        """What actions are told of the family."""
        return {"cycle_slug": self.cycle.slug, "code": self.lokus.area, "household": self.family.code}


@kept
def voice() -> Voice:
    """The lokus with its families brought in and counted, and one promise to GD-002 that is called done."""
    of = scored()
    family = Household.objects.select_related("lokus__cycle__place").get(code="GD-002")
    need = Need.objects.get(household=family, indicator="jamban")
    toilet = commitment(of.lokus, needs=[need], title=TOILET, state="done", ends=date(2024, 6, 30), person="Pak Dedi")
    place = commitment(of.lokus, of="Perkim", title=PLACE, indicator="jamban")
    mother = build.person(family, "Sumiyati Binti Asep")
    visit = Round.objects.create(cycle=of.cycle, kind="visit", opens=date(2024, 5, 1), closes=date(2024, 5, 31))
    return Voice(of, family, mother, toilet, place, visit)


def cadre(of: Voice) -> User:
    """The cadre of the family's RW."""
    return build.member(Role.CADRE, f"{of.lokus.place.code}.RW01", cycle=of.cycle)
