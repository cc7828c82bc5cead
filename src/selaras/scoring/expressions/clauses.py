"""Logic put in the shape in which people say it: no double negation, chains flat, answers to one question together.

Only laws that hold in three-valued logic are used (De Morgan, double negation, not(a < b) is a >= b), so that the
words mean exactly what is computed.
"""

from dataclasses import dataclass, replace
from typing import Literal

from selaras.scoring.expressions.tree import Binary, Boolean, Call, Name, Node, Number, Operator, Text

Answer = Literal["answered", "includes"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One statement, or its negation.

    Where it is about the answers to one question, `field` is that question and `options` are the names; else None.
    Where it says that a number lies between two others, `node` is `x >= low` and `until` is the higher one.
    """

    node: Node
    positive: bool
    field: Name | None = None
    answer: Answer = "answered"
    options: tuple[str, ...] = ()
    until: Number | None = None


@dataclass(frozen=True, slots=True)
class Joint:
    """Several statements: all of them (`and`) or any (`or`)."""

    word: Literal["and", "or"]
    items: tuple["Clause", ...]


Clause = Leaf | Joint

_OPPOSITE: dict[Operator, Operator] = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


def clause_of(node: Node, sets: frozenset[str], positive: bool = True) -> Clause:
    """The clause of a boolean tree, negated where `positive` is False. `sets` are the fields with several answers."""
    if isinstance(node, Call) and node.function == "not":
        return clause_of(node.arguments[0], sets, not positive)
    if isinstance(node, Boolean):
        return Leaf(Boolean(node.value == positive), positive=True)
    if not isinstance(node, Binary):
        return _leaf(node, sets, positive)
    if node.operator in ("and", "or"):
        word: Literal["and", "or"] = "and" if (node.operator == "and") == positive else "or"
        return _joint(word, [clause_of(part, sets, positive) for part in (node.left, node.right)])
    for side, other in ((node.left, node.right), (node.right, node.left)):
        # `x = true()` says no more than x.
        if isinstance(side, Boolean) and node.operator in ("=", "!="):
            return clause_of(other, sets, (side.value == (node.operator == "=")) == positive)
    return _leaf(node, sets, positive)


def leaves(clause: Clause) -> int:
    """How many statements a clause holds."""
    return 1 if isinstance(clause, Leaf) else sum(leaves(item) for item in clause.items)


def nested(clause: Clause) -> bool:
    """Whether an `and` stands inside an `or` or the reverse."""
    return isinstance(clause, Joint) and any(isinstance(item, Joint) for item in clause.items)


def opposite(node: Binary) -> Binary:
    """The comparison that is true where `node` is false, and unknown where it is unknown."""
    return replace(node, operator=_OPPOSITE[node.operator])


def _leaf(node: Node, sets: frozenset[str], positive: bool) -> Leaf:
    match node:
        case Binary("=" | "!=" as operator, Name() as field, Text(option)):
            return Leaf(node, positive == (operator == "="), field, "answered", (option,))
        case Binary("=" | "!=" as operator, Text(option), Name() as field):
            return Leaf(node, positive == (operator == "="), field, "answered", (option,))
        case Call("selected", (Name() as field, Text(option))):
            kind: Answer = "includes" if field.name in sets else "answered"
            return Leaf(node, positive, field, kind, (option,))
    return Leaf(node, positive)


def _joint(word: Literal["and", "or"], parts: list[Clause]) -> Clause:
    flat: list[Clause] = []
    for part in parts:
        flat += part.items if isinstance(part, Joint) and part.word == word else (part,)
    merged: list[Clause] = []
    for item in flat:
        pairs = ((place, _together(word, before, item)) for place, before in enumerate(merged))
        at, leaf = next(((place, both) for place, both in pairs if both is not None), (None, None))
        if at is None or leaf is None:
            merged.append(item)
        else:
            merged[at] = leaf
    return merged[0] if len(merged) == 1 else Joint(word, tuple(merged))


def _together(word: Literal["and", "or"], one: Clause, other: Clause) -> Leaf | None:
    """Both in one breath, where people would say them so: any of these answers, none of these, from 7 to 18."""
    if not (isinstance(one, Leaf) and isinstance(other, Leaf)):
        return None
    if one.field is not None:
        alike = (one.field, one.answer, one.positive) == (other.field, other.answer, other.positive)
        if not alike or one.positive != (word == "or"):
            return None
        return replace(one, options=tuple(dict.fromkeys((*one.options, *other.options))))
    return _between(word, one, other) or _between(word, other, one)


def _between(word: Literal["and", "or"], low: Leaf, high: Leaf) -> Leaf | None:
    """`x >= 7 and x <= 18`; or its negation, `x < 7 or x > 18`."""
    lower, higher = _bound(low), _bound(high)
    if lower is None or higher is None or lower.left != higher.left or not isinstance(higher.right, Number):
        return None
    wanted = (">=", "<=") if word == "and" else ("<", ">")
    if (lower.operator, higher.operator) != wanted:
        return None
    return Leaf(Binary(">=", lower.left, lower.right), positive=word == "and", until=higher.right)


def _bound(leaf: Leaf) -> Binary | None:
    """The comparison with a number that a leaf makes, its negation taken in."""
    node = leaf.node
    if leaf.until is not None or not isinstance(node, Binary) or not isinstance(node.right, Number):
        return None
    return node if leaf.positive else opposite(node)
