"""The processes of the kill test: `python -m tests.soak.importing begin|work|look FAMILIES`, a database by environment.

`begin` builds a programme in the tables of today and enqueues an import's check; `work` does whatever waits and says
`mulai` before it starts and `selesai` at its end; `look` prints what can be seen, as JSON.
"""

import json
import sys

import django

django.setup()

# ruff: noqa: E402  (Django must be ready before models are imported)
from django.db import connection

from selaras.access import CONSOLE
from selaras.actions.imports import confirm_import
from selaras.actions.jobs import take_over, work_off
from selaras.actions.recounting import full_check
from selaras.models import CurrentAnswers, Household, ImportBatch, ImportRow, Lokus, Submission, UnitCounter
from tests.build_programme import families_file, family, programme, receive


def begin(families: int) -> None:
    """A programme with one checked and confirmed import of so many families."""
    of = programme()
    rows = [family(f"GD-{i:04d}", 4, "leher_angsa", i) for i in range(1, families + 1)]
    import_id = receive(of, families_file(rows))
    confirm_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=import_id)


def work() -> None:
    """What a worker does after it has been started again."""
    print("mulai", flush=True)
    take_over()
    work_off()
    print("selesai", flush=True)


def look() -> None:
    """What a page would show, and what lies behind it."""
    lokus = Lokus.objects.get()
    head = UnitCounter.objects.first()
    seen = {
        "state": ImportBatch.objects.get().state,
        "families": lokus.registered,
        "answers": CurrentAnswers.objects.count(),
        "dirty": CurrentAnswers.objects.filter(dirty=True).count(),
        "counted": head.households if head else 0,
        "stored": Household.objects.count(),
        "submissions": Submission.objects.count(),
        "staged": ImportRow.objects.count(),
        "wrong": [str(difference) for difference in full_check()],
    }
    print(json.dumps(seen))
    connection.close()


if __name__ == "__main__":
    command, count = sys.argv[1], int(sys.argv[2])
    if command == "begin":
        begin(count)
    elif command == "work":
        work()
    else:
        look()
