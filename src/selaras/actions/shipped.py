"""The instruments that come with Selaras: published by one press, or by the demo."""

from pathlib import Path
from typing import Final

from selaras.access import Actor, demand, may_publish_instrument
from selaras.actions.instruments import publish
from selaras.errors import InputError, Problem
from selaras.models import InstrumentVersion

FOLDER: Final = Path(__file__).resolve().parents[3] / "instruments"
#: The one that is meant as a year's primary first.
SHIPPED: Final = ("p2wkss/0.1", "keluarga-sejahtera/1.0", "iks/1.0")


def publish_shipped(*, by: Actor) -> list[InstrumentVersion]:
    """Publish each of SHIPPED; twice is once. Raises Forbidden, InputError where a workbook is gone."""
    demand(may_publish_instrument, by)
    return [publish(by=by, workbook=_read(name), name=f"{name}/workbook.xlsx") for name in SHIPPED]


def _read(name: str) -> bytes:
    try:
        return (FOLDER / name / "workbook.xlsx").read_bytes()
    except OSError as error:
        raise InputError(Problem("file.absent", values={"name": f"instruments/{name}/workbook.xlsx"})) from error
