"""A sheet to mark by as a form that any browser or phone of ours fills in: items under their aspects, each with a note.

A mark is one choice, or a number within bounds; nothing is required, for a juror leaves out what she has not seen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from selaras.errors import InputError
from selaras.odk.convert import Identity
from selaras.odk.forms import Labels
from selaras.odk.sheets import Sheet, Sheets
from selaras.odk.submission import Envelope, texts_near
from selaras.odk.xlsform import read_xlsform

#: Names in the form: what was marked, and why. No indicator's own name, so that none can be another's note.
MARK, NOTE = "nilai_", "catatan_"
LONGEST_NOTE = 300
Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One item. `choices` are what may be ticked (name, labels); without any it is a number of `low` … `high`."""

    name: str
    labels: Labels
    hints: Labels
    choices: tuple[tuple[str, Labels], ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a filled sheet says of one item; '' where it says nothing."""

    mark: str = ""
    note: str = ""


def marking_form(identity: Identity, parts: Sequence[tuple[Labels, Sequence[Question]]], note: Labels) -> str:
    """The XForm: one group a part (an aspect), in order; `note` labels what may be written beside each mark.

    Raises InputError with what pyxform says.
    """
    survey: list[Cells] = []
    choices: list[Cells] = []
    for number, (labels, questions) in enumerate(parts, start=1):
        survey.append({"type": "begin_group", "name": f"bagian_{number}", **_spoken("label", labels)})
        for asked in questions:
            survey += [_mark(asked), {"type": "text", "name": f"{NOTE}{asked.name}", **_spoken("label", note)}]
            choices += [
                {"list_name": f"daftar_{asked.name}", "name": name, **_spoken("label", said)}
                for name, said in asked.choices
            ]
        survey.append({"type": "end_group", "name": f"bagian_{number}"})
    settings = {
        "form_id": identity.id,
        "form_title": identity.title,
        "version": identity.version,
        "default_language": identity.default_language,
        "instance_name": f"'{identity.title.replace(chr(39), '')}'",
    }
    found = {"survey": _sheet("survey", survey), "settings": _sheet("settings", [settings])}
    if choices:
        found["choices"] = _sheet("choices", choices)
    reading = read_xlsform(Sheets(identity.id, found), strict=False, identity=identity)
    if reading.form is None:
        raise InputError([problem for problem in reading.problems if problem.level == "error"])
    return reading.form.xform


def _mark(asked: Question) -> Cells:
    cells = {"name": f"{MARK}{asked.name}", **_spoken("label", asked.labels), **_spoken("hint", asked.hints)}
    if asked.choices:
        return {"type": f"select_one daftar_{asked.name}", **cells}
    bounds = [
        f". >= {asked.low}" if asked.low is not None else "",
        f". <= {asked.high}" if asked.high is not None else "",
    ]
    return {"type": "decimal", **cells, "constraint": " and ".join(filter(None, bounds))}


def _spoken(base: str, labels: Labels) -> Cells:
    return {f"{base}::{language}" if language else base: text for language, text in labels.items() if text}


def _sheet(name: str, rows: Sequence[Cells]) -> Sheet:
    header = list(dict.fromkeys(key for row in rows for key in row))
    return Sheet(name, (tuple(header), *(tuple(row.get(key, "") for key in header) for row in rows)))


def marks_in(envelope: Envelope, names: Sequence[str]) -> Mapping[str, Said]:
    """What the sheet says of these items; those of which it says nothing are left out."""
    wanted = [f"{prefix}{name}" for prefix in (MARK, NOTE) for name in names]
    texts = texts_near(envelope, frozenset(wanted))
    said = {name: Said(texts.get(f"{MARK}{name}", ""), texts.get(f"{NOTE}{name}", "")[:LONGEST_NOTE]) for name in names}
    return {name: one for name, one in said.items() if one.mark or one.note}


def number_of(text: str) -> Decimal | None:
    """`12,5` or `12.5` as it was typed; None where it is no number of a sensible size."""
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < Decimal(10) ** 12 else None
