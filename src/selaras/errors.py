"""Every message that Selaras can give a person: code, what is wrong, what to do.

One catalogue, so that wording is reviewed in one place and a test can ask each entry for its remedy. Texts are
Indonesian, plain, and name what the reader typed. `{curly}` words are filled from the problem's values.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Level = Literal["error", "warning"]


class Entry(NamedTuple):
    """One line of the catalogue: `message` says what is wrong, `remedy` what to do about it."""

    message: str
    remedy: str


CATALOGUE: dict[str, Entry] = {
    # --- reading a file -------------------------------------------------------------------------------------
    "file.unreadable": Entry("berkas {name} tidak dapat dibaca", "simpan ulang sebagai .xlsx lalu coba lagi"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in what a person gave us.

    `where` is `SHEET!CELL` for a workbook, `FILE!CELL` for data, or '' where there is no place. `values` fill the
    catalogue's curly words. Raises KeyError at once for a code that the catalogue lacks: a typo must not reach
    a user.
    """

    code: str
    where: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    level: Level = "error"

    def __post_init__(self) -> None:
        CATALOGUE[self.code]

    @property
    def message(self) -> str:
        """What is wrong, in Indonesian."""
        return CATALOGUE[self.code].message.format_map(self.values)

    @property
    def remedy(self) -> str:
        """What to do about it, in Indonesian."""
        return CATALOGUE[self.code].remedy.format_map(self.values)

    def __str__(self) -> str:
        """`indicators!F12: ${jambann} tidak dikenal; maksud Anda ${jamban}?`: one line, place first."""
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.message}; {self.remedy}"


class SelarasError(Exception):
    """What our code raises at a person: one or more problems, never a bare string.

    SelarasError
    ├── InputError      what was given cannot be used (HTTP 422)
    ├── Forbidden       may not (HTTP 403)
    └── Missing         is not there, or not for this person (HTTP 404)
    """

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(SelarasError):
    """What was given cannot be used; nothing has been changed."""


class Forbidden(SelarasError):  # noqa: N818  (read as a sentence: raise Forbidden)
    """The person is known and may not do this."""


class Missing(SelarasError):  # noqa: N818
    """The thing is not there, or is another city's, which must look the same."""
