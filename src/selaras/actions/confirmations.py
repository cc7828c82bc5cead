"""What a family says is written down: what it received, who holds the aid, what each woman says. Nothing is changed.

Each word is a row of its own and nothing follows from it: no need is closed, no commitment moved on, no place on the
list lost. What a word means is read by `queries.confirmations`.
"""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_ask_family, one
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import (
    AidKind,
    AidUser,
    Commitment,
    Confirmation,
    Holder,
    Holding,
    Household,
    Person,
    Round,
    RoundKind,
    Said,
    User,
    Via,
    WomanAccess,
    WomanBenefit,
    WomanControl,
    WomanSaid,
)
from selaras.queries.family_sheet import sheets_of
from selaras.queries.household import household_of
from selaras.queries.programme import today_in
from selaras.queries.rounds import find_round


def say_received(
    *,
    by: User,
    cycle_slug: str,
    code: str,
    household: str,
    answers: Mapping[int, bool],
    said: str,
    from_paper: bool = False,
    on: date | None = None,
) -> int:
    """What a family says of what was promised to it: commitment id -> received or not yet; how many words are new.

    `said` is who of it answered (Said). `from_paper`: typed from a sheet that she ticked. Raises Missing, Forbidden,
    InputError.
    """
    family = household_of(by, cycle_slug, code, household)
    demand(may_ask_family, by, family)
    if said not in Said.values:
        raise InputError(Problem("voice.who", "siapa"))
    if not answers:
        raise InputError(Problem("voice.nothing"))
    (told,) = sheets_of(family.lokus, [family])
    if not set(answers) <= {line.id for line in told.promises}:
        raise InputError(Problem("voice.promise"))
    day = _day(family, on)
    via = Via.PAPER if from_paper else Via.CADRE
    return write_words(by=by, family=family, answers=answers, said=Said(said), via=via, on=day)


def write_words(*, by: Actor, family: Household, answers: Mapping[int, bool], said: Said, via: Via, on: date) -> int:
    """Write these words of a family, whoever let them in; how many are new: the same said again on that day is none.

    The caller has checked who may, and that the family was promised these. Raises Missing where it was erased.
    """
    person = by if isinstance(by, User) else None
    now = timezone.now()
    with transaction.atomic():
        # One after another, so that of one day the newest row is the last word.
        _living(family)
        newest: dict[int, tuple[bool, str]] = {}
        rows = Confirmation.objects.filter(household=family, commitment__in=list(answers), on=on).order_by("at", "pk")
        for commitment, received, who in rows.values_list("commitment_id", "received", "said"):
            newest[commitment] = received, who
        fresh = {which: got for which, got in answers.items() if newest.get(which) != (got, said.value)}
        Confirmation.objects.bulk_create(
            Confirmation(
                household=family, commitment_id=which, received=got, said=said, via=via, on=on, by=person, at=now
            )
            for which, got in fresh.items()
        )
        if fresh:
            numbers = {row.pk: str(row) for row in Commitment.objects.filter(pk__in=list(fresh)).order_by("number")}
            _written(
                by,
                "families.confirm",
                family,
                received=[number for pk, number in numbers.items() if fresh[pk]],
                not_yet=[number for pk, number in numbers.items() if not fresh[pk]],
                said=said.value,
                via=via.value,
            )
    return len(fresh)


def say_holding(
    *,
    by: User,
    cycle_slug: str,
    code: str,
    household: str,
    round_slug: str,
    commitment: int,
    kind: str,
    held_by: str,
    used_by: str,
    on: date | None = None,
) -> Holding:
    """Who holds and uses what came of a commitment, as a family says in a round after the baseline.

    A service is held by nobody and asked no further. Raises Missing, Forbidden, InputError.
    """
    family = household_of(by, cycle_slug, code, household)
    demand(may_ask_family, by, family)
    round_ = _round(family, round_slug)
    (told,) = sheets_of(family.lokus, [family])
    if commitment not in {line.id for line in told.promises}:
        raise InputError(Problem("voice.promise"))
    if kind not in AidKind.values:
        raise InputError(Problem("voice.kind", "jenis"))
    if kind == AidKind.SERVICE:
        held_by = used_by = ""
    elif held_by not in Holder.values:
        raise InputError(Problem("voice.holder", "dipegang"))
    elif held_by == Holder.GONE:
        used_by = ""
    elif used_by not in AidUser.values:
        raise InputError(Problem("voice.user", "dipakai"))
    day = _day(family, on)
    with transaction.atomic():
        _living(family)
        made = Holding.objects.create(
            household=family, commitment_id=commitment, round=round_, kind=kind, held_by=held_by, used_by=used_by,
            on=day, by=by,
        )  # fmt: skip
        _written(by, "families.holding", family, round=round_slug, commitment=str(made.commitment))
    return made


def say_woman(
    *,
    by: User,
    cycle_slug: str,
    code: str,
    household: str,
    round_slug: str,
    woman: UUID,
    role: Collection[str] | None,
    access: str,
    control: str,
    benefit: str,
    on: date | None = None,
) -> WomanSaid:
    """What one woman of a family answers to the four questions in a round after the baseline; said again, it replaces.

    '' and None are not answered: nobody must. The audit names no answer. Raises Missing, Forbidden, InputError.
    """
    family = household_of(by, cycle_slug, code, household)
    demand(may_ask_family, by, family)
    round_ = _round(family, round_slug)
    person = one(Person.objects.filter(household=family).exclude(sex="L"), uuid=woman)
    places = None if role is None else [place for place in WomanSaid.ROLE_PLACES if place in set(role)]
    known = places is None or set(role or ()) <= set(WomanSaid.ROLE_PLACES)
    asked = ((access, WomanAccess), (control, WomanControl), (benefit, WomanBenefit))
    if not known or any(given and given not in choices.values for given, choices in asked):
        raise InputError(Problem("voice.answer"))
    if places is None and not any(given for given, _choices in asked):
        raise InputError(Problem("voice.nothing"))
    values = {"role": places, "access": access, "control": control, "benefit": benefit}
    with transaction.atomic():
        _living(family)
        made, _new = WomanSaid.objects.update_or_create(
            woman=person, round=round_,
            defaults={**values, "household": family, "on": _day(family, on), "by": by, "at": timezone.now()},
        )  # fmt: skip
        _written(by, "families.woman", family, round=round_slug)
    return made


def _living(family: Household) -> None:
    """Hold the family until the transaction ends. Raises Missing: an erased one says nothing any more."""
    one(Household.objects.select_for_update(of=("self",)).filter(erased_at__isnull=True), pk=family.pk)


def _round(family: Household, slug: str) -> Round:
    round_ = find_round(family.lokus.cycle, slug)
    if round_.kind == RoundKind.BASELINE:
        raise InputError(Problem("voice.round", "putaran"))
    return round_


def _day(family: Household, on: date | None) -> date:
    """The day on which it was said, today where nobody says; not one to come, nor one before the year's own."""
    today = today_in(family.lokus.cycle)
    day = on or today
    if not date(family.lokus.cycle.year, 1, 1) <= day <= today:
        raise InputError(Problem("voice.day", "tanggal"))
    return day


def _written(by: Actor, action: str, family: Household, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="household",
        object_id=family.uuid,
        place_code=family.area,
        codes=[family.code],
        **details,
    )
