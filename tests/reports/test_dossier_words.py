"""What a dossier says of a change, in words."""

from dataclasses import replace
from datetime import date

from selaras.reports.dossier_words import changed, span
from tests.web.sample_change import INCOME, JAMBAN


def test_money_is_written_as_money_and_other_means_with_their_unit() -> None:
    assert (
        changed(INCOME) == "Rata-rata Rp875.500 menjadi Rp937.250: naik pada 40, turun pada 0, tetap pada 0 keluarga."
    )
    days = replace(INCOME, unit="hari per minggu")
    assert changed(days).startswith("Rata-rata 875.500,0 menjadi 937.250,0 hari per minggu: naik pada 40")


def test_shares_count_families_of_those_that_could_change() -> None:
    assert changed(JAMBAN) == (
        "Dari 23 keluarga yang belum, 17 kini sudah dan 6 belum; 2 yang dulu sudah kini tidak lagi."
    )


def test_a_stage_of_one_day_or_one_month_names_neither_twice() -> None:
    told = [
        span(date(2024, 4, 25), date(2024, 4, 25)),
        span(date(2024, 9, 23), date(2024, 9, 27)),
        span(date(2024, 2, 5), date(2024, 3, 15)),
        span(date(2023, 12, 30), date(2024, 1, 2)),
    ]

    assert told == [
        "25 April 2024",
        "23–27 September 2024",
        "5 Februari–15 Maret 2024",
        "30 Desember 2023–2 Januari 2024",
    ]
