"""Which label asks for rupiah one by one, which for thousands or millions, and which amounts are asked about."""

import pytest

from selaras.odk.forms import Field
from selaras.odk.money import (
    PARTED,
    Readings,
    in_multiples,
    in_rupiah,
    may_be_thousands,
    names_money,
    readings,
    unit_of,
)


def asked(label: str, hint: str = "") -> Field:
    return Field("isian", "decimal", "decimal", "survey!B2", 2, {"id": label}, {"id": hint} if hint else {})


@pytest.mark.parametrize(
    "label",
    [
        *(
            "Penghasilan sebulan (rupiah)",
            "Belanja (Rp)",
            "Belanja, Rp.",
            "Spending (IDR)",
            "Lebih dari 2 juta rupiah?",
        ),
        *("Tulis dalam rupiah, bukan juta rupiah", "Setengah juta rupiah atau lebih?", "Di atas Rp500.000?"),
        *("Di atas Rp 1 juta?", "Tidak dalam ribu rupiah"),
    ],
)
def test_a_label_that_names_rupiah_asks_for_them_one_by_one(label: str) -> None:
    field = asked(label)
    assert (names_money(field), in_multiples(field), in_rupiah(field)) == (True, False, True)


@pytest.mark.parametrize(
    "label",
    [
        *("Hasil panen (juta rupiah)", "Belanja (ribu rupiah)", "Pagu, dalam ribuan Rp", "Modal (jutaan Rp.)"),
        *("Berapa juta rupiah?", "Aset (Rp juta)", "Aset (Rp. ribu)", "Aset (Rp dalam juta)", "Nilai (miliar rupiah)"),
        *("Income (millions of rupiah)", "Income (thousand IDR)", "Belanja (Rp 000)", "Belanja (× 1.000 rupiah)"),
        *("Belanja (dalam Rp1.000)", "Belanja (000 Rp)", "Modal (milyar Rp)", "Modal (JUTA RUPIAH)", "Modal (jt Rp)"),
    ],
)
def test_a_label_that_names_thousands_or_millions_of_rupiah_asks_for_those(label: str) -> None:
    field = asked(label)
    assert (names_money(field), in_multiples(field), in_rupiah(field)) == (True, True, False)


def test_a_hint_or_another_language_names_the_unit_too() -> None:
    both = Field("isian", "decimal", "decimal", "survey!B2", 2, {"id": "Panen", "en": "Harvest (million rupiah)"}, {})
    found = [in_multiples(each) for each in (asked("Panen (rupiah)", "Tulis dalam juta rupiah"), both)]
    assert (found, in_rupiah(asked("Panen", "dalam rupiah"))) == ([True, True], True)


@pytest.mark.parametrize("label", ["Umur", "Berapa ribu langkah?", "RPJMD dibaca?", "Ribu", "(juta orang)", "Harpa"])
def test_a_label_without_rupiah_is_of_no_money(label: str) -> None:
    field = asked(label)
    assert (names_money(field), in_multiples(field), in_rupiah(field)) == (False, False, False)


def test_the_title_of_a_column_of_money_names_its_unit() -> None:
    units = {
        "": ("Pagu", "Pagu (Rp)", "Pagu 2 juta ke atas", "Pagu (Rp), bukan juta"),
        "ribu": ("Pagu (ribuan)", "Pagu (Rp 000)", "Pagu (Rp1.000)", "Budget (thousands)"),
        "juta": ("Pagu (juta rupiah)", "Nilai (jt)", "Pagu (Rp 000.000)", "Budget (IDR million)"),
        "miliar": ("Pagu (milyar Rp)", "Pagu miliaran"),
        "triliun": ("APBD (triliun Rp)",),
    }
    assert {unit: [unit_of(title) for title in titles] for unit, titles in units.items()} == {
        unit: [unit] * len(titles) for unit, titles in units.items()
    }


def test_rupiah_with_a_fraction_that_a_sheet_makes_of_thousands_are_asked_about() -> None:
    doubtful = ["750,5", "0,5", "999,12345", "1,000", "999999,000", "1000,125", "999999,999", "0,001", "7,10"]
    plain = ["750,", "750,0", "750,00", "0,000", "1000,5", "1000000,125", "1000000,000", "1000,1250", "750,0000"]
    found = [may_be_thousands(int(whole), part) for whole, _sign, part in (t.partition(",") for t in doubtful + plain)]
    assert found == [True] * len(doubtful) + [False] * len(plain)


def test_the_rule_is_written_as_both_python_and_a_browser_read_it() -> None:
    """No named group, no inline flag, no \\A or \\Z: a RegExp of the same letters means the same."""
    assert PARTED == r"^(?:[1-9][0-9]{0,5},000|[0-9]{1,3},[0-9]*[1-9][0-9]*|[0-9]{4,6},[0-9]{3})$"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("750,5", Readings("750.500", "750500", "750,5")),
        ("Rp 750.5", Readings("750.500", "750500", "750,5")),
        ("-0,5", Readings("-500", "-500", "-0,5")),
        ("1 001,250", Readings("1.001.250", "1001250", "1.001,250")),
        ("1.001,250", Readings("1.001.250", "1001250", "1.001,250")),
        ("750,12345", Readings("750.123,45", "750123,45", "750,12345")),
    ],
)
def test_both_amounts_that_it_may_be_are_told_as_people_write_them(text: str, meant: Readings) -> None:
    assert readings(text) == meant
