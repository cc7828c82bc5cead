"""The first step inside, and the language of the pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from selaras.actions import people as actions
from selaras.queries import frame as frames
from selaras.queries.setup import first_steps
from selaras.web.person import person


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To where the role lands; on a new server to the first steps; without any assignment one reads whom to ask."""
    landing = frames.landing(person(request))
    if landing.cycle_slug is None:
        steps = first_steps(person(request))
        if steps is None:
            return render(request, "nothing_yet.html")
        loads, opens = steps
        return render(request, "start.html", {"loads": loads, "opens": opens})
    if landing.answers:
        return redirect("own_answers", landing.cycle_slug)
    if landing.own_families:
        return redirect("cadre")
    if landing.code is None:
        return redirect("cycle", landing.cycle_slug)
    return redirect("lokus", landing.cycle_slug, landing.code)


@require_POST
def read_task_news(request: HttpRequest) -> HttpResponse:
    """Close what the page says of her tasks, as of when it was shown."""
    until = parse_datetime(request.POST.get("sampai", "")[:40].replace("\0", ""))
    # The first and the last day of the calendar are none in another zone.
    if until is not None and is_aware(until) and 1 < until.year < 9999:
        actions.read_task_news(by=person(request), until=until)
    return redirect("home")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remembers the chosen language in a cookie and goes back to the page."""
    return set_language(request)
