"""A request taken apart: the filled form and its files, whole or not at all."""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser
from django.http.request import UnreadablePostError
from django.utils.datastructures import MultiValueDict

from selaras.actions.field.receiving import Parcel, Sent
from selaras.odk import openrosa

XML_PART = "xml_submission_file"
#: What a file is called that came under no name of its own; the part's name says which it is.
NO_NAME = "tanpa-nama"
UNKNOWN = "application/octet-stream"
#: Some clients end the body with a line more; none with so many bytes.
_EPILOGUE = 512
#: A body up to here is read at once: a form with as many photos as one request should hold.
AT_ONCE = 4 * 1024 * 1024
#: Parts that are read here, and bytes of the lines before one. Django's own limits are for what is left to it.
MOST_PARTS, LONGEST_HEAD = 200, 1024
_PLAIN_BOUNDARY = re.compile(r"[A-Za-z0-9'()+_,./:=?-]{1,70}")
_NAMED = re.compile(rb' form-data; name="([^"\\]*)"(?:; filename="([^"\\]*)")?')


def parcel_of(request: HttpRequest) -> Parcel | None:
    """The request taken apart; None where no part is the form. The name of a part is the name of its file.

    Raises RequestDataTooBig, and UnreadablePostError where the connection ended before the body did. Django's parser
    takes what arrived of a photo for the photo: of a cut connection it would keep half of one beside the whole.
    """
    if request.content_type != "multipart/form-data":
        return None
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > openrosa.LARGEST_REQUEST:
        raise RequestDataTooBig
    boundary = (request.content_params or {}).get("boundary", "")
    source: Any = request
    if length.isdecimal() and int(length) <= AT_ONCE and _PLAIN_BOUNDARY.fullmatch(boundary):
        whole = _whole(request, int(length))
        if (parts := parts_of(whole, boundary.encode())) is not None:
            return _assembled(request, parts)
        source = BytesIO(whole)
    body: Any = _Body(source, f"--{boundary}--".encode())
    fields, found = _Parser(request.META, body, request.upload_handlers).parse()
    try:
        if not body.is_whole():
            raise UnreadablePostError("the body ends before its last boundary")
        return _parcel(request, fields, found)
    finally:
        for part in (part for _, parts in found.lists() for part in parts):
            part.close()


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name, whether it is a file, what kind it says it is, and its bytes."""

    name: str
    is_file: bool
    kind: str
    content: bytes


def parts_of(body: bytes, boundary: bytes) -> list[Part] | None:
    """The parts of a body as phones write it, cut at its boundaries in one go; None for one that is written otherwise.

    Django's parser leads a body through five streams, which is a tenth of what a form costs, and more of a photo. What
    it would read otherwise than this does (bare line ends, encoded parts, names with signs that are escaped, a body
    without its last boundary, more parts than are allowed) is left to it: None.
    """
    found: list[Part] = []
    line = b"\r\n--" + boundary
    place = len(line) - 2 if body.startswith(line[2:]) else body.find(line) + len(line)
    if place < len(line) - 2:
        return None
    while body[place : place + 2] == b"\r\n":
        begin = body.find(b"\r\n\r\n", place, place + LONGEST_HEAD)
        end = body.find(line, begin + 2)
        if begin < 0 or end < begin + 4 or len(found) == MOST_PARTS:
            return None
        part = _part(body[place + 2 : begin], body[begin + 4 : end])
        if part is None:
            return None
        found.append(part)
        place = end + len(line)
    closed = body[place : place + 2] == b"--" and len(body) - place <= _EPILOGUE
    # One form, sent as a file, and every part with a name: else names of files decide, which Django cleans.
    forms = [part.is_file for part in found if part.name == XML_PART]
    return found if closed and forms == [True] and all(part.name for part in found) else None


def _part(head: bytes, content: bytes) -> Part | None:
    named, kind = None, ""
    for each in head.split(b"\r\n"):
        key, _, value = each.partition(b":")
        match key.lower():
            case b"content-disposition" if named is None:
                named = _NAMED.fullmatch(value)
            case b"content-type":
                kind = value.decode("latin-1").partition(";")[0].strip().lower()
            case b"content-length":
                continue
            case _:
                return None
    if named is None:
        return None
    try:
        return Part(named[1].decode().strip(), bool(named[2]), kind, content)
    except UnicodeDecodeError:
        return None


def _whole(request: HttpRequest, length: int) -> bytes:
    """As much of its body as comes."""
    parts, left = [], length
    while left > 0 and (part := request.read(left)):
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


class _Body:
    """A body as it is read. It is whole once its last boundary came: chunked, no length would tell."""

    def __init__(self, source: Any, end: bytes) -> None:
        self._source, self._end, self._tail = source, end, b""

    def read(self, size: int) -> bytes:
        part: bytes = self._source.read(size)
        keep = len(self._end) + _EPILOGUE
        self._tail = part[-keep:] if len(part) >= keep else (self._tail + part)[-keep:]
        return part

    def is_whole(self) -> bool:
        return self._end in self._tail


class _Parser(MultiPartParser):
    """Django's, but for a file whose name is no name (`..`): Django leaves it out, and it would be lost unsaid."""

    def sanitize_file_name(self, file_name: str) -> str:
        return super().sanitize_file_name(file_name) or NO_NAME


def _assembled(request: HttpRequest, parts: list[Part]) -> Parcel | None:
    xml = next((part.content for part in parts if part.name == XML_PART), None)
    if xml is None:
        return None
    files = [part for part in parts if part.is_file and part.name != XML_PART]
    return _of(request, xml, [Sent(part.name, part.content, plain(part.kind) or UNKNOWN) for part in files])


def _parcel(request: HttpRequest, fields: Any, found: MultiValueDict[str, Any]) -> Parcel | None:
    xml: bytes | None = None
    files: list[Sent] = []
    for name, parts in found.lists():
        for part in parts:
            if name == XML_PART and xml is None:
                xml = part.read()
            else:
                kept = part.name if name in {XML_PART, ""} else name
                files.append(Sent(kept or NO_NAME, part.read(), plain(part.content_type or "") or UNKNOWN))
    if xml is None and XML_PART in fields:
        xml = fields[XML_PART].encode()
    if xml is None:
        return None
    return _of(request, xml, files)


def _of(request: HttpRequest, xml: bytes, files: list[Sent]) -> Parcel:
    device, agent = request.GET.get("deviceID", ""), request.headers.get("User-Agent", "")
    return Parcel(xml, tuple(files), device=plain(device), agent=plain(agent))


def plain(text: str) -> str:
    """PostgreSQL keeps no NUL, and a log no other control sign."""
    return "".join(sign for sign in text if sign.isprintable())
