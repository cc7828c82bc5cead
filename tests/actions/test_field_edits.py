"""What several phones change of one family: what holds, what waits, in whatever order it comes."""

import uuid
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selaras.actions.field.edits import Base, change, resolve, value_of
from selaras.actions.households import Correction, correct_household
from selaras.errors import InputError
from selaras.models import Household, HouseholdEdit, Lokus, Role, SearchHashes, User
from selaras.queries.edits import edits_of
from tests import build

pytestmark = pytest.mark.django_db
ITEMS = ("head_name", "address", "rt")


def family(address: str = "Gang Lama", **more: str) -> Household:
    return build.household(build.lokus(build.cycle()), address=address, **more)


def say(of: Household, base: int, *, trunk: int | None = None, branch: str = "", **said: str) -> HouseholdEdit | None:
    """One phone's form arrives."""
    locked = Household.objects.select_related("lokus__place", "key").get(pk=of.pk)
    return change(household=locked, said=said, base=Base(base, trunk, branch), arrival=None, hashes=SearchHashes.load())


def decide(edit: HouseholdEdit, *chosen: str, by: User | None = None) -> None:
    edit.household = Household.objects.select_related("lokus__place", "key").get(pk=edit.household_id)
    with transaction.atomic():
        resolve(by=by or build.user(), edit=edit, chosen=chosen, hashes=SearchHashes.load(), now=timezone.now())


def states(of: Household) -> list[tuple[str, int | None, dict[str, list[str]]]]:
    found = []
    for edit in of.edits.order_by("pk"):
        edit.household = of
        found.append((edit.state, edit.number, edit.changes()))
    return found


def address(of: Household) -> tuple[str, int]:
    of.refresh_from_db()
    return of.address, of.version


def test_what_a_phone_only_sends_back_as_its_list_said_is_no_change() -> None:
    of = family(rt="01")
    say(of, 1, address="Gang Baru", rt="01")
    say(of, 1, address="Gang Lama", rt="02")

    of.refresh_from_db()
    assert (of.address, of.rt, of.version) == ("Gang Baru", "02", 3)
    assert [each[2] for each in states(of)] == [{"address": ["Gang Lama", "Gang Baru"]}, {"rt": ["01", "02"]}]


@pytest.mark.parametrize("first", ["a", "b"])
def test_two_phones_that_change_the_same_offline_are_a_conflict_whichever_comes_first(first: str) -> None:
    of = family()
    said = {"a": "Gang Melati", "b": "Gang Mawar"}
    order = [first, "ba"["ab".index(first)]]
    for branch in order:
        say(of, 1, trunk=1, branch=branch, address=said[branch])

    assert address(of) == (said[order[0]], 2)
    assert states(of) == [
        ("applied", 2, {"address": ["Gang Lama", said[order[0]]]}),
        ("conflict", None, {"address": [said[order[0]], said[order[1]]]}),
    ]


def test_what_changes_what_waits_for_a_decision_waits_too() -> None:
    of = family()
    say(of, 1, trunk=1, branch="a", address="Gang Melati")
    say(of, 1, trunk=1, branch="b", address="Gang Mawar")
    third = say(of, 2, address="Gang Anggrek")

    assert third is not None
    assert [each[0] for each in states(of)] == ["applied", "conflict", "conflict"]


def test_a_branch_that_comes_in_the_wrong_order_waits_for_its_beginning_and_ends_as_the_phone_had_it() -> None:
    of = family()
    say(of, 3, trunk=1, branch="a", address="Gang Lama")
    say(of, 2, trunk=1, branch="a", address="Gang Mawar")
    assert (address(of), [each[0] for each in states(of)]) == (("Gang Lama", 1), ["backlog", "backlog"])

    say(of, 1, trunk=1, branch="a", address="Gang Melati")

    assert address(of) == ("Gang Lama", 4)
    assert [(state, number) for state, number, _ in states(of)] == [("applied", 4), ("applied", 3), ("applied", 2)]


def test_a_branch_of_a_family_that_the_phone_itself_registered_waits_for_its_beginning() -> None:
    of = family()
    say(of, 2, branch="a", address="Gang Mawar")
    assert [each[0] for each in states(of)] == ["backlog"]

    say(of, 1, branch="a", address="Gang Melati")

    assert address(of) == ("Gang Mawar", 3)


def test_the_beginning_of_a_branch_that_was_decided_without_it_does_not_undo_the_decision() -> None:
    of = family()
    late = say(of, 2, trunk=1, branch="a", address="Gang Mawar")
    assert late is not None
    decide(late, "address")
    assert address(of) == ("Gang Mawar", 2)

    say(of, 1, trunk=1, branch="a", address="Gang Melati")

    assert address(of) == ("Gang Mawar", 2)
    assert [each[0] for each in states(of)] == ["resolved", "conflict"]


def test_each_form_of_a_branch_is_a_version_also_where_it_changes_nothing_as_the_phone_counts() -> None:
    of = family()
    for base in (1, 2, 3):
        say(of, base, trunk=1, branch="a", address="Gang Lama")

    assert address(of) == ("Gang Lama", 4)
    assert states(of) == [("applied", number, {}) for number in (2, 3, 4)]


def correct(of: Household, by: User, **values: str) -> None:
    """The office corrects the registry."""
    now = Household.objects.select_related("lokus__place", "lokus__cycle", "key").get(pk=of.pk)
    wanted = {name: getattr(now, name) for name in ("head_name", "address", "rw", "rt")} | values
    correct_household(
        by=by,
        cycle_slug=now.lokus.cycle.slug,
        code=now.lokus.area,
        household=now.code,
        correction=Correction(version=now.version, **wanted),
    )


def test_a_correction_of_the_office_is_a_version_that_meets_a_phone_only_where_both_changed_the_same() -> None:
    of = family(rt="01", kk="3672051234567890")
    ratna = build.member(Role.SECRETARIAT, "36.72", cycle=of.lokus.cycle)
    correct(of, ratna, address="Gang Kantor")
    say(of, 1, address="Gang Mawar", kk="3672051234567890")
    say(of, 1, rt="02")

    of.refresh_from_db()
    assert (of.address, of.rt, of.version) == ("Gang Kantor", "02", 3)
    assert states(of) == [
        ("applied", 2, {"address": ["Gang Lama", "Gang Kantor"]}),
        ("conflict", None, {"address": ["Gang Kantor", "Gang Mawar"]}),
        ("applied", 3, {"rt": ["01", "02"]}),
    ]
    lines = edits_of(Household.objects.select_related("key").get(pk=of.pk), timezone.now())
    assert [(one.source, one.by, one.items) for one in lines] == [
        ("phone", "", ("rt",)),
        ("phone", "", ("address",)),
        ("office", ratna.full_name, ("address",)),
    ]


def test_what_the_office_corrected_to_what_a_phone_says_too_is_no_conflict() -> None:
    of = family()
    correct(of, build.member(Role.SECRETARIAT, "36.72", cycle=of.lokus.cycle), address="Gang Mawar")
    say(of, 1, address="Gang Mawar")

    assert [(state, number) for state, number, _ in states(of)] == [("applied", 2), ("applied", None)]


def test_a_version_of_which_nothing_is_known_meets_whatever_a_phone_changed_without_knowing_it() -> None:
    of = family()
    Household.objects.filter(pk=of.pk).update(address="Gang Kantor", version=2)
    say(of, 1, address="Gang Mawar")

    assert (address(of), [each[0] for each in states(of)]) == (("Gang Kantor", 2), ["conflict"])


def test_a_decision_says_what_held_and_what_did_not() -> None:
    of = family(rt="01")
    say(of, 1, address="Gang Melati", rt="05")
    conflict = say(of, 1, address="Gang Mawar", rt="09")
    assert conflict is not None
    decide(conflict, "rt")

    of.refresh_from_db()
    assert (of.address, of.rt, of.version) == ("Gang Melati", "09", 3)
    assert states(of)[1] == (
        "resolved",
        3,
        {"address": ["Gang Melati", "Gang Mawar", "Gang Melati"], "rt": ["05", "09", "09"]},
    )
    with pytest.raises(InputError, match="sudah diputuskan"):
        decide(conflict, "rt")


def test_a_kk_number_that_is_another_familys_waits_and_cannot_be_chosen() -> None:
    of = family()
    build.household(of.lokus, kk="3672051234567890")
    taken = say(of, 1, kk="3672051234567890")

    assert taken is not None
    assert [(state, number) for state, number, _ in states(of)] == [("conflict", None)]
    with pytest.raises(InputError, match="GD-002"):
        decide(taken, "kk")
    decide(taken)
    assert (states(of)[0][0], address(of)) == ("resolved", ("Gang Lama", 2))


# --- whatever the order -----------------------------------------------------------------------------------------------
@dataclass
class Message:
    """One form on its way: what it says, what it changed of what the phone showed."""

    base: int
    trunk: int | None
    branch: str
    said: dict[str, str]
    changed: tuple[str, str]


@dataclass
class Phone:
    """What a phone shows of the family, and what it has not sent yet."""

    view: dict[str, str]
    version: int
    trunk: int | None
    branch: str
    outbox: list[Message] = field(default_factory=list)


class World:
    """One family, the phone that registered it and two that have it on their lists, an office that corrects and
    decides; and a book of what wrote which version, kept apart from the program's own."""

    def __init__(self, lokus: Lokus, decider: User) -> None:
        self.family = build.household(lokus, name="Rohayati", address="Gang Lama")
        self.decider = decider
        self.first = self.values()
        self.office: dict[int, dict[str, str]] = {}
        self.sent: list[tuple[Message, HouseholdEdit | None, int]] = []
        self.decided: set[uuid.UUID] = set()
        self.phones = [Phone(self.values(), 1, None, "registrar")]
        self.phones += [Phone(self.values(), 1, 1, f"branch{n}") for n in (1, 2)]

    def fresh(self) -> Household:
        return Household.objects.select_related("lokus__place", "key").get(pk=self.family.pk)

    def values(self) -> dict[str, str]:
        now = self.fresh() if hasattr(self, "first") else self.family
        return {name: value_of(now, name) for name in ITEMS}

    def edits(self) -> list[HouseholdEdit]:
        found = list(HouseholdEdit.objects.filter(household=self.family).order_by("pk"))
        now = self.fresh()
        for edit in found:
            edit.household = now
        return found

    # --- what happens
    def edit(self, phone: Phone, name: str, value: str, *, whole: bool) -> None:
        if phone.view[name] == value:
            return
        phone.view[name] = value
        said = dict(phone.view) if whole else {name: value}
        phone.outbox.append(Message(phone.version, phone.trunk, phone.branch, said, (name, value)))
        phone.version += 1

    def send(self, phone: Phone, which: int) -> None:
        if not phone.outbox:
            return
        message = phone.outbox.pop(which % len(phone.outbox))
        with transaction.atomic():
            made = change(
                household=self.fresh(),
                said=message.said,
                base=Base(message.base, message.trunk, message.branch),
                arrival=None,
                own=self.family.lokus.area,
                hashes=SearchHashes.load(),
            )
        self.sent.append((message, made, self.fresh().version))

    def sync(self, phone: Phone) -> None:
        """A new list, once nothing waits on the phone; from then on a new branch."""
        if phone.outbox:
            return
        phone.view, phone.version = self.values(), self.fresh().version
        phone.trunk, phone.branch = phone.version, str(uuid.uuid4())

    def correct(self, name: str, value: str) -> None:
        if self.values()[name] == value:
            return
        correct(self.fresh(), self.decider, **{name: value})
        self.office[self.fresh().version] = {name: value}

    def decide(self, which: int, names: set[str]) -> None:
        waiting = [edit for edit in self.edits() if edit.state in {"conflict", "backlog"}]
        if waiting:
            edit = waiting[which % len(waiting)]
            decide(edit, *(names & set(edit.changes())), by=self.decider)
            self.decided.add(edit.uuid)

    # --- what must hold
    def check(self) -> None:
        edits = self.edits()
        assert [made is None for _, made, _ in self.sent] == [False] * len(self.sent)
        by_phone = {edit.uuid for edit in edits if edit.source == "phone"}
        assert {made.uuid for _, made, _ in self.sent if made} == by_phone
        numbered = {edit.number: edit for edit in edits if edit.number is not None}
        assert sorted(numbered) == list(range(2, self.fresh().version + 1))
        assert {number: _held(edit) for number, edit in numbered.items() if edit.source == "office"} == self.office
        assert {edit.uuid for edit in edits if edit.state == "resolved"} == self.decided
        assert [edit for edit in edits if edit.state == "backlog"] == []
        values = dict(self.first)
        for number in range(2, self.fresh().version + 1):
            values |= _held(numbered[number])
        assert values == self.values()
        self._nobody_was_overwritten_unasked(edits, numbered)
        for message, made, _ in self.sent:
            name, value = message.changed
            (kept,) = [edit for edit in edits if made is not None and edit.uuid == made.uuid]
            assert kept.changes()[name][1] == value

    def _nobody_was_overwritten_unasked(
        self, edits: list[HouseholdEdit], numbered: dict[int | None, HouseholdEdit]
    ) -> None:
        for edit in edits:
            if edit.state != "applied" or edit.number is None or edit.source == "office":
                continue
            for number in range((edit.trunk or 1) + 1, edit.number):
                other = numbered.get(number)
                assert other is not None
                own = other.source == "phone" and other.branch == edit.branch and other.base < edit.base
                assert own or not set(_held(other)) & set(_held(edit))


def _held(edit: HouseholdEdit) -> dict[str, str]:
    return {name: values[-1] for name, values in edit.changes().items() if values[-1] != values[0]}


VALUES = st.sampled_from(["Melati", "Mawar", "Kenanga"])
NAMES = st.sampled_from(ITEMS)
PHONES = st.integers(0, 2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), PHONES, NAMES, VALUES, st.booleans()),
        st.tuples(st.just("send"), PHONES, st.integers(0, 3)),
        st.tuples(st.just("sync"), PHONES),
        st.tuples(st.just("correct"), NAMES, VALUES),
        st.tuples(st.just("decide"), st.integers(0, 5), st.sets(NAMES)),
    ),
    max_size=25,
)


@pytest.fixture
def places() -> tuple[Lokus, User]:
    """A lokus and who decides in it, for all examples."""
    of = build.cycle()
    return build.lokus(of), build.member(Role.SECRETARIAT, "36.72", cycle=of)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=STEPS, last=st.randoms(use_true_random=False))
def test_in_whatever_order_changes_come_each_is_kept_and_none_wins_unasked(
    places: tuple[Lokus, User], steps: list[tuple[object, ...]], last: object
) -> None:
    of = World(*places)
    for what, *given_ in steps:
        if what == "edit":
            phone, name, value, whole = given_
            of.edit(of.phones[phone], name, value, whole=whole)  # type: ignore[index,arg-type]
        elif what in {"send", "sync"}:
            getattr(of, str(what))(of.phones[given_[0]], *given_[1:])  # type: ignore[index]
        else:
            getattr(of, str(what))(*given_)
    while any(phone.outbox for phone in of.phones):
        of.send(last.choice(of.phones), last.randrange(4))  # type: ignore[attr-defined]
    of.check()
