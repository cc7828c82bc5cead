"""How a case is written: the bytes of a workbook and `code cell` for each problem that it must give."""

from dataclasses import dataclass

from selaras.errors import Problem


@dataclass(frozen=True)
class Case:
    """`expected` are all problems, in the order in which they must come."""

    content: bytes
    expected: tuple[str, ...]


def case(content: bytes, *expected: str) -> Case:
    return Case(content, expected)


def told(problems: tuple[Problem, ...]) -> list[str]:
    """`code cell` of each problem."""
    return [f"{problem.code} {problem.where}" for problem in problems]
