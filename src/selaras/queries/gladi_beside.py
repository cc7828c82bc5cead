"""Beside a rehearsal: the champion of the year before, where known with a source; a forecast, or why there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import mean, stdev
from typing import Final, Literal

from django.db.models import Q, QuerySet

from selaras.access import Actor, results_for
from selaras.errors import InputError
from selaras.models import Achievement, AuditEntry, ChampionFigure, Cycle, FollowUp, InstrumentVersion, Lokus, Result
from selaras.models.places import within, within_q
from selaras.queries.cards import Card, exact
from selaras.queries.gladi_marks import ItemMark
from selaras.queries.health import hidden_from
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown
from selaras.queries.usual import PROGRAMMES, programmes_called, programmes_named
from selaras.scoring.instrument import Instrument
from selaras.scoring.points import aspect_scores, total_of

#: Fewer frozen years than this say nothing of the next one.
FEWEST = 3
#: What provinces give prizes for: the programme of one that does not say its own, where nothing is known of its place.
_CONTEST: Final = frozenset({"p2wkss"})
_ANY: Final = frozenset(PROGRAMMES)
#: Who could tell of which programme something was: the year's own city, another one, or neither.
Owner = Literal["here", "elsewhere", ""]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a champion scored, on our instrument's scale, and as it was published: `score` of `scale`."""

    on_ours: Decimal
    score: Decimal
    scale: Decimal
    source: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class AspectBeside:
    """One aspect ('' is the total): of each lokus its name and score (None: not told or not known), the champion's."""

    name: str
    label: str
    ours: tuple[tuple[str, Decimal | None], ...]
    champion: Figure | None


@dataclass(frozen=True, slots=True)
class Champion:
    """Who won last year, and aspect by aspect what is known.

    `assumed`: nobody tells of which programme it is, so that it is taken for `programme`. `owner`: as of those apart.
    """

    id: int
    title: str
    level: str
    place: str
    year: int
    source: str
    programme: str
    assumed: bool
    owner: Owner
    aspects: tuple[AspectBeside, ...]

    @property
    def known(self) -> int:
        """How many figures have a source."""
        return len(self.aspects)


@dataclass(frozen=True, slots=True)
class LeftFigure:
    """What was typed in of a champion and stands nowhere beside: `aspect` ('' the total), `score` of `scale`.

    `label`: what that aspect was called in the version that it was typed in for; '' where that is not known.
    """

    id: int
    place: str
    title: str
    aspect: str
    label: str
    score: Decimal
    scale: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the total may become: `low` … `high` in 19 of 20 years like those; or None, with how many `years` count.

    It is what a lokus has gained from its first to its last frozen round before the jury, in earlier years, added to
    today's.
    """

    years: int
    lokus: str = ""
    now: Decimal | None = None
    middle: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


def ours(
    user: Actor, version: InstrumentVersion, loci: Sequence[Lokus], cards: Mapping[int, Card],
    marks: Mapping[int, Mapping[str, ItemMark]],
) -> dict[int, dict[str, Decimal | None]]:  # fmt: skip
    """Lokus id -> aspect ('' the total) -> score as it stands, the rehearsal's marks in place of the jury's.

    None where it has no value, or would tell of a small group's health.
    """
    instrument = instrument_of(version)
    found: dict[int, dict[str, Decimal | None]] = {}
    for lokus in loci:
        card = cards.get(lokus.pk)
        if card is None:
            continue
        shares = {name: score.points for name, score in card.unit.indicators.items()}
        shares |= {name: mark.share for name, mark in marks.get(lokus.pk, {}).items()}
        aspects = aspect_scores(instrument, shares)
        total, _missing = total_of(instrument, aspects)
        hidden = hidden_from(user, lokus, version, (card,))
        scores = {name: None if name in hidden.aspects else exact(score.score) for name, score in aspects.items()}
        found[lokus.pk] = {"": None if hidden.total else exact(total), **scores}
    return found


@dataclass(frozen=True, slots=True)
class Apart:
    """A champion of the year before who does not stand beside: of `programme`, another one.

    `assumed`: nobody tells of which, so that it is taken for that one. `unclear`: it may be of each of several, and its
    figures can be of one only. `owner`: who could tell.
    """

    place: str
    title: str
    level: str
    programme: str
    assumed: bool
    unclear: bool
    owner: Owner


@dataclass(frozen=True, slots=True)
class Won:
    """Who won in the year before in the same province: in the year's own programme, and in others.

    `programmes`: which that may be; `told`: of each achievement too, by its id. All by the keys of PROGRAMMES.
    """

    programmes: frozenset[str]
    told: Mapping[int, frozenset[str]]
    own: tuple[Achievement, ...]
    others: tuple[Apart, ...]

    @property
    def programme(self) -> str:
        """The year's own, as it is usually called; '' where neither its instrument nor its name tells."""
        return "" if self.programmes == _ANY else programmes_called(self.programmes)


def won_before(cycle: Cycle, instrument: Instrument | None) -> Won:
    """Who won in the year before, parted by programme: scores of two programmes tell nothing beside each other.

    The programme of `cycle` is its instrument's, else what its name says. An achievement is of the programme that its
    city recorded. Where that is not known, it is assumed to be of the one that its own words name; else that its place
    ran in that year, as its city keeps it here or typed it in; of P2WKSS where nothing is known. Where that are
    several, it stands beside none: it has one set of figures. Two statements.
    """
    won = list(achievements_before(cycle).select_related("place").order_by("place__code", "pk"))
    ours = _either("" if instrument is None else instrument.id, cycle.programme)
    ran = _ran({row.place_id for row in won if not row.programme}, cycle.year - 1)
    told = {row.pk: _recorded(row) or programmes_named(row.title, row.level) or ran[row.place_id] for row in won}
    told = {pk: keys or _CONTEST for pk, keys in told.items()}
    own = tuple(row for row in won if len(told[row.pk]) == 1 and ours & told[row.pk])
    return Won(ours, told, own, tuple(_apart(cycle, row, told[row.pk]) for row in won if row not in own))


def _recorded(row: Achievement) -> frozenset[str]:
    return frozenset({row.programme}) & _ANY


def achievements_before(cycle: Cycle) -> QuerySet[Achievement]:
    """All that was won in the year before in the same province."""
    province = cycle.place.code.split(".")[0]
    return Achievement.objects.filter(within_q("place__code", province), year=cycle.year - 1)


def figures_here(cycle: Cycle) -> QuerySet[ChampionFigure]:
    """Figures of what was won in the year before in the place of `cycle`, of whatever programme and whoever typed them:
    its secretariat answers for what it won, and for nobody else's beside another programme."""
    won = achievements_before(cycle).filter(within_q("place__code", cycle.place.code))
    return ChampionFigure.objects.filter(achievement__in=won)


def left_figures(cycle: Cycle, beside: Sequence[Champion]) -> tuple[LeftFigure, ...]:
    """Those figures of its own place, and of those beside, that none of these shows: of an aspect that is no more.

    One statement, and one where there is one from before versions were kept.
    """
    shown_ids = {row.champion.id for champion in beside for row in champion.aspects if row.champion}
    rows = ChampionFigure.objects.filter(
        Q(pk__in=figures_here(cycle)) | Q(achievement__in=[each.id for each in beside])
    )
    rows = rows.exclude(pk__in=shown_ids).select_related("achievement__place", "version__workbook")
    rows = rows.order_by("achievement__place__code", "achievement_id", "aspect")
    old = any(row.aspect and row.version is None for row in rows)
    versions = _typed_by(cycle, {row.achievement_id for row in rows}) if old else ()
    return tuple(
        LeftFigure(
            row.pk, row.achievement.place.full_name, row.achievement.title, row.aspect, _called_then(row, versions),
            row.score, row.scale, row.source,
        )
        for row in rows
    )  # fmt: skip


def _typed_by(cycle: Cycle, achievements: set[int]) -> tuple[InstrumentVersion, ...]:
    """Every version of the instruments that the years of its place have, and of who typed figures of those prizes."""
    typed = AuditEntry.objects.filter(
        action="gladi.champion", object_type="achievement", object_id__in=[str(pk) for pk in achievements]
    )
    theirs = InstrumentVersion.objects.filter(
        Q(cycles__place=cycle.place_id) | Q(cycles__place__code__in=typed.values("place_code"))
    )
    rows = InstrumentVersion.objects.filter(instrument__in=theirs.values("instrument"))
    return tuple(rows.select_related("workbook").order_by("pk"))


def _called_then(row: ChampionFigure, versions: Sequence[InstrumentVersion]) -> str:
    """What its aspect was called; of one without its version, what all `versions` that have such an aspect call it.

    Where one of them cannot be read any more, nobody knows whether it did.
    """
    if not row.aspect:
        return ""
    names = {_label(version, row.aspect) for version in ((row.version,) if row.version else versions)} - {""}
    return (names.pop() or "") if len(names) == 1 else ""


def _label(version: InstrumentVersion, aspect: str) -> str | None:
    """'' where it has no such aspect, None where its file is away or broken."""
    try:
        instrument = instrument_of(version)
    except (OSError, InputError):
        return None
    found = instrument.aspects.get(aspect)
    return "" if found is None else shown(found.labels, instrument) or ""


def _apart(cycle: Cycle, row: Achievement, told: frozenset[str]) -> Apart:
    assumed, unclear = not row.programme, len(told) > 1
    place, owner = row.place.full_name, _owner(cycle, row)
    return Apart(place, row.title, row.level, programmes_called(told), assumed and not unclear, unclear, owner)


def _owner(cycle: Cycle, row: Achievement) -> Owner:
    city, code = cycle.place.code, row.place.code
    if within(code, city):
        return "here"
    # What the province itself won, no city tells.
    return "" if within(city, code) else "elsewhere"


def _either(*texts: str) -> frozenset[str]:
    """The programmes that the first telling text names; any where none tells."""
    return programmes_named(*texts) or _ANY


def _ran(places: set[int], year: int) -> Mapping[int, frozenset[str]]:
    """Place id -> the programmes that were run of it, or that it was a lokus of, as far as their names tell."""
    rows = Cycle.objects.filter(Q(place__in=places) | Q(loci__place__in=places), year=year)
    found: dict[int, frozenset[str]] = defaultdict(frozenset)
    for name, *there in rows.values_list("programme", "place_id", "loci__place_id"):
        for place in there:
            found[place] |= programmes_named(name)
    return found


def champions(
    cycle: Cycle,
    won: Won,
    instrument: Instrument,
    loci: Sequence[Lokus],
    scores: Mapping[int, Mapping[str, Decimal | None]],
) -> tuple[Champion, ...]:
    """Those who won in its own programme, beside the loci. A statement, and one for each champion without a total."""
    rows = {row.pk: row for row in won.own}
    figures: dict[int, dict[str, Figure]] = {}
    for figure in ChampionFigure.objects.filter(achievement__in=rows):
        figures.setdefault(figure.achievement_id, {})[figure.aspect] = _figure(
            instrument, figure.score, figure.scale, figure.source, figure.pk
        )
    for row in rows.values():
        total = None if "" in figures.get(row.pk, {}) else _reported(row, instrument, won.told[row.pk])
        if total is not None:
            figures.setdefault(row.pk, {})[""] = total
    return tuple(
        Champion(
            pk, row.title, row.level, row.place.full_name, row.year, row.source, programmes_called(won.told[pk]),
            not row.programme, _owner(cycle, row), _aspects(instrument, figures.get(pk, {}), loci, scores),
        )
        for pk, row in rows.items()
    )  # fmt: skip


def _figure(instrument: Instrument, score: Decimal, scale: Decimal, source: str, pk: int = 0) -> Figure:
    on_ours = exact(Fraction(score) / Fraction(scale) * Fraction(instrument.scale)) if scale else Decimal(0)
    return Figure(on_ours or Decimal(0), score, scale, source, pk)


def _reported(row: Achievement, instrument: Instrument, programmes: frozenset[str]) -> Figure | None:
    """The total that a past year of one of those programmes was typed in with."""
    there = Lokus.objects.filter(place=row.place, cycle__year=row.year, reported_total__isnull=False)
    for lokus in there.select_related("cycle"):
        ours = programmes & _either(lokus.cycle.programme)
        if ours and lokus.reported_total is not None and lokus.reported_scale:
            return _figure(instrument, lokus.reported_total, lokus.reported_scale, lokus.reported_source)
    return None


def _aspects(
    instrument: Instrument,
    figures: Mapping[str, Figure],
    loci: Sequence[Lokus],
    scores: Mapping[int, Mapping[str, Decimal | None]],
) -> tuple[AspectBeside, ...]:
    return tuple(
        AspectBeside(
            name,
            shown(instrument.aspects[name].labels, instrument) or name if name else "",
            tuple((lokus.place.name, scores.get(lokus.pk, {}).get(name)) for lokus in loci),
            figures.get(name),
        )
        for name in ("", *instrument.aspects)
        if name in figures
    )


def forecast(
    user: Actor, cycle: Cycle, loci: Sequence[Lokus], scores: Mapping[int, Mapping[str, Decimal | None]], scale: Decimal
) -> Forecast:
    """Of the representative, or of the only lokus. Two statements."""
    gains = _gains(user, cycle)
    chosen = next((lokus for lokus in loci if lokus.representative), loci[0] if len(loci) == 1 else None)
    now = None if chosen is None else scores.get(chosen.pk, {}).get("")
    if len(gains) < FEWEST or chosen is None or now is None:
        return Forecast(len(gains))
    from scipy.stats import t

    # A prediction interval of one more draw from the same normal distribution.
    count = len(gains)
    wide = t.ppf(0.975, count - 1) * stdev(gains) * (1 + 1 / count) ** 0.5
    middle = float(now) / float(scale) + mean(gains)

    def shown_as(share: float) -> Decimal:
        return Decimal(str(round(min(1.0, max(0.0, share)) * float(scale), 2)))

    name = chosen.place.name
    return Forecast(count, name, now, shown_as(middle), shown_as(middle - wide), shown_as(middle + wide))


def _gains(user: Actor, cycle: Cycle) -> list[float]:
    """Of each earlier year of the place: the mean gain of its loci from their first frozen round to their last.

    A round that was frozen again counts once, as it was frozen last; what was seen after the trophy is no gain to it.
    """
    rows = results_for(user).filter(lokus__cycle__place__code=cycle.place.code, lokus__cycle__year__lt=cycle.year)
    rows = rows.exclude(round__kind__in=FollowUp.KINDS).select_related("version__workbook", "lokus")
    totals: dict[int, dict[tuple[int, int], dict[int, float]]] = {}
    for row in rows.order_by("round__opens", "created_at"):
        if (share := _share(row)) is not None:
            of_year = totals.setdefault(row.lokus.cycle_id, {})
            of_year.setdefault((row.lokus_id, row.version_id), {})[row.round_id] = share
    found = []
    for loci in totals.values():
        rounds = [list(shares.values()) for shares in loci.values()]
        gained = [shares[-1] - shares[0] for shares in rounds if len(shares) > 1]
        if gained:
            found.append(mean(gained))
    return found


def _share(row: Result) -> float | None:
    scale = instrument_of(row.version).scale
    total = next((unit.get("total") for unit in row.card.get("units", ())), None)
    return None if total is None or not scale else float(total) / float(scale)
