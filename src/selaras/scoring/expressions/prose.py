"""Sentences as data: text with emphasis, and lists under it. Pages make HTML of it, the command line plain text."""

import re
from dataclasses import dataclass

from selaras.scoring.expressions.phrases import PHRASES, Language


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text, emphasised or not."""

    text: str
    strong: bool = False


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """A sentence or the beginning of one; `items` are the points of the list that follows it."""

    spans: Spans
    items: tuple["Prose", ...] = ()

    def __str__(self) -> str:
        """Plain text, points on lines of their own with a dash, two spaces a level."""
        return "\n".join(self.lines())

    def lines(self, level: int = 0) -> list[str]:
        """The lines of the plain text."""
        text = "".join(span.text for span in self.spans)
        own = f"{'  ' * (level - 1)}– {text}" if level else text
        return [own, *(line for item in self.items for line in item.lines(level + 1))]


def plain(text: str) -> Spans:
    """Text without emphasis."""
    return (Span(text),)


def strong(text: str) -> Spans:
    """Text with emphasis."""
    return (Span(text, strong=True),)


_SLOT = re.compile(r"(\{\d\}|\*[^*]+\*)")


def fill(template: str, *parts: Spans) -> Spans:
    """A phrase such as `{0} dijawab *{1}*` with its parts; neighbours of the same emphasis become one span."""
    spans: list[Span] = []
    for piece in _SLOT.split(template):
        if re.fullmatch(r"\{\d\}", piece):
            spans += parts[int(piece[1])]
        elif piece.startswith("*") and len(piece) > 1:
            spans += [Span(span.text, strong=True) for span in fill(piece[1:-1], *parts)]
        elif piece:
            spans.append(Span(piece))
    return joined(spans)


def joined(spans: list[Span]) -> Spans:
    """The spans, neighbours of the same emphasis made one."""
    merged: list[Span] = []
    for span in spans:
        if merged and merged[-1].strong == span.strong:
            merged[-1] = Span(merged[-1].text + span.text, span.strong)
        else:
            merged.append(span)
    return tuple(merged)


def phrase(language: Language, key: str, *parts: Spans) -> Spans:
    """A phrase of PHRASES with its parts."""
    return fill(PHRASES[language][key], *parts)


def listed(language: Language, word: str, parts: list[Spans]) -> Spans:
    """`a`, `a dan b`, `a, b, dan c`; `word` is `and` or `or`."""
    conjunction = PHRASES[language][word]
    last = f" {conjunction} " if len(parts) == 2 else f", {conjunction} "
    spans = list(parts[0])
    for index, part in enumerate(parts[1:], start=2):
        spans += [Span(last if index == len(parts) else ", "), *part]
    return joined(spans)


def bracketed(spans: Spans) -> Spans:
    """The spans in parentheses."""
    return joined([Span("("), *spans, Span(")")])
