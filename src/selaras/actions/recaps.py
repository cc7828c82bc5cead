"""Recaps of reports: brought in by the protection officer, published with small counts withheld, or not at all."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_keep_recaps, one, recaps_for, the_cycle
from selaras.actions import audit, publication_register
from selaras.actions.hand_overs import REASONS, hold, next_publication
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
from selaras.queries.protection import areas_of, demand_trust, keyed, opened, out_already, rule_of
from selaras.scoring.handovers import span
from selaras.scoring.recaps import AllOutError, Cells, Figures, Key, by_quarters, fresh, release

#: Counts that are planned as one system: 650 take four seconds on the processor, 3,000 longer than anybody waits.
#: A year by quarters that has more comes out without sums of the year beside its quarters.
MOST_COUNTS = 1_000
#: A recap that nobody decides on is destroyed after so long.
WAITS = timedelta(days=60)
EARLIEST = 2000
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
    demand_trust(by)
    year, as_of = _checked(cycle, draft)
    city = cycle.place.code
    read = _read(cycle, content, filename)
    figures = _fresh(read.figures, city, year)
    _ended((key.period for key in figures.counts), year, as_of)
    if len(figures.counts) > MOST_COUNTS and len(figures.quarters) > 1:
        figures = by_quarters(figures)
    by_period = Counter(key.period for key in figures.counts)
    largest = by_period.total() if figures.whole_year else max(by_period.values())
    if largest > MOST_COUNTS:
        values = {"found": largest, "most": MOST_COUNTS}
        raise InputError(Problem("recap.too_large", values=values))
    shown = _released(figures, city, year)
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
            tables=len(figures.tables),
            counts=len(figures.counts),
            key=key,
            imported_by=by if isinstance(by, User) else None,
        )
        recap.figures = key.seal(_plain(replace(read, figures=figures), shown), f"recap.figures:{recap.uuid}")
        recap.save()
        _record(by, "recaps.bring_in", recap, year=year, tables=recap.tables, counts=recap.counts)
    return recap


def publish(*, by: Actor, cycle_slug: str, recap: str) -> Publication:
    """Let everybody in the city read the recap as it was previewed, small counts withheld; its figures are destroyed.

    Raises Missing, Forbidden; InputError where a period of it came out since it was brought in, or had not ended when
    it was counted.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_recaps, by, cycle)
    demand_trust(by)
    with transaction.atomic():
        row = _waiting(by, cycle, recap)
        rule = hold(row.place_code, row.year)
        row = _waiting(by, cycle, recap, locked=True)
        _figures, women, stored = opened(row)
        cells = keyed(stored)
        # What was brought in before this was asked may still wait.
        _ended(_periods(cells), row.year, row.as_of)
        out = out_already(row.place_code, PublicationKind.REPORTS, row.year)
        # Planned without it: of the same reports two plans tell more than each.
        if out and ("" in _periods(cells) | _periods(out) or _periods(cells) & _periods(out)):
            raise InputError(Problem("recap.meanwhile"))
        made = next_publication(row.place_code, PublicationKind.REPORTS, row.year, cells)
        made.recap, made.source, made.as_of, made.threshold = row, row.source, row.as_of, rule.threshold
        made.women, made.women_source = women, row.women_source
        made.published_by = by if isinstance(by, User) else None
        made.save()
        publication_register.note(made)
        _close(row, RecapState.PUBLISHED, by=by)
        withheld = sum(count is None for count in cells.values())
        _record(by, "recaps.publish", row, year=row.year, number=made.number, withheld=withheld)
    return made


def _periods(cells: Cells) -> set[str]:
    return {key.period for key in cells}


def decline(*, by: Actor, cycle_slug: str, recap: str, reason: str) -> Recap:
    """Publish nothing of it; its figures are destroyed. Raises Missing, Forbidden, InputError for no reason."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_recaps, by, cycle)
    demand_trust(by)
    if reason not in REASONS:
        raise InputError(Problem("recap.reason", "alasan"))
    with transaction.atomic():
        row = _waiting(by, cycle, recap, locked=True)
        row.reason = reason
        _close(row, RecapState.DECLINED, by=by)
        _record(by, "recaps.decline", row, year=row.year, reason=reason)
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


def _fresh(figures: Figures, city: str, year: int) -> Figures:
    try:
        return fresh(figures, out_already(city, PublicationKind.REPORTS, year))
    except AllOutError:
        raise InputError(Problem("recap.all_out", values={"year": year})) from None


def _ended(periods: Iterable[str], year: int, as_of: date) -> None:
    """A period comes out once, so half of one would stand for the whole of it, and be compared as such, for ever."""
    last = max(span(year, period)[1] for period in periods)
    if as_of <= last:
        values = {"found": as_of.isoformat(), "last": last.isoformat()}
        raise InputError(Problem("recap.too_early", "per", values))


def _released(figures: Figures, city: str, year: int) -> dict[Key, int | None]:
    cells = release(figures, rule_of(city, year).threshold)
    if all(count is None for count in cells.values()):
        raise InputError(Problem("recap.nothing_to_show"))
    return cells


def _read(cycle: Cycle, content: bytes, filename: str) -> RecapRead:
    places = areas_of(cycle.place.code, PlaceLevel.KECAMATAN)
    also: dict[str, list[str]] = {code: [] for code in places}
    for alias in PlaceAlias.objects.filter(place__in=places.values()).select_related("place"):
        also[alias.place.code].append(alias.name)
    city = Area(cycle.place.code, cycle.place.full_name)
    return read_recap(
        content, filename, city, tuple(Area(code, row.name, tuple(also[code])) for code, row in places.items())
    )


def _plain(read: RecapRead, shown: Cells) -> bytes:
    figures = read.figures
    said = {
        "parents": figures.parents,
        "quarters": figures.quarters,
        "tables": figures.tables,
        "whole_year": figures.whole_year,
        "counts": [[*key, count] for key, count in figures.counts.items()],
        "cells": [[*key, count] for key, count in shown.items()],
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


def _record(by: Actor | None, action: str, row: Recap, **details: object) -> None:
    # Never a count of reports: the audit is read by more people than the recap.
    audit.record(by=by, action=action, object_type="recap", object_id=row.uuid, place_code=row.place_code, **details)
