"""What is taken along from one indicator: its numbers as a file, and the entry that says who took them."""

from collections.abc import Callable
from typing import Final

from django.db import transaction

from selaras.actions import audit
from selaras.errors import Missing, Problem
from selaras.models import User
from selaras.queries.indicators import IndicatorPage, indicator_page
from selaras.reports.indicators import indicator_csv, indicator_xlsx

_KINDS: Final[dict[str, Callable[[IndicatorPage], bytes]]] = {"csv": indicator_csv, "xlsx": indicator_xlsx}


def export_numbers(*, by: User, cycle_slug: str, code: str, name: str, kind: str) -> bytes:
    """The numbers of that indicator's page as a `csv` or `xlsx` file, as `by` may see them.

    Writes one audit entry that names the indicator and the kind of file. Raises Missing where cycle, lokus,
    indicator or kind is not there or not hers.
    """
    if kind not in _KINDS:
        raise Missing(Problem("access.missing"))
    page = indicator_page(by, cycle_slug, code, name, limit=1)
    content = _KINDS[kind](page)
    with transaction.atomic():
        audit.record(
            by=by,
            action="indicators.export",
            object_type="indicator",
            object_id=page.name,
            place_code=page.lokus.code,
            cycle=page.cycle.slug,
            file=kind,
        )
    return content
