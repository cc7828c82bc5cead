"""Which families that came in anew, and are used no further by name again, may be another than who asked."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from selaras.models import AuditEntry


def with_another_card(requests: Iterable[UUID]) -> frozenset[str]:
    """Codes of those that were known by the NIK of the head alone, and have another KK than who asked by one of the
    requests, or one where none is known of her. One statement, none where nothing is asked."""
    ids = {str(request) for request in requests}
    if not ids:
        return frozenset()
    rows = AuditEntry.objects.filter(action="rights.again", object_type="rights_request", object_id__in=ids)
    return frozenset(code for details in rows.values_list("details", flat=True) for code in details.get("other_kk", ()))
