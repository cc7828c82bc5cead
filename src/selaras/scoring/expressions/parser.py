"""From an author's text to a tree: a precedence-climbing parser of the part of XPath that XLSForm authors write.

From loose to tight, each left-associative: `or`, `and`, `= !=`, `< <= > >=`, `+ -`, `* div mod`, unary minus
(XPath 1.0, section 3). The parser knows no names; `types.check` does.
"""

from datetime import date
from decimal import Decimal
from typing import cast, get_args

from selaras.scoring.expressions.findings import ExpressionError, Finding, distinct
from selaras.scoring.expressions.near import nearest
from selaras.scoring.expressions.text import BINDING, UNARY
from selaras.scoring.expressions.tokens import OPERATOR_WORDS, WORD_HABITS, Token, tokens_of
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
    RepeatFunction,
    Self,
    Text,
    Today,
)
from selaras.scoring.numbers import LIMIT, PLACES

__all__ = ["ExpressionError", "Finding", "parse"]

MOST_CHARACTERS = 8_000
MOST_LEVELS = 100

_CONSTANTS: dict[str, Node] = {
    "true": Boolean(True),
    "false": Boolean(False),
    "na": NotApplicable(),
    "today": Today(),
}
_REPEAT_FUNCTIONS: frozenset[str] = frozenset(get_args(RepeatFunction))
_KNOWN_FUNCTIONS = (*FUNCTIONS, *_CONSTANTS, *_REPEAT_FUNCTIONS, "date")
#: Those whose first argument is not a repeat: `concat('a', …)` resembles `count`, and cannot mean it.
_OWN_FUNCTIONS = (*FUNCTIONS, *_CONSTANTS, "date")
_CLOSING = {"(": ")", "[": "]"}


def parse(text: str) -> Node:
    """The tree of `text`.

    Raises ExpressionError with every finding: unknown functions and wrong counts of arguments all at once, but
    only the first sign that breaks the grammar, since what follows it would be guessing. No text, however deep or
    long, ends in a RecursionError: at most 8,000 characters and 100 levels, in the text as in the tree.
    """
    if len(text) > MOST_CHARACTERS:
        raise ExpressionError((Finding("expression.too_long", {"length": len(text)}),))
    if not text.strip():
        raise ExpressionError((Finding("expression.empty"),))
    reader = _Reader(tokens_of(text))
    tree, _ = reader.expression(0)
    reader.finish()
    if reader.findings:
        raise ExpressionError(distinct(reader.findings), tree)
    return tree


#: A tree with its height, so that a long chain such as 1+1+1… is bounded like nested parentheses are.
_Sized = tuple[Node, int]


class _Reader:
    """One pass over the tokens. `findings` are mistakes after which reading can go on."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.depth = 0
        self.findings: list[Finding] = []

    # --- moving ---------------------------------------------------------------------------------------------
    @property
    def here(self) -> Token:
        return self.tokens[self.position]

    def next(self) -> Token:
        token = self.here
        self.position += 1
        return token

    def at_sign(self, sign: str) -> bool:
        return self.here.kind == "sign" and self.here.text == sign

    def take(self, sign: str) -> bool:
        if not self.at_sign(sign):
            return False
        self.position += 1
        return True

    def close(self, opening: str) -> None:
        """Expect the sign that closes `opening`."""
        if self.take(_CLOSING[opening]):
            return
        if self.here.kind == "end":
            raise ExpressionError((Finding("expression.bracket", {"found": opening, "wanted": _CLOSING[opening]}),))
        raise ExpressionError((self.unexpected(),))

    def finish(self) -> None:
        """Expect the end."""
        if self.here.kind == "end":
            return
        around = self.tokens[max(self.position - 1, 0) : self.position + 2]
        if self.at_sign(",") and [token.kind for token in around] == ["number", "sign", "number"]:
            whole, _, part = (token.text for token in around)
            values = {"found": f"{whole},{part}", "wanted": f"{whole}.{part}"}
            raise ExpressionError((Finding("expression.instead", values),))
        raise ExpressionError((self.unexpected(),))

    # --- grammar --------------------------------------------------------------------------------------------
    def expression(self, weakest: int) -> _Sized:
        """An expression whose operators all bind tighter than `weakest`, and its height."""
        self.depth += 1
        if self.depth > MOST_LEVELS:
            raise ExpressionError((Finding("expression.too_deep"),))
        left, height = self.operand()
        while (binding := self.binding()) > weakest:
            operator = cast(Operator, self.next().text)
            right, right_height = self.expression(binding)
            left, height = Binary(operator, left, right), max(height, right_height) + 1
            _hold(height)
        self.depth -= 1
        return left, height

    def binding(self) -> int:
        """How tightly the operator here binds; 0 where none stands here."""
        if self.here.kind == "sign" or (self.here.kind == "word" and self.here.text in OPERATOR_WORDS):
            return BINDING.get(self.here.text, 0)
        return 0

    def operand(self) -> _Sized:
        if self.here.kind == "end":
            raise ExpressionError((self.unfinished(),))
        token = self.next()
        if token.kind == "number":
            return self.number(token.text), 1
        if token.kind == "text":
            return (Text(token.text) if token.text.strip() else Blank()), 1
        if token.kind == "field":
            return self.field(token.text), 1
        if token.kind == "word":
            return self.word(token)
        if token.text == "-":
            operand, height = self.expression(UNARY - 1)
            return Negative(operand), _hold(height + 1)
        if token.text == "(":
            inside = self.expression(0)
            self.close("(")
            return inside
        if token.text == ".":
            return Self(), 1
        self.position -= 1
        raise ExpressionError((self.unexpected(),))

    def number(self, text: str) -> Node:
        value = Decimal(text)
        if value >= LIMIT or -cast(int, value.as_tuple().exponent) > PLACES:
            self.findings.append(Finding("expression.number", {"found": text}))
        return Number(value)

    def field(self, name: str) -> Node:
        if self.at_sign("["):
            raise ExpressionError((Finding("expression.stray_filter", {"name": name}),))
        return Name(name)

    def word(self, token: Token) -> _Sized:
        if self.take("("):
            return self.function(token.text)
        lowered = token.text.lower()
        if lowered in WORD_HABITS:
            wanted = WORD_HABITS[lowered]
            raise ExpressionError((Finding("expression.instead", {"found": token.text, "wanted": wanted}),))
        if lowered in OPERATOR_WORDS:
            self.position -= 1
            raise ExpressionError((self.unexpected(),))
        if self.at_sign("["):
            raise ExpressionError((Finding("expression.stray_filter", {"name": token.text}),))
        self.findings.append(Finding("expression.bare_name", {"name": token.text}))
        return Blank(), 1

    # --- functions, after their opening parenthesis ---------------------------------------------------------
    def function(self, name: str) -> _Sized:
        if name not in _KNOWN_FUNCTIONS:
            # Read on as the function that was meant, so that its arguments are judged by the right rules.
            meant = nearest(name, _KNOWN_FUNCTIONS if self.at_repeat() else _OWN_FUNCTIONS)
            self.findings.append(_unknown_function(name, meant))
            name = meant or name
        if name in _CONSTANTS:
            arguments, _ = self.arguments()
            self.counted(name, len(arguments), 0, 0)
            return _CONSTANTS[name], 1
        if name in _REPEAT_FUNCTIONS and (name not in FUNCTIONS or self.at_repeat()):
            return self.repeat_call(cast(RepeatFunction, name))
        arguments, height = self.arguments()
        if name == "date":
            return self.date(arguments), 1
        if name not in FUNCTIONS:
            return Blank(), 1
        if not self.counted(name, len(arguments), *FUNCTIONS[name]):
            return Blank(), 1
        return Call(name, tuple(arguments)), _hold(height + 1)

    def arguments(self) -> tuple[list[Node], int]:
        """The arguments up to the closing parenthesis, and the greatest height among them."""
        if self.take(")"):
            return [], 0
        sized = [self.expression(0)]
        while self.take(","):
            sized.append(self.expression(0))
        self.close("(")
        return [node for node, _ in sized], max(height for _, height in sized)

    def counted(self, name: str, found: int, fewest: int, most: int | None) -> bool:
        if found >= fewest and (most is None or found <= most):
            return True
        wanted = str(fewest) if most == fewest else f"paling sedikit {fewest}"
        values = {"function": name, "wanted": wanted, "found": found}
        self.findings.append(Finding("expression.arguments", values))
        return False

    def date(self, arguments: list[Node]) -> Node:
        if len(arguments) == 1 and isinstance(arguments[0], Text):
            try:
                return Day(date.fromisoformat(arguments[0].value))
            except ValueError:
                pass
        self.findings.append(Finding("expression.date"))
        return Blank()

    def at_repeat(self) -> bool:
        """Whether a repeat is named here: `member`, `member[…` or `${member}[…`."""
        after = self.tokens[min(self.position + 1, len(self.tokens) - 1)]
        if self.here.kind == "field":
            return after.kind == "sign" and after.text == "["
        return self.here.kind == "word" and not (after.kind == "sign" and after.text == "(")

    def repeat_call(self, function: RepeatFunction) -> _Sized:
        if self.here.kind not in ("word", "field"):
            raise ExpressionError((Finding("expression.repeat_wanted", {"function": function}),))
        repeat = self.next().text
        after = self.here
        if after.kind != "end" and after.text not in ("[", ",", ")"):
            raise ExpressionError((Finding("expression.repeat_wanted", {"function": function}),))
        predicate: Node | None = None
        values: list[Node] = []
        heights = [1]
        if self.take("["):
            predicate, height = self.expression(0)
            heights.append(height)
            self.close("[")
        while self.take(","):
            value, height = self.expression(0)
            values.append(value)
            heights.append(height)
        self.close("(")
        wanted = 0 if function in ("count", "any") else 1
        self.counted(function, len(values) + 1, wanted + 1, wanted + 1)
        return RepeatCall(function, repeat, predicate, values[0] if wanted and values else None), _hold(
            max(heights) + 1
        )

    # --- words for what went wrong --------------------------------------------------------------------------
    def unexpected(self) -> Finding:
        found, before = self.here, self.tokens[self.position - 1] if self.position else None
        if found.kind == "end":
            return self.unfinished()
        if found.kind == "sign" and found.text in ")]":
            return Finding("expression.closing", {"found": found.text})
        shown = _shown(found)
        if before is None:
            return Finding("expression.unexpected_first", {"found": shown})
        return Finding("expression.unexpected", {"found": shown, "before": _shown(before)})

    def unfinished(self) -> Finding:
        return Finding("expression.unfinished", {"before": _shown(self.tokens[self.position - 1])})


def _hold(height: int) -> int:
    if height > MOST_LEVELS:
        raise ExpressionError((Finding("expression.too_deep"),))
    return height


def _shown(token: Token) -> str:
    if token.kind == "text":
        return f"'{token.text}'"
    return f"${{{token.text}}}" if token.kind == "field" else token.text


def _unknown_function(name: str, meant: str | None) -> Finding:
    if meant:
        return Finding("expression.function_near", {"function": name, "meant": meant})
    return Finding("expression.function", {"function": name})
