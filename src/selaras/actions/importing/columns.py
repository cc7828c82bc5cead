"""Columns as questions: what each title of a sheet means for the survey and for the registry."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from selaras.actions.importing.names import NUMBERING, OURS, tokens
from selaras.errors import Problem
from selaras.odk.forms import Field, Form
from selaras.odk.registry import FAMILY, PERSON, plain
from selaras.scoring.expressions.near import nearest

#: `sure` by its name or label, `said` for this file, `remembered` of an earlier file, `guessed`, or `ignored`.
How = Literal["sure", "said", "remembered", "guessed", "ignored"]
_WIDE = re.compile(r"(?P<repeat>[a-z0-9]+(?:_[a-z0-9]+)*?)_(?P<index>[1-9][0-9]?)_(?P<field>[a-z0-9_]+)\Z")
_SAID_WIDE = re.compile(r"(?P<repeat>[^.]+)\.(?P<index>[1-9][0-9]?)\.(?P<field>[^.]+)\Z")
_BRACKETED = re.compile(r"\[([^\[\]]+)\]\s*\*?\Z")
_AGAIN = re.compile(r" \([0-9]+\)\Z")
#: How much of its words a title must share with a label to be guessed.
ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Target:
    """Where a column goes. `field` of the survey and `item` of the registry may both be named, or neither.

    `index` is the 1-based member of a wide column (`anggota_2_nama`) of `repeat`; None in a table of its own. `asked`
    where a person should say what it is. A `soft` one gives way to another column of the same meaning: `Ibu / Nama`.
    """

    field: str = ""
    item: str = ""
    repeat: str | None = None
    index: int | None = None
    how: How = "sure"
    asked: bool = False
    soft: bool = False

    @property
    def is_used(self) -> bool:
        return bool(self.field or self.item)

    @property
    def key(self) -> tuple[str, str, str, int]:
        """Equal for two columns that mean the same."""
        return (self.field, self.item if not self.field else "", self.repeat or "", self.index or 0)

    @property
    def name(self) -> str:
        """As `chosen` and memories say it: `jamban`, `kk`, `member.2.nama`, '' where it is ignored."""
        name = self.field or self.item
        return f"{self.repeat}.{self.index}.{name}" if self.repeat and self.index else name


@dataclass(frozen=True, slots=True)
class Columns:
    """The titles of one table, understood. `targets` is as long as its header."""

    repeat: str | None
    targets: tuple[Target, ...]
    problems: tuple[Problem, ...]

    def of_item(self, item: str) -> int | None:
        """The column of a registry item of the family (or, in a table of members, of the member)."""
        return next((i for i, target in enumerate(self.targets) if target.item == item and not target.index), None)


def repeat_of(form: Form, name: str) -> str | None:
    """The repeat that a sheet's name names, by its own name or a label: `anggota keluarga`, `Data Anggota 2024`."""
    wanted = plain(name)
    words = {
        repeat.name: {plain(repeat.name), *(plain(label) for label in repeat.labels.values())}
        for repeat in form.repeats.values()
    }
    exact = next((repeat for repeat, said in words.items() if wanted in said), None)
    if exact is not None or not wanted:
        return exact
    # The first word of its label says it: nobody calls the families' sheet "anggota".
    firsts = {
        repeat.name: plain(repeat.labels.get(form.default_language, repeat.name)).partition("_")[0]
        for repeat in form.repeats.values()
    }
    return next((repeat for repeat, word in firsts.items() if word in wanted.split("_")), None)


def understand(
    header: Sequence[str],
    form: Form,
    *,
    repeat: str | None = None,
    chosen: Mapping[str, str] | None = None,
    memory: Mapping[str, str] | None = None,
    where: Sequence[str] = (),
) -> Columns:
    """What each column means. `chosen` (title, or `@` and its 0-based place -> name, '' to ignore) wins, then `memory`.

    Looked for in this order: a name of the survey, also behind groups (`rumah/jamban`) or in brackets; a name of the
    registry; a label; a member's wide column; a name or label that is nearly it (said as a warning).
    """
    book = Book(form, repeat)
    targets: list[Target] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str, str, int], int] = {}
    for index, text in enumerate(header):
        place = where[index] if index < len(where) else ""
        target = book.target(index, text, chosen or {}, memory or {})
        if target.is_used and seen.setdefault(target.key, index) != index:
            if not target.soft:
                problems.append(Problem("import.column_twice", place, {"field": target.field or target.item}))
            target = Target(how="ignored", asked=target.soft)
        if target.how == "guessed":
            values = {"header": text[:60], "field": target.field or target.item}
            problems.append(Problem("import.column_guessed", place, values, "warning"))
        elif target.asked:
            values = {"header": text[:60], "meant": book.nearest(text) or "lihat daftar kolom"}
            problems.append(Problem("import.column_ignored", place, values, "warning"))
        targets.append(target)
    return Columns(repeat, tuple(targets), tuple(problems))


class Book:
    """Every name and label that a column of this table may carry. Made once for a table: guessing is not cheap."""

    def __init__(self, form: Form, repeat: str | None) -> None:
        self._form = form
        self._repeat = repeat
        self._items = PERSON if repeat else FAMILY
        fields = [field for field in form.fields.values() if field.repeat == repeat and field.kind != "other"]
        self._fields = {plain(field.name): field.name for field in fields}
        self._labels = _once((plain(label), field.name) for field in fields for label in field.labels.values())
        self._registry = {alias: item for item, aliases in self._items.items() for alias in (*aliases, item)}
        self._words = [
            (field.name, words)
            for field in fields
            for words in (tokens(field.name), *(tokens(label) for label in field.labels.values()))
            if words
        ]
        self._repeats = {
            word: name
            for name, found in form.repeats.items()
            for word in {plain(name), *(plain(label) for label in found.labels.values())}
        }

    def target(self, index: int, text: str, chosen: Mapping[str, str], memory: Mapping[str, str]) -> Target:
        """What is said of this column, else what was said of its like, else what it seems to be."""
        said = chosen.get(f"@{index}", chosen.get(text) if text else None)
        if said is not None:
            return replace(self.named(said) or Target(how="ignored"), how="said" if said else "ignored")
        remembered = memory.get(plain(text)) if text else None
        if remembered is not None:
            found = self.named(remembered)
            return replace(found, how="remembered") if found else Target(how="ignored")
        return self.find(text)

    def named(self, name: str) -> Target | None:
        """The target that `Target.name` names; None for '' and for what is not there."""
        wide = _SAID_WIDE.match(name)
        if wide is not None and wide["repeat"] in self._form.repeats and self._repeat is None:
            inside = Book(self._form, wide["repeat"])._named(plain(wide["field"]))
            return replace(inside, index=int(wide["index"])) if inside else None
        return self._named(plain(name)) if name else None

    def knows(self, text: str) -> bool:
        """Whether a title is known for sure."""
        return self._certain(text) is not None

    def find(self, text: str) -> Target:
        """What a title says by itself."""
        word = plain(text)
        if not word or word in NUMBERING or word in OURS:
            return Target(how="ignored")
        found = self._certain(text)
        if found is not None:
            return found
        last = text.rpartition(" / ")[2]
        found = self._certain(last) or self._named(plain(re.split(r"[/\-:]", text)[-1]))
        if found is not None:
            return replace(found, soft=last != text)
        guess = self._alike(text) or self._alike(last)
        if guess is None:
            return Target(how="ignored", asked=True)
        return replace(guess, how="guessed", asked=True, soft=True)

    def nearest(self, text: str) -> str | None:
        """The name that a title most nearly spells."""
        return nearest(plain(text), [*self._fields, *self._registry])

    def _certain(self, text: str) -> Target | None:
        bare = _AGAIN.sub("", text)
        bracketed = _BRACKETED.search(bare)
        if bracketed and (found := self._named(plain(bracketed[1]))):
            return found
        for word in dict.fromkeys((plain(bare), plain(re.sub(r"\([^()]*\)", " ", bare)))):
            found = self._named(word) or self._wide(word) or self._labelled(word)
            if found is not None:
                return found
        return None

    def _labelled(self, word: str) -> Target | None:
        return self._named(plain(self._labels[word])) if word in self._labels else None

    def _alike(self, text: str) -> Target | None:
        near = self.nearest(text) if len(plain(text)) > 3 else None
        if near:
            return self._named(plain(near))
        words = tokens(text)
        if not words:
            return None
        name, share = max(
            ((name, _overlap(words, said)) for name, said in self._words), key=lambda one: one[1], default=("", 0.0)
        )
        return self._named(plain(name)) if share >= ALIKE else None

    def _named(self, word: str) -> Target | None:
        field = self._fields.get(word, "")
        item = self._registry.get(word, "")
        return Target(field, item, self._repeat) if field or item else None

    def _wide(self, word: str) -> Target | None:
        match = _WIDE.match(word) if self._repeat is None else None
        repeat = self._repeats.get(match["repeat"]) if match else None
        if match is None or repeat is None:
            return None
        inside = Book(self._form, repeat)._named(match["field"])
        return replace(inside, index=int(match["index"])) if inside else None


def _overlap(words: frozenset[str], said: frozenset[str]) -> float:
    """How much two titles share: of the words of the shorter one, a single word never being enough."""
    common = len(words & said)
    if common < 2 and words != said:
        return 0.0
    return (common / len(words) + common / len(said)) / 2


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Word -> name for the words that say one name only."""
    found: dict[str, set[str]] = {}
    for word, name in pairs:
        found.setdefault(word, set()).add(name)
    return {word: next(iter(names)) for word, names in found.items() if len(names) == 1}


def registry_fields(form: Form, repeat: str | None) -> dict[str, Field]:
    """Registry item -> the survey's own field for it, where it has one."""
    book = Book(form, repeat)
    found: dict[str, Field] = {}
    for field in form.fields.values():
        target = book.named(field.name) if field.repeat == repeat else None
        if target is not None and target.item and target.field:
            found.setdefault(target.item, field)
    return found
