"""All that is kept of one family, for the family itself: nothing of it is hidden from whom it is about.

Source: UU 27/2022 art. 7 (access and a copy), 32 (with the record of what was done with it), 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from selaras.models import (
    Activity,
    AgreedAnswers,
    AuditEntry,
    Commitment,
    CurrentAnswers,
    Household,
    Membership,
    Need,
    PhotoConsent,
    Target,
)
from selaras.models.data_map import Table, data_map
from selaras.models.places import zone_of
from selaras.queries.answered import Section, all_sections_of
from selaras.queries.household import relation_words
from selaras.queries.photo_uses import uses_of
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown
from selaras.queries.statements import became_of
from selaras.scoring.expressions.words import label_of
from selaras.scoring.instrument import Instrument

#: Entries of the audit that the copy lists; the rest is counted.
LISTED = 60
#: Showings of several families at once, written down with the codes of those shown.
SHOWINGS = ("households.reveal_names", "households.reveal_numbers", "households.reveal_points")


@dataclass(frozen=True, slots=True)
class MemberCopy:
    """A member, with her whole number."""

    name: str
    sex: str
    relation: str
    nik: str


@dataclass(frozen=True, slots=True)
class RoundCopy:
    """The answers that count in a round, health and what is sealed included."""

    label: str
    received_at: datetime
    way: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """One entry of the audit about her family: an action's name, by whom (her role, else '')."""

    at: datetime
    action: str
    role: str


@dataclass(frozen=True, slots=True)
class SubjectCopy:
    """The whole of it. `tables` are those of the data map that are about families: why, how long, who sees it."""

    cycle: CycleRef
    lokus: LokusRef
    made_on: date
    code: str
    head: str
    address: str
    rt: str
    rw: str
    kk: str
    phone: str
    members: tuple[MemberCopy, ...]
    listed: str
    states: tuple[tuple[date, str], ...]
    rounds: tuple[RoundCopy, ...]
    needs: tuple[tuple[str, date, date | None], ...]
    promises: tuple[tuple[str, str], ...]
    activities: tuple[tuple[str, date], ...]
    photo_uses: frozenset[str]
    photo_words: int
    sources: tuple[str, ...]
    done: tuple[Done, ...]
    done_more: int
    tables: tuple[Table, ...]


def copy_of(family: Household, now: datetime) -> SubjectCopy:
    """For who may take it (`actions.rights.take_copy` demands that). `family` with lokus, its place and its cycle."""
    lokus = family.lokus
    version = primary_of(lokus.cycle)
    instrument = None if version is None else instrument_of(version)
    target = Target.objects.filter(household=family).first()
    done = _done(family)
    return SubjectCopy(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        made_on=now.astimezone(zone_of(lokus.area)).date(),
        code=family.code,
        head=family.head_name,
        address=family.address,
        rt=family.rt,
        rw=family.rw or lokus.rw,
        kk=family.kk(),
        phone=family.phone(),
        members=tuple(
            MemberCopy(one.name, one.sex, relation_words(instrument, one.relation), one.nik())
            for one in _persons(family)
        ),
        listed="" if target is None else target.state,
        states=tuple((line.on, line.state) for line in became_of(family).history),
        rounds=_rounds(family),
        needs=_needs(family, instrument),
        promises=_promises(family),
        activities=tuple(Activity.objects.filter(households=family).order_by("-on").values_list("title", "on")),
        photo_uses=uses_of(family),
        photo_words=PhotoConsent.objects.filter(household=family).count(),
        sources=tuple(sorted(set(_agreed(family)))),
        done=done[:LISTED],
        done_more=max(len(done) - LISTED, 0),
        tables=tuple(table for table in data_map() if table.about == "family" and table.is_personal),
    )


def _persons(family: Household) -> list[Any]:
    people = list(family.persons.order_by("position"))
    for one in people:
        one.household = family
    return people


def _rounds(family: Household) -> tuple[RoundCopy, ...]:
    rows = CurrentAnswers.objects.filter(household=family)
    rows = rows.select_related("round", "submission__version__workbook").order_by("-round__opens", "-round_id")
    return tuple(_round(family, row) for row in rows)


def _round(family: Household, row: CurrentAnswers) -> RoundCopy:
    submission = row.submission
    submission.household = family
    sections = all_sections_of(submission.version, row.answers, submission.private_values())
    return RoundCopy(round_ref(row.round).label, submission.received_at, submission.mode, _said(sections))


def _said(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Only what was answered: blanks are of nobody."""
    told = [(one, tuple(line for line in one.lines if line.state == "said")) for one in sections]
    return tuple(Section(one.title, one.member, lines, 0) for one, lines in told if lines)


def _needs(family: Household, instrument: Instrument | None) -> tuple[tuple[str, date, date | None], ...]:
    rows = Need.objects.filter(household=family).order_by("opened_at")
    spans = ((row.indicator, row.opened_at.date(), row.closed_at) for row in rows)
    return tuple((_label(instrument, name), on, None if off is None else off.date()) for name, on, off in spans)


def _label(instrument: Instrument | None, indicator: str) -> str:
    known = None if instrument is None else instrument.indicators.get(indicator)
    return indicator if known is None or instrument is None else label_of(shown(known.labels, instrument)) or indicator


def _promises(family: Household) -> tuple[tuple[str, str], ...]:
    rows = Commitment.objects.filter(served__need__household=family).select_related("agency").distinct()
    return tuple((row.title, row.agency.name) for row in rows.order_by("number"))


def _agreed(family: Household) -> list[str]:
    rows = AgreedAnswers.objects.filter(submission__household=family)
    return list(rows.values_list("source__source", flat=True))


def _done(family: Household) -> tuple[Done, ...]:
    """What was done with the family itself, and each showing of a list that had it on it; the newest first."""
    own = AuditEntry.objects.filter(object_type="household", object_id=str(family.uuid))
    shown_in = AuditEntry.objects.filter(object_type="lokus", object_id=str(family.lokus_id), action__in=SHOWINGS)
    entries = [*own, *(row for row in shown_in.iterator() if family.code in row.details.get("codes", ()))]
    tasks = Membership.objects.filter(user__in={row.actor_id for row in entries if row.actor_id}).order_by("pk")
    roles: Mapping[int, str] = dict(tasks.values_list("user_id", "role"))
    found = [Done(row.at, row.action, roles.get(row.actor_id or 0, "")) for row in entries]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))
