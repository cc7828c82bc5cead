"""The application in a thread of this process."""

import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections

from tests.postgres import free_port

#: Milliseconds that a page may take to show something, on a machine that has much else to do.
WAIT = 120_000


class Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    #: A browser opens six connections at once; one for which there is no place comes again a second later.
    request_queue_size = 64

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._begun: set[int] = set()
        self._ended = False
        self._changed = threading.Condition()

    def process_request_thread(self, *given: Any) -> None:
        """Each request has a thread of its own, whose connection to the database nobody else would close."""
        try:
            super().process_request_thread(*given)
        finally:
            connections.close_all()
            with self._changed:
                self._begun.discard(threading.get_ident())
                self._changed.notify_all()

    def set_app(self, application: Any) -> None:
        """That application, and it is known whom it still answers."""

        def answering(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
            with self._changed:
                if self._ended:
                    # Hung up on, as by a server that is gone.
                    raise ConnectionAbortedError
                self._begun.add(threading.get_ident())
            answer: Iterable[bytes] = application(environ, start)
            return answer

        super().set_app(answering)

    def end(self) -> None:
        """Nothing more is listened to, and what is being answered is waited for: else it would be done to the tables of
        the next test. A connection that a browser opened and asked nothing by is not."""
        self.shutdown()
        self.server_close()
        with self._changed:
            self._ended = True
            self._changed.wait_for(lambda: not self._begun, timeout=WAIT / 1000)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_said: object) -> None:
        """A test's requests are not worth a line each."""


@contextmanager
def serving() -> Iterator[str]:
    """The address of the application in a thread of this process, on whatever database and URLs it has."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Quiet)
    # Asked often whether it should end: the half second that it waits by itself would be each test's.
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.end()
        thread.join()


@dataclass(slots=True)
class Site:
    """The real application on the test's database. It can be switched off: then nothing listens at its address."""

    #: Of none that the kernel hands out meanwhile to who calls: while it is off, nobody else sits down there.
    port: int = field(default_factory=free_port)
    _server: Server | None = field(default=None)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def on(self) -> None:
        self._server = make_server("127.0.0.1", self.port, get_wsgi_application(), Server, Quiet)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def off(self) -> None:
        if self._server is not None:
            self._server.end()
            self._server = None
