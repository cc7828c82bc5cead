"""Everything a person holds, handed over in one action; and what one person cannot hold, refused in every way in."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from selaras import access
from selaras.access import CONSOLE
from selaras.actions import handover, invitations, people
from selaras.actions.people import Asked
from selaras.errors import Forbidden, InputError, Missing, SelarasError
from selaras.models import (
    AgencyLink,
    ApiToken,
    AuditEntry,
    BrowserSession,
    Cycle,
    Invitation,
    Membership,
    Role,
    SavedView,
    User,
)
from tests import build

pytestmark = pytest.mark.django_db

STRONG = "kopi-pahit-di-teras-42"


def codes(error: pytest.ExceptionInfo[SelarasError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def year() -> tuple[Cycle, User]:
    build.place("36.72.05.1005")
    cycle = build.cycle()
    return cycle, build.member(Role.SECRETARIAT, "36.72", cycle=cycle)


def holdings(user: User) -> list[tuple[object, ...]]:
    rows = people.held_by(user, timezone.now())
    return [(row.role, row.place_code, row.cycle_id) for row in rows]


def listed(by: access.Actor, user: User) -> list[int]:
    return [row.pk for row in access.holdings_for(by, user, timezone.now())]


def hand(by: access.Actor, user: User, to: User, tasks: Iterable[int] | None = None) -> None:
    handover.hand_over_all(
        by=by,
        cycle_slug="36-72-2024",
        person=user.uuid,
        to=to.uuid,
        listed=listed(by, user) if tasks is None else tasks,
    )


def test_all_her_tasks_end_and_begin_at_one_moment_with_one_entry() -> None:
    cycle, secretary = year()
    old = build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle)
    until = timezone.now() + timedelta(days=30)
    soon = timezone.now() + timedelta(days=3)
    Membership.objects.create(user=old, role=Role.PROTECTION, place_code="36.72", cycle=cycle, ends=until)
    later = Membership.objects.create(user=old, role=Role.LEADER, place_code="36.72", cycle=cycle, starts=soon)
    new = build.member(Role.CADRE, "36.72.05.1005.RW04", cycle=cycle)
    hand(secretary, old, new)

    ended = Membership.objects.filter(user=old).order_by("pk")
    begun = Membership.objects.filter(user=new).order_by("pk")[1:]
    assert [row.ends for row in ended][:2] == [row.starts for row in begun][:2]
    assert (ended[2].ends, begun[2].starts, later.pk) == (soon, soon, ended[2].pk)
    assert [(row.role, row.place_code, row.cycle, row.ends) for row in begun] == [
        ("cadre", "36.72.05.1005.RW03", cycle, None),
        ("protection", "36.72", cycle, until),
        ("leader", "36.72", cycle, None),
    ]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.object_id, entry.place_code) == (
        "people.hand_over_all",
        secretary,
        str(old.uuid),
        "36.72",
    )
    assert entry.details == {
        "to": str(new.uuid),
        "tasks": 3,
        "taken": 3,
        "roles": ["cadre", "leader", "protection"],
        "sessions": 0,
        "tokens": 0,
        "links": 0,
        "invitations_carried": 0,
        "invitations_revoked": 0,
        "followups": 0,
    }


def test_what_opens_doors_to_her_closes_and_what_she_promised_stays() -> None:
    cycle, secretary = year()
    old = build.member(Role.SECRETARIAT, "36.72", cycle=cycle)
    new = build.member(Role.LEADER, "36.72", cycle=cycle)
    browser, other = Client(), Client()
    browser.force_login(old)
    other.force_login(new)
    far = timezone.now() + timedelta(days=9)
    token = ApiToken.objects.create(user=old, name="uji", token_hash="t", expires_at=far)
    view = SavedView.objects.create(user=old, cycle=cycle, name="RW 03")
    given = invitations.invite(
        by=old, cycle_slug=cycle.slug, key=uuid4(), full_name="Ani", tasks=[Asked("cadre", "36.72.05.1005", "3")]
    )
    own = invitations.invite_again(by=CONSOLE, cycle_slug=cycle.slug, person=old.uuid, key=uuid4())
    hand(secretary, old, new)

    assert ["_auth_user_id" in client.session for client in (browser, other)] == [False, True]
    assert BrowserSession.objects.get().user == new
    assert ApiToken.objects.get(pk=token.pk).revoked_at is not None
    carried, revoked = (Invitation.objects.get(uuid=made.id) for made in (given, own))
    assert (carried.created_by, carried.revoked_at) == (new, None)
    assert revoked.revoked_at is not None
    assert SavedView.objects.get(pk=view.pk).user == old
    assert invitations.open_account(secret=given.token, username="ani", password=STRONG).memberships.count() == 1
    details = AuditEntry.objects.get(action="people.hand_over_all").details
    counts = ("sessions", "tokens", "links", "invitations_carried", "invitations_revoked")
    assert [details[name] for name in counts] == [1, 1, 0, 1, 1]


def by_link(cycle: Cycle) -> User:
    """Who comes in by an agency's link."""
    dinkes = build.agency()
    user = build.member(Role.LIAISON, agency=dinkes, cycle=cycle)
    far = timezone.now() + timedelta(days=9)
    AgencyLink.objects.create(
        cycle=cycle, agency=dinkes, user=user, holder="U", token_hash="a", feed_hash="b", code_hash="c", expires_at=far
    )
    return user


def test_a_liaison_who_came_by_link_hands_over_to_an_account_and_her_link_is_dead() -> None:
    cycle, secretary = year()
    old, new = by_link(cycle), build.member(Role.LEADER, "36.72")
    hand(secretary, old, new)

    assert AgencyLink.objects.get().revoked_at is not None
    assert [row.role for row in people.held_by(new, timezone.now())] == ["leader", "liaison"]


def test_who_came_by_link_takes_nothing_and_gets_no_way_in() -> None:
    cycle, secretary = year()
    linked, ani = by_link(cycle), build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle)
    again = {"by": secretary, "cycle_slug": cycle.slug, "person": linked.uuid}
    for act in (
        lambda: hand(secretary, ani, linked),
        lambda: people.give_task(**again, asked=Asked("leader")),
        lambda: invitations.invite_again(**again, key=uuid4()),
    ):
        with pytest.raises(InputError) as refused:
            act()
        assert codes(refused) == ["people.by_link"]
    assert (len(holdings(ani)), len(holdings(linked))) == (1, 1)


def test_it_goes_to_somebody_who_has_no_account_yet() -> None:
    cycle, secretary = year()
    old = build.member(Role.SUPERVISOR, "36.72.05.1005", cycle=cycle)
    made = handover.hand_over_to_invited(
        by=secretary,
        cycle_slug=cycle.slug,
        person=old.uuid,
        full_name=" Budi Uji ",
        key=uuid4(),
        listed=listed(secretary, old),
    )
    waiting = User.objects.get(full_name="Budi Uji")
    held = holdings(waiting)
    opened = invitations.open_account(secret=made.code, username="budi", password=STRONG)

    assert held == holdings(opened) == [("supervisor", "36.72.05.1005", cycle.pk)]
    assert (opened.pk, opened.username, waiting.has_usable_password()) == (waiting.pk, "budi", False)
    assert holdings(old) == []


def test_nothing_is_handed_over_where_the_list_has_changed() -> None:
    cycle, secretary = year()
    old, new = build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle), build.member(Role.LEADER, "36.72")
    seen = listed(secretary, old)
    build.member(Role.PROTECTION, "36.72", cycle=cycle, user=old)
    with pytest.raises(InputError) as refused:
        hand(secretary, old, new, seen)

    assert codes(refused) == ["handover.changed"]
    assert (len(holdings(old)), len(holdings(new)), AuditEntry.objects.count()) == (2, 1, 0)


def test_what_is_beyond_the_giver_stays() -> None:
    cycle, secretary = year()
    old = build.member(Role.LEADER, "36", user=build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle))
    new = build.member(Role.LEADER, "36.72")
    hand(secretary, old, new)

    assert holdings(old) == [("leader", "36", None)]
    assert holdings(new) == [("leader", "36.72", None), ("cadre", "36.72.05.1005.RW03", cycle.pk)]


def test_a_task_that_both_hold_just_ends() -> None:
    cycle, secretary = year()
    old, new = (build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle) for _ in range(2))
    hand(secretary, old, new)

    assert (holdings(old), len(holdings(new))) == ([], 1)
    details = AuditEntry.objects.get().details
    assert (details["tasks"], details["taken"]) == (1, 0)


def test_she_may_hand_over_her_own_and_is_out() -> None:
    cycle, secretary = year()
    new = build.member(Role.LEADER, "36.72")
    hand(secretary, secretary, new)

    assert (holdings(secretary), ("secretariat", "36.72", cycle.pk) in holdings(new)) == ([], True)


def test_who_may_not_end_the_tasks_hands_nothing_over() -> None:
    cycle, secretary = year()
    ani = build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle)
    new = build.member(Role.LEADER, "36.72")
    province = build.member(Role.PROVINCE, "36")
    for by, user, to, error, code in (
        (secretary, ani, ani, InputError, "handover.herself"),
        (secretary, ani, build.member(Role.CADRE, "36.73.01.1001.RW01"), Missing, "access.missing"),
        (province, ani, new, InputError, "handover.nothing"),
        (build.member(Role.SUPERVISOR, "36.72.05.1001"), ani, new, Missing, "access.missing"),
        (build.member(Role.JUROR, "36.72"), ani, new, Forbidden, "access.forbidden"),
    ):
        with pytest.raises(error) as refused:
            hand(by, user, to)
        assert codes(refused) == [code]
    User.objects.filter(pk=new.pk).update(is_active=False)
    with pytest.raises(Forbidden) as refused:
        hand(secretary, ani, new)
    assert codes(refused) == ["handover.inactive"]
    assert len(holdings(ani)) == 1


def test_an_administrators_task_is_never_left_to_a_letter() -> None:
    year()
    admin = build.member(Role.ADMINISTRATOR)
    with pytest.raises(InputError) as refused:
        handover.hand_over_to_invited(
            by=admin,
            cycle_slug="36-72-2024",
            person=admin.uuid,
            full_name="Budi",
            key=uuid4(),
            listed=listed(admin, admin),
        )

    assert codes(refused) == ["handover.administrator"]
    assert (holdings(admin), User.objects.filter(full_name="Budi").count()) == ([("administrator", "", None)], 0)


def test_the_last_administrator_stays_one() -> None:
    admin = build.member(Role.ADMINISTRATOR)
    with pytest.raises(InputError) as refused:
        people.end_task(by=admin, membership=admin.memberships.get())
    assert codes(refused) == ["people.last_administrator"]
    build.member(Role.ADMINISTRATOR)
    people.end_task(by=admin, membership=admin.memberships.get())
    assert holdings(admin) == []


# --- who is judged does not judge: refused in every way in ----------------------------------------------------------
def by_assigning(secretary: User, juror: User) -> None:
    people.assign(by=secretary, user=juror, role=Role.CADRE, place_code="36.72.05.1005.RW03", cycle=Cycle.objects.get())


def by_the_page(secretary: User, juror: User) -> None:
    asked = Asked("cadre", "36.72.05.1005", "3")
    people.give_task(by=secretary, cycle_slug="36-72-2024", person=juror.uuid, asked=asked)


def by_handing_over_one(secretary: User, juror: User) -> None:
    people.hand_over(by=secretary, membership=Membership.objects.get(role=Role.CADRE), to=juror)


def by_handing_over_all(secretary: User, juror: User) -> None:
    hand(secretary, User.objects.get(memberships__role=Role.CADRE), juror)


def by_invitation(secretary: User, juror: User) -> None:
    made = invitations.invite(
        by=secretary,
        cycle_slug="36-72-2024",
        key=uuid4(),
        full_name="Citra",
        tasks=[Asked("cadre", "36.72.05.1005", "3")],
    )
    invitations.accept(by=juror, secret=made.token)


def in_one_invitation(secretary: User, juror: User) -> None:
    tasks = [Asked("juror"), Asked("cadre", "36.72.05.1005", "3")]
    invitations.invite(by=secretary, cycle_slug="36-72-2024", key=uuid4(), full_name="Citra", tasks=tasks)


WAYS_IN = (
    by_assigning,
    by_the_page,
    by_handing_over_one,
    by_handing_over_all,
    by_invitation,
    in_one_invitation,
)


@pytest.mark.parametrize("way", WAYS_IN)
def test_a_juror_becomes_no_cadre_by_any_way_in(way: Callable[[User, User], None]) -> None:
    cycle, secretary = year()
    juror = build.member(Role.JUROR, "36.72", cycle=cycle)
    build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle)
    with pytest.raises(InputError) as refused:
        way(secretary, juror)

    assert codes(refused) == ["people.judged"]
    assert refused.value.problems[0].values in ({"one": "juri", "other": "kader"}, {"one": "kader", "other": "juri"})
    assert [len(holdings(user)) for user in User.objects.order_by("pk")] == [1, 1, 1]


def test_nobody_holds_one_task_twice() -> None:
    cycle, secretary = year()
    ani = build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle)
    for way in (by_assigning, by_the_page, by_invitation):
        with pytest.raises(InputError) as refused:
            way(secretary, ani)
        assert codes(refused) == ["people.twice"]


def test_first_and_last_day_are_days_of_the_place() -> None:
    cycle, secretary = year()
    ani = build.member(Role.LEADER, "36.72", cycle=cycle)
    today = timezone.localdate()
    first, last = today + timedelta(days=2), today + timedelta(days=4)
    made = people.give_task(
        by=secretary, cycle_slug=cycle.slug, person=ani.uuid, asked=Asked("protection"), starts=first, ends=last
    )

    assert made.starts.isoformat() == f"{first}T00:00:00+07:00"
    assert made.ends is not None
    assert made.ends.isoformat() == f"{last + timedelta(days=1)}T00:00:00+07:00"


def test_nobody_is_given_a_task_who_is_not_in_the_list() -> None:
    _, secretary = year()
    for person in (build.user().uuid, build.member(Role.CADRE, "36.73.01.1001.RW01").uuid, UUID(int=0)):
        with pytest.raises(Missing):
            people.give_task(by=secretary, cycle_slug="36-72-2024", person=person, asked=Asked("leader"))
