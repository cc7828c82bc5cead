"""A sample of any page: each field of a dataclass filled by its type and name, so that a test names what matters only.

Texts are long where a screen must bear it. The same call gives the same sample.
"""

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from selaras.queries.refs import CycleRef, InstrumentRef, LokusRef
from tests.web import samples

_WORDS = {
    "code": "GD-001",
    "area": "RW 01",
    "rt": "02",
    "rw": "01",
    "url": "https://selaras.example/opd/" + "t" * 43 + "/",
    "email": "ratna@example.org",
    "short_name": "DP3AP2KB",
    "agency": "DP3AP2KB",
    "name": "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana",
    "title": "Pembangunan jamban sehat bagi keluarga yang punya balita",
    "person": "Raden Ayu Siti Nurhasanah Kusumawardhani",
    "unit": "unit",
    "head": "9f3c71ab" * 8,
}
_Of = TypeVar("_Of")
_TEXT = "Balai warga Gedong Dalem"
_KNOWN: dict[Any, Any] = {CycleRef: samples.CYCLE, LokusRef: samples.GEDONG, InstrumentRef: samples.INSTRUMENT}
_PLAIN: dict[Any, Any] = {
    int: 12,
    float: 0.5,
    bool: True,
    bytes: b"",
    Decimal: Decimal("1250.5"),
    date: date(2024, 4, 25),
    datetime: datetime(2024, 4, 25, 2, 0, tzinfo=UTC),
    UUID: UUID(int=1),
    object: "sesuatu",
    Any: "sesuatu",
}

#: The fields that tell rows apart, and what they say in the second of two.
_KEYS = frozenset({"id", "pk", "number", "row", "position", "index", "column", "key", "uuid", "code", "area", "prefix"})
_APART: dict[Any, Any] = {int: 13, str: "GD-002", UUID: UUID(int=3)}


def some(kind: type[_Of], **given: Any) -> _Of:
    """A sample of that dataclass; `given` are the fields that matter."""
    hints = _hints(kind)
    filled = {each.name: _value(hints[each.name], each.name) for each in fields(kind) if each.init}  # type: ignore[arg-type]
    return kind(**{**filled, **given})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, name: str) -> Any:
    origin, inside = get_origin(hint), get_args(hint)
    if hint is str:
        return _WORDS.get(name, _TEXT)
    for table in (_KNOWN, _PLAIN):
        if hint in table:
            return table[hint]
    if origin is Literal:
        return inside[0]
    if origin in {Union, types.UnionType}:
        return _value(next(each for each in inside if each is not type(None)), name)
    if origin is tuple and len(inside) == 2 and inside[1] is Ellipsis:
        return (_value(inside[0], name), _other(inside[0], name))
    if origin is tuple:
        return tuple(_value(each, name) for each in inside)
    if origin in {list, Sequence, Iterable}:
        return [_value(inside[0], name), _other(inside[0], name)]
    if origin in {set, frozenset}:
        return frozenset({_value(inside[0], name)})
    if origin in {dict, Mapping}:
        keys = get_args(inside[0]) if get_origin(inside[0]) is Literal else (_value(inside[0], name),)
        return {key: _value(inside[1], name) for key in keys}
    if is_dataclass(hint):
        return some(hint)  # type: ignore[arg-type]
    raise TypeError(f"{name}: no sample of {hint!r}")


def _other(hint: Any, name: str) -> Any:
    """The second of a list: what tells rows apart on a page differs."""
    if not is_dataclass(hint) or hint in _KNOWN:
        return _value(hint, name)
    hints = _hints(hint)  # type: ignore[arg-type]
    apart = {each.name: _APART[hints[each.name]] for each in fields(hint) if each.init and each.name in _KEYS
             and hints[each.name] in _APART}  # fmt: skip
    return some(hint, **apart)  # type: ignore[arg-type]
