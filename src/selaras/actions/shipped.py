"""The instruments that come with Selaras: published by one press, or by the demo."""

from pathlib import Path
from typing import Final

from selaras.access import Actor, demand, may_publish_instrument
from selaras.actions.instruments import publish
from selaras.errors import InputError, Problem
from selaras.models import InstrumentVersion
from selaras.queries.usual import BUNDLES

FOLDER: Final = Path(__file__).resolve().parents[3] / "instruments"


def publish_shipped(*, by: Actor, bundle: str = "p2wkss") -> list[InstrumentVersion]:
    """Publish each instrument of a bundle (the first where the name is unknown), the primary one first; twice is once.

    Raises Forbidden, InputError where a workbook is gone.
    """
    demand(may_publish_instrument, by)
    folders = BUNDLES.get(bundle, BUNDLES["p2wkss"]).folders
    return [publish(by=by, workbook=_read(name), name=f"{name}/workbook.xlsx") for name in folders]


def _read(name: str) -> bytes:
    try:
        return (FOLDER / name / "workbook.xlsx").read_bytes()
    except OSError as error:
        raise InputError(Problem("file.absent", values={"name": f"instruments/{name}/workbook.xlsx"})) from error
