"""Is it well? For load balancers and for people who restart servers at night."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selaras.queries import frame as frames


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 with `{"database": "ok", …}`; 503 where pages cannot be served. A late worker is said, and stops no page."""
    state = frames.health()
    well = state["database"] == state["migrations"] == "ok"
    return JsonResponse(state, status=200 if well else 503)
