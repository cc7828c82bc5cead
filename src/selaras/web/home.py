"""The first step inside, and the language of the pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from selaras.queries import frame as frames
from selaras.web.person import person


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To where the role lands; a person without any assignment reads whom to ask."""
    landing = frames.landing(person(request))
    if landing.cycle_slug is None:
        return render(request, "nothing_yet.html")
    if landing.code is None:
        return redirect("cycle", landing.cycle_slug)
    return redirect("lokus", landing.cycle_slug, landing.code)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remembers the chosen language in a cookie and goes back to the page."""
    return set_language(request)
