"""docs/asvs.md names tests that exist, a reason where there is none, and each chapter of level 2."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINES = [line for line in (ROOT / "docs" / "asvs.md").read_text().splitlines() if re.match(r"\| \d", line)]
_NAMED = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def there(file: str, test: str) -> bool:
    path = ROOT / "tests" / file
    return path.is_file() and f"\ndef {test}(" in path.read_text()


def test_every_test_that_the_list_names_is_there() -> None:
    named = {found for line in LINES for found in _NAMED.findall(line)}

    assert [f"{file}::{test}" for file, test in sorted(named) if not there(file, test)] == []
    assert len(named) > 40


def test_every_line_has_a_test_or_a_reason_and_no_chapter_is_left_out() -> None:
    bare = [line for line in LINES if not _NAMED.search(line) and "reason: " not in line]
    chapters = {int(number) for line in LINES for number in re.findall(r"(\d+)\.\d+\.\d+", line.split("|")[1])}

    assert bare == []
    assert chapters == set(range(1, 15))
