"""The quick look over a sheet and the thorough walk must agree; the quick one may only ask for more care."""

import io
import zipfile

import openpyxl
import pytest

from selaras.odk.walk import Walked, _quick, _Walk, walk
from tests.build_workbook import part, workbook
from tests.sample_workbook import sample


def saved_by_openpyxl(content: bytes) -> bytes:
    buffer = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(content)).save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("content", [sample(), saved_by_openpyxl(sample())], ids=["xlsxwriter", "openpyxl"])
def test_quick_and_thorough_agree_on_every_sheet_of_the_sample(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = [name for name in packed.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(names) == 10
    for name in names:
        assert _quick(part(content, name)) == _Walk().read(part(content, name))


def test_the_quick_length_of_a_text_is_never_too_short() -> None:
    strings = part(sample(), "xl/sharedStrings.xml")
    quick, exact = _quick(strings), _Walk().read(strings)
    assert quick is not None
    assert len(quick.lengths) == len(exact.lengths) > 100
    assert all(at_most >= length for at_most, length in zip(quick.lengths, exact.lengths, strict=True))


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1"><f>1+1</f><v>2</v></c>',
        '<c r="A1" t="e"><v>#REF!</v></c>',
        "<c><v>1</v></c>",
        '<c t="s" r="A1"><v>0</v></c>',
        "<c r='A1'><v>1</v></c>",
        '<c r="A&#49;"><v>1</v></c>',
        '<x:c xmlns:x="y" r="A1"><v>1</v></x:c>',
        '<c r="A1"><v>1</v></c><!-- <c r="A2"> -->',
        '<c r="A1"><v>1</v></c><?x <c r="A2">?>',
        '<c r="A1"><v>1</v></c><c r="XFD100000"/>',
    ],
)
def test_whatever_is_not_written_as_usual_is_walked(cell: str) -> None:
    content = f'<?xml version="1.0"?><worksheet><sheetData><row>{cell}</row></sheetData></worksheet>'.encode()
    assert _quick(content) is None
    seen = walk(content)
    assert (seen.rows, seen.columns) in {(1, 1), (0, 1)}


def test_far_blank_cells_do_not_count() -> None:
    content = b'<w><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row></w>'
    assert walk(content) == Walked(rows=1, columns=1)


def test_numbers_alone_have_no_shared_texts() -> None:
    content = part(workbook({"x": [[1, 2], [3]]}), "xl/worksheets/sheet1.xml")
    assert walk(content) == Walked(rows=2, columns=2)
