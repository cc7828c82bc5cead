"""A sheet of 50,000 families and 60 columns: the whole import against a bare bulk insert of the rows that it leaves.

    python -m bench imports
    python -m bench.imports import|xlsx|bare FOLDER FAMILIES     (one of the processes, by hand)

Each runs in a process of its own on SQLite files: the import from the file's bytes to the switch (read, checked by the
survey's rules, sealed, staged, published), once more of the same as .xlsx, and the bare insert with `bulk_create` of
objects that are ready, in one transaction: keys, families, members, forms and current answers. Scoring and tidying come
after either.
"""

import csv
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.table import Figure, judged, show

FAMILIES = 50_000
MOST, MEMORY = 3.0, 600
#: Eight columns of the registry and 52 questions.
QUESTIONS = 52


def main(runs: int, _households: int) -> list[Figure]:
    """Both, in turns; medians."""
    ratios, imports, bares, peaks, work = [], [], [], [], []
    with tempfile.TemporaryDirectory(prefix="selaras-imports-") as folder:
        packed = _run("xlsx", folder)
    for _ in range(min(runs, 3)):
        with tempfile.TemporaryDirectory(prefix="selaras-imports-") as folder:
            found = _run("import", folder)
            bare = _run("bare", folder)
        imports.append(found["seconds"])
        bares.append(bare["seconds"])
        peaks.append(found["mib"])
        ratios.append(found["seconds"] / bare["seconds"])
        work.append(found["cpu"] / bare["cpu"])
    figures = [
        Figure(f"bare bulk insert of what {FAMILIES:,} families leave", f"{median(bares):.1f} s"),
        Figure(f"import of {FAMILIES:,} families × {QUESTIONS + 8} columns", f"{median(imports):.1f} s"),
        judged("import / bare insert", median(ratios), MOST, "times"),
        Figure("the same of processor time alone", f"{median(work):.2f} times"),
        judged("memory of the import at most", max(peaks), MEMORY, "MiB", 0),
        Figure("import of the same as .xlsx", f"{packed['seconds']:.1f} s"),
        judged("memory of that", packed["mib"], MEMORY, "MiB", 0),
    ]
    show("Import", figures)
    return figures


def _run(what: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.imports", what, folder, str(FAMILIES)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def sheet(families: int) -> bytes:
    """The file: a CSV, every value a hash of its row and column."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    registry = ["kode", "no kk", "nik", "nama kepala keluarga", "alamat", "rw", "rt", "no hp"]
    writer.writerow([*registry, *(f"q{index}" for index in range(QUESTIONS))])
    for number in range(1, families + 1):
        own = [f"GD-{number:05d}", f"99{number:014d}", f"98{number:014d}", f"Contoh {number}", f"Jalan Uji {number}"]
        own += [f"{number % 12 + 1:02d}", f"{number % 9 + 1:02d}", f"0812{number:08d}"]
        writer.writerow([*own, *(_answer(number, index) for index in range(QUESTIONS))])
    return out.getvalue().encode()


def as_xlsx(content: bytes) -> bytes:
    """The same as a workbook of one sheet: its text in every cell."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        page = book.add_worksheet("keluarga")
        for row, cells in enumerate(csv.reader(io.StringIO(content.decode()), delimiter=";")):
            for column, text in enumerate(cells):
                if text:
                    page.write_string(row, column, text)
    return buffer.getvalue()


def _answer(number: int, index: int) -> str:
    value = (number * 2_654_435_761 + index * 40_503) >> 7
    if value % 17 == 0:
        return ""
    return (("ya", "tidak")[value % 2], str(value % 40), f"{value % 9000},5", f"{value % 28 + 1}/3/1985")[index % 4]


def workbook() -> bytes:
    """An instrument that asks the 52 questions, a quarter of them with a constraint."""
    from tests.sample_workbook import sample

    kinds = ("select_one ya_tidak", "integer", "decimal", "date")
    survey: list[list[str]] = [["type", "name", "label", "constraint"]]
    for index in range(QUESTIONS):
        rule = ". >= 0 and . < 40" if index % 4 == 1 else ""
        survey.append([kinds[index % 4], f"q{index}", f"Pertanyaan {index}", rule])
    indicators = """
        | indicator | aspect    | label | weight | from   | rule   | expression   |
        | satu      | kesehatan | Satu  | 1      | survey | yes_no | ${q0} = 'ya' |
        """
    aspects = "| aspect | label | weight |\n| kesehatan | Kesehatan | 1 |"
    gone = dict.fromkeys(("privacy", "calculations", "classes", "bands", "options"))
    return sample(survey=survey, indicators=indicators, aspects=aspects, **gone)


def one_import(folder: Path, filename: str, content: bytes, families: int) -> tuple[float, float]:
    """Seconds, and of them the processor's, from the file's bytes to the switch.

    The database as it was before is kept for the bare insert.
    """
    _settle(folder / "done.sqlite3", folder)
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from tests.build_programme import programme

    from selaras.access import CONSOLE
    from selaras.actions.imports import confirm_import, receive_file
    from selaras.actions.jobs import run
    from selaras.models import ImportBatch, Job

    of = programme(workbook())
    connection.close()
    shutil.copy(folder / "done.sqlite3", folder / "bare.sqlite3")
    target = {"cycle_slug": of.cycle.slug, "code": of.lokus.area}
    before, busy = time.perf_counter(), time.process_time()
    import_id = receive_file(by=CONSOLE, round_slug="baseline", filename=filename, file=io.BytesIO(content), **target)
    run.call(Job.objects.get(kind="imports.check").pk)
    checked = time.perf_counter()
    confirm_import(by=CONSOLE, import_id=import_id, **target)
    run.call(Job.objects.get(kind="imports.publish").pk)
    seconds, cpu = time.perf_counter() - before, time.process_time() - busy
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.households_new) == ("published", families), (batch.state, batch.problems[:3])
    print(f"checked after {checked - before:.1f} s", file=sys.stderr)
    return seconds, cpu


def bare_insert(folder: Path) -> tuple[float, float]:
    """The same of `bulk_create` alone, of objects read beforehand from the database that the import left."""
    _settle(folder / "bare.sqlite3", folder)
    from django.db import connections, transaction

    from selaras.models import CurrentAnswers, DataKey, Household, ImportBatch, Person, StoredFile, Submission

    connections.databases["done"] = {**connections.databases["default"], "NAME": str(folder / "done.sqlite3")}
    seconds = cpu = 0.0
    with transaction.atomic():
        for model in (DataKey, StoredFile, ImportBatch, Household, Person, Submission, CurrentAnswers):
            there = set(model.objects.values_list("pk", flat=True))
            rows = model.objects.using("done").order_by("pk").iterator(chunk_size=2_000)
            while ready := [row for _, row in zip(range(2_000), rows, strict=False)]:
                fresh = [row for row in ready if row.pk not in there]
                if model is ImportBatch:
                    for row in fresh:
                        row.job_id = None
                before, busy = time.perf_counter(), time.process_time()
                model.objects.bulk_create(fresh, batch_size=500)
                seconds, cpu = seconds + time.perf_counter() - before, cpu + time.process_time() - busy
        before, busy = time.perf_counter(), time.process_time()
    return seconds + time.perf_counter() - before, cpu + time.process_time() - busy


def _settle(database: Path, folder: Path) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "selaras.settings",
        "SELARAS_SECRET_KEY": "only-for-the-bench-it-protects-nothing",
        "SELARAS_DATA_KEY": "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "SELARAS_DATABASE_URL": f"sqlite:///{database}",
        "SELARAS_MEDIA_URL": f"file://{folder / 'media'}",
    }
    import django

    django.setup()


if __name__ == "__main__":
    what, place, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if what == "made":
        (place / "keluarga.xlsx").write_bytes(as_xlsx(sheet(count)))
        sys.exit()
    if what == "xlsx":
        # In a process of its own: what making the file takes is not the import's memory.
        subprocess.run([sys.executable, "-m", "bench.imports", "made", str(place), str(count)], check=True)
        took, used = one_import(place, "keluarga.xlsx", (place / "keluarga.xlsx").read_bytes(), count)
    elif what == "import":
        took, used = one_import(place, "keluarga.csv", sheet(count), count)
    else:
        took, used = bare_insert(place)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": took, "cpu": used, "mib": peak}))
