"""Every page in every state, as HTML: nothing inline, nothing unsaid, both languages."""

import re

import pytest
from django.template import Context, Template
from django.test import Client

from tests.web.gallery import PAGES

pytestmark = pytest.mark.urls("tests.web.gallery")
#: What a strict policy refuses, and what a template forgets.
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
_FORGOTTEN = re.compile(r"\{\{|\{%|>None<|None\s|&amp;amp;|&amp;lt;")


def html(name: str, language: str = "id") -> str:
    client = Client()
    client.cookies["django_language"] = language
    response = client.get(f"/contoh/{name}/")
    assert response.headers["Content-Language"] == language
    return response.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_inline_and_nothing_forgotten(name: str) -> None:
    text = html(name)

    assert (_INLINE.findall(text), _FORGOTTEN.findall(text)) == ([], [])


@pytest.mark.parametrize("name", PAGES)
def test_each_page_has_one_title_one_main_and_no_id_twice(name: str) -> None:
    text = html(name)
    ids = re.findall(r'\sid="([^"]+)"', text)

    assert (len(re.findall(r"<h1[ >]", text)), text.count("<main")) == (1, 1)
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    "name", [name for name in PAGES if "galat" not in name and name not in {"akun", "belum-ditugaskan"}]
)
def test_synthetic_data_wears_its_ribbon(name: str) -> None:
    assert html(name).count('class="ribbon"') == 1


@pytest.mark.parametrize("name", PAGES)
def test_english_is_marked_as_english(name: str) -> None:
    assert '<html lang="en">' in html(name, "en")


def test_a_year_has_no_thousands_separator() -> None:
    assert "2.024" not in html("tahun") + html("lokus")


def test_a_label_is_escaped_once_in_pictures_and_text() -> None:
    template = Template(
        "{% blocktranslate with a=label asvar text %}{{ a }}{% endblocktranslate %}<i title='{{ text }}'>"
    )
    assert template.render(Context({"label": "<P&A>"})) == "<i title='&lt;P&amp;A&gt;'>"


def test_the_server_error_page_needs_neither_user_nor_database() -> None:
    response = Client().get("/contoh/galat-500/")

    assert (response.status_code, "Ada gangguan di server" in response.content.decode()) == (500, True)
