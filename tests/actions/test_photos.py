"""Photos that were sent for two homes are found however they were saved, told in counts, and shown side by side."""

import io
from uuid import uuid4

import pytest
from PIL import Image

from selaras.access import CONSOLE
from selaras.actions import photos
from selaras.actions.erasure import erase_household
from selaras.actions.field.receiving import Parcel, Sender, Sent, receive
from selaras.actions.field.taking import take_in
from selaras.actions.jobs import work_off
from selaras.actions.photos import ask_for_missed, ask_for_prints, look_of
from selaras.models import Arrival, ArrivalFile, Check, Household, PhotoConsent, PhotoPrint, Role, User
from selaras.queries.alike_photos import NEAR, PhotoPairs, alike, photo_pairs
from selaras.queries.checks import CheckLine
from selaras.web.checks import why
from tests import build
from tests.build_field import Field, filled, open_field
from tests.drawn_photos import cropped, photo, scene
from tests.photos import jpeg, png
from tests.sample_workbook import rows, sample

pytestmark = pytest.mark.django_db


def workbook() -> bytes:
    """The sample with two photos: one of the family, one of each member."""
    survey = [*rows("survey"), ["image", "rumah", "Foto rumah"], ["image", "dapur", "Foto dapur"]]
    return sample(survey=survey)


def apart(one: int | None, other: int | None) -> int:
    assert one is not None
    assert other is not None
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()


def sent(field: Field, family: Household, **said: bytes) -> None:
    """A form of that family with a photo for each question, taken and looked at."""
    number = uuid4().hex
    answers = {"jumlah": "4", **{name: f"{name}-{number}.jpg" for name in said}}
    family.refresh_from_db()
    files = [Sent(answers[name], content, "image/jpeg") for name, content in said.items()]
    xml = filled(field.form, family, answers, instance=f"uuid:{number}")
    receive(sender=Sender.of(field.phone.phone), parcel=Parcel(xml, files))
    take_in()
    ask_for_prints()
    work_off()


def told() -> list[tuple[str, str, dict[str, int]]]:
    found = Check.objects.filter(kind="photo").order_by("submission__household__code", "field")
    return [(check.submission.household.code, check.field, check.facts) for check in found]


def pairs_of(field: Field, user: User, check: Check) -> PhotoPairs:
    of = field.programme
    return photo_pairs(user, of.cycle.slug, of.lokus.area, check.uuid)


# --- how a photo looks ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(8))
def test_a_photo_saved_anew_smaller_or_cropped_looks_the_same_and_another_does_not(seed: int) -> None:
    first = look_of(photo(seed))
    same = {
        "saved anew": look_of(photo(seed, quality=40)),
        "smaller": look_of(photo(seed, lambda picture: picture.resize((300, 225)), 70)),
        "cropped": look_of(photo(seed, cropped, 70)),
    }

    assert {how: apart(first, each) for how, each in same.items() if apart(first, each) > NEAR} == {}
    others = [apart(first, look_of(photo(other))) for other in range(100, 120)]
    assert [distance for distance in others if distance <= NEAR] == []


def test_what_is_no_picture_or_too_large_or_blank_has_no_look_and_stops_nothing() -> None:
    wall, large = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (200, 200), (90, 90, 90)).save(wall, "JPEG")
    Image.new("1", (10_000, 9_000)).save(large, "PNG")
    bad = (b"", b"bukan foto", photo(1)[:900], wall.getvalue(), large.getvalue(), jpeg(), png(), b"GIF89a" + bytes(50))

    assert [look_of(content) for content in bad] == [None] * len(bad)


# --- what is told -----------------------------------------------------------------------------------------------------
def test_a_photo_of_two_homes_is_told_at_both_with_its_question_and_a_correction_takes_it_away() -> None:
    field = open_field(workbook())
    of = field.programme
    first, second, third = (build.household(of.lokus, rw="03") for _ in range(3))
    sent(field, first, rumah=photo(1), dapur=photo(2))
    assert told() == []
    sent(field, second, rumah=photo(3), dapur=photo(1, cropped, 70))
    sent(field, third, rumah=photo(4))

    facts = {"homes": 1, "rounds": 0, "exact": 0}
    assert told() == sorted([(first.code, "rumah", facts), (second.code, "dapur", facts)])
    assert why_of(Check.objects.filter(kind="photo").first()) == (
        "Foto ini mirip dengan foto 1 rumah lain. "
        "Wajar bila dua keluarga serumah, atau jamban dan sumur dipakai bersama."
    )


def why_of(check: Check | None) -> str:
    """The sentence of the page."""
    assert check is not None
    line = CheckLine(check.uuid, "", check.kind, "", 0, "", check.facts, "phone", "", check.found_at, "", None)
    return why(line)


def test_copies_byte_for_byte_are_found_whatever_is_on_them_and_photos_of_one_form_are_no_matter() -> None:
    field = open_field(workbook())
    first, second = (build.household(field.programme.lokus, rw="03") for _ in range(2))
    sent(field, first, rumah=jpeg(), dapur=jpeg())
    assert told() == []
    sent(field, second, rumah=jpeg())

    assert told() == sorted(
        [
            (first.code, "dapur", {"homes": 1, "rounds": 0, "exact": 1}),
            (first.code, "rumah", {"homes": 1, "rounds": 0, "exact": 1}),
            (second.code, "rumah", {"homes": 1, "rounds": 0, "exact": 2}),
        ]
    )


def test_a_photo_that_comes_after_its_form_was_counted_is_told_too() -> None:
    field = open_field(workbook())
    first, second = (build.household(field.programme.lokus, rw="03") for _ in range(2))
    sent(field, first, rumah=photo(1))
    second.refresh_from_db()
    xml = filled(field.form, second, {"jumlah": "4", "rumah": "nanti.jpg"}, instance="uuid:nanti")
    receive(sender=Sender.of(field.phone.phone), parcel=Parcel(xml))
    take_in()
    work_off()
    assert told() == []

    receive(sender=Sender.of(field.phone.phone), parcel=Parcel(xml, [Sent("nanti.jpg", photo(1), "image/jpeg")]))
    assert ask_for_prints() is True
    work_off()

    assert [code for code, _field, _facts in told()] == sorted([first.code, second.code])
    assert ask_for_prints() is False


def test_a_photo_that_was_committed_out_of_turn_is_found_within_the_hour() -> None:
    field = open_field(workbook())
    sent(field, build.household(field.programme.lokus, rw="03"), rumah=photo(1), dapur=photo(2))
    PhotoPrint.objects.order_by("file").first().delete()  # type: ignore[union-attr]
    assert ask_for_prints() is False

    ask_for_missed()
    work_off()

    assert PhotoPrint.objects.count() == ArrivalFile.objects.count() == 2


def test_a_broken_photo_stops_none_behind_it(monkeypatch: pytest.MonkeyPatch) -> None:
    field = open_field(workbook())
    monkeypatch.setattr(photos, "BATCH", 1)
    sent(field, build.household(field.programme.lokus, rw="03"), rumah=photo(1)[:700], dapur=photo(2))

    assert sorted(each is None for each in PhotoPrint.objects.values_list("phash", flat=True)) == [False, True]


# --- side by side -----------------------------------------------------------------------------------------------------
def test_the_pair_is_shown_to_who_keeps_both_homes_and_of_another_lokus_only_where_it_is() -> None:
    field = open_field(workbook())
    of = field.programme
    other = build.lokus(of.cycle, "36.72.05.1001", prefix="SJ")
    first, second = build.household(of.lokus, rw="03"), build.household(of.lokus, rw="03")
    sent(field, first, rumah=photo(1))
    sent(field, second, rumah=photo(1, quality=50))
    lurah = build.member(Role.SUPERVISOR, of.lokus.place.code, cycle=of.cycle)
    check = Check.objects.get(kind="photo", submission__household=second)
    (pair,) = pairs_of(field, lurah, check).pairs
    assert (pair.mine.code, pair.other.code, pair.exact, pair.distance <= NEAR) == (
        second.code,
        first.code,
        False,
        True,
    )

    Household.objects.filter(pk=first.pk).update(lokus=other, area=other.area)
    Arrival.objects.filter(household=first).update(area=other.area)
    (pair,) = pairs_of(field, lurah, check).pairs
    assert (pair.other.arrival, pair.other.code, pair.other.sender, pair.other.lokus) == (None, "", "", "Sukmajaya")


def test_a_family_that_allows_nothing_is_compared_and_never_shown() -> None:
    field = open_field(workbook())
    of = field.programme
    first, second = build.household(of.lokus, rw="03"), build.household(of.lokus, rw="03")
    sent(field, first, rumah=photo(1))
    sent(field, second, rumah=photo(1))
    lurah = build.member(Role.SUPERVISOR, of.lokus.place.code, cycle=of.cycle)
    PhotoConsent.objects.create(household=first, uses=[], by=lurah)

    (pair,) = pairs_of(field, lurah, Check.objects.get(kind="photo", submission__household=second)).pairs
    assert (pair.mine.barred, pair.other.barred) == (False, True)


def test_an_erased_family_leaves_no_print_and_no_signal_at_the_other_once_that_is_looked_at_again() -> None:
    field = open_field(workbook())
    of = field.programme
    first, second = build.household(of.lokus, rw="03"), build.household(of.lokus, rw="03")
    sent(field, first, rumah=photo(1))
    sent(field, second, rumah=photo(1))
    pks = list(second.submissions.values_list("pk", flat=True))

    erase_household(by=CONSOLE, household=first, reason="permintaan")

    assert (PhotoPrint.objects.count(), alike(of.cycle.pk, pks)) == (1, {})


def test_scenes_differ() -> None:
    assert len({scene(seed).tobytes() for seed in range(20)}) == 20
