"""/kirim/<uuid> where one number comes with two contents: what is said of one is never said of the other."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db.models.signals import post_init

from selaras.models import Arrival, Upload, UploadPiece, User
from tests import build
from tests.build_field import Field, filled, open_field
from tests.build_sending import Item, Wire, item
from tests.photos import jpeg
from tests.web.cast import inside

pytestmark = pytest.mark.django_db
NOTHING = {"status": 200, "state": "partial", "said": "", "arrived": 0, "total": None}


def cadre(of: Field) -> User:
    return of.phone.phone.user


def two(of: Field) -> tuple[Item, Item]:
    """A draft that two tabs finished: the second is corrected."""
    home, number = build.household(of.programme.lokus, rw="03", rt="02"), str(uuid.uuid4())
    first, second = (
        item(filled(of.form, home, {"jumlah": many}, instance=f"uuid:{number}"), [("a.jpg", jpeg())], number=number)
        for many in ("4", "12")
    )
    return first, second


def asking(of: Field, sent: Item) -> Wire:
    """A browser that says of which bytes it asks."""
    return Wire(inside(cadre(of)), {"Selaras-Digest": sent.digest})


def test_that_other_bytes_were_taken_is_not_said_of_these() -> None:
    of = open_field()
    first, second = two(of)
    Wire(inside(cadre(of))).put(first)

    before = asking(of, second).told(second)
    head = asking(of, second).client.head(second.url, headers={"Selaras-Digest": second.digest})
    sent = asking(of, second).put(second).json()
    after = asking(of, second).told(second)

    assert (before, head["Selaras-State"], head["Selaras-Arrived"]) == (NOTHING, "partial", "0")
    assert (sent["state"], after["state"]) == ("held", "held")
    assert sorted(Arrival.objects.values_list("state", "reason")) == [("quarantined", "other_bytes"), ("waiting", "")]


def test_of_its_own_bytes_it_hears_how_far_they_are_and_what_became_of_them() -> None:
    of = open_field()
    first, _second = two(of)
    wire = asking(of, first)

    wire.put(first, 0, 700)
    half = wire.told(first)
    wire.put(first, 700)
    done = wire.told(first)

    assert (half["state"], half["arrived"]) == ("partial", 700)
    assert (done["state"], done["arrived"]) == ("sent", len(first.content))


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Once, when a row of an upload is about to be stored, `act` comes first, as another request would."""

    def comes(instance: Upload, **_given: object) -> None:
        if instance.pk is None:
            post_init.disconnect(comes, sender=Upload)
            act()

    post_init.connect(comes, sender=Upload)
    try:
        yield
    finally:
        post_init.disconnect(comes, sender=Upload)


@pytest.mark.parametrize("whole", [True, False])
def test_of_two_tabs_that_begin_one_number_at_once_with_two_contents_neither_is_mixed_with_the_other(
    whole: bool,
) -> None:
    of = open_field()
    first, second = two(of)
    wire = Wire(inside(cadre(of)))
    end = len(second.content) if whole else 700

    with meanwhile(lambda: Wire(inside(cadre(of))).put(first, 0, 600)):
        answer = wire.put(second, 0, end)

    assert (answer.status_code, answer.json()["state"], answer.json()["arrived"]) == (202, "partial", 0)
    assert (Upload.objects.get().arrived, Upload.objects.get().done_at) == (600, None)
    assert [piece.file.content() for piece in UploadPiece.objects.all()] == [first.content[:600]]
    assert Arrival.objects.count() == 0
