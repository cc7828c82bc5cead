"""`selaras doctor`: look at everything, change nothing."""

import sys
from typing import Any

from selaras.actions.doctor import examine
from selaras.management.console import ConsoleCommand

_MARKS = {"baik": "  baik     ", "perhatian": "  PERHATIAN", "rusak": "  RUSAK    "}


class Command(ConsoleCommand):
    """Exit 1 where anything is broken; warnings leave 0."""

    help = "Memeriksa pengaturan, basis data, kunci, berkas, jejak audit, hitungan, dan pekerja."
    requires_migrations_checks = False

    def handle(self, *_args: Any, **_options: Any) -> None:
        broken = 0
        for finding in examine():
            remedy = f"; {finding.remedy}" if finding.remedy else ""
            self.stdout.write(f"{_MARKS[finding.level]} {finding.said}{remedy}")
            self.stdout.flush()
            broken += finding.level == "rusak"
        if broken:
            self.stdout.write(f"{broken} hal rusak.")
            sys.exit(1)
        self.stdout.write("Tidak ada yang rusak.")
