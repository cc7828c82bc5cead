"""The families of a lokus, by code, a page at a time.

Names come from `actions.households.reveal_names(*, by, cycle_slug, code, households, page) -> dict[str, str]`: code →
name of the head of the family for the codes shown, with one audit entry that names the codes and the `page` (its path).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, cast
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from selaras.access import (
    demand,
    may_decide_targets,
    may_import,
    may_see_names,
    registry_for,
    sees_whole_registry,
)
from selaras.models import (
    CurrentAnswers,
    Household,
    HouseholdScore,
    InstrumentVersion,
    Lokus,
    NikSaid,
    Person,
    Round,
    Target,
    User,
)
from selaras.models.places import area_code, neighbourhood, within_q
from selaras.queries.apart import apart_from
from selaras.queries.kept_views import KeptView, kept_views
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
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown
from selaras.queries.standing import standing_q
from selaras.queries.statements import STATES, in_state, states_of
from selaras.scoring.expressions.words import label_of

Only = Literal["all", "answered", "waiting", "gaps"]
Listed = Literal["", "target", "reserve", "replaced", "undecided"]
ONLY: tuple[Only, ...] = ("all", "answered", "waiting", "gaps")
LISTED: tuple[Listed, ...] = ("target", "reserve", "replaced", "undecided")
PAGE_SIZE = 50
#: Beyond so many a search says *more than*: nobody reads on, and counting them all would cost more than the page.
COUNTED = 1_000
#: The name of the page in kept searches.
PAGE = "households"


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the list. Nothing here can hold a name or a number, so that it can be kept and stand in an address.

    `rt` and `rw` are written as neighbourhoods are (`02`), `unmet` names an indicator that the family does not meet.
    `without_nik`: only families with a member who has no NIK yet, as a visit found.
    """

    only: Only = "all"
    rt: str = ""
    rw: str = ""
    listed: Listed = ""
    unmet: str = ""
    became: str = ""
    without_nik: bool = False

    def query(self) -> str:
        """As the page's address says it: `hanya=gaps&rt=02`; '' where nothing narrows."""
        said = {
            "hanya": "" if self.only == "all" else self.only,
            "rt": self.rt,
            "rw": self.rw,
            "sasaran": self.listed,
            "belum": self.unmet,
            "keadaan": self.became,
            "nik": "belum" if self.without_nik else "",
        }
        return urlencode({name: value for name, value in said.items() if value})

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Filters:
        """What an address asks for; a value that it cannot mean is left out."""
        only, listed, unmet = given.get("hanya", ""), given.get("sasaran", ""), given.get("belum", "")
        became = given.get("keadaan", "")
        return cls(
            only if only in ONLY else "all",
            _number(given.get("rt", "")),
            _number(given.get("rw", "")),
            listed if listed in LISTED else "",
            unmet if re.fullmatch(r"[A-Za-z_][\w.-]{0,62}", unmet, re.ASCII) else "",
            became if became in STATES else "",
            given.get("nik", "") == "belum",
        )


NO_FILTERS = Filters()


def _number(text: str) -> str:
    """An RT's or RW's number; '' for anything else: nobody searches a name by this door."""
    found = re.fullmatch(r"\s*(?:R[TW]\s*)?([0-9]{1,3})\s*", text, re.IGNORECASE)
    return neighbourhood(found[1]) if found and int(found[1]) else ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of the list begins: after a code, or before one; neither is the beginning."""

    after: str = ""
    before: str = ""


BEGINNING = Cursor()


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One family. `blank` counts its missing indicator values in the round, None before it has answers.

    `listed` is its place on the list of 100, '' while nobody has decided.
    """

    code: str
    rt: str
    rw: str
    members: int
    answered_at: datetime | None
    blank: int | None
    listed: Listed = ""
    became: str = ""


@dataclass(frozen=True, slots=True)
class HouseholdsPage:
    """One page of the list, by code.

    `total` fit the search, `many` says that there are more than that. `before` and `after` are where the neighbouring
    pages begin, '' where there is none. `counts` are all, answered, waiting, with gaps. `indicators` are those that
    one can ask for, with their labels. `found` is True where the list holds what a number was found to belong
    to. `without_nik` counts persons of all her families who have none yet.
    """

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef | None
    rows: tuple[HouseholdRow, ...]
    search: str
    filters: Filters
    total: int
    many: bool
    before: str
    after: str
    counts: dict[Only, int]
    indicators: tuple[tuple[str, str], ...]
    views: tuple[KeptView, ...]
    found: bool
    may_see_names: bool
    may_import: bool
    may_decide: bool
    without_nik: int = 0


def lokus_of_families(user: User, cycle_slug: str, code: str) -> Lokus:
    """The lokus whose families she works with. Raises Missing, or Forbidden for who sees the lokus without names."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_see_names, user, lokus)
    return lokus


def round_shown(lokus: Lokus, version: InstrumentVersion | None) -> Round | None:
    """The round whose states its pages of families show: the newest that has been counted."""
    counted = counted_rounds([lokus], version).get(lokus.pk, set())
    rounds = Round.objects.filter(cycle=lokus.cycle).order_by("opens", "id")
    return shown_rounds(rounds, counted, today_in(lokus.cycle))[0]


def households_page(
    user: User,
    cycle_slug: str,
    code: str,
    *,
    search: str = "",
    by_name: bool = False,
    filters: Filters = NO_FILTERS,
    cursor: Cursor = BEGINNING,
    uuids: Sequence[UUID] = (),
) -> HouseholdsPage:
    """One page of PAGE_SIZE families whose code or RT/RW (`02/01`) fits the search; names and addresses if `by_name`.

    `uuids` are families that a number was found to belong to: only they are listed, as far as they are hers. Carries
    codes, never names (see actions.households.reveal_names). Raises as `lokus_of_families`.
    """
    lokus = lokus_of_families(user, cycle_slug, code)
    version = primary_of(lokus.cycle)
    round_ = round_shown(lokus, version)
    seen = registry_for(user, lokus)
    indicators = () if version is None else _indicators(user, lokus, version)
    if filters.unmet not in dict(indicators):
        filters = replace(filters, unmet="")
    found = _filtered(_searched(seen, search, by_name=by_name), lokus, round_, version, filters)
    if uuids:
        found = found.filter(uuid__in=uuids)
    rows, before, after = _page(found, cursor)
    alone = not cursor.after and not before and not after
    total = len(rows) if alone else found[: COUNTED + 1].count()
    return HouseholdsPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        round=None if round_ is None else round_ref(round_),
        rows=tuple(_rows(rows, round_)),
        search=search,
        filters=filters,
        total=min(total, COUNTED),
        many=total > COUNTED,
        before=before,
        after=after,
        counts=_counts(user, lokus, seen, round_),
        indicators=indicators,
        views=kept_views(user, lokus.cycle, PAGE),
        found=bool(uuids),
        without_nik=_without_nik().filter(household__in=seen.values("pk")).count(),
        may_see_names=True,
        may_import=may_import(user, lokus),
        may_decide=may_decide_targets(user, lokus),
    )


def _page(found: QuerySet[Household], cursor: Cursor) -> tuple[list[Household], str, str]:
    """Its rows by code, and where the pages before and after begin: read by an index, however far one has gone.

    Whoever comes from a neighbouring page can go back there: to ask whether it is still there could read every row.
    """
    rows = found.only("pk", "code", "rt", "rw")
    if cursor.before:
        taken = list(rows.filter(code__lt=cursor.before).order_by("-code")[: PAGE_SIZE + 1])
        page = taken[:PAGE_SIZE][::-1]
        before, after = len(taken) > PAGE_SIZE, bool(page)
    else:
        taken = list(rows.filter(code__gt=cursor.after).order_by("code")[: PAGE_SIZE + 1])
        page = taken[:PAGE_SIZE]
        before, after = bool(page and cursor.after), len(taken) > PAGE_SIZE
    return page, page[0].code if before else "", page[-1].code if after else ""


def _indicators(user: User, lokus: Lokus, version: InstrumentVersion) -> tuple[tuple[str, str], ...]:
    """What a family can fail to meet and this person may know of it."""
    instrument = instrument_of(version)
    apart = apart_from(user, lokus, version).indicators
    return tuple(
        (name, label_of(shown(one.labels, instrument)) or name)
        for name, one in instrument.indicators.items()
        if one.origin == "survey" and one.aggregate in {"share", "count"} and name not in apart
    )


def _answers(round_: Round | None) -> QuerySet[CurrentAnswers]:
    return CurrentAnswers.objects.filter(round=round_)


def _counts(user: User, lokus: Lokus, seen: QuerySet[Household], round_: Round | None) -> dict[Only, int]:
    answered = _answers(round_).filter(lokus=lokus)
    whole = sees_whole_registry(user, lokus)
    if not whole:
        answered = answered.filter(household__in=seen.values("pk"))
    everyone, have = (lokus.registered if whole else seen.count()), answered.count()
    return {"all": everyone, "answered": have, "waiting": everyone - have, "gaps": answered.filter(blank__gt=0).count()}


def _filtered(
    rows: QuerySet[Household],
    lokus: Lokus,
    round_: Round | None,
    version: InstrumentVersion | None,
    filters: Filters,
) -> QuerySet[Household]:
    rows = _only(rows, round_, filters.only)
    rows = narrowed(rows, lokus, filters)
    if filters.listed == "undecided":
        rows = rows.filter(~Exists(Target.objects.filter(household=OuterRef("pk"))))
    elif filters.listed:
        rows = rows.filter(Exists(Target.objects.filter(household=OuterRef("pk"), state=filters.listed)))
    if filters.became:
        rows = in_state(rows, filters.became)
    if filters.without_nik:
        rows = rows.filter(Exists(_without_nik().filter(household=OuterRef("pk"))))
    if filters.unmet and version is not None:
        states = HouseholdScore.objects.filter(lokus=lokus, round=round_, household=OuterRef("pk"))
        states = states.filter(indicator__version=version, indicator__name=filters.unmet)
        rows = rows.filter(Exists(states.filter(standing_q(version, "unmet"))))
    return rows


def _without_nik() -> QuerySet[Person]:
    return Person.objects.filter(nik_said=NikSaid.NONE)


def narrowed(rows: QuerySet[Household], lokus: Lokus, filters: Filters) -> QuerySet[Household]:
    """The families in that RT and RW; all where neither is said."""
    if not filters.rt and not filters.rw:
        return rows
    rw = filters.rw or neighbourhood(lokus.rw)
    if rw:
        return rows.filter(within_q("area", area_code(lokus.place.code, rw, filters.rt)))
    return rows.filter(area__endswith=f".RT{filters.rt}")


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
        members = Person.objects.filter(household=OuterRef("pk"), name__icontains=text)
        fits |= Q(head_name__icontains=text) | Q(address__icontains=text) | Q(Exists(members))
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
    states = states_of(ids)
    listed = dict(Target.objects.filter(household__in=ids).order_by().values_list("household_id", "state"))

    def row(household: Household) -> HouseholdRow:
        received, blank = answers.get(household.pk, (None, None))
        state = cast(Listed, listed.get(household.pk, ""))
        count = members.get(household.pk, 0)
        became = states.get(household.pk, "")
        return HouseholdRow(household.code, household.rt, household.rw, count, received, blank, state, became)

    return [row(household) for household in households]
