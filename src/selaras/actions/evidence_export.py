"""A list of codes taken along: a folder for each code with what proves it, and a sheet that says what is in it."""

import re
import uuid
import zipfile
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO

from django.db import transaction

from selaras.access import Actor, code_lists_for, demand, evidence_for, may_keep_codes, one, the_cycle
from selaras.actions import audit
from selaras.errors import Missing
from selaras.models import CannotUnsealError, CodeList, Cycle, EvidenceKind, EvidenceState, EvidenceUse
from selaras.queries.public_photos import public_bytes
from selaras.reports.evidence_codes import Row, codes_xlsx

#: Bytes that are kept in memory before the file is.
IN_MEMORY = 16 * 1024 * 1024


def export_codes(*, by: Actor, cycle_slug: str, list_id: uuid.UUID) -> tuple[str, IO[bytes]]:
    """(name, an open file to be read) of a ZIP: what verified citations cite, by code, and `daftar.xlsx`.

    A photo leaves the office by its public copy alone: without one it is not in it. What is not verified, and links,
    stand in the sheet. Raises Missing, Forbidden.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_keep_codes, by, cycle)
    found = one(code_lists_for(by, cycle), uuid=list_id)
    with ExitStack() as broken_off:
        stream: IO[bytes] = broken_off.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            rows = _write(archive, by, cycle, found)
            archive.writestr("daftar.xlsx", codes_xlsx(found.title, found.source, rows, synthetic=cycle.synthetic))
        with transaction.atomic():
            details = {"files": sum(row.file != "" for row in rows)}
            audit.record(
                by=by, action="evidence.export_codes", object_type="code_list", object_id=found.uuid,
                place_code=cycle.place.code, **details,
            )  # fmt: skip
        stream.seek(0)
        # Handed to the caller open: closing it deletes it.
        broken_off.pop_all()
    return f"bukti-{_plain(found.title)}-{cycle.year}.zip", stream


def _write(archive: zipfile.ZipFile, by: Actor, cycle: Cycle, of: CodeList) -> list[Row]:
    uses = EvidenceUse.objects.filter(item__list=of, evidence__in=evidence_for(by).filter(cycle=cycle))
    uses = uses.select_related("item", "evidence__file__key", "evidence__uploaded_by").order_by("item__position", "id")
    by_item: dict[int, list[EvidenceUse]] = {}
    for use in uses:
        by_item.setdefault(use.item_id or 0, []).append(use)
    rows = []
    for item in of.items.filter(retired_at__isnull=True).order_by("position"):
        cited = by_item.get(item.pk, [])
        if not cited:
            rows.append(Row(item.code, item.text))
        for number, use in enumerate(cited, start=1):
            row = use.evidence
            name = _packed(archive, by, use, f"{_plain(item.code)}/{number:02d}-{_plain(row.filename)}")
            rows.append(
                Row(
                    item.code,
                    item.text,
                    str(row),
                    row.kind,
                    use.state,
                    name,
                    row.url,
                    row.sha256,
                    row.received_at.date(),
                )
            )
    return rows


def _packed(archive: zipfile.ZipFile, by: Actor, use: EvidenceUse, name: str) -> str:
    """Write the document, or the photo's public copy; its name in the archive, '' where it is not in it."""
    row = use.evidence
    if row.file is None or not use.state == row.state == EvidenceState.VERIFIED:
        return ""
    try:
        if row.kind == EvidenceKind.PHOTO:
            name = f"{name.rpartition('.')[0]}.jpg"
            archive.writestr(name, public_bytes(by, row.uuid))
        else:
            archive.writestr(name, row.file.content())
    except (CannotUnsealError, OSError, Missing):
        return ""
    return name


def _plain(text: str) -> str:
    """A name that every computer can keep."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.")[:80] or "kode"
