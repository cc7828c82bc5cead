"""What phones do that the specification does not say, and what is sent by nobody's phone. docs/odk.md has the list."""

import gzip
import time
import uuid
from collections.abc import Mapping
from hashlib import md5
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from selaras.models import Arrival, ArrivalFile, StoredFile
from selaras.models.files import media_root
from selaras.odk import openrosa
from tests import build
from tests.build_field import Field, filled, open_field
from tests.openrosa.collect import Collect, Reply, groups, multipart, said_by
from tests.openrosa.test_contract import HOST, collect, wire

pytestmark = pytest.mark.django_db
#: Longest that anything hostile may take of the processor: what else a machine does is not its fault.
SECONDS = 10.0
CUT = "Kiriman terputus di jalan. Isian aman di HP; kirim lagi saat sinyal baik."


def addresses(of: Field) -> list[str]:
    """Every address that this phone may read."""
    phone = collect(of)
    (listed, _) = phone.form_list()
    (media,) = phone.manifest(listed)
    assert listed.manifest is not None
    assert media.integrity is not None
    return [f"{phone.base}/formList", listed.url, listed.manifest, media.url, f"{media.integrity}?id=1"]


def sent(of: Field, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> Reply:
    return wire("POST", f"/odk/{of.phone.token}/submission", {"Content-Type": kind, **(headers or {})}, body)


def test_every_answer_of_xml_is_text_xml_and_says_that_it_is_openrosa() -> None:
    of = open_field()
    found = {
        url: (reply.status, reply.headers["Content-Type"], reply.headers["X-OpenRosa-Version"])
        for url in addresses(of)
        for reply in [wire("GET", url, {}, b"")]
    }
    assert found == {
        url: (200, f"text/{'csv' if url.endswith('.csv') else 'xml'}; charset=utf-8", "1.0") for url in addresses(of)
    }


def test_no_call_is_led_elsewhere_asked_for_a_password_or_for_a_token_of_a_page() -> None:
    of = open_field()
    calls = [("GET", url) for url in addresses(of)]
    calls += [(method, f"/odk/{of.phone.token}/submission{end}") for method in ("HEAD", "GET") for end in ("", "/")]
    calls += [("GET", f"/odk/{'x' * 43}/formList"), ("HEAD", f"/odk/{'x' * 43}/submission")]
    replies = [wire(method, url, {}, b"") for method, url in calls]
    body, kind = multipart(filled(of.form, build.household(of.programme.lokus)), {})
    replies += [sent(of, body, kind), wire("POST", f"/odk/{'x' * 43}/submission", {"Content-Type": kind}, body)]

    assert {reply.status for reply in replies} == {200, 201, 204, 403}
    assert [name for reply in replies for name in reply.headers if name in {"Location", "WWW-Authenticate"}] == []


def test_an_unknown_method_is_refused_in_words_and_not_with_a_page() -> None:
    of = open_field()
    reply = wire("PUT", f"/odk/{of.phone.token}/submission", {}, b"")
    assert (reply.status, reply.headers["Allow"], said_by(reply)) == (
        405,
        "HEAD, GET, POST",
        "Cara itu tidak dikenal di alamat ini.",
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Date": "Fri, 27 Nov 2026 02:15:00 GMT+07:00"},
        {"Date": "Jum, 27 Nop 2026 02.15.00"},
        {"Date": "", "X-OpenRosa-Version": "7"},
        {"X-OpenRosa-Version": "1.0", "User-Agent": "\x01aneh" + "x" * 4000},
    ],
)
def test_neither_a_date_nor_a_version_nor_an_agent_is_trusted_or_wanted(headers: dict[str, str]) -> None:
    of = open_field()
    body, kind = multipart(filled(of.form, build.household(of.programme.lokus)), {})

    replies = [wire("GET", url, headers, b"").status for url in addresses(of)]
    head = wire("HEAD", f"/odk/{of.phone.token}/submission", headers, b"")

    assert (replies, head.status, sent(of, body, kind, headers).status) == ([200] * 5, 204, 201)
    assert Arrival.objects.get().agent == headers.get("User-Agent", "").removeprefix("\x01")[:200]


def test_a_title_with_signs_of_xml_does_not_break_the_list_of_all_and_a_form_without_a_name_never_gets_there() -> None:
    of = open_field()
    of.form.title = "Data <awal> & \"lanjutan\" 'RT'"
    of.form.save()

    assert collect(of).form_list()[0].name == of.form.title
    with pytest.raises(ValueError, match="would break the whole list"):
        openrosa.form_list([openrosa.ListedForm("a", "", "1", "0" * 32, "http://a")])


def test_a_form_asked_for_by_its_id_is_alone_on_the_list() -> None:
    of = open_field()
    reply = wire("GET", f"/odk/{of.phone.token}/formList?formID={of.practice.form_id}", {}, b"")
    root = ElementTree.fromstring(reply.body)
    assert [one.text for one in root.iter("{http://openrosa.org/xforms/xformsList}formID")] == [of.practice.form_id]


def test_every_body_has_the_hash_that_was_announced_an_etag_and_304_compressed_or_not() -> None:
    of = open_field()
    for number in range(30):
        build.household(of.programme.lokus, rw="03", name=f"Rohayati {number}")
    phone = collect(of)
    listed = phone.form_list()[0]
    (media,) = phone.manifest(listed)
    announced = {listed.url: listed.hash, media.url: media.hash}

    for url in addresses(of)[:4]:
        plain = wire("GET", url, {}, b"")
        packed = wire("GET", url, {"Accept-Encoding": "gzip"}, b"")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.body) == plain.body
        assert md5(plain.body).hexdigest() == announced.get(url, md5(plain.body).hexdigest())
        for known in (plain, packed):
            same = wire("GET", url, {"If-None-Match": known.headers["ETag"], "Accept-Encoding": "gzip"}, b"")
            assert (same.status, same.body) == (304, b"")


def test_a_phone_that_goes_on_and_one_that_begins_again_leave_the_same() -> None:
    of = open_field()
    photos = {f"{number}.jpg": bytes([number]) * 2_000_000 for number in range(3)}
    found = []
    for again in (0, 1):
        xml = filled(of.form, build.household(of.programme.lokus))
        parts = groups(photos, openrosa.ACCEPT_CONTENT_LENGTH)
        assert len(parts) == 3
        for group, last in [parts[0], *parts[1 - again :]]:
            body, kind = multipart(xml, group, incomplete=not last)
            assert sent(of, body, kind).status in {201, 202}
        arrival = Arrival.objects.order_by("-pk")[0]
        assert arrival.raw_bytes() == xml
        found.append({one.name: one.file.content() for one in arrival.files.select_related("file__key")})
    assert found == [photos, photos]


def test_a_body_that_was_cut_anywhere_is_not_taken_for_a_whole_one() -> None:
    of = open_field()
    photo = bytes(range(256)) * 40
    body, kind = multipart(filled(of.form, build.household(of.programme.lokus)), {"a.jpg": photo})
    for left in (1, 60, len(body) // 3, len(body) // 2, len(body) - len(photo) // 2, len(body) - 30, len(body) - 4):
        reply = sent(of, body[:left], kind)
        assert (reply.status, said_by(reply)) == (400, CUT), left
    assert (Arrival.objects.count(), ArrivalFile.objects.count()) == (0, 0)

    assert sent(of, body, kind).status == 201
    assert [one.file.content() for one in ArrivalFile.objects.all()] == [photo]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<data/>", "text/xml"),
        (b"", ""),
        (b"a=b", "application/x-www-form-urlencoded"),
        (multipart(b"<data/>", {})[0].replace(b"xml_submission_file", b"lain"), "multipart/form-data; boundary=x"),
        (b"--x--", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
        (b"--\xff--", "multipart/form-data; boundary=\xff"),
    ],
)
def test_what_is_no_submission_is_told_so_and_nothing_is_kept(body: bytes, kind: str) -> None:
    reply = sent(open_field(), body, kind)
    assert reply.status == 400
    assert said_by(reply) in {CUT, "Kiriman tiba tanpa formulir. Isian aman di HP; kirim lagi."}
    assert Arrival.objects.count() == 0


def test_more_than_is_taken_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert openrosa.LARGEST_REQUEST == 100 * 1024 * 1024
    monkeypatch.setattr(openrosa, "LARGEST_REQUEST", 1000)
    of = open_field()
    body, kind = multipart(filled(of.form, build.household(of.programme.lokus)), {"a.jpg": b"x" * 1000})
    reply = sent(of, body, kind)
    assert (reply.status, said_by(reply), Arrival.objects.count()) == (
        413,
        "Kiriman ini terlalu besar. Hapus foto yang tidak perlu, lalu kirim lagi.",
        0,
    )


def test_a_server_that_cannot_store_says_so_and_keeps_nothing_of_it(settings: Settings, tmp_path: Path) -> None:
    of = open_field()
    full = tmp_path / "penuh"
    full.touch()
    settings.MEDIA_ROOT = str(full)
    body, kind = multipart(filled(of.form, build.household(of.programme.lokus)), {"a.jpg": b"foto"})
    reply = sent(of, body, kind)
    assert (reply.status, said_by(reply)) == (
        503,
        "Server sedang tidak dapat menyimpan. Isian aman di HP; kirim lagi nanti.",
    )
    assert Arrival.objects.count() == 0


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(9))
HOSTILE = {
    "a billion laughs": b'<!DOCTYPE a [<!ENTITY l0 "ha">%s]><data id="x"><a>&l9;</a></data>' % LAUGHS,
    "one long entity often": b'<!DOCTYPE a [<!ENTITY l "%s">]><data id="x">%s</data>' % (b"x" * 9999, b"&l;" * 9999),
    "a file of ours": b'<!DOCTYPE a [<!ENTITY l SYSTEM "file:///etc/passwd">]><data id="x"><a>&l;</a></data>',
    "another server": b'<!DOCTYPE data SYSTEM "http://127.0.0.1:9/a.dtd"><data id="x"/>',
    "a NUL": b'<data id="x"><a>\0</a></data>',
    "a NUL by number": b'<data id="x"><a>&#0;</a></data>',
    "a hundred thousand levels": b'<data id="x">' + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</data>",
    "as many attributes": b'<data id="x" ' + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b"/>",
    "a million nodes more than are read": b"<data>" + b"<a/>" * 1_100_000 + b"</data>",
    "a word of a megabyte": b'<data id="' + b"x" * 1_000_000 + b'"/>',
    "an unknown encoding": b'<?xml version="1.0" encoding="lain"?><data id="x"/>',
    "nothing": b"",
}


@pytest.mark.parametrize("xml", HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_form_is_kept_for_a_person_within_seconds(xml: bytes) -> None:
    of = open_field()
    body, kind = multipart(xml, {"a.jpg": b"foto"})
    began = time.process_time()
    reply = sent(of, body, kind)

    assert time.process_time() - began < SECONDS
    arrival = Arrival.objects.get()
    assert (reply.status, arrival.state, arrival.raw_bytes()) == (201, "quarantined", xml)
    assert said_by(reply).startswith("Kiriman Anda kami simpan, tetapi")
    assert [one.name for one in arrival.files.all()] == ["a.jpg"]


NAMES = ["..", ".", "/", "../../../etc/passwd", "/etc/passwd", "C:\\x\\..\\y", "a\x00b.jpg", "a\nb",
         "x" * 300 + ".jpg", "\u202egpj.exe", "CON", "%2e%2e%2f", "foto\u0301.jpg", "<b>&'.jpg"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_is_kept_within_the_store(name: str) -> None:
    of = open_field()
    body, kind = multipart(filled(of.form, build.household(of.programme.lokus)), {name: b"foto"})

    assert sent(of, body, kind).status == 201
    row = ArrivalFile.objects.get()
    assert row.file.content() == b"foto"
    assert 0 < len(row.name) <= 255
    assert not set(row.name) & set("/\\\0\n")
    assert {stored.path.parent.parent for stored in StoredFile.objects.all()} == {media_root()}


def test_a_kind_of_file_with_a_nul_is_kept_without_it() -> None:
    of = open_field()
    body, kind = multipart(filled(of.form, build.household(of.programme.lokus)), {"a.jpg": b"foto"})
    assert sent(of, body.replace(b"image/jpeg", b"image/jp\0eg"), kind).status == 201
    assert ArrivalFile.objects.get().file.content_type == "image/jpeg"


def test_letters_and_accents_that_come_apart_are_the_name_that_the_form_says() -> None:
    of = open_field()
    xml = filled(of.form, build.household(of.programme.lokus), more="<foto>caf\u00e9.jpg</foto>")
    body, kind = multipart(xml, {"cafe\u0301.jpg": b"foto", "cafe.jpg": b"lain"})
    assert sent(of, body, kind).status == 201
    assert [(one.named, one.file.content()) for one in ArrivalFile.objects.order_by("-named")] == [
        (True, b"foto"),
        (False, b"lain"),
    ]


def test_a_token_cannot_be_guessed_and_is_not_kept() -> None:
    of = open_field()
    assert len(of.phone.token) == 43
    assert of.phone.token not in str(vars(of.phone.phone))


def test_a_form_too_long_for_a_row_is_kept_and_sent_again_is_no_second_one() -> None:
    of = open_field()
    xml = filled(of.form, build.household(of.programme.lokus), more=f"<catatan>{'x' * 2_000_000}</catatan>")
    statuses = [collect(of).post(f"{HOST}/odk/{of.phone.token}/submission", xml, {}).status for _ in range(2)]
    assert (statuses, Arrival.objects.get().raw_bytes()) == ([201, 202], xml)


def test_a_form_with_many_entities_and_none_of_ours_is_taken() -> None:
    of = open_field()
    more = "".join(
        f'<meta><entity dataset="lain" id="{uuid.uuid4()}" create="1" baseVersion="x" branchId="{"b" * 999}"/></meta>'
        for _ in range(2000)
    )
    xml = filled(of.form, build.household(of.programme.lokus), more=more)
    (reply,) = Collect(f"{HOST}/odk/{of.phone.token}", wire).send(xml)
    assert (reply[0], Arrival.objects.get().state) == (201, "waiting")


@pytest.mark.parametrize(("photos", "inserts"), [(0, 3), (1, 5), (3, 7)])
def test_a_new_form_takes_few_statements(photos: int, inserts: int) -> None:
    of = open_field()
    files = {f"{number}.jpg": bytes([number]) for number in range(photos)}
    bodies = [multipart(filled(of.form, build.household(of.programme.lokus)), files) for _ in range(2)]
    sent(of, *bodies[0])
    with CaptureQueriesContext(connection) as asked:
        assert sent(of, *bodies[1]).status == 201
    # Several rows of one table are one statement: `3 times: INSERT …`.
    words = [query["sql"].partition(" times: ")[2] or query["sql"] for query in asked]
    said = [word for word in (each.split()[0] for each in words) if word in {"SELECT", "INSERT", "UPDATE"}]
    # Before photos are written a look whether they are new.
    looks = ["SELECT"] * bool(photos)
    if connection.vendor == "sqlite":
        assert said == ["SELECT", *looks, *["INSERT"] * inserts]
    else:
        # One statement, which says itself that all still stands.
        assert [word for word in words if word.startswith("WITH first AS (INSERT")] == words[-1:]
        assert said == looks
