"""/kalender/FEED.ics: an agency's calendar, for the application that its people already have."""

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from selaras.errors import Missing, Problem
from selaras.queries import feeds as queries
from selaras.reports.feeds import calendar as as_bytes
from selaras.web.errors import too_many
from selaras.web.limits import allowed


@login_not_required
@require_safe
def calendar(request: HttpRequest, feed: str) -> HttpResponse:
    """The feed, or 304 where the application has it already. Closed with its link."""
    found = queries.feed(feed)
    if found is None:
        if not allowed(request, "opd"):
            return too_many(request)
        raise Missing(Problem("access.missing"))
    content = as_bytes(found)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="kalender.ics"'
    return get_conditional_response(request, etag=etag, response=response) or response


urlpatterns = [path("kalender/<str:feed>.ics", calendar, name="calendar")]
