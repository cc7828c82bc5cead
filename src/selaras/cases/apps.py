"""The room as a Django app. Backup, doctor, upkeep and the data map find it by its config, not by an import."""

from collections.abc import Iterator
from datetime import datetime

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """What the rest of the server may ask of an app: is it well, and what does it do every hour."""

    name = "selaras.cases"
    label = "cases"
    verbose_name = "ruang perlindungan"
    #: Nobody is told how many rows it has.
    secret = True
    default_auto_field = "django.db.models.BigAutoField"

    def examine(self, now: datetime) -> Iterator[tuple[str, str, str]]:
        """For `doctor`: (baik, perhatian or rusak; what was found; what to do)."""
        from selaras.cases.health import examine  # models are there only once all apps are

        yield from examine(now)

    def load_demo(self) -> None:
        """For `selaras demo`: a few tickets, declared synthetic."""
        from selaras.cases.demo import load_demo

        load_demo()

    def say_alive(self, role: str, now: datetime) -> None:
        """For each process of a server, when it starts and every hour: which of the room's keys it has."""
        from selaras.cases.rotation import say_newest

        say_newest(role, now=now)

    def forget_ended(self) -> None:
        """For a server that stops: its processes have no key any more."""
        from selaras.cases.rotation import forget_ended

        forget_ended()

    def every_hour(self, now: datetime) -> None:
        """For the worker: destroy what has been kept long enough, and what was said of who is no officer any more."""
        from selaras.cases.keeping import destroy_due
        from selaras.cases.vouching import lapse_due

        destroy_due(now=now)
        lapse_due()
