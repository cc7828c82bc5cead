"""What narrows the matrix, as its address says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlencode

#: What a line of the table stands for.
View = Literal["opd", "rt", "lokus"]
#: Which lines: those that have needs without anybody, or with several.
Only = Literal["all", "gap", "overlap"]
#: The name of the page in kept searches.
PAGE = "matrix"


@dataclass(frozen=True, slots=True)
class MatrixFilters:
    """What narrows the matrix. `code` is a lokus' area ('' for all), `agency` an id (0 for all)."""

    view: View = "opd"
    code: str = ""
    only: Only = "all"
    agency: int = 0

    def query(self) -> str:
        """As the page's address says it: `lihat=rt&saring=gap`; '' where nothing narrows."""
        said = {
            "lihat": "" if self.view == "opd" else self.view,
            "lokus": self.code,
            "saring": "" if self.only == "all" else self.only,
            "opd": str(self.agency or ""),
        }
        return urlencode({name: value for name, value in said.items() if value})

    def among(self, loci: Iterable[str]) -> MatrixFilters:
        """The same without a lokus that is none of these areas."""
        return self if self.code in loci else MatrixFilters(self.view, "", self.only, self.agency)

    @classmethod
    def read(cls, given: Mapping[str, str]) -> MatrixFilters:
        """What an address asks for; a value that it cannot mean is left out."""
        view, only, agency = given.get("lihat", ""), given.get("saring", ""), given.get("opd", "")
        return cls(
            view if view in get_args(View) else "opd",  # type: ignore[arg-type]  # one of the words just asked for
            given.get("lokus", "")[:60],
            only if only in get_args(Only) else "all",  # type: ignore[arg-type]  # the same
            int(agency) if re.fullmatch(r"[0-9]{1,9}", agency) else 0,
        )


NO_FILTERS = MatrixFilters()
