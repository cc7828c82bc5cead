"""What one XML part of a workbook holds: how far its cells reach, and which of them are formulas or errors."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

#: A sheet whose box is at most this large, or mostly full, need not be walked cell by cell to be judged.
SMALL = 1_000_000
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})\Z")
#: How every program writes a cell; one written otherwise sends the part to the thorough walk.
_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"(?: s="[0-9]{1,6}")?(?: t="[a-zA-Z]{1,9}")?/?>')
_ROW = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})"')
_SHARED = re.compile(rb' t="s"><v>([0-9]{1,8})</v>')
_CELL_STARTS = (b"<c ", b"<c>", b"<c/", b"<c\n", b"<c\r", b"<c\t")
_STRING = re.compile(rb"<si[\s/>]")
_PREFIXED = re.compile(rb":(?:c|v|f|si|row|mergeCell)[\s/>]")
_NOTABLE = (b"<!", b"&#", b"<f>", b"<f ", b"<f/", b"<mergeCell ", b' t="e"')


@dataclass(slots=True)
class Walked:
    """What the walk saw in one part: the corners of its cells, formulas, error values and merged ranges."""

    rows: int = 0
    columns: int = 0
    formulas: list[str] = field(default_factory=list)
    empty_formulas: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)  # indexes into the shared strings, one a cell that uses them
    lengths: list[int] = field(default_factory=list)  # of the shared strings, at most, where this part is that table


def column_letters(index: int) -> str:
    """0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """A -> 0, AA -> 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def walk(content: bytes) -> Walked:
    """Look over one well-formed part: by patterns where it is written as every program writes it, else by cell."""
    return _quick(content) or _Walk().read(content)


def _quick(content: bytes) -> Walked | None:
    """The same by patterns alone, ten times as fast; None where they could be deceived or something is notable.

    A well-formed part has `<` nowhere but in tags, comments, CDATA and instructions; without the last three a tag is
    a tag. Blank cells count as filled here, so a far one sends us to the walk too.
    """
    if any(mark in content for mark in _NOTABLE) or content.count(b"<?") > 1 or _PREFIXED.search(content):
        return None
    if _STRING.search(content):
        return Walked(lengths=[len(text) for text in _STRING.split(content)[1:]])
    letters = _COLUMN.findall(content)
    shared = [int(index) for index in _SHARED.findall(content)]
    if len(letters) != sum(map(content.count, _CELL_STARTS)) or len(shared) != content.count(b' t="s"'):
        return None
    columns = max((column_index(one.decode()) + 1 for one in set(letters)), default=0)
    rows = max(map(int, set(_ROW.findall(content))), default=0)
    if rows * columns > max(SMALL, 2 * len(letters)):
        return None
    return Walked(rows, columns, shared=shared)


class _Walk:
    """One pass of expat over one XML part. Knows no namespaces: local names are enough to count."""

    def __init__(self) -> None:
        self.seen = Walked()
        self._inside = ""
        self._row = 0
        self._column = -1
        self._cell_type = ""
        self._formula = False
        self._filled = False
        self._text: list[str] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._openers: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._open_row,
            "c": self._open_cell,
            "f": self._open_formula,
            "mergeCell": lambda attributes: self.seen.merged.append(attributes.get("ref", "")),
            "si": lambda _: self._text.clear(),
        }
        self._closers = {"c": self._close_cell, "v": self._close_value, "si": self._close_shared}

    def read(self, content: bytes) -> Walked:
        self._parser.Parse(content, True)
        return self.seen

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._inside = local = tag.rpartition(":")[2]
        opener = self._openers.get(local)
        if opener:
            opener(attributes)

    def _end(self, tag: str) -> None:
        self._inside = ""
        closer = self._closers.get(tag.rpartition(":")[2])
        if closer:
            closer()

    def _characters(self, text: str) -> None:
        if self._inside in ("v", "t"):
            self._text.append(text)
            self._filled = True

    def _open_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = int(number) if number.isdecimal() and len(number) <= 7 else self._row + 1
        self._column = -1

    def _open_cell(self, attributes: dict[str, str]) -> None:
        match = _ADDRESS.match(attributes.get("r", ""))
        if match:
            self._column, self._row = column_index(match[1]), int(match[2])
        else:
            self._column += 1
        self._cell_type = attributes.get("t", "")
        self._formula = self._filled = False
        self._text.clear()

    def _open_formula(self, _attributes: dict[str, str]) -> None:
        self._formula = True

    def _close_value(self) -> None:
        text = "".join(self._text)
        if self._cell_type == "s" and text.isdecimal() and len(text) <= 8:
            self.seen.shared.append(int(text))

    def _close_cell(self) -> None:
        seen = self.seen
        address = f"{column_letters(self._column)}{self._row}"
        if self._formula:
            (seen.formulas if self._filled else seen.empty_formulas).append(address)
        if self._cell_type == "e":
            seen.errors.append(address)
        if not self._filled:
            return
        seen.rows = max(seen.rows, self._row)
        seen.columns = max(seen.columns, self._column + 1)

    def _close_shared(self) -> None:
        self.seen.lengths.append(sum(map(len, self._text)))
        self._text.clear()
