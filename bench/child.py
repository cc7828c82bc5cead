"""One measurement in one process: `python -m bench.child WAY PARQUET [SMALL]`.

Prints seconds, MiB at most, and totals. A run over the file SMALL comes first, untimed, where it is given: what
libraries load when they are first used is not what is compared.
"""

import json
import resource
import sys
import time
from pathlib import Path

from bench.ways import WAYS


def main(name: str, path: str, small: str = "") -> None:
    """Load and warm, then time one run."""
    way = WAYS[name]()
    if small:
        way(Path(small))
    before = time.perf_counter()
    totals = way(Path(path))
    seconds = time.perf_counter() - before
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"seconds": seconds, "mib": used.ru_maxrss / 1024, "totals": totals()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
