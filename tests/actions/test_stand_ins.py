"""One cadre stands in for another: for its days every door opens to the other's families, and each form says so."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from selaras.access import CONSOLE, absent_cadre, carried_by, households_for, may_key
from selaras.actions.field.phones import give_phone
from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.actions.handover import hand_over_all
from selaras.actions.stand_ins import MOST_DAYS, end_stand_in, stand_in
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import Arrival, AuditEntry, Household, Membership, Role, Submission, User
from selaras.queries.cadre import own_page
from selaras.queries.household import household_page
from selaras.queries.phones import family_list, gone
from selaras.queries.progress import progress_page
from selaras.queries.stand_ins import stand_ins_page
from tests import build
from tests.build_field import Field, filled, open_field

pytestmark = pytest.mark.django_db


class Ground:
    """Ani of RW 03 with a phone, Ina of RW 04, a family of each, and their lurah."""

    def __init__(self) -> None:
        self.field: Field = open_field()
        self.of = self.field.programme
        self.ani = self.field.phone.phone.user
        self.phone = self.field.phone.phone
        area = f"{self.of.lokus.place.code}.RW04"
        self.ina = build.member(Role.CADRE, area, cycle=self.of.cycle)
        self.lurah = build.member(Role.SUPERVISOR, self.of.lokus.place.code, cycle=self.of.cycle)
        self.own = build.household(self.of.lokus, rw="03")
        self.hers = build.household(self.of.lokus, rw="04")

    def stand_in(
        self, *, first: int = 0, days: int = 3, by: User | None = None, now: datetime | None = None
    ) -> Membership:
        """Ani does Ina's task from `first` days from today."""
        start = timezone.localdate() + timedelta(days=first)
        return stand_in(
            by=by or self.lurah,
            cycle_slug=self.of.cycle.slug,
            membership_id=self.ina.memberships.get(stands_in_for=None).pk,
            by_whom=self.ani.memberships.get(stands_in_for=None).pk,
            first=start,
            last=start + timedelta(days=days - 1),
            now=now,
        )

    def doors(self) -> dict[str, bool]:
        """Whether Ina's family is Ani's, by each door."""
        ani = User.objects.get(pk=self.ani.pk)
        self.phone.refresh_from_db()
        listed = family_list(self.phone).decode()
        page = own_page(ani)
        return {
            "scope": households_for(ani).filter(pk=self.hers.pk).exists(),
            "phone": carried_by(self.phone).filter(pk=self.hers.pk).exists(),
            "list": str(self.hers.uuid) in listed,
            "integrity": not gone(self.phone, [str(self.hers.uuid)])[str(self.hers.uuid)],
            "own page": any(line.code == self.hers.code for block in page.blocks for line in block.families),
            "said": bool(page.standing_in),
        }

    def sent(self, family: Household) -> Arrival:
        """A form of that family from Ani's phone, taken."""
        xml = filled(self.field.form, family)
        receipt = receive(sender=Sender.of(self.phone), parcel=Parcel(xml))
        take_in()
        return Arrival.objects.get(pk=receipt.arrival.pk)


def all_of(doors: dict[str, bool]) -> set[bool]:
    return set(doors.values())


def test_for_its_days_every_door_opens_and_closes_again_by_itself() -> None:
    there = Ground()
    assert all_of(there.doors()) == {False}

    task = there.stand_in()
    assert there.doors() == dict.fromkeys(there.doors(), True)

    Membership.objects.filter(pk=task.pk).update(starts=timezone.now() - timedelta(days=5), ends=timezone.now())
    assert all_of(there.doors()) == {False}
    assert households_for(User.objects.get(pk=there.ani.pk)).filter(pk=there.own.pk).exists()


def test_before_its_first_day_nothing_is_open_and_the_days_are_those_of_the_place() -> None:
    there = Ground()
    task = there.stand_in(first=2, days=1)

    assert all_of(there.doors()) == {False}
    # Midnight in Cilegon, which is five in the afternoon of the day before in UTC.
    assert ((task.ends or task.starts) - task.starts, task.starts.utcoffset()) == (
        timedelta(days=1),
        timedelta(hours=7),
    )


def test_a_form_says_whom_she_stood_in_for_and_her_own_do_not() -> None:
    there = Ground()
    there.stand_in()

    assert (there.sent(there.hers).state, there.sent(there.own).state) == ("taken", "taken")
    said = dict(Submission.objects.values_list("household__code", "instead_of"))
    assert said == {there.hers.code: there.ina.pk, there.own.code: None}
    page = household_page(there.lurah, there.of.cycle.slug, there.of.lokus.area, there.hers.code)
    assert [(line.by, line.instead_of) for line in page.submissions] == [
        (there.ani.get_full_name(), there.ina.get_full_name())
    ]


def test_without_a_stand_in_or_after_it_the_form_waits_for_the_office() -> None:
    there = Ground()
    assert (there.sent(there.hers).state, there.sent(there.hers).reason) == ("quarantined", "foreign")

    task = there.stand_in()
    end_stand_in(by=there.lurah, cycle_slug=there.of.cycle.slug, membership_id=task.pk)

    assert (there.sent(there.hers).reason, Submission.objects.count()) == ("foreign", 0)


def test_she_registers_a_new_family_in_the_others_area() -> None:
    there = Ground()
    there.stand_in()
    xml = filled(there.field.form, None).replace(b"<sl_rw>03</sl_rw>", b"<sl_rw>04</sl_rw>")
    receive(sender=Sender.of(there.phone), parcel=Parcel(xml))
    take_in()

    assert Submission.objects.get().instead_of == there.ina
    assert Submission.objects.get().household.rw == "04"


def test_who_has_no_phone_types_the_others_papers() -> None:
    there = Ground()
    ani = User.objects.get(pk=there.ani.pk)
    assert may_key(ani, there.of.lokus)
    assert absent_cadre(ani, there.of.cycle.pk, there.hers.area, timezone.now()) is None
    there.stand_in()

    assert absent_cadre(ani, there.of.cycle.pk, there.hers.area, timezone.now()) == there.ina
    assert absent_cadre(ani, there.of.cycle.pk, there.own.area, timezone.now()) is None


def test_who_has_the_whole_kelurahan_stands_in_for_nobody() -> None:
    there = Ground()
    whole = build.member(Role.CADRE, there.of.lokus.place.code, cycle=there.of.cycle)
    Membership.objects.create(
        user=whole,
        role=Role.CADRE,
        cycle=there.of.cycle,
        place_code=there.hers.area,
        ends=timezone.now() + timedelta(days=2),
        stands_in_for=there.ina.memberships.get(),
    )

    assert absent_cadre(whole, there.of.cycle.pk, there.hers.area, timezone.now()) is None


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"first": -5, "days": 3}, "stand_in.days"),
        ({"days": 0}, "stand_in.days"),
        ({"days": MOST_DAYS + 1}, "stand_in.long"),
    ],
)
def test_days_that_make_no_sense_are_refused(how: dict[str, int], code: str) -> None:
    there = Ground()
    with pytest.raises(InputError) as refused:
        there.stand_in(**how)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert Membership.objects.filter(stands_in_for__isnull=False).count() == 0


def test_nobody_stands_in_twice_or_for_herself_or_after_her_task_has_ended() -> None:
    there = Ground()
    slug = there.of.cycle.slug
    there.stand_in()
    mine, others = there.ani.memberships.get(stands_in_for=None), there.ina.memberships.get()
    today = timezone.localdate()

    def code_of(one: Membership, other: Membership) -> list[str]:
        with pytest.raises(InputError) as refused:
            stand_in(by=there.lurah, cycle_slug=slug, membership_id=one.pk, by_whom=other.pk, first=today, last=today)
        return [problem.code for problem in refused.value.problems]

    assert code_of(others, mine) == ["stand_in.twice"]
    assert code_of(mine, mine) == ["stand_in.herself"]
    Membership.objects.filter(pk=others.pk).update(ends=timezone.now())
    assert code_of(others, mine) == ["stand_in.ended"]


def test_only_who_keeps_the_area_sets_it_and_a_stand_in_passes_on_to_nobody() -> None:
    there = Ground()
    build.place("36.72.05.1001")
    next_door = build.member(Role.SUPERVISOR, "36.72.05.1001", cycle=there.of.cycle)
    with pytest.raises(Missing):
        there.stand_in(by=next_door)
    with pytest.raises(Missing):
        there.stand_in(by=there.ina)
    with pytest.raises(Forbidden):
        stand_ins_page(there.ina, there.of.cycle.slug)
    task = there.stand_in()
    today = timezone.localdate()
    with pytest.raises(Missing):
        stand_in(
            by=there.lurah,
            cycle_slug=there.of.cycle.slug,
            membership_id=task.pk,
            by_whom=there.ina.memberships.get().pk,
            first=today,
            last=today,
        )
    with pytest.raises(Missing):
        end_stand_in(by=next_door, cycle_slug=there.of.cycle.slug, membership_id=task.pk)


def test_the_page_lists_it_and_progress_names_it_once() -> None:
    there = Ground()
    there.stand_in()

    page = stand_ins_page(there.lurah, there.of.cycle.slug)
    cadres = progress_page(there.lurah, there.of.cycle.slug, there.of.lokus.area).cadres

    assert [(each.name, each.absent) for each in page.now] == [(there.ani.get_full_name(), there.ina.get_full_name())]
    assert [each.name for each in page.cadres] == [there.ani.get_full_name(), there.ina.get_full_name()]
    assert [(line.name, line.filled_by) for line in cadres] == [
        (there.ani.get_full_name(), ()),
        (there.ina.get_full_name(), (there.ani.get_full_name(),)),
    ]
    entry = AuditEntry.objects.get(action="people.stand_in")
    assert (entry.object_id, entry.details["previous"]) == (str(there.ani.uuid), str(there.ina.uuid))


def test_a_stand_in_that_is_handed_over_stays_one_and_ends_on_its_day() -> None:
    there = Ground()
    task = there.stand_in()
    heir = build.member(Role.CADRE, f"{there.of.lokus.place.code}.RW05", cycle=there.of.cycle)
    listed = list(there.ani.memberships.values_list("pk", flat=True))

    hand_over_all(by=there.lurah, cycle_slug=there.of.cycle.slug, person=there.ani.uuid, to=heir.uuid, listed=listed)

    carried = heir.memberships.get(stands_in_for__isnull=False)
    assert (carried.stands_in_for, carried.ends) == (task.stands_in_for, task.ends)


def test_a_phone_of_the_absent_cadre_still_reaches_her_own_families() -> None:
    there = Ground()
    there.stand_in()
    hers = give_phone(by=CONSOLE, cycle_slug=there.of.cycle.slug, membership_id=there.ina.memberships.get().pk)

    assert set(carried_by(hers.phone)) == {there.hers}
