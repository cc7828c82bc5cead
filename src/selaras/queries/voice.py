"""What the families of a lokus say, counted: received or not, who holds the aid, and what women answer.

For the city's own people. Answers of women about their homes are counted from five on, and never so that a smaller
number can be reckoned from the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Q

from selaras.access import (
    SMALLEST_COUNT,
    commitments_for,
    demand,
    may_hear_families,
    may_print_sheets,
    may_see_names,
    may_set_sheet_contact,
    one,
    registry_for,
    shown_count,
)
from selaras.errors import InputError, Problem
from selaras.models import (
    AidKind,
    AidUser,
    CommitmentState,
    Holder,
    Holding,
    Household,
    Lokus,
    Round,
    SheetContact,
    User,
    WomanAccess,
    WomanBenefit,
    WomanControl,
    WomanSaid,
)
from selaras.queries.confirmations import Promised, Standing, Word, apart_of, promised, said_of, standing
from selaras.queries.family_voice import asked_rounds
from selaras.queries.matrix_rows import promises_of
from selaras.queries.programme import cycle_ref, lokus_in, lokus_ref, primary_of, today_in
from selaras.queries.progress import counted_families
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref

#: Sheets that one file holds.
MOST_FAMILIES: Final = 300
#: Codes that stand behind a number.
MOST_CODES: Final = 40
NOWHERE: Final = "tidak"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose sheets: of one RT, of one family by its code, else of all that she sees."""

    rt: str = ""
    rw: str = ""
    household: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """An RT with so many families."""

    rw: str
    rt: str
    families: int


@dataclass(frozen=True, slots=True)
class CommitmentVoice:
    """What families of the lokus say of one commitment. `contradicted`: the office calls it done, families do not.

    `waiting` are the codes of those who say *belum*, for who works with them by name.
    """

    number: int
    label: str
    title: str
    agency: str
    state: str
    received: int
    not_yet: int
    unasked: int
    contradicted: bool
    waiting: tuple[str, ...]

    @property
    def families(self) -> int:
        return self.received + self.not_yet + self.unasked


@dataclass(frozen=True, slots=True)
class AidVoice:
    """Who holds and uses what was given, in one round, of `families` asked. `taken` are codes where a man has it or
    uses it alone; `by_man` counts them."""

    round: RoundRef
    families: int
    held: tuple[tuple[str, int], ...]
    used: tuple[tuple[str, int], ...]
    by_man: int
    in_office: int
    gone: int
    unused: int
    taken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a round: `n` women answered it, None where fewer than five; so are counts that must stay
    untold. `counts` are by answer, in the order in which it is asked."""

    name: str
    n: int | None
    counts: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class WomenVoice:
    """The four questions in one round."""

    round: RoundRef
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class VoicePage:
    """The families' voice of one lokus. `families` were promised something; `answered` of them have said something.

    `to_ask` are the codes of the others, for who works with them by name.
    """

    cycle: CycleRef
    lokus: LokusRef
    families: int
    answered: int
    to_ask: tuple[str, ...]
    lines: tuple[CommitmentVoice, ...]
    aid: tuple[AidVoice, ...]
    women: tuple[WomenVoice, ...]
    contact_name: str
    contact_phone: str
    blocks: tuple[Block, ...]
    may_print: bool
    may_set_contact: bool
    may_see_names: bool


def voice_page(user: User, cycle_slug: str, code: str) -> VoicePage:
    """The page. Raises Missing, Forbidden. Statements do not grow with families or commitments."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_hear_families, user, lokus)
    named = may_see_names(user, lokus)
    seen = dict(registry_for(user, lokus).values_list("pk", "code")) if named else {}
    voices = _Voices(user, lokus, seen)
    rounds, _shown = asked_rounds(lokus.cycle_id, today_in(lokus.cycle))
    contact = SheetContact.objects.filter(lokus=lokus).first()
    return VoicePage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        families=voices.families,
        answered=voices.answered,
        to_ask=voices.to_ask(),
        lines=voices.lines(),
        aid=_aid(lokus, rounds, seen),
        women=_women(lokus, rounds),
        contact_name=contact.name if contact else "",
        contact_phone=contact.phone if contact else "",
        blocks=_blocks(user, lokus) if named else (),
        may_print=may_print_sheets(user, lokus),
        may_set_contact=may_set_sheet_contact(user, lokus),
        may_see_names=named,
    )


def families_wanted(user: User, lokus: Lokus, wanted: Wanted) -> list[Household]:
    """The families whose sheets she asked for, in order of RW, RT and code: those of the list of 100, once there is
    one. Raises Missing, InputError where nobody fits or too many do."""
    if wanted.household:
        rows = registry_for(user, lokus).select_related("key")
        found = [one(rows, code=wanted.household.strip().upper())]
    else:
        _listed, rows = counted_families(user, lokus)
        if wanted.rt:
            rows = rows.filter(rt=wanted.rt)
        if wanted.rw:
            rows = rows.filter(rw=wanted.rw)
        found = list(rows.select_related("key").order_by("rw", "rt", "code")[: MOST_FAMILIES + 1])
    if not found:
        raise InputError(Problem("sheet.nobody"))
    if len(found) > MOST_FAMILIES:
        raise InputError(Problem("sheet.many", values={"most": MOST_FAMILIES}))
    for family in found:
        family.lokus = lokus
    return found


def _blocks(user: User, lokus: Lokus) -> tuple[Block, ...]:
    _listed, rows = counted_families(user, lokus)
    counted = rows.order_by("rw", "rt").values("rw", "rt").annotate(n=Count("pk"))
    return tuple(Block(row["rw"], row["rt"], row["n"]) for row in counted)


class _Voices:
    """The words of the lokus, by commitment."""

    def __init__(self, user: User, lokus: Lokus, seen: Mapping[int, str]) -> None:
        promises = [promise for promise, _area in promises_of(lokus.cycle)]
        every = list(promised(Q(lokus__cycle=lokus.cycle_id), promises))
        apart = apart_of(primary_of(lokus.cycle), promises, every)
        here = [row for row in every if row.lokus == lokus.pk]
        self._stands = _stands(here, apart, said_of({row.household for row in here}, lokus.cycle))
        self._rows = commitments_for(user).filter(pk__in={commitment for commitment, _family in self._stands})
        self._seen = seen

    @property
    def families(self) -> int:
        return len({family for _commitment, family in self._stands})

    @property
    def answered(self) -> int:
        return len({family for (_commitment, family), stands in self._stands.items() if stands != "unasked"})

    def to_ask(self) -> tuple[str, ...]:
        """The families that she works with and that have said nothing yet."""
        said = {family for (_commitment, family), stands in self._stands.items() if stands != "unasked"}
        open_ = {family for _commitment, family in self._stands} - said
        return tuple(sorted(self._seen[family] for family in open_ if family in self._seen)[:MOST_CODES])

    def lines(self) -> tuple[CommitmentVoice, ...]:
        """What an office calls done and families do not, first; then by number."""
        counts: dict[int, Counter[Standing]] = defaultdict(Counter)
        waiting: dict[int, list[str]] = defaultdict(list)
        for (commitment, family), stands in self._stands.items():
            counts[commitment][stands] += 1
            if stands == "not_yet" and family in self._seen:
                waiting[commitment].append(self._seen[family])
        found = []
        for row in self._rows.order_by("number"):
            count = counts[row.pk]
            found.append(
                CommitmentVoice(
                    number=row.number,
                    label=str(row),
                    title=row.title,
                    agency=row.agency.short_name,
                    state=row.state,
                    received=count["received"],
                    not_yet=count["not_yet"],
                    unasked=count["unasked"],
                    contradicted=row.state == CommitmentState.DONE and count["not_yet"] > 0,
                    waiting=tuple(sorted(waiting[row.pk])[:MOST_CODES]),
                )
            )
        return tuple(sorted(found, key=lambda line: (not line.contradicted, line.number)))


def _stands(
    rows: Iterable[Promised], apart: frozenset[int], said: Mapping[tuple[int, int], list[Word]]
) -> dict[tuple[int, int], Standing]:
    """(commitment, family) -> how it stands."""
    pairs = {(promise.id, row.household) for row in rows for promise in row.promises if promise.id not in apart}
    return {pair: standing(said.get((pair[1], pair[0]), ())) for pair in sorted(pairs)}


# --- who holds the aid ------------------------------------------------------------------------------------------------
def _aid(lokus: Lokus, rounds: Iterable[Round], seen: Mapping[int, str]) -> tuple[AidVoice, ...]:
    """Of each round in which it was asked, the newest word of every family and commitment."""
    rows = Holding.objects.filter(household__lokus=lokus, round__in=[each.pk for each in rounds])
    rows = rows.filter(household__erased_at__isnull=True, household__pending__isnull=True)
    newest: dict[int, dict[tuple[int, int], tuple[str, str, str]]] = defaultdict(dict)
    values = ("round_id", "household_id", "commitment_id", "kind", "held_by", "used_by")
    for round_, household, commitment, *said in rows.order_by("on", "at", "pk").values_list(*values):
        newest[round_][household, commitment] = said[0], said[1], said[2]
    return tuple(_aid_of(each, newest[each.pk], seen) for each in rounds if each.pk in newest)


def _aid_of(round_: Round, said: Mapping[tuple[int, int], tuple[str, str, str]], seen: Mapping[int, str]) -> AidVoice:
    things = {key: value for key, value in said.items() if value[0] != AidKind.SERVICE}
    held = Counter(holder for _kind, holder, _user in things.values())
    used = Counter(user for _kind, _holder, user in things.values() if user)
    taken = {
        household
        for (household, _commitment), (_kind, holder, user) in things.items()
        if holder == Holder.MAN or user == AidUser.MAN
    }
    by_man = sum(holder == Holder.MAN or user == AidUser.MAN for _kind, holder, user in things.values())
    return AidVoice(
        round=round_ref(round_),
        families=len({household for household, _commitment in things}),
        held=tuple((name, held[name]) for name in Holder.values if held[name]),
        used=tuple((name, used[name]) for name in AidUser.values if used[name]),
        by_man=by_man,
        in_office=held[Holder.OFFICE],
        gone=held[Holder.GONE],
        unused=used[AidUser.NOBODY],
        taken=tuple(sorted(seen[household] for household in taken if household in seen)[:MOST_CODES]),
    )


# --- the four questions -----------------------------------------------------------------------------------------------
def _women(lokus: Lokus, rounds: Iterable[Round]) -> tuple[WomenVoice, ...]:
    rows = WomanSaid.objects.filter(household__lokus=lokus, round__in=[each.pk for each in rounds])
    rows = rows.filter(household__erased_at__isnull=True, household__pending__isnull=True)
    rows = rows.annotate(living=Q(woman__isnull=False, woman__household__pending__isnull=True)).order_by("pk")
    # Answers of whom the registry wrote anew, or whose family became another's, cannot be told from hers who was asked
    # again since: of a family in which somebody was, they count no more. Rather one woman too few than one twice.
    again = {(row.household_id, row.round_id) for row in rows if row.living}
    said: dict[int, list[WomanSaid]] = defaultdict(list)
    for row in rows:
        if row.living or (row.household_id, row.round_id) not in again:
            said[row.round_id].append(row)
    return tuple(WomenVoice(round_ref(each), questions_of(said[each.pk])) for each in rounds if each.pk in said)


def questions_of(rows: Iterable[WomanSaid]) -> tuple[Question, ...]:
    """The four questions counted over these women, with nothing told of fewer than five."""
    there = list(rows)
    roles = [row.role for row in there if row.role is not None]
    places = {place: sum(place in role for role in roles) for place in WomanSaid.ROLE_PLACES}
    several = {**places, NOWHERE: sum(not role for role in roles)}
    return (
        Question("role", _enough(len(roles)), _each_alone(several, len(roles))),
        _single("access", WomanAccess.values, [row.access for row in there]),
        _single("control", WomanControl.values, [row.control for row in there]),
        _single("benefit", WomanBenefit.values, [row.benefit for row in there]),
    )


def _enough(n: int) -> int | None:
    return n if n >= SMALLEST_COUNT or n == 0 else None


def _each_alone(counts: Mapping[str, int], n: int) -> tuple[tuple[str, int | None], ...]:
    """Answers of which one may give several: each count is told where neither it nor the rest is one to four."""
    told = _enough(n)
    return tuple((name, None if told is None else shown_count(count, n)) for name, count in counts.items())


def _single(name: str, answers: Iterable[str], said: Iterable[str]) -> Question:
    """Answers of which one gives one. Where a single count would stay untold, and could be reckoned from the others,
    the smallest of those goes with it."""
    counted = Counter(answer for answer in said if answer)
    n = counted.total()
    untold = {answer for answer in answers if 0 < counted[answer] < SMALLEST_COUNT}
    if untold and sum(counted[answer] for answer in untold) < SMALLEST_COUNT:
        others = [answer for answer in answers if answer not in untold and counted[answer]]
        untold |= set(sorted(others, key=lambda answer: counted[answer])[:1])
    told = _enough(n)
    shown = tuple((answer, None if told is None or answer in untold else counted[answer]) for answer in answers)
    return Question(name, told, shown)
