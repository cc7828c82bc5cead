"""What ODK Collect and KoboCollect expect, line by line: the list of quirks that docs/odk.md keeps."""

import uuid
from collections.abc import Mapping

import pytest
from django.test import Client
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.cycles import close_cycle
from selaras.actions.field.phones import revoke_phone
from selaras.actions.field.taking import take_in
from selaras.models import Arrival, ArrivalFile, AuditEntry, FieldForm, Role
from tests import build
from tests.build_field import Field, filled, open_field, phone_of
from tests.openrosa.collect import Collect, Reply, groups, multipart, said_by

pytestmark = pytest.mark.django_db
HOST = "http://testserver"


def wire(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """One request through Django, as a phone's connection would bring it; no cookie is kept."""
    sent = dict(headers)
    kind = sent.pop("Content-Type", "application/octet-stream")
    client = Client(enforce_csrf_checks=True)
    response = client.generic(method, url.removeprefix(HOST), body, content_type=kind, headers=sent)
    # A misshapen address is nobody's phone: there the site's own page answers.
    assert response.cookies == {} or response.status_code == 404
    return Reply(response.status_code, dict(response.headers), response.content)


def collect(of: Field) -> Collect:
    return Collect(f"{HOST}/odk/{of.phone.token}", wire)


def test_the_list_names_this_rounds_form_and_the_one_for_practice_and_the_form_is_what_it_says() -> None:
    of = open_field()
    phone = collect(of)

    found = phone.form_list()

    assert [(one.form_id, one.version) for one in found] == [
        (form.form_id, form.form_version) for form in (of.form, of.practice)
    ]
    assert [one.name for one in found] == ["Data awal P2WKSS 2024 Cilegon", "LATIHAN: P2WKSS 2024 Cilegon"]
    assert all(one.url.startswith(f"{HOST}/odk/{of.phone.token}/") for one in found)
    assert phone.download(found[0]) == of.form.file.content()


def test_the_list_of_families_is_this_cadres_alone_with_its_versions_and_answers_304_while_it_is_the_same() -> None:
    of = open_field()
    lokus = of.programme.lokus
    own, other = build.household(lokus, rw="03", name="Rohayati"), build.household(lokus, rw="04", name="Sumiyati")
    phone = collect(of)
    (media,) = phone.manifest(phone.form_list()[0])

    first = phone.fetch(media)

    assert (media.filename, media.kind) == ("keluarga.csv", "entityList")
    assert first.decode().splitlines() == [
        "name,label,__version,code,head_name,address,rw,rt,izin_foto",
        f'{own.uuid},"{own.code} Rohayati, RT 01 RW 03",1,{own.code},Rohayati,,03,01,juri',
    ]
    etag = phone.cache[media.url][0]
    again = wire("GET", media.url, {"If-None-Match": etag}, b"")
    assert (again.status, again.body) == (304, b"")
    assert phone.deleted(media, [str(own.uuid), str(other.uuid), "bukan-uuid"]) == {
        str(own.uuid): False,
        str(other.uuid): True,
        "bukan-uuid": True,
    }


def test_a_phone_of_one_rw_lists_no_family_of_another_that_its_cadre_works_in_too() -> None:
    of = open_field()
    lokus = of.programme.lokus
    own = build.household(lokus, rw="03")
    build.household(lokus, rw="04")
    build.member(Role.CADRE, f"{lokus.place.code}.RW04", cycle=of.programme.cycle, user=of.phone.phone.user)
    phone = collect(of)
    (media,) = phone.manifest(phone.form_list()[0])

    assert [line.partition(",")[0] for line in phone.fetch(media).decode().splitlines()] == ["name", str(own.uuid)]


def test_head_answers_204_with_a_small_limit_and_no_location_even_to_a_bare_request() -> None:
    of = open_field()
    reply = wire("HEAD", f"/odk/{of.phone.token}/submission", {}, b"")

    assert (reply.status, reply.body, "Location" in reply.headers) == (204, b"", False)
    assert reply.headers["X-OpenRosa-Version"] == "1.0"
    assert int(reply.headers["X-OpenRosa-Accept-Content-Length"]) <= 3 * 1024 * 1024


@pytest.mark.parametrize("end", ["submission", "submission/"])
def test_a_form_is_kept_byte_for_byte_and_sent_again_it_is_no_second_one(end: str) -> None:
    of = open_field()
    xml = filled(of.form, build.household(of.programme.lokus))
    target = f"/odk/{of.phone.token}/{end}"
    first = collect(of).post(target, xml, {"a b (1) ü.jpg": b"foto"})
    again = collect(of).post(target, xml, {"a b (1) ü.jpg": b"foto"})

    arrival = Arrival.objects.get()
    assert (first.status, again.status) == (201, 202)
    assert (said_by(first), said_by(again)) == (
        "Terima kasih, kiriman sudah kami terima.",
        "Sudah kami terima sebelumnya.",
    )
    assert (arrival.raw_bytes(), arrival.state, arrival.reason) == (xml, "waiting", "")
    assert [(one.name, one.file.content()) for one in arrival.files.all()] == [("a b (1) ü.jpg", b"foto")]
    assert AuditEntry.objects.filter(action="arrivals.receive").count() == 1


def test_a_hundred_and_twenty_photos_come_split_and_each_is_there_once() -> None:
    of = open_field()
    photos = {f"foto-{number:03}.jpg": bytes([number]) * 40_000 for number in range(120)}
    named = "".join(f"<foto>{name}</foto>" for name in photos)
    xml = filled(of.form, build.household(of.programme.lokus), more=named)
    phone = collect(of)

    replies = phone.send(xml, photos)
    again = phone.send(xml, photos)

    assert [status for status, _ in replies] == [201, 202]
    assert [status for status, _ in again] == [202, 202]
    files = {one.name: one for one in ArrivalFile.objects.select_related("file__key")}
    assert {name: one.file.content() for name, one in files.items()} == photos
    assert {one.named for one in files.values()} == {True}


def test_more_than_a_hundred_files_fit_into_one_request() -> None:
    of = open_field()
    photos = {f"{number}.jpg": bytes([number]) for number in range(101)}
    body, kind = multipart(filled(of.form, build.household(of.programme.lokus)), photos, incomplete=True)

    reply = wire("POST", f"/odk/{of.phone.token}/submission", {"Content-Type": kind}, body)

    assert (reply.status, ArrivalFile.objects.count()) == (201, 101)


def test_a_file_that_no_answer_names_is_kept_and_marked_so() -> None:
    of = open_field()
    collect(of).send(filled(of.form, build.household(of.programme.lokus)), {"audit.csv": b"waktu"})

    assert [(one.name, one.named) for one in ArrivalFile.objects.all()] == [("audit.csv", False)]


def test_the_same_number_with_other_bytes_is_kept_beside_the_first_and_the_phone_lets_go() -> None:
    of = open_field()
    family = build.household(of.programme.lokus)
    number = f"uuid:{uuid.uuid4()}"
    first, second = (filled(of.form, family, {"jumlah": n}, instance=number) for n in ("4", "5"))
    phone = collect(of)

    (one,), (two,), (three,) = phone.send(first), phone.send(second), phone.send(second)

    assert (one[0], two[0], three[0]) == (201, 201, 202)
    assert two[1] == (
        "Kiriman Anda kami simpan. Nomornya sama dengan kiriman lain yang isinya berbeda; "
        "petugas akan membandingkannya."
    )
    kept = [(each.first, each.state, each.reason, each.raw_bytes()) for each in Arrival.objects.order_by("pk")]
    assert kept == [(True, "waiting", "", first), (False, "quarantined", "other_bytes", second)]


def sent_with(of: Field, xml: bytes) -> tuple[int, str, str, bytes]:
    """Status, state and reason of what was sent, and the bytes that were kept."""
    reply = collect(of).post(f"/odk/{of.phone.token}/submission", xml, {})
    kept = Arrival.objects.get()
    return reply.status, kept.state, kept.reason, kept.raw_bytes()


BOMB = b'<!DOCTYPE a [<!ENTITY b "bom"><!ENTITY c "&b;&b;&b;">]><data id="x"><a>&c;</a></data>'


@pytest.mark.parametrize("xml", [b"", b"<data id='x'", b"bukan xml", b"<data>\0</data>", BOMB, b"\xff\xfe<"])
def test_what_is_no_xml_is_kept_with_its_bytes_and_answered_so_that_the_phone_lets_go(xml: bytes) -> None:
    assert sent_with(open_field(), xml) == (201, "quarantined", "broken", xml)


def test_a_form_without_a_number_an_unknown_form_and_an_old_version_wait_for_a_person() -> None:
    of = open_field()
    family = build.household(of.programme.lokus)
    good = filled(of.form, family)
    cases = {
        "no_id": good.replace(good[good.index(b"<orx:instanceID>") : good.index(b"</orx:meta>")], b""),
        "unknown_form": good.replace(of.form.form_id.encode(), b"lain"),
        "unknown_version": good.replace(of.form.form_version.encode(), b"0.0"),
    }
    found = {}
    for reason, xml in cases.items():
        found[reason] = sent_with(of, xml)
        Arrival.objects.all().delete()

    assert found == {reason: (201, "quarantined", reason, xml) for reason, xml in cases.items()}


def test_after_the_round_and_after_the_year_a_form_is_kept_for_a_person_to_decide() -> None:
    of = open_field()
    family = build.household(of.programme.lokus)
    of.programme.round.closes = of.programme.round.opens
    of.programme.round.save()
    late = filled(of.form, family)
    assert sent_with(of, late) == (201, "quarantined", "late", late)

    Arrival.objects.all().delete()
    of.programme.cycle.closed_at = timezone.now()
    of.programme.cycle.save()
    closed = filled(of.form, family)
    assert sent_with(of, closed) == (201, "quarantined", "closed", closed)
    assert collect(of).form_list() == []


def test_what_still_waits_on_a_phone_when_its_year_is_closed_arrives_and_the_phone_is_handed_nothing_more() -> None:
    of = open_field()
    family = build.household(of.programme.lokus)
    late = filled(of.form, family)
    (media,) = collect(of).manifest(collect(of).form_list()[0])
    close_cycle(by=CONSOLE, cycle=of.programme.cycle)

    assert sent_with(of, late) == (201, "quarantined", "closed", late)
    assert collect(of).form_list() == []
    assert wire("GET", media.url, {}, b"").body == b"name,label,__version,code,head_name,address,rw,rt,izin_foto\n"
    revoke_phone(by=CONSOLE, cycle_slug=of.programme.cycle.slug, phone_id=of.phone.phone.uuid)
    assert wire("HEAD", f"/odk/{of.phone.token}/submission", {}, b"").status == 403


def test_an_edit_without_its_original_waits_and_one_with_it_is_taken() -> None:
    of = open_field()
    family, number = build.household(of.programme.lokus), f"uuid:{uuid.uuid4()}"
    edit = filled(of.form, family, {"jumlah": "5"}, deprecated=number)
    assert sent_with(of, edit) == (201, "quarantined", "no_original", edit)

    Arrival.objects.all().delete()
    phone = collect(of)
    phone.send(filled(of.form, family, instance=number))
    phone.send(edit)
    assert list(Arrival.objects.order_by("pk").values_list("state", "deprecated_id")) == [
        ("waiting", ""),
        ("waiting", number),
    ]


def test_an_old_version_of_a_form_is_still_a_form() -> None:
    of = open_field()
    FieldForm.objects.create(
        round=of.programme.round, version=of.programme.version, form_id=of.form.form_id, form_version="0.9",
        title="Lama", file=of.form.file, md5=of.form.md5, made_at=timezone.now() - timezone.timedelta(days=90),
    )  # fmt: skip
    xml = filled(of.form, build.household(of.programme.lokus)).replace(of.form.form_version.encode(), b"0.9")

    assert sent_with(of, xml) == (201, "waiting", "", xml)
    assert [one.version for one in collect(of).form_list()] == [of.form.form_version, of.practice.form_version]


@pytest.mark.parametrize("token", ["x" * 43, "pendek", "..%2F..", "%00", "a" * 4000])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "formList"),
        ("GET", "forms/a/1.xml"),
        ("GET", "manifest/a/1"),
        ("GET", "keluarga.csv"),
        ("GET", "integrity/keluarga?id=1"),
        ("HEAD", "submission"),
        ("POST", "submission"),
    ],
)
def test_a_wrong_token_opens_nothing_and_says_what_to_do(token: str, method: str, path: str) -> None:
    body, kind = multipart(b"<data/>", {})
    reply = wire(method, f"/odk/{token}/{path}", {"Content-Type": kind}, body if method == "POST" else b"")

    assert reply.status in {403, 404}
    assert Arrival.objects.count() == 0


def test_a_revoked_phone_is_told_that_its_answers_are_safe_and_what_it_sent_before_stays() -> None:
    of = open_field()
    phone = collect(of)
    family = build.household(of.programme.lokus)
    phone.send(filled(of.form, family))
    revoke_phone(by=CONSOLE, cycle_slug=of.programme.cycle.slug, phone_id=of.phone.phone.uuid)

    reply = phone.post(f"{phone.base}/submission", filled(of.form, family), {})

    assert (reply.status, said_by(reply)) == (
        403,
        "Kode HP ini tidak berlaku lagi. Isian Anda aman di HP. Minta kode QR baru kepada kelurahan, lalu kirim ulang.",
    )
    assert Arrival.objects.count() == 1


def test_what_was_queued_under_a_revoked_phone_arrives_by_the_new_one_once() -> None:
    of = open_field()
    xml = filled(of.form, build.household(of.programme.lokus))
    collect(of).send(xml)
    fresh = phone_of(of.programme, "RW03")

    (again,) = Collect(f"{HOST}/odk/{fresh.token}", wire).send(xml)

    assert (again[0], Arrival.objects.count()) == (202, 1)


def test_a_hostile_name_of_a_file_is_no_path() -> None:
    of = open_field()
    names = {"../../etc/passwd": b"1", "..\\..\\x.jpg": b"2", "a\x07b.jpg": b"3"}
    body, kind = multipart(filled(of.form, build.household(of.programme.lokus)), names)

    reply = wire("POST", f"/odk/{of.phone.token}/submission", {"Content-Type": kind}, body)

    assert reply.status == 201
    assert sorted(ArrivalFile.objects.values_list("name", flat=True)) == ["ab.jpg", "passwd", "x.jpg"]


def test_the_client_splits_as_collect_does() -> None:
    files = {str(number): b"x" * 10 for number in range(205)}
    assert [(len(group), last) for group, last in groups(files, 10**6)] == [(100, False), (100, False), (5, True)]
    assert [len(group) for group, _ in groups({"a": b"x" * 30, "b": b"x", "c": b"x" * 30}, 31)] == [2, 1]


def test_the_repeat_of_a_held_form_is_told_that_it_waits_and_not_that_it_is_good() -> None:
    of = open_field()
    broken = b"<data>terputus"
    family = build.household(of.programme.lokus, rw="04")
    foreign = filled(of.form, family)
    first = [message for _, message in collect(of).send(broken, {})]

    again = collect(of).send(broken, {})
    (taken,) = collect(of).send(foreign, {})
    take_in()
    held = collect(of).send(foreign, {})
    with_photo = collect(of).send(foreign, {"foto.jpg": b"foto"})

    assert again == [(202, first[0])]
    assert "rusak" in first[0]
    waits = "Kiriman ini sudah kami simpan dan menunggu keputusan petugas. Tidak perlu mengirim lagi."
    assert (taken[0], held, with_photo) == (201, [(202, waits)], [(202, waits)])
    Arrival.objects.update(state="set_aside")
    aside = "Kiriman ini sudah kami terima, tetapi petugas menyisihkannya. Tanyakan alasannya kepada kelurahan."
    assert collect(of).send(foreign, {}) == [(202, aside)]
    reply = collect(of).post(f"/odk/{of.phone.token}/submission", foreign, {})
    assert b'<message nature="">' in reply.body
