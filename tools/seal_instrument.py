"""Seal an instrument: write the SHA-256 of what its workbook says, so that a later edit cannot pass unseen.

    python tools/seal_instrument.py instruments/p2wkss/0.2 …      write SHA256 beside each workbook
    python tools/seal_instrument.py --check                       hold every sealed version against its workbook
    python tools/seal_instrument.py --again FOLDER                seal anew a version that nobody has used yet

The number is the one that scorecards cite: of the content, not of the file, so that saving in LibreOffice without a
change keeps it. A version that is in use is never sealed anew: copy its folder to a new version instead.
"""

import argparse
import sys
from pathlib import Path

from selaras.scoring.workbook import read_workbook

ROOT = Path(__file__).parents[1] / "instruments"
SEAL = "SHA256"


def seal_of(folder: Path) -> str:
    """The line for this version: `sha256  id version`. Raises SystemExit with its problems where it has errors."""
    reading = read_workbook(folder / "workbook.xlsx", xform=False)
    if reading.errors or reading.instrument is None:
        raise SystemExit("\n".join(map(str, reading.errors)) or f"{folder}: no instrument")
    instrument = reading.instrument
    if (instrument.id, instrument.version) != (folder.parent.name, folder.name):
        raise SystemExit(f"{folder}: the workbook calls itself {instrument.id} {instrument.version}")
    return f"{instrument.sha256}  {instrument.id} {instrument.version}\n"


def sealed(folder: Path) -> str:
    """What the seal says now, '' where there is none."""
    path = folder / SEAL
    return path.read_text("utf-8") if path.exists() else ""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="*", type=Path, help="a version's folder; all of instruments/ where left out")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 where a seal is missing or broken")
    parser.add_argument("--again", action="store_true", help="replace a seal that no longer fits")
    asked = parser.parse_args(arguments)
    folders = [path.resolve() for path in asked.folder] or sorted(
        path.parent for path in ROOT.glob("*/*/workbook.xlsx")
    )
    broken = 0
    for folder in folders:
        line, before = seal_of(folder), sealed(folder)
        if line == before:
            continue
        if asked.check or (before and not asked.again):
            broken += 1
            print(f"{folder}: its seal does not fit its workbook; a changed instrument is a new version")
        else:
            (folder / SEAL).write_text(line, "utf-8")
            print(line, end="")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
