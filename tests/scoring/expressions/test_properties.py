"""What holds of every expression: it is read back as written, has the type it was drawn with, and can be said."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.scoring.expressions.parser import ExpressionError, parse
from selaras.scoring.expressions.text import text_of
from selaras.scoring.expressions.tree import (
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
    RepeatCall,
    Text,
    Today,
)
from selaras.scoring.expressions.types import Scope, Symbol, check
from selaras.scoring.expressions.words import Lexicon, condition, is_condition, quantity

OPTIONS = frozenset({"a", "b", "c"})
SYMBOLS = {
    one.name: one
    for one in (
        Symbol("angka", "number"),
        Symbol("benar", "boolean"),
        Symbol("tanggal", "date"),
        Symbol("pilih", "choice", options=OPTIONS),
        Symbol("banyak", "choices", options=OPTIONS),
        Symbol("teks", "text"),
        Symbol("umur", "number", "member"),
        Symbol("sakit", "boolean", "member"),
    )
}
SCOPE = Scope(SYMBOLS, frozenset({"member"}))
LEXICON = Lexicon("id", {}, kinds={name: one.kind for name, one in SYMBOLS.items()})
FIXED = settings(max_examples=150, derandomize=True, database=None, deadline=None)

Drawn = st.SearchStrategy[Node]
OPTION = st.sampled_from(sorted(OPTIONS)).map(Text)


def numbers(depth: int, row: bool = False) -> Drawn:
    """Trees whose type is number."""
    leaves: Drawn = st.decimals(0, 999, places=3).map(Number) | st.just(Name("umur" if row else "angka"))
    if depth == 0:
        return leaves
    inner, logic = numbers(depth - 1, row), booleans(depth - 1, row)
    pairs = st.builds(Binary, st.sampled_from(["+", "-", "*", "div", "mod"]), inner, inner)
    calls = st.builds(Call, st.sampled_from(["min", "max"]), st.tuples(inner, inner, inner))
    rows = st.builds(
        RepeatCall,
        st.sampled_from(["sum", "mean", "min", "max"]),
        st.just("member"),
        st.none() | booleans(depth - 1, row=True),
        numbers(depth - 1, row=True),
    )
    return st.one_of(
        leaves,
        st.builds(Negative, inner),
        pairs,
        calls,
        rows,
        st.builds(lambda c, x, y: Call("if", (c, x, y)), logic, inner, inner),
        st.builds(lambda x, y: Call("share-true", (x, y)), logic, logic),
        st.builds(lambda x: Call("coalesce", (x, Blank())), inner),
        st.builds(lambda x, n: Call("round", (x, Number(Decimal(n)))), inner, st.integers(0, 12)),
        st.builds(lambda day: Binary("-", Today(), Day(day)), st.dates(date(1990, 1, 1), date(2030, 1, 1))),
    )


def booleans(depth: int, row: bool = False) -> Drawn:
    """Trees whose type is boolean."""
    leaves: Drawn = st.booleans().map(Boolean) | st.just(Name("sakit" if row else "benar"))
    answers = st.builds(Binary, st.sampled_from(["=", "!="]), st.just(Name("pilih")), OPTION)
    chosen = OPTION.map(lambda option: Call("selected", (Name("banyak"), option)))
    if depth == 0:
        return leaves | answers | chosen
    inner, amounts = booleans(depth - 1, row), numbers(depth - 1, row)
    rows = st.builds(RepeatCall, st.just("any"), st.just("member"), booleans(depth - 1, row=True), st.none())
    return st.one_of(
        leaves,
        answers,
        chosen,
        rows,
        st.builds(Binary, st.sampled_from(["and", "or", "=", "!="]), inner, inner),
        st.builds(Binary, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), amounts, amounts),
        st.builds(lambda x: Call("not", (x,)), inner),
        st.builds(lambda x: Call("if-na", (x, NotApplicable())), inner),
        st.builds(lambda x, y, z: Call("if", (x, y, z)), inner, inner, inner),
    )


@FIXED
@given(booleans(3) | numbers(3))
def test_a_tree_written_out_is_read_back_as_itself(tree: Node) -> None:
    assert parse(text_of(tree)) == tree


@FIXED
@given(booleans(3))
def test_logic_is_boolean_and_has_words_for_both_sides(tree: Node) -> None:
    assert check(tree, SCOPE) == ("boolean", ())
    assert is_condition(tree, LEXICON)
    yes, no = condition(tree, LEXICON), condition(tree, LEXICON, holds=False)
    assert (str(yes) != "", str(no) != "", str(yes) != str(no)) == (True, True, True)


@FIXED
@given(numbers(3))
def test_arithmetic_is_a_number_and_has_words(tree: Node) -> None:
    assert check(tree, SCOPE) == ("number", ())
    assert not is_condition(tree, LEXICON)
    assert str(quantity(tree, LEXICON)) != ""


def read(text: str) -> tuple[Node | None, list[str]]:
    """The tree of a text, or what a person reads of why it has none."""
    try:
        return parse(text), []
    except ExpressionError as error:
        return None, [str(finding.at("")) for finding in error.findings]


@FIXED
@given(st.text(alphabet="()[]${}'\"=<>!&|+-*/., abnotdivif01é“", max_size=60) | st.text(max_size=60))
def test_any_text_is_a_tree_or_findings_and_nothing_else(text: str) -> None:
    tree, told = read(text)
    assert (tree is None) == bool(told)
    assert tree is None or parse(text_of(tree)) == tree
