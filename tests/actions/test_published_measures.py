"""How fast hand-overs went is taken from what was published: of the lokus, or of the area around it, or not at all."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.claims import Where, claim
from selaras.actions.facts import Entry, record_facts
from selaras.actions.published_measures import take_all, take_published
from selaras.errors import InputError
from selaras.models import AuditEntry, Fact, Place, Publication, PublicationKind
from selaras.queries.cards import card_of
from selaras.queries.layered import item_of, layered
from selaras.queries.protection import MeasuredShare, measured_share
from selaras.scoring.layers import Said
from tests.build_programme import programme
from tests.sample_workbook import changed

pytestmark = pytest.mark.django_db
LOKUS, KECAMATAN, CITY = "36.72.05.1005", "36.72.05", "36.72"
WORKBOOK = changed(
    ("indicators", "N6", "handover_24h"), ("indicators", "F6", "linear"),
    ("indicators", "K6", 0), ("indicators", "L6", 1),
)  # fmt: skip


def publish(counts: dict[str, tuple[int | None, int | None]], period: str = "h1", year: int = 2024) -> None:
    """What came out of a period: (done, due) by area."""
    cells = [
        [area, period, name, "", "", count]
        for area, pair in counts.items()
        for name, count in zip(("received_in_time", "received_due"), pair, strict=True)
    ]
    Publication.objects.create(
        kind=PublicationKind.HAND_OVERS, place_code=CITY, year=year, number=1 + "h1h2".index(period), period=period,
        cells=cells,
        source="Ruang perlindungan", as_of=date(2024, 11, 1), threshold=5,
    )  # fmt: skip


def test_a_lokus_has_its_own_published_share_or_that_around_it_or_none() -> None:
    of = programme(WORKBOOK)

    def seen() -> list[tuple[str, Decimal | None]]:
        return list(Fact.objects.values_list("source", "value"))

    def points() -> object:
        return card_of(of.lokus, of.round, of.version).unit.indicators["saluran"].points

    assert (take_published(by=CONSOLE, city=CITY, year=2024), seen(), points()) == (0, [], None)
    publish({CITY: (30, 40), KECAMATAN: (9, 12), LOKUS: (None, None)})
    assert (take_published(by=CONSOLE, city=CITY, year=2024), take_published(by=CONSOLE, city=CITY, year=2024)) == (
        1,
        0,
    )
    out = "Rekap rujukan yang terbit 1 Agustus 2023 sampai 31 Juli 2024, "
    around = out + "{}, karena angka kelurahannya terlalu kecil untuk diterbitkan"
    assert seen() == [(around.format("Kecamatan Jombang: 9 dari 12"), Decimal("0.75"))]
    assert points() == Decimal("0.75")
    # The second half of the year before adds to what is out of the first, and brings what could not be read then.
    publish({CITY: (31, 41), KECAMATAN: (11, 13), LOKUS: (7, 8)}, "h2", 2023)
    assert take_all(timezone.now()) == 1
    assert seen() == [(f"{out}Kelurahan Gedong Dalem: 7 dari 8", Decimal("0.875"))]
    Publication.objects.filter(period="h2").delete()
    publish({CITY: (31, 41), KECAMATAN: (11, 13), LOKUS: (None, None)}, "h2", 2023)
    take_all(timezone.now())
    assert seen() == [(around.format("Kecamatan Jombang: 20 dari 25"), Decimal("0.8"))]
    Publication.objects.all().delete()
    publish({CITY: (None, None), KECAMATAN: (None, None), LOKUS: (None, None)})
    assert (take_all(timezone.now()), seen(), points()) == (1, [], None)
    entries = AuditEntry.objects.filter(action="facts.take_published").order_by("id")
    assert [entry.details["indicators"] for entry in entries] == [["saluran"]] * 4


def test_what_comes_out_after_july_is_of_the_next_year_and_a_new_code_keeps_what_was_out() -> None:
    of = programme(WORKBOOK)
    publish({CITY: (5, 50), LOKUS: (1, 9)}, "h2")
    assert take_published(by=CONSOLE, city=CITY, year=2024) == 0
    publish({CITY: (30, 40), LOKUS: (9, 10)})
    take_published(by=CONSOLE, city=CITY, year=2024)
    assert Fact.objects.get().value == Decimal("0.9")
    # The year after: late from July on, counted there, whatever code the kelurahan was given since.
    old = Place.objects.get(code=LOKUS)
    old.valid_to = date(2025, 2, 1)
    old.save()
    given = {"name": old.name, "level": old.level, "kind": old.kind, "parent": old.parent}
    Place.objects.create(code="36.72.05.1099", replaces=old, valid_from=old.valid_to, **given)
    publish({CITY: (40, 40), "36.72.05.1099": (11, 11)}, year=2025)
    assert measured_share(CITY, 2025, "36.72.05.1099", "handover_24h") == MeasuredShare("36.72.05.1099", 12, 20)
    of.cycle.year = 2025
    of.cycle.save()
    take_all(timezone.now())
    assert Fact.objects.get().value == Decimal("0.6")


def test_nobody_types_or_claims_what_is_taken_from_a_publication() -> None:
    of = programme(WORKBOOK)
    typed = [Entry("saluran", value=Decimal(1), source="kata orang")]
    with pytest.raises(InputError) as refused:
        record_facts(by=CONSOLE, lokus=of.lokus, round_=None, version=of.version, facts=typed)
    where = Where(of.cycle.slug, of.lokus.area, "", "saluran")
    with pytest.raises(InputError) as claimed:
        claim(by=CONSOLE, where=where, said=Said(Decimal(1)))
    codes = [problem.code for error in (refused, claimed) for problem in error.value.problems]
    assert codes == ["facts.published", "claim.published"]
    assert not Fact.objects.exists()
    bare = item_of(of.lokus, of.version, "saluran")
    publish({CITY: (30, 40), KECAMATAN: (9, 12), LOKUS: (7, 8)})
    take_published(by=CONSOLE, city=CITY, year=2024)
    told = item_of(of.lokus, of.version, "saluran")
    assert (bare.is_published, bare.layers.claim, bare.worth) == (True, None, 0)
    assert (told.layers.claim, told.layers.verified, told.worth) == (Decimal("0.875"), Decimal("0.875"), 20)


def test_points_that_nobody_can_bring_are_their_neighbours() -> None:
    of = programme(WORKBOOK)
    worth = {name: item.worth for name, item in layered(of.lokus).items.items()}
    # `lembaga` is 40 of 100: all of it is the decree's while no share is published.
    assert (worth["saluran"], worth["sk"], sum(worth.values())) == (0, 40, 100)


def test_a_past_year_and_a_closed_one_keep_what_they_had() -> None:
    of = programme(WORKBOOK)
    publish({CITY: (30, 40), KECAMATAN: (9, 12), LOKUS: (7, 8)})
    assert take_published(by=CONSOLE, city=CITY, year=2022) == 0
    assert take_published(by=CONSOLE, city="36.73", year=2024) == 0
    of.cycle.closed_at = timezone.now()
    of.cycle.save()
    assert (take_published(by=CONSOLE, city=CITY, year=2024), take_all(timezone.now())) == (0, 0)
