"""Commitments from a sheet: give the file, see what each cell was taken for, correct the columns, confirm."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from selaras.actions import planning_sheets as actions
from selaras.actions.planning_columns import ALIASES
from selaras.actions.planning_sheets import PlanSheet, Preview
from selaras.errors import InputError, Problem
from selaras.queries import choices
from selaras.queries.choices import PlanGround
from selaras.web.forms import LARGEST
from selaras.web.person import person
from selaras.web.plan_forms import field_words

#: The sheet travels in the form, signed, so that nothing is kept of a file that nobody confirms.
_SALT: Final = "selaras.plan_import"
_SECONDS: Final = 12 * 60 * 60
#: Lines that the preview shows.
SHOWN: Final = 100


class PlanFileForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("Berkas DPA atau matriks"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.csv"}),
        error_messages={
            "required": gettext_lazy("Pilih dulu berkasnya: .xlsx, .ods, atau .csv."),
            "empty": gettext_lazy("Berkas ini kosong. Simpan ulang dari aplikasi lembar kerja, lalu pilih lagi."),
        },
    )

    def clean_file(self) -> Any:
        """Only as large as can be read at once."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("Berkas lebih besar dari 20 MB. Bagi menjadi beberapa berkas."))
        return file


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def commitment_import(request: HttpRequest, slug: str) -> HttpResponse:
    """One page, three steps: a file; its preview with the columns; done."""
    page = choices.plan_ground(person(request), slug)
    if request.method != "POST":
        return _give(request, page, PlanFileForm(), 200)
    if "lembar" in request.POST:
        return _look(request, slug, page)
    form = PlanFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _give(request, page, form, 422)
    file = form.cleaned_data["file"]
    try:
        sheet = actions.read_plan(
            by=person(request), cycle_slug=slug, content=file.read(), filename=file.name or "lembar.xlsx"
        )
    except InputError as error:
        for problem in error.problems:
            form.add_error("file", f"{problem.message}; {problem.remedy}")
        return _give(request, page, form, 422)
    return _preview(request, page, actions.preview_plan(by=person(request), cycle_slug=slug, sheet=sheet), (), 200)


def _look(request: HttpRequest, slug: str, page: PlanGround) -> HttpResponse:
    """The preview again with other columns, or the confirmation."""
    sheet = _opened(request.POST["lembar"], request)
    if sheet is None:
        form = PlanFileForm({})
        form.errors.clear()
        problem = Problem("plan.sheet_gone")
        form.add_error(None, f"{problem.message}; {problem.remedy}")
        return _give(request, page, form, 422)
    given = [request.POST.get(f"kolom-{index}", "") for index in range(len(sheet.titles))]
    fields = [name if name in ALIASES else "" for name in given]
    if "simpan" not in request.POST:
        preview = actions.preview_plan(by=person(request), cycle_slug=slug, sheet=sheet, fields=fields)
        return _preview(request, page, preview, (), 200)
    try:
        done = actions.bring_plan(by=person(request), cycle_slug=slug, sheet=sheet, fields=fields)
    except InputError as error:
        preview = actions.preview_plan(by=person(request), cycle_slug=slug, sheet=sheet, fields=fields)
        return _preview(request, page, preview, error.problems, 422)
    values = {"new": done.count("new"), "changed": done.count("changed"), "same": done.count("same")}
    messages.success(request, _("%(new)s komitmen baru, %(changed)s diubah, %(same)s sudah sama.") % values)
    return redirect("commitments", slug)


def _give(request: HttpRequest, page: PlanGround, form: PlanFileForm, status: int) -> HttpResponse:
    context = {"page": page, "synthetic": page.cycle.synthetic, "form": form}
    return render(request, "commitment_import.html", context, status=status)


def _preview(
    request: HttpRequest, page: PlanGround, preview: Preview, problems: tuple[Problem, ...], status: int
) -> HttpResponse:
    words = field_words() | {"place": _("Lokasi"), "time": _("Jadwal"), "agency": "OPD"}
    context = {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "preview": preview,
        "sheet": _sealed(preview.sheet, request),
        "refused": problems,
        "words": [(name, words.get(name, name)) for name in ALIASES],
        "columns": [(column, f"kolom-{column.index}") for column in preview.columns if column.title],
        "lines": preview.lines[:SHOWN],
        "more": max(0, len(preview.lines) - SHOWN),
        "new": preview.count("new"),
        "changed": preview.count("changed"),
        "same": preview.count("same"),
        "warnings": len(preview.problems) - preview.errors,
    }
    return render(request, "commitment_import.html", context, status=status)


def _sealed(sheet: PlanSheet, request: HttpRequest) -> str:
    content = {"f": sheet.filename, "l": sheet.label, "t": sheet.titles, "r": sheet.rows, "u": person(request).pk}
    return signing.dumps(content, salt=_SALT, compress=True)


def _opened(text: str, request: HttpRequest) -> PlanSheet | None:
    """The sheet of a form of this very person, at most twelve hours old."""
    try:
        said = signing.loads(text, salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        return None
    if said["u"] != person(request).pk:
        return None
    rows = tuple((number, tuple(cells)) for number, cells in said["r"])
    return PlanSheet(said["f"], said["l"], tuple(said["t"]), rows)
