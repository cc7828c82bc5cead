"""Every page in every state, as HTML: nothing inline, nothing unsaid, both languages."""

import re
from collections.abc import Iterator

import pytest
from django.template import Context, Template
from django.template.base import VariableNode
from django.test import Client, override_settings

from tests.web.gallery import PAGES
from tests.web.scripted import WITH_A_SCRIPT

#: What a strict policy refuses, and what a template forgets.
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
#: Attributes whose numbers are for eyes and ears.
_READ_BY_PEOPLE = {"aria-label", "title", "alt", "placeholder", "content", "data-label"}
_FORGOTTEN = re.compile(r"\{\{|\{%|>None<|None\s|&amp;amp;|&amp;lt;")


@pytest.fixture(scope="module", autouse=True)
def gallery() -> Iterator[Client]:
    """One for all: whoever changes the addresses has them all read anew."""
    with override_settings(ROOT_URLCONF="tests.web.gallery"):
        yield Client()


def html(gallery: Client, name: str, language: str = "id") -> str:
    gallery.cookies["django_language"] = language
    response = gallery.get(f"/contoh/{name}/")
    assert response.headers["Content-Language"] == language
    return response.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_inline_and_nothing_forgotten_there_is_one_title_one_main_and_no_id_twice(
    gallery: Client, name: str
) -> None:
    """Made-up data wears its ribbon."""
    text = html(gallery, name)
    ids = re.findall(r'\sid="([^"]+)"', text)

    assert (_INLINE.findall(text), _FORGOTTEN.findall(text)) == ([], [])
    assert (len(re.findall(r"<h1[ >]", text)), text.count("<main")) == (1, 1)
    assert text.count("<script") == (name in WITH_A_SCRIPT)
    assert sorted(ids) == sorted(set(ids))
    if "galat" not in name and name not in {"akun", "belum-ditugaskan"}:
        assert text.count('class="ribbon"') == 1


@pytest.mark.parametrize("name", PAGES)
def test_english_is_marked_as_english(gallery: Client, name: str) -> None:
    assert '<html lang="en">' in html(gallery, name, "en")


def test_a_year_has_no_thousands_separator(gallery: Client) -> None:
    assert "2.024" not in html(gallery, "tahun") + html(gallery, "lokus")


def test_no_machine_reads_a_number_with_dots(gallery: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The thousandth row of a table would send "1.000" as its own, and whoever reads it finds nothing."""
    written = VariableNode.render

    def marked(self: VariableNode, context: Context) -> str:
        number = type(self.filter_expression.resolve(context)) is int
        return f"⸱{self.filter_expression}⸱" if number else written(self, context)

    monkeypatch.setattr(VariableNode, "render", marked)
    pages = {name: html(gallery, name) for name in PAGES}
    tags = {(name, tag) for name, text in pages.items() for tag in re.findall(r"<[a-z][^>]*⸱[^>]*>", text)}
    read = {(name, attr, said) for name, tag in tags for attr, said in re.findall(r'\s([\w:-]+)="([^"]*⸱[^"]*)"', tag)}

    assert [each for each in sorted(read) if each[1] not in _READ_BY_PEOPLE] == []
    assert sum(">⸱" in text for text in pages.values()) > 10


def test_a_label_is_escaped_once_in_pictures_and_text() -> None:
    template = Template(
        "{% blocktranslate with a=label asvar text %}{{ a }}{% endblocktranslate %}<i title='{{ text }}'>"
    )
    assert template.render(Context({"label": "<P&A>"})) == "<i title='&lt;P&amp;A&gt;'>"


def test_the_server_error_page_needs_neither_user_nor_database(gallery: Client) -> None:
    response = gallery.get("/contoh/galat-500/")

    assert (response.status_code, "Ada gangguan di server" in response.content.decode()) == (500, True)
