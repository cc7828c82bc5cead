"""One filled form as it came: who, when, of whom, what it says, what hangs on it, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from selaras.access import (
    CONSOLE,
    Actor,
    areas_filled,
    arrivals_for,
    demand,
    households_to_settle_for,
    may_decide_arrival,
    may_see_arrivals,
    may_see_household,
    may_settle_household,
    one,
    the_cycle,
)
from selaras.models import (
    Arrival,
    ArrivalFile,
    ArrivalState,
    CannotUnsealError,
    Cycle,
    FieldForm,
    Household,
    Lokus,
    Reason,
    User,
)
from selaras.models.places import within, within_q
from selaras.odk.fieldform import MET, OUTCOME, OWN_ITEMS
from selaras.odk.registry import family_items
from selaras.odk.submission import BrokenXmlError, Envelope, Sheet, open_envelope, read_answers, texts_near
from selaras.queries.answered import Difference, Section, differences_of, sections_of
from selaras.queries.apart import apart_from
from selaras.queries.arrivals import (
    UNCLAIMED_FOR,
    ArrivalLine,
    FamilyRef,
    lines_of,
    may_take,
    ordered,
    unclaimed,
    undecided,
)
from selaras.queries.foreseen import Named, family_of, foreseen, is_unwilling, named_in, original_of, touched
from selaras.queries.programme import cycle_ref, lokus_ref, today_in
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rules import instrument_of
from selaras.queries.stranded import who_lets_in
from selaras.queries.unwilling import arrivals_told

#: Families that a list of suggestions names: a lokus has some hundred.
MOST_FAMILIES = 500
#: Other contents of one number: a phone that does this many has a fault, and the first tell of it.
MOST_OTHERS = 10


@dataclass(frozen=True, slots=True)
class FileLine:
    """What came with a form; `named` where an answer names it, `photo` where it says to be a picture."""

    id: int
    name: str
    size: int
    photo: bool
    named: bool
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Other:
    """Another content of the same number. `differences` is None where the two cannot be laid side by side."""

    line: ArrivalLine
    outcome: str
    differences: tuple[Difference, ...] | None


@dataclass(frozen=True, slots=True)
class FormChoice:
    """A form that was handed out: its id and version as one word for an address, and what it is called."""

    key: str
    title: str
    version: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A family that she typed in place of the one that the form names: its code, and the Reasons that hold of it."""

    code: str
    reasons: tuple[str, ...]

    @property
    def seen(self) -> tuple[str, ...]:
        """As a page sends back that it showed them: of this family alone."""
        return tuple(f"{self.code}:{reason}" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class ArrivalPage:
    """The whole page. `lokus` is where its family lives, or the sender works; None where that is not one.

    `outcome` is an Outcome, '' where it cannot be read; `hidden`: it names a family that is not hers to see, so nothing
    of it is told; `apart`: questions of health are left out; `named`: it says what the registry keeps in plain.
    `elsewhere`: it touches a family that is not hers to settle; `may_take`: it can be let in as it is; `raw`: its bytes
    may be taken along; `conflict`: what it changed of a family waits for a decision. `started` and `ended` are the
    phone's own clock. `kept_until`: it belongs to no family and is destroyed then. `carrier`: who brought it in a file,
    '' where the sender sent it herself. `closed`: its year is. `beside`: Reasons that hold of it as well while it is
    held; whoever lets it in answers them too.
    `original`: what it corrects, which is held or set aside itself. `unwilling`: its family is hidden at its own wish,
    and she may be told so; `withheld`: so it is, and she may not.
    `let_in_by`, where `elsewhere`: `secretariat` or another `keeper` whose area holds all that it touches, '' nobody.
    `typed`: what she typed and was sent back with.
    """

    cycle: CycleRef
    lokus: LokusRef | None
    line: ArrivalLine
    device: str
    agent: str
    form: FormChoice
    outcome: str
    started: datetime | None
    ended: datetime | None
    decided_by: str
    decided_at: datetime | None
    note: str
    sections: tuple[Section, ...]
    unread: int
    hidden: bool
    elsewhere: bool
    apart: bool
    named: bool
    files: tuple[FileLine, ...]
    others: tuple[Other, ...]
    forms: tuple[FormChoice, ...]
    families: tuple[tuple[str, str], ...]
    conflict: FamilyRef | None
    raw: bool
    may_take: bool
    may_decide: bool
    kept_until: datetime | None = None
    carrier: str = ""
    closed: bool = False
    beside: tuple[str, ...] = ()
    original: UUID | None = None
    unwilling: bool = False
    withheld: bool = False
    let_in_by: str = ""
    typed: Typed | None = None


def arrival_of(user: User, cycle_slug: str, arrival_id: UUID) -> Arrival:
    """That arrival with its form and key at hand. Raises Missing, and Forbidden for who keeps no records there."""
    cycle = the_cycle(user, cycle_slug)
    demand(may_see_arrivals, user, cycle)
    rows = arrivals_for(user, cycle).select_related(
        "key", "file__key", "by", "household__lokus__place__parent", "household__lokus__cycle", "household__key",
        "field_form__round", "field_form__version__workbook", "decided_by", "carrier",
    )  # fmt: skip
    return one(rows, uuid=arrival_id)


@dataclass(frozen=True, slots=True)
class Opened:
    """An arrival as far as it can be read; without its family's scope."""

    envelope: Envelope
    sheet: Sheet
    own: dict[str, str]

    @property
    def named(self) -> Named:
        """Whom it is about."""
        return named_in(self.envelope)


def opened(arrival: Arrival, form: FieldForm | None) -> Opened | None:
    """What stands in its bytes by that form; None where nobody can read it."""
    if form is None:
        return None
    try:
        envelope = open_envelope(arrival.raw_bytes())
    except (BrokenXmlError, CannotUnsealError, OSError):
        return None
    names = {OUTCOME, *(name for name, _texts in OWN_ITEMS.values())}
    sheet = read_answers(envelope, instrument_of(form.version).form)
    return Opened(envelope, sheet, texts_near(envelope, names))


def typed_page(user: User, cycle_slug: str, arrival_id: UUID, *, code: str, key: tuple[str, str] | None) -> ArrivalPage:
    """The page with what is doubted of the family that she typed, by the form that she chose. Raises as
    `arrival_of`."""
    page = arrival_page(user, cycle_slug, arrival_id)
    if not code.strip() or page.line.state != ArrivalState.QUARANTINED or page.elsewhere or not page.may_decide:
        return page
    arrival = arrival_of(user, cycle_slug, arrival_id)
    family = family_typed(user, arrival, code)
    form = arrival.field_form if key is None else form_named(arrival, key)
    return page if family is None else replace(page, typed=typed_of(arrival, form, family))


def arrival_page(user: User, cycle_slug: str, arrival_id: UUID) -> ArrivalPage:
    """Everything about that arrival that this person may know. Raises as `arrival_of`."""
    arrival = arrival_of(user, cycle_slug, arrival_id)
    form, read = arrival.field_form, opened(arrival, arrival.field_form)
    family = arrival.household or _named_family(arrival.cycle, read)
    hidden = _is_hidden(user, arrival, family, read)
    lokus = family.lokus if family is not None else near_lokus(arrival)
    apart = _fields_apart(user, form, lokus)
    unwilling, withheld = _at_its_wish(user, arrival, family) if hidden else (False, False)
    told = None if hidden or lokus is None else read
    (line,) = lines_of(user, [arrival])
    elsewhere = hidden or not may_settle_all(user, arrival, read)
    waits = arrival.state == ArrivalState.QUARANTINED
    held = not elsewhere and waits and may_decide_arrival(user, arrival)
    return ArrivalPage(
        cycle=cycle_ref(arrival.cycle),
        lokus=None if hidden or lokus is None else lokus_ref(lokus),
        line=line,
        device=arrival.device,
        agent=arrival.agent,
        form=_choice(form) if form is not None else FormChoice("", arrival.form_id, arrival.form_version),
        outcome=read.own.get(OUTCOME, MET) if read is not None else "",
        started=_clock(read.envelope.started) if read is not None else None,
        ended=_clock(read.envelope.ended) if read is not None else None,
        decided_by=arrival.decided_by.get_full_name() if arrival.decided_by else "",
        decided_at=arrival.decided_at,
        note=arrival.note,
        sections=sections_of(form.version, apart, *told.sheet.parts()) if told is not None and form is not None else (),
        unread=len(told.sheet.unread) if told is not None else 0,
        hidden=hidden,
        elsewhere=waits and elsewhere,
        apart=bool(apart),
        named=told is not None and says_names(arrival, told),
        files=() if hidden else _files(arrival),
        others=() if hidden else _others(user, arrival, read, apart),
        forms=_forms(arrival.cycle) if held else (),
        families=_families(user, arrival, lokus) if held else (),
        conflict=_conflict(user, arrival),
        raw=may_be_taken(arrival, hidden=hidden, apart=bool(apart)),
        may_take=held and may_take(user, arrival),
        may_decide=may_decide_arrival(user, arrival),
        kept_until=_kept_until(arrival),
        carrier=(arrival.carrier.get_full_name() or arrival.carrier.username) if arrival.carrier else "",
        closed=arrival.cycle.closed_at is not None,
        beside=beside_of(arrival) if elsewhere else shown_beside(arrival, read),
        original=_original(user, arrival),
        unwilling=unwilling,
        withheld=withheld,
        let_in_by=_let_in_by(arrival, read) if waits and elsewhere else "",
    )


def _fields_apart(user: User, form: FieldForm | None, lokus: Lokus | None) -> frozenset[str]:
    return frozenset() if form is None or lokus is None else apart_from(user, lokus, form.version).fields


def _at_its_wish(user: User, arrival: Arrival, family: Household | None) -> tuple[bool, bool]:
    """Of a hidden one: (it is so at its wish and she may know it, and she may not)."""
    away = family is None or family.restricted_at is not None
    told = away and bool(arrivals_told(user, arrival.cycle, [arrival]))
    return told, away and not told


def _original(user: User, arrival: Arrival) -> UUID | None:
    """The form that it corrects, where that one was not taken in either and she may decide on it."""
    if arrival.state != ArrivalState.QUARANTINED or not arrival.deprecated_id:
        return None
    apart = arrivals_for(user, arrival.cycle).filter(state__in=[ArrivalState.QUARANTINED, ArrivalState.SET_ASIDE])
    found = apart.filter(instance_id=arrival.deprecated_id, first=True).exclude(pk=arrival.pk).first()
    return found.uuid if found is not None and may_decide_arrival(user, found) else None


def touched_by(arrival: Arrival, read: Opened | None) -> tuple[Household, ...]:
    """The families of which letting it in decides, as far as it can be read."""
    return touched(arrival, _named(arrival, read), original_of(arrival))


def is_away(arrival: Arrival, read: Opened | None) -> bool:
    """Whether the family that it names is in nobody's view at its wish, whatever else it is held for."""
    return arrival.reason == Reason.RESTRICTED or is_unwilling(arrival, _named(arrival, read), original_of(arrival))


def _named(arrival: Arrival, read: Opened | None) -> Named:
    return Named(arrival.about, listed=True, met=False) if read is None else read.named


def _let_in_by(arrival: Arrival, read: Opened | None) -> str:
    areas = [arrival.area, *(each.area for each in touched_by(arrival, read))]
    return who_lets_in(arrival.cycle, areas, timezone.now())


def form_named(arrival: Arrival, key: tuple[str, str]) -> FieldForm | None:
    """That form of its year (id, version), where it counts."""
    rows = FieldForm.objects.filter(round__cycle=arrival.cycle_id, practice=False, form_id=key[0], form_version=key[1])
    return rows.select_related("round__cycle__place", "version__workbook").first()


def family_typed(by: Actor, arrival: Arrival, code: str) -> Household | None:
    """The family of that code in its year, where its records are hers to keep."""
    there = Household.objects.filter(erased_at__isnull=True, pending__isnull=True)
    rows = there if by is CONSOLE else households_to_settle_for(by)
    found = rows.filter(lokus__cycle=arrival.cycle_id, code=code.strip().upper())
    return found.select_related("lokus__cycle").first()


def typed_of(arrival: Arrival, form: FieldForm | None, family: Household) -> Typed | None:
    """What is doubted of that family, as the form says; None where it is the one that the form names."""
    read = opened(arrival, form)
    if read is None or form is None:
        return Typed(family.code, ())
    own = family_of(arrival, read.named, original_of(arrival))
    if own is not None and own.pk == family.pk:
        return None
    return Typed(family.code, foreseen(arrival, form, read.named, typed=family))


def may_settle_all(user: User, arrival: Arrival, read: Opened | None) -> bool:
    """Whether all of those are hers to settle."""
    return all(may_settle_household(user, each) for each in touched_by(arrival, read))


def shown_beside(arrival: Arrival, read: Opened | None) -> tuple[str, ...]:
    """What her page tells beside its reason: what was in doubt when it came, and of whose family and answers it is."""
    found, form = beside_of(arrival), arrival.field_form
    if read is None or form is None or form.practice or arrival.state != ArrivalState.QUARANTINED:
        return found
    told = {arrival.reason, *arrival.confirmed, *found}
    return found + tuple(each for each in foreseen(arrival, form, read.named) if each not in told)


def beside_of(arrival: Arrival) -> tuple[str, ...]:
    """What else was in doubt when it came, in the order in which `receive` looks: the first that it finds it is held
    for, and the others would not be told. Who lets it in settles these too."""
    cycle, form, at = arrival.cycle, arrival.field_form, arrival.received_at
    if arrival.state != ArrivalState.QUARANTINED or form is None or form.practice:
        return ()
    closed = cycle.closed_at is not None and at >= cycle.closed_at
    # Tasks end with their year: only one that ended before is a doubt of its own. A phone without a task sends nothing.
    then = at if cycle.closed_at is None else min(at, cycle.closed_at - timedelta(microseconds=1))
    taken = Arrival.objects.filter(cycle=cycle, instance_id=arrival.deprecated_id, first=True, state=ArrivalState.TAKEN)
    found = {
        Reason.CLOSED: closed,
        Reason.NO_TASK: arrival.token_id is None and not areas_filled(arrival.by, cycle, then),
        Reason.LATE: today_in(cycle, at) > form.round.closes,
        Reason.NO_ORIGINAL: bool(arrival.deprecated_id) and not taken.exists(),
        Reason.OTHER_BYTES: bool(arrival.instance_id) and not arrival.first,
    }
    told = {arrival.reason, *arrival.confirmed}
    return tuple(reason.value for reason, holds in found.items() if holds and reason not in told)


def _kept_until(arrival: Arrival) -> datetime | None:
    nobodys = unclaimed(Arrival.objects.filter(pk=arrival.pk)).exists()
    return arrival.received_at + UNCLAIMED_FOR if nobodys else None


def may_be_taken(arrival: Arrival, *, hidden: bool, apart: bool) -> bool:
    """Whether its bytes may leave: not where they tell of a family or of health what the page itself does not."""
    return not hidden and (arrival.field_form is None or not apart)


def may_take_bytes(user: User, arrival: Arrival) -> bool:
    """The same for an arrival that is not shown."""
    read = opened(arrival, arrival.field_form)
    family = arrival.household or _named_family(arrival.cycle, read)
    hidden = _is_hidden(user, arrival, family, read)
    lokus = family.lokus if family is not None else near_lokus(arrival)
    form = arrival.field_form
    apart = form is not None and (lokus is None or bool(apart_from(user, lokus, form.version).fields))
    return may_be_taken(arrival, hidden=hidden, apart=apart)


def may_open_files(user: User, arrival: Arrival) -> bool:
    """Whether what came with it is hers to look at: not of a family that she does not see."""
    read = opened(arrival, arrival.field_form)
    family = arrival.household or _named_family(arrival.cycle, read)
    return not _is_hidden(user, arrival, family, read)


def _is_hidden(user: User, arrival: Arrival, family: Household | None, read: Opened | None) -> bool:
    """Whether its family is not hers to see, or nobody's, at its wish."""
    if family is None:
        return is_away(arrival, read)
    return not may_see_household(user, family)


def says_names(arrival: Arrival, read: Opened) -> bool:
    """Whether it says who a family is, besides what is sealed."""
    form = arrival.field_form
    items = {} if form is None else family_items(instrument_of(form.version).form)
    own = any(name in read.own for name, _texts in OWN_ITEMS.values())
    return own or any(read.sheet.raw.get(name) for name, item in items.items() if item in {"head_name", "address"})


def _named_family(cycle: Cycle, read: Opened | None) -> Household | None:
    """The family that the form means, before anybody has taken it in."""
    if read is None or (uuid := read.named.family) is None:
        return None
    rows = Household.objects.filter(lokus__cycle=cycle, erased_at__isnull=True, pending__isnull=True)
    return rows.select_related("lokus__place__parent", "lokus__cycle", "key").filter(uuid=uuid).first()


def near_lokus(arrival: Arrival) -> Lokus | None:
    """The one lokus of the year that the sender works in; None where there are several."""
    rows = Lokus.objects.filter(cycle=arrival.cycle_id).select_related("place__parent", "cycle__place")
    near = [each for each in rows if within(each.area, arrival.area) or within(arrival.area, each.area)]
    return near[0] if len(near) == 1 else None


def _files(arrival: Arrival) -> tuple[FileLine, ...]:
    rows = ArrivalFile.objects.filter(arrival=arrival).select_related("file").order_by("name", "pk")
    return tuple(
        FileLine(
            row.pk, row.name, row.file.size, row.file.content_type.startswith("image/"), row.named, row.received_at
        )
        for row in rows
    )


def _others(user: User, arrival: Arrival, read: Opened | None, apart: frozenset[str]) -> tuple[Other, ...]:
    """The other contents of its number that she may see, each laid beside it."""
    if not arrival.instance_id:
        return ()
    rows = ordered(arrivals_for(user, arrival.cycle).filter(instance_id=arrival.instance_id)).exclude(pk=arrival.pk)
    rows = rows.defer(None).select_related("key", "file__key", "by", "household__lokus", "field_form__round")
    found = list(rows[:MOST_OTHERS])
    lines = lines_of(user, found)
    shown = [may_open_files(user, row) for row in found]
    return tuple(
        _other(line, row, arrival, read, apart) if hers else Other(line, "", None)
        for line, row, hers in zip(lines, found, shown, strict=True)
    )


def _other(line: ArrivalLine, row: Arrival, arrival: Arrival, read: Opened | None, apart: frozenset[str]) -> Other:
    form = arrival.field_form
    there = opened(row, form) if row.field_form_id in {None, arrival.field_form_id} else None
    if read is None or there is None or form is None:
        return Other(line, "", None)
    return Other(
        line,
        there.own.get(OUTCOME, MET),
        differences_of(form.version, apart, read.sheet.parts(), there.sheet.parts()),
    )


def _clock(text: str) -> datetime | None:
    """The phone's own time, where it is one and says its zone."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    told = found is not None and found.tzinfo is not None and 1 < found.year < 9999
    return found if told else None


def _choice(form: FieldForm) -> FormChoice:
    return FormChoice(f"{form.form_id}|{form.form_version}", form.title, form.form_version)


def _forms(cycle: Cycle) -> tuple[FormChoice, ...]:
    """The forms of that year that count, the newest first."""
    rows = FieldForm.objects.filter(round__cycle=cycle, practice=False).order_by("-made_at", "-pk")
    return tuple(_choice(row) for row in rows)


def _families(user: User, arrival: Arrival, lokus: Lokus | None) -> tuple[tuple[str, str], ...]:
    """Codes to choose from: where the sender works, or in the lokus around."""
    area = arrival.area if lokus is None else lokus.area
    rows = households_to_settle_for(user).select_related(None).filter(lokus__cycle=arrival.cycle_id)
    found = rows.filter(within_q("area", area)).order_by("code").values_list("code", "rt", "rw")
    return tuple((code, f"RT {rt or '–'}/RW {rw or '–'}") for code, rt, rw in found[:MOST_FAMILIES])


def _conflict(user: User, arrival: Arrival) -> FamilyRef | None:
    family = arrival.household
    if family is None or not may_settle_household(user, family):
        return None
    there = family.edits.filter(undecided(timezone.now()), arrival=arrival).exists()
    return FamilyRef(family.lokus.area, family.code) if there else None
