"""How large the words of a slide are."""

import pytest

from selaras.reports.dossier_slides import Slide, size_of

ASPECT = ("Hasil sebelum dan sesudah › Dokumen kependudukan", "15,0", "10,0", "5,0", "1,0")
TITLES = ("Aspek", "Nilai penuh", "Klaim", "Dapat dipertahankan", "Terverifikasi")


@pytest.mark.parametrize(
    ("slide", "points"),
    [
        (Slide("Reaksi", lines=("4 kegiatan, kehadiran 117.",) * 3), 24),
        (Slide("Tindak lanjut", lines=("Temuan. " * 20,) * 5), 17),
        (Slide("Tindak lanjut", lines=("Temuan. " * 60,) * 12), 12),
        (Slide("Hasil", titles=("Butir", "Perubahan"), rows=(("Jamban sehat", "Dari 18 keluarga. " * 4),) * 3), 24),
        (Slide("Kesiapan", titles=TITLES, rows=(ASPECT,) * 13), 13),
    ],
)
def test_the_last_row_of_a_slide_is_read_as_far_back_as_its_words_allow(slide: Slide, points: int) -> None:
    assert size_of(slide) == points
