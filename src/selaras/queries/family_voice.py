"""One family's own voice, as whoever works with it asks for it: its sheet read aloud, the aid, the four questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from selaras.access import demand, has_role, may_ask_family, may_see_household
from selaras.models import (
    Confirmation,
    FamilySheet,
    Holding,
    Household,
    Person,
    Role,
    Round,
    RoundKind,
    Sex,
    User,
    WomanSaid,
)
from selaras.queries.family_sheet import PromiseLine, Sheet, sheets_of
from selaras.queries.household import household_of, relation_words
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of, today_in
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import instrument_of
from selaras.queries.sheet_door import contact_words

#: Words of the past that the page lists.
MOST_HISTORY = 30


@dataclass(frozen=True, slots=True)
class AidLine:
    """One promise that she calls received, and who holds and uses what came of it in the shown round; '' not asked yet.

    `kind` is what it was called last, in whichever round: it is asked once.
    """

    promise: PromiseLine
    kind: str
    held_by: str
    used_by: str
    on: date | None


@dataclass(frozen=True, slots=True)
class WomanLine:
    """One woman of the family by her place in its list, and what she answered in the shown round.

    `role` is None where that was not answered; `on` None where she has not been asked.
    """

    uuid: UUID
    position: int
    relation: str
    role: tuple[str, ...] | None
    access: str
    control: str
    benefit: str
    on: date | None


@dataclass(frozen=True, slots=True)
class WordLine:
    """Something that was said before: of which promise, received or not, by whom of the family, how, when."""

    number: str
    title: str
    received: bool
    said: str
    via: str
    on: date
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class FamilyVoicePage:
    """Everything that is asked of one family. `round` is the shown one of `rounds`, those after the baseline.

    `sheet_code`: whether a printed sheet's code is open, and since when; `locked` after too many wrong names.
    """

    cycle: CycleRef
    lokus: LokusRef
    sheet: Sheet
    contact: str
    rounds: tuple[RoundRef, ...]
    round: RoundRef | None
    aid: tuple[AidLine, ...]
    women: tuple[WomanLine, ...]
    history: tuple[WordLine, ...]
    printed_at: datetime | None
    locked: bool
    today: date
    may_ask: bool
    aloud: bool


def family_voice_page(user: User, cycle_slug: str, code: str, household: str, round_slug: str = "") -> FamilyVoicePage:
    """The page of that family; '' is the newest round after the baseline that has begun. Raises Missing, Forbidden."""
    family = household_of(user, cycle_slug, code, household)
    demand(may_see_household, user, family)
    lokus = family.lokus
    (sheet,) = sheets_of(lokus, [family])
    today = today_in(lokus.cycle)
    rounds, shown = asked_rounds(lokus.cycle_id, today, round_slug)
    open_sheet = FamilySheet.objects.filter(household=family, closed_at__isnull=True).first()
    return FamilyVoicePage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        sheet=sheet,
        contact=contact_words(lokus),
        rounds=tuple(round_ref(each) for each in rounds),
        round=None if shown is None else round_ref(shown),
        aid=_aid(family, sheet, shown),
        women=_women(family, shown),
        history=_history(family, sheet),
        printed_at=None if open_sheet is None else open_sheet.printed_at,
        locked=open_sheet is not None and open_sheet.locked,
        today=today,
        may_ask=may_ask_family(user, family),
        aloud=has_role(user, Role.CADRE),
    )


def asked_rounds(cycle: int, today: date, slug: str = "") -> tuple[list[Round], Round | None]:
    """The rounds in which aid and the four questions are asked, and the one asked for; an unknown one is the usual."""
    rows = Round.objects.filter(cycle=cycle).exclude(kind=RoundKind.BASELINE)
    rounds = list(rows.select_related("cycle__place").order_by("opens", "pk"))
    chosen = next((each for each in rounds if round_ref(each).slug == slug), None)
    begun = [each for each in rounds if each.opens <= today]
    return rounds, chosen or next(iter(begun[::-1] or rounds), None)


def _aid(family: Household, sheet: Sheet, shown: Round | None) -> tuple[AidLine, ...]:
    """What she calls received; a service once it is known to be one."""
    received = [line for line in sheet.promises if line.standing == "received"]
    rows = list(Holding.objects.filter(household=family).order_by("on", "at", "pk"))
    kinds = {row.commitment_id: row.kind for row in rows}
    here = {row.commitment_id: row for row in rows if shown is not None and row.round_id == shown.pk}
    found = []
    for line in received:
        row = here.get(line.id)
        said = ("", "", None) if row is None else (row.held_by, row.used_by, row.on)
        found.append(AidLine(line, kinds.get(line.id, ""), *said))
    return tuple(found)


def _women(family: Household, shown: Round | None) -> tuple[WomanLine, ...]:
    persons = Person.objects.filter(household=family).exclude(sex=Sex.MALE).order_by("position")
    said = {row.woman_id: row for row in WomanSaid.objects.filter(household=family, round=shown)} if shown else {}
    version = primary_of(family.lokus.cycle)
    instrument = None if version is None else instrument_of(version)
    found = []
    for person in persons:
        row = said.get(person.pk)
        answers = (None, "", "", "", None) if row is None else _answers(row)
        found.append(WomanLine(person.uuid, person.position, relation_words(instrument, person.relation), *answers))
    return tuple(found)


def _answers(row: WomanSaid) -> tuple[tuple[str, ...] | None, str, str, str, date]:
    role = None if row.role is None else tuple(row.role)
    return role, row.access, row.control, row.benefit, row.on


def _history(family: Household, sheet: Sheet) -> tuple[WordLine, ...]:
    """What it said, the newest first; of what it may hear of."""
    told = [line.id for line in sheet.promises]
    rows = Confirmation.objects.filter(household=family, commitment__in=told).select_related("commitment", "by")
    return tuple(
        WordLine(
            str(row.commitment),
            row.commitment.title,
            row.received,
            row.said,
            row.via,
            row.on,
            row.at,
            row.by.get_full_name() if row.by else "",
        )
        for row in rows.order_by("-at", "-pk")[:MOST_HISTORY]
    )
