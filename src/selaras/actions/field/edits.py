"""What several phones changed of one family while they could not see each other: merged where they touch different
things, laid before a person where they do not. The last to arrive never wins by being last.

Source: ODK entities 2024.1 (baseVersion, trunkVersion, branchId) and the offline updates of ODK Central.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from selaras.access import Actor
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import Arrival, EditSource, EditState, Household, HouseholdEdit, SearchHashes, User
from selaras.models.places import area_code, within
from selaras.odk.submission import EntityMark

#: What of a family a phone may change, and how long it may be.
OPEN = {"head_name": 120, "address": 300, "rw": 20, "rt": 20}
SEALED = ("kk", "phone")
#: A phone that was made to register a family goes on from its first version.
FIRST = 1
#: Forms that correct forms that correct forms: further back nobody follows.
LONGEST_CHAIN = 20
Changes = dict[str, list[str]]
_BEFORE = (EditState.APPLIED, EditState.RESOLVED, EditState.CONFLICT)


@dataclass(frozen=True, slots=True)
class Base:
    """What the phone had before it changed the family. `version` is the server's, or on a branch its own count."""

    version: int
    trunk: int | None = None
    branch: str = ""

    @classmethod
    def of(cls, mark: EntityMark | None, household: Household) -> "Base":
        """As the form says it of this family. One that says nothing, or what cannot be, had seen its first version.

        A registration that is sent again corrected says no version either: what others changed since is theirs.
        """
        if mark is None or mark.id.lower() != str(household.uuid) or mark.create or mark.base_version is None:
            return cls(FIRST)
        newest = household.version
        if not mark.branch_id:
            return cls(mark.base_version if mark.base_version <= newest else FIRST)
        trunk = mark.trunk_version if mark.trunk_version and mark.trunk_version <= newest else None
        return cls(mark.base_version, trunk, mark.branch_id)

    @property
    def known(self) -> int:
        """The newest version of the server that the phone had seen; a family of its own making, its first."""
        return self.version if not self.branch else self.trunk or FIRST

    @property
    def follows(self) -> bool:
        """Whether an earlier change of the same branch comes before it."""
        return bool(self.branch) and self.version > self.known


def value_of(household: Household, name: str) -> str:
    """What the registry says now."""
    if name in OPEN:
        return str(getattr(household, name))
    return household.kk() if name == "kk" else household.phone()


def registry_of(household: Household) -> dict[str, str]:
    """Every property that may change, as the registry says it now."""
    return {name: value_of(household, name) for name in (*OPEN, *SEALED)}


def corrected(
    household: Household, was: Mapping[str, str], *, by: Actor | None, source: EditSource, members: int = 0
) -> HouseholdEdit:
    """The version that a correction just made, beside what phones change: they meet it where they touch the same.

    `was` is `registry_of` the family before, `members` how many of them changed. The family's own version must be the
    new one already. Not saved.
    """
    now = registry_of(household)
    changes = {name: [was[name], now[name]] for name in now if now[name] != was[name]}
    if members:
        changes["members"] = ["", str(members)]
    number = household.version
    author = by if isinstance(by, User) else None
    edit = HouseholdEdit(
        household=household, base=number - 1, number=number, state=EditState.APPLIED, source=source, by=author
    )
    edit.seal_changes(changes)
    return edit


def change(
    *,
    household: Household,
    said: Mapping[str, str],
    base: Base,
    arrival: Arrival | None,
    hashes: SearchHashes,
    own: str = "",
    original: Arrival | None = None,
) -> HouseholdEdit | None:
    """Record what a phone changed, and let it hold where nobody else touched the same; in the caller's transaction.

    `household` must be locked; a blank of `said` says nothing; `own` is the phone's area; `original` is what the form
    corrects. None where the phone changed nothing. A change whose earlier part of the branch has not come waits as
    BACKLOG; one that meets another's, takes the family out of the phone's area or gives it another family's KK waits
    as CONFLICT; both keep all that they say. Each part of a branch that holds is a version of the family, also where
    nothing changed: the phone counts so, and hears the server only from a version on that is not behind its own.
    """
    told = {name: said[name][: OPEN.get(name)] for name in (*OPEN, *SEALED) if said.get(name)}
    edit = HouseholdEdit(household=household, base=base.version, trunk=base.trunk, branch=base.branch, number=None)
    edit.arrival, edit.by = arrival, arrival.by if arrival is not None else None
    if base.follows and not _has_before(household, base):
        # What comes before it may yet change what stands: what looks the same today is kept too.
        edit.seal_changes({name: [value_of(household, name), text] for name, text in told.items()})
        edit.state = EditState.BACKLOG
        edit.save()
        return edit
    changes = _settle(_History(household, base, chain_of(original)), edit, told, own, hashes)
    if not changes and not base.branch:
        return None
    edit.save()
    _release(household, base.branch, hashes)
    return edit


def _has_before(household: Household, base: Base) -> bool:
    """Whether the change of the same branch that comes just before it is here and has been settled."""
    rows = household.edits.filter(branch=base.branch, base=base.version - 1)
    return rows.filter(state__in=_BEFORE).exists()


def chain_of(original: Arrival | None) -> list[int]:
    """The ids of that arrival and of those that it corrects itself; [] for None."""
    found: list[int] = []
    while original is not None and original.pk not in found and len(found) < LONGEST_CHAIN:
        found.append(original.pk)
        rows = Arrival.objects.filter(cycle=original.cycle_id, instance_id=original.deprecated_id, first=True)
        original = rows.defer("raw").first() if original.deprecated_id else None
    return found


class _History:
    """What happened to a family since the phone had last seen it. `own` is what this phone itself had said before."""

    def __init__(self, household: Household, base: Base, chain: Collection[int] = ()) -> None:
        self.household, self._base = household, base
        self._edits = list(household.edits.order_by("base", "pk"))
        for edit in self._edits:
            edit.household = household
        self._said = {edit.pk: edit.changes() for edit in self._edits}
        self._numbered = {edit.number: edit for edit in self._edits if edit.number is not None}
        self._own = [edit for edit in self._edits if self._is_own(edit, chain)]

    def _is_own(self, edit: HouseholdEdit, chain: Collection[int]) -> bool:
        """A later part of the branch is not: what it changed, an earlier part must not undo."""
        earlier = edit.branch == self._base.branch and edit.base < self._base.version
        return edit.arrival_id in chain or (bool(self._base.branch) and earlier)

    def had(self, name: str) -> str | None:
        """What the phone showed before the change; None where nobody knows any more."""
        for edit in reversed(self._own):
            if name in self._said[edit.pk]:
                return self._said[edit.pk][name][1]
        for number in range(self._base.known + 1, self.household.version + 1):
            known = self._numbered.get(number)
            if known is None:
                return None
            if name in held(self._said[known.pk]):
                return self._said[known.pk][name][0]
        return value_of(self.household, name)

    def meets(self, names: set[str]) -> bool:
        """Whether somebody else changed one of these since, or is waiting to.

        A version from before corrections of the office were edits too may have touched anything.
        """
        waiting = {name for edit in self._edits if edit.state == EditState.CONFLICT for name in self._said[edit.pk]}
        if names & waiting:
            return True
        for number in range(self._base.known + 1, self.household.version + 1):
            known = self._numbered.get(number)
            if known is None and names:
                return True
            if known is not None and known not in self._own and names & held(self._said[known.pk]):
                return True
        return False


def held(changes: Changes) -> set[str]:
    """The properties that it really changed: those of a decision that were chosen, else all that say otherwise."""
    return {name for name, pair in changes.items() if pair[-1] != pair[0]}


def _settle(history: _History, edit: HouseholdEdit, told: Mapping[str, str], own: str, hashes: SearchHashes) -> Changes:
    """Apply it, or mark it as a conflict; what it changed. Sealed, not saved.

    A phone sends back what its list said: that is no change, although the registry may have gone on since.
    """
    household, changes = history.household, Changes()
    for name, text in told.items():
        now, had = value_of(household, name), history.had(name)
        if text != (now if had is None else had):
            changes[name] = [now, text]
    edit.seal_changes(changes)
    values = {name: changes[name][1] for name in held(changes)}
    if history.meets(set(values)) or leaves(household, values, own) or kk_owner(household, values, hashes) is not None:
        edit.state = EditState.CONFLICT
        return changes
    edit.state = EditState.APPLIED
    if values or edit.branch:
        edit.number = write(household, values, hashes)
    _note(edit, values)
    return changes


def _note(edit: HouseholdEdit, values: Mapping[str, str]) -> None:
    """The family's own entry of what changed by a phone."""
    if values:
        audit.record(
            by=edit.arrival.by if edit.arrival is not None else None,
            action="households.correct",
            object_type="household",
            object_id=edit.household.uuid,
            place_code=edit.household.area,
            fields=sorted(values),
            version=edit.household.version,
            via="phone",
        )


def leaves(household: Household, values: Mapping[str, str], own: str) -> bool:
    """Whether these values would take the family out of the area `own`, or out of its lokus."""
    if not {"rw", "rt"} & set(values):
        return False
    lokus = household.lokus
    area = area_code(lokus.place.code, values.get("rw", household.rw) or lokus.rw, values.get("rt", household.rt))
    return not (within(area, own) and within(area, lokus.area))


def kk_owner(household: Household, values: Mapping[str, str], hashes: SearchHashes) -> Household | None:
    """The other family of the lokus whose KK number that is already."""
    number = hashes.kk(values.get("kk", ""))
    rows = Household.objects.filter(lokus=household.lokus_id, kk_hash=number).exclude(pk=household.pk)
    return rows.first() if number else None


def write(household: Household, values: Mapping[str, str], hashes: SearchHashes) -> int:
    """Set those properties; the family's version afterwards, one more than before. Saved."""
    for name, length in OPEN.items():
        if name in values:
            setattr(household, name, values[name][:length])
    if "kk" in values:
        household.set_kk(values["kk"], hashes.kk(values["kk"]))
    if "phone" in values:
        household.set_phone(values["phone"], hashes.phone(values["phone"]))
    household.version += 1
    household.save()
    return household.version


def _release(household: Household, branch: str, hashes: SearchHashes) -> None:
    """Settle what waited for this, in the branch's own order."""
    while branch:
        waiting = household.edits.filter(state=EditState.BACKLOG, branch=branch)
        waiting = waiting.select_related("arrival__by", "arrival__token__membership")
        ordered = sorted(waiting, key=lambda edit: (edit.base, edit.pk))
        bases = {edit.pk: Base(edit.base, edit.trunk, branch) for edit in ordered}
        ready = next((edit for edit in ordered if _has_before(household, bases[edit.pk])), None)
        if ready is None:
            return
        ready.household = household
        told = {name: pair[1] for name, pair in ready.changes().items()}
        _settle(_History(household, bases[ready.pk]), ready, told, _area_of(ready), hashes)
        ready.save()


def _area_of(edit: HouseholdEdit) -> str:
    """The area of the phone that sent it."""
    token = edit.arrival.token if edit.arrival is not None else None
    return token.membership.place_code if token is not None else edit.household.lokus.area


def resolve(*, by: User, edit: HouseholdEdit, chosen: Iterable[str], hashes: SearchHashes, now: datetime) -> int:
    """Let the named properties of a conflict hold as the phone said, the others as they are; the version afterwards.

    In the caller's transaction, with the family locked; what waited for it goes on. Raises InputError where it has been
    decided meanwhile, where one of `chosen` is none of its properties, or the KK number is another family's.
    """
    fresh = HouseholdEdit.objects.select_for_update().get(pk=edit.pk)
    if fresh.state not in {EditState.CONFLICT, EditState.BACKLOG}:
        raise InputError(Problem("edit.decided"))
    household = fresh.household = edit.household
    changes, wanted = fresh.changes(), set(chosen)
    if wanted - set(changes):
        raise InputError(Problem("edit.unknown"))
    # What stood at the decision, what the phone said, what holds from now on.
    decided = {
        name: [stood := value_of(household, name), said, said if name in wanted else stood]
        for name, (_then, said) in changes.items()
    }
    values = {name: decided[name][1] for name in held(decided)}
    if (other := kk_owner(household, values, hashes)) is not None:
        raise InputError(Problem("household.taken", "kk", {"field": "nomor KK", "code": other.code}))
    number = write(household, values, hashes)
    fresh.seal_changes(decided)
    fresh.number = number
    fresh.state, fresh.decided_by, fresh.decided_at = EditState.RESOLVED, by, now
    fresh.save()
    _release(household, fresh.branch, hashes)
    return number
