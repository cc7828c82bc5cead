"""/tahun/…/bukti/kode/: lists of codes that a city has to prove, entered here, and taken along code by code."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from selaras.actions import evidence_codes as actions
from selaras.actions import evidence_export
from selaras.errors import InputError
from selaras.queries.evidence_codes import ListPage, ListsPage, list_page, lists_page
from selaras.web import evidence_words as words
from selaras.web.person import person


class CodesForm(forms.Form):
    """A list as it is entered: a code a line."""

    title = forms.CharField(label=gettext_lazy("Nama daftar"), max_length=120)
    source = forms.CharField(label=gettext_lazy("Dasar atau sumbernya"), max_length=300, required=False)
    text = forms.CharField(
        label=gettext_lazy("Kode dan isinya, satu sebaris"),
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest, slug: str) -> HttpResponse:
    """The lists of the city; a POST enters a new one."""
    page = lists_page(person(request), slug)
    if request.method != "POST":
        return render(request, "evidence_codes.html", lists_context(page, CodesForm()))
    form = CodesForm(request.POST)
    found = _kept(request, slug, form, None)
    if found is not None:
        return found
    return render(request, "evidence_codes.html", lists_context(page, form), status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, slug: str, list_id: UUID) -> HttpResponse:
    """One list, code by code; a POST replaces it."""
    page = list_page(person(request), slug, list_id)
    begun: dict[str, Any] = {"title": page.line.title, "source": page.line.source, "text": page.text}
    if request.method != "POST":
        return render(request, "evidence_code_list.html", list_context(page, CodesForm(initial=begun)))
    form = CodesForm(request.POST)
    found = _kept(request, slug, form, list_id)
    if found is not None:
        return found
    return render(request, "evidence_code_list.html", list_context(page, form), status=422)


def _kept(request: HttpRequest, slug: str, form: CodesForm, list_id: UUID | None) -> HttpResponse | None:
    actions.demand_keeping(by=person(request), cycle_slug=slug)
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        found = actions.keep_list(
            by=person(request), cycle_slug=slug, title=given["title"], source=given["source"], text=given["text"],
            list_id=list_id,
        )  # fmt: skip
    except InputError as error:
        for problem in error.problems:
            name = problem.where if problem.where in form.fields else None
            form.add_error(name, f"{problem.message}; {problem.remedy}")
        return None
    messages.success(request, _("Daftar kode tersimpan."))
    return redirect("evidence_code_list", slug, found.uuid)


def lists_context(page: ListsPage, form: CodesForm) -> dict[str, object]:
    """What the lists' page reads."""
    return {"page": page, "form": form, "synthetic": page.cycle.synthetic}


def list_context(page: ListPage, form: CodesForm) -> dict[str, object]:
    """What the page of one list reads: each proof with its state in words."""
    items = [
        (item, [(proof, words.state_word(proof.state), words.PILLS[proof.state]) for proof in item.proofs])
        for item in page.items
    ]
    return {"page": page, "form": form, "items": items, "synthetic": page.cycle.synthetic}


@require_POST
def export(request: HttpRequest, slug: str, list_id: UUID) -> HttpResponseBase:
    """A ZIP with a folder for each code, and a sheet that says what is in it."""
    name, stream = evidence_export.export_codes(by=person(request), cycle_slug=slug, list_id=list_id)
    return FileResponse(stream, as_attachment=True, filename=name, content_type="application/zip")


urlpatterns = [
    path("tahun/<slug:slug>/bukti/kode/", lists, name="evidence_codes"),
    path("tahun/<slug:slug>/bukti/kode/<uuid:list_id>/", one, name="evidence_code_list"),
    path("tahun/<slug:slug>/bukti/kode/<uuid:list_id>/unduh/", export, name="evidence_code_export"),
]
