"""What is remembered of a phone and its form is believed only while it still stands: whatever changed in between is
found out with the next form, as if nobody had remembered anything."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from selaras.models import Arrival, ArrivalFile, PhoneToken, StoredFile
from tests import build
from tests.build_field import Field, filled, open_field
from tests.openrosa.collect import multipart


def send(of: Field, xml: bytes, **photos: bytes) -> int:
    body, kind = multipart(xml, photos)
    path = f"/odk/{of.phone.token}/submission"
    return Client(enforce_csrf_checks=True).generic("POST", path, body, content_type=kind).status_code


def a_form(of: Field) -> bytes:
    return filled(of.form, build.household(of.programme.lokus))


def revoke(of: Field) -> None:
    PhoneToken.objects.update(revoked_at=timezone.now())


def shut_out(of: Field) -> None:
    user = of.phone.phone.user
    user.is_active = False
    user.save(update_fields=["is_active"])


def end_task(of: Field) -> None:
    task = of.phone.phone.membership
    task.ends = timezone.now() - timedelta(seconds=1)
    task.save(update_fields=["ends"])


def begin_task_later(of: Field) -> None:
    task = of.phone.phone.membership
    task.starts = timezone.now() + timedelta(days=1)
    task.save(update_fields=["starts"])


def close_year(of: Field) -> None:
    cycle = of.programme.cycle
    cycle.closed_at = timezone.now()
    cycle.save(update_fields=["closed_at"])


def close_round(of: Field) -> None:
    of.programme.round.closes = timezone.localdate() - timedelta(days=1)
    of.programme.round.save(update_fields=["closes"])


def move_task(of: Field) -> None:
    task = of.phone.phone.membership
    task.place_code = task.place_code.replace("RW03", "RW04")
    task.save(update_fields=["place_code"])


@pytest.mark.django_db
@pytest.mark.parametrize("photos", [{}, {"foto.jpg": b"satu"}])
@pytest.mark.parametrize("change", [revoke, shut_out, end_task, begin_task_later])
def test_whoever_may_not_send_any_more_is_refused_with_the_very_next_form(
    change: Callable[[Field], None], photos: dict[str, bytes]
) -> None:
    of = open_field()
    assert send(of, a_form(of), **photos) == 201
    form = a_form(of)
    before = (Arrival.objects.count(), ArrivalFile.objects.count(), StoredFile.objects.count())

    change(of)

    assert send(of, form, **photos) == 403
    assert (Arrival.objects.count(), ArrivalFile.objects.count(), StoredFile.objects.count()) == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "state", "reason", "rw"),
    [
        (close_year, "quarantined", "closed", "RW03"),
        (close_round, "quarantined", "late", "RW03"),
        (move_task, "waiting", "", "RW04"),
    ],
)
def test_the_next_form_is_judged_by_what_holds_now(
    change: Callable[[Field], None], state: str, reason: str, rw: str
) -> None:
    of = open_field()
    assert send(of, a_form(of)) == 201
    form = a_form(of)

    change(of)

    assert send(of, form) == 201
    found = Arrival.objects.order_by("pk").last()
    assert found is not None
    assert (found.state, found.reason, found.area.rpartition(".")[2]) == (state, reason, rw)


@pytest.mark.django_db
def test_a_repeat_and_other_bytes_under_its_number_are_what_they_were_and_a_photo_comes_to_its_form() -> None:
    of = open_field()
    home = build.household(of.programme.lokus)
    assert send(of, a_form(of)) == 201
    first = filled(of.form, home, instance="uuid:satu")
    other = filled(of.form, home, {"jumlah": "9"}, instance="uuid:satu")

    statuses = [send(of, first), send(of, first), send(of, other), send(of, first, **{"foto.jpg": b"satu"})]

    rows = Arrival.objects.filter(instance_id="uuid:satu").order_by("pk")
    assert statuses == [201, 202, 201, 202]
    assert [(row.first, row.reason, row.files.count()) for row in rows] == [
        (True, "", 1),
        (False, "other_bytes", 0),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_photo_whose_form_is_erased_in_that_very_moment_is_sent_again() -> None:
    of = open_field()
    form = a_form(of)
    assert send(of, form) == 201

    def erased(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
        if sql.startswith('INSERT INTO "selaras_arrivalfile"'):
            execute('DELETE FROM "selaras_arrival"', None, False, context)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(erased):
        assert send(of, form, **{"foto.jpg": b"satu"}) == 503
    assert (Arrival.objects.count(), ArrivalFile.objects.count()) == (1, 0)
    assert send(of, form, **{"foto.jpg": b"satu"}) == 202
    assert (Arrival.objects.count(), ArrivalFile.objects.count()) == (1, 1)
