"""Published instruments, read once for each process: their content never changes."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from selaras.errors import InputError
from selaras.models import InstrumentVersion
from selaras.models.files import path_of
from selaras.scoring.explain import lexicon_of
from selaras.scoring.expressions.words import Lexicon
from selaras.scoring.instrument import Instrument
from selaras.scoring.sql.fields import used_fields
from selaras.scoring.workbook import read_workbook


def instrument_of(version: InstrumentVersion) -> Instrument:
    """The instrument of a published version. `version.workbook` costs a query where it was not selected."""
    return read_published(version.workbook.sha256, f"{version.instrument}-{version.version}.xlsx")


@lru_cache(maxsize=32)
def read_published(sha256: str, name: str) -> Instrument:
    """The instrument in the stored file of that name; `name` stands for it in messages."""
    # It was checked as a whole when it was published; without pyxform it loads in a fraction of the time.
    reading = read_workbook(path_of(sha256).read_bytes(), name=name, xform=False, published=True)
    if reading.instrument is None:
        raise InputError(reading.errors)
    return reading.instrument


@lru_cache(maxsize=32)
def _facts_of(sha256: str, name: str) -> tuple[frozenset[str], dict[str, tuple[str, ...]], Lexicon]:
    instrument = read_published(sha256, name)
    fields: dict[str, tuple[str, ...]] = {}
    for indicator in instrument.indicators.values():
        alone = replace(instrument, indicators={indicator.name: indicator}, classes={})
        fields[indicator.name] = used_fields(alone)
    health = frozenset(
        name for name, used in fields.items() if any(_class_of(instrument, field) == "kesehatan" for field in used)
    )
    return health, fields, lexicon_of(instrument)


def _class_of(instrument: Instrument, field: str) -> str:
    row = instrument.privacy.get(field)
    return row.privacy_class if row else "pribadi"


def health_fields(version: InstrumentVersion) -> frozenset[str]:
    """The questions of class `kesehatan`: their answers are for the agency that an indicator names, and nobody else."""
    privacy = instrument_of(version).privacy
    return frozenset(name for name, row in privacy.items() if row.privacy_class == "kesehatan")


def health_indicators(version: InstrumentVersion) -> frozenset[str]:
    """The indicators that read an answer of class `kesehatan`, through calculations too."""
    return _facts_of(version.workbook.sha256, f"{version.instrument}-{version.version}.xlsx")[0]


def fields_of(version: InstrumentVersion, indicator: str) -> tuple[str, ...]:
    """The questions that decide an indicator, through calculations and `relevant` too, in the form's order."""
    return _facts_of(version.workbook.sha256, f"{version.instrument}-{version.version}.xlsx")[1][indicator]


def words_of(version: InstrumentVersion) -> Lexicon:
    """What fields, choices and repeats are called, in Indonesian."""
    return _facts_of(version.workbook.sha256, f"{version.instrument}-{version.version}.xlsx")[2]
