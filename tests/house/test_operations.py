"""docs/operations.md names every setting and every command there is, and none that there is not."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "operations.md").read_text()


def test_every_setting_has_its_row_and_every_row_its_setting() -> None:
    read = re.findall(r'env_\w+\(\s*"(SELARAS_\w+)"', (ROOT / "src/selaras/settings.py").read_text())
    assert len(read) > 5
    assert set(re.findall(r"^\| `(SELARAS_\w+)` \|", TEXT, re.MULTILINE)) == set(read)


def test_every_command_is_named_and_every_name_is_a_command() -> None:
    folders = ("management", "cases/management")
    commands = {path.stem for each in folders for path in (ROOT / f"src/selaras/{each}/commands").glob("[a-z]*.py")}
    told = {word.replace("-", "_") for word in re.findall(r"`selaras ([a-z_-]+)", TEXT)}
    assert told == {command.replace("-", "_") for command in commands} | {"check", "score", "migrate"}
