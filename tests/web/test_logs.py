"""A log says what happened, and opens nothing."""

import logging
from unittest.mock import patch

import pytest
from django.test import Client

from selaras.management import serving
from selaras.web.logs import HideSecrets
from tests.build_reactions import activity, printed

pytestmark = pytest.mark.django_db


def test_the_secret_of_an_address_is_not_written_down(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(HideSecrets())
    with caplog.at_level(logging.WARNING):
        for path in ("/odk/rahasia-hp/formList", "/undangan/rahasia-surat/", "/tidak/ada/rahasia/"):
            Client().get(path)

    assert [record.getMessage() for record in caplog.records] == [
        "Forbidden: /odk/…/formList",
        "Not Found: /undangan/…/",
        "Not Found: /tidak/ada/rahasia/",
    ]


def test_no_line_says_that_somebody_answered_without_a_name_even_where_she_was_refused(
    caplog: pytest.LogCaptureFixture,
) -> None:
    codes = printed(activity(), 12).codes
    said = {"useful": "yes", "use": "no", "missing": "Kurang kursi"}
    client = Client()
    caplog.handler.addFilter(HideSecrets())
    with caplog.at_level(logging.INFO):
        client.get("/reaksi/")
        answers = [client.post("/reaksi/", {**said, "code": code}) for code in (codes[0], codes[0], "")]
        client.post("/reaksi/buka/", {"code": codes[0]})
        client.get("/reaksi/tidak-ada/")
        client.get("/tahun/x/reaksi-lain/")

    assert [answer.status_code for answer in answers] == [302, 422, 422]
    assert [record.getMessage() for record in caplog.records] == ["Not Found: /tahun/x/reaksi-lain/"]


def test_of_the_locked_room_a_failure_alone_is_written_down_and_never_of_which_page(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.handler.addFilter(HideSecrets())
    log = logging.getLogger("django.request")
    with caplog.at_level(logging.INFO):
        log.warning("%s: %s", "Not Found", "/ruang/tiket/")
        log.error("%s: %s", "Service Unavailable", "/ruang/serahkan/")

    assert [record.getMessage() for record in caplog.records] == ["Service Unavailable: /ruang/…"]


def test_the_web_server_writes_no_line_a_request() -> None:
    """When somebody answered would stand there, for who knows when she was seen with her phone."""
    with patch.object(serving, "Granian") as server:
        serving.serve_pages(host="127.0.0.1", port=1, processes=1, threads=1)

    assert server.call_args.kwargs["log_access"] is False
