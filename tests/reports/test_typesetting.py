"""Paper: what is data stays data, and fonts come with the package."""

from pathlib import Path

import pytest

from selaras.reports import typesetting
from selaras.reports.typesetting import typeset

TEMPLATE = """#set page(width: 200pt, height: auto, margin: 10pt)
#set text(font: "Plus Jakarta Sans")
#let d = json(bytes(sys.inputs.data))
#for line in d.lines [#line #parbreak()]
#if "logo.svg" in d.lines [#image("logo.svg", width: 10pt)]
#if d.lines.len() > 3 { pagebreak(); [dua] }
"""


@pytest.fixture
def one_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "weekly.typ").write_text(TEMPLATE)
    monkeypatch.setattr(typesetting, "TEMPLATES", tmp_path)


@pytest.mark.usefixtures("one_template")
def test_a_page_becomes_pdf_and_picture_and_the_picture_follows_the_dots() -> None:
    pdf = typeset("weekly", {"lines": ["Halo"]})
    small, large = (typeset("weekly", {"lines": ["Halo"]}, format="png", ppi=ppi) for ppi in (72, 144))
    width = [int.from_bytes(png[16:20], "big") for png in (small, large)]

    assert (pdf[:5], small[:8], width) == (b"%PDF-", b"\x89PNG\r\n\x1a\n", [200, 400])
    # Made in another second it is the same bytes: a template that names no date has none.
    assert b"CreationDate" not in pdf


@pytest.mark.usefixtures("one_template")
def test_what_looks_like_code_is_drawn_as_letters() -> None:
    code = '#panic("x") #read("/etc/passwd") $x$ *y* \\ <z> @a'
    plain = typeset("weekly", {"lines": ["a" * len(code)]}, format="png", ppi=72)

    assert typeset("weekly", {"lines": [code]}, format="png", ppi=72)[:8] == plain[:8]


@pytest.mark.usefixtures("one_template")
def test_files_are_loaded_by_name_and_a_picture_has_one_page() -> None:
    logo = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>'
    assert typeset("weekly", {"lines": ["logo.svg"]}, files={"logo.svg": logo})[:5] == b"%PDF-"

    with pytest.raises(TypeError, match="more than one page"):
        typeset("weekly", {"lines": ["1", "2", "3", "4"]}, format="png")
