"""Our errors as pages: what happened, what is safe, what to do next."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from selaras.errors import Forbidden, InputError, Missing, SelarasError

_STATUS: tuple[tuple[type[SelarasError], int], ...] = ((Missing, 404), (Forbidden, 403), (InputError, 422))


class SayProblems:
    """Middleware: an error of ours that no view has caught becomes the page of its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # No address of ours holds a NUL, and PostgreSQL would rather fail than look for one.
        if "\0" in request.path_info:
            return page(request, 404)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_given: object) -> None:
        """Drop what nobody types and PostgreSQL cannot keep, from forms and addresses alike; programs keep theirs."""
        request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of one of our errors; any other error is Django's to handle."""
        for kind, status in _STATUS:
            if isinstance(error, kind):
                # A missing thing and another city's look the same, so a 404 never says more than its page.
                problems = () if status == 404 else error.problems
                return page(request, status, problems=problems)
        return None


def _without_nul(given: QueryDict) -> QueryDict:
    if not any("\0" in text for name, values in given.lists() for text in (name, *values)):
        return given
    kept = QueryDict(mutable=True)
    for name, values in given.lists():
        kept.setlist(name.replace("\0", ""), [value.replace("\0", "") for value in values])
    return kept


def page(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """The page of a status: templates/errors/STATUS.html."""
    return render(request, f"errors/{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """400: the browser sent what we cannot read."""
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """403: known, and may not."""
    return page(request, 403)


@requires_csrf_token
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """403: a form that was left open too long, or that another site sent."""
    return render(request, "errors/stale.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: not there, or another city's, which must look the same."""
    return page(request, 404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """429: too many tries in a short time."""
    response = page(request, 429)
    response.headers["Retry-After"] = "300"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """500: ours. No database and no session is touched: they may be what is broken."""
    return render(None, "errors/500.html", {"path": request.path}, status=500)
