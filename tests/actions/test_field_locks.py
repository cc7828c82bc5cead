"""In which order a form locks what it writes: families, the round, answers. Whoever scores has the round first."""

import threading
import uuid

import pytest
from django.db import connection, transaction

from selaras.actions.field.deciding import let_in
from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.models import Arrival, CurrentAnswers, Household, Role, Round
from tests import build
from tests.build_field import Field, filled, open_field
from tests.build_programme import bring, families_file
from tests.build_programme import family as row

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="on SQLite one writes at a time"),
]


def sent(of: Field, xml: bytes) -> Arrival:
    found = receive(sender=Sender.of(of.phone.phone), parcel=Parcel(xml)).arrival
    take_in()
    found.refresh_from_db()
    return found


def test_a_form_that_takes_answers_back_touches_none_while_another_has_the_round() -> None:
    """Else each waits for the other: scoring has the round and wants these answers."""
    of = open_field()
    bring(of.programme, families_file([row("GD-001", 3, "cemplung", rw="03")]))
    right, wrong = Household.objects.get(), build.household(of.programme.lokus, rw="03")
    first = f"uuid:{uuid.uuid4()}"
    sent(of, filled(of.form, wrong, instance=first))
    held = sent(of, filled(of.form, right, deprecated=first))
    office = build.member(Role.SECRETARIAT, "36.72", cycle=of.programme.cycle)
    errors: list[BaseException] = []

    def decide() -> None:
        try:
            let_in(by=office, cycle_slug=of.programme.cycle.slug, arrival_id=held.uuid)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    office_lets_it_in = threading.Thread(target=decide)
    with transaction.atomic():
        Round.objects.select_for_update(no_key=True).get(pk=of.form.round_id)
        office_lets_it_in.start()
        # It stands before the round by now, or has gone past it.
        office_lets_it_in.join(1.0)
        answers = list(CurrentAnswers.objects.select_for_update(nowait=True).values_list("household", flat=True))
    office_lets_it_in.join(120.0)

    assert (sorted(answers), errors) == (sorted([right.pk, wrong.pk]), [])
    assert list(CurrentAnswers.objects.values_list("household", flat=True)) == [right.pk]
