"""/tahun/SLUG/pengingat/: for each liaison a message to copy or share, at most one a day."""

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from selaras.actions import reminders as actions
from selaras.queries import reminders as queries
from selaras.web.person import person


@never_cache
@require_safe
def reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has something before her, with the words for it."""
    page = queries.reminders_page(person(request), slug)
    lines = [(each, f"https://wa.me/?text={quote(each.text)}") for each in page.open]
    return render(request, "reminders.html", {"page": page, "lines": lines, "synthetic": page.cycle.synthetic})


@require_POST
def reminded(request: HttpRequest, slug: str, user_id: UUID) -> HttpResponse:
    """She was reminded: today nobody reminds her again."""
    if actions.mark_reminded(by=person(request), cycle_slug=slug, user_id=user_id):
        messages.success(request, _("Tercatat. Hari ini ia tidak diingatkan lagi."))
    return redirect("reminders", slug)


urlpatterns = [
    path("tahun/<slug:slug>/pengingat/", reminders, name="reminders"),
    path("tahun/<slug:slug>/pengingat/<uuid:user_id>/", reminded, name="reminded"),
]
