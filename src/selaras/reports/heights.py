"""How tall a row of a workbook must be for text that is broken into lines.

Excel measures a row that names no height; LibreOffice trusts the workbook and shows one line of it, the rest cut.
"""

import textwrap
from collections.abc import Iterable

#: Points of one line, a spreadsheet's own.
LINE = 15.0
#: A spreadsheet's tallest row is 409.5 points.
_MOST_LINES = 27


def height_of(cells: Iterable[tuple[object, float]]) -> float | None:
    """Points for a row of (value, width of its column in signs); None where one line is enough. Only text is broken."""
    lines = max((_lines(value, width) for value, width in cells if isinstance(value, str)), default=1)
    return LINE * min(lines, _MOST_LINES) if lines > 1 else None


def _lines(text: str, width: float) -> int:
    # Capitals and bold are wider than the digit that the width of a column is measured in.
    room = max(int(width * 0.9), 1)
    return sum(max(len(textwrap.wrap(line, room)), 1) for line in text[:4_000].split("\n"))
