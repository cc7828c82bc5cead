"""Tim Pembina and Pokja of a year: who is named, by which decree."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from selaras.access import the_cycle
from selaras.actions import teams as actions
from selaras.actions.teams import Decree, Member
from selaras.errors import InputError, Problem
from selaras.models import TeamKind, User
from selaras.queries import teams as queries
from selaras.queries.teams import TeamPage
from selaras.web.person import person
from selaras.web.saving import Refused, Said, Unfit, number, sent
from selaras.web.team_forms import DecreeForm, MemberForm, PasteForm, TeamForm


@require_http_methods(["GET", "HEAD", "POST"])
def teams(request: HttpRequest, slug: str) -> HttpResponse:
    """The teams with their women counted, and one more."""
    by = person(request)
    page = queries.teams_page(by, slug)
    said = Said.of(request) if request.method == "POST" else None
    form = TeamForm(page.areas, None if said is None else said.data)
    context = {"page": page, "synthetic": page.cycle.synthetic, "form": form, "here": "teams"}
    if said is None:
        return render(request, "teams.html", context)
    if not form.is_valid():
        return render(request, "teams.html", context | {"refused": Refused.unfit(said)}, status=422)
    told = form.cleaned_data
    try:
        team = actions.add_team(
            by=by, cycle=the_cycle(by, slug), kind=TeamKind(told["kind"]), name=told["name"], area=told["area"]
        )
    except InputError as error:
        return render(request, "teams.html", context | {"refused": Refused.because(by, said, error, {})}, status=422)
    messages.success(request, _("Tim %(name)s tersimpan. Berikutnya: SK dan anggotanya.") % {"name": team.name})
    return redirect("team", slug, team.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, slug: str, team_id: int) -> HttpResponse:
    """One team: its decree, its members. `?ubah=ID` opens one member to be changed."""
    by = person(request)
    page = queries.team_page(by, slug, team_id)
    if request.method != "POST":
        return _show(request, page, None)
    said = Said.of(request)
    try:
        done = _save(by, page, said)
    except Unfit:
        return _show(request, page, said, Refused.unfit(said))
    except InputError as error:
        page = queries.team_page(by, slug, team_id)
        return _show(request, page, said, Refused.because(by, said, error, _written(page)))
    messages.success(request, done)
    return redirect("teams", slug) if said.part == "hapus_tim" else redirect("team", slug, team_id)


def _written(page: TeamPage) -> dict[str, tuple[str, str, str]]:
    """Part of the page → the audit entry that says who changed it."""
    key = str(page.team.id)
    return {"sk": ("teams.change", "team", key), "anggota": ("teams.change_member", "team", key)}


def _save(by: User, page: TeamPage, said: Said) -> str:
    """Save what was sent; what to tell the person."""
    slug, key = page.cycle.slug, page.team.id
    if said.part == "sk":
        return _save_decree(by, page, said)
    if said.part == "tambah":
        form = MemberForm(page, None, said.data)
        actions.add_members(by=by, team=queries.find_team(by, slug, key), members=[_member(by, page, form)])
        return _("Anggota tersimpan.")
    if said.part == "tempel":
        paste = PasteForm(said.data)
        if not paste.is_valid():
            raise Unfit
        members = actions.read_members(paste.cleaned_data["lines"], queries.current_agencies(by, slug))
        count = actions.add_members(by=by, team=queries.find_team(by, slug, key), members=members)
        return _("%(count)s anggota tersimpan.") % {"count": count}
    if said.part == "hapus_tim":
        actions.remove_team(by=by, team=queries.find_team(by, slug, key))
        return _("Tim %(name)s dihapus.") % {"name": page.team.name}
    member = queries.find_member(by, slug, key, number(said.which))
    if said.part == "hapus":
        actions.remove_member(by=by, member=member)
        return _("Anggota dihapus.")
    if said.part != "anggota":
        raise InputError(Problem("setup.nothing"))
    line = next(line for line in page.members if line.id == member.pk)
    to = _member(by, page, MemberForm(page, line, said.data))
    actions.change_member(by=by, member=member, to=to, seen=said.seen)
    return _("Anggota tersimpan.")


def _save_decree(by: User, page: TeamPage, said: Said) -> str:
    form = DecreeForm(page, said.data, said.files)
    if not form.is_valid():
        raise Unfit
    told = form.cleaned_data
    file = told["decree_file"]
    decree = Decree(told["decree_number"], told["decree_date"], None if file is None else (file.name, file.read()))
    actions.change_team(
        by=by,
        team=queries.find_team(by, page.cycle.slug, page.team.id),
        kind=TeamKind(told["kind"]),
        name=told["name"],
        area=told["area"],
        decree=decree,
        seen=said.seen,
    )
    return _("Tim dan SK tersimpan.")


def _member(by: User, page: TeamPage, form: MemberForm) -> Member:
    """What the form says. Raises Unfit where it cannot be used."""
    if not form.is_valid():
        raise Unfit
    told = form.cleaned_data
    agency = queries.agency_named(by, page.cycle.slug, number(told["agency"])) if told["agency"] else None
    return Member(told["name"].strip(), told["sex"], told["duty"].strip(), told["office"].strip(), agency)


def _show(request: HttpRequest, page: TeamPage, said: Said | None, refused: Refused | None = None) -> HttpResponse:
    opened = refused.which if refused and refused.part == "anggota" else request.GET.get("ubah", "")
    line = next((line for line in page.members if str(line.id) == opened), None)
    context = {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "decree": DecreeForm(page, sent(said, "sk"), said and said.files),
        "form": MemberForm(page, None, sent(said, "tambah")),
        "paste": PasteForm(sent(said, "tempel")),
        "opened": line,
        "change": None if line is None else MemberForm(page, line, sent(said, "anggota", str(line.id))),
        "refused": refused,
        "here": "teams",
    }
    return render(request, "team.html", context, status=422 if refused else 200)


@never_cache
@require_safe
def decree(request: HttpRequest, slug: str, team_id: int) -> HttpResponse:
    """The scan of a team's decree, to be saved: it is never shown inside a page of ours."""
    content, kind, name = queries.decree_of(person(request), slug, team_id)
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
