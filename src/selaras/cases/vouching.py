"""Whose second step an officer's is: said by a colleague who heard her, before it opens the room.

Whoever gives a task can also make a way into its account, choose the password and put up a second step on a phone of
her own. So no second step opens the room until another officer of all that area, or for the first of an area two people
of different tasks, have heard a short code from the officer's own mouth and typed it. None of them stands behind her
(gave her the account, a way into it or a task, or gave it to whoever did), and nobody stands behind both of the two, an
administrator neither: who makes accounts may have made all three. Where nobody is left who may, the owner of the server
says it on the console. A new phone, or a wider area, is said anew.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from selaras.access import (
    ASKERS,
    demand,
    gave_above,
    hands_in,
    kept_areas,
    may_enter_room,
    may_keep_tickets,
    may_vouch,
    may_vouch_after,
    may_vouch_in,
    officer_tasks_for,
    officers_around,
    officers_of,
    roles_left,
    task_since,
    watchers_of,
)
from selaras.cases import keys, letters
from selaras.cases.models import Purpose, RoomKey, Vouch
from selaras.cases.rows import LETTERS, in_the_room, note
from selaras.errors import InputError, Missing, Problem
from selaras.models import AuditEntry, sealing
from selaras.models.people import User
from selaras.models.places import within

#: How long the first of two waits for the second.
WAITS: Final = timedelta(hours=24)
#: So old are an account, its second step and its task before they count as a person of their own: whose password was
#: taken notices within days that it does not work any more.
SETTLED: Final = timedelta(days=7)
#: Letters of the code that is read out.
LENGTH: Final = 6
#: In the demo alone: whatever phone it is, so that who tries it needs no second person.
ANY: Final = "any"


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of an officer's second step. `who`, `one`, `other` are UUIDs; `one` is '' where the owner of the
    server said it, `other` where one was enough or the second is waited for; `whole`: it opens the room. `before`: when
    what was whole before this was said."""

    who: str
    step: str
    areas: tuple[str, ...]
    one: str
    at: datetime
    other: str = ""
    whole: bool = False
    before: datetime | None = None

    def plain(self) -> dict[str, Any]:
        """As JSON holds it."""
        before = None if self.before is None else self.before.isoformat()
        return asdict(self) | {"at": self.at.isoformat(), "before": before}

    @classmethod
    def of(cls, row: Vouch) -> Self:
        """Unsealed; its key must be at hand."""
        said = row.key.unseal(row.sealed, f"vouch {row.id}")
        before = None if said.get("before") is None else datetime.fromisoformat(said["before"])
        at = datetime.fromisoformat(said["at"])
        return cls(**said | {"at": at, "areas": tuple(said["areas"]), "before": before})

    @property
    def heard_at(self) -> datetime | None:
        """When somebody last heard her whose account it is: who gave what before that stands behind her no more."""
        if self.step == ANY:
            return None
        return self.at if self.whole else self.before

    def holds(self, user: User, step: str) -> bool:
        """Whether it opens the room to her, whose second step is `step` now, for all that she keeps."""
        same = self.step == step or (settings.SELARAS_DEMO and self.step == ANY)
        return self.whole and same and self._covers(user)

    def waits(self, user: User, step: str, now: datetime) -> bool:
        """Whether a first of two has spoken of what she has now, and a second still may."""
        return not self.whole and self.step == step and self.at > now - WAITS and self._covers(user)

    def _covers(self, user: User) -> bool:
        return all(any(within(area, own) for own in self.areas) for area in kept_areas(user))


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer as those who may say it see her.

    `said` is what holds of her second step, or a first of two has said; `mine`: whoever asks may say it now.
    """

    user: User
    areas: tuple[str, ...]
    has_step: bool
    known: bool
    said: Said | None
    mine: bool


class _Register:
    """What is said of some officers and which second steps are theirs, read at once. In the room's transaction."""

    def __init__(self, users: Iterable[User]) -> None:
        users = list(users)
        steps = Authenticator.objects.filter(user__in=users, type=Authenticator.Type.TOTP)
        self.steps = {row.user_id: _step(row) for row in steps}
        keyed = {about: user.pk for about, user in zip(abouts(users), users, strict=True)}
        rows = Vouch.objects.select_related("key").filter(about__in=keyed)
        self.said = {keyed[row.about]: Said.of(row) for row in rows}
        self.behind = Behind()

    def knows(self, user: User) -> bool:
        """Whether her second step opens the room."""
        said = self.said.get(user.pk)
        return said is not None and said.holds(user, self.steps.get(user.pk, ""))

    def first(self, user: User, now: datetime) -> Said | None:
        """What a first of two has said of her, while a second still may."""
        said = self.said.get(user.pk)
        return said if said is not None and said.waits(user, self.steps.get(user.pk, ""), now) else None


def step_of(user: User) -> str:
    """Which second step is hers now, '' for none: another phone is another one."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return "" if row is None else _step(row)


def _step(row: Authenticator) -> str:
    return f"{row.pk} {row.created_at.isoformat()}"


def abouts(users: Iterable[User]) -> list[str]:
    """Whose a row is, for whoever has the key. In the room's transaction."""
    secret = RoomKey.only(Purpose.CODES).secret()
    return [sealing.search_hash(secret, "officer", str(user.uuid)) for user in users]


def demand_settled(user: User, roles: Iterable[str], areas: Iterable[str], now: datetime) -> None:
    """Raises InputError where her account, its second step or her task of `roles` in each of `areas` is younger than a
    week: a task given today to an account that lay about is nobody of her own."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    since = [task_since(user, roles, area) for area in areas]
    begun = [None if row is None else max(row.created_at, user.date_joined), *since]
    if any(each is None or each > now - SETTLED for each in begun):
        raise InputError(Problem("cases.settled", values={"days": SETTLED.days}))


class Behind:
    """Who stands behind whom: gave her the account, a way in or a task, or gave it to whoever did, and so on.

    Not before somebody heard her herself. In the room's transaction; what was found is kept.
    """

    def __init__(self) -> None:
        self._hands: dict[int, frozenset[int]] = {}

    def of(self, user: User) -> frozenset[int]:
        """Keys of users, without herself."""
        found: set[int] = set()
        left: frozenset[int] = frozenset({user.pk})
        while left:
            found |= left
            left = frozenset().union(*map(self._of_one, left)) - found
        return frozenset(found - {user.pk})

    def _of_one(self, pk: int) -> frozenset[int]:
        if pk not in self._hands:
            user = User.objects.get(pk=pk)
            row = Vouch.objects.select_related("key").filter(about=abouts([user])[0]).first()
            self._hands[pk] = hands_in(user, since=None if row is None else Said.of(row).heard_at)
        return self._hands[pk]

    def both(self, one: User, other: User) -> frozenset[int]:
        """Who stands behind both of the two; one of them, where she stands behind the other."""
        return frozenset({one.pk, *self.of(one)} & {other.pk, *self.of(other)})


def demand_apart(user: User, other: User) -> None:
    """Raises InputError where one of the two stands behind the other, or somebody behind both who gives tasks by no
    office above the city: two of her making are she. In the room's transaction."""
    both = Behind().both(user, other)
    if both & {user.pk, other.pk} or both - gave_above(both):
        raise InputError(Problem("cases.break_hand"))


def demand_two(user: User, first: User, marks: Collection[str]) -> None:
    """Raises InputError where the two look like two accounts of one person: by name, address, or browser.

    `marks` are of those who asked or spoke in the browser of `user` (`mark_of`). In the room's transaction.
    """
    mails = [each.email.strip().casefold() for each in (user, first)]
    names = [" ".join(each.full_name.split()).casefold() for each in (user, first)]
    if names[0] == names[1] or (mails[0] and mails[0] == mails[1]) or _mark(str(first.uuid)) in marks:
        raise InputError(Problem("cases.one_person"))


def _mark(uuid: str) -> str:
    return sealing.search_hash(RoomKey.only(Purpose.CODES).secret(), "browser", uuid)[:16]


@in_the_room
def mark_of(user: User) -> str:
    """What her browser keeps when she was the first of two; it says nothing to anybody else. Raises ShutError."""
    return _mark(str(user.uuid))


# --- what holds -------------------------------------------------------------------------------------------------------
@in_the_room
def is_known(user: User) -> bool:
    """Whether somebody has said that her second step is hers, for all that she keeps. Raises ShutError."""
    return _Register([user]).knows(user)


def known_officers_of(area: str) -> tuple[User, ...]:
    """Officers of that kelurahan whom the room is open to. In the room's transaction."""
    people = officers_of(area)
    register = _Register(people)
    return tuple(each for each in people if register.knows(each))


@in_the_room
def code_of(user: User, *, now: datetime | None = None) -> str:
    """What she reads out today: made of her second step, so that nothing is kept of it. Raises ShutError."""
    return _code(user, now or timezone.now())


def _code(user: User, now: datetime) -> str:
    secret = RoomKey.only(Purpose.CODES).secret()
    text = f"{user.uuid} {step_of(user)} {timezone.localdate(now).isoformat()}"
    number = int(sealing.search_hash(secret, "vouch", text), 16)
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(LENGTH))


@in_the_room
def officers(by: User, *, now: datetime | None = None) -> tuple[Officer, ...]:
    """The officers in or around her area, those who wait first. Raises Forbidden, ShutError."""
    demand(may_vouch, by)
    found = list(_officers(by, now or timezone.now()))
    return tuple(sorted(found, key=lambda each: (each.known, not each.has_step, str(each.user))))


def _officers(by: User, now: datetime) -> Iterator[Officer]:
    rows = {row.user.pk: row.user for row in officer_tasks_for(by) if row.user.is_active}
    people = [user for user in rows.values() if may_enter_room(user)]
    register = _Register({by, *people})
    for user in people:
        known, has_step = register.knows(user), user.pk in register.steps
        said = register.said[user.pk] if known else register.first(user, now)
        mine = not known and has_step and _refused(by, user, people, register, now) is None
        yield Officer(user, kept_areas(user), has_step, known, said, mine)


# --- saying it --------------------------------------------------------------------------------------------------------
def vouch(
    *,
    by: User,
    officer: UUID,
    code: str,
    heard: bool,
    marks: Collection[str] = (),
    now: datetime | None = None,
) -> bool:
    """Say that this second step is that officer's, who was `heard` to read out `code`; whether it opens the room now.

    False: a second person, of a task that `by` has not, must say it too within 24 hours. All officers are told.
    Raises Forbidden, Missing for whom she may not say it of, InputError, ShutError.
    """
    demand(may_vouch, by)
    user = User.objects.filter(uuid=officer, is_active=True).first()
    if user is None or not may_enter_room(user) or not step_of(user) or not _reaches(by, user):
        raise Missing(Problem("access.missing"))
    if not heard:
        raise InputError(Problem("cases.vouch_heard"))
    whole = _vouch(by, user, code, marks, now or timezone.now())
    _tell(user)
    return whole


def _tell(user: User) -> None:
    # Leaders and secretariat too: where two of them say it, no officer may be left to be told.
    told = {each for area in kept_areas(user) for each in (*officers_around(area), *watchers_of(area))}
    letters.tell({user, *told})


def _reaches(by: User, user: User) -> bool:
    return by.pk != user.pk and all(may_vouch_in(by, area) for area in kept_areas(user))


def _keeps_all(by: User, user: User) -> bool:
    return all(may_keep_tickets(by, area) for area in kept_areas(user))


@in_the_room
def _vouch(by: User, user: User, code: str, marks: Collection[str], now: datetime) -> bool:
    people = _around(user)
    register = _Register({by, user, *people})
    if register.knows(user):
        raise InputError(Problem("cases.known"))
    why = _refused(by, user, people, register, now, marks=marks)
    if why is not None:
        raise InputError(why)
    first = register.first(user, now)
    _demand_code(user, code, now)
    fresh = Said(str(user.uuid), step_of(user), kept_areas(user), str(by.uuid), now)
    if _keeps_all(by, user):
        fresh = replace(fresh, whole=True)
    elif first is not None:
        fresh = replace(fresh, one=first.one, other=str(by.uuid), whole=True)
    said = register.said.get(user.pk)
    say(user, replace(fresh, before=None if said is None else said.heard_at))
    note(who=str(by.uuid), action="vouch", places=fresh.areas, now=now, officer=fresh.who, whole=fresh.whole)
    return fresh.whole


def _demand_code(user: User, code: str, now: datetime) -> None:
    if "".join(code.split()).replace("-", "").upper() != _code(user, now):
        raise InputError(Problem("cases.vouch_code"))


def say(user: User, said: Said) -> None:
    """Write it in place of what was said before, in the caller's transaction."""
    about = abouts([user])[0]
    row = Vouch.objects.select_related("key").select_for_update(of=("self",)).filter(about=about).first()
    if row is None:
        row = Vouch(about=about, key=RoomKey.fresh(Purpose.VOUCH))
    row.sealed = row.key.seal(said.plain(), f"vouch {row.id}")
    row.save()


def _refused(
    by: User, user: User, people: Iterable[User], register: _Register, now: datetime, *, marks: Collection[str] = ()
) -> Problem | None:
    """Why she may not say it; None where she may. A colleague of `people` is enough; where none is, two of different
    tasks."""
    if not _reaches(by, user):
        return Problem("cases.vouch_area")
    if by.pk in register.behind.of(user):
        return Problem("cases.vouch_hand")
    if _keeps_all(by, user):
        return None if register.knows(by) else Problem("cases.vouch_unknown")
    if _colleagues(user, people, register):
        return Problem("cases.vouch_colleague")
    first = register.first(user, now)
    try:
        if first is None:
            demand_settled(by, ASKERS, kept_areas(user), now)
        else:
            _demand_second(by, first, register, now, marks)
    except InputError as error:
        return error.problems[0]
    # What she made stands beside her, not beside the officer.
    return Problem("cases.vouch_hand") if user.pk in register.behind.of(by) else None


@in_the_room
def colleagues_of(user: User) -> tuple[User, ...]:
    """Whoever may say it of her alone: known officers of all her area who stand not behind her. Raises ShutError."""
    people = _around(user)
    return _colleagues(user, people, _Register(people))


@in_the_room
def pairs_of(user: User, *, now: datetime | None = None) -> tuple[User, ...]:
    """Those of whom two may say it together now, each with at least one of the others. Raises ShutError."""
    now, register = now or timezone.now(), _Register([user])
    watchers = {each.pk: each for area in kept_areas(user) for each in watchers_of(area)}.values()
    behind = register.behind.of(user)
    able = [
        each
        for each in watchers
        if each.pk not in behind and user.pk not in register.behind.of(each) and _reaches(each, user)
    ]
    said = Said(str(user.uuid), step_of(user), kept_areas(user), "", now)
    return tuple(
        each
        for each in able
        if any(
            _are_two(each, other, said, register, now) and _are_two(other, each, said, register, now) for other in able
        )
    )


def _are_two(by: User, other: User, said: Said, register: _Register, now: datetime) -> bool:
    try:
        _demand_second(by, replace(said, one=str(other.uuid)), register, now, ())
    except InputError:
        return False
    return True


def _around(user: User) -> list[User]:
    return list({each.pk: each for area in kept_areas(user) for each in officers_around(area)}.values())


def _colleagues(user: User, people: Iterable[User], register: _Register) -> tuple[User, ...]:
    may = [each for each in people if each.pk != user.pk and _keeps_all(each, user) and register.knows(each)]
    behind = register.behind.of(user) if may else frozenset()
    return tuple(each for each in may if each.pk not in behind)


def _demand_second(by: User, first: Said, register: _Register, now: datetime, marks: Collection[str]) -> None:
    """Raises InputError where she is no second person, of another task than the first, whom nobody else made too."""
    one = User.objects.filter(uuid=first.one, is_active=True).first()
    if one is None or not all(may_vouch_in(one, a) and may_vouch_after(by, a, first.one) for a in first.areas):
        raise InputError(Problem("cases.second"))
    demand_settled(by, roles_left(ASKERS, first.one), first.areas, now)
    demand_two(by, one, marks)
    if register.behind.both(by, one):
        raise InputError(Problem("cases.one_hand"))


# --- the owner of the server ------------------------------------------------------------------------------------------
def say_by_console(*, username: str, code: str, now: datetime | None = None) -> User:
    """Say on the server that this second step is that officer's, who was heard to read out `code`.

    For where nobody is who may: whoever owns the server could read all of it anyway. It stands in the audit and in the
    room's log, and officers, leaders and secretariat are told. Returns who she is. Raises InputError, ShutError.
    """
    now = now or timezone.now()
    user = User.objects.filter(username=username.strip(), is_active=True).first()
    if user is None or not may_enter_room(user) or not step_of(user):
        raise InputError(Problem("cases.console"))
    with transaction.atomic():
        for area in kept_areas(user)[:1]:
            AuditEntry(
                action="people.known_by_console",
                object_type="user",
                object_id=str(user.uuid),
                place_code=area,
                details={"via": "console"},
            ).save()
        _say_by_console(user, code, now)
    _tell(user)
    return user


@in_the_room
def _say_by_console(user: User, code: str, now: datetime) -> None:
    if _Register([user]).knows(user):
        raise InputError(Problem("cases.known"))
    _demand_code(user, code, now)
    said = Said(str(user.uuid), step_of(user), kept_areas(user), "", now, whole=True)
    say(user, said)
    note(who="", action="vouch", places=said.areas, now=now, officer=said.who, whole=True)


def lapse_due() -> int:
    """What was said of whoever is no officer any more goes: given the task again she is known anew. How many went.

    Called every hour. Nothing happens where the room is shut.
    """
    try:
        return _lapse() if keys.versions() else 0
    except keys.ShutError:
        return 0


@in_the_room
def _lapse() -> int:
    gone = 0
    for row in Vouch.objects.select_related("key"):
        user = User.objects.filter(uuid=Said.of(row).who).first()
        if user is None or not may_enter_room(user):
            key = row.key
            row.delete()
            key.delete()
            gone += 1
    return gone
