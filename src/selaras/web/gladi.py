"""/tahun/…/gladi/: rehearsals of the year, one of them, its sheet on paper, its tasks, and the champion beside it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from selaras.actions import champions
from selaras.actions import gladi as actions
from selaras.actions.amounts import number
from selaras.actions.gladi_sheets import type_sheet
from selaras.errors import InputError, Problem
from selaras.odk.marking import LONGEST_NOTE, Said
from selaras.queries import gladi as queries
from selaras.queries.gladi import GladiListPage, GladiPage, SheetPage, TaskLine, TasksPage
from selaras.web.person import person
from selaras.web.plan_forms import Amount
from selaras.web.sent import uuid_of, whole


def _day(label: object, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=required, widget=widget)  # type: ignore[arg-type]


class OpenForm(forms.Form):
    """When the next rehearsal is."""

    starts = _day(gettext_lazy("Hari pertama"))
    ends = _day(gettext_lazy("Hari terakhir"))


class FigureForm(forms.Form):
    """What a champion scored, and who says so."""

    champion = forms.TypedChoiceField(label=gettext_lazy("Juara"), coerce=int)
    aspect = forms.ChoiceField(label=gettext_lazy("Aspek"), required=False)
    score = Amount(number, gettext_lazy("Tulis bilangan, misalnya 82,5."), label=gettext_lazy("Nilai"))
    scale = Amount(number, gettext_lazy("Tulis bilangan, misalnya 100."), label=gettext_lazy("Dari"))
    source = forms.CharField(label=gettext_lazy("Sumber"), max_length=300)

    def __init__(self, page: GladiListPage, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        won, aspect = self.fields["champion"], self.fields["aspect"]
        assert isinstance(won, forms.ChoiceField)  # noqa: S101  (declared so above)
        assert isinstance(aspect, forms.ChoiceField)  # noqa: S101
        won.choices = [(each.id, f"{each.place}, {each.title}") for each in page.champions]
        aspect.choices = [("", _("Nilai total")), *page.aspects]


class TaskForm(forms.Form):
    """Who does what until when."""

    text = forms.CharField(
        label=gettext_lazy("Yang dikerjakan"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    agency = forms.TypedChoiceField(label=gettext_lazy("OPD"), coerce=int, empty_value=None, required=False)
    person = forms.CharField(label=gettext_lazy("Penanggung jawab"), max_length=150, required=False)
    due = _day(gettext_lazy("Paling lambat"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, page: TasksPage, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["agency"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101  (declared so above)
        field.choices = [("", _("belum ditentukan")), *((each.id, each.short_name) for each in page.agencies)]


# --- the year's -------------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def gladi_list(request: HttpRequest, slug: str) -> HttpResponse:
    """All rehearsals of the year; posted, the next one, or a champion's figure."""
    page = queries.gladi_list(person(request), slug)
    if request.method != "POST":
        return _list(request, page)
    queries.demand_holding(person(request), slug)
    match request.POST.get("bagian", ""):
        case "buka":
            return _opened(request, slug, page)
        case "angka":
            return _figure(request, slug, page)
        case "hapus":
            champions.remove_figure(by=person(request), cycle_slug=slug, figure=whole(request.POST.get("yang", "")))
            messages.success(request, _("Angka dihapus."))
    return redirect("gladi_list", slug)


def _opened(request: HttpRequest, slug: str, page: GladiListPage) -> HttpResponse:
    form = OpenForm(request.POST)
    if not form.is_valid():
        # Somebody has opened it since: the form with what is wrong in it stands on the page no more.
        newest = page.lines[0] if page.lines else None
        opened = [Problem("gladi.open", values={"number": newest.number})] if newest and not newest.closed else []
        return _list(request, page, form=form, problems=opened, status=422)
    told = form.cleaned_data
    try:
        made = actions.open_gladi(by=person(request), cycle_slug=slug, starts=told["starts"], ends=told["ends"])
    except InputError as error:
        return _list(request, page, form=form, problems=error.problems, status=422)
    messages.success(request, _("Gladi %(number)s dibuka. Pilih siapa yang menilai.") % {"number": made.number})
    return redirect("gladi", slug, made.number)


def _figure(request: HttpRequest, slug: str, page: GladiListPage) -> HttpResponse:
    form = FigureForm(page, request.POST)
    if not form.is_valid():
        return _list(request, page, figure=form, status=422)
    told = form.cleaned_data
    try:
        champions.record_figure(
            by=person(request),
            cycle_slug=slug,
            achievement=told["champion"],
            aspect=told["aspect"],
            score=told["score"] if told["score"] is not None else Decimal(-1),
            scale=told["scale"] if told["scale"] is not None else page.scale,
            source=told["source"],
        )
    except InputError as error:
        return _list(request, page, figure=form, problems=error.problems, status=422)
    messages.success(request, _("Angka tersimpan dengan sumbernya."))
    return redirect("gladi_list", slug)


def _list(
    request: HttpRequest,
    page: GladiListPage,
    *,
    form: OpenForm | None = None,
    figure: FigureForm | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    context = list_context(page, form=form, figure=figure, problems=problems)
    return render(request, "gladi_list.html", context, status=status)


def list_context(
    page: GladiListPage,
    *,
    form: OpenForm | None = None,
    figure: FigureForm | None = None,
    problems: Sequence[Problem] = (),
) -> dict[str, object]:
    """What the template of the list reads."""
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "newest": page.lines[0] if page.lines else None,
        "form": form or OpenForm(),
        "figure": figure or FigureForm(page),
        "problems": problems,
    }


# --- one --------------------------------------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def gladi(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One rehearsal; posted, who marks a lokus, or its end."""
    if request.method != "POST":
        return _one(request, queries.gladi_page(person(request), slug, number))
    queries.demand_holding(person(request), slug)
    try:
        if request.POST.get("bagian") == "penilai":
            actions.ask_markers(
                by=person(request),
                cycle_slug=slug,
                number=number,
                code=request.POST.get("lokus", ""),
                people=list(filter(None, map(uuid_of, request.POST.getlist("orang")[:200]))),
            )
            messages.success(request, _("Penilai tersimpan. Lembarnya ada di halaman Isi formulir mereka."))
        elif request.POST.get("bagian") == "tutup":
            actions.close_gladi(by=person(request), cycle_slug=slug, number=number)
            messages.success(request, _("Gladi ditutup. Setiap poin yang hilang sudah menjadi tugas."))
    except InputError as error:
        page = queries.gladi_page(person(request), slug, number)
        return _one(request, page, problems=error.problems, status=422)
    return redirect("gladi", slug, number)


def _one(request: HttpRequest, page: GladiPage, *, problems: Sequence[Problem] = (), status: int = 200) -> HttpResponse:
    return render(request, "gladi.html", one_context(page, problems), status=status)


def one_context(page: GladiPage, problems: Sequence[Problem] = ()) -> dict[str, object]:
    """What the template of one rehearsal reads."""
    sheets = sum(found.marked.sheets for found in page.loci)
    return {"page": page, "synthetic": page.cycle.synthetic, "problems": problems, "sheets": sheets}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, slug: str, number: int, code: str) -> HttpResponse:
    """The sheet of a lokus: to print, and to type what came back on paper."""
    page = queries.sheet_page(person(request), slug, number, code)
    if request.method != "POST":
        return render(request, "gladi_sheet.html", sheet_context(page))
    post = request.POST
    names = [line.name for _label, lines in page.parts for line in lines]
    said = {name: Said(post.get(f"n_{name}", "")[:80], post.get(f"c_{name}", "")[:LONGEST_NOTE]) for name in names}
    name, again = post.get("nama", "")[:150], post.get("perbaikan") == "1"
    try:
        type_sheet(by=person(request), cycle_slug=slug, number=number, code=code, name=name, said=said, again=again)
    except InputError as error:
        context = sheet_context(page, said=said, name=name, again=again, problems=error.problems)
        return render(request, "gladi_sheet.html", context, status=422)
    messages.success(request, _("Lembar %(name)s tersimpan.") % {"name": name})
    return redirect("gladi_sheet", slug, number, code)


def sheet_context(
    page: SheetPage,
    *,
    said: dict[str, Said] | None = None,
    name: str = "",
    again: bool = False,
    problems: Sequence[Problem] = (),
) -> dict[str, object]:
    """What the template of the sheet reads: each item with what was typed and what is wrong; whether it may be said
    (`same_name`) and was (`again`) that the sheet corrects another."""
    said = said or {}
    wrong = {problem.where: problem for problem in reversed(problems)}
    parts = [
        (label, [(line, said.get(line.name, Said()), wrong.get(line.name)) for line in lines])
        for label, lines in page.parts
    ]
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "parts": parts,
        "name": name,
        "problems": problems,
        "wrong_name": wrong.get("name"),
        "again": again,
        "same_name": again or any(problem.code == "gladi.same_name" for problem in problems),
    }


# --- tasks ------------------------------------------------------------------------------------------------------------
@never_cache
@require_safe
def tasks(request: HttpRequest, slug: str) -> HttpResponse:
    """What is to be done, by whom, until when; and what a later rehearsal showed to be closed."""
    page = queries.tasks_page(person(request), slug)
    return render(request, "gladi_tasks.html", {"page": page, "synthetic": page.cycle.synthetic})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, slug: str, task_id: UUID) -> HttpResponse:
    """One task: change who does what until when, say that it is done, or that it is not after all."""
    page = queries.tasks_page(person(request), slug)
    line = queries.task_of(page, task_id)
    if request.method != "POST":
        return _task(request, page, line, TaskForm(page, initial=_stored(line)))
    queries.demand_settling(line)
    by, version = person(request), whole(request.POST.get("version", ""))
    try:
        match request.POST.get("bagian", ""):
            case "selesai":
                said = request.POST.get("said", "")
                actions.say_done(by=by, cycle_slug=slug, task=task_id, version=version, said=said)
                messages.success(request, _("Tercatat selesai. Gladi berikutnya yang menunjukkannya."))
            case "buka":
                actions.reopen_task(by=by, cycle_slug=slug, task=task_id, version=version)
                messages.success(request, _("Tugas dibuka lagi."))
            case _:
                return _changed(request, slug, page, line)
    except InputError as error:
        form = TaskForm(page, initial=_stored(line))
        return _task(request, page, line, form, problems=error.problems, status=422)
    return redirect("gladi_tasks", slug)


def _changed(request: HttpRequest, slug: str, page: TasksPage, line: TaskLine) -> HttpResponse:
    form = TaskForm(page, request.POST)
    if not form.is_valid():
        return _task(request, page, line, form, status=422)
    told = form.cleaned_data
    try:
        actions.change_task(
            by=person(request),
            cycle_slug=slug,
            task=line.id,
            version=told["version"],
            text=told["text"],
            agency_id=told["agency"],
            person=told["person"],
            due=told["due"],
        )
    except InputError as error:
        return _task(request, page, line, form, problems=error.problems, status=422)
    messages.success(request, _("Tugas tersimpan."))
    return redirect("gladi_tasks", slug)


def _stored(line: TaskLine) -> dict[str, object]:
    agency = line.agency.id if line.agency else ""
    return {
        "text": line.text,
        "agency": agency,
        "person": line.person,
        "due": line.due,
        "version": line.version,
    }


def _task(
    request: HttpRequest,
    page: TasksPage,
    line: TaskLine,
    form: TaskForm,
    *,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    context = task_context(page, line, form, problems)
    return render(request, "gladi_task.html", context, status=status)


def task_context(
    page: TasksPage, line: TaskLine, form: TaskForm | None = None, problems: Sequence[Problem] = ()
) -> dict[str, object]:
    """What the template of one task reads."""
    form = form or TaskForm(page, initial=_stored(line))
    return {"page": page, "synthetic": page.cycle.synthetic, "line": line, "form": form, "problems": problems}


_HERE = "tahun/<slug:slug>/gladi/"
urlpatterns = [
    path(_HERE, gladi_list, name="gladi_list"),
    path(f"{_HERE}tugas/", tasks, name="gladi_tasks"),
    path(f"{_HERE}tugas/<uuid:task_id>/", task, name="gladi_task"),
    path(f"{_HERE}<int:number>/", gladi, name="gladi"),
    path(f"{_HERE}<int:number>/lembar/<str:code>/", sheet, name="gladi_sheet"),
]
