"""/tahun/<slug>/kop/: how letters begin, who signs them, and what a logo or a NIP may be."""

import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from selaras.models import AuditEntry, Letterhead, StoredFile
from tests import build
from tests.build_meetings import NIP, letterhead
from tests.build_programme import Programme, programme
from tests.web.cast import ani, citra, dewi, inside, secretary

pytestmark = pytest.mark.django_db
FORM = {
    "lines": "Pemerintah Kota Cilegon\nDinas Uji",
    "address": "Jalan Uji 1",
    "town": "Cilegon",
    "signer_office": "a.n. Wali Kota\nSekretaris Daerah",
    "signer_name": "Ani Uji, M.Si.",
    "signer_rank": "Pembina",
    "signer_nip": "19700101 199003 2 001",
    "version": "0",
}


def png(side: int = 2) -> bytes:
    """A red square; a large one is small in bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    lines = b"".join(b"\0" + b"\xff\0\0" * side for _ in range(side))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def address(of: Programme) -> str:
    return f"/tahun/{of.cycle.slug}/kop/"


def save(client: Client, of: Programme, logo: bytes | None = None, **changes: str) -> tuple[int, str]:
    data: dict[str, object] = {**FORM, **changes}
    if logo is not None:
        data["logo"] = SimpleUploadedFile("lambang.png", logo)
    response = client.post(address(of), data)
    return response.status_code, response.content.decode()


def test_only_the_secretariat_sets_it() -> None:
    of = programme()
    people = (secretary(of), citra(of), ani(of), dewi())
    pages = [[inside(who).get(address(of) + more).status_code for more in ("", "contoh.png")] for who in people]

    assert pages == [[200] * 2, [403] * 2, [403] * 2, [404] * 2]
    assert [save(inside(who), of)[0] for who in people] == [302, 403, 403, 404]


def test_it_is_proposed_from_the_city_and_then_kept() -> None:
    of = programme()
    client = inside(secretary(of))
    assert "Pemerintah Kota Cilegon</textarea>" in client.get(address(of)).content.decode()
    save(client, of, png())
    kept = Letterhead.objects.get()

    assert (kept.lines, kept.signer_nip) == (["Pemerintah Kota Cilegon", "Dinas Uji"], NIP)
    assert (kept.signer_office, kept.logo.content_type) == ("a.n. Wali Kota\nSekretaris Daerah", "image/png")
    assert client.get(f"{address(of)}contoh.png").content[:8] == b"\x89PNG\r\n\x1a\n"
    assert AuditEntry.objects.latest("id").action == "letterheads.save"
    # A save without a picture keeps the one there is; taking it out is said.
    assert save(client, of, version="1")[0] == 302
    assert Letterhead.objects.get().logo == kept.logo
    save(client, of, version="2", without_logo="on")
    assert Letterhead.objects.get().logo is None


@pytest.mark.parametrize(
    ("nip", "said"),
    [("1970", "bukan 18 angka"), ("19701301199003200１", "bukan 18 angka"), ("197013011990032001", "tanggal lahir")],
)
def test_a_nip_that_cannot_be_is_said(nip: str, said: str) -> None:
    of = programme()
    status, page = save(inside(secretary(of)), of, signer_nip=nip)

    assert (status, said in page, Letterhead.objects.count()) == (422, True, 0)


@pytest.mark.parametrize(
    ("logo", "said"),
    [
        (b"GIF89a" + b"\0" * 40, "bukan gambar PNG atau JPEG"),
        (b"<svg onload='alert(1)'/>", "bukan gambar PNG atau JPEG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "bukan gambar PNG atau JPEG"),
        (png()[:40], "bukan gambar PNG atau JPEG"),
        (png(3001), "terlalu besar"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 1024 * 1024, "lebih besar dari 1 MB"),
    ],
)
def test_a_picture_is_what_its_bytes_are(logo: bytes, said: str) -> None:
    of = programme()
    files = StoredFile.objects.count()
    status, page = save(inside(secretary(of)), of, logo)

    assert (status, said in page) == (422, True)
    assert (Letterhead.objects.count(), StoredFile.objects.count()) == (0, files)


def test_of_two_who_change_it_the_second_is_shown_the_difference() -> None:
    of = programme()
    letterhead(of.cycle)
    client = inside(secretary(of))
    assert save(client, of, version="1")[0] == 302
    status, page = save(client, of, version="1", address="Jalan Lain 9")

    assert (status, Letterhead.objects.get().address) == (422, "Jalan Uji 1")
    assert [each for each in ("Yang berbeda", "Jalan Uji 1", "Jalan Lain 9") if each not in page] == []
    assert save(client, of, version="2", address="Jalan Lain 9")[0] == 302


def test_another_citys_secretariat_has_its_own() -> None:
    of = programme()
    letterhead(of.cycle)
    build.place("36.73")
    serang = build.cycle("36.73")
    page = inside(build.member("secretariat", "36.73")).get(f"/tahun/{serang.slug}/kop/").content.decode()  # type: ignore[arg-type]

    assert ("Jalan Uji 1" in page, "Pemerintah Kota Serang" in page) == (False, True)
