"""/tahun/…/gladi/: rehearsals, sheets, tasks and the champion, to the city's own alone."""

from datetime import date

import pytest

from selaras.models import (
    Gladi,
    GladiSheet,
    GladiTask,
    Role,
)
from selaras.queries.gladi import tasks_page
from tests import build
from tests.build_gladi import asked, closed, from_elsewhere, opened, paper, year
from tests.build_programme import Programme
from tests.web.cast import citra, dewi, inside, secretary

pytestmark = pytest.mark.django_db


def _address(of: Programme, rest: str = "") -> str:
    return f"/tahun/{of.cycle.slug}/gladi/{rest}"


def test_the_secretariat_opens_asks_types_closes_and_the_owner_says_it_is_done() -> None:
    of = year()
    client = inside(secretary(of))
    ani = from_elsewhere()

    client.post(_address(of), {"bagian": "buka", "starts": "2024-08-05", "ends": "2024-08-06"})
    posted = {"bagian": "penilai", "lokus": of.lokus.area, "orang": [str(ani.uuid)]}
    client.post(_address(of, "1/"), posted)
    typed = {"nama": "Bu Rahma, Sukmajaya", "n_sk": "b", "c_sk": "SK tidak ada di tempat", "n_warga": "80"}
    client.post(_address(of, f"1/lembar/{of.lokus.area}/"), typed)
    page = client.get(_address(of, "1/")).content.decode()
    assert page.count("SK tidak ada di tempat") == 1
    assert f'value="{ani.uuid}" checked' in page
    client.post(_address(of, "1/"), {"bagian": "tutup"})

    task = GladiTask.objects.get(indicator="sk")
    liaison = build.member(Role.LIAISON, agency=task.agency)
    # Hers stand first, whatever is due before them.
    GladiTask.objects.filter(pk=task.pk).update(due=date(2024, 12, 1))
    who = (liaison, secretary(of))
    order = [[line.indicator for line in tasks_page(user, of.cycle.slug).open] for user in who]
    assert order == [["sk", "warga"], ["warga", "sk"]]
    answer = inside(liaison).post(
        _address(of, f"tugas/{task.uuid}/"), {"bagian": "selesai", "version": "1", "said": "SK terbit 12 Agustus"}
    )
    assert answer.status_code == 302
    told = client.get(_address(of, "tugas/")).content.decode()
    assert told.count("SK terbit 12 Agustus") == 1
    assert Gladi.objects.get().closed_at is not None


def test_whoever_opens_one_that_another_has_opened_is_told_so_whatever_she_typed() -> None:
    of = year()
    opened(of)
    client = inside(secretary(of))
    for day in ("2024-08-05", "besok"):
        refused = client.post(_address(of), {"bagian": "buka", "starts": day, "ends": day})
        assert (refused.status_code, refused.content.decode().count("gladi 1 belum ditutup")) == (422, 1)


def test_what_does_not_fit_is_said_beside_it_and_nothing_typed_is_lost() -> None:
    of = year()
    opened(of)
    client = inside(secretary(of))

    refused = client.post(_address(of, f"1/lembar/{of.lokus.area}/"), {"nama": "", "n_warga": "150", "c_warga": "x\0y"})
    assert refused.status_code == 422
    named = client.post(_address(of, f"1/lembar/{of.lokus.area}/"), {"nama": "Bu\0 Rahma", "n_warga": "150"})
    page = named.content.decode()
    assert (named.status_code, page.count('value="150"'), GladiSheet.objects.count()) == (422, 1, 0)
    assert "tulis angka dari 0 sampai 100" in page


def test_jurors_the_province_strangers_and_cadres_see_nothing_of_a_rehearsal() -> None:
    of = year()
    gladi = opened(of)
    paper(gladi, of.lokus, sk="b")
    closed(gladi)
    cadre = build.member(Role.CADRE, f"{of.lokus.area}.RW03")
    outside = {
        "juror": inside(citra(of)),
        "province": inside(build.member(Role.PROVINCE, "36")),
        "cadre": inside(cadre),
        "other city": inside(dewi()),
    }
    pages = ["", "1/", f"1/lembar/{of.lokus.area}/", "tugas/"]
    found = {who: [client.get(_address(of, rest)).status_code for rest in pages] for who, client in outside.items()}
    assert found == {"juror": [403] * 4, "province": [403] * 4, "cadre": [403] * 4, "other city": [404] * 4}
    steps = {who: client.get(f"/tahun/{of.cycle.slug}/langkah/").status_code for who, client in outside.items()}
    assert steps == {"juror": 403, "province": 403, "cadre": 403, "other city": 404}


def test_a_lurah_reads_and_does_not_hold_and_a_marker_is_never_shown_who_else_marks() -> None:
    of = year()
    opened(of)
    lurah = build.member(Role.SUPERVISOR, of.lokus.area)
    client = inside(lurah)

    page = client.get(_address(of, "1/")).content.decode()
    assert "Siapa yang menilai" not in page
    assert client.post(_address(of, "1/"), {"bagian": "tutup"}).status_code == 403
    assert client.get(_address(of, f"1/lembar/{of.lokus.area}/")).status_code == 403


def test_a_second_rehearsal_names_what_closed_since_the_first() -> None:
    of = year()
    first = opened(of)
    paper(first, of.lokus, sk="b", warga="50")
    closed(first)
    second = opened(of)
    paper(second, of.lokus, sk="a", warga="75")

    page = inside(secretary(of)).get(_address(of, "2/")).content.decode()
    assert "Tertutup sejak gladi 1:</b> SK tim" in page
    assert "50" in page.split("Gladi 1</dt>")[1][:40]


def test_a_marker_finds_her_sheet_among_the_forms_of_her_browser() -> None:
    of = year()
    gladi = opened(of)
    ani = from_elsewhere()
    asked(gladi, of.lokus, ani)

    said = inside(ani).get(f"/isi/isi.json?tahun={of.cycle.slug}").json()
    (sheet,) = [form for form in said["forms"] if form.get("kind") == "gladi"]
    xform = inside(ani).get(sheet["xml"]).content.decode()
    assert (sheet["title"], sheet["lists"], sheet["practice"]) == ("Gladi 1: Gedong Dalem", [], False)
    assert xform.count("<select1 ") == 1
    assert inside(from_elsewhere()).get(sheet["xml"]).status_code == 404
