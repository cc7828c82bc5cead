"""What is kept, field by field: of whom, what for, on which legal basis, how long, and who sees it.

One TOML file a topic, named like the module of its models; what other packages bring stands in `outside.toml`. Another
app of ours keeps its own files in a folder of the same name and is found through Django's registry. A field that no
file names, or a name that no model has, fails a test. Source: UU 27/2022 art. 20 (bases), 31 (record of processing).
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.db import models


class FieldClass(StrEnum):
    """How near a field is to a person; from the farthest to the nearest."""

    #: About no person.
    GENERAL = "general"
    #: Says nothing alone, and leads to a row about a person: ids, moments, counters.
    CODE = "code"
    #: A fingerprint under a key of the server: finds a value, and does not show it.
    HASH = "hash"
    #: Personal, sealed under a key that erasure destroys.
    SEALED = "sealed"
    #: Personal, readable in the database.
    PERSONAL = "personal"
    #: As the instrument's own sheet `privacy` says, question by question; `kesehatan` among them.
    SURVEY = "survey"


#: Whom a table is about, on which basis, and how long: the words for them are the page's.
ABOUT: Final = frozenset({"family", "officer", "guest", "nobody"})
BASES: Final = frozenset({"task", "law", "consent", "security", "none"})
RETENTIONS: Final = frozenset(
    {
        *("family", "score", "archive", "chain", "account", "session", "request", "technical"),
        *("day", "draft", "upload", "import", "unclaimed", "reaction", "owner_row", "sealed_with", "ticket", "room"),
    }
)
#: Beside the roles: whoever the row is of. Nobody at all is an empty list: only the machine reads it.
OWNER: Final = "owner"
_KEYS: Final = frozenset({"title", "about", "purpose", "basis", "retention", "seen"})


@dataclass(frozen=True, slots=True)
class Table:
    """One model: `fields` are its columns (and ties to many) with their class, in the model's order."""

    label: str
    topic: str
    title: str
    about: str
    purpose: str
    basis: str
    retention: str
    seen: tuple[str, ...]
    fields: tuple[tuple[str, FieldClass], ...]

    @property
    def is_personal(self) -> bool:
        """Whether any of its fields says something about a person."""
        return any(kind not in {FieldClass.GENERAL, FieldClass.CODE} for _, kind in self.fields)


@lru_cache(maxsize=1)
def data_map() -> tuple[Table, ...]:
    """Every table by topic. Raises ValueError where a file says what it may not: it is code, and tested as such."""
    found = [table for topic, folder in _files() for table in _tables(topic, folder)]
    return tuple(sorted(found, key=lambda table: (table.topic == "outside", table.topic)))


def unmapped() -> frozenset[str]:
    """`selaras.household.nickname` for each field of a registered model that no file names."""
    return _stored() - _named()


def unknown() -> frozenset[str]:
    """The same for each name in a file that no model has."""
    return _named() - _stored()


def _named() -> frozenset[str]:
    return frozenset(f"{table.label}.{name}" for table in data_map() for name, _ in table.fields)


def _stored() -> frozenset[str]:
    every = apps.get_models(include_auto_created=True)
    return frozenset(f"{model._meta.label_lower}.{name}" for model in every for name in _fields_of(model))


def _fields_of(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.get_fields() if getattr(field, "concrete", False)]


def _files() -> list[tuple[str, Path]]:
    """(app label, file) of every app that keeps a map: ours beside this module, another's in its own folder."""
    found = [("selaras", path) for path in sorted(Path(__file__).parent.glob("*.toml"))]
    for config in apps.get_app_configs():
        found += [(config.label, path) for path in sorted((Path(config.path) / "data_map").glob("*.toml"))]
    return found


def _tables(app: str, path: Path) -> list[Table]:
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return [_table(name if "." in name else f"{app}.{name}", path.stem, said) for name, said in read.items()]


def _table(label: str, topic: str, said: dict[str, Any]) -> Table:
    closed = (("about", ABOUT), ("basis", BASES), ("retention", RETENTIONS))
    wrong = [f"{name}={said[name]}" for name, allowed in closed if said[name] not in allowed]
    kinds = [key for key in said if key not in _KEYS]
    fields = [(name, FieldClass(kind)) for kind in kinds for name in said[kind]]
    twice = {name for name, _ in fields if [one for one, _ in fields].count(name) > 1}
    if wrong or twice:
        raise ValueError(f"{topic}.toml, {label}: {', '.join([*wrong, *sorted(twice)])}")
    order = {name: place for place, name in enumerate(_order(label))}
    fields.sort(key=lambda field: order.get(field[0], len(order)))
    given = {key: said[key] for key in ("title", "about", "purpose", "basis", "retention")}
    return Table(label=label.lower(), topic=topic, seen=tuple(said["seen"]), fields=tuple(fields), **given)


def _order(label: str) -> list[str]:
    try:
        return _fields_of(apps.get_model(label))
    except LookupError:
        return []
