"""Errors as pages: our words, the right status, nothing told to strangers."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from selaras.errors import CATALOGUE, Forbidden, InputError, Missing, Problem
from selaras.models import Role
from selaras.web import errors
from tests import build
from tests.web.cast import inside

pytestmark = pytest.mark.django_db
ONE = Problem("import.busy")


@pytest.mark.parametrize(("error", "status"), [(Missing(ONE), 404), (Forbidden(ONE), 403), (InputError(ONE), 422)])
def test_each_of_our_errors_has_its_page(error: Exception, status: int) -> None:
    response = errors.SayProblems(lambda _request: HttpResponse()).process_exception(RequestFactory().get("/"), error)

    assert response is not None
    text = response.content.decode()
    said = CATALOGUE["import.busy"].message in text
    assert (response.status_code, said) == (status, status != 404)


def test_an_error_that_is_not_ours_is_left_to_django() -> None:
    door = errors.SayProblems(lambda _request: HttpResponse())

    assert door.process_exception(RequestFactory().get("/"), PermissionDenied()) is None


def test_an_unknown_path_is_a_page_of_ours_with_a_way_home() -> None:
    user = build.member(Role.ADMINISTRATOR)
    response = inside(user).get("/tidak/ada/")

    assert (response.status_code, 'href="/"' in response.content.decode()) == (404, True)


def test_a_form_of_another_site_is_refused_in_our_words() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/masuk/", {"login": "a", "password": "b"})

    assert (response.status_code, "kedaluwarsa" in response.content.decode()) == (403, True)


def test_a_person_without_a_task_reads_whom_to_ask() -> None:
    build.place("36.72")
    user = build.User.objects.create_user("baru", full_name="Baru Uji")
    text = inside(user).get("/").content.decode()

    assert ("Anda belum ditugaskan" in text, "baru" in text) == (True, True)


def test_every_answer_forbids_frames_sniffing_and_foreign_sources() -> None:
    headers = Client().get("/masuk/").headers

    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert (policy["script-src"], policy["style-src"], policy["default-src"]) == ("'self'", "'self'", "'none'")


def test_what_nobody_types_and_no_database_keeps_is_dropped_from_forms_and_addresses() -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append((dict(request.GET.lists()), dict(request.POST.lists())))
        return HttpResponse()

    door = errors.SayProblems(view)
    for exempt in (False, True):
        view.csrf_exempt = exempt  # type: ignore[attr-defined]
        request = RequestFactory().post("/?cari=a%00b", {"a\0": ["x\0y", "z"], "utuh": "1"})
        door.process_view(request, view)
        door(request)

    plain = {"cari": ["ab"]}
    assert seen == [(plain, {"a": ["xy", "z"], "utuh": ["1"]}), (plain, {"a\0": ["x\0y", "z"], "utuh": ["1"]})]
