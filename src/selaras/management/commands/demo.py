"""`selaras demo`: a first year to look at, in a database of its own, on this machine only."""

import os
import sys
import time
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from selaras.management.commands.serve import collect_static, refuse_busy_port
from selaras.management.demo.environment import port_of
from selaras.management.demo.load import ACCOUNTS_FILE, Row, accounts, load
from selaras.management.demo.tables import fresh
from selaras.models import Role
from selaras.queries.invitations import role_words


class Command(BaseCommand):
    """Migrate, load, print the accounts, serve. `__main__` has chosen the demo's secrets and database before."""

    help = "Menyiapkan data contoh Kota Cilegon 2024 (sintetis), lalu menjalankannya."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        # As `__main__` has read it: the address that is printed and the one that is served are one.
        parser.add_argument("--port", type=int, default=port_of([]), help="porta (bawaan PORT, kalau tidak 8000)")
        parser.add_argument("--no-serve", action="store_true", help="siapkan saja, jangan jalankan")

    def handle(self, *, port: int, no_serve: bool, **_options: object) -> None:
        """Do it, saying what takes long."""
        if not settings.SELARAS_DEMO:
            raise CommandError("data contoh hanya untuk demo; jalankan `selaras demo` dari baris perintah")
        if not no_serve:
            refuse_busy_port("127.0.0.1", port)
        self._began = time.monotonic()
        self._say("Menyiapkan basis data")
        fresh()
        call_command("migrate", verbosity=0, interactive=False)
        load(self._say)
        collect_static()
        self._table(accounts(Path(settings.VAR)))
        if not no_serve:
            # A program of its own under the same number: web processes are forks, and a fork inherits locks, not the
            # threads that hold them. What has drawn a page or counted a score here would wait in them for ever.
            os.execv(sys.executable, [sys.executable, "-m", "selaras", "serve", "--port", str(port)])  # noqa: S606

    def _say(self, what: str) -> None:
        self.stdout.write(f"[{time.monotonic() - self._began:5.1f} s] {what} …")
        self.stdout.flush()

    def _table(self, rows: list[Row]) -> None:
        self.stdout.write("\nData contoh (sintetis). Masuk di " + settings.SELARAS_BASE_URL + "/masuk/ sebagai:\n\n")
        head = {"role": "peran", "username": "nama pengguna", "password": "sandi", "lands_on": "mulai di"}
        rows = [{**row, "role": role_words(Role(row["role"]))} for row in rows]
        widths = {key: max(len(row[key]) for row in [head, *rows]) for key in head}
        for row in [head, *rows]:
            self.stdout.write("  " + "  ".join(row[key].ljust(widths[key]) for key in head).rstrip())
        self.stdout.write(f"\nDisimpan di {Path(settings.VAR) / ACCOUNTS_FILE}\n")
        self.stdout.flush()
