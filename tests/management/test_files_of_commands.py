"""Commands as an operator starts them, on a server of their own on SQLite: nothing here asks the tests' database."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import copy_migrated
from tests.management.test_commands import IKS


def test_what_a_command_writes_its_owner_alone_can_read(tmp_path: Path) -> None:
    """The first migration makes the database's file; what is published is put into one that has its tables."""
    new, filled = tmp_path / "new", tmp_path / "filled"
    new.mkdir()
    copy_migrated(filled / "x.sqlite3")
    for folder, words in ((new, ["migrate", "selaras", "0001"]), (filled, ["publish", str(IKS)])):
        environment = {
            **os.environ,
            "SELARAS_VAR": str(folder),
            "SELARAS_DATABASE_URL": f"sqlite:///{folder / 'x.sqlite3'}",
            "SELARAS_MEDIA_URL": f"file://{folder / 'media'}",
        }
        command = [sys.executable, "-m", "selaras", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        written = [path for path in folder.rglob("*") if path.is_file()]
        assert len(written) >= 1 + (folder == filled)
        assert [path for path in written if path.stat().st_mode & 0o077] == []
