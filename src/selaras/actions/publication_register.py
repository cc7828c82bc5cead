"""What was published of reports and hand-overs, kept beside the media: a backup that is restored must not forget it.

What is out is in everybody's files. A server that forgot it would publish the same period again, with other counts, and
the difference tells. Each publication becomes a line with all that it said, which is public, each rule of a year and
each period that was kept back too; `replay` brings back those that an older backup does not know.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Model

from selaras.access import Actor
from selaras.actions import audit
from selaras.actions.registers import Register
from selaras.models import Publication, PublicationRule, Unpublished

_NAMES: dict[type[Model], str] = {Publication: "publication", PublicationRule: "rule", Unpublished: "kept_back"}
#: What of a row is written down: never who.
_FIELDS: dict[type[Model], tuple[str, ...]] = {
    Publication: (
        "uuid", "kind", "place_code", "year", "number", "period", "part", "source", "as_of", "women_source", "women",
        "threshold", "cells", "published_at",
    ),
    PublicationRule: ("place_code", "year", "threshold", "every", "set_at"),
    Unpublished: ("place_code", "year", "period", "reason", "at"),
}  # fmt: skip
_ACTIONS: dict[type[Model], str] = {
    Publication: "recaps.publish",
    PublicationRule: "recaps.set_rule",
    Unpublished: "recaps.keep_back",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A publication, a rule of a year or a period that was kept back: `what`, and its fields as JSON says them."""

    what: str
    said: dict[str, Any]

    @property
    def key(self) -> tuple[object, ...]:
        """Of two lines with the same key the later counts."""
        return (self.what, *(self.said.get(name) for name in ("uuid", "place_code", "year", "period")))


def _line(said: Any) -> Line:
    line = Line(**said)
    wanted = {name for model, called in _NAMES.items() if called == line.what for name in _FIELDS[model]}
    if not wanted or set(line.said) != wanted:
        raise ValueError(line.what)
    return line


REGISTER: Final = Register("publications.jsonl", _line)


def note(row: Publication | PublicationRule | Unpublished) -> None:
    """Add what the row says to the register, once the caller's transaction has committed."""
    REGISTER.note(_said(row))


def complete(_now: datetime) -> int:
    """Add what the register lacks: what came out before there was one, or while nothing could be written; how many.
    Called hourly."""
    known = {line.key: line for line in REGISTER.known()}
    rows = [row for model in _NAMES for row in model._default_manager.order_by("pk")]
    lines = [line for line in map(_said, rows) if known.get(line.key) != line]
    REGISTER.add(lines)
    return len(lines)


def _said(row: Model) -> Line:
    said = {name: getattr(row, name) for name in _FIELDS[type(row)]}
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
    return Line(_NAMES[type(row)], json.loads(json.dumps(said, default=str)))


def replay(*, by: Actor, lines: Iterable[Line]) -> int:
    """Bring back what an older backup does not know to be out, decided or fixed; how many."""
    last = {line.key: line for line in lines}
    return sum(_brought(by, line) for line in last.values())


def _brought(by: Actor, line: Line) -> bool:
    model = next(each for each, called in _NAMES.items() if called == line.what)
    by_key = (
        ("uuid",) if model is Publication else ("place_code", "year", *(["period"] if model is Unpublished else []))
    )
    with transaction.atomic():
        given = {name: line.said[name] for name in by_key}
        row, made = model._default_manager.get_or_create(**given, defaults=line.said)
        if isinstance(row, Publication) and row.kind != line.said["kind"]:
            # The backup is from before another took its place.
            made = bool(model._default_manager.filter(pk=row.pk).update(kind=line.said["kind"]))
        if isinstance(row, PublicationRule) and not made:
            made = (row.threshold, row.every) != (line.said["threshold"], line.said["every"])
            model._default_manager.filter(pk=row.pk).update(threshold=line.said["threshold"], every=line.said["every"])
        if made:
            audit.record(
                by=by,
                action=_ACTIONS[model],
                object_type="publication",
                object_id=line.said.get("uuid", line.said["year"]),
                place_code=line.said["place_code"],
                year=line.said["year"],
                via="restore",
            )
    return made
