"""Photos used again, taken elsewhere or on another day are told of, each with what it was found by, to who vouches."""

from datetime import date, timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from selaras.actions import activities, evidence, evidence_desk, evidence_points
from selaras.actions.field.receiving import Parcel, Sender, Sent, receive
from selaras.actions.field.taking import take_in
from selaras.errors import Forbidden, Missing
from selaras.models import Evidence, Lokus, PictureMatch, Role, User
from selaras.queries.reuse import Signal, Suspect, day_signal, place_signal, reuse_page
from tests import build
from tests.build_blurs import looked, of_picture, taken
from tests.build_evidence import CODE, ani, bring, scored_lokus, secretary
from tests.build_field import filled, open_field
from tests.drawn_photos import scene
from tests.photo_plants import both, cropped, mirrored, saved, smaller
from tests.sample_workbook import rows, sample

pytestmark = pytest.mark.django_db
#: Where the lokus is; a place within it, and one in the next city.
POINT, HERE, ELSEWHERE = (-5.9832, 106.0281), (-5.9841, 106.0290), (-6.1201, 106.1503)


@pytest.fixture
def lokus() -> Lokus:
    return scored_lokus()


def told(by: User, lokus: Lokus) -> list[tuple[str, list[str]]]:
    """(title, codes) of what the page shows, the newest first."""
    return [(row.mine.title, [signal.code for signal in row.signals]) for row in suspects(by, lokus)]


def suspects(by: User, lokus: Lokus) -> tuple[Suspect, ...]:
    return reuse_page(by, lokus.cycle.slug).rows


def report(by: User, lokus: Lokus, title: str, content: bytes, on: date = date(2024, 8, 9)) -> Evidence:
    of = activities.report(
        by=by,
        cycle_slug=lokus.cycle.slug,
        lokus_code=lokus.area,
        activity_id=uuid4(),
        told=activities.Told(title, on),
        photo=content,
    )
    return Evidence.objects.get(activity=of)


def pointed(lokus: Lokus, radius: int = 800) -> None:
    evidence_points.set_point(
        by=secretary(),
        cycle_slug=lokus.cycle.slug,
        lokus_code=lokus.area,
        point=f"{POINT[0]}, {POINT[1]}",
        radius=radius,
    )


# --- the same shot ----------------------------------------------------------------------------------------------------
def test_a_photo_saved_anew_cropped_or_mirrored_is_told_with_what_was_done(lokus: Lokus) -> None:
    by, chance = ani(), Random(5)
    of_picture(by, lokus, scene(1), caption="Yang pertama")
    of_picture(by, lokus, scene(2), caption="Lain")
    looked()
    for how, change in (("kecil", smaller), ("potong", cropped), ("cermin", mirrored), ("keduanya", both)):
        of_picture(by, lokus, change(scene(1), chance), caption=how)
    looked()

    found = {row.mine.title: row.signals for row in suspects(secretary(), lokus)}
    first = {
        title: [s.code for s in signals if s.other is not None and s.other.title == "Yang pertama"]
        for title, signals in found.items()
    }
    assert first == {"kecil": ["alike"], "potong": ["cropped"], "cermin": ["mirrored"], "keduanya": ["both"]}


def test_the_later_one_is_told_of_whatever_was_looked_at_first(lokus: Lokus) -> None:
    by = ani()
    later = of_picture(by, lokus, scene(1), caption="Belakangan")
    looked()
    earlier = of_picture(by, lokus, smaller(scene(1), Random(1)), caption="Dahulu")
    Evidence.objects.filter(pk=earlier.pk).update(received_at=later.received_at - timedelta(days=3))
    looked()

    assert told(secretary(), lokus) == [("Belakangan", ["alike"])]


def test_the_photo_of_a_report_used_for_another_report_is_a_copy_though_its_bytes_are_the_same(lokus: Lokus) -> None:
    by, content = ani(), taken(scene(3))
    report(by, lokus, "Penyuluhan", content)
    report(by, lokus, "Pelatihan", content)
    looked()

    assert told(secretary(), lokus) == [("Pelatihan", ["copy"])]
    assert PictureMatch.objects.get().how == "copy"


def test_a_photo_of_last_year_is_found_and_told_by_place_and_year_alone_where_that_year_is_not_hers(
    lokus: Lokus,
) -> None:
    before = build.lokus(build.cycle(year=2023), "36.72.05.1001", "SJ")
    of_picture(build.member(Role.SECRETARIAT, "36.72", cycle=before.cycle), before, scene(4), caption="Rahasia lama")
    of_picture(ani(), lokus, mirrored(scene(4), Random(1)), caption="Baru")
    looked()

    (row,) = suspects(secretary(lokus.cycle), lokus)
    (signal,) = row.signals
    assert signal.other is not None
    assert (signal.code, signal.other.evidence, signal.other.title, signal.other.sender) == ("mirrored", None, "", "")
    assert (signal.other.where, signal.other.opens, signal.other.year) == ("Sukmajaya", False, str(before.cycle))
    (all_years,) = suspects(build.member(Role.SECRETARIAT, "36.72"), lokus)
    assert all_years.signals[0].other is not None
    assert all_years.signals[0].other.title == "Rahasia lama"


def test_another_city_is_not_compared_with(lokus: Lokus) -> None:
    far = build.lokus(build.cycle("36.73"), "36.73.01.1001", "SR")
    of_picture(build.member(Role.SECRETARIAT, "36.73"), far, scene(5))
    of_picture(ani(), lokus, scene(5))
    looked()

    assert (told(secretary(), lokus), PictureMatch.objects.count()) == ([], 0)


def test_what_was_refused_or_taken_back_takes_nothing_from_a_later_photo(lokus: Lokus) -> None:
    by, judge = ani(), secretary()
    refused = of_picture(by, lokus, scene(6), caption="Ditolak")
    gone = of_picture(by, lokus, scene(7), caption="Ditarik")
    of_picture(by, lokus, smaller(scene(6), Random(1)), caption="Lagi 6")
    of_picture(by, lokus, smaller(scene(7), Random(1)), caption="Lagi 7")
    looked()
    assert told(judge, lokus) == [("Lagi 7", ["alike"]), ("Lagi 6", ["alike"])]

    slug = lokus.cycle.slug
    evidence_desk.refuse(by=judge, cycle_slug=slug, evidence_id=refused.uuid, version=1, reason="buram")
    evidence.withdraw(by=by, cycle_slug=slug, evidence_id=gone.uuid)
    assert told(judge, lokus) == []


def test_a_photo_that_a_phone_sent_with_the_survey_is_found_among_evidence() -> None:
    survey = [*rows("survey"), ["image", "rumah", "Foto rumah"]]
    field = open_field(sample(survey=survey))
    of = field.programme
    family = build.household(of.lokus, rw="03")
    instance = uuid4().hex
    xml = filled(field.form, family, {"jumlah": "4", "rumah": "rumah.jpg"}, instance=f"uuid:{instance}")
    picture = Sent("rumah.jpg", saved(scene(8)), "image/jpeg")
    receive(sender=Sender.of(field.phone.phone), parcel=Parcel(xml, [picture]))
    take_in()
    looked()
    bring(secretary(), of.lokus, taken(mirrored(scene(8), Random(1))), caption="Rumah layak")
    looked()

    (row,) = suspects(build.member(Role.SECRETARIAT, "36.72"), of.lokus)
    (signal,) = row.signals
    assert signal.other is not None
    assert (signal.code, signal.other.title, signal.other.evidence) == ("mirrored", family.code, None)
    assert signal.other.arrival is not None


# --- another place, another day ---------------------------------------------------------------------------------------
def test_a_photo_from_elsewhere_or_of_another_day_is_told_with_numbers(lokus: Lokus) -> None:
    by = ani()
    pointed(lokus)
    report(by, lokus, "Jujur", taken(scene(10), place=HERE))
    report(by, lokus, "Jauh", taken(scene(11), place=ELSEWHERE))
    report(by, lokus, "Lain hari", taken(scene(12), at="2024:07:30 10:00:00", place=HERE))
    report(by, lokus, "Tanpa GPS", taken(scene(13), place=None))
    looked()

    found = {row.mine.title: row.signals for row in suspects(secretary(), lokus)}
    assert {title: [s.code for s in signals] for title, signals in found.items()} == {
        "Jauh": ["far"],
        "Lain hari": ["other_day"],
    }
    (far,), (other_day,) = found["Jauh"], found["Lain hari"]
    assert (far.radius, 20_000 < (far.metres or 0) < 21_500) == (800, True)
    assert (other_day.taken, other_day.on, other_day.days) == (date(2024, 7, 30), date(2024, 8, 9), -10)


def test_a_clock_that_is_ahead_of_us_is_told_and_no_clock_or_map_tells_nothing(lokus: Lokus) -> None:
    by = ani()
    ahead = (timezone.now() + timedelta(days=400)).strftime("%Y:%m:%d 10:00:00")
    report(by, lokus, "Jam maju", taken(scene(14), at=ahead, place=ELSEWHERE))
    looked()

    assert told(secretary(), lokus) == [("Jam maju", ["time_ahead"])]


@pytest.mark.parametrize(
    ("metres", "radius", "tells"),
    [(None, 800, False), (801, None, False), (800, 800, False), (801, 800, True), (0, 0, False)],
)
def test_a_place_is_far_beyond_the_lokus_alone(metres: int | None, radius: int | None, tells: bool) -> None:
    assert (place_signal(metres, radius) is not None) == tells


def test_a_day_is_another_where_both_are_known() -> None:
    on = date(2024, 8, 9)
    assert [day_signal(day, of) for day, of in ((None, on), (on, None), (on, on))] == [None] * 3
    later = day_signal(date(2024, 8, 11), on)
    assert later == Signal("other_day", taken=date(2024, 8, 11), on=on)
    assert later is not None
    assert later.days == 2


# --- who ----------------------------------------------------------------------------------------------------
def test_who_vouches_sees_it_and_nobody_else(lokus: Lokus) -> None:
    slug = lokus.cycle.slug
    reuse_page(secretary(), slug)
    reuse_page(build.member(Role.SUPERVISOR, "36.72.05"), slug)
    for role, area, refusal in (
        (Role.SUPERVISOR, CODE, Forbidden),
        (Role.CADRE, CODE, Forbidden),
        (Role.JUROR, "36.72", Forbidden),
        (Role.SECRETARIAT, "36.73", Missing),
    ):
        with pytest.raises(refusal):
            reuse_page(build.member(role, area), slug)


def test_its_statements_do_not_grow(lokus: Lokus) -> None:
    by, judge = ani(), secretary()
    numbers = []
    for count in (1, 3):
        for seed in range(count):
            of_picture(by, lokus, scene(100 * count + seed), caption=f"{count} {seed}")
            of_picture(by, lokus, smaller(scene(100 * count + seed), Random(1)), caption=f"lagi {count} {seed}")
        looked()
        judge = User.objects.get(pk=judge.pk)
        with CaptureQueriesContext(connection) as made:
            reuse_page(judge, lokus.cycle.slug)
        numbers.append(len(made))

    assert len(told(judge, lokus)) == 4
    assert numbers[0] == numbers[1]
