"""Evidence: kept once however often it comes, cited for what it may prove, taken back, gone after a day."""

import hashlib
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from selaras.access import (
    CONSOLE,
    Actor,
    demand,
    evidence_for,
    may_add_evidence,
    may_add_year_evidence,
    may_change_evidence,
    may_take_original,
    one,
    the_cycle,
    the_lokus,
)
from selaras.actions import audit
from selaras.actions.blurring import drop_public_copy
from selaras.actions.evidence_limits import bring_back, drop_kept, keep_limits
from selaras.actions.evidence_points import measure, point_of
from selaras.errors import InputError, Problem
from selaras.models import (
    Agency,
    CodeItem,
    Cycle,
    CycleInstrument,
    DataKey,
    Evidence,
    EvidenceKind,
    EvidenceState,
    EvidenceUse,
    IndicatorRef,
    KeyPurpose,
    Lokus,
    LokusPoint,
    ProofLimit,
    StoredFile,
    User,
)
from selaras.queries.evidence_files import Passport, checked_url, passport_of
from selaras.queries.plans import agencies_of

#: So long what was taken back can be restored; then it is destroyed.
KEPT: Final = timedelta(hours=24)
MOST_CAPTION: Final = 200


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a piece of evidence. `indicators` are (instrument, indicator), `items` ids of a list's codes."""

    caption: str = ""
    agency_id: int | None = None
    indicators: tuple[tuple[str, str], ...] = ()
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came, or a link: one of them. `doubts` are what is known against it before it is read."""

    content: bytes = b""
    filename: str = ""
    url: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """The evidence; `again` where the same bytes, or the same number, were there before."""

    evidence: Evidence
    again: bool


@dataclass(frozen=True, slots=True)
class _Where:
    cycle: Cycle
    lokus: Lokus | None

    @property
    def area(self) -> str:
        return self.cycle.place.code if self.lokus is None else self.lokus.area


def add(
    *, by: Actor, cycle_slug: str, lokus_code: str, evidence_id: uuid.UUID, told: Told, sent: Sent,
    now: datetime | None = None,
) -> Kept:  # fmt: skip
    """Keep a file or link, and what it is cited for. `lokus_code` is '' for what is of the whole year.

    Sent twice under the same `evidence_id`, which the sender made up, it is one; so are the same bytes of one lokus:
    what is new is then cited too. Raises Missing, Forbidden, or InputError with everything that is wrong at its field.
    """
    now = now or timezone.now()
    where = _where(by, cycle_slug, lokus_code)
    before = _sent_before(by, where, evidence_id)
    if before is not None:
        return Kept(before, again=True)
    made = Evidence(uuid=evidence_id, cycle=where.cycle, lokus=where.lokus, area=where.area, received_at=now)
    made.uploaded_by = by if isinstance(by, User) else None
    citations = _told(made, told, link=bool(sent.url))
    passport = _read(made, sent, now)
    same = _same(made)
    if same is not None:
        return _cited_again(by, same, citations)
    if passport is not None:
        made.key = DataKey.fresh(KeyPurpose.EVIDENCE)
        made.file = StoredFile.written(sent.content, passport.media_type, made.key)
        _place(made, passport, point_of(made.lokus))
    try:
        with transaction.atomic():
            _save(made)
            cite(made, citations, by, now)
            _record(by, "evidence.add", made, kind=made.kind, sha256=made.sha256, uses=len(citations))
    except IntegrityError:
        # The same at the same moment, from the same hasty thumb or another's.
        same = _sent_before(by, where, evidence_id) or _same(made)
        if same is None:
            raise
        return _cited_again(by, same, citations)
    return Kept(made, again=False)


def change(*, by: Actor, cycle_slug: str, evidence_id: uuid.UUID, version: int, told: Told) -> Evidence:
    """Say anew what it shows, whose work, and what it is cited for; what was refused waits again.

    Raises Missing, Forbidden, or InputError: `evidence.newer` where it was changed or decided since `version`.
    """
    with transaction.atomic():
        found = held(by, cycle_slug, evidence_id)
        demand(may_change_evidence, by, found)
        if found.version != version:
            raise InputError(Problem("evidence.newer", "version"))
        citations = _told(found, told, link=found.kind == EvidenceKind.LINK)
        dropped = [use for use in found.uses.all() if _citation(use) not in citations]
        _refuse_bounded(by, found, dropped)
        for use in dropped:
            use.delete()
        cite(found, citations, by, timezone.now())
        found.version = version + 1
        if found.state == EvidenceState.REFUSED:
            _wait_again(found)
        found.save()
        _record(by, "evidence.change", found, uses=len(citations), dropped=len(dropped))
    return found


def _refuse_bounded(by: Actor, of: Evidence, dropped: Collection[EvidenceUse]) -> None:
    """Dropped and cited anew, a citation would be rid of what somebody else said of it. Raises InputError."""
    limits = ProofLimit.objects.filter(use__in=dropped)
    limited = limits.exclude(by=by).exists() if isinstance(by, User) else False
    refused = of.state != EvidenceState.REFUSED and any(use.state == EvidenceState.REFUSED for use in dropped)
    if limited or refused:
        raise InputError(Problem("evidence.bounded", "uses"))


def withdraw(*, by: Actor, cycle_slug: str, evidence_id: uuid.UUID) -> None:
    """Take it back: nobody sees it from now on; for KEPT it can be restored. Raises Missing, Forbidden, InputError."""
    with transaction.atomic():
        found = held(by, cycle_slug, evidence_id)
        demand(may_change_evidence, by, found)
        if found.activity_id is not None:
            raise InputError(Problem("evidence.of_activity"))
        keep_limits(found)
        found.deleted_at = timezone.now()
        found.save(update_fields=["deleted_at"])
        _record(by, "evidence.withdraw", found, state=found.state)


def restore(*, by: Actor, cycle_slug: str, evidence_id: uuid.UUID) -> Evidence:
    """Undo `withdraw`. Raises Missing once it is gone, InputError where the same bytes have come again meanwhile."""
    with transaction.atomic():
        rows = Evidence.objects.filter(deleted_at__isnull=False).select_related("cycle__place", "lokus__place")
        found = one(rows.select_for_update(of=("self",), no_key=True), uuid=evidence_id, cycle__slug=cycle_slug)
        the_cycle(by, cycle_slug)
        demand(may_change_evidence, by, found)
        if _same(found) is not None:
            raise InputError(Problem("evidence.newer"))
        found.deleted_at = None
        try:
            with transaction.atomic():
                found.save(update_fields=["deleted_at"])
        except IntegrityError:
            # The same bytes came between the question and the answer.
            raise InputError(Problem("evidence.newer")) from None
        drop_kept(found)
        _record(by, "evidence.restore", found)
    return found


def purge(*, now: datetime | None = None) -> int:
    """Destroy for good what was taken back KEPT ago; how many. The worker calls it hourly."""
    now = now or timezone.now()
    count = 0
    for found in Evidence.objects.filter(deleted_at__lt=now - KEPT).select_related("key", "cycle__place", "lokus"):
        with transaction.atomic():
            _record(None, "evidence.purge", found)
            key = found.key
            found.delete()
            if key is not None:
                destroy_files(key, now)
        count += 1
    return count


def destroy_files(key: DataKey, now: datetime) -> None:
    """What is sealed under the key of evidence that is gone: the original, every copy made of it, then the key."""
    for stored in StoredFile.objects.filter(key=key):
        stored.erase()
    key.destroy(now)


def take_original(*, by: Actor, cycle_slug: str, evidence_id: uuid.UUID) -> tuple[Evidence, bytes]:
    """The very bytes that came, to be compared with their hash; who took them is written down.

    Raises Missing, Forbidden, InputError of a link.
    """
    with transaction.atomic():
        found = one(evidence_for(by).select_related("file__key"), uuid=evidence_id, cycle__slug=cycle_slug)
        demand(may_take_original, by, found)
        if found.file is None:
            raise InputError(Problem("evidence.nothing"))
        content = found.file.content()
        _record(by, "evidence.take_original", found)
    return found, content


# --- what it is cited for ---------------------------------------------------------------------------------------------
#: (lokus, instrument, indicator) or (item,), as ids.
Citation = tuple[int, str, str] | tuple[int]


def cite(evidence: Evidence, citations: Collection[Citation], by: Actor | None, now: datetime) -> int:
    """Add what it is not yet cited for, each to be looked at for itself; how many. In the caller's transaction."""
    there = {_citation(use) for use in evidence.uses.all()}
    who = by if isinstance(by, User) else None
    new = [_use(evidence, each, who, now) for each in dict.fromkeys(citations) if each not in there]
    EvidenceUse.objects.bulk_create(new)
    bring_back(evidence, new)
    return len(new)


def _use(evidence: Evidence, citation: Citation, by: User | None, now: datetime) -> EvidenceUse:
    use = EvidenceUse(evidence=evidence, by=by, at=now)
    if len(citation) == 1:
        use.item_id = citation[0]
    else:
        use.lokus_id, use.instrument, use.indicator = citation
    return use


def _citation(use: EvidenceUse) -> Citation:
    return (use.item_id,) if use.item_id is not None else (use.lokus_id or 0, use.instrument, use.indicator)


def _cited_again(by: Actor, same: Evidence, citations: Collection[Citation]) -> Kept:
    with transaction.atomic():
        found = one(evidence_for(CONSOLE).select_for_update(of=("self",), no_key=True), pk=same.pk)
        count = cite(found, citations, by, timezone.now())
        if count:
            # What was refused stays so, and its photo unseen: the new citation alone waits for the desk.
            found.version += 1
            found.save()
            _record(by, "evidence.cite", found, uses=count)
    return Kept(found, again=True)


def _wait_again(of: Evidence) -> None:
    """It is looked at anew, and its photo outside only after somebody confirms anew what is hidden on it."""
    drop_public_copy(of)
    of.state, of.decided_by, of.decided_at, of.reason = EvidenceState.WAITING, None, None, ""
    of.uses.update(state=EvidenceState.WAITING, decided_by=None, decided_at=None, reason="")


def known_indicators(cycle: Cycle) -> set[tuple[str, str]]:
    """(instrument, indicator) of all that the year is scored by."""
    versions = CycleInstrument.objects.filter(cycle=cycle).values("version")
    return set(IndicatorRef.objects.filter(version__in=versions).values_list("version__instrument", "name"))


def _told(of: Evidence, told: Told, *, link: bool) -> list[Citation]:
    """Set what was told; what it is to be cited for. Raises InputError with all problems."""
    problems = []
    of.caption = " ".join(told.caption.split())
    if len(of.caption) > MOST_CAPTION:
        problems.append(Problem("evidence.caption", "caption", {"most": MOST_CAPTION}))
    if link and not of.caption:
        problems.append(Problem("evidence.caption_link", "caption"))
    of.agency = _agency(of.cycle, told.agency_id)
    if of.agency is None and told.agency_id is not None:
        problems.append(Problem("evidence.agency", "agency"))
    loci = [of.lokus_id] if of.lokus_id is not None else list(of.cycle.loci.values_list("pk", flat=True))
    items = set(CodeItem.objects.filter(pk__in=told.items, list__place__code=of.cycle.place.code).values_list("pk"))
    known = known_indicators(of.cycle) if told.indicators else set()
    if not set(told.indicators) <= known or len(items) < len(set(told.items)):
        problems.append(Problem("evidence.uses", "uses"))
    if problems:
        raise InputError(problems)
    return [*((lokus, *each) for lokus in loci for each in told.indicators), *((item,) for (item,) in items)]


def _agency(cycle: Cycle, agency_id: int | None) -> Agency | None:
    return None if agency_id is None else agencies_of(cycle).filter(pk=agency_id).first()


# --- reading and keeping ----------------------------------------------------------------------------------------------
def _where(by: Actor, cycle_slug: str, lokus_code: str) -> _Where:
    if not lokus_code:
        cycle = the_cycle(by, cycle_slug)
        demand(may_add_year_evidence, by, cycle)
        return _Where(cycle, None)
    lokus = the_lokus(by, cycle_slug, lokus_code)
    demand(may_add_evidence, by, lokus)
    return _Where(lokus.cycle, lokus)


def held(by: Actor, cycle_slug: str, evidence_id: uuid.UUID) -> Evidence:
    """Evidence that she sees, held until the transaction ends. Raises Missing."""
    rows = evidence_for(by).select_for_update(of=("self",), no_key=True)
    return one(rows, uuid=evidence_id, cycle__slug=cycle_slug)


def _sent_before(by: Actor, where: _Where, evidence_id: uuid.UUID) -> Evidence | None:
    found = Evidence.objects.filter(uuid=evidence_id).select_related("cycle__place", "lokus__place").first()
    if found is None:
        return None
    others = by is not CONSOLE and found.uploaded_by_id != getattr(by, "pk", None)
    if others or found.area != where.area:
        raise InputError(Problem("evidence.taken"))
    return found


def _same(of: Evidence) -> Evidence | None:
    """The same bytes, or the same link, of the same lokus or year."""
    alike = Q(sha256=of.sha256) if of.sha256 else Q(url=of.url)
    rows = Evidence.objects.filter(alike, cycle=of.cycle, area=of.area, deleted_at__isnull=True)
    return rows.exclude(activity__deleted_at__isnull=False).order_by("activity_id", "pk").first()


def _read(of: Evidence, sent: Sent, now: datetime) -> Passport | None:
    """Set what it says of itself; its passport where it is a file. Raises InputError."""
    if bool(sent.content or sent.filename) == bool(sent.url):
        raise InputError(Problem("evidence.both" if sent.url else "evidence.nothing", "file"))
    if sent.url:
        of.kind, of.url = EvidenceKind.LINK, checked_url(sent.url)
        return None
    passport = read_file(of.cycle, sent.content, sent.filename, now)
    write_passport(of, passport, sent.content)
    of.doubts = [*sent.doubts, *of.doubts]
    return passport


def read_file(cycle: Cycle, content: bytes, filename: str, now: datetime) -> Passport:
    """What a file of that year says of itself. Raises InputError, at `file`."""
    return passport_of(content, filename, zone=cycle.place.zone, year=cycle.year, now=now)


def write_passport(of: Evidence, passport: Passport, content: bytes) -> None:
    """Set what the file says, but its place, which waits for the key; not saved."""
    of.kind, of.media_type, of.filename = passport.kind, passport.media_type, passport.filename
    of.sha256, of.size = hashlib.sha256(content).hexdigest(), len(content)
    of.taken_at, of.width, of.height = passport.taken_at, passport.width, passport.height
    of.doubts = list(passport.doubts)


def _place(of: Evidence, passport: Passport, point: LokusPoint | None) -> None:
    of.seal_place(passport.place)
    measure(of, passport.place, point)


def _save(of: Evidence) -> None:
    if of.file is not None and of.key is not None:
        of.key.save(force_insert=True)
        of.file.save(force_insert=True)
    of.save(force_insert=True)


def _record(by: Actor | None, action: str, of: Evidence, **details: object) -> None:
    audit.record(by=by, action=action, object_type="evidence", object_id=of.uuid, place_code=of.area, **details)


def keep_photo(of: Evidence, passport: Passport, content: bytes, citations: Iterable[Citation], now: datetime) -> None:
    """Keep evidence whose file and key are stored already: an activity's. In the caller's transaction."""
    write_passport(of, passport, content)
    _place(of, passport, point_of(of.lokus))
    of.save(force_insert=True)
    cite(of, list(citations), of.uploaded_by, now)
    _record(of.uploaded_by, "evidence.add", of, kind=of.kind, sha256=of.sha256, uses=of.uses.count())
