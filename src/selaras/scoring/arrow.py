"""Arrow columns of Python values, laid out by hand.

`pyarrow.array` would do the same, but it loads pandas wherever pandas is installed: a third of a second that the
scoring of two hundred families need not wait for. The layout is Arrow's columnar format, version 1.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

from selaras.odk.forms import FieldKind
from selaras.scoring.numbers import PLACES

if TYPE_CHECKING:
    import pyarrow as pa

_EPOCH = date(1970, 1, 1).toordinal()
_SHIFT = Decimal(10) ** PLACES


def column_of(values: Sequence[object], kind: FieldKind) -> "pa.Array":
    """The canonical column of `answers.py` for a field of this kind; None is null.

    `values` are int for `integer`, Decimal for `decimal`, date for `date`, and str for every other kind.
    """
    import pyarrow as pa

    if kind == "integer":
        return _fixed(pa.int64(), [_int(value) for value in values], 8)
    if kind == "decimal":
        return _fixed(pa.decimal128(38, PLACES), [_scaled(value) for value in values], 16)
    if kind == "date":
        return _fixed(pa.date32(), [_days(value) for value in values], 4)
    return _strings(values)


def _int(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _scaled(value: object) -> int | None:
    return int(value * _SHIFT) if isinstance(value, Decimal) else None


def _days(value: object) -> int | None:
    return value.toordinal() - _EPOCH if isinstance(value, date) else None


def _fixed(kind: "pa.DataType", values: list[int | None], width: int) -> "pa.Array":
    import pyarrow as pa

    data = b"".join((value or 0).to_bytes(width, "little", signed=True) for value in values)
    known = _bitmap([value is not None for value in values])
    return pa.Array.from_buffers(kind, len(values), [pa.py_buffer(known), pa.py_buffer(data)])


def _strings(values: Sequence[object]) -> "pa.Array":
    import pyarrow as pa

    pieces = [value.encode() if isinstance(value, str) else b"" for value in values]
    offsets = b"".join(end.to_bytes(4, "little") for end in accumulate(map(len, pieces), initial=0))
    known = _bitmap([isinstance(value, str) for value in values])
    buffers = [pa.py_buffer(known), pa.py_buffer(offsets), pa.py_buffer(b"".join(pieces))]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def _bitmap(known: list[bool]) -> bytes:
    """One bit a value, the first in the lowest bit of the first byte."""
    octets = bytearray((len(known) + 7) // 8)
    for place, present in enumerate(known):
        octets[place >> 3] |= present << (place & 7)
    return bytes(octets)
