"""/tahun/<slug>/rapat/: the list, a new meeting, its page and papers, its minutes, and who may."""

import io
import re

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from selaras.models import AuditEntry, Commitment, Cycle, Decision, Meeting
from tests import build
from tests.build_meetings import FORM, letterhead, meeting
from tests.build_programme import Programme, programme
from tests.web.cast import ani, budi, citra, dewi, inside, secretary
from tests.web.sent import fields_of

pytestmark = pytest.mark.django_db


def address(of: Cycle) -> str:
    return f"/tahun/{of.slug}/rapat/"


def called(client: Client, of: Programme, **changes: str) -> str:
    """The address of a meeting that was called by the form."""
    response = client.post(f"{address(of.cycle)}baru/", {**FORM, **changes})
    assert response.status_code == 302, response.content.decode()
    return response.headers["Location"]


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_only_the_secretariat_holds_meetings() -> None:
    of = programme()
    held = meeting(of.cycle)
    urls = ["", "baru/", f"{held.uuid}/", f"{held.uuid}/ubah/", f"{held.uuid}/notulen/"]
    urls += [f"{held.uuid}/kertas/undangan.pdf", f"{held.uuid}/hadir/"]
    build.place("36.73")
    people = (secretary(of), citra(of), ani(of), budi(of), dewi())
    seen = [[inside(who).get(address(of.cycle) + url).status_code for url in urls] for who in people]

    assert seen == [[200] * 7, [403] * 7, [403] * 7, [403] * 7, [404] * 7]
    assert [inside(who).post(f"{address(of.cycle)}{held.uuid}/batalkan/").status_code for who in people[1:]] == [
        403,
        403,
        403,
        404,
    ]
    assert Meeting.objects.get().cancelled_at is None


def test_another_years_meeting_is_not_found_under_this_one() -> None:
    of = programme()
    held = meeting(of.cycle)
    other = build.cycle(year=2025)
    client = inside(build.member("secretariat", "36.72"))  # type: ignore[arg-type]

    assert client.get(f"{address(other)}{held.uuid}/").status_code == 404


def test_a_new_meeting_is_proposed_from_agencies_and_loci() -> None:
    of = programme()
    build.agency("Dinkes")
    page = text(inside(secretary(of)), f"{address(of.cycle)}baru/?jenis=rakor")

    assert "Rapat Koordinasi P2WKSS Kota Cilegon Tahun 2024" in page
    assert "Kepala Dinas Dinkes\nCamat Jombang\nLurah Gedong Dalem</textarea>" in page


def test_a_meeting_is_called_listed_changed_and_called_off() -> None:
    of = programme()
    client = inside(secretary(of))
    url = called(client, of)
    assert "Rapat Uji" in text(client, address(of.cycle))
    client.post(f"{url}ubah/", {**FORM, "title": "Rapat Dua", "version": "1"})
    assert "Rapat Dua" in text(client, url)
    client.post(f"{url}batalkan/")

    assert "dibatalkan" in text(client, url)
    assert client.get(f"{url}kertas/undangan.pdf").status_code == 422
    assert client.get(f"{url}ubah/").status_code == 200
    assert client.post(f"{url}ubah/", {**FORM, "version": "3"}).status_code == 422
    client.post(f"{url}batalkan/", {"urung": "1"})
    assert "Adakan lagi" not in text(client, url)
    assert client.get(f"{url}kertas/undangan.pdf").status_code == 200


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "Bagian ini belum diisi. Isi dulu, lalu kirim lagi."),
        ({"ends": "08:00"}, "jam selesai tidak sesudah jam mulai"),
        ({"guests": "\n".join(f"Lurah {n}" for n in range(301))}, "paling banyak 300"),
        ({"guests": "Kepala " + "a" * 200}, "lebih dari 200 huruf"),
        ({"day": "kemarin"}, "Tulis tahun, bulan, dan hari, seperti 2026-11-27."),
    ],
)
def test_what_cannot_be_is_said_beside_the_form_and_nothing_is_lost(changes: dict[str, str], said: str) -> None:
    of = programme()
    response = inside(secretary(of)).post(f"{address(of.cycle)}baru/", {**FORM, **changes})
    page = response.content.decode()

    assert (response.status_code, said.casefold() in page.casefold()) == (422, True)
    assert ("Pembagian tugas" in page, Meeting.objects.count()) == (True, 0)


def test_what_the_minutes_say_stays_when_the_letter_changes() -> None:
    of = programme()
    client = inside(secretary(of))
    url = called(client, of)
    client.post(f"{url}notulen/", minutes())
    client.post(f"{url}ubah/", {**FORM, "title": "Rapat Dua", "version": "2"})
    held = Meeting.objects.get()

    assert (held.title, held.chair, held.note_taker) == ("Rapat Dua", "Sekretaris Daerah", "Citra Uji")
    assert (held.minutes, held.decisions.count()) == ("Rapat dibuka.\nDinkes melapor.", 2)


def test_of_two_who_change_a_meeting_the_second_sees_the_difference_and_keeps_her_words() -> None:
    of = programme()
    client, url = inside(secretary(of)), ""
    url = called(client, of)
    client.post(f"{url}ubah/", {**FORM, "venue": "Gedung Satu", "version": "1"})
    second = client.post(f"{url}ubah/", {**FORM, "venue": "Gedung Dua", "version": "1"})
    page = second.content.decode()

    assert (second.status_code, Meeting.objects.get().venue) == (422, "Gedung Satu")
    assert "Yang tersimpan sekarang" in page
    assert re.search(r"Gedung Satu</td>.*Gedung Dua</td>", page, re.DOTALL)
    assert 'value="Gedung Dua"' in page
    again = client.post(f"{url}ubah/", {**FORM, "venue": "Gedung Dua", "version": "2"})
    assert (again.status_code, Meeting.objects.get().venue) == (302, "Gedung Dua")


def test_the_page_says_what_the_letter_still_needs() -> None:
    of = programme()
    client = inside(secretary(of))
    url = called(client, of, letter_number="", guests="")
    needs = ["Kop surat belum diatur.", "Nomor surat belum ada", "Belum ada yang diundang."]
    assert [each for each in needs if each not in text(client, url)] == []
    letterhead(of.cycle)
    client.post(f"{url}ubah/", {**FORM, "version": "1"})

    assert "Sebelum undangan dikirim" not in text(client, url)


@pytest.mark.parametrize("paper", ["undangan", "daftar-hadir", "kehadiran", "notulen"])
def test_each_paper_is_a_pdf_and_a_document_and_written_down(paper: str) -> None:
    of = programme()
    letterhead(of.cycle)
    client = inside(secretary(of))
    url = called(client, of)
    before = AuditEntry.objects.count()
    pdf, document = (client.get(f"{url}kertas/{paper}.{suffix}") for suffix in ("pdf", "docx"))

    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="{paper}-2024-04-25.pdf"'
    assert "no-store" in pdf.headers["Cache-Control"]
    assert docx.Document(io.BytesIO(document.content)).tables != []
    written = AuditEntry.objects.order_by("id")[before:]
    assert [(each.action, each.details["paper"], each.details["file"]) for each in written] == [
        ("meetings.export", paper, "pdf"),
        ("meetings.export", paper, "docx"),
    ]
    assert [client.get(f"{url}kertas/{name}").status_code for name in ("surat.pdf", f"{paper}.exe")] == [404, 404]


def minutes(**changes: str) -> dict[str, str]:
    """What the form of the minutes sends with two decisions."""
    return {
        "chair": "Sekretaris Daerah",
        "note_taker": "Citra Uji",
        "minutes": "Rapat dibuka.\nDinkes melapor.",
        "version": "1",
        "putusan-banyak": "2",
        "putusan-0-text": "Bangun jamban",
        "putusan-0-due": "2024-08-31",
        "putusan-1-text": "Laporkan bulanan",
        **changes,
    }


def test_minutes_and_decisions_are_kept_changed_and_taken_out() -> None:
    of = programme()
    agency = build.agency("Dinkes")
    client = inside(secretary(of))
    url = called(client, of)
    assert client.post(f"{url}notulen/", minutes(**{"putusan-0-agency": str(agency.pk)})).status_code == 302
    page = text(client, url)
    rows = list(Decision.objects.values_list("text", "agency__short_name"))
    assert (rows, "Bangun jamban" in page) == ([("Bangun jamban", "Dinkes"), ("Laporkan bulanan", None)], True)
    first, second = Decision.objects.all()
    kept = {"putusan-0-id": str(first.pk), "putusan-1-id": str(second.pk)}
    response = client.post(f"{url}notulen/", minutes(version="2", **kept, **{"putusan-0-text": ""}))

    assert response.status_code == 302
    assert list(Decision.objects.values_list("pk", "position", "text")) == [(second.pk, 1, "Laporkan bulanan")]


def test_a_decision_that_became_a_commitment_keeps_it_when_the_minutes_change() -> None:
    of = programme()
    agency = build.agency("Dinkes")
    client = inside(secretary(of))
    url = called(client, of)
    client.post(f"{url}notulen/", minutes())
    promised = Commitment.objects.create(cycle=of.cycle, number=14, agency=agency, title="Jamban")
    first, second = Decision.objects.all()
    Decision.objects.filter(pk=first.pk).update(commitment=promised)
    kept = {"putusan-0-id": str(second.pk), "putusan-1-id": str(first.pk)}
    client.post(f"{url}notulen/", minutes(version="2", **kept))

    assert list(Decision.objects.values_list("pk", "commitment__number")) == [(second.pk, None), (first.pk, 14)]
    assert "K-014" in text(client, url)


def test_minutes_that_somebody_else_has_changed_are_compared_and_not_lost() -> None:
    of = programme()
    client = inside(secretary(of))
    url = called(client, of)
    client.post(f"{url}notulen/", minutes())
    second = client.post(f"{url}notulen/", minutes(minutes="Versi saya.", **{"putusan-0-text": "Putusan saya"}))
    page = second.content.decode()

    assert second.status_code == 422
    assert [
        each for each in ("Yang berbeda", "Versi saya.", "Putusan saya", "Dinkes melapor.") if each not in page
    ] == []
    assert Meeting.objects.get().minutes == "Rapat dibuka.\nDinkes melapor."


@pytest.mark.parametrize("count", ["", "1", "x", "7"])
def test_minutes_of_which_not_all_arrived_are_not_saved_and_nothing_that_was_typed_is_lost(count: str) -> None:
    of = programme()
    client = inside(secretary(of))
    url = called(client, of)
    client.post(f"{url}notulen/", minutes())
    first, second = Decision.objects.all()
    torn = {
        "version": "2", "putusan-banyak": count, "putusan-0-id": str(first.pk), "putusan-1-id": str(second.pk),
        "putusan-0-text": "Bangun dua jamban", "putusan-2-text": "Putusan ketiga", "minutes": "Rapat ditutup.",
    }  # fmt: skip
    response = client.post(f"{url}notulen/", minutes(**torn))
    page, typed = response.content.decode(), fields_of(response)

    assert response.status_code == 422
    assert "Keputusan: tidak semua baris sampai; yang sampai 3." in page
    assert [typed[f"putusan-{i}-text"] for i in range(3)] == ["Bangun dua jamban", "Laporkan bulanan", "Putusan ketiga"]
    assert (typed["minutes"], Meeting.objects.get().version, Decision.objects.count()) == ("Rapat ditutup.", 2, 2)
    # Sent again as the page now has it, it is saved.
    assert client.post(f"{url}notulen/", typed).status_code == 302
    assert list(Decision.objects.values_list("pk", "text"))[:2] == [
        (first.pk, "Bangun dua jamban"),
        (second.pk, "Laporkan bulanan"),
    ]
    assert Decision.objects.count() == 3


def test_a_decision_whose_own_number_was_changed_is_asked_about() -> None:
    of = programme()
    client = inside(secretary(of))
    url = called(client, of)
    response = client.post(f"{url}notulen/", minutes(**{"putusan-0-id": "x"}))
    page = response.content.decode()

    assert (response.status_code, Decision.objects.count(), "Bangun jamban" in page) == (422, 0, True)
    assert "Baris ini tidak utuh lagi. Salin isinya, muat ulang halamannya, lalu tulis lagi di situ." in page


def test_an_agency_of_another_city_is_not_taken() -> None:
    of = programme()
    build.place("36.73")
    other = build.agency("DinkesSerang", "36.73")
    client = inside(secretary(of))
    url = called(client, of)
    response = client.post(f"{url}notulen/", minutes(**{"putusan-0-agency": str(other.pk)}))

    assert (response.status_code, Decision.objects.count()) == (422, 0)


def test_the_list_asks_the_same_number_of_questions_for_three_meetings_as_for_one() -> None:
    of = programme()
    client = inside(secretary(of))
    counts = []
    for number in (1, 2):
        for _ in range(number):
            meeting(of.cycle)
        with CaptureQueriesContext(connection) as asked:
            client.get(address(of.cycle))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_one_press_makes_a_decision_the_commitment_of_its_agency() -> None:
    of = programme()
    agency = build.agency("Dinkes")
    client = inside(secretary(of))
    url = called(client, of)
    client.post(f"{url}notulen/", minutes(**{"putusan-0-agency": str(agency.pk)}))
    first, second = Decision.objects.all()
    press = [f"{url}keputusan/{row.pk}/komitmen/" for row in (first, second)]
    statuses = [client.post(press[0]).status_code, client.post(press[0]).status_code, client.post(press[1]).status_code]
    made = Commitment.objects.get()

    # The second press of the first, and the one without an agency, are refused.
    assert statuses == [302, 422, 422]
    assert (made.title, made.agency, str(made.ends)) == ("Bangun jamban", agency, "2024-08-31")
    assert made.legal_basis == "Notulen Rapat Uji, 25 April 2024"
    assert list(Decision.objects.values_list("commitment", flat=True)) == [made.pk, None]
    assert "Komitmen K-001" in text(client, url)
    assert [inside(who).post(press[1]).status_code for who in (citra(of), budi(of))] == [403, 403]
