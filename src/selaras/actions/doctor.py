"""`selaras doctor`: is everything what it should be? Looks, changes nothing, and says what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from selaras.actions import audit, erasure, upkeep
from selaras.actions.backups import schedule
from selaras.actions.recounting import full_check
from selaras.models import (
    AuditEntry,
    CannotUnsealError,
    Counter,
    DataKey,
    Erasure,
    Household,
    Job,
    JobState,
    StoredFile,
    Worker,
    sealing,
)
from selaras.models.files import media_root
from selaras.queries.stranded import stranded

Level = Literal["baik", "perhatian", "rusak"]
#: A worker says that it lives every few seconds, and seals within 5.
SILENT = timedelta(minutes=2)
OLDEST_POSTGRESQL = 150_000
#: Named one by one up to here; the rest is counted.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it is, in words, and what to do ('' where nothing)."""

    level: Level
    said: str
    remedy: str = ""


def examine(*, now: datetime | None = None) -> Iterator[Finding]:
    """Everything, one finding after the other, the quick ones first. Stops after pending migrations."""
    now = now or timezone.now()
    yield from _settings()
    pending = list(_migrations())
    yield from pending
    if any(finding.level == "rusak" for finding in pending):
        return
    yield from _database()
    yield from _work(now)
    yield from _keys()
    yield from _files(now)
    yield from _erasures()
    yield from _backups(now)
    yield from _audit(now)
    yield from _counters()
    yield from _stranded(now)
    for config in apps.get_app_configs():
        # Of an app that keeps its own house: nobody imports it.
        yield from (Finding(*said) for said in getattr(config, "examine", _nothing)(now))


def _nothing(_now: datetime) -> tuple[tuple[Level, str, str], ...]:
    return ()


def _settings() -> Iterator[Finding]:
    try:
        versions = sorted(sealing.master_keys())
    except ImproperlyConfigured as error:
        yield Finding("rusak", str(error), "lihat docs/operations.md, bagian Kunci")
        versions = []
    if versions:
        yield Finding("baik", f"SELARAS_DATA_KEY memuat versi {', '.join(map(str, versions))}")
    if settings.SELARAS_DEMO:
        yield Finding("perhatian", "server ini memuat data contoh", "jangan dipakai untuk data warga")
    elif not settings.HTTPS:
        yield Finding("perhatian", f"{settings.SELARAS_BASE_URL} tanpa HTTPS", "pasang HTTPS, ubah SELARAS_BASE_URL")
    root = media_root()
    if not _is_writable(root):
        yield Finding("rusak", f"folder media {root} tidak dapat ditulisi", "periksa SELARAS_MEDIA_URL dan izinnya")


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return False
    return True


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield Finding("rusak", f"{len(plan)} migrasi menunggu", "buat cadangan, lalu jalankan `selaras migrate`")
    else:
        yield Finding("baik", "susunan basis data mutakhir")


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        yield from (_sqlite(cursor) if connection.vendor == "sqlite" else _postgresql(cursor))


def _sqlite(cursor: Any) -> Iterator[Finding]:
    def pragma(name: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = cursor.execute(f"PRAGMA {name}").fetchall()
        return rows

    for name, wanted in (("journal_mode", "wal"), ("foreign_keys", 1), ("secure_delete", 1)):
        if (found := pragma(name)[0][0]) != wanted:
            yield Finding(
                "rusak", f"SQLite {name} = {found}, seharusnya {wanted}", "jangan ubah OPTIONS di settings.py"
            )
    if (check := pragma("quick_check")[0][0]) != "ok":
        yield Finding("rusak", f"berkas SQLite rusak: {check}", "pulihkan cadangan terakhir")
    if broken := pragma("foreign_key_check"):
        yield Finding("rusak", f"{len(broken)} baris menunjuk baris yang tidak ada", "pulihkan cadangan terakhir")
    version = cursor.execute("SELECT sqlite_version()").fetchone()[0]
    yield Finding("baik", f"SQLite {version} diperiksa")


def _postgresql(cursor: Any) -> Iterator[Finding]:
    cursor.execute("SHOW server_version_num")
    version = int(cursor.fetchone()[0])
    if version < OLDEST_POSTGRESQL:
        yield Finding("rusak", f"PostgreSQL {version // 10_000} terlalu tua", "pakai PostgreSQL 15 atau lebih")
    cursor.execute(
        "SELECT attrelid::regclass::text || '.' || attname FROM pg_attribute WHERE attnum > 0 AND attstattarget <> 0"
        " AND (attrelid::regclass::text, attname) IN (('selaras_household', 'head_name'),"
        " ('selaras_household', 'address'), ('selaras_person', 'name'), ('selaras_submission', 'answers'),"
        " ('selaras_currentanswers', 'answers'))"
    )
    if sampled := [row[0] for row in cursor.fetchall()]:
        yield Finding("rusak", f"PostgreSQL menyalin contoh isi {', '.join(sampled)}", "jalankan `selaras migrate`")
    yield Finding("baik", f"PostgreSQL {version // 10_000} diperiksa")


def _work(now: datetime) -> Iterator[Finding]:
    awake = Worker.objects.filter(seen_at__gt=now - SILENT).count()
    if awake:
        yield Finding("baik", f"{awake} pekerja aktif")
    else:
        yield Finding("perhatian", "tidak ada pekerja yang aktif", "jalankan `selaras serve`")
    left = sum(job.is_abandoned(now) for job in Job.objects.filter(state=JobState.RUNNING))
    if left:
        yield Finding("perhatian", f"{left} pekerjaan ditinggalkan", "pekerja berikutnya melanjutkannya sendiri")


def _keys() -> Iterator[Finding]:
    broken: list[str] = []
    count, newest, older = 0, sealing.current_version(), 0
    for key in DataKey.objects.filter(wrapped__isnull=False).iterator(chunk_size=2000):
        count += 1
        older += key.wrapped_by != newest
        try:
            key.secret()
        except CannotUnsealError:
            broken.append(str(key.pk))
    if broken:
        yield Finding("rusak", f"kunci tidak dapat dibuka: {_named(broken)}", "kembalikan versi lama SELARAS_DATA_KEY")
    if older:
        yield Finding("perhatian", f"{older} kunci masih dibungkus versi lama", "jalankan `selaras rotate_keys`")
    yield Finding("baik", f"{count} kunci diperiksa")


def _files(now: datetime) -> Iterator[Finding]:
    rows = StoredFile.objects.order_by("sha256")
    broken = [stored.sha256 for stored in rows.iterator(chunk_size=2000) if not stored.is_intact()]
    if broken:
        yield Finding("rusak", f"berkas hilang atau berubah: {_named(broken)}", "salin kembali dari cadangan")
    yield Finding("baik", f"{rows.count()} berkas diperiksa")
    if orphaned := sum(1 for _ in upkeep.orphans(now=now)):
        yield Finding("perhatian", f"{orphaned} berkas tanpa pemilik", "pekerja menghapusnya sendiri tiap jam")


def _erasures() -> Iterator[Finding]:
    register, strange = erasure.known_register()
    if strange:
        yield Finding(
            "rusak",
            f"daftar penghapusan, baris {_named([*map(str, strange)])}: tidak terbaca dan tidak dijalankan",
            "lihat docs/operations.md, bagian Erase a family",
        )
    written = {entry.household for entry in register}
    absent = [entry.household for entry in erasure.entries() if entry.household not in written]
    if absent:
        yield Finding("rusak", f"belum tercatat di daftar penghapusan: {_named(absent)}", "jalankan `selaras serve`")
    if back := Household.objects.filter(uuid__in=written, erased_at__isnull=True).count():
        yield Finding(
            "rusak", f"{back} keluarga yang pernah dihapus ada lagi", "jalankan `selaras serve`, ia menghapusnya lagi"
        )
    if waiting := Erasure.objects.filter(swept_at__isnull=True).count():
        yield Finding("perhatian", f"ruang bekas {waiting} penghapusan belum disapu", "pekerja menyapunya tiap jam")


def _backups(now: datetime) -> Iterator[Finding]:
    where = schedule.folder()
    if where is None:
        yield Finding("perhatian", "tidak ada cadangan harian", "isi SELARAS_BACKUP_DIR, atau buat sendiri tiap hari")
        return
    newest = max(schedule.taken(where), default=None)
    if newest is None or now.date() - newest > timedelta(days=2):
        said = "belum ada" if newest is None else f"terakhir {newest.isoformat()}"
        yield Finding("perhatian", f"cadangan harian di {where}: {said}", "lihat apakah `selaras serve` berjalan")
    else:
        yield Finding("baik", f"cadangan harian terakhir {newest.isoformat()}")


def _audit(now: datetime) -> Iterator[Finding]:
    verdict = audit.verify()
    yield from (Finding("rusak", f"jejak audit: {said}", "simpan salinan basis data, lapor") for said in verdict.breaks)
    if AuditEntry.objects.filter(seal__isnull=True, at__lt=now - SILENT).exists():
        yield Finding("perhatian", "ada catatan audit yang belum disegel", "jalankan `selaras serve`")
    yield Finding("baik", f"{verdict.entries} catatan audit dalam {verdict.seals} segel diperiksa")


def _counters() -> Iterator[Finding]:
    """Counters against the states they count, and states against a full run of the engine."""
    yield from (
        Finding("rusak", f"hitungan berbeda: {difference}", "jalankan `selaras recompute` untuk tahun itu")
        for difference in full_check()
    )
    yield Finding("baik", f"{Counter.objects.count()} hitungan dibandingkan dengan datanya")


def _stranded(now: datetime) -> Iterator[Finding]:
    for year, cities in stranded(now).items():
        if held := [f"{each.held} di {each.city}" for each in cities if each.held]:
            yield Finding(
                "perhatian",
                f"{year}, {year.place.full_name}: kiriman atau perubahan tertahan, dan tidak ada yang boleh memutuskan:"
                f" {_named(held)}",
                "beri seseorang tugas sekretariat di sana lewat halaman Orang tahun itu",
            )
        if apart := [f"{each.apart} di {each.city}" for each in cities if each.apart]:
            yield Finding(
                "perhatian",
                f"{year}, {year.place.full_name}: kiriman menyangkut keluarga di luar wilayah semua yang dapat"
                f" memutuskannya: {_named(apart)}",
                "sisihkan dengan alasannya di halaman Kiriman tahun itu, lalu minta kader keluarga yang benar mengisi"
                " formulir baru",
            )


def _named(names: list[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" dan {more} lagi" if more > 0 else "")
