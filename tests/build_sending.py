"""Items of a browser's queue, as static/selaras/isi/queue.js writes them; written from docs/offline.md alone."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.test import Client

XML = "xml_submission_file"


@dataclass(frozen=True)
class Item:
    """A number and the bytes that go under it."""

    uuid: str
    content: bytes
    digest: str

    @property
    def url(self) -> str:
        return f"/kirim/{self.uuid}"


@dataclass
class Wire:
    """A browser: which client it is, and headers that it sends along."""

    client: Client
    headers: dict[str, str] = field(default_factory=dict)

    def put(self, item: Item, start: int = 0, end: int | None = None, *, content: bytes | None = None) -> HttpResponse:
        """Bytes from `start` to before `end`; `content` where they are others than the item's."""
        end = len(item.content) if end is None else end
        body = item.content[start:end] if content is None else content
        said = f"bytes {start}-{end - 1}/{len(item.content)}" if body else f"bytes */{len(item.content)}"
        headers = {"Content-Range": said, "Selaras-Digest": item.digest, **self.headers}
        return self.client.put(item.url, body, content_type="application/octet-stream", headers=headers)

    def told(self, item: Item) -> dict[str, object]:
        answer = self.client.get(item.url, headers=self.headers)
        return {"status": answer.status_code, **answer.json()}


def item(
    xml: bytes, files: Sequence[tuple[str, bytes]] = (), *, number: str = "", kind: str = "form", xml_part: str = XML
) -> Item:
    """A filled form with its photos."""
    parts = [(xml_part, "text/xml", xml), *((name, "image/jpeg", content) for name, content in files)]
    return packed(kind, parts, number=number)


def packed(kind: str, parts: Sequence[tuple[str, str, bytes]], *, number: str = "") -> Item:
    """Parts (name, type, bytes) behind their head."""
    listed = [
        {"name": name, "type": type_, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, type_, content in parts
    ]
    head = json.dumps({"kind": kind, "parts": listed}).encode()
    content = head + b"\n" + b"".join(each for _, _, each in parts)
    return Item(number or str(uuid.uuid4()), content, hashlib.sha256(head).hexdigest())
