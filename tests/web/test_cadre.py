"""/kader/ and its record, and /tahun/…/pendataan/: simple words, her own families, names only when asked for."""

import pytest
from django.test import Client

from selaras.models import Role, User
from tests import build
from tests.build_field import Field, open_field
from tests.queries.test_progress import visit
from tests.web.cast import citra, dewi, inside

pytestmark = pytest.mark.django_db


def cadre(of: Field) -> User:
    return User.objects.get(pk=of.phone.phone.user_id)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_cadre_lands_on_her_homes_and_reads_how_many_are_left() -> None:
    of = open_field()
    lokus = of.programme.lokus
    first, second = (build.household(lokus, rw="03", name=f"Rohayati {n}") for n in (1, 2))
    hidden = build.household(lokus, rw="04", name="Sumiyati")
    visit(of, first, "bertemu")
    client = inside(cadre(of))

    assert client.get("/").headers["Location"] == "/kader/"
    page = text(client, "/kader/")
    assert "<h1>2 rumah, tinggal 1</h1>" in page
    assert (first.code in page, second.code in page, hidden.code in page, "Rohayati" in page) == (
        True,
        True,
        False,
        False,
    )
    client.post(f"/tahun/{of.programme.cycle.slug}/lokus/{lokus.area}/nama/", {"nama": "tampil"})
    named = text(client, "/kader/")
    assert ("Rohayati 1" in named, "Rohayati 2" in named, "Sumiyati" in named) == (True, True, False)


def test_what_waits_is_told_in_words_and_with_what_to_do() -> None:
    of = open_field()
    visit(of, build.household(of.programme.lokus, rw="04"), "bertemu")
    page = text(inside(cadre(of)), "/kader/")

    assert "Menunggu keputusan" in page
    assert "keluarganya di luar wilayah Anda" in page
    assert "1 kiriman menunggu keputusan. Tidak hilang" in page


def test_her_record_prints_days_and_counts_without_a_family() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03", name="Rohayati")
    visit(of, family, "bertemu")
    client = inside(cadre(of))
    client.post(f"/tahun/{of.programme.cycle.slug}/lokus/{of.programme.lokus.area}/nama/", {"nama": "tampil"})
    page = text(client, "/kader/catatan/")

    assert "1 kunjungan, 1 keluarga didata" in page
    assert (family.code in page, "Rohayati" in page) == (False, False)


@pytest.mark.parametrize("address", ["/kader/", "/kader/catatan/", "/kader/?lokus=36.73.01.1001"])
def test_nobody_else_has_such_a_page(address: str) -> None:
    of = open_field()
    lurah = build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)
    statuses = [inside(user).get(address).status_code for user in (lurah, citra(of.programme), dewi())]

    assert statuses == [404, 404, 404]
    assert Client().get(address).status_code == 302


def test_a_supervisor_sees_rt_and_cadre_and_a_juror_neither() -> None:
    of = open_field()
    lokus = of.programme.lokus
    family = build.household(lokus, rw="03", name="Rohayati")
    address = f"/tahun/{of.programme.cycle.slug}/lokus/{lokus.area}/pendataan/"
    lurah = build.member(Role.SUPERVISOR, lokus.area, cycle=of.programme.cycle)
    client = inside(lurah)
    page = text(client, address)

    assert "<h1>0 dari 1 keluarga sudah didata</h1>" in page
    assert ("Menurut kader" in page, family.code in page, "Rohayati" in page) == (True, True, False)
    assert "Menurut kader" not in text(inside(cadre(of)), address)
    assert client.get(f"{address}?putaran=ngawur").status_code == 404
    assert inside(citra(of.programme)).get(address).status_code == 403
    assert inside(dewi()).get(address).status_code == 404
