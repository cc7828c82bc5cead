"""Which texts would name a family in what leaves the office: a text that does is left out of a dossier, and said so.

What officials type (a title, a caption) is free text. Nobody but a person can see every name in it; a name that stands
in the registry, a name behind *Ibu* or *Pak* that is part of one, and a long number are seen here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from selaras.models import Household, Lokus, Person

#: Shorter ones are initials.
_SHORTEST: Final = 3
_LONG_NUMBER: Final = re.compile(r"\d(?:[\s.-]?\d){8}")
_WORD: Final = re.compile(r"[\w'’]+")
_TITLES: Final = frozenset(
    "bu ibu pak bapak sdr sdri saudara saudari ny nyonya tn tuan nenek kakek mbak mas teh kang hj haji hajah".split()
)


class Names:
    """The names of a lokus' families. Texts that tell one become ''; `left_out` counts those."""

    def __init__(self, names: Iterable[str]) -> None:
        self._whole: set[tuple[str, ...]] = set()
        self._parts: set[str] = set()
        for name in names:
            words = _words(name)
            if len("".join(words)) >= _SHORTEST:
                self._whole.add(words)
                self._parts.update(word for word in words if len(word) >= _SHORTEST)
        self._longest = max((len(words) for words in self._whole), default=0)
        self.left_out = 0

    def free(self, text: str) -> str:
        """The text on one line, or '' where it names somebody or holds a long number."""
        said = " ".join(text.split())
        if self.tells(said):
            self.left_out += 1
            return ""
        return said

    def tells(self, text: str) -> bool:
        """Whether a reader of the text would learn a family's name or number."""
        if _LONG_NUMBER.search(text):
            return True
        words = _words(text)
        for at, word in enumerate(words):
            if at and words[at - 1] in _TITLES and word in self._parts:
                return True
            if any(words[at : at + size] in self._whole for size in range(1, self._longest + 1)):
                return True
        return False


def names_of(lokus: Lokus) -> Names:
    """The names of its whole year: words about one lokus may name a neighbour of it. Two statements."""
    families = Household.objects.filter(lokus__cycle=lokus.cycle_id, erased_at__isnull=True)
    heads = families.values_list("head_name", flat=True)
    members = Person.objects.filter(household__in=families).values_list("name", flat=True)
    return Names([*heads.iterator(), *members.iterator()])


def _words(text: str) -> tuple[str, ...]:
    flat = unicodedata.normalize("NFKD", text.casefold())
    return tuple(_WORD.findall("".join(each for each in flat if not unicodedata.combining(each))))
