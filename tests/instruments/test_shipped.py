"""What every shipped instrument keeps: no error or warning, its seal, its languages, its privacy, its length."""

import re
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import median
from zipfile import ZipFile

import pytest
from pyxform.validators.odk_validate import check_xform

from selaras.management.demo.families import families
from selaras.odk.forms import Field, Form, Labels
from selaras.odk.sheets import read_sheets
from selaras.scoring.expressions.parser import parse
from selaras.scoring.instrument import Indicator
from selaras.scoring.protection import MEASURES
from selaras.scoring.workbook import Reading, read_workbook
from selaras.scoring.workbook.layout import GUIDANCE
from tests.instruments.examples import NEWEST, ROOT, WORKBOOKS, instrument_of
from tests.instruments.interview import asked

LANGUAGES = ("Bahasa Indonesia (id)", "English (en)")
P2WKSS, KRPPA = ROOT / "p2wkss" / "0.2", ROOT / "krppa" / "0.1"
#: What is asked of nobody in a KRPPA year: whether a couple quarrels. iBangga's own form may ask it, unanswered.
OF_IBANGGA_ALONE = {"conflict_silence", "conflict_bed", "conflict_left"}
workbooks = pytest.mark.parametrize("workbook", NEWEST, ids=lambda path: str(path.parent.relative_to(ROOT)))
every = pytest.mark.parametrize("workbook", WORKBOOKS, ids=lambda path: str(path.parent.relative_to(ROOT)))


@cache
def reading_of(workbook: Path) -> Reading:
    return read_workbook(workbook)


def form_of(workbook: Path) -> Form:
    form = reading_of(workbook).form
    assert form is not None
    return form


def test_there_are_six() -> None:
    names = {path.parent.parent.name for path in WORKBOOKS}
    assert names == {"iks", "keluarga-sejahtera", "p2wkss", "krppa", "ibangga", "phbs"}


@every
def test_it_checks_without_error_or_warning(workbook: Path) -> None:
    assert reading_of(workbook).problems == ()


@every
def test_its_seal_fits_and_it_is_called_as_its_folder(workbook: Path) -> None:
    instrument = instrument_of(workbook.parent)
    seal = f"{instrument.sha256}  {workbook.parent.parent.name} {workbook.parent.name}\n"
    assert (workbook.parent / "SHA256").read_text("utf-8") == seal
    assert f"{instrument.id} {instrument.version}" in seal


@workbooks
def test_odk_validate_accepts_its_form(workbook: Path) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as file:
        file.write(form_of(workbook).xform)
        file.flush()
        assert check_xform(file.name) == []


@workbooks
def test_every_field_has_its_privacy_with_purpose_basis_and_retention(workbook: Path) -> None:
    privacy = instrument_of(workbook.parent).privacy
    assert set(privacy) == set(form_of(workbook).fields)
    assert [one.field for one in privacy.values() if not (one.purpose and one.basis and one.retention)] == []


@workbooks
def test_every_text_is_there_in_both_languages(workbook: Path) -> None:
    instrument, form = instrument_of(workbook.parent), form_of(workbook)
    assert form.languages == LANGUAGES
    labels: dict[str, Labels] = {f"survey {name}": field.labels for name, field in form.fields.items()}
    labels |= {f"repeat {name}": repeat.labels for name, repeat in form.repeats.items()}
    labels |= {f"{name} {one.name}": one.labels for name, choices in form.lists.items() for one in choices}
    labels |= {f"calculation {name}": one.labels for name, one in instrument.calculations.items()}
    labels |= {f"class {name}": one.labels for name, one in instrument.classes.items()}
    labels |= {f"aspect {name}": one.labels for name, one in instrument.aspects.items()}
    for name, one in instrument.indicators.items():
        labels[f"indicator {name}"] = one.labels
        labels |= {f"band {name} {band.low}": band.labels for band in one.bands}
        labels |= {f"option {name} {option.name}": option.labels for option in one.options}
    assert [name for name, texts in labels.items() if set(texts) != set(LANGUAGES)] == []
    hinted = {name: field.hints for name, field in form.fields.items() if field.hints}
    assert [name for name, texts in hinted.items() if set(texts) != set(LANGUAGES)] == []


@workbooks
def test_every_aspect_and_indicator_says_where_it_comes_from_and_who_acts(workbook: Path) -> None:
    instrument = instrument_of(workbook.parent)
    assert instrument.source
    assert [name for name, one in instrument.aspects.items() if not one.source] == []
    assert [name for name, one in instrument.indicators.items() if not (one.source and one.agency and one.stage)] == []
    assert (workbook.parent / "sumber.md").read_text("utf-8").startswith("# Sumber")


@workbooks
def test_an_officer_finds_guidance_first_frozen_headers_and_drop_downs(workbook: Path) -> None:
    sheets = read_sheets(workbook).sheets
    assert next(iter(sheets)) == GUIDANCE
    with ZipFile(workbook) as archive:
        pages = [archive.read(f"xl/worksheets/sheet{number}.xml").decode() for number in range(2, len(sheets) + 1)]
    frozen = [name for name, page in zip(list(sheets)[1:], pages, strict=True) if 'state="frozen"' in page]
    assert frozen == list(sheets)[1:]
    closed = {name for name, page in zip(list(sheets)[1:], pages, strict=True) if "<dataValidation " in page}
    assert {"survey", "privacy", "calculations", "indicators"} <= closed


# --- together ----------------------------------------------------------------------------------------------------
def alike(field: Field) -> tuple[object, ...]:
    """What must be the same for an answer to mean the same."""
    return (field.type, field.repeat, field.list_name, field.relevants and [text for text, _ in field.relevants])


@pytest.mark.parametrize(
    ("carrier", "carried", "but"),
    [
        (P2WKSS, "keluarga-sejahtera/1.0", set()),
        (P2WKSS, "iks/1.0", set()),
        (KRPPA, "phbs/1.0", set()),
        (KRPPA, "ibangga/1.0", OF_IBANGGA_ALONE),
    ],
)
def test_one_survey_carries_every_field_of_its_neighbours(carrier: Path, carried: str, but: set[str]) -> None:
    assert set(form_of(ROOT / carried / "workbook.xlsx").fields) - set(form_of(carrier / "workbook.xlsx").fields) == but


def test_a_field_of_one_name_means_the_same_wherever_it_is_asked() -> None:
    fields: dict[str, tuple[object, ...]] = {}
    lists: dict[str, object] = {}
    for workbook in NEWEST:
        form = form_of(workbook)
        for name, field in form.fields.items():
            assert fields.setdefault(name, alike(field)) == alike(field), (workbook, name)
        for name, choices in form.lists.items():
            assert lists.setdefault(name, choices) == choices, (workbook, name)


def test_krppa_has_its_ten_indicators_in_words_of_effort_and_p2wkss_is_nowhere_in_it() -> None:
    instrument = instrument_of(KRPPA)
    assert [aspect.weight for aspect in instrument.aspects.values()] == [10] * 10
    effort = {one.measure for one in instrument.indicators.values() if one.origin == "protection"}
    assert effort == set(MEASURES) - {"channel_known"}  # that is asked of the families themselves
    assert ("bukan instrumen resmi" in instrument.title, "KRPPA" in instrument.title) == (True, True)
    said = [
        text for sheet in read_sheets(KRPPA / "workbook.xlsx").sheets.values() for row in sheet.rows for text in row
    ]
    assert [text for text in said if "p2wkss" in text.lower()] == []


def test_ibangga_scores_harmony_without_violence_and_says_so_where_it_is_read() -> None:
    instrument = instrument_of(ROOT / "ibangga" / "1.0")
    assert "tanpa sub-butir kekerasan" in instrument.title
    assert "tidak sama dengan iBangga resmi" in instrument.source
    asked_of = {name for name in instrument.form.fields if name.startswith("conflict")}
    assert asked_of == OF_IBANGGA_ALONE
    assert len([name for name in instrument.indicators if name.startswith("variabel_")]) == 17


def test_a_number_of_women_who_decide_and_of_their_groups_is_counted_and_safety_is_asked() -> None:
    instrument = instrument_of(P2WKSS)
    wanted = {"perempuan_memutuskan", "kelompok_perempuan", "rasa_aman"}
    assert wanted - set(instrument.indicators) == set()
    assert {one.stage for one in instrument.indicators.values()} == {"input", "proses", "output", "outcome"}
    assert {one.rule for one in instrument.indicators.values()} == {"linear", "bands", "options", "yes_no"}
    assert {one.missing for one in instrument.indicators.values()} == {"exclude", "zero", "fail"}
    assert "bukan instrumen resmi" in instrument.title


def bare(one: Indicator) -> Indicator:
    """What it counts and how, without its words."""
    return replace(one, labels={}, evidence="", options=tuple(replace(option, labels={}) for option in one.options))


@pytest.mark.parametrize("folder", [P2WKSS, KRPPA], ids=["p2wkss", "krppa"])
def test_a_step_of_a_ladder_is_understood_without_the_others_and_their_letters(folder: Path) -> None:
    options = [option for one in instrument_of(folder).indicators.values() for option in one.options]
    said = [label for option in options for label in option.labels.values()]
    assert [label for label in said if re.match(r"(?:Seperti|As) [a-d]\b", label)] == []


def test_p2wkss_says_in_its_newer_version_who_has_received_a_referral_and_counts_as_before() -> None:
    older, newer = instrument_of(ROOT / "p2wkss" / "0.1"), instrument_of(P2WKSS)
    assert [name for name, one in newer.indicators.items() if bare(one) != bare(older.indicators[name])] == []
    renamed = {name for name, one in newer.indicators.items() if one.labels != older.indicators[name].labels}
    assert renamed == {"rujukan_24_jam"}
    assert list(newer.indicators["rujukan_24_jam"].labels.values()) == [
        "Rujukan diterima UPTD PPA dalam 24 jam",
        "Referrals received by UPTD PPA within 24 hours",
    ]
    assert (newer.aspects, newer.calculations, newer.classes) == (older.aspects, older.calculations, older.classes)


def test_rubrics_climb_the_ladder_of_evidence() -> None:
    ladders = [one.options for one in instrument_of(P2WKSS).indicators.values() if one.rule == "options"]
    assert len(ladders) == 12
    assert {tuple((option.name, option.points) for option in options) for options in ladders} == {
        (("belum", 0), ("a", 25), ("b", 50), ("c", 75), ("d", 100))
    }


@pytest.mark.parametrize("folder", [P2WKSS, KRPPA], ids=["p2wkss", "krppa"])
def test_the_phone_asks_the_median_family_at_most_110_questions(folder: Path) -> None:
    form = form_of(folder / "workbook.xlsx")
    both = [*families("GD", 100, 2024), *families("SJ", 100, 2024)]
    assert 60 <= median(asked(form, family.answers, family.members) for family in both) <= 110


@workbooks
def test_every_relevant_can_be_walked(workbook: Path) -> None:
    for field in form_of(workbook).fields.values():
        for text, _ in field.relevants:
            parse(text)
