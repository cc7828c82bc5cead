"""Eight phones that only send: `python -m bench.senders` with its orders as JSON on standard input.

`{"port", "path", "form", "seconds", "connections", "rate", "photo"}`: `form` is a filled form with the mark INSTANCE,
`photo` the bytes of a photo (each a distinct one; 0 for none), `rate` requests a second in all (0: as many as go).
Prints `{"sent", "failed", "seconds", "p50", "p95"}`; milliseconds are counted from when a request was due.
"""

import json
import socket
import statistics
import sys
import threading
import time
import uuid
from typing import Any

INSTANCE = "NOMOR-KIRIMAN"
BOUNDARY = "batas-antara-bagian"


class Sender:
    """One connection that is kept open; a request is written and its answer read, nothing more."""

    def __init__(self, orders: dict[str, Any]) -> None:
        self._xml = orders["form"].encode()
        self._photo = bytes(range(256)) * (orders["photo"] // 256 + 1)
        self._size, self._path = orders["photo"], orders["path"]
        self._socket = socket.create_connection(("127.0.0.1", orders["port"]), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(self) -> bytes:
        """A form that nobody has sent, with a photo that nobody has taken."""
        number = uuid.uuid4()
        body = [
            _part("xml_submission_file", "kiriman.xml", "text/xml"),
            self._xml.replace(INSTANCE.encode(), str(number).encode()),
        ]
        if self._size:
            photo = number.bytes + self._photo[: self._size - 16]
            body += [_part("foto.jpg", "foto.jpg", "image/jpeg"), photo]
        content = b"".join(body) + f"\r\n--{BOUNDARY}--\r\n".encode()
        head = (
            f"POST {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-OpenRosa-Version: 1.0\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        return head.encode() + content

    def send(self, request: bytes) -> int:
        """The status of its answer."""
        self._socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, rest = answer.partition(b"\r\n\r\n")
        left = int(head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r")[0]) - len(rest)
        while left > 0:
            left -= len(self._more())
        return int(head[9:12])

    def _more(self) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            raise ConnectionError("the server hung up")
        return part


def _part(name: str, file: str, kind: str) -> bytes:
    names = f'name="{name}"; filename="{file}"'
    return f"\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; {names}\r\nContent-Type: {kind}\r\n\r\n".encode()


def main(orders: dict[str, Any]) -> dict[str, float]:
    """Send for so many seconds."""
    taken: list[float] = []
    failed: list[int] = []
    gate = threading.Barrier(orders["connections"] + 1)
    began = [0.0]

    def work(place: int) -> None:
        sender = Sender(orders)
        gate.wait()
        gate.wait()
        for number in range(10**9):
            request = sender.request()
            now = time.perf_counter()
            due = began[0] + (number * orders["connections"] + place) / orders["rate"] if orders["rate"] else now
            if max(due, now) > began[0] + orders["seconds"]:
                return
            time.sleep(max(0.0, due - now))
            status = sender.send(request)
            (taken if status == 201 else failed).append(time.perf_counter() - due if status == 201 else status)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(orders["connections"])]
    for thread in threads:
        thread.start()
    gate.wait()
    began[0] = time.perf_counter()
    gate.wait()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - began[0]
    parts = statistics.quantiles(taken, n=20) if len(taken) > 1 else [0.0] * 19
    found = {"sent": len(taken), "failed": len(failed), "seconds": spent}
    return {**found, "p50": parts[9] * 1000, "p95": parts[18] * 1000}


if __name__ == "__main__":
    print(json.dumps(main(json.load(sys.stdin))))
