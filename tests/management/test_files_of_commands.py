"""Commands as an operator starts them, on a server of their own on SQLite: nothing here asks the tests' database."""

import os
import subprocess
import sys
from pathlib import Path

from tests.management.test_commands import IKS


def test_what_a_command_writes_its_owner_alone_can_read(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "SELARAS_VAR": str(tmp_path / "var"),
        "SELARAS_DATABASE_URL": f"sqlite:///{tmp_path / 'var' / 'x.sqlite3'}",
        "SELARAS_MEDIA_URL": f"file://{tmp_path / 'var' / 'media'}",
    }
    (tmp_path / "var").mkdir()
    for word, *arguments in (["migrate"], ["publish", str(IKS)]):
        command = [sys.executable, "-m", "selaras", word, *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    written = [path for path in (tmp_path / "var").rglob("*") if path.is_file()]
    assert len(written) >= 2
    assert [path for path in written if path.stat().st_mode & 0o077] == []
