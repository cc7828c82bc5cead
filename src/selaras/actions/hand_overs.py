"""Hand-overs come out by the clock: on the day that was fixed before their period began, once, whatever they are.

The city may keep a period back, which is final and is said wherever its value would stand; it cannot wait for better
counts, and nothing that is out is renewed. So nothing that is published depends on looking.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_keep_recaps, the_cycle
from selaras.actions import audit, publication_register
from selaras.actions.published_measures import take_published
from selaras.errors import InputError, Problem
from selaras.models import (
    Cycle,
    Every,
    PlaceLevel,
    Publication,
    PublicationKind,
    PublicationPart,
    PublicationRule,
    Unpublished,
    User,
)
from selaras.queries.coming_out import Coming, clock_of, still_comes_out
from selaras.queries.programme import today_in
from selaras.queries.protection import demand_trust, hand_overs_of, keyed, rule_of
from selaras.scoring.handovers import FIRST, FOLLOW_UP, comes_out, follow_up_release, hand_over_release, span
from selaras.scoring.recaps import Cells
from selaras.scoring.suppression import LEAST

SOURCE = "Ruang perlindungan Selaras"
#: A threshold above this would withhold nearly everything.
HIGHEST = 20
_EARLIEST = 2000
#: Why something is not published. Refusing is always legal, and no reason says anything about the figures.
REASONS = ("choice", "not_agreed", "wrong")


def publish_due(now: datetime) -> int:
    """Publish what has its day today, or had it while the year was open; how many. Called hourly.

    Of cities alone: a province's own year publishes nothing, or two tables of one city would tell what each withholds.
    Only what somebody could have kept back on enough days (`coming_out.REFUSABLE`): a year that is opened late, or that
    has no officer, lets out nothing of what lies behind. Where the room is shut it waits until it is open again.
    """
    cycles = Cycle.objects.filter(still_comes_out(now), source="", place__level=PlaceLevel.CITY)
    years = cycles.order_by("place__code", "year").values_list("place__code", "year")
    count = 0
    for city, year in dict.fromkeys(years):
        clock = clock_of(city, year, now)
        for period in rule_of(city, year).periods:
            for part in (FIRST, FOLLOW_UP):
                if clock.coming(period, part) == Coming.LATE:
                    count += publish_part(city=city, year=year, period=period, part=part, now=now) is not None
    return count


def publish_part(*, city: str, year: int, period: str, part: str, now: datetime) -> Publication | None:
    """Let everybody in the city read that part of a period, small counts withheld. None where it is out already, was
    kept back, is not of the year's rule, or the room is shut.

    The caller has seen that its day has come, and that it could have been kept back. It is planned from one look at the
    counts and saved only if nobody else published meanwhile, so that it comes out once.
    """
    rule = rule_of(city, year)
    if period not in rule.periods or _is_decided(city, year, period, part):
        return None
    first = Publication.objects.filter(
        kind=PublicationKind.HAND_OVERS, place_code=city, year=year, period=period, part=PublicationPart.FIRST
    ).first()
    out = keyed(first.cells) if first else None
    made = hand_overs_of(city, year, period, now=now, first=out)
    if made is None or (part == FOLLOW_UP and first is None):
        return None
    if first is not None and first.as_of <= span(year, period)[1]:
        # Counted before its period had ended, as was done once: who was followed up of the whole is of others.
        return None
    cells = hand_over_release(made, rule.threshold) if out is None else follow_up_release(made, out)
    with transaction.atomic():
        held = hold(city, year)
        if _is_decided(city, year, period, part):
            return None
        row = next_publication(city, PublicationKind.HAND_OVERS, year, cells)
        row.period, row.part, row.threshold, row.source, row.as_of = (
            period, PublicationPart(part), held.threshold, SOURCE, comes_out(year, period, part),
        )  # fmt: skip
        row.save()
        publication_register.note(row)
        audit.record(
            by=None,
            action="recaps.publish_hand_overs",
            object_type="publication",
            object_id=row.uuid,
            place_code=city,
            year=year,
            period=period,
            part=part,
            withheld=sum(count is None for count in cells.values()),
        )
        take_published(by=None, city=city, year=year)
    return row


def keep_back(*, by: Actor, cycle_slug: str, year: str, period: str, reason: str) -> Unpublished:
    """Publish nothing more of a period's hand-overs; final.

    It shows nothing, so it is open to an officer who is not known yet (`demand_trust`), and without the room's key:
    not to publish must always be possible. Raises Missing, Forbidden; InputError for a period that is not of the rule,
    is out whole or was kept back, or for no reason of the list.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_recaps, by, cycle)
    city, this_year = cycle.place.code, today_in(cycle).year
    if not (year.isascii() and year.isdigit() and _EARLIEST <= int(year[:9]) <= this_year):
        raise InputError(Problem("recap.year", "tahun", {"found": year[:20] or "(kosong)"}))
    of = int(year)
    if reason not in REASONS:
        raise InputError(Problem("recap.reason", "alasan"))
    with transaction.atomic():
        hold(city, of)
        if period not in rule_of(city, of).periods:
            raise InputError(Problem("recap.period", "masa", {"found": period[:10] or "(kosong)"}))
        if _is_decided(city, of, period, FOLLOW_UP):
            raise InputError(Problem("recap.period_decided", "masa"))
        row = Unpublished.objects.create(
            place_code=city, year=of, period=period, reason=reason, by=by if isinstance(by, User) else None
        )
        publication_register.note(row)
        audit.record(
            by=by,
            action="recaps.keep_back",
            object_type="publication",
            object_id=f"{of}{period}",
            place_code=city,
            year=of,
            period=period,
            reason=reason,
        )
        take_published(by=by, city=city, year=of)
    return row


def set_rule(*, by: Actor, cycle_slug: str, threshold: str, every: str) -> PublicationRule:
    """Fix by which rule the next year is published, before it begins. What holds for a year that has begun stays.

    Raises Missing, Forbidden; InputError for a threshold that is not from LEAST to HIGHEST, or an unknown length of
    periods.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_recaps, by, cycle)
    demand_trust(by)
    city, this_year = cycle.place.code, today_in(cycle).year
    said = threshold.strip()
    if not (said.isascii() and said.isdigit() and LEAST <= int(said[:9]) <= HIGHEST):
        values = {"found": said[:20] or "(kosong)", "least": LEAST, "most": HIGHEST}
        raise InputError(Problem("recap.threshold", "ambang", values))
    if every not in Every.values:
        raise InputError(Problem("recap.every", "masa"))
    with transaction.atomic():
        row = hold(city, this_year + 1)
        row.threshold, row.every, row.set_at = int(said), every, timezone.now()
        row.set_by = by if isinstance(by, User) else None
        row.save()
        publication_register.note(row)
        audit.record(
            by=by,
            action="recaps.set_rule",
            object_type="publication",
            object_id=row.year,
            place_code=city,
            year=row.year,
            threshold=row.threshold,
            every=every,
        )
    return row


def hold(city: str, year: int) -> PublicationRule:
    """The year's rule, held until the transaction ends: who publishes or decides after that knows what is out."""
    rule = rule_of(city, year)
    given = {"threshold": max(LEAST, rule.threshold), "every": rule.every}
    fresh, made = PublicationRule.objects.get_or_create(place_code=city, year=year, defaults=given)
    if made:
        publication_register.note(fresh)
    return PublicationRule.objects.select_for_update().get(place_code=city, year=year)


def next_publication(city: str, kind: str, year: int, cells: Cells) -> Publication:
    """The next of the year, not saved; the caller holds its rule."""
    last = Publication.objects.filter(place_code=city, kind=kind, year=year).order_by("-number").first()
    return Publication(
        kind=kind,
        place_code=city,
        year=year,
        number=1 if last is None else last.number + 1,
        cells=[[*key, count] for key, count in cells.items()],
    )


def _is_decided(city: str, year: int, period: str, part: str) -> bool:
    if Unpublished.objects.filter(place_code=city, year=year, period=period).exists():
        return True
    rows = Publication.objects.filter(kind=PublicationKind.HAND_OVERS, place_code=city, year=year, period=period)
    return rows.filter(part=part).exists()
