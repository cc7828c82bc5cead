"""Protection officers and leaders hear at once, by a mail that says nothing, of whoever comes in beside them."""

import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import TestCase

from selaras.access import CONSOLE
from selaras.actions import invitations
from selaras.actions import people as actions
from selaras.actions.handover import hand_over_all
from selaras.cases import letters
from selaras.models import Membership, Role, User
from tests import build
from tests.build_programme import programme

pytestmark = pytest.mark.django_db
EKA, GITA, TARI = "eka@contoh.go.id", "gita@contoh.go.id", "tari@contoh.go.id"
SARI, WALI, WAKIL = "sari@contoh.go.id", "wali@contoh.go.id", "wakil@contoh.go.id"


def with_mail(user: User, email: str) -> User:
    user.email, user.full_name = email, email.partition("@")[0].title()
    user.save()
    return user


class Broken(BaseEmailBackend):
    """A server of mail that is not there."""

    def send_messages(self, _messages: Any) -> int:
        raise ConnectionRefusedError


def test_a_task_a_way_in_and_a_second_step_of_one_are_told_to_all_and_the_mail_says_nothing(settings: Any) -> None:
    settings.SELARAS_EMAIL_URL = {"EMAIL_HOST": "x"}
    cycle = programme().cycle
    eka = with_mail(build.member(Role.PROTECTION, "36.72"), EKA)
    with_mail(build.member(Role.PROTECTION, "36.73"), "jauh@contoh.go.id")
    gita, tari = with_mail(build.user(), GITA), with_mail(build.user(), TARI)
    gita.set_password("kenanga-lumbung-9174")
    gita.save()
    secretary = build.member(Role.SECRETARIAT, "36.72")
    officer = {"role": Role.PROTECTION, "place_code": "36.72.05"}

    assert told(lambda: actions.assign(by=secretary, user=gita, **officer)) == [[EKA, GITA]]
    letter = mail.outbox[0]
    letters.tell([eka])
    assert (letter.subject, letter.body) == (mail.outbox[1].subject, mail.outbox[1].body)
    said = f"{letter.subject} {letter.body}".lower()
    assert [word for word in ("gita", "petugas", "tiket", "darurat", "kode", "/ruang") if word in said] == []
    again = {"by": secretary, "cycle_slug": cycle.slug, "person": gita.uuid}
    assert told(lambda: invitations.invite_again(**again, key=uuid4())) == [[EKA, GITA]]
    assert told(lambda: actions.set_password(by=CONSOLE, user=gita, password="melati-ruang-5512")) == [[EKA, GITA]]
    for what in ("second_step_on", "second_step_off", "new_recovery_codes"):
        assert told(lambda what=what: changed(gita, what)) == [[EKA, GITA]]
    assert told(lambda: changed(gita, "sign_in")) == []
    assert told(lambda: actions.assign(by=secretary, user=tari, role=Role.CADRE, place_code="36.72.05.1005")) == []
    task = [Membership.objects.get(user=gita).pk]
    over = {"by": secretary, "cycle_slug": cycle.slug, "person": gita.uuid, "to": tari.uuid, "listed": task}
    # Whose task it was hears of it too: it may not have been her wish.
    assert told(lambda: hand_over_all(**over)) == [[EKA, GITA, TARI]]
    held = Membership.objects.get(user=tari, role=Role.PROTECTION)
    assert told(lambda: actions.end_task(by=secretary, membership=held)) == [[EKA, TARI]]


def test_of_a_task_that_is_nothing_to_the_room_she_alone_hears_and_whose_it_was(settings: Any) -> None:
    settings.SELARAS_EMAIL_URL = {"EMAIL_HOST": "x"}
    cycle = programme().cycle
    with_mail(build.member(Role.PROTECTION, "36.72"), EKA)
    with_mail(build.member(Role.LEADER, "36.72"), WALI)
    gita, tari = with_mail(build.member(Role.PROTECTION, "36.72.05"), GITA), with_mail(build.user(), TARI)
    cadre = {"role": Role.CADRE, "place_code": "36.72.05.1005"}

    assert told(lambda: actions.assign(by=CONSOLE, user=gita, **cadre)) == [[GITA]]
    task = actions.assign(by=CONSOLE, user=tari, **cadre | {"cycle": cycle})
    assert told(lambda: actions.hand_over(by=CONSOLE, membership=task, to=gita)) == [[GITA, TARI]]
    task = actions.assign(by=CONSOLE, user=tari, **cadre | {"place_code": "36.72.05.1001"})
    over = {"by": CONSOLE, "cycle_slug": cycle.slug, "person": tari.uuid, "to": gita.uuid, "listed": [task.pk]}
    assert told(lambda: hand_over_all(**over)) == [[GITA, TARI]]
    # These change what she is in the room: one asks for emergencies, the other is nobody there.
    for role, area in ((Role.SECRETARIAT, "36.72"), (Role.ADMINISTRATOR, "")):
        heard = told(lambda role=role, area=area: actions.assign(by=CONSOLE, user=gita, role=role, place_code=area))
        assert heard == [[EKA, GITA]]


def test_of_a_leaders_account_leaders_secretariat_and_officers_hear(settings: Any) -> None:
    """In an emergency she may be the second of two: whoever takes her account over is two people."""
    settings.SELARAS_EMAIL_URL = {"EMAIL_HOST": "x"}
    cycle = programme().cycle
    secretary = with_mail(build.member(Role.SECRETARIAT, "36.72"), SARI)
    with_mail(build.member(Role.PROTECTION, "36.72.05"), EKA)
    wali, wakil = with_mail(build.member(Role.LEADER, "36.72"), WALI), with_mail(build.user(), WAKIL)
    for role, area in ((Role.LEADER, "36.73"), (Role.LEADER, "36"), (Role.SUPERVISOR, "36.72.05.1005")):
        with_mail(build.member(role, area), f"{role}-{area}@contoh.go.id")
    here = [EKA, SARI, WALI]

    assert told(lambda: actions.assign(by=CONSOLE, user=wakil, role=Role.LEADER, place_code="36.72")) == [
        [EKA, SARI, WAKIL, WALI]
    ]
    row = Membership.objects.get(user=wakil)
    assert told(lambda: actions.end_task(by=CONSOLE, membership=row)) == [[EKA, SARI, WAKIL, WALI]]
    assert told(lambda: actions.set_password(by=CONSOLE, user=wali, password="melati-ruang-5512")) == [here]
    again = {"by": secretary, "cycle_slug": cycle.slug, "person": wali.uuid}
    assert told(lambda: invitations.invite_again(**again, key=uuid4())) == [here]
    for what in ("second_step_on", "second_step_off", "new_recovery_codes"):
        assert told(lambda what=what: changed(wali, what)) == [here]
    assert told(lambda: actions.set_active(by=CONSOLE, user=wali, active=False)) == [here]
    assert told(lambda: actions.set_active(by=CONSOLE, user=wali, active=True)) == [here]
    task = Membership.objects.get(user=wali)
    assert told(lambda: actions.hand_over(by=CONSOLE, membership=task, to=wakil)) == [[EKA, SARI, WAKIL, WALI]]
    # Of one at the province, whose task opens nothing here, and of a lurah nobody does.
    for each in User.objects.filter(email__in=["leader-36@contoh.go.id", "supervisor-36.72.05.1005@contoh.go.id"]):
        assert told(lambda each=each: changed(each, "second_step_on")) == []


def test_where_the_last_officers_account_is_switched_off_leaders_and_secretariat_hear(settings: Any) -> None:
    settings.SELARAS_EMAIL_URL = {"EMAIL_HOST": "x"}
    eka = with_mail(build.member(Role.PROTECTION, "36.72"), EKA)
    with_mail(build.member(Role.SECRETARIAT, "36.72"), SARI)
    with_mail(build.member(Role.LEADER, "36.72"), WALI)
    assert told(lambda: actions.set_active(by=CONSOLE, user=eka, active=False)) == [[EKA, SARI, WALI]]


def told(step: Callable[[], object]) -> list[list[str]]:
    """Whom each mail goes to that is sent once the step stands."""
    mail.outbox.clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        step()
    return [letter.bcc for letter in mail.outbox]


def changed(user: User, what: str) -> None:
    with actions.own_change(by=user, what=what):
        pass


def test_a_mail_that_cannot_be_sent_stops_nothing_and_its_line_says_nothing(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SELARAS_EMAIL_URL, settings.EMAIL_BACKEND = {"EMAIL_HOST": "x"}, f"{__name__}.Broken"
    eka = with_mail(build.member(Role.PROTECTION, "36.72"), EKA)
    log = logging.getLogger("selaras")
    log.addHandler(caplog.handler)
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.set_password(by=CONSOLE, user=eka, password="melati-ruang-5512")
    letters.tell([eka])
    log.removeHandler(caplog.handler)

    assert [record.getMessage() for record in caplog.records] == ["surel pemberitahuan tidak terkirim"] * 2
