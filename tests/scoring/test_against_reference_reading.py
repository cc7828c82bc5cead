"""Random expressions, typed with as few parentheses as precedence allows and with one around every operation."""

from collections.abc import Iterator

import pytest

from selaras.scoring.expressions.parser import parse
from selaras.scoring.expressions.tree import Node
from tests.reference.draw import seeded
from tests.reference.drawn import Case
from tests.reference.render import text

SEEDS = range(60)


def trees(case: Case) -> Iterator[Node]:
    """Every expression of a workbook, `relevant` included."""
    book = case.workbook
    yield from (each.tree for each in book.calculations)
    yield from book.classes.values()
    yield from (tree for each in book.indicators for tree in (each.applies_to, each.tree) if tree is not None)
    yield from (tree for each in book.placed().values() for tree in each.relevants)


@pytest.mark.parametrize("lavish", [False, True], ids=["few parentheses", "many parentheses"])
def test_an_expression_is_read_as_the_tree_that_was_written(lavish: bool) -> None:
    drawn = [tree for seed in SEEDS for tree in trees(seeded(seed))]
    assert len(drawn) > 300
    assert [text(tree, lavish) for tree in drawn if parse(text(tree, lavish)) != tree] == []
