"""Which rounds of a year pages show: those that have been measured, not those that have only begun."""

from datetime import date

import pytest
from django.utils import timezone

from selaras.models import RoundKind, UnitCounter
from selaras.queries.programme import counted_rounds
from tests.build_programme import Programme, programme

pytestmark = pytest.mark.django_db


def counted(of: Programme, families: dict[RoundKind, int], today: date) -> set[str]:
    """The kinds of the rounds that are shown on that day where so many families have answers in each."""
    for month, (kind, households) in enumerate(families.items(), start=4):
        day = date(2024, month, 1)
        round_, _new = of.cycle.rounds.get_or_create(kind=kind, number=1, defaults={"opens": day, "closes": day})
        UnitCounter.objects.create(
            lokus=of.lokus,
            round=round_,
            version=of.version,
            households=households,
            engine="uji",
            as_of=timezone.now(),
        )
    return shown_on(of, today)


def shown_on(of: Programme, today: date) -> set[str]:
    shown = counted_rounds([of.lokus], of.version, today=today).get(of.lokus.pk, set())
    return set(of.cycle.rounds.filter(pk__in=shown).values_list("kind", flat=True))


OPEN, OVER = date(2024, 4, 15), date(2024, 12, 1)


@pytest.mark.parametrize(
    ("families", "shown"),
    [
        ({RoundKind.BASELINE: 1}, {"baseline"}),
        ({RoundKind.BASELINE: 100, RoundKind.ENDLINE: 1}, {"baseline"}),
        ({RoundKind.BASELINE: 100, RoundKind.ENDLINE: 49}, {"baseline"}),
        ({RoundKind.BASELINE: 100, RoundKind.ENDLINE: 50}, {"baseline", "endline"}),
        ({RoundKind.BASELINE: 100, RoundKind.VISIT: 20, RoundKind.ENDLINE: 30}, {"baseline"}),
        ({RoundKind.BASELINE: 10, RoundKind.ENDLINE: 100}, {"baseline", "endline"}),
    ],
)
def test_a_round_of_less_than_half_the_families_does_not_push_aside_the_one_before_while_it_is_open(
    families: dict[RoundKind, int], shown: set[str]
) -> None:
    assert counted(programme(), families, OPEN) == shown


@pytest.mark.parametrize(
    ("families", "shown"),
    [
        ({RoundKind.BASELINE: 100, RoundKind.ENDLINE: 4}, {"baseline"}),
        ({RoundKind.BASELINE: 100, RoundKind.ENDLINE: 5}, {"baseline", "endline"}),
        ({RoundKind.BASELINE: 100, RoundKind.VISIT: 20, RoundKind.T6: 30}, {"baseline", "t6"}),
        ({RoundKind.BASELINE: 100, RoundKind.VISIT: 50}, {"baseline", "visit"}),
    ],
)
def test_a_round_that_has_closed_counts_with_fewer_but_a_visit_is_paid_to_some_only(
    families: dict[RoundKind, int], shown: set[str]
) -> None:
    assert counted(programme(), families, OVER) == shown


def test_a_round_has_closed_on_the_day_after_its_last() -> None:
    of = programme()
    families = {RoundKind.BASELINE: 100, RoundKind.ENDLINE: 40}
    assert counted(of, families, date(2024, 5, 1)) == {"baseline"}
    assert shown_on(of, date(2024, 5, 2)) == {"baseline", "endline"}
