"""What is laid on the table at a meeting: sheets of agencies, the matrix on A3; each taking is written down."""

from django.db import transaction

from selaras.access import the_cycle
from selaras.actions import audit
from selaras.errors import Missing, Problem
from selaras.models import User
from selaras.queries.agency_sheets import agency_sheet, agency_sheets
from selaras.queries.matrix import matrix_page
from selaras.reports.letters import Paper
from selaras.reports.sheets import matrix_pdf, sheets_file


def export_agency_sheet(*, by: User, cycle_slug: str, agency_id: int, suffix: str) -> Paper:
    """The sheet of one agency as `pdf` or `docx`, with what `by` may see. Raises Missing, Forbidden."""
    _known(suffix)
    sheet = agency_sheet(by, cycle_slug, agency_id)
    made = sheets_file([sheet], f"lembar-{_plain(sheet.short_name)}", suffix)
    _record(by, "papers.export_agency_sheet", cycle_slug, agency=agency_id, file=suffix)
    return made


def export_agency_sheets(*, by: User, cycle_slug: str, suffix: str) -> Paper:
    """The sheets of all agencies in one file, as `pdf` or `docx`. Raises Missing, Forbidden."""
    _known(suffix)
    sheets = agency_sheets(by, cycle_slug)
    made = sheets_file(sheets, f"lembar-opd-{cycle_slug}", suffix)
    _record(by, "papers.export_agency_sheets", cycle_slug, agencies=len(sheets), file=suffix)
    return made


def export_matrix_paper(*, by: User, cycle_slug: str, code: str = "") -> Paper:
    """The matrix of a lokus (or '' of all) on A3, as `by` may see it. Raises Missing."""
    made = matrix_pdf(matrix_page(by, cycle_slug, code=code))
    _record(by, "papers.export_matrix", cycle_slug, lokus=code)
    return made


def _known(suffix: str) -> None:
    if suffix not in {"pdf", "docx"}:
        raise Missing(Problem("access.missing"))


def _plain(name: str) -> str:
    return "".join(each for each in name.casefold() if each.isascii() and each.isalnum()) or "opd"


def _record(by: User, action: str, cycle_slug: str, **details: object) -> None:
    place = the_cycle(by, cycle_slug).place.code
    with transaction.atomic():
        audit.record(by=by, action=action, object_type="cycle", object_id=cycle_slug, place_code=place, **details)
