"""The same families in two rounds: what their states, amounts and classes were and became. Reads what was counted.

Erased families are in the counts, as they are in every other, and in no list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from selaras.access import SMALLEST_COUNT, scores_for
from selaras.models import (
    CurrentAnswers,
    Household,
    HouseholdClass,
    HouseholdScore,
    InstrumentVersion,
    Lokus,
    Round,
    State,
    User,
)
from selaras.queries.statements import outcome_in
from selaras.scoring.change import Pairs

KNOWN = (State.YES, State.NO)


@dataclass(frozen=True, slots=True)
class Rounds:
    """A lokus and the two rounds that are held against each other."""

    lokus: Lokus
    before: Round
    after: Round


@dataclass(frozen=True, slots=True)
class Shift:
    """One indicator: families known in both rounds, `unknown` in one of them, and those to whom it did not apply,
    `valued` those with a number in both.

    `pairs` count what is good: of an indicator where less is better, that it is not so. `alone` count
    the families of one round only, by their state in it.
    """

    pairs: Pairs
    unknown: int
    not_applicable: int
    valued: int
    alone: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FamilyShift:
    """One family: its state then and now, by letter."""

    household: int
    code: str
    rt: str
    rw: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Families by when they were asked; `gone` are those of `only_before` by how they stand in the second round."""

    both: int
    only_before: int
    only_after: int
    gone: Mapping[str, int]


def _then(rounds: Rounds, column: str) -> Subquery:
    """That column of the same family and indicator in the second round; NULL where it was not counted."""
    rows = HouseholdScore.objects.filter(
        household=OuterRef("household_id"), indicator=OuterRef("indicator_id"), round=rounds.after
    )
    return Subquery(rows.values(column)[:1])


def _scores(rounds: Rounds, version: InstrumentVersion) -> QuerySet[Any]:
    rows = HouseholdScore.objects.filter(lokus=rounds.lokus, round=rounds.before, indicator__version=version)
    return rows.annotate(then=_then(rounds, "state")).order_by()


def shifts(rounds: Rounds, version: InstrumentVersion, falling: frozenset[str]) -> dict[str, Shift]:
    """Indicator -> what became of it; `falling` are those where less is better. Two statements."""
    counted: dict[str, Counter[tuple[str, str]]] = {}
    rows = _scores(rounds, version).values_list("indicator__name", "state", "then")
    for name, state, then, families in rows.annotate(families=Count("household_id")):
        counted.setdefault(name, Counter())[state, then or ""] += families
    first = HouseholdScore.objects.filter(
        household=OuterRef("household_id"), indicator=OuterRef("indicator_id"), round=rounds.before
    )
    new = HouseholdScore.objects.filter(lokus=rounds.lokus, round=rounds.after, indicator__version=version)
    new = new.exclude(Exists(first)).order_by()
    for name, state, families in new.values_list("indicator__name", "state").annotate(n=Count("household_id")):
        counted.setdefault(name, Counter())["", state] += families
    return {name: _shift(moves, name in falling) for name, moves in counted.items()}


def _shift(moves: Mapping[tuple[str, str], int], falls: bool) -> Shift:
    good, bad = (State.NO, State.YES) if falls else (State.YES, State.NO)
    pairs = Pairs(*(moves.get(pair, 0) for pair in ((good, good), (bad, good), (good, bad), (bad, bad))))
    asked = {pair: families for pair, families in moves.items() if all(pair)}
    lost = {pair: n for pair, n in asked.items() if State.MISSING in pair and State.NOT_APPLICABLE not in pair}
    apart = sum(families for pair, families in asked.items() if State.NOT_APPLICABLE in pair)
    return Shift(
        pairs,
        sum(lost.values()),
        apart,
        moves.get((State.VALUE, State.VALUE), 0),
        tuple(n for pair, n in moves.items() if not all(pair)),
    )


def tells_few(shift: Shift) -> bool:
    """Whether a group of one to four families could be read from it, or by taking it from the counts of each round."""
    pairs = shift.pairs
    parts = (pairs.kept, pairs.gained, pairs.lost, pairs.lacking, shift.unknown, shift.not_applicable, shift.valued)
    return any(0 < part < SMALLEST_COUNT for part in (*parts, *shift.alone))


def moves_few(pairs: Iterable[tuple[Decimal, Decimal]]) -> bool:
    """Whether one to four of these families, (then, now) of each, rose, fell or stayed as they were."""
    ways = Counter((now > then) - (now < then) for then, now in pairs)
    return any(families < SMALLEST_COUNT for families in ways.values())


def amounts(rounds: Rounds, version: InstrumentVersion) -> dict[str, list[tuple[Decimal, Decimal]]]:
    """Indicator with a number -> (then, now) of each family known in both rounds; of members, the family's mean."""
    rows = _scores(rounds, version).filter(state=State.VALUE, then=State.VALUE)
    rows = rows.annotate(then_n=_then(rounds, "n"), then_total=_then(rounds, "total"))
    found: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for name, n, total, then_n, then_total in rows.values_list("indicator__name", "n", "total", "then_n", "then_total"):
        if n and then_n and total is not None and then_total is not None:
            found.setdefault(name, []).append((total / n, then_total / then_n))
    return found


def class_moves(rounds: Rounds, version: InstrumentVersion) -> Counter[tuple[str, str]]:
    """(class then, class now) -> families; '' is unclassified, and who was not counted in both is not here."""
    then = HouseholdClass.objects.filter(household=OuterRef("household_id"), round=rounds.after, version=version)
    rows = HouseholdClass.objects.filter(lokus=rounds.lokus, round=rounds.before, version=version)
    rows = rows.annotate(then=Subquery(then.values("name")[:1])).exclude(then=None).order_by()
    counted = rows.values_list("name", "then").annotate(families=Count("household_id"))
    return Counter({(name, now): families for name, now, families in counted})


def class_levels(rounds: Rounds, version: InstrumentVersion, falling: frozenset[str]) -> dict[str, Decimal]:
    """Class -> the share of yes-or-no indicators that its families meet in the first round: which class is better."""
    own = HouseholdClass.objects.filter(household=OuterRef("household_id"), round=rounds.before, version=version)
    rows = HouseholdScore.objects.filter(
        lokus=rounds.lokus, round=rounds.before, indicator__version=version, state__in=KNOWN
    )
    rows = rows.annotate(own=Subquery(own.values("name")[:1])).exclude(own=None).exclude(own="").order_by()
    met: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for name, state, indicator, n in rows.values_list("own", "state", "indicator__name").annotate(
        n=Count("household_id")
    ):
        asked[name] += n
        met[name] += n if (state == State.YES) != (indicator in falling) else 0
    return {name: Decimal(met[name]) / n for name, n in asked.items()}


def asked_of(rounds: Rounds) -> Asked:
    """Who was asked in both rounds, and who in one alone. Three statements."""
    here = CurrentAnswers.objects.filter(lokus=rounds.lokus)
    then = Exists(here.filter(household=OuterRef("household_id"), round=rounds.after))
    before = here.filter(round=rounds.before).annotate(then=then).order_by().values_list("then").annotate(n=Count("pk"))
    first = dict(before)
    second = here.filter(round=rounds.after).count()
    left = Household.objects.filter(current_answers__round=rounds.before, lokus=rounds.lokus, pending__isnull=True)
    left = left.exclude(Exists(here.filter(household=OuterRef("pk"), round=rounds.after)))
    gone = left.annotate(ended=outcome_in(rounds.after)).order_by().values_list("ended").annotate(n=Count("pk"))
    both = first.get(True, 0)
    return Asked(both, first.get(False, 0), second - both, {ended or "": n for ended, n in gone})


def families_of(rounds: Rounds, version: InstrumentVersion, name: str, user: User | None) -> list[FamilyShift]:
    """The families counted in the first round by one indicator, by code: those whom `user` sees by name, or all."""
    own = HouseholdScore.objects.filter(
        lokus=rounds.lokus, household__erased_at__isnull=True, household__pending__isnull=True
    )
    rows = own if user is None else scores_for(user, rounds.lokus)
    rows = rows.filter(round=rounds.before, indicator__version=version, indicator__name=name)
    rows = rows.annotate(then=_then(rounds, "state"))
    values = rows.values_list("household_id", "household__code", "household__rt", "household__rw", "state", "then")
    return [FamilyShift(*row[:5], row[5] or "") for row in values.order_by("household__code")]


def amount_families(rounds: Rounds, version: InstrumentVersion, name: str, user: User | None) -> list[FamilyShift]:
    """The families with an amount in both rounds, by code: `before` is then `v`, `after` is `+`, `-` or `=`.

    Those whom `user` sees by name, or all; as `families_of` for whoever has none in the second round.
    """
    own = HouseholdScore.objects.filter(
        lokus=rounds.lokus, household__erased_at__isnull=True, household__pending__isnull=True
    )
    rows: QuerySet[Any] = own if user is None else scores_for(user, rounds.lokus)
    rows = rows.filter(round=rounds.before, indicator__version=version, indicator__name=name)
    rows = rows.annotate(then=_then(rounds, "state"), then_n=_then(rounds, "n"), then_total=_then(rounds, "total"))
    values = ("household_id", "household__code", "household__rt", "household__rw", "state", "then")
    amount = ("n", "total", "then_n", "then_total")
    found = []
    for *family, state, then, n, total, then_n, then_total in rows.values_list(*values, *amount).order_by(values[1]):
        after = then or ""
        if state == then == State.VALUE and n and then_n and total is not None and then_total is not None:
            moved = then_total / then_n - total / n
            after = "+" if moved > 0 else "-" if moved < 0 else "="
        found.append(FamilyShift(family[0], family[1], family[2], family[3], state, after))
    return found


def changed_families(
    rounds: Rounds, version: InstrumentVersion, names: Iterable[str], user: User
) -> dict[tuple[int, str, str, str], dict[str, str]]:
    """(family, code, RT, RW) -> indicator -> its state now, of those of `names` that changed between yes and no."""
    rows = scores_for(user, rounds.lokus).filter(round=rounds.before, indicator__version=version, state__in=KNOWN)
    rows = rows.filter(indicator__name__in=set(names)).annotate(then=_then(rounds, "state"))
    rows = rows.filter(then__in=KNOWN).exclude(then=F("state"))
    found: dict[tuple[int, str, str, str], dict[str, str]] = {}
    values = ("household_id", "household__code", "household__rt", "household__rw", "indicator__name", "then")
    for *family, indicator, then in rows.values_list(*values).order_by("household__code", "indicator_id"):
        found.setdefault((family[0], family[1], family[2], family[3]), {})[indicator] = then
    return found
