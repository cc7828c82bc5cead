"""A year in which agencies can be asked: two loci, indicators that name agencies, open needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.links import Secrets, make_link
from selaras.models import Agency, Cycle, Household, InstrumentVersion, Lokus, Need, Role, Round, User
from selaras.queries.links import arrival
from tests import build
from tests.build_programme import publish
from tests.sample_workbook import rows as sample_rows
from tests.sample_workbook import sample

#: Indicator → the workbook's column `agency`. `batuk` is of health.
AGENCIES: Mapping[str, str] = {"jamban": "Disperkim; DPUPR", "sekolah": "dindikbud", "iuran": "", "batuk": "Dinkes"}
#: So that the year is never over while the tests run.
YEAR = timezone.now().year


@dataclass(frozen=True, slots=True)
class Asking:
    """Kota Cilegon in this year, with what is needed to ask."""

    cycle: Cycle
    lokus: Lokus
    next: Lokus
    round: Round
    version: InstrumentVersion
    agencies: Mapping[str, Agency]
    secretary: User

    @property
    def slug(self) -> str:
        return self.cycle.slug

    @property
    def due(self) -> date:
        return timezone.localdate() + timedelta(days=14)


def workbook() -> bytes:
    """The sample with agencies, and a question of health."""
    survey, indicators = sample_rows("survey"), sample_rows("indicators")
    survey.insert(1, ["select_one ya_tidak", "batuk", "Apakah ada yang batuk lama?"])
    rule = ["survey", "linear", None, None, "${batuk} = 'ya'", "share", 1, 0, None, None]
    indicators.append(["batuk", "kesehatan", "Tanpa batuk lama", 1, *rule])
    indicators = [[*row, "agency" if not i else AGENCIES.get(str(row[0]), "")] for i, row in enumerate(indicators)]
    privacy = [*sample_rows("privacy"), ["batuk", "kesehatan", "menemukan TBC"]]
    return sample(survey=survey, indicators=indicators, privacy=privacy)


def asking() -> Asking:
    """The year, its loci GD and SJ, and the agencies Disperkim, Dindikbud and Dinkes; DPUPR is not there."""
    cycle = build.cycle(year=YEAR)
    here, beside = build.lokus(cycle), build.lokus(cycle, "36.72.05.1001", prefix="SJ")
    names = ("Disperkim", "Dindikbud", "Dinkes")
    agencies = {name: Agency.objects.filter(short_name=name).first() or build.agency(name) for name in names}
    version = publish(workbook(), cycle)
    secretary = build.member(Role.SECRETARIAT, "36.72", cycle=cycle)
    return Asking(cycle, here, beside, build.baseline(cycle), version, agencies, secretary)


def need(of: Asking, family: Household, indicator: str) -> Need:
    """That family's open need."""
    return Need.objects.create(
        household=family, lokus=family.lokus, indicator=indicator, opened_in=of.round, opened_at=timezone.now()
    )


def families(of: Asking, count: int, *indicators: str, lokus: Lokus | None = None) -> list[Household]:
    """So many families of a lokus, each with these needs; their names stand nowhere else."""
    where = lokus or of.lokus
    made = []
    for _ in range(count):
        number = Household.objects.filter(lokus=where).count() + 1
        made.append(
            build.household(where, name=f"Zubaidah{where.prefix}{number:02}", address=f"Gang Kalpataru {number}")
        )
    for family in made:
        for indicator in indicators:
            need(of, family, indicator)
    where.refresh_from_db()
    return made


def link(of: Asking, agency: str = "Disperkim", **changed: object) -> Secrets:
    """A link for the liaison of that agency, made on the console."""
    until = timezone.localdate() + timedelta(days=60)
    given: dict[str, object] = {"agency_id": of.agencies[agency].pk, "holder": "Rudi Penghubung", "until": until}
    return make_link(by=CONSOLE, cycle_slug=of.slug, **{**given, **changed})  # type: ignore[arg-type]


def visitor(made: Secrets, proof: str = "") -> User:
    """Whoever comes by that link, now."""
    found = arrival(made.token, proof)
    assert found is not None
    assert found.person is not None
    return found.person
