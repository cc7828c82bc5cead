"""The families of a lokus, by code, a page at a time.

Names come from `actions.households.reveal_names(*, by, cycle_slug, code, households, page) -> dict[str, str]`: code →
name of the head of the family for the codes shown, with one audit entry that names the codes and the `page` (its path).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from selaras.access import demand, households_for, may_import, may_see_names
from selaras.models import CurrentAnswers, Household, Lokus, Person, Round, User
from selaras.queries.programme import (
    counted_rounds,
    cycle_ref,
    lokus_in,
    lokus_ref,
    primary_of,
    shown_rounds,
    today_in,
)
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref

Only = Literal["all", "answered", "waiting", "gaps"]
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One family. `blank` counts its missing indicator values in the round, None before it has answers."""

    code: str
    rt: str
    rw: str
    members: int
    answered_at: datetime | None
    blank: int | None


@dataclass(frozen=True, slots=True)
class HouseholdsPage:
    """One page of the list, by code. `total` fit the search; `counts` are all, answered, waiting, with gaps."""

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef | None
    rows: tuple[HouseholdRow, ...]
    search: str
    only: Only
    total: int
    page: int
    pages: int
    counts: dict[Only, int]
    may_see_names: bool
    may_import: bool


def lokus_of_families(user: User, cycle_slug: str, code: str) -> Lokus:
    """The lokus whose families she works with. Raises Missing, or Forbidden for who sees the lokus without names."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_see_names, user, lokus)
    return lokus


def households_page(
    user: User,
    cycle_slug: str,
    code: str,
    *,
    search: str = "",
    by_name: bool = False,
    only: Only = "all",
    page: int = 1,
) -> HouseholdsPage:
    """One page of PAGE_SIZE families whose code, RT or RW (`02/01`) fits the search, also by name if `by_name`.

    `by_name` is ignored for who may not see names. Carries codes, never names (see actions.households.reveal_names).
    A page beyond the end is the last one. Raises as `lokus_of_families`.
    """
    lokus = lokus_of_families(user, cycle_slug, code)
    counted = counted_rounds([lokus], primary_of(lokus.cycle)).get(lokus.pk, set())
    rounds = Round.objects.filter(cycle=lokus.cycle).order_by("opens", "id")
    round_, _ = shown_rounds(rounds, counted, today_in(lokus.cycle))
    seen = households_for(user).filter(lokus=lokus).select_related(None)
    counts = _counts(seen, round_)
    found = _only(_searched(seen, search, by_name=by_name), round_, only)
    total = counts[only] if not search.strip() else found.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = list(found.order_by("code")[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    return HouseholdsPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        round=None if round_ is None else round_ref(round_),
        rows=tuple(_rows(rows, round_)),
        search=search,
        only=only,
        total=total,
        page=page,
        pages=pages,
        counts=counts,
        may_see_names=True,
        may_import=may_import(user, lokus),
    )


def _answers(round_: Round | None) -> QuerySet[CurrentAnswers]:
    return CurrentAnswers.objects.filter(round=round_)


def _counts(seen: QuerySet[Household], round_: Round | None) -> dict[Only, int]:
    answered = _answers(round_).filter(household__in=seen.values("pk"))
    everyone, have = seen.count(), answered.count()
    return {"all": everyone, "answered": have, "waiting": everyone - have, "gaps": answered.filter(blank__gt=0).count()}


def _only(rows: QuerySet[Household], round_: Round | None, only: Only) -> QuerySet[Household]:
    own = _answers(round_).filter(household=OuterRef("pk"))
    if only == "answered":
        return rows.filter(Exists(own))
    if only == "waiting":
        return rows.filter(~Exists(own))
    return rows.filter(Exists(own.filter(blank__gt=0))) if only == "gaps" else rows


def _searched(rows: QuerySet[Household], search: str, *, by_name: bool) -> QuerySet[Household]:
    text = search.strip()
    if not text:
        return rows
    fits = Q(code__icontains=text)
    if place := re.fullmatch(r"(?:RT\s*)?([0-9]{1,3})\s*/\s*(?:RW\s*)?([0-9]{1,3})", text, re.IGNORECASE):
        rt, rw = place[1].lstrip("0").zfill(2), place[2].lstrip("0").zfill(2)
        fits |= Q(area__endswith=f".RW{rw}.RT{rt}")
    if by_name:
        fits |= Q(head_name__icontains=text)
    return rows.filter(fits)


def _rows(households: list[Household], round_: Round | None) -> list[HouseholdRow]:
    ids = [household.pk for household in households]
    members = dict(
        Person.objects.filter(household__in=ids)
        .values("household")
        .annotate(members=Count("pk"))
        .values_list("household", "members")
    )
    answers = {
        household: (received, blank)
        for household, received, blank in _answers(round_)
        .filter(household__in=ids)
        .values_list("household_id", "submission__received_at", "blank")
    }
    return [
        HouseholdRow(
            household.code,
            household.rt,
            household.rw,
            members.get(household.pk, 0),
            *answers.get(household.pk, (None, None)),
        )
        for household in households
    ]
