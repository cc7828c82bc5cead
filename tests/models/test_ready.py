"""A statement that is written once answers as the query that it was made of."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db.models import QuerySet

from selaras.models import FieldForm, PhoneToken
from selaras.models.ready import Ready
from tests.build_field import open_field

pytestmark = pytest.mark.django_db


def phones(token_hash: str, cycle: int) -> "QuerySet[PhoneToken, object]":
    rows = PhoneToken.objects.filter(token_hash=token_hash, cycle=cycle, user__is_active=True)
    return rows.values_list("uuid", "created_at", "revoked_at", "user__is_active", "cycle__place__code", "id")


def forms(form_id: str) -> "QuerySet[FieldForm, object]":
    return FieldForm.objects.filter(form_id=form_id).values_list("practice", "round__closes", "file__key__wrapped")


def test_each_kind_of_value_comes_as_the_query_gives_it() -> None:
    of = open_field()
    phone, ready, of_forms = of.phone.phone, Ready(phones, token_hash="", cycle=0), Ready(forms, form_id="")

    for token_hash, cycle in (
        (phone.token_hash, phone.cycle_id),
        ("x", phone.cycle_id),
        (phone.token_hash, phone.cycle_id + 1),
    ):
        assert ready.rows(token_hash=token_hash, cycle=cycle) == list(phones(token_hash, cycle))
    for form in (of.form, of.practice):
        assert of_forms.rows(form_id=form.form_id) == list(forms(form.form_id))
    assert len(ready.rows(token_hash=phone.token_hash, cycle=phone.cycle_id)) == 1


def test_each_kind_of_value_is_asked_for_as_the_query_asks() -> None:
    of = open_field()
    phone, when = of.phone.phone, of.phone.phone.created_at
    like = {"created": when, "closes": of.form.round.closes, "uuid": phone.uuid}

    def those(created: datetime, closes: date, uuid: UUID) -> "QuerySet[PhoneToken, object]":
        found = PhoneToken.objects.filter(created_at__gte=created, uuid=uuid, cycle__rounds__closes=closes)
        return found.values_list("id", "cycle__rounds__id")

    ready = Ready(those, created=datetime(2026, 1, 1, tzinfo=UTC), closes=date(2026, 1, 1), uuid=UUID(int=0))
    assert ready.rows(**like) == list(those(**like)) != []
    for other in (
        {"created": when + timedelta(microseconds=1)},
        {"closes": of.form.round.closes + timedelta(1)},
        {"uuid": UUID(int=1)},
    ):
        assert ready.rows(**like | other) == []


def test_what_a_stranger_sends_is_a_value_and_never_part_of_the_statement() -> None:
    of = open_field()
    ready = Ready(forms, form_id="")
    assert ready.rows(form_id="' OR 1=1 --") == []
    assert ready.rows(form_id="%s\N{LOZENGE}form_id\N{LOZENGE}") == []
    assert len(ready.rows(form_id=of.form.form_id)) == 1


def test_a_value_that_the_query_changes_or_leaves_out_is_refused_when_it_is_written() -> None:
    changed = Ready(lambda title: FieldForm.objects.filter(title__icontains=title).values_list("pk"), title="")
    left_out = Ready(lambda title: FieldForm.objects.values_list("pk"), title="")  # noqa: ARG005
    for ready in (changed, left_out):
        with pytest.raises(ValueError, match="does not stand in the statement"):
            ready.rows(title="x")
