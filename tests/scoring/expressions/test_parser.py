"""What authors write, as trees; what is not in the language, as findings with a remedy."""

from datetime import date
from decimal import Decimal

import pytest

from selaras.scoring.expressions.parser import ExpressionError, Finding, parse
from selaras.scoring.expressions.text import text_of
from selaras.scoring.expressions.tree import (
    FUNCTIONS,
    Binary,
    Blank,
    Boolean,
    Call,
    Day,
    Name,
    Negative,
    Node,
    NotApplicable,
    Number,
    Operator,
    RepeatCall,
    Self,
    Text,
    Today,
)

A, B, C = Name("a"), Name("b"), Name("c")


def number(value: str) -> Number:
    return Number(Decimal(value))


def findings(text: str) -> tuple[Finding, ...]:
    """What `parse` finds wrong in `text`; none where it is right."""
    try:
        parse(text)
    except ExpressionError as error:
        return error.findings
    return ()


def only(text: str) -> str:
    """The one finding, as a person reads it."""
    (finding,) = findings(text)
    return str(finding.at(""))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("3", number("3")),
        ("0.25", number("0.25")),
        (".5", number("0.5")),
        ("'ya'", Text("ya")),
        ('"it\'s"', Text("it's")),
        ("''", Blank()),
        ("'  '", Blank()),
        ("true()", Boolean(True)),
        ("false()", Boolean(False)),
        ("na()", NotApplicable()),
        ("today()", Today()),
        ("date('2024-01-31')", Day(date(2024, 1, 31))),
        (".", Self()),
        ("${a}", A),
        ("${ luas_lantai }", Name("luas_lantai")),
        ("-${a}", Negative(A)),
        ("--3", Negative(Negative(number("3")))),
    ],
)
def test_a_single_thing_is_a_leaf(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("${a} or ${b} and ${c}", "${a} or (${b} and ${c})"),
        ("${a} and ${b} = ${c}", "${a} and (${b} = ${c})"),
        ("${a} = ${b} < ${c}", "${a} = (${b} < ${c})"),
        ("${a} < ${b} + ${c}", "${a} < (${b} + ${c})"),
        ("${a} + ${b} * ${c}", "${a} + (${b} * ${c})"),
        ("-${a} * ${b}", "(-${a}) * ${b}"),
        ("${a} * -${b}", "${a} * (-${b})"),
        ("${a} - ${b} - ${c}", "(${a} - ${b}) - ${c}"),
        ("${a} div ${b} mod ${c}", "(${a} div ${b}) mod ${c}"),
        ("${a} = ${b} != ${c}", "(${a} = ${b}) != ${c}"),
        ("${a} or ${b} or ${c}", "(${a} or ${b}) or ${c}"),
        ("${a}-1", "${a} - 1"),
    ],
)
def test_operators_bind_as_in_xpath(text: str, alike: str) -> None:
    assert parse(text) == parse(alike)


@pytest.mark.parametrize("operator", ["and", "or", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"])
def test_every_operator_is_read(operator: Operator) -> None:
    assert parse(f"${{a}} {operator} ${{b}}") == Binary(operator, A, B)


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_every_function_takes_its_fewest_arguments_and_not_one_less(function: str) -> None:
    fewest, _ = FUNCTIONS[function]
    arguments = ", ".join(["${a}"] * fewest)
    assert parse(f"{function}({arguments})") == Call(function, (A,) * fewest)
    less = ", ".join(["${a}"] * (fewest - 1))
    assert [finding.code for finding in findings(f"{function}({less})")] == ["expression.arguments"]


@pytest.mark.parametrize("function", sorted(name for name, (_, most) in FUNCTIONS.items() if most is not None))
def test_a_function_refuses_one_argument_more_than_its_most(function: str) -> None:
    more = ", ".join(["${a}"] * ((FUNCTIONS[function][1] or 0) + 1))
    assert [finding.code for finding in findings(f"{function}({more})")] == ["expression.arguments"]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("count(member)", RepeatCall("count", "member", None, None)),
        ("count(${member})", RepeatCall("count", "member", None, None)),
        ("count(member[${a} > 5])", RepeatCall("count", "member", Binary(">", A, number("5")), None)),
        ("count(${member}[${a}])", RepeatCall("count", "member", A, None)),
        ("any(member[${a}])", RepeatCall("any", "member", A, None)),
        ("all(member[${a}], ${b})", RepeatCall("all", "member", A, B)),
        ("all(member, ${b})", RepeatCall("all", "member", None, B)),
        ("sum(member, ${a})", RepeatCall("sum", "member", None, A)),
        ("mean(member[${a}], ${b} + 1)", RepeatCall("mean", "member", A, Binary("+", B, number("1")))),
        ("min(member, ${a})", RepeatCall("min", "member", None, A)),
        ("max(${member}[${a}], ${b})", RepeatCall("max", "member", A, B)),
        ("min(${a}, ${b})", Call("min", (A, B))),
        ("max(int(${a}), 3)", Call("max", (Call("int", (A,)), number("3")))),
    ],
)
def test_repeat_functions_know_their_repeat_and_predicate(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "(${a} or ${b}) and not(${c})",
        "1 - (2 - 3)",
        "-(${a} + ${b}) * 2",
        "${a} = 'ya' and (${b} < 3 or ${c} >= date('2024-02-29'))",
        'if(selected(${a}, "x\'s"), 1, coalesce(${b}, 0))',
        "all(member[${a} = 'p' and ${b} >= 7], ${c} = true())",
        "today() - ${a} >= 365",
    ],
)
def test_a_tree_written_out_is_read_as_the_same_tree(text: str) -> None:
    assert parse(text_of(parse(text))) == parse(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "ungkapan kosong; tulis ungkapannya atau kosongkan selnya"),
        ("${a} == 1", "== bukan bagian dari ungkapan; tulis ="),
        ("${a} <> 1", "<> bukan bagian dari ungkapan; tulis !="),
        ("${a} && ${b}", "&& bukan bagian dari ungkapan; tulis and"),
        ("${a} || ${b}", "|| bukan bagian dari ungkapan; tulis or"),
        ("!${a}", "! bukan bagian dari ungkapan; tulis not(…)"),
        ("${a} / 2", "/ bukan bagian dari ungkapan; tulis div"),
        ("${a} % 2", "% bukan bagian dari ungkapan; tulis mod"),
        ("${a} ≥ 2", "≥ bukan bagian dari ungkapan; tulis >="),
        ("${a} AND ${b}", "AND bukan bagian dari ungkapan; tulis and"),
        ("${a} = true", "true bukan bagian dari ungkapan; tulis true()"),
        ("${a} = None", "None bukan bagian dari ungkapan; tulis ''"),
        ("${a} = ‘ya’", "‘ bukan bagian dari ungkapan; tulis '"),
        ("${a} > 1,5", "1,5 bukan bagian dari ungkapan; tulis 1.5"),
        ("IF(${a}, 1, 2)", "fungsi IF() tidak dikenal; maksud Anda if()?"),
        ("concat('a', 'b')", "fungsi concat() tidak dikenal; lihat daftar fungsi di docs/workbook.md, bagian Ungkapan"),
        ("cont(member)", "fungsi cont() tidak dikenal; maksud Anda count()?"),
        (
            "pulldata('x')",
            "fungsi pulldata() tidak dikenal; lihat daftar fungsi di docs/workbook.md, bagian Ungkapan",
        ),
        ("not()", "fungsi not() meminta 1 isian, di sini ada 0; sesuaikan banyaknya isian"),
        ("jamban = 'x'", "jamban bukan fungsi atau bilangan; untuk isian formulir tulis ${jamban}"),
        ("date('31-01-2024')", "isi date() bukan tanggal; tulis seperti date('2024-01-31')"),
        ("(${a}", "kurung ( tidak ditutup; tambahkan )"),
        ("count(member[${a}", "kurung [ tidak ditutup; tambahkan ]"),
        ("${a})", ") tidak pada tempatnya; periksa pasangan kurungnya"),
        ("${a} and", "ungkapan terputus setelah and; lengkapi atau hapus bagian terakhir"),
        ("'ya", "tanda kutip pada 'ya tidak ditutup; tutup dengan tanda kutip yang sama"),
        ("${a = 1", "${a bukan nama yang utuh; tulis seperti ${jamban}"),
        ("# komentar", "tanda # tidak dikenal dalam ungkapan; hapus atau ganti tanda itu"),
        (
            "${a} ${b}",
            "${b} tidak dapat berdiri setelah ${a}; mungkin kurang tanda, koma, atau kata and/or di antaranya",
        ),
        (
            "= 3",
            "ungkapan tidak dapat dimulai dengan =; tulis nama, bilangan, atau fungsi lebih dulu",
        ),
        (
            "${member}[1]",
            "kurung siku setelah member hanya boleh di awal fungsi pengulangan; "
            "tulis misalnya count(member[…]) atau sum(member[…], …)",
        ),
        (
            "sum(${a} + 1)",
            "fungsi sum() meminta nama pengulangan sebagai isian pertama; tulis misalnya sum(member[…]); "
            "untuk keluarga sendiri pakai min, max, + atau and/or",
        ),
        (
            "10000000000000",
            "bilangan 10000000000000 terlalu besar atau terlalu rinci; "
            "paling banyak 13 angka dan 12 angka di belakang titik",
        ),
    ],
)
def test_what_is_not_in_the_language_says_what_to_write(text: str, message: str) -> None:
    assert only(text) == message


def test_every_unknown_function_is_told_at_once_and_only_once() -> None:
    found = findings("cont(${a}) + cont(${b}) + abss(${c}) + not()")
    assert [finding.values.get("function") for finding in found] == ["cont", "abss", "not"]


DEEP = {
    "parentheses": "(" * 4000 + "1" + ")" * 3999,
    "minus signs": "-" * 7999 + "1",
    "a chain": "1+" * 3999 + "1",
    "nots": "not(" * 1500 + "1",
    "ifs": "if((" * 1500,
    "filters": "count(member[" * 600,
    "never closed": "min(" * 1900,
}


@pytest.mark.parametrize("name", sorted(DEEP))
def test_hostile_depth_is_one_finding_and_no_recursion_error(name: str) -> None:
    assert findings(DEEP[name]) == (Finding("expression.too_deep"),)


def test_a_hundred_levels_are_read_and_one_more_is_not() -> None:
    assert parse("(" * 99 + "1" + ")" * 99) == number("1")
    assert findings("(" * 100 + "1" + ")" * 100) == (Finding("expression.too_deep"),)
    assert findings("+".join(["1"] * 100)) == ()
    assert findings("+".join(["1"] * 101)) == (Finding("expression.too_deep"),)


def test_eight_thousand_characters_are_read_and_one_more_is_not() -> None:
    assert parse("1" + " " * 7_999) == number("1")
    assert findings("1" + " " * 8_000) == (Finding("expression.too_long", {"length": 8_001}),)
