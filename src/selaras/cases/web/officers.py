"""/ruang/petugas/: who may come in, whose second step is known, and where one says it. No ticket is read here."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from selaras.access import may_vouch
from selaras.cases import vouching, watch
from selaras.cases.vouching import Officer
from selaras.cases.watch import Change
from selaras.cases.web import browsers
from selaras.cases.web.door import behind, person
from selaras.cases.web.gate import allowed, too_many
from selaras.errors import InputError, Missing, Problem
from selaras.models.people import User
from selaras.models.places import Place

#: So many changes stand on the page before the room; the officers' page has all.
MOST = 12
CHANGES = {
    "task": gettext_lazy("Tugas petugas diberikan"),
    "ended": gettext_lazy("Tugas petugas berakhir"),
    "task of a leader": gettext_lazy("Tugas pimpinan diberikan"),
    "ended of a leader": gettext_lazy("Tugas pimpinan berakhir"),
    "people.deactivate": gettext_lazy("Akunnya dinonaktifkan"),
    "people.activate": gettext_lazy("Akunnya diaktifkan lagi"),
    "people.set_password": gettext_lazy("Kata sandinya diganti orang lain"),
    "invitations.make_again": gettext_lazy("Jalan masuk baru dibuatkan"),
    "people.second_step_on": gettext_lazy("Kode saat masuk dipasang"),
    "people.second_step_off": gettext_lazy("Kode saat masuk dilepas"),
    "people.new_recovery_codes": gettext_lazy("Kode cadangan dibuat baru"),
    "people.known_by_console": gettext_lazy("Dikenali oleh pemilik server"),
}


@behind(may_vouch)
@require_http_methods(["GET", "HEAD", "POST"])
def officers(request: HttpRequest) -> HttpResponse:
    """The officers in or around her area; beside those whom she may know a form for the code that she heard."""
    me, status, about = person(request), 200, ""
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        if not allowed(request, "darurat"):
            return too_many(request)
        about = request.POST.get("petugas", "")
        try:
            whole = _vouch(request, about)
        except InputError as error:
            problems, status = error.problems, 422
        else:
            if whole:
                messages.success(request, _("Dikenali. Petugas itu kini dapat masuk."))
            else:
                messages.success(request, _("Tercatat. Orang kedua harus mengenalinya juga dalam 24 jam."))
            return browsers.remember(redirect("cases:officers"), me)
    context = officers_context(vouching.officers(me), changes=watch.changes(me))
    shown = {"problems": problems, "about": about, "typed": request.POST.get("kode", "")[:20]}
    return render(request, "cases/officers.html", context | shown, status=status)


def _vouch(request: HttpRequest, about: str) -> bool:
    try:
        officer = UUID(about)
    except ValueError:
        raise Missing(Problem("access.missing")) from None
    code, heard = request.POST.get("kode", ""), "dengar" in request.POST
    marks = browsers.marks(request)
    return vouching.vouch(by=person(request), officer=officer, code=code, heard=heard, marks=marks)


def officers_context(found: Iterable[Officer], *, changes: Iterable[Change]) -> dict[str, Any]:
    """What the template reads."""
    found, told = tuple(found), tuple(changes)
    codes = {area for each in found for area in each.areas} | {each.area for each in told}
    places = {row.code: row.full_name for row in Place.objects.filter(code__in=codes, valid_to__isnull=True)}
    spoke = {uuid for each in found if each.said for uuid in (each.said.one, each.said.other) if uuid}
    names = {str(each.uuid): str(each) for each in User.objects.filter(uuid__in=spoke)}
    lines = [
        {
            "id": str(each.user.uuid),
            "name": str(each.user),
            "where": ", ".join(places.get(area, area) for area in each.areas),
            "known": each.known,
            "has_step": each.has_step,
            "mine": each.mine,
            "by": _by(each, names),
            "at": each.said.at if each.said else None,
        }
        for each in found
    ]
    return {"officers": lines, "changes": [change_line(each, places) for each in told]}


def _by(each: Officer, names: dict[str, str]) -> str:
    if each.said is None or each.said.step == vouching.ANY:
        return ""
    spoke = (each.said.one, each.said.other) if each.said.one else ()
    return " · ".join(names.get(uuid, "") for uuid in spoke if uuid) or _("pemilik server")


def change_line(each: Change, places: dict[str, str]) -> dict[str, Any]:
    """A change in words. What became of an account says whose it is, a task itself says of what."""
    of_task = each.what in ("task", "ended")
    return {
        "at": each.at,
        "who": each.who,
        "what": CHANGES[f"{each.what} of a leader" if each.leader and of_task else each.what],
        "leader": each.leader and not of_task,
        "by": each.by,
        "times": each.times,
        "where": places.get(each.area, each.area),
    }


def around(me: User) -> dict[str, Any]:
    """For the page before the room: what changed, and how many wait for her to know them. Raises ShutError."""
    told = watch.changes(me)
    context = officers_context((), changes=told[:MOST])
    return {
        "changes": context["changes"],
        "more": len(told[MOST:]),
        "wait": sum(each.mine for each in vouching.officers(me)),
    }
