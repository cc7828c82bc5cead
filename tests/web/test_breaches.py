"""/tahun/…/data-pribadi/kejadian/: 3 x 24 hours from when somebody knew, and the letters that are due by then."""

import io
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from docx import Document

from selaras.models import AuditEntry, Breach, Role
from selaras.queries.breaches import breach_page, breaches_page
from selaras.reports.words import full_date
from tests import build
from tests.web.cast import inside

pytestmark = pytest.mark.django_db
SLUG = "tahun/{}/data-pribadi/kejadian/"


def said(**more: object) -> dict[str, object]:
    known = timezone.localtime() - timedelta(hours=10)
    return {
        "sebab": "lost", "data": ["names", "health"], "diketahui": f"{known:%Y-%m-%dT%H:%M}",
        "kejadian": "HP kader hilang di pasar", "keluarga": "1.234", **more,
    }  # fmt: skip


def test_a_lost_phone_from_the_hour_it_was_known_to_what_was_learnt() -> None:
    cycle = build.cycle()
    lokus = build.lokus(cycle)
    eka = build.member(Role.PROTECTION, "36.72", cycle=cycle)
    client, address = inside(eka), f"/tahun/{cycle.slug}/data-pribadi/kejadian/"
    assert client.post(address, said(lokus=lokus.area)).status_code == 302
    row = Breach.objects.get()
    assert (row.due_at - row.known_at, row.families, row.accounts, row.kinds) == (
        timedelta(hours=72), 1234, None, ["names", "health"],
    )  # fmt: skip
    one = f"{address}{row.uuid}/"
    page = client.get(one).content.decode()
    wanted = ("sisa 2 hari 13 jam", "HP kader hilang di pasar", "1.234 keluarga")
    assert [words for words in wanted if words not in page] == []

    def act(**what: object) -> int:
        row.refresh_from_db()
        return client.post(one, {"seen": str(row.version), **what}).status_code

    assert act(**said(penanganan="Kode HP dicabut", akun="1", lokus=lokus.area)) == 302
    letters = {to: client.post(f"{one}surat/{to}/").content for to in ("lembaga", "pemilik-data")}
    for to, content in letters.items():
        document = Document(io.BytesIO(content))
        cells = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
        text = "\n".join([*cells, *(paragraph.text for paragraph in document.paragraphs)])
        wanted = ("nama dan alamat, kesehatan", "1.234 keluarga dan 1 akun petugas", "HP kader hilang", "HP dicabut")
        assert [words for words in wanted if words not in text] == [], to
    assert [act(kerja="kabar-authority"), act(kerja="kabar-people")] == [302, 302]
    assert [line.standing for line in breaches_page(eka, cycle.slug).open] == ["told"]
    assert [act(kerja="tutup", pelajaran=" "), act(kerja="tutup", pelajaran="Kunci layar diwajibkan")] == [422, 302]
    assert act(**said()) == 422
    row.refresh_from_db()
    assert breach_page(eka, cycle.slug, row.uuid).line.standing == "closed"
    entries = AuditEntry.objects.filter(action__startswith="breaches.").order_by("pk")
    assert [entry.action for entry in entries] == [
        "breaches.enter", "breaches.change", "breaches.letter", "breaches.letter", "breaches.told", "breaches.told",
        "breaches.close",
    ]  # fmt: skip


def test_what_is_missing_is_said_at_once_and_one_past_its_hours_is_late() -> None:
    cycle = build.cycle()
    admin = build.member(Role.ADMINISTRATOR)
    client, address = inside(admin), f"/tahun/{cycle.slug}/data-pribadi/kejadian/"
    page = client.post(address, {"keluarga": "banyak", "lokus": "99"})
    text = page.content.decode()
    wanted = ["apa yang terjadi", "data apa yang terkena", "waktu diketahui", "bagaimana terjadinya", "bukan bilangan"]
    assert (page.status_code, [words for words in wanted if words not in text], Breach.objects.count()) == (422, [], 0)
    old = timezone.localtime() - timedelta(hours=80)
    client.post(address, said(diketahui=f"{old:%Y-%m-%dT%H:%M}"))
    line = breaches_page(admin, cycle.slug).open[0]
    assert (line.standing, line.hours) == ("late", -9)
    assert "terlambat 9 jam" in client.get(address).content.decode()


def test_the_clock_may_be_put_right_but_what_was_said_before_stays_in_sight() -> None:
    cycle = build.cycle()
    admin = build.member(Role.ADMINISTRATOR)
    client, address = inside(admin), f"/tahun/{cycle.slug}/data-pribadi/kejadian/"
    now = timezone.localtime().replace(second=0, microsecond=0)
    first, later = now - timedelta(hours=80), now - timedelta(hours=2)
    client.post(address, said(diketahui=f"{first:%Y-%m-%dT%H:%M}"))
    row = Breach.objects.get()

    def changed(at: datetime) -> tuple[datetime | None, bool]:
        row.refresh_from_db()
        one = f"{address}{row.uuid}/"
        given = said(diketahui=f"{at:%Y-%m-%dT%H:%M}")
        assert client.post(one, {"seen": str(row.version), **given}).status_code == 302
        page = client.get(one).content.decode()
        return breach_page(admin, cycle.slug, row.uuid).known_first, "semula dicatat" in page

    assert [changed(first), changed(later)] == [(None, False), (first, True)]
    document = Document(io.BytesIO(client.post(f"{address}{row.uuid}/surat/lembaga/").content))
    cells = " ".join(cell.text for table in document.tables for line in table.rows for cell in line.cells)
    assert f"(semula dicatat {full_date(first.date())} pukul {first:%H.%M}" in cells
    entries = AuditEntry.objects.filter(action__in=("breaches.enter", "breaches.change")).order_by("pk")
    due = [(at + timedelta(hours=72)).isoformat(timespec="minutes") for at in (first, later)]
    begun, moved = (at.isoformat(timespec="minutes") for at in (first, later))
    assert [entry.details for entry in entries] == [
        {"kind": "lost", "known_at": begun, "due": due[0]},
        {"kind": "lost"},
        {"kind": "lost", "known_at": moved, "was": begun, "due": due[1]},
    ]  # fmt: skip
    # Back to the first: nothing was hidden, nothing is told.
    assert changed(first) == (None, False)


def test_a_text_that_names_a_family_is_refused_because_the_letters_repeat_it() -> None:
    lokus = build.lokus(build.cycle())
    build.person(build.household(lokus, name="Ahmad Suhaeri"), "Siti Rohayati")
    admin = build.member(Role.ADMINISTRATOR)
    client, address = inside(admin), f"/tahun/{lokus.cycle.slug}/data-pribadi/kejadian/"
    for words in ("Foto keluarga Bp. Ahmad RT 03", "HP ibu SITI ROHAYATI hilang", "NIK 3672 0512 3456 7890"):
        for field in ("kejadian", "penanganan"):
            page = client.post(address, said(**{field: words}))
            told = "menyebut nama atau nomor keluarga binaan" in page.content.decode()
            assert (page.status_code, told, Breach.objects.count()) == (422, True, 0)
    assert client.post(address, said(kejadian="Foto satu keluarga di RT 03")).status_code == 302
    row = Breach.objects.get()
    close = {"seen": "1", "kerja": "tutup", "pelajaran": "Siti Rohayati diberi tahu"}
    page = client.post(f"{address}{row.uuid}/", close)
    assert (page.status_code, "Siti Rohayati diberi tahu</textarea>" in page.content.decode()) == (422, True)
