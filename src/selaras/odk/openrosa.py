"""Every answer that a phone understands, on one page: form list, manifest, integrity, receipt, and their headers.

Sources: OpenRosa specifications of ODK (docs.getodk.org/openrosa): form list, form submission, metadata, entities;
and what ODK Collect v2026.2 does with them, where the two differ.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

#: Collect takes nothing else for an OpenRosa server: `application/xml` is "often caused by a network proxy".
CONTENT_TYPE = "text/xml; charset=utf-8"
#: What we say is most in one request. Collect starts a new request when the next file would pass it, so every photo
#: travels alone and those that arrived are safe. A photo larger than it still comes alone, and is taken.
ACCEPT_CONTENT_LENGTH = 3 * 1024 * 1024
#: What is really accepted in one request, in bytes.
LARGEST_REQUEST = 100 * 1024 * 1024
#: On every answer. `X-OpenRosa-Version` alone tells Collect that this is such a server.
HEADERS: Mapping[str, str] = {
    "X-OpenRosa-Version": "1.0",
    "X-OpenRosa-Accept-Content-Length": str(ACCEPT_CONTENT_LENGTH),
    "Content-Language": "id",
}
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LIST = "http://openrosa.org/xforms/xformsList"
_MANIFEST = "http://openrosa.org/xforms/xformsManifest"
_RESPONSE = "http://openrosa.org/http/response"


@dataclass(frozen=True, slots=True)
class ListedForm:
    """One form that a phone may fetch. Addresses are absolute; `manifest` is '' where it has no attachments.

    `md5` is of the very bytes behind `url`, 32 hexadecimal digits: a phone without it takes the whole list for broken.
    """

    form_id: str
    name: str
    version: str
    md5: str
    url: str
    manifest: str = ""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One attachment of a form. `integrity` is the address of the deleted ones, for a list of entities alone."""

    filename: str
    md5: str
    url: str
    integrity: str = ""


def md5_of(content: bytes) -> str:
    """What `<hash>` says, without its `md5:`. It tells a changed file; it protects nothing."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def form_list(forms: Iterable[ListedForm]) -> bytes:
    """The body of `formList`. A form without id, name or address would break the list for all: ValueError."""
    rows = []
    for form in forms:
        if not (form.form_id and form.name and form.url and len(form.md5) == 32):
            raise ValueError(f"form {form.form_id!r} would break the whole list")
        manifest = f"<manifestUrl>{escape(form.manifest)}</manifestUrl>" if form.manifest else ""
        rows.append(
            f"<xform><formID>{escape(form.form_id)}</formID><name>{escape(form.name)}</name>"
            f"<version>{escape(form.version)}</version><hash>md5:{form.md5}</hash>"
            f"<downloadUrl>{escape(form.url)}</downloadUrl>{manifest}</xform>"
        )
    return f'{_DECLARATION}<xforms xmlns="{_LIST}">{"".join(rows)}</xforms>'.encode()


def manifest(files: Iterable[MediaFile]) -> bytes:
    """The body behind `manifestUrl`, in the order given: Collect compares the bytes to see whether a list changed."""
    rows = []
    for file in files:
        kind, integrity = "", ""
        if file.integrity:
            kind, integrity = ' type="entityList"', f"<integrityUrl>{escape(file.integrity)}</integrityUrl>"
        rows.append(
            f"<mediaFile{kind}><filename>{escape(file.filename)}</filename><hash>md5:{file.md5}</hash>"
            f"<downloadUrl>{escape(file.url)}</downloadUrl>{integrity}</mediaFile>"
        )
    return f'{_DECLARATION}<manifest xmlns="{_MANIFEST}">{"".join(rows)}</manifest>'.encode()


def integrity(deleted: Mapping[str, bool]) -> bytes:
    """The body behind `integrityUrl`: entity id -> whether it is no more."""
    rows = "".join(
        f"<entity id={quoteattr(uuid)}><deleted>{'true' if gone else 'false'}</deleted></entity>"
        for uuid, gone in deleted.items()
    )
    return f"{_DECLARATION}<data><entities>{rows}</entities></data>".encode()


def response(message: str, *, nature: str = "") -> bytes:
    """What a phone shows after a submission; `nature` is submit_success, or '' where something is to be read."""
    return (
        f'{_DECLARATION}<OpenRosaResponse xmlns="{_RESPONSE}" items="0">'
        f"<message nature={quoteattr(nature)}>{escape(message)}</message></OpenRosaResponse>"
    ).encode()
