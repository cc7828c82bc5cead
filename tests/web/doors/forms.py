"""Every form of every page, as it stands in its HTML; what no form expects; and what may come back."""

import itertools
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import resolve

from selaras.actions.invitations import Asked, invite
from tests.photos import jpeg
from tests.sample_workbook import changed
from tests.web.doors.asking import brief
from tests.web.doors.prepared import prepared
from tests.web.doors.table import NOT_SO, TABLE
from tests.web.doors.world import World

#: Who is asked for the page, in this order: the first who is shown a form is who sends it.
SENDERS = ("secretariat", "administrator", "liaison", "lurah", "protection", "stranger")
#: Forms of the library that signs people in: its own tests try them.
THEIRS = ("account_", "mfa_")

#: The worst of them: what a database, a number or a calendar cannot hold.
WORST: tuple[str, ...] = ("", "a\0b", "x" * 400, "9" * 5000, "9223372036854775808", "-1", "²", "NaN", "1e400")
WORST += ("0001-01-01", "9999-12-31", "9999-12-31T23:59")
TEXTS: tuple[str, ...] = (
    "",
    " ",
    "\0",
    "a\0b",
    "😀🧕🏽",
    "\u202eGD-001",
    "\ufeff",
    "ﷺ" * 60,
    "x" * 400,
    "x" * 70_000,
    "<script>alert(1)</script>",
    "'; DROP TABLE selaras_user; --",
    "%s %(n)s {0} {x}",
    "../../../etc/passwd",
    "a\r\nb\tc\x0b",
    "0",
    "-1",
    "1.5",
    "1,5",
    "1e400",
    "NaN",
    "Infinity",
    "1_000",
    "٣",
    "１２",
    "²",
    "0x10",
    "32768",
    "2147483648",
    "9223372036854775808",
    "9" * 5000,
    "0000-00-00",
    "0001-01-01",
    "2024-02-30",
    "9999-12-31",
    "99999-01-01",
    "31/12/9999",
    "2024-13",
    "9999-12-31T23:59",
    "0001-01-01T00:00",
    "25:61",
    "00000000-0000-0000-0000-000000000000",
    "36.72.05.1005.RW99",
    "36",
    "true",
    "on",
    "[]",
    "{}",
    "null",
)
#: Not a text in any encoding.
BYTES = (b"\xff\xfe\x00\xd8", b"\xc3\x28", b"\x80" * 300)
FILES: Mapping[str, bytes] = {
    "kosong.xlsx": b"",
    "teks.xlsx": b"kode,nama\nGD-001,x\n",
    "rusak.xlsx": b"PK\x03\x04" + bytes(range(256)) * 20,
    "tabel.csv": b"kode,nama\n\x00\xff\xfe,\n",
    "potong.jpg": jpeg()[:200],
    "foto.jpg": jpeg(),
    "naskah.pdf": b"%PDF-1.7\n",
    "bahaya.html": b"<script>alert(1)</script>",
    "nama\x00\r\n../../x.xlsx": b"x",
    "n" * 300 + ".png": b"\x89PNG\r\n\x1a\n",
}


@dataclass(frozen=True)
class Form:
    """One form: at which door, who sends it where, its fields with what stands in them; `hidden` nobody types."""

    door: str
    who: str
    action: str
    fields: Mapping[str, tuple[str, ...]]
    files: frozenset[str]
    hidden: frozenset[str]

    def __str__(self) -> str:
        return f"{self.door} ({self.who})"


class _Forms(HTMLParser):
    """The forms of a page that are sent by POST: where to, and what stands in each field."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[tuple[str, dict[str, list[str]], set[str], set[str]]] = []
        self._inside = False
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = (given.get("method") or "").lower() == "post"
            if self._inside:
                self.found.append((given.get("action") or self.page, {}, set(), set()))
            return
        if tag == "option" and self._inside and self._select and "selected" in given:
            self.found[-1][1][self._select].append(given.get("value") or "")
        name = given.get("name")
        if not self._inside or not name or tag not in {"input", "select", "textarea", "button"}:
            return
        _action, fields, files, hidden = self.found[-1]
        kind = given.get("type") or "text"
        fields.setdefault(name, [])
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
        elif kind == "file":
            files.add(name)
        elif tag == "button" or kind not in {"radio", "checkbox"} or "checked" in given:
            fields[name].append(given.get("value") or "")
        if kind == "hidden" or tag == "button":
            hidden.add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._inside and self._area:
            self.found[-1][1][self._area].append(data)


def forms(planted: World) -> dict[str, list[Form]]:
    """Door → its forms on the pages of the cast; of those that only differ by their address, the first."""
    with brief():
        found = _found(planted)
    for door, row in TABLE.items():
        # What stands on no page of these is sent as the table of doors says.
        if row.data and not door.startswith(THEIRS) and door not in {name for name, _shape in found}:
            fields = {name: (value,) for name, value in row.data.items()}
            action = planted.address(door)
            found[door, frozenset(fields)] = Form(door, SENDERS[0], action, fields, frozenset(), frozenset())
    ordered: dict[str, list[Form]] = {}
    for (door, _shape), form in sorted(found.items(), key=lambda pair: (pair[0][0], sorted(pair[0][1]))):
        ordered.setdefault(door, []).append(form)
    return ordered


_FORM = re.compile(r"<form\b.*?(?:</form>|\Z)", re.DOTALL | re.IGNORECASE)


def _found(planted: World) -> dict[tuple[str, frozenset[str]], Form]:
    """(door, its fields) → the first form of that shape on the pages that open."""
    found: dict[tuple[str, frozenset[str]], Form] = {}
    for who, client, page in itertools.chain(_pages(planted), _prepared(planted)):
        response = client.get(page)
        if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
            continue
        reader = _Forms(page)
        # What stands outside of forms is most of a page, and nothing of it is kept.
        reader.feed("".join(_FORM.findall(response.content.decode())))
        for action, fields, files, hidden in reader.found:
            address = urlsplit(action).path or page
            match = resolve(address)
            door = f"cases:{match.url_name}" if match.namespace == "cases" else str(match.url_name)
            fields.pop("csrfmiddlewaretoken", None)
            # A family's, an ask's, a row's number in a name is not another form.
            shape = frozenset(re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", name) for name in fields)
            whole = {name: tuple(values) for name, values in fields.items()}
            form = Form(door, who, action, whole, frozenset(files), frozenset(hidden - {"csrfmiddlewaretoken"}))
            if not door.startswith(THEIRS):
                found.setdefault((door, shape), form)
    return found


def _pages(planted: World) -> Iterator[tuple[str, Client, str]]:
    """(who, her browser, a page). With those that a test has to make first: an open invitation, a draft."""
    of = planted.areas["own"].programme
    task = Asked("cadre", place=of.lokus.place.code)
    invited = invite(
        by=planted.people["secretariat"], cycle_slug=of.cycle.slug, key=uuid4(), full_name="Uji", tasks=[task]
    )
    writer = planted.client("secretariat")
    draft = changed(("instrument", "B2", "lain"))
    made = writer.post(planted.address("instruments"), {"file": SimpleUploadedFile("naskah.xlsx", draft)})
    for who in SENDERS:
        client = planted.client(who)
        for name, door in TABLE.items():
            # A door that only takes forms shows none: that it says 405 to each of them is asked in test_doors.py.
            if door.get is not NOT_SO:
                yield who, client, planted.address(name)
        yield who, client, f"/undangan/{invited.token}/"
        yield who, client, made.headers["Location"]
        yield who, client, f"{planted.address('new_year')}?wilayah=36.73&tahun=2027"
        yield who, client, f"{planted.address('households')}?rt=02"
        client.post(planted.address("names"), {"nama": "tampil"})
        for name in ("household", "household_correct", "targets"):
            yield who, client, planted.address(name)


def _prepared(planted: World) -> Iterator[tuple[str, Client, str]]:
    """The same of pages that a test has to prepare first."""
    client = planted.client(SENDERS[0])
    for page in prepared(planted):
        yield SENDERS[0], client, page


#: What Django says where nobody has said it in Indonesian.
_ENGLISH = re.compile(
    r"This field|Enter a |Enter valid|Select a valid|Ensure this|Ensure that|is not a valid|is not one of|"
    r"No file was|submitted file|ManagementForm|This value"
)
_SAID = re.compile(r'role="alert"|class="errorlist|class="notice needs')


def send(client: Client, form: Form, data: Mapping[str, Any]) -> str:
    """Post it from her browser and undo what it did, to both; what is wrong with the answer, '' where nothing is."""
    cache.clear()
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        response = client.post(form.action, data, HTTP_REFERER="http://testserver/")
        transaction.set_rollback(True)
    client.cookies = cookies
    if response.status_code in {302, 400, 403, 404, 405, 409, 410, 413, 429}:
        return ""
    if response.status_code not in {200, 422}:
        return f"answers {response.status_code}"
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return ""
    text = response.content.decode()
    english = _ENGLISH.search(text)
    if english:
        return f"says in English: {text[english.start() - 40 : english.end() + 60]!r}"
    if response.status_code == 422 and not _SAID.search(text):
        return "comes back and does not say why"
    return ""


def whole(form: Form) -> dict[str, Any]:
    """What the form sends where nobody touches it."""
    return {
        name: list(values) if len(values) > 1 else values[0] if values else "" for name, values in form.fields.items()
    }


def a_file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, FILES[name])
