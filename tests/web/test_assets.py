"""What browsers load: only what is used, unchanged since it was copied, in the tokens."""

import hashlib
import re
from pathlib import Path

from selaras.web import surroundings
from tests.web.samples import FRAME

ROOT = Path(__file__).parent.parent.parent
WEB = ROOT / "src" / "selaras" / "web"
STATIC = WEB / "static" / "selaras"
CSS = sorted(path.name for path in STATIC.glob("*.css") if path.name != "tokens.css")


def test_the_sprite_holds_exactly_the_icons_that_are_used() -> None:
    listed = set((ROOT / "tools" / "assets" / "icons.txt").read_text().split())
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    templates = "".join(path.read_text() for path in (WEB / "templates").rglob("*.html"))
    used = set(re.findall(r'\{% ikon "([\w-]+)" %\}', templates))
    menu = {entry.icon for entry in surroundings.menu(FRAME, "/")} | {"map-pin"}

    assert (listed, drawn) == (used | menu, listed)


def test_copied_files_are_as_they_were_copied() -> None:
    lines = (ROOT / "tools" / "assets" / "SHA256SUMS").read_text().splitlines()
    wrong = [
        name
        for sum_, name in (line.split("  ", 1) for line in lines)
        if hashlib.sha256((ROOT / name).read_bytes()).hexdigest() != sum_
    ]

    assert (len(lines), wrong) == (11, [])


def test_colours_are_written_in_one_file_only() -> None:
    """Black and white of print and of a QR code are no colours of ours."""
    written = {
        name: re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\([^)]*\)", re.sub(r"@media print \{.*", "", text, flags=re.DOTALL))
        for name, text in ((name, (STATIC / name).read_text()) for name in CSS)
    }

    assert {name: colours for name, colours in written.items() if colours} == {
        "field.css": ["#fff", "#000"],
        "meetings.css": ["#fff"],
        "pages.css": ["#fff"],
        "people.css": ["#fff", "#000"],
        "reactions.css": ["#fff"],
    }


def test_every_token_that_is_used_exists() -> None:
    tokens = set(re.findall(r"(--[\w-]+):", (STATIC / "tokens.css").read_text()))
    used = {token for name in CSS for token in re.findall(r"var\((--[\w-]+)", (STATIC / name).read_text())}

    assert used - tokens == set()


def test_every_class_in_a_template_has_a_style_or_a_reader() -> None:
    styles = "".join((STATIC / name).read_text() for name in CSS)
    templates = "".join(path.read_text() for path in (WEB / "templates").rglob("*.html"))
    plain = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", templates)
    classes = {name for value in re.findall(r'class="([^"]*)"', plain) for name in value.split()}

    assert sorted(name for name in classes if not re.search(rf"\.{re.escape(name)}\b", styles)) == []


def test_nothing_lies_on_the_words_of_a_page_but_a_phones_bar_and_a_passing_message() -> None:
    """What leaves a page at once stays in view by standing in its column, as wide as what goes by below it."""
    rules = "".join(re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(), flags=re.DOTALL) for name in CSS)
    fixed = {said.split("{")[0].strip() for said in rules.split("}") if "position: fixed" in said}
    assert fixed == {".bottombar", ".kabar"}


def test_a_phone_has_four_places_whatever_tasks_one_person_has() -> None:
    assert [entry.short for entry in surroundings.menu(FRAME, "/") if entry.short] == [
        "Jawab",
        "Ruang",
        "Rumah",
        "Lainnya",
    ]
