"""`selaras know_officer USERNAME`."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from selaras.cases.keys import ShutError
from selaras.cases.vouching import say_by_console
from selaras.errors import SelarasError


class Command(BaseCommand):
    """Say whose an officer's second step is, where nobody in her city may."""

    help = (
        "Mengenali petugas perlindungan bila tidak ada orang lain yang boleh; semua diberi tahu (docs/operations.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="nama pengguna petugas itu")

    def handle(self, *_args: Any, username: str, **_options: Any) -> None:
        question = (
            "Kode di layarnya, yang Anda dengar langsung darinya (bertemu, atau menelepon nomor yang Anda kenal): "
        )
        try:
            user = say_by_console(username=username, code=input(question))
        except ShutError as error:
            self.stdout.write(f"Ruang sedang tertutup ({error}); periksa SELARAS_CASES_KEY.")
            sys.exit(1)
        except SelarasError as error:
            for problem in error.problems:
                self.stdout.write(str(problem))
            sys.exit(1)
        self.stdout.write(
            f"{user} dikenali dan dapat masuk. Tercatat di jejak audit; petugas dan pimpinan diberi tahu."
        )
