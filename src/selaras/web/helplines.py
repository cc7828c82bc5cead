"""/nomor-penting/: whom to call, for anybody; and a year's card for who stands nearest, its numbers, its PDF.

Titles say nothing of what the numbers are for, and no page of it stays in a browser's memory.
"""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from selaras.actions import helplines as actions
from selaras.actions.helplines import MOST
from selaras.errors import InputError, Problem
from selaras.models import HelplineKind
from selaras.queries.helplines import CardPage, HelplineLine, Numbers, card_page, public_numbers
from selaras.reports.card import DO, NEVER
from selaras.web.papers import sent
from selaras.web.person import person

#: A column of the form: its name, and how long a text may be before anybody reads it.
COLUMNS = ("kind", "name", "number", "messages", "hours", "source", "checked_on")
_LONGEST = 400
#: Of a day that nobody can read.
_NO_DAY = date(1, 1, 1)


@login_not_required
@never_cache
@require_safe
def public(request: HttpRequest, city: str = "") -> HttpResponse:
    """The numbers of a city, or of the country: no account, nothing kept."""
    return render(request, "numbers.html", public_context(public_numbers(city)))


def public_context(numbers: Numbers) -> dict[str, object]:
    """What the template reads."""
    return {"numbers": numbers}


@never_cache
@require_safe
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """Numbers, what to do, what never to do."""
    return render(request, "card.html", card_context(card_page(person(request), slug)))


def card_context(page: CardPage) -> dict[str, object]:
    """What the template reads; what is on paper in Indonesian is here in the reader's language."""
    said = {name: [(_(title), _(text)) for title, text in rows] for name, rows in (("do", DO), ("never", NEVER))}
    return {"page": page, "numbers": page.numbers, "synthetic": page.cycle.synthetic, **said}


@never_cache
@require_safe
def card_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The card in A6."""
    return sent(actions.take_card(by=person(request), cycle_slug=slug, base_url=settings.SELARAS_BASE_URL))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The list as one form: a line that is empty is none."""
    page = actions.kept_card(by=person(request), cycle_slug=slug)
    if request.method != "POST":
        return render(request, "card_numbers.html", edit_context(page, page.numbers.lines))
    lines = read_lines(request.POST)
    try:
        mark = request.POST.get("tanda", "")
        actions.set_helplines(by=person(request), cycle_slug=slug, mark=mark, lines=lines)
    except InputError as error:
        return render(request, "card_numbers.html", edit_context(page, lines, error.problems), status=422)
    messages.success(request, _("Nomor disimpan. Cetak lagi kartunya; kartu lama masih memuat nomor lama."))
    return redirect("card", slug)


def read_lines(given: QueryDict) -> list[HelplineLine]:
    """The lines that say anything, in their order; days that cannot be read become one that is refused."""
    found = []
    for at in range(MOST):
        typed = {name: given.get(f"{name}-{at}", "").strip()[:_LONGEST] for name in COLUMNS}
        if any(typed[name] for name in ("name", "number", "messages")):
            try:
                day = date.fromisoformat(typed.pop("checked_on"))
            except ValueError:
                day = _NO_DAY
            found.append(HelplineLine(**typed, checked_on=day))
    return found


def edit_context(page: CardPage, lines: Sequence[HelplineLine], problems: Sequence[Problem] = ()) -> dict[str, object]:
    """What the template reads: MOST lines, the last of them empty; problems at their fields, the rest above."""
    at_field = {each.where: each for each in problems if each.where}
    rows: list[dict[str, object]] = []
    for at in range(MOST):
        line = lines[at] if at < len(lines) else None
        day = "" if line is None or line.checked_on == _NO_DAY else line.checked_on.isoformat()
        wrong = [each for name in COLUMNS if (each := at_field.get(f"{name}-{at}"))]
        rows.append({"at": at, "line": line, "day": day, "problems": wrong})
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "rows": rows,
        "kinds": [(kind.value, _(str(kind.label))) for kind in HelplineKind],
        "problems": [each for each in problems if not each.where],
    }


_YEAR = "tahun/<slug:slug>/nomor-penting/"
urlpatterns = [
    path("nomor-penting/", public, name="numbers"),
    path("nomor-penting/<str:city>/", public, name="city_numbers"),
    path(_YEAR, card, name="card"),
    path(f"{_YEAR}kartu.pdf", card_file, name="card_file"),
    path(f"{_YEAR}ubah/", edit, name="card_numbers"),
]
