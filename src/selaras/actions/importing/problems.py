"""The file read once more, for the sheet that says in front of each row what is wrong with it."""

from selaras.access import Actor
from selaras.actions.importing.reading import open_reading
from selaras.actions.importing.registry import Registry
from selaras.actions.importing.tables import Source
from selaras.errors import InputError
from selaras.models import ImportBatch, SearchHashes
from selaras.queries.unwilling import told_to
from selaras.reports.problems import Marked, ProblemSheet

#: More problems than this and the rest is left to the next upload.
MOST = 50_000


def read_problems(batch: ImportBatch, *, by: Actor) -> tuple[list[ProblemSheet], int]:
    """Every visible sheet as it came, and how many problems of it `by` is told. Raises InputError where it cannot be
    read."""
    reading = open_reading(batch, by=by, kept=MOST)
    if reading.layout.lost is not None:
        raise InputError(reading.layout.lost)
    for _ in reading.families(Registry(batch, SearchHashes.load())):
        pass
    told = told_to(by, reading.cycle, [str(problem.values["request"]) for problem in reading.again])
    for problem in reading.again:
        if problem.values["request"] in told:
            reading.findings.of_row(problem)
    headers = {sheet.table.label: sheet.table for sheet in reading.layout.sheets}
    marked = Marked.of(reading.findings.listed(reading.layout.labels))
    return [
        ProblemSheet(
            source.label,
            source.rows,
            headers[source.label].header_row if source.label in headers else 1,
            headers[source.label].header if source.label in headers else (),
            marked.get(source.label, {}),
            source.merged,
        )
        for source in _shown(reading.sources)
    ], reading.findings.total


def _shown(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    return tuple(source for source in sources if source.label.casefold() not in {"petunjuk", "pilihan"})
