"""/tahun/SLUG/hp/: cadres' phones. A way in is made here, shown once on the slip that sets a phone up, and revoked."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.access import the_cycle
from selaras.actions.field.forms import prepare_forms
from selaras.actions.field.papers import export_order
from selaras.actions.field.phones import Handed, give_phone, revoke_phone
from selaras.errors import InputError, Missing, Problem
from selaras.odk.settings_qr import settings_code
from selaras.queries import phone_holders as queries
from selaras.queries.phone_holders import PhonesPage
from selaras.queries.programme import cycle_ref
from selaras.web.invitations import qr_path
from selaras.web.papers import sent
from selaras.web.person import person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phones(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has a phone; `orang` in a POST gets a new way in, shown on this very answer and never again."""
    page = queries.phones_page(person(request), slug)
    if request.method != "POST":
        return _show(request, page)
    task = request.POST.get("orang", "")
    if not (task.isascii() and task.isdigit() and len(task) < 10):
        raise Missing(Problem("access.missing"))
    try:
        made = give_phone(by=person(request), cycle_slug=slug, membership_id=int(task))
    except InputError as error:
        return _show(request, page, error)
    return _slip(request, slug, made)


def _show(request: HttpRequest, page: PhonesPage, error: InputError | None = None) -> HttpResponse:
    problems = error.problems if error is not None else ()
    return render(request, "phones.html", {**context(page), "problems": problems}, status=422 if problems else 200)


def context(page: PhonesPage) -> dict[str, object]:
    """What the template reads."""
    return {"page": page, "synthetic": page.cycle.synthetic}


def _slip(request: HttpRequest, slug: str, made: Handed) -> HttpResponse:
    page = queries.handed_page(person(request), slug, made.phone.membership_id)
    return render(request, "phone_made.html", slip(page, made.token))


def slip(page: queries.HandedPage, token: str) -> dict[str, object]:
    """The slip: Collect's settings as a QR, and the address in words for a phone that cannot scan."""
    # Phones call the server by its public name, whatever the office typed into its browser (their door: urls.py).
    address = f"{settings.SELARAS_BASE_URL}/odk/{token}"
    code = settings_code(server_url=address, name=f"{page.cycle.programme} {page.cycle.year} {page.where}")
    return {"page": page, "address": address, "qr": qr_path(code), "synthetic": page.cycle.synthetic}


@require_POST
def revoke(request: HttpRequest, slug: str, phone_id: UUID) -> HttpResponse:
    """Close one way in for good."""
    phone = revoke_phone(by=person(request), cycle_slug=slug, phone_id=phone_id)
    said = _("Kode HP %(name)s sudah dicabut. Isian yang belum terkirim tetap aman di HP-nya.")
    messages.success(request, said % {"name": phone.user.get_full_name() or phone.user.username})
    return redirect("phones", slug)


@require_POST
def prepare(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the forms of the rounds that have none of the instrument of now."""
    try:
        prepare_forms(by=person(request), cycle=the_cycle(person(request), slug))
    except InputError as error:
        return _show(request, queries.phones_page(person(request), slug), error)
    messages.success(request, _("Formulir untuk HP sudah disiapkan."))
    return redirect("phones", slug)


@require_safe
def family_card(request: HttpRequest, slug: str) -> HttpResponse:
    """What a family is told and keeps, to print: the same for every family."""
    ref = cycle_ref(the_cycle(person(request), slug))
    return render(request, "family_card.html", {"cycle": ref, "copies": (1, 2), "synthetic": ref.synthetic})


@never_cache
@require_safe
def order(request: HttpRequest, slug: str, task: int) -> HttpResponse:
    """The letter that a cadre shows at the door."""
    return sent(export_order(by=person(request), cycle_slug=slug, membership_id=task))


_YEAR = "tahun/<slug:slug>/hp/"
urlpatterns = [
    path(_YEAR, phones, name="phones"),
    path(f"{_YEAR}formulir/", prepare, name="phones_prepare"),
    path(f"{_YEAR}kartu/", family_card, name="family_card"),
    path(f"{_YEAR}<uuid:phone_id>/cabut/", revoke, name="phone_revoke"),
    path(f"{_YEAR}<int:task>/surat-tugas.pdf", order, name="cadre_order"),
]
