"""Ways in which a ticket could be told of outside the locked room, as middleware: whoever compares must see each."""

import logging
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from selaras.cases.models import Ticket

View = Callable[[HttpRequest], HttpResponse]


def in_a_page(get_response: View) -> View:
    """A number at its end."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.content += f"<!-- {Ticket.objects.count()} -->".encode()
        return response

    return middleware


def in_a_header(get_response: View) -> View:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["X-New"] = "ya" if Ticket.objects.exists() else "tidak"
        return response

    return middleware


def in_the_log(get_response: View) -> View:
    def middleware(request: HttpRequest) -> HttpResponse:
        for _ticket in Ticket.objects.all():
            logging.getLogger("selaras.web").info("satu lagi")
        return get_response(request)

    return middleware


def in_what_is_asked(get_response: View) -> View:
    """One statement more."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if (ticket := Ticket.objects.first()) is not None:
            ticket.refresh_from_db()
        return get_response(request)

    return middleware


def in_a_number(get_response: View) -> View:
    """The ticket's own, where a form's number stands."""

    def middleware(request: HttpRequest) -> HttpResponse:
        ticket = Ticket.objects.first()
        response = get_response(request)
        response.content += str(ticket.id if ticket else uuid.UUID(int=0, version=4)).encode()
        return response

    return middleware


EACH = {
    f"{__name__}.{each.__name__}": sees
    for each, sees in (
        (in_a_page, "body"),
        (in_a_header, "body"),
        (in_the_log, "log"),
        (in_what_is_asked, "statements"),
        (in_a_number, "body"),
    )
}
