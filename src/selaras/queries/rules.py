"""Published instruments, read once for each process: their content never changes."""

from __future__ import annotations

from functools import lru_cache

from selaras.errors import InputError
from selaras.models import InstrumentVersion
from selaras.models.files import path_of
from selaras.scoring.instrument import Instrument
from selaras.scoring.workbook import read_workbook


def instrument_of(version: InstrumentVersion) -> Instrument:
    """The instrument of a published version. `version.workbook` costs a query where it was not selected."""
    return _read(version.workbook.sha256, f"{version.instrument}-{version.version}.xlsx")


@lru_cache(maxsize=32)
def _read(sha256: str, name: str) -> Instrument:
    # It was checked as a whole when it was published; without pyxform it loads in a fraction of the time.
    reading = read_workbook(path_of(sha256).read_bytes(), name=name, xform=False)
    if reading.instrument is None:
        raise InputError(reading.errors)
    return reading.instrument
