"""/tahun/<slug>/tim/ and one team of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from selaras.models import Cycle, Role, Team, TeamMember
from tests import build
from tests.web.cast import dewi, inside
from tests.web.sent import fields_of

pytestmark = pytest.mark.django_db
NEW = {"bagian": "tambah", "kind": "pembina", "name": "Tim Pembina", "area": "36.72"}


def secretary() -> Client:
    return inside(build.member(Role.SECRETARIAT, "36.72"))


def address(of: Cycle) -> str:
    return f"/tahun/{of.slug}/tim/"


def made(client: Client, cycle: Cycle) -> str:
    """The address of a new team."""
    return client.post(address(cycle), NEW).headers["Location"]


def test_a_team_is_made_by_the_secretariat_and_its_women_are_counted() -> None:
    cycle, client = build.cycle(), secretary()
    team = made(client, cycle)
    lines = "Ani Uji; P; ketua; Sekda\nBudi Uji; L; sekretaris\nCitra Uji; P; anggota\nDewi Uji; ; anggota"
    assert client.post(team, {"bagian": "tempel", "lines": lines}).headers["Location"] == team
    text = client.get(address(cycle)).content.decode()

    assert ("2 dari 4 anggota perempuan" in text, "Jenis kelamin 1 anggota tidak disebut" in text) == (True, True)
    refused = client.post(address(cycle), NEW)
    assert (refused.status_code, fields_of(refused)["name"]) == (422, "Tim Pembina")


def test_nobody_else_sees_a_team_its_members_or_its_decree() -> None:
    cycle, client = build.cycle(), secretary()
    team = made(client, cycle)
    people = {"leader": build.member(Role.LEADER, "36.72"), "juror": build.member(Role.JUROR, "36.72"), "far": dewi()}
    seen = {
        (who, page): inside(user).get(page).status_code
        for who, user in people.items()
        for page in (address(cycle), team, f"{team}sk/")
    }

    assert {(who, status) for (who, _page), status in seen.items()} == {("leader", 403), ("juror", 403), ("far", 404)}
    assert inside(people["juror"]).post(team, {"bagian": "hapus_tim"}).status_code == 403
    assert Team.objects.count() == 1


def test_a_team_is_found_only_in_its_own_year() -> None:
    cycle, later, client = build.cycle(), build.cycle(year=2025), secretary()
    number = made(client, cycle).rstrip("/").rpartition("/")[2]

    assert client.get(f"{address(later)}{number}/").status_code == 404
    assert client.get(f"{address(cycle)}99999/").status_code == 404


def test_the_decrees_scan_is_given_back_byte_by_byte_to_be_saved() -> None:
    cycle, client = build.cycle(), secretary()
    team = made(client, cycle)
    assert client.get(f"{team}sk/").status_code == 404
    form = fields_of(client.get(team), bagian="sk") | {"decree_number": "263/Kep.7/2024", "decree_date": "2024-02-01"}
    scan = SimpleUploadedFile("sk.pdf", b"%PDF-1.7 isi")
    assert client.post(team, {**form, "decree_file": scan}).status_code == 302
    given = client.get(f"{team}sk/")

    assert (given.content, given.headers["Content-Type"], given.headers["Content-Disposition"]) == (
        b"%PDF-1.7 isi",
        "application/pdf",
        'attachment; filename="SK-263-Kep-7-2024.pdf"',
    )
    page = SimpleUploadedFile("sk.pdf", b"<script>alert(1)</script>")
    fresh = fields_of(client.get(team), bagian="sk")
    refused = client.post(team, {**fresh, "decree_number": "Nomor baru", "decree_file": page})
    assert (refused.status_code, fields_of(refused, bagian="sk")["decree_number"]) == (422, "Nomor baru")
    stale = client.post(team, {**form, "decree_number": "Lain"})
    assert (stale.status_code, "sudah mengubah bagian ini" in stale.content.decode()) == (422, True)
    assert Team.objects.get().decree_number == "263/Kep.7/2024"


def test_a_member_is_added_changed_and_taken_away() -> None:
    cycle, client = build.cycle(), secretary()
    dinkes = build.agency("Dinkes")
    team = made(client, cycle)
    one = {"bagian": "tambah", "name": "Ani Uji", "sex": "P", "duty": "ketua", "agency": str(dinkes.pk)}
    assert client.post(team, {**one, "duty": ""}).status_code == 422
    assert client.post(team, one).status_code == 302
    member = TeamMember.objects.get()
    form = fields_of(client.get(f"{team}?ubah={member.pk}"), yang=str(member.pk))
    assert (form["name"], form["agency"]) == ("Ani Uji", str(dinkes.pk))
    changed = {**form, "bagian": "anggota", "duty": "anggota"}
    assert client.post(team, changed).status_code == 302
    told = client.post(team, {**changed, "duty": "sekretaris"})
    assert (told.status_code, fields_of(told, yang=str(member.pk))["duty"]) == (422, "sekretaris")
    assert TeamMember.objects.get().duty == "anggota"
    assert client.post(team, {"bagian": "hapus", "yang": str(member.pk)}).status_code == 302
    assert TeamMember.objects.count() == 0
    assert client.post(team, {"bagian": "hapus", "yang": "99999"}).status_code == 404
    assert client.post(team, {"bagian": "hapus_tim"}).headers["Location"] == address(cycle)


def test_each_line_that_cannot_be_read_is_told_and_the_text_stays() -> None:
    cycle, client = build.cycle(), secretary()
    team = made(client, cycle)
    page = client.post(team, {"bagian": "tempel", "lines": "Ani Uji\nBudi Uji; X; ketua"})
    text = page.content.decode()

    assert (page.status_code, "baris 1 tidak terbaca" in text, "baris 2: jenis kelamin X" in text) == (422, True, True)
    assert fields_of(page, bagian="tempel")["lines"] == "Ani Uji\nBudi Uji; X; ketua"
    assert TeamMember.objects.count() == 0


def test_three_teams_cost_no_more_statements_than_one() -> None:
    cycle, client = build.cycle(), secretary()
    made(client, cycle)
    with CaptureQueriesContext(connection) as one:
        client.get(address(cycle))
    for name in ("Pokja I", "Pokja II"):
        client.post(address(cycle), {**NEW, "name": name})
    client.get(address(cycle))
    with CaptureQueriesContext(connection) as three:
        client.get(address(cycle))

    assert len(three) <= len(one)
