"""What a proof shows at most outlives the proof: taken back and sent again, it shows no more than before."""

import hashlib
from collections.abc import Iterable

from selaras.models import Evidence, EvidenceUse, KeptLimit, ProofLimit


def keep_limits(of: Evidence) -> None:
    """Before evidence goes: what each citation shows at most is kept by its content. In the caller's transaction."""
    for limit in ProofLimit.objects.filter(use__evidence=of).select_related("use"):
        use = limit.use
        if use.lokus_id is None:
            continue
        KeptLimit.objects.update_or_create(
            content=_content(of),
            lokus_id=use.lokus_id,
            instrument=use.instrument,
            indicator=use.indicator,
            defaults={"value": limit.value, "option": limit.option, "by": limit.by, "at": limit.at},
        )


def drop_kept(of: Evidence) -> None:
    """It is there again with all its limits: those hold, and what becomes of them. In the caller's transaction."""
    KeptLimit.objects.filter(content=_content(of), lokus__in=of.uses.values("lokus")).delete()


def bring_back(of: Evidence, uses: Iterable[EvidenceUse]) -> None:
    """Put the kept limits on those citations, which are new and stored. In the caller's transaction."""
    cited = {(use.lokus_id, use.instrument, use.indicator): use for use in uses if use.item_id is None}
    if not cited:
        return
    rows = KeptLimit.objects.filter(content=_content(of), lokus__in={lokus for lokus, *_item in cited})
    kept = [row for row in rows if (row.lokus_id, row.instrument, row.indicator) in cited]
    ProofLimit.objects.bulk_create(
        ProofLimit(
            use=cited[row.lokus_id, row.instrument, row.indicator],
            value=row.value,
            option=row.option,
            by_id=row.by_id,
            at=row.at,
        )
        for row in kept
    )
    KeptLimit.objects.filter(pk__in=[row.pk for row in kept]).delete()


def _content(of: Evidence) -> str:
    return of.sha256 or hashlib.sha256(of.url.encode()).hexdigest()
