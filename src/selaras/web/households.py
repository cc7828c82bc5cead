"""The families of a lokus, by code; names on request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from selaras.queries import households as queries
from selaras.queries.households import HouseholdsPage, Only
from selaras.web import naming
from selaras.web.person import person

_ONLY: dict[str, Only] = {"answered": "answered", "waiting": "waiting", "gaps": "gaps"}


@never_cache
@require_safe
def households(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One page of the list: `?cari=`, `?hanya=answered|waiting|gaps`, `?hal=`."""
    named = naming.asked(request, slug, code)
    page = queries.households_page(
        person(request),
        slug,
        code,
        search=request.GET.get("cari", "").replace("\0", "").strip()[:60],
        by_name=named,
        only=_ONLY.get(request.GET.get("hanya", ""), "all"),
        page=_number(request.GET.get("hal", "1")),
    )
    names = naming.shown(request, slug, code, [row.code for row in page.rows]) if page.may_see_names else {}
    return render(request, "households.html", {**context(page), "names": names, "named": named})


def context(page: HouseholdsPage) -> dict[str, object]:
    """What the template reads besides the page: the filters that lead anywhere."""
    return {"page": page, "synthetic": page.cycle.synthetic, "filters": [(only, page.counts[only]) for only in _SHOWN]}


_SHOWN: tuple[Only, ...] = ("all", "answered", "waiting", "gaps")


def _number(text: str) -> int:
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1


@require_POST
def names(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Shows or hides names of this lokus, then goes back to the page that asked."""
    queries.lokus_of_families(person(request), slug, code)
    if request.POST.get("nama") == "tampil":
        naming.ask(request, slug, code)
    else:
        naming.hide(request)
    back = request.POST.get("kembali", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("households", args=[slug, code])
    return redirect(back)
