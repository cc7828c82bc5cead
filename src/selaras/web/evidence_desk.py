"""/tahun/…/bukti/meja/: one piece after the other, by keyboard: accept what it proves, or say what is missing."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from selaras.actions import evidence_desk as actions
from selaras.errors import InputError
from selaras.queries.evidence_desk import DeskPage, desk_page
from selaras.queries.words import told
from selaras.web import evidence_words as words
from selaras.web.blurring import said_again
from selaras.web.person import person


@never_cache
@require_safe
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """The piece to look at now."""
    user = person(request)
    page = desk_page(user, slug, after=_id(request, "sesudah"), this=_id(request, "bukti"))
    again = [] if page.line is None else said_again(user, slug, page.line.id)
    return render(request, "evidence_desk.html", {**context(page), "again": again})


def _id(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.GET.get(name, "")[:36])
    except ValueError:
        return None


def context(page: DeskPage, *, reason: str = "", problems: tuple[str, ...] = ()) -> dict[str, object]:
    """What the desk reads."""
    each = None if page.line is None else words.shown(page.line)
    last = None if page.last is None else (page.last, told(page.last.state))
    return {
        "page": page,
        "each": each,
        "last": last,
        "reason": reason,
        "problems": problems,
        "synthetic": page.cycle.synthetic,
    }


@require_POST
def decide(request: HttpRequest, slug: str, evidence_id: UUID) -> HttpResponse:
    """Accept what is ticked, or refuse it all with the reason; then the next one."""
    user, version = person(request), _version(request)
    reason = request.POST.get("alasan", "")[:1000]
    ticked = {int(each) for each in request.POST.getlist("guna") if each.isdecimal() and len(each) < 19}
    try:
        if request.POST.get("putusan") == "tolak":
            actions.refuse(by=user, cycle_slug=slug, evidence_id=evidence_id, version=version, reason=reason)
        else:
            actions.verify(
                by=user, cycle_slug=slug, evidence_id=evidence_id, version=version, uses=ticked, reason=reason
            )
    except InputError as error:
        page = desk_page(person(request), slug, this=evidence_id)
        problems = tuple(f"{problem.message}; {problem.remedy}" for problem in error.problems)
        return render(request, "evidence_desk.html", context(page, reason=reason, problems=problems), status=422)
    return redirect(f"{reverse('evidence_desk', args=[slug])}?sesudah={evidence_id}")


def _version(request: HttpRequest) -> int:
    number = request.POST.get("version", "")
    return int(number) if number.isdecimal() and len(number) < 9 else 0


@require_POST
def reopen(request: HttpRequest, slug: str, evidence_id: UUID) -> HttpResponse:
    """Take a decision back, and look at it again."""
    try:
        actions.reopen(by=person(request), cycle_slug=slug, evidence_id=evidence_id, version=_version(request))
    except InputError as error:
        messages.error(request, f"{error.problems[0].message}; {error.problems[0].remedy}")
        return redirect("evidence_desk", slug)
    messages.success(request, _("Putusan ditarik; bukti ini menunggu lagi."))
    return redirect(f"{reverse('evidence_desk', args=[slug])}?bukti={evidence_id}")


urlpatterns = [
    path("tahun/<slug:slug>/bukti/meja/", desk, name="evidence_desk"),
    path("tahun/<slug:slug>/bukti/<uuid:evidence_id>/putusan/", decide, name="evidence_decide"),
    path("tahun/<slug:slug>/bukti/<uuid:evidence_id>/tarik-putusan/", reopen, name="evidence_reopen"),
]
