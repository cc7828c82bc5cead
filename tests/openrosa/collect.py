"""A phone with ODK Collect on it, written from the OpenRosa specification and what Collect is known to do: the client
that our server must please. It knows nothing of our code.

`ask` sends one request over the wire it was made with: Django's test client, or a real connection.
"""

import base64
import json
import uuid
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import md5
from urllib.parse import urlencode
from xml.etree import ElementTree

LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
RESPONSE = "{http://openrosa.org/http/response}"
#: After so many files Collect begins a new request, whatever their size.
MOST_FILES = 100
TEN_MB = 10_000_000


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Ask = Callable[[str, str, Mapping[str, str], bytes], Reply]


class NotOpenRosaError(Exception):
    """Collect shows an error and keeps the form."""


@dataclass(frozen=True)
class Listed:
    """A form on the list."""

    form_id: str
    name: str
    version: str | None
    hash: str
    url: str
    manifest: str | None


@dataclass(frozen=True)
class Media:
    """A file of the manifest."""

    filename: str
    hash: str
    url: str
    kind: str
    integrity: str | None


@dataclass
class Collect:
    """One installation, set up by a QR code."""

    base: str
    ask: Ask
    device: str = "collect:abcdefgh12345678"
    cache: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    @classmethod
    def by_settings(cls, code: str, ask: Ask) -> "Collect":
        """From the text of a settings QR: base64 of zlib of JSON."""
        said = json.loads(zlib.decompress(base64.b64decode(code)))
        return cls(said["general"]["server_url"].rstrip("/"), ask)

    # --- reading
    def _get(self, url: str) -> Reply:
        divider = "&" if "?" in url else "?"
        headers = {
            "X-OpenRosa-Version": "1.0",
            "User-Agent": "org.odk.collect.android/v2026.2.0 Dalvik/2.1.0",
            # Twelve hours without AM or PM, as Collect writes it.
            "Date": "Fri, 27 Nov 2026 02:15:00 GMT+07:00",
            "Accept-Encoding": "identity",
        }
        known = self.cache.get(url)
        if known:
            headers["If-None-Match"] = known[0]
        reply = self.ask("GET", f"{url}{divider}{urlencode({'deviceID': self.device})}", headers, b"")
        if reply.status == 304 and known:
            return Reply(200, reply.headers, known[1])
        if reply.status == 200 and "ETag" in reply.headers:
            self.cache[url] = (reply.headers["ETag"], reply.body)
        return reply

    def _xml(self, url: str) -> ElementTree.Element:
        reply = self._get(url)
        if reply.status != 200:
            raise NotOpenRosaError(reply.status)
        if "text/xml" not in reply.headers.get("Content-Type", ""):
            raise NotOpenRosaError("ContentType is not text/xml. This is often caused by a network proxy")
        if reply.headers.get("X-OpenRosa-Version") != "1.0":
            raise NotOpenRosaError("not an OpenRosa server")
        return ElementTree.fromstring(reply.body)

    def form_list(self) -> list[Listed]:
        """One form without id, name or address makes the whole list an error."""
        root = self._xml(f"{self.base}/formList")
        if root.tag != f"{LIST}xforms":
            raise NotOpenRosaError(root.tag)
        found = []
        for one in root.findall(f"{LIST}xform"):
            said = {child.tag.removeprefix(LIST): (child.text or "") for child in one}
            if not (said.get("formID") and said.get("name") and said.get("downloadUrl")):
                raise NotOpenRosaError("a form of the list is broken")
            if not said["hash"].startswith("md5:"):
                raise NotOpenRosaError("hash")
            found.append(
                Listed(
                    said["formID"], said["name"], said.get("version") or None, said["hash"][4:],
                    said["downloadUrl"], said.get("manifestUrl"),
                )
            )  # fmt: skip
        return found

    def download(self, listed: Listed) -> bytes:
        """The form's XML; its md5 is the list's."""
        reply = self._get(listed.url)
        if reply.status != 200 or md5(reply.body).hexdigest() != listed.hash:
            raise NotOpenRosaError("the form is not what the list said")
        return reply.body

    def manifest(self, listed: Listed) -> list[Media]:
        """The files that a form wants beside it."""
        assert listed.manifest is not None
        root = self._xml(listed.manifest)
        assert root.tag == f"{MANIFEST}manifest"
        found = []
        for one in root.findall(f"{MANIFEST}mediaFile"):
            said = {child.tag.removeprefix(MANIFEST): (child.text or "") for child in one}
            if not (said.get("filename") and said.get("hash") and said.get("downloadUrl")):
                raise NotOpenRosaError("the manifest is broken")
            found.append(
                Media(
                    said["filename"].rpartition("/")[2], said["hash"].removeprefix("md5:"), said["downloadUrl"],
                    one.get("type", ""), said.get("integrityUrl"),
                )
            )  # fmt: skip
        return found

    def fetch(self, media: Media) -> bytes:
        """A file of the manifest; its md5 is the manifest's."""
        reply = self._get(media.url)
        if reply.status != 200 or md5(reply.body).hexdigest() != media.hash:
            raise NotOpenRosaError("the file is not what the manifest said")
        return reply.body

    def deleted(self, media: Media, ids: Sequence[str]) -> dict[str, bool]:
        """Which of the entities that the phone holds are no more."""
        assert media.integrity is not None
        root = self._xml(f"{media.integrity}?{urlencode({'id': ','.join(ids)})}")
        return {one.attrib["id"]: one.findtext("deleted") == "true" for one in root.findall("entities/entity")}

    # --- sending
    def send(self, xml: bytes, files: Mapping[str, bytes] | None = None) -> list[tuple[int, str]]:
        """HEAD, then the form with its files in as many requests as they need: (status, message) of each.

        Raises NotOpenRosaError where Collect would keep the form as not sent.
        """
        target, limit = self._target()
        replies = []
        for group, last in groups(files or {}, limit):
            reply = self.post(target, xml, group, incomplete=not last)
            replies.append((reply.status, said_by(reply)))
            if reply.status not in {201, 202}:
                raise NotOpenRosaError(replies)
        return replies

    def _target(self) -> tuple[str, int]:
        target = f"{self.base}/submission?{urlencode({'deviceID': self.device})}"
        head = self.ask("HEAD", target, {"X-OpenRosa-Version": "1.0"}, b"")
        if head.status == 204:
            # A Location would remap the address and lose the limit.
            assert "Location" not in head.headers
            return target, int(head.headers.get("X-OpenRosa-Accept-Content-Length", TEN_MB))
        if 200 <= head.status < 300 or head.status == 401:
            raise NotOpenRosaError(f"HEAD {head.status}")
        return target, TEN_MB

    def post(self, target: str, xml: bytes, files: Mapping[str, bytes], *, incomplete: bool = False) -> Reply:
        """One request of a submission."""
        body, content_type = multipart(xml, files, incomplete=incomplete)
        headers = {
            "X-OpenRosa-Version": "1.0",
            "Content-Type": content_type,
            "Date": "Fri, 27 Nov 2026 02:15:00 GMT+07:00",
        }
        return self.ask("POST", target, headers, body)


def said_by(reply: Reply) -> str:
    """The message that Collect shows."""
    root = ElementTree.fromstring(reply.body)
    return root.findtext(f"{RESPONSE}message") or ""


def groups(files: Mapping[str, bytes], limit: int) -> list[tuple[dict[str, bytes], bool]]:
    """As Collect splits: a new request before a file that would pass the limit, and after 100 files."""
    found: list[dict[str, bytes]] = [{}]
    size = 0
    for name, content in files.items():
        if found[-1] and (size + len(content) > limit or len(found[-1]) >= MOST_FILES):
            found.append({})
            size = 0
        found[-1][name] = content
        size += len(content)
    return [(group, number == len(found) - 1) for number, group in enumerate(found)]


def multipart(xml: bytes, files: Mapping[str, bytes], *, incomplete: bool = False) -> tuple[bytes, str]:
    """The body that OkHttp writes: each part named as its file, quotes of a name escaped as browsers do."""
    boundary = uuid.uuid4().hex
    parts = [("xml_submission_file", "kiriman.xml", "text/xml", xml)]
    parts += [(name, name, "image/jpeg", content) for name, content in files.items()]
    out = []
    for field_name, file_name, kind, content in parts:
        names = [text.replace('"', "%22").replace("\n", "%0A") for text in (field_name, file_name)]
        out.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{names[0]}"; filename="{names[1]}"\r\n'
            f"Content-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n".encode()
            + content
            + b"\r\n"
        )
    if incomplete:
        out.append(f'--{boundary}\r\nContent-Disposition: form-data; name="*isIncomplete*"\r\n\r\nyes\r\n'.encode())
    return b"".join(out) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
