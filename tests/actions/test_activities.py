"""Activities: reported once however often they are sent, corrected by who may, taken back, gone after a day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions import activities
from selaras.actions.activities import LARGEST, Told
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import Activity, AuditEntry, Cycle, DataKey, Lokus, Role, StoredFile, User
from tests import build
from tests.build_plans import agency, commitment
from tests.photos import PLANTED, jpeg

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "36.72.05.1005"


@pytest.fixture
def lokus() -> Lokus:
    return build.lokus(build.cycle())


def told(**values: Any) -> Told:
    return Told(**{"title": "Pelatihan menjahit", "on": date(2024, 8, 9), **values})


def report(by: User, lokus: Lokus, photo: bytes | None = None, id_: UUID | None = None, **values: Any) -> Activity:
    return activities.report(
        by=by,
        cycle_slug=lokus.cycle.slug,
        lokus_code=lokus.area,
        activity_id=id_ or uuid4(),
        told=told(**values),
        photo=photo,
    )


def secretary() -> User:
    return build.member(Role.SECRETARIAT, "36.72")


def problems(error: pytest.ExceptionInfo[InputError]) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in error.value.problems]


def test_a_report_keeps_what_was_told_and_the_audit_no_word_of_it(lokus: Lokus) -> None:
    ani = build.member(Role.CADRE, f"{CODE}.RW03", cycle=lokus.cycle)
    serves = commitment(lokus, volume=Decimal(40), unit="orang")
    family = build.household(lokus, name="Zubaidah")
    made = report(
        ani,
        lokus,
        venue="Balai RW 03",
        quantity=Decimal(20),
        unit="orang",
        attended={"P": {"dewasa": 18, "anak": 2}, "L": {"lansia": 1}},
        disabled=1,
        agency_id=serves.agency_id,
        commitments=(serves.number,),
        households=(family.uuid,),
    )
    entry = AuditEntry.objects.get(action="activities.report")

    assert Activity.objects.get().attended == {
        "P": {"anak": 2, "dewasa": 18, "lansia": 0},
        "L": {"anak": 0, "dewasa": 0, "lansia": 1},
        "difabel": 1,
    }
    assert (list(made.commitments.all()), list(made.households.all())) == ([serves], [family])
    assert (entry.object_id, entry.place_code, entry.details) == (
        str(made.uuid),
        CODE,
        {"commitments": 1, "families": 1},
    )


def test_sent_twice_it_is_one_and_another_persons_id_is_not_hers(lokus: Lokus) -> None:
    by, id_ = secretary(), uuid4()
    first, second = report(by, lokus, jpeg(), id_), report(by, lokus, jpeg(), id_)
    with pytest.raises(InputError, match="sudah dikirim orang lain"):
        report(build.member(Role.SUPERVISOR, CODE), lokus, id_=id_)

    assert (first.pk, Activity.objects.count(), AuditEntry.objects.count()) == (second.pk, 1, 2)
    assert StoredFile.objects.count() == 1


def test_a_liaison_reports_for_her_agency_alone(lokus: Lokus) -> None:
    hers, other = agency("Dinkes"), agency("DLH")
    liaison = build.member(Role.LIAISON, agency=hers)
    theirs = commitment(lokus, of="DLH")
    made = report(liaison, lokus, agency_id=hers.pk)
    for agency_id in (other.pk, None):
        with pytest.raises(Forbidden):
            report(liaison, lokus, agency_id=agency_id)
    with pytest.raises(InputError) as error:
        report(liaison, lokus, agency_id=hers.pk, commitments=(theirs.number,))

    assert problems(error) == [("activity.commitment", "commitments")]
    assert list(Activity.objects.all()) == [made]


def test_who_only_looks_and_who_works_elsewhere_reports_nothing(lokus: Lokus) -> None:
    build.place("36.73")
    for role in (Role.JUROR, Role.LEADER, Role.PROTECTION):
        with pytest.raises(Forbidden):
            report(build.member(role, "36.72"), lokus)
    with pytest.raises(Missing):
        report(build.member(Role.SECRETARIAT, "36.73"), lokus)
    Cycle.objects.update(closed_at=timezone.now())
    lokus.cycle.refresh_from_db()
    with pytest.raises(Forbidden):
        report(secretary(), lokus)

    assert Activity.objects.count() == 0


def test_everything_wrong_is_said_at_once_at_its_field(lokus: Lokus) -> None:
    elsewhere = build.household(build.lokus(lokus.cycle, "36.72.05.1001", prefix="SJ"))
    with pytest.raises(InputError) as error:
        report(
            secretary(),
            lokus,
            b"GIF89a",
            title=" ",
            venue="x" * 201,
            on=timezone.now().date() + timedelta(days=2),
            quantity=Decimal(3),
            attended={"P": {"anak": -1}},
            commitments=(99,),
            households=(elsewhere.uuid,),
        )

    assert problems(error) == [
        ("activity.too_long", "venue"),
        ("activity.title", "title"),
        ("activity.future", "on"),
        ("activity.unit", "unit"),
        ("activity.attended", "attended"),
        ("activity.commitment", "commitments"),
        ("activity.families", "households"),
        ("photo.kind", "photo"),
    ]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"on": date(2022, 12, 31)}, ("activity.past", "on")),
        ({"quantity": Decimal(-1), "unit": "x"}, ("activity.quantity", "quantity")),
        ({"attended": {"P": {"anak": 2}}, "disabled": 3}, ("activity.disabled", "disabled")),
    ],
)
def test_what_cannot_be_is_refused(lokus: Lokus, values: dict[str, Any], found: tuple[str, str]) -> None:
    with pytest.raises(InputError) as error:
        report(secretary(), lokus, **values)

    assert problems(error) == [found]


def test_a_photo_is_sealed_whole_under_a_key_of_its_own(lokus: Lokus) -> None:
    made = report(secretary(), lokus, jpeg())
    stored = StoredFile.objects.get()
    assert made.key is not None

    assert (stored.key, made.key.purpose, stored.content_type) == (made.key, "activity", "image/jpeg")
    assert stored.content() == jpeg()
    assert [word for word in PLANTED if word in stored.path.read_bytes()] == []


def test_a_photo_of_more_than_fifteen_mebibytes_is_refused(lokus: Lokus) -> None:
    with pytest.raises(InputError) as error:
        report(secretary(), lokus, jpeg() + bytes(LARGEST))

    assert (problems(error), StoredFile.objects.count()) == ([("photo.too_big", "photo")], 0)


def change(by: User, of: Activity, **values: Any) -> Activity:
    given = {"version": 1, "told": told(**values.pop("told", {})), **values}
    return activities.change(by=by, cycle_slug=of.cycle.slug, activity_id=of.uuid, **given)


def test_the_reporter_and_the_secretariat_correct_it_and_nobody_else(lokus: Lokus) -> None:
    ani = build.member(Role.CADRE, f"{CODE}.RW03")
    made = report(ani, lokus)
    change(ani, made, told={"title": "Satu"})
    change(secretary(), made, version=2, told={"title": "Dua"})
    for other in (build.member(Role.CADRE, f"{CODE}.RW03"), build.member(Role.SUPERVISOR, CODE)):
        with pytest.raises(Forbidden):
            change(other, made, version=3)

    assert [(row.title, row.version) for row in Activity.objects.all()] == [("Dua", 3)]


def test_who_was_slower_is_told_and_nothing_is_overwritten(lokus: Lokus) -> None:
    by = secretary()
    made = report(by, lokus)
    change(by, made, told={"title": "Lebih dulu"})
    with pytest.raises(InputError) as error:
        change(by, made, told={"title": "Terlambat"})

    assert (problems(error), Activity.objects.get().title) == ([("activity.newer", "version")], "Lebih dulu")


def test_a_new_photo_destroys_the_old_one(lokus: Lokus) -> None:
    by = secretary()
    made = report(by, lokus, jpeg())
    old = StoredFile.objects.get()
    change(by, made, photo=jpeg(turn=1))
    kept = StoredFile.objects.get()
    change(by, made, version=2, drop_photo=True)

    assert (old.path.exists(), kept.path.exists(), StoredFile.objects.count()) == (False, False, 0)
    assert DataKey.objects.filter(purpose="activity", wrapped__isnull=False).count() == 0


def test_families_that_she_does_not_see_stay_when_she_corrects(lokus: Lokus) -> None:
    hers, others = build.household(lokus, rw="03"), build.household(lokus, rw="01")
    ani = build.member(Role.CADRE, f"{CODE}.RW03")
    made = report(ani, lokus, households=(hers.uuid,))
    made.households.add(others)
    change(ani, made, told={"households": ()})

    assert list(made.households.all()) == [others]


def test_deleted_it_is_gone_for_everybody_and_can_be_brought_back_for_a_day(lokus: Lokus) -> None:
    by = secretary()
    made = report(by, lokus, jpeg())
    slug = lokus.cycle.slug
    activities.delete(by=by, cycle_slug=slug, activity_id=made.uuid)
    with pytest.raises(Missing):
        activities.delete(by=by, cycle_slug=slug, activity_id=made.uuid)
    with pytest.raises(Forbidden):
        activities.restore(by=build.member(Role.LEADER, "36.72"), cycle_slug=slug, activity_id=made.uuid)
    activities.restore(by=by, cycle_slug=slug, activity_id=made.uuid)
    kept = activities.purge(now=timezone.now() + timedelta(days=2))
    activities.delete(by=by, cycle_slug=slug, activity_id=made.uuid)
    early, late = (activities.purge(now=timezone.now() + timedelta(hours=hours)) for hours in (23, 25))

    assert (kept, early, late) == (0, 0, 1)
    assert (Activity.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert [entry.action for entry in AuditEntry.objects.order_by("id")] == [
        "evidence.add",
        "activities.report",
        "activities.delete",
        "activities.restore",
        "activities.delete",
        "activities.purge",
        "evidence.purge",
    ]
    with pytest.raises(Missing):
        activities.restore(by=CONSOLE, cycle_slug=slug, activity_id=made.uuid)
