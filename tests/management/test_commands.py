"""Commands say what was done, print every problem, and end with the right code."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from selaras.actions import audit
from selaras.models import AuditEntry, Place, Seal, User
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)

IKS = Path(__file__).resolve().parents[2] / "instruments" / "iks" / "1.0" / "workbook.xlsx"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


def test_audit_verifies_prints_the_head_and_matches_a_printed_one(capsys: Captured) -> None:
    AuditEntry(action="uji").save()
    audit.seal_pending()
    AuditEntry(action="uji").save()
    printed = audit.head_to_print(Seal.objects.get().head)
    call_command("audit", "--verify", head=printed)
    assert capsys.readouterr().out.splitlines() == [
        "1 catatan dalam 1 segel diperiksa; 1 belum disegel.",
        f"Kepala rantai: {printed}",
        "Kepala yang tercetak ialah segel 1: riwayat sampai di situ utuh.",
    ]


def test_audit_exits_1_where_the_chain_is_broken_and_for_a_malformed_head(capsys: Captured) -> None:
    AuditEntry(action="uji").save()
    AuditEntry.objects.update(action="lain")
    for arguments, expected in (([], "RUSAK: catatan "), (["--head", "abc"], "'abc' bukan kepala rantai audit; ")):
        with pytest.raises(SystemExit) as stopped:
            call_command("audit", "--verify", *arguments)
        assert (stopped.value.code, capsys.readouterr().out.startswith(expected)) == (1, True)
    with pytest.raises(CommandError):
        call_command("audit")


def test_load_places_says_how_far_it_is(capsys: Captured) -> None:
    call_command("load_places", "36")
    lines = capsys.readouterr().out.splitlines()
    total = f"{Place.objects.count():,}".replace(",", ".")
    assert lines[-2:] == [f"  {total} dari {total}", f"{Place.objects.count()} wilayah baru, 0 berubah, 0 tetap."]
    with pytest.raises(SystemExit):
        call_command("load_places", "99")
    assert capsys.readouterr().out == "provinsi '99' tidak ada di daftar; tulis dua angka kodenya, misalnya 36\n"


def test_backup_and_restore_say_what_they_moved(tmp_path: Path, capsys: Captured) -> None:
    # She, and the key that tells numbers again: a backup is made with it.
    build.user("ani")
    path = tmp_path / "1.zip"
    call_command("backup", str(path))
    assert capsys.readouterr().out.splitlines() == [
        f"{path}: 2 baris dan 0 berkas tersimpan.",
        "Simpan SELARAS_DATA_KEY di tempat lain: tanpanya cadangan ini tidak dapat dibaca.",
    ]
    for word, expected in (
        ("backup", "1.zip sudah ada; pilih nama berkas lain; cadangan lama tidak ditimpa\n"),
        ("restore", "basis data ini sudah berisi; "),
    ):
        with pytest.raises(SystemExit) as stopped:
            call_command(word, str(path))
        assert (stopped.value.code, capsys.readouterr().out.startswith(expected)) == (1, True)
    call_command("flush", verbosity=0, interactive=False)
    call_command("restore", str(path))
    assert capsys.readouterr().out == "2 baris dan 0 berkas pulih.\n"
    assert User.objects.get().username == "ani"


def test_a_family_is_erased_once_its_code_is_typed_again(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    household = build.household(build.lokus(build.cycle()))
    words = ["erase_household", "36-72-2024", "GD-001", "--reason", "permintaan"]
    monkeypatch.setattr("builtins.input", lambda _question: "gd-002")
    with pytest.raises(SystemExit) as stopped:
        call_command(*words)
    assert (stopped.value.code, capsys.readouterr().out) == (1, "Kode tidak cocok. Tidak ada yang dihapus.\n")
    household.refresh_from_db()
    assert household.erased_at is None
    monkeypatch.setattr("builtins.input", lambda _question: "gd-001 ")
    call_command(*words)
    assert capsys.readouterr().out.splitlines() == [
        "GD-001 dihapus. Nilai yang sudah dihitung tetap, tanpa nama.",
        "Salin media/erasures.jsonl ke tempat cadangan: pemulihan memerlukannya.",
    ]
    household.refresh_from_db()
    assert household.erased_at is not None
    with pytest.raises(SystemExit):
        call_command(*words, "--yes")
    assert capsys.readouterr().out.startswith("tidak ditemukan; ")


def test_rotate_keys_says_how_many(capsys: Captured, settings: Settings) -> None:
    build.key()
    settings.SELARAS_DATA_KEY += ",2:" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
    call_command("rotate_keys")
    assert capsys.readouterr().out.startswith("1 kunci dibungkus ulang.")
    settings.SELARAS_DATA_KEY = "3:" + "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="
    with pytest.raises(SystemExit) as stopped:
        call_command("rotate_keys")
    assert (stopped.value.code, capsys.readouterr().out.startswith("Berhenti: versi lama")) == (1, True)
