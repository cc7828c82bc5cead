"""Public copies of photos: a person says what is hidden, or that nobody is on it; only then is there one to be seen."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from selaras.access import demand, evidence_for, may_blur, one
from selaras.actions import audit
from selaras.errors import InputError, Missing, Problem
from selaras.models import Blur, Evidence, StoredFile, User
from selaras.reports.photos import Drawn, Region, public_copy

MOST_REGIONS: Final = 200
#: Points of a side of what is hidden.
LEAST_SIDE: Final = 4


def confirm(
    *,
    by: User,
    cycle_slug: str,
    evidence_id: uuid.UUID,
    version: int,
    regions: Sequence[Region] = (),
    nobody: bool = False,
    not_faces: bool = False,
    now: datetime | None = None,
) -> Blur:
    """Make the public copy: with `regions` (points of the picture as she saw it) filled, or whole where `nobody` is.

    A proposed face whose middle no region hides needs `not_faces`: that she looked at it too. A copy from before is
    destroyed. Raises Missing, Forbidden, or InputError: `blur.newer` where it was decided since `version`.
    """
    seen = _blur(by, cycle_slug, evidence_id)
    _check(seen, version, regions, nobody=nobody, not_faces=not_faces)
    # Drawn before anything is locked.
    copy = public_copy(_work(seen), regions)
    with transaction.atomic():
        found = _held(by, cycle_slug, evidence_id, version)
        _drop_copy(found)
        _keep_copy(found, copy)
        found.regions = [list(region) for region in regions]
        found.nobody = nobody
        found.confirmed_by, found.confirmed_at = by, now or timezone.now()
        found.version = version + 1
        found.save()
        _record(by, "blurs.confirm", found, hidden=len(regions), proposed=len(found.proposed), nobody=nobody)
    return found


def withdraw(*, by: User, cycle_slug: str, evidence_id: uuid.UUID, version: int) -> Blur:
    """Destroy the public copy; what was hidden stays drawn, to be looked at again. Raises as `confirm`."""
    with transaction.atomic():
        found = _held(by, cycle_slug, evidence_id, version)
        _drop_copy(found)
        found.nobody = False
        found.confirmed_by, found.confirmed_at = None, None
        found.version = version + 1
        found.save()
        _record(by, "blurs.withdraw", found)
    return found


def drop_public_copy(of: Evidence) -> None:
    """Destroy the public copy of a photo, where there is one, without a word about what stays drawn. In the caller's
    transaction."""
    found = Blur.objects.select_for_update(of=("self",), no_key=True).select_related("public").filter(evidence=of)
    blur = found.first()
    if blur is not None and blur.public is not None:
        _drop_copy(blur)
        blur.confirmed_by = None
        blur.version += 1
        blur.save(update_fields=["confirmed_by", "version"])


def _blur(by: User, cycle_slug: str, evidence_id: uuid.UUID) -> Blur:
    evidence = one(evidence_for(by), uuid=evidence_id, cycle__slug=cycle_slug)
    demand(may_blur, by, evidence)
    rows = Blur.objects.select_related("evidence__cycle__place", "evidence__key", "work__key", "public")
    found = rows.filter(evidence=evidence).first()
    if found is None:
        # Not a photo, or the worker has not come to it.
        raise Missing(Problem("access.missing"))
    return found


def _held(by: User, cycle_slug: str, evidence_id: uuid.UUID, version: int) -> Blur:
    """The row, held until the transaction ends."""
    Blur.objects.select_for_update(of=("self",), no_key=True).filter(evidence__uuid=evidence_id).first()
    found = _blur(by, cycle_slug, evidence_id)
    if found.version != version:
        raise InputError(Problem("blur.newer", "version"))
    return found


def _check(blur: Blur, version: int, regions: Sequence[Region], *, nobody: bool, not_faces: bool) -> None:
    """Raises InputError with everything that is wrong."""
    if blur.work is None:
        raise InputError(Problem("blur.not_drawn"))
    problems = []
    if blur.version != version:
        problems.append(Problem("blur.newer", "version"))
    if not regions and not nobody:
        problems.append(Problem("blur.nothing", "regions"))
    if regions and nobody:
        problems.append(Problem("blur.both", "nobody"))
    bare = 0 if not_faces or not (regions or nobody) else _left_bare(blur, regions)
    if bare:
        problems.append(Problem("blur.faces", "not_faces", {"n": bare}))
    if len(regions) > MOST_REGIONS:
        problems.append(Problem("blur.many", "regions", {"most": MOST_REGIONS}))
    wrong = [n for n, region in enumerate(regions, 1) if not _fits(region, blur)]
    problems += [Problem("blur.region", "regions", {"n": n, "least": LEAST_SIDE}) for n in wrong[:5]]
    if problems:
        raise InputError(problems)


def _left_bare(blur: Blur, regions: Sequence[Region]) -> int:
    """How many proposed faces have their middle in none of these regions."""
    middles = [(left + width / 2, top + height / 2) for left, top, width, height, _sure in blur.proposed]
    return sum(not any(_holds(region, x, y) for region in regions) for x, y in middles)


def _holds(region: Region, x: float, y: float) -> bool:
    left, top, width, height = region
    return left <= x <= left + width and top <= y <= top + height


def _fits(region: Region, blur: Blur) -> bool:
    left, top, width, height = region
    inside = left >= 0 and top >= 0 and left + width <= blur.width and top + height <= blur.height
    return inside and min(width, height) >= LEAST_SIDE


def _work(blur: Blur) -> bytes:
    if blur.work is None:
        raise InputError(Problem("blur.not_drawn"))
    return blur.work.content()


def _keep_copy(blur: Blur, copy: Drawn) -> None:
    evidence: Evidence = blur.evidence
    blur.public = StoredFile.store(copy.content, "image/jpeg", evidence.key)


def _drop_copy(blur: Blur) -> None:
    """Nobody is shown it again. The row lets go of the file before the file goes."""
    old = blur.public
    if old is not None:
        blur.public, blur.confirmed_at, blur.nobody = None, None, False
        blur.save(update_fields=["public", "confirmed_at", "nobody"])
        old.erase()


def _record(by: User, action: str, of: Blur, **details: object) -> None:
    evidence = of.evidence
    audit.record(
        by=by, action=action, object_type="evidence", object_id=evidence.uuid, place_code=evidence.area, **details
    )
