"""A log says what happened, and opens nothing."""

import logging

import pytest
from django.test import Client

from selaras.web.logs import HideSecrets

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
