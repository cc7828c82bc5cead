"""/tahun/SLUG/lokus/CODE/pendataan/: how far a round of data taking is, by RT and by cadre."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selaras.queries.progress import ProgressPage, progress_page
from selaras.web import naming
from selaras.web.field_words import STATES
from selaras.web.person import person


@never_cache
@require_safe
def progress(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One round: `?putaran=visit-1`; the one that is open today where none is named."""
    asked = request.GET.get("putaran", "").replace("\0", "")[:20]
    page = progress_page(person(request), slug, code, asked)
    names = naming.shown(request, slug, code, [line.code for line in page.left])
    more = {"names": names, "named": naming.asked(request, slug, code)}
    return render(request, "progress.html", {**context(page), **more})


def context(page: ProgressPage) -> dict[str, object]:
    """What the template reads besides names."""
    return {"page": page, "synthetic": page.cycle.synthetic, "states": STATES, "names": {}}
