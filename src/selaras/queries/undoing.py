"""Whether an import can be taken back: what has been built on it since."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from selaras.errors import Problem
from selaras.models import (
    CommitmentNeed,
    Household,
    ImportBatch,
    ImportRow,
    Merge,
    Need,
    Result,
    RightsRequest,
    Submission,
    Target,
    TargetChange,
)

#: What an undo removes together with a family, or asks about by name.
_HANDLED = frozenset(
    {
        *("persons", "staged", "submissions", "current_answers", "scores", "classes", "needs"),
        *("target", "replaces", "target_changes"),
        # Each that holds is a version of its family; the others came with an arrival.
        "edits",
        # What was said of photos that came: those are arrivals, which an undo waits for.
        "photo_consents",
        # Asked about below: those that were asked before the family came stay without it.
        "rights_requests",
    }
)
#: What else may stand on a family, as the reason says it. Of another relation its model's own name is said.
_WORDS = {
    "activities": _("kegiatan"),
    "arrivals": _("kiriman"),
    "confirmations": _("konfirmasi layanan yang diterima"),
    "holdings": _("keterangan bahwa layanannya masih berfungsi"),
    "merged_by": _("digabungkan dengan keluarga lain"),
    "merges": _("digabungkan dengan keluarga lain"),
    "rechecks": _("cek ulang"),
    "sheets": _("lembar konfirmasi yang dicetak"),
    "split_from": _("pecah KK"),
    "splits": _("pecah KK"),
    "statements": _("keterangan bahwa keluarga pindah, meninggal, atau lainnya"),
    "visits": _("kunjungan"),
    "women_said": _("jawaban perempuan tentang layanannya"),
}
#: What has been taken back stands in nobody's way; where a family goes it is removed with it.
_STANDING = {
    "merged_by": Q(undone_at__isnull=True),
    "merges": Q(undone_at__isnull=True),
    "split_from": Q(undone_at__isnull=True),
    "splits": Q(undone_at__isnull=True),
    "statements": Q(taken_back_at__isnull=True),
}

#: In an import's summary: of how many known families it kept what the registry said before it corrected them.
KEPT = "kept"


def brought(batch: ImportBatch) -> QuerySet[Household]:
    """The families that this import brought into the registry, erased ones too."""
    return Household.objects.filter(lokus=batch.lokus_id, brought_by=batch.uuid)


def asked_before(batch: ImportBatch) -> QuerySet[RightsRequest]:
    """The requests that were there before the family of this import that they name now: a restriction that was made
    again for it. It stays on record when the family goes, for it is what hides the next that comes."""
    mine = RightsRequest.objects.filter(household__in=brought(batch).values("pk"))
    return mine.filter(entered_at__lt=F("household__created_at"))


def touched(batch: ImportBatch) -> Q:
    """As a condition on `household`: whom it brought, and whose answers it changed."""
    answered = Submission.objects.filter(batch=batch).values("household")
    return Q(household__in=brought(batch).values("pk")) | Q(household__in=answered)


def blockers(batch: ImportBatch) -> list[Problem]:
    """Every reason why a published import cannot be taken back any more; none where it can."""
    return list(_reasons(batch))


def _reasons(batch: ImportBatch) -> Iterator[Problem]:
    unknown = KEPT not in batch.summary or (batch.households_new and not brought(batch).exists())
    if unknown:
        # Published before it was kept what an import brings and corrects: what would come back cannot be told.
        yield Problem("undo.unknown")
        return
    erased = brought(batch).filter(erased_at__isnull=False).count()
    if erased:
        yield Problem("undo.erased", values={"count": erased})
    later = Submission.objects.filter(touched(batch)).exclude(batch=batch)
    # What a family answered before this import came is what an undo brings back.
    later = later.filter(Q(pk__gt=_last(batch)) | Q(household__in=brought(batch).values("pk")))
    # Of the families that would go, an import that only prepares answers counts too: it would lose them.
    published = (
        Q(batch__isnull=True) | Q(batch__finished_at__isnull=False) | Q(household__in=brought(batch).values("pk"))
    )
    families = later.filter(published).values("household").distinct().count()
    if families:
        yield Problem("undo.answers", values={"count": families})
    corrected = brought(batch).filter(version__gt=1).count() + _corrected(batch)
    if corrected:
        yield Problem("undo.registry", values={"count": corrected})
    yield from _used(batch)


def _last(batch: ImportBatch) -> int:
    newest = Submission.objects.filter(batch=batch).order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0


def _corrected(batch: ImportBatch) -> int:
    """Known families whose registry somebody has corrected after this import did."""
    rows = ImportRow.objects.filter(batch=batch, sheet__startswith=ImportRow.BEFORE, household__isnull=False)
    return rows.exclude(household__version=F("number")).count()


def _used(batch: ImportBatch) -> Iterator[Problem]:
    # From what commitments name, which is little, to the families: the other way round it is half a million needs.
    named = list(CommitmentNeed.objects.filter(commitment__cycle=batch.round.cycle_id).values_list("need", flat=True))
    answered = Submission.objects.filter(batch=batch, household=OuterRef("household"))
    mine = Q(household__brought_by=batch.uuid) | Q(Exists(answered), opened_at__gte=batch.finished_at)
    served = Need.objects.filter(mine, pk__in=named).count()
    if served:
        yield Problem("undo.committed", values={"count": served})
    frozen = Result.objects.filter(lokus=batch.lokus_id, round=batch.round_id, created_at__gte=batch.finished_at)
    if frozen.exists():
        yield Problem("undo.frozen")
    mine = Q(household__brought_by=batch.uuid) | Q(replaced_by__brought_by=batch.uuid)
    decided = Target.objects.filter(mine).count()
    decided += TargetChange.objects.filter(household__brought_by=batch.uuid, decision__undone_at__isnull=True).count()
    if decided:
        yield Problem("undo.target", values={"count": decided})
    asked = RightsRequest.objects.filter(household__in=brought(batch).values("pk"))
    if wishes := asked.exclude(pk__in=asked_before(batch).values("pk")).values("household").distinct().count():
        yield Problem("undo.asked", values={"count": wishes})
    # What it had answered stands in the other's name too, as a copy that no undo of this import would find.
    answered_gone = Household.objects.filter(
        submissions__batch=batch, merged_by__in=Merge.objects.filter(undone_at=None)
    )
    if gone := answered_gone.exclude(brought_by=batch.uuid).distinct().count():
        yield Problem("undo.used", values={"count": gone, "what": str(_WORDS["merged_by"])})
    for relation in Household._meta.related_objects:
        name = relation.get_accessor_name() or ""
        if name in _HANDLED or relation.hidden:
            continue
        field = relation.field.name
        rows = relation.related_model._base_manager.filter(**{f"{field}__brought_by": batch.uuid})
        count = rows.filter(_STANDING.get(name, Q())).order_by().values(field).distinct().count()
        if count:
            what = _WORDS.get(name) or relation.related_model._meta.verbose_name
            yield Problem("undo.used", values={"count": count, "what": str(what)})
