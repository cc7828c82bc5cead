"""Where the API stands: /api/v1/… and /api/openapi.json."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver
from django.views.decorators.csrf import csrf_exempt

from selaras.api.door import api
from selaras.api.programme import router


def open_to_programs(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view for whoever brings a token, which it asks for itself; HEAD is GET without its body."""

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **parts: str) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        asked, request.method = request.method, "GET"
        try:
            return view(request, **parts)
        finally:
            request.method = asked

    # Nobody is led to a sign-in page that a program cannot read.
    answer.login_required = False  # type: ignore[attr-defined]
    return answer


api.add_router("/v1", router)
found, _, app_name = api.urls
urlpatterns: list[URLPattern | URLResolver] = [
    URLPattern(one.pattern, open_to_programs(one.callback), one.default_args, one.name)
    for one in found
    if isinstance(one, URLPattern)
]
