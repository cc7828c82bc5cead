"""The same counts and sums as someone would write them who knows the data and SQL, one statement for all units.

For each indicator: true, known, missing and not applicable, and the sum where it is an amount. It reads columns as
they are and checks nothing; what the product does beyond that is what its ratio shows.
"""

from bench.instrument import UNIT, Line, lines

#: By kind of indicator: true (or the sum), known, not applicable. Missing is what is left of all.
COUNTS = {
    "plain": ("count(CASE WHEN air{i} = 'ya' THEN 1 END)", "count(air{i})", "0"),
    "either": ("count(CASE WHEN rumah{i} IN ('baik', 'sedang') THEN 1 END)", "count(rumah{i})", "0"),
    "both": (
        "count(CASE WHEN kebun{i} = 'ya' AND luas{i} >= {i} THEN 1 END)",
        "count(kebun{i} = 'ya' AND luas{i} >= {i})",
        "0",
    ),
    "applies": (
        "count(CASE WHEN balita > 0 AND imun{i} = 'ya' THEN 1 END)",
        "count(CASE WHEN balita > 0 THEN imun{i} END)",
        "count(CASE WHEN balita <= 0 THEN 1 END)",
    ),
    "skipped": (
        "count(CASE WHEN menit{i} <= 20 THEN 1 END)",
        "count(menit{i})",
        "count(CASE WHEN menit{i} IS NULL AND (jarak{i} <> 'jauh' OR jarak{i} IS NULL) THEN 1 END)",
    ),
    "amount": ("sum(belanja{i})", "count(belanja{i})", "0"),
}

#: The one number that most would write first: blanks count as no, and nothing says how many there were.
NAIVE = {
    "plain": "avg(CASE WHEN air{i} = 'ya' THEN 1.0 ELSE 0.0 END)",
    "either": "avg(CASE WHEN rumah{i} = 'baik' OR rumah{i} = 'sedang' THEN 1.0 ELSE 0.0 END)",
    "both": "avg(CASE WHEN kebun{i} = 'ya' AND luas{i} >= {i} THEN 1.0 ELSE 0.0 END)",
    "applies": "avg(CASE WHEN balita > 0 THEN CASE WHEN imun{i} = 'ya' THEN 1.0 ELSE 0.0 END END)",
    "skipped": "avg(CASE WHEN menit{i} <= 20 THEN 1.0 ELSE 0.0 END)",
    "amount": "avg(belanja{i})",
}


def counting(source: str) -> str:
    """The statement: `unit, households`, then true, known, missing and not applicable of each indicator."""
    columns = ", ".join(column for line in lines() for column in _four(line))
    return f"SELECT {UNIT}, count(*), {columns} FROM {source} GROUP BY {UNIT}"


def _four(line: Line) -> list[str]:
    true, known, absent = (part.format(i=line.number) for part in COUNTS[line.kind])
    missing = f"count(*) - {known}" if absent == "0" else f"count(*) - {known} - {absent}"
    return [true, known, missing, absent]


def naive(source: str) -> str:
    """The statement with one average an indicator."""
    columns = ", ".join(NAIVE[line.kind].format(i=line.number) for line in lines())
    return f"SELECT {UNIT}, {columns} FROM {source} GROUP BY {UNIT}"
