"""Words that offices type, in which somebody's name or number may stand: where they are, and what tells of her in them.

An erasure reads every one of them. What a family says of itself is not here: that is sealed under its own key and goes
with it (`actions.erasure`). What names an officer in her office stays hers: a decree and minutes must name her.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any, Final

from django.db.models import Model, Q

from selaras.models import (
    Activity,
    AgreedImport,
    Ask,
    AskVersion,
    Attendance,
    Breach,
    Claim,
    ClaimFinding,
    ColumnMemory,
    Commitment,
    CommitmentVersion,
    Comparison,
    Decision,
    Evidence,
    EvidenceUse,
    Fact,
    FollowUp,
    GladiMark,
    GladiTask,
    Group,
    Guest,
    ImportBatch,
    Measure,
    Meeting,
    PhoneToken,
    Place,
    Purse,
    Recap,
    SavedView,
    Strategy,
    StrategyVersion,
    Team,
    sealing,
)
from selaras.models.data_map import data_map
from selaras.models.keys import SearchHashes, digits, phone_digits
from selaras.queries.dossier_names import PATRONYM, SEAM, TITLES, WORD, flat, word_sequences

#: What stands where a name stood.
GONE: Final = "[dihapus]"
#: Every column of free words that may name somebody who is no officer. A column that is in neither this nor the closed
#: list of `tests/queries/test_traces.py` fails that test.
TEXTS: Final[Mapping[type[Model], tuple[str, ...]]] = {
    Activity: ("title", "venue", "unit"),
    AgreedImport: ("source", "number", "purpose", "filename", "mapping", "summary"),
    Ask: ("reason",),
    AskVersion: ("reason", "values"),
    Attendance: ("name", "office"),
    Breach: ("happened", "handled", "closed_as"),
    Claim: ("basis",),
    ClaimFinding: ("reason",),
    ColumnMemory: ("title",),
    Commitment: ("title", "unit", "fund_note", "legal_basis", "obstacle"),
    CommitmentVersion: ("values", "reason"),
    Comparison: ("source",),
    Decision: ("text",),
    Evidence: ("caption", "filename", "url", "reason"),
    EvidenceUse: ("reason",),
    Fact: ("source",),
    FollowUp: ("found",),
    GladiMark: ("note",),
    GladiTask: ("text", "said"),
    Group: ("name",),
    Guest: ("name",),
    # Of a file without titles the titles are its first family.
    ImportBatch: ("filename", "mapping", "summary", "problems"),
    Measure: ("title", "source"),
    Meeting: ("title", "venue", "agenda", "letter_number", "attachment", "note", "copies", "minutes"),
    PhoneToken: ("device",),
    Purse: ("source",),
    Recap: ("source", "women_source"),
    SavedView: ("name", "query"),
    Strategy: ("finding", "found_in", "change", "lesson"),
    StrategyVersion: ("values",),
    Team: ("name",),
}
#: The way from a row to the code of its place; the rest goes by its year.
_WAY: Final[Mapping[type[Model], str]] = {
    AgreedImport: "lokus__cycle__place__code",
    AskVersion: "ask__cycle__place__code",
    Attendance: "meeting__cycle__place__code",
    Claim: "lokus__cycle__place__code",
    ClaimFinding: "lokus__cycle__place__code",
    CommitmentVersion: "commitment__cycle__place__code",
    Comparison: "lokus__cycle__place__code",
    Decision: "meeting__cycle__place__code",
    EvidenceUse: "evidence__cycle__place__code",
    Fact: "lokus__cycle__place__code",
    FollowUp: "lokus__cycle__place__code",
    GladiMark: "sheet__gladi__cycle__place__code",
    GladiTask: "gladi__cycle__place__code",
    Group: "place__code",
    Guest: "meeting__cycle__place__code",
    ImportBatch: "round__cycle__place__code",
    Recap: "place_code",
    StrategyVersion: "strategy__cycle__place__code",
}
_BY_YEAR: Final = "cycle__place__code"
#: In kept versions: who answers for it, an officer.
_OFFICERS: Final = frozenset({"person"})
_NUMBER: Final = re.compile(r"\+?\d(?:[\s./_-]{0,2}\d){6,}")
#: A street or a school that is called after somebody says it directly before the name.
_CALLED_AFTER: Final = frozenset("jalan jl jln gang gg sd sdn smp smpn sma sman smk smkn".split())
#: Words in a row that are held against fingerprints.
_LONGEST_MARKED: Final = 4
#: Shorter ones are found by chance.
_SHORTEST_NUMBER: Final = 8


class Traces:
    """What tells of one person, or of one family: names, numbers, an address with a number in it.

    A name is told by two of its words that stand together, or by the only word that it has, written as a name is and
    no place's (`places`: their names); with `parts`, by one of its words behind *Ibu* or *Pak* too. Titles and *bin*
    count for nothing. `typed`: the name is what somebody wrote in a form, so that a place of that name, a street or a
    school called after somebody does not tell of her.
    """

    def __init__(
        self,
        names: Iterable[str],
        *,
        numbers: Iterable[str] = (),
        addresses: Iterable[str] = (),
        places: Iterable[str] = (),
        parts: bool = True,
        typed: bool = False,
    ) -> None:
        self._typed = typed
        self._whole: set[tuple[str, ...]] = set()
        self._parts: set[str] = set()
        for name in names:
            whole, words = word_sequences(name)
            self._whole |= whole
            self._parts |= words if parts else set()
        for address in addresses:
            words_ = tuple(flat(word) for word in WORD.findall(address))
            if len(words_) > 1 and any(each.isdigit() for word in words_ for each in word):
                self._whole.add(tuple(word for word in words_ if word not in TITLES and word not in PATRONYM))
        numbers = list(numbers)
        called = [tuple(flat(word) for word in WORD.findall(name)) for name in places]
        self._places = {word for words in called for word in words}
        self._place_names = {words for words in called if len(words) > 1}
        self._numbers = {found for number in numbers if len(found := _national(number)) >= _SHORTEST_NUMBER}
        self._mails = {number.strip().casefold() for number in numbers if "@" in number}
        self._longest = max((len(words) for words in self._whole), default=0)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self._whole or self._numbers or self._mails)

    @cached_property
    def _quick(self) -> re.Pattern[str]:
        """One word of every name and address: where none of them stands, none of those does. Most texts name nobody."""
        words = {max(words, key=len) for words in self._whole} | self._parts | self._mails
        return re.compile("|".join(re.escape(word) for word in sorted(words)) or "(?!)")

    def without(self, text: str) -> str:
        """The text with GONE where she stood; the same text where she does not."""
        spans = [*self._of_numbers(text)] if self._numbers else []
        if not self._quick.search(flat(text)):
            return _cut(text, spans)
        left = _cut(text, [*spans, *self._of_words(text), *self._of_mails(text)])
        apart = SEAM.sub(" ", left)
        # Words written as one, as names of files are: no part of such a text can be kept.
        return GONE if apart != left and any(self._of_words(apart)) else left

    def without_in(self, value: Any) -> Any:
        """The same of a text, or of every text within lists and objects, their keys too."""
        if isinstance(value, str):
            return self.without(value)
        if isinstance(value, list):
            return [self.without_in(each) for each in value]
        if isinstance(value, dict):
            named = {self.without(key): each for key, each in value.items()}
            return {key: each if key in _OFFICERS else self.without_in(each) for key, each in named.items()}
        return value

    def _of_words(self, text: str) -> Iterator[tuple[int, int]]:
        every = [(found.start(), found.end(), flat(found.group())) for found in WORD.finditer(text)]
        told = [word for word in every if word[2] not in TITLES and word[2] not in PATRONYM]
        nobodys = self._nobodys(text, every) if self._typed else set()
        for at, (start, end, word) in enumerate(told):
            alone = len(told) == 1 or (text[start].isupper() and word not in self._places)
            if (word,) in self._whole and alone and start not in nobodys:
                yield start, end
            for size in range(2, min(self._longest, len(told) - at) + 1):
                found = told[at : at + size]
                if tuple(each[2] for each in found) in self._whole and not nobodys.issuperset(e[0] for e in found):
                    yield start, found[-1][1]
        for before, (start, end, word) in pairwise(every):
            if before[2] in TITLES and (word in self._parts or (word,) in self._whole):
                yield start, end

    def _nobodys(self, text: str, every: Sequence[tuple[int, int, str]]) -> set[int]:
        """Where words begin that are a place's name, or those of a name directly behind *Jalan* or *SMP*."""
        found: set[int] = set()
        words = [word for _start, _end, word in every]
        starts = [start for start, _end, _word in every]
        longest = max(map(len, self._place_names), default=0)
        for at, word in enumerate(words):
            if word in _CALLED_AFTER and at + 1 < len(words) and text[every[at][1] : starts[at + 1]] in {" ", ". "}:
                sizes = (
                    size for size in range(1, self._longest + 1) if tuple(words[at + 1 : at + 1 + size]) in self._whole
                )
                found.update(starts[at + 1 : at + 1 + max(sizes, default=0)])
            if at and words[at - 1] in TITLES:
                continue
            for size in range(2, longest + 1):
                if tuple(words[at : at + size]) in self._place_names:
                    found.update(starts[at : at + size])
        return found

    def _of_numbers(self, text: str) -> Iterator[tuple[int, int]]:
        for found in _NUMBER.finditer(text):
            if self._is_hers(digits(found.group())):
                yield found.span()

    def _is_hers(self, number: str) -> bool:
        return any(each in number for each in self._numbers)

    def _of_mails(self, text: str) -> Iterator[tuple[int, int]]:
        for mail in self._mails:
            yield from (found.span() for found in re.finditer(re.escape(mail), text, re.IGNORECASE))

    def marks(self, city: str, secret: SearchHashes) -> dict[str, Any]:
        """Fingerprints of all that is looked for: they tell nothing without the server's key. For `MarkedTraces`."""
        return {
            "city": city,
            "typed": self._typed,
            "words": sorted(_mark(secret, "words", words) for words in self._whole),
            "parts": sorted(_mark(secret, "part", (word,)) for word in self._parts),
            "numbers": sorted(_mark(secret, "number", (number,)) for number in self._numbers),
        }


def _mark(secret: SearchHashes, kind: str, words: tuple[str, ...]) -> str:
    return hmac.new(_trace_key(secret.secret, kind), " ".join(words).encode(), hashlib.sha256).hexdigest()[:32]


@lru_cache(maxsize=8)
def _trace_key(secret: bytes, kind: str) -> bytes:
    return sealing.derive(secret, f"trace {kind}")


class _Marked:
    """A set of words of which only fingerprints are known."""

    def __init__(self, secret: SearchHashes, kind: str, marks: Iterable[str]) -> None:
        self._secret, self._kind, self._marks = secret, kind, frozenset(marks)
        self._seen: dict[tuple[str, ...], bool] = {}

    def __contains__(self, said: object) -> bool:
        words = said if isinstance(said, tuple) else (str(said),)
        if words not in self._seen:
            self._seen[words] = _mark(self._secret, self._kind, words) in self._marks
        return self._seen[words]


class MarkedTraces(Traces):
    """The same of somebody whose name nobody here knows any more: every text is read against her fingerprints.

    For a restored backup, where a minute does not matter. Mail addresses are not found.
    """

    def __init__(self, marks: Mapping[str, Any], secret: SearchHashes, places: Iterable[str] = ()) -> None:
        super().__init__([], places=places, typed=bool(marks.get("typed")))
        self._whole = _Marked(secret, "words", marks.get("words", ()))  # type: ignore[assignment]
        self._parts = _Marked(secret, "part", marks.get("parts", ()))  # type: ignore[assignment]
        self._own = _Marked(secret, "number", marks.get("numbers", ()))
        self._numbers = set(marks.get("numbers", ()))
        self._longest = _LONGEST_MARKED
        self._known = bool(marks.get("words") or self._numbers)

    @property
    def empty(self) -> bool:
        """Whether the register knows nothing to look for: a line of an earlier version."""
        return not self._known

    @cached_property
    def _quick(self) -> re.Pattern[str]:
        return re.compile("")

    def _is_hers(self, number: str) -> bool:
        return (_national(number),) in self._own


def _national(number: str) -> str:
    """The digits that stand in every way of writing it: of a telephone those behind 0 or 62."""
    found = digits(number)
    return found if len(found) >= len("3672051234567890") else phone_digits(found).removeprefix("62")


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    if not spans:
        return text
    left, last = [], 0
    for start, end in sorted(spans):
        if end <= last:
            continue
        left += [text[last:start], GONE] if start >= last else []
        last = end
    return "".join([*left, text[last:]])


def rows_of(model: type[Model], city: Place) -> Q:
    """The rows of that model in which words about somebody of that city may stand: its own, and its province's."""
    way = _WAY.get(model, _BY_YEAR)
    above = [city.code[:at] for at, letter in enumerate(city.code) if letter == "."]
    return Q(**{f"{way}__in": [city.code, *above]}) | Q(**{f"{way}__startswith": f"{city.code}."})


def place_names(city: Place) -> list[str]:
    """What places of that city are called: one word of those is nobody's name."""
    return list(Place.objects.filter(code__startswith=city.code).values_list("name", flat=True).distinct())


def traces_of_person(name: str, reach: str, city: Place) -> Traces:
    """What tells of somebody who is in no family, as she gave it with her request."""
    return Traces([name], numbers=[reach], places=place_names(city), typed=True)


def told_of(traces: Traces, city: Place, most: int) -> tuple[tuple[str, str], ...]:
    """(what it is, the text) of each text about that city that tells of her, the first `most`: for her to see."""
    titles = {table.label: table.title for table in data_map()}
    found: list[tuple[str, str]] = []
    for model, fields in TEXTS.items():
        rows = model._base_manager.filter(rows_of(model, city)).order_by("pk")
        for values in rows.values_list(*fields).iterator(chunk_size=2_000):
            told = [text for value in values for text in _texts(value) if traces.without(text) != text]
            found += [(titles[model._meta.label_lower], text) for text in told]
            if len(found) >= most:
                return tuple(found[:most])
    return tuple(found)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
