"""The arithmetic of back-checks, without a database: who is drawn, what is alike, and how far that can be trusted.

A draw puts the forms of each surveyor in the order of SHA-256 of `seed:form` and takes the first: anybody can do it
again with the two. Rates have Wilson's interval (J. Am. Stat. Assoc. 22 (1927) 209-212), which holds for small numbers
and for 0 and 100 %. Answers of one family hang together, so what counts as a trial is the family and never the answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from math import ceil, sqrt
from typing import Any

from selaras.odk.forms import Field

#: Of the normal distribution: 95 of 100 such intervals hold what they estimate.
Z = 1.959964
#: Fewer families than this say nothing yet.
FEW = 5


@dataclass(frozen=True, slots=True)
class Rate:
    """Answers given twice, how many alike, of how many families. `low` and `high` enclose the share, 0 to 1."""

    families: int = 0
    asked: int = 0
    same: int = 0

    @property
    def share(self) -> Decimal | None:
        """None where nothing was asked twice."""
        return Decimal(self.same) / self.asked if self.asked else None

    @property
    def low(self) -> Decimal | None:
        """The lower end of the interval."""
        return None if self.share is None else wilson(self.share, self.families)[0]

    @property
    def high(self) -> Decimal | None:
        """The upper end of the interval."""
        return None if self.share is None else wilson(self.share, self.families)[1]

    @property
    def few(self) -> bool:
        """Whether too few families were asked to say anything."""
        return self.families < FEW


def wilson(share: Decimal, trials: int) -> tuple[Decimal, Decimal]:
    """Both ends of Wilson's 95 % interval of a share of so many trials, to four places."""
    p, n = float(share), float(trials)
    middle = p + Z * Z / (2 * n)
    half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    whole = 1 + Z * Z / n
    low, high = max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)
    return Decimal(str(round(low, 4))), Decimal(str(round(high, 4)))


def drawn(
    frame: Mapping[str, Sequence[str]], seed: str, *, each: int | None, percent: int | None
) -> tuple[tuple[str, str], ...]:
    """(surveyor, form) of all that are drawn: `each` of every surveyor, or so many percent of hers, rounded up."""
    found: list[tuple[str, str]] = []
    for surveyor in sorted(frame):
        forms = sorted(frame[surveyor], key=lambda form: _place(seed, form))
        wanted = each if each is not None else ceil(len(forms) * (percent or 0) / 100)
        found += [(surveyor, form) for form in forms[:wanted]]
    # In the order of the draw too: a list by surveyor would say who is asked after whom.
    return tuple(sorted(found, key=lambda pair: _place(seed, pair[1])))


def _place(seed: str, form: str) -> str:
    return sha256(f"{seed}:{form}".encode()).hexdigest()


def said(fields: Iterable[Field], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to those questions that were given; blanks left out. What says the same is written the same: several
    choices in one order, 12.0 as 12."""
    found: dict[str, Any] = {}
    for field in fields:
        value = answers.get(field.name)
        if value not in (None, ""):
            found[field.name] = _written(field, value)
    return found


def _written(field: Field, value: Any) -> Any:
    if field.kind == "choices":
        return " ".join(sorted(str(value).split()))
    return format(Decimal(str(value)).normalize(), "f") if field.kind == "decimal" else value


def rate_of(pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]], names: Iterable[str]) -> Rate:
    """How many of those questions both sides answered, and alike; a pair is one family's, as `said` gives it."""
    families = asked = same = 0
    wanted = tuple(names)
    for first, second in pairs:
        both = [name for name in wanted if name in first and name in second]
        families += bool(both)
        asked += len(both)
        same += sum(first[name] == second[name] for name in both)
    return Rate(families, asked, same)
