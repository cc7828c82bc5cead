"""A family that asked to be used no further by name, and that this database lost, is met by a cadre once more."""

from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.actions.rights import lift_restriction
from selaras.models import (
    Arrival,
    AuditEntry,
    CurrentAnswers,
    Household,
    Person,
    PhotoConsent,
    RightsRequest,
    Submission,
    Visit,
)
from selaras.queries.arrival import arrival_page
from selaras.queries.photo_uses import uses_of
from selaras.queries.rights import desk_page
from tests.actions.test_nik_asked import NIK, asking, said
from tests.actions.test_restricted_anew import restricted, secretary, seen
from tests.cases.people import signed_in


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.mark.django_db(transaction=True)
def test_a_form_that_registers_it_anew_counts_without_a_name_and_its_page_says_why_it_is_hidden() -> None:
    field = asking()
    name, send = str(uuid4()), Sender.of(field.phone.phone)
    receive(sender=send, parcel=Parcel(said(field, None, "punya", NIK, entity=name), ()))
    take_in()
    of = field.programme
    before = Household.objects.get()
    row = restricted(of)
    RightsRequest.objects.all().delete()
    erased = Household.objects.filter(pk=before.pk)
    for model in (Visit, Arrival, CurrentAnswers, Submission, Person, PhotoConsent):
        model._base_manager.all().delete()
    erased.delete()
    # The phone sends what nobody had answered for, and another cadre finds the same family anew, by the number alone.
    for entity in (name, str(uuid4())):
        sent = Parcel(said(field, None, "punya", NIK, entity=entity), ())
        arrival = receive(sender=send, parcel=sent).arrival
        take_in()
        arrival.refresh_from_db()
        eni = Household.objects.get(uuid=entity)
        assert (arrival.state, arrival.household, eni.pending, uses_of(eni)) == ("taken", eni, row.uuid, frozenset())
        assert CurrentAnswers.objects.get(household=eni).answers == {"jumlah": 4}
    assert (seen(of), RightsRequest.objects.get().uuid) == ([], row.uuid)
    details = AuditEntry.objects.filter(action="rights.again").order_by("pk").values_list("details", flat=True)
    assert list(details) == [{"via": "form", "codes": ["GD-001"]}, {"via": "form", "codes": ["GD-002"]}]
    page = arrival_page(secretary(of), of.cycle.slug, arrival.uuid)
    assert (page.hidden, page.unwilling, page.line.family, page.raw) == (True, True, None, False)
    text = signed_in(secretary(of)).get(f"/tahun/{of.cycle.slug}/kiriman/{arrival.uuid}/").content.decode()
    told = ("Keluarga ini meminta datanya tidak dipakai atas nama.", "di luar wilayah Anda", "Sumarni", "Gang Uji")
    assert [words in text for words in told] == [True, False, False, False]
    assert [(one.code, one.via) for one in desk_page(secretary(of), of.cycle.slug).again] == [
        ("GD-002", "form"), ("GD-001", "form"),
    ]  # fmt: skip
    # The office's own act alone ends it, for both.
    again = RightsRequest.objects.get()
    lift_restriction(by=secretary(of), cycle_slug=of.cycle.slug, request=row.uuid, seen=again.version)
    assert seen(of) == ["Sumarni Uji", "Sumarni Uji"]
