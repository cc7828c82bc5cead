"""The photo of a report is evidence: the same file, cited for what the report served, gone with it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from selaras.actions import activities, evidence, evidence_desk, evidence_photos
from selaras.actions.activities import Told
from selaras.errors import InputError, Missing
from selaras.models import Activity, Commitment, Evidence, Lokus, StoredFile, User
from selaras.queries.activities import photo_of
from tests import hostile
from tests.build_evidence import CODE, ani, bring, scored_lokus, sealed_files, secretary, states
from tests.build_plans import commitment
from tests.hostile import photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lokus() -> Lokus:
    return scored_lokus()


def serving(lokus: Lokus, indicator: str) -> Commitment:
    made = commitment(lokus)
    made.indicator = indicator
    made.save()
    return made


def told(*serves: Commitment) -> Told:
    return Told(
        "Jamban dibangun", timezone.now().date().replace(2024, 8, 9), commitments=tuple(c.number for c in serves)
    )


def report(by: User, lokus: Lokus, *serves: Commitment, content: bytes | None = None) -> Activity:
    return activities.report(
        by=by, cycle_slug=lokus.cycle.slug, lokus_code=CODE, activity_id=uuid4(), told=told(*serves), photo=content
    )


def change(by: User, of: Activity, *serves: Commitment, content: bytes | None = None, drop: bool = False) -> Activity:
    of.refresh_from_db()
    return activities.change(
        by=by, cycle_slug=of.cycle.slug, activity_id=of.uuid, version=of.version, told=told(*serves), photo=content,
        drop_photo=drop,
    )  # fmt: skip


def test_it_is_the_reports_own_file_cited_for_what_the_commitments_improve(lokus: Lokus) -> None:
    by, content = ani(), photo(place=(-6.0, 106.0))
    of = report(by, lokus, serving(lokus, "jamban"), serving(lokus, "khayalan"), content=content)
    found = Evidence.objects.get()

    assert (found.activity, found.file, found.key, found.uploaded_by) == (of, of.photo, of.key, by)
    assert (found.caption, found.kind, found.the_place()) == ("Jamban dibangun", "photo", (-6.0, 106.0))
    assert (found.sha256, states(found)) == (bring(by, lokus, content).evidence.sha256, {"jamban": "waiting"})
    assert (sealed_files().count(), Evidence.objects.count()) == (1, 1)


def test_what_is_served_later_is_cited_too_and_what_was_decided_stays(lokus: Lokus) -> None:
    by, jamban = ani(), serving(lokus, "jamban")
    of = report(by, lokus, jamban, content=photo())
    made = Evidence.objects.get()
    evidence_desk.verify(
        by=secretary(), cycle_slug=lokus.cycle.slug, evidence_id=made.uuid, version=1, uses=[made.uses.get().pk]
    )
    change(by, of, jamban, serving(lokus, "air"))

    assert states(Evidence.objects.get()) == {"jamban": "verified", "air": "waiting"}


def test_another_photo_is_other_evidence_that_nobody_has_looked_at(lokus: Lokus) -> None:
    by, jamban = ani(), serving(lokus, "jamban")
    of = report(by, lokus, jamban, content=photo())
    first = Evidence.objects.get()
    evidence_desk.verify(
        by=secretary(), cycle_slug=lokus.cycle.slug, evidence_id=first.uuid, version=1, uses=[first.uses.get().pk]
    )
    change(by, of, jamban, content=photo(seed=8))
    second = Evidence.objects.get()

    assert second.uuid != first.uuid
    assert (second.state, states(second), sealed_files().count()) == ("waiting", {"jamban": "waiting"}, 1)
    change(by, of, jamban, drop=True)
    assert (Evidence.objects.count(), sealed_files().count()) == (0, 0)


def test_it_is_taken_back_with_its_report_alone_and_destroyed_with_it(lokus: Lokus) -> None:
    by = ani()
    of = report(by, lokus, content=photo())
    made = Evidence.objects.get()
    with pytest.raises(InputError) as error:
        evidence.withdraw(by=by, cycle_slug=lokus.cycle.slug, evidence_id=made.uuid)
    activities.delete(by=by, cycle_slug=lokus.cycle.slug, activity_id=of.uuid)
    again = bring(by, lokus)
    activities.purge(now=timezone.now() + timedelta(hours=25))

    assert [problem.code for problem in error.value.problems] == ["evidence.of_activity"]
    assert (again.again, list(Evidence.objects.all())) == (False, [again.evidence])


def test_a_photo_that_could_be_no_evidence_is_refused_with_the_report(lokus: Lokus) -> None:
    for content, code in ((photo() + hostile.pdf(), "evidence.two"), (hostile.huge_png(), "evidence.points")):
        with pytest.raises(InputError) as error:
            report(ani(), lokus, content=content)
        assert [(problem.code, problem.where) for problem in error.value.problems] == [(code, "photo")]

    assert (Activity.objects.count(), Evidence.objects.count()) == (0, 0)


def test_a_title_that_is_corrected_is_the_captions_too_where_nobody_wrote_another(lokus: Lokus) -> None:
    by = ani()
    of = report(by, lokus, content=photo())

    def corrected(title: str) -> str:
        of.refresh_from_db()
        activities.change(
            by=by, cycle_slug=of.cycle.slug, activity_id=of.uuid, version=of.version,
            told=Told(title, timezone.now().date().replace(2024, 8, 9)), photo=None, drop_photo=False,
        )  # fmt: skip
        return Evidence.objects.get().caption

    assert corrected("Jamban satu keluarga") == "Jamban satu keluarga"
    Evidence.objects.update(caption="Tampak depan")
    assert corrected("Jamban dua keluarga") == "Tampak depan"


def test_a_photo_without_a_key_of_its_own_takes_no_other_file_along(lokus: Lokus) -> None:
    of = report(ani(), lokus, content=photo())
    other = StoredFile.store(b"buku kerja", "application/octet-stream", None)
    with pytest.raises(IntegrityError, match="activity_photo_has_its_key"), transaction.atomic():
        Activity.objects.filter(pk=of.pk).update(key=None)
    of.key = None
    with transaction.atomic():
        evidence_photos.forget(of)

    assert (other.content(), Evidence.objects.count()) == (b"buku kerja", 0)


def test_photos_that_cannot_be_read_keep_no_other_from_being_taken_up(
    lokus: Lokus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_photos, "AT_ONCE", 1)
    by = ani()
    first, of, last = (report(by, lokus, content=photo(seed=seed)) for seed in (7, 8, 9))
    Evidence.objects.all().delete()
    for lost in (first, last):
        assert lost.photo is not None
        lost.photo.path.unlink()
        with pytest.raises(Missing):
            photo_of(by, lokus.cycle.slug, lost.uuid)

    assert (evidence_photos.follow_missed(), Evidence.objects.get().activity) == (1, of)


def test_photos_of_before_there_was_evidence_are_taken_up_by_the_hour_once(lokus: Lokus) -> None:
    of = report(ani(), lokus, serving(lokus, "jamban"), content=photo())
    Evidence.objects.all().delete()
    first, second = evidence_photos.follow_missed(), evidence_photos.follow_missed()

    assert (first, second) == (1, 0)
    assert (Evidence.objects.get().activity, states(Evidence.objects.get())) == (of, {"jamban": "waiting"})
