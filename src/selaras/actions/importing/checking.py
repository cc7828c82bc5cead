"""The first job of an import: read the file, stage its families sealed, say what is wrong. Nothing becomes visible."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from selaras.actions.importing.families import Family, read_families, to_data
from selaras.actions.importing.tables import read_tables
from selaras.actions.jobs import Progress
from selaras.errors import InputError, Problem
from selaras.models import BatchState, CannotUnsealError, Household, ImportBatch, ImportRow, Person, SearchHashes
from selaras.models.keys import digits
from selaras.queries.rules import instrument_of

#: Families a transaction: about 20 ms of SQLite's write lock.
CHUNK = 100
#: How many problems a page lists; all are counted.
LISTED = 200


def check(progress: Progress) -> None:
    """Stage and judge the batch of this job. Idempotent: started again, it begins from a clean stage.

    What is wrong with the file does not fail the job: it is the answer.
    """
    batch = ImportBatch.objects.select_related("key", "file__key", "lokus__place", "version").get(
        uuid=progress.job.params["batch"]
    )
    if batch.state != BatchState.UPLOADED:
        return
    clear_stage(batch, progress)
    if batch.file is None or batch.lokus is None:
        raise InputError(Problem("import.stale"))
    try:
        form = instrument_of(batch.version).form
        tables = read_tables(batch.file.content(), batch.filename)
        read = read_families(tables, form, prefix=batch.lokus.prefix, chosen=batch.mapping.get("chosen"))
    except InputError as error:
        _judge(batch, list(error.problems), {})
        return
    except CannotUnsealError as error:
        raise InputError(Problem("import.stale")) from error
    hashes = SearchHashes.load()
    problems = [*read.problems, *_doubles(read.families, hashes)]
    new, known = _against_registry(batch, read.families, hashes, problems)
    done = 0
    for chunk in _chunks(read.families):
        rows = [_staged(batch, family, hashes) for family in chunk]
        with transaction.atomic():
            ImportRow.objects.bulk_create(rows)
        done += len(rows)
        progress.say(done, len(read.families))
    members = sum(len(rows) for family in read.families for rows in family.members.values())
    summary = {
        "new": new,
        "known": known,
        "rows": len(read.families),
        "members": members,
        "answers": sum(family.filled for family in read.families),
        "ignored": read.ignored,
        "header": read.header,
        "columns": read.mapping,
    }
    _judge(batch, problems, summary)


def clear_stage(batch: ImportBatch, progress: Progress | None = None) -> None:
    """Delete the staged rows of a batch, a chunk a transaction."""
    while ids := list(ImportRow.objects.filter(batch=batch).values_list("pk", flat=True)[:CHUNK]):
        ImportRow.objects.filter(pk__in=ids).delete()
        if progress is not None:
            progress.say(progress.job.done)


def _chunks(families: Sequence[Family]) -> Iterator[Sequence[Family]]:
    for start in range(0, len(families), CHUNK):
        yield families[start : start + CHUNK]


def _staged(batch: ImportBatch, family: Family, hashes: SearchHashes) -> ImportRow:
    row = ImportRow(batch=batch, number=family.number, kk_hash=hashes.kk(family.registry.get("kk", "")))
    row.seal(to_data(family))
    return row


def _judge(batch: ImportBatch, problems: list[Problem], summary: dict[str, Any]) -> None:
    """The one transaction after which the import shows what was found."""
    errors = [problem for problem in problems if problem.level == "error"]
    ordered = [*errors, *(problem for problem in problems if problem.level != "error")]
    batch.problems = [problem_data(problem) for problem in ordered[:LISTED]]
    batch.mapping = {**batch.mapping, "read": summary.pop("columns", {})}
    batch.summary = {**summary, "errors": len(errors), "problems": len(problems)}
    batch.rows = summary.get("rows", 0)
    batch.households_new, batch.households_known = summary.pop("new", 0), summary.pop("known", 0)
    batch.state = BatchState.CHECKED
    with transaction.atomic():
        # Discarded meanwhile? Then what was found is nobody's business any more.
        ImportBatch.objects.filter(pk=batch.pk, state=BatchState.UPLOADED).update(
            problems=batch.problems,
            mapping=batch.mapping,
            summary=batch.summary,
            rows=batch.rows,
            households_new=batch.households_new,
            households_known=batch.households_known,
            state=batch.state,
        )


def problem_data(problem: Problem) -> dict[str, Any]:
    """A problem as JSON; its values are names of fields and codes, never what a cell said."""
    values = json.loads(json.dumps(dict(problem.values), default=str))
    return {"code": problem.code, "where": problem.where, "values": values, "level": problem.level}


def _doubles(families: Sequence[Family], hashes: SearchHashes) -> Iterator[Problem]:
    """KK and NIK numbers that stand twice in the file."""
    seen_kk: dict[str, int] = {}
    seen_nik: dict[str, str] = {}
    for family in families:
        kk = hashes.kk(family.registry.get("kk", ""))
        if kk and (row := seen_kk.setdefault(kk, family.number)) != family.number:
            yield Problem("import.kk_twice", family.where, {"row": row})
        people = [(family.where, family.registry.get("nik", ""))] if not family.members else []
        people += [(m.where, m.registry.get("nik", "")) for rows in family.members.values() for m in rows]
        for where, number in people:
            nik = hashes.nik(number)
            if nik and (first := seen_nik.setdefault(nik, where)) != where:
                yield Problem("import.nik_twice", where, {"row": first})


def _against_registry(
    batch: ImportBatch, families: Sequence[Family], hashes: SearchHashes, problems: list[Problem]
) -> tuple[int, int]:
    """How many families are new and known; codes are filled in for the known ones that have none in the file."""
    registry = Registry(batch, hashes)
    known = 0
    for family in families:
        code = family.code or registry.code_of(family.registry) or ""
        kk = hashes.kk(family.registry.get("kk", ""))
        owner = registry.by_kk.get(kk or "")
        if code in registry.erased:
            problems.append(Problem("import.erased", family.where))
        elif owner and code and owner != code:
            problems.append(Problem("import.kk_taken", family.where, {"code": owner}))
        family.code = code
        known += code in registry.codes
    return len(families) - known, known


class Registry:
    """The families of a lokus by code, KK and NIK, loaded once for an import."""

    def __init__(self, batch: ImportBatch, hashes: SearchHashes) -> None:
        self._hashes = hashes
        rows = list(
            Household.objects.filter(lokus=batch.lokus, pending__isnull=True).values_list(
                "id", "code", "kk_hash", "erased_at"
            )
        )
        self.codes = {code for _, code, _, erased in rows if erased is None}
        self.erased = {code for _, code, _, erased in rows if erased is not None}
        self.by_kk = {kk: code for _, code, kk, _ in rows if kk}
        by_id = {pk: code for pk, code, _, _ in rows}
        persons = Person.objects.filter(household__lokus=batch.lokus, nik_hash__isnull=False)
        self._by_nik = {nik: by_id[pk] for pk, nik in persons.values_list("household_id", "nik_hash") if pk in by_id}

    def code_of(self, registry: dict[str, str]) -> str | None:
        """The family's code by its KK number, else by the NIK of its head."""
        kk, nik = self._hashes.kk(digits(registry.get("kk", ""))), self._hashes.nik(registry.get("nik", ""))
        return self.by_kk.get(kk or "") or self._by_nik.get(nik or "")
