"""/isi/: forms filled in a browser, without a network too. The page itself says nothing of anybody; what does is JSON.

`isi.json`, the list of families and their last answers are kept by nobody on the way: the page stores them sealed.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selaras.actions.field import filling as actions
from selaras.actions.sending.uploads import CHUNK
from selaras.errors import CATALOGUE, Missing
from selaras.models import User
from selaras.odk.money import COUNTED, GAP, HEAPED, MARKED, NOUGHTS, OWN, PARTED, SURE
from selaras.queries import evidence
from selaras.queries import filling as queries
from selaras.queries.gladi_sheets import PREFIX as SHEET
from selaras.queries.gladi_sheets import HandedSheet, sheet_form, sheets_of
from selaras.web.offline import KEEPS, box_module, seal_of, version_of, worker_script
from selaras.web.person import person
from selaras.web.sending import says, signed_out

View = Callable[..., HttpResponse]
#: Where a session keeps which lists it has been handed: the same again is not written down again.
_CARRIED = "isi"
#: How a browser reads numbers, which amounts it asks about and in which words: as typed entry does.
_ASKED = {
    "asks": PARTED,
    "words": "; ".join(CATALOGUE["typed.parted"]),
    "heaped": HEAPED,
    "words_heaped": "; ".join(CATALOGUE["typed.multiple"]),
    "reads": {"gap": GAP, "marked": MARKED, "sure": SURE, "counted": COUNTED},
    "units": {unit: {"own": own, "noughts": NOUGHTS[unit]} for unit, own in OWN.items()},
}
#: Only these pages run WebAssembly (the XPath parser of the forms' engine) and show pictures that were just taken.
_isi_policy = csp_update({"script-src": "'wasm-unsafe-eval'", "img-src": "blob:"})


@_isi_policy
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page that a browser keeps: the same for everybody who may sign in."""
    response = render(request, "isi/app.html")
    response["Selaras-Version"] = version_of(request)
    return response


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it names the files of this version by their hashes, and nothing of a person."""
    response = HttpResponse(worker_script(request), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
def box(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """A module with the public key that files of unsent items are sealed for."""
    response = HttpResponse(box_module(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put it among its applications. Asked for without a cookie."""
    sizes = (("icon-192", "192x192", "any"), ("icon-512", "512x512", "any"), ("icon-maskable", "512x512", "maskable"))
    icons = [
        {"src": static(f"selaras/isi/{name}.png"), "sizes": size, "type": "image/png", "purpose": purpose}
        for name, size, purpose in sizes
    ]
    said = {
        "id": "/isi/",
        "start_url": "/isi/",
        "scope": "/isi/",
        "name": _("Selaras: isi formulir"),
        "short_name": "Selaras",
        "lang": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "display": "standalone",
        "background_color": "#f8f4eb",
        "theme_color": "#0a5a57",
        "icons": icons,
    }
    return JsonResponse(said, content_type="application/manifest+json")


def _for_the_page(view: View) -> View:
    """A view that the page asks in the background: JSON where she is not signed in or nothing is there; stored by
    nobody between, and not by the browser's own cache, which would keep it unsealed."""

    @login_not_required
    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, **parts: str) -> HttpResponse:
        if not request.user.is_authenticated:
            response: HttpResponse = signed_out()
        else:
            try:
                response = view(request, person(request), **parts)
            except Missing:
                # Whose it is: the page must not show her what it keeps for somebody else.
                said = _("Tidak ada formulir untuk Anda di sini.")
                response = says("refused", said, status=404, user=str(person(request).uuid))
        response["Cache-Control"] = "private, no-store"
        return response

    return guarded


@_for_the_page
def work(request: HttpRequest, by: User) -> HttpResponse:
    """What can be filled in, and for whom."""
    found = actions.hand_out(by=by, cycle_slug=_slug(request))
    slug = found.cycle.slug
    said = {
        "user": str(by.uuid),
        "shown": by.get_full_name() or by.username,
        "year": slug,
        "synthetic": found.cycle.synthetic,
        "forms": [
            {
                "form_id": form.form_id,
                "version": form.version,
                "title": form.title,
                "round": form.round,
                "practice": form.practice,
                "xml": reverse("filling_form", args=[form.form_id, form.version]),
                "lists": [
                    {"name": name, "url": reverse("filling_families", args=[slug]), "hash": hash_}
                    for name, hash_ in form.lists
                ],
                "money": {"fields": form.money, **_ASKED},
            }
            for form in found.forms
        ]
        + [_sheet(sheet) for sheet in sheets_of(by, slug)],
        "families": [
            {
                "uuid": family.uuid,
                "label": family.label,
                "rt": family.rt,
                "rw": family.rw,
                "state": family.state,
                "asked": family.asked.isoformat() if family.asked is not None else None,
            }
            for family in found.families
        ],
        "evidence": asdict(evidence.offered(by, slug)),
        "last": f"{reverse('filling_last')}?tahun={slug}",
        "chunk": CHUNK,
        "seal": seal_of(by),
    }
    body = json.dumps(said, ensure_ascii=False)
    labels = "\n".join(family.label for family in found.families)
    _noted(request, by, slug, what="families", count=len(found.families), content=labels)
    response = HttpResponse(body, content_type="application/json")
    response.set_cookie(
        KEEPS, "1", max_age=366 * 24 * 3600, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def _sheet(sheet: HandedSheet) -> dict[str, object]:
    """A sheet of a rehearsal: of no family, and of its own kind in the queue."""
    xml = reverse("filling_form", args=[sheet.form_id, sheet.version])
    named = {"form_id": sheet.form_id, "version": sheet.version, "title": sheet.title}
    return {**named, "round": "", "practice": False, "xml": xml, "lists": [], "kind": "gladi"}


@_for_the_page
def form(_request: HttpRequest, by: User, form_id: str, version: str) -> HttpResponse:
    """A form's XML; old versions too, for drafts that were begun with them."""
    sheet = form_id.startswith(SHEET)
    content = sheet_form(by, form_id) if sheet else queries.form_of(by, form_id, version)
    return HttpResponse(content, content_type="text/xml; charset=utf-8")


@_for_the_page
def families(request: HttpRequest, by: User, slug: str) -> HttpResponse:
    """`keluarga.csv`, as a phone gets it."""
    content = queries.families_csv(by, slug)
    _noted(request, by, slug, what="list", count=content.count(b"\n") - 1, content=content.decode())
    return HttpResponse(content, content_type="text/csv; charset=utf-8")


@_for_the_page
def last(request: HttpRequest, by: User) -> HttpResponse:
    """What her families answered last."""
    slug = queries.year_to_fill(by, _slug(request)).slug
    found = queries.last_answers(by, slug)
    body = json.dumps(found, ensure_ascii=False, sort_keys=True)
    if found:
        _noted(request, by, slug, what="answers", count=len(found), content=body)
    return HttpResponse(body, content_type="application/json")


def _slug(request: HttpRequest) -> str:
    return request.GET.get("tahun", "")[:60]


def _noted(request: HttpRequest, by: User, slug: str, *, what: str, count: int, content: str) -> None:
    """Write down once in a session what was handed over; again when it has become another."""
    mark = hashlib.sha256(content.encode()).hexdigest()[:16]
    carried = request.session.get(_CARRIED, {})
    if not count or carried.get(f"{slug} {what}") == mark:
        return
    actions.note_carried(by=by, cycle_slug=slug, what=what, families=count)
    request.session[_CARRIED] = {**carried, f"{slug} {what}": mark}


urlpatterns = [
    path("isi/", page, name="filling"),
    path("isi/sw.js", worker, name="filling_worker"),
    path("isi/kotak.js", box, name="filling_box"),
    path("isi/manifest.webmanifest", manifest, name="filling_manifest"),
    path("isi/isi.json", work, name="filling_work"),
    path("isi/formulir/<str:form_id>/<str:version>.xml", form, name="filling_form"),
    path("isi/daftar/<slug:slug>/keluarga.csv", families, name="filling_families"),
    path("isi/terakhir.json", last, name="filling_last"),
]
