"""/ruang/serahkan/: one button for whoever was told something. It asks where, never whom or what."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from selaras.access import handing_places_for, may_hand_over
from selaras.cases.tickets import hand_over as open_ticket
from selaras.cases.web.door import allowed, behind, person, too_many
from selaras.cases.web.words import grouped
from selaras.errors import InputError, Problem


@behind(may_hand_over, second=False)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """The button; then the code, big, which is shown again as long as the same page is sent again."""
    problems: tuple[Problem, ...] = ()
    status = 200
    if request.method == "POST":
        if not allowed(request, "serah"):
            return too_many(request)
        try:
            press, place = request.POST.get("tekan", ""), request.POST.get("wilayah", "")
            code = open_ticket(by=person(request), place=place, press=press)
        except InputError as error:
            problems, status = error.problems, 422
        else:
            return render(request, "cases/handed.html", {"code": grouped(code)})
    places = handing_places_for(person(request)).order_by("code").values_list("code", "name")
    return render(request, "cases/hand_over.html", front_context(tuple(places), problems), status=status)


def front_context(places: tuple[tuple[str, str], ...], problems: object = ()) -> dict[str, object]:
    """What the template reads. `press`: what makes two presses of one button one ticket."""
    return {"places": places, "press": str(uuid4()), "problems": problems}
