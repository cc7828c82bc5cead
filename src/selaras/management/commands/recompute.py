"""`selaras recompute TAHUN`: score every family of a programme year again."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from selaras.access import CONSOLE, the_cycle
from selaras.actions.jobs import work_off
from selaras.actions.recounting import recompute
from selaras.errors import SelarasError


class Command(BaseCommand):
    """Mark, then score here and now."""

    help = "Menghitung ulang nilai semua keluarga satu tahun program."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.add_argument("cycle", help="tahun program, misalnya kota-cilegon-2024")

    def handle(self, *, cycle: str, **_options: object) -> None:
        """Do it."""
        try:
            count = recompute(by=CONSOLE, cycle=the_cycle(CONSOLE, cycle))
        except SelarasError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Menghitung ulang {count} keluarga …")
        work_off()
        self.stdout.write("Selesai.")
