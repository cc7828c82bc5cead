"""Over real connections to `selaras serve`, on both databases: what only a server can get wrong."""

import gzip
import hashlib
import http.client
import json
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any, LiteralString
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.openrosa.collect import Ask, Collect, Reply, multipart, said_by
from tests.openrosa.serving import ANSWERS_WITHIN, Server, Wire, beside, environment, served

AT_ONCE = 8
FORMS = 8


@dataclass
class Office:
    """A running server, its environment, and what the phone of its one cadre will send."""

    server: Server
    own: dict[str, str]
    token: str
    forms: list[dict[str, Any]]
    wires: list[Wire] = field(default_factory=list)
    #: Whether its phone may not send any more.
    closed: bool = False

    @property
    def base(self) -> str:
        return f"http://{self.server.address}/odk/{self.token}"

    def take(self) -> bytes:
        """The bytes of a form that nobody has sent yet."""
        xml: str = self.forms.pop()["xml"]
        return xml.encode()

    def wire(self) -> Wire:
        """A connection of its own, which is hung up at the end."""
        self.wires.append(Wire(self.server.address))
        return self.wires[-1]

    def phone(self) -> Collect:
        return Collect(self.base, self.wire())

    def arrived(self, xml: bytes) -> list[Any]:
        """The photos of every row that holds these bytes."""
        wanted = hashlib.sha256(xml).hexdigest()
        return [row["photos"] for row in beside(self.own, "look")["arrived"] if row["xml"] == wanted]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def _office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with environment(request.param, folder) as own:
        begun = beside(own, "begin", str(FORMS))
        with served(own, folder) as server:
            found = Office(server, own, begun["token"], begun["forms"])
            yield found
            for one in found.wires:
                one.close()


@pytest.fixture
def office(_office: Office) -> Office:
    """Open when a test begins: which comes first is the run's to say."""
    _office.server.start_again()
    if _office.closed:
        in_database(_office.own, "UPDATE selaras_phonetoken SET revoked_at = NULL RETURNING id")
        _office.closed = False
    return _office


def photos_of(**files: bytes) -> list[list[object]]:
    return [[name, False, hashlib.sha256(content).hexdigest()] for name, content in sorted(files.items())]


def test_a_phone_reads_everything_and_sends_a_form_over_one_connection(office: Office) -> None:
    phone, xml = office.phone(), office.take()
    (listed, _practice) = phone.form_list()
    (media,) = phone.manifest(listed)

    assert phone.download(listed).startswith(b"<?xml")
    assert len(phone.fetch(media).splitlines()) == 1 + FORMS
    assert phone.deleted(media, ["x"]) == {"x": True}
    assert [status for status, _ in phone.send(xml, {"a.jpg": b"a" * 2_900_000, "b.jpg": b"b" * 900_000})] == [201, 202]
    assert [status for status, _ in phone.send(xml, {"a.jpg": b"a" * 2_900_000})] == [202]
    assert len(office.arrived(xml)) == 1


def test_the_same_new_form_from_eight_connections_at_once_is_one_form(office: Office) -> None:
    xml, photo = office.take(), b"foto" * 9000
    body, kind = multipart(xml, {"a.jpg": photo})
    gate, replies = threading.Barrier(AT_ONCE), []

    def send() -> None:
        ask = office.wire()
        ask("HEAD", f"{office.base}/submission", {}, b"")
        gate.wait(120)
        replies.append(ask("POST", f"{office.base}/submission", {"Content-Type": kind}, body).status)

    threads = [threading.Thread(target=send) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(replies) == [201] + [202] * (AT_ONCE - 1)
    assert office.arrived(xml) == [photos_of(**{"a.jpg": photo})]


def test_a_chunked_form_is_a_form(office: Office) -> None:
    xml, photo = office.take(), bytes(range(256)) * 4000
    body, kind = multipart(xml, {"a.jpg": photo})
    connection = http.client.HTTPConnection(office.server.address, timeout=ANSWERS_WITHIN)
    pieces = (body[start : start + 7001] for start in range(0, len(body), 7001))
    for expected in (201, 202):
        headers = {"Content-Type": kind, "Transfer-Encoding": "chunked"}
        connection.request("POST", f"/odk/{office.token}/submission", pieces, headers, encode_chunked=True)
        response = connection.getresponse()
        assert (response.status, len(response.read()) > 0) == (expected, True)
        pieces = iter([body])
    connection.close()

    assert office.arrived(xml) == [photos_of(**{"a.jpg": photo})]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_connection_that_ends_within_the_photo_leaves_no_half_of_it(office: Office, chunked: bool) -> None:
    xml, photo = office.take(), bytes(range(256)) * 4000
    body, kind = multipart(xml, {"a.jpg": photo})
    how = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
    head = f"POST /odk/{office.token}/submission HTTP/1.1\r\nHost: x.localhost\r\nContent-Type: {kind}\r\n{how}\r\n\r\n"
    head = head.replace("x.localhost", office.server.address)
    for part in (0.2, 0.7, 0.999):
        sent = body[: int(len(body) * part)]
        with socket.create_connection(("127.0.0.1", office.server.port)) as connection:
            connection.sendall(head.encode() + (b"%x\r\n%s\r\n" % (len(sent), sent) if chunked else sent))
            time.sleep(0.3)
    time.sleep(0.5)
    assert office.arrived(xml) == []

    assert [status for status, _ in office.phone().send(xml, {"a.jpg": photo})] == [201]
    assert office.arrived(xml) == [photos_of(**{"a.jpg": photo})]


def test_addresses_are_those_of_the_host_that_the_phone_called(office: Office) -> None:
    ask = office.wire()
    proxied = {"localhost": {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.0.0.9"}}
    found = {}
    for host in ("127.0.0.1:9123", "localhost", office.server.address):
        more = proxied.get(host, {})
        phone = Collect(f"http://{host}/odk/{office.token}", partial(_with, ask, more))
        (listed, _) = phone.form_list()
        (media,) = phone.manifest(listed)
        urls = (listed.url, listed.manifest, media.url, media.integrity)
        found[host] = {f"{one.scheme}://{one.netloc}" for one in map(urlsplit, map(str, urls))}

    assert found == {
        "127.0.0.1:9123": {"http://127.0.0.1:9123"},
        "localhost": {"https://localhost"},
        office.server.address: {f"http://{office.server.address}"},
    }


def _with(ask: Ask, more: dict[str, str], method: str, url: str, *rest: Any) -> Reply:
    headers, body = rest
    return ask(method, url, {**headers, **more}, body)


def test_a_compressed_answer_is_the_body_whose_hash_was_announced(office: Office) -> None:
    ask = office.wire()
    listed = office.phone().form_list()[0]
    plain = ask("GET", listed.url, {"Accept-Encoding": "identity"}, b"")
    packed = ask("GET", listed.url, {"Accept-Encoding": "gzip"}, b"")

    headers = packed.headers
    assert (headers["Content-Encoding"], headers["Content-Length"]) == ("gzip", str(len(packed.body)))
    assert gzip.decompress(packed.body) == plain.body
    assert hashlib.md5(plain.body, usedforsecurity=False).hexdigest() == listed.hash
    again = ask("GET", listed.url, {"Accept-Encoding": "gzip", "If-None-Match": headers["ETag"]}, b"")
    assert (again.status, again.body) == (304, b"")


def test_a_phone_without_a_valid_code_reads_why_even_after_it_sent_a_photo(office: Office) -> None:
    body, kind = multipart(b"<data/>", {"a.jpg": b"x" * 2_900_000})
    ask = office.wire()
    for _ in range(3):
        reply = ask("POST", f"http://{office.server.address}/odk/{'x' * 43}/submission", {"Content-Type": kind}, body)
        assert (reply.status, said_by(reply).partition(".")[0]) == (403, "Kode HP ini tidak berlaku lagi")


def test_what_was_said_last_is_true_after_a_revoked_phone(office: Office) -> None:
    xml = office.take()
    before = json.dumps(beside(office.own, "look")["arrived"])
    office.closed = True
    beside(office.own, "revoke")
    body, kind = multipart(xml, {"a.jpg": b"x" * 2_900_000})
    reply = office.wire()("POST", f"{office.base}/submission", {"Content-Type": kind}, body)

    assert (reply.status, said_by(reply).partition(".")[0]) == (403, "Kode HP ini tidak berlaku lagi")
    seen = beside(office.own, "look")
    assert (json.dumps(seen["arrived"]), seen["written"], seen["audit"]) == (before, len(seen["arrived"]), True)


def test_every_process_of_the_server_says_which_of_the_rooms_keys_it_has_until_it_ends(office: Office) -> None:
    until = time.monotonic() + 180
    while (said := holders(office.own)) != ["web", "web", "worker"] and time.monotonic() < until:
        time.sleep(0.2)
    office.server.stop()

    assert (said, holders(office.own)) == (["web", "web", "worker"], [])


def holders(own: dict[str, str]) -> list[str]:
    """What stands in that database: the role of each process."""
    found = in_database(own, "SELECT name FROM cases_holder WHERE newest = 1")
    return sorted(name.split(":")[1] for (name,) in found)


def in_database(own: dict[str, str], statement: LiteralString) -> list[tuple[Any, ...]]:
    """The rows that come of it."""
    url = own["SELARAS_DATABASE_URL"]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60)) as file, file:
            return file.execute(statement).fetchall()
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchall()
