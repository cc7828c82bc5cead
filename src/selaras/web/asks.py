"""/tahun/SLUG/permintaan/: which agency is asked for what, with one press, and what came back."""

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from selaras.actions import asks as actions
from selaras.errors import InputError
from selaras.queries import asks as queries
from selaras.queries.asks import AsksPage
from selaras.web.person import person


class DueForm(forms.Form):
    """Until when answers are awaited."""

    due = forms.DateField(
        label=gettext_lazy("Ditunggu sampai"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, first: date, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"due": first})


class OneForm(DueForm):
    """One agency for one need of one lokus."""

    lokus = forms.CharField(max_length=60)
    indicator = forms.CharField(max_length=80)
    agency = forms.IntegerField(label=gettext_lazy("OPD"), min_value=1, max_value=2**31 - 1)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def asks(request: HttpRequest, slug: str) -> HttpResponse:
    """What is open and what was asked; one press asks for all that was not, or moves the day."""
    page = queries.asks_page(person(request), slug)
    if request.method != "POST":
        return _show(request, page, DueForm(page.due))
    form = DueForm(page.due, request.POST)
    if not form.is_valid():
        return _show(request, page, form, status=422)
    try:
        if request.POST.get("lakukan") == "tenggat":
            actions.set_due(by=person(request), cycle_slug=slug, due=form.cleaned_data["due"])
            messages.success(request, _("Tenggat sudah diubah."))
        else:
            made = actions.ask_all(by=person(request), cycle_slug=slug, due=form.cleaned_data["due"])
            messages.success(request, _asked(made))
    except InputError as error:
        for problem in error.problems:
            form.add_error("due", f"{problem.message}; {problem.remedy}")
        return _show(request, page, form, status=422)
    return redirect("asks", slug)


@require_POST
def ask_one(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask one agency of the secretariat's choice."""
    page = queries.asks_page(person(request), slug)
    form = OneForm(page.due, request.POST)
    if not form.is_valid():
        messages.error(request, _("Pilih dulu OPD yang ditanya dan tenggatnya."))
        return redirect("asks", slug)
    try:
        actions.ask_agency(
            by=person(request),
            cycle_slug=slug,
            lokus_code=form.cleaned_data["lokus"],
            indicator=form.cleaned_data["indicator"],
            agency_id=form.cleaned_data["agency"],
            due=form.cleaned_data["due"],
        )
    except InputError as error:
        for problem in error.problems:
            messages.error(request, f"{problem.message}; {problem.remedy}.")
        return redirect("asks", slug)
    messages.success(request, _asked(1))
    return redirect("asks", slug)


@require_POST
def withdraw(request: HttpRequest, slug: str, ask_id: UUID) -> HttpResponse:
    """Take back what nobody has answered."""
    actions.withdraw(by=person(request), cycle_slug=slug, ask_id=ask_id)
    messages.success(request, _("Permintaan sudah ditarik."))
    return redirect("asks", slug)


def _asked(made: int) -> str:
    if not made:
        return _("Tidak ada yang baru: semua sudah diminta.")
    return ngettext("%(n)d permintaan dicatat.", "%(n)d permintaan dicatat.", made) % {"n": made}


def _show(request: HttpRequest, page: AsksPage, form: DueForm, *, status: int = 200) -> HttpResponse:
    context = {"page": page, "form": form, "synthetic": page.cycle.synthetic}
    return render(request, "asks.html", context, status=status)


urlpatterns = [
    path("tahun/<slug:slug>/permintaan/", asks, name="asks"),
    path("tahun/<slug:slug>/permintaan/satu/", ask_one, name="ask_one"),
    path("tahun/<slug:slug>/permintaan/<uuid:ask_id>/tarik/", withdraw, name="ask_withdraw"),
]
