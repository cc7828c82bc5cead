"""NIK on the pages of the office: switched on for a year, found wanting of a family, counted on the list."""

import pytest

from selaras.models import AuditEntry, Household, Person, Role
from tests import build
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.web.cast import inside
from tests.web.test_household import plain

pytestmark = pytest.mark.django_db


def ground() -> Programme:
    """Three families, two of which have a member without a NIK."""
    of = programme()
    bring(of, families_file([family(f"GD-00{n}", 4, "leher_angsa", 2000) for n in (1, 2, 3)]))
    for code, said in (("GD-001", "none"), ("GD-002", "none"), ("GD-003", "refused")):
        household = Household.objects.get(code=code)
        Person.objects.create(household=household, position=7, name="Ani Uji", nik_said=said)
    Person.objects.create(household=Household.objects.get(code="GD-001"), position=8, name="Eni Uji", nik_said="none")
    return of


def test_the_years_page_switches_it_on_and_off_and_says_what_the_law_wants() -> None:
    cycle = build.cycle()
    client = inside(build.member(Role.SECRETARIAT, "36.72"))
    address = f"/tahun/{cycle.slug}/atur/"
    page = client.get(address).content.decode()
    assert ("UU 27/2022" in page, 'name="tanya" value="ya" aria' in page) == (True, True)

    assert client.post(address, {"bagian": "nik", "tanya": "ya"}).status_code == 302
    cycle.refresh_from_db()
    assert cycle.asks_nik is True
    assert 'name="tanya" value="ya" checked' in client.get(address).content.decode()
    client.post(address, {"bagian": "nik"})
    cycle.refresh_from_db()
    assert cycle.asks_nik is False
    assert AuditEntry.objects.filter(action="cycles.ask_for_nik").count() == 2


def test_the_list_counts_who_has_none_and_narrows_to_their_families() -> None:
    of = ground()
    client = inside(build.member(Role.SUPERVISOR, of.lokus.area, cycle=of.cycle))
    address = f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/keluarga/"
    page = client.get(address)
    assert ("Belum punya NIK: 3 orang." in plain(page.content.decode()), len(page.context["page"].rows)) == (True, 3)
    narrowed = client.get(address, {"nik": "belum"})
    assert [row.code for row in narrowed.context["page"].rows] == ["GD-001", "GD-002"]
    assert 'name="nik" value="belum" checked' in narrowed.content.decode()


def test_the_familys_page_says_who_has_none_yet_and_who_would_not_say() -> None:
    of = ground()
    client = inside(build.member(Role.SUPERVISOR, of.lokus.area, cycle=of.cycle))
    first, third = (
        plain(client.get(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/keluarga/{code}/").content.decode())
        for code in ("GD-001", "GD-003")
    )
    assert ("Belum punya NIK: 2 orang." in first, first.count("belum punya NIK")) == (True, 2)
    assert ("Belum punya NIK" in third, "tidak mau menyebut" in third) == (False, True)
