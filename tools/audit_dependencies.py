"""Is anything pinned that is known to be unsafe? Fails where it is, and where nobody has looked for too long.

python tools/audit_dependencies.py           pins of requirements/*.txt against tools/advisories.json: no network
python tools/audit_dependencies.py --live    the same, then an advisory service through pip-audit, where one is reached

The list is kept by hand and says so: it can find, it cannot acquit. Every pin has a hash too, and pip refuses what
has another one. Exit 0: nothing known; 1: something known, or the list is too old; 2: the service was not reached.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def pins(folder: Path) -> set[tuple[str, str]]:
    """(name, version) of everything that any requirements file pins."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    return {(name.lower().replace("_", "-"), version) for text in texts for name, version in _PIN.findall(text)}


def known(pinned: set[tuple[str, str]], advisories: list[dict[str, str]]) -> Iterator[str]:
    """A line for each pin that an advisory names; ranges are alternatives parted by `|`."""
    for name, version in sorted(pinned):
        for one in advisories:
            ranges = (SpecifierSet(each.strip(), prereleases=True) for each in one["affected"].split("|"))
            if one["package"] == name and any(Version(version) in each for each in ranges):
                yield f"{name} {version}: {one['id']}, {one['what']}; perbarui lalu jalankan `make lock`"


def too_old(listed: dict[str, Any], today: date) -> Iterator[str]:
    """A line where the list was last reviewed longer ago than it lasts."""
    reviewed, lasts = date.fromisoformat(listed["reviewed"]), timedelta(days=listed["lasts_days"])
    if today > reviewed + lasts:
        yield f"daftar kerentanan terakhir ditinjau {reviewed}; tinjau lagi (`make audit`), lalu ubah tanggalnya"


def problems(folder: Path, listed: dict[str, Any], today: date) -> list[str]:
    """Everything that is wrong, a line each."""
    return [*known(pins(folder), listed["advisories"]), *too_old(listed, today)]


def live(folder: Path) -> int:
    """Ask the advisory service; 2 where it is not reached."""
    code = 0
    for path in sorted(folder.glob("*.txt")):
        command = [sys.executable, "-m", "uv", "tool", "run", "pip-audit", "--disable-pip", "--require-hashes", "-r"]
        found = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
        sys.stdout.write(found.stdout)
        if found.returncode and "Found" not in found.stderr:
            sys.stdout.write(f"{path.name}: layanan kerentanan tidak terjangkau dari sini\n")
            return 2
        code = max(code, found.returncode)
    return code


def main(arguments: list[str]) -> int:
    listed = json.loads((ROOT / "tools" / "advisories.json").read_text(encoding="utf-8"))
    folder = ROOT / "requirements"
    # A day of the calendar: the clock's zone does not matter to four months.
    found = problems(folder, listed, date.today())  # noqa: DTZ011
    for line in found:
        sys.stdout.write(f"{line}\n")
    asked = live(folder) if "--live" in arguments else 0
    count, many = len(pins(folder)), len(listed["advisories"])
    sys.stdout.write(f"{count} paket terpatok, {many} kerentanan dikenal, {len(found)} masalah\n")
    return 1 if found else asked


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
