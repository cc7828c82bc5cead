"""A published instrument, to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from selaras.queries import instruments as queries
from selaras.web.person import person


@require_safe
def instrument(request: HttpRequest, instrument_id: str, version: str) -> HttpResponse:
    """Every rule and weight of one version, in words and as its author wrote it."""
    page = queries.instrument_page(person(request), instrument_id, version)
    return render(request, "instrument.html", {"page": page})
