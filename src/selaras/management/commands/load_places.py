"""`selaras load_places [PROVINCE]`."""

from argparse import ArgumentParser
from typing import Any

from selaras.access import CONSOLE
from selaras.actions.places import load
from selaras.management.console import ConsoleCommand


class Command(ConsoleCommand):
    """Load places by Kemendagri code."""

    help = "Memuat wilayah menurut kode Kemendagri: satu provinsi (misalnya 36), atau seluruh Indonesia."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "province", nargs="?", default="", help="dua angka kode provinsi; kosong: seluruh Indonesia"
        )

    def handle(self, *_args: Any, province: str, **_options: Any) -> None:
        loaded = load(by=CONSOLE, province=province, say=self.say)
        self.stdout.write(f"{loaded.new} wilayah baru, {loaded.changed} berubah, {loaded.same} tetap.")
