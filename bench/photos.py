"""Photos that are sent again, or were taken elsewhere or on another day: precision and recall over generated years.

    python -m bench photos
    python -m bench.photos FIRST YEARS      (one of the processes, by hand)

Each core takes its share of the years; what counts as found stands in `planted.py`.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from itertools import pairwise

from tests.photo_years import KINDS, year

from bench.table import Figure, show

YEARS, PHOTOS = 20, 60
#: Seeds that no threshold was chosen on.
FIRST = 7_001
#: How often a planted photo must be found, and a signal be right.
RECALL, PRECISION = 0.95, 0.97


def main(_runs: int, _households: int) -> list[Figure]:
    """Precision and recall over all years, kind by kind, and what a photo costs."""
    cores = os.cpu_count() or 1
    starts = [FIRST + n * YEARS // cores for n in range(cores + 1)]
    parts = [_begun(first, end - first) for first, end in pairwise(starts)]
    counts: Counter[str] = Counter()
    seconds = 0.0
    for part in parts:
        out, _none = part.communicate()
        if part.returncode:
            raise subprocess.CalledProcessError(part.returncode, part.args)
        found = json.loads(out)
        counts.update(found["counts"])
        seconds += found["seconds"]
    figures = [*_figures(counts), Figure("to look at one photo", f"{seconds / (YEARS * PHOTOS):.2f} s of one core")]
    show(f"Photos planted in {YEARS} generated years of {PHOTOS} photos", figures)
    return figures


def _begun(first: int, years: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.photos", str(first), str(years)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _figures(counts: Counter[str]) -> list[Figure]:
    lines = []
    for kind in KINDS:
        planted, found, wrong = (counts[f"{kind} {what}"] for what in ("planted", "found", "wrong"))
        lines.append(Figure(kind, f"{found} of {planted} found, {wrong} wrong"))
    found, planted, wrong = (sum(counts[f"{kind} {what}"] for kind in KINDS) for what in ("found", "planted", "wrong"))
    recall, precision = found / planted, found / (found + wrong)
    return [
        *lines,
        Figure("recall", f"{recall:.4f}", f"≥ {RECALL}", recall >= RECALL),
        Figure("precision", f"{precision:.4f}", f"≥ {PRECISION}", precision >= PRECISION),
    ]


def one(first: int, years: int) -> dict[str, object]:
    """The counts of that many years, as `kind what`, and the seconds of looking at them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selaras.settings")
    os.environ.setdefault("SELARAS_SECRET_KEY", "bench " * 10)
    os.environ.setdefault("SELARAS_DATA_KEY", "1:" + "A" * 43 + "=")
    import django

    django.setup()
    from bench.planted import counted

    counts: Counter[tuple[str, str]] = Counter()
    seconds = 0.0
    for seed in range(first, first + years):
        of = year(seed, PHOTOS)
        begun = time.process_time()
        counts += counted(of)
        seconds += time.process_time() - begun
    return {"counts": {" ".join(key): n for key, n in counts.items()}, "seconds": seconds}


if __name__ == "__main__":
    print(json.dumps(one(int(sys.argv[1]), int(sys.argv[2]))))
