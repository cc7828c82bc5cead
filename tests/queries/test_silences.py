"""A share of hand-overs that is not out is named beside the score, with why, and what the score is on equal weights."""

from decimal import Decimal

import pytest

from selaras.access import CONSOLE
from selaras.actions.facts import Entry, record_facts
from selaras.actions.hand_overs import keep_back
from selaras.actions.published_measures import take_published
from selaras.models import Publication, PublicationKind, PublicationRule
from selaras.queries.cards import card_of
from selaras.queries.layered import layered
from selaras.queries.protection import Silence
from selaras.queries.silences import Reasons, silent_card, silent_layers
from tests import build
from tests.build_programme import programme
from tests.sample_workbook import changed

pytestmark = pytest.mark.django_db
WORKBOOK = changed(
    ("indicators", "N6", "handover_24h"), ("indicators", "F6", "linear"),
    ("indicators", "K6", 0), ("indicators", "L6", 1),
)  # fmt: skip


def test_silence_is_named_with_its_cause_and_weighed() -> None:
    of = programme(WORKBOOK)
    facts = [Entry("sk", option="a", source="SK Wali Kota")]
    record_facts(by=CONSOLE, lokus=of.lokus, round_=None, version=of.version, facts=facts)

    def silent() -> tuple[str, Decimal | None]:
        found = silent_card(card_of(of.lokus, of.round, of.version), Reasons(of.cycle))
        assert found is not None
        assert [each[1] for each in found.lines] == [each[1] for each in _layers()]
        return found.lines[0][1], found.equal

    def _layers() -> tuple[tuple[str, Silence], ...]:
        found = silent_layers(layered(of.lokus, of.version), Reasons(of.cycle))
        assert found is not None
        return found.lines

    score = card_of(of.lokus, of.round, of.version).total().value
    why, equal = silent()
    assert why == Silence.UNREFUSED
    build.in_time(of.cycle)
    assert silent() == (Silence.NOT_YET, equal)
    # Left out of the score, and counted as nothing where all weights are equal: never more than the score.
    assert (score, equal) == (Decimal(100), Decimal(50))
    cells = [["36.72", "h1", name, "", "", None] for name in ("received_due", "received_in_time")]
    row = Publication.objects.create(
        kind=PublicationKind.HAND_OVERS, place_code="36.72", year=2024, number=1, period="h1", cells=cells,
        source="Ruang uji", as_of="2024-07-15", threshold=5,
    )  # fmt: skip
    assert silent()[0] == Silence.BELOW
    keep_back(by=CONSOLE, cycle_slug=of.cycle.slug, year="2023", period="h2", reason="choice")
    assert silent()[0] == Silence.CHOICE
    # A good half beside one that was kept back is not a whole year: it is named, and counts for half on equal weights.
    row.cells = [["36.72", "h1", name, "", "", 10] for name in ("received_due", "received_in_time")]
    row.save()
    take_published(by=CONSOLE, city="36.72", year=2024)
    assert card_of(of.lokus, of.round, of.version).total().value == Decimal(100)
    assert silent() == (Silence.CHOICE, Decimal(75))


def test_a_threshold_that_the_city_raised_is_its_choice() -> None:
    of = programme(WORKBOOK)
    PublicationRule.objects.create(place_code="36.72", year=2024, threshold=8)
    cells = [["36.72", "h1", name, "", "", None] for name in ("received_due", "received_in_time")]
    Publication.objects.create(
        kind=PublicationKind.HAND_OVERS, place_code="36.72", year=2024, number=1, period="h1", cells=cells,
        source="Ruang uji", as_of="2024-07-15", threshold=8,
    )  # fmt: skip
    assert Reasons(of.cycle)["handover_24h"] == Silence.RAISED
