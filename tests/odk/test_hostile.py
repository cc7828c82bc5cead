"""Files made to hurt the reader: each gets one clear line, within 1 GiB of address space and 60 s of processor."""

# ruff: noqa: E501  (XML is written as it is sent)

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.build_workbook import part, repacked, workbook
from tests.sample_workbook import changed, sample

SHEET = "xl/worksheets/sheet1.xml"
GIB = 1024**3
READ = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({GIB}, {GIB}))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from pathlib import Path
from selaras.scoring.workbook import read_workbook
reading = read_workbook(Path(sys.argv[1]))
assert reading.instrument is None
for problem in reading.errors[:3]:
    print(problem.code, problem)
"""
BASE = workbook({"survey": [["type", "name", "label"], ["integer", "umur", "Umur"]]})


def read(file: Path) -> list[str]:
    """What the reader says, in a process of its own with little memory and time."""
    command = [sys.executable, "-c", READ, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.splitlines()


def told(tmp_path: Path, content: bytes) -> list[str]:
    """What the reader says of these bytes as `buku.xlsx`."""
    file = tmp_path / "buku.xlsx"
    file.write_bytes(content)
    return read(file)


def sheet_xml(cells: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def zip_bomb() -> bytes:
    """200 MB of one sheet in 200 kB of file."""
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>' + "x" * 200_000_000 + "</t></is></c></row>"
    return repacked(BASE, {SHEET: sheet_xml(row)})


def many_rows() -> bytes:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 250_000))
    return repacked(BASE, {SHEET: sheet_xml(rows)})


def far_cells() -> bytes:
    """Two cells: a dense table between them would have 17 thousand million."""
    return repacked(
        BASE,
        {
            SHEET: sheet_xml(
                '<row r="1"><c r="A1"><v>1</v></c></row><row r="199999"><c r="BXX199999"><v>1</v></c></row>'
            )
        },
    )


def far_column() -> bytes:
    return repacked(BASE, {SHEET: sheet_xml('<row r="1"><c r="A1"><v>1</v></c><c r="NTP1"><v>1</v></c></row>')})


def lying_header() -> bytes:
    """The directory says 10 bytes; the stream inflates to 100 MB."""
    body = sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>' + "y" * 100_000_000 + "</t></is></c></row>")
    content = bytearray(repacked(BASE, {SHEET: body}))
    size = len(body).to_bytes(4, "little")
    while (found := content.find(size)) >= 0:
        content[found : found + 4] = (10).to_bytes(4, "little")
    return bytes(content)


def repeated_text() -> bytes:
    """One long shared text, used by many cells: 1 MB × 20,000."""
    return shared_text(f"<si><t>{'z' * 1_000_000}</t></si>", 't="s"><v>0</v>', 20_000)


def entities() -> bytes:
    """A thousand million laughs."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">{levels}]><w>&l9;</w>'
    return repacked(BASE, {SHEET: text.encode()})


def outside_entity() -> bytes:
    text = '<!DOCTYPE w SYSTEM "file:///etc/passwd"><w/>'
    return repacked(BASE, {"xl/styles.xml": text.encode()})


def utf16() -> bytes:
    return repacked(BASE, {SHEET: sheet_xml("").decode().encode("utf-16")})


def other_encoding() -> bytes:
    return repacked(BASE, {SHEET: b'<?xml version="1.0" encoding="utf-7"?>' + sheet_xml("")})


def macros() -> bytes:
    return repacked(BASE, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def macro_type() -> bytes:
    types = part(BASE, "[Content_Types].xml").replace(b"spreadsheetml.sheet.main", b"spreadsheetml.macroEnabled.main")
    types = types.replace(b"openxmlformats-officedocument.spreadsheetml.macroEnabled", b"ms-excel.sheet.macroEnabled")
    return repacked(BASE, {"[Content_Types].xml": types})


def overlapping() -> bytes:
    """Many names for one stream: the directory repeats a single large part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<workbook/>")
        for number in range(200):
            packed.writestr(f"xl/media/{number}.png", b"\0" * 1_000_000)
    return buffer.getvalue()


def encrypted_entry() -> bytes:
    content = bytearray(BASE)
    for sign, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = 0
        while (start := content.find(sign, start)) >= 0:
            content[start + offset] |= 1
            start += 4
    return bytes(content)


def old_format() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000


def locked() -> bytes:
    return old_format() + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100


def doubled_part() -> bytes:
    buffer = io.BytesIO(BASE)
    with zipfile.ZipFile(buffer, "a") as packed, pytest.warns(UserWarning, match="Duplicate name"):
        packed.writestr(SHEET, sheet_xml(""))
    return buffer.getvalue()


def truncated() -> bytes:
    return BASE[: len(BASE) // 2]


def broken_stream() -> bytes:
    """A part whose compressed bytes were damaged on the way."""
    return BASE[:200] + b"\xff" * 40 + BASE[240:]


def prefixed_far_cells() -> bytes:
    """The two far cells again, under a namespace prefix."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    far = '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><x:row r="199999"><x:c r="BXX199999"><x:v>1</x:v></x:c></x:row>'
    text = f'<x:worksheet xmlns:x="{space}"><x:sheetData>{far}</x:sheetData></x:worksheet>'
    return repacked(BASE, {SHEET: text.encode()})


def decoy_addresses() -> bytes:
    """Cells whose true address stands behind a false one in another attribute."""
    far = (
        """<row r="1"><c r="A1"><v>1</v></c></row><row r="199999"><c a='<c r="B2"' r = 'BXX199999'><v>1</v></c></row>"""
    )
    return repacked(BASE, {SHEET: sheet_xml(far.replace("'<c", "'&lt;c"))})


def cells_without_address() -> bytes:
    return repacked(BASE, {SHEET: sheet_xml("<row>" + "<c><v>1</v></c>" * 10_000 + "</row>")})


def shared_text(strings: str, cell: str, count: int) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rows = "".join(f'<row r="{n}"><c r="A{n}" {cell}</c></row>' for n in range(1, count + 1))
    parts = {"xl/sharedStrings.xml": f'<sst xmlns="{space}">{strings}</sst>'.encode(), SHEET: sheet_xml(rows)}
    return repacked(BASE, dict(parts))


def repeated_text_by_another_spelling() -> bytes:
    return shared_text(f"<si><t>{'z' * 1_000_000}</t></si>", 't="&#115;"><v>0</v>', 20_000)


def repeated_text_behind_decoys() -> bytes:
    """Strings in CDATA look like many short ones; the long one is the second all the same."""
    decoys = f"<si><t><![CDATA[{'<si><t>a</t></si>' * 1_000}]]></t></si>"
    return shared_text(f"{decoys}<si><t>{'z' * 1_000_000}</t></si>", 't="s"><v>1</v>', 20_000)


def unfinished_xml() -> bytes:
    return repacked(BASE, {SHEET: sheet_xml("<row>")})


def text_file() -> bytes:
    return b"type,name,label\n"


HOSTILE: list[tuple[Callable[[], bytes], str]] = [
    (zip_bomb, "file.bomb"),
    (lying_header, "file.not_xlsx"),
    (repeated_text, "file.bomb"),
    (overlapping, "file.bomb"),
    (many_rows, "file.rows"),
    (far_cells, "file.cells"),
    (far_column, "file.columns"),
    (entities, "file.dtd"),
    (outside_entity, "file.dtd"),
    (utf16, "file.broken_xml"),
    (other_encoding, "file.broken_xml"),
    (prefixed_far_cells, "file.cells"),
    (decoy_addresses, "file.cells"),
    (cells_without_address, "file.columns"),
    (repeated_text_by_another_spelling, "file.bomb"),
    (repeated_text_behind_decoys, "file.bomb"),
    (unfinished_xml, "file.broken_xml"),
    (macros, "file.macros"),
    (macro_type, "file.macros"),
    (encrypted_entry, "file.encrypted"),
    (locked, "file.encrypted"),
    (old_format, "file.old_format"),
    (doubled_part, "file.not_xlsx"),
    (truncated, "file.not_xlsx"),
    (broken_stream, "file.not_xlsx"),
    (text_file, "file.not_xlsx"),
]
#: Told by tests of their own, below.
ELSEWHERE = {"file.too_big", "file.unreadable", "file.absent"}


@pytest.mark.parametrize(("made", "code"), HOSTILE, ids=[made.__name__ for made, _ in HOSTILE])
def test_a_hostile_file_gets_one_clear_line(tmp_path: Path, made: Callable[[], bytes], code: str) -> None:
    lines = told(tmp_path, made())
    assert [line.split(" ")[0] for line in lines] == [code]
    assert "; " in lines[0]


def test_a_file_past_64_mib_is_not_even_opened(tmp_path: Path) -> None:
    file = tmp_path / "besar.xlsx"
    with file.open("wb") as sparse:
        sparse.truncate(200 * 1024 * 1024)
    remedy = "pecah menjadi beberapa berkas atau buang gambar di dalamnya"
    assert read(file) == [f"file.too_big berkas besar.xlsx lebih dari 64 MiB; {remedy}"]


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert read(tmp_path / "x.xlsx") == ["file.absent berkas x.xlsx tidak ada; periksa nama dan foldernya"]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    line = f"file.unreadable berkas {tmp_path.name} tidak dapat dibaca; simpan ulang sebagai .xlsx lalu coba lagi"
    assert read(tmp_path) == [line]


@pytest.mark.parametrize(("name", "code"), [("buku.xls", "file.old_format"), ("BUKU.XLSM", "file.macros")])
def test_a_name_of_another_format_is_refused_whatever_is_inside(tmp_path: Path, name: str, code: str) -> None:
    file = tmp_path / name
    file.write_bytes(sample())
    assert [line.split(" ")[0] for line in read(file)] == [code]


def test_expressions_that_nest_without_end_are_refused(tmp_path: Path) -> None:
    nested = "(" * 3_900 + "1" + ")" * 3_900
    endless = "(" * 32_000
    cells = [("indicators", "I2", nested), ("survey", "D5", nested), ("survey", "E2", endless)]
    lines = told(tmp_path, changed(*cells))
    assert [line.split(" ")[:2] for line in lines] == [
        ["expression.too_long", "survey!E2:"],
        ["expression.too_deep", "survey!D5:"],
        ["expression.too_deep", "indicators!I2:"],
    ]


def test_a_chain_and_a_circle_of_thousands_end(tmp_path: Path) -> None:
    chain = [
        ["name", "over", "expression"],
        *([f"k{n}", "", f"${{k{n + 1}}} + 1"] for n in range(2_500)),
        ["k2500", "", "${k0}"],
    ]
    lines = told(tmp_path, sample(calculations=chain))
    assert [line.split(" ")[0] for line in lines] == ["workbook.too_many", "calculation.circle", "calculation.circle"]
