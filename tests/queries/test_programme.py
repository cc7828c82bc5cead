"""Which rounds of a year pages show: those that have been measured, not those that have only begun."""

from datetime import date

import pytest
from django.utils import timezone

from selaras.models import RoundKind, UnitCounter
from selaras.queries.programme import counted_rounds
from tests.build_programme import Programme, programme

pytestmark = pytest.mark.django_db


def counted(of: Programme, families: dict[RoundKind, int]) -> set[str]:
    """The kinds of the rounds that are shown where so many families have answers in each."""
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
    shown = counted_rounds([of.lokus], of.version).get(of.lokus.pk, set())
    return set(of.cycle.rounds.filter(pk__in=shown).values_list("kind", flat=True))


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
def test_a_round_of_less_than_half_the_families_does_not_push_aside_the_one_before(
    families: dict[RoundKind, int], shown: set[str]
) -> None:
    assert counted(programme(), families) == shown
