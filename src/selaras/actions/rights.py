"""People ask about their own data: the request is written down with its clock, answered, and she is told.

Order of a request: somebody writes down what she asks; the office makes sure that it is her; it is done or refused on
one of a few grounds; she is told. A wish to be forgotten destroys what the request itself says of her too.
Source: UU 27/2022 art. 5 to 15, 30, 32, 33, 40, 41, 43 to 45.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import override

from selaras.access import Actor, demand, households_for, may_ask_for, may_open_requests, may_settle_requests, the_cycle
from selaras.actions import audit
from selaras.actions.restrictions import lift
from selaras.actions.rights_deeds import carry_out, deed_for, family_of
from selaras.errors import InputError, Problem
from selaras.models import (
    Arrival,
    ArrivalState,
    Cycle,
    DataKey,
    Household,
    KeyPurpose,
    Reason,
    RefusalGround,
    RequestKind,
    RequestState,
    RightsRequest,
    User,
)
from selaras.queries.legal_clocks import clocks
from selaras.queries.rights import Named, looks_at_texts, request_of, texts_naming
from selaras.queries.subject_copy import copy_of
from selaras.reports.letters import Paper
from selaras.reports.subject_copy import copy_paper

LONGEST: Final = {"asker": 120, "reach": 120, "words": 1000}
#: A request on paper may have lain somewhere; the clock began when it was received.
OLDEST: Final = timedelta(days=60)


def ask_about_data(
    *,
    by: User,
    cycle_slug: str,
    kind: str,
    household: str,
    asker: str,
    reach: str,
    words: str = "",
    received_at: datetime | None = None,
) -> RightsRequest:
    """Write down what somebody asks about her data; `household` is her family's code, '' for nobody in the registry.

    The clock begins at `received_at` (now where None). Raises Missing, Forbidden; InputError for an unknown kind or
    family, for no name or no way to tell her, and for a moment to come or long past.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_open_requests, by, cycle)
    now = timezone.now()
    begins = received_at or now
    problems = [
        *([] if kind in RequestKind.values else [Problem("rights.kind", "apa")]),
        *([] if asker.strip() else [Problem("rights.asker", "nama")]),
        *([] if reach.strip() else [Problem("rights.reach", "hubungi")]),
        *([] if now - OLDEST <= begins <= now else [Problem("rights.received", "diterima")]),
    ]
    family = _family(by, cycle, household.strip(), problems)
    if problems:
        raise InputError(problems)
    with transaction.atomic():
        key = DataKey.fresh(KeyPurpose.RIGHTS)
        key.save()
        row = RightsRequest(cycle=cycle, household=family, kind=kind, key=key, received_at=begins)
        row.number = _next_number(cycle)
        row.area = cycle.place.code if family is None else family.area
        row.due_at = clocks()[kind].ends(begins)
        row.entered_by, row.entered_at = by, now
        for field, text in (("asker", asker), ("reach", reach), ("words", words)):
            sealed = key.seal_text(text.strip()[: LONGEST[field]], row.context(field))
            setattr(row, f"{field}_sealed", sealed)
        row.save()
        _record(by, "rights.ask", row, kind=kind)
    return row


def know_asker(*, by: User, cycle_slug: str, request: UUID, seen: int) -> RightsRequest:
    """The office is sure that it is her. Raises Missing, Forbidden, InputError where it was changed or answered."""
    with transaction.atomic():
        row = _locked(by, cycle_slug, request, seen)
        row.known_at = timezone.now()
        _save(row)
        _record(by, "rights.known", row)
    return row


def answer_request(
    *,
    by: User,
    cycle_slug: str,
    request: UUID,
    state: str,
    ground: str = "",
    deed: str = "",
    about: str = "",
    seen: int,
) -> RightsRequest:
    """It was done, refused on one of RefusalGround, or she does not want it any more.

    Done is done here: it erases or restricts a family, withdraws its consent, takes a name out of texts; `deed` (a
    Deed) is chosen where the request is about no family, `about` names the photo or account. A correction must have
    been made before. Raises as `know_asker`; InputError where nobody was sure yet who asks, for no ground, and where
    nothing was done.
    """
    with transaction.atomic():
        row = _locked(by, cycle_slug, request, seen)
        _check_answer(row, state, ground)
        now, texts = timezone.now(), 0
        family = family_of(row) if state == RequestState.DONE else None
        if family is not None:
            row.household, row.area = family, family.area
        row.deed = deed_for(by, row, family, deed, about) if state == RequestState.DONE else ""
        row.state, row.answered_at, row.answered_by = state, now, by
        row.ground = ground if state == RequestState.REFUSED else ""
        _save(row)
        if state == RequestState.DONE:
            texts = carry_out(by=by, row=row, family=family, about=about, now=now)
        told = {"deed": row.deed, **({"texts": texts} if texts else {})} if row.deed else {}
        _record(by, "rights.answer", row, state=state, ground=row.ground, **told)
    return row


def lift_restriction(*, by: User, cycle_slug: str, request: UUID, seen: int) -> RightsRequest:
    """She lets her family be used by name again. Raises as `know_asker`, InputError where it is not restricted."""
    with transaction.atomic():
        row = _locked(by, cycle_slug, request, seen, answered=True)
        row.lifted_at = timezone.now()
        lift(row=row, now=row.lifted_at)
        # Her forms that came meanwhile are looked at again; those of others who are away still are held anew.
        held = Arrival.objects.filter(cycle=row.cycle, state=ArrivalState.QUARANTINED, reason=Reason.RESTRICTED)
        held.filter(field_form__isnull=False).update(state=ArrivalState.WAITING, reason="")
        _save(row)
        _record(by, "rights.lift", row)
    return row


def tell_asker(*, by: User, cycle_slug: str, request: UUID, seen: int) -> RightsRequest:
    """She knows the answer now. Raises Missing, Forbidden, InputError where it was changed or not answered yet."""
    with transaction.atomic():
        row = _locked(by, cycle_slug, request, seen, answered=True)
        row.told_at = timezone.now()
        _save(row)
        _record(by, "rights.told", row)
    return row


def take_copy(*, by: User, cycle_slug: str, request: UUID, whole: bool = False) -> Paper:
    """What is kept of her family as a paper, with whole numbers: written down, because it shows so much.

    `whole`: it is handed to the woman who answered, herself. Only then answers of health and what she alone was asked
    are in it: whoever else of the family asks must not read them.

    Raises Missing, Forbidden, InputError where nobody was sure yet who asks, or it is about no family, or a gone one.
    """
    row = request_of(by, cycle_slug, request)
    demand(may_settle_requests, by, row.cycle)
    if row.known_at is None or row.state != RequestState.OPEN:
        raise InputError(Problem("rights.unknown"))
    family = family_of(row)
    if family is None:
        raise InputError(Problem("rights.no_family"))
    # It is read at home: in Indonesian, whatever the officer reads.
    with override("id"):
        paper = copy_paper(copy_of(family, timezone.now(), whole=whole))
    with transaction.atomic():
        _record(by, "rights.copy", row, whole="ya" if whole else "")
    return paper


def read_texts(*, by: User, cycle_slug: str, request: UUID) -> Named:
    """The texts that name who asks and is in no family, written down with how many they were.

    Raises Missing, Forbidden, InputError where nobody was sure yet who asks, it was answered, or a family is meant.
    """
    row = request_of(by, cycle_slug, request)
    demand(may_settle_requests, by, row.cycle)
    if not looks_at_texts(by, row):
        raise InputError(Problem("rights.unknown"))
    found = texts_naming(row)
    with transaction.atomic():
        _record(by, "rights.read_texts", row, read=len(found.texts))
    return found


def _check_answer(row: RightsRequest, state: str, ground: str) -> None:
    if state not in {RequestState.DONE, RequestState.REFUSED, RequestState.WITHDRAWN}:
        raise InputError(Problem("rights.answer", "jawab"))
    if state == RequestState.REFUSED and ground not in RefusalGround.values:
        raise InputError(Problem("rights.ground", "alasan"))
    if state == RequestState.DONE and row.known_at is None:
        raise InputError(Problem("rights.unknown"))


def _family(by: Actor, cycle: Cycle, code: str, problems: list[Problem]) -> Household | None:
    if not code:
        demand(may_settle_requests, by, cycle)
        return None
    rows = households_for(by).select_related("lokus__cycle__place", "lokus__place")
    found = list(rows.filter(lokus__cycle=cycle, code__iexact=code)[:2]) or _restricted(by, cycle, code)
    if len(found) != 1:
        problems.append(Problem("rights.family", "keluarga", values={"code": code[:16]}))
        return None
    if found[0].restricted_at is None:
        demand(may_ask_for, by, found[0])
    return found[0]


def _restricted(by: Actor, cycle: Cycle, code: str) -> list[Household]:
    """A family in nobody's view at its wish may still ask: at the office, which answers."""
    if not may_settle_requests(by, cycle):
        return []
    rows = Household.objects.filter(lokus__cycle=cycle, code__iexact=code, restricted_at__isnull=False)
    return list(rows.select_related("lokus__cycle__place", "lokus__place")[:2])


def _next_number(cycle: Cycle) -> int:
    Cycle.objects.select_for_update().get(pk=cycle.pk)
    return (RightsRequest.objects.filter(cycle=cycle).aggregate(n=Max("number"))["n"] or 0) + 1


def _locked(by: User, slug: str, request: UUID, seen: int, *, answered: bool = False) -> RightsRequest:
    found = request_of(by, slug, request)
    demand(may_settle_requests, by, found.cycle)
    RightsRequest.objects.select_for_update(of=("self",)).get(pk=found.pk)
    row = request_of(by, slug, request)
    if row.version != seen or (row.answered_at is not None) != answered:
        raise InputError(Problem("rights.stale"))
    return row


def _save(row: RightsRequest) -> None:
    row.version += 1
    row.save()


def _record(by: User, action: str, row: RightsRequest, **details: object) -> None:
    audit.record(by=by, action=action, object_type="rights_request", object_id=row.uuid, place_code=row.area, **details)
