"""How a family stands by an indicator, as its needs read it: where less is better, what is true is what is lacking."""

from __future__ import annotations

from typing import Literal

from django.db.models import Q

from selaras.models import InstrumentVersion, State
from selaras.queries.needs import falling_indicators

Standing = Literal["unmet", "missing", "met", "not_applicable", "value"]
_STANDING: dict[str, Standing] = {
    State.NO: "unmet",
    State.MISSING: "missing",
    State.YES: "met",
    State.NOT_APPLICABLE: "not_applicable",
    State.VALUE: "value",
}
#: In the order in which a page tells them.
ORDER: tuple[Standing, ...] = ("unmet", "missing", "met", "not_applicable", "value")


def standing(state: str, n: int, true: int, missing: int, *, falls: bool) -> Standing:
    """What the stored state and counts of a HouseholdScore say; `falls`: of an indicator where less is better."""
    if not falls:
        return _STANDING[state]
    if true:
        return "unmet"
    return "missing" if missing else "met" if n else "not_applicable"


def standing_q(version: InstrumentVersion, wanted: Standing) -> Q:
    """The HouseholdScores that stand so, as a condition: `unmet`, `missing` or `met`."""
    falls = Q(indicator__name__in=falling_indicators(version))
    state = next(state for state, said in _STANDING.items() if said == wanted)
    counted = {
        "unmet": Q(true__gt=0),
        "missing": Q(true=0, missing__gt=0),
        "met": Q(true=0, missing=0, n__gt=0),
    }[wanted]
    return ~falls & Q(state=state) | falls & counted
