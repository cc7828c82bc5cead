"""Registers beside the media: a line of JSON for each thing that a restored older backup must be told."""

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

log = logging.getLogger("selaras")


def append(path: Path, rows: "Sequence[DataclassInstance]") -> None:
    """Add them, one a line, on disk when it returns."""
    if not rows:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    content = b"".join(json.dumps(asdict(row)).encode() + b"\n" for row in rows)
    # A piece is written whole behind whatever stands there, by however many processes; on a line of its own, also where
    # a power cut broke the last one off.
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, b"\n" + content)
        os.fsync(handle)
    finally:
        os.close(handle)


def whole_lines(content: bytes, name: str) -> list[Any]:
    """What each line of a register says, as JSON; without those that a power cut broke off."""
    found = []
    for text in content.split(b"\n"):
        try:
            found += [json.loads(text)] if text.strip() else []
        except ValueError:
            log.warning("satu baris %s terpotong dan dilewati", name)
    return found
