"""docs/offline.md says which test holds a promise: each is a test that there is."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
DOCUMENT = TESTS.parent / "docs" / "offline.md"
FILES = (
    *(f"web/{each.name}" for each in sorted((TESTS / "web").glob("test_sending*.py"))),
    *(f"web/test_{name}.py" for name in ("filling", "parcel_files")),
    "actions/test_field_closed.py",
    *(f"stories/{each.name}" for each in sorted((TESTS / "stories").glob("test_*.py"))),
)


def test_every_test_that_the_document_names_is_there_and_every_promise_has_one() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    there = {
        name
        for file in FILES
        for name in re.findall(r"^def (test_\w+)", (TESTS / file).read_text(encoding="utf-8"), re.M)
    }
    named = set(re.findall(r"`(test_\w+)`", text))
    promises = text.partition("## Promises")[2].partition("\n## ")[0]
    rows = [line for line in promises.splitlines() if line.startswith("| ") and "held by" not in line]

    assert named - there == set()
    assert [row for row in rows if "`test_" not in row] == []
