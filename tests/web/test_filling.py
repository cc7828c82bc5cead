"""/isi/: what a browser is handed to fill in forms without a network, and what it is not."""

import base64
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.field.forms import prepare_forms
from selaras.models import AuditEntry, CurrentAnswers, FieldForm, Household, Membership, Role, Round, Submission, User
from selaras.odk.money import COUNTED, GAP, MARKED, OWN, PARTED, SURE
from tests import build
from tests.build_field import Field, open_field
from tests.sample_workbook import rows, sample
from tests.web.cast import inside
from tests.web.doors.world import workbook

pytestmark = pytest.mark.django_db


def cadre(of: Field) -> User:
    return of.phone.phone.user


def homes(of: Field) -> dict[str, Household]:
    """A family of each of two RWs."""
    lokus = of.programme.lokus
    return {rw: build.household(lokus, rw=rw, rt="01") for rw in ("03", "05")}


def asked(client: Client, address: str = "/isi/isi.json") -> dict:
    return json.loads(client.get(address).content)


def follow_up(of: Field) -> FieldForm:
    """The baseline is over; a visit is open."""
    today = timezone.localdate()
    Round.objects.filter(pk=of.programme.round.pk).update(
        opens=today - timedelta(days=60), closes=today - timedelta(days=30)
    )
    visit = Round.objects.create(
        cycle=of.programme.cycle, kind="visit", opens=today - timedelta(days=1), closes=today + timedelta(days=20)
    )
    prepare_forms(by=CONSOLE, cycle=of.programme.cycle)
    return FieldForm.objects.get(round=visit, practice=False)


def answered(of: Field, family: Household, answers: dict[str, object]) -> Submission:
    """Answers of the baseline that count."""
    sent = Submission(
        household=family, round=of.programme.round, version=of.form.version, mode="phone", answers=answers
    )
    sent.received_at = timezone.now() - timedelta(days=40)
    sent.save()
    CurrentAnswers.objects.create(
        household=family, round=of.programme.round, lokus=family.lokus, submission=sent, answers=answers
    )
    return sent


# --- her work
def test_a_cadre_gets_the_open_form_and_her_families_and_no_others() -> None:
    of = open_field()
    here = homes(of)["03"]

    said = asked(inside(cadre(of)))

    xml = f"/isi/formulir/{of.form.form_id}/{of.form.form_version}.xml"
    assert [(form["form_id"], form["practice"], form["round"]) for form in said["forms"]] == [
        (of.form.form_id, False, "Data awal"),
        (of.practice.form_id, True, ""),
    ]
    assert said["forms"][0]["xml"] == xml
    assert [each["name"] for each in said["forms"][0]["lists"]] == ["keluarga.csv"]
    assert said["families"] == [
        {"uuid": str(here.uuid), "label": said["families"][0]["label"], "rt": "01", "rw": "03", "state": "not_yet"}
        | {"asked": None}
    ]
    assert (said["user"], said["shown"], said["year"]) == (
        str(cadre(of).uuid),
        cadre(of).full_name,
        of.programme.cycle.slug,
    )


def test_which_amounts_are_asked_about_comes_with_the_form_in_the_words_of_typed_entry() -> None:
    survey = [*rows("survey"), ["decimal", "belanja", "Belanja (rupiah)"], ["decimal", "panen", "Panen (juta rupiah)"]]
    survey += [["integer", "sewa", "Sewa (rupiah)"], ["decimal", "kali", "Berapa kali?"]]
    of = open_field(sample(survey=survey))
    said = asked(inside(cadre(of)))["forms"]
    of_units = (
        "“{text}” dapat berarti {plain} rupiah atau {plain} {unit} rupiah; "
        "tulis {typed}, atau “{plain} {unit}” bila memang sebanyak itu"
    )
    words = (
        "“{text}” dapat berarti {thousands} atau {plain} rupiah; "
        "tulis {typed}, atau “{plain} rupiah” bila memang sekecil itu"
    )

    money = {
        "fields": {"belanja": "", "panen": "juta", "sewa": ""},
        "asks": PARTED,
        "words": words,
        "heaped": 1_000_000,
        "words_heaped": of_units,
        "reads": {"gap": GAP, "marked": MARKED, "sure": SURE, "counted": COUNTED},
        "units": {
            unit: {"own": OWN[unit], "noughts": noughts}
            for unit, noughts in (("ribu", 3), ("juta", 6), ("miliar", 9), ("triliun", 12))
        },
    }
    assert [form["money"] for form in said] == [money] * 2


def test_form_and_list_are_a_phones_own_to_the_byte() -> None:
    of = open_field()
    homes(of)
    said = asked(inside(cadre(of)))["forms"][0]
    phone = f"/odk/{of.phone.token}"

    xml, listed = (inside(cadre(of)).get(each) for each in (said["xml"], said["lists"][0]["url"]))

    assert xml.content == of.form.file.content()
    assert listed.content == Client().get(f"{phone}/keluarga.csv").content
    assert (xml["Content-Type"], listed["Content-Type"]) == ("text/xml; charset=utf-8", "text/csv; charset=utf-8")


def test_a_family_outside_of_her_rw_is_in_nothing_that_her_browser_is_handed() -> None:
    of = open_field()
    follow_up(of)
    there = homes(of)["05"]
    Household.objects.filter(pk=there.pk).update(head_name="Rahasia Tetangga")
    answered(of, there, {"jumlah": 7})
    client = inside(cadre(of))
    said = asked(client)

    bodies = [
        client.get(address).content.decode()
        for address in ("/isi/isi.json", said["last"], said["forms"][0]["lists"][0]["url"], "/isi/", "/isi/sw.js")
    ]

    planted = ("Rahasia", str(there.uuid), there.code)
    assert [[word for word in planted if word in body] for body in bodies] == [[]] * len(bodies)


def test_the_office_gets_all_families_of_its_lokus() -> None:
    of = open_field()
    homes(of)
    lurah = build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)

    assert [each["rw"] for each in asked(inside(lurah))["families"]] == ["03", "05"]


def test_forms_are_made_for_who_asks_first_where_the_year_has_no_phone() -> None:
    of = open_field()
    user = cadre(of)
    Membership.objects.exclude(user=user).delete()
    of.phone.phone.delete()
    FieldForm.objects.all().delete()

    said = asked(inside(user))

    assert [form["form_id"] for form in said["forms"]] == [of.form.form_id, of.practice.form_id]


def test_before_the_round_opens_only_practice_is_offered() -> None:
    of = open_field()
    today = timezone.localdate()
    Round.objects.update(opens=today + timedelta(days=2), closes=today + timedelta(days=9))

    assert [form["practice"] for form in asked(inside(cadre(of)))["forms"]] == [True]


# --- last answers
def test_a_follow_up_visit_begins_with_what_was_answered_last_and_says_when() -> None:
    of = open_field()
    follow_up(of)
    here = homes(of)["03"]
    sent = answered(of, here, {"jumlah": 4, "jamban": "leher_angsa", "bantuan": "pkh bpnt", "iuran": "1500.5"})
    client = inside(cadre(of))
    said = asked(client)

    last = asked(client, said["last"])

    assert last == {str(here.uuid): {"jumlah": "4", "jamban": "leher_angsa", "bantuan": "pkh bpnt", "iuran": "1500.5"}}
    assert said["families"][0]["asked"] == timezone.localdate(sent.received_at).isoformat()


def test_health_free_text_and_choices_that_are_no_more_are_not_among_them() -> None:
    of = open_field(workbook())
    form = follow_up(of)
    here = homes(of)["03"]
    member = [{"nama": "RAHASIA", "umur": 9}]
    others = {"batuk": "ya", "ganda": "8", "jamban": "sudah_dihapus", "asing": "1", "member": member}
    answered(of, here, {"jumlah": 4, **others})
    client = inside(cadre(of))

    last = asked(client, asked(client)["last"])

    assert last == {str(here.uuid): {"jumlah": "4"}}
    assert form.practice is False


def test_the_first_round_begins_blank() -> None:
    of = open_field()
    answered(of, homes(of)["03"], {"jumlah": 4})
    client = inside(cadre(of))

    assert asked(client, asked(client)["last"]) == {}


# --- who
def test_whose_sign_in_has_expired_hears_401_in_json_and_the_page_leads_to_sign_in() -> None:
    of = open_field()
    slug = of.programme.cycle.slug
    addresses = [
        "/isi/isi.json",
        "/isi/terakhir.json",
        f"/isi/daftar/{slug}/keluarga.csv",
        f"/isi/formulir/{of.form.form_id}/{of.form.form_version}.xml",
    ]

    answers = [Client().get(address) for address in addresses]

    assert [(each.status_code, each.json()["why"]) for each in answers] == [(401, "sign_in")] * 4
    assert Client().get("/isi/")["Location"] == "/masuk/?next=/isi/"


@pytest.mark.parametrize("role", [Role.JUROR, Role.LEADER, Role.PROVINCE, Role.PROTECTION, Role.ADMINISTRATOR])
def test_who_works_with_no_family_is_handed_none(role: Role) -> None:
    of = open_field()
    homes(of)
    user = build.member(role, "" if role == Role.ADMINISTRATOR else of.programme.cycle.place.code)
    slug = of.programme.cycle.slug

    answers = [
        inside(user).get(address)
        for address in (
            "/isi/isi.json",
            f"/isi/isi.json?tahun={slug}",
            f"/isi/terakhir.json?tahun={slug}",
            f"/isi/daftar/{slug}/keluarga.csv",
            f"/isi/formulir/{of.form.form_id}/{of.form.form_version}.xml",
        )
    ]

    assert [each.status_code for each in answers] == [404] * 5


def test_for_whom_there_is_nothing_hears_who_is_signed_in_and_nothing_else() -> None:
    of = open_field()
    homes(of)
    slug = of.programme.cycle.slug
    far = build.member(Role.CADRE, "36.73.01.1001")
    people = [far, build.member(Role.JUROR, of.programme.cycle.place.code)]

    answers = [inside(user).get(f"/isi/isi.json?tahun={slug}") for user in people]

    nothing = {"state": "refused", "said": "Tidak ada formulir untuk Anda di sini."}
    assert [(each.status_code, each["Cache-Control"]) for each in answers] == [(404, "private, no-store")] * 2
    assert [each.json() for each in answers] == [nothing | {"user": str(user.uuid)} for user in people]


def test_each_is_handed_a_secret_of_her_own_to_sign_files_with_the_same_every_time() -> None:
    of = open_field()
    other = build.member(Role.CADRE, f"{of.programme.lokus.area}.RW05", cycle=of.programme.cycle)

    first, again, others = (asked(inside(user))["seal"] for user in (cadre(of), cadre(of), other))

    assert (first == again, first["key"] == others["key"], sorted(first)) == (True, False, ["id", "key"])
    assert len(base64.b64decode(first["key"])) == 32


def test_a_cadre_of_another_city_is_handed_nothing_of_this_one() -> None:
    of = open_field()
    homes(of)
    far = build.member(Role.CADRE, "36.73.01.1001")
    slug = of.programme.cycle.slug

    answers = [
        inside(far).get(address)
        for address in (f"/isi/isi.json?tahun={slug}", f"/isi/daftar/{slug}/keluarga.csv", "/isi/isi.json")
    ]

    assert [each.status_code for each in answers] == [404] * 3


def test_a_closed_year_hands_out_nothing() -> None:
    of = open_field()
    of.programme.cycle.closed_at = timezone.now()
    of.programme.cycle.save()

    assert inside(cadre(of)).get("/isi/isi.json").status_code == 404


# --- what is kept and where
def test_what_tells_of_a_person_is_stored_by_no_cache() -> None:
    of = open_field()
    homes(of)
    client = inside(cadre(of))
    said = asked(client)

    answers = [client.get(each) for each in ("/isi/isi.json", said["last"], said["forms"][0]["lists"][0]["url"])]

    assert [each["Cache-Control"] for each in answers] == ["private, no-store"] * 3


def test_lists_are_written_down_once_in_a_session_and_again_when_they_are_others() -> None:
    of = open_field()
    homes(of)
    client = inside(cadre(of))
    before = AuditEntry.objects.count()

    for _ in range(2):
        client.get(asked(client)["forms"][0]["lists"][0]["url"])
    build.household(of.programme.lokus, rw="03", rt="02")
    asked(client)

    entries = AuditEntry.objects.order_by("pk")[before:]
    assert [(entry.action, entry.actor, entry.details["households"]) for entry in entries] == [
        ("forms.carry_families", cadre(of), 1),
        ("forms.carry_list", cadre(of), 1),
        ("forms.carry_families", cadre(of), 2),
    ]


def test_the_page_says_nothing_of_who_opens_it() -> None:
    of = open_field()
    homes(of)
    other = build.member(Role.CADRE, f"{of.programme.lokus.area}.RW05", cycle=of.programme.cycle)

    pages = [inside(user).get("/isi/") for user in (cadre(of), other)]

    assert pages[0].content == pages[1].content
    assert "csrfmiddlewaretoken" not in pages[0].content.decode()


def test_only_the_page_of_forms_may_run_webassembly() -> None:
    of = open_field()
    client = inside(cadre(of))

    policies = [client.get(address)["Content-Security-Policy"] for address in ("/isi/", "/kader/")]

    found = [re.search(r"script-src ([^;]*)", policy)[1].split() for policy in policies]
    assert [sorted(each) for each in found] == [["'self'", "'wasm-unsafe-eval'"], ["'self'"]]


def test_worker_manifest_and_key_are_open_and_the_worker_names_its_files_by_their_hashes() -> None:
    client = Client()
    worker, manifest, box = (client.get(f"/isi/{name}") for name in ("sw.js", "manifest.webmanifest", "kotak.js"))
    head = worker.content.decode().split("\n")[0]
    files = dict(json.loads(re.search(r"FILES = (\[.*\]);", head)[1]))

    assert (worker["Content-Type"], box["Content-Type"]) == ("text/javascript; charset=utf-8",) * 2
    assert {name for name in files if not files[name]} == {"/isi/kotak.js"}
    for icon in json.loads(manifest.content)["icons"]:
        answer = client.get(icon["src"])
        assert (answer.status_code, b"".join(answer.streaming_content)[1:4]) == (200, b"PNG")
        answer.close()
    assert json.loads(manifest.content)["scope"] == "/isi/"
    assert box.content.startswith(b"export const box = ")


# --- signing out
def test_who_signs_out_of_a_browser_that_keeps_forms_is_asked_first_and_without_javascript_signs_out_as_ever() -> None:
    of = open_field()
    client = inside(cadre(of))
    asked(client)

    between = client.post("/keluar/")
    still = client.get("/kader/").status_code
    out = client.post("/keluar/", {"tetap": "1"})

    page = between.content.decode()
    assert (between.status_code, f'data-user="{cadre(of).uuid}"' in page, 'name="tetap"' in page) == (200, True, True)
    assert (still, out.status_code, client.get("/kader/").status_code) == (200, 302, 302)


def test_whose_mark_is_lost_is_asked_too_as_long_as_she_ever_had_a_task_with_families() -> None:
    of = open_field()
    clients = {"now": inside(cadre(of))}
    asked(clients["now"])
    del clients["now"].cookies["selaras_isi"]
    ended = build.member(Role.CADRE, f"{of.programme.lokus.area}.RW05", cycle=of.programme.cycle)
    ended.memberships.update(ends=timezone.now() - timedelta(minutes=1))
    clients["ended"] = inside(ended)

    for who, client in clients.items():
        between = client.post("/keluar/")
        page = between.content.decode()
        assert (who, between.status_code, client.get("/akun/").status_code) == (who, 200, 200)
        assert re.findall(r'src="/static/selaras/isi/(\w+)[^"]*"', page) == ["keluar", "langsung"]
        assert "data-langsung" in page
        assert client.post("/keluar/", {"tetap": "1"}).status_code == 302


def test_the_page_that_asks_whether_to_sign_out_always_looks_and_never_signs_out_by_itself() -> None:
    of = open_field()
    people = [cadre(of), build.member(Role.JUROR, of.programme.cycle.place.code)]

    pages = [inside(user).get("/keluar/").content.decode() for user in people]

    assert [re.findall(r'src="/static/selaras/isi/(\w+)[^"]*"', page) for page in pages] == [["keluar"]] * 2
    assert [f'data-user="{user.uuid}"' in page for user, page in zip(people, pages, strict=True)] == [True, True]
    assert ["data-langsung" in page for page in pages] == [False, False]


def test_who_never_had_a_task_with_families_signs_out_at_once() -> None:
    of = open_field()
    client = inside(build.member(Role.JUROR, of.programme.cycle.place.code))

    out = client.post("/keluar/")

    assert (out.status_code, client.get("/akun/").status_code) == (302, 302)
    assert "selaras_isi" not in client.cookies


def test_her_work_costs_no_more_statements_for_three_families_than_for_one() -> None:
    of = open_field()
    follow_up(of)
    lokus, user = of.programme.lokus, cadre(of)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            answered(of, build.household(lokus, rw="03", rt="01"), {"jumlah": 4})
        client = inside(user)
        addresses = [asked(client)["last"], "/isi/isi.json"]
        here = []
        for address in addresses:
            with CaptureQueriesContext(connection) as asking:
                client.get(address)
            here.append(len(asking))
        counts.append(here)

    assert counts[0] == counts[1]
