"""How a command speaks: problems one a line on standard output and exit 1, as `selaras check` does."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from selaras.errors import SelarasError

#: Progress is said at most this many times, so that a log of it stays readable.
TIMES = 20


class ConsoleCommand(BaseCommand):
    """A management command whose input errors are answers, not stack traces."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run; print every problem and exit 1 where the input cannot be used."""
        try:
            return super().execute(*args, **options)
        except SelarasError as error:
            for problem in error.problems:
                self.stdout.write(str(problem))
            sys.exit(1)

    def say(self, done: int, total: int) -> None:
        """Progress on one line each twentieth: `12.000 dari 91.599`."""
        step = max(1, total // TIMES)
        if done == total or done // step != (done - 1) // step:
            self.stdout.write(f"  {_dotted(done)} dari {_dotted(total)}")
            self.stdout.flush()


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
