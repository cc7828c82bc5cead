"""Invitations: made and shown once, opened once; in every other state they say why not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from selaras import access
from selaras.access import CONSOLE
from selaras.actions import invitations, people
from selaras.actions.cycles import close_cycle
from selaras.actions.invitations import Invited
from selaras.actions.people import Asked
from selaras.errors import Forbidden, InputError, Missing, SelarasError
from selaras.models import AuditEntry, Cycle, Invitation, Membership, Role, User
from selaras.queries.invitations import invitation_page
from tests import build, leaks

pytestmark = pytest.mark.django_db

STRONG = "kopi-pahit-di-teras-42"
CADRE = Asked("cadre", "36.72.05.1005", "3")


def codes(error: pytest.ExceptionInfo[SelarasError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def year() -> tuple[Cycle, User]:
    build.place("36.72.05.1005")
    cycle = build.cycle()
    return cycle, build.member(Role.SECRETARIAT, "36.72", cycle=cycle)


def invited(by: access.Actor, *tasks: Asked, name: str = "Ani Uji") -> Invited:
    return invitations.invite(by=by, cycle_slug="36-72-2024", key=uuid4(), full_name=name, tasks=tasks or (CADRE,))


def test_who_opens_it_gets_the_account_the_tasks_and_nothing_a_second_time() -> None:
    cycle, secretary = year()
    made = invited(secretary, CADRE, Asked("protection"), name=" Ani Uji ")
    ani = invitations.open_account(secret=made.token, username="ani", password=STRONG)

    tasks = ani.memberships.order_by("pk").values_list("role", "place_code", "cycle")
    assert list(tasks) == [("cadre", "36.72.05.1005.RW03", cycle.pk), ("protection", "36.72", cycle.pk)]
    assert (ani.full_name, ani.check_password(STRONG)) == ("Ani Uji", True)
    for secret in (made.token, made.code):
        with pytest.raises(Forbidden) as refused:
            invitations.open_account(secret=secret, username="lain", password=STRONG)
        assert codes(refused) == ["invitation.used"]
    entries = AuditEntry.objects.order_by("id").values_list("action", "actor", "object_id", "place_code", "details")
    both = ["cadre", "protection"]
    assert list(entries) == [
        ("invitations.make", secretary.pk, str(made.id), "36.72", {"roles": both}),
        ("invitations.open", ani.pk, str(made.id), "36.72", {"roles": both, "user": str(ani.uuid)}),
    ]


def test_a_code_opens_however_it_is_typed() -> None:
    _, secretary = year()
    made = invited(secretary)
    typed = made.code.upper().replace("O", "0").replace("I", "1")
    grouped = "-".join(typed[i : i + 4] for i in range(0, 16, 4))

    assert invitation_page(f" {grouped} ").full_name == "Ani Uji"
    assert invitations.open_account(secret=grouped, username="ani", password=STRONG).username == "ani"
    with pytest.raises(Missing):
        invitation_page(made.code[:-1])
    with pytest.raises(Missing):
        invitation_page("")


@pytest.mark.parametrize(
    ("changed", "state"),
    [({"revoked_at": timedelta(0)}, "revoked"), ({"expires_at": timedelta(0)}, "expired"), ({}, "open")],
)
def test_a_closed_one_says_why(changed: dict[str, timedelta], state: str) -> None:
    _, secretary = year()
    made = invited(secretary)
    Invitation.objects.update(**{name: timezone.now() - span for name, span in changed.items()})

    assert invitation_page(made.token).state == state
    if state != "open":
        with pytest.raises(Forbidden) as refused:
            invitations.open_account(secret=made.token, username="ani", password=STRONG)
        assert codes(refused) == [f"invitation.{state}"]
    assert User.objects.filter(username="ani").count() == 0


def test_it_lasts_two_weeks() -> None:
    _, secretary = year()
    made = invited(secretary)

    assert invitation_page(made.token, now=made.expires_at - timedelta(seconds=1)).state == "open"
    assert invitation_page(made.token, now=made.expires_at).state == "expired"
    assert timedelta(days=13, hours=23) < made.expires_at - timezone.now() <= timedelta(days=14)


def test_a_revoked_one_is_revoked_once_and_a_used_one_not_at_all() -> None:
    _, secretary = year()
    made, other = invited(secretary), invited(secretary)
    for _ in range(2):
        invitations.revoke(by=secretary, cycle_slug="36-72-2024", invitation=made.id)
    invitations.open_account(secret=other.token, username="ani", password=STRONG)

    assert AuditEntry.objects.filter(action="invitations.revoke").count() == 1
    with pytest.raises(InputError) as refused:
        invitations.revoke(by=secretary, cycle_slug="36-72-2024", invitation=other.id)
    assert codes(refused) == ["invitation.closed"]
    other_year = build.member(Role.SECRETARIAT, "36.72", cycle=build.cycle(year=2023))
    for who, slug, error in (
        (build.member(Role.SECRETARIAT, "36.73"), "36-72-2024", Missing),
        (other_year, "36-72-2024", Missing),
        (other_year, "36-72-2023", Forbidden),
        (build.member(Role.PROVINCE, "36"), "36-72-2024", Forbidden),
        (build.member(Role.SUPERVISOR, "36.72.05.1001"), "36-72-2024", Missing),
        (build.member(Role.JUROR, "36.72"), "36-72-2024", Forbidden),
    ):
        with pytest.raises(error):
            invitations.revoke(by=who, cycle_slug=slug, invitation=made.id)


def test_a_bad_name_or_password_leaves_it_open() -> None:
    _, secretary = year()
    made = invited(secretary)
    with pytest.raises(InputError) as refused:
        invitations.open_account(secret=made.token, username=secretary.username, password="12345")

    assert sorted(codes(refused)) == ["people.field", "people.password"]
    assert (invitation_page(made.token).state, Membership.objects.count()) == ("open", 1)


def test_what_the_giver_may_not_give_any_more_is_not_given() -> None:
    _, secretary = year()
    made = invited(secretary)
    people.end_task(by=CONSOLE, membership=secretary.memberships.get())
    with pytest.raises(Forbidden) as refused:
        invitations.open_account(secret=made.token, username="ani", password=STRONG)

    assert codes(refused) == ["invitation.giver"]
    assert User.objects.filter(username="ani").count() == 0


def test_tasks_of_a_year_that_was_closed_meanwhile_do_not_begin_and_of_it_alone_an_invitation_opens_nothing() -> None:
    cycle, _ = year()
    office = build.member(Role.SECRETARIAT, "36.72")
    alone, both = invited(office), invited(office, CADRE, Asked("protection", this_year=False), name="Bela Uji")
    close_cycle(by=office, cycle=cycle)
    with pytest.raises(Forbidden) as refused:
        invitations.open_account(secret=alone.token, username="ani", password=STRONG)
    bela = invitations.open_account(secret=both.token, username="bela", password=STRONG)

    assert (codes(refused), User.objects.filter(username="ani").count()) == (["invitation.year"], 0)
    assert list(bela.memberships.values_list("role", "cycle", "ends")) == [("protection", None, None)]


def test_a_way_into_an_account_that_its_giver_is_not_over_any_more_stays_shut() -> None:
    cycle, secretary = year()
    for after in ("the giver's task ended", "the account came to hold more"):
        ani = build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle)
        before = ani.password
        made = invitations.invite_again(by=secretary, cycle_slug=cycle.slug, person=ani.uuid, key=uuid4())
        if after == "the account came to hold more":
            people.assign(by=CONSOLE, user=ani, role=Role.PROTECTION, place_code=build.place("36.73").code)
        else:
            people.end_task(by=CONSOLE, membership=secretary.memberships.get())
        with pytest.raises(Forbidden) as refused:
            invitations.open_account(secret=made.token, username="lain", password=STRONG)
        assert (after, codes(refused)) == (after, ["invitation.giver"])
        assert (User.objects.get(pk=ani.pk).password, invitation_page(made.token).state) == (before, "open")
        secretary = build.member(Role.SECRETARIAT, "36.72", cycle=cycle)


def test_an_account_that_is_there_takes_the_tasks_but_none_that_she_cannot_hold() -> None:
    cycle, secretary = year()
    juror = build.member(Role.JUROR, "36.72", cycle=cycle)
    nurse = build.member(Role.PROTECTION, "36.72", cycle=cycle)
    made = invited(secretary)
    with pytest.raises(InputError) as refused:
        invitations.accept(by=juror, secret=made.token)
    invitations.accept(by=nurse, secret=made.code)

    assert codes(refused) == ["people.judged"]
    assert sorted(nurse.memberships.values_list("role", flat=True)) == ["cadre", "protection"]
    assert Invitation.objects.get().user == nurse


def test_everything_wrong_with_an_invitation_is_refused_before_it_is_made() -> None:
    _, secretary = year()
    build.place("36.73.01.1001")
    for tasks, name, code in (
        ((), "Ani", "invitation.no_task"),
        ((CADRE,), "  ", "invitation.name"),
        ((Asked("juror"), Asked("liaison", agency=build.agency().pk)), "Ani", "people.judged"),
        ((Asked("liaison"),), "Ani", "people.agency"),
        ((Asked("cadre"),), "Ani", "people.area"),
        ((Asked("supervisor", "36.72"),), "Ani", "people.level"),
        ((Asked("supervisor", "36.73.01.1001"),), "Ani", "people.place"),
        ((Asked("leader", rw="3"),), "Ani", "people.rw"),
    ):
        with pytest.raises(InputError) as refused:
            invitations.invite(by=secretary, cycle_slug="36-72-2024", key=uuid4(), full_name=name, tasks=tasks)
        assert codes(refused) == [code]
    for task in (Asked("administrator"), Asked("province"), Asked("cadre", "36.72.05.1005", this_year=False)):
        with pytest.raises(Forbidden):
            invited(secretary, task)
    assert (Invitation.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_only_who_gives_tasks_there_invites() -> None:
    cycle, _ = year()
    for who, error in (
        (build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle), Forbidden),
        (build.member(Role.SECRETARIAT, "36.73"), Missing),
        (build.member(Role.SUPERVISOR, "36.72.05.1001"), Forbidden),
    ):
        with pytest.raises(error):
            invited(who)
    assert invited(build.member(Role.SUPERVISOR, "36.72.05.1005", cycle=cycle)).full_name == "Ani Uji"


def test_a_role_without_a_place_works_where_it_works_by_itself() -> None:
    cycle, secretary = year()
    admin = build.member(Role.ADMINISTRATOR)
    for by, task, where in (
        (secretary, Asked("leader"), ("36.72", cycle.pk)),
        (admin, Asked("province", this_year=False), ("36", None)),
        (admin, Asked("juror", "36"), ("36", cycle.pk)),
        (admin, Asked("administrator"), ("", None)),
        (admin, Asked("supervisor", "36.72.05", this_year=False), ("36.72.05", None)),
    ):
        stored = Invitation.objects.get(uuid=invited(by, task).id)
        assert [(role["place_code"], role["cycle"]) for role in stored.roles] == [where]
        assert stored.area == where[0]


def test_sent_twice_it_is_made_once() -> None:
    _, secretary = year()
    given = {"by": secretary, "cycle_slug": "36-72-2024", "key": uuid4(), "full_name": "Ani", "tasks": (CADRE,)}
    invitations.invite(**given)
    with pytest.raises(InputError) as refused:
        invitations.invite(**given)

    assert codes(refused) == ["invitation.made"]
    assert Invitation.objects.count() == 1


def test_a_new_way_in_replaces_the_old_ones_and_leads_to_the_same_account() -> None:
    cycle, secretary = year()
    ani = build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle)
    first, second = (
        invitations.invite_again(by=secretary, cycle_slug=cycle.slug, person=ani.uuid, key=uuid4()) for _ in range(2)
    )
    with pytest.raises(Forbidden):
        invitations.open_account(secret=first.token, username="ani", password=STRONG)
    opened = invitations.open_account(secret=second.token, username="nama-lain", password=STRONG)

    assert (opened.pk, opened.username, opened.check_password(STRONG)) == (ani.pk, ani.username, True)
    assert Membership.objects.filter(user=ani).count() == 1
    with pytest.raises(Forbidden) as refused:
        invitations.accept(by=secretary, secret=invitations.invite_again(
            by=secretary, cycle_slug=cycle.slug, person=ani.uuid, key=uuid4()
        ).code)  # fmt: skip
    assert codes(refused) == ["invitation.account"]


def test_nobody_makes_a_way_into_an_account_that_she_could_not_switch_off() -> None:
    cycle, secretary = year()
    admin = build.member(Role.LEADER, "36.72", user=build.member(Role.ADMINISTRATOR))
    lurah = build.member(Role.SUPERVISOR, "36.72.05.1005")
    ani = build.member(Role.LEADER, "36.72", user=build.member(Role.CADRE, "36.72.05.1005.RW03"))
    for by, user in ((secretary, admin), (lurah, ani)):
        with pytest.raises(Forbidden):
            invitations.invite_again(by=by, cycle_slug=cycle.slug, person=user.uuid, key=uuid4())


@pytest.mark.django_db(transaction=True)
def test_neither_secret_is_stored_anywhere() -> None:
    _, secretary = year()
    made, other = invited(secretary), invited(secretary)
    invitations.open_account(secret=made.token, username="ani", password=STRONG)
    grouped = " ".join(other.code[i : i + 4] for i in range(0, 16, 4))

    secrets = {made.token, made.code, other.token, other.code, other.code.upper(), grouped, STRONG}
    assert leaks.found(secrets) == set()
    assert {where for _, where in leaks.found({"Ani Uji"})} != set()
