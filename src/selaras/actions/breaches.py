"""Something happened to personal data: written down with its clock, told of, closed with what was learnt.

The clock runs from the hour in which somebody knew. Nothing is deleted: one that turns out to be none is closed and
says why. Source: UU 27/2022 art. 46.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from selaras.access import demand, may_keep_breaches, the_cycle
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import Breach, BreachCause, BreachKind, Cycle, Lokus, User
from selaras.queries.breaches import breach_of, breach_page
from selaras.queries.dossier_names import names_of_year
from selaras.queries.legal_clocks import clocks
from selaras.reports.breach_letters import breach_letter
from selaras.reports.letters import Paper

LONGEST: Final = {"happened": 300, "handled": 600, "closed_as": 300}
OLDEST: Final = timedelta(days=366)
#: Whom a breach is told to.
Told = Literal["authority", "people", "public"]


@dataclass(frozen=True, slots=True)
class BreachSaid:
    """What the form says. `lokus` is its code, '' for the whole city; counts are '' while nobody knows."""

    cause: str
    kinds: Sequence[str]
    known_at: datetime | None
    happened: str
    handled: str = ""
    families: str = ""
    accounts: str = ""
    lokus: str = ""


def enter_breach(*, by: User, cycle_slug: str, said: BreachSaid) -> Breach:
    """Begin its clock. Raises Missing, Forbidden, InputError with all that is wrong at once."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_breaches, by, cycle)
    values = _checked(cycle, said)
    with transaction.atomic():
        Cycle.objects.select_for_update().get(pk=cycle.pk)
        number = (Breach.objects.filter(cycle=cycle).aggregate(n=Max("number"))["n"] or 0) + 1
        row = Breach.objects.create(cycle=cycle, number=number, entered_by=by, **values)
        _record(by, "breaches.enter", row, kind=row.cause, known_at=_moment(row.known_at), due=_moment(row.due_at))
    return row


def change_breach(*, by: User, cycle_slug: str, breach: UUID, said: BreachSaid, seen: int) -> Breach:
    """Say it better: more becomes known as days pass. The hour in which somebody knew may be put right, but what was
    said of it before stays in the audit, and the page and the letters tell it (`queries.breaches.BreachPage`).

    Raises as `enter_breach`, InputError where it was changed.
    """
    with transaction.atomic():
        row = _locked(by, cycle_slug, breach, seen)
        before = _moment(row.known_at)
        for name, value in _checked(row.cycle, said).items():
            setattr(row, name, value)
        _save(row)
        now = _moment(row.known_at)
        moved = {"known_at": now, "was": before, "due": _moment(row.due_at)} if now != before else {}
        _record(by, "breaches.change", row, kind=row.cause, **moved)
    return row


def tell_of_breach(*, by: User, cycle_slug: str, breach: UUID, whom: str, seen: int) -> Breach:
    """It was told to the authority, to those whose data they are, or to the public, just now. Raises as above."""
    fields: dict[str, str] = {each: f"{each}_told_at" for each in ("authority", "people", "public")}
    if whom not in fields:
        raise InputError(Problem("breach.stale"))
    with transaction.atomic():
        row = _locked(by, cycle_slug, breach, seen)
        setattr(row, fields[whom], timezone.now())
        _save(row)
        _record(by, "breaches.told", row, to=whom)
    return row


def close_breach(*, by: User, cycle_slug: str, breach: UUID, learnt: str, seen: int) -> Breach:
    """Nothing more is to be done. Raises as above; InputError without a word on what was learnt, or with a name."""
    if not learnt.strip():
        raise InputError(Problem("breach.closed_as", "pelajaran"))
    with transaction.atomic():
        row = _locked(by, cycle_slug, breach, seen)
        if problems := list(_naming(row.cycle, {"pelajaran": learnt})):
            raise InputError(problems)
        row.closed_at, row.closed_as = timezone.now(), learnt.strip()[: LONGEST["closed_as"]]
        _save(row)
        _record(by, "breaches.close", row)
    return row


def take_letter(*, by: User, cycle_slug: str, breach: UUID, to: str) -> Paper:
    """The draft of the notice to the authority or to the people, with what is known now; taking it is written down."""
    page = breach_page(by, cycle_slug, breach)
    if to not in {"authority", "people"}:
        raise InputError(Problem("breach.stale"))
    paper = breach_letter(page, to)
    with transaction.atomic():
        _record(by, "breaches.letter", breach_of(by, cycle_slug, breach), to=to)
    return paper


def _checked(cycle: Cycle, said: BreachSaid) -> dict[str, Any]:
    now = timezone.now()
    problems = [
        *([] if said.cause in BreachCause.values else [Problem("breach.cause", "sebab")]),
        *([] if said.kinds and set(said.kinds) <= set(BreachKind.values) else [Problem("breach.kinds", "data")]),
        *([] if said.known_at and now - OLDEST <= said.known_at <= now else [Problem("breach.known", "diketahui")]),
        *([] if said.happened.strip() else [Problem("breach.happened", "kejadian")]),
        *_naming(cycle, {"kejadian": said.happened, "penanganan": said.handled}),
    ]
    counts = {name: _count(name, getattr(said, name), problems) for name in ("families", "accounts")}
    lokus = Lokus.objects.filter(cycle=cycle, area=said.lokus).first() if said.lokus else None
    if said.lokus and lokus is None:
        problems.append(Problem("breach.lokus", "lokus"))
    if problems or said.known_at is None:
        raise InputError(problems)
    return {
        "cause": said.cause,
        "kinds": [kind for kind in BreachKind.values if kind in said.kinds],
        "known_at": said.known_at,
        "due_at": clocks()["breach"].ends(said.known_at),
        "happened": said.happened.strip()[: LONGEST["happened"]],
        "handled": said.handled.strip()[: LONGEST["handled"]],
        "lokus": lokus,
        **counts,
    }


def _naming(cycle: Cycle, texts: Mapping[str, str]) -> Iterator[Problem]:
    """The notices repeat these words, and nothing here is ever deleted: a name or number of the registry is refused."""
    names = names_of_year(cycle.pk) if any(texts.values()) else None
    for field, text in texts.items():
        if names is not None and names.tells(text):
            yield Problem("breach.name", field)


def _count(name: str, text: str, problems: list[Problem]) -> int | None:
    text = text.strip().replace(".", "")
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) < 8:
        return int(text)
    problems.append(Problem("breach.count", {"families": "keluarga", "accounts": "akun"}[name], {"found": text[:20]}))
    return None


def _locked(by: User, slug: str, breach: UUID, seen: int) -> Breach:
    found = breach_of(by, slug, breach)
    Breach.objects.select_for_update(of=("self",)).get(pk=found.pk)
    row = breach_of(by, slug, breach)
    if row.version != seen or row.closed_at is not None:
        raise InputError(Problem("breach.stale"))
    return row


def _moment(at: datetime) -> str:
    """To the minute, as the form has it, in the server's zone."""
    return timezone.localtime(at, timezone.get_default_timezone()).isoformat(timespec="minutes")


def _save(row: Breach) -> None:
    row.version += 1
    row.save()


def _record(by: User, action: str, row: Breach, **details: object) -> None:
    place = row.cycle.place.code if row.lokus is None else row.lokus.area
    audit.record(by=by, action=action, object_type="breach", object_id=row.uuid, place_code=place, **details)
