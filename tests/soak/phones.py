"""A village's network and the phones in it: a proxy that cuts requests, senders that try until they are answered."""

import http.client
import queue
import random
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.openrosa.collect import Collect, NotOpenRosaError, Reply
from tests.openrosa.serving import Wire

#: Of all requests, so many never end well: before the server saw them, within their body, after it had answered.
CUT = 0.5
_STEP = 64 * 1024
#: A form that has not arrived after so many tries never will.
MOST_TRIES = 400


class CuttingProxy:
    """One request a connection, forwarded to `port`; every other one, by chance, is cut. `cuts` counts how."""

    def __init__(self, port: int, draw: random.Random) -> None:
        self.cuts = {"before": 0, "within": 0, "after": 0}
        self._port, self._draw, self._lock = port, draw, threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """Take no more."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                phone, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(phone,), daemon=True).start()

    def _fate(self) -> tuple[str, float]:
        with self._lock:
            cut = self._draw.random() < CUT
            how = self._draw.choice(list(self.cuts)) if cut else ""
            if cut:
                self.cuts[how] += 1
            return how, self._draw.random()

    def _serve(self, phone: socket.socket) -> None:
        how, part = self._fate()
        with phone:
            if how == "before":
                return
            try:
                self._pass(phone, how, part)
            except OSError:
                return

    def _pass(self, phone: socket.socket, how: str, part: float) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            more = phone.recv(_STEP)
            if not more:
                return
            head += more
        size = len(head.partition(b"\r\n\r\n")[0]) + 4 + _length(head)
        most = int(size * part) if how == "within" else size
        with socket.create_connection(("127.0.0.1", self._port), timeout=60) as server:
            sent = head[:most]
            server.sendall(sent)
            passed = len(sent)
            while passed < most and (more := phone.recv(min(_STEP, most - passed))):
                server.sendall(more)
                passed += len(more)
            if passed < size:
                return
            answer = server.recv(_STEP)
            while how != "after" and answer:
                phone.sendall(answer)
                answer = server.recv(_STEP)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


@dataclass
class Phones:
    """So many phones that share a queue. `done` counts forms that were answered with 201 or 202 in full."""

    base: str
    address: Callable[[], str]
    forms: Sequence[Mapping[str, Any]]
    photo: Callable[[str], bytes]
    phones: int = 4
    tries: int = 0
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._queue: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
        for form in self.forms:
            self._queue.put(form)
        self._left, self._lock = len(self.forms), threading.Lock()
        self._threads = [threading.Thread(target=self._send_all, daemon=True) for _ in range(self.phones)]

    @property
    def done(self) -> int:
        """Forms that their phones have let go."""
        return len(self.forms) - self._left

    def start(self) -> None:
        """Begin to send."""
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Until all is sent, or was tried too often."""
        for thread in self._threads:
            thread.join()
        if self.errors:
            raise AssertionError(self.errors[:3])

    def _send_all(self) -> None:
        while True:
            try:
                form = self._queue.get_nowait()
            except queue.Empty:
                return
            photos = {name: self.photo(name) for name in form["photos"]}
            self._send(form["xml"].encode(), photos)

    def _send(self, xml: bytes, photos: Mapping[str, bytes]) -> None:
        """Try as Collect does: the whole form again from its first request."""
        said = ""
        for number in range(MOST_TRIES):
            try:
                Collect(self.base, self._ask).send(xml, photos)
            except (OSError, http.client.HTTPException, NotOpenRosaError) as error:
                said = repr(error)
                # Phones wait longer; a server that starts again needs some seconds.
                time.sleep(min(0.02 * (number + 1), 0.5))
            else:
                with self._lock:
                    self._left -= 1
                return
        self.errors.append(said)

    def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        with self._lock:
            self.tries += 1
        wire = Wire(self.address())
        try:
            return wire(method, url, {**headers, "Connection": "close"}, body)
        finally:
            wire.close()
