"""Words and signs of an expression, with help for what people type out of habit.

The habits come from spreadsheets (`<>`, curly quotes, `;`), Python and JavaScript (`==`, `&&`, `None`), and from
forms in capitals (`AND`).
"""

import re
from dataclasses import dataclass
from typing import Literal

from selaras.scoring.expressions.findings import ExpressionError, Finding

TokenKind = Literal["number", "text", "field", "word", "sign", "end"]

#: What people type -> what they should write.
HABITS = {
    "==": "=",
    "===": "=",
    "<>": "!=",
    "!==": "!=",
    "=<": "<=",
    "=>": ">=",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "&&": "and",
    "&": "and",
    "||": "or",
    "|": "or",
    "!": "not(…)",
    "/": "div",
    "÷": "div",
    "%": "mod",
    "×": "*",
    "**": "pow(x, 2)",
    "^": "pow(x, 2)",
    "−": "-",
    "–": "-",
    ";": ",",
    "“": "'",
    "”": "'",
    "‘": "'",
    "’": "'",
    "{": "${…}",
    "}": "${…}",
}
WORD_HABITS = {
    "none": "''",
    "null": "''",
    "in": "selected(…)",
    "dan": "and",
    "atau": "or",
    "bukan": "not(…)",
    "true": "true()",
    "false": "false()",
    "benar": "true()",
    "salah": "false()",
    "today": "today()",
    "na": "na()",
    "not": "not(…)",
    "is": "=",
    "if": "if(…, …, …)",
    "else": "if(…, …, …)",
}
OPERATOR_WORDS = frozenset({"and", "or", "div", "mod"})

_PATTERN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>\d+(?:\.\d*)?|\.\d+)
      | (?P<text>'[^']*'|"[^"]*")
      | (?P<field>\$\{\s*[^\W\d][\w.-]*\s*\})
      | (?P<word>[^\W\d][\w.-]*)
      | (?P<habit>===|!==|==|<>|=<|=>|&&|\|\||\*\*|!(?!=)|[≤≥≠&|/÷%×^−–;“”‘’{}])
      | (?P<sign><=|>=|!=|[=<>+\-*()\[\],.])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`text` as typed, but the content of a text in quotes and the bare name of a field."""

    kind: TokenKind
    text: str


def tokens_of(text: str) -> list[Token]:
    """The tokens of `text`, an `end` last. Raises ExpressionError at the first sign that is not ours."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _PATTERN.match(text, position)
        if match is None:
            raise ExpressionError((_stranger(text[position:]),))
        position = match.end()
        token = _token(str(match.lastgroup), match.group())
        if token is not None:
            tokens.append(token)
    tokens.append(Token("end", ""))
    return tokens


def _token(group: str, text: str) -> Token | None:
    if group == "space":
        return None
    if group == "habit":
        raise ExpressionError((Finding("expression.instead", {"found": text, "wanted": HABITS[text]}),))
    if group == "number":
        return Token("number", text)
    if group == "text":
        return Token("text", text[1:-1])
    if group == "field":
        return Token("field", text[2:-1].strip())
    if group == "word":
        # A capital operator is caught here, because as a word it would be called a bare field name.
        lowered = text.lower()
        if lowered in OPERATOR_WORDS and text != lowered:
            raise ExpressionError((Finding("expression.instead", {"found": text, "wanted": lowered}),))
        return Token("word", text)
    return Token("sign", text)


def _stranger(rest: str) -> Finding:
    if rest[0] in "'\"":
        return Finding("expression.quote", {"found": rest[:20]})
    if rest[0] == "$":
        return Finding("expression.braces", {"found": rest.split(maxsplit=1)[0][:20]})
    return Finding("expression.character", {"found": rest[0]})
