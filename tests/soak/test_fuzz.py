"""Files as no office would send them: an import or a workbook answers in words, in bounded memory, and shows nothing.

N scales the number of files.
"""

import csv
import io
import os
import random
import resource
from pathlib import Path

import pytest

from selaras.models import BatchState, Household, ImportBatch, ImportRow, JobState
from selaras.queries.imports import import_page
from selaras.reports.indicators import _inert
from selaras.scoring.workbook import read_workbook
from tests.build_programme import HEADER, Programme, families_file, family, programme, receive
from tests.web.cast import secretary

FILES = 25 * int(os.environ.get("N", "1"))
SHIPPED = sorted(Path("instruments").glob("*/*/workbook.xlsx"))
#: GiB that one process may come to hold, whatever it is given.
MEMORY = 2
CELLS: list[object] = ["=1+1", "=cmd|'/C calc'!A0", "+62", "-1", "@SUM(A1)", "1e308", "-1e308", "NaN", "inf", "9" * 60]
CELLS += ["\u202eGD-001", "🧕🏽", "a\tb", "x" * 40_000, " ", "31/02/2024", "12:61", "leher_angsa cemplung", 1e308, -0.0]
CELLS += [True, "0" * 16, "36720" * 3 + "1", "kode", "\ufeff", "\x0b", "a\nb", "&#0;", "<x>", None]


def table(chance: random.Random) -> list[list[object]]:
    """Families with some cells replaced, rows cut, doubled or missing."""
    rows: list[list[object]] = [list(family(f"GD-{n:03}", 3, "cemplung", 2000)) for n in range(1, 8)]
    for _ in range(chance.randint(1, 6)):
        row = chance.choice(rows)
        row[chance.randrange(len(row))] = chance.choice(CELLS)
    if chance.random() < 0.3:
        rows.append(chance.choice(rows))
    if chance.random() < 0.2:
        rows[chance.randrange(len(rows))] = [chance.choice(CELLS) for _ in range(chance.randint(0, 30))]
    return rows


def as_csv(chance: random.Random) -> bytes:
    text = io.StringIO()
    header = list(HEADER) if chance.random() < 0.8 else [chance.choice(CELLS) for _ in HEADER]
    csv.writer(text, delimiter=chance.choice(",;\t")).writerows([header, *table(chance)])
    content = text.getvalue().encode(chance.choice(["utf-8", "utf-8-sig", "utf-16"]), "replace")
    return content.replace(b"cemplung", chance.choice([b"cemplung", b"\0", b"\xff\xfe", b'"']), 1)


def as_xlsx(chance: random.Random) -> bytes:
    cells = [[str(cell)[:32_000] if isinstance(cell, str) else cell for cell in row] for row in table(chance)]
    return families_file(cells)  # type: ignore[arg-type]


def damaged(chance: random.Random, content: bytes) -> bytes:
    """Cut short, with bits turned, or glued to itself."""
    what, whole = chance.random(), bytearray(content)
    if what < 0.4:
        return content[: chance.randrange(len(content))]
    if what < 0.8:
        for _ in range(chance.randint(1, 8)):
            whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        return bytes(whole)
    return content + content


def judged(of: Programme, content: bytes, filename: str) -> ImportBatch:
    """The import of these bytes after its check: an answer in words, and nothing of it visible."""
    batch = ImportBatch.objects.select_related("job").get(uuid=receive(of, content, filename=filename))
    assert batch.job is not None
    assert (batch.job.state, batch.state) == (JobState.DONE, BatchState.CHECKED)
    assert Household.objects.count() == 0
    if not ImportRow.objects.filter(batch=batch).exists():
        assert batch.summary["errors"] > 0
    return batch


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_any_upload_is_answered_in_words_and_shows_nothing(kind: str) -> None:
    of, chance = programme(), random.Random(kind)
    who = secretary(of)
    for _ in range(FILES):
        content = as_csv(chance) if kind == "csv" else as_xlsx(chance)
        if chance.random() < 0.5:
            content = damaged(chance, content)
        name = f"keluarga.{chance.choice([kind, kind, kind, 'csv', 'xlsx'])}"
        batch = judged(of, content, name)
        page = import_page(who, of.cycle.slug, of.lokus.area, batch.uuid)
        assert page.state in {"ready", "refused"}
        assert [problem for problem in page.problems if not (problem.message and problem.remedy)] == []


@pytest.mark.django_db
def test_ten_thousand_columns_and_a_bomb_of_rows_are_refused_in_bounded_memory() -> None:
    of = programme()
    wide = (",".join(["kode", *(f"k{n}" for n in range(10_000))]) + "\nGD-001\n").encode()
    long = b"kode,nama kepala\n" + b"GD-001,x\n" * 210_000
    for content in (wide, long):
        assert judged(of, content, "keluarga.csv").summary["errors"] > 0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MEMORY * 1024 * 1024


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.parent.name)
def test_a_damaged_shipped_workbook_is_read_or_refused_in_words(path: Path) -> None:
    chance, whole = random.Random(path.name), path.read_bytes()
    for _ in range(max(FILES // 5, 3)):
        reading = read_workbook(damaged(chance, whole), name=path.name)
        assert [problem for problem in reading.problems if not (problem.message and problem.remedy)] == []
        assert not (reading.errors and reading.instrument)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MEMORY * 1024 * 1024


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_of_ours_runs_as_a_formula_in_a_spreadsheet(start: str) -> None:
    assert _inert(f"{start}1+1") == f"'{start}1+1"
    assert _inert(-1) == "-1"
