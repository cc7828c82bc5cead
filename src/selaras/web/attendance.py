"""Who came: written by oneself through the meeting's QR, or copied by the secretariat from the paper list."""

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from selaras.actions import meetings as actions
from selaras.errors import InputError, Missing, Problem
from selaras.queries import meetings as queries
from selaras.queries.meetings import MeetingPage
from selaras.reports.letters import qr_svg
from selaras.web.errors import too_many
from selaras.web.meeting_forms import AttendeeForm, AttendForm
from selaras.web.person import person


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attend(request: HttpRequest, attend_token: str) -> HttpResponse:
    """The form behind the QR, and the thanks. Open from two hours before the meeting until twelve after its start."""
    page = queries.open_list(attend_token)
    done = request.GET.get("sudah") == "1"
    if request.method != "POST" or page.state != "open":
        status = 422 if request.method == "POST" else 200
        return render(request, "attend.html", {"page": page, "form": AttendForm(), "done": done}, status=status)
    # A whole hall writes from one address: the limit is above that of a sign-in, and the list itself has an end.
    if not ratelimit.consume(request, action="hadir"):
        return too_many(request)
    form = AttendForm(request.POST)
    if form.is_valid():
        try:
            actions.attend(by=request.user, token=attend_token, **form.cleaned_data)
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, f"{problem.message}; {problem.remedy}")
        else:
            return redirect(reverse("attend", args=[attend_token]) + "?sudah=1")
    return render(request, "attend.html", {"page": page, "form": form, "done": False}, status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, slug: str, meeting_id: UUID) -> HttpResponse:
    """The list so far, with its QR to show on a screen; and a line for whoever signed on paper."""
    page = queries.meeting_page(person(request), slug, meeting_id)
    if request.method != "POST":
        return _list(request, page, AttendeeForm())
    form = AttendeeForm(request.POST)
    if not form.is_valid():
        return _list(request, page, form, status=422)
    new = actions.add_attendee(by=person(request), cycle_slug=slug, meeting_id=meeting_id, **form.cleaned_data)
    messages.success(request, _("Sudah dicatat.") if new else _("Nama itu sudah ada di daftar."))
    return redirect("attendance", slug, meeting_id)


def _list(request: HttpRequest, page: MeetingPage, form: AttendeeForm, *, status: int = 200) -> HttpResponse:
    url = settings.SELARAS_BASE_URL + reverse("attend", args=[page.token])
    context = {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "form": form,
        "url": url,
        "unsaid": len(page.attendees) - page.women - page.men,
    }
    return render(request, "attendance.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD"])
def qr(request: HttpRequest, slug: str, meeting_id: UUID) -> HttpResponse:
    """The QR of the meeting's list as a picture."""
    page = queries.meeting_page(person(request), slug, meeting_id)
    drawn = qr_svg(settings.SELARAS_BASE_URL + reverse("attend", args=[page.token]))
    return HttpResponse(drawn, content_type="image/svg+xml")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, slug: str, meeting_id: UUID, row: int) -> HttpResponse:
    """Correct one line of the list, or take it out."""
    page = queries.meeting_page(person(request), slug, meeting_id)
    found = next((each for each in page.attendees if each.id == row), None)
    if found is None:
        raise Missing(Problem("access.missing"))
    target: dict[str, Any] = {"by": person(request), "cycle_slug": slug, "meeting_id": meeting_id, "row": row}
    if request.method == "POST" and "hapus" in request.POST:
        actions.remove_attendee(**target)
        messages.success(request, _("Baris itu sudah dihapus dari daftar."))
        return redirect("attendance", slug, meeting_id)
    form = AttendeeForm(request.POST or None, initial={"name": found.name, "office": found.office, "sex": found.sex})
    if request.method == "POST" and form.is_valid():
        actions.correct_attendee(**target, **form.cleaned_data)
        messages.success(request, _("Baris itu sudah dibetulkan."))
        return redirect("attendance", slug, meeting_id)
    context = {"page": page, "synthetic": page.cycle.synthetic, "form": form, "line": found}
    return render(request, "attendee.html", context, status=422 if request.method == "POST" else 200)


_ONE = "tahun/<slug:slug>/rapat/<uuid:meeting_id>/"
urlpatterns = [
    path("hadir/<str:attend_token>/", attend, name="attend"),
    path(f"{_ONE}hadir/", attendance, name="attendance"),
    path(f"{_ONE}hadir/qr.svg", qr, name="attendance_qr"),
    path(f"{_ONE}hadir/<int:row>/", row, name="attendee"),
]
