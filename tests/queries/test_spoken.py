"""An instrument speaks the reader's language where its author gave it one."""

from django.utils import translation

from selaras.queries import spoken
from selaras.scoring.workbook import read_workbook
from tests.sample_workbook import sample


def test_english_is_spoken_where_the_author_wrote_it_and_indonesian_elsewhere() -> None:
    instrument = read_workbook(sample(), name="contoh.xlsx", xform=False).instrument
    assert instrument is not None
    both = {"Bahasa Indonesia (id)": "Jamban sehat", "English (en)": "Healthy toilet"}
    said = {}
    for language in ("id", "en"):
        with translation.override(language):
            said[language] = spoken.shown(both, instrument), spoken.shown({"Bahasa Indonesia (id)": "Air"}, instrument)

    assert said == {"id": ("Jamban sehat", "Air"), "en": ("Healthy toilet", "Air")}


def test_what_is_counted_is_said_in_the_readers_language() -> None:
    instrument = read_workbook(sample(), name="contoh.xlsx", xform=False).instrument
    assert instrument is not None
    with translation.override("en"):
        assert spoken.over_words(instrument, "household") == "households"
    assert spoken.over_words(instrument, "household") == "keluarga"
