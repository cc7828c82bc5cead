"""Groups of women and children in a year's place."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from selaras.access import the_cycle
from selaras.actions import groups as actions
from selaras.actions.groups import Told
from selaras.errors import InputError, Missing, Problem
from selaras.models import GroupKind, User
from selaras.queries import groups as queries
from selaras.queries.groups import GroupsPage
from selaras.queries.places import place_of
from selaras.web.person import person
from selaras.web.saving import Refused, Said, Unfit, number, sent
from selaras.web.team_forms import GroupChangeForm, GroupForm


@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: HttpRequest, slug: str) -> HttpResponse:
    """The groups, one more, and one changed."""
    by = person(request)
    page = queries.groups_page(by, slug)
    if request.method != "POST":
        return _show(request, page, None)
    said = Said.of(request)
    try:
        done = _save(by, page, said)
    except Unfit:
        return _show(request, page, said, Refused.unfit(said))
    except InputError as error:
        page = queries.groups_page(by, slug)
        written = {"ubah": ("groups.change", "group", said.which)}
        return _show(request, page, said, Refused.because(by, said, error, written))
    messages.success(request, done)
    return redirect("groups", slug)


def _save(by: User, page: GroupsPage, said: Said) -> str:
    slug = page.cycle.slug
    cycle = the_cycle(by, slug)
    if said.part == "tambah":
        form = GroupForm(page.choices, said.data)
        told = _told(form)
        place, rw = place_of(form.cleaned_data["place"]), form.cleaned_data["rw"].strip()
        made = actions.add_group(by=by, cycle=cycle, place=place, rw=rw, told=told)
        return _("Kelompok %(name)s tersimpan.") % {"name": made.name}
    group = queries.find_group(by, slug, number(said.which))
    if said.part == "bubar":
        actions.end_group(by=by, cycle=cycle, group=group)
        return _("Kelompok %(name)s tidak aktif lagi.") % {"name": group.name}
    line = next((line for line in page.groups if line.id == group.pk), None)
    if line is None:
        raise Missing(Problem("access.missing"))
    if said.part != "ubah":
        raise InputError(Problem("setup.nothing"))
    told = _told(GroupChangeForm(line, said.data))
    actions.change_group(by=by, cycle=cycle, group=group, told=told, seen=said.seen)
    return _("Kelompok %(name)s tersimpan.") % {"name": told.name}


def _told(form: GroupForm | GroupChangeForm) -> Told:
    """What the form says. Raises Unfit where it cannot be used."""
    if not form.is_valid():
        raise Unfit
    said = form.cleaned_data
    return Told(GroupKind(said["kind"]), said["name"].strip(), said["women"], said["children"])


def _show(request: HttpRequest, page: GroupsPage, said: Said | None, refused: Refused | None = None) -> HttpResponse:
    context = {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "form": GroupForm(page.choices, sent(said, "tambah")),
        "forms": [(line, GroupChangeForm(line, sent(said, "ubah", str(line.id)))) for line in page.groups],
        "women": sum(line.women or 0 for line in page.groups),
        "children": sum(line.children or 0 for line in page.groups),
        "refused": refused,
        "here": "groups",
    }
    return render(request, "groups.html", context, status=422 if refused else 200)
