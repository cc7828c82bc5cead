"""Evidence: who brings it, who sees it, who opens a file, who looks at it and vouches.

It is the city's own until a dossier is frozen: no juror, no province (its governor
neither) and no public. People are on photos and names in
documents, so that more see that there is one than may open it.
"""

from typing import Final

from django.db.models import Q, QuerySet

from selaras.access.activities import may_report_activity
from selaras.access.programme import may_manage_cycle
from selaras.access.scopes import CONSOLE, KEEPERS, Actor, condition, is_one, is_own, scopes_of
from selaras.models import CodeList, Cycle, Evidence, EvidenceKind, Lokus, Role, User

#: Whose the readiness of a year is.
OWN: Final = frozenset({Role.ADMINISTRATOR, Role.SECRETARIAT, Role.SUPERVISOR, Role.CADRE, Role.LIAISON, Role.LEADER})
#: Of them who opens photos; the server's administrator has no task with people.
LOOKERS: Final = OWN - {Role.ADMINISTRATOR}


def _by_link(user: Actor) -> bool:
    return isinstance(user, User) and user.link is not None


def may_add_evidence(user: Actor, lokus: Lokus) -> bool:
    """Bring evidence of a lokus of an open year: whoever may report what was done there, signed in."""
    return not _by_link(user) and may_report_activity(user, lokus)


def may_add_year_evidence(user: Actor, cycle: Cycle) -> bool:
    """Bring what is of the whole open year (a decree): the secretariat, and liaisons of the city's agencies."""
    if cycle.closed_at is not None or _by_link(user):
        return False
    return user is CONSOLE or is_one(user, {Role.SECRETARIAT, Role.LIAISON}, cycle.place.code, cycle.pk)


def may_see_year_evidence(user: Actor, cycle: Cycle) -> bool:
    """That a year has evidence at all, and its lists of codes: its city's own, wherever in it they work."""
    own = is_own(user, OWN, cycle.place.code, cycle.place.code, cycle.pk)
    return user is CONSOLE or (own and not _by_link(user))


def may_see_evidence(user: Actor, evidence: Evidence) -> bool:
    """That it is there, with its passport: the city's own, around it or above it."""
    own = is_own(user, OWN, evidence.cycle.place.code, evidence.area, evidence.cycle_id)
    return user is CONSOLE or (own and not _by_link(user))


def may_open_evidence(user: Actor, evidence: Evidence) -> bool:
    """The file: who brought it, who keeps the records of its area, its agency's liaison; a photo's and a link's more.

    A document may name any family of the lokus: a cadre of one RW, and a leader, open photos and links alone.
    """
    if not may_see_evidence(user, evidence):
        return False
    if user is CONSOLE or evidence.kind == EvidenceKind.LINK:
        return True
    if isinstance(user, User) and evidence.uploaded_by_id == user.pk:
        return True
    if evidence.kind == EvidenceKind.PHOTO:
        return is_own(user, LOOKERS, evidence.cycle.place.code, evidence.area, evidence.cycle_id)
    scopes = [scope for scope in scopes_of(user) if scope.touches(evidence.area, evidence.cycle_id)]
    agency = None if evidence.agency is None else evidence.agency.short_name.casefold()
    named = any(s.role == Role.LIAISON and agency is not None and agency in s.agencies for s in scopes)
    own = any(s.role == Role.CADRE and s.covers(evidence.area, evidence.cycle_id) for s in scopes)
    return named or own or is_one(user, KEEPERS, evidence.area, evidence.cycle_id)


def may_take_original(user: Actor, evidence: Evidence) -> bool:
    """The very bytes that came, with where a photo was taken: the secretariat, who answers for their hash."""
    return user is CONSOLE or is_one(user, {Role.SECRETARIAT}, evidence.area, evidence.cycle_id)


def may_change_evidence(user: Actor, evidence: Evidence) -> bool:
    """Say what it is cited for, take it back: who brought it, and the secretariat, while the year is open."""
    if evidence.cycle.closed_at is not None or not may_see_evidence(user, evidence):
        return False
    own = isinstance(user, User) and evidence.uploaded_by_id == user.pk
    return own or may_take_original(user, evidence)


def may_verify_evidence(user: Actor, evidence: Evidence) -> bool:
    """Vouch for it or refuse it: the secretariat and the camat, never who brought it.

    The lurah's own lokus is what is scored, so that she vouches for nothing in it.
    """
    if evidence.cycle.closed_at is not None or not isinstance(user, User) or evidence.uploaded_by_id == user.pk:
        return False
    cycle = evidence.cycle_id
    if is_one(user, {Role.SECRETARIAT}, evidence.area, cycle):
        return True
    above = _kecamatan(evidence)
    return above != "" and is_one(user, {Role.SUPERVISOR}, above, cycle)


def may_open_desk(user: Actor, cycle: Cycle) -> bool:
    """Look through what waits in that year: who may vouch for any of it."""
    if user is CONSOLE or is_one(user, {Role.SECRETARIAT}, cycle.place.code, cycle.pk):
        return True
    supervisors = [s for s in scopes_of(user) if s.role == Role.SUPERVISOR and s.touches(cycle.place.code, cycle.pk)]
    kecamatans = {lokus.place.code.rpartition(".")[0] for lokus in _loci(cycle)} if supervisors else set()
    return any(scope.covers(code, cycle.pk) for scope in supervisors for code in kecamatans)


def _loci(cycle: Cycle) -> QuerySet[Lokus]:
    return Lokus.objects.filter(cycle=cycle).select_related("place")


def _kecamatan(evidence: Evidence) -> str:
    """The code above the lokus's kelurahan; '' of what is of the whole year."""
    return "" if evidence.lokus is None else evidence.lokus.place.code.rpartition(".")[0]


def may_set_point(user: Actor, lokus: Lokus) -> bool:
    """Say where the lokus is on a map: who keeps its records, while the year is open."""
    keeps = user is CONSOLE or is_one(user, KEEPERS, lokus.area, lokus.cycle_id)
    return lokus.cycle.closed_at is None and keeps


def may_keep_codes(user: Actor, cycle: Cycle) -> bool:
    """Enter the lists of codes of the year's city: its secretariat."""
    return may_manage_cycle(user, cycle)


def evidence_for(user: Actor) -> QuerySet[Evidence]:
    """The evidence that she sees; what was taken back, itself or its activity, is not among it."""
    rows = Evidence.objects.filter(deleted_at__isnull=True).exclude(activity__deleted_at__isnull=False)
    rows = rows.select_related("cycle__place", "lokus__place", "agency", "uploaded_by")
    if user is CONSOLE:
        return rows
    own = condition(user, "area", "cycle_id", roles=OWN, around=True, city="cycle__place__code")
    return rows.none() if _by_link(user) else rows.filter(own)


def desk_for(user: Actor, cycle: Cycle) -> QuerySet[Evidence]:
    """Of that year, the evidence that she may vouch for or refuse, decided or not."""
    rows = evidence_for(user).filter(cycle=cycle)
    if not isinstance(user, User) or cycle.closed_at is not None:
        return rows.none()
    found = condition(user, "area", "cycle_id", roles=frozenset({Role.SECRETARIAT}), around=False)
    for lokus in _loci(cycle):
        if is_one(user, {Role.SUPERVISOR}, lokus.place.code.rpartition(".")[0], cycle.pk):
            found |= Q(lokus=lokus)
    return rows.filter(found).exclude(uploaded_by=user)


def code_lists_for(user: Actor, cycle: Cycle) -> QuerySet[CodeList]:
    """The lists of codes of the year's city, for its own, wherever in it they work."""
    rows = CodeList.objects.filter(place__code=cycle.place.code).select_related("place")
    return rows if may_see_year_evidence(user, cycle) else rows.none()
