"""The sheet of a rehearsal: the instrument's judged items, as a form for the browser and as questions for paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from selaras.access import Actor, marked_by, may_mark
from selaras.errors import Missing, Problem
from selaras.models import Gladi, GladiMarker, InstrumentVersion, Lokus, User
from selaras.odk.convert import Identity
from selaras.odk.forms import Labels
from selaras.odk.marking import Question, marking_form
from selaras.queries.rules import instrument_of, read_published
from selaras.queries.spoken import shown
from selaras.scoring.instrument import Indicator, Instrument

#: Forms of this kind begin so, whatever the programme year.
PREFIX = "gladi-"
_ID, _EN = "Bahasa Indonesia (id)", "English (en)"
_EVIDENCE = {"en": "Ask to see: {what}", "": "Minta lihat: {what}"}
_NOTE = {"en": "Why (may be left blank)", "": "Alasannya (boleh kosong)"}
#: A number that no rule bounds is at most this.
_HIGH = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class HandedSheet:
    """A sheet that a browser keeps, as one of its forms."""

    form_id: str
    version: str
    title: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One judged item on paper or in a page's form. `options`: name, letter to tick, words. Without: a number."""

    name: str
    label: str
    evidence: str
    options: tuple[tuple[str, str], ...]
    low: Decimal
    high: Decimal


def judged(instrument: Instrument) -> list[Indicator]:
    """What a jury marks, in the order of the workbook."""
    return [indicator for indicator in instrument.indicators.values() if indicator.origin == "judged"]


def bounds_of(indicator: Indicator) -> tuple[Decimal, Decimal]:
    """The least and the largest number that may be written."""
    if indicator.rule == "yes_no":
        return Decimal(0), Decimal(1)
    ends = [end for end in (indicator.low, indicator.high) if end is not None]
    ends += [end for band in indicator.bands for end in (band.low, band.high) if end is not None]
    return min([Decimal(0), *ends]), max(ends) if ends else _HIGH


def item_lines(instrument: Instrument) -> list[tuple[str, list[ItemLine]]]:
    """The items under their aspects, in the reader's language."""
    return [
        (shown(instrument.aspects[aspect].labels, instrument) or aspect, [_line(instrument, one) for one in items])
        for aspect, items in _by_aspect(instrument)
    ]


def _line(instrument: Instrument, one: Indicator) -> ItemLine:
    options = tuple((option.name, shown(option.labels, instrument) or option.name) for option in one.options)
    low, high = bounds_of(one)
    return ItemLine(one.name, shown(one.labels, instrument) or one.name, one.evidence, options, low, high)


def _by_aspect(instrument: Instrument) -> Iterator[tuple[str, list[Indicator]]]:
    items = judged(instrument)
    for aspect in instrument.aspects:
        if own := [one for one in items if one.aspect == aspect]:
            yield aspect, own


# --- as a form --------------------------------------------------------------------------------------------------------
def sheets_of(user: User, cycle_slug: str) -> list[HandedSheet]:
    """The sheets of that year that she was asked to fill. One statement."""
    rows = marked_by(user).filter(gladi__cycle__slug=cycle_slug).order_by("gladi__number", "lokus__area")
    return [_handed(row.gladi, row.lokus) for row in rows]


def _handed(gladi: Gladi, lokus: Lokus) -> HandedSheet:
    title = f"Gladi {gladi.number}: {lokus.place.name}" + (f" RW {lokus.rw}" if lokus.rw else "")
    return HandedSheet(f"{PREFIX}{gladi.uuid.hex}-{lokus.pk}", gladi.version.sha256[:12], title)


def sheet_form(user: User, form_id: str) -> bytes:
    """The XForm of a sheet that she was asked to fill. Raises Missing."""
    row = asked_for(user, form_id)
    handed = _handed(row.gladi, row.lokus)
    version = row.gladi.version
    name = f"{version.instrument}-{version.version}.xlsx"
    return _form(version.workbook.sha256, name, handed.form_id, handed.version, handed.title)


def asked_for(user: Actor, form_id: str) -> GladiMarker:
    """That she was asked to fill the sheet of that form. Raises Missing where she was not, or may not any more."""
    gladi, lokus = form_ids(form_id)
    row = marked_by(user).filter(gladi__uuid=gladi, lokus=lokus).first() if gladi else None
    if row is None or not may_mark(user, row.gladi, row.lokus):
        raise Missing(Problem("access.missing"))
    return row


def form_ids(form_id: str) -> tuple[UUID | None, int]:
    """`gladi-<32 hex>-<lokus>`; None where it is not of that shape."""
    head, _, lokus = form_id.removeprefix(PREFIX).partition("-")
    if not form_id.startswith(PREFIX) or not lokus.isascii() or not lokus.isdigit() or len(lokus) > 9:
        return None, 0
    try:
        return UUID(hex=head), int(lokus)
    except ValueError:
        return None, 0


@lru_cache(maxsize=64)
def _form(sha256: str, name: str, form_id: str, version: str, title: str) -> bytes:
    """Made anew each time the process begins: of the same items it is the same, and the pyxform run costs 0.1 s."""
    instrument = read_published(sha256, name)
    languages = list(dict.fromkeys([instrument.form.default_language, *instrument.form.languages]))
    parts = [
        (
            _in_all(instrument.aspects[aspect].labels, aspect, instrument, languages),
            _questions(instrument, items, languages),
        )
        for aspect, items in _by_aspect(instrument)
    ]
    identity = Identity(form_id, version, title, instrument.form.default_language)
    return marking_form(identity, parts, _said(_NOTE, languages)).encode()


def _questions(instrument: Instrument, items: Sequence[Indicator], languages: Sequence[str]) -> list[Question]:
    found = []
    for one in items:
        low, high = bounds_of(one)
        choices = tuple(
            (option.name, _in_all(option.labels, option.name, instrument, languages)) for option in one.options
        )
        hints = _said(_EVIDENCE, languages, what=one.evidence) if one.evidence else {}
        labels = _in_all(one.labels, one.name, instrument, languages)
        found.append(Question(one.name, labels, hints, choices, low, high))
    return found


def _in_all(labels: Labels, name: str, instrument: Instrument, languages: Sequence[str]) -> Mapping[str, str]:
    """A label in each language of the form, the author's own where a language lacks it: pyxform would write "-"."""
    own = labels.get(instrument.form.default_language) or name
    return {language: labels.get(language) or own for language in languages}


def _said(words: Mapping[str, str], languages: Sequence[str], **values: str) -> Mapping[str, str]:
    return {language: words["en" if "(en)" in language else ""].format_map(values) for language in languages}


def version_items(version: InstrumentVersion) -> dict[str, Indicator]:
    """The judged items of a version by name."""
    return {one.name: one for one in judged(instrument_of(version))}
