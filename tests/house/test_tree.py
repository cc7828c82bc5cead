"""What must never be committed, and what every clone must have."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Spelled in pieces, so that this file does not name what it forbids.
HOSTS = re.compile(
    "|".join(["py" + r"pi\.org", "pythonhosted" + r"\.org", "npm" + r"js\.(org|com)", "deb" + r"ian\.org"])
)


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listing.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_tracked_file_names_the_host_of_a_package_registry() -> None:
    texts = {path: path.read_bytes().decode("utf-8", "ignore") for path in tracked()}
    assert HOSTS.search("see https://" + "py" + "pi.org/")
    assert [str(path.relative_to(ROOT)) for path, text in texts.items() if HOSTS.search(text)] == []


def test_every_requirement_is_pinned_with_a_hash() -> None:
    for part in ("base", "dev", "bench"):
        lines = (ROOT / "requirements" / f"{part}.txt").read_text().splitlines()
        pins = [i for i, line in enumerate(lines) if re.match(r"[a-z0-9]", line)]
        assert pins
        assert [lines[i] for i in pins if "==" not in lines[i] or "--hash=" not in lines[i + 1]] == []


def test_what_a_run_leaves_behind_is_not_tracked() -> None:
    names = [str(path.relative_to(ROOT)) for path in tracked()]
    assert [
        name for name in names if re.search(r"(^|/)(var|node_modules|\.venv)/|\.sqlite3|\.env$|uv\.lock$", name)
    ] == []
