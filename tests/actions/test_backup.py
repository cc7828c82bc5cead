"""A backup is one moment, the same on both databases, useless without the key, and brings nobody back."""

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions import audit, backup, doctor, erasure, photo_consents, restriction_marks, upkeep
from selaras.actions.backups import rows
from selaras.actions.backups.sealed import BLOCK, OpeningReader, SealingWriter, plain
from selaras.actions.photo_consents import say_photo_uses
from selaras.actions.rights import answer_request, ask_about_data, know_asker
from selaras.errors import Forbidden, InputError
from selaras.models import (
    AuditEntry,
    CannotUnsealError,
    CurrentAnswers,
    DataKey,
    Household,
    ImportBatch,
    Job,
    JobState,
    Role,
    StoredFile,
    User,
)
from selaras.queries.photo_uses import uses_of
from tests import build, leaks
from tests.actions.planting import Family, members, publish, upload
from tests.cases.build import ticket
from tests.conftest import copy_migrated

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


def planted() -> tuple[Family, Household]:
    family = Family()
    lokus = build.lokus(build.cycle(), rw="03")
    build.member(Role.SECRETARIAT, "36.72")
    household = publish(upload(lokus, [family, Family()]), [family, Family()])[0]
    # Scored: what is owed would be asked for again, by a new job.
    CurrentAnswers.objects.update(dirty=False)
    audit.seal_pending()
    return family, household


def emptied(media: Path) -> None:
    """This server, lost."""
    call_command("flush", verbosity=0, interactive=False)
    shutil.rmtree(media, ignore_errors=True)


def tables(path: Path) -> dict[str, list[bytes]]:
    with plain(path) as source, zipfile.ZipFile(source) as archive:
        return {name: archive.read(name).splitlines() for name in archive.namelist() if name.startswith("tables/")}


def refusal(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def selaras(word: str, *arguments: str | Path, folder: Path) -> str:
    """A command of another server, on SQLite in that folder."""
    environment = {
        **os.environ,
        "SELARAS_VAR": str(folder),
        "SELARAS_DATABASE_URL": f"sqlite:///{folder / 'lain.sqlite3'}",
        "SELARAS_MEDIA_URL": f"file://{folder / 'media'}",
    }
    if not (folder / "lain.sqlite3").exists():
        copy_migrated(folder / "lain.sqlite3")
    command = [sys.executable, "-m", "selaras", word, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_backup_goes_to_another_database_and_comes_back_line_for_line(tmp_path: Path, media: Path) -> None:
    family, household = planted()
    first, second, third = (tmp_path / f"{n}.zip" for n in (1, 2, 3))
    backup.back_up(by=CONSOLE, path=first)
    selaras("restore", first, folder=tmp_path / "lain")
    selaras("backup", second, folder=tmp_path / "lain")
    emptied(media)
    backup.restore(by=CONSOLE, path=second)
    backup.back_up(by=CONSOLE, path=third)
    one, two, three = tables(first), tables(second), tables(third)
    assert one.keys() == two.keys() == three.keys()
    assert sum(bool(lines) for lines in one.values()) > 20
    entries = "tables/selaras.auditentry.jsonl"
    for earlier, later in ((one, two), (two, three)):
        assert {name: lines for name, lines in later.items() if name != entries} == {
            name: lines for name, lines in earlier.items() if name != entries
        }
        assert later[entries][: len(earlier[entries])] == earlier[entries]
        assert [json.loads(line)["action"] for line in later[entries][len(earlier[entries]) :]] == ["server.restore"]
    # And it is not only equal but alive: keys open, files are whole, the chain holds, new rows get new numbers.
    again = Household.objects.select_related("key").get(uuid=household.uuid)
    assert (again.kk(), again.head_name, members(again)[0].nik()) == (family.kk, family.name, family.nik)
    assert {stored.content() for stored in StoredFile.objects.filter(key=again.key)} == {family.photo.encode()}
    assert all(stored.is_intact() for stored in StoredFile.objects.all())
    assert audit.verify().holds
    assert build.user().pk > max(json.loads(line)["id"] for line in three["tables/selaras.user.jsonl"])


def test_a_snapshot_sees_one_moment_and_holds_up_no_writer() -> None:
    ani, main = build.user("ani"), connections["default"]
    with rows.snapshot():
        assert User.objects.get().full_name == "Uji Coba"
        with main.cursor() as cursor:
            cursor.execute("UPDATE selaras_user SET full_name = 'Baru'")
        assert User.objects.get().full_name == "Uji Coba"
    ani.refresh_from_db()
    assert (ani.full_name, connections["default"]) == ("Baru", main)


def test_every_table_of_ours_and_of_sign_in_is_kept_and_nobody_is_told_how_many_tickets_there_are(
    tmp_path: Path,
) -> None:
    ticket()
    done = backup.back_up(by=CONSOLE, path=tmp_path / "1.zip")
    kept = tables(tmp_path / "1.zip")
    room = {name: len(lines) for name, lines in kept.items() if name.startswith("tables/cases.")}
    assert room["tables/cases.ticket.jsonl"] == 1
    assert done.rows == AuditEntry.objects.get().details["rows"] == sum(map(len, kept.values())) - sum(room.values())
    names = {name.removeprefix("tables/").removesuffix(".jsonl") for name in tables(tmp_path / "1.zip")}
    both = (apps.get_app_config(app) for app in ("selaras", "cases"))
    models = [model for app in both for model in app.get_models(include_auto_created=True)]
    left_out = {"selaras.worker", "selaras.browsersession", "selaras.export"}
    ours = {model._meta.label_lower for model in models} - left_out
    assert names == ours | {"account.emailaddress", "mfa.authenticator"}


def test_a_backup_says_nothing_secret_without_the_key_and_cannot_be_restored(
    tmp_path: Path, media: Path, settings: Settings
) -> None:
    family, _ = planted()
    path = tmp_path / "1.zip"
    backup.back_up(by=CONSOLE, path=path)
    assert path.stat().st_mode & 0o077 == 0
    with plain(path) as source, zipfile.ZipFile(source) as archive:
        content = b"\n".join(archive.read(name) for name in archive.namelist())
    found = {value for value in [*family.secret, *family.plain] for g in leaks.guises(value) if g in content}
    assert found == set(family.plain)
    emptied(media)
    settings.SELARAS_DATA_KEY = "1:" + base64.b64encode(b"x" * 32).decode()
    with pytest.raises(InputError) as refused:
        backup.restore(by=CONSOLE, path=path)
    assert refusal(refused) == ["backup.changed"]
    settings.SELARAS_DATA_KEY = "2:" + base64.b64encode(b"x" * 32).decode()
    with pytest.raises(InputError) as refused:
        backup.restore(by=CONSOLE, path=path)
    assert refusal(refused) == ["backup.key"]


def test_a_family_erased_since_does_not_come_back(tmp_path: Path, media: Path) -> None:
    family, household = planted()
    path, newer = tmp_path / "1.zip", tmp_path / "2.zip"
    backup.back_up(by=CONSOLE, path=path)
    erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
    other = unwilling(household)
    # The newer backup carries every register in itself.
    backup.back_up(by=CONSOLE, path=newer)
    kept = erasure.register_path().read_bytes()
    beside = {each.name: each.path.read_bytes() for each in backup.BESIDE if each.path.exists()}
    assert set(beside) == {photo_consents.REGISTER.name, restriction_marks.REGISTER.name}
    for registers in ((), (newer,), (tmp_path / "salinan.jsonl",)):
        emptied(media)
        if not registers:
            media.mkdir()
            erasure.register_path().write_bytes(kept)
        elif registers[0].suffix == ".jsonl":
            registers[0].write_bytes(kept)
        for name, said in beside.items() if newer not in registers else ():
            ((tmp_path if registers else media) / name).write_bytes(said)
        done = backup.restore(by=CONSOLE, path=path, registers=registers)
        assert (done.erased, done.restricted, done.unknown) == (1, 1, 0)
        leaks.swept()
        assert leaks.found([*family.secret, *family.plain]) == set()
        assert Household.objects.get(uuid=household.uuid).erased_at is not None
        assert Household.objects.filter(erased_at__isnull=True).count() == 1
        # What it withdrew since it does not give back either, and this server knows it from now on.
        assert uses_of(Household.objects.get(uuid=other.uuid)) == frozenset()
        assert {name: (media / name).read_bytes() for name in beside} == beside
        assert Household.objects.get(uuid=other.uuid).restricted_at is not None
        assert [entry.household for entry in erasure.read_register(erasure.register_path())] == [str(household.uuid)]
    # Without any register nobody could know: the control that the test above can fail.
    emptied(media)
    assert backup.restore(by=CONSOLE, path=path).erased == 0
    assert {value for value, _ in leaks.found(family.plain)} == set(family.plain)
    again = Household.objects.get(uuid=other.uuid)
    assert (uses_of(again), again.restricted_at) == ({"juri"}, None)


def unwilling(erased: Household) -> Household:
    """The other family, which says now that its photos may be used for nothing, and then that nothing of it may."""
    other = Household.objects.exclude(pk=erased.pk).select_related("lokus__cycle").get()
    lurah = build.member(Role.SUPERVISOR, other.lokus.area)
    where = {"cycle_slug": other.lokus.cycle.slug, "code": other.lokus.area, "household": other.code}
    say_photo_uses(by=lurah, **where, uses=[])
    by, slug = User.objects.get(memberships__role=Role.SECRETARIAT), other.lokus.cycle.slug
    row = ask_about_data(by=by, cycle_slug=slug, kind="object", household=other.code, asker="Uji", reach="surat")
    know_asker(by=by, cycle_slug=slug, request=row.uuid, seen=1)
    answer_request(by=by, cycle_slug=slug, request=row.uuid, state="done", seen=2)
    return other


def test_an_import_that_was_waiting_in_an_older_backup_does_not_bring_the_family_back(
    tmp_path: Path, media: Path
) -> None:
    families = [Family(), Family()]
    batch = upload(build.lokus(build.cycle(), rw="03"), families)
    other = upload(build.lokus(batch.round.cycle, "36.72.05.1001", "SJ"), families)
    path = tmp_path / "1.zip"
    backup.back_up(by=CONSOLE, path=path)
    household = publish(batch, families)[0]
    erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
    register = tmp_path / "daftar.jsonl"
    shutil.copy(erasure.register_path(), register)
    emptied(media)
    backup.restore(by=CONSOLE, path=path, registers=[register])
    assert DataKey.objects.filter(pk__in=[batch.key_id, other.key_id], wrapped__isnull=False).count() == 0
    assert StoredFile.objects.filter(key__in=[batch.key_id, other.key_id]).count() == 0
    assert Household.objects.count() == 0


def test_work_that_was_under_way_is_said_to_be_broken_off(tmp_path: Path, media: Path) -> None:
    for state in JobState.values:
        Job.objects.create(kind=state, state=state)
    backup.back_up(by=CONSOLE, path=tmp_path / "1.zip")
    emptied(media)
    backup.restore(by=CONSOLE, path=tmp_path / "1.zip")
    states = dict(Job.objects.values_list("kind", "state"))
    assert states == {"queued": "failed", "running": "failed", "done": "done", "failed": "failed"}


def test_what_answers_and_imports_still_owed_is_asked_for_again(tmp_path: Path, media: Path) -> None:
    _, household = planted()
    batch = ImportBatch.objects.get(state="published")
    CurrentAnswers.objects.filter(household=household).update(dirty=True)
    ImportBatch.objects.filter(pk=batch.pk).update(file=StoredFile.store(b"left", "text/csv"))
    Job.objects.all().delete()
    backup.back_up(by=CONSOLE, path=tmp_path / "1.zip")
    emptied(media)
    backup.restore(by=CONSOLE, path=tmp_path / "1.zip")
    waiting = Job.objects.filter(state=JobState.QUEUED).order_by("kind").values_list("kind", "params")
    assert list(waiting) == [
        ("imports.tidy", {"batch": str(batch.uuid)}),
        ("scoring.score", {"round": batch.round_id}),
    ]
    upkeep.resume()
    assert Job.objects.count() == 2


def test_a_restore_that_breaks_off_still_brings_nobody_back(
    tmp_path: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, household = planted()
    backup.back_up(by=CONSOLE, path=tmp_path / "1.zip")
    erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
    shutil.copy(erasure.register_path(), tmp_path / "erasures.jsonl")
    emptied(media)
    with monkeypatch.context() as power:
        power.setattr(erasure, "replay", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            backup.restore(by=CONSOLE, path=tmp_path / "1.zip", registers=[tmp_path / "erasures.jsonl"])
    assert Household.objects.get(uuid=household.uuid).erased_at is None
    back = [found.said for found in doctor.examine() if found.level == "rusak"]
    assert "1 keluarga yang pernah dihapus ada lagi" in back
    upkeep.tidy()
    assert Household.objects.get(uuid=household.uuid).erased_at is not None


def test_a_database_that_holds_anything_is_left_alone(tmp_path: Path) -> None:
    planted()
    backup.back_up(by=CONSOLE, path=tmp_path / "1.zip")
    before = AuditEntry.objects.count()
    with pytest.raises(InputError) as refused:
        backup.restore(by=CONSOLE, path=tmp_path / "1.zip")
    assert refusal(refused) == ["restore.not_empty"]
    assert AuditEntry.objects.count() == before


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "1.zip"
    path.write_bytes(b"lama")
    with pytest.raises(InputError) as refused:
        backup.back_up(by=CONSOLE, path=path)
    assert (refusal(refused), path.read_bytes()) == (["backup.exists"], b"lama")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".backup")] == []


def changed(path: Path, name: str, to: bytes | None, *, as_name: str = "") -> Path:
    """A copy of the archive with one member changed, removed (None) or added under another name."""
    copy = path.with_name(f"ubah-{name.replace('/', '-')}")
    with zipfile.ZipFile(plain(path)) as old, zipfile.ZipFile(copy, "w") as new:
        for info in old.infolist():
            if info.filename != name or as_name:
                new.writestr(info, old.read(info))
            elif to is not None:
                new.writestr(info.filename, to)
        if as_name:
            new.writestr(as_name, to or b"")
    return copy


def test_whatever_is_changed_in_a_backup_it_is_refused_and_nothing_is_written(tmp_path: Path, media: Path) -> None:
    planted()
    path = tmp_path / "1.zip"
    backup.back_up(by=CONSOLE, path=path)
    with plain(path) as source, zipfile.ZipFile(source) as archive:
        names, manifest = archive.namelist(), archive.read("manifest.json")
        member = archive.read("tables/selaras.user.jsonl")
        photo = next(name for name in names if name.startswith("media/"))
    emptied(media)
    tampered = {
        "a row": changed(path, "tables/selaras.user.jsonl", member.replace(b"secretariat", b"sekretaris!")),
        "a table gone": changed(path, "tables/selaras.person.jsonl", None),
        "a table more": changed(path, "tables/selaras.cycle.jsonl", b"{}", as_name="tables/selaras.lain.jsonl"),
        "a file": changed(path, photo, b"lain"),
        "the manifest": changed(path, "manifest.json", manifest.replace(b'"format": 1', b'"format": 1 ')),
        "the register": changed(path, "erasures.jsonl", b"{}\n"),
    }
    cut = tmp_path / "cut.zip"
    cut.write_bytes(path.read_bytes()[:-100])
    flipped = bytearray(path.read_bytes())
    flipped[len(flipped) // 2] ^= 1
    (tmp_path / "flipped.zip").write_bytes(flipped)
    tampered |= {"its end": cut, "one bit": tmp_path / "flipped.zip", "nothing": tmp_path / "tidak-ada.zip"}
    for what, file in tampered.items():
        with pytest.raises(InputError) as refused:
            backup.restore(by=CONSOLE, path=file)
        assert (what, refusal(refused)) == (what, ["backup.changed"])
    assert (User.objects.count(), AuditEntry.objects.count(), media.exists()) == (0, 0, False)


def test_another_zip_is_not_a_backup_and_a_newer_backup_is_refused(
    tmp_path: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "lain.zip"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("a.txt", "isi")
    with pytest.raises(InputError) as refused:
        backup.restore(by=CONSOLE, path=other)
    assert refusal(refused) == ["backup.unknown"]
    with monkeypatch.context() as patched:
        patched.setattr(backup, "_applied", lambda: [("selaras", "0001_initial"), ("selaras", "9999_from_tomorrow")])
        backup.back_up(by=CONSOLE, path=tmp_path / "schema.zip")
        patched.setattr(backup.archive, "FORMAT", 2)
        backup.back_up(by=CONSOLE, path=tmp_path / "format.zip")
    emptied(media)
    for name in ("schema.zip", "format.zip"):
        with pytest.raises(InputError) as refused:
            backup.restore(by=CONSOLE, path=tmp_path / name)
        assert (name, refusal(refused)) == (name, ["backup.newer"])


@pytest.mark.parametrize("size", [1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_what_is_sealed_is_read_from_anywhere_and_no_block_moves_or_goes(size: int) -> None:
    content, sealed = os.urandom(size), io.BytesIO()
    with SealingWriter(sealed) as writer:
        writer.write(content[:7])
        writer.write(content[7:])
    lying = sealed.getvalue()
    with OpeningReader(io.BytesIO(lying)) as whole:
        ends = [whole.readall(), whole.seek(-min(size, 5), os.SEEK_END), whole.readall()]

    assert ends == [content, size - min(size, 5), content[-5:]]
    block, head = BLOCK + 16, len(lying) - size - 16 * max(1, -(-size // BLOCK))
    moved = (
        lying[:head] + lying[head + block : head + 2 * block] + lying[head : head + block] + lying[head + 2 * block :]
    )
    for wrong in (
        [lying[: head + block]] * (size > BLOCK) + [moved] * (size > 2 * BLOCK) + [lying[:-1] + bytes([lying[-1] ^ 1])]
    ):
        with OpeningReader(io.BytesIO(wrong)) as changed, pytest.raises(CannotUnsealError):
            changed.readall()


def test_a_backup_that_gets_lost_tells_no_name_and_an_open_one_of_before_is_still_read(
    tmp_path: Path, media: Path, settings: Settings
) -> None:
    _family, household = planted()
    path, before = tmp_path / "1.cadangan", tmp_path / "lama.zip"
    backup.back_up(by=CONSOLE, path=path)
    with plain(path) as opened:
        before.write_bytes(opened.read())
    name = household.head_name.encode()
    lies = [name in path.read_bytes(), b"selaras" in path.read_bytes()[64:], before.read_bytes()[:2]]
    key = settings.SELARAS_DATA_KEY
    settings.SELARAS_DATA_KEY = "2:" + base64.b64encode(bytes(range(32))).decode()
    with pytest.raises(InputError) as refused:
        backup.restore(by=CONSOLE, path=path)
    settings.SELARAS_DATA_KEY = key
    emptied(media)
    backup.restore(by=CONSOLE, path=before)

    assert (lies, refusal(refused)) == ([False, False, b"PK"], ["backup.key"])
    assert refused.value.problems[0].values == {"version": "1"}
    assert Household.objects.get(pk=household.pk).head_name.encode() == name


def test_a_lost_file_is_named(tmp_path: Path) -> None:
    stored = StoredFile.store(b"hilang", "text/plain")
    stored.path.unlink()
    assert backup.back_up(by=CONSOLE, path=tmp_path / "1.zip").missing == (stored.sha256,)


def test_only_the_console_backs_up(tmp_path: Path) -> None:
    admin = build.member(Role.ADMINISTRATOR)
    with pytest.raises(Forbidden):
        backup.back_up(by=admin, path=tmp_path / "1.zip")
    with pytest.raises(Forbidden):
        backup.restore(by=admin, path=tmp_path / "1.zip")
