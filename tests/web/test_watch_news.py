"""Whoever answers for a city is told who was given what and who took data along, until she closes it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from selaras.actions import audit
from selaras.actions import people as actions
from selaras.actions.invitations import invite, open_account
from selaras.models import Role, User
from selaras.queries.watch import ROLES, TAKEN, watch_news
from selaras.web.audit_words import ACTIONS
from tests import build
from tests.build_programme import programme
from tests.web.cast import inside

pytestmark = pytest.mark.django_db


def told(user: User, name: str = "Uji") -> User:
    """She has signed in and read everything an hour ago."""
    User.objects.filter(pk=user.pk).update(tasks_told_at=timezone.now() - timedelta(hours=1), full_name=name)
    return User.objects.get(pk=user.pk)


def noted(by: User, action: str, place: str = "36.72") -> None:
    with transaction.atomic():
        audit.record(by=by, action=action, place_code=place)


def test_another_who_gives_a_role_or_takes_data_is_said_and_what_is_ones_own_is_not(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cycle = programme().cycle
    ani, budi = (told(build.member(Role.SECRETARIAT, "36.72", cycle=cycle), name) for name in ("Ani", "Budi"))
    cadre = told(build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle))
    assert (watch_news(ani), watch_news(cadre)) == (None, None)
    actions.assign(by=budi, user=cadre, role=Role.CADRE, cycle=cycle, place_code="36.72.05.1005.RW04")
    for _ in range(2):
        noted(budi, "exports.take", "36.72.05.1005")
    for action, place in (("exports.take", "36.73"), ("households.reveal", "36.72")):
        noted(budi, action, place)
    noted(ani, "exports.take")
    with django_assert_num_queries(2):
        news = watch_news(ani)
    with django_assert_num_queries(0):
        assert watch_news(cadre) is None

    assert news is not None
    assert [(line.action, line.who, line.times, line.taken) for line in news.lines] == [
        ("exports.take", "Budi", 2, True),
        ("people.assign", "Budi", 1, False),
    ]


def test_it_stands_where_she_lands_until_she_closes_it() -> None:
    cycle = programme().cycle
    ani, budi = (told(build.member(Role.SECRETARIAT, "36.72", cycle=cycle), name) for name in ("Ani", "Budi"))
    noted(budi, "exports.take")
    client = inside(ani)
    page = client.get("/", follow=True).content.decode()
    client.post("/akun/penugasan/dibaca/", {"sampai": timezone.now().isoformat()})
    after = client.get("/", follow=True).content.decode()

    said = f"{ACTIONS['exports.take']}: <b>Budi</b>"
    assert [text.count(said) for text in (page, after)] == [1, 0]


def test_whatever_can_be_taken_along_is_told_or_names_nobody() -> None:
    """A new way out of the server is put into one of the two."""
    ways = {action for action in ACTIONS if re.search(r"\.(export|print|copy|take_(original|annex)$|take$)", action)}
    nobody = set(
        "plans.export plans.export_matrix meetings.export papers.export_matrix indicators.export instruments.export "
        "forms.print reactions.print arrivals.take".split()
    )

    assert ways == TAKEN | nobody


def test_who_came_in_by_an_invitation_is_told_with_what_she_was_invited_to() -> None:
    cycle = programme().cycle
    ani, budi = (told(build.member(Role.SECRETARIAT, "36.72", cycle=cycle), name) for name in ("Ani", "Budi"))
    asked = [actions.Asked("protection")]
    made = invite(by=budi, cycle_slug=cycle.slug, key=uuid4(), full_name="Cici", tasks=asked)
    open_account(secret=made.token, username="cici", password="kenanga-lumbung-9174")
    news = watch_news(ani)

    assert news is not None
    assert [(line.action, line.who) for line in news.lines] == [
        ("invitations.open", "Cici"),
        ("invitations.make", "Budi"),
    ]


def test_everything_that_is_said_has_words() -> None:
    assert {action for action in ROLES | TAKEN if action not in ACTIONS} == set()
