"""Instruments: what is published, to read; a new version, looked at in words before it is published."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.access import demand, may_publish_instrument
from selaras.actions import drafts as actions
from selaras.actions.instruments import WORKBOOK_TYPE, export_workbook
from selaras.errors import InputError, Problem
from selaras.queries import instruments as queries
from selaras.web.person import person


class WorkbookForm(forms.Form):
    """A workbook, to be checked."""

    file = forms.FileField(
        label=gettext_lazy("Buku kerja instrumen (.xlsx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": gettext_lazy("Pilih dulu berkasnya: .xlsx.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def instruments(request: HttpRequest) -> HttpResponse:
    """Every published version, and a form for a new one; what is wrong in it is told all at once."""
    problems: tuple[Problem, ...] = ()
    form, status = WorkbookForm(), 200
    if request.method == "POST":
        demand(may_publish_instrument, person(request))
        form, status = WorkbookForm(request.POST, request.FILES), 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                return redirect("draft", actions.receive_workbook(by=person(request), filename=file.name, file=file))
            except InputError as error:
                problems = error.problems
    context = {"page": queries.instruments_page(person(request)), "form": form, "problems": problems}
    return render(request, "instruments.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """What publishing would change; POST publishes."""
    page = queries.draft_page(person(request), draft_id)
    if request.method != "POST":
        return render(request, "draft.html", {"page": page})
    try:
        cycles = request.POST.getlist("cycles")
        version = actions.publish_draft(by=person(request), draft_id=draft_id, cycles=cycles)
    except InputError as error:
        return render(request, "draft.html", {"page": page, "problems": error.problems}, status=422)
    messages.success(request, _("Versi %(version)s terbit.") % {"version": version.version})
    return redirect("instrument", version.instrument, version.version)


@require_POST
def draft_discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Throw the draft away."""
    actions.discard_draft(by=person(request), draft_id=draft_id)
    messages.success(request, _("Naskah dibuang. Versi yang terbit tidak berubah."))
    return redirect("instruments")


@require_safe
def instrument(request: HttpRequest, instrument_id: str, version: str) -> HttpResponse:
    """Every rule and weight of one version, in words and as its author wrote it."""
    page = queries.instrument_page(person(request), instrument_id, version)
    return render(request, "instrument.html", {"page": page})


@require_safe
def workbook(request: HttpRequest, instrument_id: str, version: str) -> HttpResponse:
    """The workbook itself, to be changed into a next version."""
    content = export_workbook(by=person(request), instrument=instrument_id, version=version)
    response = HttpResponse(content, content_type=WORKBOOK_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{instrument_id}-{version}.xlsx"'
    return response


@require_safe
def changes(request: HttpRequest, instrument_id: str, version: str, earlier: str) -> HttpResponse:
    """What one version changed of an earlier one."""
    page = queries.changes_page(person(request), instrument_id, version, earlier)
    return render(request, "instrument_changes.html", {"page": page})
