"""`selaras verify-result ID`: compute a frozen card again and compare."""  # noqa: N999  (the command's name)

from argparse import ArgumentParser
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from selaras.access import CONSOLE
from selaras.actions.results import verify
from selaras.errors import SelarasError

SAME = "instrumen, data, dan setiap angka sama dengan saat dibekukan"
AGAIN = (
    "instrumen dan data sama dengan saat dibekukan, kecuali {n} keluarga yang sejak itu dihapus atas permintaannya;"
    " angkanya sama dengan yang tercatat di jejak audit"
)


class Command(BaseCommand):
    """Exit 0 where everything is the same, 1 where anything differs."""

    help = "Menghitung ulang satu hasil yang dibekukan dan membandingkannya."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the command takes."""
        parser.add_argument("id", type=UUID, help="nomor hasil, seperti tertera pada lembarnya")

    def handle(self, **options: UUID) -> None:
        """Say what was compared, and each difference."""
        try:
            verdict = verify(by=CONSOLE, result_id=options["id"])
        except SelarasError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"hasil {verdict.result}, data {verdict.data_hash[:16]}, mesin {verdict.engine}")
        if verdict.holds:
            self.stdout.write(f"cocok: {AGAIN if verdict.erased else SAME}".format(n=verdict.erased))
            return
        raise CommandError("tidak cocok:\n" + "\n".join(f"  {line}" for line in verdict.differences))
