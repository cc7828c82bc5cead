"""How numbers, dates and sources are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from selaras.web import tags

N = tags.NBSP


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (Decimal("1234.55"), 1, "1.234,6"),
        (Decimal("0.05"), 1, "0,1"),
        (Decimal("68.4"), 1, "68,4"),
        (12, 0, "12"),
        (None, 1, "–"),
    ],
)
def test_numbers_round_half_up_and_group_by_points(value: Decimal | int | None, places: int, shown: str) -> None:
    assert tags.angka(value, places) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(Decimal("2.50"), "2,5"), (Decimal(3), "3"), (Decimal("0.125"), "0,13"), (None, "–")]
)
def test_decimals_that_say_nothing_are_left_out(value: Decimal | None, shown: str) -> None:
    assert tags.ringkas(value) == shown


def test_english_has_its_own_marks() -> None:
    with translation.override("en"):
        assert (tags.angka(Decimal("1234.55"), 1), tags.tanggal(date(2024, 4, 25))) == ("1,234.6", f"25{N}April{N}2024")


def test_shares_are_percentages_with_a_space_that_does_not_break() -> None:
    assert [tags.persen(Decimal(text)) for text in ("0.58", "0.5806", "1")] == [f"58{N}%", f"58,1{N}%", f"100{N}%"]


def test_changes_carry_their_sign() -> None:
    assert [tags.beda(Decimal(text)) for text in ("9.42", "-1.6", "0.04", "-0.04")] == ["+9,4", "−1,6", "0,0", "0,0"]


def test_dates_are_written_out_and_moments_say_their_zone() -> None:
    assert tags.tanggal(date(2024, 4, 25)) == f"25{N}April{N}2024"
    assert tags.waktu(datetime(2024, 8, 11, 23, 0, tzinfo=UTC)) == f"12{N}Agustus{N}2024 pukul 06.00 WIB"


def test_spans_do_not_repeat_what_is_the_same() -> None:
    july, august, next_year = date(2024, 7, 28), date(2024, 8, 3), date(2025, 1, 2)
    assert [tags.rentang(date(2024, 7, 3), end) for end in (july, august, next_year, None)] == [
        f"3–28{N}Juli{N}2024",
        f"3{N}Juli–3{N}Agustus{N}2024",
        f"3{N}Juli{N}2024–2{N}Januari{N}2025",
        f"3{N}Juli{N}2024",
    ]


def test_a_source_links_its_words_and_escapes_the_rest() -> None:
    assert tags.sumber("rakor 25 April: https://example.org/a?x=1&y=2") == (
        '<a href="https://example.org/a?x=1&amp;y=2" rel="noreferrer noopener">rakor 25 April</a>'
    )
    assert tags.sumber("Berita acara 2023, https://example.org/a") == (
        '<a href="https://example.org/a" rel="noreferrer noopener">Berita acara 2023</a>'
    )
    assert tags.sumber("https://example.org/a") == (
        '<a href="https://example.org/a" rel="noreferrer noopener">example.org</a>'
    )
    assert tags.sumber("<b>SK</b>") == "&lt;b&gt;SK&lt;/b&gt;"


def test_a_fingerprint_can_be_read_aloud() -> None:
    assert (tags.sidik("9f3c71abff"), tags.sidik("")) == ("9f3c 71ab", "–")
