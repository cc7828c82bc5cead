"""Whatever the program can write into the audit trail has words on its page, in both languages."""

import ast
import re
from functools import cache
from pathlib import Path

from django.utils import translation

import selaras
from selaras.actions.jobs import KINDS
from selaras.errors import CATALOGUE
from selaras.web.audit_words import ACTIONS, SUBJECTS, TOPICS, action_words, choices

ROOT = Path(selaras.__file__).parent
_CODE = re.compile(r"[a-z]+\.[a-z_]+(?:\.[a-z_]+)?\Z")


@cache
def trees(folder: str) -> list[ast.AST]:
    """Every node of the modules under a folder: what records stands in `actions` and in the doors."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return [node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]


def words_in(node: ast.AST) -> set[str]:
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def recorded() -> set[str]:
    """What is handed to `record` itself, whatever its topic; the locked room, which knows no action, makes its own."""
    found: set[str] = set()
    for node in trees("actions") + trees("web") + trees("management") + trees("api") + trees("cases"):
        name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in {"record", "AuditEntry"}:
            found |= {
                word
                for keyword in node.keywords
                if keyword.arg == "action" and not isinstance(keyword.value, ast.JoinedStr)
                for word in words_in(keyword.value)
            }
    return found


def handed_on() -> set[str]:
    """What an action hands to a function of its own that records: codes of a known topic that mean nothing else."""
    known = {word for node in trees("actions") for word in words_in(node) if _CODE.match(word)}
    others = {*CATALOGUE, *KINDS} - set(ACTIONS)
    return {word for word in known - others if any(word.startswith(topic) for topic in TOPICS)}


def own_changes() -> set[str]:
    """What a person does to her own account: the doors name the second half alone, `_written` as its second."""
    found: set[str] = set()
    for node in trees("web"):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in {"own_change", "_written"}:
            said = [keyword.value for keyword in node.keywords if keyword.arg == "what"] + node.args[1:2]
            found |= {f"people.{word}" for value in said for word in words_in(value)}
    return found


def test_every_action_that_is_written_has_words() -> None:
    written = recorded() | handed_on() | own_changes()
    assert {"imports.publish", "targets.decide", "people.second_step_on"} <= written
    assert written - set(ACTIONS) == set()


def test_every_kind_of_thing_that_an_entry_is_about_has_words() -> None:
    named = {
        keyword.value.value
        for folder in ("actions", "web", "management", "api")
        for node in trees(folder)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "object_type" and isinstance(keyword.value, ast.Constant)
    }
    assert {"evidence", "dossier", "user"} <= named
    assert named - set(SUBJECTS) == set()


def test_every_action_with_words_can_still_be_written_or_was_once() -> None:
    # Entries of releases before keep their words.
    once: set[str] = set()
    assert set(ACTIONS) - (recorded() | handed_on() | own_changes()) == once


def test_each_word_is_english_in_english_and_stands_under_its_topic() -> None:
    with translation.override("id"):
        indonesian = {action: action_words(action) for action in ACTIONS}
    with translation.override("en"):
        english = {action: action_words(action) for action in ACTIONS}
        listed = {code for _, group in choices() for code, _ in group}
    assert [action for action in ACTIONS if english[action] == indonesian[action]] == []
    assert listed == {*ACTIONS, *TOPICS}
