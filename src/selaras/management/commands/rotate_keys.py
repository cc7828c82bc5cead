"""`selaras rotate_keys`."""

from typing import Any

from selaras.access import CONSOLE
from selaras.actions.keys import rotate
from selaras.management.console import ConsoleCommand
from selaras.models import CannotUnsealError


class Command(ConsoleCommand):
    """Wrap every key with the newest version of SELARAS_DATA_KEY."""

    help = "Membungkus ulang semua kunci dengan versi tertinggi SELARAS_DATA_KEY (lihat docs/operations.md)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            count = rotate(by=CONSOLE)
        except CannotUnsealError as error:
            self.stdout.write(f"Berhenti: versi lama masih diperlukan dan tidak ada di SELARAS_DATA_KEY ({error}).")
            raise SystemExit(1) from error
        self.stdout.write(f"{count} kunci dibungkus ulang. Versi lama boleh dihapus dari SELARAS_DATA_KEY.")
