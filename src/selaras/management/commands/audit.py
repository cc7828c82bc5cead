"""`selaras audit --verify [--head HEAD]`."""

import sys
from argparse import ArgumentParser
from typing import Any

from selaras.actions import audit
from selaras.management.console import ConsoleCommand


class Command(ConsoleCommand):
    """Follow the audit's chain from its first seal."""

    help = "Memeriksa rantai jejak audit dari awal; --head mencocokkannya dengan kepala yang pernah dicetak."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--verify", action="store_true", required=True, help="periksa seluruh rantai")
        parser.add_argument("--head", default="", help="kepala rantai dari lembar cetak, paling sedikit 16 angka/huruf")

    def handle(self, *_args: Any, head: str, **_options: Any) -> None:
        verdict = audit.verify(head=head)
        for said in verdict.breaks:
            self.stdout.write(f"RUSAK: {said}")
        self.stdout.write(
            f"{verdict.entries} catatan dalam {verdict.seals} segel diperiksa; {verdict.unsealed} belum disegel."
        )
        if verdict.seals:
            self.stdout.write(f"Kepala rantai: {audit.head_to_print(verdict.head)}")
        if verdict.printed is not None:
            self.stdout.write(f"Kepala yang tercetak ialah segel {verdict.printed}: riwayat sampai di situ utuh.")
        if not verdict.holds:
            sys.exit(1)
