"""What an officer sees until somebody has said that her second step is hers: the code to read out, and to whom."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from selaras.access import kept_areas, may_enter_room
from selaras.cases import vouching
from selaras.cases.web.words import grouped
from selaras.models.people import User
from selaras.models.places import Place


def not_known(request: HttpRequest) -> HttpResponse | None:
    """That page; None for who is no officer, or is known. Raises ShutError."""
    me = cast(User, request.user)
    if not may_enter_room(me) or vouching.is_known(me):
        return None
    return render(request, "cases/waiting.html", waiting_context(me), status=403)


def waiting_context(me: User) -> dict[str, Any]:
    """What the template reads: colleagues who may say it alone, else those of whom two must, else none and her name for
    the owner of the server; and of whoever keeps tickets of several cities their names, for nobody of one of them may
    say it of her."""
    alone = [str(each) for each in vouching.colleagues_of(me)]
    two = [] if alone else sorted(str(each) for each in vouching.pairs_of(me))
    cities = {".".join(area.split(".")[:2]) for area in kept_areas(me)}
    rows = Place.objects.filter(code__in=cities, valid_to__isnull=True).order_by("code")
    return {
        "code": grouped(vouching.code_of(me), 3),
        "alone": sorted(alone),
        "two": two,
        "cities": [row.full_name for row in rows] if len(cities) > 1 else [],
        "username": me.username,
    }
