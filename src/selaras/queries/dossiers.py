"""The page of a lokus' dossiers: what was frozen, what a next one would lack, and the files of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from selaras.access import (
    CONSOLE,
    Actor,
    demand,
    dossiers_for,
    evidence_for,
    may_freeze_dossier,
    may_prepare_dossier,
    may_see_dossiers,
    may_take_annex,
    one,
)
from selaras.errors import InputError, Missing, Problem
from selaras.models import (
    Activity,
    AuditEntry,
    CannotUnsealError,
    CodeItem,
    Commitment,
    CommitmentState,
    Dossier,
    DossierAnnex,
    EvidenceKind,
    EvidenceState,
    FollowUp,
    Job,
    JobState,
    Letterhead,
    Lokus,
    Strategy,
    User,
)
from selaras.queries.change import rounds_with_answers
from selaras.queries.dossier_names import names_of
from selaras.queries.followups import lines_of
from selaras.queries.programme import cycle_ref, lokus_in, lokus_ref, primary_of, today_in
from selaras.queries.reactions import summaries_of
from selaras.queries.refs import CycleRef, LokusRef

#: What a dossier can lack. Without `unmeasured` there is nothing to freeze.
Lack = Literal[
    "unmeasured", "letterhead", "one_round", "commitments", "activities", "photos_waiting", "evidence_waiting",
    "reactions", "followups", "strategies", "named",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class LackLine:
    """One thing that is missing: how many, 0 where that says nothing. `stops`: without it nothing can be frozen."""

    kind: Lack
    count: int
    stops: bool = False


@dataclass(frozen=True, slots=True)
class AnnexLine:
    """The names apart. `ready` is False while it is written anew; `version` counts that."""

    families: int
    ready: bool
    version: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DossierLine:
    """One that is frozen. `figures` are (key, label, value, note); `by` is '' for who may not know."""

    id: UUID
    number: int
    made_at: datetime
    by: str
    sha256: str
    size: int
    files: tuple[str, ...]
    figures: tuple[tuple[str, str, str, str], ...]
    lacks: tuple[LackLine, ...]
    annex: AnnexLine | None


@dataclass(frozen=True, slots=True)
class DossiersPage:
    """The page. `lacks` is empty for who may only read. `busy`: the worker is freezing one, `done` of `total` steps;
    `failed` is what the last one died of, where none came after it."""

    cycle: CycleRef
    lokus: LokusRef
    lines: tuple[DossierLine, ...]
    lacks: tuple[LackLine, ...]
    prepares: bool
    may_freeze: bool
    busy: bool
    done: int
    total: int
    failed: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A frozen ZIP as it lies there now, with what was written down of it apart: in its row and in the audit."""

    content: bytes
    name: str
    sha256: str
    manifest: Mapping[str, Any]
    audited: str


def dossiers_page(user: User, slug: str, code: str) -> DossiersPage:
    """The page. Raises Missing, Forbidden."""
    lokus = lokus_in(user, slug, code)
    demand(may_see_dossiers, user, lokus)
    prepares = may_prepare_dossier(user, lokus)
    rows = dossiers_for(user).filter(lokus=lokus).order_by("-number")
    annexes = {row.pk: row for row in DossierAnnex.objects.filter(dossier__in=rows)}
    shows = may_take_annex(user, lokus)
    job = _job(lokus)
    return DossiersPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        lines=tuple(_line(row, annexes.get(row.pk) if shows else None, prepares=prepares) for row in rows),
        lacks=lacks_of(user, lokus) if prepares else (),
        prepares=prepares,
        may_freeze=may_freeze_dossier(user, lokus),
        busy=job is not None and not job.is_over,
        done=0 if job is None else job.done,
        total=0 if job is None else job.total or 0,
        failed=job.note if job is not None and job.state == JobState.FAILED and prepares else "",
    )


def has_dossier(lokus: Lokus) -> bool:
    """Whether anything was ever frozen of that lokus."""
    return Dossier.objects.filter(lokus=lokus).exists()


def _job(lokus: Lokus) -> Job | None:
    return Job.objects.filter(kind="dossiers.freeze", params={"lokus": lokus.pk}).order_by("-id").first()


def _line(row: Dossier, annex: DossierAnnex | None, *, prepares: bool) -> DossierLine:
    by = row.made_by.get_full_name() if prepares and row.made_by is not None else ""
    lacks = [LackLine(cast(Lack, kind), count) for kind, count in row.lacks] if prepares else []
    return DossierLine(
        id=row.uuid,
        number=row.number,
        made_at=row.made_at,
        by=by,
        sha256=row.sha256,
        size=row.size,
        files=tuple(row.manifest.get("files", {})),
        figures=tuple((each[0], each[1], each[2], each[3]) for each in row.figures),
        lacks=tuple(lacks),
        annex=None
        if annex is None
        else AnnexLine(annex.families, annex.file_id is not None, annex.version, annex.made_at),
    )


# --- what is missing --------------------------------------------------------------------------------------------------
def lacks_of(user: Actor, lokus: Lokus) -> tuple[LackLine, ...]:
    """What a dossier frozen now would lack, the weightiest first. Some fifteen statements."""
    return tuple(_lacks(user, lokus))


def _lacks(user: Actor, lokus: Lokus) -> Iterator[LackLine]:
    cycle, version = lokus.cycle, primary_of(lokus.cycle)
    counted = [] if version is None else rounds_with_answers(lokus, version)
    if not counted:
        yield LackLine("unmeasured", 0, stops=True)
    commitments = list(Commitment.objects.filter(lokus=lokus).exclude(state=CommitmentState.CANCELLED))
    activities = list(Activity.objects.filter(lokus=lokus, deleted_at__isnull=True))
    evidence = evidence_for(user).filter(lokus=lokus)
    photos = evidence.filter(kind=EvidenceKind.PHOTO, state=EvidenceState.VERIFIED)
    said = summaries_of(cycle, today_in(cycle))
    owned = sum(line.owner is not None for line in lines_of(CONSOLE, lokus))
    strategies = list(Strategy.objects.filter(cycle=cycle, taken_back_at__isnull=True))
    undecided = sum(not each.change for each in strategies)
    names = names_of(lokus)
    texts = [text for each in commitments for text in (each.title, each.unit)] + [each.title for each in activities]
    texts += [each.caption for each in evidence] + [each.finding for each in strategies]
    texts += CodeItem.objects.filter(list__place=cycle.place_id, retired_at__isnull=True).values_list("text", flat=True)
    found: list[tuple[Lack, int]] = [
        ("named", sum(names.tells(text) for text in texts)),
        ("letterhead", int(not Letterhead.objects.filter(place=cycle.place).exists())),
        ("one_round", int(len(counted) == 1)),
        ("commitments", int(not commitments)),
        ("activities", int(not activities)),
        ("evidence_waiting", evidence.filter(state=EvidenceState.WAITING).count()),
        ("photos_waiting", photos.filter(blur__confirmed_at__isnull=True).count()),
        ("reactions", sum(each.pk not in said or said[each.pk].useful is None for each in activities)),
        ("strategies", undecided),
        ("followups", len(FollowUp.KINDS) - owned),
    ]
    yield from (LackLine(kind, count) for kind, count in found if count)


# --- files ------------------------------------------------------------------------------------------------------------
def kept_dossier(user: User, slug: str, code: str, dossier: UUID) -> Kept:
    """One ZIP with what it must be. Raises Missing, Forbidden; the bytes are b'' where the file is gone."""
    row = _row(user, slug, code, dossier)
    try:
        content = row.file.content()
    except OSError:
        content = b""
    entries = AuditEntry.objects.filter(action="dossiers.freeze", object_type="dossier", object_id=str(row.uuid))
    details: Mapping[str, Any] = entries.values_list("details", flat=True).first() or {}
    return Kept(content, name_of(row), row.sha256, row.manifest, str(details.get("sha256", "")))


def name_of(row: Dossier) -> str:
    """`berkas-kota-cilegon-2024-36.72.05.1005-2.zip`; what is synthetic says so."""
    made_up = "-data-contoh" if row.cycle.synthetic else ""
    return f"berkas-{row.cycle.slug}-{row.lokus.area}-{row.number}{made_up}.zip"


def annex_of(user: User, slug: str, code: str, dossier: UUID) -> tuple[Dossier, bytes, str]:
    """A dossier, its names as PDF, and what that file is called.

    Raises Missing, Forbidden, InputError while it is written anew.
    """
    demand(may_take_annex, user, lokus_in(user, slug, code))
    row = _row(user, slug, code, dossier)
    annex = one(DossierAnnex.objects.select_related("file__key"), dossier=row)
    if annex.file is None:
        raise InputError(Problem("dossier.annex_later"))
    try:
        return row, annex.file.content(), f"lampiran-nama-{row.lokus.area}-{row.number}.pdf"
    except (CannotUnsealError, OSError) as error:
        raise Missing(Problem("access.missing")) from error


def _row(user: User, slug: str, code: str, dossier: UUID) -> Dossier:
    lokus = lokus_in(user, slug, code)
    demand(may_see_dossiers, user, lokus)
    return one(dossiers_for(user).filter(lokus=lokus), uuid=dossier)
