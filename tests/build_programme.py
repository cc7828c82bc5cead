"""A programme year that scores: the sample instrument published, one lokus, one round, and files to import."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from selaras.access import CONSOLE, Actor
from selaras.actions.imports import confirm_import, receive_file
from selaras.actions.jobs import work_off
from selaras.models import Cycle, CycleInstrument, IndicatorRef, InstrumentVersion, Lokus, Round, StoredFile
from selaras.queries.rules import instrument_of
from tests import build
from tests.build_workbook import Cell, workbook
from tests.kept import kept
from tests.sample_workbook import sample

#: Columns of a families' sheet in the tests' files.
HEADER = ["kode", "nama kepala", "rw", "rt", "jumlah", "jamban", "iuran"]
MEMBERS = ["kode", "nama", "nik", "umur", "sekolah"]


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything that one needs to import and look."""

    cycle: Cycle
    lokus: Lokus
    round: Round
    version: InstrumentVersion


def publish(content: bytes, cycle: Cycle, *, primary: bool = True) -> InstrumentVersion:
    """A workbook as a published version of that cycle."""
    stored = StoredFile.store(content, "application/octet-stream")
    count = InstrumentVersion.objects.count() + 1
    version = InstrumentVersion.objects.create(
        instrument="contoh", version=str(count), title="Contoh", sha256="", workbook=stored
    )
    instrument = instrument_of(version)
    version.sha256 = instrument.sha256
    version.save(update_fields=["sha256"])
    names = enumerate(instrument.indicators)
    IndicatorRef.objects.bulk_create(IndicatorRef(version=version, name=name, position=i) for i, name in names)
    CycleInstrument.objects.create(cycle=cycle, version=version, primary=primary)
    return version


@kept
def programme(content: bytes | None = None) -> Programme:
    """Kota Cilegon 2024 with lokus GD, its baseline and the sample instrument."""
    cycle = build.cycle()
    return Programme(cycle, build.lokus(cycle), build.baseline(cycle), publish(content or sample(), cycle))


def family(code: str, *cells: Cell, name: str = "Uji", rw: str = "01", rt: str = "02") -> list[Cell]:
    """A row of HEADER: `cells` are jumlah, jamban, iuran."""
    return [code, name, rw, rt, *cells]


def families_file(
    rows: Sequence[Sequence[Cell]],
    members: Sequence[Sequence[Cell]] = (),
    *,
    header: Sequence[Cell] = HEADER,
) -> bytes:
    """An .xlsx with a sheet `keluarga` and, where there are any, a sheet `member`."""
    sheets: dict[str, Sequence[Sequence[Cell]]] = {"keluarga": [header, *rows]}
    if members:
        sheets["member"] = [MEMBERS, *members]
    return workbook(sheets)


def receive(
    of: Programme,
    content: bytes,
    *,
    by: Actor = CONSOLE,
    filename: str = "keluarga.xlsx",
    mapping: Mapping[str, Mapping[str, str]] | None = None,
) -> UUID:
    """Give a file and let its check run."""
    found = receive_file(
        by=by,
        cycle_slug=of.cycle.slug,
        code=of.lokus.area,
        round_slug="baseline",
        filename=filename,
        file=io.BytesIO(content),
        mapping=mapping,
    )
    work_off()
    return found


def confirm(of: Programme, import_id: UUID, *, by: Actor = CONSOLE) -> None:
    """Publish a checked import and let all that follows run: tidying and scoring."""
    confirm_import(by=by, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=import_id)
    work_off()


def bring(of: Programme, content: bytes) -> UUID:
    """Receive, check, publish and score."""
    found = receive(of, content)
    confirm(of, found)
    return found
