"""A form is typed from paper: sent as a phone would have sent it, so that nothing of it is understood otherwise.

Another person may type the same paper again; where the two differ she says which holds, and the rate is kept.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import IntegrityError, transaction

from selaras.access import demand, keyed_area, may_decide_arrival, may_key, one, registry_for
from selaras.actions import audit
from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import Let, take
from selaras.actions.field.typed import Read, cell_of, read_typed
from selaras.actions.importing.families import sex_of
from selaras.errors import InputError, Problem
from selaras.models import Arrival, FieldForm, Household, Lokus, Reason, SecondEntry, SubmissionMode, User
from selaras.models.keys import digits
from selaras.odk.fieldform import NIK, NIK_SAID, OUTCOME
from selaras.odk.forms import Form
from selaras.odk.nik import doubts
from selaras.odk.questionnaire import Question, Questionnaire
from selaras.odk.registry import nik_questions, person_items
from selaras.odk.submission import Sheet, open_envelope, read_answers, texts_near
from selaras.odk.writing import Written, submission_xml
from selaras.queries.keying import first_entry
from selaras.queries.programme import lokus_in, today_in
from selaras.queries.questionnaires import asked_of, the_form
from selaras.queries.rules import health_fields, instrument_of

DEVICE = "ketik"


@dataclass(frozen=True, slots=True)
class Typed:
    """One filled page. `texts` are its fields by name; `instance` the number that the page gave the form.

    `household` is '' for a family without a code; `version` is the family's as the page saw it.
    """

    form: int
    instance: UUID
    household: str = ""
    version: int | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Keyed:
    """What came of it: '' where it was taken, else why it waits. `code` is the family's, also a new one's; `doubted`
    says that a NIK of it may not fit."""

    arrival: Arrival
    reason: str
    code: str
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that the two typed otherwise. `first` is '' and `hidden` where it is not hers to read."""

    at: str
    number: str
    row: int
    label: str
    first: str
    second: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first entry beside the second: how many questions either answered, how many alike, and the others."""

    asked: int
    same: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    """Everything that a page is read by."""

    lokus: Lokus
    form: FieldForm
    survey: Form
    asked: Questionnaire
    household: Household | None


def key_form(*, by: User, cycle_slug: str, code: str, typed: Typed) -> Keyed:
    """Send and take a typed form; typed twice with the same number it is one.

    Raises Missing, Forbidden, and InputError with every mistake by its number; then nothing is kept.
    """
    page = _page(by, cycle_slug, code, typed)
    read = _read(page, typed.texts)
    if read.problems:
        raise InputError(read.problems)
    return _sent(by, page, read, instance=typed.instance, version=typed.version)


def compare_entry(*, by: User, cycle_slug: str, code: str, typed: Typed) -> Comparison:
    """The second entry of a family's paper beside the first; each look is written down. Raises as `key_form`,
    InputError also where there is no first entry, or it is her own."""
    page = _page(by, cycle_slug, code, typed)
    first = _first(by, page)
    read = _read(page, typed.texts)
    if read.problems:
        raise InputError(read.problems)
    found = _compared(page, first, read)
    with transaction.atomic():
        _record(by, "arrivals.compare_entry", first, asked=found.asked, alike=found.same)
    return found


def keep_entry(*, by: User, cycle_slug: str, code: str, typed: Typed, first: Collection[str]) -> Comparison:
    """Settle the second entry: the fields named in `first` hold as they were typed first, the others as typed now.

    Where anything of the first changes, a correction of it is sent as a phone would. Raises as `compare_entry`.
    """
    page = _page(by, cycle_slug, code, typed)
    entry = _first(by, page)
    demand(may_decide_arrival, by, entry)
    read = _read(page, typed.texts)
    if read.problems:
        raise InputError(read.problems)
    found = _compared(page, entry, read)
    different = {each.at for each in found.differences}
    correction = None
    if different - set(first):
        chosen = {**typed.texts, **{at: text for at, text in _texts(page, entry).items() if at in set(first)}}
        merged = _read(page, chosen)
        if merged.problems:
            raise InputError(merged.problems)
        instance = uuid5(NAMESPACE_URL, f"{typed.instance} {sorted(first)}")
        sent = _sent(by, page, merged, instance=instance, version=typed.version, corrects=entry)
        correction = sent.arrival
    try:
        with transaction.atomic():
            SecondEntry.objects.create(arrival=entry, correction=correction, by=by, asked=found.asked, same=found.same)
            changed = len(different - set(first))
            _record(by, "arrivals.second_entry", entry, asked=found.asked, alike=found.same, changed=changed)
    except IntegrityError:
        raise InputError(Problem("typed.closed")) from None
    return found


def _record(by: User, action: str, arrival: Arrival, **details: int) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="arrival",
        object_id=arrival.uuid,
        place_code=arrival.area,
        **details,
    )


def _page(by: User, cycle_slug: str, code: str, typed: Typed) -> _Page:
    lokus = lokus_in(by, cycle_slug, code)
    demand(may_key, by, lokus)
    form = the_form(lokus, typed.form)
    household = None
    if typed.household:
        rows = registry_for(by, lokus).select_related("lokus__place", "key")
        household = one(rows, code=typed.household.strip().upper())
    # Words of the paper, whatever language the page is in: a name means the same choice in both.
    asked = asked_of(form, new=household is None)
    return _Page(lokus, form, instrument_of(form.version).form, asked, household)


def _read(page: _Page, texts: Mapping[str, str]) -> Read:
    known = None
    if page.household is not None:
        known = {name: getattr(page.household, name) for name in ("code", "head_name", "address", "rw", "rt")}
    return read_typed(page.asked, page.survey, texts, known=known, today=today_in(page.lokus.cycle))


def _sent(
    by: User, page: _Page, read: Read, *, instance: UUID, version: int | None, corrects: Arrival | None = None
) -> Keyed:
    household = page.household
    written = Written(
        instance=f"uuid:{instance}",
        outcome=read.outcome,
        family=str(household.uuid) if household is not None else None,
        base=version,
        deprecated=corrects.instance_id if corrects is not None else "",
        ours=read.ours,
        values=read.values,
        rows=read.rows,
    )
    xml = submission_xml(page.form.form_id, page.form.form_version, page.survey, written)
    area = household.area if household is not None else keyed_area(by, page.lokus)
    sender = Sender(page.lokus.cycle, by, area)
    receipt = receive(sender=sender, parcel=Parcel(xml, device=DEVICE, mode=SubmissionMode.KEYED))
    # A phone's form waits for the worker; who types wants to know at once whether the next paper may follow.
    # Who chose between two entries has seen both: hers may follow what another typed.
    let = Let(by=by, despite=frozenset({Reason.TWICE})) if corrects is not None else None
    reason = receipt.arrival.reason or take(receipt.arrival.pk, let=let)
    arrival = Arrival.objects.select_related("household").get(pk=receipt.arrival.pk)
    known = arrival.household or household
    code = known.code if known is not None else ""
    return Keyed(arrival, arrival.reason or reason, code, _doubted(page, read, area))


def _doubted(page: _Page, read: Read, area: str) -> bool:
    """Whether a NIK that was typed may not fit, nor the sex and day of birth beside it; never an error."""
    if doubts(digits(read.ours.get(NIK, "")), area=area):
        return True
    births = nik_questions(page.survey)
    for repeat, rows in {"": [read.values], **read.rows}.items():
        sexes = [name for name, item in person_items(page.survey, repeat).items() if item == "sex"] if repeat else []
        for row in rows:
            sex = next((sex_of(row[name]) for name in sexes if name in row), "")
            if any(
                doubts(digits(row[name]), area=area, sex=sex, born=row.get(birth, ""))
                for name, birth in births.items()
                if name in row
            ):
                return True
    return False


def _first(by: User, page: _Page) -> Arrival:
    if page.household is None:
        raise InputError(Problem("typed.nothing"))
    entry = first_entry(by, page.household, page.form)
    if entry is None:
        raise InputError(Problem("typed.nothing"))
    if entry.by_id == by.pk:
        raise InputError(Problem("typed.own"))
    return entry


def _compared(page: _Page, first: Arrival, read: Read) -> Comparison:
    before, now = _texts(page, first), _written(page, read)
    unread = {*health_fields(page.form.version), NIK, *nik_questions(page.survey)}
    asked, found = 0, []
    for at in _cells(page, before, now):
        one_, row = at
        cell = cell_of(one_.number, row)
        old, new = before.get(cell, ""), now.get(cell, "")
        if not old and not new:
            continue
        asked += 1
        if old != new:
            hidden = one_.name in unread
            shown = ("" if hidden else _said(one_, old), "" if hidden else _said(one_, new))
            found.append(Difference(cell, one_.number, row, one_.label, *shown, hidden))
    return Comparison(asked, asked - len(found), tuple(found))


def _cells(page: _Page, *sides: Mapping[str, str]) -> list[tuple[Question, int]]:
    """Every place that a question can stand in on either side, in the paper's order."""
    rows = [int(at.partition("-")[2]) for side in sides for at in side if "-" in at]
    found: list[tuple[Question, int]] = []
    for one_ in page.asked.questions:
        inside = one_.field is not None and one_.field.repeat is not None
        found += [(one_, row) for row in range(1, max(rows, default=0) + 1)] if inside else [(one_, 0)]
    return found


def _texts(page: _Page, arrival: Arrival) -> dict[str, str]:
    """An arrival's answers by the fields of the page, as a phone writes them."""
    envelope = open_envelope(arrival.raw_bytes())
    ours = texts_near(envelope, {OUTCOME, NIK_SAID, NIK})
    sheet: Sheet = read_answers(envelope, page.survey)
    rows = {repeat: [row.raw for row in members] for repeat, members in sheet.members.items()}
    return _by_cell(page, ours, sheet.raw, rows)


def _written(page: _Page, read: Read) -> dict[str, str]:
    return _by_cell(page, {OUTCOME: read.outcome, **read.ours}, read.values, read.rows)


def _by_cell(
    page: _Page, ours: Mapping[str, str], values: Mapping[str, str], rows: Mapping[str, list[dict[str, str]]]
) -> dict[str, str]:
    """`ours` are answers to our own questions, of the visit and the NIK."""
    found = {}
    for one_ in page.asked.questions:
        repeat = one_.field.repeat if one_.field is not None else None
        if one_.name in {OUTCOME, NIK_SAID, NIK}:
            found[cell_of(one_.number)] = ours.get(one_.name, "")
        elif repeat is None:
            found[cell_of(one_.number)] = values.get(one_.name, "")
        else:
            for index, row in enumerate(rows.get(repeat, ()), start=1):
                found[cell_of(one_.number, index)] = row.get(one_.name, "")
    return {at: text for at, text in found.items() if text}


def _said(one_: Question, value: str) -> str:
    """An answer as a person reads it."""
    labels = {option.name: f"{option.code} {option.label}" for option in one_.options}
    return ", ".join(labels.get(part, part) for part in value.split()) if labels and value else value
