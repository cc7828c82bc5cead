"""In every instrument that ships, more help is never worth less, and no share of hand-overs hides one that is late."""

from decimal import Decimal
from fractions import Fraction

import pytest

from selaras.scoring.handovers import MEASURED
from selaras.scoring.instrument import Indicator
from selaras.scoring.layers import Said, share_of
from selaras.scoring.protection import MEASURES
from tests.instruments.examples import WORKBOOKS, instrument_of

STEPS = [Decimal(step) / 20 for step in range(21)]
OF_HELP = [
    pytest.param(one, id=f"{path.parent.parent.name}-{one.name}")
    for path in WORKBOOKS
    for one in instrument_of(path.parent).indicators.values()
    if one.origin == "protection" and one.rule in ("linear", "bands")
]


def points(one: Indicator, value: Decimal) -> Fraction:
    found = share_of(one, Said(value), Fraction(100))
    assert found is not None
    return found


@pytest.mark.parametrize("one", OF_HELP)
def test_more_help_is_never_worth_less(one: Indicator) -> None:
    values = STEPS if MEASURES[one.measure].kind == "share" else [step * 40 for step in STEPS]
    found = [points(one, value) for value in values]
    assert found == sorted(found)


def test_each_hand_over_that_is_late_is_seen_in_a_krppa_score() -> None:
    krppa = next(path.parent for path in WORKBOOKS if path.parent.parent.name == "krppa")
    timely = [one for one in instrument_of(krppa).indicators.values() if one.measure in MEASURED]
    assert {one.measure for one in timely} == set(MEASURED)
    assert [[points(one, value) for value in STEPS] for one in timely] == [[Fraction(v) for v in STEPS]] * 3
