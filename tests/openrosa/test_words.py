"""docs/odk.md says which test holds a promise: each is one of this folder, of the field's actions, of the
page of what was sent, or of the soak."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
DOCUMENT = TESTS.parent / "docs" / "odk.md"


def test_every_test_that_the_document_names_is_there_and_every_quirk_has_one() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    places = ("openrosa/", "soak/", "actions/test_field_", "web/test_arrivals")
    files = [one for place in places for one in TESTS.glob(f"{place}*.py")]
    there = {name for path in files for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)}
    named = set(re.findall(r"`(test_\w+)`", text))
    quirks = re.findall(r"^\| (\d+) \|.*`test_\w+` \|$", text, re.M)

    assert named - there == set()
    assert quirks == [str(number) for number in range(1, 19)]
