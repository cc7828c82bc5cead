"""Evidence in pages: brought, looked at, decided one after the other; what is served runs nowhere and says no place."""

import io
import re
import zipfile
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from selaras.actions import evidence as actions
from selaras.actions import evidence_codes, evidence_desk
from selaras.actions.jobs import work_off
from selaras.models import Blur, Evidence, Lokus, Role, StoredFile, User
from tests import build, hostile
from tests.build_evidence import CODE, ani, bring, secretary, states
from tests.build_programme import programme
from tests.hostile import photo

pytestmark = pytest.mark.django_db
PLACE = (-5.998113, 106.031244)
LOCKED = "default-src 'none'; style-src 'none'; frame-ancestors 'none'; sandbox"


@pytest.fixture
def lokus() -> Lokus:
    """Of a year with a published instrument."""
    return programme().lokus


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(lokus: Lokus, rest: str = "") -> str:
    return f"/tahun/{lokus.cycle.slug}/bukti/{rest}"


def send(client: Client, lokus: Lokus, content: bytes, name: str = "foto.jpg", **more: object) -> HttpResponse:
    file = SimpleUploadedFile(name, content) if content else ""
    data = {"id": str(uuid4()), "lokus": lokus.area, "file": file, "uses": ["contoh:jamban"], **more}
    return client.post(at(lokus, "baru/"), data)  # type: ignore[return-value]


def text(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_photo_is_sent_and_stands_on_its_page_with_its_passport(lokus: Lokus) -> None:
    client = browser(ani())
    sent = send(client, lokus, photo(place=PLACE), caption="Jamban RT 02")
    page = text(client.get(sent.headers["Location"]))
    found = Evidence.objects.get()

    assert sent.headers["Location"] == at(lokus, f"{found.uuid}/")
    for words in ("Jamban RT 02", "menunggu diperiksa", "9 Agustus 2024 pukul 10.11", found.sha256, "image/jpeg"):
        assert words in page
    assert "106.03" not in page
    assert "5.998" not in page


def test_a_file_that_is_refused_says_what_to_do_and_keeps_what_was_typed(lokus: Lokus) -> None:
    client = browser(ani())
    svg = send(client, lokus, hostile.SVG, "foto.jpg", caption="Jamban RT 02")
    nothing = send(client, lokus, b"")

    assert (svg.status_code, nothing.status_code) == (422, 422)
    assert "dapat menjalankan program; simpan sebagai PNG atau PDF lalu kirim lagi" in text(svg)
    assert 'value="Jamban RT 02"' in svg.content.decode()
    assert "belum ada berkas atau tautan; pilih satu berkas, atau tempel satu tautan" in text(nothing)
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize("content", [photo(place=PLACE), photo(place=PLACE, kind="PNG")])
def test_what_is_served_of_a_photo_says_nothing_but_the_picture_and_runs_nowhere(lokus: Lokus, content: bytes) -> None:
    by = ani()
    made = bring(by, lokus, content + b"BuntutVideo").evidence
    response = browser(by).get(at(lokus, f"{made.uuid}/berkas"))
    body = response.content

    for planted in (b"KameraUji9174", b"2024:08:09", b"BuntutVideo", b"GPS"):
        assert planted not in body
    assert b"KameraUji9174" in content
    assert response.headers["Content-Security-Policy"] == LOCKED
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith("inline")
    assert response.headers["Cache-Control"].count("no-store") == 1


def test_a_document_is_kept_by_the_browser_and_never_opened_in_it(lokus: Lokus) -> None:
    by = secretary()
    content = hostile.pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>")
    made = bring(by, lokus, content, name="SK “Tim”.pdf").evidence
    response = browser(by).get(at(lokus, f"{made.uuid}/berkas"))

    assert (response.content, response.headers["Content-Security-Policy"]) == (content, LOCKED)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_document_is_opened_by_who_may_see_names_and_its_sender_alone(lokus: Lokus) -> None:
    by = ani()
    made = bring(by, lokus, hostile.pdf(), name="hadir.pdf").evidence
    people = {
        "sender": by,
        "other cadre": build.member(Role.CADRE, f"{CODE}.RW04"),
        "lurah": build.member(Role.SUPERVISOR, CODE),
        "leader": build.member(Role.LEADER, "36.72"),
        "juror": build.member(Role.JUROR, "36.72"),
        "province": build.member(Role.PROVINCE, "36"),
    }
    files = {who: browser(user).get(at(lokus, f"{made.uuid}/berkas")).status_code for who, user in people.items()}
    pages = {who: browser(user).get(at(lokus, f"{made.uuid}/")).status_code for who, user in people.items()}
    lists = {who: browser(user).get(at(lokus)).status_code for who, user in people.items()}

    assert files == {
        "sender": 200, "other cadre": 403, "lurah": 200, "leader": 403, "juror": 404, "province": 404,
    }  # fmt: skip
    assert pages == {who: 404 if who in {"juror", "province"} else 200 for who in people}
    assert lists == {who: 403 if who in {"juror", "province"} else 200 for who in people}


def test_the_desk_goes_on_by_itself_and_a_decision_can_be_taken_back(lokus: Lokus) -> None:
    client, by = browser(secretary()), ani()
    first, second = (bring(by, lokus, photo(seed=n), cites=("jamban",), caption=f"Bukti {n}").evidence for n in (2, 3))
    desk = text(client.get(at(lokus, "meja/")))
    use = str(first.uses.get().pk)
    after = client.post(at(lokus, f"{first.uuid}/putusan/"), {"version": "1", "putusan": "terima", "guna": use}).url
    following = text(client.get(after))
    silent = client.post(at(lokus, f"{second.uuid}/putusan/"), {"version": "1", "putusan": "tolak", "alasan": " "})
    refusal = {"version": "1", "putusan": "tolak", "alasan": "Buram"}
    client.post(at(lokus, f"{second.uuid}/putusan/"), refusal)
    empty = text(client.get(at(lokus, "meja/")))
    client.post(at(lokus, f"{second.uuid}/tarik-putusan/"), {"version": "2"})

    assert ("Bukti 2" in desk, "2 bukti menunggu Anda." in desk) == (True, True)
    assert ("Bukti 3" in following, "Tadi: Bukti 2, terverifikasi." in following) == (True, True)
    assert (silent.status_code, "alasan menolak belum ditulis" in text(silent)) == (422, True)
    assert "Tidak ada yang menunggu Anda periksa" in empty
    assert (states(first), states(second)) == ({"jamban": "verified"}, {"jamban": "waiting"})


def test_what_was_skipped_comes_round_again(lokus: Lokus) -> None:
    client, by = browser(secretary()), ani()
    one, two = (bring(by, lokus, photo(seed=n), caption=f"Bukti {n}").evidence for n in (2, 3))
    shown = [text(client.get(at(lokus, f"meja/?sesudah={each.uuid}"))) for each in (one, two)]

    assert ["Bukti 3" in shown[0], "1 dilewati." in shown[0], "Bukti 2" in shown[1]] == [True, True, True]


def test_the_list_costs_the_same_for_one_and_for_three(
    lokus: Lokus, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user, by = secretary(), ani()
    client = browser(user)
    bring(by, lokus, photo(seed=2), cites=("jamban",))
    client.get(at(lokus))
    with django_assert_num_queries(20, exact=False) as one:
        client.get(at(lokus))
    for n in (3, 4):
        bring(by, lokus, photo(seed=n), cites=("jamban",))
    with django_assert_num_queries(len(one)):
        client.get(at(lokus))


def test_the_list_is_filtered_by_what_it_proves_where_and_how_it_stands(lokus: Lokus) -> None:
    by = ani()
    jamban = bring(by, lokus, photo(seed=2), cites=("jamban",), caption="Bukti jamban").evidence
    bring(by, lokus, hostile.pdf(), name="lain.pdf", caption="Bukti lain")
    evidence_desk.refuse(
        by=secretary(), cycle_slug=lokus.cycle.slug, evidence_id=jamban.uuid, version=1, reason="Buram"
    )
    client = browser(by)
    found = {
        asked: [name in text(client.get(f"{at(lokus)}?{asked}")) for name in ("Bukti jamban", "Bukti lain")]
        for asked in (
            "untuk=contoh:jamban",
            "jenis=document",
            "keadaan=refused",
            f"lokus={CODE}",
            "lokus=36.72.05.1001",
        )
    }

    assert found == {
        "untuk=contoh:jamban": [True, False],
        "jenis=document": [False, True],
        "keadaan=refused": [True, False],
        f"lokus={CODE}": [True, True],
        "lokus=36.72.05.1001": [False, False],
    }


def test_a_list_of_codes_is_taken_along_code_by_code_and_photos_as_public_copies_alone(lokus: Lokus) -> None:
    by = secretary()
    codes = evidence_codes.keep_list(
        by=by, cycle_slug=lokus.cycle.slug, title="KLA 2024", source="", text="1.1/a | Perda\n2 | Forum Anak"
    )
    first, second = codes.items.all()
    sent = [
        bring(ani(), lokus, hostile.pdf(), name="../=perda.pdf", items=(first.pk,)),
        bring(ani(), lokus, photo(place=PLACE), items=(first.pk,)),
        bring(ani(), lokus, photo(place=PLACE, seed=3), name="depan.png", items=(first.pk,)),
        bring(ani(), lokus, hostile.pdf(b"/X 1"), name="belum.pdf", items=(second.pk,)),
    ]
    copied = sent[2].evidence
    copy = StoredFile.store(b"salinan", "image/jpeg", copied.key)
    Blur.objects.create(evidence=copied, public=copy, nobody=True, confirmed_at=timezone.now())
    for kept in sent[:3]:
        uses = [kept.evidence.uses.get().pk]
        actions_desk = {"cycle_slug": lokus.cycle.slug, "evidence_id": kept.evidence.uuid, "version": 1}
        evidence_desk.verify(by=by, uses=uses, **actions_desk)  # type: ignore[arg-type]
    response = browser(by).post(at(lokus, f"kode/{codes.uuid}/unduh/"))
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:  # type: ignore[attr-defined]
        names = archive.namelist()
        contents = [archive.read(name) for name in names[:2]]

    assert names == ["1.1-a/01-perda.pdf", "1.1-a/03-depan.jpg", "daftar.xlsx"]
    assert contents == [hostile.pdf(), b"salinan"]


def test_the_point_of_a_lokus_tells_which_photos_are_far(lokus: Lokus) -> None:
    by = secretary()
    bring(ani(), lokus, photo(place=PLACE), caption="Jauh")
    url = f"/tahun/{lokus.cycle.slug}/lokus/{CODE}/titik/"
    client = browser(by)
    wrong = client.post(url, {"point": "entah", "radius": "1500"})
    client.post(url, {"point": "-6.1, 106.1", "radius": "1500"})
    work_off()
    page, listed = text(client.get(url)), text(client.get(at(lokus)))

    assert (wrong.status_code, "bukan pasangan lintang, bujur" in text(wrong)) == (422, True)
    assert "1 dari 1 foto yang punya titik GPS diambil lebih jauh dari itu." in page
    assert "Titik kamera jauh dari lokus." in listed


def test_what_was_taken_back_is_offered_to_who_may_and_to_nobody_else(lokus: Lokus) -> None:
    by = ani()
    made = bring(by, lokus, caption="Salah kirim").evidence
    actions.withdraw(by=by, cycle_slug=lokus.cycle.slug, evidence_id=made.uuid)
    hers, others = (text(browser(user).get(at(lokus))) for user in (by, build.member(Role.SUPERVISOR, CODE)))
    Evidence.objects.update(received_at=timezone.now())

    assert ("Baru ditarik" in hers, "Salah kirim" in hers, "Salah kirim" in others) == (True, True, False)
