"""Cadres and their phones, for the office: who has a way in, when it was last used, and what came through it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count
from django.utils import timezone, translation

from selaras.access import (
    arrivals_for,
    demand,
    holders_for,
    may_give_phone,
    may_manage_cycle,
    may_see_arrivals,
    one,
    phones_for,
    the_cycle,
)
from selaras.models import ArrivalState, Cycle, FieldForm, Membership, PhoneToken, Role, User
from selaras.queries.invitations import place_names, role_words
from selaras.queries.links import hash_of
from selaras.queries.meetings import LetterheadView, letterhead_of
from selaras.queries.programme import cycle_ref, primary_of, today_in
from selaras.queries.refs import CycleRef, RoundRef
from selaras.queries.rounds import round_ref


@dataclass(frozen=True, slots=True)
class Sent:
    """What came from somewhere, by how it stands: all, not yet read, waiting for a person, practice."""

    arrived: int = 0
    waiting: int = 0
    held: int = 0
    practice: int = 0


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """One way in. `seen_at` and `device` are what the phone said last; `open`: it still opens."""

    id: UUID
    given_at: datetime
    given_by: str
    seen_at: datetime | None
    device: str
    open: bool
    revoked_at: datetime | None
    sent: Sent


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who may carry families on a phone: her task, where, and her phones, the newest first."""

    task: int
    name: str
    role: str
    where: str
    phones: tuple[PhoneLine, ...]

    @property
    def has_open(self) -> bool:
        """Whether one of them still opens."""
        return any(phone.open for phone in self.phones)


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form that phones are handed, and for which round; `open_now`: a phone is handed it today."""

    round: RoundRef
    title: str
    version: str
    open_now: bool
    practice: bool


@dataclass(frozen=True, slots=True)
class PhonesPage:
    """The phones of a year. `without` have none that opens. `stale`: rounds or instrument have no form of now."""

    cycle: CycleRef
    holders: tuple[Holder, ...]
    without: int
    ended: tuple[Holder, ...]
    forms: tuple[FormLine, ...]
    stale: bool
    may_give: bool
    may_prepare: bool


def phones_page(user: User, slug: str) -> PhonesPage:
    """Cadres first, by area; then the others who work with families by name. Statements do not grow with people.

    Raises Missing; Forbidden for who keeps no records there.
    """
    cycle = the_cycle(user, slug)
    demand(may_see_arrivals, user, cycle)
    now = timezone.now()
    rows = list(holders_for(user, cycle).order_by("place_code", "user__full_name", "pk"))
    phones = _phones(user, cycle, now)
    names = place_names(row.place_code for row in rows)
    holders = [_holder(row, names, phones) for row in rows if row.holds(now) and row.user.is_active]
    tasks = {holder.task for holder in holders}
    ended = [_holder(row, names, phones) for row in rows if row.pk not in tasks and row.pk in phones]
    roles = {row.pk: row.role for row in rows}
    cadres_first = sorted(holders, key=lambda holder: roles[holder.task] != Role.CADRE)
    forms = _forms(cycle, now)
    return PhonesPage(
        cycle=cycle_ref(cycle),
        holders=tuple(cadres_first),
        without=sum(not each.has_open for each in holders if roles[each.task] == Role.CADRE),
        ended=tuple(ended),
        forms=tuple(line for line, _ in forms),
        stale=_stale(cycle, [form for _, form in forms]),
        may_give=any(may_give_phone(user, row, cycle) for row in rows),
        may_prepare=may_manage_cycle(user, cycle) and cycle.closed_at is None,
    )


def _phones(user: User, cycle: Cycle, now: datetime) -> dict[int, list[PhoneLine]]:
    """Task → its phones, the newest first."""
    sent = sent_by(arrivals_for(user, cycle).values_list("token", "state").annotate(n=Count("pk")).order_by())
    found: dict[int, list[PhoneLine]] = {}
    for phone in phones_for(user, cycle).select_related("created_by").order_by("-created_at", "-pk"):
        found.setdefault(phone.membership_id, []).append(phone_line(phone, sent.get(phone.pk, Sent()), now))
    return found


def phone_line(phone: PhoneToken, sent: Sent, now: datetime) -> PhoneLine:
    """One phone as pages show it; its user, task and giver must be at hand."""
    return PhoneLine(
        id=phone.uuid,
        given_at=phone.created_at,
        given_by=phone.created_by.get_full_name() if phone.created_by else "",
        seen_at=phone.seen_at,
        device=phone.device,
        open=phone.is_open(now),
        revoked_at=phone.revoked_at,
        sent=sent,
    )


def sent_by(counted: Iterable[tuple[int | None, str, int]]) -> dict[int | None, Sent]:
    """(whose, state, how many) by whose."""
    by_state: dict[int | None, dict[str, int]] = {}
    for whose, state, count in counted:
        by_state.setdefault(whose, {})[state] = count
    return {whose: _sent(states) for whose, states in by_state.items()}


def _sent(states: dict[str, int]) -> Sent:
    return Sent(
        arrived=sum(states.values()),
        waiting=states.get(ArrivalState.WAITING, 0),
        held=states.get(ArrivalState.QUARANTINED, 0),
        practice=states.get(ArrivalState.PRACTICE, 0),
    )


def _holder(row: Membership, names: dict[str, str], phones: dict[int, list[PhoneLine]]) -> Holder:
    return Holder(
        task=row.pk,
        name=row.user.get_full_name() or row.user.username,
        role=role_words(row.role),
        where=names.get(row.place_code, row.place_code),
        phones=tuple(phones.get(row.pk, ())),
    )


def _forms(cycle: Cycle, now: datetime) -> list[tuple[FormLine, FieldForm]]:
    """The newest form of each round, in the order of the year, and the one for practice last."""
    today = today_in(cycle, now)
    rows = FieldForm.objects.filter(round__cycle=cycle).select_related("round").order_by("made_at", "pk")
    newest = {row.form_id: row for row in rows}
    found = []
    for row in sorted(newest.values(), key=lambda row: (row.practice, row.round.opens, row.round_id)):
        ref = round_ref(row.round)
        open_now = cycle.closed_at is None and (row.practice or ref.starts <= today <= ref.ends)
        found.append((FormLine(ref, row.title, row.form_version, open_now, row.practice), row))
    return found


def _stale(cycle: Cycle, forms: list[FieldForm]) -> bool:
    """Whether a round is without a form of the instrument that the year is scored by now."""
    version = primary_of(cycle)
    if cycle.closed_at is not None or version is None:
        return False
    made = {form.round_id for form in forms if form.version_id == version.pk and not form.practice}
    return any(round_id not in made for round_id in cycle.rounds.values_list("pk", flat=True))


def has_phones(cycle: Cycle) -> bool:
    """Whether anybody was ever given a phone in that year."""
    return PhoneToken.objects.filter(cycle=cycle).exists()


def opens(token: str, *, now: datetime | None = None) -> bool:
    """Whether a phone with this token would be let in; it is not noted as seen."""
    phone = PhoneToken.objects.select_related("membership", "user").filter(token_hash=hash_of(token)).first()
    return phone is not None and phone.is_open(now or timezone.now())


@dataclass(frozen=True, slots=True)
class HandedPage:
    """What is written beside a phone's code, the one time that it is shown."""

    cycle: CycleRef
    name: str
    where: str


def handed_page(user: User, slug: str, task: int) -> HandedPage:
    """For whom a code was made, and for which area. Raises Missing."""
    cycle = the_cycle(user, slug)
    row = one(holders_for(user, cycle), pk=task)
    where = place_names([row.place_code]).get(row.place_code, row.place_code)
    return HandedPage(cycle_ref(cycle), row.user.get_full_name() or row.user.username, where)


@dataclass(frozen=True, slots=True)
class OrderView:
    """What the letter of a cadre's task says. `rounds`: those that are not over, or all where every one is."""

    cycle: CycleRef
    name: str
    role: str
    where: str
    rounds: tuple[RoundRef, ...]
    head: LetterheadView | None
    on: date


def order_view(user: User, slug: str, task: int) -> OrderView:
    """The letter for that person's task. Raises Missing where it is not hers to give."""
    cycle = the_cycle(user, slug)
    row = one(holders_for(user, cycle), pk=task)
    today = today_in(cycle)
    # Shown at doors, whatever language the office reads.
    with translation.override("id"):
        rounds = [round_ref(each) for each in cycle.rounds.order_by("opens", "pk")]
        role = role_words(row.role)
    return OrderView(
        cycle=cycle_ref(cycle),
        name=row.user.get_full_name() or row.user.username,
        role=role,
        where=place_names([row.place_code]).get(row.place_code, row.place_code),
        rounds=tuple([each for each in rounds if each.ends >= today] or rounds),
        head=letterhead_of(cycle.place),
        on=today,
    )


def own_sent(user: User, cycle: Cycle) -> Sent:
    """What she herself has sent in that year, by how it stands."""
    counted = arrivals_for(user, cycle).filter(by=user).values_list("by", "state").annotate(n=Count("pk"))
    return sent_by(counted.order_by()).get(user.pk, Sent())
