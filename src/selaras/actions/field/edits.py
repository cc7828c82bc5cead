"""What several phones changed of one family while they could not see each other: merged where they touch different
things, laid before a person where they do not. The last to arrive never wins by being last.

Source: ODK entities 2024.1 (baseVersion, trunkVersion, branchId) and the offline updates of ODK Central.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from selaras.errors import InputError, Problem
from selaras.models import Arrival, EditState, Household, HouseholdEdit, SearchHashes, User
from selaras.odk.submission import EntityMark

#: What of a family a phone may change.
OPEN = ("head_name", "address", "rw", "rt")
SEALED = ("kk", "phone")
Changes = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Base:
    """What the phone had before it changed the family. `version` is the server's, or on a branch its own count."""

    version: int
    trunk: int | None = None
    branch: str = ""

    @classmethod
    def of(cls, mark: EntityMark | None, household: Household) -> "Base":
        """As the form says it; a form that says nothing is taken to have known the family as it is."""
        if mark is None or mark.base_version is None:
            return cls(household.version)
        return cls(mark.base_version, mark.trunk_version, mark.branch_id)

    @property
    def known(self) -> int:
        """The newest version of the server that the phone had seen."""
        return self.version if self.trunk is None or not self.branch else self.trunk

    @property
    def follows(self) -> bool:
        """Whether an earlier change of the same branch comes before it."""
        return bool(self.branch) and self.trunk is not None and self.version > self.trunk


def value_of(household: Household, name: str) -> str:
    """What the registry says now."""
    if name in OPEN:
        return str(getattr(household, name))
    return household.kk() if name == "kk" else household.phone()


def differences(household: Household, said: Mapping[str, str]) -> Changes:
    """Property -> [as it is, as the form says], of what a form says otherwise. A blank says nothing."""
    found = {name: [value_of(household, name), text] for name, text in said.items() if name in (*OPEN, *SEALED)}
    return {name: pair for name, pair in found.items() if pair[1] and pair[0] != pair[1]}


def change(
    *, household: Household, said: Mapping[str, str], base: Base, arrival: Arrival | None, hashes: SearchHashes
) -> HouseholdEdit | None:
    """Record what a phone changed, and let it hold where nobody else touched the same; in the caller's transaction.

    `household` must be locked. None where it says nothing new. A change whose earlier part of the branch has not come
    waits as BACKLOG; one that meets another's waits as CONFLICT; both keep all that they say.
    """
    changes = differences(household, said)
    if not changes and not base.follows and not base.branch:
        return None
    edit = HouseholdEdit(
        household=household, arrival=arrival, base=base.version, trunk=base.trunk, branch=base.branch, number=None
    )
    edit.seal_changes(changes)
    if base.follows and not _has_before(household, base):
        edit.state = EditState.BACKLOG
        edit.save()
        return edit
    _settle(household, edit, changes, hashes)
    edit.save()
    _release(household, base.branch, hashes)
    return edit


def _has_before(household: Household, base: Base) -> bool:
    """Whether the change of the same branch that comes just before it is here and has been settled."""
    rows = household.edits.filter(branch=base.branch, base=base.version - 1)
    return rows.filter(state__in=[EditState.APPLIED, EditState.RESOLVED, EditState.CONFLICT]).exists()


def _settle(household: Household, edit: HouseholdEdit, changes: Changes, hashes: SearchHashes) -> None:
    """Apply it, or mark it as a conflict; not saved."""
    base = Base(edit.base, edit.trunk, edit.branch)
    if _meets(household, base, changes):
        edit.state = EditState.CONFLICT
        return
    edit.state = EditState.APPLIED
    edit.number = write(household, {name: pair[1] for name, pair in changes.items()}, hashes)


def _meets(household: Household, base: Base, changes: Changes) -> bool:
    """Whether somebody else changed one of the same properties since the phone last saw the family.

    A correction of the office or of an import leaves no edit: such a version may have touched anything.
    """
    since = household.edits.filter(number__gt=base.known, number__lte=household.version)
    known: dict[int, tuple[str, frozenset[str]]] = {
        edit.number: (edit.branch, frozenset(edit.changes())) for edit in since if edit.number is not None
    }
    waiting = {name for edit in household.edits.filter(state=EditState.CONFLICT) for name in edit.changes()}
    if set(changes) & waiting:
        return True
    for number in range(base.known + 1, household.version + 1):
        branch, touched = known.get(number, ("", frozenset(changes)))
        if (not base.branch or branch != base.branch) and touched & set(changes):
            return True
    return False


def write(household: Household, values: Mapping[str, str], hashes: SearchHashes) -> int:
    """Set those properties; the family's version afterwards. Without values the version stays. Saved."""
    if not values:
        return household.version
    lengths = {"head_name": 120, "address": 300, "rw": 20, "rt": 20}
    for name in OPEN:
        if name in values:
            setattr(household, name, values[name][: lengths[name]])
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
        waiting = household.edits.filter(state=EditState.BACKLOG, branch=branch).order_by("base", "pk")
        ready = next((edit for edit in waiting if _has_before(household, Base(edit.base, edit.trunk, branch))), None)
        if ready is None:
            return
        ready.household = household
        changes = {name: [value_of(household, name), pair[1]] for name, pair in ready.changes().items()}
        ready.seal_changes(changes)
        _settle(household, ready, changes, hashes)
        ready.save()


def resolve(*, by: User, edit: HouseholdEdit, chosen: Iterable[str], hashes: SearchHashes, now: datetime) -> int:
    """Let the named properties of a conflict hold as the phone said, the others as they are; the version afterwards.

    In the caller's transaction, with the family locked; what waited for it goes on. Raises InputError where it has been
    decided meanwhile, or where one of `chosen` is none of its properties.
    """
    fresh = HouseholdEdit.objects.select_for_update().get(pk=edit.pk)
    if fresh.state not in {EditState.CONFLICT, EditState.BACKLOG}:
        raise InputError(Problem("edit.decided"))
    household = fresh.household = edit.household
    changes, wanted = fresh.changes(), set(chosen)
    if wanted - set(changes):
        raise InputError(Problem("edit.unknown"))
    values = {name: changes[name][1] for name in wanted}
    number = write(household, values, hashes)
    fresh.number = number if values else None
    fresh.state, fresh.decided_by, fresh.decided_at = EditState.RESOLVED, by, now or timezone.now()
    fresh.save()
    _release(household, fresh.branch, hashes)
    return number
