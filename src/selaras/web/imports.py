"""An import: give a file, look at what was read, repair or confirm, see it done. Nothing is half-visible."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import imports as actions
from selaras.errors import InputError
from selaras.queries import imports as queries
from selaras.queries.imports import ImportPage, ImportState
from selaras.web.forms import ImportForm
from selaras.web.person import person

#: Where the server works by itself; the page comes back until it is done.
RUNNING: frozenset[ImportState] = frozenset({"received", "checking", "importing"})
SECONDS = 2


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Give a file, and see the imports before."""
    page = queries.imports_page(person(request), slug, code)
    if request.method != "POST":
        return _give(request, page, ImportForm(page.rounds), 200)
    form = ImportForm(page.rounds, request.POST, request.FILES)
    if not form.is_valid():
        return _give(request, page, form, 422)
    file = form.cleaned_data["file"]
    try:
        import_id = actions.receive_file(
            by=person(request),
            cycle_slug=slug,
            code=code,
            round_slug=form.cleaned_data["round"],
            filename=file.name,
            file=file,
        )
    except InputError as error:
        for problem in error.problems:
            form.add_error("file", f"{problem.message}; {problem.remedy}")
        return _give(request, page, form, 422)
    return redirect("import", slug, code, import_id)


def _give(request: HttpRequest, page: queries.ImportsPage, form: ImportForm, status: int) -> HttpResponse:
    context = {"page": page, "synthetic": page.cycle.synthetic, "form": form}
    return render(request, "imports.html", context, status=status)


@never_cache
@require_safe
def one(request: HttpRequest, slug: str, code: str, import_id: UUID) -> HttpResponse:
    """One import: while the server works the page asks again by itself, with or without JavaScript."""
    page = queries.import_page(person(request), slug, code, import_id)
    response = render(request, "import.html", context(page))
    if page.state in RUNNING:
        response.headers["Refresh"] = str(SECONDS)
    return response


def context(page: ImportPage) -> dict[str, object]:
    """What the template reads besides the page."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "running": page.state in RUNNING,
        "warnings": page.problem_count - page.errors,
        "more": page.problem_count - len(page.problems),
    }


@require_POST
def confirm(request: HttpRequest, slug: str, code: str, import_id: UUID) -> HttpResponse:
    """Take the checked file into the registry."""
    actions.confirm_import(by=person(request), cycle_slug=slug, code=code, import_id=import_id)
    return redirect("import", slug, code, import_id)


@require_POST
def discard(request: HttpRequest, slug: str, code: str, import_id: UUID) -> HttpResponse:
    """Throw the file away; nothing of it was taken."""
    actions.discard_import(by=person(request), cycle_slug=slug, code=code, import_id=import_id)
    return redirect("imports", slug, code)
