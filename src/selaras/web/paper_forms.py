"""Forms on paper: choose whose, and take them as one PDF."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selaras.actions.field import printing as actions
from selaras.errors import InputError, Problem
from selaras.queries import questionnaires as queries
from selaras.queries.households import Filters
from selaras.queries.questionnaires import MOST_BLANK, MOST_ROWS, USUAL_ROWS, FormsPage, Wanted
from selaras.web.person import person


@never_cache
@require_safe
def paper_forms(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """What to print: a round, an RT or one family (`?keluarga=`), empty forms, rows of members."""
    return _page(request, slug, code)


@never_cache
@require_safe
def file(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The PDF of what was chosen; each taking is written down."""
    page = queries.forms_page(person(request), slug, code)
    try:
        made = actions.print_forms(
            by=person(request),
            cycle_slug=slug,
            code=code,
            wanted=_wanted(request, page),
            base_url=settings.SELARAS_BASE_URL,
        )
    except InputError as error:
        return _page(request, slug, code, problems=error.problems, status=422)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return HttpResponse(made.content, content_type=made.content_type, headers=headers)


def _wanted(request: HttpRequest, page: FormsPage) -> Wanted:
    said = request.GET
    block = said.get("blok", "")
    rw, _sep, rt = block.partition("-")
    only_blank = block == "kosong"
    return Wanted(
        round=said.get("putaran", "") or page.current,
        filters=Filters.read({"rt": rt, "rw": rw}) if not only_blank else Filters(),
        household=said.get("keluarga", "").strip(),
        coached=said.get("sasaran", "") == "1",
        blank=max(_number(said.get("kosong", "")), 1) if only_blank else 0,
        rows=_number(said.get("baris", "")) or USUAL_ROWS,
    )


def _number(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def context(page: FormsPage, **chosen: object) -> dict[str, object]:
    """What the template reads besides the page."""
    limits = {"most_blank": MOST_BLANK, "most_rows": MOST_ROWS, "usual_rows": USUAL_ROWS}
    return {"page": page, "synthetic": page.cycle.synthetic, "problems": (), **limits, **chosen}


def _page(
    request: HttpRequest, slug: str, code: str, *, problems: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    page = queries.forms_page(person(request), slug, code)
    chosen = {
        "round": request.GET.get("putaran", "") or page.current,
        "block": request.GET.get("blok", ""),
        "household": request.GET.get("keluarga", ""),
        "rows": _number(request.GET.get("baris", "")) or USUAL_ROWS,
        "blank": _number(request.GET.get("kosong", "")) or 5,
        "coached": request.GET.get("sasaran", "") == "1",
    }
    return render(request, "paper_forms.html", context(page, problems=problems, **chosen), status=status)
