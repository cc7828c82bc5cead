"""A backup a day by itself, and old ones thinned out."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from selaras.actions import doctor
from selaras.actions.backups import schedule
from selaras.actions.jobs import work_off
from selaras.actions.upkeep import every_hour
from selaras.models import Job
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folders(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.SELARAS_BACKUP_DIR = str(tmp_path / "cadangan")
    settings.SELARAS_BACKUP_KEEP = (2, 2, 2)


def test_one_a_day_however_often_the_hour_strikes(tmp_path: Path) -> None:
    build.lokus(build.cycle())
    for _ in range(3):
        every_hour()
    assert Job.objects.filter(kind="server.backup").count() == 1
    work_off()
    (path,) = (tmp_path / "cadangan").glob("*.cadangan")
    assert schedule.taken(tmp_path / "cadangan") == {date.fromisoformat(path.stem.removeprefix("selaras-")): path}
    every_hour()
    work_off()
    assert Job.objects.filter(kind="server.backup").count() == 1


def test_none_without_a_folder(settings: Settings) -> None:
    settings.SELARAS_BACKUP_DIR = ""
    every_hour()
    assert Job.objects.count() == 0
    assert "tidak ada cadangan harian" in [found.said for found in doctor.examine()]


def test_the_last_days_weeks_and_months_stay() -> None:
    today = date(2024, 4, 25)
    days = [today - timedelta(days=back) for back in range(120)]
    assert sorted(schedule.kept(days, today)) == [
        date(2024, 3, 31),
        date(2024, 4, 21),
        date(2024, 4, 24),
        date(2024, 4, 25),
    ]
    assert schedule.kept([date(2024, 5, 1)], today) == {date(2024, 5, 1)}, "a clock that was wrong destroys nothing"


def test_what_is_not_ours_is_not_touched(tmp_path: Path) -> None:
    where = tmp_path / "cadangan"
    where.mkdir()
    old = [where / f"selaras-2020-01-{day:02}.zip" for day in range(1, 29)]
    for path in [*old, where / "selaras-punya-saya.zip", where / "catatan.txt", where / ".backup-putus"]:
        path.write_bytes(b"x")
    os.utime(where / ".backup-putus", (0, 0))
    every_hour()
    work_off()
    left = sorted(path.name for path in where.iterdir() if not path.name.startswith(("selaras-20", "erasures")))
    assert left == ["catatan.txt", "selaras-punya-saya.zip"]
    assert len(schedule.taken(where)) == 2, "today and the newest of the old: as second day, week and month"


def test_doctor_says_when_the_last_one_is_old(tmp_path: Path) -> None:
    where = tmp_path / "cadangan"
    where.mkdir()
    (where / "selaras-2024-04-01.zip").write_bytes(b"x")
    said = [found.said for found in doctor.examine(now=datetime(2024, 4, 10, tzinfo=UTC))]
    assert f"cadangan harian di {where}: terakhir 2024-04-01" in said
