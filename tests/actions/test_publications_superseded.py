"""What came out several times, before each period came out once: kept, in the register, and binding no later year."""

from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import timezone
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions import publication_register
from selaras.actions.hand_overs import publish_part
from selaras.models import Publication, PublicationPart, PublicationRule, Unpublished
from selaras.queries.protection import out_already, rule_of
from selaras.scoring.handovers import FOLLOW_UP
from tests import build

pytestmark = pytest.mark.django_db
CITY = "36.72"


def came_out(number: int, count: int, period: str, *, kind: str = "hand_overs") -> Publication:
    return Publication.objects.create(
        kind=kind, place_code=CITY, year=2024, number=number, period=period, threshold=7, source="Ruang uji",
        as_of=date(2024, 8, number), cells=[[CITY, "", "received_due", "", "", count]],
    )  # fmt: skip


def said() -> list[tuple[object, ...]]:
    return list(Publication.objects.order_by("number").values_list("uuid", "kind", "number", "cells"))


@pytest.fixture
def migrated(settings: Settings, tmp_path: Path) -> None:
    """A city that published three times in 2024, by the rule of then, on today's tables."""
    settings.MEDIA_ROOT = str(tmp_path)
    build.cycle()
    for number, period in enumerate(("q1", "q2", ""), start=1):
        came_out(number, 10 * number, period)
    import_module("selaras.migrations.0050_publications_once").once(apps, None)


@pytest.mark.usefixtures("migrated")
def test_the_last_counts_the_others_are_kept_and_the_next_year_is_by_half_years_again() -> None:
    assert [(kind, number) for _uuid, kind, number, _cells in said()] == [
        ("superseded", 1), ("superseded", 2), ("hand_overs", 3),
    ]  # fmt: skip
    assert set(out_already(CITY, "hand_overs", 2024).values()) == {30}
    assert [(rule_of(CITY, year).every, rule_of(CITY, year).threshold) for year in (2023, 2024, 2025, 2030)] == [
        ("half", 5), ("year", 7), ("half", 7), ("half", 7),
    ]  # fmt: skip


@pytest.mark.usefixtures("migrated")
def test_nobody_is_said_to_be_followed_up_of_those_who_came_out_before_their_year_had_ended() -> None:
    given = {"city": CITY, "year": 2024, "period": "", "now": datetime(2025, 5, 15, 3, tzinfo=UTC)}
    assert publish_part(part=FOLLOW_UP, **given) is None
    Publication.objects.filter(number=3).update(as_of=date(2025, 1, 15))
    made = publish_part(part=FOLLOW_UP, **given)
    assert (made is not None, Publication.objects.filter(part=PublicationPart.FOLLOW_UP).count()) == (True, 1)


@pytest.mark.usefixtures("migrated")
def test_the_register_learns_what_came_out_before_it_was_and_a_backup_from_between_is_told() -> None:
    Unpublished.objects.create(place_code=CITY, year=2025, period="h1", reason="choice")
    complete = publication_register.complete
    # Three publications, two rules, one that was kept back; each once.
    assert (complete(timezone.now()), complete(timezone.now())) == (6, 0)
    before, rules = said(), list(PublicationRule.objects.values_list("year", "every"))
    Publication.objects.filter(number__gt=1).delete()
    Publication.objects.update(kind="hand_overs", period="")
    PublicationRule.objects.filter(year=2025).delete()
    lines = publication_register.REGISTER.read()
    assert publication_register.replay(by=CONSOLE, lines=lines) == 4
    assert (said(), list(PublicationRule.objects.values_list("year", "every"))) == (before, rules)
    assert (publication_register.replay(by=CONSOLE, lines=lines), len(lines)) == (0, 6)
