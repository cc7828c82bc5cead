"""Columns as questions: what each header of a file means for the survey and for the registry."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from selaras.errors import Problem
from selaras.odk.forms import Field, Form
from selaras.scoring.expressions.near import nearest

#: What the registry keeps of a family and of a person, and how files and surveys call it.
FAMILY: Mapping[str, tuple[str, ...]] = {
    "code": ("kode", "kode_keluarga", "kode_kk", "household_id", "id_keluarga", "nomor_keluarga", "no_keluarga"),
    "head_name": ("nama_kepala", "nama_kepala_keluarga", "kepala_keluarga", "nama_kk", "nama", "head_name"),
    "address": ("alamat", "alamat_rumah", "address"),
    "rw": ("rw", "no_rw", "nomor_rw"),
    "rt": ("rt", "no_rt", "nomor_rt"),
    "kk": ("kk", "no_kk", "nomor_kk", "nomor_kartu_keluarga", "no_kartu_keluarga"),
    "nik": ("nik", "nik_kepala", "nik_kepala_keluarga"),
    "phone": ("hp", "no_hp", "nomor_hp", "telepon", "no_telepon", "nomor_telepon", "phone", "wa", "no_wa"),
}
PERSON: Mapping[str, tuple[str, ...]] = {
    "code": FAMILY["code"],
    "kk": FAMILY["kk"],
    "name": ("nama", "nama_anggota", "nama_lengkap", "name"),
    "nik": ("nik", "nik_anggota", "no_nik"),
    "sex": ("jk", "jenis_kelamin", "kelamin", "sex"),
    "relation": ("hubungan", "hubungan_keluarga", "hubungan_dengan_kepala", "hubungan_kk", "relation"),
}
How = Literal["sure", "guessed", "ignored"]
_WIDE = re.compile(r"(?P<repeat>[a-z0-9]+(?:_[a-z0-9]+)*?)_(?P<index>[1-9][0-9]?)_(?P<field>[a-z0-9_]+)\Z")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a column goes. `field` of the survey and `item` of the registry may both be named, or neither.

    `index` is the 1-based member of a wide column (`anggota_2_nama`) of `repeat`; None in a table of its own.
    """

    field: str = ""
    item: str = ""
    repeat: str | None = None
    index: int | None = None
    how: How = "sure"

    @property
    def is_used(self) -> bool:
        return bool(self.field or self.item)

    @property
    def key(self) -> tuple[str, str, str, int]:
        """Equal for two columns that mean the same."""
        return (self.field, self.item if not self.field else "", self.repeat or "", self.index or 0)


@dataclass(frozen=True, slots=True)
class Columns:
    """The header of one table, understood. `targets` is as long as the header."""

    repeat: str | None
    targets: tuple[Target, ...]
    problems: tuple[Problem, ...]

    def of_item(self, item: str) -> int | None:
        """The column of a registry item of the family (or, in a table of members, of the member)."""
        return next((i for i, target in enumerate(self.targets) if target.item == item and not target.index), None)


def plain(text: str) -> str:
    """A header as a name: `Nama Kepala Keluarga *` -> `nama_kepala_keluarga`."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")


def repeat_of(form: Form, name: str) -> str | None:
    """The repeat that a sheet's name names, by its own name or a label (`anggota keluarga`)."""
    wanted = plain(name)
    for repeat in form.repeats.values():
        if wanted in {plain(repeat.name), *(plain(label) for label in repeat.labels.values())}:
            return repeat.name
    return None


def understand(
    header: Sequence[str],
    form: Form,
    *,
    repeat: str | None = None,
    chosen: Mapping[str, str] | None = None,
    where: Sequence[str] = (),
) -> Columns:
    """What each column means. `chosen` (header -> field, or '' to ignore) is what a person said; it wins.

    Looked for in this order: a name of the survey, also behind groups (`rumah/jamban`, `rumah-jamban`); a name of
    the registry; a label; a member's wide column; a name that is nearly it (said as a warning).
    """
    book = _Book(form, repeat)
    targets: list[Target] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str, str, int], int] = {}
    for index, text in enumerate(header):
        place = where[index] if index < len(where) else ""
        target = book.said(text, chosen or {}) or book.find(text)
        if target.is_used and seen.setdefault(target.key, index) != index:
            problems.append(Problem("import.column_twice", place, {"field": target.field or target.item}))
            target = Target(how="ignored")
        elif target.how == "guessed":
            values = {"header": text[:60], "field": target.field or target.item}
            problems.append(Problem("import.column_guessed", place, values, "warning"))
        elif text and not target.is_used:
            values = {"header": text[:60], "meant": book.nearest(text) or "lihat daftar kolom"}
            problems.append(Problem("import.column_ignored", place, values, "warning"))
        targets.append(target)
    return Columns(repeat, tuple(targets), tuple(problems))


class _Book:
    """Every name and label that a column of this table may carry."""

    def __init__(self, form: Form, repeat: str | None) -> None:
        self._form = form
        self._repeat = repeat
        self._items = PERSON if repeat else FAMILY
        fields = [field for field in form.fields.values() if field.repeat == repeat and field.kind != "other"]
        self._fields = {plain(field.name): field.name for field in fields}
        self._labels = _once((plain(label), field.name) for field in fields for label in field.labels.values())
        self._registry = {alias: item for item, aliases in self._items.items() for alias in aliases}
        self._repeats = {
            word: name
            for name, found in form.repeats.items()
            for word in {plain(name), *(plain(label) for label in found.labels.values())}
        }

    def said(self, text: str, chosen: Mapping[str, str]) -> Target | None:
        if text not in chosen:
            return None
        name = chosen[text]
        if not name:
            return Target(how="ignored")
        return self._named(plain(name)) or Target(how="ignored")

    def find(self, text: str) -> Target:
        word = plain(text)
        last = plain(re.split(r"[/\-:]", text)[-1])
        found = self._named(word) or self._wide(word) or self._named(last)
        if found is None and word in self._labels:
            found = self._named(plain(self._labels[word]))
        if found is not None or not word:
            return found or Target(how="ignored")
        near = self.nearest(text)
        guess = self._named(plain(near)) if near and len(word) > 3 else None
        if guess is None:
            return Target(how="ignored")
        return Target(guess.field, guess.item, guess.repeat, guess.index, "guessed")

    def nearest(self, text: str) -> str | None:
        return nearest(plain(text), [*self._fields, *self._registry])

    def _named(self, word: str) -> Target | None:
        field = self._fields.get(word, "")
        item = self._registry.get(word, "")
        return Target(field, item, self._repeat) if field or item else None

    def _wide(self, word: str) -> Target | None:
        match = _WIDE.match(word) if self._repeat is None else None
        repeat = self._repeats.get(match["repeat"]) if match else None
        if match is None or repeat is None:
            return None
        inside = _Book(self._form, repeat)._named(match["field"])
        if inside is None:
            return None
        return Target(inside.field, inside.item, repeat, int(match["index"]))


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Word -> name for the words that say one name only."""
    found: dict[str, set[str]] = {}
    for word, name in pairs:
        found.setdefault(word, set()).add(name)
    return {word: next(iter(names)) for word, names in found.items() if len(names) == 1}


def registry_fields(form: Form, repeat: str | None) -> dict[str, Field]:
    """Registry item -> the survey's own field for it, where it has one."""
    book = _Book(form, repeat)
    found: dict[str, Field] = {}
    for field in form.fields.values():
        target = book._named(plain(field.name)) if field.repeat == repeat else None
        if target is not None and target.item and target.field:
            found.setdefault(target.item, field)
    return found
