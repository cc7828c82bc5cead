"""/lembar/: a family's sheet behind the code that stands on it. No sign-in, and nothing that the paper does not say."""

from time import time
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from selaras.actions import family_sheets as actions
from selaras.errors import InputError, Problem
from selaras.queries.sheet_door import DoorPage, code_of, door_page
from selaras.web.errors import too_many
from selaras.web.limits import allowed

#: Seconds for which a sheet stays open in a browser: phones are lent.
WINDOW = 30 * 60
_KEY = "lembar"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Type the code of a sheet."""
    if request.method != "POST":
        return render(request, "sheet_code.html", {})
    if not allowed(request, "lembar"):
        return too_many(request)
    typed = request.POST.get("kode", "")
    if door_page(typed, ()) is None:
        problems = (Problem("sheet.code", "kode"),)
        return render(request, "sheet_code.html", {"problems": problems, "typed": typed[:40]}, status=422)
    return redirect("sheet_door", code_of(typed))


@login_not_required
@never_cache
@sensitive_post_parameters("nama")
@require_http_methods(["GET", "HEAD", "POST"])
def door(request: HttpRequest, sheet: str) -> HttpResponse:
    """Her name first; then what was promised, and whether it has come."""
    page = door_page(sheet, _let_in(request))
    if page is None:
        if not allowed(request, "lembar"):
            return too_many(request)
        return render(request, "sheet_door.html", {"page": None}, status=404)
    if request.method != "POST":
        return _show(request, page, sheet)
    if not allowed(request, "lembar"):
        return too_many(request)
    try:
        if page.state == "open":
            return _answer(request, page, sheet)
        found = actions.come_in(by=request.user, code=sheet, name=request.POST.get("nama", "")[:80])
    except InputError as error:
        # A lock may just have fallen.
        return _show(request, door_page(sheet, _let_in(request)) or page, sheet, problems=error.problems)
    request.session[_KEY] = {"sheet": str(found), "until": int(time()) + WINDOW}
    return redirect("sheet_door", sheet)


def _answer(request: HttpRequest, page: DoorPage, sheet: str) -> HttpResponse:
    told = {f"janji-{line.id}": line.id for line in page.promises}
    answers = {told[name]: value == "sudah" for name, value in request.POST.items() if name in told and value}
    if not answers:
        raise InputError(Problem("voice.nothing"))
    actions.answer_sheet(by=request.user, code=sheet, answers=answers)
    messages.success(request, _("Terima kasih, Bu. Jawaban Ibu sudah kami terima."))
    return redirect("sheet_door", sheet)


def _let_in(request: HttpRequest) -> tuple[UUID, ...]:
    """The sheet that this browser has opened, while it stays open."""
    state = request.session.get(_KEY) or {}
    return (UUID(state["sheet"]),) if state.get("until", 0) > time() else ()


def _show(request: HttpRequest, page: DoorPage, sheet: str, *, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    more = {"sheet": sheet, "problems": problems, "official": request.user.is_authenticated}
    return render(request, "sheet_door.html", {**context(page), **more}, status=422 if problems else 200)


def context(page: DoorPage) -> dict[str, object]:
    """What the template reads."""
    return {"page": page, "synthetic": page.cycle.synthetic}


urlpatterns = [
    path("lembar/", code, name="sheet_code"),
    path("lembar/<str:sheet>/", door, name="sheet_door"),
]
