"""What `doctor` says of the room. Looks, changes nothing, writes nothing into the room's log."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from selaras.cases import keys, rows
from selaras.cases.models import Entry, RoomKey, Ticket
from selaras.cases.router import room

#: The worker destroys every hour; after so many days it has not.
LATE = timedelta(days=2)
Said = tuple[str, str, str]


def examine(now: datetime) -> Iterator[Said]:
    """(baik, perhatian or rusak; what was found; what to do)."""
    try:
        where = room()
        plan = MigrationExecutor(connections[where])
        if plan.migration_plan(plan.loader.graph.leaf_nodes("cases")):
            yield (
                "rusak",
                "ruang perlindungan: migrasi menunggu",
                f"jalankan `selaras migrate cases --database {where}`",
            )
            return
        yield from _keys()
        yield from _log()
        yield from _term(now)
    except DatabaseError:
        yield "rusak", "basis data ruang perlindungan tidak terjangkau", "periksa SELARAS_CASES_DATABASE_URL"


def _keys() -> Iterator[Said]:
    versions = sorted(keys.versions())
    count, shut, older = 0, 0, 0
    for key in RoomKey.objects.order_by("pk").iterator(chunk_size=1000):
        count += 1
        older += bool(versions) and key.wrapped_by != versions[-1]
        try:
            key.secret()
        except keys.ShutError:
            shut += 1
    if shut:
        yield (
            "rusak",
            f"ruang perlindungan: {shut} dari {count} kunci tidak dapat dibuka; bagian lain berjalan biasa",
            "kembalikan SELARAS_CASES_KEY dengan versi lamanya; tanpa itu isinya hilang",
        )
    elif not versions:
        yield "perhatian", "ruang perlindungan tertutup", "isi SELARAS_CASES_KEY bila kota ini memakainya"
    elif older:
        yield (
            "perhatian",
            f"ruang perlindungan: {older} kunci dibungkus versi lama",
            "jalankan `selaras rotate_cases_keys`",
        )
    else:
        yield "baik", f"ruang perlindungan: {count} kunci diperiksa", ""


def _log() -> Iterator[Said]:
    if broken := rows.broken_links():
        yield "rusak", f"jejak ruang perlindungan putus di catatan {broken[0]}", "simpan salinan basis data, lapor"
    else:
        yield "baik", f"jejak ruang perlindungan: {Entry.objects.count()} catatan diperiksa", ""


def _term(now: datetime) -> Iterator[Said]:
    before = timezone.localdate(now - timedelta(days=settings.SELARAS_CASES_KEEP_DAYS) - LATE)
    if late := Ticket.objects.filter(reported_on__lt=before).count():
        yield (
            "perhatian",
            f"ruang perlindungan: {late} tiket lewat waktu",
            "lihat apakah `selaras serve` berjalan",
        )
