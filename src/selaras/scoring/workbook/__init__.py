"""A workbook of an official becomes an `Instrument`, or a list of everything that is wrong with it."""

from selaras.scoring.workbook.names import field_symbols
from selaras.scoring.workbook.read import Reading, read_workbook

__all__ = ["Reading", "field_symbols", "read_workbook"]
