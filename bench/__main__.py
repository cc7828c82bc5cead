"""`make bench`: every figure of this folder, with PASS or FAIL where one was promised.

    python -m bench                      all parts
    python -m bench scoring --runs 9     one part
    python -m bench --households 100000  a smaller size, for a look

The exit code is 1 where a promise is not kept. Ratios are the figures to trust: they come from one run, in turns.
"""

import argparse
import os
import platform
import sys

from bench import (
    dossier,
    duplicates,
    exports,
    imports,
    matrix,
    pages,
    photos,
    planning,
    receipt,
    scoring,
    starting,
    suppression,
)

PARTS = {
    "starting": starting.main,
    "scoring": scoring.main,
    "pages": pages.main,
    "matrix": matrix.main,
    "planning": planning.main,
    "suppression": suppression.main,
    "imports": imports.main,
    "exports": exports.main,
    "duplicates": duplicates.main,
    "photos": photos.main,
    "dossier": dossier.main,
    "receipt": receipt.main,
}


def main() -> int:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--households", type=int, default=1_000_000)
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}")
    if load > (os.cpu_count() or 1):
        print("the machine is busy with something else: distrust every figure below")
    found = [figure for name in asked.parts or PARTS for figure in PARTS[name](asked.runs, asked.households)]
    failed = [figure.what for figure in found if figure.passed is False]
    print("\n" + (f"FAIL: {', '.join(failed)}" if failed else "every promise kept"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
