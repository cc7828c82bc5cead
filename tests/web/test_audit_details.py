"""What an entry notes besides who and what is said in words: nobody reads `tasks_ended: 2`."""

import ast
import inspect
import re
from pathlib import Path

from django.utils import translation

import selaras.actions
from selaras.actions.audit import record
from selaras.web.audit_details import DETAILS

FOLDER = Path(selaras.actions.__file__).parent
#: What `record` and those who call it for a topic take by name, besides details.
_TAKEN = {name for name, each in inspect.signature(record).parameters.items() if each.kind is not each.VAR_KEYWORD}


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", "") or getattr(node.func, "attr", "")


def noted() -> set[str]:
    """The name of every detail that an action hands over."""
    found = set()
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and re.fullmatch("record|_record[a-z_]*", _called(node)):
                found |= {each.arg for each in node.keywords if each.arg}
    return found - _TAKEN


def test_every_detail_of_an_entry_has_words_in_both_languages() -> None:
    assert noted() - set(DETAILS) == set()
    with translation.override("en"):
        english = {key: str(words) for key, words in DETAILS.items()}
    with translation.override("id"):
        assert {key for key, words in DETAILS.items() if str(words) == english[key]} == set()
