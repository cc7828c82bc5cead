"""/tahun/<slug>/kegiatan/: list, one of them, its photo, the form; and the same form behind an agency's link."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.links import make_link, revoke
from selaras.models import Activity, AuditEntry, Commitment, Lokus, Need, Role, User
from selaras.queries.activities import activity_page, change_page
from tests import build
from tests.build_asks import asking, families
from tests.build_plans import agency, commitment
from tests.photos import PLANTED, heic, jpeg
from tests.web.cast import inside

pytestmark = pytest.mark.django_db

CODE = "36.72.05.1005"


@pytest.fixture
def lokus() -> Lokus:
    return build.lokus(build.cycle())


def address(of: Lokus, rest: str = "") -> str:
    return f"/tahun/{of.cycle.slug}/kegiatan/{rest}"


def secretary() -> User:
    return build.member(Role.SECRETARIAT, "36.72")


def sent(of: Lokus, **values: Any) -> dict[str, Any]:
    data = {"id": str(uuid4()), "lokus": of.area, "title": "Pelatihan menjahit", "on": "2024-08-09", "agency": ""}
    return {**data, **values}


def photo(content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("IMG_1.jpg", content or jpeg())


def test_a_cadre_reports_with_one_photo_and_one_number_and_everybody_in_the_year_reads_the_counts(lokus: Lokus) -> None:
    ani, citra = build.member(Role.CADRE, f"{CODE}.RW03"), build.member(Role.JUROR, "36.72")
    client = inside(ani)
    form = client.get(address(lokus, "baru/"))
    given = sent(lokus, quantity="1.234,5", unit="paket", P_dewasa="18", P_anak="2", L_lansia="1", photo=photo())
    response = client.post(address(lokus, "baru/"), given)
    made = Activity.objects.get()
    page = inside(citra).get(address(lokus)).content.decode()

    assert (form.status_code, response.headers["Location"]) == (200, address(lokus, f"{made.uuid}/"))
    assert (str(made.quantity), made.unit, made.reported_by) == ("1234.50", "paket", ani)
    assert [piece in page for piece in ("Pelatihan menjahit", "1.234,5 paket", "21 hadir", "Laporkan kegiatan")] == [
        True,
        True,
        True,
        False,
    ]


def test_sent_twice_it_is_one(lokus: Lokus) -> None:
    client, given = inside(secretary()), sent(lokus)
    places = {client.post(address(lokus, "baru/"), given).headers["Location"] for _ in range(2)}

    assert (len(places), Activity.objects.count()) == (1, 1)


def test_a_refused_report_comes_back_with_everything_that_was_typed(lokus: Lokus) -> None:
    given = sent(lokus, title="", venue="Balai warga", P_dewasa="7", quantity="tiga", photo=photo(b"GIF89a"))
    response = inside(secretary()).post(address(lokus, "baru/"), given)
    text = response.content.decode()

    assert (response.status_code, Activity.objects.count()) == (422, 0)
    assert [
        piece in text for piece in ("Tulis apa yang dilakukan.", 'value="Balai warga"', 'value="7"', 'value="tiga"')
    ] == [True] * 4
    assert [piece in text for piece in (f'value="{given["id"]}"', "Pilih lagi fotonya")] == [True, True]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"GIF89a", "foto harus JPEG, PNG, atau HEIC"), (jpeg()[:60], "foto itu rusak"), (b"", "Foto ini kosong")],
)
def test_what_is_no_photo_is_said_beside_it(lokus: Lokus, content: bytes, said: str) -> None:
    given = sent(lokus, photo=SimpleUploadedFile("a.jpg", content))
    response = inside(secretary()).post(address(lokus, "baru/"), given)

    assert (response.status_code, said in response.content.decode()) == (422, True)


def test_the_photo_is_served_without_what_the_camera_wrote_and_to_nobody_elsewhere(lokus: Lokus) -> None:
    client = inside(secretary())
    client.post(address(lokus, "baru/"), sent(lokus, photo=photo()))
    url = address(lokus, f"{Activity.objects.get().uuid}/foto")
    build.place("36.73")
    served = client.get(url)
    elsewhere = inside(build.member(Role.SECRETARIAT, "36.73")).get(url)

    assert (served.status_code, served.headers["Content-Type"]) == (200, "image/jpeg")
    assert [word for word in PLANTED if word in served.content] == []
    assert "no-store" in served.headers["Cache-Control"]
    assert (elsewhere.status_code, Client().get(url).status_code) == (404, 302)


def test_a_heic_is_a_link_because_most_browsers_do_not_draw_it(lokus: Lokus) -> None:
    client = inside(secretary())
    client.post(address(lokus, "baru/"), sent(lokus, photo=SimpleUploadedFile("a.jpg", heic())))
    text = client.get(address(lokus, f"{Activity.objects.get().uuid}/")).content.decode()

    assert ("Buka foto (HEIC)" in text, "<img" in text) == (True, False)


def test_from_a_commitment_the_form_begins_with_what_it_says(lokus: Lokus) -> None:
    made = commitment(lokus, title="Bangun jamban", unit="unit", volume=22)
    text = inside(secretary()).get(address(lokus, f"baru/?komitmen={made.number}")).content.decode()

    assert [piece in text for piece in ('value="Bangun jamban"', 'value="unit"', f'value="{made.number}" checked')] == [
        True,
        True,
        True,
    ]


def test_an_activity_offers_to_set_its_commitment_running_then_done_and_does_neither_by_itself(lokus: Lokus) -> None:
    client = inside(secretary())
    made = commitment(lokus, title="Bangun jamban", unit="Unit", volume=20)
    given = {"quantity": "12", "unit": "unit", "agency": made.agency_id, "commitments": [made.number]}
    states, offered = [], []
    for _ in range(2):
        url = client.post(address(lokus, "baru/"), sent(lokus, **given)).headers["Location"]
        states.append(Commitment.objects.get().state)
        page = client.get(url).content.decode()
        offered += re.findall(r"Tandai \w+", page)
        version = re.search(r'name="version" value="(\d+)"', page)
        assert version is not None
        client.post(f"{url}komitmen/{made.number}/", {"version": version[1]})

    assert (states, offered) == (["planned", "running"], ["Tandai berjalan", "Tandai selesai"])
    assert Commitment.objects.get().state == "done"


def test_an_offer_that_is_older_than_the_commitment_changes_nothing(lokus: Lokus) -> None:
    client = inside(secretary())
    made = commitment(lokus, unit="unit")
    given = {"agency": made.agency_id, "commitments": [made.number]}
    url = client.post(address(lokus, "baru/"), sent(lokus, **given)).headers["Location"]
    Commitment.objects.update(version=9)
    response = client.post(f"{url}komitmen/{made.number}/", {"version": "1"}, follow=True)

    assert ("tidak ada yang ditimpa" in response.content.decode(), Commitment.objects.get().state) == (True, "planned")


def test_a_small_number_of_disabled_people_is_told_to_who_counted_alone(lokus: Lokus) -> None:
    client = inside(secretary())
    client.post(address(lokus, "baru/"), sent(lokus, P_dewasa="20", disabled="3"))
    url = address(lokus, f"{Activity.objects.get().uuid}/")
    said = {
        name: re.findall(r"Penyandang disabilitas: [^.]+", inside(who).get(url).content.decode())
        for name, who in {"own": secretary(), "juror": build.member(Role.JUROR, "36.72")}.items()
    }

    assert said == {"own": ["Penyandang disabilitas: 3"], "juror": ["Penyandang disabilitas: kurang dari 5"]}


def test_families_are_named_when_asked_for_to_who_may_see_names_alone(lokus: Lokus) -> None:
    family = build.household(lokus, name="Zubaidah")
    client = inside(secretary())
    url = client.post(address(lokus, "baru/"), sent(lokus, households=[str(family.uuid)])).headers["Location"]
    coded = [client.get(each).content.decode() for each in (url, address(lokus, "baru/"))]
    assert [("GD-001" in page, "Zubaidah" in page) for page in coded] == [(True, False)] * 2
    client.post(f"/tahun/{lokus.cycle.slug}/lokus/{CODE}/nama/", {"nama": "tampil"})
    assert "Zubaidah" in client.get(address(lokus, "baru/")).content.decode()
    assert AuditEntry.objects.filter(action="households.reveal_names").count() == 1
    liaison = build.member(Role.LIAISON, agency=agency("Dinkes"))
    seen = {
        name: ("Zubaidah" in page, "GD-001" in page, "kurang dari 5 keluarga" in page)
        for name, page in {
            "own": client.get(url).content.decode(),
            "liaison": inside(liaison).get(url).content.decode(),
        }.items()
    }

    assert seen == {"own": (True, True, False), "liaison": (False, False, True)}
    assert "Zubaidah" not in inside(liaison).get(address(lokus, "baru/")).content.decode()


def test_who_is_slower_sees_the_difference_and_loses_nothing(lokus: Lokus) -> None:
    client = inside(secretary())
    url = client.post(address(lokus, "baru/"), sent(lokus)).headers["Location"]
    first = sent(lokus, version="1", title="Pelatihan bordir")
    second = sent(lokus, version="1", title="Pelatihan sablon", venue="Aula")
    assert client.post(f"{url}ubah/", first).status_code == 302
    refused = client.post(f"{url}ubah/", second)
    text = refused.content.decode()
    again = client.post(f"{url}ubah/", {**second, "version": re.findall(r'name="version" value="(\d+)"', text)[0]})

    assert [refused.status_code, again.status_code] == [422, 302]
    assert [piece in text for piece in ("Pelatihan bordir", 'value="Pelatihan sablon"', 'value="Aula"')] == [True] * 3
    assert Activity.objects.get().title == "Pelatihan sablon"


def test_deleting_can_be_undone_from_the_list(lokus: Lokus) -> None:
    client = inside(secretary())
    url = client.post(address(lokus, "baru/"), sent(lokus)).headers["Location"]
    gone = client.post(f"{url}hapus/", follow=True).content.decode()
    missing = client.get(url).status_code
    others = inside(build.member(Role.JUROR, "36.72")).get(address(lokus)).content.decode()
    back = client.post(f"{url}kembalikan/")

    assert ("Kembalikan" in gone, missing, "Kembalikan" in others) == (True, 404, False)
    assert (back.headers["Location"], client.get(url).status_code) == (url, 200)


def test_the_list_is_filtered_by_lokus_agency_and_month(lokus: Lokus) -> None:
    client = inside(secretary())
    next_door = build.lokus(lokus.cycle, "36.72.05.1001", prefix="SJ")
    dlh = agency("DLH").pk
    client.post(address(lokus, "baru/"), sent(lokus, title="Satu", on="2024-07-01"))
    client.post(address(lokus, "baru/"), sent(next_door, title="Dua", on="2024-08-01", agency=dlh))
    client.post(address(lokus, "baru/"), sent(next_door, title="Tiga", on="2024-08-02"))

    def titles(query: str) -> list[str]:
        return re.findall(r'class="cover" href="[^"]+">(\w+)<', client.get(address(lokus, query)).content.decode())

    assert titles("") == ["Tiga", "Dua", "Satu"]
    assert titles(f"?lokus={CODE}") == ["Satu"]
    assert titles("?opd=DLH") == ["Dua"]
    assert titles("?bulan=2024-08") == ["Tiga", "Dua"]
    assert titles("?bulan=2024-99&hal=x") == []


def test_the_newest_stand_on_the_page_of_the_year(lokus: Lokus) -> None:
    client = inside(secretary())
    for n in range(4):
        client.post(address(lokus, "baru/"), sent(lokus, title=f"Kegiatan {n}", on=f"2024-08-0{n + 1}"))
    text = client.get(f"/tahun/{lokus.cycle.slug}/").content.decode()

    assert re.findall(r"<b>(Kegiatan \d)</b>", text) == ["Kegiatan 3", "Kegiatan 2", "Kegiatan 1"]


def test_the_lists_cost_does_not_grow(lokus: Lokus, django_assert_num_queries: Any) -> None:
    client, counts = inside(secretary()), []
    for n in range(3):
        client.post(address(lokus, "baru/"), sent(lokus, title=f"Kegiatan {n}", agency=agency("DLH").pk))
        if n != 1:
            with django_assert_num_queries(1000, exact=False) as seen:
                client.get(address(lokus))
            counts.append(len(seen))

    assert counts[0] == counts[1]


def test_whom_an_activity_of_health_reached_is_told_to_nobody_from_whom_health_is_kept() -> None:
    of = asking()
    family = families(of, 1, "batuk")[0]
    for indicator in ("batuk", "jamban"):
        done = Activity.objects.create(cycle=of.cycle, lokus=of.lokus, title=f"Uji {indicator}", on=of.round.opens)
        done.households.add(family)
        done.commitments.add(commitment(of.lokus, of="Dinkes", indicator=indicator))
    served = Activity.objects.create(cycle=of.cycle, lokus=of.lokus, title="Uji dilayani", on=of.round.opens)
    served.households.add(family)
    served.commitments.add(commitment(of.lokus, of="Dinkes", needs=[Need.objects.get()], indicator=""))
    seen = {}
    for row in Activity.objects.all():
        page, (choices, _row) = (ask(of.secretary, of.slug, row.uuid) for ask in (activity_page, change_page))
        seen[row.title] = (page.families, page.hidden_families, [each.code for each in choices.families])

    kept: tuple[tuple[str, ...], int, list[str]] = ((), 1, [])
    assert seen == {"Uji batuk": kept, "Uji dilayani": kept, "Uji jamban": (("GD-001",), 0, ["GD-001"])}


# --- by an agency's link --------------------------------------------------------------------------------------------
def link(of: Lokus, name: str = "Dinkes") -> tuple[str, Any]:
    until = timezone.localdate() + timedelta(days=30)
    made = make_link(by=CONSOLE, cycle_slug=of.cycle.slug, agency_id=agency(name).pk, holder="Uji", until=until)
    return f"/opd/{made.token}/kegiatan/", made.link


def test_a_liaison_reports_by_her_link_for_her_agency_without_signing_in(lokus: Lokus) -> None:
    url, made = link(lokus)
    hers, theirs = commitment(lokus, of="Dinkes"), commitment(lokus, of="DLH")
    build.household(lokus, name="Zubaidah")
    phone = Client()
    text = phone.get(url).content.decode()
    given = sent(lokus, agency=agency("Dinkes").pk, commitments=[hers.number], photo=photo())
    response = phone.post(url, given, follow=True)
    found = Activity.objects.get()

    assert [piece in text for piece in (str(hers), str(theirs), "Zubaidah", "GD-001")] == [True, False, False, False]
    assert ("Kegiatan tercatat" in response.content.decode(), response.status_code) == (True, 200)
    assert (found.agency, found.reported_by, list(found.commitments.all())) == (hers.agency, made.user, [hers])


def test_by_her_link_she_reports_for_no_other_and_not_once_it_is_revoked(lokus: Lokus) -> None:
    url, made = link(lokus)
    dlh = agency("DLH").pk
    wrong = Client().post(url, sent(lokus, agency=dlh))
    revoke(by=CONSOLE, cycle_slug=lokus.cycle.slug, link_id=made.uuid)
    closed = Client().post(url, sent(lokus, agency=agency("Dinkes").pk))

    assert (wrong.status_code, closed.status_code, Activity.objects.count()) == (422, 410, 0)
