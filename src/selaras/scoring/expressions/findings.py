"""What is wrong in an expression, before anyone knows in which cell it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from selaras.errors import CATALOGUE, Problem
from selaras.scoring.expressions.tree import Node


@dataclass(frozen=True)
class Finding:
    """One mistake: a code of `errors.CATALOGUE` and the words that fill its text."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        CATALOGUE[self.code]

    def at(self, where: str) -> Problem:
        """The same mistake at its place, such as `indicators!F12`."""
        return Problem(self.code, where, self.values)


class ExpressionError(Exception):
    """An expression that is not in our language. `findings` are all that could be told of it, at least one.

    `tree` is what could be read all the same, so that its names can be judged in the same run; None where the
    grammar broke.
    """

    def __init__(self, findings: tuple[Finding, ...], tree: Node | None = None) -> None:
        self.findings = findings
        self.tree = tree
        super().__init__("; ".join(str(finding.at("")) for finding in findings))


def distinct(findings: list[Finding]) -> tuple[Finding, ...]:
    """Each mistake once, in the order found: a name mistyped three times is one thing to mend."""
    return tuple(finding for index, finding in enumerate(findings) if finding not in findings[:index])
