"""`selaras erase_household CYCLE CODE --reason …`."""

import sys
from argparse import ArgumentParser
from typing import Any, get_args

from selaras.access import CONSOLE
from selaras.actions.erasure import Reason, erase_by_code
from selaras.management.console import ConsoleCommand


class Command(ConsoleCommand):
    """Forget a family for good, once its code has been typed again."""

    help = "Menghapus semua data satu keluarga, selamanya (UU 27/2022)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cycle", help="tahun program, misalnya kota-cilegon-2024")
        parser.add_argument("code", help="kode keluarga, misalnya GD-014")
        parser.add_argument("--reason", required=True, choices=get_args(Reason), help="alasan penghapusan")
        parser.add_argument("--yes", action="store_true", help="jangan bertanya lagi")

    def handle(self, *_args: Any, cycle: str, code: str, reason: Reason, yes: bool, **_options: Any) -> None:
        question = f"Data {code} akan hilang selamanya. Ketik kodenya sekali lagi: "
        if not yes and input(question).strip().upper() != code.upper():
            self.stdout.write("Kode tidak cocok. Tidak ada yang dihapus.")
            sys.exit(1)
        erase_by_code(by=CONSOLE, cycle_slug=cycle, code=code.upper(), reason=reason)
        self.stdout.write(f"{code.upper()} dihapus. Nilai yang sudah dihitung tetap, tanpa nama.")
        self.stdout.write("Salin media/erasures.jsonl ke tempat cadangan: pemulihan memerlukannya.")
