"""The browsers in which one is signed in: when each was last used, and how to sign out from afar."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from selaras.models.sessions import DEVICE, SEEN, seen_at

#: How exactly the last use is known: one more write in so long, not one a request.
EVERY = timedelta(minutes=10)


def note_browser(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a signed-in session says which browser it is, and now and then that it is in use."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # Asking a session that nobody has asked would make every page differ by cookie.
        if request.session.accessed and SESSION_KEY in request.session:
            _note(request)
        return response

    return middleware


def _note(request: HttpRequest) -> None:
    now, last = timezone.now(), seen_at(request.session)
    if request.session.modified or last is None or now - last > EVERY:
        request.session[SEEN] = now.isoformat()
        request.session[DEVICE] = request.headers.get("User-Agent", "")
