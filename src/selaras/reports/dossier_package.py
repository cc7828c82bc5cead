"""A dossier as one ZIP, and what says that it is whole: `manifest.json` with the SHA-256 of each file in it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from selaras.queries.dossier_figures import Figures
from selaras.reports.dossier_photos import small_photos
from selaras.reports.dossier_press import press_docx
from selaras.reports.dossier_report import report_pdf
from selaras.reports.dossier_slides import slides_pdf, slides_pptx
from selaras.reports.dossier_words import Said, numbers

MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Package:
    """The ZIP, its SHA-256, its manifest, the numbers that its papers say, and how many photos are in it."""

    content: bytes
    sha256: str
    manifest: Mapping[str, Any]
    said: tuple[Said, ...]
    photos: int


def package(figures: Figures, content_of: Callable[[UUID], bytes | None], *, said: Callable[[int], None]) -> Package:
    """Everything, made once. `content_of` gives a public photo; `said` is called with how many of 5 steps are done."""
    small = small_photos([each.id for each in figures.photos], content_of)
    said(1)
    told = numbers(figures)
    files = {"laporan.pdf": report_pdf(figures, small)}
    said(2)
    files["paparan.pptx"] = slides_pptx(figures, small)
    files["paparan.pdf"] = slides_pdf(figures, small)
    said(3)
    files["siaran-pers.docx"] = press_docx(figures)
    files["angka.json"] = _json([{"key": e.key, "label": e.label, "value": e.value, "note": e.note} for e in told])
    said(4)
    manifest = _manifest(figures, files)
    content = _zip({MANIFEST: _json(manifest), **files}, figures)
    return Package(content, hashlib.sha256(content).hexdigest(), manifest, told, len(small))


def _manifest(of: Figures, files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "programme": of.cycle.programme,
        "year": of.cycle.year,
        "city": of.city,
        "lokus": of.lokus.code,
        "number": of.number,
        "made_on": str(of.made_on),
        "synthetic": of.cycle.synthetic,
        "audit_head": of.head,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _zip(files: Mapping[str, bytes], of: Figures) -> bytes:
    stream = BytesIO()
    moment = (of.made_on.year, of.made_on.month, of.made_on.day, 0, 0, 0)
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            # The office files and PDFs are compressed already.
            kind = zipfile.ZIP_DEFLATED if name.endswith(".json") else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(name, moment), content, compress_type=kind)
    return stream.getvalue()


# --- looking at it again ----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one ZIP: whether its hash is `sha256`, and of each named file whether it is as it was."""

    whole: bool
    files: tuple[tuple[str, bool], ...]

    @property
    def intact(self) -> bool:
        return self.whole and bool(self.files) and all(good for _name, good in self.files)


def check(content: bytes, sha256: str, manifest: Mapping[str, Any]) -> Checked:
    """Hold a ZIP against the hash and the manifest that were written down apart from it."""
    whole = hashlib.sha256(content).hexdigest() == sha256
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            there = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
            inside = json.loads(archive.read(MANIFEST))
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, EOFError):
        return Checked(False, ())
    named: Mapping[str, str] = manifest.get("files", {})
    files = [(name, there.get(name) == digest) for name, digest in named.items()]
    strange = set(there) - set(named) - {MANIFEST}
    return Checked(whole and inside == manifest and not strange, tuple(files))
