"""What is laid on the table at a meeting, to take along: sheets of agencies, the matrix on A3."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selaras.actions import papers as actions
from selaras.reports.letters import Paper
from selaras.web.person import person


def sent(paper: Paper) -> HttpResponse:
    """A file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{paper.name}"'}
    return HttpResponse(paper.content, content_type=paper.content_type, headers=headers)


@never_cache
@require_safe
def sheet(request: HttpRequest, slug: str, agency_id: int, suffix: str) -> HttpResponse:
    """The sheet of one agency."""
    made = actions.export_agency_sheet(by=person(request), cycle_slug=slug, agency_id=agency_id, suffix=suffix)
    return sent(made)


@never_cache
@require_safe
def sheets(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """The sheets of all agencies."""
    return sent(actions.export_agency_sheets(by=person(request), cycle_slug=slug, suffix=suffix))


@never_cache
@require_safe
def matrix(request: HttpRequest, slug: str) -> HttpResponse:
    """The matrix on A3; `?lokus=` of one lokus."""
    code = request.GET.get("lokus", "").replace("\0", "")
    return sent(actions.export_matrix_paper(by=person(request), cycle_slug=slug, code=code[:60]))


_YEAR = "tahun/<slug:slug>/"
urlpatterns = [
    path(f"{_YEAR}opd/lembar.<slug:suffix>", sheets, name="agency_sheets"),
    path(f"{_YEAR}opd/<int:agency_id>/lembar.<slug:suffix>", sheet, name="agency_sheet"),
    path(f"{_YEAR}matriks/a3.pdf", matrix, name="matrix_paper"),
]
