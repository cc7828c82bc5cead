"""Commitments as sheets: taken along with an entry in the audit, and brought in from a DPA or an older matrix."""

from django.db import transaction

from selaras.access import the_cycle
from selaras.actions import audit
from selaras.models import User
from selaras.queries.matrix import matrix_page
from selaras.queries.plans import Asked, commitments_page
from selaras.reports.matrix import commitments_xlsx, matrix_xlsx

#: Commitments of a year in one workbook.
MOST = 20_000


def export_matrix(*, by: User, cycle_slug: str, code: str = "") -> bytes:
    """The matrix (of a lokus, or of all) and its commitments as XLSX, as `by` may see them. Raises Missing."""
    page = matrix_page(by, cycle_slug, code=code)
    lokus = page.lokus.code if page.lokus and code else ""
    lines = commitments_page(by, cycle_slug, Asked(lokus=lokus), size=MOST).lines
    content = matrix_xlsx(page, lines)
    _record(by, "plans.export_matrix", cycle_slug, lokus, len(lines))
    return content


def export_commitments(*, by: User, cycle_slug: str, asked: Asked) -> bytes:
    """The commitments that fit as XLSX, as `by` may read them. Raises Missing."""
    page = commitments_page(by, cycle_slug, asked, size=MOST)
    content = commitments_xlsx(page.cycle.synthetic, page.lines)
    _record(by, "plans.export", cycle_slug, asked.lokus, len(page.lines))
    return content


def _record(by: User, action: str, cycle_slug: str, lokus: str, count: int) -> None:
    place = lokus or the_cycle(by, cycle_slug).place.code
    with transaction.atomic():
        audit.record(
            by=by, action=action, object_type="cycle", object_id=cycle_slug, place_code=place, commitments=count
        )
