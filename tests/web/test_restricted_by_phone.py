"""A family that asked to be used no further by name, and that this database lost, is met by a cadre once more."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from selaras.actions.field.deciding import let_in, set_aside
from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.actions.rights import lift_restriction
from selaras.errors import InputError
from selaras.models import (
    Arrival,
    AuditEntry,
    CurrentAnswers,
    Household,
    Person,
    PhotoConsent,
    Reason,
    RightsRequest,
    Submission,
    Visit,
)
from selaras.queries.arrival import arrival_page, may_open_files, may_take_bytes
from selaras.queries.arrivals import OFFICE
from selaras.queries.photo_uses import uses_of
from selaras.queries.rights import desk_page
from selaras.web.arrival_words import REASONS
from selaras.web.field_words import WAITS
from tests import build
from tests.actions.test_nik_asked import NIK, OTHER, asking
from tests.actions.test_nik_asked import said as answered
from tests.actions.test_restricted_anew import restricted, secretary, seen
from tests.build_field import Field, filled, open_field, phone_of
from tests.cases.people import signed_in


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def sent(field: Field, xml: bytes) -> Arrival:
    """By her phone, and looked at."""
    arrival = receive(sender=Sender.of(field.phone.phone), parcel=Parcel(xml, ())).arrival
    take_in()
    arrival.refresh_from_db()
    return arrival


def lost(row: RightsRequest) -> None:
    """The database as one that never heard of the family nor of its request."""
    RightsRequest.objects.filter(pk=row.pk).delete()
    for model in (Visit, Arrival, CurrentAnswers, Submission, Person, PhotoConsent, Household):
        model._base_manager.all().delete()


def ended(field: Field, request: UUID) -> None:
    row, of = RightsRequest.objects.get(uuid=request), field.programme
    lift_restriction(by=secretary(of), cycle_slug=of.cycle.slug, request=request, seen=row.version)
    take_in()


def met_anew(field: Field) -> tuple[RightsRequest, str, Arrival]:
    """It asked, this database lost it, and the phone sends what nobody had answered for: the request, the family's id
    and the form."""
    name = str(uuid4())
    sent(field, filled(field.form, None, entity=name))
    row = restricted(field.programme)
    lost(row)
    return row, name, sent(field, filled(field.form, None, entity=name, instance="uuid:1"))


def told(field: Field, of: Arrival) -> tuple[bool, ...]:
    """Whether its page says that it is hidden at its wish; elsewhere; and of whom it is."""
    slug = field.programme.cycle.slug
    text = signed_in(secretary(field.programme)).get(f"/tahun/{slug}/kiriman/{of.uuid}/").content.decode()
    words = ("Keluarga ini meminta datanya tidak dipakai atas nama", "di luar wilayah Anda", "Sumarni", "Gang Uji")
    return tuple(each in text for each in words)


@pytest.mark.django_db(transaction=True)
def test_a_form_that_registers_it_anew_counts_without_a_name_and_its_page_says_why_it_is_hidden() -> None:
    field = open_field()
    of = field.programme
    row, name, first = met_anew(field)
    eni = Household.objects.get()
    assert (first.state, first.household, eni.pending, uses_of(eni)) == ("taken", eni, row.uuid, frozenset())
    assert (str(eni.uuid), CurrentAnswers.objects.get().answers) == (name, {"jumlah": 4})
    assert (seen(of), RightsRequest.objects.get().uuid) == ([], row.uuid)
    page = arrival_page(secretary(of), of.cycle.slug, first.uuid)
    assert (page.hidden, page.unwilling, page.line.family, page.raw) == (True, True, None, False)
    assert told(field, first) == (True, False, False, False)
    details = AuditEntry.objects.filter(action="rights.again").values_list("details", flat=True)
    assert list(details) == [{"via": "form", "codes": ["GD-001"]}]
    assert [(one.code, one.via) for one in desk_page(secretary(of), of.cycle.slug).again] == [("GD-001", "form")]


@pytest.mark.django_db(transaction=True)
def test_whatever_else_comes_of_it_waits_unseen_as_of_any_hidden_family_until_the_restriction_ends() -> None:
    field = open_field()
    of = field.programme
    by, slug = secretary(of), of.cycle.slug
    row, name, _first = met_anew(field)
    eni = Household.objects.get()
    second = sent(field, filled(field.form, None, {"jumlah": "7"}, entity=name))
    edit = sent(field, filled(field.form, None, {"jumlah": "5"}, entity=name, instance="uuid:2", deprecated="uuid:1"))
    listed = sent(field, filled(field.form, eni, {"jumlah": "8"}))
    held = [second, edit, listed]
    assert [(one.state, one.reason) for one in held] == [("quarantined", "restricted")] * 3
    assert (Household.objects.count(), CurrentAnswers.objects.get().answers) == (1, {"jumlah": 4})
    of.lokus.refresh_from_db()
    assert (of.lokus.registered, told(field, second)) == (1, (True, False, False, False))
    assert (set(REASONS), set(WAITS)) == ({*Reason.values, OFFICE}, set(Reason.values))
    page = arrival_page(by, slug, second.uuid)
    assert (page.hidden, page.unwilling, page.raw, page.may_take, page.may_decide, page.families) == (
        True, True, False, False, True, (),
    )  # fmt: skip
    assert (may_take_bytes(by, second), may_open_files(by, second)) == (False, False)
    # Not as another family's, either.
    other = build.household(of.lokus)
    with pytest.raises(InputError, match="tidak dipakai atas nama"):
        let_in(by=by, cycle_slug=slug, arrival_id=second.uuid, household=other.code)
    assert not Submission.objects.filter(household=other).exists()
    set_aside(by=by, cycle_slug=slug, arrival_id=listed.uuid, why="sudah")
    assert arrival_page(by, slug, listed.uuid).hidden

    # The office's own act alone ends it; then what waited is looked at as any other form.
    ended(field, row.uuid)
    found = {one.pk: (one.state, one.reason) for one in Arrival.objects.all()}
    assert [found[one.pk] for one in held] == [("quarantined", "twice"), ("taken", ""), ("set_aside", "restricted")]
    assert CurrentAnswers.objects.get(household=eni).answers == {"jumlah": 5}
    assert seen(of) == ["Sumarni Uji", "Uji"]
    assert not arrival_page(by, slug, listed.uuid).hidden


@pytest.mark.django_db(transaction=True)
def test_a_cadre_who_finds_it_under_another_id_waits_too_and_another_woman_does_not() -> None:
    field = asking()
    of = field.programme
    sent(field, answered(field, None, "punya", NIK))
    row = restricted(of)
    there = Field(of, field.form, field.practice, phone_of(of, "RW03"))
    before = (Household.objects.count(), Person.objects.count(), Visit.objects.count())
    same, another = sent(there, answered(there, None, "punya", NIK)), sent(there, answered(there, None, "punya", OTHER))
    assert [(one.state, one.reason) for one in (same, another)] == [("quarantined", "restricted"), ("taken", "")]
    after = (Household.objects.count(), Person.objects.count(), Visit.objects.count())
    assert after == tuple(n + 1 for n in before)
    assert another.household.pending is None
    of.lokus.refresh_from_db()
    assert (of.lokus.registered, Household.objects.get(pending=row.uuid).code) == (2, "GD-001")
