"""Which rows of a sheet are its titles: below what is merged above them, joined where there are two, above the data."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from selaras.odk.grids import Area

#: Titles are looked for in the first filled rows.
LOOKED = 20
#: A NIK, a KK, a phone number: no title is like that.
DATA = re.compile(r"(?:[0-9][ .-]?){9,}")
_NUMBERED = re.compile(r"\(?([0-9]{1,3})\)?\.?\Z")

Row = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Header:
    """`titles` of every column; `first` and `last` row that they stand on; data begin below `above`.

    `certain` is how many of them were known without a guess.
    """

    titles: tuple[str, ...]
    first: int
    last: int
    above: int
    certain: int


def find_header(
    rows: Sequence[Row], merged: Sequence[Area], known: Callable[[str], bool], said: int | None = None
) -> Header | None:
    """The titles among the first filled rows of a sheet: where most columns are known, or the row that somebody `said`.

    None where there is no row at all, or `said` is none of them.
    """
    if not rows:
        return None
    counts = [sum(1 for text in cells if text and known(text)) for _, cells in rows]
    if said is not None:
        at = next((index for index, (number, _) in enumerate(rows) if number == said), None)
        if at is None:
            return None
    else:
        at = max(range(len(rows)), key=lambda index: (counts[index], -index))
        if not counts[at]:
            at = next((index for index, (_, cells) in enumerate(rows) if sum(map(bool, cells)) >= 3), 0)
    upper = at - 1 if at and _is_upper(rows[at - 1], rows[at], merged) else None
    lower = at + 1 if at + 1 < len(rows) and upper is None and _is_lower(rows[at], rows[at + 1], merged) else None
    stack = [rows[index] for index in (upper, at, lower) if index is not None]
    titles = _joined(stack, merged)
    last = stack[-1][0]
    following = rows[(lower or at) + 1] if (lower or at) + 1 < len(rows) else None
    above = following[0] if following is not None and _numbers_columns(following[1]) else last
    return Header(titles, stack[0][0], last, above, sum(1 for text in titles if text and known(text)))


def _is_upper(upper: Row, row: Row, merged: Sequence[Area]) -> bool:
    """Whether the row above names groups of these titles: two or more, each over a column here, not one long title."""
    if row[0] != upper[0] + 1 or sum(map(bool, upper[1])) < 2 or any(DATA.search(text) for text in upper[1]):
        return False
    spans = {area.left for area in merged if area.top == upper[0]}
    tall = {area.left for area in merged if area.top == upper[0] and area.bottom == row[0]}
    blank_below = any(text and not _at(row[1], index) for index, text in enumerate(upper[1]))
    wide = any(left in spans - tall for left, text in enumerate(upper[1]) if text)
    return blank_below or wide


def _is_lower(row: Row, lower: Row, merged: Sequence[Area]) -> bool:
    """Whether the row below parts some of these titles: it is filled under merged titles and blanks alone."""
    if lower[0] != row[0] + 1 or any(any(sign.isdigit() for sign in text) for text in lower[1]):
        return False
    wide = {
        column
        for area in merged
        if area.top == row[0] == area.bottom and area.right > area.left
        for column in range(area.left, area.right + 1)
    }
    wide |= _unmerged(row, lower, merged)
    filled = [index for index, text in enumerate(lower[1]) if text]
    return bool(filled) and all(index in wide or not _at(row[1], index) for index in filled)


def _unmerged(row: Row, lower: Row, merged: Sequence[Area]) -> set[int]:
    """Columns whose title seems to reach over the blank one at its right, where nothing says what is merged."""
    if any(area.top == row[0] for area in merged):
        return set()
    return {
        index
        for index, text in enumerate(row[1])
        if text and _at(lower[1], index) and not _at(row[1], index + 1) and _at(lower[1], index + 1)
    }


def _joined(stack: Sequence[Row], merged: Sequence[Area]) -> tuple[str, ...]:
    width = max(len(cells) for _, cells in stack)
    spread = [_spread(row, merged, width) for row in stack]
    if len(stack) == 2:
        for start in _unmerged(stack[0], stack[1], merged):
            column = start + 1
            while column < width and not spread[0][column] and spread[1][column]:
                spread[0][column] = spread[0][start]
                column += 1
    titles: list[str] = []
    seen: dict[str, int] = {}
    for index in range(width):
        parts = list(dict.fromkeys(" ".join(row[index].split()) for row in spread if row[index]))
        text = "" if any(DATA.search(part) for part in parts) else " / ".join(parts)
        if text:
            seen[text] = seen.get(text, 0) + 1
            text = text if seen[text] == 1 else f"{text} ({seen[text]})"
        titles.append(text)
    return tuple(titles)


def _spread(row: Row, merged: Sequence[Area], width: int) -> list[str]:
    """The cells of a row, what is merged sideways written over all its columns."""
    cells = [_at(row[1], index) for index in range(width)]
    for area in merged:
        if area.top == row[0] and area.right > area.left:
            for column in range(area.left, min(area.right, width - 1) + 1):
                cells[column] = cells[column] or _at(row[1], area.left)
    return cells


def _numbers_columns(cells: Sequence[str]) -> bool:
    """`1 2 3 4`, `(1) (2) (3)`: the row by which officials number their columns."""
    found = [_NUMBERED.match(text) for text in cells if text]
    numbers = [int(match[1]) for match in found if match]
    return len(numbers) == len(found) >= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _at(cells: Sequence[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""
