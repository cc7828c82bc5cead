"""/tahun/…/keluarga/…/izin-foto/: what a family lets its photos be used for; changed or withdrawn at any time."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from selaras.actions.photo_consents import say_photo_uses
from selaras.errors import InputError, Problem
from selaras.models import PhotoUse
from selaras.queries.photo_uses import PhotoConsentsPage, photo_consents_page
from selaras.web.person import person

#: PhotoUse, as a family is asked.
USES = {
    PhotoUse.JURY.value: gettext_lazy("dilihat tim juri"),
    PhotoUse.REPORT.value: gettext_lazy("dimuat dalam laporan program"),
    PhotoUse.PUBLIC.value: gettext_lazy("ditampilkan kepada umum, misalnya di media sosial"),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def photo_consents(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """How it stands; posted, what the family says now of all its photos, or of one (`foto`)."""
    by = person(request)
    if request.method != "POST":
        return render(request, "photo_consents.html", context(photo_consents_page(by, slug, code, household)))
    photo = request.POST.get("foto", "")
    known = int(photo) if photo.isascii() and photo.isdigit() and len(photo) < 15 else None
    uses = [] if request.POST.get("cabut") == "1" else request.POST.getlist("boleh")[:10]
    try:
        made = say_photo_uses(by=by, cycle_slug=slug, code=code, household=household, uses=uses, file_id=known)
    except InputError as error:
        page = photo_consents_page(by, slug, code, household)
        return render(request, "photo_consents.html", context(page, error.problems), status=422)
    if made is None:
        messages.info(request, _("Tidak ada yang berubah."))
    elif made.uses:
        messages.success(request, _("Izin foto dicatat."))
    else:
        messages.success(request, _("Izin dicabut. Sejak sekarang foto itu tidak ditampilkan kepada siapa pun."))
    return redirect("photo_consents", slug, code, household)


def context(page: PhotoConsentsPage, problems: Sequence[Problem] = ()) -> dict[str, object]:
    """What the template reads."""
    return {"page": page, "synthetic": page.cycle.synthetic, "uses": USES, "problems": problems}


urlpatterns = [
    path(
        "tahun/<slug:slug>/lokus/<str:code>/keluarga/<str:household>/izin-foto/", photo_consents, name="photo_consents"
    ),
]
