"""`selaras backup FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from selaras.access import CONSOLE
from selaras.actions.backup import back_up
from selaras.management.console import ConsoleCommand


class Command(ConsoleCommand):
    """Write the whole server into one file."""

    help = "Menyimpan seluruh isi Selaras ke satu berkas cadangan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="berkas cadangan yang akan dibuat")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        done = back_up(by=CONSOLE, path=file)
        self.stdout.write(f"{file}: {done.rows} baris dan {done.files} berkas tersimpan.")
        for name in done.missing:
            self.stdout.write(f"  berkas {name} tidak ada di media; jalankan `selaras doctor`")
        self.stdout.write("Simpan SELARAS_DATA_KEY di tempat lain: tanpanya cadangan ini tidak dapat dibaca.")
