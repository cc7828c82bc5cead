"""All that is kept of one family, for the family itself: nothing of it is hidden from whom it is about.

But a family is several people, and whoever of it asks may be the one whom a wife did not tell everything. So the copy
is whole only where it is handed to the woman who answered, herself. Else it leaves out, whoever asks: answers of health
and what they would tell, what she was asked about her home that is not of class `umum`, what she says of promises, aid
and her own part, and needs and promises that rest on any of it. What lies at home keeps to the same (`family_sheet`).

What is no text is told by its number and shown at the office: photos, forms that a later one replaced, changes of the
registry. Source: UU 27/2022 art. 7 (access and a copy), 32 (with the record of what was done with it), 5, 15.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from selaras.models import (
    Activity,
    AgreedAnswers,
    ArrivalFile,
    Commitment,
    Confirmation,
    CurrentAnswers,
    Evidence,
    Holding,
    Household,
    InstrumentVersion,
    Need,
    PhotoConsent,
    Submission,
    Target,
    WomanSaid,
)
from selaras.models.data_map import Table, data_map
from selaras.models.places import zone_of
from selaras.queries.answered import Section, all_sections_of
from selaras.queries.apart import fields_telling
from selaras.queries.family_sheet import umum_indicators
from selaras.queries.household import relation_words
from selaras.queries.photo_uses import uses_of
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import health_fields, instrument_of
from selaras.queries.spoken import shown
from selaras.queries.statements import became_of
from selaras.queries.subject_done import Done, done_with
from selaras.scoring.expressions.words import label_of
from selaras.scoring.instrument import Instrument

#: Entries of the audit that the copy lists; the rest is counted.
LISTED = 60


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
class VoiceCopy:
    """What the family says in its own voice: of promises, of who holds and uses aid, and each woman of her own part."""

    promises: tuple[Confirmation, ...]
    aid: tuple[Holding, ...]
    women: tuple[WomanSaid, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept and not printed: photos of its home and of activities for it, replaced forms, changes of the
    registry."""

    photos: int
    older_forms: int
    changes: int


@dataclass(frozen=True, slots=True)
class SubjectCopy:
    """The whole of it. `tables` are those of the data map that are about families: why, how long, who sees it.

    Not `whole`, it is for anybody of the family: see above; `sources`, `note` and `voice` are empty then.
    """

    whole: bool
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
    replaced: str
    note: str
    states: tuple[tuple[date, str], ...]
    rounds: tuple[RoundCopy, ...]
    needs: tuple[tuple[str, date, date | None], ...]
    promises: tuple[tuple[str, str], ...]
    activities: tuple[tuple[str, date], ...]
    voice: VoiceCopy
    kept: Kept
    photo_uses: frozenset[str]
    photo_words: int
    sources: tuple[str, ...]
    done: tuple[Done, ...]
    done_more: int
    tables: tuple[Table, ...]


def copy_of(family: Household, now: datetime, *, whole: bool) -> SubjectCopy:
    """For who may take it (`actions.rights.take_copy` demands that). `family` with lokus, its place and its cycle.

    `whole`: it is handed to the woman who answered, herself.
    """
    lokus = family.lokus
    version = primary_of(lokus.cycle)
    instrument = None if version is None else instrument_of(version)
    target = Target.objects.filter(household=family).select_related("household__key").first()
    done = done_with(family, whole=whole)
    open_ = None if whole else frozenset(() if version is None else umum_indicators(version))
    rounds = _rounds(family, whole=whole)
    return SubjectCopy(
        whole=whole,
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
        replaced="" if target is None else target.reason,
        note=target.note() if target is not None and whole else "",
        states=tuple((line.on, line.state) for line in became_of(family).history),
        rounds=rounds,
        needs=_needs(family, instrument, open_),
        promises=_promises(family, open_),
        activities=_activities(family, open_),
        voice=_voice(family, whole=whole),
        kept=_kept(family, len(rounds)),
        photo_uses=uses_of(family),
        photo_words=PhotoConsent.objects.filter(household=family).count(),
        sources=tuple(sorted(set(_agreed(family)))) if whole else (),
        done=done[:LISTED],
        done_more=max(len(done) - LISTED, 0),
        tables=tuple(table for table in data_map() if table.about == "family" and table.is_personal),
    )


def _persons(family: Household) -> list[Any]:
    people = list(family.persons.order_by("position"))
    for one in people:
        one.household = family
    return people


def _rounds(family: Household, *, whole: bool) -> tuple[RoundCopy, ...]:
    rows = CurrentAnswers.objects.filter(household=family)
    rows = rows.select_related("round", "submission__version__workbook").order_by("-round__opens", "-round_id")
    return tuple(_round(family, row, whole=whole) for row in rows)


def _round(family: Household, row: CurrentAnswers, *, whole: bool) -> RoundCopy:
    submission = row.submission
    submission.household = family
    apart = frozenset[str]() if whole else hers(submission.version)
    sections = all_sections_of(submission.version, row.answers, submission.private_values(), apart)
    return RoundCopy(round_ref(row.round).label, submission.received_at, submission.mode, _said(sections))


def hers(version: InstrumentVersion) -> frozenset[str]:
    """The questions that only the woman who answered reads: of health with all that tell it, and those about her home
    as a whole that are not of class `umum`. What a member of the family is (name, age, school) stays."""
    instrument = instrument_of(version)
    umum = {name for name, row in instrument.privacy.items() if row.privacy_class == "umum"}
    home = {name for name, field in instrument.form.fields.items() if field.repeat is None}
    return fields_telling(version, health_fields(version)) | (home - umum)


def _said(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Only what was answered: blanks are of nobody."""
    told = [(one, tuple(line for line in one.lines if line.state == "said")) for one in sections]
    return tuple(Section(one.title, one.member, lines, 0) for one, lines in told if lines)


def _needs(
    family: Household, instrument: Instrument | None, only: frozenset[str] | None
) -> tuple[tuple[str, date, date | None], ...]:
    rows = Need.objects.filter(household=family).order_by("opened_at")
    if only is not None:
        rows = rows.filter(indicator__in=only)
    spans = ((row.indicator, row.opened_at.date(), row.closed_at) for row in rows)
    return tuple((_label(instrument, name), on, None if off is None else off.date()) for name, on, off in spans)


def _label(instrument: Instrument | None, indicator: str) -> str:
    known = None if instrument is None else instrument.indicators.get(indicator)
    return indicator if known is None or instrument is None else label_of(shown(known.labels, instrument)) or indicator


def _promises(family: Household, only: frozenset[str] | None) -> tuple[tuple[str, str], ...]:
    """`only`: those that serve nothing but needs of these indicators, at any family."""
    rows = Commitment.objects.filter(served__need__household=family).select_related("agency").distinct()
    found = list(rows.order_by("number"))
    telling = _telling([row.pk for row in found], only)
    return tuple((row.title, row.agency.name) for row in found if row.pk not in telling)


def _telling(commitments: Collection[int], only: frozenset[str] | None) -> set[int]:
    """Those of them that serve a need of an indicator that is not among `only`, at any family; or none at all: what
    such a one is for nobody knows."""
    if only is None:
        return set()
    rows = Commitment.objects.filter(pk__in=commitments).values_list("pk", "indicator", "served__need__indicator")
    known = ((pk, {name for name in (own, need) if name}) for pk, own, need in rows)
    return {pk for pk, names in known if not names or names - only}


def _activities(family: Household, only: frozenset[str] | None) -> tuple[tuple[str, date], ...]:
    """`only`: those that keep promises which serve nothing else. Of an activity without a promise nobody knows."""
    rows = Activity.objects.filter(households=family, deleted_at__isnull=True).order_by("-on")
    found = list(rows.prefetch_related("commitments"))
    kept = {row.pk: {each.pk for each in row.commitments.all()} for row in found}
    telling = _telling(set().union(*kept.values()), only)
    there = (row for row in found if only is None or (kept[row.pk] and not kept[row.pk] & telling))
    return tuple((row.title, row.on) for row in there)


def _voice(family: Household, *, whole: bool) -> VoiceCopy:
    if not whole:
        return VoiceCopy((), (), ())
    return VoiceCopy(
        tuple(Confirmation.objects.filter(household=family).select_related("commitment").order_by("on", "pk")),
        tuple(Holding.objects.filter(household=family).select_related("commitment").order_by("on", "pk")),
        tuple(WomanSaid.objects.filter(household=family).select_related("woman__household__key").order_by("on", "pk")),
    )


def _kept(family: Household, current: int) -> Kept:
    at_home = ArrivalFile.objects.filter(arrival__household=family, file__content_type__startswith="image/")
    of_activities = Evidence.objects.filter(activity__households=family, deleted_at__isnull=True)
    return Kept(
        photos=at_home.count() + of_activities.count(),
        older_forms=max(Submission.objects.filter(household=family).count() - current, 0),
        changes=family.edits.count(),
    )


def _agreed(family: Household) -> list[str]:
    rows = AgreedAnswers.objects.filter(submission__household=family)
    return list(rows.values_list("source__source", flat=True))
