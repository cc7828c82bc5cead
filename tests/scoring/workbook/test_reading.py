"""A sound workbook becomes an instrument; a plain XLSForm stays a form."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from selaras.errors import Problem
from selaras.scoring.expressions.parser import parse
from selaras.scoring.instrument import Band, Expression, Option, Privacy
from selaras.scoring.workbook import Reading, read_workbook
from tests.build_workbook import workbook
from tests.sample_workbook import changed, rows, sample
from tests.scoring.workbook.case import told

LANGUAGE = "Bahasa Indonesia (id)"


def read(content: bytes) -> Reading:
    return read_workbook(content, name="buku.xlsx", xform=False)


def test_the_sample_has_no_problem() -> None:
    reading = read_workbook(sample(), name="buku.xlsx")
    assert reading.problems == ()
    assert reading.instrument is not None
    assert reading.instrument.form == reading.form


def test_the_instrument_says_what_the_sheets_say() -> None:
    instrument = read(sample()).instrument
    assert instrument is not None
    assert (instrument.id, instrument.version, instrument.title) == ("contoh", "2024.1", "Instrumen contoh")
    assert (instrument.scale, instrument.valid_from, instrument.valid_to) == (Decimal(100), date(2024, 1, 1), None)
    assert list(instrument.calculations) == ["anak", "rasio", "pelajar"]
    assert [one.over for one in instrument.calculations.values()] == ["household", "household", "member"]
    assert list(instrument.classes) == ["sehat", "rentan"]
    assert [(one.name, one.parent, one.weight) for one in instrument.aspects.values()] == [
        ("kesehatan", None, Decimal(60)),
        ("sanitasi", "kesehatan", Decimal(1)),
        ("lembaga", None, Decimal(40)),
    ]
    assert list(instrument.indicators) == ["jamban", "sekolah", "iuran", "sk", "saluran"]
    assert instrument.privacy["jamban"] == Privacy("jamban", "umum", "menilai sanitasi")


def test_an_indicator_carries_its_expressions_bands_and_options() -> None:
    instrument = read(sample()).instrument
    assert instrument is not None
    jamban, sekolah, sk = (instrument.indicators[name] for name in ("jamban", "sekolah", "sk"))
    text = "${jamban} = 'leher_angsa'"
    assert jamban.expression == Expression(text, parse(text), "boolean", "indicators!I2")
    assert jamban.bands == (
        Band(Decimal(0), Decimal("0.5"), Decimal(0), {}),
        Band(Decimal("0.5"), Decimal("0.8"), Decimal(50), {}),
        Band(Decimal("0.8"), Decimal(1), Decimal(100), {}),
    )
    assert (jamban.missing, jamban.aggregate, jamban.min_n) == ("zero", "share", 0)
    assert sekolah.applies_to == Expression("${umur} >= 7", parse("${umur} >= 7"), "boolean", "indicators!H3")
    assert (sekolah.over, sekolah.low, sekolah.high) == ("member", Decimal("0.5"), Decimal(1))
    assert sk.options == (
        Option("a", {LANGUAGE: "Ada SK"}, Decimal(100)),
        Option("b", {LANGUAGE: "Belum ada SK"}, Decimal(0)),
    )


def test_relevants_are_kept_for_the_fields_that_a_score_uses_and_no_others() -> None:
    instrument = read(changed(("survey", "D4", "${jumlah} > 1"))).instrument
    assert instrument is not None
    assert {name: [one.cell for one in found] for name, found in instrument.relevants.items()} == {
        "iuran": ["survey!D5"],
        "sekolah": ["survey!D9"],
    }


def test_the_conditions_of_groups_around_a_field_count_with_its_own() -> None:
    survey = [
        ["type", "name", "label", "relevant"],
        ["integer", "jumlah", "Berapa?"],
        ["select_one jamban", "jamban", "Jamban?"],
        ["begin group", "g", "G", "${jumlah} > 0"],
        ["begin repeat", "member", "M", "${jumlah} > 1"],
        ["integer", "umur", "Umur?"],
        ["select_one ya_tidak", "sekolah", "Sekolah?", "${umur} > 6"],
        ["end repeat"],
        ["decimal", "iuran", "Iuran?"],
        ["end group"],
    ]
    instrument = read(sample(survey=survey, privacy=None)).instrument
    assert instrument is not None
    assert {name: [one.text for one in found] for name, found in instrument.relevants.items()} == {
        "sekolah": ["${jumlah} > 0", "${jumlah} > 1", "${umur} > 6"],
        "umur": ["${jumlah} > 0", "${jumlah} > 1"],
        "iuran": ["${jumlah} > 0"],
    }


def test_the_form_is_called_as_the_instrument_where_settings_is_silent() -> None:
    form = read_workbook(sample()).form
    assert form is not None
    assert (form.id, form.version, form.title) == ("contoh", "2024.1", "Instrumen contoh")
    assert form.default_language == LANGUAGE
    assert 'id="contoh" version="2024.1"' in form.xform
    named = sample(settings=[["form_id", "version", "form_title"], ["formulir", "7", "Formulir"]])
    form = read_workbook(named).form
    assert form is not None
    assert (form.id, form.version, form.title) == ("formulir", "7", "Formulir")
    assert 'id="formulir" version="7"' in form.xform


def test_without_an_xform_nothing_else_differs() -> None:
    whole, quick = read_workbook(sample()), read(sample())
    assert whole.instrument is not None
    assert quick.instrument is not None
    assert quick.instrument.form.xform == ""
    assert quick.instrument.sha256 == whole.instrument.sha256
    assert quick.instrument.indicators == whole.instrument.indicators


def test_a_path_and_its_bytes_read_alike(tmp_path: Path) -> None:
    file = tmp_path / "buku.xlsx"
    file.write_bytes(sample())
    assert read_workbook(file) == read_workbook(sample(), name="buku.xlsx")


def test_capitals_in_the_name_of_a_sheet_do_not_matter() -> None:
    content = {
        name.title() if name != "survey" else " SURVEY ": rows(name) for name in ("instrument", "survey", "choices")
    }
    content |= {"Aspects": rows("aspects")[:2] + rows("aspects")[3:], "Indicators": rows("indicators")[:1]}
    reading = read(workbook(content))
    assert told(reading.problems) == ["aspect.empty Aspects!A2", "aspect.empty Aspects!A3"]


def test_all_mistakes_of_one_cell_are_told_at_once() -> None:
    wrong = "foo(1) > ${qqqqq} and ${jamban} = 'angsa' and if(true()) = 1"
    content = changed(("indicators", "I2", wrong), ("calculations", "C2", "foo(1) + ${qqqqq}"))
    expected = ["expression.arguments", "expression.function", "expression.name", "expression.option"]
    found = [line.split(" ") for line in told(read(content).problems)]
    assert sorted(code for code, cell in found if cell == "indicators!I2") == expected
    assert sorted(code for code, cell in found if cell == "calculations!C2") == [
        "expression.function",
        "expression.name",
    ]


def test_what_only_looks_unwise_is_told_and_scores_all_the_same() -> None:
    percent = changed(("indicators", "L3", 100))
    mean = changed(("indicators", "F4", "yes_no"), ("indicators", "K4", None), ("indicators", "L4", None))
    juror = changed(("indicators", "J5", "mean"), ("indicators", "M5", "zero"))
    for content, expected in (
        (percent, ["indicator.share_ends indicators!L3"]),
        (mean, ["indicator.yes_no indicators!J4"]),
        (juror, ["indicator.survey_only indicators!J5", "indicator.survey_only indicators!M5"]),
    ):
        reading = read(content)
        assert told(reading.problems) == expected
        assert reading.errors == ()
        assert reading.instrument is not None


def test_the_guidance_sheet_is_never_read() -> None:
    guidance = [["Petunjuk", None, "apa saja"], [], ["=1+1"]]
    assert read(sample(petunjuk=guidance)).problems == ()


def test_a_plain_form_collects_and_scores_nothing() -> None:
    reading = read_workbook(sample(instrument=None, **dict.fromkeys(OURS)))
    assert reading.problems == ()
    assert reading.instrument is None
    assert reading.form is not None
    assert list(reading.form.fields)[:3] == ["jumlah", "jamban", "bantuan"]


def test_our_sheets_without_instrument_are_a_form_with_a_warning() -> None:
    reading = read_workbook(sample(instrument=None, instrumen=rows("instrument")))
    assert reading.form is not None
    assert reading.problems == (Problem("workbook.only_a_form", "privacy!A1", {"meant": "instrumen"}, "warning"),)


def test_past_a_thousand_problems_the_rest_waits() -> None:
    wrong = [["name", "over", "expression"], *([f"k{n}", "", "${qqqqq}"] for n in range(1_500))]
    problems = read(sample(calculations=wrong, indicators=[*rows("indicators")[:3], *rows("indicators")[4:]])).problems
    assert told(problems)[0] == "workbook.too_many "
    assert len(problems) == 1_001


OURS = ("privacy", "calculations", "classes", "aspects", "indicators", "bands", "options")
