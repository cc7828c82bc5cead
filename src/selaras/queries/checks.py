"""What should be looked at again in filled forms, each with what explains it. Codes, never names or answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from selaras.access import checks_for, demand, may_see_checks
from selaras.models import Check, CheckKind, InstrumentVersion, Lokus, User
from selaras.queries.apart import apart_from
from selaras.queries.household import household_of
from selaras.queries.programme import cycle_ref, lokus_in, lokus_ref
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown
from selaras.scoring.expressions.words import label_of

#: Signals that a page lists; nobody reads on.
LISTED = 200


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One signal: of which family (its code), a CheckKind, the question in words ('' for the whole form) and the
    member's number (0 for the family), what the form itself says of the rule (`said`), and the counts behind it.
    `way` is a SubmissionMode, `sender` who filled the form in."""

    uuid: UUID
    household: str
    kind: str
    question: str
    row: int
    said: str
    facts: Mapping[str, int]
    way: str
    sender: str
    received_at: datetime
    seen_by: str
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChecksPage:
    """The open ones, the newest first, at most LISTED of `count`; `seen` are the last that were looked at."""

    cycle: CycleRef
    lokus: LokusRef
    open: tuple[CheckLine, ...]
    count: int
    seen: tuple[CheckLine, ...]
    may_settle: bool


def checks_page(user: User, cycle_slug: str, code: str) -> ChecksPage:
    """The whole page. Raises Missing, and Forbidden for who does not keep the lokus."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_see_checks, user, lokus)
    rows = _told(user, lokus)
    waiting = rows.filter(seen_at__isnull=True)
    return ChecksPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        open=_lines(waiting.order_by("-found_at", "-pk")[:LISTED]),
        count=waiting.count(),
        seen=_lines(rows.filter(seen_at__isnull=False).order_by("-seen_at")[:20]),
        may_settle=lokus.cycle.closed_at is None,
    )


def checks_of(user: User, cycle_slug: str, code: str, household: str) -> tuple[CheckLine, ...]:
    """The open ones of one family; none for who is not told of them. Raises as `queries.household.household_of`."""
    family = household_of(user, cycle_slug, code, household)
    if not may_see_checks(user, family.lokus):
        return ()
    rows = _told(user, family.lokus).filter(submission__household=family, seen_at__isnull=True)
    return _lines(rows.order_by("kind", "pk"))


def _told(user: User, lokus: Lokus) -> QuerySet[Check]:
    """The signals of a lokus, without those that would tell an answer that is kept apart from her."""
    rows = checks_for(user).filter(lokus=lokus)
    used = rows.order_by().values_list("submission__version_id", flat=True).distinct()
    for version in InstrumentVersion.objects.filter(pk__in=set(used)).select_related("workbook"):
        if apart := apart_from(user, lokus, version).fields:
            rows = rows.exclude(submission__version=version, field__in=apart)
    return rows


def _lines(rows: QuerySet[Check]) -> tuple[CheckLine, ...]:
    found = []
    for row in rows.select_related("submission__by"):
        instrument = instrument_of(row.submission.version)
        field = instrument.form.fields.get(row.field)
        question = "" if field is None else label_of(shown(field.labels, instrument)) or field.name
        said = "" if field is None else label_of(shown(field.constraint_messages, instrument))
        found.append(
            CheckLine(
                uuid=row.uuid,
                household=row.submission.household.code,
                kind=row.kind,
                question=question,
                row=row.row,
                said=said if row.kind == CheckKind.CONSTRAINT else "",
                facts=row.facts,
                way=row.submission.mode,
                sender=row.submission.by.get_full_name() if row.submission.by else "",
                received_at=row.submission.received_at,
                seen_by=row.seen_by.get_full_name() if row.seen_by else "",
                seen_at=row.seen_at,
            )
        )
    return tuple(found)
