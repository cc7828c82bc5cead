"""Numbers, rupiah and days as offices write them."""

from datetime import date
from decimal import Decimal

import pytest

from selaras.actions.amounts import day, number, rupiah, span


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Rp 1.250.000,-", "1250000"),
        ("Rp1.250.000,00", "1250000.00"),
        ("1250000", "1250000"),
        ("1250000.0", "1250000.0"),
        ("rp. 75 juta", "75000000"),
        ("1,5 miliar", "1500000000.0"),
        ("1.5 M", "1500000000.0"),
        ("1,250,000", "1250000"),
        ("1,250,000.00", "1250000.00"),
        ("1,250,000.50", "1250000.50"),
        ("1250000.5", "1250000.5"),
        ("1.250.000,5", "1250000.5"),
        ("1 250,5", "1250.5"),
        ("187500000,33333331", "187500000.33"),
        ("187500000,375", "187500000.38"),
        ("1250,1250", "1250.13"),
        ("1250000,0000", "1250000"),
        ("0,000", "0"),
        ("1250 juta", "1250000000"),
        ("1.250", "1250"),
        ("1,125 juta", "1125000.000"),
        (" ", None),
        ("-", None),
    ],
)
def test_rupiah_is_read_as_it_is_written(text: str, meant: str | None) -> None:
    assert rupiah(text) == (None if meant is None else Decimal(meant))


@pytest.mark.parametrize("text", ["seratus juta", "12 apel", "1.2.3", "--", "1,2,3"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        rupiah(text)


@pytest.mark.parametrize(
    "text",
    [
        *("250,375", "Rp 250,375", "750,5", "750.5", "250,37", "1 250,375", "250, 375", "1 250,000", "0,125", "0.125"),
        *("1250.000", "1250,375", "999,5", "-999,5", "1.250 juta", "2.500 jt", f"{'9' * 29},55"),
    ],
)
def test_what_may_be_meant_a_thousandfold_is_asked_about_and_what_is_too_large_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        rupiah(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("12", "12"), ("0.125", "0.125"), ("12,5", "12.5"), ("1.250", "1250"), ("2.5", "2.5"), ("", None)],
)
def test_numbers(text: str, meant: str | None) -> None:
    assert number(text) == (None if meant is None else Decimal(meant))


@pytest.mark.parametrize(
    ("text", "last", "meant"),
    [
        ("2024-10-31", False, date(2024, 10, 31)),
        ("31/10/2024", False, date(2024, 10, 31)),
        ("31-10-24", False, date(2024, 10, 31)),
        ("31 Oktober 2024", False, date(2024, 10, 31)),
        ("Agustus", False, date(2024, 8, 1)),
        ("Feb 2024", True, date(2024, 2, 29)),
        ("45596", False, date(2024, 10, 31)),
        ("", False, None),
    ],
)
def test_days(text: str, last: bool, meant: date | None) -> None:
    assert day(text, 2024, last=last) == meant


@pytest.mark.parametrize("text", ["31/13/2024", "30 Februari 2024", "Triwulan III", "5"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        day(text, 2024)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("April–Oktober 2024", (date(2024, 4, 1), date(2024, 10, 31))),
        ("April - Oktober", (date(2024, 4, 1), date(2024, 10, 31))),
        ("Mei-Juli 2025", (date(2025, 5, 1), date(2025, 7, 31))),
        ("1/4/2024 s.d. 30/4/2024", (date(2024, 4, 1), date(2024, 4, 30))),
        ("1 April s/d 5 Mei 2024", (date(2024, 4, 1), date(2024, 5, 5))),
        ("Juni", (date(2024, 6, 1), date(2024, 6, 30))),
        ("2024-04-01", (date(2024, 4, 1), date(2024, 4, 1))),
        ("", (None, None)),
    ],
)
def test_spans(text: str, meant: tuple[date | None, date | None]) -> None:
    assert span(text, 2024) == meant
