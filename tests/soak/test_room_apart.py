"""The locked room in a database of its own: made, backed up with the main one, and both brought back."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import copy_migrated

ROOT = Path(__file__).resolve().parents[2]
APART = """
import django; django.setup()
from django.core.management import call_command
from django.db import connection, connections
from pathlib import Path
from selaras.access import CONSOLE
from selaras.actions.backup import back_up, restore
from selaras.actions.doctor import examine
from selaras.cases.models import Ticket
from tests.cases.build import ticket
def make():
    call_command("migrate", "cases", database="cases", verbosity=0)
    ticket()
    assert "cases_ticket" in connections["cases"].introspection.table_names()
    assert "selaras_household" not in connections["cases"].introspection.table_names()
    with connection.cursor() as cursor:
        assert not cursor.execute("SELECT count(*) FROM cases_ticket").fetchone()[0]
path = Path(__import__("os").environ["SELARAS_VAR"]) / "c.zip"
if path.exists():
    restore(by=CONSOLE, path=path)
else:
    make()
    back_up(by=CONSOLE, path=path)
print(Ticket.objects.count(), [f.said for f in examine() if "ruang" in f.said])
"""


def test_the_room_can_have_a_database_of_its_own_and_both_come_back_from_one_backup(tmp_path: Path) -> None:
    run = [sys.executable, "-c", APART]
    for name in ("first", "second"):
        copy_migrated(tmp_path / name / "selaras.sqlite3")
        settings = {
            "SELARAS_VAR": str(tmp_path),
            "SELARAS_DATABASE_URL": f"sqlite:///{tmp_path}/{name}/selaras.sqlite3",
            "SELARAS_CASES_DATABASE_URL": f"sqlite:///{tmp_path}/{name}/room/room.sqlite3",
        }
        done = subprocess.run(
            run, env={**os.environ, **settings}, cwd=ROOT, capture_output=True, text=True, check=False
        )

        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-1].startswith("1 ['ruang perlindungan: kunci diperiksa'")
