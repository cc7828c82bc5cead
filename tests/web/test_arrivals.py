"""/tahun/<slug>/kiriman/ and one filled form: what is told to whom, and what can be done with it."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.field.phones import Handed, give_phone
from selaras.actions.field.receiving import Parcel, Sender, Sent, receive
from selaras.actions.field.taking import take_in
from selaras.models import Arrival, AuditEntry, CurrentAnswers, Household, Role, Round
from selaras.queries.arrival import arrival_page
from selaras.queries.photos import without_metadata
from selaras.web.arrival_words import REASONS
from tests import build
from tests.build_field import Field, filled, open_field
from tests.photos import PLANTED, jpeg
from tests.web.cast import ani, budi, citra, dewi, inside, secretary
from tests.web.doors.world import workbook

pytestmark = pytest.mark.django_db


def send(of: Field, xml: bytes, *files: Sent, phone: Handed | None = None) -> Arrival:
    found = receive(sender=Sender.of((phone or of.phone).phone), parcel=Parcel(xml, files)).arrival
    take_in()
    found.refresh_from_db()
    return found


def base(of: Field) -> str:
    return f"/tahun/{of.programme.cycle.slug}/kiriman/"


def text(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def decided(client: Client, address: str, **said: str) -> HttpResponse:
    """The answer where she decides on the page as it stands: with the doubts that it shows."""
    shown = re.findall(r'name="dilihat" value="(\w+)"', client.get(address).content.decode())
    return client.post(f"{address}putuskan/", {**said, "dilihat": shown})


def late(of: Field, family: Household, answers: dict[str, str] | None = None) -> Arrival:
    """A form that came after its round had closed."""
    found = send(of, filled(of.form, family, answers))
    Arrival.objects.filter(pk=found.pk).update(state="quarantined", reason="late", household=None, submission=None)
    CurrentAnswers.objects.filter(household=family).delete()
    found.visit.delete()
    found.refresh_from_db()
    return found


def lurah(of: Field):
    return build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)


def test_every_reason_is_told_of_what_is_held_for_the_first() -> None:
    of = open_field()
    cycle, now = of.programme.cycle, timezone.now()
    cadre, area = of.phone.phone.user, of.programme.lokus.area
    Round.objects.filter(pk=of.programme.round.pk).update(
        opens=timezone.localdate() - timedelta(days=9), closes=timezone.localdate() - timedelta(days=3)
    )
    cycle.closed_at = now - timedelta(days=1)
    cycle.save()
    xml = filled(of.form, build.household(of.programme.lokus, rw="03"))
    other = xml.replace(b"</data>", b"<lain/></data>")
    assert other != xml
    sender, client = Sender(cycle, cadre, area), inside(secretary(of.programme))

    def told(ended: timedelta, content: bytes) -> tuple[str, tuple[str, ...]]:
        cadre.memberships.update(ends=now - ended)
        found = receive(sender=sender, parcel=Parcel(content)).arrival
        page = arrival_page(secretary(of.programme), cycle.slug, found.uuid)
        said = text(client, f"{base(of)}{found.uuid}/")
        assert [word for word in ("no_task", "late", "other_bytes") if f"<b>{REASONS[word]}.</b>" in said] == [
            *page.beside
        ]
        return page.line.reason, page.beside

    # Her task ended with the year: that is the year's reason. The day before it is hers.
    assert told(timedelta(days=1), xml) == ("closed", ("late",))
    assert told(timedelta(days=2), other) == ("closed", ("no_task", "late", "other_bytes"))


def test_what_a_page_shows_beside_the_reason_is_settled_by_the_one_press_that_shows_it() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    late_one = late(of, family, {"jumlah": "9"})
    original = send(of, filled(of.form, family, {"jumlah": "3"}))
    rows = Arrival.objects.filter(pk=late_one.pk)
    rows.update(deprecated_id=original.instance_id)
    Round.objects.filter(pk=of.programme.round.pk).update(
        opens=timezone.localdate() - timedelta(days=9), closes=timezone.localdate() - timedelta(days=3)
    )
    client, address = inside(secretary(of.programme)), f"{base(of)}{late_one.uuid}/"

    def told() -> tuple[bool, bool, bool]:
        """Beside its reason; a way to the original; among those of one press."""
        said = text(client, address)
        return (
            str(REASONS["no_original"]) in said,
            f"/{original.uuid}/" in said,
            "hanya terlambat" in text(client, base(of)),
        )

    assert told() == (False, False, True)
    CurrentAnswers.objects.all().delete()
    Arrival.objects.filter(pk=original.pk).update(state="quarantined", reason="failed", submission=None)
    assert told() == (True, True, False)
    rows.update(deprecated_id=f"uuid:{uuid.uuid4()}")
    assert told() == (True, False, False)
    seen = {"dilihat": str(late_one.uuid)}
    said = client.post(f"{base(of)}terlambat/", seen, follow=True).content.decode()
    assert re.findall(r"[^>]*terlambat[;.] ?[^<]*", said) == [
        "1 kiriman tidak lagi hanya terlambat; lihat satu per satu."
    ]

    assert decided(client, address, tindakan="terima").status_code == 302
    assert [row.state for row in rows] == ["taken"]
    assert CurrentAnswers.objects.get(household=family).answers == {"jumlah": 9}


# --- the list
def test_who_keeps_the_records_sees_the_list_and_nobody_else() -> None:
    of = open_field()
    here = of.programme
    people = {"secretary": secretary(here), "lurah": lurah(of), "ani": ani(here), "citra": citra(here), "dewi": dewi()}
    seen = {who: inside(user).get(base(of)).status_code for who, user in people.items()}

    assert seen == {"secretary": 200, "lurah": 200, "ani": 403, "citra": 403, "dewi": 404}


def test_what_waits_for_a_person_stands_first_with_its_reason_in_words() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    send(of, b"rusak")
    send(of, filled(of.form, family))

    said = text(inside(secretary(of.programme)), base(of))

    assert re.findall(r"<b>(Isi kiriman rusak|GD-001)</b>", said) == ["Isi kiriman rusak", "GD-001"]
    assert re.findall(r"(\w[\w ]*) <b>(\d+)</b></a></li>", said) == [
        ("semua", "2"),
        ("perlu diputuskan", "1"),
        ("menunggu dibaca", "0"),
        ("diterima", "1"),
        ("disisihkan", "0"),
        ("latihan", "0"),
    ]
    assert "1 kiriman perlu diputuskan" in said


def test_the_list_is_narrowed_by_state_sender_and_lokus_and_never_beyond_her_area() -> None:
    of = open_field()
    other = build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ")
    sri = build.member(Role.CADRE, other.area, cycle=of.programme.cycle)
    phone = give_phone(by=CONSOLE, cycle_slug=of.programme.cycle.slug, membership_id=sri.memberships.get().pk)
    ours, theirs = send(of, b"rusak"), send(of, b"rusak lain", phone=phone)

    def listed(client: Client, query: str = "") -> set[str]:
        return set(re.findall(r"/kiriman/([0-9a-f-]{36})/", client.get(base(of) + query).content.decode()))

    both, one = {str(ours.uuid), str(theirs.uuid)}, {str(theirs.uuid)}
    client = inside(secretary(of.programme))
    assert listed(client) == both
    assert listed(client, f"?oleh={sri.uuid}") == one
    assert listed(client, "?lokus=36.72.05.1001") == one
    assert listed(client, "?keadaan=taken") == set()
    assert listed(client, "?keadaan=apa&oleh=x&halaman=99999999") == both
    assert listed(inside(budi(of.programme))) == one
    assert inside(budi(of.programme)).get(f"{base(of)}{ours.uuid}/").status_code == 404


def test_the_list_takes_as_many_statements_for_three_as_for_one() -> None:
    of = open_field()
    client = inside(secretary(of.programme))
    counts = []
    for number in (1, 2):
        for _ in range(number):
            family = build.household(of.programme.lokus, rw="03")
            send(of, filled(of.form, family), Sent("foto.jpg", jpeg()))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(base(of)).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


# --- one form
def test_a_form_is_told_in_questions_and_answers_without_health_and_without_names() -> None:
    of = open_field(workbook())
    family = build.household(of.programme.lokus, rw="03", name="Zubaidah Asli", address="Gang Rahasia")
    xml = filled(of.form, family, {"jumlah": "4", "batuk": "ya", "jamban": "leher_angsa"})
    arrival = send(of, xml.replace(b"</sl_keluarga>", b"</sl_keluarga><sl_nama>Zubaidah Baru</sl_nama>"))
    client = inside(secretary(of.programme))

    said = text(client, f"{base(of)}{arrival.uuid}/")

    assert {word: word in said for word in ("GD-001", "Jamban", "batuk", "Zubaidah", "Gang Rahasia")} == {
        "GD-001": True,
        "Jamban": True,
        "batuk": False,
        "Zubaidah": False,
        "Gang Rahasia": False,
    }
    assert not AuditEntry.objects.filter(action__in=["arrivals.reveal_names", "households.reveal_names"]).exists()
    client.post(f"/tahun/{of.programme.cycle.slug}/lokus/{of.programme.lokus.area}/nama/", {"nama": "tampil"})
    said = text(client, f"{base(of)}{arrival.uuid}/")
    assert ("Zubaidah Baru" in said, "batuk" in said) == (True, False)
    assert AuditEntry.objects.filter(action="arrivals.reveal_names", object_id=arrival.uuid).count() == 1


def test_the_bytes_of_a_form_that_tells_of_health_are_not_handed_out_and_those_of_a_broken_one_are() -> None:
    of = open_field(workbook())
    family = build.household(of.programme.lokus, rw="03")
    whole, broken = send(of, filled(of.form, family, {"batuk": "ya"})), send(of, b"rusak <batuk>")
    client = inside(secretary(of.programme))

    assert client.get(f"{base(of)}{whole.uuid}/isi.xml").status_code == 422
    response = client.get(f"{base(of)}{broken.uuid}/isi.xml")
    assert (response.content, response.headers["Content-Type"]) == (b"rusak <batuk>", "application/octet-stream")
    assert (response.headers["Content-Disposition"], "no-store" in response.headers["Cache-Control"]) == (
        f'attachment; filename="kiriman-{broken.uuid}.xml"',
        True,
    )
    assert list(AuditEntry.objects.filter(action="arrivals.export_raw").values_list("object_id", flat=True)) == [
        str(broken.uuid)
    ]


def test_a_photo_is_shown_without_what_the_camera_wrote_and_each_look_is_written_down() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    arrival = send(of, filled(of.form, family), Sent("foto.jpg", jpeg()), Sent("../<b>.html", b"<script>"))
    client = inside(lurah(of))
    photo, page = arrival.files.get(name="foto.jpg"), arrival.files.exclude(name="foto.jpg").get()

    shown, kept = (client.get(f"{base(of)}{arrival.uuid}/berkas/{row.pk}/") for row in (photo, page))

    told = shown.headers["Content-Type"], shown.content, "no-store" in shown.headers["Cache-Control"]
    assert told == ("image/jpeg", without_metadata(jpeg()), True)
    assert [each in shown.content for each in PLANTED] == [False] * len(PLANTED)
    assert (kept.content, kept.headers["Content-Type"], kept.headers["Content-Disposition"]) == (
        b"<script>",
        "application/octet-stream",
        'attachment; filename="_b_.html"',
    )
    assert AuditEntry.objects.filter(action="arrivals.read_file", object_id=arrival.uuid).count() == 2
    assert inside(budi(of.programme)).get(f"{base(of)}{arrival.uuid}/berkas/{photo.pk}/").status_code == 404
    other = send(of, b"rusak")
    assert client.get(f"{base(of)}{other.uuid}/berkas/{photo.pk}/").status_code == 404


def test_two_contents_of_one_number_stand_side_by_side_by_question() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    number = "uuid:11111111-1111-4111-8111-111111111111"
    send(of, filled(of.form, family, {"jumlah": "4", "jamban": "leher_angsa"}, instance=number))
    other = send(of, filled(of.form, family, {"jumlah": "7", "jamban": "leher_angsa"}, instance=number))

    said = text(inside(secretary(of.programme)), f"{base(of)}{other.uuid}/")

    table = said[said.index("Isi lain dengan nomor yang sama") : said.index("Asalnya")]
    cells = re.findall(r'<td data-label="(Kiriman ini|Kiriman lain)">\s*([^<]*?)\s*</td>', table)
    assert cells == [("Kiriman ini", "7"), ("Kiriman lain", "4")]


def test_a_family_outside_her_area_is_not_told_and_not_hers_to_let_in() -> None:
    of = open_field()
    other = build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ")
    theirs = build.household(other, rw="03", name="Zubaidah Jauh")
    arrival = send(of, filled(of.form, theirs, {"jumlah": "8"}))
    assert (arrival.state, arrival.reason) == ("quarantined", "foreign")
    client, address = inside(lurah(of)), f"{base(of)}{arrival.uuid}/"

    said = text(client, address)

    assert ("SJ-001" in said, "Zubaidah" in said, ">8<" in said.replace(" ", "")) == (False, False, False)
    assert re.findall(r'name="tindakan" value="(\w+)"', said) == ["sisihkan"]
    own = build.household(of.programme.lokus, rw="03")
    before, written = Arrival.objects.values().get(), AuditEntry.objects.count()
    for crafted in (
        {"tindakan": "terima"},
        {"tindakan": "terima", "dilihat": "foreign"},
        {"tindakan": "keluarga", "keluarga": theirs.code, "dilihat": "foreign"},
        {"tindakan": "keluarga", "keluarga": own.code, "dilihat": "foreign"},
    ):
        assert client.post(f"{address}putuskan/", crafted).status_code == 403
    assert (Arrival.objects.values().get(), AuditEntry.objects.count()) == (before, written)
    assert decided(inside(secretary(of.programme)), address, tindakan="terima").status_code == 302
    assert CurrentAnswers.objects.get(household=theirs).answers == {"jumlah": 8}


def test_a_year_is_closed_with_words_of_what_waits_and_that_is_decided_on_afterwards() -> None:
    of = open_field()
    arrival = send(of, b"rusak")
    client, address = inside(build.member(Role.SECRETARIAT, "36.72")), f"{base(of)}{arrival.uuid}/"
    setup = reverse("setup", args=[of.programme.cycle.slug])
    before = client.get(setup).content.decode()
    closed = client.post(setup, {"bagian": "tutup", "mengerti": "ya"}, follow=True).content.decode()
    assert "1 kiriman atau perubahan sedang menunggu keputusan." in before
    assert "1 kiriman atau perubahan masih menunggu keputusan dan tetap dapat diputuskan oleh sekretariat." in closed

    page = client.get(address).content.decode()
    assert ("Tahun program ini sudah ditutup." in page, "tindakan" in page) == (True, True)
    assert client.post(f"{address}putuskan/", {"tindakan": "sisihkan", "alasan": "lama"}).status_code == 302
    arrival.refresh_from_db()
    assert (arrival.state, arrival.note) == ("set_aside", "lama")
