"""Safety walks: noted while walking, one finding after the other; a finding becomes a proposal for the place."""

from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from selaras.access import Actor, demand, may_change_walk, may_walk, one, the_lokus, walks_for
from selaras.actions import audit
from selaras.actions.plans import commit
from selaras.errors import InputError, Problem
from selaras.models import Commitment, CommitmentState, Lokus, Near, SafetyWalk, Unsafe, User, WalkFinding, When
from selaras.models.places import area_code, within
from selaras.queries.programme import today_in
from selaras.queries.walks import where_of
from selaras.reports.words import full_date

#: Fewer walkers, and a note would point at one of them.
LEAST: Final = 3
MOST_PEOPLE: Final = 500
MOST_FINDINGS: Final = 40


def start_walk(
    *,
    by: Actor,
    cycle_slug: str,
    code: str,
    walk_id: UUID,
    rw: str,
    rt: str,
    on: date | None,
    women: int,
    children: int,
) -> SafetyWalk:
    """Note that a walk took place in that RT. Sent twice under the same `walk_id`, which the sender made up, it is one.

    Raises Missing, Forbidden, or InputError with everything that is wrong, each at its field.
    """
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_walk, by, lokus)
    before = _sent_before(by, walk_id)
    if before is not None:
        return before
    area = area_code(lokus.place.code, rw, rt) if rw and rt else ""
    problems = _wrong(lokus, area, on, women, children)
    if problems or on is None:
        raise InputError(problems)
    author = by if isinstance(by, User) else None
    made = SafetyWalk(uuid=walk_id, lokus=lokus, area=area, on=on, women=women, children=children, noted_by=author)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            _record(by, "walks.start", made, women=women, children=children)
    except IntegrityError:
        # The same walk at the same moment, from the same hasty thumb.
        found = _sent_before(by, walk_id)
        if found is None:
            raise
        return found
    return made


def note_finding(*, by: Actor, cycle_slug: str, code: str, walk_id: UUID, what: str, near: str, when: str) -> bool:
    """One thing that felt unsafe; False where it was noted already.

    Raises Missing, Forbidden, or InputError with everything that is not chosen, each at its field.
    """
    with transaction.atomic():
        walk = _held(by, cycle_slug, code, walk_id)
        _demand_chosen(what, near, when)
        if walk.findings.count() >= MOST_FINDINGS:
            raise InputError(Problem("walk.full", values={"most": MOST_FINDINGS}))
        _row, made = walk.findings.get_or_create(what=what, near=near, when=when)
        if made:
            _record(by, "walks.note", walk, what=what, near=near)
    return made


def drop_finding(*, by: Actor, cycle_slug: str, code: str, walk_id: UUID, finding: int) -> None:
    """Take a finding back as long as it is no proposal. Raises Missing, Forbidden, InputError."""
    with transaction.atomic():
        walk = _held(by, cycle_slug, code, walk_id)
        row = _unproposed(walk, finding)
        row.delete()
        _record(by, "walks.drop", walk, what=row.what, near=row.near)


def take_back_walk(*, by: Actor, cycle_slug: str, code: str, walk_id: UUID) -> None:
    """Take the whole walk back, where nothing of it became a proposal. Raises Missing, Forbidden, InputError."""
    with transaction.atomic():
        walk = _held(by, cycle_slug, code, walk_id)
        for row in walk.findings.select_related("commitment"):
            _refuse_proposed(row)
        _record(by, "walks.take_back", walk, findings=walk.findings.count())
        walk.delete()


def propose(*, by: Actor, cycle_slug: str, code: str, walk_id: UUID, finding: int, agency_id: int) -> Commitment:
    """The proposal that a finding becomes: that agency's, for the RT, without money yet.

    Alike findings of other walks in the same RT go with it. Raises Missing, Forbidden for who may not promise in the
    agency's name, InputError where it became one already.
    """
    lokus = the_lokus(by, cycle_slug, code)
    with transaction.atomic():
        walk = one(walks_for(by).select_for_update(of=("self",), no_key=True), lokus=lokus, uuid=walk_id)
        row = _unproposed(walk, finding)
        if agency_id < 0:
            raise InputError(Problem("walk.agency", "opd"))
        what, near = Unsafe(row.what).label, Near(row.near).label
        values = {
            "title": f"{what[:1].upper()}{what[1:]}: {near}, {where_of(walk.area)}"[:200],
            "area": walk.area,
            "state": CommitmentState.PROPOSED,
            "legal_basis": f"Jalan bersama {where_of(walk.area)}, {full_date(walk.on)}",
        }
        made = commit(by=by, cycle_slug=cycle_slug, agency_id=agency_id, lokus_code=code, values=values)
        alike = WalkFinding.objects.filter(
            walk__lokus=lokus, walk__area=walk.area, what=row.what, near=row.near, when=row.when
        )
        alike.filter(commitment__isnull=True).update(commitment=made)
        _record(by, "walks.propose", walk, what=row.what, commitment=made.number)
    return made


def _sent_before(by: Actor, walk_id: UUID) -> SafetyWalk | None:
    found = SafetyWalk.objects.filter(uuid=walk_id).first()
    if found is None:
        return None
    if not isinstance(by, User) or found.noted_by_id != by.pk:
        raise InputError(Problem("walk.taken"))
    return found


def _wrong(lokus: Lokus, area: str, on: date | None, women: int, children: int) -> list[Problem]:
    problems = []
    if not within(area, lokus.area) or len(area) > len(lokus.place.code) + 40:
        problems.append(Problem("walk.area", "rt"))
    if on is None or not date(lokus.cycle.year - 1, 1, 1) <= on <= today_in(lokus.cycle):
        problems.append(Problem("walk.day", "on"))
    if women < 1:
        problems.append(Problem("walk.women", "women"))
    elif women > MOST_PEOPLE:
        problems.append(Problem("walk.many", "women", {"most": MOST_PEOPLE}))
    elif 0 <= children < LEAST - women:
        problems.append(Problem("walk.few", "women", {"least": LEAST}))
    if not 0 <= children <= MOST_PEOPLE:
        problems.append(Problem("walk.many", "children", {"most": MOST_PEOPLE}))
    return problems


def _demand_chosen(what: str, near: str, when: str) -> None:
    chosen = (
        (what in Unsafe.values, Problem("walk.what", "what")),
        (near in Near.values, Problem("walk.near", "near")),
        (when in When.values, Problem("walk.when", "when")),
    )
    missing = [problem for known, problem in chosen if not known]
    if missing:
        raise InputError(missing)


def _held(by: Actor, cycle_slug: str, code: str, walk_id: UUID) -> SafetyWalk:
    """The walk, held until the transaction ends."""
    lokus = the_lokus(by, cycle_slug, code)
    rows = walks_for(by).select_for_update(of=("self",), no_key=True)
    walk = one(rows, lokus=lokus, uuid=walk_id)
    demand(may_change_walk, by, walk)
    return walk


def _unproposed(walk: SafetyWalk, finding: int) -> WalkFinding:
    row = one(walk.findings.select_related("commitment"), pk=finding)
    _refuse_proposed(row)
    return row


def _refuse_proposed(row: WalkFinding) -> None:
    if row.commitment is not None:
        raise InputError(Problem("walk.proposed", values={"number": str(row.commitment)}))


def _record(by: Actor, action: str, walk: SafetyWalk, **details: object) -> None:
    audit.record(by=by, action=action, object_type="walk", object_id=walk.uuid, place_code=walk.area, **details)
