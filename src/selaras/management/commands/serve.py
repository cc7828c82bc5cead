"""`selaras serve`: pages, jobs and the audit's sealer in one command."""

import socket
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from selaras.actions.people import first_code
from selaras.management.demo.environment import DEFAULT_PORT
from selaras.management.serving import serve
from selaras.models.sealing import master_keys


class Command(BaseCommand):
    """Serve until SIGTERM or Ctrl+C."""

    help = "Menjalankan halaman, pekerja, dan penyegel catatan dalam satu perintah."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.add_argument("--host", default="127.0.0.1", help="alamat yang dibuka (bawaan 127.0.0.1)")
        parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="porta (bawaan 8000)")
        parser.add_argument("--processes", type=int, default=2, help="proses web (bawaan 2)")
        parser.add_argument("--threads", type=int, default=4, help="benang per proses (bawaan 4)")

    def handle(self, *, host: str, port: int, processes: int, threads: int, **_options: object) -> None:
        """Refuse what would fail later, then serve."""
        # Read at the first family otherwise: an office would find out in the middle of an import.
        master_keys()
        refuse_pending_migrations()
        refuse_busy_port(host, port)
        collect_static()
        if code := first_code():
            self.stdout.write(f"Buat administrator pertama di {settings.SELARAS_BASE_URL}/mulai/ dengan kode {code}")
        # Children open their own connections: a forked one would be shared.
        connections.close_all()
        self.stdout.write(f"Selaras siap di {settings.SELARAS_BASE_URL}  (Ctrl+C untuk berhenti)")
        self.stdout.flush()
        serve(host=host, port=port, processes=processes, threads=threads)
        self.stdout.write("Selaras berhenti.")


def refuse_pending_migrations() -> None:
    """Raise CommandError with the remedy where the database is older than the program."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        raise CommandError(
            f"basis data belum mutakhir: {len(plan)} migrasi menunggu; buat cadangan, lalu jalankan `selaras migrate`"
        )


def refuse_busy_port(host: str, port: int) -> None:
    """Raise CommandError with the remedy where someone else listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"porta {port} di {host} tidak dapat dipakai ({error.strerror}); pilih yang lain dengan --port"
            ) from error


def collect_static() -> None:
    """Copy what browsers load into `var/static`, where anything is newer than the last copy."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    made = manifest.stat().st_mtime if manifest.is_file() else 0.0
    sources = [path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*")]
    # Installing a package sets its files' times to now or to the build's; the program's own version decides too.
    newest = max([path.stat().st_mtime for path in [*sources, Path(__file__)]], default=0.0)
    if newest > made:
        call_command("collectstatic", interactive=False, verbosity=0)
