"""/ruang/berdua/: one ticket opened by two people. Who asks, who agrees, and what officers are told."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.access import may_agree_to_break, may_ask_break, may_be_asked_break
from selaras.cases import breaking
from selaras.cases.breaking import Asked
from selaras.cases.web import browsers
from selaras.cases.web.door import behind, person
from selaras.cases.web.forms import BreakForm
from selaras.cases.web.gate import allowed, too_many
from selaras.cases.web.words import EMERGENCIES, STATES, grouped
from selaras.errors import InputError
from selaras.models.people import User
from selaras.models.places import Place


@behind(may_ask_break, may_be_asked_break)
@require_http_methods(["GET", "HEAD", "POST"])
def breaks(request: HttpRequest) -> HttpResponse:
    """What was asked and answered, as far as it is hers; and a form for who may ask."""
    me, status = person(request), 200
    form = BreakForm(request.POST if request.method == "POST" else None) if may_ask_break(me) else None
    if request.method == "POST":
        if not allowed(request, "darurat"):
            return too_many(request)
        status = 422
        if form is not None and form.is_valid():
            try:
                breaking.ask(by=me, code=form.cleaned_data["kode"], emergency=form.emergency())
            except InputError as error:
                for problem in error.problems:
                    form.add_error(None, f"{problem.message}; {problem.remedy}")
            else:
                messages.success(request, _("Permintaan tercatat. Orang kedua harus menyetujuinya dalam 24 jam."))
                return browsers.remember(redirect("cases:breaks"), me)
    lines = broken(me, breaking.seen_by(me))
    return render(request, "cases/breaks.html", {"form": form, "breaks": lines}, status=status)


def broken(user: User, asked: Iterable[Asked]) -> list[dict[str, object]]:
    """Each emergency in words, and what this person can do about it."""
    asked, now, me = tuple(asked), timezone.now(), str(user.uuid)
    people = User.objects.filter(uuid__in={uuid for each in asked for uuid in (each.asker, each.agreer) if uuid})
    names = {str(each.uuid): str(each) for each in people}
    return [
        {
            "id": each.id,
            "why": EMERGENCIES[each.emergency],
            "asker": names.get(each.asker, ""),
            "asked_at": each.asked_at,
            "agreer": names.get(each.agreer, ""),
            "agreed_at": each.agreed_at,
            "waits": each.waits(now),
            "may_agree": each.waits(now) and may_agree_to_break(user, each.place, each.asker),
            "may_read": each.asker == me and each.is_open(now),
        }
        for each in asked
    ]


@behind(may_be_asked_break)
@require_POST
def agree(request: HttpRequest, break_id: UUID) -> HttpResponse:
    """As the second person."""
    try:
        breaking.agree(by=person(request), break_id=break_id, marks=browsers.marks(request))
    except InputError as error:
        messages.error(request, "; ".join(f"{problem.message}; {problem.remedy}" for problem in error.problems))
    else:
        messages.success(request, _("Disetujui. Peminta dapat membaca tiket itu selama satu jam."))
    return redirect("cases:breaks")


@behind(may_ask_break)
@require_safe
def read(request: HttpRequest, break_id: UUID) -> HttpResponse:
    """The ticket, while it is open; nothing of it can be changed."""
    found = breaking.read(by=person(request), break_id=break_id)
    place = Place.objects.filter(code=found.facts.place, valid_to__isnull=True).first()
    context = {
        "shown": grouped(found.code),
        "state": STATES[found.state],
        "place": place.full_name if place else found.facts.place,
        "facts": found.facts,
    }
    return render(request, "cases/break_read.html", context)
