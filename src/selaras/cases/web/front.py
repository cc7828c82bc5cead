"""/ruang/serahkan/: one button for whoever was told something. It asks where, never whom or what."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from selaras.access import handing_places_for, may_hand_over
from selaras.cases.tickets import hand_over as open_ticket
from selaras.cases.web.door import behind, person
from selaras.cases.web.gate import allowed, too_many
from selaras.cases.web.words import grouped
from selaras.errors import InputError, Problem


@behind(may_hand_over, second=False)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """The button; then the code, big, which is shown again as long as the same page is sent again."""
    problems: tuple[Problem, ...] = ()
    status, place = 200, request.POST.get("wilayah", "")
    if request.method == "POST":
        if not allowed(request, "serah"):
            return too_many(request)
        try:
            code = open_ticket(by=person(request), place=place, press=request.POST.get("tekan", ""))
        except InputError as error:
            problems, status = error.problems, 422
        else:
            return render(request, "cases/handed.html", {"code": grouped(code)})
    places = handing_places_for(person(request)).order_by("code").values_list("code", "name")
    return render(request, "cases/hand_over.html", front_context(tuple(places), problems, place), status=status)


def front_context(places: tuple[tuple[str, str], ...], problems: object = (), chosen: str = "") -> dict[str, object]:
    """What the template reads. `press`: what makes two presses of one button one ticket; `chosen`: the kelurahan."""
    return {"places": places, "press": str(uuid4()), "problems": problems, "chosen": chosen}
