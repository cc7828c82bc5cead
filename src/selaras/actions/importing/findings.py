"""Every problem of a file on its way by: all counted, the first ones kept, in the order of the sheet."""

from collections.abc import Iterable, Sequence

from selaras.errors import Problem
from selaras.reports.problems import place_of

#: How many are kept while a page lists a few hundred: enough that the order of the sheet can be made.
KEPT = 5_000


class Findings:
    """`errors` and `total` are of all; `blocking` are errors of titles and sheets, which no row can be skipped for."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self.errors = self.total = self.blocking = 0
        self._kept = kept
        self._wrong: list[Problem] = []
        self._doubtful: list[Problem] = []

    def add(self, problem: Problem) -> None:
        """A problem of the sheet as a whole: an error forbids the import."""
        self.of_row(problem)
        self.blocking += problem.level == "error"

    def extend(self, problems: Iterable[Problem]) -> None:
        """`add` of each."""
        for problem in problems:
            self.add(problem)

    def of_row(self, problem: Problem) -> None:
        """A problem of one row: that row may be left out."""
        self.total += 1
        wrong = problem.level == "error"
        self.errors += wrong
        kept = self._wrong if wrong else self._doubtful
        if len(kept) < self._kept:
            kept.append(problem)

    def listed(self, tables: Sequence[str]) -> list[Problem]:
        """What was kept: errors first, each in the order of `tables`, rows and columns."""
        order = {label: index for index, label in enumerate(tables)}

        def place(problem: Problem) -> tuple[int, int, int]:
            table, row, column = place_of(problem)
            return order.get(table, -1 if not table else len(order)), row, column

        return [*sorted(self._wrong, key=place), *sorted(self._doubtful, key=place)]
