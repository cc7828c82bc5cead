"""An expression in plain words, from the labels of its fields and choices: `${jamban} = 'leher_angsa'` becomes
“Di mana keluarga buang air besar?” dijawab *leher angsa*.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from selaras.scoring.expressions.clauses import (
    Clause,
    Joint,
    Leaf,
    clause_of,
    leaves,
    nested,
    opposite,
)
from selaras.scoring.expressions.phrases import MONTHS, PHRASES, Language
from selaras.scoring.expressions.prose import Prose, Spans, bracketed, listed, phrase, plain, strong
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
from selaras.scoring.instrument import Kind
from selaras.scoring.numbers import indonesian

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_LOGIC = frozenset({"and", "or"}) | _COMPARISONS
_BOOLEAN_CALLS = frozenset({"not", "selected", "regex"})
_ARITHMETIC = frozenset({"+", "-", "*", "div", "mod"})
#: How many statements still read well in one sentence.
_IN_ONE_BREATH = 3
_NONE, _ONE = Number(Decimal(0)), Number(Decimal(1))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the names of an instrument are called, in one language.

    `names` and `repeats` map to labels, `options` a field's name to the labels of its choices, `kinds` each name to
    its type, `units` a calculation's name to the unit that it is measured in.
    """

    language: Language
    names: Mapping[str, str]
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    repeats: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


def condition(tree: Node, lexicon: Lexicon, *, holds: bool = True) -> Prose:
    """A boolean tree in words; its negation where `holds` is False. Long or nested logic becomes a list."""
    writer = _Writer(lexicon)
    return writer.block(clause_of(tree, writer.sets, holds))


def quantity(tree: Node, lexicon: Lexicon) -> Prose:
    """A tree of any other type in words."""
    return _Writer(lexicon).value_block(tree)


def is_condition(tree: Node, lexicon: Lexicon) -> bool:
    """Whether a tree is said as a condition rather than as a quantity."""
    return _Writer(lexicon).boolean(tree)


def label_of(text: str) -> str:
    """A label fit to stand inside a sentence: one line, no markup, no number before it."""
    bare = re.sub(r"\$\{\s*([^}]*?)\s*\}", "…", re.sub(r"<[^>]+>|[*_#`]{1,3}(?=\S)|(?<=\S)[*`]{1,3}", "", text))
    return re.sub(r"^\d+[a-z]?[.)]\s+", "", " ".join(bare.split())).rstrip(" :")


class _Writer:
    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.language = lexicon.language
        self.sets = frozenset(name for name, kind in lexicon.kinds.items() if kind == "choices")

    def say(self, key: str, *parts: Spans) -> Spans:
        return phrase(self.language, key, *parts)

    # --- types, as far as words need them -------------------------------------------------------------------
    def boolean(self, node: Node) -> bool:
        match node:
            case Boolean():
                return True
            case Name(name):
                return self.lexicon.kinds.get(name) == "boolean"
            case Binary(operator):
                return operator in _LOGIC
            case Call("if", (_, one, other)) | Call("coalesce" | "if-na", (one, other)):
                return self.boolean(one) or self.boolean(other)
            case Call(function):
                return function in _BOOLEAN_CALLS
            case RepeatCall(function):
                return function in ("any", "all")
        return False

    def dated(self, node: Node) -> bool:
        match node:
            case Day() | Today():
                return True
            case Name(name):
                return self.lexicon.kinds.get(name) == "date"
            case Call("if", (_, one, other)) | Call("coalesce" | "if-na", (one, other)):
                return self.dated(one) or self.dated(other)
        return False

    # --- conditions -----------------------------------------------------------------------------------------
    def block(self, clause: Clause) -> Prose:
        """A clause as a sentence, or as a list where one breath does not hold it."""
        if isinstance(clause, Joint) and (leaves(clause) > _IN_ONE_BREATH or nested(clause)):
            lead = self.say("every" if clause.word == "and" else "some")
            return Prose(lead, tuple(self.block(item) for item in clause.items))
        if isinstance(clause, Leaf) and isinstance(clause.node, Call) and clause.node.function == "if":
            return self.cases(clause.node, clause.positive)
        return Prose(self.inline(clause))

    def cases(self, node: Call, positive: bool) -> Prose:
        """`if` as a list of cases, the chain of its last branch flat."""
        items: list[Prose] = []
        rest: Node = node
        while isinstance(rest, Call) and rest.function == "if":
            when, then, rest = rest.arguments
            items.append(Prose(self.say("case", self.logic(when), self.branch(then, positive))))
        items.append(Prose(self.say("otherwise", self.branch(rest, positive))))
        return Prose(self.say("by case"), tuple(items))

    def branch(self, node: Node, positive: bool) -> Spans:
        if isinstance(node, Boolean):
            return self.say("true" if node.value == positive else "false")
        return self.logic(node, positive) if self.boolean(node) else self.value(node)

    def logic(self, node: Node, positive: bool = True) -> Spans:
        return self.inline(clause_of(node, self.sets, positive))

    def inline(self, clause: Clause) -> Spans:
        """A clause in one sentence, an inner change between `and` and `or` in parentheses."""
        if isinstance(clause, Leaf):
            return self.leaf(clause)
        parts = [
            bracketed(self.inline(item)) if isinstance(item, Joint) else self.inline(item) for item in clause.items
        ]
        return listed(self.language, clause.word, parts)

    def leaf(self, leaf: Leaf) -> Spans:
        if leaf.field is not None:
            return self.answers(leaf, leaf.field)
        no = "" if leaf.positive else ".no"
        if leaf.until is not None and isinstance(leaf.node, Binary):
            low, high = (self.measured(end, leaf.node.left) for end in (leaf.node.right, leaf.until))
            return self.say(f"between{no}", self.value(leaf.node.left), low, high)
        match leaf.node:
            case Boolean(value):
                return self.say("always" if value else "always.no")
            case Name(name):
                return self.say(f"met{no}", self.name(name))
            case Binary() as comparison:
                return self.comparison(comparison if leaf.positive else opposite(comparison))
            case Call("selected", (one, other)):
                return self.say(f"includes{no}", self.value(one), self.value(other))
            case Call("regex", (one, pattern)):
                return self.say(f"pattern{no}", self.value(one), self.value(pattern))
            case Call("if", (when, then, rest)):
                parts = (self.logic(when), self.branch(then, leaf.positive), self.branch(rest, leaf.positive))
                return self.say("if", *parts)
            case Call("coalesce" | "if-na" as function, (one, other)):
                return self.fallback(function, one, other, leaf.positive)
            case RepeatCall() as call:
                return self.rows_condition(call, no)
        return self.say("unknown" if isinstance(leaf.node, Blank) else "na")

    def answers(self, leaf: Leaf, field: Name) -> Spans:
        """Which answers to one question count. Of two answers, "other than the one" is the other."""
        names, positive = leaf.options, leaf.positive
        others = [name for name in self.lexicon.options.get(field.name, {}) if name not in names]
        if not positive and leaf.answer == "answered" and len(others) == 1:
            names, positive = (others[0],), True
        options = listed(self.language, "or", [self.option(field.name, name) for name in names])
        return self.say(leaf.answer if positive else f"{leaf.answer}.no", self.name(field.name), options)

    def fallback(self, function: str, one: Node, other: Node, positive: bool) -> Spans:
        if isinstance(other, Boolean):
            return self.say(f"{function}.{'true' if other.value == positive else 'false'}", self.branch(one, positive))
        return self.say(function, self.branch(one, positive), self.branch(other, positive))

    def comparison(self, node: Binary) -> Spans:
        left, right, operator = node.left, node.right, str(node.operator)
        if isinstance(left, Number | Day | Today | Blank | Text) and not isinstance(right, Number | Day | Text):
            turned = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)
            left, right, operator = right, left, turned
        if isinstance(right, Blank):
            return self.say("blank" if operator == "=" else "blank.no", self.value(left))
        if isinstance(left, RepeatCall) and left.function == "count" and right in (_NONE, _ONE):
            # "There is a member who" says more than "the number of members who is at least 1".
            if (operator, right) in ((">", _NONE), (">=", _ONE), ("!=", _NONE)):
                return self.say("any", self.rows(left))
            if (operator, right) in (("=", _NONE), ("<", _ONE), ("<=", _NONE)):
                return self.say("any.no", self.rows(left))
        key = f"date.{operator}" if self.dated(left) or self.dated(right) else operator
        return self.say(key, self.value(left), self.measured(right, left))

    def measured(self, node: Node, beside: Node) -> Spans:
        """A number with the unit of what it is compared with."""
        unit = self.lexicon.units.get(beside.name, "") if isinstance(beside, Name) else ""
        if isinstance(node, Number) and unit:
            return strong(f"{self.number(node.value)} {unit}")
        return self.value(node)

    # --- repeats --------------------------------------------------------------------------------------------
    def rows(self, call: RepeatCall) -> Spans:
        name = plain(self.lexicon.repeats.get(call.repeat, call.repeat))
        if call.predicate is None:
            return self.say("rows", name)
        clause = clause_of(call.predicate, self.sets)
        where = self.inline(clause)
        return self.say("rows.where", name, bracketed(where) if nested(clause) else where)

    def rows_condition(self, call: RepeatCall, no: str) -> Spans:
        if call.function == "all" and call.value is not None:
            return self.say(f"all{no}", self.rows(call), self.logic(call.value))
        return self.say(f"any{no}", self.rows(call))

    # --- quantities -----------------------------------------------------------------------------------------
    def value_block(self, node: Node) -> Prose:
        match node:
            case Call("if"):
                return self.cases(node, positive=True)
            case Call("share-true", arguments) if len(arguments) > _IN_ONE_BREATH:
                items = tuple(self.block(clause_of(argument, self.sets)) for argument in arguments)
                return Prose(self.say("share-true.list"), items)
        return Prose(self.value(node))

    def value(self, node: Node) -> Spans:
        """Any tree in one phrase."""
        if self.boolean(node) and not isinstance(node, Boolean):
            return self.logic(node)
        match node:
            case Number(number):
                return strong(self.number(number))
            case Text(text):
                return strong(f"“{text}”")
            case Boolean(truth):
                return self.say("true" if truth else "false")
            case Day(day):
                return strong(self.day(day))
            case Name(name):
                return self.name(name)
            case Negative(operand):
                return self.say("minus", self.operand(operand))
            case Binary(operator, left, right):
                dated = operator == "-" and (self.dated(left) or self.dated(right))
                return self.say("days" if dated else operator, self.operand(left), self.operand(right))
            case Call(function, arguments):
                return self.call(function, arguments)
            case RepeatCall(function, _, _, inner):
                key = f"repeat.{function}" if function in ("min", "max") else function
                parts = () if inner is None else (self.operand(inner),)
                return self.say(key, self.rows(node), *parts)
        constants: dict[type[Node], str] = {Today: "today", Blank: "unknown", NotApplicable: "na", Self: "self"}
        return self.say(constants[type(node)])

    def operand(self, node: Node) -> Spans:
        """A part of arithmetic, in parentheses where it is arithmetic or a choice of cases itself."""
        inner = self.value(node)
        composed = isinstance(node, Binary) and node.operator in _ARITHMETIC
        cases = isinstance(node, Call) and node.function == "if"
        return bracketed(inner) if composed or cases else inner

    def call(self, function: str, arguments: tuple[Node, ...]) -> Spans:
        if function in ("coalesce", "if-na"):
            return self.fallback(function, arguments[0], arguments[1], True)
        if function == "if":
            when, then, rest = arguments
            return self.say("if", self.logic(when), self.branch(then, True), self.branch(rest, True))
        if function in ("min", "max", "share-true"):
            return self.say(function, listed(self.language, "and", [self.value(one) for one in arguments]))
        if function == "round" and arguments[1] == _NONE:
            return self.say("round.whole", self.operand(arguments[0]))
        return self.say(function, *(self.operand(one) for one in arguments))

    # --- names and numbers ----------------------------------------------------------------------------------
    def name(self, name: str) -> Spans:
        return plain(f"“{self.lexicon.names.get(name, name)}”")

    def option(self, name: str, option: str) -> Spans:
        label = self.lexicon.options.get(name, {}).get(option, option)
        # "Sungai, danau, atau air hujan" is one answer, and must not read as three.
        several = "," in label or any(f" {PHRASES[self.language][word]} " in label for word in ("and", "or"))
        return strong(f"‘{label}’" if several else label)

    def number(self, value: Decimal) -> str:
        shown = indonesian(value, 12)
        return shown if self.language == "id" else shown.translate(str.maketrans(".,", ",."))

    def day(self, value: date) -> str:
        return f"{value.day} {MONTHS[self.language][value.month - 1]} {value.year}"
