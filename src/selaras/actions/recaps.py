"""Recaps of reports: brought in by the protection officer, published with small counts withheld, or not at all."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_keep_recaps, one, recaps_for, the_cycle
from selaras.actions import audit
from selaras.actions.published_measures import take_published
from selaras.actions.recap_sheets import Area, RecapRead, read_recap
from selaras.errors import InputError, Problem
from selaras.models import (
    Cycle,
    DataKey,
    KeyPurpose,
    PlaceAlias,
    PlaceLevel,
    Publication,
    PublicationKind,
    Recap,
    RecapState,
    User,
)
from selaras.queries.programme import today_in
from selaras.queries.protection import areas_of, hand_overs_of, opened, out_already
from selaras.scoring.handovers import hand_over_release
from selaras.scoring.recaps import BY_NAME, UNITS, Figures, Release, release
from selaras.scoring.suppression import LEAST, CannotProtectError

#: A threshold above this withholds everything.
HIGHEST = 100
#: Counts of one recap: beyond, finding what to withhold would keep her waiting.
MOST_COUNTS = 1_000
#: A recap that nobody decides on is destroyed after so long.
WAITS = timedelta(days=60)
EARLIEST = 2000
#: Why a recap was not published. Refusing is always legal, and says nothing about the figures.
REASONS = ("too_few", "too_telling", "wrong", "not_agreed")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class RecapDraft:
    """What was typed beside the file."""

    year: str
    source: str
    as_of: str
    women_source: str = ""


def bring_in(*, by: Actor, cycle_slug: str, draft: RecapDraft, content: bytes, filename: str) -> Recap:
    """Keep a recap's figures, sealed, until they are decided on. One of the same year that waits gives way.

    Raises Missing, Forbidden; InputError with everything that is wrong in the form or the workbook.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_recaps, by, cycle)
    year, as_of = _checked(cycle, draft)
    city = cycle.place.code
    read = _read(cycle, content, filename)
    if len(read.figures.counts) > MOST_COUNTS:
        values = {"found": len(read.figures.counts), "most": MOST_COUNTS}
        raise InputError(Problem("recap.too_large", values=values))
    shown = _released(read.figures, city, year, LEAST)
    with transaction.atomic():
        waiting = Recap.objects.select_for_update().filter(place_code=city, year=year, state=RecapState.WAITING)
        for row in waiting.select_related("key"):
            _close(row, RecapState.LAPSED, by=None)
        key = DataKey.fresh(KeyPurpose.RECAP)
        key.save()
        recap = Recap(
            place_code=city,
            year=year,
            source=draft.source.strip(),
            as_of=as_of,
            women_source=draft.women_source.strip() if read.women else "",
            tables=len(read.figures.tables),
            counts=len(read.figures.counts),
            key=key,
            imported_by=by if isinstance(by, User) else None,
        )
        recap.figures = key.seal(_plain(read, shown), f"recap.figures:{recap.uuid}")
        recap.save()
        _record(by, "recaps.bring_in", recap, year=year, tables=recap.tables, counts=recap.counts)
    return recap


def publish(*, by: Actor, cycle_slug: str, recap: str, threshold: str = "") -> Publication:
    """Let everybody in the city read the recap, small counts withheld; its figures are destroyed.

    Raises Missing, Forbidden; InputError where the threshold is no number from LEAST on, where an earlier publication
    would give a small count away, or where nothing would be left to read.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_recaps, by, cycle)
    least = _threshold(threshold)
    row = _waiting(by, cycle, recap)
    figures, women, _cells = opened(row)
    found = _released(figures, row.place_code, row.year, least)
    with transaction.atomic():
        row = _waiting(by, cycle, recap, locked=True)
        made = _publication(by, row.place_code, PublicationKind.REPORTS, row.year, found)
        made.threshold = least
        made.recap, made.source, made.as_of = row, row.source, row.as_of
        made.women, made.women_source = women, row.women_source
        made.save()
        _close(row, RecapState.PUBLISHED, by=by)
        _record(by, "recaps.publish", row, year=row.year, number=made.number, threshold=least, withheld=found.withheld)
    return made


def decline(*, by: Actor, cycle_slug: str, recap: str, reason: str) -> Recap:
    """Publish nothing of it; its figures are destroyed. Raises Missing, Forbidden, InputError for no reason."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_recaps, by, cycle)
    if reason not in REASONS:
        raise InputError(Problem("recap.reason", "alasan"))
    with transaction.atomic():
        row = _waiting(by, cycle, recap, locked=True)
        row.reason = reason
        _close(row, RecapState.DECLINED, by=by)
        _record(by, "recaps.decline", row, year=row.year, reason=reason)
    return row


def publish_hand_overs(*, by: Actor, cycle_slug: str, year: str, threshold: str = "") -> Publication:
    """Let everybody in the city read how fast the year's hand-overs went their way, by area.

    Raises Missing, Forbidden; InputError as `publish`, and while the locked room cannot be read.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_recaps, by, cycle)
    least, today = _threshold(threshold), today_in(cycle)
    of, city = _year(year, today), cycle.place.code
    made = hand_overs_of(city, of)
    if made is None:
        raise InputError(Problem("recap.shut"))
    earlier = out_already(city, PublicationKind.HAND_OVERS, of)
    try:
        found = hand_over_release(made, earlier, least)
    except CannotProtectError:
        raise InputError(Problem("recap.cannot_protect")) from None
    _demand_something(found)
    with transaction.atomic():
        row = _publication(by, city, PublicationKind.HAND_OVERS, of, found)
        row.threshold, row.source, row.as_of = least, "Ruang perlindungan Selaras", today
        row.save()
        audit.record(
            by=by,
            action="recaps.publish_hand_overs",
            object_type="publication",
            object_id=row.uuid,
            place_code=city,
            year=of,
            number=row.number,
            threshold=least,
            withheld=found.withheld,
        )
        take_published(by=by, city=city, year=of)
    return row


def forget_waiting(now: datetime) -> int:
    """Destroy the figures that nobody decided on for WAITS; how many recaps. Called hourly."""
    late = Recap.objects.filter(state=RecapState.WAITING, imported_at__lt=now - WAITS).select_related("key")
    count = 0
    for row in late:
        with transaction.atomic():
            _close(row, RecapState.LAPSED, by=None)
            _record(None, "recaps.lapse", row, year=row.year)
        count += 1
    return count


def _close(row: Recap, state: RecapState, *, by: Actor | None) -> None:
    now = timezone.now()
    row.figures, row.state, row.decided_at = None, state, now
    row.decided_by = by if isinstance(by, User) else None
    row.save(update_fields=["figures", "state", "reason", "decided_at", "decided_by"])
    row.key.destroy(now)


def _waiting(by: Actor, cycle: Cycle, recap: str, *, locked: bool = False) -> Recap:
    rows = recaps_for(by).filter(place_code=cycle.place.code)
    row = one(rows.select_for_update(of=("self",)) if locked else rows, uuid=recap)
    if row.state != RecapState.WAITING:
        raise InputError(Problem("recap.decided"))
    return row


def _released(figures: Figures, city: str, year: int, least: int) -> Release:
    earlier = out_already(city, PublicationKind.REPORTS, year)
    gone = [key for key in earlier if key not in figures.counts]
    if any(key.period and key.period not in figures.quarters for key in gone):
        raise InputError(Problem("recap.periods_missing"))
    if gone:
        tables = {(key.unit, key.dimension) for key in gone}
        said = ", ".join(sorted(_table_words(*each) for each in tables))
        raise InputError(Problem("recap.tables_missing", values={"tables": said}))
    try:
        found = release(figures, earlier, least)
    except CannotProtectError:
        raise InputError(Problem("recap.cannot_protect")) from None
    _demand_something(found)
    return found


def _demand_something(found: Release) -> None:
    if all(count is None for count in found.cells.values()):
        raise InputError(Problem("recap.nothing_to_show"))


def _table_words(unit: str, dimension: str) -> str:
    known = BY_NAME.get((unit, dimension))
    return f"{UNITS.get(unit, unit)} {known.label}" if known else UNITS.get(unit, unit)


def _publication(by: Actor, city: str, kind: str, year: int, found: Release) -> Publication:
    last = Publication.objects.filter(place_code=city, kind=kind, year=year).order_by("-number").first()
    return Publication(
        kind=kind,
        place_code=city,
        year=year,
        number=1 if last is None else last.number + 1,
        cells=[[*key, count] for key, count in found.cells.items()],
        published_by=by if isinstance(by, User) else None,
    )


def _read(cycle: Cycle, content: bytes, filename: str) -> RecapRead:
    places = areas_of(cycle.place.code, PlaceLevel.KECAMATAN)
    also: dict[str, list[str]] = {code: [] for code in places}
    for alias in PlaceAlias.objects.filter(place__in=places.values()).select_related("place"):
        also[alias.place.code].append(alias.name)
    city = Area(cycle.place.code, cycle.place.full_name)
    return read_recap(
        content, filename, city, tuple(Area(code, row.name, tuple(also[code])) for code, row in places.items())
    )


def _plain(read: RecapRead, shown: Release) -> bytes:
    figures = read.figures
    said = {
        "parents": figures.parents,
        "quarters": figures.quarters,
        "tables": figures.tables,
        "whole_year": figures.whole_year,
        "counts": [[*key, count] for key, count in figures.counts.items()],
        "cells": [[*key, count] for key, count in shown.cells.items()],
        "women": read.women,
    }
    return json.dumps(said, separators=(",", ":")).encode()


def _checked(cycle: Cycle, draft: RecapDraft) -> tuple[int, date]:
    problems: list[Problem] = []
    today = today_in(cycle)
    year, as_of = 0, today
    try:
        year = _year(draft.year, today)
    except InputError as error:
        problems += error.problems
    try:
        as_of = date.fromisoformat(draft.as_of)
        wrong = as_of > today
    except ValueError:
        wrong = True
    if wrong:
        problems.append(Problem("recap.as_of", "per", {"found": draft.as_of or "(kosong)"}))
    if not draft.source.strip():
        problems.append(Problem("recap.source", "sumber"))
    for what, text in (("sumber", draft.source), ("sumber penduduk", draft.women_source)):
        if len(text.strip()) > _LONGEST:
            problems.append(Problem("recap.too_long", values={"what": what, "most": _LONGEST}))
    if problems:
        raise InputError(problems)
    return year, as_of


def _year(text: str, today: date) -> int:
    said = text.strip()
    if not (said.isascii() and said.isdigit() and EARLIEST <= int(said[:9]) <= today.year):
        raise InputError(Problem("recap.year", "tahun", {"found": said[:20] or "(kosong)"}))
    return int(said)


def _threshold(text: str) -> int:
    said = text.strip() or str(LEAST)
    if not (said.isascii() and said.isdigit() and LEAST <= int(said[:9]) <= HIGHEST):
        raise InputError(Problem("recap.threshold", "ambang", {"found": said[:20], "least": LEAST}))
    return int(said)


def _record(by: Actor | None, action: str, row: Recap, **details: object) -> None:
    # Never a count of reports: the audit is read by more people than the recap.
    audit.record(by=by, action=action, object_type="recap", object_id=row.uuid, place_code=row.place_code, **details)
