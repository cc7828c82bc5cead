"""locale/en holds every text that a page can say, and its compiled form says the same."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).parent.parent.parent / "src" / "selaras"
FOLDER = PACKAGE / "locale" / "en" / "LC_MESSAGES"
#: What templatize makes of a marked text.
_MARKED = re.compile(r"""\b(?:n?gettext|_)\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}
#: A module that calls none of them, by its text, need not be read as a program: that takes seconds.
_CALLING = re.compile(rf"\b(?:{'|'.join(sorted(_CALLS))}|pgettext)\s*\(")


def entries() -> dict[str, str]:
    """msgid → msgstr (of a plural the last) of django.po."""
    found = {}
    for block in (FOLDER / "django.po").read_text().split("\n\n")[1:]:
        lines = re.findall(r'^(?:msgid|msgstr(?:\[\d\])?) "(.*)"((?:\n".*")*)', block, re.MULTILINE)
        texts = [ast.literal_eval(f'"{first}"{rest}' if not rest else f'("{first}"{rest})') for first, rest in lines]
        found[texts[0]] = texts[-1]
    return found


def said() -> set[str]:
    """Every text that templates and modules mark for translation."""
    calls = [
        (node.func.id, node.args)
        for text in (path.read_text() for path in PACKAGE.rglob("*.py"))
        if _CALLING.search(text)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args
    ]
    texts = [args[0] for name, args in calls if name in _CALLS]
    # The first word of these says where the second stands.
    texts += [args[1] for name, args in calls if name == "pgettext"]
    found = {text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)}
    for path in [*PACKAGE.glob("*/templates/**/*.html"), *PACKAGE.glob("*/templates/**/*.txt")]:
        marked = templatize(path.read_text(), origin=str(path))
        found |= {ast.literal_eval(text) for text in _MARKED.findall(marked)}
    return found


def test_nothing_is_left_without_english_and_nothing_stale_is_kept() -> None:
    assert (sorted(said() - set(entries())), sorted(set(entries()) - said())) == ([], [])


def test_no_translation_is_empty_and_placeholders_and_marks_are_the_same() -> None:
    pieces = re.compile(r"%\(\w+\)s|</?b>")
    wrong = [
        msgid
        for msgid, english in entries().items()
        if not english or sorted(pieces.findall(msgid)) != sorted(pieces.findall(english))
    ]

    assert wrong == []


@pytest.mark.parametrize("msgid", ["Masuk", "Mengapa angka ini?", "DATA CONTOH (sintetis)"])
def test_the_compiled_catalogue_says_the_same(msgid: str) -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    assert compiled.gettext(msgid) == entries()[msgid]


def test_the_compiled_catalogue_is_of_this_source() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    stale = [
        msgid
        for msgid, english in entries().items()
        if english not in {compiled.gettext(msgid), compiled.ngettext(msgid, msgid, 2)}
    ]

    assert stale == []
