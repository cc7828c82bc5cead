"""The desk: somebody who did not bring it looks at each piece of evidence, and says what it proves or why not."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from selaras.access import demand, may_verify_evidence
from selaras.actions import audit
from selaras.actions.evidence import held
from selaras.errors import InputError, Problem
from selaras.models import Evidence, EvidenceState, EvidenceUse, User

MOST_REASON: Final = 300
#: What stands at a citation that was not ticked, where nothing else was written.
NOT_SHOWN: Final = "tidak terbukti oleh berkas ini"


def verify(
    *, by: User, cycle_slug: str, evidence_id: uuid.UUID, version: int, uses: Collection[int], reason: str = "",
    now: datetime | None = None,
) -> Evidence:  # fmt: skip
    """Vouch for it, for the citations whose ids are in `uses`; the others are refused, with `reason` where given.

    What she herself cited stays as it is, for somebody else. Raises Missing, Forbidden, or InputError:
    `evidence.newer`, `evidence.accept_none` where it is cited and nothing is ticked.
    """
    now, why = now or timezone.now(), _reason(reason)
    with transaction.atomic():
        found = _judged(by, cycle_slug, evidence_id, version)
        rows = [use for use in found.uses.all() if use.by_id != by.pk]
        if rows and not any(use.pk in uses for use in rows):
            raise InputError(Problem("evidence.accept_none", "uses"))
        for use in rows:
            ticked = use.pk in uses
            _decide_use(use, by, now, verified=ticked, why="" if ticked else why or NOT_SHOWN)
        _decided(found, by, now, EvidenceState.VERIFIED, why)
        _record(by, "evidence.verify", found, uses=sum(use.pk in uses for use in rows))
    return found


def refuse(
    *, by: User, cycle_slug: str, evidence_id: uuid.UUID, version: int, reason: str, now: datetime | None = None
) -> Evidence:
    """Refuse it, and all that it is cited for, with the reason that whoever brought it reads.

    Raises Missing, Forbidden, or InputError: `evidence.newer`, `evidence.reason` where there is none.
    """
    now, why = now or timezone.now(), _reason(reason)
    if not why:
        raise InputError(Problem("evidence.reason", "reason"))
    with transaction.atomic():
        found = _judged(by, cycle_slug, evidence_id, version)
        for use in found.uses.all():
            _decide_use(use, by, now, verified=False, why=why)
        _decided(found, by, now, EvidenceState.REFUSED, why)
        _record(by, "evidence.refuse", found)
    return found


def reopen(*, by: User, cycle_slug: str, evidence_id: uuid.UUID, version: int) -> Evidence:
    """Take a decision back: it waits again, with all its citations. Raises Missing, Forbidden, InputError."""
    with transaction.atomic():
        found = _judged(by, cycle_slug, evidence_id, version)
        if found.state == EvidenceState.WAITING:
            raise InputError(Problem("evidence.undo"))
        before = found.state
        found.uses.update(state=EvidenceState.WAITING, decided_by=None, decided_at=None, reason="")
        found.state, found.decided_by, found.decided_at, found.reason = EvidenceState.WAITING, None, None, ""
        found.version += 1
        found.save()
        _record(by, "evidence.reopen", found, was=before)
    return found


def _judged(by: User, cycle_slug: str, evidence_id: uuid.UUID, version: int) -> Evidence:
    found = held(by, cycle_slug, evidence_id)
    demand(may_verify_evidence, by, found)
    if found.version != version:
        raise InputError(Problem("evidence.newer", "version"))
    return found


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if len(reason) > MOST_REASON:
        raise InputError(Problem("evidence.reason_long", "reason", {"most": MOST_REASON}))
    return reason


def _decide_use(use: EvidenceUse, by: User, now: datetime, *, verified: bool, why: str) -> None:
    use.state = EvidenceState.VERIFIED if verified else EvidenceState.REFUSED
    use.decided_by, use.decided_at, use.reason = by, now, why
    use.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def _decided(of: Evidence, by: User, now: datetime, state: EvidenceState, why: str) -> None:
    of.state, of.decided_by, of.decided_at, of.reason = state, by, now, why
    of.version += 1
    of.save(update_fields=["state", "decided_by", "decided_at", "reason", "version"])


def _record(by: User, action: str, of: Evidence, **details: object) -> None:
    audit.record(by=by, action=action, object_type="evidence", object_id=of.uuid, place_code=of.area, **details)
