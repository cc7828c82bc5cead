"""What `doctor` says of the room. Looks, changes nothing, writes nothing into the room's log.

It says whether, never how many: its words end up in the logs of a server, which no ticket may change.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from selaras.cases import keys, rows
from selaras.cases.models import RoomKey, Ticket
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
    shut = older = False
    for key in RoomKey.objects.order_by("pk").iterator(chunk_size=1000):
        older |= bool(versions) and key.wrapped_by != versions[-1]
        try:
            key.secret()
        except keys.ShutError:
            shut = True
    if shut:
        yield (
            "rusak",
            "ruang perlindungan: ada kunci yang tidak dapat dibuka; bagian lain berjalan biasa",
            "kembalikan SELARAS_CASES_KEY dengan versi lamanya; tanpa itu isinya hilang",
        )
    elif not versions:
        yield "perhatian", "ruang perlindungan tertutup", "isi SELARAS_CASES_KEY bila kota ini memakainya"
    elif older:
        yield (
            "perhatian",
            "ruang perlindungan: ada kunci yang dibungkus versi lama",
            "jalankan `selaras rotate_cases_keys`",
        )
    else:
        yield "baik", "ruang perlindungan: kunci diperiksa", ""


def _log() -> Iterator[Said]:
    if rows.broken_links():
        # Which, the officers see beside the log.
        yield "rusak", "jejak ruang perlindungan putus", "simpan salinan basis data, lapor"
    else:
        yield "baik", "jejak ruang perlindungan diperiksa", ""


def _term(now: datetime) -> Iterator[Said]:
    before = timezone.localdate(now - timedelta(days=settings.SELARAS_CASES_KEEP_DAYS) - LATE)
    if Ticket.objects.filter(reported_on__lt=before).exists():
        yield (
            "perhatian",
            "ruang perlindungan: yang lewat waktu belum dihancurkan",
            "lihat apakah `selaras serve` berjalan",
        )
