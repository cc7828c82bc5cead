"""/tahun/<slug>/opd/"""

import pytest
from django.test import Client

from selaras.models import Agency, Role
from tests import build
from tests.build_programme import Programme, programme
from tests.sample_workbook import rows, sample
from tests.web.cast import dewi, inside
from tests.web.sent import fields_of

pytestmark = pytest.mark.django_db


def secretary() -> Client:
    return inside(build.member(Role.SECRETARIAT, "36.72"))


def asking(*names: str) -> Programme:
    """A year whose instrument names these agencies, one indicator each."""
    indicators = rows("indicators")
    header = [*indicators[0], "agency"]
    width = len(header) - 1
    named = [[*row, *[None] * (width - len(row)), name] for row, name in zip(indicators[1:], names, strict=False)]
    return programme(sample(indicators=[header, *named, *indicators[1 + len(named) :]]))


def address(of: Programme) -> str:
    return f"/tahun/{of.cycle.slug}/opd/"


def test_agencies_are_the_secretariats() -> None:
    of = programme()
    seen = [inside(user).get(address(of)).status_code for user in (build.member(Role.LEADER, "36.72"), dewi())]

    assert seen == [403, 404]
    new = {"bagian": "tambah", "short_name": "DLH", "name": "Dinas LH"}
    assert inside(build.member(Role.LEADER, "36.72")).post(address(of), new).status_code == 403
    assert Agency.objects.count() == 0


def test_what_the_instrument_asks_for_in_vain_is_said_until_it_is_there() -> None:
    of, client = asking("Dinkes; Dinas Entah", "dinkes"), secretary()
    text = client.get(address(of)).content.decode()
    missing = [name for name in ("<b>Dinkes</b>", "<b>Dinas Entah</b>") if name in text]
    assert (len(missing), "2 nama yang diminta instrumen belum ada" in text) == (2, True)
    usual = fields_of(client.get(address(of)), bagian="biasa")
    assert usual["chosen"] == "Dinkes"
    assert client.post(address(of), usual).status_code == 302
    assert "1 nama yang diminta instrumen belum ada" in client.get(address(of)).content.decode()
    new = {"bagian": "tambah", "short_name": "DINAS ENTAH", "name": "Dinas Entah Apa"}
    assert client.post(address(of), new).status_code == 302
    assert "yang diminta instrumen belum ada" not in client.get(address(of)).content.decode()
    assert client.post(address(of), new).status_code == 422


def test_a_renamed_agency_answers_to_its_old_name_too() -> None:
    of, client = asking("Dinkes"), secretary()
    old = build.agency("Dinkes")
    form = fields_of(client.get(address(of)), yang=str(old.pk))
    same = client.post(address(of), form)
    assert (same.status_code, "tidak berubah" in same.content.decode()) == (422, True)
    renamed = {**form, "short_name": "Dinkes PPKB", "name": "Dinas Kesehatan dan PPKB"}
    assert client.post(address(of), renamed).status_code == 302
    text = client.get(address(of)).content.decode()
    assert ("dahulu Dinkes" in text, "yang diminta instrumen belum ada" in text) == (True, False)
    # The form was of a row that is former now.
    assert client.post(address(of), renamed).status_code == 404
    assert client.post(address(of), {"bagian": "biasa"}).status_code == 422
