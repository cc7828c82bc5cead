"""Rules in plain words: what an official would write beside the expression."""

import pytest

from selaras.scoring.expressions.parser import parse
from selaras.scoring.expressions.phrases import PHRASES, Language
from selaras.scoring.expressions.prose import Prose, Span
from selaras.scoring.expressions.words import Lexicon, condition, is_condition, label_of, quantity

KINDS = {
    "lahir": "date",
    "sumber": "choices",
    "jamban": "choice",
    "septik": "choice",
    "dinding": "choice",
    "pekerjaan": "choice",
    "layak": "boolean",
    "luas": "number",
    "orang": "number",
    "umur": "number",
    "sekolah": "choice",
    "catatan": "text",
}


def lexicon(language: Language = "id") -> Lexicon:
    """The names of a small survey."""
    return Lexicon(
        language,
        names={
            "jamban": "Di mana keluarga buang air besar?",
            "septik": "Ada tangki septik?",
            "luas": "Luas lantai per orang",
            "orang": "Banyaknya penghuni",
            "lahir": "Tanggal lahir",
            "layak": "Rumah layak huni",
            "umur": "Umur",
            "sekolah": "Masih sekolah?",
            "sumber": "Sumber air",
            "dinding": "Dinding",
        },
        options={
            "jamban": {"leher_angsa": "Leher angsa", "plengsengan": "Plengsengan", "cemplung": "Cemplung"},
            "septik": {"ya": "Ya", "tidak": "Tidak"},
            "dinding": {"kayu": "Kayu, bambu", "seng": "Seng atau terpal", "bata": "Bata"},
            "sekolah": {"ya": "Ya", "tidak": "Tidak"},
            "sumber": {"pdam": "PDAM", "sumur": "Sumur"},
        },
        kinds=KINDS,  # type: ignore[arg-type]
        repeats={"member": "anggota keluarga"},
        units={"luas": "m²"},
    )


def said(text: str, language: Language = "id") -> str:
    """The words of an expression as plain text."""
    tree, words = parse(text), lexicon(language)
    return str(condition(tree, words) if is_condition(tree, words) else quantity(tree, words))


JAMBAN, SEPTIK = "“Di mana keluarga buang air besar?”", "“Ada tangki septik?”"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "${jamban} = 'leher_angsa' and ${septik} = 'ya'",
            f"{JAMBAN} dijawab Leher angsa dan {SEPTIK} dijawab Ya",
        ),
        ("${jamban} != 'cemplung'", f"{JAMBAN} dijawab selain Cemplung"),
        ("${septik} != 'ya'", f"{SEPTIK} dijawab Tidak"),
        ("not(${jamban} != 'cemplung')", f"{JAMBAN} dijawab Cemplung"),
        (
            "${jamban} = 'leher_angsa' or ${jamban} = 'plengsengan' or selected(${jamban}, 'cemplung')",
            f"{JAMBAN} dijawab Leher angsa, Plengsengan, atau Cemplung",
        ),
        (
            "not(${jamban} = 'plengsengan' or ${jamban} = 'cemplung')",
            f"{JAMBAN} dijawab Leher angsa",
        ),
        ("not(${umur} >= 7 and ${umur} <= 18)", "“Umur” di luar 7 sampai 18"),
        (
            "${luas} <= 9.5 and ${layak} and ${luas} >= 8",
            "“Luas lantai per orang” dari 8 m² sampai 9,5 m² dan “Rumah layak huni” terpenuhi",
        ),
        ("${umur} > 7 and ${umur} <= 18", "“Umur” lebih dari 7 dan “Umur” paling banyak 18"),
        ("${dinding} = 'kayu' or ${dinding} = 'seng'", "“Dinding” dijawab ‘Kayu, bambu’ atau ‘Seng atau terpal’"),
        ("selected(${sumber}, 'pdam')", "“Sumber air” mencakup PDAM"),
        ("not(selected(${sumber}, 'pdam'))", "“Sumber air” tidak mencakup PDAM"),
        (
            "selected(${sumber}, 'pdam') or selected(${sumber}, 'sumur')",
            "“Sumber air” mencakup PDAM atau Sumur",
        ),
        ("${luas} >= 8", "“Luas lantai per orang” paling sedikit 8 m²"),
        ("7.2 > ${luas}", "“Luas lantai per orang” kurang dari 7,2 m²"),
        ("not(${luas} < 8)", "“Luas lantai per orang” paling sedikit 8 m²"),
        ("${luas} * ${orang} > 36", "“Luas lantai per orang” dikali “Banyaknya penghuni” lebih dari 36"),
        ("${orang} = 1000.5", "“Banyaknya penghuni” sama dengan 1.000,5"),
        ("${lahir} >= date('2019-04-25')", "“Tanggal lahir” paling awal 25 April 2019"),
        (
            "today() - ${lahir} < 365",
            "banyaknya hari dari “Tanggal lahir” sampai tanggal penutupan putaran kurang dari 365",
        ),
        ("${layak}", "“Rumah layak huni” terpenuhi"),
        ("not(${layak})", "“Rumah layak huni” tidak terpenuhi"),
        ("${layak} = false()", "“Rumah layak huni” tidak terpenuhi"),
        ("true()", "selalu"),
        ("not(true())", "tidak pernah"),
        ("${jamban} = ''", f"{JAMBAN} kosong"),
        ("${jamban} != ''", f"{JAMBAN} terisi"),
        (
            "${layak} and (${septik} = 'ya' or ${orang} < 5)",
            "semua ini terpenuhi:\n"
            "– “Rumah layak huni” terpenuhi\n"
            f"– {SEPTIK} dijawab Ya atau “Banyaknya penghuni” kurang dari 5",
        ),
        (
            "${layak} or (${septik} = 'ya' and (${orang} < 5 or (${luas} > 8 and ${jamban} = 'cemplung')))",
            "salah satu ini terpenuhi:\n"
            "– “Rumah layak huni” terpenuhi\n"
            "– semua ini terpenuhi:\n"
            f"  – {SEPTIK} dijawab Ya\n"
            "  – salah satu ini terpenuhi:\n"
            "    – “Banyaknya penghuni” kurang dari 5\n"
            f"    – “Luas lantai per orang” lebih dari 8 m² dan {JAMBAN} dijawab Cemplung",
        ),
        (
            "not(${layak} and ${septik} = 'ya')",
            f"“Rumah layak huni” tidak terpenuhi atau {SEPTIK} dijawab Tidak",
        ),
        ("any(member[${umur} < 5])", "ada anggota keluarga yang “Umur” kurang dari 5"),
        ("not(any(member[${umur} < 5]))", "tidak ada anggota keluarga yang “Umur” kurang dari 5"),
        ("count(member[${umur} < 5]) > 0", "ada anggota keluarga yang “Umur” kurang dari 5"),
        ("count(member[${umur} < 5]) = 0", "tidak ada anggota keluarga yang “Umur” kurang dari 5"),
        ("count(member) >= 3", "banyaknya anggota keluarga paling sedikit 3"),
        (
            "all(member[${umur} >= 7 and ${umur} <= 15], ${sekolah} = 'ya')",
            "semua anggota keluarga yang “Umur” dari 7 sampai 15 memenuhi: “Masih sekolah?” dijawab Ya",
        ),
        (
            "not(all(member, ${sekolah} = 'ya'))",
            "tidak semua anggota keluarga memenuhi: “Masih sekolah?” dijawab Ya",
        ),
        (
            "any(member[${umur} > 60 and (${sekolah} = 'ya' or ${umur} > 80)])",
            "ada anggota keluarga yang (“Umur” lebih dari 60 dan (“Masih sekolah?” dijawab Ya "
            "atau “Umur” lebih dari 80))",
        ),
        ("sum(member, ${umur})", "jumlah “Umur” pada anggota keluarga"),
        (
            "mean(member[${umur} > 7], ${umur} * 2)",
            "rata-rata (“Umur” dikali 2) pada anggota keluarga yang “Umur” lebih dari 7",
        ),
        (
            "count(member[${umur} = max(member, ${umur})]) = 1",
            "banyaknya anggota keluarga yang “Umur” sama dengan “Umur” terbesar pada anggota keluarga sama dengan 1",
        ),
        ("min(member, ${umur})", "“Umur” terkecil pada anggota keluarga"),
        ("max(member, ${umur})", "“Umur” terbesar pada anggota keluarga"),
        ("coalesce(${septik} = 'ya', false())", f"{SEPTIK} dijawab Ya (tidak diketahui dihitung tidak)"),
        ("not(coalesce(${septik} = 'ya', false()))", f"{SEPTIK} dijawab Tidak (tidak diketahui dihitung ya)"),
        ("if-na(${layak}, true())", "“Rumah layak huni” terpenuhi (tidak berlaku dihitung ya)"),
        ("coalesce(${luas}, ${orang})", "“Luas lantai per orang” (bila tidak diketahui: “Banyaknya penghuni”)"),
        (
            "if(${orang} > 4, ${luas} >= 9, ${luas} >= 8)",
            "sesuai keadaannya:\n"
            "– bila “Banyaknya penghuni” lebih dari 4: “Luas lantai per orang” paling sedikit 9 m²\n"
            "– selain itu: “Luas lantai per orang” paling sedikit 8 m²",
        ),
        (
            "if(${orang} > 4, 1, if(${orang} > 2, 0.5, na()))",
            "sesuai keadaannya:\n"
            "– bila “Banyaknya penghuni” lebih dari 4: 1\n"
            "– bila “Banyaknya penghuni” lebih dari 2: 0,5\n"
            "– selain itu: tidak berlaku",
        ),
        (
            "if(${layak}, 1, 2) + 3",
            "(bila “Rumah layak huni” terpenuhi maka 1, selain itu 2) ditambah 3",
        ),
        (
            "share-true(${layak}, ${septik} = 'ya', ${luas} > 8, true())",
            "bagian yang terpenuhi, dari yang berlaku di antara:\n"
            "– “Rumah layak huni” terpenuhi\n"
            f"– {SEPTIK} dijawab Ya\n"
            "– “Luas lantai per orang” lebih dari 8 m²\n"
            "– selalu",
        ),
        (
            "share-true(${layak}, ${septik} = 'ya')",
            f"bagian yang terpenuhi, dari yang berlaku di antara “Rumah layak huni” terpenuhi dan {SEPTIK} dijawab Ya",
        ),
        (
            "(${luas} + 1) div (${orang} - 2)",
            "(“Luas lantai per orang” ditambah 1) dibagi (“Banyaknya penghuni” dikurangi 2)",
        ),
        ("${orang} mod 2", "sisa “Banyaknya penghuni” dibagi 2"),
        ("-${orang}", "minus “Banyaknya penghuni”"),
        ("min(${luas}, ${orang}, 3)", "yang terkecil di antara “Luas lantai per orang”, “Banyaknya penghuni”, dan 3"),
        ("max(1, 2)", "yang terbesar di antara 1 dan 2"),
        ("round(${luas}, 1)", "“Luas lantai per orang” dibulatkan sampai 1 angka di belakang koma"),
        ("round(${luas}, 0)", "“Luas lantai per orang” dibulatkan ke bilangan bulat"),
        ("int(${luas})", "bagian bulat dari “Luas lantai per orang”"),
        ("abs(${luas})", "besarnya “Luas lantai per orang” tanpa tanda minus"),
        ("pow(${luas}, 2)", "“Luas lantai per orang” pangkat 2"),
        ("count-selected(${sumber})", "banyaknya jawaban pada “Sumber air”"),
        ("string-length(${catatan})", "banyaknya huruf pada “catatan”"),
        ("decimal-date-time(${lahir})", "“Tanggal lahir” sebagai hitungan hari"),
        ("regex(${catatan}, '^[A-Z]$')", "“catatan” sesuai pola “^[A-Z]$”"),
        ("na()", "tidak berlaku"),
        ("''", "tidak diketahui"),
        ("today()", "tanggal penutupan putaran"),
    ],
)
def test_an_expression_reads_as_a_sentence(text: str, words: str) -> None:
    assert said(text) == words


def test_answers_are_emphasised_and_questions_are_not() -> None:
    prose = condition(parse("${jamban} = 'leher_angsa'"), lexicon())
    assert prose == Prose((Span(f"{JAMBAN} dijawab "), Span("Leher angsa", strong=True)))


def test_the_other_side_is_the_negation() -> None:
    tree = parse("${jamban} = 'leher_angsa' and ${luas} >= 8")
    assert str(condition(tree, lexicon(), holds=False)) == (
        f"{JAMBAN} dijawab selain Leher angsa atau “Luas lantai per orang” kurang dari 8 m²"
    )


def test_english_reads_as_english() -> None:
    assert said("${luas} >= 1000.5 and ${septik} = 'ya'", "en") == (
        f"“Luas lantai per orang” is at least 1,000.5 m² and {SEPTIK} is answered Ya"
    )
    assert said("${lahir} < date('2019-04-25')", "en") == "“Tanggal lahir” is before 25 April 2019"


def test_no_language_lacks_a_phrase_or_a_slot() -> None:
    slots = {
        language: {key: sorted(part for part in ("{0}", "{1}", "{2}") if part in text) for key, text in book.items()}
        for language, book in PHRASES.items()
    }
    assert slots["en"] == slots["id"]


def test_labels_lose_numbers_markup_and_references() -> None:
    assert label_of("12. **Apakah** ${nama_kk}\n punya <b>jamban</b>?") == "Apakah … punya jamban?"
    assert label_of("Luas lantai (m²):") == "Luas lantai (m²)"
