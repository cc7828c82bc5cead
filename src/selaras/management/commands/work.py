"""`selaras work`: do the jobs, seal the audit, take over what dead workers left. `selaras serve` runs it."""

import logging
import threading
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connections
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from selaras.actions.audit import seal_pending
from selaras.actions.duplicates import ask_when_changed
from selaras.actions.field.taking import take_in
from selaras.actions.jobs import seen, take_over, worker_name
from selaras.actions.looking import ask as ask_to_look
from selaras.actions.photos import ask_for_prints
from selaras.actions.upkeep import every_hour

log = logging.getLogger("selaras")

#: Seconds between looks: entries are sealed within 5 s, abandoned jobs taken over soon after their lease.
SEAL_EVERY = 2.0
TAKE_OVER_EVERY = 15.0
LOOK_EVERY = 0.5
COMPARE_EVERY = 60.0
#: Orphaned files and unfinished sweeps can wait.
TIDY_EVERY = 3600.0


class Command(BaseCommand):
    """Work until SIGTERM."""

    help = "Mengerjakan antrean dan menyegel catatan; dijalankan sendiri oleh `selaras serve`."
    # They would load every page; `serve` and `doctor` make them.
    requires_system_checks = ()

    def handle(self, **_options: object) -> None:
        """Start the housekeeper beside the worker, then work."""
        name = worker_name()
        take_over()
        threading.Thread(target=_keep_house, args=(name,), name="housekeeper", daemon=True).start()
        worker = Worker(
            queue_names=["default"],
            interval=LOOK_EVERY,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=name,
            excluded_queue_names=[],
        )
        worker.configure_signals()
        worker.run()


def _keep_house(name: str) -> None:
    """Seal, say that the worker lives, and take over. A failure is written down and tried again: it never ends."""
    taken_over = time.monotonic()
    # At once: a restore that broke off may have left families whom the register knows to be erased.
    tidied = taken_over - TIDY_EVERY - 1
    compared = taken_over
    while True:
        try:
            close_old_connections()
            seal_pending()
            take_in()
            ask_for_prints()
            ask_to_look()
            seen(name)
            if time.monotonic() - taken_over > TAKE_OVER_EVERY:
                taken_over = time.monotonic()
                take_over()
            if time.monotonic() - compared > COMPARE_EVERY:
                compared = time.monotonic()
                ask_when_changed(timezone.now())
            if time.monotonic() - tidied > TIDY_EVERY:
                tidied = time.monotonic()
                every_hour()
        except Exception:
            log.exception("penyegel catatan gagal; dicoba lagi")
            connections.close_all()
        time.sleep(SEAL_EVERY)
