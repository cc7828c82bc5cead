"""What became of a family: said by the office or at the door, the newest holds, and it can be taken back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from selaras.actions.erasure import erase_household
from selaras.actions.field.receiving import Parcel, Sender
from selaras.actions.field.receiving import receive as sent
from selaras.actions.field.taking import take_in
from selaras.actions.splitting import split_family, unsplit
from selaras.actions.statements import say_state, take_state_back
from selaras.actions.targets import decide
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import (
    AuditEntry,
    DataKey,
    Erasure,
    Household,
    HouseholdEdit,
    Lokus,
    Person,
    Role,
    SearchHashes,
    Split,
    Statement,
    User,
)
from selaras.queries.household import household_page
from selaras.queries.households import Filters, households_page
from selaras.queries.phones import family_list
from selaras.queries.progress import progress_page
from selaras.queries.statements import became_of
from selaras.queries.targets import targets_page
from tests import build
from tests.build_field import Field, filled, open_field

pytestmark = pytest.mark.django_db
DAY = date(2024, 2, 14)


class Ground:
    """Lokus GD with an open round, its lurah, and one family of RW 03."""

    def __init__(self) -> None:
        self.field: Field = open_field()
        self.lokus = self.field.programme.lokus
        self.family = build.household(self.lokus, name="Siti Aminah", address="Gang Uji 7", kk="9900000000000001")
        self.lurah: User = build.member(Role.SUPERVISOR, self.lokus.place.code, cycle=self.lokus.cycle)
        self.where = {"cycle_slug": self.lokus.cycle.slug, "code": self.lokus.area, "household": self.family.code}

    def say(self, state: str, on: date | None = DAY) -> Statement:
        return say_state(by=self.lurah, **self.where, state=state, on=on)

    def visit(self, outcome: str) -> None:
        xml = filled(self.field.form, self.family, outcome=outcome)
        sent(sender=Sender.of(self.field.phone.phone), parcel=Parcel(xml, []))
        take_in()

    @property
    def now(self) -> tuple[str, str] | None:
        line = became_of(Household.objects.select_related("lokus__cycle", "lokus__place").get(pk=self.family.pk)).now
        return None if line is None else (line.state, line.source)

    def listed(self, state: str) -> list[str]:
        page = households_page(self.lurah, self.lokus.cycle.slug, self.lokus.area, filters=Filters(became=state))
        return [row.code for row in page.rows]


def test_the_newest_word_holds_whether_of_the_office_or_of_a_visit() -> None:
    of = Ground()
    assert of.now is None
    of.visit("menolak")
    assert of.now == ("menolak", "visit")
    of.say("pindah")
    assert (of.now, of.listed("pindah"), of.listed("menolak")) == (("pindah", "office"), ["GD-001"], [])
    of.visit("tidak_di_rumah")
    assert of.now == ("pindah", "office")
    of.visit("bertemu")
    assert (of.now, of.listed("pindah")) == (None, [])


def test_what_was_said_is_taken_back_and_what_was_said_before_holds_again() -> None:
    of = Ground()
    of.visit("menolak")
    said = of.say("meninggal")
    take_state_back(by=of.lurah, **of.where, statement=said.uuid)
    assert of.now == ("menolak", "visit")
    of.say("ada")
    assert of.now is None
    with pytest.raises(Missing):
        take_state_back(by=of.lurah, **of.where, statement=said.uuid)
    actions = ["households.state", "households.state_back", "households.state"]
    assert list(
        AuditEntry.objects.filter(action__contains="state").order_by("pk").values_list("action", flat=True)
    ) == (actions)


@pytest.mark.parametrize("on", [None, date(2001, 1, 1), date(2999, 1, 1)])
def test_a_day_that_is_none_or_to_come_is_refused(on: date | None) -> None:
    of = Ground()
    with pytest.raises(InputError) as error:
        of.say("pindah", on)
    assert [problem.code for problem in error.value.problems] == ["state.day"]
    with pytest.raises(InputError):
        of.say("bertemu")


def test_a_cadre_says_it_by_her_visit_alone() -> None:
    of = Ground()
    with pytest.raises(Forbidden):
        say_state(by=of.field.phone.phone.user, **of.where, state="pindah", on=DAY)


def test_progress_the_list_of_100_and_the_phone_say_it_too() -> None:
    of = Ground()
    second = build.household(of.lokus)
    slug, area = of.lokus.cycle.slug, of.lokus.area
    decide(by=of.lurah, cycle_slug=slug, code=area, households=["GD-001", second.code], to="target")
    of.say("pindah")
    tally = progress_page(of.lurah, slug, area).tally
    assert (tally.moved, tally.not_yet, tally.left) == (1, 1, 1)
    assert [(row.code, row.became) for row in targets_page(of.lurah, slug, area).rows] == [
        ("GD-001", "pindah"),
        ("GD-002", ""),
    ]
    lines = family_list(of.field.phone.phone).decode().splitlines()[1:]
    assert [("GD-001" in line, "(pindah)" in line) for line in lines] == [(True, True), (False, False)]


def test_who_had_moved_away_is_so_in_the_next_round_and_who_was_not_willing_is_asked_again() -> None:
    of = Ground()
    of.visit("pindah")
    other = build.household(of.lokus)
    of.family = other
    of.visit("menolak")
    next_round(of)
    tally = progress_page(of.lurah, of.lokus.cycle.slug, of.lokus.area, "visit").tally
    assert (tally.moved, tally.refused, tally.not_yet) == (1, 0, 1)


def next_round(of: Ground) -> None:
    """Opened today; the one before yesterday."""
    later = of.field.programme.round
    later.pk, later.kind = None, "visit"
    later.opens, later.closes = timezone.localdate(), timezone.localdate() + timedelta(days=9)
    later.save(force_insert=True)


def stands(of: Ground, kind: str) -> dict[str, int]:
    """How many families are in each part of that round's tally, those with none left out."""
    tally = progress_page(of.lurah, of.lokus.cycle.slug, of.lokus.area, kind).tally
    return {
        name: n
        for name in ("met", "out", "moved", "died", "refused", "not_found", "not_yet")
        if (n := getattr(tally, name))
    }


def test_a_visit_of_any_round_ends_what_the_office_was_told_before() -> None:
    of = Ground()
    of.say("pindah")
    assert stands(of, "baseline") == {"moved": 1}
    of.visit("bertemu")
    next_round(of)

    assert (stands(of, "baseline"), stands(of, "visit")) == ({"met": 1}, {"not_yet": 1})


def test_a_family_that_the_office_heard_to_be_unwilling_is_so_in_the_round_of_that_day_alone() -> None:
    of = Ground()
    yesterday = timezone.localdate() - timedelta(days=1)
    of.say("menolak", yesterday - timedelta(days=1))
    assert stands(of, "baseline") == {"not_yet": 1}
    of.say("menolak", yesterday)
    next_round(of)
    assert (stands(of, "baseline"), stands(of, "visit")) == ({"refused": 1}, {"not_yet": 1})

    of.say("tidak_ditemukan", timezone.localdate())
    assert (stands(of, "baseline"), stands(of, "visit")) == ({"refused": 1}, {"not_found": 1})


def test_that_a_family_is_there_ends_what_the_visit_said_and_never_that_it_was_met() -> None:
    of = Ground()
    of.visit("pindah")
    of.say("ada")
    assert stands(of, "baseline") == {"not_yet": 1}
    next_round(of)
    assert stands(of, "visit") == {"not_yet": 1}
    of.say("pindah", timezone.localdate())
    assert (stands(of, "baseline"), stands(of, "visit")) == ({"not_yet": 1}, {"moved": 1})


def members(of: Ground) -> list[Person]:
    return [
        build.person(of.family, name, nik=nik)
        for name, nik in (("Siti", "3672054503850001"), ("Alya", ""), ("Dafa", ""))
    ]


def test_a_family_becomes_two_and_one_again() -> None:
    of = Ground()
    _siti, alya, dafa = members(of)
    before = list(Person.objects.order_by("pk").values("pk", "household", "position", "nik_hash"))
    made = split_family(by=of.lurah, **of.where, members=[alya.uuid, dafa.uuid], on=DAY)
    new = made.new
    assert (new.code, new.head_name, new.address, new.kk_hash, Lokus.objects.get().registered) == (
        *("GD-002", "Alya", "Gang Uji 7", None),
        2,
    )
    assert [(p.name, p.position) for p in new.persons.order_by("position")] == [("Alya", 1), ("Dafa", 2)]
    page = household_page(of.lurah, of.lokus.cycle.slug, of.lokus.area, "GD-001")
    assert (page.related.split_to, page.version) == (("GD-002",), 2)
    assert household_page(of.lurah, of.lokus.cycle.slug, of.lokus.area, "GD-002").related.split_from == "GD-001"
    unsplit(by=of.lurah, **{**of.where, "household": "GD-002"})
    assert list(Person.objects.order_by("pk").values("pk", "household", "position", "nik_hash")) == before
    assert (Lokus.objects.get().registered, Household.objects.get(code="GD-002").pending) == (1, made.uuid)
    assert [edit.source for edit in HouseholdEdit.objects.order_by("number")] == ["office", "office"]


def test_a_split_that_was_undone_leaves_nobodys_name_and_takes_no_kk_and_goes_with_an_erasure() -> None:
    of = Ground()
    _siti, alya, dafa = members(of)
    new = split_family(by=of.lurah, **of.where, members=[alya.uuid, dafa.uuid], on=DAY).new
    new.set_kk("9900000000000002", SearchHashes.load().kk("9900000000000002"))
    new.save()
    unsplit(by=of.lurah, **of.where)
    new.refresh_from_db()
    assert (new.head_name, new.address, new.kk(), new.kk_hash, new.phone()) == ("", "", "", None, "")

    sekretariat = build.member(Role.SECRETARIAT, "36.72", cycle=of.lokus.cycle)
    erase_household(by=sekretariat, household=Household.objects.get(pk=of.family.pk), reason="permintaan")
    assert list(Household.objects.filter(erased_at__isnull=True)) == []
    assert set(DataKey.objects.filter(purpose="household").values_list("wrapped", flat=True)) == {None}
    assert set(Erasure.objects.values_list("household", flat=True)) == {of.family.uuid, new.uuid}


def test_numbers_that_were_typed_on_the_new_family_go_to_the_old_one_that_has_none() -> None:
    of = Ground()
    alya = members(of)[1]
    of.family.kk_sealed = of.family.kk_hash = None
    of.family.save()
    new = split_family(by=of.lurah, **of.where, members=[alya.uuid], on=DAY).new
    hashes = SearchHashes.load()
    new.set_kk("9900000000000002", hashes.kk("9900000000000002"))
    new.set_phone("+6281200000002", hashes.phone("+6281200000002"))
    new.save()
    unsplit(by=of.lurah, **of.where)
    old, edit = Household.objects.get(pk=of.family.pk), HouseholdEdit.objects.latest("pk")
    assert (old.kk(), old.phone()) == ("9900000000000002", "+6281200000002")
    assert (old.kk_hash, old.phone_hash) == (hashes.kk("9900000000000002"), hashes.phone("+6281200000002"))
    assert (edit.household, edit.changes()["kk"], edit.changes()["phone"]) == (
        *(old, ["", "9900000000000002"]),
        ["", "+6281200000002"],
    )


def test_numbers_that_the_old_family_has_others_of_stay_among_the_corrections_of_the_new_one() -> None:
    of = Ground()
    alya = members(of)[1]
    hashes = SearchHashes.load()
    of.family.set_kk("9900000000000001", hashes.kk("9900000000000001"))
    of.family.save()
    new = split_family(by=of.lurah, **of.where, members=[alya.uuid], on=DAY).new
    new.set_kk("9900000000000002", hashes.kk("9900000000000002"))
    new.save()
    unsplit(by=of.lurah, **of.where)
    edit = HouseholdEdit.objects.get(household=new)
    assert Household.objects.get(pk=of.family.pk).kk() == "9900000000000001"
    assert (edit.changes(), edit.number) == ({"kk": ["9900000000000002", ""]}, 2)


def test_a_nik_goes_with_its_person_under_the_other_familys_key() -> None:
    of = Ground()
    siti = members(of)[0]
    made = split_family(by=of.lurah, **of.where, members=[siti.uuid], on=DAY)
    moved = Person.objects.select_related("household__key").get(pk=siti.pk)
    assert (moved.household_id, moved.nik(), moved.nik_hash) == (made.new.pk, "3672054503850001", siti.nik_hash)


def test_nobody_or_everybody_makes_no_other_family() -> None:
    of = Ground()
    everybody = [person.uuid for person in members(of)]
    for chosen in ([], everybody):
        with pytest.raises(InputError) as error:
            split_family(by=of.lurah, **of.where, members=chosen, on=DAY)
        assert [problem.code for problem in error.value.problems] == ["split.members"]


def test_a_new_family_that_was_surveyed_stays() -> None:
    of = Ground()
    alya = members(of)[1]
    made = split_family(by=of.lurah, **of.where, members=[alya.uuid], on=DAY)
    of.family = made.new
    of.visit("bertemu")
    with pytest.raises(InputError) as error:
        unsplit(by=of.lurah, **of.where)
    assert [problem.code for problem in error.value.problems] == ["split.used"]
    assert Split.objects.get().undone_at is None
