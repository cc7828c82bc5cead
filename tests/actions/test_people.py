"""Accounts and tasks: who gives them, what is refused, and the first administrator's code."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from selaras import access
from selaras.access import CONSOLE
from selaras.actions import people
from selaras.errors import Forbidden, InputError
from selaras.models import AuditEntry, DataKey, KeyPurpose, Membership, Role, User
from tests import build

pytestmark = pytest.mark.django_db

STRONG = "kopi-pahit-di-teras-42"


def codes(error: pytest.ExceptionInfo[InputError] | pytest.ExceptionInfo[Forbidden]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_the_secretariat_makes_an_account_and_gives_it_a_task() -> None:
    secretary = build.member(Role.SECRETARIAT, "36.72")
    made = people.create_user(by=secretary, area="36.72", username="ani", full_name="Ani Uji", password=STRONG)
    task = people.assign(by=secretary, user=made, role=Role.CADRE, place_code="36.72.05.1005.RW03")
    ani = User.objects.get(username="ani")
    assert (ani.full_name, ani.check_password(STRONG), ani.is_active) == ("Ani Uji", True, True)
    assert access.scopes_of(ani) == (access.Scope("cadre", None, ("36.72.05.1005.RW03",)),)
    entries = AuditEntry.objects.order_by("id").values_list("action", "object_id", "place_code", "actor")
    assert list(entries) == [
        ("people.create", str(ani.uuid), "36.72", secretary.pk),
        ("people.assign", str(ani.uuid), task.place_code, secretary.pk),
    ]
    assert AuditEntry.objects.last().details == {"role": "cadre", "cycle": None, "agency": None}


def test_everything_wrong_with_an_account_is_said_at_once() -> None:
    build.user("ani")
    with pytest.raises(InputError) as refused:
        people.create_user(by=CONSOLE, area="", username="ani", full_name=" ", email="bukan surel", password="12345")
    problems = [(p.code, p.values.get("field")) for p in refused.value.problems]
    assert sorted(problems, key=str) == [
        ("people.field", "email"),
        ("people.field", "full_name"),
        ("people.field", "username"),
        ("people.password", None),
    ]
    assert User.objects.count() == 1


def test_an_account_without_a_password_cannot_sign_in() -> None:
    made = people.create_user(by=CONSOLE, area="", username="ani", full_name="Ani")
    assert not made.has_usable_password()


def test_a_task_that_does_not_fit_its_role_is_refused() -> None:
    ani, agency = build.user(), build.agency()
    for given, code in (
        ({"role": Role.LIAISON, "place_code": "36.72"}, "people.agency"),
        ({"role": Role.CADRE, "agency": agency}, "people.agency"),
        ({"role": Role.LIAISON, "agency": agency, "place_code": "36.72"}, "people.agency"),
        ({"role": Role.CADRE}, "people.area"),
        ({"role": Role.LEADER, "place_code": "36.72", "ends": timezone.now() - timedelta(days=1)}, "people.dates"),
    ):
        with pytest.raises(InputError) as refused:
            people.assign(by=CONSOLE, user=ani, **given)
        assert codes(refused) == [code]
    assert Membership.objects.count() == 0


def test_nobody_gives_what_she_may_not() -> None:
    lurah, ani = build.member(Role.SUPERVISOR, "36.72.05.1005"), build.user()
    people.assign(by=lurah, user=ani, role=Role.CADRE, place_code="36.72.05.1005.RW03")
    for role, area in ((Role.CADRE, "36.72.05.1001.RW03"), (Role.SUPERVISOR, "36.72.05.1005"), (Role.CADRE, "36")):
        with pytest.raises(Forbidden):
            people.assign(by=lurah, user=ani, role=role, place_code=area)
    with pytest.raises(Forbidden):
        people.create_user(by=ani, area="36.72.05.1005.RW03", username="x", full_name="X")


def test_a_task_ends_now_and_only_once() -> None:
    task = build.member(Role.CADRE, "36.72.05.1005.RW03").memberships.get()
    people.end_task(by=CONSOLE, membership=task)
    ended = Membership.objects.get().ends
    people.end_task(by=CONSOLE, membership=task)
    assert Membership.objects.get().ends == ended
    assert access.scopes_of(User.objects.get(pk=task.user_id)) == ()
    assert AuditEntry.objects.filter(action="people.end_task").count() == 1


def test_a_handed_over_task_has_one_holder_at_every_moment() -> None:
    cycle = build.cycle()
    old, new = build.member(Role.SUPERVISOR, "36.72.05.1005", cycle=cycle), build.user()
    task = old.memberships.get()
    made = people.hand_over(by=CONSOLE, membership=task, to=new)
    assert (task.ends, made.role, made.place_code, made.cycle) == (made.starts, task.role, task.place_code, cycle)
    assert AuditEntry.objects.get().details["previous"] == str(old.uuid)
    for again, to in ((task, new), (made, new)):
        with pytest.raises(InputError) as refused:
            people.hand_over(by=CONSOLE, membership=again, to=to)
        assert codes(refused) == ["people.hand_over"]


def test_an_account_is_switched_off_by_whoever_may_end_its_tasks_and_never_by_itself() -> None:
    kader = build.member(Role.CADRE, "36.72.05.1005.RW03")
    secretary, admin = build.member(Role.SECRETARIAT, "36.72"), build.member(Role.ADMINISTRATOR)
    people.set_active(by=secretary, user=kader, active=False)
    assert not User.objects.get(pk=kader.pk).is_active
    for by, user in ((secretary, admin), (build.member(Role.SUPERVISOR, "36.73"), kader), (admin, admin)):
        with pytest.raises(Forbidden):
            people.set_active(by=by, user=user, active=False)
    people.set_active(by=secretary, user=kader, active=True)
    assert User.objects.get(pk=kader.pk).is_active


def test_the_first_administrator_uses_the_code_once() -> None:
    code = people.first_code()
    assert len(code.replace("-", "")) == 16
    with pytest.raises(Forbidden) as refused:
        people.make_first_administrator(code=code[:-1] + "?", username="adm", full_name="Adm", password=STRONG)
    assert codes(refused) == ["people.first_code"]
    with pytest.raises(InputError):
        people.make_first_administrator(code=code, username="adm", full_name="Adm", password="admin")
    first = people.make_first_administrator(code=f" {code.upper()} ", username="adm", full_name="Adm", password=STRONG)
    assert access.has_role(User.objects.get(pk=first.pk), Role.ADMINISTRATOR)
    assert people.first_code() == ""
    people.end_task(by=CONSOLE, membership=first.memberships.get())
    for given in (code, ""):
        with pytest.raises(Forbidden):
            people.make_first_administrator(code=given, username="lain", full_name="Lain", password=STRONG)


def test_the_secret_of_a_second_step_is_sealed_in_the_database() -> None:
    ani = build.user("ani")
    made = TOTP.activate(ani, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(ani).get_unused_codes()
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    secrets = [
        "JBSWY3DPEHPK3PXP",
        get_adapter().decrypt(RecoveryCodes(Authenticator.objects.last()).instance.data["seed"]),
    ]
    assert [secret for secret in [*secrets, *codes] if secret in stored] == []
    assert get_adapter().decrypt(made.instance.data["secret"]) == "JBSWY3DPEHPK3PXP"
    assert DataKey.objects.filter(purpose=KeyPurpose.SECOND_STEP).count() == 1


def test_nobody_sets_the_password_of_an_account_that_she_could_not_switch_off() -> None:
    cadre = build.member(Role.CADRE, "36.72.05.1005.RW03")
    idle, coming = build.user("belum-bertugas"), build.user("akan-bertugas")
    soon = timezone.now() + timedelta(days=1)
    people.assign(by=CONSOLE, user=coming, role=Role.SECRETARIAT, place_code="36.72", starts=soon)
    for user in (idle, coming):
        with pytest.raises(Forbidden):
            people.set_password(by=cadre, user=user, password=STRONG)
    people.set_password(by=CONSOLE, user=idle, password=STRONG)
    people.set_password(by=build.member(Role.SECRETARIAT, "36.72"), user=coming, password=STRONG)
    assert [user.check_password(STRONG) for user in User.objects.filter(pk__in=[idle.pk, coming.pk])] == [True, True]
