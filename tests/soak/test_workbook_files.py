"""Damaged workbooks: whatever happened to the bytes, the reader answers with problems and never falls over."""

import io
import os
import random
import zipfile

import pytest

from selaras.scoring.workbook import read_workbook
from tests.build_workbook import part, repacked
from tests.sample_workbook import sample

FILES = 100
ROUNDS = int(os.environ.get("N", "1"))
BASE = sample()
LETTERS = b'0123456789AZaz<>"/= s'


def flipped(chance: random.Random) -> bytes:
    """A few bytes of the file overwritten."""
    content = bytearray(BASE)
    for _ in range(chance.randint(1, 5)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content)


def rewritten(chance: random.Random) -> bytes:
    """A few places of one XML part overwritten, cut out or doubled, packed anew."""
    with zipfile.ZipFile(io.BytesIO(BASE)) as packed:
        names = [name for name in packed.namelist() if name.startswith("xl/")]
    name = chance.choice(names)
    text = bytearray(part(BASE, name))
    for _ in range(chance.randint(1, 4)):
        place, what = chance.randrange(len(text)), chance.random()
        if what < 0.5:
            text[place] = chance.choice(LETTERS)
        elif what < 0.8:
            del text[place : place + chance.randint(1, 20)]
        else:
            text[place:place] = text[chance.randrange(len(text)) :][:30]
    return repacked(BASE, {name: bytes(text)})


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_damaged_workbook_is_read_or_refused_in_words(seed: int) -> None:
    chance = random.Random(seed)
    outcomes = set()
    for _ in range(FILES):
        content = chance.choice((flipped, rewritten))(chance)
        reading = read_workbook(content, name="buku.xlsx")
        assert [str(problem) for problem in reading.problems if "; " not in str(problem)] == []
        assert not (reading.errors and reading.instrument)
        outcomes.add(bool(reading.errors))
    assert outcomes == {True, False}
