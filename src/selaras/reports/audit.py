"""Audit entries as a table to take along: what the page shows, with what each can be checked by."""

import csv
import io
import json
from collections.abc import Iterable

from selaras.queries.audit import EntryLine
from selaras.reports.kip import OUTPUTS

HEADER = (
    "waktu (UTC)",
    "siapa",
    "tindakan",
    "jenis objek",
    "id objek",
    "kode wilayah",
    "rincian",
    "segel",
    "id catatan",
    "sidik",
    "informasi publik",
)


def audit_csv(lines: Iterable[EntryLine]) -> bytes:
    """CSV in UTF-8 with a byte order mark; `segel` is empty where none has been set yet; no formula begins a cell."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows([_inert(cell) for cell in _cells(line)] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def _cells(line: EntryLine) -> tuple[str, ...]:
    return (
        f"{line.at:%Y-%m-%dT%H:%M:%SZ}",
        line.who or ("konsol server" if line.by_console else "sistem"),
        line.action,
        line.subject_type,
        line.subject_id,
        line.place_code,
        json.dumps(dict(line.details), ensure_ascii=False),
        "" if line.seal is None else str(line.seal),
        str(line.uuid),
        line.digest,
        OUTPUTS["jejak"].kip.value,
    )


def _inert(text: str) -> str:
    """Text that a spreadsheet will not run (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
