"""Files are on disk before their row, never change, and say by their name whether they are whole."""

import hashlib
from pathlib import Path

import pytest
from pytest_django import Settings

from selaras.models import CannotUnsealError, StoredFile
from selaras.models.files import path_of, write_once
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def test_a_public_file_is_stored_once_under_its_hash(media: Path) -> None:
    one, two = StoredFile.store(b"buku kerja", "a/b"), StoredFile.store(b"buku kerja", "a/b")
    name = hashlib.sha256(b"buku kerja").hexdigest()
    assert one == two
    assert one.sha256 == name
    assert [path for path in media.rglob("*") if path.is_file()] == [media / name[:2] / name]
    assert one.content() == b"buku kerja"
    assert one.is_intact()


def test_a_personal_file_is_sealed_and_its_name_is_of_the_sealed_bytes() -> None:
    key = build.key()
    stored, again = StoredFile.store(b"foto", "image/jpeg", key), StoredFile.store(b"foto", "image/jpeg", key)
    assert stored.sha256 != again.sha256
    assert b"foto" not in stored.path.read_bytes()
    assert stored.sha256 == hashlib.sha256(stored.path.read_bytes()).hexdigest()
    assert StoredFile.objects.get(pk=stored.pk).content() == b"foto"
    stored.id = again.id
    with pytest.raises(CannotUnsealError):
        stored.content()


def test_a_changed_or_missing_file_is_not_intact() -> None:
    stored = StoredFile.store(b"asli", "a/b")
    stored.path.write_bytes(b"lain")
    assert not stored.is_intact()
    stored.path.unlink()
    assert not stored.is_intact()


def test_a_failed_write_leaves_nothing_behind(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_handle: int) -> None:
        raise OSError("disk penuh")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="disk penuh"):
        write_once(b"isi", "ab" + "0" * 62)
    assert not path_of("ab" + "0" * 62).exists()
    assert [path for path in media.rglob("*") if path.is_file()] == []
