"""The first job of an import: read the file, stage its families sealed, say what is wrong. Nothing becomes visible."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from selaras.access import CONSOLE
from selaras.actions.importing.chunks import in_chunks
from selaras.actions.importing.families import Family, to_data
from selaras.actions.importing.inserting import insert_many
from selaras.actions.importing.reading import Reading, open_reading, titles_of
from selaras.actions.importing.registry import Registry
from selaras.actions.jobs import Progress
from selaras.errors import InputError, Problem
from selaras.models import BatchState, CannotUnsealError, ImportBatch, ImportRow, SearchHashes
from selaras.queries.imports import AGAIN

#: Families a transaction: about 50 ms of SQLite's write lock.
CHUNK = 250
#: How many problems a page lists; all are counted.
LISTED = 200


def check(progress: Progress) -> None:
    """Stage and judge the batch of this job. Idempotent: started again, it begins from a clean stage.

    What is wrong with the file does not fail the job: it is the answer.
    """
    batch = ImportBatch.objects.select_related(
        "key", "file__key", "lokus__place", "lokus__cycle__place", "round", "version__workbook", "created_by"
    ).get(uuid=progress.job.params["batch"])
    if batch.state != BatchState.UPLOADED:
        return
    clear_stage(batch, progress)
    try:
        reading = open_reading(batch, by=batch.created_by or CONSOLE)
        _stage_titles(batch, reading)
        if reading.layout.lost is not None:
            # Titles that say nothing may be a family's values: none of them is written down.
            raise InputError(reading.layout.lost)
        _stage(batch, reading, progress)
    except InputError as error:
        if any(problem.code == "import.stale" for problem in error.problems):
            raise
        count = len(error.problems)
        _judge(batch, list(error.problems), dict.fromkeys(("errors", "problems", "blocking"), count))
        return
    except CannotUnsealError as error:
        raise InputError(Problem("import.stale")) from error
    layout, findings = reading.layout, reading.findings
    said_again = [problem_data(problem) for problem in reading.again]
    _judge(batch, findings.listed(layout.labels), {**reading.summary(), AGAIN: said_again})


def _stage(batch: ImportBatch, reading: Reading, progress: Progress) -> None:
    done = 0
    hashes = SearchHashes.load()
    for chunk in in_chunks(reading.families(Registry(batch, hashes)), CHUNK):
        rows = [_staged(batch, family, hashes) for family in chunk]
        with transaction.atomic():
            insert_many(rows)
        done += len(rows)
        progress.say(done, max(done, reading.height))
    # The height counted titles and the foot too.
    progress.say(done, done)


def clear_stage(batch: ImportBatch, progress: Progress | None = None) -> None:
    """Delete the staged rows of a batch, a chunk a transaction; what an undo needs is kept."""
    staged = ImportRow.objects.filter(batch=batch).exclude(sheet__startswith=ImportRow.BEFORE)
    while ids := list(staged.values_list("pk", flat=True)[:CHUNK]):
        ImportRow.objects.filter(pk__in=ids).delete()
        if progress is not None:
            progress.say(progress.job.done)


def _staged(batch: ImportBatch, family: Family, hashes: SearchHashes) -> ImportRow:
    row = ImportRow(batch=batch, number=family.number, kk_hash=hashes.kk(family.registry.get("kk", "")))
    row.problems = sorted(set(family.wrong))
    row.seal(to_data(family))
    return row


def _stage_titles(batch: ImportBatch, reading: Reading) -> None:
    row = ImportRow(batch=batch, sheet=ImportRow.TITLES, number=0)
    row.seal(titles_of(reading.layout, reading.form))
    row.save(force_insert=True)


def _judge(batch: ImportBatch, problems: Sequence[Problem], summary: dict[str, Any]) -> None:
    """The one transaction after which the import shows what was found."""
    # Discarded meanwhile? Then what was found is nobody's business any more.
    ImportBatch.objects.filter(pk=batch.pk, state=BatchState.UPLOADED).update(
        problems=[problem_data(problem) for problem in problems[:LISTED]],
        mapping={**batch.mapping, "read": summary.pop("columns", {})},
        rows=summary.get("rows", 0),
        households_new=summary.pop("new", 0),
        households_known=summary.pop("known", 0),
        summary=summary,
        state=BatchState.CHECKED,
    )


def problem_data(problem: Problem) -> dict[str, Any]:
    """A problem as JSON; its values are names of fields and codes, never what a cell said."""
    values = json.loads(json.dumps(dict(problem.values), default=str))
    return {"code": problem.code, "where": problem.where, "values": values, "level": problem.level}


def problems_of(batch: ImportBatch) -> Iterator[Problem]:
    """The problems that a batch lists."""
    for row in batch.problems:
        yield Problem(row["code"], row["where"], row["values"], row["level"])
