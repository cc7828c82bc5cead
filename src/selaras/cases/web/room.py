"""/ruang/: the officers' list and tickets. Each page of it is read for a purpose, and logged."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.access import may_enter_room
from selaras.cases import breaking, tickets, trail
from selaras.cases.country import country
from selaras.cases.rows import as_code
from selaras.cases.steps import Step
from selaras.cases.tickets import TicketRead
from selaras.cases.trail import Trail
from selaras.cases.web import gate
from selaras.cases.web.breaks import broken
from selaras.cases.web.door import behind, person
from selaras.cases.web.forms import PurposeForm, StepForm
from selaras.cases.web.gate import allowed, too_many
from selaras.cases.web.officers import around
from selaras.cases.web.words import ACTIONS, PURPOSES, REASONS, STATES, STEPS, VOIDS, clock_words, grouped
from selaras.errors import InputError
from selaras.models.places import Place


def ask(request: HttpRequest, form: PurposeForm, status: int) -> HttpResponse:
    """What is she here for? Before that she is told of emergencies, and of who may come in beside her."""
    told = broken(person(request), breaking.seen_by(person(request)))
    context = {"form": form, "breaks": told, "carried": gate.carried(request), **around(person(request))}
    return render(request, "cases/purpose.html", context, status=status)


@behind(may_enter_room, ask=ask)
@require_safe
def room(request: HttpRequest) -> HttpResponse:
    """Her tickets, the most urgent first."""
    if not allowed(request, "ruang"):
        return too_many(request)
    reason, closed = gate.reason(request), request.GET.get("lihat") == "selesai"
    found = tickets.read_list(by=person(request), reason=reason, closed=closed)
    return render(request, "cases/room.html", room_context(found, _names(found), str(REASONS[reason]), closed=closed))


def room_context(
    found: Iterable[TicketRead], names: dict[str, str], purpose: str, *, closed: bool
) -> dict[str, object]:
    """What the template reads: each ticket with its words."""
    lines = [line(each, names) for each in found]
    return {"lines": lines, "purpose": purpose, "closed": closed, "late": sum(bool(each["late"]) for each in lines)}


def line(each: TicketRead, names: dict[str, str]) -> dict[str, object]:
    """A ticket in words."""
    return {
        "code": each.code,
        "shown": grouped(each.code),
        "place": names.get(each.facts.place, each.facts.place),
        "state": STATES[each.state],
        "due": each.due,
        "late": each.late,
        "facts": each.facts,
        "void": VOIDS[each.facts.void] if each.facts.void and not each.facts.void_waits else "",
        **clock_words(each),
    }


def _names(found: Iterable[TicketRead]) -> dict[str, str]:
    codes = {each.facts.place for each in found}
    rows = Place.objects.filter(code__in=codes, valid_to__isnull=True)
    return {row.code: row.full_name for row in rows}


@behind(may_enter_room, second=False)
@require_POST
def close(_request: HttpRequest) -> HttpResponse:
    """She has done what she came for."""
    return gate.forget(redirect("cases:room"))


@behind(may_enter_room, ask=ask)
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: HttpRequest) -> HttpResponse:
    """One ticket, and what is done next with it. Its code is in no address: it is sent to be opened, and then kept in
    her sealed pass; a form says itself which ticket it is of."""
    if "buka" in request.POST:
        return _opened(request, request.POST["buka"])
    if not allowed(request, "ruang"):
        return too_many(request)
    me, reason, code = person(request), gate.reason(request), gate.held(request).ticket
    form, status = None, 200
    if request.method == "POST":
        code, said = request.POST.get("kode", ""), request.POST.get("langkah", "")
        form = StepForm(Step(said), request.POST) if said in set(Step) else None
        status = 422
        if form is not None and form.is_valid():
            try:
                tickets.carry_on(by=me, code=code, done=form.done(), reason=reason)
            except InputError as error:
                for problem in error.problems:
                    form.add_error(None, f"{problem.message}; {problem.remedy}")
            else:
                messages.success(request, _("Tercatat."))
                return _opened(request, code)
    if not code:
        return redirect("cases:room")
    found = tickets.read_ticket(by=me, code=code, reason=reason)
    return render(request, "cases/ticket.html", ticket_context(found, _names([found]), form), status=status)


def _opened(request: HttpRequest, code: str) -> HttpResponse:
    gate.hold(request, replace(gate.held(request), ticket=as_code(code)))
    return redirect("cases:ticket")


def _hours() -> dict[str, int]:
    law, hour = country(), timedelta(hours=1)
    return {"pass_on": law.pass_on // hour, "note": law.note // hour, "twin": law.twin // hour}


def ticket_context(found: TicketRead, names: dict[str, str], given: StepForm | None = None) -> dict[str, object]:
    """What the template reads: the next step's form first, the others folded; `given` with its problems."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    steps = [
        given if given is not None and given.step is step else StepForm(step, initial={"at": now})
        for step in found.steps
    ]
    opened = {Step.AGREE, given.step if given is not None else Step.AGREE}
    forms = [
        {"step": form.step, "form": form, "words": STEPS[form.step], "open": form.step in opened} for form in steps
    ]
    first = forms[:1] if found.due is not None else []
    return {
        "ticket": line(found, names),
        "next": first,
        "more": forms[len(first) :],
        "example": country().example,
        "hours": _hours(),
        # Of a step that fits no more, as when another officer was quicker.
        "problems": given.non_field_errors() if given is not None and given.step not in found.steps else (),
    }


@behind(may_enter_room, ask=ask)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Who read or did what."""
    if not allowed(request, "ruang"):
        return too_many(request)
    number = request.GET.get("sebelum", "")
    before = int(number) if number.isdecimal() and len(number) < 16 else None
    found = trail.read_trail(by=person(request), reason=gate.reason(request), before=before)
    return render(request, "cases/trail.html", log_context(found))


def log_context(found: Trail) -> dict[str, object]:
    """What the template reads."""
    lines = [
        {
            "at": each.line.at,
            "times": each.times,
            "first": each.first,
            "day": timezone.localdate(each.line.at) if each.line.gone and not each.line.who else None,
            "who": found.names.get(each.line.who, ""),
            "action": ACTIONS.get(each.line.action, each.line.action),
            "purpose": PURPOSES.get(each.line.purpose, ""),
            "about": _("sudah dihapus") if each.line.gone else grouped(each.line.about),
        }
        for each in found.told
    ]
    return {"lines": lines, "broken": found.broken, "officers": found.officers, "older": found.older}
