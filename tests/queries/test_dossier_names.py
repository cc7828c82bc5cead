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


def test_what_was_left_out_is_counted() -> None:
    names = Names(["Rohayati Kosim"])
    assert [names.free(text) for text in ("Jamban  baru", "Ibu Rohayati", "")] == ["Jamban baru", "", ""]
    assert names.left_out == 1
