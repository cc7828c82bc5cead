"""What may leave the office: only what a person confirmed, without a byte of the camera, and only while it stands."""

import io
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from PIL import Image

from selaras.access import CONSOLE
from selaras.actions import blurring, evidence, evidence_desk
from selaras.actions.erasure import erase_household
from selaras.errors import Missing
from selaras.models import Activity, Evidence, Household, Lokus, PhotoConsent, Role, User
from selaras.queries.public_photos import PublicPhoto, public_bytes, public_copy_of, public_photos
from tests import build
from tests.build_blurs import PLANTED, confirmed, of_people
from tests.build_evidence import ani, bring, scored_lokus, secretary
from tests.hostile import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def lokus() -> Lokus:
    return scored_lokus()


def verify(by: User, of: Evidence) -> None:
    of.refresh_from_db()
    uses = [use.pk for use in of.uses.all()]
    evidence_desk.verify(by=by, cycle_slug=of.cycle.slug, evidence_id=of.uuid, version=of.version, uses=uses)


def ids(lokus: Lokus, **more: bool) -> list[PublicPhoto]:
    return list(public_photos(CONSOLE, lokus.cycle, **more))


def test_no_photo_is_public_before_a_person_confirmed_what_is_hidden(lokus: Lokus) -> None:
    judge, blur = secretary(), of_people(ani(), lokus, caption="Pelatihan", cites=("jamban",))
    of = blur.evidence
    verify(judge, of)

    assert ids(lokus, verified=False) == []
    for user in (CONSOLE, judge, build.member(Role.JUROR, "36.72"), build.member(Role.LEADER, "36.72")):
        with pytest.raises(Missing):
            public_bytes(user, of.uuid)

    confirmed(judge, blur)
    (found,) = ids(lokus)
    assert (found.id, found.caption, found.lokus, found.on) == (of.uuid, "Pelatihan", "Gedong Dalem", None)
    assert (found.width, found.height, found.nobody, found.uses) == (1200, 900, False, (("contoh", "jamban"),))


def test_its_bytes_have_nothing_of_the_camera_and_nothing_of_what_was_hidden(lokus: Lokus) -> None:
    blur = of_people(ani(), lokus)
    original = blur.evidence.file
    assert original is not None
    assert [word for word in PLANTED if word not in original.content()] == []
    confirmed(secretary(), blur)

    content = public_bytes(CONSOLE, blur.evidence.uuid)
    assert content.startswith(b"\xff\xd8\xff")
    assert [word for word in PLANTED if word in content] == []
    with Image.open(io.BytesIO(content)) as picture:
        assert (dict(picture.getexif()), sorted(picture.info)) == (
            {},
            ["jfif", "jfif_density", "jfif_unit", "jfif_version"],
        )


def test_what_is_not_yet_vouched_for_is_told_apart(lokus: Lokus) -> None:
    blur = confirmed(secretary(), of_people(ani(), lokus))

    assert (ids(lokus), [each.id for each in ids(lokus, verified=False)]) == ([], [blur.evidence.uuid])


def test_a_copy_taken_back_evidence_refused_or_withdrawn_is_public_no_more(lokus: Lokus) -> None:
    by, judge = ani(), secretary()
    blurs = [confirmed(judge, of_people(by, lokus, seed)) for seed in (1, 2, 3)]
    first, second, third = (blur.evidence for blur in blurs)
    slug = lokus.cycle.slug
    assert len(ids(lokus, verified=False)) == 3

    blurring.withdraw(by=judge, cycle_slug=slug, evidence_id=first.uuid, version=2)
    evidence_desk.refuse(by=judge, cycle_slug=slug, evidence_id=second.uuid, version=1, reason="bukan di sini")
    evidence.withdraw(by=by, cycle_slug=slug, evidence_id=third.uuid)

    assert ids(lokus, verified=False) == []
    for of in (first, second, third):
        with pytest.raises(Missing):
            public_bytes(CONSOLE, of.uuid)


def test_documents_and_photos_that_cannot_be_drawn_are_never_public(lokus: Lokus) -> None:
    by = ani()
    made = [bring(by, lokus, b"%PDF-1.4\n%%EOF\n", name="a.pdf"), bring(by, lokus, photo(size=(4, 4)))]

    assert ids(lokus, verified=False) == []
    for each in made:
        with pytest.raises(Missing):
            public_bytes(CONSOLE, each.evidence.uuid)


def test_another_city_s_photos_are_not_there(lokus: Lokus) -> None:
    blur = confirmed(secretary(), of_people(ani(), lokus))
    stranger = build.member(Role.SECRETARIAT, "36.73")

    assert public_photos(stranger, lokus.cycle, verified=False) == ()
    with pytest.raises(Missing):
        public_bytes(stranger, blur.evidence.uuid)


@dataclass
class Served:
    """An activity with a confirmed photo, the family that it served, and who writes down what families say."""

    of: Activity
    photo: UUID
    family: Household
    judge: User

    def goes(self) -> tuple[bool, bool, bool]:
        """In a report's list, in a report, before a juror."""
        listed = bool(public_photos(CONSOLE, self.of.cycle, verified=False))
        try:
            public_bytes(CONSOLE, self.photo)
        except Missing:
            return listed, False, public_copy_of(self.of) is not None
        return listed, True, public_copy_of(self.of) is not None

    def says(self, *uses: str) -> None:
        PhotoConsent.objects.create(household=self.family, uses=list(uses), by=self.judge)


@pytest.fixture
def served(lokus: Lokus) -> Served:
    judge = secretary()
    blur = confirmed(judge, of_people(ani(), lokus))
    of = Activity.objects.create(cycle=lokus.cycle, lokus=lokus, title="Pelatihan", on=date(2024, 8, 9))
    Evidence.objects.filter(pk=blur.evidence_id).update(activity=of)
    family = build.household(lokus)
    of.households.set([family])
    return Served(of, blur.evidence.uuid, family, judge)


NOWHERE, JURORS, REPORTS, BOTH = (False,) * 3, (False, False, True), (True, True, False), (True,) * 3


def test_the_photo_of_an_activity_for_families_goes_where_each_of_them_lets_it_and_unasked_to_jurors_alone(
    served: Served, lokus: Lokus
) -> None:
    found = [served.goes()]
    for uses in (["laporan"], [], ["juri", "laporan"]):
        served.says(*uses)
        found.append(served.goes())
    assert found == [JURORS, REPORTS, NOWHERE, BOTH]

    # One that was found to be the other speaks no more for itself; one that was never asked does.
    other = build.household(lokus)
    served.of.households.add(other)
    Household.objects.filter(pk=other.pk).update(pending=uuid4())
    assert served.goes() == BOTH
    served.of.households.add(build.household(lokus))
    assert served.goes() == JURORS


def test_what_a_family_said_no_to_before_it_was_found_to_be_another_stays_no(served: Served, lokus: Lokus) -> None:
    other = build.household(lokus)
    PhotoConsent.objects.create(household=other, uses=["juri", "laporan"], by=served.judge)
    served.of.households.add(other)
    served.says()
    Household.objects.filter(pk=served.family.pk).update(pending=uuid4())
    assert served.goes() == NOWHERE
    served.says("juri", "laporan")
    assert served.goes() == BOTH


def test_of_a_family_that_was_forgotten_or_left_alone_no_photo_goes_anywhere(served: Served) -> None:
    """Its word goes with it: what it had refused must not come out again because nobody remembers."""
    served.says()
    assert served.goes() == NOWHERE
    erase_household(by=CONSOLE, household=served.family, reason="permintaan")
    assert (PhotoConsent.objects.count(), served.goes()) == (0, NOWHERE)

    other = build.household(served.family.lokus)
    PhotoConsent.objects.create(household=other, uses=["juri", "laporan"], by=served.judge)
    served.of.households.set([other])
    assert served.goes() == BOTH
    Household.objects.filter(pk=other.pk).update(pending=uuid4(), restricted_at=timezone.now())
    assert served.goes() == NOWHERE
