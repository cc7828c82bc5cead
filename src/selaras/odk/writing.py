"""A filled form written as a phone would send it, for answers that somebody typed from paper.

The same values always make the same bytes, so that a form sent twice is one. Sources as in `submission`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from selaras.odk.fieldform import DATASET, FAMILY, LISTED, MET, NOT_YET, OUTCOME, YES
from selaras.odk.forms import Form

_OPENROSA = "http://openrosa.org/xforms"
_ENTITIES = "http://www.opendatakit.org/xforms/entities"
register_namespace("orx", _OPENROSA)
register_namespace("entities", _ENTITIES)


@dataclass(frozen=True, slots=True)
class Written:
    """What was typed: question -> text as a phone writes it, ours by their own names; the rows of each repeat.

    `family` is the id of a family on the list and `base` its version as it was seen; None for a new one.
    `instance` is the form's own number, `deprecated` that of the form which this one corrects.
    """

    instance: str
    outcome: str
    family: str | None = None
    base: int | None = None
    deprecated: str = ""
    ours: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)


def submission_xml(form_id: str, form_version: str, form: Form, written: Written) -> bytes:
    """The bytes that a phone would have sent. Blanks stand as empty elements, in the form's order."""
    root = Element("data", {"id": form_id, "version": form_version})
    visit = SubElement(root, "sl_kunjungan")
    _text(visit, LISTED, NOT_YET if written.family is None else YES)
    if written.family is not None:
        _text(visit, FAMILY, written.family)
    _text(visit, OUTCOME, written.outcome)
    for name, value in written.ours.items():
        _text(visit, name, value)
    if written.outcome == MET:
        _questions(SubElement(root, "sl_pertanyaan"), form, written)
    _meta(SubElement(root, f"{{{_OPENROSA}}}meta"), written)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _questions(around: Element, form: Form, written: Written) -> None:
    """Groups open where their first question stands; a repeat's rows stand together."""
    groups: dict[tuple[str, ...], Element] = {(): around}
    done: set[str] = set()
    for one in form.fields.values():
        if one.repeat is None:
            _text(_opened(groups, one.path), one.name, written.values.get(one.name, ""))
        elif one.repeat not in done:
            done.add(one.repeat)
            outside = form.repeats[one.repeat].path
            for row in written.rows.get(one.repeat, ()):
                _row(_opened(groups, outside), form, one.repeat, row)


def _row(around: Element, form: Form, repeat: str, row: Mapping[str, str]) -> None:
    groups: dict[tuple[str, ...], Element] = {(): SubElement(around, repeat)}
    for one in form.fields.values():
        if one.repeat == repeat:
            inside = one.path[one.path.index(repeat) + 1 :]
            _text(_opened(groups, inside), one.name, row.get(one.name, ""))


def _opened(groups: dict[tuple[str, ...], Element], path: tuple[str, ...]) -> Element:
    for depth in range(1, len(path) + 1):
        if path[:depth] not in groups:
            groups[path[:depth]] = SubElement(groups[path[: depth - 1]], path[depth - 1])
    return groups[path]


def _meta(meta: Element, written: Written) -> None:
    _text(meta, f"{{{_OPENROSA}}}instanceID", written.instance)
    if written.deprecated:
        _text(meta, f"{{{_OPENROSA}}}deprecatedID", written.deprecated)
    if written.outcome != MET:
        return
    said = {"dataset": DATASET}
    if written.family is None:
        # A new family's id follows from the form's number: sent twice, it is one family.
        said |= {"id": str(uuid5(NAMESPACE_URL, written.instance)), "create": "1"}
    else:
        said |= {"id": written.family, "update": "1"}
        said |= {} if written.base is None else {"baseVersion": str(written.base)}
    SubElement(meta, f"{{{_ENTITIES}}}entity", said)


def _text(around: Element, name: str, value: str) -> None:
    SubElement(around, name).text = clean(value) or None


def clean(value: str) -> str:
    """Without the signs that XML forbids: nobody types them, and one would break the whole form."""
    return "".join(
        sign
        for sign in value
        if sign in "\t\n\r" or " " <= sign < "\ud800" or "\ue000" <= sign <= "\ufffd" or sign > "\uffff"
    )
