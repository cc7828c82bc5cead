"""Answers of 100,000 families and 60 questions taken along, as each kind of file: time, and memory at most.

    python -m bench exports
    python -m bench.exports FORM FOLDER FAMILIES      (one of the processes, by hand; `made` plants the families)

Each runs in a process of its own on one SQLite file: read, written, packed and sealed, as the worker does it. Families
have two members each. The memory is the whole process's, Django and libraries included.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.imports import QUESTIONS
from bench.table import Figure, judged, show

FAMILIES, MEMORY = 100_000, 300
FORMS = ("csv", "xlsx", "parquet")
PLANTED = 2_000


def main(_runs: int, _households: int) -> list[Figure]:
    """Every kind of file once."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="selaras-exports-") as folder:
        _run("made", folder)
        for form in FORMS:
            found = _run(form, folder)
            what = f"{FAMILIES:,} families × {QUESTIONS} questions as {form}"
            figures.append(Figure(what, f"{found['seconds']:.1f} s, {found['file']:.0f} MiB"))
            figures.append(judged("memory of that", found["mib"], MEMORY, "MiB", 0))
        named = _run("csv-named", folder)
        figures.append(Figure("the same as csv with names and numbers", f"{named['seconds']:.1f} s"))
        figures.append(judged("memory of that", named["mib"], MEMORY, "MiB", 0))
    show("Exports", figures)
    return figures


def _run(what: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.exports", what, folder, str(FAMILIES)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def workbook() -> bytes:
    """52 questions of the family and four of each member."""
    from tests.sample_workbook import sample

    kinds = ("select_one ya_tidak", "integer", "decimal", "date")
    survey: list[list[str]] = [["type", "name", "label"]]
    survey += [[kinds[index % 4], f"q{index}", f"Pertanyaan {index}"] for index in range(QUESTIONS)]
    survey.append(["begin repeat", "member", "Anggota"])
    survey += [[kinds[index % 4], f"m{index}", f"Pertanyaan anggota {index}"] for index in range(4)]
    survey += [["text", "nama", "Nama"], ["end repeat", "", ""]]
    indicators = """
        | indicator | aspect    | label | weight | from   | rule   | expression   |
        | satu      | kesehatan | Satu  | 1      | survey | yes_no | ${q0} = 'ya' |
        """
    aspects = "| aspect | label | weight |\n| kesehatan | Kesehatan | 1 |"
    gone = dict.fromkeys(("privacy", "calculations", "classes", "bands", "options"))
    return sample(survey=survey, indicators=indicators, aspects=aspects, **gone)


def _answer(number: int, index: int) -> Any:
    value = (number * 2_654_435_761 + index * 40_503) >> 7
    kinds = (("ya", "tidak")[value % 2], value % 40, f"{value % 9000}.5", f"1985-03-{value % 28 + 1:02d}")
    return None if value % 17 == 0 else kinds[index % 4]


def plant(families: int) -> None:
    """A lokus of so many families with answers, by plain inserts."""
    from django.core.management import call_command
    from django.db import transaction
    from tests.build_programme import programme

    from selaras.models import CurrentAnswers, DataKey, Household, KeyPurpose, Person, Submission

    call_command("migrate", verbosity=0)
    of = programme(workbook())
    for start in range(0, families, PLANTED):
        numbers = range(start + 1, min(start + PLANTED, families) + 1)
        keys = [DataKey.fresh(KeyPurpose.HOUSEHOLD) for _ in numbers]
        found = [
            Household(lokus=of.lokus, code=f"GD-{number:06d}", rw="03", rt="01", head_name=f"Contoh {number}", key=key)
            for number, key in zip(numbers, keys, strict=True)
        ]
        sent = []
        for number, family in zip(numbers, found, strict=True):
            family.place(of.lokus)
            family.set_kk(f"99{number:014d}", None)
            answers: dict[str, Any] = {f"q{index}": _answer(number, index) for index in range(QUESTIONS)}
            answers["member"] = [{f"m{i}": _answer(number + row, i) for i in range(4)} for row in range(2)]
            submission = Submission(
                household=family, round=of.round, version=of.version, mode="import", answers=answers
            )
            submission.seal_private({"member": [{"nama": "Contoh"}, {"nama": "Uji"}]})
            sent.append(submission)
        with transaction.atomic():
            DataKey.objects.bulk_create(keys)
            Household.objects.bulk_create(found)
            Submission.objects.bulk_create(sent)
            CurrentAnswers.objects.bulk_create(
                CurrentAnswers(
                    household=one.household, round=of.round, lokus=of.lokus, submission=one, answers=one.answers
                )
                for one in sent
            )
            Person.objects.bulk_create(Person(household=one, position=1, name="Contoh") for one in found)


def take(form: str, families: int) -> dict[str, float]:
    """One file, as the worker makes it."""
    from tests import build

    from selaras.actions.exports import export
    from selaras.actions.jobs import run
    from selaras.models import Cycle, Export, Job, Role, User
    from selaras.queries.extract import Wanted

    by = User.objects.first() or build.member(Role.SECRETARIAT, "36.72")
    kind, _, named = form.partition("-")
    wanted = Wanted("baseline", kind, identifiers=bool(named))  # type: ignore[arg-type]
    before = time.perf_counter()
    export(by=by, cycle_slug=Cycle.objects.get().slug, wanted=wanted, why="mengukur memori")
    run.call(Job.objects.latest("pk").pk)
    seconds = time.perf_counter() - before
    made = Export.objects.latest("pk")
    assert (made.families, made.made_at is not None) == (families, True), made.job
    return {"seconds": seconds, "file": made.size / 1024 / 1024}


def _settle(folder: Path) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "selaras.settings",
        "SELARAS_SECRET_KEY": "only-for-the-bench-it-protects-nothing",
        "SELARAS_DATA_KEY": "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "SELARAS_DATABASE_URL": f"sqlite:///{folder / 'exports.sqlite3'}",
        "SELARAS_MEDIA_URL": f"file://{folder / 'media'}",
    }
    import django

    django.setup()


if __name__ == "__main__":
    what, place, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    _settle(place)
    result: dict[str, float] = {}
    if what == "made":
        plant(count)
    else:
        result = take(what, count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**result, "mib": peak}))
