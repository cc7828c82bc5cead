"""Families that stand twice, found in invented registries of 20,000 of which 5 % were written down a second time.

    python -m bench duplicates
    python -m bench.duplicates calibrate     (estimates the weights anew)
    python -m bench.duplicates choose        (what each threshold would do, on the seeds of the calibration)

The weights (`actions/alike/weights.py`) and the threshold come from the seeds of CALIBRATION and are never looked at
with those of TEST. A pair is right where both records are one family. Each size of registry is a process of its own, so
that its memory is its own.
"""

import json
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.registries import Hands, registry
from bench.table import Figure, show
from selaras.actions.alike import comparing, weights
from selaras.actions.alike.comparing import LEVELS

FAMILIES, SHARE = 20_000, 0.05
CALIBRATION, TEST = (1, 2, 3), (101, 102, 103)
PRECISION, RECALL = 0.95, 0.90
#: No level is certain, and none impossible.
LEAST_ONE, LEAST_TWO = 0.002, 1e-6
USUAL = Hands()
WORSE = {
    "no NIK at all": (replace(USUAL, no_nik=1.0), SHARE),
    "no NIK, no KK number, no phone": (replace(USUAL, no_nik=1.0, no_kk=1.0, no_phone=1.0), SHARE),
    "half of the birth dates unknown": (replace(USUAL, no_birth=0.5), SHARE),
    "no NIK and no birth date": (replace(USUAL, no_nik=1.0, no_birth=1.0), SHARE),
    "names and addresses alone": (
        replace(USUAL, no_nik=1.0, no_kk=1.0, no_phone=1.0, no_birth=1.0),
        SHARE,
    ),
    "twice as many typing errors": (replace(USUAL, typo=0.36, swapped=0.3, other_address=0.5), SHARE),
    "10 % stand twice": (USUAL, 0.10),
    "1 % stand twice": (USUAL, 0.01),
}


def main(runs: int, _households: int) -> list[Figure]:
    """The promise on the seeds of TEST, then how it degrades."""
    found = [_alone(seed, USUAL, SHARE) for seed in TEST[: max(runs, 1)]]
    precision, recall = min(one["precision"] for one in found), min(one["recall"] for one in found)
    figures = [
        Figure(f"precision, the least of {len(found)}", f"{precision:.3f}", f"≥ {PRECISION}", precision >= PRECISION),
        Figure(f"recall, the least of {len(found)}", f"{recall:.3f}", f"≥ {RECALL}", recall >= RECALL),
        Figure(f"{FAMILIES * (1 + SHARE):,.0f} records compared in", f"{median(o['seconds'] for o in found):.1f} s"),
        Figure("of it made alike", f"{median(o['alike'] for o in found):.1f} s"),
        Figure("memory at most", f"{max(o['mib'] for o in found):.0f} MiB"),
    ]
    for what, (hands, share) in WORSE.items():
        one = _alone(TEST[0], hands, share)
        figures.append(Figure(what, f"precision {one['precision']:.3f}, recall {one['recall']:.3f}"))
    show("Families that stand twice", figures)
    return figures


def _alone(seed: int, hands: Hands, share: float) -> dict[str, float]:
    asked = json.dumps([seed, share, {name: getattr(hands, name) for name in Hands.__dataclass_fields__}])
    done = subprocess.run(
        [sys.executable, "-m", "bench.duplicates", "one", asked], check=True, stdout=subprocess.PIPE, text=True
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def one(seed: int, share: float, hands: Hands, families: int = FAMILIES) -> dict[str, float]:
    """Precision, recall, seconds and memory of one registry."""
    records, truth = registry(families, share, seed, hands)
    start = time.perf_counter()
    for record in records:
        comparing.compared(record)
    alike = time.perf_counter() - start
    found = comparing.pairs(records)
    seconds = time.perf_counter() - start - alike
    right = sum(truth[pair.one] == truth[pair.other] for pair in found)
    wanted = len(truth) - len(set(truth))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    precision = right / len(found) if found else 1.0
    return {"precision": precision, "recall": right / wanted, "seconds": seconds, "alike": alike, "mib": peak}


# --- calibration ------------------------------------------------------------------------------------------------------
def calibrate() -> None:
    """Estimate the weights on the registries of CALIBRATION and write them."""
    from selaras.scoring.engines.duckdb import connected

    seen: dict[str, list[list[tuple[float, float]]]] = {}
    for seed in CALIBRATION:
        records, truth = registry(FAMILIES, SHARE, seed)
        with connected() as connection:
            comparing.fill_families(connection, records, truth=truth)
            linker = comparing.linker_over(connection, comparing.settings())
            linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=seed)
            linker.training.estimate_m_from_label_column("truth")
            for comparison in linker.misc.save_model_to_json()["comparisons"]:
                rows = comparison["comparison_levels"][1:]
                chances = [(row.get("m_probability") or 0.0, row.get("u_probability") or 0.0) for row in rows]
                seen.setdefault(comparison["output_column_name"], []).append(chances)
    _write({name: _mean(runs) for name, runs in seen.items()})


def choose() -> None:
    """What each threshold would do on the registries of CALIBRATION."""
    for seed in CALIBRATION:
        records, truth = registry(FAMILIES, SHARE, seed)
        found = comparing.pairs(records, threshold=-10.0)
        wanted = len(truth) - len(set(truth))
        for threshold in range(-10, 16, 2):
            kept = [pair for pair in found if pair.weight >= threshold]
            right = sum(truth[pair.one] == truth[pair.other] for pair in kept)
            print(
                f"seed {seed}, from {threshold:>3} bits: precision {right / len(kept):.4f}, recall {right / wanted:.4f}"
            )


def _mean(runs: list[list[tuple[float, float]]]) -> tuple[tuple[float, float], ...]:
    levels = zip(*runs, strict=True)
    means = [(sum(m for m, _ in level) / len(level), sum(u for _, u in level) / len(level)) for level in levels]
    return tuple((round(max(m, LEAST_ONE), 4), float(f"{max(u, LEAST_TWO):.3g}")) for m, u in means)


def _write(found: dict[str, tuple[tuple[float, float], ...]]) -> None:
    lines = [
        '"""What each level of a comparison says, level by level as in `comparing.LEVELS` without the blank one:',
        "its chance where two records are one family, and where they are two.",
        "",
        f"Estimated on invented registries of {FAMILIES:,} families, {SHARE:.0%} of them twice, with the seeds",
        f"{', '.join(map(str, CALIBRATION))}; no real registry was looked at. Written by `bench.duplicates calibrate`.",
        '"""',
        "",
        "#: The chance that two families drawn at random are one.",
        f"PRIOR = {weights.PRIOR}",
        "",
        "WEIGHTS: dict[str, tuple[tuple[float, float], ...]] = {",
    ]
    for name, levels in found.items():
        lines.append(f'    "{name}": (')
        words = [level for level, _ in LEVELS[name]][1:]
        lines += [f"        ({m}, {u}),  # {word}" for (m, u), word in zip(levels, words, strict=True)]
        lines.append("    ),")
    lines.append("}")
    Path(weights.__file__).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "calibrate":
        calibrate()
    elif sys.argv[1] == "choose":
        choose()
    else:
        number, part, chances = json.loads(sys.argv[2])
        print(json.dumps(one(number, part, Hands(**chances))))
