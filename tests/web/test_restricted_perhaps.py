"""Who is not, or perhaps not, the family that asked to be used no further by name: a namesake, and another card."""

from pathlib import Path

import pytest
from pytest_django import Settings

from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from tests import build
from tests.actions.test_nik_asked import NIK, asking, said
from tests.actions.test_restricted_anew import ENI, bring, restricted, secretary, seen
from tests.build_programme import Programme, programme
from tests.cases.people import signed_in


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.mark.django_db(transaction=True)
def test_who_is_called_alike_at_the_same_address_is_another_where_she_has_no_number_and_is_seen() -> None:
    field = asking()
    send = Sender.of(field.phone.phone)
    for answer, number in (("punya", NIK), ("belum", "")):
        receive(sender=send, parcel=Parcel(said(field, None, answer, number), ()))
        take_in()
        if number:
            restricted(field.programme)
    assert seen(field.programme) == ["Sumarni Uji"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("card", "times"), [(ENI[0], 0), ("", 0), ("3672059999999999", 1)])
def test_where_the_card_is_another_the_desk_and_the_request_say_that_it_may_be_another_family_and_what_to_do(
    card: str, times: int
) -> None:
    of = programme()
    bring(of, ENI)
    row = restricted(of)
    there = Programme(of.cycle, build.lokus(of.cycle, "36.72.05.1001", "SJ"), of.round, of.version)
    bring(there, [card, "Ani Uji", ENI[2], "", "01", "09", 2])
    told = "NIK kepalanya sama dengan yang meminta, tetapi nomor KK-nya lain: mungkin keluarga lain."
    browser = signed_in(secretary(of))
    for path in ("", f"{row.uuid}/"):
        text = browser.get(f"/tahun/{of.cycle.slug}/data-pribadi/permintaan/{path}").content.decode()
        assert (text.count("SJ-001"), text.count(told)) == (1, times)
