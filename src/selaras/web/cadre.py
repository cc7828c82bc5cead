"""/kader/: a cadre's own families, in simple words; and a record of her work, to print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selaras.queries.cadre import OwnPage, own_page, record_page
from selaras.web import naming
from selaras.web.field_words import STATES, WAITS
from selaras.web.person import person


@never_cache
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Her families of the round; `?lokus=` where she works in several. Nothing here for anybody else."""
    page = own_page(person(request), _code(request))
    slug, code = page.cycle.slug, page.lokus.code
    names = naming.shown(request, slug, code, [line.code for block in page.blocks for line in block.families])
    more = {"names": names, "named": naming.asked(request, slug, code)}
    return render(request, "cadre.html", {**context(page), **more})


def context(page: OwnPage) -> dict[str, object]:
    """What the template reads besides names."""
    return {"page": page, "synthetic": page.cycle.synthetic, "states": STATES, "waits": WAITS, "names": {}}


@never_cache
@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Days and counts of her work in the year; no family stands on it."""
    page = record_page(person(request), _code(request))
    return render(request, "cadre_record.html", {"page": page, "synthetic": page.cycle.synthetic})


def _code(request: HttpRequest) -> str:
    return request.GET.get("lokus", "").replace("\0", "")[:60]


urlpatterns = [
    path("kader/", own, name="cadre"),
    path("kader/catatan/", record, name="cadre_record"),
]
