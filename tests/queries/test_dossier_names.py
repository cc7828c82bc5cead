"""Which texts would name a family: a whole name of the registry, a part of one behind *Ibu*, a long number."""

import pytest

from selaras.queries.dossier_names import Names

NAMES = Names(["Rohayati Kosim", "Siti Jubaedah", "Ujang", "A."])


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Jamban untuk Rohayati Kosim", True),
        ("jamban untuk ROHAYATI  KOSIM", True),
        ("Jamban untuk Rohāyati Kosim", True),
        ("Kunjungan ke Bu Siti", True),
        ("Rumah Pak Ujang", True),
        ("Ujang menerima", True),
        ("Kelas Ibu Siti Fatimah", True),
        ("Gedung Siti", False),
        ("Jalan Kosim", False),
        ("Kelas ibu hamil", False),
        ("Hubungi 0812 3456 7890", True),
        ("NIK 3672051234560001", True),
        ("Kegiatan 12 Mei 2024", False),
        ("Rp35.000.000", False),
        ("Sub-kegiatan 1.05.02", False),
        ("", False),
        ("RT A", False),
    ],
)
def test_a_text_that_names_somebody_is_seen(text: str, tells: bool) -> None:
    assert NAMES.tells(text) is tells


TITLED = Names(["Hj. Siti Aminah, S.Pd", "Rohayati binti Umar", "H. Karta", "Nur Ma’mun Hidayat A.Md.Keb", "Ibu"])


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Siti Aminah menerima mesin jahit", True),
        ("Hj. Siti Aminah, S.Pd", True),
        ("Rohayati Umar dan anaknya", True),
        ("Rohayati binti Umar", True),
        ("Bantuan untuk Karta", True),
        ("Nur Ma'mun", True),
        ("Ma`mun Hidayat di kebun", True),
        ("KK_Siti_Aminah.pdf", True),
        ("KartuSitiAminah2.pdf", True),
        ("3672_0512_3456_0001", True),
        ("Gedung Aminah", False),
        ("Jalan Umar", False),
        ("Kelas ibu hamil", False),
        ("Pelatihan S.Pd", False),
        ("Foto RT04_sumur", False),
    ],
)
def test_titles_degrees_and_a_fathers_name_hide_nobody_and_two_words_of_a_name_tell_it(text: str, tells: bool) -> None:
    assert TITLED.tells(text) is tells


def test_what_was_left_out_is_counted() -> None:
    names = Names(["Rohayati Kosim"])
    assert [names.free(text) for text in ("Jamban  baru", "Ibu Rohayati", "")] == ["Jamban baru", "", ""]
    assert names.left_out == 1
