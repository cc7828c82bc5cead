"""The list of 100: put families on it, hold them in reserve, replace one with a reason, move, and take it all back.

Nothing is decided by itself: pages propose, a person confirms. Each decision is kept with what was before, so that
the last one of a lokus can be undone instead of asking "are you sure" before every one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from selaras.access import Actor, demand, may_decide_targets, registry_for, the_lokus
from selaras.actions import audit
from selaras.errors import InputError, Missing, Problem
from selaras.models import (
    Household,
    Lokus,
    Target,
    TargetChange,
    TargetDecision,
    TargetReason,
    TargetState,
    User,
)
from selaras.queries.targets import paper_list
from selaras.reports.targets import targets_xlsx

#: Families in one decision, and letters of a remark.
MOST, NOTE = 500, 200
Listed = Literal["target", "reserve", ""]
Way = Literal["up", "down", "first"]


def decide(*, by: Actor, cycle_slug: str, code: str, households: Sequence[str], to: Listed) -> TargetDecision:
    """Make those families targets, put them in reserve, or take them off the list (`to` is ''), at its end, in order.

    Families that are there already stay where they are. Raises InputError where none is named or would change, where
    one is not of this lokus, and where more would be coached than the lokus has places for.
    """
    with transaction.atomic():
        lokus = _locked(by, cycle_slug, code)
        families = _named(by, lokus, households)
        deciding = _Deciding(by, lokus)
        moving = [family for family in families if deciding.state(family) != to]
        if not moving:
            raise InputError(Problem("targets.same"))
        if to == "target":
            _demand_room(lokus, len(moving))
        for family in moving:
            deciding.put(family, to)
        return deciding.write("targets.decide", to=to or "undecided")


def replace(
    *, by: Actor, cycle_slug: str, code: str, household: str, reason: str, note: str = ""
) -> tuple[TargetDecision, str]:
    """Replace a coached family for a reason of the closed list; the code of who comes in, or '' where nobody waits.

    The first in reserve takes its place in the order. `note` is sealed under the family's key and dies with it; it
    must hold no name. Raises InputError for another reason, a long note, and a family that is not coached now.
    """
    if reason not in TargetReason.values:
        raise InputError(Problem("targets.reason"))
    if len(note.strip()) > NOTE:
        raise InputError(Problem("targets.note", values={"most": NOTE}))
    with transaction.atomic():
        lokus = _locked(by, cycle_slug, code)
        (family,) = _named(by, lokus, [household])
        deciding = _Deciding(by, lokus)
        if deciding.state(family) != TargetState.TARGET:
            raise InputError(Problem("targets.not_target", values={"code": family.code}))
        place = deciding.position(family)
        waiting = _in_sight(lokus, TargetState.RESERVE).first()
        coming = None if waiting is None else waiting.household
        deciding.put(family, TargetState.REPLACED, reason=reason, note=note.strip(), replaced_by=coming)
        if coming is not None:
            deciding.put(coming, TargetState.TARGET, position=place)
        return deciding.write("targets.replace"), "" if coming is None else coming.code


def move(*, by: Actor, cycle_slug: str, code: str, household: str, way: Way) -> TargetDecision:
    """Move a family up, down or to the front of its part: the order in which reserves come in. Raises InputError at
    the edge, and for a family without a place."""
    with transaction.atomic():
        lokus = _locked(by, cycle_slug, code)
        (family,) = _named(by, lokus, [household])
        deciding = _Deciding(by, lokus)
        state = deciding.state(family)
        order = [target.household for target in _in_sight(lokus, state)] if state else []
        at = next((number for number, one in enumerate(order) if one.pk == family.pk), None)
        to = {"up": (at or 0) - 1, "down": (at or 0) + 1, "first": 0}[way]
        if at is None or to == at or not 0 <= to < len(order):
            raise InputError(Problem("targets.edge", values={"code": family.code}))
        span = order[min(at, to) : max(at, to) + 1]
        places = [deciding.position(one) for one in span]
        turned = [family, *span[:-1]] if to < at else [*span[1:], family]
        for one, place in zip(turned, places, strict=True):
            deciding.put(one, state, position=place, keep=True)
        return deciding.write("targets.move", way=way)


def undo(*, by: Actor, cycle_slug: str, code: str, decision: UUID) -> TargetDecision:
    """Take back the last decision of the lokus: every family is again what it was before, its order and reason too.

    A family that was erased meanwhile stays forgotten. Raises InputError where there is a newer decision, or another
    has changed what this one had done.
    """
    with transaction.atomic():
        lokus = _locked(by, cycle_slug, code)
        # What a merge of families decided, its own undoing takes back.
        rows = TargetDecision.objects.filter(lokus=lokus, undone_at__isnull=True, merge__isnull=True)
        last = rows.order_by("-pk").first()
        if last is None or last.uuid != decision:
            raise InputError(Problem("targets.not_last"))
        if not _taken_back(by, lokus, last, timezone.now()):
            raise InputError(Problem("targets.not_last"))
    return last


def put_in_place(*, by: Actor, lokus: Lokus, kept: Household, gone: Household) -> TargetDecision | None:
    """Of two families that are one, let `kept` have the better place of the two, in the caller's transaction.

    `gone` leaves the list. None where it was not on it.
    """
    deciding = _Deciding(by, lokus)
    had = deciding.state(gone)
    if not had:
        return None
    position, order = deciding.position(gone), [TargetState.REPLACED, TargetState.RESERVE, TargetState.TARGET]
    has = deciding.state(kept)
    deciding.put(gone, "")
    if not has or order.index(TargetState(has)) < order.index(TargetState(had)):
        deciding.put(kept, had, position=position)
    return deciding.write("targets.merge")


def put_back(*, by: Actor, lokus: Lokus, decision: TargetDecision, now: datetime) -> None:
    """Take back what `put_in_place` decided, in the caller's transaction. Raises InputError where another decision has
    changed it since, its place in the order aside, and where the list would have more families than it may."""
    coached = Target.objects.filter(lokus=lokus, state=TargetState.TARGET)
    before = coached.count()
    if not _taken_back(by, lokus, decision, now, anywhere=True):
        raise InputError(Problem("unmerge.target"))
    if (after := coached.count()) > max(before, lokus.target_size):
        raise InputError(Problem("unmerge.full", values={"size": lokus.target_size, "count": after}))


def _taken_back(by: Actor, lokus: Lokus, decision: TargetDecision, now: datetime, *, anywhere: bool = False) -> bool:
    """Whether every family still was where the decision had put it (`anywhere`: in that part of the list), and is now
    where it was before."""
    changes = list(decision.changes.select_related("household__key"))
    there = {target.household_id: target for target in _targets(change.household_id for change in changes)}
    for change in changes:
        state, position = _place(there.get(change.household_id))
        if state != change.state or (position != change.position and not anywhere):
            return False
    for change in changes:
        _restore(change, there.get(change.household_id))
    decision.undone_at, decision.undone_by = now, by if isinstance(by, User) else None
    decision.save(update_fields=["undone_at", "undone_by"])
    codes = sorted(change.household.code for change in changes)
    _written(by, "targets.undo", lokus, decision=str(decision.uuid), codes=codes)
    return True


def export_list(*, by: Actor, cycle_slug: str, code: str, names: bool) -> bytes:
    """The list as XLSX, with names where they were asked for; one audit entry that names the codes. Raises as the list.

    Only families that `by` sees by name are in it. Raises Missing and Forbidden.
    """
    if not isinstance(by, User):
        raise Missing(Problem("access.missing"))
    listed = paper_list(by, cycle_slug, code)
    lokus = the_lokus(by, cycle_slug, code)
    heads: dict[str, str] = {}
    if names:
        heads = dict(registry_for(by, lokus).filter(target__isnull=False).values_list("code", "head_name"))
    rows = [replaced(row, name=heads.get(row.code, "")) for row in (*listed.coached, *listed.waiting)]
    with transaction.atomic():
        _written(by, "targets.export", lokus, codes=[row.code for row in rows], names=names)
    return targets_xlsx(listed, rows, names=names)


# --- one at a time ----------------------------------------------------------------------------------------------------
def _locked(by: Actor, cycle_slug: str, code: str) -> Lokus:
    """The lokus, for decisions one after another. Raises Missing and Forbidden."""
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_decide_targets, by, lokus)
    Lokus.objects.select_for_update().get(pk=lokus.pk)
    return lokus


def _named(by: Actor, lokus: Lokus, codes: Sequence[str]) -> list[Household]:
    wanted = list(dict.fromkeys(codes))
    if not wanted:
        raise InputError(Problem("targets.none"))
    if len(wanted) > MOST:
        raise InputError(Problem("targets.too_many", values={"most": MOST}))
    rows = registry_for(by, lokus).filter(code__in=[code for code in wanted if "\0" not in code]).select_related("key")
    found = {family.code: family for family in rows}
    if unknown := [code for code in wanted if code not in found]:
        raise InputError(Problem("targets.unknown", values={"code": unknown[0][:16]}))
    return [found[code] for code in wanted]


def _demand_room(lokus: Lokus, more: int) -> None:
    room = lokus.target_size - Target.objects.filter(lokus=lokus, state=TargetState.TARGET).count()
    if more > room:
        values = {"size": lokus.target_size, "room": max(room, 0), "chosen": more}
        raise InputError(Problem("targets.full", values=values))


def _in_sight(lokus: Lokus, state: str) -> QuerySet[Target]:
    """That part of the list in its order, without families that are in nobody's view, such as the restricted: nobody is
    told their code, and no place is turned with theirs."""
    rows = Target.objects.filter(lokus=lokus, state=state, household__pending__isnull=True)
    return rows.select_related("household__key").order_by("position", "pk")


def _targets(households: Iterable[int]) -> list[Target]:
    return list(Target.objects.filter(household__in=list(households)))


def _place(target: Target | None) -> tuple[str, int | None]:
    return ("", None) if target is None else (target.state, target.position)


@dataclass
class _Deciding:
    """Gathers what one decision changes, with what was before, and writes it at once."""

    by: Actor
    lokus: Lokus
    now: datetime = field(default_factory=timezone.now)
    _known: dict[int, Target] = field(default_factory=dict)
    _ends: dict[str, int] = field(default_factory=dict)
    _changes: list[TargetChange] = field(default_factory=list)
    _removed: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._known = {target.household_id: target for target in Target.objects.filter(lokus=self.lokus)}
        ends = Target.objects.filter(lokus=self.lokus).order_by().values_list("state").annotate(end=Max("position"))
        self._ends = dict(ends)

    def state(self, family: Household) -> str:
        return _place(self._known.get(family.pk))[0]

    def position(self, family: Household) -> int:
        return self._known[family.pk].position

    def put(
        self,
        family: Household,
        state: str,
        *,
        position: int | None = None,
        reason: str = "",
        note: str = "",
        replaced_by: Household | None = None,
        keep: bool = False,
    ) -> None:
        """Give that family a place: at the end of `state`, or at `position`; `keep` leaves its reason as it is."""
        before = self._known.get(family.pk)
        change = TargetChange(household=family, state=state, reason=reason)
        change.before_state, change.before_position = _place(before)
        if before is not None:
            change.before_reason, change.before_note_sealed = before.reason, before.note_sealed
            change.before_replaced_by_id = before.replaced_by_id
            change.before_decided_at, change.before_decided_by_id = before.decided_at, before.decided_by_id
        if not state:
            self._removed.append(family.pk)
        else:
            if position is None:
                position = self._ends[state] = self._ends.get(state, 0) + 1
            target = before or Target(lokus=self.lokus, household=family)
            target.household, target.state, target.position = family, state, position
            if not keep:
                target.reason, target.replaced_by = reason, replaced_by
                target.set_note(note)
                target.decided_at, target.decided_by = self.now, self._person
            self._known[family.pk] = target
        change.position = position
        self._changes.append(change)

    @property
    def _person(self) -> User | None:
        return self.by if isinstance(self.by, User) else None

    def write(self, action: str, **details: object) -> TargetDecision:
        decision = TargetDecision.objects.create(lokus=self.lokus, at=self.now, by=self._person)
        Target.objects.filter(household__in=self._removed).delete()
        for change in self._changes:
            change.decision = decision
            if change.state:
                self._known[change.household_id].save()
        TargetChange.objects.bulk_create(self._changes)
        codes = sorted(change.household.code for change in self._changes)
        _written(self.by, action, self.lokus, decision=str(decision.uuid), codes=codes, **details)
        return decision


def _restore(change: TargetChange, target: Target | None) -> None:
    if not change.before_state:
        if target is not None:
            target.delete()
        return
    if target is None:
        target = Target(lokus_id=change.household.lokus_id, household=change.household)
    target.state, target.position = change.before_state, change.before_position or 0
    target.reason, target.note_sealed = change.before_reason, change.before_note_sealed
    target.replaced_by_id = change.before_replaced_by_id
    target.decided_at = change.before_decided_at or target.decided_at
    target.decided_by_id = change.before_decided_by_id
    target.save()


def _written(by: Actor, action: str, lokus: Lokus, **details: object) -> None:
    """Without the reason: it says something of a family, and goes with it."""
    audit.record(by=by, action=action, object_type="lokus", object_id=lokus.pk, place_code=lokus.area, **details)
