"""Behind a pooler in transaction mode nothing is left on a connection that the next transaction may not have."""

import json
import os
import subprocess
import sys

import pytest

_SAYS = (
    "import json; from selaras.settings import DATABASES as d; d = d['default'];"
    "print(json.dumps([d['OPTIONS']['prepare_threshold'], d['DISABLE_SERVER_SIDE_CURSORS']]))"
)


@pytest.mark.parametrize(("pooler", "settings"), [("", [5, False]), ("0", [5, False]), ("1", [None, True])])
def test_statements_are_prepared_unless_a_pooler_stands_between(pooler: str, settings: list[object]) -> None:
    environment = {**os.environ, "SELARAS_DATABASE_URL": "postgresql://u:p@h/n", "SELARAS_DATABASE_POOLER": pooler}
    done = subprocess.run([sys.executable, "-c", _SAYS], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == settings
