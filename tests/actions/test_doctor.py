"""The doctor is silent about what is well and names each thing that is not."""

import base64
import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions import audit, erasure, teams, upkeep
from selaras.actions.doctor import Finding, examine
from selaras.actions.teams import Decree
from selaras.models import (
    AuditEntry,
    Counter,
    Erasure,
    Household,
    HouseholdScore,
    Job,
    JobState,
    Role,
    StoredFile,
    Team,
    TeamKind,
    Worker,
)
from selaras.models.files import write_once
from tests import build, leaks
from tests.actions.planting import Family, publish, upload
from tests.build_field import held_in_a_province
from tests.build_programme import bring, families_file, family, programme

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2024, 6, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.HTTPS = True
    settings.SELARAS_BACKUP_DIR = str(tmp_path / "cadangan")
    (tmp_path / "cadangan").mkdir()
    (tmp_path / "cadangan" / f"selaras-{NOW.date()}.zip").write_bytes(b"")


def well() -> list[Household]:
    """Two published families, a sealed audit and a worker that lives."""
    families = [Family(), Family()]
    made = publish(upload(build.lokus(build.cycle(), rw="03"), families), families)
    audit.seal_pending()
    Worker.objects.create(name="uji", seen_at=NOW)
    return made


def faults() -> list[str]:
    """What is said of everything that is not well."""
    return [finding.said for finding in examine(now=NOW) if finding.level != "baik"]


def test_where_all_is_well_nothing_is_said_but_what_was_looked_at() -> None:
    well()
    findings = list(examine(now=NOW))
    assert [finding for finding in findings if finding.level != "baik"] == []
    database = next(finding.said for finding in findings if connection.display_name in finding.said)
    assert [finding.said for finding in findings if finding.said != database] == [
        "SELARAS_DATA_KEY memuat versi 1",
        "susunan basis data mutakhir",
        "1 pekerja aktif",
        "5 kunci diperiksa",
        "3 berkas diperiksa",
        "cadangan harian terakhir 2024-06-01",
        "1 catatan audit dalam 1 segel diperiksa",
        "1 hitungan dibandingkan dengan datanya",
        "ruang perlindungan: kunci diperiksa",
        "jejak ruang perlindungan diperiksa",
    ]
    call_command("doctor")


def test_every_fault_says_what_to_do() -> None:
    for finding in examine(now=NOW):
        assert isinstance(finding, Finding)
        assert (finding.level == "baik") == (finding.remedy == "")


def test_a_silent_worker_and_abandoned_work_are_said() -> None:
    well()
    Worker.objects.update(seen_at=NOW - timedelta(minutes=3))
    Job.objects.create(kind="uji", state=JobState.RUNNING, heartbeat_at=NOW - timedelta(minutes=3))
    Job.objects.create(kind="uji", state=JobState.RUNNING, heartbeat_at=NOW)
    assert faults() == ["tidak ada pekerja yang aktif", "1 pekerjaan ditinggalkan"]


def test_keys_of_a_lost_or_an_older_version_are_said(settings: Settings) -> None:
    well()
    other = base64.b64encode(b"2" * 32).decode()
    settings.SELARAS_DATA_KEY += f",2:{other}"
    assert faults() == ["5 kunci masih dibungkus versi lama"]
    settings.SELARAS_DATA_KEY = f"2:{other}"
    assert [said.split(":")[0] for said in faults()] == [
        "kunci tidak dapat dibuka",
        "5 kunci masih dibungkus versi lama",
    ]


def test_changed_files_and_files_without_a_row_are_said_and_only_the_latter_tidied() -> None:
    well()
    stored = StoredFile.objects.first()
    assert stored is not None
    stored.path.write_bytes(b"lain")
    young, old = write_once(b"muda", "ab" + "0" * 62), write_once(b"tua", "ab" + "1" * 62)
    half = old.with_name(".new-x")
    half.write_bytes(b"")
    for path, at in ((young, NOW), (old, NOW - timedelta(hours=25)), (half, NOW - timedelta(hours=25))):
        os.utime(path, (at.timestamp(), at.timestamp()))
    for kept in StoredFile.objects.all():
        os.utime(kept.path, (0, 0))
    assert faults() == [f"berkas hilang atau berubah: {stored.sha256}", "2 berkas tanpa pemilik"]
    assert upkeep.tidy(now=NOW) == 2
    assert (young.exists(), old.exists(), half.exists()) == (True, False, False)
    assert all(kept.path.exists() for kept in StoredFile.objects.all())


def test_a_scan_that_another_replaced_is_swept_after_a_day_and_one_that_is_named_stays() -> None:
    cycle = build.cycle()
    same = {"kind": TeamKind.PEMBINA, "area": "36.72"}
    team = teams.add_team(by=CONSOLE, cycle=cycle, name="Tim Pembina", **same)
    for number in ("1", "2"):
        scan = ("sk.pdf", b"%PDF-1.7 " + number.encode())
        teams.change_team(by=CONSOLE, team=team, decree=Decree(number, None, scan), name=team.name, **same)
    stored = StoredFile.objects.order_by("received_at", "size")
    first, second = [row for content in (b"1", b"2") for row in stored if row.content().endswith(content)]
    aged = [row.path for row in (first, second)]
    for path in aged:
        os.utime(path, (0, 0))

    StoredFile.objects.update(received_at=NOW - timedelta(hours=23))
    assert (upkeep.tidy(now=NOW), [path.exists() for path in aged]) == (0, [True, True])
    StoredFile.objects.update(received_at=NOW - timedelta(hours=25))
    # Given again at this moment: its next owner is about to name it.
    StoredFile.written(b"%PDF-1.7 1", "application/pdf")
    assert (upkeep.tidy(now=NOW), [path.exists() for path in aged]) == (0, [True, True])
    os.utime(first.path, (0, 0))
    assert (upkeep.tidy(now=NOW), [path.exists() for path in aged]) == (1, [False, True])
    assert list(stored.values_list("pk", flat=True)) == [second.pk]
    assert Team.objects.get().decree_file_id == second.pk


def test_no_file_that_anything_names_is_swept() -> None:
    well()
    before = set(StoredFile.objects.values_list("pk", flat=True))
    StoredFile.objects.update(received_at=NOW - timedelta(days=365))
    for kept in StoredFile.objects.all():
        os.utime(kept.path, (0, 0))
    assert (upkeep.tidy(now=NOW), set(StoredFile.objects.values_list("pk", flat=True))) == (0, before)


def test_a_rewritten_audit_and_one_that_is_not_sealed_are_said() -> None:
    well()
    entry = AuditEntry.objects.get()
    AuditEntry.objects.filter(pk=entry.pk).update(action="lain", seal=None)
    AuditEntry.objects.update(at=NOW - timedelta(hours=1))
    said = faults()
    assert said == [
        "jejak audit: segel 1 tidak cocok dengan catatannya",
        f"jejak audit: catatan {entry.uuid} telah diubah",
        "ada catatan audit yang belum disegel",
    ]


@pytest.mark.parametrize("change", [{"true": 3}, {"missing": 7}, {"total": Decimal("0.000000000001")}])
def test_a_counter_that_differs_from_its_states_is_said(change: dict[str, object]) -> None:
    bring(programme(), families_file([family("GD-001", 4, "leher_angsa", 2000), family("GD-002", 3, "cemplung", "")]))
    audit.seal_pending()
    Worker.objects.create(name="uji", seen_at=NOW)
    assert faults() == []
    Counter.objects.filter(indicator__name="jamban").update(**change)
    assert [said.partition(", putaran")[0] for said in faults()] == ["hitungan berbeda: 36.72.05.1005"]


def test_a_state_that_differs_from_what_the_engine_says_is_said() -> None:
    bring(programme(), families_file([family("GD-001", 4, "leher_angsa", 2000)]))
    score = HouseholdScore.objects.get(indicator__name="jamban")
    assert score.state == "y"
    same = {"lokus": score.lokus, "round": score.round, "indicator": score.indicator}
    for rows in (HouseholdScore.objects.filter(**same), Counter.objects.filter(**same)):
        rows.update(true=0)
    assert [said[:16] for said in faults() if said.startswith("hitungan")] == ["hitungan berbeda"]


def test_an_erasure_that_is_not_on_paper_or_not_swept_is_said_and_tidied() -> None:
    household = well()[0]
    erasure.erase_household(by=CONSOLE, household=household, reason="permintaan")
    leaks.swept()
    erasure.register_path().unlink()
    Erasure.objects.update(swept_at=None)
    AuditEntry.objects.update(at=NOW)
    assert faults()[:2] == [
        f"belum tercatat di daftar penghapusan: {household.uuid}",
        "ruang bekas 1 penghapusan belum disapu",
    ]
    upkeep.tidy(now=NOW)
    assert [entry.household for entry in erasure.read_register(erasure.register_path())] == [str(household.uuid)]
    leaks.swept()


def test_what_waits_where_nobody_may_decide_is_said_of_each_year() -> None:
    cycle = held_in_a_province("36.72.05.1005", "36.72.05.1001", "36.73.01.1001")
    audit.seal_pending()
    Worker.objects.create(name="uji", seen_at=NOW)
    held = "P2WKSS 2024, Provinsi Banten: kiriman atau perubahan tertahan, dan tidak ada yang boleh memutuskan: "
    (found,) = [finding for finding in examine(now=NOW) if finding.level != "baik"]
    assert (found.level, found.said) == ("perhatian", held + "2 di Kota Cilegon, 1 di Kota Serang")
    assert found.remedy == "beri seseorang tugas sekretariat di sana lewat halaman Orang tahun itu"
    build.member(Role.SUPERVISOR, "36.72.05", cycle=cycle)
    assert faults() == [held + "1 di Kota Serang"]
    build.member(Role.SECRETARIAT, "36.73")
    assert faults() == []


def test_the_command_exits_1_where_anything_is_broken(capsys: pytest.CaptureFixture[str]) -> None:
    well()
    StoredFile.objects.all()[0].path.unlink()
    with pytest.raises(SystemExit) as stopped:
        call_command("doctor")
    assert stopped.value.code == 1
    lines = capsys.readouterr().out.splitlines()
    assert next(line for line in lines if line.startswith("  RUSAK")).endswith("salin kembali dari cadangan")
    assert lines[-1] == "1 hal rusak."
