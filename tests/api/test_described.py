"""Whatever a program sends, the API answers as its own description says, and never with a 500."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings

from selaras.actions.tokens import make_token
from selaras.models import Role
from tests import build
from tests.build_programme import bring, families_file, family, programme

pytestmark = pytest.mark.django_db


@pytest.fixture
def described() -> Iterator[Any]:
    # A real request ends by closing the connection, and with it the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def secret() -> str:
    of = programme()
    bring(of, families_file([family(f"GD-{i:03d}", 4, "leher_angsa", i) for i in range(1, 4)]))
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    return make_token(by=user, name="uji", scopes=["programme", "scores", "instruments"], days=1)[1]


def test_the_api_does_what_it_describes(described: Any, secret: str) -> None:
    tried = []
    for found in described.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
        def anything(case: schemathesis.Case) -> None:
            case.headers["Authorization"] = f"Bearer {secret}"
            case.call_and_validate(excluded_checks=[schemathesis.checks.ignored_auth])

        anything()
        tried.append(operation.label)
    assert len(tried) == 5
