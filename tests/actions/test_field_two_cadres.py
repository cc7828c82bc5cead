"""Two cadres change one family offline and a third registers another late, in whatever order it all arrives.

From the bytes that phones send to the office's decisions: each form is there, each conflict is shown field by field,
what holds is what somebody decided or nobody contradicted, and nothing has vanished.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selaras.actions.field.deciding import decide_family, let_in
from selaras.actions.field.edits import value_of
from selaras.actions.field.phones import Handed
from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.models import Arrival, CurrentAnswers, Household, HouseholdEdit, Role, User
from selaras.queries.changes import changes_page
from tests import build
from tests.build_field import Field, filled, open_field, phone_of

pytestmark = pytest.mark.django_db
#: Property -> our own question.
ASKED = {"head_name": "sl_nama", "address": "sl_alamat", "rt": "sl_rt"}
FIRST = {"head_name": "Rohayati", "address": "Gang Lama", "rt": "01"}


@dataclass
class Form:
    """One filled form on its way: what it says, and what of that its phone had changed."""

    family: str
    phone: Handed
    xml: bytes
    number: int
    changed: Mapping[str, str]


@dataclass
class World:
    """A family on the lists of two phones, another that a third phone has made, and the office."""

    of: Field
    office: User
    phones: list[Handed]
    forms: list[Form] = field(default_factory=list)

    def __post_init__(self) -> None:
        lokus = self.of.programme.lokus
        self.known = build.household(lokus, rw="03", rt="01", name="Rohayati", address="Gang Lama")
        self.new = str(uuid.uuid4())
        self.views = [dict(FIRST) for _ in self.phones]
        self.bases = [1, 1, 1]

    # --- what phones write while nobody sees them
    def register(self) -> None:
        """The third phone makes its family; it has no list that holds it."""
        said = dict(zip(ASKED.values(), FIRST.values(), strict=True))
        xml = filled(self.of.form, None, {"jumlah": str(self._next())}, entity=self.new).decode()
        for name, old in (("sl_nama", "Sumarni Uji"), ("sl_alamat", "Gang Uji 7"), ("sl_rt", "02")):
            xml = xml.replace(f"<{name}>{old}<", f"<{name}>{said[name]}<")
        self.forms.append(Form(self.new, self.phones[2], xml.encode(), self._next(), {}))

    def edit(self, which: int, values: Mapping[str, str]) -> None:
        """One of the phones visits its family and changes these."""
        view = self.views[which]
        changed = {name: value for name, value in values.items() if view[name] != value}
        view |= changed
        family = self.known if which < 2 else Household(uuid=uuid.UUID(self.new), version=1)
        xml = filled(self.of.form, family, {"jumlah": str(self._next())}).decode()
        trunk = ' trunkVersion="1"' if which < 2 else ""
        marks = f' baseVersion="{self.bases[which]}"{trunk} branchId="{self.phones[which].phone.uuid}-{self.known.pk}"'
        xml = xml.replace(f' baseVersion="{family.version}"', marks)
        said = "".join(f"<{ASKED[name]}>{value}</{ASKED[name]}>" for name, value in view.items())
        xml = xml.replace("</sl_keluarga>", f"</sl_keluarga>{said}")
        self.bases[which] += 1
        self.forms.append(Form(str(family.uuid), self.phones[which], xml.encode(), self._next(), changed))

    def _next(self) -> int:
        return len(self.forms) + 1

    # --- what the office does
    def let_in_one(self) -> bool:
        """The oldest that is held; False where none can be let in."""
        for arrival in self.arrivals().filter(state="quarantined", reason="twice").order_by("pk"):
            let_in(by=self.office, cycle_slug=self.of.programme.cycle.slug, arrival_id=arrival.uuid)
            return True
        return False

    def decide(self, family: Household, keep: frozenset[str]) -> bool:
        """Everything that waits of a family: of each change those of `keep` hold; False where nothing waits."""
        lokus = self.of.programme.lokus
        page = changes_page(self.office, lokus.cycle.slug, lokus.area, family.code)
        waiting = set(family.edits.filter(state="conflict").values_list("uuid", flat=True))
        # She is shown each of them.
        assert {edit.id for edit in page.open} == waiting
        if not waiting:
            return False
        chosen = {edit.id: keep & set(edit.items) for edit in page.open}
        place = {"cycle_slug": lokus.cycle.slug, "code": lokus.area, "household": family.code}
        decide_family(by=self.office, **place, version=page.version, chosen=chosen)
        return True

    # --- what there is
    def arrivals(self):  # type: ignore[no-untyped-def]
        return Arrival.objects.filter(about__in=[self.known.uuid, self.new])

    def families(self) -> list[Household]:
        rows = Household.objects.filter(uuid__in=[self.known.uuid, self.new]).select_related("key", "lokus__place")
        return list(rows.order_by("pk"))


def settle(world: World, keep: frozenset[str]) -> None:
    """Until nothing waits."""
    for _ in range(40):
        take_in()
        busy = world.let_in_one()
        for family in world.families():
            busy = world.decide(family, keep) or busy
        if not busy:
            return
    raise AssertionError("it never ends")


def held(edit: HouseholdEdit) -> dict[str, str]:
    return {name: said[-1] for name, said in edit.changes().items() if said[-1] != said[0]}


def check(world: World) -> None:
    """Nothing vanished, nothing is twice, and nobody was overwritten unasked."""
    arrivals = {row.raw_bytes(): row for row in world.arrivals().select_related("key", "submission")}
    assert sorted(arrivals) == sorted(form.xml for form in world.forms)
    assert {(row.state, row.reason) for row in arrivals.values()} <= {("taken", "")}
    for family in world.families():
        edits = list(family.edits.order_by("number"))
        for edit in edits:
            edit.household = family
        forms = [form for form in world.forms if form.family == str(family.uuid)]
        sheets = {arrivals[form.xml].submission_id for form in forms}
        assert set(family.submissions.values_list("pk", flat=True)) == sheets
        assert len(sheets) == len(forms)
        counting = CurrentAnswers.objects.filter(household=family).values_list("submission", flat=True)
        assert list(family.submissions.filter(superseded_by=None).values_list("pk", flat=True)) == list(counting)
        assert len(counting) == min(len(forms), 1)
        for form in forms:
            row = arrivals[form.xml]
            said = next((edit.changes() for edit in edits if edit.arrival_id == row.pk), {})
            assert {name: said[name][1] for name in form.changed} == form.changed
        assert {edit.state for edit in edits} <= {"applied", "resolved"}
        values, numbered = dict(FIRST), [edit for edit in edits if edit.number is not None]
        assert [edit.number for edit in numbered] == list(range(2, family.version + 1))
        for edit in numbered:
            values |= held(edit)
            others = [one for one in numbered if one.number < edit.number and one.branch != edit.branch]
            assert edit.state == "resolved" or not set(held(edit)) & {name for one in others for name in held(one)}
        assert values == {name: value_of(family, name) for name in FIRST}


EDITS = st.dictionaries(st.sampled_from(list(ASKED)), st.sampled_from(["A", "B", "02", "03"]), min_size=1)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    edits=st.lists(st.tuples(st.integers(0, 2), EDITS), min_size=2, max_size=5),
    keep=st.frozensets(st.sampled_from(list(ASKED))),
    order=st.randoms(use_true_random=False),
)
def test_whatever_the_order_each_form_counts_each_conflict_is_decided_and_nothing_vanishes(
    field_: tuple[Field, User, list[Handed]],
    edits: list[tuple[int, dict[str, str]]],
    keep: frozenset[str],
    order: object,
) -> None:
    world = World(*field_)
    world.register()
    for which, values in edits:
        world.edit(which, values)
    queue = [*world.forms, *order.choices(world.forms, k=2)]  # type: ignore[attr-defined]
    order.shuffle(queue)  # type: ignore[attr-defined]
    for form in queue:
        receive(sender=Sender.of(form.phone.phone), parcel=Parcel(form.xml))
        if order.random() < 0.5:  # type: ignore[attr-defined]
            take_in()
        if order.random() < 0.3:  # type: ignore[attr-defined]
            world.let_in_one()
            for family in world.families():
                world.decide(family, keep)
    settle(world, keep)
    check(world)


@pytest.fixture
def field_() -> tuple[Field, User, list[Handed]]:
    """A round, its office, and the phones of three cadres of RW 03; for all examples."""
    of = open_field()
    phones = [of.phone, phone_of(of.programme, "RW03"), phone_of(of.programme, "RW03")]
    return of, build.member(Role.SECRETARIAT, "36.72", cycle=of.programme.cycle), phones


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("late", [False, True])
def test_two_cadres_in_both_orders_and_a_third_who_registers_late(
    field_: tuple[Field, User, list[Handed]], first: int, late: bool
) -> None:
    world = World(*field_)
    world.register()
    world.edit(0, {"address": "Gang Melati", "rt": "02"})
    world.edit(1, {"address": "Gang Mawar", "head_name": "Rohayati Uji"})
    world.edit(2, {"address": "Gang Anggrek"})
    registration, one, two, visit = world.forms
    queue = [one, two][:: 1 if first == 0 else -1] + ([visit, registration] if late else [registration, visit])
    for form in queue:
        receive(sender=Sender.of(form.phone.phone), parcel=Parcel(form.xml))
        take_in()
    while world.let_in_one():
        take_in()

    said = "Gang Mawar" if first == 0 else "Gang Melati"
    (family,) = [each for each in world.families() if each.pk == world.known.pk]
    (open_,) = changes_page(world.office, family.lokus.cycle.slug, family.lokus.area, family.code).open
    assert open_.items == (("head_name", "address") if first == 0 else ("address", "rt"))
    settle(world, frozenset({"address"}))
    check(world)
    (family,) = [each for each in world.families() if each.pk == world.known.pk]
    assert family.address == said
