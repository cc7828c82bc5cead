"""A phone that still carries the family that went: what it sends is the other's, and its old list changes nothing."""

import pytest

from selaras.actions.duplicates import judge
from selaras.actions.field.receiving import Parcel, Sender
from selaras.actions.field.receiving import receive as sent
from selaras.actions.field.taking import take_in
from selaras.models import Arrival, CurrentAnswers, Duplicate, Household, HouseholdEdit, Role, Visit
from selaras.queries.phones import family_list, gone
from tests import build
from tests.build_field import Field, filled, open_field

pytestmark = pytest.mark.django_db


class Ground:
    """GD-002 was found to be GD-001 while a phone carried both."""

    def __init__(self) -> None:
        self.field: Field = open_field()
        of = self.field.programme
        self.kept = build.household(of.lokus, name="Siti Aminah", address="Gang Uji 7")
        self.gone = build.household(of.lokus, name="Aminah", address="Jalan Uji 9", phone="081200000001")
        pair = Duplicate.objects.create(one=self.kept, other=self.gone, weight=9)
        lurah = build.member(Role.SUPERVISOR, of.lokus.place.code, cycle=of.cycle)
        where = {"cycle_slug": of.cycle.slug, "code": of.lokus.area, "pair": pair.uuid}
        judge(by=lurah, **where, answer="one", keep=str(self.kept.uuid))

    def send(self, **said: str) -> Arrival:
        """The phone fills a form in for GD-002, by the list of before the merge."""
        texts = {"nama": "Aminah", "alamat": "Jalan Uji 9", **said}
        more = "".join(f"<sl_{name}>{text}</sl_{name}>" for name, text in texts.items())
        xml = filled(self.field.form, self.gone).replace(b"<sl_hasil>", f"{more}<sl_hasil>".encode())
        found = sent(sender=Sender.of(self.field.phone.phone), parcel=Parcel(xml, [])).arrival
        take_in()
        found.refresh_from_db()
        self.kept.refresh_from_db()
        return found


def test_its_answers_and_visit_are_the_familys_that_stayed_and_its_old_list_changes_nothing() -> None:
    of = Ground()
    arrival = of.send()
    assert (arrival.state, arrival.household) == ("taken", of.kept)
    assert [row.household for row in CurrentAnswers.objects.all()] == [of.kept]
    assert [row.household for row in Visit.objects.all()] == [of.kept]
    assert (of.kept.head_name, of.kept.address) == ("Siti Aminah", "Gang Uji 7")
    assert [edit.source for edit in HouseholdEdit.objects.all()] == ["merge"]


def test_what_the_cadre_wrote_anew_reaches_the_family_that_stayed() -> None:
    of = Ground()
    of.send(alamat="Gang Baru 3")
    edit = HouseholdEdit.objects.get(source="phone")
    assert (edit.household, edit.changes()) == (of.kept, {"address": ["Gang Uji 7", "Gang Baru 3"]})
    assert (edit.state, of.kept.address) == ("applied", "Gang Baru 3")


def test_the_phone_is_told_that_the_family_is_on_its_list_no_more() -> None:
    of = Ground()
    ids = [str(of.kept.uuid), str(of.gone.uuid)]
    assert gone(of.field.phone.phone, ids) == {ids[0]: False, ids[1]: True}
    assert [line.split(",")[0] for line in family_list(of.field.phone.phone).decode().splitlines()[1:]] == ids[:1]


def test_merged_once_more_the_old_id_reaches_the_last_that_stayed() -> None:
    of = Ground()
    third = build.household(of.kept.lokus)
    pair = Duplicate.objects.create(one=of.kept, other=third, weight=9)
    programme = of.field.programme
    lurah = build.member(Role.SUPERVISOR, programme.lokus.place.code, cycle=programme.cycle)
    where = {"cycle_slug": programme.cycle.slug, "code": programme.lokus.area, "pair": pair.uuid}
    judge(by=lurah, **where, answer="one", keep=str(third.uuid))
    assert of.send().household == third
    assert Household.objects.filter(pending__isnull=True).get() == third
