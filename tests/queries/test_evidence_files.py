"""What a file is by its content, whatever it is called; hostile ones are refused with what to do instead."""

import io
import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from selaras.errors import InputError
from selaras.models import EvidenceKind
from selaras.queries.evidence_files import DOCX, LARGEST, PDF, XLSX, Passport, checked_url, metres_between, passport_of
from tests import hostile, photos
from tests.hostile import photo

NOW = datetime(2024, 11, 1, 3, tzinfo=UTC)
WIB = ZoneInfo("Asia/Jakarta")


def read(content: bytes, name: str = "bukti.jpg", year: int = 2024) -> Passport:
    return passport_of(content, name, zone=WIB, year=year, now=NOW)


def refused(content: bytes, name: str = "bukti") -> str:
    with pytest.raises(InputError) as error:
        read(content, name)
    (problem,) = error.value.problems
    return problem.code


def test_a_photo_says_when_and_where_in_its_place_s_clock() -> None:
    found = read(photo(place=(-5.998113, 106.031244)))

    assert found == Passport(
        EvidenceKind.PHOTO,
        "image/jpeg",
        "bukti.jpg",
        datetime(2024, 8, 9, 3, 11, 12, tzinfo=UTC),
        (-5.998113, 106.031244),
        64,
        48,
        (),
    )


def test_a_clock_with_its_zone_is_read_by_that_zone() -> None:
    assert read(photo(offset="+09:00")).taken_at == datetime(2024, 8, 9, 1, 11, 12, tzinfo=UTC)
    assert read(photo(offset="+99:00")).taken_at == datetime(2024, 8, 9, 3, 11, 12, tzinfo=UTC)


def test_a_png_and_a_heic_are_read_too() -> None:
    png, heic = read(photo(kind="PNG", place=(-6.1, 106.2)), "a.png"), read(photos.heic(), "b.HEIC")

    assert (png.media_type, png.place, (png.width, png.height)) == ("image/png", (-6.1, 106.2), (64, 48))
    assert (heic.media_type, heic.filename, heic.doubts) == ("image/heic", "b.heic", ("no_time", "no_place"))


@pytest.mark.parametrize(
    ("content", "doubts"),
    [
        (photo(taken="2031:01:01 00:00:00", place=(-6.0, 106.0)), ("time_ahead",)),
        (photo(taken="2019:01:01 00:00:00", place=(-6.0, 106.0)), ("time_before",)),
        (photo(taken="kemarin", place=(-6.0, 106.0)), ("time_unread",)),
        (photo(taken="2024:13:45 99:99:99", place=(-6.0, 106.0)), ("time_unread",)),
        (photo(place=(0.0, 0.0)), ("place_zero",)),
        (photo(place=(-99.0, 106.0)), ("place_unread",)),
        (photo(place=(-6.0, 300.0)), ("place_unread",)),
        (photo(place=(-6.0, 106.0), software="Adobe Photoshop 25"), ("edited",)),
        (photo(taken=""), ("no_time", "no_place")),
        (photos.DOT, ("no_time", "no_place")),
        (
            photos.DOT[:20] + b"\xff\xe1\x00\x0eExif\x00\x00MM\x00\x2a\xff\xff" + photos.DOT[20:],
            ("time_unread", "place_unread"),
        ),
    ],
)
def test_a_camera_that_lies_is_told_and_not_believed(content: bytes, doubts: tuple[str, ...]) -> None:
    found = read(content)

    assert found.doubts == doubts
    assert (found.taken_at is None) == ("time_before" not in doubts and any("time" in doubt for doubt in doubts))
    assert (found.place is None) == any("place" in doubt for doubt in doubts)


def test_a_file_is_what_its_content_says_and_gets_the_ending_of_that() -> None:
    names = {
        "laporan.exe.pdf": (photo(), "laporan.exe.jpg", ("name",)),
        "foto.jpg": (hostile.pdf(), "foto.pdf", ("name",)),
        "SK Tim.docx": (hostile.office(), "SK Tim.docx", ()),
        "daftar.XLSX": (hostile.sheet(), "daftar.xlsx", ()),
        "tanpa titik": (hostile.pdf(), "tanpa titik.pdf", ()),
        '../../etc/pass"wd\n.jpeg': (photo(place=(-6.0, 106.0)), "passwd.jpg", ()),
        "": (hostile.pdf(), "bukti.pdf", ()),
    }
    for name, (content, kept, doubts) in names.items():
        found = read(content, name)
        assert (found.filename, tuple(d for d in found.doubts if not d.startswith("no_"))) == (kept, doubts)

    types = [read(content, "x").media_type for content in (hostile.pdf(), hostile.office(), hostile.sheet())]
    assert types == [PDF, DOCX, XLSX]


def _behind_zip() -> bytes:
    """A DOCX that begins with a picture."""
    return photo() + hostile.office()


def _in_front(content: bytes) -> bytes:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as found:
        found.comment = b"<script>alert(1)</script>"
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "evidence.empty"),
        (b"%PDF-1.4" + bytes(LARGEST), "evidence.too_big"),
        (hostile.SVG, "evidence.svg"),
        (b"  \n<!DOCTYPE html><script>alert(1)</script>", "evidence.svg"),
        (b"\xef\xbb\xbf<svg onload=alert(1)>", "evidence.svg"),
        (b"GIF89a" + bytes(20), "evidence.kind"),
        (b"MZ\x90\x00" + bytes(99), "evidence.program"),
        (b"#!/bin/sh\nrm -rf /\n", "evidence.program"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(40), "evidence.video"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "evidence.old_office"),
        (hostile.archive(a=b"1"), "evidence.other_zip"),
        (hostile.office(hostile.MACROS), "evidence.macros"),
        (hostile.office(word__vbaProject__bin=b"x", **{"word/vbaProject.bin": b"x"}), "evidence.macros"),
        (hostile.office()[:-30], "evidence.broken"),
        (hostile.pdf()[:90], "evidence.broken"),
        (photo()[:200], "photo.broken"),
        # --- two kinds at once
        (_behind_zip(), "evidence.two"),
        (photo() + hostile.pdf(), "evidence.two"),
        (photo() + hostile.SVG, "evidence.two"),
        (photo(kind="PNG") + b"<?php system($_GET[0]);", "evidence.two"),
        (hostile.pdf() + hostile.office(), "evidence.two"),
        (hostile.pdf() + b"<html><script>alert(1)</script>", "evidence.two"),
        (_in_front(hostile.office()), "evidence.two"),
        # --- what swells
        (hostile.huge_png(), "evidence.points"),
        (hostile.huge_png(0, 10), "photo.broken"),
        (hostile.huge_png(2**31 - 1, 2**31 - 1), "evidence.points"),
    ],
)
def test_what_is_hostile_or_another_kind_is_refused_with_what_to_do(content: bytes, code: str) -> None:
    assert refused(content) == code


def test_an_office_file_that_swells_is_never_opened() -> None:
    bomb = hostile.swelling()

    assert len(bomb) < 1024 * 1024
    assert refused(bomb) == "evidence.bomb"


def test_a_jpeg_of_a_hundred_megapixels_is_refused_by_what_it_says_of_itself() -> None:
    small = photo(size=(16, 16))
    at = small.index(b"\xff\xc0")
    said = small[: at + 5] + (10_000).to_bytes(2, "big") * 2 + small[at + 9 :]

    assert refused(said) == "evidence.points"


def test_a_pdf_that_does_something_is_kept_and_told() -> None:
    assert read(hostile.pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "a.pdf").doubts == ("pdf_active",)
    assert read(hostile.pdf(b"/Encrypt 9 0 R"), "a.pdf").doubts == ("pdf_locked",)


def test_a_film_that_a_phone_hangs_behind_a_photo_is_no_second_file() -> None:
    assert read(photo(place=(-6.0, 106.0)) + b"\x00\x00\x00\x18ftypmp42" + bytes(100)).doubts == ()
    assert read(photo(place=(-6.0, 106.0)) + bytes(2 * 1024 * 1024)).doubts == ("film",)


def test_metres_between_are_those_of_the_haversine() -> None:
    # Monas to Bundaran HI, by the formula with R = 6371008.8 m, worked by hand; and the same place.
    assert metres_between((-6.1753924, 106.8271528), (-6.1949957, 106.8230806)) == 2226
    assert metres_between((-6.0, 106.0), (-6.0, 106.0)) == 0
    # A quarter of the mean circumference: 10,007.557 km.
    assert metres_between((0.0, 0.0), (90.0, 0.0)) == 10_007_557


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("javascript:alert(1)", "evidence.url"),
        ("ftp://contoh.go.id/a", "evidence.url"),
        ("https://", "evidence.url"),
        ("https://localhost/a", "evidence.url"),
        ("https://contoh.go.id/a b", "evidence.url"),
        ("https://contoh.go.id\\@jahat.example/", "evidence.url"),
        ("https://[::1", "evidence.url"),
        ("https://contoh.go.id:99999/", "evidence.url"),
        ("https://" + "a" * 500 + ".id", "evidence.url"),
        ("https://cilegon.go.id@jahat.example/", "evidence.url_secret"),
    ],
)
def test_a_link_is_a_page_or_is_refused(url: str, code: str) -> None:
    with pytest.raises(InputError) as error:
        checked_url(url)

    assert [problem.code for problem in error.value.problems] == [code]


def test_a_page_is_a_link() -> None:
    assert checked_url(" https://www.youtube.com/watch?v=abc&t=3 ") == "https://www.youtube.com/watch?v=abc&t=3"
