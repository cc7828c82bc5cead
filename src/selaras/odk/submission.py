"""A filled form as it comes from the field: its envelope, its entities, and its answers by the form's own names.

Sources: OpenRosa metadata (docs.getodk.org/openrosa-metadata), ODK entities specification 2024.1, ODK XForms.
Names are compared without their namespace: Collect writes `meta` in one or the other, a browser's form in none.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from selaras.odk.forms import Field, Form
from selaras.odk.safe_xml import parse
from selaras.odk.values import NO_WORDS, Answer, is_private, sent_answer_of, words_of

#: OpenRosa's limit for an id.
LONGEST_ID = 249
#: What is searched for names of files, and how deep a form may nest; deeper is not read, and not lost.
DEEPEST = 60
#: Text fields of a form are never longer; a name of a file is.
_LONGEST_NAME = 255


class BrokenXmlError(Exception):
    """The bytes are no XML that is read here: cut off, with entities, or with a sign that XML forbids."""


@dataclass(frozen=True, slots=True)
class EntityMark:
    """What a form says of an entity. Versions are None where absent or not a number; `values` are its properties."""

    dataset: str
    id: str
    create: bool
    update: bool
    base_version: int | None = None
    trunk_version: int | None = None
    branch_id: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands around the answers; '' where a form does not say it. `root` is the parsed form."""

    form_id: str
    form_version: str
    instance_id: str
    root: Element = field(repr=False, compare=False)
    deprecated_id: str = ""
    instance_name: str = ""
    started: str = ""
    ended: str = ""
    device_id: str = ""
    entities: tuple[EntityMark, ...] = ()

    def names_files(self) -> frozenset[str]:
        """Every answer that could be the name of an attachment."""
        return frozenset(_texts(self.root))


@dataclass(slots=True)
class Sheet:
    """The answers of one form. `members` are the rows of each repeat, with the same three parts.

    `answers` may be read by scores, `private` is what is sealed; `raw` is every text as it was typed; `unread` are
    fields whose text is no answer of theirs.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    private: dict[str, Answer] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    members: dict[str, list["Sheet"]] = field(default_factory=dict)

    def parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Answers and sealed answers as they are stored: repeats as lists of objects, blank rows kept in place."""
        answers: dict[str, Any] = dict(self.answers)
        private: dict[str, Any] = dict(self.private)
        for name, rows in self.members.items():
            answers[name] = [dict(row.answers) for row in rows]
            if any(row.private for row in rows):
                private[name] = [dict(row.private) for row in rows]
        return answers, private


def open_envelope(xml: bytes) -> Envelope:
    """Read the bytes of `xml_submission_file`. Raises BrokenXmlError; a missing id is '' and not an error."""
    try:
        root = parse(xml)
    except (ParseError, ValueError, LookupError) as error:
        raise BrokenXmlError(str(error)) from error
    meta = next((child for child in root if local(child) == "meta"), None)
    said = {local(child): _text(child) for child in meta} if meta is not None else {}
    return Envelope(
        form_id=root.get("id", "")[:LONGEST_ID],
        form_version=root.get("version", "")[:LONGEST_ID],
        # The root attribute is the older way to say it.
        instance_id=(said.get("instanceID") or root.get("instanceID") or "")[:LONGEST_ID],
        root=root,
        deprecated_id=said.get("deprecatedID", "")[:LONGEST_ID],
        instance_name=said.get("instanceName", "")[:LONGEST_ID],
        started=said.get("timeStart", ""),
        ended=said.get("timeEnd", ""),
        device_id=said.get("deviceID", "")[:LONGEST_ID],
        entities=tuple(_entities(root)),
    )


def read_answers(envelope: Envelope, form: Form) -> Sheet:
    """The answers of `form`'s fields. Nodes that it does not know are left alone: the raw bytes keep them."""
    return _Reader(form).sheet(envelope.root, None, 0)


def texts_near(envelope: Envelope, names: Collection[str]) -> dict[str, str]:
    """What stands under these names in the form itself or in its groups; blanks left out."""
    near = [one for group in envelope.root for one in (group, *group) if one.tag.rpartition("}")[2] in names]
    return {local(one): text for one in near if (text := _text(one))}


def local(element: Element) -> str:
    """A name without its namespace."""
    tag: object = element.tag
    if not isinstance(tag, str):
        return ""
    return tag[tag.rindex("}") + 1 :] if tag[:1] == "{" else tag


class _Reader:
    """Walks a form's nodes by name: groups are passed through, repeats open a row."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._fields = {(one.repeat, one.name): one for one in form.fields.values()}
        self._words = {name: words_of(choices) for name, choices in form.lists.items()}

    def sheet(self, node: Element, repeat: str | None, depth: int) -> Sheet:
        """The answers below `node`, which stands `depth` levels down, in the form or one row of `repeat`."""
        found = Sheet()
        waiting = [(child, depth + 1) for child in reversed(node)] if depth < DEEPEST else []
        while waiting:
            child, level = waiting.pop()
            name = local(child)
            asked = self._fields.get((repeat, name))
            if name == "meta":
                continue
            if name in self._form.repeats:
                # A phone leaves the empty row that it copies new ones from in the form.
                if not any(key.rpartition("}")[2] == "template" for key in child.attrib):
                    found.members.setdefault(name, []).append(self.sheet(child, name, level))
            elif asked is not None:
                self._answer(found, asked, _text(child))
            elif level < DEEPEST:
                waiting += [(grand, level + 1) for grand in reversed(child)]
        return found

    def _answer(self, found: Sheet, asked: Field, text: str) -> None:
        if not text:
            return
        found.raw[asked.name] = text
        value, problem = sent_answer_of(asked, self._words.get(asked.list_name or "", NO_WORDS), text)
        if problem is not None:
            found.unread[asked.name] = problem.code
        elif value is not None:
            private = is_private(asked) or asked.kind == "calculate"
            (found.private if private else found.answers)[asked.name] = value


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _texts(root: Element) -> Iterator[str]:
    for element in root.iter():
        text = _text(element) if len(element) == 0 else ""
        if 0 < len(text) <= _LONGEST_NAME:
            yield text


def _entities(root: Element) -> Iterator[EntityMark]:
    """Entities stand in a `meta`: the form's own, or a repeat's row's."""
    for meta in [one for one in root.iter() if one.tag.endswith("meta")]:
        if local(meta) != "meta":
            continue
        for child in meta:
            if local(child) == "entity":
                label = next((_text(grand) for grand in child if local(grand) == "label"), "")
                yield EntityMark(
                    dataset=child.get("dataset", ""),
                    id=child.get("id", "").removeprefix("uuid:"),
                    create=_true(child.get("create", "")),
                    update=_true(child.get("update", "")),
                    base_version=_number(child.get("baseVersion", "")),
                    trunk_version=_number(child.get("trunkVersion", "")),
                    branch_id=child.get("branchId", "")[:LONGEST_ID],
                    label=label,
                )


def _true(text: str) -> bool:
    return text.strip().lower() in {"1", "true"}


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
