"""An interview on the phone: which questions a family is asked, as `relevant` says."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from selaras.odk.forms import Field, Form
from selaras.scoring.expressions.parser import parse
from tests.reference.phone import truth

#: What the phone fills in by itself or only shows.
_UNASKED = ("today", "start", "end", "deviceid")
_DAY = date(2024, 2, 15)


def asked(form: Form, household: Mapping[str, str], members: Sequence[Mapping[str, str]]) -> int:
    """How many questions a family answers: those about the house, and those about each member."""
    return _about(form, household, None) + sum(_about(form, {**household, **member}, "member") for member in members)


def _about(form: Form, answers: Mapping[str, str], repeat: str | None) -> int:
    seen = {name: _typed(field, str(answers.get(name, ""))) for name, field in form.fields.items()}
    kinds = {name: field.kind for name, field in form.fields.items()}
    count = 0
    for field in form.fields.values():
        if field.repeat != repeat or field.kind in ("other", "calculate") or field.type in _UNASKED:
            continue
        count += all(truth(parse(text), seen, kinds, _DAY) for text, _ in field.relevants)
    return count


def _typed(field: Field, text: str) -> object:
    if not text:
        return None
    if field.kind in ("integer", "decimal"):
        return Fraction(text)
    return frozenset(text.split()) if field.kind == "choices" else text
