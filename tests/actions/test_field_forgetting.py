"""What phones sent and nobody can put to a family has a limit of time, and an erasure finds what names its family."""

from datetime import timedelta

import pytest
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.erasure import erase_household
from selaras.actions.field.forgetting import forget_unclaimed
from selaras.actions.field.receiving import Parcel, Sender, Sent, receive
from selaras.actions.field.taking import take_in
from selaras.actions.upkeep import every_hour
from selaras.models import Arrival, AuditEntry, CannotUnsealError, DataKey, Role, StoredFile
from selaras.queries.arrival import arrival_page
from selaras.queries.arrivals import UNCLAIMED_FOR
from tests import build
from tests.build_field import Field, filled, open_field

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def send(of: Field, xml: bytes, *files: Sent) -> Arrival:
    found = receive(sender=Sender.of(of.phone.phone), parcel=Parcel(xml, files)).arrival
    take_in()
    found.refresh_from_db()
    return found


def test_what_belongs_to_no_family_goes_after_two_years_with_its_photos_and_key_and_nothing_else_does() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    taken = send(of, filled(of.form, family))
    twice = send(of, filled(of.form, family, {"jumlah": "9"}))
    broken = send(of, b"<data>terputus", Sent("foto.jpg", b"wajah"))
    photo, key, sealed = broken.files.get().file, broken.key_id, bytes(broken.raw)
    assert (twice.reason, broken.reason) == ("twice", "broken")
    last = broken.received_at + UNCLAIMED_FOR

    assert (timedelta(days=365) <= UNCLAIMED_FOR, forget_unclaimed(now=last)) == (True, 0)
    assert forget_unclaimed(now=last + DAY) == 1

    assert set(Arrival.objects.values_list("pk", flat=True)) == {taken.pk, twice.pk}
    assert not StoredFile.objects.filter(pk=photo.pk).exists()
    with pytest.raises(CannotUnsealError):
        DataKey.objects.get(pk=key).unseal(sealed, broken.context())
    entry = AuditEntry.objects.get(action="arrivals.forget")
    assert (entry.object_id, entry.details) == (str(broken.uuid), {"reason": "broken", "days": UNCLAIMED_FOR.days})
    assert forget_unclaimed(now=last + DAY) == 0


def test_the_worker_does_it_every_hour() -> None:
    of = open_field()
    send(of, b"rusak")
    every_hour(now=timezone.now() + UNCLAIMED_FOR + DAY)
    assert Arrival.objects.count() == 0


def test_who_decides_is_told_until_when_it_is_kept() -> None:
    of = open_field()
    broken, taken = send(of, b"rusak"), send(of, filled(of.form, build.household(of.programme.lokus, rw="03")))
    ani = build.member(Role.SECRETARIAT, "36.72", cycle=of.programme.cycle)
    slug = of.programme.cycle.slug
    assert arrival_page(ani, slug, broken.uuid).kept_until == broken.received_at + UNCLAIMED_FOR
    assert arrival_page(ani, slug, taken.uuid).kept_until is None


def test_erasing_a_family_reaches_broken_forms_that_name_it_by_its_id_or_number_and_no_others() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03", name="Sumarni", kk="3672051234567890")
    build.person(family, "Siti Uji", nik="3672054107900001")
    whole = filled(of.form, family)
    cut = whole[: whole.index(b"</sl_keluarga>")]
    by_id = send(of, cut)
    by_entity = send(of, whole[whole.index(b"<entity ") :])
    by_kk = send(of, b"<data><kk>3672051234567890</kk>")
    by_nik = send(of, b"<data><nik>3672054107900001</nik")
    other = send(of, b"<data><nama>Sumarni</nama><kk>3672059999999999</kk>")
    assert [one.about == family.uuid for one in (by_id, by_entity, by_kk)] == [True, True, False]
    sealed = {one.pk: (bytes(one.raw), one.key_id, one.context()) for one in (by_id, by_kk, by_nik)}

    erasure = erase_household(by=CONSOLE, household=family, reason="permintaan")

    assert list(Arrival.objects.values_list("pk", flat=True)) == [other.pk]
    assert {str(one.key_id) for one in (by_id, by_entity, by_kk, by_nik)} <= set(erasure.keys)
    assert str(other.key_id) not in erasure.keys
    for raw, key, context in sealed.values():
        with pytest.raises(CannotUnsealError):
            DataKey.objects.get(pk=key).unseal(raw, context)

    receive(sender=Sender.of(of.phone.phone), parcel=Parcel(cut))
    take_in()
    assert list(Arrival.objects.values_list("pk", flat=True)) == [other.pk]
