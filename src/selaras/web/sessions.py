"""The browsers in which one is signed in: when each was last used, and how to sign out from afar."""

import re
from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from selaras.actions import sessions as actions
from selaras.models.sessions import DEVICE, SEEN, seen_at
from selaras.queries import sessions as queries
from selaras.web.person import person

#: How exactly the last use is known: one more write in so long, not one a request.
EVERY = timedelta(minutes=10)
#: Where somebody answers without a name, maybe on a phone in which a cadre is signed in; and the locked room, whose
#: moments are nobody's: no row says when.
UNNOTED = ("/reaksi/", "/ruang/")


def note_browser(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a signed-in session says which browser it is, and now and then that it is in use."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # Asking a session that nobody has asked would make every page differ by cookie.
        if request.session.accessed and SESSION_KEY in request.session and not request.path_info.startswith(UNNOTED):
            _note(request)
        return response

    return middleware


def _note(request: HttpRequest) -> None:
    now, last = timezone.now(), seen_at(request.session)
    if request.session.modified or last is None or now - last > EVERY:
        request.session[SEEN] = now.isoformat()
        request.session[DEVICE] = request.headers.get("User-Agent", "")


@never_cache
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where she is signed in."""
    lines = queries.session_lines(person(request), request.session.session_key)
    return render(request, "account/sessions.html", {"lines": [(line, device_words(line.device)) for line in lines]})


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Sign out one browser (`nomor`), or all but this one."""
    number = request.POST.get("nomor")
    if number is None:
        actions.end_other_sessions(by=person(request), cookie=request.session.session_key)
        messages.success(request, _("Semua perangkat lain sudah keluar."))
    else:
        actions.end_session(by=person(request), number=number)
        messages.success(request, _("Perangkat itu sudah keluar."))
    return redirect("sessions")


#: The first that fits: Edge calls itself Chrome too, and Chrome Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/|Opera", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_words(agent: str) -> str:
    """`Chrome di Android`, as far as the browser tells; '' where it does not."""
    browser, system = (
        next((name for pattern, name in known if re.search(pattern, agent)), "") for known in (_BROWSERS, _SYSTEMS)
    )
    if browser and system:
        return _("%(browser)s di %(system)s") % {"browser": browser, "system": system}
    return browser or system
