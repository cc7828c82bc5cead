"""/tahun/…/lokus/…/perlu-dicek/ulang/: draw families at random, ask a few questions again, and see how alike it is."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from selaras.actions import rechecks as actions
from selaras.actions.field.typed import cell_of
from selaras.errors import InputError, Problem
from selaras.odk.questionnaire import Question
from selaras.queries import rechecks as queries
from selaras.queries.rechecks import FillPage, PaperPage, RecheckPage, RechecksPage
from selaras.web.arrival_words import OUTCOMES
from selaras.web.person import person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rechecks(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The draws; posted, a new one."""
    if request.method != "POST":
        return _list(request, slug, code)
    said = request.POST
    by_share = said.get("cara") == "persen"
    size = _number(said.get("banyak", ""))
    try:
        made = actions.draw(
            by=person(request),
            cycle_slug=slug,
            code=code,
            round_slug=said.get("putaran", "")[:40],
            questions=said.getlist("tanya")[:100],
            each=None if by_share else size,
            percent=size if by_share else None,
        )
    except InputError as error:
        return _list(request, slug, code, problems=error.problems, status=422)
    messages.success(request, _("Keluarga sudah diundi. Minta orang lain, bukan kadernya, menanyakan ulang."))
    return redirect("recheck", slug, code, made.uuid)


def _list(
    request: HttpRequest, slug: str, code: str, *, problems: Sequence[Problem] = (), status: int = 200
) -> HttpResponse:
    said = request.POST or request.GET
    page = queries.rechecks_page(person(request), slug, code, said.get("putaran", "")[:40])
    return render(request, "rechecks.html", context(page, said=request.POST, problems=problems), status=status)


def context(
    page: RechecksPage, *, said: Mapping[str, str] | None = None, problems: Sequence[Problem] = ()
) -> dict[str, object]:
    """What the template of the list reads; `said` is what was posted and refused."""
    said = said or {}
    asked = said.getlist("tanya") if hasattr(said, "getlist") else None
    ticked = {one.name for one in page.questions if (one.usual if not said else one.name in (asked or ()))}
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "problems": problems,
        "ticked": ticked,
        "by_share": said.get("cara") == "persen",
        "size": said.get("banyak", "3")[:4],
        "most": queries.MOST_QUESTIONS,
    }


@never_cache
@require_safe
def recheck(request: HttpRequest, slug: str, code: str, recheck_id: UUID) -> HttpResponse:
    """One draw: who is to be asked, how alike the answers are, and how it was drawn."""
    return render(request, "recheck.html", one_context(queries.recheck_page(person(request), slug, code, recheck_id)))


def one_context(page: RecheckPage) -> dict[str, object]:
    """What the template of one draw reads."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "outcomes": OUTCOMES,
        "waiting": len(page.families) - page.done,
        "any_typed": any(line.typed for line in page.surveyors),
    }


@never_cache
@require_safe
def paper(request: HttpRequest, slug: str, code: str, recheck_id: UUID) -> HttpResponse:
    """The list to print: codes only, and no answer of the first time."""
    page = queries.paper_page(person(request), slug, code, recheck_id)
    return render(request, "recheck_paper.html", paper_context(page))


def paper_context(page: PaperPage) -> dict[str, object]:
    """What the template of the list reads."""
    return {"page": page, "synthetic": page.cycle.synthetic}


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, slug: str, code: str, recheck_id: UUID, number: int) -> HttpResponse:
    """One family, asked again."""
    page = queries.fill_page(person(request), slug, code, recheck_id, number)
    if request.method != "POST":
        return render(request, "recheck_fill.html", fill_context(page))
    texts = {name: " ".join(request.POST.getlist(name)[:100]) for name in request.POST if name.startswith("q")}
    try:
        actions.fill(by=person(request), cycle_slug=slug, code=code, recheck_id=recheck_id, number=number, texts=texts)
    except InputError as error:
        return render(request, "recheck_fill.html", fill_context(page, texts, error.problems), status=422)
    messages.success(request, _("%(code)s tersimpan.") % {"code": page.code})
    return redirect(reverse("recheck", args=[slug, code, recheck_id]))


def fill_context(
    page: FillPage, texts: Mapping[str, str] | None = None, problems: Sequence[Problem] = ()
) -> dict[str, object]:
    """What the template of one family reads: each question with what was typed and what is wrong."""
    texts = texts or {}
    wrong = {str(problem.values.get("at", "")): problem for problem in reversed(problems)}

    def cell(one: Question) -> tuple[Question, str, str, frozenset[str], Problem | None]:
        at = cell_of(one.number)
        text = texts.get(at, "")
        return one, at, text, frozenset(text.split()), wrong.get(at)

    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "sections": [(section.title, [cell(one) for one in section.questions]) for section in page.asked.sections],
        "problems": [(problem, str(problem.values.get("at", ""))) for problem in problems],
    }


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


_HERE = "tahun/<slug:slug>/lokus/<str:code>/perlu-dicek/ulang/"
urlpatterns = [
    path(_HERE, rechecks, name="rechecks"),
    path(f"{_HERE}<uuid:recheck_id>/", recheck, name="recheck"),
    path(f"{_HERE}<uuid:recheck_id>/lembar/", paper, name="recheck_paper"),
    path(f"{_HERE}<uuid:recheck_id>/<int:number>/", fill, name="recheck_fill"),
]
