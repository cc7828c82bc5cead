"""A NIK that was planted in forms stands in plain nowhere: not in the database, files, logs, lists, or exports."""

import logging
from pathlib import Path

import pytest
from pytest_django import Settings

from selaras.models import AuditEntry, CurrentAnswers, Household, Submission
from selaras.queries.phones import list_of
from tests import build, leaks
from tests.actions.test_exports import cadre, secretary, taken
from tests.actions.test_exports import said as told
from tests.actions.test_field_taking import send
from tests.actions.test_nik_asked import NIK, OTHER, asking, head, said
from tests.build_field import Field

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


@pytest.fixture
def of(caplog: pytest.LogCaptureFixture) -> Field:
    """A known family and a new one whose heads said their numbers to a phone."""
    caplog.set_level(logging.DEBUG)
    of = asking()
    family = build.household(of.programme.lokus, rw="03", name="Contoh")
    send(of, said(of, family, "punya", NIK))
    send(of, said(of, None, "punya", OTHER))
    assert [head(one) for one in Household.objects.order_by("pk")] == [(NIK, ""), (OTHER, "")]
    return of


def test_the_database_its_files_and_the_logs_hold_none(of: Field, caplog: pytest.LogCaptureFixture) -> None:
    assert (CurrentAnswers.objects.count(), Submission.objects.count()) == (2, 2)
    assert AuditEntry.objects.filter(action="households.correct").count() == 1
    assert leaks.found([NIK, OTHER]) == set()
    assert [line for line in caplog.messages if NIK in line or OTHER in line] == []


def test_the_list_that_phones_fetch_holds_none(of: Field) -> None:
    listed = list_of(Household.objects.all())
    assert (listed.count(b"\n"), NIK.encode() in listed, OTHER.encode() in listed) == (3, False, False)


def test_answers_taken_along_hold_none(of: Field) -> None:
    for by in (secretary(of.programme), cadre(of.programme)):
        text = told(taken(of.programme, by))
        assert ("GD-" in text, NIK in text, OTHER in text) == (True, False, False)
