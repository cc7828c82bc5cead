"""An import: give a file, look at what was read, say what columns mean, repair or confirm, take it back.

Nothing is half-visible.
"""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html_join
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import imports as actions
from selaras.errors import InputError
from selaras.queries import imports as queries
from selaras.queries.columns import ColumnRow, ColumnsPage, SheetColumns, columns_page
from selaras.queries.imports import ImportPage, ImportState
from selaras.web.column_answers import ColumnAnswers
from selaras.web.forms import ImportForm
from selaras.web.person import person

#: Where the server works by itself; the page comes back until it is done.
RUNNING: frozenset[ImportState] = frozenset({"received", "checking", "importing", "undoing"})
SECONDS = 2
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    """Take the checked file into the registry; `lewati` leaves out the families that have errors."""
    skip = request.POST.get("lewati") == "1"
    actions.confirm_import(by=person(request), cycle_slug=slug, code=code, import_id=import_id, skip=skip)
    return redirect("import", slug, code, import_id)


@require_POST
def discard(request: HttpRequest, slug: str, code: str, import_id: UUID) -> HttpResponse:
    """Throw the file away; nothing of it was taken."""
    actions.discard_import(by=person(request), cycle_slug=slug, code=code, import_id=import_id)
    return redirect("imports", slug, code)


@require_POST
def undo(request: HttpRequest, slug: str, code: str, import_id: UUID) -> HttpResponse:
    """Take a saved import back, while nothing builds on it."""
    actions.undo_import(by=person(request), cycle_slug=slug, code=code, import_id=import_id)
    return redirect("import", slug, code, import_id)


@never_cache
@require_safe
def problems(request: HttpRequest, slug: str, code: str, import_id: UUID) -> HttpResponse:
    """The file as it came, with its problems in front of each row; each taking is written down."""
    content, name = actions.export_problems(by=person(request), cycle_slug=slug, code=code, import_id=import_id)
    return _workbook(content, name)


@require_safe
def template(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """An empty workbook of this year's questions."""
    content = actions.template(by=person(request), cycle_slug=slug, code=code)
    return _workbook(content, f"contoh-{code}.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition or "attachment"})


# --- columns ------------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, slug: str, code: str, import_id: UUID) -> HttpResponse:
    """What each column was read as, and what it should be; then the file is checked again."""
    page = columns_page(person(request), slug, code, import_id)
    if page is None:
        return redirect("import", slug, code, import_id)
    if request.method != "POST":
        return _columns(request, page, 200)
    said = ColumnAnswers.read(page, request.POST)
    if said.wrong:
        return _columns(request, page, 422, said)
    try:
        actions.choose_columns(
            by=person(request),
            cycle_slug=slug,
            code=code,
            import_id=import_id,
            mapping=said.mapping,
            rows=said.rows,
            roles=said.roles,
        )
    except InputError as error:
        said.wrong.extend(f"{problem.message}; {problem.remedy}" for problem in error.problems)
        return _columns(request, page, 422, said)
    return redirect("import", slug, code, import_id)


def _columns(request: HttpRequest, page: ColumnsPage, status: int, said: ColumnAnswers | None = None) -> HttpResponse:
    posted = said.posted if said else {}
    typed = said.typed if said else {}
    sheets = [
        {
            "sheet": sheet,
            "columns": [_shown(sheet, column, posted) for column in sheet.columns],
            "options": _options(sheet),
            "row": typed.get(sheet.label) or str(sheet.row),
        }
        for sheet in page.sheets
    ]
    context = {"page": page, "synthetic": page.cycle.synthetic, "sheets": sheets, "wrong": said.wrong if said else []}
    return render(request, "import_columns.html", context, status=status)


def _shown(sheet: SheetColumns, column: ColumnRow, posted: Mapping[str, str]) -> ColumnRow:
    """The column with what was chosen for it, where the form comes back."""
    name = posted.get(f"kolom-{sheet.index}-{column.index}", column.name)
    if name == column.name:
        return column
    labels = {option.name: option.label for group in sheet.groups for option in group.options}
    return replace(column, name=name, label=labels.get(name, name))


def _options(sheet: SheetColumns) -> SafeString:
    """The options of a sheet's columns, written once: sixty columns share them."""
    return format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        (
            (
                group.label,
                format_html_join(
                    "", '<option value="{}">{}</option>', ((one.name, one.label) for one in group.options)
                ),
            )
            for group in sheet.groups
        ),
    )
