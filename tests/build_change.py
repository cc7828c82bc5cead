"""Families whose states in two rounds are as a test says, without a form: what a page of change reads."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.utils import timezone

from selaras.models import (
    CurrentAnswers,
    Household,
    HouseholdClass,
    HouseholdScore,
    IndicatorRef,
    InstrumentVersion,
    Lokus,
    Round,
    Submission,
    UnitCounter,
)
from tests import build
from tests.build_programme import Programme


def endline(of: Programme, kind: str = "endline") -> Round:
    """A later round of the year."""
    opens = {"endline": date(2024, 9, 1), "t6": date(2025, 5, 1), "t12": date(2025, 11, 1)}[kind]
    return Round.objects.create(cycle=of.cycle, kind=kind, opens=opens, closes=opens.replace(day=28))


def answered(household: Household, round_: Round, version: InstrumentVersion) -> None:
    """That the family was asked in that round."""
    form = Submission.objects.create(household=household, round=round_, version=version, mode="phone", answers={})
    CurrentAnswers.objects.create(
        household=household, round=round_, lokus=household.lokus, submission=form, answers={}, dirty=False, blank=0
    )


def score(
    household: Household, round_: Round, version: InstrumentVersion, name: str, state: str, *, value: str = ""
) -> None:
    """Its state by one indicator; `value` where that is a number."""
    known = state in "ynv"
    HouseholdScore.objects.create(
        household=household,
        lokus=household.lokus,
        round=round_,
        indicator=IndicatorRef.objects.get(version=version, name=name),
        state=state,
        n=int(known),
        true=int(state == "y"),
        missing=int(state == "m"),
        not_applicable=int(state == "a"),
        total=Decimal(value) if value else None,
    )


def counted(lokus: Lokus, round_: Round, version: InstrumentVersion, households: int) -> None:
    """That so many families were counted there."""
    UnitCounter.objects.update_or_create(
        lokus=lokus,
        round=round_,
        version=version,
        defaults={"households": households, "engine": "uji", "as_of": timezone.now()},
    )


def moved(of: Programme, after: Round, name: str, moves: Mapping[str, int], *, rt: str = "01") -> list[Household]:
    """So many families of each kind: `yn` had it and has it no more, `n-` was not asked again, `-y` only then."""
    made = []
    for pair, count in moves.items():
        for _ in range(count):
            household = build.household(of.lokus, rt=rt)
            made.append(household)
            for state, round_ in zip(pair, (of.round, after), strict=True):
                if state != "-":
                    answered(household, round_, of.version)
                    score(household, round_, of.version, name, state)
    count_all(of, (of.round, after))
    return made


def count_all(of: Programme, rounds: Iterable[Round]) -> None:
    """Counters as they would be."""
    for round_ in rounds:
        there = CurrentAnswers.objects.filter(lokus=of.lokus, round=round_).count()
        counted(of.lokus, round_, of.version, there)


def classed(household: Household, round_: Round, version: InstrumentVersion, name: str) -> None:
    """Its class in that round."""
    HouseholdClass.objects.create(household=household, lokus=household.lokus, round=round_, version=version, name=name)
