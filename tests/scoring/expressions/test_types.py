"""Static types: what makes sense for the names in scope, and what is said where it does not."""

import pytest

from selaras.scoring.expressions.parser import parse
from selaras.scoring.expressions.types import Scope, Symbol, check, names_in, repeats_in, uses_today
from selaras.scoring.instrument import HOUSEHOLD

YES_NO = frozenset({"ya", "tidak"})
SYMBOLS = {
    symbol.name: symbol
    for symbol in (
        Symbol("jamban", "choice", options=frozenset({"leher_angsa", "cemplung", "tidak_ada"})),
        Symbol("septik", "choice", options=YES_NO),
        Symbol("sumber", "choices", options=frozenset({"pdam", "sumur"})),
        Symbol("lantai", "number"),
        Symbol("kepala", "text"),
        Symbol("lahir", "date"),
        Symbol("layak", "boolean"),
        Symbol("umur", "number", "member"),
        Symbol("sekolah", "choice", "member", YES_NO),
        Symbol("bobot", "number", "toddler"),
    )
}


def scope(over: str = HOUSEHOLD, dot: Symbol | None = None) -> Scope:
    return Scope(SYMBOLS, frozenset({"member", "toddler"}), over, dot, later=frozenset({"nanti"}))


def told(text: str, over: str = HOUSEHOLD, dot: Symbol | None = None) -> list[str]:
    """Everything that is wrong, as a person reads it."""
    return [str(finding.at("")) for finding in check(parse(text), scope(over, dot))[1]]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("${jamban} = 'leher_angsa' and ${septik} = 'ya'", "boolean"),
        ("${jamban}", "choice"),
        ("${sumber}", "choices"),
        ("${lantai} * 2 - 1", "number"),
        ("-${lantai} div 3 mod 2", "number"),
        ("today() - ${lahir}", "number"),
        ("${lahir} >= date('2019-01-01')", "boolean"),
        ("''", "blank"),
        ("na()", "blank"),
        ("na() + 1", "number"),
        ("${kepala} = 'x'", "boolean"),
        ("${kepala} = ${jamban}", "boolean"),
        ("${layak} = true()", "boolean"),
        ("if(${layak}, ${lantai}, na())", "number"),
        ("if(${layak}, '', '')", "blank"),
        ("if(${layak}, ${jamban}, 'cemplung')", "choice"),
        ("if(${layak}, ${jamban}, 'lain')", "text"),
        ("coalesce(${lahir}, today())", "date"),
        ("if-na(${layak}, true())", "boolean"),
        ("selected(${sumber}, 'pdam')", "boolean"),
        ("selected(${septik}, 'ya')", "boolean"),
        ("count-selected(${sumber})", "number"),
        ("string-length(${kepala})", "number"),
        ("round(${lantai}, 2)", "number"),
        ("int(abs(min(1, max(2, ${lantai}))))", "number"),
        ("pow(${lantai}, 2)", "number"),
        ("decimal-date-time(${lahir})", "number"),
        ("share-true(${layak}, ${lantai} > 8)", "number"),
        ("count(member[${umur} < 5])", "number"),
        ("sum(member, ${umur} + ${lantai})", "number"),
        ("mean(member, ${umur})", "number"),
        ("min(toddler, ${bobot})", "number"),
        ("any(member[${sekolah} = 'tidak'])", "boolean"),
        ("all(member[${umur} >= 7], ${sekolah} = 'ya')", "boolean"),
        ("count(member[${umur} = max(member, ${umur})])", "number"),
    ],
)
def test_what_makes_sense_has_a_type(text: str, kind: str) -> None:
    assert check(parse(text), scope()) == (kind, ())


def test_a_row_of_a_repeat_sees_its_own_fields_and_the_households() -> None:
    assert check(parse("${umur} > ${lantai}"), scope("member")) == ("boolean", ())


def test_a_constraint_has_a_dot_and_regex() -> None:
    for name in ("kepala", "lantai"):  # the phone matches the written form, of a number too
        assert check(parse("regex(., '^[0-9]{16}$')"), scope(dot=SYMBOLS[name])) == ("boolean", ())
    assert check(parse(". >= 0 and . <= 20"), scope(dot=SYMBOLS["lantai"])) == ("boolean", ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${jambann} = 'x'", "${jambann} tidak dikenal; maksud Anda ${jamban}?"),
        ("${zzz} = 1", "${zzz} tidak dikenal; periksa ejaannya di sheet survey dan calculations"),
        ("${nanti} = 1", "${nanti} baru ditetapkan di baris sesudahnya; pindahkan baris nanti ke atas baris ini"),
        (
            "${member} = 1",
            "member adalah pengulangan, bukan satu nilai; tulis fungsi pengulangan, misalnya count(member[…])",
        ),
        (
            "${umur} > 5",
            "${umur} ada di dalam pengulangan member; pakai di dalam fungsi pengulangan, misalnya "
            "count(member[…]), atau isi kolom over dengan member",
        ),
        (
            "count(member[${bobot} > 5])",
            "${bobot} ada di dalam pengulangan toddler; pakai di dalam fungsi pengulangan, misalnya "
            "count(toddler[…]), atau isi kolom over dengan toddler",
        ),
        ("count(membr)", "pengulangan membr tidak dikenal; maksud Anda member?"),
        ("count(pekarangan)", "pengulangan pekarangan tidak dikenal; periksa nama begin repeat di sheet survey"),
        (
            "${jamban} = 'leher angsa'",
            "pilihan ${jamban} tidak mengenal 'leher angsa'; maksud Anda 'leher_angsa'?",
        ),
        ("'zzz' != ${septik}", "pilihan ${septik} tidak mengenal 'zzz'; pilihan yang ada: tidak, ya"),
        ("selected(${sumber}, 'kali')", "pilihan ${sumber} tidak mengenal 'kali'; pilihan yang ada: pdam, sumur"),
        (
            "${jamban} = 1",
            "${jamban} adalah pilihan, tidak dapat dibandingkan dengan bilangan 1; "
            "tulis nama pilihannya di antara kutip, misalnya 'cemplung'",
        ),
        (
            "${sumber} = 'pdam'",
            "${sumber} dapat berisi beberapa pilihan, tidak dapat dibandingkan dengan =; "
            "tulis selected(${sumber}, '…')",
        ),
        ("${lantai} > '8'", "${lantai} adalah bilangan, sedangkan '8' teks; hapus tanda kutipnya"),
        (
            "${lahir} > '2024-01-01'",
            "${lahir} adalah tanggal, sedangkan '2024-01-01' teks; tulis date('2024-01-01')",
        ),
        (
            "${lahir} = ${lantai}",
            "${lahir} adalah tanggal, tidak dapat dibandingkan dengan ${lantai} yang bilangan; "
            "bandingkan dua hal yang sejenis",
        ),
        ("${jamban} < 'cemplung'", "${jamban} adalah pilihan, tidak punya urutan besar-kecil untuk <; pakai = atau !="),
        ("${layak} > true()", "${layak} adalah ya/tidak, tidak punya urutan besar-kecil untuk >; pakai = atau !="),
        (
            "${lantai} and true()",
            "${lantai} adalah bilangan, padahal kata and meminta ya/tidak; ganti dengan ya/tidak",
        ),
        ("not(${jamban})", "${jamban} adalah pilihan, padahal not() meminta ya/tidak; ganti dengan ya/tidak"),
        ("${kepala} + 1", "${kepala} adalah teks, padahal tanda + meminta bilangan; ganti dengan bilangan"),
        ("-${kepala}", "${kepala} adalah teks, padahal tanda minus meminta bilangan; ganti dengan bilangan"),
        (
            "${lahir} + 30",
            "tanggal hanya dapat dikurangi tanggal, tidak dengan + bilangan; "
            "hitung selisih harinya, misalnya today() - ${tgl} >= 365",
        ),
        ("if(${layak}, 1, 'x')", "if() memberi bilangan atau teks; samakan jenis kedua hasilnya"),
        ("coalesce(${lahir}, 0)", "coalesce() memberi tanggal atau bilangan; samakan jenis kedua hasilnya"),
        (
            "if(${lantai}, 1, 2)",
            "${lantai} adalah bilangan, padahal isian pertama if() meminta ya/tidak; ganti dengan ya/tidak",
        ),
        (
            "round(${lantai}, 13)",
            "isian kedua round() bukan angka 0 sampai 12; tulis banyaknya angka di belakang koma, misalnya round(x, 2)",
        ),
        ("pow(${lantai}, 5)", "isian kedua pow() bukan angka 0 sampai 4; tulis misalnya pow(x, 2)"),
        (
            "regex(${kepala}, 'x')",
            "regex() hanya boleh di kolom constraint; periksa polanya saat pengisian, di sheet survey",
        ),
        (". > 1", "tanda titik (.) hanya boleh di kolom constraint; tulis nama isiannya"),
        (
            "count(member[${umur}])",
            "${umur} adalah bilangan, padahal syarat member[…] meminta ya/tidak; ganti dengan ya/tidak",
        ),
        (
            "sum(member, ${sekolah})",
            "${sekolah} adalah pilihan, padahal sum() meminta bilangan; ganti dengan bilangan",
        ),
        (
            "share-true(${layak}, ${lantai})",
            "${lantai} adalah bilangan, padahal share-true() meminta ya/tidak; ganti dengan ya/tidak",
        ),
    ],
)
def test_what_makes_no_sense_says_why_and_what_to_write(text: str, message: str) -> None:
    assert told(text) == [message]


def test_all_mistakes_are_told_at_once_and_each_only_once() -> None:
    text = "${jambann} = 'x' and (${septik} = 'iya' or ${jambann} = 'y') and ${lantai} > '8'"
    assert told(text) == [
        "${jambann} tidak dikenal; maksud Anda ${jamban}?",
        "pilihan ${septik} tidak mengenal 'iya'; maksud Anda 'ya'?",
        "${lantai} adalah bilangan, sedangkan '8' teks; hapus tanda kutipnya",
    ]


def test_names_and_repeats_are_found_inside_repeat_functions_too() -> None:
    tree = parse("count(member[${umur} < ${batas}]) > ${lantai} and any(toddler[${umur} > 1])")
    assert names_in(tree) == ("umur", "batas", "lantai")
    assert repeats_in(tree) == ("member", "toddler")


def test_only_an_expression_with_today_needs_the_closing_date() -> None:
    assert uses_today(parse("any(member[today() - ${lahir} < 365])"))
    assert not uses_today(parse("date('2024-01-01') - ${lahir} < 365"))
