"""Answers of any number of households, the same for the same number, as one Parquet file.

Every value is a hash of the household's number and the question's name. About one answer in thirty is blank without
a reason; what a condition rightly skips is blank too. Households of all units are mixed: nothing is sorted.
"""

from pathlib import Path

from bench.instrument import LISTS, TEN, UNIT

#: A kelurahan of medium size; so ten times the households are ten times the units.
HOUSEHOLDS_A_UNIT = 2_000
FOLDER = Path("var/bench")


def parquet(households: int) -> Path:
    """The file with so many households; written once, about one minute for ten million."""
    import duckdb

    path = FOLDER / f"answers-{households}.parquet"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        with duckdb.connect() as connection:
            connection.execute("SET enable_progress_bar = false; SET preserve_insertion_order = false")
            connection.execute("SET memory_limit = '2GB'")
            how = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"
            connection.execute(f"COPY ({select(households)}) TO '{unfinished}' ({how})")
        unfinished.rename(path)
    return path


def select(households: int) -> str:
    """The query that makes the answers."""
    units = max(1, households // HOUSEHOLDS_A_UNIT)
    columns = ["balita"]
    for i in TEN:
        columns += [
            _choice(f"air{i}", "yatidak"),
            _choice(f"rumah{i}", "mutu"),
            _choice(f"kebun{i}", "yatidak"),
            _known(f"luas{i}", f"({_random(f'luas{i}')} % 20)::BIGINT"),
            f"CASE WHEN balita > 0 THEN {_value(f'imun{i}', 'yatidak')} END AS imun{i}",
            f"jarak{i}",
            f"CASE WHEN jarak{i} = 'jauh' THEN ({_random(f'menit{i}')} % 60)::BIGINT END AS menit{i}",
            _known(f"belanja{i}", f"(({_random(f'belanja{i}')} % 900000000)::DECIMAL(18,0) / 100)::DECIMAL(18, 2)"),
        ]
    inner = [_known("balita", f"({_random('balita')} % 3)::BIGINT"), *(_choice(f"jarak{i}", "jarak") for i in TEN)]
    code = "printf('%02d.%02d.%02d.%04d', 11 + u // 5000, 1 + u // 500 % 10, 1 + u // 50 % 10, 1001 + u % 50)"
    unit = f"({_random('unit')} % {units})::BIGINT AS u"
    return (
        f"SELECT 'k' || i AS household_id, {code} AS {UNIT}, {', '.join(columns)} "
        f"FROM (SELECT i, {unit}, {', '.join(inner)} FROM range({households}) r(i))"
    )


def _random(name: str) -> str:
    return f"hash(i, '{name}')"


def _known(name: str, value: str) -> str:
    return f"CASE WHEN {_random(name + '?')} % 30 > 0 THEN {value} END AS {name}"


def _value(name: str, options: str) -> str:
    members = ", ".join(f"'{member}'" for member in LISTS[options])
    pick = f"([{members}])[1 + ({_random(name)} % {len(LISTS[options])})::BIGINT]"
    return f"CASE WHEN {_random(name + '?')} % 30 > 0 THEN {pick} END"


def _choice(name: str, options: str) -> str:
    return f"{_value(name, options)} AS {name}"
