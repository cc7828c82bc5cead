"""How receipt stores what comes at once, finds what was there, and takes a request apart."""

import uuid
from collections.abc import Sequence
from io import BytesIO

import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.http.multipartparser import MultiPartParser
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from selaras.actions.field import keeping, receiving
from selaras.actions.field.keeping import Keeping
from selaras.actions.field.receiving import Parcel, Sender, Sent, receive
from selaras.models import Arrival, ArrivalFile, AuditEntry, DataKey, KeyPurpose, StoredFile, keys
from selaras.openrosa.parcels import parcel_of, parts_of
from tests import build
from tests.build_field import Field, filled, open_field, phone_of
from tests.openrosa.collect import multipart


def fresh(of: Field, *names: str, number: str = "", raw_hash: str = "") -> Keeping:
    """A new form with so many photos, not stored."""
    phone = of.phone.phone
    arrival = Arrival(
        cycle=phone.cycle, token=phone, by=phone.user, area="x", mode="phone", state="waiting", first=True,
        instance_id=number or f"uuid:{uuid.uuid4()}", raw_hash=raw_hash or uuid.uuid4().hex, received_at=timezone.now(),
        key=DataKey.fresh(KeyPurpose.SUBMISSION),
    )  # fmt: skip
    arrival.seal_raw(b"<data/>")
    files = [ArrivalFile(arrival=arrival, name=name, content_hash=name, named=True) for name in names]
    for row in files:
        row.file = StoredFile.written(row.name.encode(), "image/jpeg", arrival.key)
    return Keeping(phone.user, arrival, files, fresh=True)


@pytest.mark.django_db
def test_forms_of_one_line_are_stored_together_each_with_its_files_and_its_entry() -> None:
    of = open_field()
    line = [fresh(of), fresh(of, "a.jpg"), fresh(of, "a.jpg", "b.jpg")]
    twice = fresh(of, "c.jpg", number=line[0].arrival.instance_id, raw_hash=line[0].arrival.raw_hash)

    keeping._settled([*line, twice])

    assert [(one.kept, one.stored) for one in (*line, twice)] == [(True, 0), (True, 1), (True, 2), (False, 0)]
    rows = Arrival.objects.order_by("pk")
    assert [row.pk for row in rows] == [one.arrival.pk for one in line]
    assert [[file.file.content() for file in row.files.order_by("name")] for row in rows] == [
        [], [b"a.jpg"], [b"a.jpg", b"b.jpg"],
    ]  # fmt: skip
    written = AuditEntry.objects.filter(action="arrivals.receive").order_by("pk")
    assert [(one.object_id, one.details["files"]) for one in written] == [
        (str(one.arrival.uuid), one.stored) for one in line
    ]
    assert (
        DataKey.objects.filter(purpose="submission").count(),
        StoredFile.objects.filter(key__isnull=False).count(),
    ) == (3, 3)


@pytest.mark.django_db
def test_of_a_line_of_which_one_cannot_be_stored_the_others_are() -> None:
    of = open_field()
    line = [fresh(of), fresh(of), fresh(of)]
    line[1].arrival.cycle_id = None  # type: ignore[assignment]

    keeping._settled(line)

    assert [one.kept and one._error is None for one in line] == [True, False, True]
    assert isinstance(line[1]._error, DatabaseError)
    assert sorted(Arrival.objects.values_list("pk", flat=True)) == sorted([line[0].arrival.pk, line[2].arrival.pk])
    with pytest.raises(DatabaseError):
        keeping.keep(fresh_of_nobody(of))


def fresh_of_nobody(of: Field) -> Keeping:
    one = fresh(of)
    one.arrival.cycle_id = None  # type: ignore[assignment]
    return one


@pytest.mark.django_db
def test_the_same_broken_bytes_of_two_phones_are_two_arrivals_and_nobodys_photo_comes_to_the_others() -> None:
    of = open_field()
    other = phone_of(of.programme)
    for phone, photo in ((of.phone, b"satu"), (other, b"dua"), (of.phone, b"satu")):
        receive(sender=Sender.of(phone.phone), parcel=Parcel(b"rusak", (Sent("foto.jpg", photo),)))

    found = [(row.by, [one.file.content() for one in row.files.all()]) for row in Arrival.objects.order_by("pk")]
    assert found == [(of.phone.phone.user, [b"satu"]), (other.phone.user, [b"dua"])]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's planner reads what a partial index holds")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "given_", "index"),
    [
        (receiving._KNOWN, {"cycle": 1, "instance_id": "uuid:1"}, "one_arrival_a_content"),
        (receiving._NAMELESS, {"by": 1, "cycle": 1, "raw_hash": "x"}, "one_nameless_a_content"),
        (receiving._FORM, {"cycle": 1, "form_id": "x", "form_version": "1"}, "one_form_a_version"),
        (keys._SEARCH_KEY, {"purpose": "search"}, "one_key_alone"),
    ],
)
def test_no_lookup_of_receipt_reads_a_whole_table(asked: object, given_: dict[str, str | int], index: str) -> None:
    query: QuerySet[Arrival] = asked._make(**given_)  # type: ignore[attr-defined]
    sql, params = query.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        plan = [row[3] for row in cursor.fetchall()]
    assert [line for line in plan if line.startswith("SCAN")] == []
    assert any(index in line or "autoindex" in line for line in plan), plan


# --- a request taken apart --------------------------------------------------------------------------------------------
BOUNDARY = "batas"


def by_django(body: bytes, boundary: str = BOUNDARY) -> list[tuple[str, str, bytes]]:
    """(name, kind, bytes) of each file, as Django reads them."""
    kind = f"multipart/form-data; boundary={boundary}"
    request = RequestFactory().post("/", body, content_type=kind)
    _fields, found = MultiPartParser(request.META, BytesIO(body), [MemoryFileUploadHandler(request)]).parse()
    return sorted((name, part.content_type, part.read()) for name, parts in found.lists() for part in parts)


def part(name: str, content: bytes, *, more: str = "", file: str = "x") -> bytes:
    named = f'Content-Disposition: form-data; name="{name}"; filename="{file}"'
    return f"--{BOUNDARY}\r\n{named}\r\nContent-Type: image/jpeg\r\n{more}\r\n".encode() + content + b"\r\n"


CONTENT = st.lists(st.sampled_from([b"\r\n", b"--", b"--batas", b"\r\n--bata", b"a", b"\n", b"\0", b""]), max_size=8)


@given(st.lists(CONTENT.map(b"".join), max_size=4), st.sampled_from([b"", b"\r\n", b"awal\r\n"]))
def test_what_is_cut_at_once_is_what_django_reads(contents: Sequence[bytes], before: bytes) -> None:
    xml = part("xml_submission_file", b"<data/>")
    files = [part(f"{number}.jpg", content) for number, content in enumerate(contents)]
    body = before + xml + b"".join(files) + f"--{BOUNDARY}--\r\n".encode()
    found = parts_of(body, BOUNDARY.encode())

    if not any(b"--batas" in content for content in contents):
        assert found is not None
        assert sorted((one.name, one.kind, one.content) for one in found) == by_django(body)
    elif not any(b"\r\n--batas" in b"\r\n" + content for content in contents):
        # Within a line it is no boundary, although Django ends the photo there.
        assert found is not None
        assert [one.content for one in found] == [b"<data/>", *contents]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--batas--",
        part("foto.jpg", b"x") + b"--batas--",
        part("xml_submission_file", b"x"),
        part("xml_submission_file", b"x") + b"--batas--" + b"x" * 600,
        part("xml_submission_file", b"x") * 2 + b"--batas--",
        part("xml_submission_file", b"x") + part("", b"y") + b"--batas--",
        part("xml_submission_file", b"x", more="Content-Transfer-Encoding: base64\r\n") + b"--batas--",
        part("xml_submission_file", b"x") + part('a\\"b', b"y") + b"--batas--",
        part("xml_submission_file", b"x").replace(b"\r\n", b"\n") + b"--batas--",
        part("xml_submission_file", b"x") * 300 + b"--batas--",
        b"--batas\r\n\r\nx\r\n--batas--",
    ],
)
def test_a_body_that_is_written_otherwise_is_left_to_django(body: bytes) -> None:
    assert parts_of(body, b"batas") is None


@pytest.mark.django_db
def test_a_body_that_only_django_reads_is_a_form_too() -> None:
    of = open_field()
    xml = filled(of.form, build.household(of.programme.lokus))
    body, kind = multipart(xml, {"foto.jpg": b"satu"})
    body = body.replace(b"Content-Type: image/jpeg", b"X-Lain: ya\r\nContent-Type: image/jpeg")
    request = RequestFactory().generic("POST", f"/odk/{of.phone.token}/submission", body, content_type=kind)
    parcel = parcel_of(request)
    assert parcel is not None
    assert (parcel.xml, [(one.name, one.content) for one in parcel.files]) == (xml, [("foto.jpg", b"satu")])
