"""`selaras publish WORKBOOK [--cycle SLUG]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from selaras.access import CONSOLE, the_cycle
from selaras.actions.instruments import publish
from selaras.errors import InputError, Problem
from selaras.management.console import ConsoleCommand


class Command(ConsoleCommand):
    """Publish a workbook version, and use it in a programme year."""

    help = "Menerbitkan satu versi instrumen, dan memakainya dalam satu tahun program."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("workbook", type=Path, help="buku kerja instrumen (.xlsx)")
        parser.add_argument("--cycle", default="", help="tahun program yang memakainya, misalnya kota-cilegon-2024")
        parser.add_argument("--primary", action="store_true", help="jadikan instrumen utama tahun itu")

    def handle(self, *_args: Any, workbook: Path, cycle: str, primary: bool, **_options: Any) -> None:
        try:
            content = workbook.read_bytes()
        except OSError as error:
            raise InputError(Problem("file.unreadable", values={"name": workbook.name})) from error
        used = the_cycle(CONSOLE, cycle) if cycle else None
        version = publish(by=CONSOLE, workbook=content, name=workbook.name, cycle=used, primary=primary)
        self.stdout.write(f"{version} terbit, isi {version.sha256[:16]}.")
        if used is not None:
            self.stdout.write(f"Dipakai {used}; nilainya dihitung ulang oleh pekerja `selaras serve`.")
