"""What `doctor` says of the room. Looks, changes nothing, writes nothing into the room's log.

It says whether, never how many: its words end up in the logs of a server, which no ticket may change.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from selaras.access import every_officer
from selaras.cases import keys, rows, vouching
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
        yield from _officers(now)
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


def _officers(now: datetime) -> Iterator[Said]:
    """Officers who have put up a code and whom nobody has known yet, as are all of them after an upgrade from before
    officers were known: who waits for a colleague, and who can wait for nobody but the owner of the server."""
    people = [each for each in every_officer() if vouching.step_of(each)]
    if not people:
        return
    try:
        with transaction.atomic(using=room()):
            outside = [each for each in people if not vouching.is_known(each)]
            helped = {each for each in outside if vouching.colleagues_of(each) or vouching.pairs_of(each, now=now)}
            # What the room makes on its first use, it does not make for whoever only looks.
            transaction.set_rollback(True, using=room())
    except keys.ShutError:
        return
    if alone := [each.username for each in outside if each not in helped]:
        yield (
            "perhatian",
            f"ruang perlindungan: petugas belum dikenali, dan tidak ada yang boleh mengenalinya: {', '.join(alone)}",
            "dengar kode di layarnya (/ruang/) langsung dari orangnya, lalu jalankan"
            f" `selaras know_officer {alone[0]}`; tiap petugas sendiri-sendiri",
        )
    if waiting := [each.username for each in outside if each in helped]:
        yield (
            "perhatian",
            f"ruang perlindungan: petugas belum dikenali rekannya: {', '.join(waiting)}",
            "layarnya (/ruang/) menyebut siapa yang boleh; mereka mengetik kodenya di /ruang/petugas/",
        )
