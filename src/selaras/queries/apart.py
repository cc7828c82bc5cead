"""What is kept apart of a single family: answers of health, and all that would tell them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from selaras.access import Actor, may_see_health
from selaras.models import InstrumentVersion, Lokus
from selaras.queries.rules import (
    fields_of,
    health_fields,
    health_indicators,
    instrument_of,
    read_published,
)
from selaras.scoring.instrument import Instrument
from selaras.scoring.sql.fields import used_fields

_NAMES = re.compile(r"\$\{\s*([^}\s]+)\s*\}")


@dataclass(frozen=True, slots=True)
class Apart:
    """Names of indicators and questions that this person is not shown of a single family; `classes`: no class either.

    A question that is asked only after an answer of health tells that answer, so it is kept apart with it.
    """

    indicators: frozenset[str]
    fields: frozenset[str]
    classes: bool


def apart_from(user: Actor, lokus: Lokus, version: InstrumentVersion) -> Apart:
    """What this person is not shown of one family of that lokus: all health but what names an agency of hers."""
    instrument = instrument_of(version)
    health = health_indicators(version)
    hers = {name for name in health if may_see_health(user, lokus, instrument.indicators[name].agency)}
    own = {field for name in hers for field in fields_of(version, name)}
    where = version.workbook.sha256, f"{version.instrument}-{version.version}.xlsx"
    asked = health_fields(version)
    return Apart(frozenset(health - hers), _telling(*where, asked - own), _classed(*where))


def fields_telling(version: InstrumentVersion, fields: frozenset[str]) -> frozenset[str]:
    """Those questions, and all that tell an answer of theirs."""
    return _telling(version.workbook.sha256, f"{version.instrument}-{version.version}.xlsx", fields)


@lru_cache(maxsize=128)
def _telling(sha256: str, name: str, apart: frozenset[str]) -> frozenset[str]:
    """Those questions, and all that tell an answer of theirs by being asked or counted from it."""
    instrument = read_published(sha256, name)
    telling, before = set(apart), -1
    while before != len(telling):
        before = len(telling)
        telling |= {name for name in instrument.form.fields if _reads(instrument, name) & telling}
    return frozenset(telling)


@lru_cache(maxsize=32)
def _classed(sha256: str, name: str) -> bool:
    """Whether a family's class reads an answer of health."""
    instrument = read_published(sha256, name)
    health = {field for field, row in instrument.privacy.items() if row.privacy_class == "kesehatan"}
    return bool(set(used_fields(replace(instrument, indicators={}))) & health)


def _reads(instrument: Instrument, name: str) -> set[str]:
    field = instrument.form.fields[name]
    texts = [text for text, _cell in field.relevants] + [field.calculation]
    if field.repeat is not None:
        texts += [text for text, _cell in instrument.form.repeats[field.repeat].relevants]
    return {found for text in texts for found in _NAMES.findall(text)}
