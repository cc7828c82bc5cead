"""A filled form as the office understands it: the family, how the visit ended, what the registry hears, the answers."""

from dataclasses import dataclass, field
from datetime import MAXYEAR, date, datetime
from typing import Any

from selaras.actions.importing.items import read_item
from selaras.models import Arrival, FieldForm, NikAsked, NikSaid, Outcome, PhotoUse, Round, SubmissionMode
from selaras.models.places import zone_of
from selaras.odk.fieldform import (
    BEGUN,
    DATASET,
    DONE,
    MODE,
    NIK,
    NIK_HAS,
    NIK_SAID,
    OUTCOME,
    OWN_ITEMS,
    PHOTO_USES,
)
from selaras.odk.forms import Form
from selaras.odk.registry import family_items, person_items, says_no_nik
from selaras.odk.submission import EntityMark, Envelope, Sheet, local, open_envelope, read_answers, texts_near
from selaras.queries.foreseen import Named, named_in
from selaras.queries.rules import instrument_of


@dataclass(frozen=True, slots=True)
class Filled:
    """`named` is whom it is about; `mark` what it says of the entity.

    `registry` and `members` are as imports stage them: item -> text. `unread` are questions whose text is no answer.
    `photo_uses` is None where the form did not ask. `nik_said` and `nik` are what our own question heard of the head.
    `begun` and `done` are the phone's clock as it wrote them, '' where it did not.
    """

    outcome: str
    named: Named
    mark: EntityMark | None
    mode: SubmissionMode
    registry: dict[str, str]
    answers: dict[str, Any]
    private: dict[str, Any]
    members: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    photo_uses: frozenset[str] | None = None
    nik_said: str = ""
    nik: str = ""
    begun: str = ""
    done: str = ""


def read_filled(arrival: Arrival, handed: FieldForm) -> Filled:
    """Read an arrival by the form that was handed out. Raises BrokenXmlError; unknown questions stay in the bytes."""
    envelope = open_envelope(arrival.raw_bytes())
    form = instrument_of(handed.version).form
    sheet = read_answers(envelope, form)
    ours = _ours(envelope)
    mark = next((one for one in envelope.entities if one.dataset == DATASET), None)
    answers, private = sheet.parts()
    nik_said, nik = _nik(envelope, handed)
    moments = texts_near(envelope, {BEGUN, DONE})
    group = arrival.mode != SubmissionMode.KEYED and ours.get(MODE) == SubmissionMode.GROUP
    return Filled(
        # A form without our questions is of a workbook with its own list: somebody was met, or nothing would be asked.
        outcome=ours.get(OUTCOME, Outcome.MET),
        named=named_in(envelope),
        mark=mark,
        # Typed from paper it says nothing of where the family was; the others say it themselves.
        mode=SubmissionMode.GROUP if group else SubmissionMode(arrival.mode),
        registry=_registry(sheet, form, ours),
        answers=answers,
        private=private,
        members={name: [_person(row, form, name) for row in rows] for name, rows in sheet.members.items()},
        unread=tuple(sheet.unread),
        photo_uses=_photo_uses(envelope),
        nik_said=nik_said,
        nik=nik,
        begun=moments.get(BEGUN, envelope.started),
        done=moments.get(DONE, envelope.ended),
    )


def visited_on(filled: Filled, arrival: Arrival, round_: Round) -> date | None:
    """The day on which the form says it was begun; None where it says none, or one that cannot be: after it came,
    before the round, later than it was finished. A phone's clock is data: nothing is in time or late by it."""
    begun, done = _moment(filled.begun), _moment(filled.done)
    if begun is None or (done is not None and done < begun):
        return None
    zone = zone_of(arrival.cycle.place.code)
    day = begun.astimezone(zone).date()
    return day if round_.opens <= day <= arrival.received_at.astimezone(zone).date() else None


def _moment(text: str) -> datetime | None:
    """None where it is no moment, or does not say its zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and 1 < found.year < MAXYEAR else None


def _ours(envelope: Envelope) -> dict[str, str]:
    """What our own questions were answered, by their names; they stand in the first group."""
    return texts_near(envelope, {OUTCOME, MODE, *(name for name, _ in OWN_ITEMS.values())})


def _nik(envelope: Envelope, handed: FieldForm) -> tuple[str, str]:
    """What our own question heard, where the form asked it; a number is one whatever was ticked above it."""
    if handed.nik != NikAsked.ON:
        return "", ""
    said = texts_near(envelope, {NIK_SAID, NIK})
    number = read_item("nik", said.get(NIK, "")).values.get("nik", "")
    return (NIK_HAS if number else said.get(NIK_SAID, "")), number


def _photo_uses(envelope: Envelope) -> frozenset[str] | None:
    """Nothing ticked is a no to all: a question that was asked stands in the form, blank or not."""
    node = next((one for group in envelope.root for one in group if local(one) == PHOTO_USES), None)
    if node is None:
        return None
    return frozenset((node.text or "").split()) & frozenset(PhotoUse.values)


def _registry(sheet: Sheet, form: Form, ours: dict[str, str]) -> dict[str, str]:
    """Item of the registry -> text, as an import reads the same cell; a code is not the phone's to give."""
    said = {item: sheet.raw.get(name, "") for name, item in family_items(form).items()}
    said |= {item: ours[name] for item, (name, _) in OWN_ITEMS.items() if ours.get(name) and not said.get(item)}
    found: dict[str, str] = {}
    for item, text in said.items():
        if text and item != "code":
            found |= read_item(item, text).values
    return found


def _person(row: Sheet, form: Form, repeat: str) -> dict[str, Any]:
    found: dict[str, str] = {}
    for name, item in person_items(form, repeat).items():
        if text := row.raw.get(name, ""):
            found |= read_item(item, text).values
    if not found.get("nik") and says_no_nik(form, repeat, row.raw):
        found["nik_said"] = NikSaid.NONE
    return {"registry": found}
