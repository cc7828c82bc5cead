"""Commitments: who does what, for whom, paid by what, until when; and every version of what was promised."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from selaras.access import (
    CONSOLE,
    Actor,
    commitments_for,
    demand,
    may_change_commitment,
    may_commit,
    one,
    the_cycle,
    the_lokus,
)
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import (
    Commitment,
    CommitmentNeed,
    CommitmentState,
    CommitmentVersion,
    Cycle,
    Fund,
    Need,
    User,
)
from selaras.models.places import within
from selaras.queries.needs import needs_seen
from selaras.queries.plans import agency_of
from selaras.queries.programme import primary_of
from selaras.queries.rules import instrument_of

#: What `values` may hold, and how a person calls it.
WORDS: Final[dict[str, str]] = {
    "title": "kegiatan",
    "activity_code": "kode sub kegiatan",
    "area": "wilayah",
    "volume": "volume",
    "unit": "satuan",
    "budget": "anggaran",
    "fund": "sumber dana",
    "fund_note": "keterangan sumber dana",
    "legal_basis": "dasar hukum",
    "starts": "mulai",
    "ends": "selesai",
    "person": "penanggung jawab",
    "state": "keadaan",
    "obstacle": "kendala",
}
_NUMBERS: Final = {"volume": Decimal(10) ** 12, "budget": Decimal(10) ** 14}


def commit(
    *,
    by: Actor,
    cycle_slug: str,
    agency_id: int,
    lokus_code: str = "",
    indicator: str = "",
    needs: Sequence[int] = (),
    values: Mapping[str, Any],
) -> Commitment:
    """A new commitment of that agency, with its first version.

    `lokus_code` is '' for the whole city, `indicator` '' where it serves none in particular. `needs` are ids of open
    needs that `by` may see, all of that indicator (which they name where it is ''); without any the commitment is for
    the place. `values` has the keys of WORDS: `title` at least; numbers as Decimal, days as date, `fund` and `state`
    by their names. Raises Missing, Forbidden, or InputError with all problems, each at its field.
    """
    cycle = the_cycle(by, cycle_slug)
    agency = agency_of(cycle, agency_id)
    demand(may_commit, by, cycle, agency)
    lokus = the_lokus(by, cycle_slug, lokus_code) if lokus_code else None
    now = timezone.now()
    with transaction.atomic():
        made = Commitment(cycle=cycle, agency=agency, lokus=lokus, indicator=indicator, created_at=now, updated_at=now)
        made.created_by = by if isinstance(by, User) else None
        served = _checked(by, made, values, needs)
        # Of two who promise at once the second waits: numbers count within the year without a hole.
        Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
        newest = Commitment.objects.filter(cycle=cycle).order_by("-number").values_list("number", flat=True).first()
        made.number = (newest or 0) + 1
        made.save(force_insert=True)
        CommitmentNeed.objects.bulk_create(CommitmentNeed(commitment=made, need=need) for need in served)
        _keep(by, made, [need.pk for need in served], "", now)
        _record(by, "plans.commit", made, families=len(served))
    return made


def change(
    *,
    by: Actor,
    cycle_slug: str,
    number: int,
    version: int,
    values: Mapping[str, Any],
    lokus_code: str | None = None,
    indicator: str | None = None,
    needs: Sequence[int] | None = None,
    reason: str = "",
) -> Commitment:
    """Change what `values` name; `needs` (where not None) replaces the open needs that it serves.

    `version` is the one that the person was looking at. Raises as `commit`, and InputError `plan.stale` where
    somebody has changed it since, or `plan.cancelled`. Where nothing is different nothing is written.
    """
    with transaction.atomic():
        found = _held(by, cycle_slug, number)
        if found.version != version:
            raise InputError(Problem("plan.stale", "version"))
        if found.state == CommitmentState.CANCELLED:
            raise InputError(Problem("plan.cancelled"))
        before = _served(found)
        old = stated(found, before)
        if lokus_code is not None:
            found.lokus = the_lokus(by, cycle_slug, lokus_code) if lokus_code else None
        found.indicator = found.indicator if indicator is None else indicator
        kept = _kept(by, found) if needs is not None else []
        served = _checked(by, found, values, () if needs is None else [need for need in needs if need not in kept])
        after = before if needs is None else sorted({*kept, *(need.pk for need in served)})
        new = stated(found, after)
        if new == old:
            return found
        now = timezone.now()
        found.version, found.updated_at = version + 1, now
        found.save()
        found.served.filter(need__in=set(before) - set(after)).delete()
        CommitmentNeed.objects.bulk_create(
            CommitmentNeed(commitment=found, need_id=need) for need in after if need not in before
        )
        _keep(by, found, after, reason, now)
        changed = sorted(name for name in new if new[name] != old[name])
        _record(by, "plans.change", found, changed=changed, families=len(after))
    return found


def move(
    *, by: Actor, cycle_slug: str, number: int, version: int, state: CommitmentState, obstacle: str = ""
) -> Commitment:
    """Say how it stands: running, done, blocked by what, or proposed. Raises as `change`."""
    values = {"state": state, "obstacle": obstacle if state == CommitmentState.BLOCKED else ""}
    return change(by=by, cycle_slug=cycle_slug, number=number, version=version, values=values, reason=obstacle)


def cancel(*, by: Actor, cycle_slug: str, number: int, version: int, reason: str) -> Commitment:
    """Call it off, with why; what it said stays to be read. Raises as `change`."""
    return change(
        by=by,
        cycle_slug=cycle_slug,
        number=number,
        version=version,
        values={"state": CommitmentState.CANCELLED},
        reason=reason,
    )


def stated(of: Commitment, needs: Sequence[int]) -> dict[str, Any]:
    """What a version keeps: every field as JSON, the needs by id."""
    found: dict[str, Any] = {name: _plain(getattr(of, name)) for name in WORDS}
    lokus = "" if of.lokus is None else of.lokus.area
    return {**found, "lokus": lokus, "indicator": of.indicator, "needs": sorted(needs)}


def _plain(value: object) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


# --- checks -----------------------------------------------------------------------------------------------------------
def _checked(by: Actor, of: Commitment, values: Mapping[str, Any], needs: Sequence[int]) -> list[Need]:
    """Set the values, say everything that is wrong at once; the needs that were asked for."""
    problems: list[Problem] = []
    for name, value in values.items():
        problems += _set(of, name, value)
    served = _needs(by, of, needs, problems)
    if served and not of.indicator:
        of.indicator = served[0].indicator
    if any(need.indicator != of.indicator for need in served):
        problems.append(Problem("plan.needs_mixed", "needs"))
    problems += _whole(of)
    if problems:
        raise InputError(problems)
    return served


def _set(of: Commitment, name: str, value: Any) -> list[Problem]:
    what = WORDS[name]
    if name in _NUMBERS:
        setattr(of, name, value)
        if value is None:
            return []
        if value < 0:
            return [Problem("plan.negative", name, {"what": what})]
        return [Problem("plan.number", name, {"what": what, "found": value})] if value >= _NUMBERS[name] else []
    if name in {"starts", "ends"}:
        setattr(of, name, value)
        return []
    text = str(value or "").strip()
    setattr(of, name, text)
    most: int = getattr(Commitment._meta.get_field(name), "max_length", 0)
    return [Problem("plan.too_long", name, {"what": what, "most": most})] if len(text) > most else []


def _whole(of: Commitment) -> list[Problem]:
    """What can only be said of all fields together."""
    problems = []
    if not of.title:
        problems.append(Problem("plan.title", "title"))
    if of.starts and of.ends and of.ends < of.starts:
        problems.append(Problem("plan.dates", "ends"))
    if of.fund and of.fund not in Fund.values:
        problems.append(Problem("plan.fund", "fund", {"found": of.fund, "known": ", ".join(Fund.labels)}))
    if of.state not in CommitmentState.values:
        known = ", ".join(CommitmentState.labels)
        problems.append(Problem("plan.state", "state", {"found": of.state, "known": known}))
    if of.state == CommitmentState.BLOCKED and not of.obstacle:
        problems.append(Problem("plan.obstacle", "obstacle"))
    if of.area and not within(of.area, of.lokus.area if of.lokus else of.cycle.place.code):
        problems.append(Problem("plan.area", "area", {"found": of.area}))
    version = primary_of(of.cycle)
    if of.indicator and (version is None or of.indicator not in instrument_of(version).indicators):
        problems.append(Problem("plan.indicator", "indicator", {"found": of.indicator}))
    return problems


def _needs(by: Actor, of: Commitment, needs: Sequence[int], problems: list[Problem]) -> list[Need]:
    wanted = sorted(set(needs))
    if not wanted:
        return []
    rows = Need.objects.filter(
        pk__in=wanted, closed_at__isnull=True, lokus__cycle=of.cycle, household__pending__isnull=True
    )
    if of.lokus is not None:
        rows = rows.filter(lokus=of.lokus)
    if by is not CONSOLE:
        rows = rows.filter(pk__in=needs_seen(by, of.cycle, primary_of(of.cycle)).values("pk"))
    found = list(rows.order_by("pk"))
    if len(found) != len(wanted):
        problems.append(Problem("plan.needs", "needs"))
    return found


def _kept(by: Actor, of: Commitment) -> list[int]:
    """Needs that a new choice does not touch: the closed ones, and those that this person does not see."""
    rows = of.served.all()
    if by is not CONSOLE:
        seen = needs_seen(by, of.cycle, primary_of(of.cycle)).filter(closed_at__isnull=True)
        rows = rows.exclude(need__in=seen.values("pk"))
    else:
        rows = rows.filter(need__closed_at__isnull=False)
    return sorted(rows.values_list("need_id", flat=True))


# --- what is written --------------------------------------------------------------------------------------------------
def _held(by: Actor, cycle_slug: str, number: int) -> Commitment:
    """The commitment, held until the transaction ends: of two who save at once the second is told."""
    the_cycle(by, cycle_slug)
    seen = one(commitments_for(by), cycle__slug=cycle_slug, number=number)
    demand(may_change_commitment, by, seen)
    rows = Commitment.objects.select_related("agency", "lokus__place", "cycle__place")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=seen.pk)


def _served(of: Commitment) -> list[int]:
    return sorted(of.served.values_list("need_id", flat=True))


def _keep(by: Actor, of: Commitment, needs: Sequence[int], reason: str, now: datetime) -> None:
    CommitmentVersion.objects.create(
        commitment=of,
        number=of.version,
        values=stated(of, needs),
        reason=reason[:300],
        by=by if isinstance(by, User) else None,
        at=now,
    )


def _record(by: Actor, action: str, of: Commitment, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="commitment",
        object_id=of.uuid,
        place_code=of.area or (of.lokus.area if of.lokus else of.cycle.place.code),
        number=of.number,
        agency=of.agency.short_name,
        version=of.version,
        **details,
    )
