"""A tree as an author would write it: for messages, and for a trace that shows a calculation's own text."""

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

#: How tightly each operator binds, loose to tight (XPath 1.0, section 3).
BINDING: dict[str, int] = {
    "or": 1,
    "and": 2,
    "=": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "div": 6,
    "mod": 6,
}
UNARY = 7


def text_of(tree: Node, weakest: int = 0) -> str:
    """The text that `parse` reads as `tree` again, with no more parentheses than needed."""
    match tree:
        case Number(value):
            return f"{value:f}"
        case Text(value):
            return f'"{value}"' if "'" in value else f"'{value}'"
        case Boolean(value):
            return "true()" if value else "false()"
        case Day(value):
            return f"date('{value.isoformat()}')"
        case Today():
            return "today()"
        case Blank():
            return "''"
        case NotApplicable():
            return "na()"
        case Self():
            return "."
        case Name(name):
            return f"${{{name}}}"
        case Negative(operand):
            return f"-{text_of(operand, UNARY - 1)}"
        case Binary(operator, left, right):
            binding = BINDING[operator]
            # Left-associative: an equal operator on the right needs its parentheses.
            inner = f"{text_of(left, binding - 1)} {operator} {text_of(right, binding)}"
            return f"({inner})" if binding <= weakest else inner
        case Call(function, arguments):
            return f"{function}({', '.join(text_of(argument) for argument in arguments)})"
        case RepeatCall(function, repeat, predicate, value):
            filtered = f"{repeat}[{text_of(predicate)}]" if predicate is not None else repeat
            return f"{function}({filtered})" if value is None else f"{function}({filtered}, {text_of(value)})"


def short(tree: Node) -> str:
    """The text of `tree`, cut to what a message has room for."""
    text = text_of(tree)
    return text if len(text) <= 60 else f"{text[:57]}…"
