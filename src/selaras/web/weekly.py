"""The Monday page: of a year for who works in it, and by its own address for whoever has it."""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from selaras.actions import weekly as actions
from selaras.queries import weekly as queries
from selaras.queries.weekly import FileKind, WeekShown, WeeksPage
from selaras.reports import weekly as reports
from selaras.web.person import person

TYPES: dict[FileKind, str] = {"pdf": "application/pdf", "png": "image/png"}
#: Seconds after which the page looks whether the files are ready.
SECONDS = 2


@require_http_methods(["GET", "HEAD", "POST"])
def weeks(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest page with what to send along, the ones before, and for the secretariat: make it now."""
    if request.method == "POST":
        actions.make_now(by=person(request), cycle_slug=slug)
        messages.success(request, _("Halaman Senin dibuat dengan angka sekarang. PDF dan gambarnya menyusul."))
        return redirect("weeks", slug)
    page = queries.weeks_page(person(request), slug)
    response = render(request, "weekly.html", context(page))
    if page.busy:
        response.headers["Refresh"] = str(SECONDS)
    return response


def context(page: WeeksPage) -> dict[str, object]:
    """What the page of a year reads: the newest of its pages, opened."""
    return {"page": page, **(shown(page.newest) if page.newest else {}), "synthetic": page.cycle.synthetic}


@login_not_required
@never_cache
@require_safe
def week(request: HttpRequest, page_id: UUID) -> HttpResponse:
    """One page, for reading: nobody needs to sign in, and no search engine is to keep it."""
    return unlisted(render(request, "week.html", shown(queries.week_page(page_id))))


@login_not_required
@never_cache
@require_safe
def week_file(_request: HttpRequest, page_id: UUID, kind: FileKind) -> HttpResponse:
    """Its PDF or picture."""
    content, name = queries.week_file(page_id, kind)
    response = HttpResponse(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return unlisted(response)


def unlisted(response: HttpResponse) -> HttpResponse:
    """As robots are told of what has no HTML."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def shown(found: WeekShown) -> dict[str, object]:
    """What the templates read of one page: its words, address, and the message that goes out with it."""
    address = settings.SELARAS_BASE_URL.rstrip("/") + reverse("week", args=[found.ref.id])
    message = reports.message(found.figures, address)
    week = reports.week_words(found.figures, found.head)
    return {
        "ref": found.ref,
        "synthetic": found.figures["synthetic"],
        "week": week,
        "tables": (week.rows, week.apart),
        "has": found.has,
        "message": message,
        "share": "https://wa.me/?" + urlencode({"text": message}),
    }
