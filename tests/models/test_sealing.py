"""The one file of cryptography: what is sealed opens with its key, version and place, and with nothing else."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from pytest_django import Settings

from selaras.models import CannotUnsealError, DataKey, Household, KeyPurpose, SearchHashes, sealing
from tests import build

ONE = base64.b64encode(b"1" * 32).decode()
TWO = base64.b64encode(b"2" * 32).decode()


@examples(deadline=None)
@given(st.binary(max_size=300), st.text(max_size=40))
def test_what_is_sealed_comes_back_and_shows_nothing(value: bytes, context: str) -> None:
    secret = sealing.new_secret()
    sealed = sealing.seal(secret, value, context)
    assert sealing.unseal(secret, sealed, context) == value
    assert len(sealed) == 1 + sealing.NONCE_BYTES + len(value) + 16
    assert len(value) < 4 or value not in sealed
    assert sealing.seal(secret, value, context) != sealed


@examples(deadline=None)
@given(st.data())
def test_one_changed_bit_anywhere_opens_nothing(data: st.DataObject) -> None:
    secret = sealing.new_secret()
    sealed = bytearray(sealing.seal(secret, b"3672051971030001", "person.nik:1"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CannotUnsealError):
        sealing.unseal(secret, bytes(sealed), "person.nik:1")


def test_another_key_or_another_row_opens_nothing() -> None:
    secret = sealing.new_secret()
    sealed = sealing.seal(secret, b"rahasia", "household.kk:1")
    for other, context in ((sealing.new_secret(), "household.kk:1"), (secret, "household.kk:2")):
        with pytest.raises(CannotUnsealError):
            sealing.unseal(other, sealed, context)
    for cut in (b"", sealed[:5], sealed[:-1]):
        with pytest.raises(CannotUnsealError):
            sealing.unseal(secret, cut, "household.kk:1")


@pytest.mark.parametrize(
    "text",
    ["", "x" * 40, f"0:{ONE}", f"a:{ONE}", f"1:{ONE[:-8]}", f"1:{ONE},1:{TWO}", ONE, f"1:{ONE},", f"-1:{ONE}", "1:!"],
)
def test_a_master_key_of_another_form_is_refused(settings: Settings, text: str) -> None:
    settings.SELARAS_DATA_KEY = text
    with pytest.raises(ImproperlyConfigured, match="SELARAS_DATA_KEY"):
        sealing.master_keys()


def test_the_highest_version_wraps_what_is_new(settings: Settings) -> None:
    settings.SELARAS_DATA_KEY = f"2:{TWO}, 1:{ONE}"
    assert sealing.current_version() == 2
    key = DataKey.fresh(KeyPurpose.HOUSEHOLD)
    assert key.wrapped_by == 2
    settings.SELARAS_DATA_KEY = f"1:{ONE}"
    with pytest.raises(CannotUnsealError, match="version 2"):
        key.secret()


def test_a_key_wrapped_anew_still_opens_what_it_sealed(settings: Settings) -> None:
    settings.SELARAS_DATA_KEY = f"1:{ONE}"
    key = DataKey.fresh(KeyPurpose.HOUSEHOLD)
    sealed = key.seal(b"rahasia", "x")
    settings.SELARAS_DATA_KEY = f"1:{ONE},2:{TWO}"
    key.rewrap()
    settings.SELARAS_DATA_KEY = f"2:{TWO}"
    assert key.unseal(sealed, "x") == b"rahasia"


def test_a_wrapped_key_moved_to_another_row_does_not_open_there() -> None:
    one, two = DataKey.fresh(KeyPurpose.HOUSEHOLD), DataKey.fresh(KeyPurpose.HOUSEHOLD)
    two.wrapped = one.wrapped
    with pytest.raises(CannotUnsealError):
        two.secret()


def test_the_proof_of_a_manifest_holds_for_these_bytes_and_this_key_only(settings: Settings) -> None:
    settings.SELARAS_DATA_KEY = f"1:{ONE},2:{TWO}"
    proof = sealing.proof(1, b"isi")
    assert sealing.proves(1, b"isi", proof)
    assert not sealing.proves(1, b"isI", proof)
    assert not sealing.proves(2, b"isi", proof)


def test_a_purpose_has_its_own_key() -> None:
    secret = sealing.new_secret()
    assert sealing.derive(secret, "wrapping") != sealing.derive(secret, "manifest")
    assert sealing.search_hash(secret, "nik", "1") != sealing.search_hash(secret, "kk", "1")


@pytest.mark.django_db
def test_a_destroyed_key_opens_nothing_even_where_it_was_in_use() -> None:
    key = build.key()
    sealed = key.seal(b"rahasia", "x")
    key.destroy(timezone.now())
    again = DataKey.objects.get(pk=key.pk)
    assert again.wrapped is None
    for held in (key, again):
        with pytest.raises(CannotUnsealError, match="destroyed"):
            held.unseal(sealed, "x")


@pytest.mark.django_db
def test_a_destroyed_key_cannot_keep_its_bytes() -> None:
    key = build.key()
    with pytest.raises(IntegrityError), transaction.atomic():
        DataKey.objects.filter(pk=key.pk).update(destroyed_at=timezone.now())


@pytest.mark.django_db
def test_search_hashes_survive_a_new_master_key_and_are_made_once(settings: Settings) -> None:
    settings.SELARAS_DATA_KEY = f"1:{ONE}"
    before = SearchHashes.load().nik("3672 0519 7103 0001")
    settings.SELARAS_DATA_KEY = f"1:{ONE},2:{TWO}"
    key = DataKey.objects.get(purpose=KeyPurpose.SEARCH)
    key.rewrap()
    key.save()
    settings.SELARAS_DATA_KEY = f"2:{TWO}"
    assert SearchHashes.load().nik("3672051971030001") == before
    assert DataKey.objects.filter(purpose=KeyPurpose.SEARCH).count() == 1


@pytest.mark.django_db
def test_one_number_has_one_hash_however_it_is_written() -> None:
    hashes = SearchHashes.load()
    assert (
        len({hashes.phone(text) for text in ("0812-345-6789", "+62 812 345 6789", "62812 3456789", "8123456789")}) == 1
    )
    assert hashes.phone("08123456780") != hashes.phone("08123456789")
    assert hashes.nik("-") is None
    assert hashes.nik("1234") != hashes.kk("1234")


@pytest.mark.django_db
def test_a_family_keeps_its_numbers_sealed_and_blank_stays_blank() -> None:
    family = build.household(build.lokus(build.cycle()), kk="3672051234567890")
    again = Household.objects.select_related("key").get(pk=family.pk)
    assert (again.kk(), again.phone(), again.phone_sealed, again.phone_hash) == ("3672051234567890", "", None, None)
    assert again.kk_hash == SearchHashes.load().kk("3672051234567890")
    person = build.person(family)
    assert (person.nik(), person.nik_sealed) == ("", None)
