"""Which label asks for rupiah one by one, which for thousands or millions, and which amounts are asked about."""

from decimal import Decimal
from itertools import product

import pytest

from selaras.actions.planning_columns import field_of
from selaras.odk.forms import Field
from selaras.odk.money import (
    PARTED,
    UNIT_AT_END,
    Heap,
    Readings,
    heap_of,
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
        *(
            "Di atas Rp 1 juta?",
            "Tidak dalam ribu rupiah",
            "Lebih dari seratus ribu rupiah?",
            "Rp 2025 juta atau lebih?",
        ),
        *("Kira-kira berapa ratus ribu rupiah?", "Ratusan ribu rupiah, belasan juta rupiah", "Sepuluh juta rupiah?"),
        *("Rupiah penuh (tidak ditulis dalam ribuan rupiah)", "Rupiah. Jangan ditulis dalam juta rupiah"),
        *("Rupiah, bukan ribuan atau juta rupiah", "Bukan dalam ribuan, jutaan, atau miliaran rupiah"),
        *(
            "Tidak perlu dibulatkan ke ribuan rupiah",
            "Jangan memakai satuan juta rupiah",
            "Bukan ribu/juta rupiah",
            "Rupiah, tdk dlm ribuan rupiah",
        ),
        *("Whole rupiah, not in thousands of rupiah", "Hundreds of thousands of rupiah?"),
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
        *(
            "Pagu 2025 juta rupiah",
            "Belanja (Rp 000,-)",
            "Jangan lupa tulis dalam juta rupiah",
            "Tahun 2024, 2025 juta Rp",
        ),
        *("Bukan ribuan rupiah, tulis dalam juta rupiah", "Bukan ribuan rupiah tetapi juta rupiah"),
        *("Penghasilan tidak tetap (juta rupiah)", "Utang yang tidak tercatat dalam juta rupiah"),
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
        "": (
            "Pagu",
            "Pagu (Rp)",
            "Pagu (Rp), bukan juta",
            "Pagu 2025",
            "Pagu, bukan ribuan atau juta",
            "Per 1.000 jiwa",
        ),
        "ribu": (
            *("Pagu (ribuan)", "Pagu (Rp 000)", "Pagu (Rp1.000)", "Budget (thousands)", "Anggaran (000)", "Pagu 000"),
            *("Pagu (Rp 000,-)", "anggaran_rp_000", "Anggaran 2025 (000)", "Pagu 1.000 rupiah", "Pagu dalam 1 000"),
        ),
        "juta": (
            *(
                "Pagu (juta rupiah)",
                "Nilai (jt)",
                "Pagu (Rp dlm juta)",
                "Pagu (Rp 000.000)",
                "Budget (IDR million)",
                "pagu_juta_rupiah",
            ),
            *("Pagu 2025 juta rupiah", "Pagu (Rp 1 000 000)", "Pagu (bukan ribuan), juta Rp", "Pagu Rp1000000"),
        ),
        "miliar": ("Pagu (milyar Rp)", "Pagu miliaran"),
        "triliun": ("APBD (triliun Rp)",),
        # Asked about: none of these, or two.
        None: ("Pagu (ratusan ribu)", "Pagu (Rp 10.000)", "Pagu (ribu/juta)", "Pagu 2 juta ke atas", "Pagu (100 juta)"),
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
        ("750.5", Readings("750.500", "750500", "750,5")),
        ("+12.5", Readings("12.500", "12500", "12,5")),
        ("-0,5", Readings("-500", "-500", "-0,5")),
        ("1001,250", Readings("1.001.250", "1001250", "1.001,250")),
        ("1.001,250", Readings("1.001.250", "1001250", "1.001,250")),
        ("750,12345", Readings("750.123,45", "750123,45", "750,12345")),
    ],
)
def test_both_amounts_that_it_may_be_are_told_as_people_write_them(text: str, meant: Readings) -> None:
    assert readings(text) == meant


def test_every_unit_at_the_end_of_a_title_that_a_column_of_money_may_have_is_known_or_asked_about() -> None:
    """What `field_of` takes away for a unit, `unit_of` must not take for none."""
    words = (
        "rp",
        "dalam",
        "penuh",
        "ribu",
        "jutaan",
        "jt",
        "milyar",
        "triliun",
        "000",
        "1_000",
        "rp1",
        "1000000",
        "rupiah",
    )
    titles = ["_".join(("pagu", *each)) for n in (1, 2, 3) for each in product(words, repeat=n)]
    plain = {"rp", "dlm", "dalam", "penuh", "rupiah", "rp1"}
    known = [title for title in titles if field_of(title) == "budget"]
    missed = [title for title in known if unit_of(title) == "" and not set(title.split("_")[1:]) <= plain]
    assert (len(known) > len(titles) // 2, missed) == (True, [])


@pytest.mark.parametrize(
    ("number", "unit", "whole", "meant"),
    [
        ("1250000", "juta", False, Heap("1.250.000", "juta", "1,25")),
        ("1250000", "juta", True, Heap("1.250.000", "juta", "1")),
        ("-1500000", "juta", True, Heap("-1.500.000", "juta", "-2")),
        ("1000000.50", "ribu", False, Heap("1.000.000,5", "ribu", "1000,0005")),
        ("60000000", "miliar", False, Heap("60.000.000", "miliar", "0,06")),
    ],
)
def test_rupiah_written_out_where_millions_are_asked_are_told_as_both(
    number: str, unit: str, whole: bool, meant: Heap
) -> None:
    assert heap_of(Decimal(number), unit, whole=whole) == meant


def test_a_cell_of_many_noughts_is_read_at_once() -> None:
    """In one way of 2⁴⁰: what stands in somebody's sheet does not stop the server."""
    assert UNIT_AT_END.sub("", "pagu" + " 000" * 40 + " x") == "pagu" + " 000" * 40 + " x"
    assert UNIT_AT_END.sub("", "pagu rp 1 000" + " 000" * 40) == "pagu"
