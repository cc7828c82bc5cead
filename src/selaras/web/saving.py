"""Pages with several small forms: which part was sent, what was refused and why, and who was faster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from selaras.errors import InputError, Problem
from selaras.models import User
from selaras.queries import setup as queries
from selaras.queries.setup import LastChange


class Unfit(Exception):  # noqa: N818  (not an error of ours: the form says itself what is wrong)
    """A form that is shown again with its own words."""


@dataclass(slots=True)
class Said:
    """What a person sent: the part of the page, whom it is of (`which`), and what the form was filled from."""

    data: QueryDict
    part: str
    seen: str
    which: str
    files: MultiValueDict = field(default_factory=MultiValueDict)  # type: ignore[type-arg]

    @classmethod
    def of(cls, request: HttpRequest) -> Said:
        """What came with a POST."""
        sent = request.POST
        return cls(sent, sent.get("bagian", ""), sent.get("seen", ""), sent.get("yang", ""), request.FILES)


def sent(said: Said | None, part: str, which: str = "") -> QueryDict | None:
    """What was sent of that part of the page, and, where a part is there many times, of that one."""
    return said.data if said is not None and said.part == part and said.which == which else None


@dataclass(frozen=True, slots=True)
class Refused:
    """What was not saved, why, and, where somebody else was faster, who it was."""

    part: str
    which: str = ""
    problems: tuple[Problem, ...] = ()
    by_other: bool = False
    last: LastChange | None = None

    @classmethod
    def unfit(cls, said: Said) -> Refused:
        """The form says itself what is wrong."""
        return cls(said.part, said.which)

    @classmethod
    def because(cls, user: User, said: Said, error: InputError, written: Mapping[str, tuple[str, str, str]]) -> Refused:
        """Out of what an action said. `written`: part → action, type and id of the entry that tells who was faster."""
        other = any(problem.code == "setup.changed" for problem in error.problems)
        entry = written.get(said.part)
        last = queries.last_change(user, *entry) if other and entry else None
        return cls(said.part, said.which, error.problems, other, last)


def number(text: str) -> int:
    """An id as a form sends it; 0, which nothing has, where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
