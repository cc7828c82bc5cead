"""What became of a family: what the office was told and what cadres saw at the door, the newest of both.

Nothing is derived twice: a visit that is taken back tells nothing any more, and so does a statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Case, CharField, DateField, DateTimeField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, In, IsNull

from selaras.models import FamilyState, Household, Outcome, Round, Statement, Visit

#: Nobody of them can be met any more, until somebody says otherwise.
AWAY = (FamilyState.MOVED, FamilyState.DIED)
#: What a list can be narrowed to.
STATES = (*AWAY, FamilyState.REFUSED, FamilyState.NOT_FOUND)
#: Before anything was said.
_NEVER = Value(datetime(1970, 1, 1, tzinfo=UTC), DateTimeField())


@dataclass(frozen=True, slots=True)
class StateLine:
    """What was said once: one of FamilyState (or `bertemu`), since when, by whom, and whether at the door.

    `uuid` is None for a visit, which is taken back where it came from.
    """

    uuid: UUID | None
    state: str
    on: date
    by: str
    at: datetime
    source: Literal["office", "visit"]


@dataclass(frozen=True, slots=True)
class Became:
    """What holds now, None while the family is there; and all that was said, the newest first."""

    now: StateLine | None
    history: tuple[StateLine, ...]


NOTHING = Became(None, ())


def became_of(family: Household) -> Became:
    """Two statements; `family` with its lokus and cycle at hand."""
    said = Statement.objects.filter(household=family, taken_back_at__isnull=True).select_related("by")
    seen = Visit.objects.filter(household=family).exclude(outcome=Outcome.OUT).select_related("by")
    zone = family.lokus.place.zone
    lines = [
        *(StateLine(row.uuid, row.state, row.on, _name(row.by), row.at, "office") for row in said),
        *(StateLine(None, row.outcome, row.day(zone), _name(row.by), row.at, "visit") for row in seen),
    ]
    lines.sort(key=lambda line: line.at, reverse=True)
    newest = lines[0] if lines and lines[0].state in STATES else None
    return Became(newest, tuple(lines) if any(line.state in STATES for line in lines) else ())


def _name(user: Any) -> str:
    return user.get_full_name() if user is not None else ""


# --- in a list --------------------------------------------------------------------------------------------------------
def _said(column: str, until: Coalesce | None = None) -> Subquery:
    rows = Statement.objects.filter(household=OuterRef("pk"), taken_back_at__isnull=True).order_by("-at", "-pk")
    if until is not None:
        rows = rows.filter(on__lt=until)
    return Subquery(rows.values(column)[:1])


def _seen(column: str) -> Subquery:
    rows = Visit.objects.filter(household=OuterRef("pk")).exclude(outcome=Outcome.OUT).order_by("-at", "-pk")
    return Subquery(rows.values(column)[:1])


def with_state(rows: QuerySet[Household]) -> QuerySet[Any]:
    """The families with `became`: a FamilyState, or NULL for who is there, as far as anybody said."""
    later = GreaterThan(Coalesce(_said("at"), _NEVER), Coalesce(_seen("at"), _NEVER))
    there = NullIf(_seen("outcome"), Value(Outcome.MET.value))
    said = NullIf(_said("state"), Value(FamilyState.HERE.value))
    return rows.annotate(became=Case(When(later, then=said), default=there))


def in_state(rows: QuerySet[Household], *states: str) -> QuerySet[Household]:
    """The families of which one of those holds now."""
    found: QuerySet[Household] = with_state(rows).filter(became__in=states)
    return found


def states_of(households: list[int]) -> dict[int, str]:
    """Family -> its state, those who are there left out. One statement."""
    rows = with_state(Household.objects.filter(pk__in=households)).filter(became__in=STATES)
    return dict(rows.values_list("pk", "became"))


def outcome_in(round_: Round | None) -> Case:
    """How a family stands in a round, as its visits there end; NULL where nobody has been there.

    What the office was told goes before it, where no visit of any round tells otherwise since. Who had moved away or
    died before the round is so in it too: nobody is sent there again. Who was not willing or was not found is so only
    in the round of that day, and is asked again in the next; what became of a family later changes no earlier round.
    """
    own = Visit.objects.filter(household=OuterRef("pk"), round=round_).order_by("-at", "-pk")
    own_at, own_outcome = Subquery(own.values("at")[:1]), Subquery(own.values("outcome")[:1])
    until = _next_after(round_)
    state, said_at = _said("state", until), Coalesce(_said("at", until), _NEVER)
    newest = GreaterThan(said_at, Coalesce(_seen("at"), _NEVER)) & GreaterThan(said_at, Coalesce(own_at, _NEVER))
    here = newest & Q(Exact(state, Value(FamilyState.HERE.value)))
    in_round = GreaterThanOrEqual(_said("on", until), Value(round_.opens if round_ else date.max, DateField()))
    gone: Any = _seen("outcome")
    for other in (Outcome.MET, Outcome.REFUSED, Outcome.NOT_FOUND):
        gone = NullIf(gone, Value(other.value))
    return Case(
        When(newest & Q(In(state, AWAY)), then=state),
        When(newest & ~Q(Exact(state, Value(FamilyState.HERE.value))) & in_round, then=state),
        When(here & Q(In(own_outcome, STATES)), then=None),
        When(IsNull(own_at, False), then=own_outcome),
        When(newest, then=None),
        default=gone,
        output_field=CharField(),
    )


def _next_after(round_: Round | None) -> Coalesce:
    """The day on which the next round of that year opens: what is so from then on is not of this one."""
    never = Value(date.max, DateField())
    if round_ is None:
        return Coalesce(never, never)
    later = Round.objects.filter(cycle=round_.cycle_id, opens__gt=round_.opens).order_by("opens")
    return Coalesce(Subquery(later.values("opens")[:1]), never)
