"""Static types: whether an expression makes sense for the names it uses, before any answer is seen.

Every finding at once. A part that is wrong gets the type of a blank, which fits anywhere, so that one mistake is
reported once and not again by all that stands around it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from selaras.scoring.expressions.findings import Finding, distinct
from selaras.scoring.expressions.near import nearest
from selaras.scoring.expressions.text import short
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
    Self,
    Text,
    Today,
)
from selaras.scoring.instrument import HOUSEHOLD, Kind

__all__ = ["Finding", "Scope", "Symbol", "check", "names_in", "repeats_in", "uses_today"]

#: What a person reads for each type.
KIND_WORDS: dict[Kind, str] = {
    "boolean": "ya/tidak",
    "number": "bilangan",
    "text": "teks",
    "date": "tanggal",
    "choice": "pilihan",
    "choices": "beberapa pilihan",
    "blank": "kosong",
}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A field or a calculation. `repeat` is the repeat that it belongs to, None for the household.

    `options` are the names of its list for `choice` and `choices`, None for other kinds.
    """

    name: str
    kind: Kind
    repeat: str | None = None
    options: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name.

    `over` is HOUSEHOLD or the repeat whose rows the expression is about. `dot` is the field that `.` means, in a
    `constraint` only. `later` are names that exist but are defined below the expression's row.
    """

    symbols: Mapping[str, Symbol]
    repeats: frozenset[str] = frozenset()
    over: str = HOUSEHOLD
    dot: Symbol | None = None
    later: frozenset[str] = frozenset()


def check(tree: Node, scope: Scope) -> tuple[Kind, tuple[Finding, ...]]:
    """The static type of `tree` and everything wrong in it; `blank` where a mistake leaves no type."""
    checker = _Checker(scope)
    result = checker.type_of(tree, None if scope.over == HOUSEHOLD else scope.over)
    return result.kind, distinct(checker.findings)


def names_in(tree: Node) -> tuple[str, ...]:
    """Every `${name}` of `tree`, inside repeat functions too, once each in the order of reading."""
    return tuple(dict.fromkeys(node.name for node in _walk(tree) if isinstance(node, Name)))


def repeats_in(tree: Node) -> tuple[str, ...]:
    """Every repeat that a repeat function of `tree` runs over, once each in the order of reading."""
    return tuple(dict.fromkeys(node.repeat for node in _walk(tree) if isinstance(node, RepeatCall)))


def uses_today(tree: Node) -> bool:
    """Whether `tree` needs the round's closing date."""
    return any(isinstance(node, Today) for node in _walk(tree))


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of `node`, in the order of reading."""
    match node:
        case Negative(operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
        case RepeatCall(_, _, predicate, value):
            return tuple(part for part in (predicate, value) if part is not None)
    return ()


def _walk(tree: Node) -> Iterator[Node]:
    yield tree
    for part in children(tree):
        yield from _walk(part)


@dataclass(frozen=True, slots=True)
class _Type:
    """A type; `options` where the possible names are known: of a list, or the one of a text in quotes."""

    kind: Kind
    options: frozenset[str] | None = None


_BLANK = _Type("blank")
_BOOLEAN = _Type("boolean")
_NUMBER = _Type("number")
_TEXT = _Type("text")
_DATE = _Type("date")
_STRINGS: frozenset[Kind] = frozenset({"text", "choice"})


@dataclass
class _Checker:
    scope: Scope
    findings: list[Finding] = field(default_factory=list)
    #: Suggestions cost time that grows with names × mistakes; after this many a mistake stands alone.
    suggestions_left: int = 25

    def report(self, code: str, **values: object) -> _Type:
        self.findings.append(Finding(code, values))
        return _BLANK

    def near(self, word: str, candidates: frozenset[str]) -> str | None:
        self.suggestions_left -= 1
        return nearest(word, candidates) if self.suggestions_left >= 0 else None

    def type_of(self, node: Node, inside: str | None) -> _Type:
        """The type of `node`; `inside` is the repeat whose rows are in view, None for the household."""
        match node:
            case Number():
                return _NUMBER
            case Text(value):
                return _Type("text", frozenset({value}))
            case Boolean():
                return _BOOLEAN
            case Day() | Today():
                return _DATE
            case Blank() | NotApplicable():
                return _BLANK
            case Self():
                dot = self.scope.dot
                return _Type(dot.kind, dot.options) if dot else self.report("expression.dot_place")
            case Name(name):
                return self.name(name, inside)
            case Negative(operand):
                self.want(operand, "number", "tanda minus", inside)
                return _NUMBER
            case Binary():
                return self.binary(node, inside)
            case Call(function, arguments):
                return _CALLS[function](self, arguments, inside)
            case RepeatCall():
                # Among the rows of any repeat it is still the household's: `${umur} = max(member, ${umur})`.
                return self.repeat_call(node)

    def want(self, node: Node, kind: Kind, place: str, inside: str | None) -> _Type:
        """Check `node` and report where it is not of `kind`."""
        found = self.type_of(node, inside)
        if found.kind not in (kind, "blank"):
            self.wrong(node, found, KIND_WORDS[kind], place)
        return found

    def wrong(self, node: Node, found: _Type, wanted: str, place: str) -> _Type:
        values = {"name": short(node), "kind": KIND_WORDS[found.kind], "place": place, "wanted": wanted}
        return self.report("expression.kind", **values)

    # --- names ----------------------------------------------------------------------------------------------
    def name(self, name: str, inside: str | None) -> _Type:
        symbol = self.scope.symbols.get(name)
        if symbol is None:
            return self.unknown(name)
        if symbol.repeat is not None and symbol.repeat != inside:
            return self.report("expression.name_inside", name=name, repeat=symbol.repeat)
        return _Type(symbol.kind, symbol.options)

    def unknown(self, name: str) -> _Type:
        if name in self.scope.later:
            return self.report("expression.name_below", name=name)
        if name in self.scope.repeats:
            return self.report("expression.name_is_repeat", name=name)
        if meant := self.near(name, frozenset(self.scope.symbols)):
            return self.report("expression.name_near", name=name, meant=meant)
        return self.report("expression.name", name=name)

    def repeat_call(self, node: RepeatCall) -> _Type:
        place = f"{node.function}()"
        if node.repeat not in self.scope.repeats:
            self.unknown_repeat(node.repeat)
            return _BOOLEAN if node.function in ("any", "all") else _NUMBER
        if node.predicate is not None:
            self.want(node.predicate, "boolean", f"syarat {node.repeat}[…]", node.repeat)
        wanted: Kind = "boolean" if node.function == "all" else "number"
        if node.value is not None:
            self.want(node.value, wanted, place, node.repeat)
        return _BOOLEAN if node.function in ("any", "all") else _NUMBER

    def unknown_repeat(self, name: str) -> None:
        if meant := self.near(name, self.scope.repeats):
            self.report("expression.repeat_near", name=name, meant=meant)
        else:
            self.report("expression.repeat", name=name)

    # --- operators ------------------------------------------------------------------------------------------
    def binary(self, node: Binary, inside: str | None) -> _Type:
        if node.operator in ("and", "or"):
            self.want(node.left, "boolean", f"kata {node.operator}", inside)
            self.want(node.right, "boolean", f"kata {node.operator}", inside)
            return _BOOLEAN
        left, right = self.type_of(node.left, inside), self.type_of(node.right, inside)
        if node.operator in ("+", "-", "*", "div", "mod"):
            return self.arithmetic(node, left, right)
        self.comparison(node, left, right)
        return _BOOLEAN

    def arithmetic(self, node: Binary, left: _Type, right: _Type) -> _Type:
        kinds = {left.kind, right.kind}
        if "date" in kinds:
            if node.operator == "-" and kinds <= {"date", "blank"}:
                return _NUMBER
            other = right if left.kind == "date" else left
            return self.report("expression.date_arithmetic", operator=node.operator, kind=KIND_WORDS[other.kind])
        for part, found in ((node.left, left), (node.right, right)):
            if found.kind not in ("number", "blank"):
                self.wrong(part, found, KIND_WORDS["number"], f"tanda {node.operator}")
        return _NUMBER

    def comparison(self, node: Binary, left: _Type, right: _Type) -> None:
        if "blank" in (left.kind, right.kind):
            return
        sides = ((node.left, left, node.right, right), (node.right, right, node.left, left))
        if any(self.mistaken(node, *side) for side in sides):
            return
        if left.kind != right.kind and not {left.kind, right.kind} <= _STRINGS:
            self.report(
                "expression.compared",
                left=short(node.left),
                left_kind=KIND_WORDS[left.kind],
                right=short(node.right),
                right_kind=KIND_WORDS[right.kind],
            )
        elif node.operator not in ("=", "!=") and left.kind not in ("number", "date"):
            kind = KIND_WORDS[left.kind]
            self.report("expression.order", name=short(node.left), kind=kind, operator=node.operator)

    def mistaken(self, node: Binary, one: Node, its: _Type, other: Node, others: _Type) -> bool:
        """Report a mistake that has its own remedy; whether there was one."""
        if its.kind == "choices":
            self.report("expression.set_compared", name=short(one), operator=node.operator)
            return True
        if its.kind == "choice" and isinstance(other, Text) and node.operator in ("=", "!="):
            return self.lacks(one, its, other)
        if its.kind == "choice" and others.kind == "number":
            options = its.options or frozenset()
            meant = short(other) if short(other) in options else min(options, default="ya")
            self.report("expression.option_number", name=short(one), found=short(other), meant=meant)
            return True
        if its.kind == "number" and isinstance(other, Text):
            self.report("expression.number_in_quotes", name=short(one), found=other.value)
            return True
        if its.kind == "date" and isinstance(other, Text):
            self.report("expression.date_in_quotes", name=short(one), found=other.value)
            return True
        return False

    def lacks(self, node: Node, its: _Type, text: Text) -> bool:
        """Report a name that the list of `node` lacks; whether it lacks it."""
        if its.options is None or text.value in its.options:
            return False
        if meant := self.near(text.value, its.options):
            self.report("expression.option_near", name=short(node), option=text.value, meant=meant)
        else:
            listed = sorted(its.options)
            shown = ", ".join(listed[:12]) + (", …" if len(listed) > 12 else "")
            self.report("expression.option", name=short(node), option=text.value, options=shown)
        return True

    # --- functions ------------------------------------------------------------------------------------------
    def unify(self, function: str, one: _Type, other: _Type) -> _Type:
        """The type of a result that is either; a number and a text, say, have none in common."""
        if "blank" in (one.kind, other.kind):
            return other if one.kind == "blank" else one
        if one.kind == other.kind:
            known = one.options is not None and other.options is not None
            return _Type(one.kind, (one.options or frozenset()) | (other.options or frozenset()) if known else None)
        if {one.kind, other.kind} <= _STRINGS:
            choice, text = (one, other) if one.kind == "choice" else (other, one)
            member = text.options is not None and text.options <= (choice.options or frozenset())
            return choice if member else _TEXT
        kinds = {"left_kind": KIND_WORDS[one.kind], "right_kind": KIND_WORDS[other.kind]}
        return self.report("expression.branches", function=function, **kinds)


_Call = Callable[[_Checker, tuple[Node, ...], str | None], _Type]


def _all_of(kind: Kind, function: str, result: _Type) -> _Call:
    def call(checker: _Checker, arguments: tuple[Node, ...], inside: str | None) -> _Type:
        for argument in arguments:
            checker.want(argument, kind, f"{function}()", inside)
        return result

    return call


def _not_kind(kinds: frozenset[Kind], found: _Type) -> bool:
    return found.kind not in kinds and found.kind != "blank"


def _if(checker: _Checker, arguments: tuple[Node, ...], inside: str | None) -> _Type:
    checker.want(arguments[0], "boolean", "isian pertama if()", inside)
    return checker.unify("if", *(checker.type_of(argument, inside) for argument in arguments[1:]))


def _either(function: str) -> _Call:
    def call(checker: _Checker, arguments: tuple[Node, ...], inside: str | None) -> _Type:
        return checker.unify(function, *(checker.type_of(argument, inside) for argument in arguments))

    return call


def _selected(checker: _Checker, arguments: tuple[Node, ...], inside: str | None) -> _Type:
    field_type, option = checker.type_of(arguments[0], inside), checker.type_of(arguments[1], inside)
    if _not_kind(frozenset({"choice", "choices"}), field_type):
        checker.wrong(arguments[0], field_type, KIND_WORDS["choices"], "selected()")
    elif _not_kind(_STRINGS, option):
        checker.wrong(arguments[1], option, "nama pilihan di antara kutip", "selected()")
    elif isinstance(arguments[1], Text):
        checker.lacks(arguments[0], field_type, arguments[1])
    return _BOOLEAN


def _string_length(checker: _Checker, arguments: tuple[Node, ...], inside: str | None) -> _Type:
    found = checker.type_of(arguments[0], inside)
    if _not_kind(_STRINGS, found):
        checker.wrong(arguments[0], found, KIND_WORDS["text"], "string-length()")
    return _NUMBER


def _with_whole_number(function: str, most: int, code: str) -> _Call:
    """`round` and `pow`: the second argument is written out, because the engines' types depend on it."""

    def call(checker: _Checker, arguments: tuple[Node, ...], inside: str | None) -> _Type:
        checker.want(arguments[0], "number", f"{function}()", inside)
        second = arguments[1]
        whole = isinstance(second, Number) and second.value == int(second.value) and second.value <= most
        if not whole:
            checker.report(code)
        return _NUMBER

    return call


def _regex(checker: _Checker, arguments: tuple[Node, ...], inside: str | None) -> _Type:
    if checker.scope.dot is None:
        checker.report("expression.regex_place")
    checker.type_of(arguments[0], inside)  # a phone matches the written form of any answer, numbers included
    if not isinstance(arguments[1], Text):
        checker.report("expression.regex_pattern")
    return _BOOLEAN


_CALLS: dict[str, _Call] = {
    "not": _all_of("boolean", "not", _BOOLEAN),
    "if": _if,
    "coalesce": _either("coalesce"),
    "if-na": _either("if-na"),
    "selected": _selected,
    "count-selected": _all_of("choices", "count-selected", _NUMBER),
    "string-length": _string_length,
    "round": _with_whole_number("round", 12, "expression.digits"),
    "int": _all_of("number", "int", _NUMBER),
    "abs": _all_of("number", "abs", _NUMBER),
    "min": _all_of("number", "min", _NUMBER),
    "max": _all_of("number", "max", _NUMBER),
    "pow": _with_whole_number("pow", 4, "expression.power"),
    "decimal-date-time": _all_of("date", "decimal-date-time", _NUMBER),
    "share-true": _all_of("boolean", "share-true", _NUMBER),
    "regex": _regex,
}
