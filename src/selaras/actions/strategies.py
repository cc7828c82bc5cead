"""Write down what was found, what was changed for it and what was learnt; every version is kept, none is deleted."""

from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_keep_strategies, one, strategies_for, the_cycle, the_lokus
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import Agency, Audience, Cycle, FindingSource, Round, Strategy, StrategyVersion, User
from selaras.queries.plans import agencies_of
from selaras.queries.programme import primary_of
from selaras.queries.rounds import find_round
from selaras.queries.rules import instrument_of
from selaras.queries.strategies import Draft, draft_of, measures_of

#: The most measures of one strategy: more say nothing.
MOST = 5
LONGEST = {"finding": ("temuan", 600), "found_in": ("tempat tercatatnya", 300), "change": ("perubahan", 600),
           "lesson": ("pelajaran", 600)}  # fmt: skip


def write(*, by: Actor, cycle_slug: str, draft: Draft, strategy: UUID | None = None, seen: int = 0) -> Strategy:
    """A new strategy, or (`strategy`) what it says from now on; `seen` is the version that the form was made from.

    Raises Missing, Forbidden; InputError with everything that is wrong, and where another has changed it meanwhile.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_strategies, by, cycle)
    read = _read(by, cycle, draft)
    with transaction.atomic():
        row = Strategy(cycle=cycle, created_by=by if isinstance(by, User) else None, version=0)
        if strategy is not None:
            row = one(strategies_for(by).filter(cycle=cycle).select_for_update(of=("self",)), uuid=strategy)
            if row.version != seen:
                raise InputError(Problem("strategy.stale"))
        for name, value in read.items():
            setattr(row, name, value)
        row.version += 1
        row.updated_at = timezone.now()
        row.save()
        kept = {**asdict(draft_of(row)), "indicators": row.indicators}
        person = by if isinstance(by, User) else None
        StrategyVersion.objects.create(strategy=row, number=row.version, values=kept, by=person)
        _record(by, "strategies.write", row, version=row.version, audience=row.audience, source=row.source)
    return row


def take_back(*, by: Actor, cycle_slug: str, strategy: UUID) -> None:
    """It is shown no more, and can be brought back. Raises Missing, Forbidden."""
    _set_gone(by, cycle_slug, strategy, gone=True)


def bring_back(*, by: Actor, cycle_slug: str, strategy: UUID) -> None:
    """It is shown again. Raises Missing, Forbidden."""
    _set_gone(by, cycle_slug, strategy, gone=False)


def _set_gone(by: Actor, cycle_slug: str, strategy: UUID, *, gone: bool) -> None:
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_strategies, by, cycle)
    with transaction.atomic():
        row = one(Strategy.objects.filter(cycle=cycle).select_for_update(of=("self",)), uuid=strategy)
        row.taken_back_at = timezone.now() if gone else None
        row.save(update_fields=["taken_back_at"])
        _record(by, "strategies.take_back" if gone else "strategies.bring_back", row)


def _read(by: Actor, cycle: Cycle, draft: Draft) -> dict[str, object]:
    """The columns. Raises InputError with each thing that is wrong."""
    problems = list(_words(draft))
    agency, problem = _agency(cycle, draft.agency)
    problems += problem
    version = primary_of(cycle)
    known = {} if version is None else measures_of(instrument_of(version))
    names = list(dict.fromkeys(draft.indicators))
    if len(names) > MOST or any(name not in known for name in names):
        problems.append(Problem("strategy.indicators", "ukuran", values={"most": MOST}))
    before, after = _round(cycle, draft.before), _round(cycle, draft.after)
    if before is not None and after is not None and before.opens >= after.opens:
        problems.append(Problem("strategy.rounds", "dari"))
    decided, problem = _decided(draft)
    problems += problem
    if problems:
        raise InputError(problems)
    return {
        "audience": draft.audience,
        "source": draft.source,
        "lokus": the_lokus(by, cycle.slug, draft.lokus) if draft.lokus else None,
        "finding": draft.finding.strip(),
        "found_in": draft.found_in.strip(),
        "change": draft.change.strip(),
        "decided_on": decided,
        "agency": agency,
        "indicators": names,
        "before": before,
        "after": after,
        "lesson": draft.lesson.strip(),
    }


def _words(draft: Draft) -> list[Problem]:
    problems = []
    if draft.audience not in Audience.values:
        problems.append(Problem("strategy.choice", "untuk", values={"what": "perempuan atau anak"}))
    if draft.source not in FindingSource.values:
        problems.append(Problem("strategy.choice", "asal", values={"what": "asal temuan"}))
    if not draft.finding.strip():
        problems.append(Problem("strategy.finding", "temuan"))
    if not draft.found_in.strip():
        problems.append(Problem("strategy.found_in", "tercatat"))
    for name, (what, most) in LONGEST.items():
        if len(getattr(draft, name).strip()) > most:
            problems.append(Problem("strategy.too_long", values={"what": what, "most": most}))
    return problems


def _agency(cycle: Cycle, text: str) -> tuple[Agency | None, list[Problem]]:
    found = next((agency for agency in agencies_of(cycle) if str(agency.pk) == text), None) if text else None
    wrong = [Problem("strategy.choice", "opd", values={"what": "OPD"})] if text and found is None else []
    return found, wrong


def _decided(draft: Draft) -> tuple[date | None, list[Problem]]:
    day: date | None = None
    if draft.decided_on:
        try:
            day = date.fromisoformat(draft.decided_on)
        except ValueError:
            return None, [Problem("strategy.day", "diputuskan", values={"found": draft.decided_on})]
    wrong = bool(draft.change.strip()) != (day is not None)
    return day, [Problem("strategy.decided", "diputuskan")] if wrong else []


def _round(cycle: Cycle, slug: str) -> Round | None:
    return find_round(cycle, slug) if slug else None


def _record(by: Actor, action: str, row: Strategy, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="strategy",
        object_id=row.uuid,
        place_code=row.lokus.area if row.lokus is not None else row.cycle.place.code,
        **details,
    )
