"""/kiriman/berkas/: what could not be sent from a phone comes in by hand, once, as its maker's."""

import base64
import hashlib
import hmac
import io
import json
import os
from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.models.signals import pre_save
from django.http import HttpResponse
from django.test import Client

from selaras.actions.field.taking import take_in
from selaras.models import Arrival, ArrivalFile, AuditEntry, Role, Submission, Upload, User, files
from tests import build
from tests.build_field import Field, filled, open_field
from tests.build_sending import Item, Wire, item
from tests.photos import jpeg
from tests.web.cast import inside

pytestmark = pytest.mark.django_db


def cadre(of: Field) -> User:
    return of.phone.phone.user


def lurah(of: Field) -> User:
    return build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)


def form(of: Field, *files: tuple[str, bytes], rw: str = "03") -> Item:
    number = str(build.household(of.programme.lokus, rw=rw).uuid)
    home = build.household(of.programme.lokus, rw=rw)
    return item(filled(of.form, home, instance=f"uuid:{number}"), files, number=number)


def sealed_with(owner: User) -> dict[str, object]:
    """The secret that her browser was handed."""
    return json.loads(inside(owner).get("/isi/isi.json").content)["seal"]


def exported(
    owner: User,
    items: Sequence[Item],
    *,
    box: dict[str, object] | None = None,
    seal: dict[str, object] | None = None,
) -> bytes:
    """The file that queue.js writes (docs/offline.md); unsigned without a `seal`."""
    if box is None:
        box = json.loads(Client().get("/isi/kotak.js").content.removeprefix(b"export const box = ").rstrip(b";\n"))
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(str(box["key"])))
    head = {"selaras": 1, "user": str(owner.uuid), "box": box["id"], "made": "2026-11-27"}
    lines = [json.dumps(head | ({"seal": seal["id"]} if seal else {})).encode()]
    for each in items:
        own = ec.generate_private_key(ec.SECP256R1())
        sender = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        key = HKDF(SHA256(), 32, salt=sender, info=b"selaras parcel").derive(own.exchange(ec.ECDH(), theirs))
        nonce = os.urandom(12)
        sealed = AESGCM(key).encrypt(nonce, each.content, each.uuid.encode())
        said = {"uuid": each.uuid, "size": len(sealed), "iv": base64.b64encode(nonce).decode()}
        if seal is not None:
            message = f"selaras parcel\n{each.uuid}\n{each.digest}".encode()
            said["mac"] = hmac.new(base64.b64decode(str(seal["key"])), message, hashlib.sha256).hexdigest()
        lines += [json.dumps({**said, "from": base64.b64encode(sender).decode()}).encode(), sealed]
    return b"\n".join([*lines, b""])


def brought(user: User, content: bytes) -> HttpResponse:
    file = io.BytesIO(content)
    file.name = "isian.selaras"
    return inside(user).post("/kiriman/berkas/", {"berkas": file})


def said(answer: HttpResponse) -> list[tuple[str, str]]:
    return [(line["state"], line["said"]) for line in answer.context["lines"]]


TAKEN = ("sent", "Sudah diterima.")


def test_a_cadre_brings_in_her_own_file_and_it_is_as_if_she_had_sent_it() -> None:
    of = open_field()
    photo = jpeg()
    items = [form(of, ("a.jpg", photo)), form(of)]

    answer = brought(cadre(of), exported(cadre(of), items))
    take_in()

    assert (answer.status_code, said(answer)) == (200, [TAKEN, TAKEN])
    assert list(Arrival.objects.values_list("by", "mode", "state")) == [(cadre(of).pk, "web", "taken")] * 2
    assert ArrivalFile.objects.get().file.content() == photo
    assert "2 isian diterima" in answer.content.decode()


def test_the_same_file_again_and_the_phone_that_finds_its_signal_double_nothing() -> None:
    of = open_field()
    sent = form(of, ("a.jpg", jpeg()))
    file = exported(cadre(of), [sent])

    answers = [said(brought(cadre(of), file)) for _ in range(2)]
    told = Wire(inside(cadre(of))).told(sent)
    put = Wire(inside(cadre(of))).put(sent)

    assert answers == [[TAKEN]] * 2
    assert (told["state"], told["said"], put.json()["state"]) == ("sent", "Sudah diterima.", "sent")
    assert (Arrival.objects.count(), ArrivalFile.objects.count()) == (1, 1)


def test_what_the_phone_had_begun_to_send_is_finished_by_the_file() -> None:
    of = open_field()
    sent = form(of, ("a.jpg", jpeg()))
    wire = Wire(inside(cadre(of)))
    wire.put(sent, 0, 700)

    answer = brought(cadre(of), exported(cadre(of), [sent]))

    assert said(answer) == [TAKEN]
    assert wire.told(sent) == {"status": 200, "state": "sent", "said": "Sudah diterima.", "arrived": len(sent.content)}


def test_the_office_brings_it_in_as_the_cadres_and_is_written_down_as_who_brought_it() -> None:
    of = open_field()
    office, sent = lurah(of), form(of)
    file = exported(cadre(of), [sent], seal=sealed_with(cadre(of)))
    before = AuditEntry.objects.count()

    answer = brought(office, file)
    entries = [(entry.action, entry.actor, entry.object_id) for entry in AuditEntry.objects.order_by("pk")[before:]]
    take_in()

    assert said(answer) == [TAKEN]
    assert Submission.objects.get().by == cadre(of)
    assert Arrival.objects.get().carrier == office
    assert entries == [
        ("arrivals.receive", office, str(Arrival.objects.get().uuid)),
        ("arrivals.bring", office, str(cadre(of).uuid)),
    ]


def test_of_a_cadre_who_left_the_office_brings_it_in_and_it_is_held() -> None:
    of = open_field()
    sent, file_of = form(of), cadre(of)
    seal = sealed_with(file_of)
    User.objects.filter(pk=file_of.pk).update(is_active=False)

    answer = brought(lurah(of), exported(file_of, [sent], seal=seal))

    assert said(answer) == [
        (
            "held",
            "Sudah diterima, ditahan: tugas Anda di tahun ini sudah berakhir. Perlu diputuskan kelurahan.",
        )
    ]
    assert Arrival.objects.get().reason == "no_task"


HELD = (
    "held",
    "Sudah diterima, ditahan: dibawa orang lain, dan berkasnya tidak ditandai HP pengirimnya. Perlu diputuskan "
    "kelurahan.",
)


def forged(of: Field) -> dict[str, dict[str, object] | None]:
    """Who has not her browser may write this: nothing, another's seal, a guess, one of a key that is not there."""
    other = build.member(Role.CADRE, f"{of.programme.lokus.area}.RW05", cycle=of.programme.cycle)
    true = sealed_with(cadre(of))
    return {
        "none": None,
        "another's": sealed_with(other),
        "guessed": {**true, "key": base64.b64encode(b"0" * 32).decode()},
        "no key": {**true, "id": 99},
    }


@pytest.mark.parametrize("how", ["none", "another's", "guessed", "no key"])
def test_what_anybody_could_have_made_in_her_name_waits_and_says_who_brought_it(how: str) -> None:
    of = open_field()
    office, sent = lurah(of), form(of)

    answer = brought(office, exported(cadre(of), [sent], seal=forged(of)[how]))
    take_in()

    held = Arrival.objects.get()
    assert said(answer) == [HELD]
    assert (held.by, held.carrier, held.state, held.reason) == (cadre(of), office, "quarantined", "carried")
    assert Submission.objects.count() == 0


def test_a_signature_of_one_item_is_none_of_another_under_its_number() -> None:
    of = open_field()
    seal, first = sealed_with(cadre(of)), form(of)
    home = build.household(of.programme.lokus, rw="03")
    other = item(filled(of.form, home, {"jumlah": "9"}, instance=f"uuid:{first.uuid}"), number=first.uuid)
    swapped = Item(other.uuid, other.content, first.digest)

    answer = brought(lurah(of), exported(cadre(of), [swapped], seal=seal))

    assert said(answer) == [HELD]


def test_the_office_sees_who_brought_it_and_lets_it_in_as_the_cadres() -> None:
    of = open_field()
    office, carrier = lurah(of), build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)
    User.objects.filter(pk=carrier.pk).update(full_name="Wulan Pembawa")
    brought(carrier, exported(cadre(of), [form(of)]))
    address = f"/tahun/{of.programme.cycle.slug}/kiriman/{Arrival.objects.get().uuid}/"

    page = inside(office).get(address).content.decode()
    inside(office).post(f"{address}putuskan/", {"tindakan": "terima", "dilihat": "carried"})

    assert "<dt>Dibawa oleh</dt><dd>Wulan Pembawa</dd>" in page
    assert "Dibawa orang lain, belum pasti dari pengirimnya" in page
    assert (Arrival.objects.get().state, Submission.objects.get().by) == ("taken", cadre(of))


def test_of_what_she_sends_or_brings_herself_nobody_is_said_to_have_brought_it() -> None:
    of = open_field()
    sent, file = form(of), exported(cadre(of), [form(of)])
    Wire(inside(cadre(of))).put(sent)
    brought(cadre(of), file)

    assert list(Arrival.objects.values_list("carrier", "reason")) == [(None, "")] * 2


def test_where_the_server_cannot_keep_one_item_the_others_are_in_and_told_and_written_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of = open_field()
    items = [form(of, ("a.jpg", jpeg())), form(of, ("b.jpg", jpeg())), form(of)]
    file = exported(cadre(of), items)
    full = iter([False, True])
    written = files.write_once

    def once_full(*given: object) -> object:
        if next(full, False):
            raise OSError(28, "No space left on device")
        return written(*given)

    monkeypatch.setattr("selaras.models.files.write_once", once_full)
    answer = brought(cadre(of), file)
    entry = AuditEntry.objects.get(action="arrivals.bring")
    again = brought(cadre(of), file)

    later = "server sedang tidak dapat menyimpan isian ini; bawa lagi berkas yang sama beberapa saat lagi"
    assert (answer.status_code, said(answer)) == (200, [TAKEN, ("refused", later), TAKEN])
    assert (entry.details["arrivals"], entry.details["left"]) == (2, 1)
    assert said(again) == [TAKEN] * 3
    assert (Arrival.objects.count(), ArrivalFile.objects.count()) == (3, 2)


@pytest.mark.parametrize("error", [OperationalError, IntegrityError, InterfaceError])
def test_a_database_that_fails_at_one_item_keeps_no_other_out(error: type[Exception]) -> None:
    of = open_field()
    items = [form(of), form(of), form(of)]

    def fails(instance: Upload, **_given: object) -> None:
        if str(instance.uuid) == items[1].uuid:
            raise error("database is locked")

    pre_save.connect(fails, sender=Upload)
    try:
        answer = brought(cadre(of), exported(cadre(of), items))
    finally:
        pre_save.disconnect(fails, sender=Upload)

    assert (answer.status_code, [state for state, _ in said(answer)]) == (200, ["sent", "refused", "sent"])
    assert AuditEntry.objects.get(action="arrivals.bring").details["arrivals"] == 2


def test_another_cadre_and_another_lurah_bring_in_nothing_of_hers() -> None:
    of = open_field()
    file = exported(cadre(of), [form(of)])
    build.place("36.72.05.1001")
    others = [
        build.member(Role.CADRE, f"{of.programme.lokus.area}.RW05", cycle=of.programme.cycle),
        build.member(Role.SUPERVISOR, "36.72.05.1001", cycle=of.programme.cycle),
    ]

    answers = [said(brought(user, file)) for user in others]

    assert [[state for state, _ in answer] for answer in answers] == [["refused"], ["refused"]]
    assert all("di luar wilayah Anda" in answer[0][1] for answer in answers)
    assert Arrival.objects.count() == 0


def test_who_has_nothing_to_do_with_families_is_refused_at_the_door() -> None:
    of = open_field()
    juror = build.member(Role.JUROR, "36.72", cycle=of.programme.cycle)

    answers = [inside(juror).get("/kiriman/berkas/"), brought(juror, exported(cadre(of), [form(of)]))]

    assert [each.status_code for each in answers] == [403, 403]
    assert Arrival.objects.count() == 0


def test_who_finds_the_file_reads_nothing_in_it() -> None:
    of = open_field()
    home = build.household(of.programme.lokus, rw="03", name="Rohayati Rahasia")
    sent = item(filled(of.form, home, {"jumlah": "4", "catatan": "RAHASIA"}))

    content = exported(cadre(of), [sent])

    planted = (b"RAHASIA", b"Rohayati", str(home.uuid).encode(), b"<data")
    assert [word in content for word in planted] == [False] * 4
    assert [word in sent.content for word in (b"RAHASIA", str(home.uuid).encode())] == [True, True]


def test_one_changed_item_stays_out_and_the_others_come_in() -> None:
    of = open_field()
    items = [form(of), form(of), form(of)]
    file = bytearray(exported(cadre(of), items))
    second = bytes(file).index(items[1].uuid.encode())
    place = bytes(file).index(b"\n", second) + 30
    file[place] ^= 1

    answer = brought(cadre(of), bytes(file))

    assert [state for state, _ in said(answer)] == ["sent", "refused", "sent"]
    assert "1 belum masuk" in answer.content.decode()
    assert Arrival.objects.count() == 2


def test_a_file_of_another_server_opens_nothing() -> None:
    of = open_field()
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    box = {"id": 1, "key": base64.b64encode(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)).decode()}

    answer = brought(cadre(of), exported(cadre(of), [form(of)], box=box))

    assert [state for state, _ in said(answer)] == ["refused"]
    assert Arrival.objects.count() == 0


def test_of_a_file_that_was_cut_what_came_before_is_in_and_the_rest_is_said_to_be_missing() -> None:
    of = open_field()
    file = exported(cadre(of), [form(of), form(of)])

    answer = brought(cadre(of), file[:-100])

    assert [state for state, _ in said(answer)] == ["sent", "refused"]
    assert "terpotong" in said(answer)[1][1]
    assert Arrival.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"bukan", b"{}\n", b'{"selaras": 1}\n', b"\x00" * 5000, b'[1]\n{"a": 1}'])
def test_what_is_no_such_file_is_refused_with_a_remedy(content: bytes) -> None:
    of = open_field()

    answer = brought(cadre(of), content)

    assert answer.status_code == 422
    assert "berakhiran .selaras" in answer.content.decode()
    assert Arrival.objects.count() == 0


def test_a_file_without_items_and_no_file_are_said_to_be_so() -> None:
    of = open_field()

    answers = [brought(cadre(of), exported(cadre(of), [])), inside(cadre(of)).post("/kiriman/berkas/", {})]

    assert [each.status_code for each in answers] == [422, 422]
    assert ["tidak berisi isian" in answers[0].content.decode(), "belum dipilih" in answers[1].content.decode()] == [
        True,
        True,
    ]
