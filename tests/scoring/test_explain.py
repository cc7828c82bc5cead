"""The rule of an indicator in words, the steps of its number, and the range that missing answers leave open."""

from decimal import Decimal
from fractions import Fraction

import pytest

from selaras.errors import InputError
from selaras.scoring.card import UnitScore
from selaras.scoring.explain import lexicon_of, over_words, rule_words, shown
from selaras.scoring.facts import Fact
from selaras.scoring.instrument import Calculation, Instrument
from selaras.scoring.points import scorecard
from selaras.scoring.ranges import Range, possible_range
from selaras.scoring.tally import Tally
from selaras.scoring.trace import Step, trace
from tests.scoring.build import (
    aspect,
    bands,
    choices,
    expression,
    field,
    form,
    indicator,
    instrument,
    labels,
    options,
    tallies,
    tally,
)

SHAPE = form(
    field(
        "jamban", "choice", "Di mana keluarga buang air besar?|Where does the household defecate?", list_name="jamban"
    ),
    field("septik", "choice", "Ada tangki septik?", list_name="ya_tidak"),
    field("dibangun", "choice", "Rumah sedang dibangun ulang?", list_name="ya_tidak"),
    field("luas", "decimal", "Luas lantai (m²)"),
    field("penghuni", "integer", "Banyaknya penghuni"),
    field("umur", "integer", "Umur", repeat="member"),
    lists={
        "jamban": choices(leher_angsa="Jamban leher angsa|Gooseneck latrine", cemplung="Cemplung"),
        "ya_tidak": choices(ya="Ya|Yes", tidak="Tidak|No"),
    },
    repeats={"member": "Anggota keluarga|Member"},
)
PER_HEAD = Calculation(
    "per_orang",
    "household",
    expression("${luas} div ${penghuni}", SHAPE),
    labels("Luas lantai per orang", "Floor area per head"),
    unit="m²",
)
JAMBAN = indicator(
    "jamban",
    "rumah",
    "5",
    labels=labels("Jamban sehat", "Healthy latrine"),
    rule="bands",
    bands=bands(("0", "0.4", "0"), ("0.4", "0.6", "50"), ("0.6", "1", "100")),
    expression=expression("${jamban} = 'leher_angsa' and ${septik} = 'ya'", SHAPE),
    applies_to=expression("${dibangun} != 'ya'", SHAPE),
    source="usulan contoh",
)
LANTAI = indicator(
    "lantai",
    "rumah",
    "2",
    labels=labels("Lantai cukup"),
    aggregate="mean",
    unit="m²",
    low=Decimal(0),
    high=Decimal(8),
    missing="fail",
    min_n=5,
    expression=expression("${per_orang}", SHAPE, calculations={"per_orang": PER_HEAD}),
)
BALITA = indicator(
    "balita",
    "warga",
    labels=labels("Balita"),
    over="member",
    aggregate="count",
    missing="zero",
    low=Decimal(0),
    high=Decimal(10),
    expression=expression("${umur} < 5", SHAPE, "member"),
)
SK = indicator(
    "sk",
    "warga",
    "3",
    labels=labels("Ada SK tim"),
    origin="judged",
    rule="options",
    options=options(a="100", b="25"),
)
PLAN = instrument(
    JAMBAN,
    LANTAI,
    BALITA,
    SK,
    aspects=(aspect("rumah", "7"), aspect("warga", "3")),
    shape=SHAPE,
    calculations=(PER_HEAD,),
)


def unit_of(*facts: Fact, plan: Instrument = PLAN, **counts: Tally) -> UnitScore:
    """The one unit `A` with these counts."""
    return scorecard(plan, tallies(("A", 100, counts)), facts).units[0]


def test_the_rule_of_an_indicator_reads_from_what_counts_to_its_source() -> None:
    words = rule_words(PLAN, JAMBAN)
    assert str(words).splitlines() == [
        "Dihitung sudah bila “Di mana keluarga buang air besar?” dijawab Jamban leher angsa "
        "dan “Ada tangki septik?” dijawab Ya.",
        "Tidak berlaku bila “Rumah sedang dibangun ulang?” dijawab Ya.",
        "Nilai menurut pita:",
        "– 0 % sampai kurang dari 40 %: 0",
        "– 40 % sampai kurang dari 60 %: 50",
        "– 60 % sampai 100 %: 100",
        "Nilainya bagian keluarga yang sudah, dari semua yang diketahui.",
        "Yang kosong tidak mengurangi nilai.",
        "Bobot 5.",
        "Sumber: usulan contoh",
    ]
    assert [span.text for span in words.rule.spans if span.strong] == ["sudah", "Jamban leher angsa", "Ya"]


def test_a_rule_defines_the_calculations_that_it_names() -> None:
    assert str(rule_words(PLAN, LANTAI)).splitlines() == [
        "Yang dihitung: “Luas lantai per orang”.",
        "“Luas lantai per orang”: “Luas lantai (m²)” dibagi “Banyaknya penghuni”.",
        "Nilai nol pada 0 m², penuh pada 8 m², dan berimbang di antaranya.",
        "Nilainya rata-rata dari semua keluarga yang diketahui.",
        "Bila satu saja kosong, belum ada nilainya.",
        "Paling sedikit 5 keluarga harus diketahui.",
        "Bobot 2.",
    ]


def test_a_rule_over_a_repeat_speaks_of_its_rows() -> None:
    assert str(rule_words(PLAN, BALITA)).splitlines()[0] == (
        "Untuk tiap anggota keluarga: dihitung sudah bila “Umur” kurang dari 5."
    )
    assert over_words(PLAN, "member") == "anggota keluarga"


def test_a_fact_says_who_gives_it_and_what_the_options_are_worth() -> None:
    assert str(rule_words(PLAN, SK)).splitlines() == [
        "Nilainya diberikan oleh juri; bila jurinya beberapa, rata-ratanya yang berlaku.",
        "Nilai menurut pilihan:",
        "– pilihan a: 100",
        "– pilihan b: 25",
        "Bobot 3.",
    ]


def test_a_rule_speaks_english_where_the_labels_do() -> None:
    assert str(rule_words(PLAN, JAMBAN, "en")).splitlines()[:2] == [
        "Counted as met if “Where does the household defecate?” is answered Gooseneck latrine "
        "and “Ada tangki septik?” is answered Yes.",
        "Not applicable if “Rumah sedang dibangun ulang?” is answered Yes.",
    ]
    assert (shown(JAMBAN.labels, PLAN, "en"), shown(SK.labels, PLAN, "en")) == ("Healthy latrine", "Ada SK tim")
    assert lexicon_of(PLAN, "en").repeats == {"member": "member"}


def test_the_steps_lead_from_the_count_to_the_total() -> None:
    unit = unit_of(Fact("A", "sk", option="b"), jamban=tally(93, 54, 5, 2), lantai=tally(), balita=tally())
    found = trace(PLAN, unit, "jamban")
    assert found.label == "Jamban sehat"
    assert found.expression == "${jamban} = 'leher_angsa' and ${septik} = 'ya'"
    assert found.steps == (
        Step("54 dari 93", "keluarga yang sudah, menjadi 58,1 %; 5 belum diketahui, 2 tidak berlaku"),
        Step("Pita 50", "40 % sampai kurang dari 60 %: 50 dari 100"),
        Step("2,5 dari 5", "bobot 5 × 0,5"),
        Step("50", "aspek Rumah: 2,5 dari bobot 5; bobot 2 belum bernilai"),
        Step("42,5", "nilai seluruhnya: 4,25 dari bobot 10"),
    )
    assert found.outlook == (
        "Bila 5 yang kosong terjawab, hasilnya antara 55,1 % dan 60,2 %.",
        "2 keluarga lagi, dan poinnya menjadi 5 dari 5.",
    )
    assert found.rule == rule_words(PLAN, JAMBAN)
    assert "\"jamban\" = 'leher_angsa'" in found.sql


def test_what_blanks_cost_is_a_step_of_its_own() -> None:
    steps = trace(PLAN, unit_of(balita=tally(30, 5, missing=20)), "balita").steps
    assert steps[:4] == (
        Step("5", "banyaknya anggota keluarga yang sudah, dari 30 yang diketahui; 20 belum diketahui, 0 tidak berlaku"),
        Step("50 dari 100", "letaknya pada garis dari 0 ke 10"),
        Step("30 dari 100", "dikali 30/50: yang kosong tidak memberi nilai"),
        Step("0,3 dari 1", "bobot 1 × 0,3"),
    )


def test_a_number_that_is_not_there_says_why() -> None:
    unit = unit_of(lantai=tally(4, total=Decimal(20), missing=1), jamban=tally(missing=3))
    assert trace(PLAN, unit, "lantai").steps == (
        Step(
            "Belum ada nilai",
            "4 keluarga diketahui, 1 belum diketahui, 0 tidak berlaku: yang diketahui kurang dari batas terkecil",
        ),
    )
    assert trace(PLAN, unit, "jamban").steps[0].detail.endswith(": belum ada yang diketahui")
    assert trace(PLAN, unit, "sk").steps == (Step("Belum ada nilai", "belum ada yang mengisi"),)
    assert trace(PLAN, unit).steps == (Step("Belum ada nilai", "nilai seluruhnya; bobot 10 belum bernilai"),)


def test_aspects_and_totals_have_traces_and_other_names_a_suggestion() -> None:
    unit = unit_of(jamban=tally(10, 10))
    assert trace(PLAN, unit, "rumah").steps == (
        Step("100", "aspek Rumah: 5 dari bobot 5; bobot 2 belum bernilai"),
        Step("100", "nilai seluruhnya: 7 dari bobot 7; bobot 3 belum bernilai"),
    )
    with pytest.raises(InputError) as caught:
        trace(PLAN, unit, "jambam")
    assert str(caught.value) == "tidak ada indikator atau aspek bernama jambam; maksud Anda jamban?"


# --- ranges -----------------------------------------------------------------------------------------------------
def ranges(*facts: Fact, **counts: Tally) -> dict[str, object]:
    """Values, points, aspects and total of unit `A` as (low, high)."""
    counted = tallies(("A", 100, counts))
    found = possible_range(PLAN, counted, scorecard(PLAN, counted, facts))["A"]
    pairs: dict[str, object] = {f"value.{name}": (one.low, one.high) for name, one in found.values.items()}
    pairs |= {f"points.{name}": (one.low, one.high) for name, one in found.points.items()}
    pairs |= {f"aspect.{name}": (one.low, one.high) for name, one in found.aspects.items()}
    return pairs | {"total": found.total and (found.total.low, found.total.high)}


def test_five_missing_answers_open_a_range_of_five() -> None:
    assert ranges(jamban=tally(93, 54, 5, 2)) == {
        "value.jamban": (Fraction(54, 98), Fraction(59, 98)),
        # 59 of 98 is above 60 %, so that the best case is in the next band.
        "points.jamban": (Fraction(1, 2), Fraction(1)),
        "aspect.rumah": (50, 100),
        "total": (50, 100),
    }


def test_nothing_missing_is_no_range_and_facts_stay_as_they_are() -> None:
    found = ranges(Fact("A", "sk", option="b"), jamban=tally(10, 5))
    assert found == {
        "value.jamban": (Fraction(1, 2), Fraction(1, 2)),
        "points.jamban": (Fraction(1, 2), Fraction(1, 2)),
        "points.sk": (Fraction(1, 4), Fraction(1, 4)),
        "aspect.rumah": (50, 50),
        "aspect.warga": (25, 25),
        "total": (Fraction(85, 2), Fraction(85, 2)),
    }


def test_a_missing_number_may_be_anything() -> None:
    found = ranges(lantai=tally(9, total=Decimal(18), missing=1), balita=tally(4, 1, missing=2))
    assert (found["value.lantai"], found["points.lantai"]) == ((None, None), (0, 1))
    assert (found["value.balita"], found["points.balita"]) == ((1, 3), (Fraction(1, 10), Fraction(3, 10)))


def test_where_too_few_can_ever_be_known_there_is_no_range() -> None:
    assert ranges(lantai=tally(3, total=Decimal(9), missing=1)) == {"total": None}


def test_middle_bands_can_be_the_worst_or_the_best() -> None:
    hump = indicator("x", rule="bands", bands=bands(("0", "0.5", "10"), ("0.5", "0.6", "100"), ("0.6", "1", "20")))
    plan = instrument(hump)
    counted = tallies(("A", 10, {"x": tally(missing=10)}))
    found = possible_range(plan, counted, scorecard(plan, counted))["A"]
    assert found.points == {"x": Range(Fraction(1, 10), Fraction(1))}
    # With 3 owed answers and 1 of 6 known, no count lands in 0.5 … 0.6 but 3/6 does.
    counted = tallies(("A", 6, {"x": tally(3, 1, missing=3)}))
    found = possible_range(plan, counted, scorecard(plan, counted))["A"]
    assert found.points == {"x": Range(Fraction(1, 10), Fraction(1))}
