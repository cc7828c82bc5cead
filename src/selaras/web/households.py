"""The families of a lokus, by code: searched, narrowed, found by a number; names on request."""

from dataclasses import replace
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from selaras.actions import households as actions
from selaras.actions import views
from selaras.errors import InputError
from selaras.queries import households as queries
from selaras.queries.households import LISTED, ONLY, Cursor, Filters, HouseholdsPage
from selaras.queries.statements import STATES as BECAME
from selaras.web import naming
from selaras.web.person import person
from selaras.web.registry_words import FAMILY_STATES, STATES
from selaras.web.sent import uuid_of

#: Families that one number may be found to belong to, as far as an address can name them.
FOUND = 20


@never_cache
@require_safe
def households(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One page of the list: `?cari=`, the filters, `?sesudah=` or `?sebelum=` a code; `?temu=` names what was found."""
    return _list(request, slug, code, request.GET)


def _list(
    request: HttpRequest, slug: str, code: str, asked: QueryDict, status: int = 200, **more: object
) -> HttpResponse:
    named = naming.asked(request, slug, code)
    page = queries.households_page(
        person(request),
        slug,
        code,
        search=_text(asked, "cari", 60),
        by_name=named,
        filters=Filters.read({name: str(value) for name, value in asked.items()}),
        cursor=Cursor(_text(asked, "sesudah", 16), _text(asked, "sebelum", 16)),
        uuids=[uuid for text in asked.getlist("temu")[:FOUND] if (uuid := uuid_of(text))],
    )
    names = naming.shown(request, slug, code, [row.code for row in page.rows]) if page.may_see_names else {}
    if request.method == "POST":
        more["back"] = reverse("households", args=[slug, code])
    return render(request, "households.html", {**context(page), "names": names, "named": named, **more}, status=status)


def context(page: HouseholdsPage) -> dict[str, object]:
    """What the template reads besides the page: the filters that lead anywhere, and the query that keeps them."""
    kept = page.filters.query()
    searched = urlencode({"cari": page.search}) if page.search else ""
    filters = page.filters
    narrowing = [filters.rt, filters.rw, filters.listed, filters.unmet, filters.became, filters.without_nik]
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "tabs": [(only, page.counts[only], _tab(page, only)) for only in ONLY],
        "states": [(state, STATES["" if state == "undecided" else state]) for state in LISTED],
        "words": STATES,
        "became": [(state, FAMILY_STATES[state]) for state in BECAME],
        "family_states": FAMILY_STATES,
        "query": kept,
        "onward": "&".join(part for part in (kept, searched) if part),
        "narrowed": any(narrowing),
        "labels": dict(page.indicators),
    }


def _tab(page: HouseholdsPage, only: queries.Only) -> str:
    """The address of a tab: the other filters stay, and what was searched."""
    filters = page.filters
    query = replace(filters, only=only).query()
    searched = urlencode({"cari": page.search}) if page.search else ""
    return "?" + "&".join(part for part in (query, searched) if part)


def _text(asked: QueryDict, name: str, most: int) -> str:
    return asked.get(name, "").replace("\0", "").strip()[:most]


@sensitive_post_parameters("nomor")
@never_cache
@require_POST
def find(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Find a family by NIK, KK or phone: the number stays in this request, the answer's address names the family."""
    number = request.POST.get("nomor", "")
    try:
        found = actions.find_by_number(by=person(request), cycle_slug=slug, code=code, number=number)
    except InputError as error:
        more = {"number_problems": error.problems, "number": number[:40]}
        return _list(request, slug, code, QueryDict(), 422, **more)
    if not found:
        messages.info(request, _("Nomor itu tidak terdaftar pada keluarga mana pun yang dapat Anda lihat."))
        return redirect("households", slug, code)
    if len(found) == 1:
        return redirect("household", slug, found[0].lokus, found[0].code)
    here = [family for family in found if family.lokus == found[0].lokus][:FOUND]
    messages.info(request, _("Nomor itu tercatat pada %(n)s keluarga.") % {"n": len(found)})
    address = reverse("households", args=[slug, found[0].lokus])
    return redirect(f"{address}?{urlencode([('temu', str(family.uuid)) for family in here])}")


@require_POST
def keep_view(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Keep the filters that were on the list under a name."""
    query, name = request.POST.get("saringan", "")[:500], request.POST.get("nama", "")
    address = reverse("households", args=[slug, code])
    try:
        view = views.keep_view(by=person(request), cycle_slug=slug, code=code, name=name, query=query)
    except InputError as error:
        return _list(request, slug, code, QueryDict(query), 422, view_problems=error.problems, view_name=name[:80])
    messages.success(request, _("Tampilan “%(name)s” tersimpan.") % {"name": view.name})
    return redirect(f"{address}?{view.query}")


@require_POST
def drop_view(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Delete one of her kept searches."""
    text = request.POST.get("tampilan", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    views.drop_view(by=person(request), cycle_slug=slug, code=code, view=number)
    messages.success(request, _("Tampilan dihapus."))
    return redirect("households", slug, code)


@require_POST
def names(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Shows or hides names of this lokus, then goes back to the page that asked."""
    queries.lokus_of_families(person(request), slug, code)
    if request.POST.get("nama") == "tampil":
        naming.ask(request, slug, code)
    else:
        naming.hide(request)
    return redirect(back_to(request, reverse("households", args=[slug, code])))


def back_to(request: HttpRequest, otherwise: str) -> str:
    """The page of ours that a form says it came from, else another one."""
    back = request.POST.get("kembali", "")
    # Anything else would be taken for the name of a page.
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if ours else otherwise
