"""A request taken apart: the filled form and its files, whole or not at all."""

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
    body: Any = _Body(request, f"--{boundary}--".encode())
    fields, found = _Parser(request.META, body, request.upload_handlers).parse()
    try:
        if not body.is_whole():
            raise UnreadablePostError("the body ends before its last boundary")
        return _parcel(request, fields, found)
    finally:
        for part in (part for _, parts in found.lists() for part in parts):
            part.close()


class _Body:
    """A body as it is read. It is whole once its last boundary came: chunked, no length would tell."""

    def __init__(self, request: HttpRequest, end: bytes) -> None:
        self._request, self._end, self._tail = request, end, b""

    def read(self, size: int) -> bytes:
        part: bytes = self._request.read(size)
        keep = len(self._end) + _EPILOGUE
        self._tail = part[-keep:] if len(part) >= keep else (self._tail + part)[-keep:]
        return part

    def is_whole(self) -> bool:
        return self._end in self._tail


class _Parser(MultiPartParser):
    """Django's, but for a file whose name is no name (`..`): Django leaves it out, and it would be lost unsaid."""

    def sanitize_file_name(self, file_name: str) -> str:
        return super().sanitize_file_name(file_name) or NO_NAME


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
    device, agent = request.GET.get("deviceID", ""), request.headers.get("User-Agent", "")
    return Parcel(xml, tuple(files), device=plain(device), agent=plain(agent))


def plain(text: str) -> str:
    """PostgreSQL keeps no NUL, and a log no other control sign."""
    return "".join(sign for sign in text if sign.isprintable())
