"""One phone's life: from the QR code that sets it up to the day when it is closed."""

import uuid

import pytest

from selaras.access import CONSOLE
from selaras.actions.field.phones import revoke_phone
from selaras.actions.field.taking import take_in
from selaras.models import Arrival, ArrivalFile, Submission
from selaras.odk.settings_qr import settings_code
from tests import build
from tests.build_field import filled, open_field
from tests.openrosa.collect import Collect, NotOpenRosaError, said_by
from tests.openrosa.test_contract import HOST, wire

pytestmark = pytest.mark.django_db


def test_a_phone_is_set_up_fetches_sends_corrects_and_is_closed() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03", name="Rohayati")
    phone = Collect.by_settings(settings_code(server_url=f"{HOST}/odk/{of.phone.token}/", name="P2WKSS"), wire)

    listed, practice = phone.form_list()
    (media,) = phone.manifest(listed)
    assert phone.download(listed) == of.form.file.content()
    assert [line.split(",")[0] for line in phone.fetch(media).decode().splitlines()[1:]] == [str(family.uuid)]
    assert phone.deleted(media, [str(family.uuid)]) == {str(family.uuid): False}

    number = f"uuid:{uuid.uuid4()}"
    photos = {f"foto {each}.jpg": bytes([each]) * 60_000 for each in range(120)}
    named = "".join(f"<foto>{name}</foto>" for name in photos)
    first = filled(of.form, family, instance=number, more=named)
    assert [status for status, _ in phone.send(first, photos)] == [201, 202, 202]
    assert [status for status, _ in phone.send(first, photos)] == [202, 202, 202]
    assert take_in() == 1

    edit = filled(of.form, family, {"jumlah": "5"}, deprecated=number)
    assert [status for status, _ in phone.send(edit)] == [201]
    assert practice.form_id == of.practice.form_id
    assert [status for status, _ in phone.send(filled(of.practice, family))] == [201]
    assert take_in() == 1

    revoke_phone(by=CONSOLE, cycle_slug=of.programme.cycle.slug, phone_id=of.phone.phone.uuid)
    with pytest.raises(NotOpenRosaError):
        phone.form_list()
    reply = phone.post(f"{phone.base}/submission", filled(of.form, family), {})
    assert (reply.status, said_by(reply).partition(".")[0]) == (403, "Kode HP ini tidak berlaku lagi")

    assert list(Arrival.objects.order_by("pk").values_list("state", flat=True)) == ["taken", "taken", "practice"]
    assert list(Submission.objects.order_by("pk").values_list("answers__jumlah", flat=True)) == [4, 5]
    files = {one.name: one.file.content() for one in ArrivalFile.objects.select_related("file__key")}
    assert files == photos
