"""Ask agencies what they can do for which needs, and take their answers: each becomes, or changes, a commitment."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from selaras.access import (
    Actor,
    asks_for,
    demand,
    may_answer,
    may_ask,
    may_open_answers,
    needs_for,
    one,
    shown_count,
    the_cycle,
    the_lokus,
)
from selaras.actions import audit, plans
from selaras.errors import InputError, Problem
from selaras.models import (
    THIS_YEAR,
    Answer,
    Ask,
    AskVersion,
    Commitment,
    CommitmentNeed,
    CommitmentState,
    Cycle,
    Fund,
    User,
)
from selaras.queries.asks import Ground, current_agencies, ground_of, open_counts, wanted_of
from selaras.queries.programme import today_in

#: Days that an answer may be waited for: a programme year and the season of its minutes.
FARTHEST = 400
#: Letters of a reason.
LONGEST = 300
#: States that an answer may still turn into one another; what runs or is done is not undone by an answer.
_EARLY = frozenset({CommitmentState.PROPOSED, CommitmentState.PLANNED})


@dataclass(frozen=True, slots=True)
class Reply:
    """What a liaison says to one ask. `version` is the one that she was looking at.

    `volume` families (None: all); `fund`, first and last month (any day of them) where it is not declined; `needs`
    the families by their needs, None where she did not choose. `reason`: why not, what is different, a note.
    """

    answer: str
    version: int
    volume: int | None = None
    fund: str = ""
    starts: date | None = None
    ends: date | None = None
    reason: str = ""
    needs: tuple[int, ...] | None = None


def ask_all(*, by: Actor, cycle_slug: str, due: date) -> int:
    """Ask every agency that the instrument names what it was not asked yet; how much that was. Twice changes nothing.

    Raises Missing, Forbidden, InputError for a day that is past.
    """
    cycle = _asking(by, cycle_slug, due)
    ground = ground_of(cycle)
    now = timezone.now()
    with transaction.atomic():
        Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
        ready, _unnamed, _unknown = wanted_of(ground)
        made = [
            Ask(
                cycle=cycle,
                lokus=each.lokus,
                agency=each.agency,
                indicator=each.indicator,
                families=each.families,
                asked_at=now,
                due=due,
            )
            for each in ready
        ]
        if made:
            Ask.objects.bulk_create(made)
            agencies = sorted({each.agency.short_name for each in ready})
            _record_year(by, "asks.ask", cycle, asks=len(made), agencies=agencies, due=due.isoformat())
    return len(made)


def ask_agency(*, by: Actor, cycle_slug: str, lokus_code: str, indicator: str, agency_id: int, due: date) -> Ask:
    """Ask one agency for one need of a lokus, whoever the instrument names; asked already, nothing changes.

    Raises Missing, Forbidden, InputError.
    """
    cycle = _asking(by, cycle_slug, due)
    lokus = the_lokus(by, cycle_slug, lokus_code)
    agency = next((each for each in current_agencies(cycle) if each.pk == agency_id), None)
    if agency is None:
        raise InputError(Problem("ask.agency"))
    families = open_counts(cycle).get((lokus.pk, indicator), 0)
    if not families:
        raise InputError(Problem("ask.nothing", values={"indicator": indicator[:80], "lokus": lokus.place.name}))
    with transaction.atomic():
        ask, made = Ask.objects.get_or_create(
            lokus=lokus,
            agency=agency,
            indicator=indicator,
            defaults={"cycle": cycle, "families": families, "due": due},
        )
        if made:
            _record_year(by, "asks.ask", cycle, asks=1, agencies=[agency.short_name], due=due.isoformat())
    return ask


def set_due(*, by: Actor, cycle_slug: str, due: date) -> int:
    """Another day until which all that was asked this year may be answered; how many asks it moved."""
    cycle = _asking(by, cycle_slug, due)
    with transaction.atomic():
        moved = Ask.objects.filter(cycle=cycle).exclude(due=due).update(due=due)
        if moved:
            _record_year(by, "asks.set_due", cycle, asks=moved, due=due.isoformat())
    return moved


def withdraw(*, by: Actor, cycle_slug: str, ask_id: UUID) -> None:
    """Take back what nobody has answered. Raises Missing, Forbidden, InputError where it was answered."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_ask, by, cycle)
    ask = one(asks_for(by, cycle), uuid=ask_id)
    with transaction.atomic():
        gone, _rows = Ask.objects.filter(pk=ask.pk, answer=Answer.NONE, versions=None).delete()
        if not gone:
            raise InputError(Problem("ask.answered"))
        _record(by, "asks.withdraw", ask)


def _asking(by: Actor, cycle_slug: str, due: date) -> Cycle:
    cycle = the_cycle(by, cycle_slug)
    demand(may_ask, by, cycle)
    today = today_in(cycle)
    if not today <= due <= today + timedelta(days=FARTHEST):
        raise InputError(Problem("ask.due", "due", {"most": FARTHEST}))
    return cycle


# --- answers ----------------------------------------------------------------------------------------------------------
def answer(*, by: User, cycle_slug: str, ask_id: UUID, reply: Reply, now: datetime | None = None) -> Ask:
    """Take the agency's answer: its commitment is made, changed or called off with it, and what it said is kept.

    A first answer is taken after its due day too; a change is not. Raises Missing, Forbidden, or InputError with all
    problems, each at its field; `answer.newer` where somebody has answered since.
    """
    now = now or timezone.now()
    cycle = the_cycle(by, cycle_slug)
    seen = one(asks_for(by, cycle), uuid=ask_id)
    demand(may_answer, by, seen)
    ground = ground_of(cycle)
    with transaction.atomic():
        rows = Ask.objects.select_related("lokus__place", "agency__place", "cycle__place", "commitment")
        ask = rows.select_for_update(of=("self",), no_key=True).get(pk=seen.pk)
        _demand_open(ask, reply, now)
        visible = _visible(by, ask, ground)
        _demand_whole(ask, reply, ground, visible)
        chosen = _chosen(reply, visible)
        volume = reply.volume if reply.needs is None or set(reply.needs) == set(visible) else len(reply.needs)
        ask.commitment = _promise(by, ask, reply, ground=ground, needs=chosen, volume=volume)
        ask.answer, ask.reason = reply.answer, reply.reason
        ask.answered_at, ask.answered_by = now, by
        ask.version += 1
        ask.save(update_fields=["commitment", "answer", "reason", "answered_at", "answered_by", "version"])
        _keep(by, ask, reply, volume, now)
        _record(by, "asks.answer", ask, answer=str(reply.answer), version=ask.version)
    return ask


def show_families(*, by: User, cycle_slug: str, codes: Sequence[str]) -> None:
    """Write down which families were named to a liaison who signed in. Raises Missing, Forbidden."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_open_answers, by, cycle)
    with transaction.atomic():
        _record_year(by, "asks.show_families", cycle, codes=list(codes))


def _demand_open(ask: Ask, reply: Reply, now: datetime) -> None:
    if ask.version != reply.version:
        raise InputError(Problem("answer.newer"))
    if ask.answer and ask.due is not None and today_in(ask.cycle, now) > ask.due:
        raise InputError(Problem("answer.late", values={"due": ask.due.strftime("%d/%m/%Y")}))


def _demand_whole(ask: Ask, reply: Reply, ground: Ground, visible: list[int]) -> None:
    problems = []
    if reply.answer not in set(Answer.values) - {Answer.NONE}:
        raise InputError(Problem("answer.choice", "answer"))
    if len(reply.reason) > LONGEST:
        problems.append(Problem("answer.long", "reason", {"most": LONGEST}))
    if reply.answer == Answer.DECLINE and not reply.reason:
        problems.append(Problem("answer.reason", "reason"))
    if reply.answer == Answer.CHANGE and not reply.reason:
        problems.append(Problem("answer.change", "reason"))
    if reply.answer != Answer.DECLINE:
        problems += _terms(ask, reply, ground, visible)
    if problems:
        raise InputError(problems)


def _terms(ask: Ask, reply: Reply, ground: Ground, visible: list[int]) -> list[Problem]:
    problems = []
    count = open_counts(ask.cycle).get((ask.lokus_id, ask.indicator), 0)
    if not count:
        return [Problem("answer.met")]
    # Of health the limit itself would tell how many there are.
    most = max(ask.lokus.registered, count) if ask.indicator in ground.health else count
    if reply.volume is not None and not 1 <= reply.volume <= most:
        problems.append(Problem("answer.volume", "volume", {"most": most}))
    if reply.needs is not None and not reply.needs:
        problems.append(Problem("answer.families", "needs"))
    if reply.needs and not set(reply.needs) <= set(visible):
        problems.append(Problem("plan.needs", "needs"))
    known = set(Fund.values) if reply.answer == Answer.PROPOSE else THIS_YEAR
    if reply.fund not in known:
        problems.append(Problem("answer.fund", "fund"))
    if reply.answer != Answer.PROPOSE:
        problems += _months(ask.cycle, reply)
    return problems


def _months(cycle: Cycle, reply: Reply) -> list[Problem]:
    first, last = date(cycle.year, 1, 1), date(cycle.year + 1, 12, 31)
    problems = [
        Problem("answer.month", field)
        for field, day in (("starts", reply.starts), ("ends", reply.ends))
        if day is None or not first <= day <= last
    ]
    if reply.starts and reply.ends and (reply.ends.year, reply.ends.month) < (reply.starts.year, reply.starts.month):
        problems.append(Problem("answer.months", "ends"))
    return problems


def _visible(by: User, ask: Ask, ground: Ground) -> list[int]:
    """The open needs that her commitment may serve, those that nobody else serves yet in front."""
    others = CommitmentNeed.objects.filter(need=OuterRef("pk")).exclude(commitment=ask.commitment_id)
    others = others.exclude(commitment__state=CommitmentState.CANCELLED)
    rows = needs_for(by, dict(ground.agencies), frozenset(ground.health))
    rows = rows.filter(lokus=ask.lokus_id, indicator=ask.indicator, closed_at__isnull=True)
    ordered = rows.annotate(taken=Exists(others)).order_by("taken", "household__code")
    return list(ordered.values_list("pk", flat=True))


def _chosen(reply: Reply, visible: list[int]) -> list[int]:
    """Whom it is for: those she chose; else the first of them, until another choice is made."""
    if reply.needs is not None and set(reply.needs) != set(visible):
        return sorted(set(reply.needs))
    return visible if reply.volume is None else visible[: reply.volume]


def _promise(
    by: User, ask: Ask, reply: Reply, *, ground: Ground, needs: list[int], volume: int | None
) -> Commitment | None:
    """The commitment that follows from the answer; None where there is nothing to promise."""
    held = ask.commitment if ask.commitment and ask.commitment.state != CommitmentState.CANCELLED else None
    if reply.answer == Answer.DECLINE:
        if held is None:
            return ask.commitment
        return plans.cancel(
            by=by, cycle_slug=ask.cycle.slug, number=held.number, version=held.version, reason=reply.reason
        )
    proposed = reply.answer == Answer.PROPOSE
    told = volume
    if told is not None and ask.indicator in ground.health:
        # Who reads the matrix need not be who may know how few they are.
        told = shown_count(told, max(ask.lokus.registered, told))
    values = {
        "volume": None if told is None else Decimal(told),
        "unit": "" if told is None else "keluarga",
        "fund": reply.fund,
        "starts": None if proposed or reply.starts is None else reply.starts.replace(day=1),
        "ends": None if proposed or reply.ends is None else _last_day(reply.ends),
    }
    state = CommitmentState.PROPOSED if proposed else CommitmentState.PLANNED
    if held is None:
        return plans.commit(
            by=by,
            cycle_slug=ask.cycle.slug,
            agency_id=ask.agency_id,
            lokus_code=ask.lokus.area,
            indicator=ask.indicator,
            needs=needs,
            values={**values, "title": ground.label(ask.indicator)[:200], "state": state, "person": by.full_name},
        )
    return plans.change(
        by=by,
        cycle_slug=ask.cycle.slug,
        number=held.number,
        version=held.version,
        needs=needs,
        values={**values, "state": state} if held.state in _EARLY else values,
        reason=reply.reason,
    )


def _last_day(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _keep(by: User, ask: Ask, reply: Reply, volume: int | None, now: datetime) -> None:
    declined = reply.answer == Answer.DECLINE
    values = {
        "volume": volume,
        "fund": reply.fund,
        "starts": None if reply.starts is None else reply.starts.strftime("%Y-%m"),
        "ends": None if reply.ends is None else reply.ends.strftime("%Y-%m"),
    }
    AskVersion.objects.create(
        ask=ask,
        number=ask.version,
        answer=reply.answer,
        reason=reply.reason,
        values={} if declined else values,
        by=by,
        at=now,
    )


def _record(by: Actor, action: str, ask: Ask, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="ask",
        object_id=ask.uuid,
        place_code=ask.lokus.area,
        agency=ask.agency.short_name,
        indicator=ask.indicator,
        **details,
    )


def _record_year(by: Actor, action: str, cycle: Cycle, **details: object) -> None:
    audit.record(
        by=by, action=action, object_type="cycle", object_id=cycle.slug, place_code=cycle.place.code, **details
    )
