"""Two families that are one, with everything that a family can have."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from selaras.access import CONSOLE
from selaras.actions.jobs import work_off
from selaras.actions.scoring import request_scoring
from selaras.actions.submissions import make_one_current
from selaras.models import Duplicate, Household, Role, Round, SearchHashes, Submission, User
from tests import build
from tests.build_programme import Programme, programme

AT = datetime(2024, 2, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Twins:
    """Families GD-001 and GD-002 of one lokus, the pair, and the lurah who is asked."""

    programme: Programme
    one: Household
    other: Household
    pair: Duplicate
    lurah: User

    @property
    def where(self) -> dict[str, str]:
        """For an action: which lokus."""
        return {"cycle_slug": self.programme.cycle.slug, "code": self.programme.lokus.area}


def twins() -> Twins:
    """Both without answers; the other knows its KK number, its phone and a second member."""
    of = programme()
    one = build.household(of.lokus, name="Siti Aminah", address="")
    other = build.household(
        of.lokus, name="Hj. Aminah", address="Gang Uji 7", kk="9900000000000001", phone="081200000001"
    )
    build.person(one, "Siti Aminah", nik="3672054503850001")
    build.person(other, "Siti  AMINAH", nik="3672054503850001")
    build.person(other, "Alya Zahra")
    pair = Duplicate.objects.create(one=one, other=other, weight=12.5, levels={"head": "part", "niks": "one"})
    lurah = build.member(Role.SUPERVISOR, of.lokus.place.code, cycle=of.cycle)
    return Twins(of, one, other, pair, lurah)


def answered(family: Household, round_: Round, of: Programme, **answers: object) -> Submission:
    """A form of that family, counted and scored."""
    sent = Submission(household=family, round=round_, version=of.version, mode="phone", received_at=AT)
    sent.answers = {"jumlah": 4, "jamban": "cemplung", **answers}
    sent.seal_private({"catatan": f"tentang {family.code}"})
    sent.raw_hash = SearchHashes.load().raw(family.code.encode())
    sent.save()
    make_one_current(sent)
    scored(round_)
    return sent


def scored(round_: Round) -> None:
    """Let all that waits be counted."""
    request_scoring(by=CONSOLE, round_id=round_.pk)
    work_off()


def endline(of: Programme) -> Round:
    """The year's second round."""
    return Round.objects.create(cycle=of.cycle, kind="endline", opens=date(2024, 10, 1), closes=date(2024, 11, 30))
