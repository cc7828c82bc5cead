"""Evidence by the queue: what was chosen without a network arrives once, cut or repeated, and only where she may."""

import json
import uuid
from typing import Any

import pytest

from selaras.models import Evidence, Role, Upload
from tests import build, hostile
from tests.build_evidence import CODE, states
from tests.build_field import Field, open_field
from tests.build_sending import Item, Wire, packed
from tests.hostile import photo
from tests.web.cast import inside

pytestmark = pytest.mark.django_db
PLACE = (-5.998113, 106.031244)


@pytest.fixture
def of() -> Field:
    return open_field()


def chosen(of: Field, content: bytes, *, name: str = "IMG_1.jpg", number: str = "", **more: Any) -> Item:
    """A file as static/selaras/isi/proof.js puts it into the queue."""
    number = number or str(uuid.uuid4())
    slug = of.programme.cycle.slug
    said = {"id": number, "tahun": slug, "lokus": CODE, "keterangan": "Jamban", "untuk": ["contoh:jamban"], **more}
    parts = [("bukti.json", "application/json", json.dumps(said).encode()), (name, "image/jpeg", content)]
    return packed("evidence", parts, number=number)


def told(answer: Any) -> tuple[int, str, str]:
    return (answer.status_code, answer.json()["state"], answer.json()["said"])


def test_a_photo_chosen_without_a_network_arrives_as_it_was_with_what_its_camera_wrote(of: Field) -> None:
    by, content = of.phone.phone.user, photo(place=PLACE)
    answer = Wire(inside(by)).put(chosen(of, content))
    found = Evidence.objects.get()

    assert told(answer) == (200, "sent", "Sudah diterima.")
    assert (found.uploaded_by, found.caption, found.filename, found.area) == (by, "Jamban", "IMG_1.jpg", CODE)
    assert (found.the_place(), states(found)) == (PLACE, {"jamban": "waiting"})
    assert found.file is not None
    assert found.file.content() == content


def test_cut_repeated_and_sent_again_under_another_number_it_is_one(of: Field) -> None:
    wire, sent = Wire(inside(of.phone.phone.user)), chosen(of, photo())
    wire.put(sent, 0, 700)
    wire.put(sent, 700)
    again = [told(wire.put(sent))[:2] for _ in range(2)]
    other = told(wire.put(chosen(of, photo())))[:2]

    assert (again, other) == ([(200, "sent")] * 2, (200, "sent"))
    assert (Evidence.objects.count(), Upload.objects.filter(done_at__isnull=False).count()) == (1, 2)


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        (hostile.SVG, {}, "simpan sebagai PNG atau PDF"),
        (photo() + hostile.pdf(), {}, "menumpang berkas lain"),
        (photo(), {"untuk": ["contoh:khayalan"]}, "indikator atau kode itu tidak dikenal"),
        (photo(), {"id": "bukan-nomor"}, "kiriman bukti tidak terbaca"),
        (photo(), {"untuk": 7}, "kiriman bukti tidak terbaca"),
        (photo(), {"keterangan": "a\x00" * 140}, ""),
    ],
)
def test_what_cannot_be_taken_says_why_and_waits_in_her_browser(
    of: Field, content: bytes, more: dict[str, Any], said: str
) -> None:
    status, state, words = told(Wire(inside(of.phone.phone.user)).put(chosen(of, content, **more)))

    assert (status, state) == ((422, "refused") if said else (200, "sent"))
    assert said in words
    assert Evidence.objects.count() == (0 if said else 1)


def test_who_may_bring_nothing_there_is_refused(of: Field) -> None:
    build.lokus(build.cycle("36.73"), "36.73.01.1001", prefix="SR")
    cadre = build.member(Role.CADRE, "36.73.01.1001.RW01")
    juror = build.member(Role.JUROR, "36.72")
    found = [told(Wire(inside(user)).put(chosen(of, photo())))[:2] for user in (cadre, juror)]

    assert found == [(404, "refused"), (403, "refused")]
    assert Evidence.objects.count() == 0


def test_a_browser_is_told_what_it_may_send_evidence_of_and_no_family(of: Field) -> None:
    build.household(of.programme.lokus, rw="03", rt="02", name="Zubaidah Rahasia")
    said = inside(of.phone.phone.user).get("/isi/isi.json").json()["evidence"]
    values = [value for _title, choices in said["uses"] for value, _label in choices]

    assert said["loci"] == [[CODE, "Gedong Dalem"]]
    assert "contoh:jamban" in values
    assert "Zubaidah" not in json.dumps(said)
