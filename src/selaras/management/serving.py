"""One command, three things that must live together: the web server, the worker of jobs, and the audit's sealer.

The web server runs here; the worker and the sealer are a child process. Whoever dies is started again; when this
process dies, even by SIGKILL, the others notice and stop: nothing is left holding the database.

All are made of this process once it has loaded what they need, so that they share its memory; a worker that is started
again is a process of its own, since by then threads run here.
"""

import gc
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.template import engines
from django.urls import get_resolver
from django.utils import translation
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

log = logging.getLogger("selaras")

TARGET = "selaras.web.wsgi:application"
#: Seconds between looking whether the parent or the child still lives, and before a dead child starts again.
WATCH = 1.0
RESTART_AFTER = 2.0
STOP_WITHIN = 20.0
#: Seconds between a web process' words that it lives.
SAY_EVERY = 3600.0


class Worker:
    """The child process that does what `selaras work` does, started again until `stop`."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: BaseProcess | None = None
        self._thread = threading.Thread(target=self._keep, name="worker-watch", daemon=True)

    def start(self) -> None:
        """Start the child and the thread that watches it. No other thread may run and no connection be open."""
        self._launch(multiprocessing.get_context("fork"))
        self._thread.start()

    def stop(self) -> None:
        """Let the running job reach its next safe point, then wait; after STOP_WITHIN seconds end it."""
        self._stopping.set()
        if self._process is None:
            return
        self._process.terminate()
        self._process.join(STOP_WITHIN)
        if self._process.exitcode is None:
            log.warning("pekerja belum berhenti setelah %s detik; dihentikan paksa", STOP_WITHIN)
            self._process.kill()
            self._process.join()

    def _launch(self, how: ForkContext | SpawnContext) -> None:
        process = how.Process(target=_work, args=(os.getpid(),), name="selaras-worker")
        process.start()
        self._process = process

    def _keep(self) -> None:
        while not self._stopping.wait(WATCH):
            if self._process is not None and self._process.exitcode is not None:
                log.error("pekerja berhenti (kode %s); dijalankan lagi", self._process.exitcode)
                if not self._stopping.wait(RESTART_AFTER):
                    self._launch(multiprocessing.get_context("spawn"))


def _work(parent: int) -> None:
    """In the child: work until asked to stop, or until the parent is gone."""
    django.setup()
    threading.Thread(target=_stop_without, args=(parent,), name="parent-watch", daemon=True).start()
    call_command("work")


def serve(*, host: str, port: int, processes: int, threads: int) -> None:
    """Serve the pages and run the worker until SIGTERM or SIGINT. Blocks."""
    _load_pages()
    worker = Worker()
    worker.start()
    try:
        serve_pages(host=host, port=port, processes=processes, threads=threads)
    finally:
        worker.stop()
        _forget_ended()


def serve_pages(*, host: str, port: int, processes: int, threads: int) -> None:
    """The web server alone. Blocks."""
    _load_pages()
    server = Granian(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        backpressure=threads * 4,
        respawn_failed_workers=True,
        workers_kill_timeout=int(STOP_WITHIN),
        log_level=LogLevels.warning,
        log_access=False,
    )
    server.serve(target_loader=_loader(os.getpid()), wrap_loader=False)


def _load_pages() -> None:
    """Load what answers before web processes are made of this one: they share its memory, and the first to ask waits
    for nothing. No connection may be open: a forked one would be shared."""
    import_string(TARGET.replace(":", "."))
    # Whatever a first page would load.
    get_resolver().url_patterns  # noqa: B018
    engines.all()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Masuk")
    gc.collect()
    # Pages of memory that the collector never writes to stay one for all.
    gc.freeze()


def _loader(parent: int) -> Callable[..., Any]:
    def load(*_args: object) -> Any:
        """Runs in each web process: watch the parent, then load the application."""
        threading.Thread(target=_stop_without, args=(parent,), name="parent-watch", daemon=True).start()
        application: Callable[..., Any] = import_string(TARGET.replace(":", "."))
        threading.Thread(target=_say_alive, name="says-alive", daemon=True).start()
        return wrap_wsgi_with_proxy_headers(application, trusted_hosts="127.0.0.1")

    return load


def _say_alive() -> None:
    """In each web process, beside its pages; the worker does it with what it does every hour."""
    from selaras.actions.upkeep import say_alive  # models are there only once the application is

    while True:
        try:
            say_alive("web")
        except Exception:
            log.exception("tugas tiap jam gagal: say_alive")
        # One connection an hour is not worth keeping.
        connections.close_all()
        time.sleep(SAY_EVERY)


def _forget_ended() -> None:
    from selaras.actions.upkeep import forget_ended

    try:
        forget_ended()
    except Exception:
        log.exception("proses yang berhenti belum dilupakan")


def _stop_without(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH)
    os.kill(os.getpid(), signal.SIGTERM)
