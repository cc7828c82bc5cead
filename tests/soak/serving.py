"""The processes of the other kill tests: `python -m tests.soak.serving WORD [FILE]`, a database by environment.

`begin` builds a scored programme in the tables of today; `freeze` freezes its card, `backup FILE` writes a backup,
`migrate` brings the tables up to date: each says `mulai` before it starts and `selesai` at its end. `look` prints what
there is, as JSON. `old` brings what version 0.1.0 had kept, in its tables, into an empty database.
"""

import json
import sys
import time
from pathlib import Path

import django

django.setup()

# ruff: noqa: E402  (Django must be ready before models are imported)
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from selaras.access import CONSOLE
from selaras.actions import audit, backup
from selaras.actions.backups import archive
from selaras.actions.results import freeze, verify
from selaras.models import AuditEntry, Lokus, Result, Round
from tests.build_programme import bring, families_file, family, programme

FAMILIES = 300
#: What version 0.1.0 had kept: from its schema a kill test migrates.
OLD = Path(__file__).resolve().parents[1] / "fixtures" / "demo-0.1.0.zip"


def begin() -> None:
    of = programme()
    bring(of, families_file([family(f"GD-{i:04d}", 4, "leher_angsa", i) for i in range(1, FAMILIES + 1)]))


def old() -> None:
    with archive.reading(OLD) as reader:
        for member in reader.manifest.media():
            backup._bring_file(reader, member)
        backup._bring_rows(reader, backup._at_schema(backup._known_migrations(reader.manifest)))


def freeze_card() -> None:
    freeze(by=CONSOLE, lokus=Lokus.objects.get(), round_=Round.objects.get())


def look() -> None:
    executor = MigrationExecutor(connection)
    verdicts = [verify(by=CONSOLE, result_id=uuid).holds for uuid in Result.objects.values_list("uuid", flat=True)]
    audit.seal_pending()
    seen = {
        "results": len(verdicts),
        "hold": all(verdicts),
        "frozen": AuditEntry.objects.filter(action="results.freeze").count(),
        "backups": AuditEntry.objects.filter(action="server.back_up").count(),
        "audit": audit.verify().holds,
        "waiting": len(executor.migration_plan(executor.loader.graph.leaf_nodes())),
    }
    print(json.dumps(seen))


def waiting() -> None:
    executor = MigrationExecutor(connection)
    print(json.dumps({"waiting": len(executor.migration_plan(executor.loader.graph.leaf_nodes()))}))


WORDS = {"begin": begin, "old": old, "look": look, "waiting": waiting}
KILLED = {
    "freeze": freeze_card,
    "backup": lambda: backup.back_up(by=CONSOLE, path=Path(sys.argv[2])),
    "migrate": lambda: call_command("migrate", verbosity=0),
}

if __name__ == "__main__":
    word = sys.argv[1]
    if word in WORDS:
        WORDS[word]()
    else:
        print("mulai", flush=True)
        began = time.perf_counter()
        KILLED[word]()
        print("selesai", time.perf_counter() - began, flush=True)
    connection.close()
