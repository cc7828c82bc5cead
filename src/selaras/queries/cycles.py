"""A programme year on one page: its dated stages, its loci and what was won before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from selaras.access import cycles_for, may_import, may_see_lessons, may_see_lokus
from selaras.models import Achievement, Cycle, InstrumentVersion, Lokus, Round, Stage, User
from selaras.models.places import within_q
from selaras.queries.cards import Card, cards_of
from selaras.queries.coverage import Waiting, waiting_answers
from selaras.queries.health import hidden_from
from selaras.queries.history import PastLokusLine, PastYear, past_lokus, past_years
from selaras.queries.programme import (
    counted_rounds,
    cycle_ref,
    instrument_ref,
    lokus_ref,
    programme_of,
    shown_rounds,
    today_in,
)
from selaras.queries.refs import HIDDEN, CycleRef, InstrumentRef, LokusRef, RoundRef, Score
from selaras.queries.rounds import round_ref
from selaras.queries.silences import Reasons, Silent, silent_card
from selaras.queries.usual import programmes_called
from selaras.queries.words import told


@dataclass(frozen=True, slots=True)
class StageLine:
    """One dated stage. `ends` is None for a single day. `state` is as of today in the place's zone."""

    label: str
    starts: date
    ends: date | None
    state: Literal["past", "now", "ahead"]
    source: str


@dataclass(frozen=True, slots=True)
class LokusCard:
    """A lokus on the cycle page. For whom it is not to open (`may_open`), its name is all that is told.

    `target` families are named on the list, `registered` are in the registry, `answered` have answers in `round`.
    `weight_missing` of `weight` has no value. `as_of` is when the score was counted (None: never). `pending`
    submissions are not counted yet. `reported` is what was published of a lokus before Selaras.
    """

    lokus: LokusRef
    round: RoundRef | None
    score: Score
    scale: Decimal
    weight: Decimal
    weight_missing: Decimal
    target: int
    registered: int
    answered: int
    pending: int
    as_of: datetime | None
    may_open: bool
    reported: PastLokusLine | None = None
    silent: Silent | None = None


@dataclass(frozen=True, slots=True)
class AchievementLine:
    """What a place won: `Juara I`, `Ciwedus`, `Provinsi Banten`, 2023, and who says so; of `P2WKSS`, '' not known."""

    title: str
    place: str
    level: str
    year: int
    source: str
    source_url: str
    programme: str = ""


@dataclass(frozen=True, slots=True)
class CyclePage:
    """The whole page. `representative` is None while it is *belum ditetapkan*. `today` is the place's date.

    `source` says who told of a year before Selaras; `past` are the years of the same place before this one.
    """

    cycle: CycleRef
    today: date
    stages: tuple[StageLine, ...]
    loci: tuple[LokusCard, ...]
    representative: LokusRef | None
    achievements: tuple[AchievementLine, ...]
    instrument: InstrumentRef | None
    may_import: bool
    source: str = ""
    past: tuple[PastYear, ...] = ()
    may_see_lessons: bool = False


def cycles_seen(user: User) -> tuple[CycleRef, ...]:
    """The programme years that she may see, newest first."""
    return tuple(cycle_ref(cycle) for cycle in cycles_for(user).order_by("-year", "slug"))


def cycle_page(user: User, cycle_slug: str) -> CyclePage:
    """The page of one programme year; loci in order of place code, achievements newest first.

    Raises Missing for a cycle that is not there or not hers. Scores come from the counters, not from answers;
    the number of SQL statements does not grow with loci.
    """
    programme = programme_of(user, cycle_slug)
    cycle, version, loci = programme.cycle, programme.version, programme.loci
    today = today_in(cycle)
    counted = counted_rounds(loci, version)
    shown = {lokus.pk: shown_rounds(programme.rounds, counted.get(lokus.pk, ()), today) for lokus in loci}
    cards = _cards(loci, shown, version)
    waiting = waiting_answers(loci)
    named = next((lokus for lokus in loci if lokus.representative), None)
    why = Reasons(cycle)
    return CyclePage(
        cycle=cycle_ref(cycle),
        today=today,
        stages=tuple(_stage(stage, today) for stage in cycle.stages.all()),
        loci=tuple(_lokus(user, lokus, shown[lokus.pk], cards, waiting, version=version, why=why) for lokus in loci),
        representative=None if named is None else lokus_ref(named),
        achievements=tuple(_achievement(row) for row in _achievements(cycle)),
        instrument=None if version is None else instrument_ref(version),
        may_import=any(may_import(user, lokus) for lokus in loci),
        source=cycle.source,
        past=past_years(user, cycle),
        may_see_lessons=may_see_lessons(user, cycle),
    )


Shown = tuple[Round | None, Round | None]


def _cards(
    loci: Iterable[Lokus], shown: Mapping[int, Shown], version: InstrumentVersion | None
) -> dict[tuple[int, int], Card]:
    if version is None:
        return {}
    return cards_of([(lokus, round_) for lokus in loci for round_ in shown[lokus.pk] if round_ is not None], version)


def _lokus(
    user: User,
    lokus: Lokus,
    shown: Shown,
    cards: Mapping[tuple[int, int], Card],
    waiting_by: Mapping[tuple[int, int], Waiting],
    *,
    version: InstrumentVersion | None,
    why: Reasons,
) -> LokusCard:
    round_, before = shown
    if not may_see_lokus(user, lokus):
        return _named_only(lokus)
    card = cards.get((lokus.pk, round_.pk)) if round_ is not None else None
    earlier = cards.get((lokus.pk, before.pk)) if before is not None else None
    waiting = waiting_by.get((lokus.pk, round_.pk), Waiting()) if round_ is not None else Waiting()
    top = [] if card is None else [aspect for aspect in card.instrument.aspects.values() if aspect.parent is None]
    score = _total(user, lokus, version, card, earlier)
    return LokusCard(
        lokus=lokus_ref(lokus),
        round=None if round_ is None else round_ref(round_),
        score=score,
        scale=Decimal(100) if card is None else card.instrument.scale,
        weight=sum((aspect.weight for aspect in top), Decimal(0)),
        weight_missing=Decimal(0) if card is None else card.unit.weight_missing,
        target=lokus.target_size,
        registered=lokus.registered,
        answered=(card.tally.households if card else 0) + waiting.fresh,
        pending=waiting.dirty,
        as_of=card.as_of if card else None,
        may_open=True,
        reported=None if lokus.reported_total is None else past_lokus(lokus),
        silent=None if card is None or score.value is None else silent_card(card, why),
    )


def _total(
    user: User, lokus: Lokus, version: InstrumentVersion | None, card: Card | None, earlier: Card | None
) -> Score:
    if card is None or version is None:
        return Score(None, None, None)
    return HIDDEN if hidden_from(user, lokus, version, (card, earlier)).total else card.total(earlier)


def _named_only(lokus: Lokus) -> LokusCard:
    """A lokus of the year whose score is not hers to see: a lurah's neighbour."""
    none, zero = Score(None, None, None), Decimal(0)
    return LokusCard(lokus_ref(lokus), None, none, Decimal(100), zero, zero, 0, 0, 0, 0, None, may_open=False)


def _stage(stage: Stage, today: date) -> StageLine:
    state: Literal["past", "now", "ahead"] = "now"
    if stage.ends < today:
        state = "past"
    elif stage.starts > today:
        state = "ahead"
    ends = None if stage.ends == stage.starts else stage.ends
    return StageLine(told(stage.name), stage.starts, ends, state, stage.source)


def _achievements(cycle: Cycle) -> Iterable[Achievement]:
    rows = Achievement.objects.filter(within_q("place__code", cycle.place.code), year__lte=cycle.year)
    return rows.select_related("place").order_by("-year", "place__code")


def _achievement(row: Achievement) -> AchievementLine:
    found = re.search(r"https?://\S+", row.source)
    words = row.source.replace(found.group(), "").strip(" ,;:") if found else row.source
    url = found.group() if found else ""
    programme = programmes_called({row.programme})
    return AchievementLine(row.title, row.place.name, row.level, row.year, words or url, url, programme)
