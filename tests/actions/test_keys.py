"""An old master key can be taken away once every key is wrapped anew."""

import base64

import pytest
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions import keys
from selaras.errors import Forbidden
from selaras.models import AuditEntry, CannotUnsealError, DataKey, Role
from tests import build

pytestmark = pytest.mark.django_db

ONE = "1:" + base64.b64encode(b"1" * 32).decode()
TWO = "2:" + base64.b64encode(b"2" * 32).decode()


def test_after_rotation_the_old_master_key_is_not_needed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "CHUNK", 2)
    settings.SELARAS_DATA_KEY = ONE
    made = [build.key() for _ in range(5)]
    sealed = [key.seal(b"rahasia", "x") for key in made]
    made[0].destroy(build.START)
    settings.SELARAS_DATA_KEY = f"{ONE},{TWO}"
    assert keys.rotate(by=CONSOLE) == 4
    assert keys.rotate(by=CONSOLE) == 0
    settings.SELARAS_DATA_KEY = TWO
    opened = [DataKey.objects.get(pk=key.pk).unseal(s, "x") for key, s in list(zip(made, sealed, strict=True))[1:]]
    assert opened == [b"rahasia"] * 4
    assert AuditEntry.objects.filter(action="keys.rotate").first().details == {
        "via": "console",
        "version": 2,
        "keys": 4,
    }


def test_rotation_without_the_old_key_changes_nothing(settings: Settings) -> None:
    settings.SELARAS_DATA_KEY = ONE
    key = build.key()
    settings.SELARAS_DATA_KEY = TWO
    with pytest.raises(CannotUnsealError):
        keys.rotate(by=CONSOLE)
    assert bytes(DataKey.objects.get(pk=key.pk).wrapped) == bytes(key.wrapped)


def test_nobody_rotates_keys_but_the_console() -> None:
    with pytest.raises(Forbidden):
        keys.rotate(by=build.member(Role.ADMINISTRATOR))
