"""A published instrument as a table that an official can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from selaras.access import (
    cycles_for,
    demand,
    instruments_for,
    may_manage_cycle,
    may_publish_instrument,
    one,
    scopes_of,
)
from selaras.errors import InputError, Missing, Problem
from selaras.models import CycleInstrument, InstrumentDraft, InstrumentVersion, User
from selaras.odk.types import SILENT
from selaras.queries.instrument_changes import Change, changes
from selaras.queries.programme import cycle_ref, instrument_ref
from selaras.queries.refs import CycleRef, InstrumentRef
from selaras.queries.rules import instrument_of, words_of
from selaras.queries.spoken import rule_words, shown
from selaras.scoring.expressions.words import condition
from selaras.scoring.instrument import Aspect, Indicator, Instrument, Origin, Rule, Stage
from selaras.scoring.workbook import Reading, read_workbook


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One indicator: weight, rule in words (`rule_words`), how points are given (`points_words`), and its text."""

    name: str
    label: str
    weight: Decimal
    origin: Origin
    rule: Rule
    stage: Stage | None
    rule_words: str
    points_words: str
    expression: str
    agency: str
    source: str


@dataclass(frozen=True, slots=True)
class RuleAspect:
    """One aspect; `share` is its weight over the sum of its siblings' weights (aspects and indicators), 0…1."""

    name: str
    label: str
    weight: Decimal
    share: Decimal
    source: str
    indicators: tuple[RuleLine, ...]
    aspects: tuple[RuleAspect, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One household class, in the order in which they are tried."""

    name: str
    label: str
    rule_words: str
    expression: str


@dataclass(frozen=True, slots=True)
class InstrumentPage:
    """The whole page. `versions` are all published ones, newest first; `questions` counts what is asked."""

    instrument: InstrumentRef
    scale: Decimal
    valid_from: date | None
    valid_to: date | None
    source: str
    published_at: datetime
    questions: int
    aspects: tuple[RuleAspect, ...]
    classes: tuple[ClassLine, ...]
    versions: tuple[InstrumentRef, ...]


def published(user: User) -> tuple[InstrumentRef, ...]:
    """Every published version that she may read, newest first."""
    return tuple(instrument_ref(row) for row in instruments_for(user).order_by("-published_at", "-pk"))


def instrument_page(user: User, instrument_id: str, version: str) -> InstrumentPage:
    """One published version; any signed-in person may read it. Raises Missing where it is not there."""
    versions = instruments_for(user).select_related("workbook").filter(instrument=instrument_id)
    row = one(versions, version=version)
    instrument = instrument_of(row)
    lexicon = words_of(row)
    top = [aspect for aspect in instrument.aspects.values() if aspect.parent is None]
    return InstrumentPage(
        instrument=instrument_ref(row),
        scale=instrument.scale,
        valid_from=instrument.valid_from,
        valid_to=instrument.valid_to,
        source=instrument.source,
        published_at=row.published_at,
        questions=_asked(instrument),
        aspects=tuple(_aspect(instrument, aspect, sum((row.weight for row in top), Decimal(0))) for aspect in top),
        classes=tuple(
            ClassLine(
                name,
                shown(rule.labels, instrument) or name,
                str(condition(rule.expression.tree, lexicon)),
                rule.expression.text,
            )
            for name, rule in instrument.classes.items()
        ),
        versions=tuple(instrument_ref(each) for each in versions.order_by("-published_at", "-pk")),
    )


@dataclass(frozen=True, slots=True)
class Draft:
    """A checked workbook that waits: `instrument` and `version` are what it says of itself."""

    uuid: UUID
    filename: str
    title: str
    instrument: str
    version: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class InstrumentsPage:
    """All instruments, each with its versions, newest first; drafts for who may publish."""

    instruments: tuple[tuple[InstrumentRef, ...], ...]
    drafts: tuple[Draft, ...]
    may_publish: bool


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft beside the newest published version of the same instrument (`base`, None for a new instrument).

    `taken`: this version has been published with another content, so it must be raised. `cycles` are the open years
    that she may let score by it; `uses` names those that score by an older version now.
    """

    draft: Draft
    questions: int
    indicators: int
    warnings: tuple[Problem, ...]
    base: InstrumentRef | None
    taken: bool
    changes: tuple[Change, ...]
    cycles: tuple[CycleRef, ...]
    uses: frozenset[str]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Two published versions of one instrument."""

    before: InstrumentRef
    after: InstrumentRef
    changes: tuple[Change, ...]


def instruments_page(user: User) -> InstrumentsPage:
    """What is published, and what waits. Raises Missing for somebody without a task."""
    if not scopes_of(user):
        raise Missing(Problem("access.missing"))
    by_name: dict[str, list[InstrumentRef]] = {}
    for ref in published(user):
        by_name.setdefault(ref.id, []).append(ref)
    publishes = may_publish_instrument(user)
    rows = InstrumentDraft.objects.select_related("file").order_by("-uploaded_at") if publishes else []
    return InstrumentsPage(tuple(map(tuple, by_name.values())), tuple(_draft(row)[0] for row in rows), publishes)


def draft_page(user: User, draft_id: UUID) -> DraftPage:
    """What publishing a draft would change. Raises Forbidden, Missing."""
    demand(may_publish_instrument, user)
    row = one(InstrumentDraft.objects.select_related("file"), uuid=draft_id)
    draft, reading = _draft(row)
    instrument = reading.instrument
    if instrument is None:
        raise InputError(reading.errors)
    versions = InstrumentVersion.objects.select_related("workbook").filter(instrument=instrument.id)
    base = versions.order_by("-published_at", "-pk").first()
    taken = versions.filter(version=instrument.version).exclude(sha256=instrument.sha256).exists()
    cycles = [cycle for cycle in cycles_for(user).filter(closed_at__isnull=True) if may_manage_cycle(user, cycle)]
    using = CycleInstrument.objects.filter(cycle__in=cycles, version__instrument=instrument.id)
    return DraftPage(
        draft=draft,
        questions=_asked(instrument),
        indicators=len(instrument.indicators),
        warnings=tuple(problem for problem in reading.problems if problem.level == "warning"),
        base=None if base is None else instrument_ref(base),
        taken=taken,
        changes=() if base is None else changes(instrument_of(base), instrument),
        cycles=tuple(cycle_ref(cycle) for cycle in cycles),
        uses=frozenset(using.values_list("cycle__slug", flat=True)),
    )


def changes_page(user: User, instrument_id: str, version: str, earlier: str) -> ChangesPage:
    """What `version` changed of the `earlier` one. Raises Missing."""
    rows = instruments_for(user).select_related("workbook").filter(instrument=instrument_id)
    before, after = one(rows, version=earlier), one(rows, version=version)
    return ChangesPage(
        instrument_ref(before), instrument_ref(after), changes(instrument_of(before), instrument_of(after))
    )


def _draft(row: InstrumentDraft) -> tuple[Draft, Reading]:
    reading = read_workbook(row.file.content(), name=row.filename, xform=False)
    found = reading.instrument
    named = (found.title, found.id, found.version) if found else (row.filename, "", "")
    return Draft(row.uuid, row.filename, *named, row.uploaded_at), reading


def _asked(instrument: Instrument) -> int:
    fields = instrument.form.fields.values()
    return sum(1 for field in fields if field.kind != "other" and field.type not in SILENT)


def _aspect(instrument: Instrument, aspect: Aspect, beside: Decimal) -> RuleAspect:
    """`beside` is the weight of everything under its parent, itself included."""
    below = [row for row in instrument.aspects.values() if row.parent == aspect.name]
    own = [row for row in instrument.indicators.values() if row.aspect == aspect.name]
    inside = sum([row.weight for row in below] + [row.weight for row in own], Decimal(0))
    return RuleAspect(
        name=aspect.name,
        label=shown(aspect.labels, instrument) or aspect.name,
        weight=aspect.weight,
        share=aspect.weight / beside,
        source=aspect.source,
        indicators=tuple(_line(instrument, row) for row in own),
        aspects=tuple(_aspect(instrument, row, inside) for row in below),
    )


def _line(instrument: Instrument, indicator: Indicator) -> RuleLine:
    words = rule_words(instrument, indicator)
    return RuleLine(
        name=indicator.name,
        label=shown(indicator.labels, instrument) or indicator.name,
        weight=indicator.weight,
        origin=indicator.origin,
        rule=indicator.rule,
        stage=indicator.stage,
        rule_words=str(words.rule),
        points_words=str(words.points),
        expression=indicator.expression.text if indicator.expression else "",
        agency=indicator.agency,
        source=indicator.source,
    )
