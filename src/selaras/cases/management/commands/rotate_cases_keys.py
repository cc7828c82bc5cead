"""`selaras rotate_cases_keys`."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from selaras.cases.keeping import begin_anew, rotate
from selaras.cases.keys import ShutError


class Command(BaseCommand):
    """Wrap every key of the locked room with the newest version of SELARAS_CASES_KEY."""

    help = "Membungkus ulang kunci ruang perlindungan dengan versi tertinggi SELARAS_CASES_KEY (docs/operations.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--begin-anew", action="store_true", help="kunci lama hilang: buang yang tak terbuka lagi")
        parser.add_argument("--yes", action="store_true", help="jangan bertanya lagi")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["begin_anew"]:
                self._begin_anew(sure=options["yes"])
                return
            count = rotate()
        except ShutError as error:
            self.stdout.write(
                f"Berhenti: ada kunci yang tidak dapat dibuka ({error}); kembalikan versi lamanya, atau bila hilang"
                " untuk selamanya pakai --begin-anew."
            )
            sys.exit(1)
        self.stdout.write(f"{count} kunci dibungkus ulang. Versi lama boleh dihapus dari SELARAS_CASES_KEY.")

    def _begin_anew(self, *, sure: bool) -> None:
        asked = "Tiket yang kuncinya tidak ada di sini dihapus untuk selamanya. Ketik HAPUS untuk lanjut: "
        if not sure and input(asked).strip() != "HAPUS":
            self.stdout.write("Tidak ada yang dihapus.")
            sys.exit(1)
        self.stdout.write(f"{begin_anew()} tiket dihapus; ruang perlindungan dapat dipakai lagi.")
