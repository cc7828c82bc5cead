"""The audit of dependencies can fail: by a pin that an advisory names, by a list that nobody has reviewed."""

import json
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SPEC = spec_from_file_location("audit_dependencies", ROOT / "tools" / "audit_dependencies.py")
assert _SPEC is not None
assert _SPEC.loader is not None
audit = module_from_spec(_SPEC)
_SPEC.loader.exec_module(audit)
LISTED = json.loads((ROOT / "tools" / "advisories.json").read_text())


def test_nothing_pinned_here_is_known_to_be_unsafe_and_every_pin_is_looked_at() -> None:
    pinned = audit.pins(ROOT / "requirements")
    lines = (ROOT / "requirements/base.txt").read_text().splitlines()
    names = {line.split("==")[0].split("[")[0] for line in lines if "==" in line and line[0].isalnum()}

    assert list(audit.known(pinned, LISTED["advisories"])) == []
    assert names - {name for name, _version in pinned} == set()
    assert len(names) > 50


def test_an_unsafe_pin_and_a_list_of_long_ago_are_each_a_problem(tmp_path: Path) -> None:
    (tmp_path / "base.txt").write_text("Django==5.2.7 \\\n    --hash=sha256:0\npillow==13.0.0 ; python_version > '3'\n")
    said = audit.problems(tmp_path, LISTED, date(2027, 3, 28))

    assert [line.split(";")[0] for line in said] == [
        "django 5.2.7: CVE-2025-64459, SQL injection through the connector of a query",
        "django 5.2.7: CVE-2025-13372, SQL injection through column aliases on PostgreSQL",
        "daftar kerentanan terakhir ditinjau 2026-11-27",
    ]
    assert audit.problems(tmp_path, {**LISTED, "advisories": []}, date(2027, 3, 27)) == []
