"""/kirim/<uuid>: what has not come whole yet: sealed, limited, forgotten in the end; and what is written down."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from selaras.actions.sending.uploads import FORGOTTEN_AFTER, forget_old
from selaras.models import Arrival, AuditEntry, DataKey, StoredFile, Upload
from tests.build_field import open_field
from tests.build_sending import Wire
from tests.photos import jpeg
from tests.web.cast import inside
from tests.web.test_sending import TAKEN, cadre, form, said

pytestmark = pytest.mark.django_db


def test_pieces_are_sealed_and_go_with_their_key() -> None:
    of = open_field()
    sent = form(of, ("a.jpg", b"RAHASIA" * 200))
    wire = Wire(inside(cadre(of)))
    wire.put(sent, 0, len(sent.content) - 1)
    stored = [path.read_bytes() for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    key = Upload.objects.get().key

    assert [b"RAHASIA" in each for each in stored] == [False] * len(stored)
    wire.put(sent, len(sent.content) - 1)
    assert DataKey.objects.get(pk=key.pk).wrapped is None
    assert StoredFile.objects.filter(key=key).count() == 0


def test_what_was_not_finished_in_thirty_days_is_forgotten_and_what_was_is_known_for_ever() -> None:
    of = open_field()
    wire = Wire(inside(cadre(of)))
    done, half, young = form(of), form(of), form(of)
    wire.put(done)
    wire.put(half, 0, 300)
    long_ago = timezone.now() - FORGOTTEN_AFTER - timedelta(minutes=1)
    Upload.objects.update(touched_at=long_ago)
    wire.put(young, 0, 300)

    assert forget_old(timezone.now()) == 1
    assert [wire.told(each)["arrived"] for each in (done, half, young)] == [len(done.content), 0, 300]


def test_who_leaves_too_much_unfinished_is_asked_to_finish_first(monkeypatch: pytest.MonkeyPatch) -> None:
    of = open_field()
    wire = Wire(inside(cadre(of)))
    first, second = form(of, ("a.jpg", jpeg())), form(of, ("b.jpg", jpeg()))
    monkeypatch.setattr("selaras.actions.sending.uploads.MOST_UNFINISHED", len(first.content) + 100)
    wire.put(first, 0, 600)

    answer = wire.put(second, 0, 600)

    assert (answer.status_code, answer.json()["state"]) == (507, "failed")


def test_a_disk_that_is_full_is_told_and_nothing_is_acknowledged(monkeypatch: pytest.MonkeyPatch) -> None:
    of = open_field()
    wire, sent = Wire(inside(cadre(of))), form(of, ("a.jpg", jpeg()))

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("selaras.models.files.write_once", full)
        answers = [wire.put(sent), wire.put(sent, 0, 500)]

    assert [(each.status_code, each.json()["state"]) for each in answers] == [(507, "failed")] * 2
    assert Arrival.objects.count() == 0
    assert said(wire.put(sent)) == {"status": 200, **TAKEN}


def test_receipt_of_a_web_form_is_written_down_once() -> None:
    of = open_field()
    sent = form(of)
    before = AuditEntry.objects.count()

    for _ in range(2):
        Wire(inside(cadre(of))).put(sent)

    entries = AuditEntry.objects.order_by("pk")[before:]
    assert [(entry.action, entry.actor, entry.object_id) for entry in entries] == [
        ("arrivals.receive", cadre(of), str(Arrival.objects.get().uuid))
    ]
