"""Dossiers: frozen by the worker and published by one row; their names apart, which alone an erasure touches."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from selaras.access import CONSOLE, Actor, demand, may_freeze_dossier
from selaras.actions import audit
from selaras.actions.jobs import Progress, enqueue
from selaras.errors import InputError, Missing, Problem
from selaras.models import (
    DataKey,
    Dossier,
    DossierAnnex,
    Household,
    Job,
    JobState,
    KeyPurpose,
    Lokus,
    StoredFile,
    User,
    sealing,
)
from selaras.queries.dossier_annex import annex_figures, families_of, left_in
from selaras.queries.dossier_figures import Figures
from selaras.queries.dossier_gather import figures_of
from selaras.queries.dossiers import LackLine, annex_of, lacks_of
from selaras.queries.programme import lokus_in, today_in
from selaras.queries.public_photos import public_bytes
from selaras.reports.dossier_annex import annex_pdf
from selaras.reports.dossier_package import Package, package

#: Steps of a freezing, as its progress counts them: `package` makes five, then the names, then the row.
STEPS = 6


def freeze(*, by: Actor, cycle_slug: str, code: str) -> Job:
    """Ask for a package of that lokus as things are when the worker makes it; one that is on its way is enough.

    Raises Missing, Forbidden, InputError where nothing was measured yet.
    """
    lokus = lokus_in(by, cycle_slug, code)
    demand(may_freeze_dossier, by, lokus)
    if any(each.stops for each in lacks_of(by, lokus)):
        raise InputError(Problem("dossier.unmeasured"))
    with transaction.atomic():
        Lokus.objects.select_for_update().get(pk=lokus.pk)
        on_its_way = Job.objects.filter(kind="dossiers.freeze", params={"lokus": lokus.pk})
        found = on_its_way.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).first()
        if found is not None:
            return found
        audit.record(by=by, action="dossiers.ask", object_type="lokus", object_id=lokus.area, place_code=lokus.area)
        return enqueue(by=by, kind="dossiers.freeze", total=STEPS, lokus=lokus.pk)


def make(progress: Progress) -> None:
    """The job `dossiers.freeze`: everything is made first, and is there with one row. A second run adds nothing."""
    if _is_frozen(progress):
        return
    rows = Lokus.objects.select_related("cycle__place__parent", "place__parent")
    lokus = rows.get(pk=progress.job.params["lokus"])
    asker = progress.job.created_by or CONSOLE
    # She may have lost her task since she asked.
    demand(may_freeze_dossier, asker, lokus)
    now = timezone.now()
    with translation.override("id"):
        lacks = lacks_of(CONSOLE, lokus)
        figures = figures_of(lokus, now=now)
        made = package(figures, _photo, said=progress.say)
    progress.say(STEPS - 2)
    # On disk before anything is locked: storing the same bytes again costs nothing.
    StoredFile.written(made.content, "application/zip")
    ready = _Ready(figures, made, lacks, now)
    while not _published(progress, asker, lokus, ready):
        continue
    progress.say(STEPS, STEPS, now=True)


@dataclass(frozen=True, slots=True)
class _Ready:
    """All of a dossier but its names."""

    figures: Figures
    made: Package
    lacks: tuple[LackLine, ...]
    at: datetime


def _published(progress: Progress, asker: Actor, lokus: Lokus, ready: _Ready) -> bool:
    """The row and its names; False, and nothing done, where a family was erased while its name was written."""
    figures, made, now = ready.figures, ready.made, ready.at
    # The console knows no family by name.
    families = families_of(asker, lokus) if isinstance(asker, User) else []
    with translation.override("id"):
        names = annex_pdf(annex_figures(lokus, figures.number, families, figures.made_on))
    progress.say(STEPS - 1)
    with transaction.atomic():
        # Whoever runs the same job after a lease was lost waits here, and finds the row.
        Lokus.objects.select_for_update(no_key=True).get(pk=lokus.pk)
        if _is_frozen(progress):
            return True
        if not _all_there(families):
            return False
        row = Dossier.objects.create(
            cycle=lokus.cycle,
            lokus=lokus,
            number=figures.number,
            file=StoredFile.store(made.content, "application/zip"),
            sha256=made.sha256,
            size=len(made.content),
            manifest=made.manifest,
            figures=[[each.key, each.label, each.value, each.note] for each in made.said],
            lacks=[[each.kind, each.count] for each in ready.lacks],
            job=progress.job.uuid,
            made_by=asker if isinstance(asker, User) else None,
            made_at=now,
        )
        annex = DossierAnnex.objects.create(dossier=row, made_at=now)
        annex.households.set(families)
        _write(annex, names, len(families), now)
        _record(asker, row, made)
    return True


def _is_frozen(progress: Progress) -> bool:
    return Dossier.objects.filter(job=progress.job.uuid).exists()


def _all_there(families: list[Household]) -> bool:
    """Whether none of them has been erased. They are held: an erasure that comes now waits, and finds the annex."""
    rows = Household.objects.select_for_update(no_key=True).filter(pk__in=[each.pk for each in families])
    return len(rows.filter(erased_at__isnull=True).order_by("pk").values_list("pk")) == len(families)


def _photo(photo: UUID) -> bytes | None:
    """A copy that a person has confirmed; None where it was taken back this moment."""
    try:
        return public_bytes(CONSOLE, photo)
    except Missing:
        return None


def _record(by: Actor, row: Dossier, made: Package) -> None:
    audit.record(
        by=by,
        action="dossiers.freeze",
        object_type="dossier",
        object_id=row.uuid,
        place_code=row.lokus.area,
        number=row.number,
        sha256=row.sha256,
        photos=made.photos,
    )


# --- the names --------------------------------------------------------------------------------------------------------
def take_annex(*, by: User, cycle_slug: str, code: str, dossier: UUID) -> tuple[bytes, str]:
    """The names that belong to a dossier, and what the file is called; each taking is written down.

    Raises Missing, Forbidden, InputError while it is written anew.
    """
    row, content, name = annex_of(by, cycle_slug, code, dossier)
    with transaction.atomic():
        audit.record(
            by=by, action="dossiers.take_annex", object_type="dossier", object_id=row.uuid, place_code=row.lokus.area
        )
    return content, name


def forget_in_annexes(household: Household) -> None:
    """Destroy every annex that names a family which is being erased, in the caller's transaction.

    The worker writes them anew without it. The dossiers themselves name nobody and stay as they were frozen.
    """
    for annex in DossierAnnex.objects.filter(households=household).select_related("file", "key", "dossier__lokus"):
        _destroy(annex)
        annex.households.remove(household)
        audit.record(
            by=None,
            action="dossiers.forget",
            object_type="dossier",
            object_id=annex.dossier.uuid,
            place_code=annex.dossier.lokus.area,
        )
        enqueue(by=None, kind="dossiers.annex", dossier=annex.pk)


def rewrite(progress: Progress) -> None:
    """The job `dossiers.annex`: the names that are left, under a new key. Done twice, the second changes nothing."""
    rows = DossierAnnex.objects.select_related("dossier__lokus__cycle__place", "dossier__lokus__place__parent")
    annex = rows.get(pk=progress.job.params["dossier"])
    if annex.file_id is not None:
        return
    lokus, now = annex.dossier.lokus, timezone.now()
    families = left_in(annex)
    names = annex_pdf(annex_figures(lokus, annex.dossier.number, families, today_in(lokus.cycle, now)))
    with transaction.atomic():
        # The families before the annex, as an erasure holds them.
        there = _all_there(families)
        held = DossierAnnex.objects.select_for_update().get(pk=annex.pk)
        # Another family may have been erased while this was made: then its own job writes what is left.
        same = there and {each.pk for each in left_in(held)} == {each.pk for each in families}
        if held.file_id is not None or not same:
            return
        held.version += 1
        _write(held, names, len(families), now)
        audit.record(
            by=None,
            action="dossiers.rewrite",
            object_type="dossier",
            object_id=annex.dossier.uuid,
            place_code=lokus.area,
            version=held.version,
        )


def _write(annex: DossierAnnex, content: bytes, families: int, now: datetime) -> None:
    """Seal the names under a key of their own; nothing is kept where no family is left."""
    annex.families, annex.made_at = families, now
    if families:
        key = DataKey.fresh(KeyPurpose.DOSSIER)
        key.save(force_insert=True)
        annex.key, annex.file = key, StoredFile.store(content, "application/pdf", key)
        annex.sha256 = hashlib.sha256(content).hexdigest()
    annex.save()


def _destroy(annex: DossierAnnex) -> None:
    stored, key = annex.file, annex.key
    annex.file, annex.key, annex.sha256 = None, None, ""
    annex.save()
    if stored is not None:
        stored.erase()
    if key is not None:
        key.delete()
        sealing.forget_unwrapped()
