"""Families that may stand twice: found by the worker, answered by a person, and every answer can be taken back.

Names, addresses and the birth dates that NIKs tell are compared in the worker's memory; numbers only by their keyed
hashes. What is kept of a comparison are codes of levels, never a value.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from selaras.access import Actor, demand, duplicates_for, households_for, may_judge_duplicates, one, the_lokus
from selaras.actions import audit
from selaras.actions.alike.comparing import Pair, Record, pairs
from selaras.actions.jobs import Progress, enqueue_once
from selaras.actions.merging import merge, unmerge
from selaras.errors import InputError, Problem
from selaras.models import (
    Comparing,
    Duplicate,
    DuplicateAnswer,
    Household,
    HouseholdEdit,
    Job,
    JobState,
    Lokus,
    Merge,
    Person,
    User,
)
from selaras.odk.nik import read_nik
from selaras.queries.duplicates import listed

#: How soon after the last change a lokus is compared again: a day's typing is not compared family by family.
QUIET = timedelta(minutes=2)
#: Pairs that one transaction writes, and the most that are kept of one comparing: beyond it nobody reads.
AT_ONCE, MOST = 200, 2_000


# --- finding ----------------------------------------------------------------------------------------------------------
def ask_when_changed(now: datetime) -> int:
    """Ask for comparing the loci of open years whose families are others than when they were last compared; how many.

    The worker calls it every minute: whatever way a family came (sheet, phone, browser, typing), no door and no
    receipt has to know of it. Reads counters and corrections, no registry; each lokus anew every week at least.
    """
    seen = dict(Comparing.objects.values_list("lokus_id", "stamp"))
    asked = 0
    for lokus, stamp in _stamps(now).items():
        if seen.get(lokus) == stamp or not _is_quiet(lokus, now):
            continue
        with transaction.atomic():
            running = Job.objects.filter(kind="duplicates.find", params={"lokus": lokus}, state=JobState.RUNNING)
            if not running.exists():
                enqueue_once(by=None, kind="duplicates.find", lokus=lokus)
                asked += 1
    return asked


def _stamps(now: datetime) -> dict[int, str]:
    """Lokus of an open year with two families or more -> what says whether they are still the same."""
    loci = Lokus.objects.filter(cycle__closed_at__isnull=True, registered__gt=1).values_list("pk", "registered")
    edits = HouseholdEdit.objects.order_by().values_list("household__lokus").annotate(Max("pk"))
    newest = dict(edits.filter(household__lokus__cycle__closed_at__isnull=True))
    week = "-".join(map(str, now.isocalendar()[:2]))
    return {pk: f"{count}.{newest.get(pk, 0)}.{week}" for pk, count in loci}


def _is_quiet(lokus: int, now: datetime) -> bool:
    last = Household.objects.filter(lokus=lokus).aggregate(last=Max("created_at"))["last"]
    return last is None or now - last >= QUIET


def find(progress: Progress) -> None:
    """Compare the families of the job's lokus, with each other and with those of the year that share a number.

    Idempotent: a pair that is known keeps its answer, one that nobody answered and that is unlike now goes.
    """
    lokus = Lokus.objects.select_related("cycle").get(pk=progress.job.params["lokus"])
    stamp = _stamps(timezone.now()).get(lokus.pk)
    if stamp is None:
        return
    records = _records(lokus)
    progress.say(0, len(records), now=True, note="membandingkan keluarga")
    found = [pair for pair in pairs(records) if lokus.pk in _loci(records, pair)][:MOST]
    progress.say(len(records), now=True)
    _keep(lokus, found, timezone.now())
    Comparing.objects.update_or_create(lokus=lokus, defaults={"stamp": stamp, "at": timezone.now()})
    progress.say(len(records), now=True, note=f"{len(found)} pasang mungkin tercatat dua kali")


def _loci(records: Sequence[Record], pair: Pair) -> set[int]:
    by_id = {record.id: int(record.lokus) for record in records if record.id in {pair.one, pair.other}}
    return set(by_id.values())


def _records(lokus: Lokus) -> list[Record]:
    """The visible families of a lokus, and those of its year elsewhere that have a number of theirs."""
    there = Household.objects.filter(pending__isnull=True, erased_at__isnull=True)
    own = there.filter(lokus=lokus)
    kks = own.filter(kk_hash__isnull=False).values("kk_hash")
    niks = Person.objects.filter(household__in=own.values("pk"), nik_hash__isnull=False).values("nik_hash")
    shared = Q(kk_hash__in=kks) | Q(pk__in=Person.objects.filter(nik_hash__in=niks).values("household"))
    elsewhere = there.filter(shared, lokus__cycle=lokus.cycle_id).exclude(lokus=lokus)
    families = [*own.select_related("key"), *elsewhere.select_related("key")]
    persons: dict[int, list[Person]] = {}
    ids = [family.pk for family in families]
    for start in range(0, len(ids), 500):
        rows = Person.objects.filter(household__in=ids[start : start + 500]).order_by("household", "position")
        for person in rows:
            persons.setdefault(person.household_id, []).append(person)
    return [_record(family, persons.get(family.pk, [])) for family in families]


def _record(family: Household, persons: Sequence[Person]) -> Record:
    births = []
    for person in persons:
        if person.nik_hash is not None:
            person.household = family
            said = read_nik(person.nik())
            births += [] if said is None else [f"{said.born}{said.sex}"]
    head = family.head_name or next((person.name for person in persons), "")
    parts = family.area.split(".")
    return Record(
        id=family.pk,
        lokus=str(family.lokus_id),
        rw=next((part for part in parts if part.startswith("RW")), ""),
        rt=next((part for part in parts if part.startswith("RT")), ""),
        head=head,
        others=tuple(person.name for person in persons if person.name != head),
        address=family.address,
        kk=family.kk_hash or "",
        phone=family.phone_hash or "",
        niks=tuple(person.nik_hash for person in persons if person.nik_hash),
        births=tuple(births),
    )


def _keep(lokus: Lokus, found: Sequence[Pair], now: datetime) -> None:
    """The pairs of this lokus: new ones in, known ones with their weight of now, unanswered ones that are none out."""
    mine = Duplicate.objects.filter(Q(one__lokus=lokus) | Q(other__lokus=lokus))
    known = {(row.one_id, row.other_id): row for row in mine}
    wanted = {(pair.one, pair.other): pair for pair in found}
    # One that a person put side by side is taken away by none, also where one found it in between.
    found_alone = [row for row in known.values() if row.levels and row.proposed_by_id is None]
    gone = [row.pk for row in found_alone if (row.one_id, row.other_id) not in wanted and not row.answer]
    fresh = [
        Duplicate(one_id=pair.one, other_id=pair.other, weight=pair.weight, levels=dict(pair.levels), found_at=now)
        for key, pair in wanted.items()
        if key not in known
    ]
    changed = [row for key, row in known.items() if key in wanted and row.weight != wanted[key].weight]
    for row in changed:
        row.weight, row.levels = (pair := wanted[row.one_id, row.other_id]).weight, dict(pair.levels)
    for start in range(0, max(len(fresh), len(changed), len(gone)), AT_ONCE):
        span = slice(start, start + AT_ONCE)
        with transaction.atomic():
            Duplicate.objects.filter(pk__in=gone[span], answer="").delete()
            Duplicate.objects.bulk_update(changed[span], ["weight", "levels"])
            # Of a family that was erased or taken back meanwhile nothing is kept.
            ids = {pk for row in fresh[span] for pk in (row.one_id, row.other_id)}
            seen = Household.objects.filter(pk__in=ids, pending__isnull=True, erased_at__isnull=True)
            there = set(seen.values_list("pk", flat=True))
            rows = [row for row in fresh[span] if {row.one_id, row.other_id} <= there]
            Duplicate.objects.bulk_create(rows, ignore_conflicts=True)


# --- answering --------------------------------------------------------------------------------------------------------
def judge(*, by: Actor, cycle_slug: str, code: str, pair: UUID, answer: str, keep: str = "") -> Duplicate:
    """Say what a pair is: `one` family (then `keep` is the code of the one that stays), `two`, or two in one `house`.

    Raises Missing and Forbidden; InputError where somebody has answered meanwhile, where it is no answer, and with
    every reason why the two cannot become one now.
    """
    if answer not in DuplicateAnswer.values:
        raise InputError(Problem("duplicates.answer"))
    with transaction.atomic():
        lokus, found = _locked(by, cycle_slug, code, pair)
        if found.answer:
            raise InputError(Problem("duplicates.answered"))
        if answer == DuplicateAnswer.ONE:
            merge(by=by, kept=_chosen(found, keep), gone=_chosen(found, keep, other=True), now=timezone.now())
        found.answer, found.answered_at = answer, timezone.now()
        found.answered_by = by if isinstance(by, User) else None
        found.save(update_fields=["answer", "answered_at", "answered_by"])
        _written(by, "duplicates.judge", lokus, found, answer=answer)
    return found


def take_back(*, by: Actor, cycle_slug: str, code: str, pair: UUID) -> Duplicate:
    """Take an answer back: two families that were made one are two again, each as it was. Raises as `judge`."""
    with transaction.atomic():
        lokus, found = _locked(by, cycle_slug, code, pair)
        if not found.answer:
            raise InputError(Problem("duplicates.answered"))
        if found.answer == DuplicateAnswer.ONE:
            both = [found.one_id, found.other_id]
            rows = Merge.objects.filter(kept__in=both, gone__in=both, undone_at__isnull=True)
            if (merged := rows.first()) is not None:
                unmerge(by=by, merged=merged, now=timezone.now())
        was, found.answer, found.answered_at, found.answered_by = found.answer, "", None, None
        found.save(update_fields=["answer", "answered_at", "answered_by"])
        _written(by, "duplicates.take_back", lokus, found, answer=was)
    return found


def propose(*, by: Actor, cycle_slug: str, code: str, households: Sequence[str]) -> Duplicate:
    """Put two families side by side that nobody proposed: a person knows what no comparison sees. Raises as `judge`."""
    with transaction.atomic():
        lokus = the_lokus(by, cycle_slug, code)
        demand(may_judge_duplicates, by, lokus)
        wanted = sorted({text.strip().upper() for text in households if text.strip()})
        rows = households_for(by).filter(lokus=lokus, code__in=[text for text in wanted if "\0" not in text])
        found = list(rows.order_by("pk"))
        if len(wanted) != 2 or len(found) != 2:
            raise InputError(Problem("duplicates.two"))
        author = by if isinstance(by, User) else None
        given = {"weight": 0.0, "proposed_by": author}
        made, new = Duplicate.objects.get_or_create(one=found[0], other=found[1], defaults=given)
        if new:
            _written(by, "duplicates.propose", lokus, made)
    return made


def reveal_pairs(*, by: Actor, cycle_slug: str, code: str, page: str) -> dict[UUID, tuple[str, str]]:
    """Family -> name of its head and address, of the pairs that wait on the page; written down with the codes shown."""
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_judge_duplicates, by, lokus)
    rows = listed(duplicates_for(by).filter(Q(one__lokus=lokus) | Q(other__lokus=lokus)))
    families = {family.uuid: family for row in rows if not row.answer for family in (row.one, row.other)}
    with transaction.atomic():
        audit.record(
            by=by,
            action="households.reveal_names",
            object_type="lokus",
            object_id=lokus.pk,
            place_code=lokus.area,
            codes=sorted(family.code for family in families.values()),
            page=page,
        )
    return {uuid: (family.head_name, family.address) for uuid, family in families.items()}


def _locked(by: Actor, cycle_slug: str, code: str, pair: UUID) -> tuple[Lokus, Duplicate]:
    """The pair, with its lokus locked: one answer after another."""
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_judge_duplicates, by, lokus)
    Lokus.objects.select_for_update().get(pk=lokus.pk)
    return lokus, one(duplicates_for(by).filter(Q(one__lokus=lokus) | Q(other__lokus=lokus)), uuid=pair)


def _chosen(pair: Duplicate, keep: str, *, other: bool = False) -> Household:
    """The one of the two that stays, or the other. Raises InputError where neither was named."""
    first, second = pair.one, pair.other
    if keep not in {str(first.uuid), str(second.uuid)}:
        raise InputError(Problem("duplicates.keep"))
    stays, goes = (first, second) if keep == str(first.uuid) else (second, first)
    return goes if other else stays


def _written(by: Actor, action: str, lokus: Lokus, pair: Duplicate, **details: object) -> None:
    codes = sorted((pair.one.code, pair.other.code))
    audit.record(
        by=by, action=action, object_type="lokus", object_id=lokus.pk, place_code=lokus.area, codes=codes, **details
    )
