"""Which texts would name a family in what leaves the office: a text that does is left out of a dossier, and said so.

What officials type (a title, a caption) is free text. Nobody but a person can see every name in it; a name that stands
in the registry, two words of one that stand together, a name behind *Ibu* or *Pak* that is part of one, and a long
number are seen here. Titles, degrees and *bin* are no part of a name: the registry has them where a caption has not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from selaras.models import Household, Lokus, Person

#: Shorter ones are initials.
_SHORTEST: Final = 3
_LONG_NUMBER: Final = re.compile(r"\d(?:[\s._-]?\d){8}")
#: A NIK or a KK number; codes of accounts are as long, with points between.
_NIK: Final = re.compile(r"\d(?:[\s-]?\d){15}")
#: Names of files are words too: `KK_Siti_Aminah`.
WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
#: Where words that were written as one come apart: `KartuSitiAminah2`.
SEAM: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)")
TITLES: Final = frozenset(
    "bu ibu pak bapak bp bpk mak emak abah bibi uwak tante om sdr sdri "
    "saudara saudari ny nyonya tn tuan nenek kakek mbak mas teh kang h hj haji hajah "
    "dr drg drs dra ir ust ustad ustadz ustadzah kh almarhum almarhumah alm almh".split()
)
PATRONYM: Final = frozenset("bin binti bte".split())
_DEGREE: Final = re.compile(r"[\s,]+[sam]\.?\s?(?:pdi|pd|e|h|kom|t|ip|sos|km|md|keb|kep|si|ag|st|m)\.?\s*$")


class Names:
    """The names of a lokus' families. Texts that tell one become ''; `left_out` counts those."""

    def __init__(self, names: Iterable[str]) -> None:
        self._whole: set[tuple[str, ...]] = set()
        self._parts: set[str] = set()
        for name in names:
            whole, parts = word_sequences(name)
            self._whole |= whole
            self._parts |= parts
        self._longest = max((len(words) for words in self._whole), default=0)
        self.left_out = 0

    def free(self, text: str) -> str:
        """The text on one line, or '' where it names somebody or holds a long number."""
        said = " ".join(text.split())
        if self.tells(said):
            self.left_out += 1
            return ""
        return said

    def official(self, text: str) -> str:
        """The same of what an office sets: its letterhead, the code of an item. Telephones and codes of accounts are
        long numbers there, and one word that is somebody's whole name may be a place's.
        """
        said = " ".join(text.split())
        if _NIK.search(said) or any(self._names(_words(each), 2) for each in {said, SEAM.sub(" ", said)}):
            self.left_out += 1
            return ""
        return said

    def tells(self, text: str) -> bool:
        """Whether a reader of the text would learn a family's name or number."""
        if _LONG_NUMBER.search(text):
            return True
        return any(self._names(_words(said), 1) for said in {text, SEAM.sub(" ", text)})

    def _names(self, words: tuple[str, ...], fewest: int) -> bool:
        """Whether somebody's name of `fewest` words or more stands there, or a part of one behind a title."""
        if any(before in TITLES and word in self._parts for before, word in pairwise(words)):
            return True
        sizes = range(fewest, self._longest + 1)
        return any(
            said[at : at + size] in self._whole
            for said in (words, _core(words))
            for size in sizes
            for at in range(len(said) - size + 1)
        )


def names_of(lokus: Lokus) -> Names:
    """The names of its whole year: words about one lokus may name a neighbour of it. Two statements."""
    return names_of_year(lokus.cycle_id)


def names_of_year(cycle: int) -> Names:
    """The names of all families of a year (its id): a text that leaves the office may tell none. Two statements."""
    families = Household.objects.filter(lokus__cycle=cycle, erased_at__isnull=True)
    heads = families.values_list("head_name", flat=True)
    members = Person.objects.filter(household__in=families).values_list("name", flat=True)
    return Names([*heads.iterator(), *members.iterator()])


def word_sequences(name: str) -> tuple[set[tuple[str, ...]], set[str]]:
    """Which words in a row tell that name, and which tell it behind a title; none of somebody called by initials."""
    core = _core(_without_degrees(name))
    if len("".join(core)) < _SHORTEST:
        return set(), set()
    long = tuple(word for word in core if len(word) >= _SHORTEST)
    parts = {word for word in _core(_words(name)) if len(word) >= _SHORTEST}
    return {_words(name), core, *_runs(long)}, parts


def _words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(flat(text)))


def flat(text: str) -> str:
    """Without capitals, accents and kinds of apostrophes: so that a name is the same however it is written."""
    if text.isascii():
        return text.casefold().replace("`", "'")
    bare = unicodedata.normalize("NFKD", text.casefold())
    return re.sub("[’‘`´]", "'", "".join(each for each in bare if not unicodedata.combining(each)))


def _core(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in TITLES and word not in PATRONYM)


def _without_degrees(name: str) -> tuple[str, ...]:
    """The words before a comma, or before `S.Pd` where there is none."""
    left = flat(name).partition(",")[0]
    while (shorter := _DEGREE.sub("", left)) != left:
        left = shorter
    return _words(left)


def _runs(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every two or more of them that follow one another."""
    for start in range(len(words)):
        for end in range(start + 2, len(words) + 1):
            yield words[start:end]
