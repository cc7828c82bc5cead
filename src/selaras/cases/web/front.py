"""/ruang/serahkan/: one button for whoever was told something. It asks where, never whom or what."""

from datetime import timedelta
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from selaras.access import handing_places_for, may_enter_room, may_hand_over
from selaras.cases.country import country
from selaras.cases.tickets import call_back
from selaras.cases.tickets import hand_over as open_ticket
from selaras.cases.web.door import behind, person
from selaras.cases.web.gate import allowed, too_many
from selaras.cases.web.words import grouped
from selaras.errors import InputError, Problem


@behind(may_hand_over, second=False)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """The button; then the code, big, which is shown again as long as the same page is sent again. Who pressed by
    mistake takes it back there."""
    problems: tuple[Problem, ...] = ()
    status, place, back = 200, request.POST.get("wilayah", ""), False
    if request.method == "POST":
        if not allowed(request, "serah"):
            return too_many(request)
        press, back = request.POST.get("tekan", ""), "batal" in request.POST
        try:
            if not back:
                code = open_ticket(by=person(request), place=place, press=press)
                return render(request, "cases/handed.html", handed_context(code, press))
            call_back(by=person(request), press=press)
        except InputError as error:
            problems, status = error.problems, 422
    places = handing_places_for(person(request)).order_by("code").values_list("code", "name")
    context = front_context(
        tuple(places), problems, place, back=back and not problems, inside=may_enter_room(person(request))
    )
    return render(request, "cases/hand_over.html", context, status=status)


def front_context(
    places: tuple[tuple[str, str], ...],
    problems: object = (),
    chosen: str = "",
    *,
    back: bool = False,
    inside: bool = False,
) -> dict[str, object]:
    """What the template reads. `press`: what makes two presses of one button one ticket; `chosen`: the kelurahan;
    `back`: one was just taken back; `inside`: she is of the office that receives."""
    said = {"places": places, "problems": problems, "chosen": chosen, "back": back, "inside": inside}
    return {**said, "press": str(uuid4())}


def handed_context(code: str, press: str) -> dict[str, object]:
    """What the template reads: the code, and the press that takes it back."""
    return {"code": grouped(code), "press": press, "hours": country().call_back // timedelta(hours=1)}
