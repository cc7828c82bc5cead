"""What a dossier says is what a stranger to the families may know: health of one to four families shows nowhere."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from selaras.models import Activity, Household, Reaction
from selaras.queries.dossier_figures import Figures
from selaras.queries.dossier_gather import figures_of
from tests import build, build_plans, build_readiness
from tests.build_change import endline, moved
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.queries.test_change import coughing
from tests.queries.test_readiness import HEALTH
from tests.sample_workbook import sample

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 10, 1, 2, 0, tzinfo=UTC)


def figures(of: Programme) -> Figures:
    with translation.override("id"):
        return figures_of(of.lokus, now=NOW)


def of_health() -> Programme:
    of = programme(sample(privacy=HEALTH))
    bring(of, families_file([family(f"GD-{i:03d}", 4, "leher_angsa", 2000) for i in range(1, 21)]))
    return of


def test_a_promise_for_a_few_families_health_tells_neither_how_many_nor_what_was_typed_of_them() -> None:
    of = of_health()
    agency = build.agency("Dinkes", of.cycle.place.code)
    said = {"lokus": of.lokus, "agency": agency, "indicator": "jamban", "unit": "keluarga", "state": "done"}
    few = of.cycle.commitments.create(number=1, title="Jamban untuk tiga keluarga", volume=3, **said)
    of.cycle.commitments.create(number=2, title="Jamban keluarga", volume=12, **said)
    household = Household.objects.get(code="GD-001")
    build_plans.need(household, of.round)
    build_readiness.word(household, few, received=True)
    first, second = figures(of).pledges
    assert (first.title, first.volume, first.unit, first.received, first.asked) == ("", None, "", None, None)
    assert (first.what_for, second.title, second.volume) == ("Jamban sehat", "Jamban keluarga", Decimal(12))


def test_who_came_for_health_is_told_from_five_on_and_a_reaction_too() -> None:
    of = of_health()
    agency = build.agency("Dinkes", of.cycle.place.code)
    served = of.cycle.commitments.create(
        number=1, title="Periksa", lokus=of.lokus, agency=agency, indicator="jamban", state="running"
    )
    for counts in ({"P": {"dewasa": 3}}, {"P": {"dewasa": 20, "anak": 6}}):
        made = Activity.objects.create(
            cycle=of.cycle, lokus=of.lokus, agency=agency, title="Periksa", on=date(2024, 5, 1), attended=counts
        )
        made.commitments.add(served)
        for _ in range(4):
            Reaction.objects.create(activity=made, day=made.on, question="useful", answer="yes")
    small, large = figures(of).deeds
    assert (small.women, small.came, small.useful) == (None, None, None)
    assert (large.women, large.children, large.came) == (20, 6, 26)


def test_a_few_families_health_hides_its_item_in_readiness_and_in_what_changed() -> None:
    of = programme(coughing())
    moved(of, endline(of), "batuk", {"yn": 2, "ny": 3, "nn": 30, "yy": 6})
    found = figures(of)
    (line,) = [each for each in found.changes if each.name == "batuk"]
    assert (line.hidden, line.share, line.amount) == (True, None, None)


def test_the_gathering_asks_no_more_for_more_families_promises_or_activities(
    django_assert_max_num_queries: object,
) -> None:
    of = of_health()
    agency = build.agency("Dinkes", of.cycle.place.code)
    for number in range(1, 13):
        of.cycle.commitments.create(number=number, title="Uji", lokus=of.lokus, agency=agency, indicator="jamban")
        Activity.objects.create(cycle=of.cycle, lokus=of.lokus, title="Uji", on=date(2024, 5, 1))
    with django_assert_max_num_queries(110):  # type: ignore[operator]
        figures(of)
