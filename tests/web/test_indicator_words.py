"""The sentences of *Mengapa angka ini?*, for every kind of number."""

from dataclasses import replace
from decimal import Decimal

import pytest

from selaras.queries.indicators import IndicatorPage, Side
from selaras.queries.protection import Silence
from selaras.web import indicators
from tests.web import sample_indicators as some

N = "\u00a0"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (some.JAMBAN, "54 dari 93 keluarga: “Jamban sehat”."),
        (some.MEAN, f"Rata-rata 12,46{N}menit dari 93 keluarga."),
        (
            replace(some.MEAN, aggregate="median", unit="rupiah", value=Decimal(250000)),
            "Nilai tengah Rp250.000 dari 93 keluarga.",
        ),
        (some.JUDGED, "Yang dipilih: “SK ada dan dijalankan”."),
        (
            some.HIDDEN,
            "Angka ini tidak ditampilkan: ia menyangkut, atau bisa membuka, kelompok kurang dari 5 keluarga.",
        ),
        (replace(some.JAMBAN, value=None, n=4), "Baru 4 keluarga yang menjawab; perlu paling sedikit 10."),
        (
            replace(some.JAMBAN, value=None, missing_policy="fail"),
            "Masih ada 5 jawaban kosong, dan indikator ini meminta semuanya.",
        ),
    ],
)
def test_the_answer_is_one_sentence(page: IndicatorPage, said: str) -> None:
    assert indicators.sentence(page) == said


@pytest.mark.parametrize(
    ("given", "whose"),
    [
        ({}, "Juri yang menilainya; yang menyiapkannya Disperkim."),
        ({"agency": ""}, "Juri yang menilainya; yang menyiapkannya sekretariat, camat, atau lurah."),
        ({"origin": "record"}, "Yang menyiapkannya Disperkim."),
        ({"origin": "activity", "agency": "Dinkes; TP PKK/BAZNAS, "}, "Yang menyiapkannya Dinkes, TP PKK, BAZNAS."),
        (
            {"origin": "protection", "agency": " "},
            "Instrumen tidak menyebut OPD-nya, jadi yang menyiapkannya sekretariat, camat, atau lurah.",
        ),
    ],
)
def test_what_has_no_fact_says_who_prepares_it(given: dict[str, str], whose: str) -> None:
    page = replace(some.UNANSWERED, **given)  # type: ignore[arg-type]

    assert indicators.sentence(page) == f"Belum ada angka yang dicatat untuk indikator ini. {whose}"


def test_what_is_taken_from_what_was_published_says_why_there_is_none() -> None:
    pages = [replace(some.UNANSWERED, origin="protection", silence=why, silence_year=2024) for why in Silence]

    assert [indicators.sentence(page) for page in pages] == [
        f"{why} Angkanya hanya dari rekap rujukan yang terbit."
        for why in (
            "Tidak diterbitkan atas pilihan kota.",
            "Angkanya di bawah ambang terbit.",
            "Angkanya di bawah ambang yang dipilih kota.",
            "Belum terbit.",
            "Tidak terbit: kota atau kabupaten ini belum punya tahun program 2024 sendiri. Angkanya terbit hanya bila "
            "sekretariatnya membuka tahun itu dan menugaskan petugas perlindungan paling lambat 30 hari sebelum hari "
            "terbitnya.",
            "Tidak akan terbit: sebelum hari terbitnya tahun program kota atau kabupaten ini dibuka kurang dari 30 "
            "hari atau petugas perlindungannya terlalu sebentar ada, padahal harus ada yang sempat menahannya.",
            "Tidak akan terbit: tahunnya ditutup sebelum angkanya terbit, atau masanya dihitung sebelum berakhir.",
        )
    ]


def test_a_fact_given_as_a_part_reads_as_a_percentage_and_a_yes_as_a_word() -> None:
    part = replace(some.JUDGED, unit="bagian dari komitmen", rule="linear", value=Decimal("0.18"), options=())
    answer = replace(some.JUDGED, rule="yes_no", value=Decimal(1), options=())

    assert indicators.full_text(part, part.value) == f"18{N}% dari komitmen"
    assert indicators.full_text(answer, answer.value) == "Ya"


def test_the_next_band_says_how_many_more_and_what_they_bring() -> None:
    assert indicators.next_band(some.JAMBAN) == "2 keluarga lagi, dan nilainya menjadi 3,75."


def test_the_last_band_promises_nothing() -> None:
    assert indicators.next_band(replace(some.JAMBAN, value=Decimal("0.9"), true=84)) == ""


def test_where_less_is_better_the_yes_needs_someone() -> None:
    falling = replace(some.JAMBAN, rule="linear", bands=(), low=Decimal(1), high=Decimal(0))
    words = [indicators.side_words(falling, Side(kind, 3, ())) for kind in ("true", "false")]

    assert [(one.label, one.tone) for one in words] == [("ya", "needs"), ("tidak", "done")]


def test_two_hundred_units_are_squares_and_more_are_bars() -> None:
    assert (len(indicators.context(some.JAMBAN)["squares"]), indicators.context(some.JAMBAN)["bars"]) == (4, [])  # type: ignore[arg-type]
    assert (indicators.context(some.CROWD)["squares"], len(indicators.context(some.CROWD)["bars"])) == ([], 4)  # type: ignore[arg-type]
